/**
 * The filters beside type, day and words: who, where, how sure, how precise, how many
 * killed, whose report. Each is asked for its numbers once it is open.
 */

import { fetchCounts } from '../api.js';
import { byId, el, outside } from '../lib/dom.js';
import { governorateOf } from '../lib/governorates.js';
import { createLatest } from '../lib/latest.js';
import { filterParams } from '../lib/query.js';
import { precisionSample } from '../map/symbols.js';

/** @import { Language } from '../i18n/index.js' */
/** @import { Counts, Facet, Precision, State } from '../types.d.ts' */
/** @import { Store } from '../state.js' */

/** Choices that are shown at once; more are found by their names. */
const MOST_SHOWN = 12;

const TOLLS = [1, 5, 10, 50];

/**
 * @typedef {object} Choice
 * @property {string} value
 * @property {string} label
 * @property {number | null} count
 */

/** Each filter, with what its events are counted by. @type {readonly (readonly [Facet, string])[]} */
const FACETS = [
  ['actors', 'actor'],
  ['where', 'admin1'],
  ['near', 'geo_precision'],
  ['certainty', 'certainty'],
  ['toll', ''],
  ['sources', 'source'],
];

/**
 * @param {object} context
 * @param {Store} context.store
 * @param {() => Language} context.language
 * @param {() => string} context.today
 */
export function createFacets({ store, language, today }) {
  const holder = byId('facets');
  /** @type {Map<Facet, Choice[]>} */
  const found = new Map();
  const latest = new Map(FACETS.map(([facet]) => [facet, createLatest()]));
  /** What the names are searched for. */
  const wanted = new Map();

  /**
   * @param {Facet} facet
   * @param {string} by
   */
  const load = (facet, by) => {
    if (!isOpen(facet)) return;
    const params = filterParams(store.get(), today(), { except: facet });
    latest.get(facet)?.(
      (signal) =>
        facet === 'toll' ? tolls(params, signal) : counted(facet, by, params, signal),
      (choices) => {
        found.set(facet, choices);
        renderChoices(facet);
      },
    );
  };

  /**
   * @param {Facet} facet
   * @param {string} by
   * @param {URLSearchParams} params
   * @param {AbortSignal} signal
   */
  const counted = async (facet, by, params, signal) =>
    choicesOf(facet, await fetchCounts(by, params, signal));

  /** @param {Facet} facet */
  const renderChoices = (facet) => {
    const box = document.getElementById(`choices-${facet}`);
    if (!box) return;
    const { t } = language();
    const chosen = chosenOf(store.get(), facet);
    const words = fold(wanted.get(facet) ?? '');
    const all = withChosen(found.get(facet) ?? [], chosen, (value) =>
      labelOf(facet, value, null, language()),
    );
    const fitting = all.filter(
      ({ value, label }) => chosen.includes(value) || fold(label).includes(words),
    );
    const shown = fitting.slice(0, Math.max(MOST_SHOWN, chosen.length));
    const id = document.activeElement?.id;
    box.replaceChildren(
      ...shown.map((choice, at) => choiceBox(facet, choice, chosen, at)),
      (fitting.length > shown.length &&
        el(
          'li',
          { class: 'note' },
          t('filters.moreChoices', {
            n: language().number(fitting.length - shown.length),
          }),
        )) ||
        '',
    );
    if (id && document.activeElement === document.body)
      document.getElementById(id)?.focus();
  };

  /**
   * @param {Facet} facet
   * @param {Choice} choice
   * @param {string[]} chosen
   * @param {number} at
   */
  const choiceBox = (facet, { value, label, count }, chosen, at) => {
    const isOne = facet === 'toll';
    return el(
      'li',
      {},
      el(
        'label',
        { for: `${facet}-${at}` },
        el('input', {
          type: isOne ? 'radio' : 'checkbox',
          name: facet,
          id: `${facet}-${at}`,
          checked:
            chosen.includes(value) || (isOne && value === '' && chosen.length === 0),
          onchange: () => store.set(withToggled(store.get(), facet, value)),
        }),
        facet === 'near' && precisionSample(/** @type {Precision} */ (Number(value))),
        el('span', { class: 'type-name' }, outside(label)),
        el('span', { class: 'count' }, count === null ? '' : language().number(count)),
      ),
    );
  };

  /**
   * @param {Facet} facet
   * @param {string} by
   */
  const build = (facet, by) => {
    const { t } = language();
    const hasSearch = facet === 'actors' || facet === 'sources';
    return el(
      'details',
      {
        class: 'facet',
        name: 'facet',
        id: `facet-${facet}`,
        ontoggle: () => load(facet, by),
      },
      el(
        'summary',
        {},
        el('span', {}, t(`facet.${facet}`)),
        el('span', { class: 'facet-number', id: `facet-number-${facet}` }),
      ),
      hasSearch &&
        el('input', {
          type: 'search',
          class: 'facet-search',
          id: `facet-search-${facet}`,
          'aria-label': t(`facet.search.${facet}`),
          placeholder: t(`facet.search.${facet}`),
          value: wanted.get(facet) ?? '',
          oninput: (/** @type {globalThis.Event} */ { target }) => {
            wanted.set(facet, /** @type {HTMLInputElement} */ (target).value);
            renderChoices(facet);
          },
        }),
      facet === 'near' && exactButton(store, language()),
      el('ul', { class: 'choices', id: `choices-${facet}` }),
    );
  };

  return {
    load() {
      for (const [facet, by] of FACETS) load(facet, by);
    },

    render() {
      if (holder.lang !== language().lang) {
        const wasOpen = FACETS.map(([facet]) => facet).filter(isOpen);
        holder.lang = language().lang;
        holder.replaceChildren(...FACETS.map(([facet, by]) => build(facet, by)));
        for (const facet of wasOpen) {
          /** @type {HTMLDetailsElement} */ (byId(`facet-${facet}`)).open = true;
        }
        found.clear();
      }
      for (const [facet] of FACETS) {
        const { length } = chosenOf(store.get(), facet);
        byId(`facet-number-${facet}`).textContent =
          length > 0 ? language().number(length) : '';
        renderChoices(facet);
      }
      const exact = byId('exact-only');
      exact.setAttribute('aria-pressed', String(isExact(store.get())));
    },
  };

  /**
   * @param {Facet} facet
   * @param {Counts} counts
   * @returns {Choice[]}
   */
  function choicesOf(facet, { groups }) {
    /** @type {Map<string, Choice>} */
    const choices = new Map();
    for (const { keys, count, name } of groups) {
      const [key] = keys;
      if (key === null || key === undefined) continue;
      const value = facet === 'where' ? governorateOf(String(key)) : String(key);
      const label = labelOf(facet, value, name, language());
      const known = choices.get(value);
      choices.set(value, { value, label, count: count + (known?.count ?? 0) });
    }
    const sorted = [...choices.values()];
    if (facet === 'near') sorted.sort((a, b) => Number(a.value) - Number(b.value));
    return sorted;
  }

  /**
   * @param {URLSearchParams} params
   * @param {AbortSignal} signal
   * @returns {Promise<Choice[]>}
   */
  async function tolls(params, signal) {
    const state = store.get();
    const counts = await Promise.all(
      TOLLS.map((toll) => {
        const more = filterParams({ ...state, toll }, today());
        return fetchCounts('event_type', more, signal);
      }),
    );
    const all = await fetchCounts('event_type', params, signal);
    return ['', ...TOLLS.map(String)].map((value, at) => ({
      value,
      label: labelOf('toll', value, null, language()),
      count: (at === 0 ? all : counts[at - 1])?.matched ?? null,
    }));
  }
}

/**
 * What is chosen in a filter, as texts.
 * @param {State} state
 * @param {Facet} facet
 * @returns {string[]}
 */
export function chosenOf(state, facet) {
  switch (facet) {
    case 'actors':
    case 'where':
    case 'certainty':
    case 'sources':
      return state[facet];
    case 'near':
      return state.near.map(String);
    case 'toll':
      return state.toll === null ? [] : [String(state.toll)];
    default:
      return [];
  }
}

/**
 * @param {State} state
 * @param {Facet} facet
 * @param {string} value
 * @returns {Partial<State>}
 */
export function withToggled(state, facet, value) {
  if (facet === 'toll') {
    const toll = value === '' || state.toll === Number(value) ? null : Number(value);
    return { toll };
  }
  const now = chosenOf(state, facet);
  const next = now.includes(value)
    ? now.filter((each) => each !== value)
    : [...now, value];
  return { [facet]: facet === 'near' ? next.map(Number).sort() : next };
}

/**
 * @param {Facet} facet
 * @param {string} value
 * @param {string | null} name The display name that the data have.
 * @param {Language} language
 * @returns {string}
 */
export function labelOf(facet, value, name, language) {
  const { t } = language;
  const said = (/** @type {string} */ key) => (t(key) === key ? value : t(key));
  switch (facet) {
    case 'actors':
      return language.actor(value) ?? name ?? language.actorName(value) ?? value;
    case 'where':
      return language.governorate(value, value);
    case 'near':
      return said(`precision.${value}`);
    case 'certainty':
      return said(`certainty.${value}`);
    case 'toll':
      return value === ''
        ? t('toll.any')
        : t('toll.atLeast', { n: language.number(Number(value)) });
    default:
      return value;
  }
}

/** @param {State} state */
export function isExact({ near }) {
  return near.length === 1 && near[0] === 1;
}

/**
 * What is chosen stays to be seen, though nothing has it under the other filters.
 * @param {Choice[]} choices
 * @param {string[]} chosen
 * @param {(value: string) => string} label
 */
function withChosen(choices, chosen, label) {
  const missing = chosen.filter(
    (value) => !choices.some((each) => each.value === value),
  );
  return [
    ...choices.filter(({ value }) => chosen.includes(value)),
    ...missing.map((value) => ({ value, label: label(value), count: 0 })),
    ...choices.filter(({ value }) => !chosen.includes(value)),
  ];
}

/**
 * @param {Store} store
 * @param {Language} language
 */
function exactButton(store, { t }) {
  return el(
    'button',
    {
      type: 'button',
      class: 'button toggle',
      id: 'exact-only',
      onclick: () => store.set({ near: isExact(store.get()) ? [] : [1] }),
    },
    t('filters.exactOnly'),
  );
}

/** @param {Facet} facet */
function isOpen(facet) {
  const details = document.getElementById(`facet-${facet}`);
  return details instanceof HTMLDetailsElement && details.open;
}

/**
 * As people search: without vowel marks, and with one kind of alef.
 * @param {string} text
 */
function fold(text) {
  return text
    .normalize('NFKD')
    .replace(/[\p{Mn}\u0640]/gu, '')
    .replace(/ى/g, 'ي')
    .replace(/ة/g, 'ه')
    .toLowerCase();
}
