/**
 * The filters. The boxes for the types are at the same time the legend of the map; the
 * numbers say what each choice would show under all the other filters.
 */

import { fetchCounts } from '../api.js';
import { byId, el, keepingFocus } from '../lib/dom.js';
import { TYPES } from '../lib/event.js';
import { createLatest } from '../lib/latest.js';
import { filterParams, subTypesOf } from '../lib/query.js';
import { symbol } from '../map/symbols.js';
import { renderDates } from './dates.js';
import { createFacets } from './facets.js';

/** @import { Language } from '../i18n/index.js' */
/** @import { Counts, State, TypeSlug } from '../types.d.ts' */
/** @import { Store } from '../state.js' */

/** Somebody who types fast asks once. */
const PAUSE_MS = 400;

/**
 * @param {object} context
 * @param {Store} context.store
 * @param {() => Language} context.language
 * @param {() => string} context.today
 */
export function createFilters({ store, language, today }) {
  const latest = createLatest();
  /** @type {Counts | null} */
  let counts = null;
  const facets = createFacets({ store, language, today });
  const open = new Set();

  const renderTypes = () => {
    const slugs = typesToOffer(counts);
    keepingFocus(() =>
      byId('filter-types').replaceChildren(
        el('legend', { class: 'visually-hidden' }, language().t('filters.types')),
        ...slugs.map((slug) => typeBranch(slug, slugs)),
      ),
    );
  };

  /**
   * @param {TypeSlug} slug
   * @param {TypeSlug[]} slugs
   */
  const typeBranch = (slug, slugs) => {
    const { t, number, type } = language();
    const subs = subTypesOf(slug).filter(
      (sub) => countOf(counts, slug, sub) !== 0 || store.get().subs.includes(sub),
    );
    const box = typeBox(slug, slugs);
    const isOpen = open.has(slug);
    const toggle = el(
      'button',
      {
        type: 'button',
        class: 'branch',
        id: `branch-${slug}`,
        'aria-expanded': String(isOpen),
        'aria-label': t('filters.subTypes', { type: type(slug, null) }),
        onclick: () => {
          if (!open.delete(slug)) open.add(slug);
          renderTypes();
        },
      },
      chevron(),
    );
    const count = countOf(counts, slug, null);
    return el(
      'div',
      { class: 'type-branch' },
      el(
        'div',
        { class: 'type' },
        el(
          'label',
          { for: `type-${slug}` },
          box,
          symbol(slug, 1),
          el('span', { class: 'type-name' }, type(slug, null)),
          el('span', { class: 'count' }, count === null ? '' : number(count)),
        ),
        subs.length > 0 ? toggle : el('span', { class: 'branch' }),
      ),
      isOpen &&
        el(
          'ul',
          { class: 'subs' },
          ...subs.map((sub, at) => subBox(slug, slugs, sub, at)),
        ),
    );
  };

  /**
   * @param {TypeSlug} slug
   * @param {TypeSlug[]} slugs
   */
  const typeBox = (slug, slugs) => {
    const { types, subs } = store.get();
    const box = el('input', {
      type: 'checkbox',
      id: `type-${slug}`,
      checked: types === null || types.includes(slug),
      onchange: () => store.set(toggledType(slug, slugs, store.get())),
    });
    box.indeterminate =
      !box.checked && subTypesOf(slug).some((sub) => subs.includes(sub));
    return box;
  };

  /**
   * @param {TypeSlug} slug
   * @param {TypeSlug[]} slugs
   * @param {string} sub
   * @param {number} at
   */
  const subBox = (slug, slugs, sub, at) => {
    const { types, subs } = store.get();
    const { number, subType } = language();
    const count = countOf(counts, slug, sub);
    return el(
      'li',
      {},
      el(
        'label',
        { for: `sub-${slug}-${at}` },
        el('input', {
          type: 'checkbox',
          id: `sub-${slug}-${at}`,
          checked: types === null || types.includes(slug) || subs.includes(sub),
          onchange: () => store.set(toggledSub(slug, slugs, sub, store.get())),
        }),
        el('span', { class: 'type-name' }, subType(sub)),
        el('span', { class: 'count' }, count === null ? '' : number(count)),
      ),
    );
  };

  listenForWords(store);

  return {
    /** Asks for the numbers under the filters as they are now. */
    load() {
      const params = filterParams(store.get(), today(), { except: 'types' });
      latest(
        (signal) => fetchCounts('event_type,sub_event_type', params, signal),
        (found) => {
          counts = found;
          renderTypes();
        },
      );
      facets.load();
    },

    render() {
      const field = /** @type {HTMLInputElement} */ (byId('filter-words'));
      if (document.activeElement !== field) field.value = store.get().q;
      field.placeholder = language().t('filters.wordsHint');
      renderTypes();
      renderDates(store, language(), today());
      facets.render();
    },
  };
}

/** @param {Store} store */
function listenForWords(store) {
  const field = /** @type {HTMLInputElement} */ (byId('filter-words'));
  let timer = 0;
  const take = () => {
    clearTimeout(timer);
    const q = field.value.trim();
    if (q !== store.get().q) store.set({ q });
  };
  field.addEventListener('input', () => {
    if (field.value === '') field.removeAttribute('dir');
    else field.dir = 'auto';
    clearTimeout(timer);
    timer = setTimeout(take, PAUSE_MS);
  });
  field.addEventListener('change', take);
  byId('filter-words-form').addEventListener('submit', (event) => {
    event.preventDefault();
    take();
  });
}

/**
 * All boxes ticked is the same as no filter, and the link then says nothing of types.
 * @param {TypeSlug} slug
 * @param {TypeSlug[]} slugs
 * @param {Pick<State, 'types' | 'subs'>} state
 */
export function toggledType(slug, slugs, { types, subs }) {
  const now = types ?? slugs;
  const next = now.includes(slug)
    ? now.filter((each) => each !== slug)
    : slugs.filter((each) => each === slug || now.includes(each));
  return tidy(
    next,
    slugs,
    subs.filter((sub) => !subTypesOf(slug).includes(sub)),
  );
}

/**
 * A whole type gives way to all its other sub-types; all of them become the type again.
 * @param {TypeSlug} slug
 * @param {TypeSlug[]} slugs
 * @param {string} sub
 * @param {Pick<State, 'types' | 'subs'>} state
 */
export function toggledSub(slug, slugs, sub, { types, subs }) {
  const all = subTypesOf(slug);
  const now = types ?? slugs;
  const had = now.includes(slug) ? all : all.filter((each) => subs.includes(each));
  const own = had.includes(sub)
    ? had.filter((each) => each !== sub)
    : all.filter((each) => each === sub || had.includes(each));
  const isWhole = own.length === all.length;
  const others = subs.filter((each) => !all.includes(each));
  return tidy(
    slugs.filter((each) => (each === slug ? isWhole : now.includes(each))),
    slugs,
    isWhole ? others : [...others, ...own],
  );
}

/**
 * @param {TypeSlug[]} types
 * @param {TypeSlug[]} slugs
 * @param {string[]} subs
 * @returns {Pick<State, 'types' | 'subs'>}
 */
function tidy(types, slugs, subs) {
  const isAll = slugs.every((each) => types.includes(each));
  return { types: isAll ? null : types, subs: isAll ? [] : subs };
}

/**
 * Null while nothing is known.
 * @param {Counts | null} counts
 * @param {TypeSlug} slug
 * @param {string | null} sub
 */
function countOf(counts, slug, sub) {
  if (!counts) return null;
  const name = TYPES.find(([, each]) => each === slug)?.[0] ?? null;
  return counts.groups
    .filter(({ keys }) => keys[0] === name && (sub === null || keys[1] === sub))
    .reduce((sum, { count }) => sum + count, 0);
}

/**
 * @param {Counts | null} counts
 * @returns {TypeSlug[]}
 */
function typesToOffer(counts) {
  const known = TYPES.map(([, slug]) => /** @type {TypeSlug} */ (slug));
  return counts && countOf(counts, 'other', null) !== 0
    ? [...known, /** @type {const} */ ('other')]
    : known;
}

function chevron() {
  return el('span', { class: 'chevron', 'aria-hidden': 'true' });
}
