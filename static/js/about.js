/** The page about the map: what it is, what it is not, and how old its data are. */

import { fetchJson } from './api.js';
import { byId, el, outside } from './lib/dom.js';
import { dayInWords, publishedInWords } from './lib/words.js';
import { startPage } from './ui/frame.js';

/** @import { Language } from './i18n/index.js' */

/** @type {{ events: number, first: string | null, last: string | null } | null} */
let known = null;
/** @type {{ name: string, last: string | null, failed: boolean }[]} */
let sources = [];

const language = await startPage('about.title', render);
load();

/** @param {Language} language */
function render(language) {
  for (const text of document.querySelectorAll('[data-lang]')) {
    /** @type {HTMLElement} */ (text).hidden =
      text.getAttribute('data-lang') !== language.lang;
  }
  renderFigures(language);
  renderSources(language);
}

async function load() {
  try {
    const base = document.baseURI;
    const [page, about, landing] = await Promise.all([
      fetchJson(
        new URL('collections/events/items?limit=1&properties=event_date', base).href,
      ),
      fetchJson(new URL('collections/events', base).href),
      fetchJson(new URL('./?f=json', base).href),
    ]);
    const [first = null, last = null] = about?.extent?.temporal?.interval?.[0] ?? [];
    known = {
      events: Number(page.numberMatched) || 0,
      first: day(first),
      last: day(last),
    };
    const links = Array.isArray(landing.links) ? landing.links : [];
    if (links.some((/** @type {any} */ link) => /\/sources$/.test(link?.href ?? ''))) {
      const { sources: all } = await fetchJson(new URL('sources?f=json', base).href);
      sources = (Array.isArray(all) ? all : []).map(readSource);
    }
  } catch {
    byId('about-failed').hidden = false;
  }
  render(language());
}

/** @param {Language} language */
function renderFigures(language) {
  const { t } = language;
  const figures = byId('about-figures');
  figures.hidden = known === null;
  if (known === null) return;
  const { events, first, last } = known;
  const rows = [
    [t('about.events'), language.number(events)],
    first && [t('about.first'), dayInWords(first, language)],
    last && [t('about.last'), dayInWords(last, language)],
  ].filter((row) => row !== null && row !== '');
  figures.replaceChildren(
    ...rows.map(([name = '', value = '']) =>
      el('div', {}, el('dt', {}, name), el('dd', {}, value)),
    ),
  );
}

/** @param {Language} language */
function renderSources(language) {
  byId('about-sources').hidden = sources.length === 0;
  byId('about-sources-list').replaceChildren(
    ...sources.map(({ name, last, failed }) =>
      el(
        'li',
        {},
        outside(name),
        el(
          'span',
          { class: 'fact-note' },
          failed
            ? language.t('about.sourceFailed')
            : last && publishedInWords(last, language),
        ),
      ),
    ),
  );
}

/**
 * @param {any} source
 */
function readSource(source) {
  const last = source?.newest ?? source?.last_read ?? null;
  return {
    name: String(source?.name ?? ''),
    last: typeof last === 'string' ? last : null,
    failed: source?.status === 'failing',
  };
}

/** @param {unknown} text */
function day(text) {
  return typeof text === 'string' ? text.slice(0, 10) : null;
}
