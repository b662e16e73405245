/** The frame of the pages beside the map: language, texts, how it looks. */

import {
  chooseLang,
  directionOf,
  language as languageOf,
  loadLanguage,
  NAMES,
} from '../i18n/index.js';
import { byId } from '../lib/dom.js';
import { withParameter } from '../lib/url.js';
import { createSettings } from './settings.js';

/** @import { Language } from '../i18n/index.js' */

/**
 * Puts the page into the reader's language, and again where another one is chosen.
 * @param {string} title The key of the page's title.
 * @param {(language: Language) => void} render
 * @param {typeof loadLanguage} [load] Loads the words of a language that the page needs.
 * @returns {Promise<() => Language>}
 */
export async function startPage(title, render, load = loadLanguage) {
  const asked = new URLSearchParams(location.search).get('lang');
  const first = chooseLang(asked, navigator.languages);
  await load(first);
  let language = languageOf(first);

  const draw = () => {
    const { t, lang, dir } = language;
    document.documentElement.lang = lang;
    document.documentElement.dir = dir;
    document.title = `${t(title)} – ${t('app.name')}`;
    for (const element of document.querySelectorAll('[data-i18n]')) {
      element.textContent = t(element.getAttribute('data-i18n') ?? '');
    }
    for (const link of document.querySelectorAll('a[data-page]')) {
      link.setAttribute('href', `${link.getAttribute('data-page')}?lang=${lang}`);
    }
    const other = lang === 'ar' ? 'en' : 'ar';
    const link = byId('language');
    link.lang = other;
    link.dir = directionOf(other);
    link.setAttribute('hreflang', other);
    link.setAttribute('href', withParameter(location.search, 'lang', other));
    link.textContent = NAMES[other];
    settings.render();
    render(language);
  };
  const change = async (/** @type {'ar' | 'en'} */ lang) => {
    await load(lang);
    language = languageOf(lang);
    draw();
  };
  const settings = createSettings({
    language: () => language,
    onDigits: () => change(language.lang),
  });

  byId('language').addEventListener('click', (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    const lang = language.lang === 'ar' ? 'en' : 'ar';
    const search = withParameter(location.search, 'lang', lang);
    history.replaceState(null, '', `${search}${location.hash}`);
    change(lang);
  });
  draw();
  return () => language;
}
