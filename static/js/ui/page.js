/** The fixed parts of the page: language, header, banner, and the sheet on a phone. */

import { directionOf, NAMES } from '../i18n/index.js';
import { byId } from '../lib/dom.js';
import { encodeState } from '../state.js';

/** @import { Language } from '../i18n/index.js' */
/** @import { Store } from '../state.js' */

const PHONE = window.matchMedia('(max-width: 47.5rem)');

/**
 * Writes everything that index.html leaves to the language.
 * @param {Language} language
 */
export function renderTexts(language) {
  const { t } = language;
  document.documentElement.lang = language.lang;
  document.documentElement.dir = language.dir;
  document.title = t('app.title');
  for (const element of document.querySelectorAll('[data-i18n]')) {
    element.textContent = t(element.getAttribute('data-i18n') ?? '');
  }
  for (const link of document.querySelectorAll('a[data-page]')) {
    link.setAttribute(
      'href',
      `${link.getAttribute('data-page')}?lang=${language.lang}`,
    );
  }
  byId('map-frame').setAttribute('aria-label', t('map.label'));
  byId('map').setAttribute('role', 'group');
  byId('map').setAttribute('aria-label', t('map.label'));
  byId('side').setAttribute('aria-label', t('list.title'));
  byId('banner-hide').setAttribute('aria-label', t('sample.hide'));
  byId('banner-hide').title = t('sample.hide');
  renderLanguageLink(language);
}

/**
 * The link is a real one, so that it can be opened in a new tab; a plain click changes
 * the language without loading anything again.
 * @param {Store} store
 */
export function listenForLanguage(store) {
  byId('language').addEventListener('click', (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    store.set({ lang: other(store.get().lang) });
  });
}

/**
 * Keeps the address of the language link in step with everything else that was chosen.
 * @param {Store} store
 */
export function updateLanguageLink(store) {
  const state = store.get();
  const { search, hash } = encodeState(
    { ...state, lang: other(state.lang) },
    location.search,
  );
  byId('language').setAttribute('href', `${search}${hash}`);
}

/** Hidden for this visit only: the next one shows the banner again. */
export function listenForBanner() {
  byId('banner-hide').addEventListener('click', () => {
    byId('banner').hidden = true;
    byId('banner').dataset.dismissed = 'true';
  });
}

/**
 * The sheet that holds list and event on a phone. On a wide screen it is always open.
 */
export function createSheet() {
  const side = byId('side');
  const toggle = byId('sheet-toggle');
  let isOpen = false;

  const apply = () => {
    side.dataset.open = String(isOpen);
    toggle.setAttribute('aria-expanded', String(isOpen));
  };
  apply();

  return {
    /** @param {Language} language */
    render(language) {
      const text = isOpen ? 'list.collapse' : 'list.expand';
      byId('sheet-action').textContent = language.t(text);
    },

    /** @param {boolean} open */
    set(open) {
      isOpen = open;
      apply();
    },

    isOpen: () => isOpen,

    /** Pixels of the map that the sheet hides. */
    covers() {
      if (!PHONE.matches || !isOpen) return 0;
      return (
        byId('map').getBoundingClientRect().bottom - side.getBoundingClientRect().top
      );
    },
  };
}

/** On a phone the map and the list matter more than filters and legend. */
export function openWhereThereIsRoom() {
  for (const id of ['filters', 'legend']) {
    /** @type {HTMLDetailsElement} */ (byId(id)).open = !PHONE.matches;
  }
}

/** @param {Language} language */
function renderLanguageLink({ lang }) {
  const target = other(lang);
  const link = byId('language');
  link.lang = target;
  link.dir = directionOf(target);
  link.setAttribute('hreflang', target);
  link.textContent = NAMES[target];
}

/** @param {import('../types.d.ts').Lang} lang */
function other(lang) {
  return lang === 'ar' ? 'en' : 'ar';
}
