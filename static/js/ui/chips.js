/** The filters that are in force, each with a button to lift it. */

import { byId, el, keepingFocus, outside } from '../lib/dom.js';
import { spanOf } from '../lib/time.js';
import { dayInWords } from '../lib/words.js';
import { isFiltered, UNFILTERED } from '../state.js';
import { chosenOf, labelOf, withToggled } from './facets.js';

/** @import { Language } from '../i18n/index.js' */
/** @import { Facet, State } from '../types.d.ts' */
/** @import { Store } from '../state.js' */

/**
 * @param {Store} store
 * @param {Language} language
 * @param {string} today
 */
export function renderChips(store, language, today) {
  const state = store.get();
  const { t } = language;
  const chips = chipsOf(state, language, today);
  const box = byId('chips');
  box.hidden = chips.length === 0;
  keepingFocus(() =>
    box.replaceChildren(
      ...chips.map(({ id, text, change }) =>
        el(
          'button',
          {
            type: 'button',
            class: 'chip',
            id: `chip-${id}`,
            'aria-label': t('filters.lift', { name: text }),
            onclick: () => {
              const at = chips.findIndex((each) => each.id === id);
              store.set(change);
              focusNear(at);
            },
          },
          outside(text),
          el('span', { class: 'cross', 'aria-hidden': 'true' }),
        ),
      ),
      (isFiltered(state) &&
        el(
          'button',
          {
            type: 'button',
            class: 'chip-reset',
            id: 'filter-reset',
            onclick: () => {
              store.set({ ...UNFILTERED, here: null });
              byId('list').focus();
            },
          },
          t('filters.reset'),
        )) ||
        '',
    ),
  );
}

/**
 * @param {State} state
 * @param {Language} language
 * @param {string} today
 * @returns {{ id: string, text: string, change: Partial<State> }[]}
 */
function chipsOf(state, language, today) {
  const { t } = language;
  const chips = [];
  if (state.here) {
    chips.push({ id: 'here', text: t('list.here'), change: { here: null } });
  }
  if (state.types !== null) {
    const names = [
      ...state.types.map((slug) => language.type(slug, null)),
      ...state.subs.map(language.subType),
    ];
    const text =
      names.length === 0
        ? t('filters.noType')
        : names.length > 2
          ? t('filters.someTypes', { n: language.number(names.length) })
          : names.join(t('comma'));
    chips.push({ id: 'types', text, change: { types: null, subs: [] } });
  }
  const when = spanInWords(state, language, today);
  if (when !== null) {
    chips.push({
      id: 'dates',
      text: when,
      change: { from: null, to: null, days: null },
    });
  }
  if (state.q !== '') {
    const text = `${t('quote.open')}${state.q}${t('quote.close')}`;
    chips.push({ id: 'q', text, change: { q: '' } });
  }
  for (const facet of /** @type {Facet[]} */ ([
    'actors',
    'where',
    'near',
    'certainty',
    'toll',
    'sources',
  ])) {
    for (const [at, value] of chosenOf(state, facet).entries()) {
      const label = labelOf(facet, value, null, language);
      const text = facet === 'toll' ? `${t('facet.toll')}: ${label}` : label;
      chips.push({
        id: `${facet}-${at}`,
        text,
        change: withToggled(state, facet, value),
      });
    }
  }
  return chips;
}

/**
 * The days that are shown; null if all are.
 * @param {State} state
 * @param {Language} language
 * @param {string} today
 */
export function spanInWords(state, language, today) {
  const { t } = language;
  const { from, to } = spanOf(state, today);
  const day = (/** @type {string} */ iso) => dayInWords(iso, language);
  if (state.days !== null) return language.plural('lastDays', state.days);
  if (from !== null && to !== null) {
    return from === to ? day(from) : `${day(from)} – ${day(to)}`;
  }
  if (from !== null) return t('filters.since', { day: day(from) });
  return to === null ? null : t('filters.until', { day: day(to) });
}

/**
 * The chip that was pressed is gone; the keyboard goes to its neighbour.
 * @param {number} at
 */
function focusNear(at) {
  const chips = [...byId('chips').querySelectorAll('button')];
  (chips[at] ?? chips.at(-1) ?? byId('list')).focus();
}
