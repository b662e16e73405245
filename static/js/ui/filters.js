/** The filters. The boxes for the types are at the same time the legend of the map. */

import { byId, el } from '../lib/dom.js';
import { TYPES } from '../lib/event.js';
import { dayInWords } from '../lib/words.js';
import { precisionSample, stackSample, symbol } from '../map/symbols.js';

/** @import { Language } from '../i18n/index.js' */
/** @import { Event, Precision, State, TypeSlug } from '../types.d.ts' */
/** @import { Store } from '../state.js' */

/**
 * @param {Language} language
 * @param {Store} store
 * @param {Event[]} events All that were loaded: the counts say what there is to choose from.
 */
export function renderFilters(language, store, events) {
  const state = store.get();
  const slugs = typesToOffer(events);
  byId('filter-types').replaceChildren(
    el('legend', {}, language.t('filters.types')),
    ...slugs.map((slug) => typeBox(slug, slugs, language, store, events)),
  );
  renderDates(language, store);
  byId('legend-precision').replaceChildren(
    el('h3', {}, language.t('precision.title')),
    el(
      'ul',
      {},
      .../** @type {Precision[]} */ ([1, 2, 3]).map((level) =>
        el(
          'li',
          {},
          precisionSample(level),
          el('span', {}, language.t(`precision.${level}`)),
        ),
      ),
      el('li', {}, stackSample(), el('span', {}, language.t('precision.stack'))),
    ),
  );
  const reset = byId('filter-reset');
  reset.textContent = language.t('filters.reset');
  reset.hidden = !isFiltered(state);
}

/** @param {State} state */
export function isFiltered({ types, from, to }) {
  return types !== null || from !== null || to !== null;
}

/** @param {Event[]} events */
function typesToOffer(events) {
  const known = TYPES.map(([, slug]) => /** @type {TypeSlug} */ (slug));
  return events.some(({ type }) => type === 'other')
    ? [...known, /** @type {const} */ ('other')]
    : known;
}

/**
 * @param {TypeSlug} slug
 * @param {TypeSlug[]} slugs
 * @param {Language} language
 * @param {Store} store
 * @param {Event[]} events
 */
function typeBox(slug, slugs, language, store, events) {
  const { types } = store.get();
  const count = events.filter(({ type }) => type === slug).length;
  const box = el('input', {
    type: 'checkbox',
    id: `type-${slug}`,
    checked: types === null || types.includes(slug),
    onchange: () => store.set({ types: toggled(slug, slugs, store.get().types) }),
  });
  return el(
    'label',
    { class: 'type', for: `type-${slug}` },
    box,
    symbol(slug, 1),
    el('span', { class: 'type-name' }, language.type(slug, null)),
    el('span', { class: 'count' }, language.number(count)),
  );
}

/**
 * All boxes ticked is the same as no filter, and the link then says nothing of types.
 * @param {TypeSlug} slug
 * @param {TypeSlug[]} slugs
 * @param {TypeSlug[] | null} types
 */
function toggled(slug, slugs, types) {
  const now = types ?? slugs;
  const next = now.includes(slug)
    ? now.filter((each) => each !== slug)
    : slugs.filter((each) => each === slug || now.includes(each));
  return slugs.every((each) => next.includes(each)) ? null : next;
}

/**
 * The fields are built once for a language and then left alone: built anew while
 * somebody types a date, they would throw the cursor out.
 * @param {Language} language
 * @param {Store} store
 */
function renderDates(language, store) {
  const state = store.get();
  const box = byId('filter-dates');
  if (box.lang !== language.lang) {
    box.lang = language.lang;
    box.replaceChildren(
      el('legend', {}, language.t('filters.dates')),
      dateField('from', language, store),
      dateField('to', language, store),
      el('p', { class: 'note', id: 'date-note', 'aria-live': 'polite' }),
    );
  }
  for (const name of /** @type {const} */ (['from', 'to'])) {
    const input = /** @type {HTMLInputElement} */ (byId(`date-${name}`));
    const value = state[name] ?? '';
    if (input.value !== value) input.value = value;
  }
  byId('date-note').textContent = rangeInWords(state, language);
}

/**
 * @param {'from' | 'to'} name
 * @param {Language} language
 * @param {Store} store
 */
function dateField(name, language, store) {
  const input = el('input', { type: 'date', id: `date-${name}`, max: '2099-12-31' });
  input.addEventListener('change', () => store.set({ [name]: input.value || null }));
  return el(
    'label',
    { class: 'date', for: input.id },
    el('span', {}, language.t(`filters.${name}`)),
    input,
  );
}

/**
 * Browsers write dates in their own language, not the page's; this line says them again.
 * @param {State} state
 * @param {Language} language
 */
function rangeInWords({ from, to }, language) {
  const { t } = language;
  const day = (/** @type {string} */ iso) => dayInWords(iso, language);
  if (from === null && to === null) return '';
  if (from !== null && to !== null && from > to) return t('filters.swapped');
  const shown =
    from !== null && to !== null
      ? t('filters.range', { range: `${day(from)} – ${day(to)}` })
      : from !== null
        ? t('filters.since', { day: day(from) })
        : t('filters.until', { day: day(to ?? '') });
  return `${shown}. ${t('filters.undatedOut')}`;
}
