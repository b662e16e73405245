/**
 * What the reader has chosen, and its two-way translation into the page's address:
 * a copied link brings somebody else to the same view.
 */

import { chooseLang } from './i18n/index.js';
import { isDay } from './lib/time.js';
import { withParameter } from './lib/url.js';

/** @import { Precision, State, TypeSlug, View } from './types.d.ts' */

const SLUGS = /** @type {readonly TypeSlug[]} */ ([
  'battles',
  'explosions',
  'civilians',
  'protests',
  'riots',
  'strategic',
  'other',
]);

/** What filters nothing: the state of a reader who has chosen nothing yet. */
export const UNFILTERED = Object.freeze({
  types: null,
  subs: /** @type {string[]} */ ([]),
  from: null,
  to: null,
  days: null,
  actors: /** @type {string[]} */ ([]),
  where: /** @type {string[]} */ ([]),
  certainty: /** @type {string[]} */ ([]),
  near: /** @type {Precision[]} */ ([]),
  toll: null,
  sources: /** @type {string[]} */ ([]),
  q: '',
});

/** More choices than anybody makes by hand: a longer link is none of ours. */
const MOST_CHOICES = 50;

/** As long a text as the server looks for. */
const MOST_TEXT = 200;

/**
 * Reads an address. What it does not understand it ignores: an old or mangled link
 * still opens the page.
 * @param {{ search: string, hash: string }} location
 * @param {readonly string[]} preferred The browser's languages.
 * @returns {State}
 */
export function decodeState({ search, hash }, preferred) {
  const query = new URLSearchParams(search);
  const rest = new URLSearchParams(hash.replace(/^#/, ''));
  const all = (/** @type {string} */ name) =>
    [...new Set(rest.getAll(name))].filter((one) => one !== '').slice(0, MOST_CHOICES);
  const types = decodeTypes(rest.get('types'));
  const days = decodeNumber(rest.get('days'), 3660);
  const view = decodeView(rest.get('map'));
  const here = decodeView(rest.has('here') ? `0/${rest.get('here')}` : null);
  return {
    lang: chooseLang(query.get('lang'), preferred),
    view,
    event: rest.get('event') || null,
    types,
    subs: types === null ? [] : all('sub'),
    from: days === null ? decodeDay(rest.get('from')) : null,
    to: days === null ? decodeDay(rest.get('to')) : null,
    days,
    actors: all('actor'),
    where: all('in'),
    certainty: all('certainty'),
    near: /** @type {Precision[]} */ ([1, 2, 3]).filter((level) =>
      rest.get('near')?.split(',').includes(String(level)),
    ),
    toll: decodeNumber(rest.get('killed'), 100_000),
    sources: all('source'),
    q: (rest.get('q') ?? '').trim().slice(0, MOST_TEXT),
    here: here && { lng: here.lng, lat: here.lat },
    tab: rest.get('tab') === 'unplaced' ? 'unplaced' : 'map',
    look: rest.get('look') === 'table' ? 'table' : 'list',
    sort:
      /** @type {const} */ (['old', 'toll', 'type']).find(
        (sort) => rest.get('sort') === sort,
      ) ?? 'new',
  };
}

/**
 * Writes the address. The language goes into the query, because the server may answer
 * by it one day; all else into the fragment, which never leaves the browser.
 * @param {State} state
 * @param {string} [search] The query as it is: what else it asks for, such as colours, stays.
 */
export function encodeState(state, search = '') {
  const { view, event, types, subs, from, to, days, toll, near, q, here } = state;
  const many = (/** @type {string} */ name, /** @type {string[]} */ values) =>
    values.map((value) => `${name}=${encodeURIComponent(value)}`);
  const rest = [
    view && `map=${view.zoom}/${view.lat.toFixed(4)}/${view.lng.toFixed(4)}`,
    event && `event=${encodeURIComponent(event)}`,
    types && `types=${types.join(',')}`,
    ...many('sub', subs),
    from && `from=${from}`,
    to && `to=${to}`,
    days !== null && `days=${days}`,
    ...many('actor', state.actors),
    ...many('in', state.where),
    ...many('certainty', state.certainty),
    near.length > 0 && `near=${near.join(',')}`,
    toll !== null && `killed=${toll}`,
    ...many('source', state.sources),
    q !== '' && `q=${encodeURIComponent(q)}`,
    here && `here=${here.lat.toFixed(6)}/${here.lng.toFixed(6)}`,
    state.tab !== 'map' && `tab=${state.tab}`,
    state.look !== 'list' && `look=${state.look}`,
    state.sort !== 'new' && `sort=${state.sort}`,
  ].filter((part) => part);
  return {
    search: withParameter(search, 'lang', state.lang),
    hash: rest.length > 0 ? `#${rest.join('&')}` : '',
  };
}

/** @param {State} state */
export function isFiltered(state) {
  return Object.keys(UNFILTERED).some((name) => differs(state, UNFILTERED, name));
}

/**
 * Whether two states ask the server for different events.
 * @param {State} state
 * @param {State} before
 */
export function filtersDiffer(state, before) {
  return Object.keys(UNFILTERED).some((name) => differs(state, before, name));
}

/**
 * Keeps the state and tells everybody who asked when a part of it changes.
 * @param {State} initial
 */
export function createStore(initial) {
  let state = initial;
  /** @type {Set<(state: State, before: State, how: 'step' | 'replace') => void>} */
  const listeners = new Set();
  return {
    get: () => state,

    /** @param {(state: State, before: State, how: 'step' | 'replace') => void} listener */
    subscribe(listener) {
      listeners.add(listener);
    },

    /**
     * @param {Partial<State>} change
     * @param {'step' | 'replace'} [how] Whether the back button should undo it.
     */
    set(change, how = 'step') {
      const before = state;
      state = { ...state, ...change };
      for (const listener of listeners) listener(state, before, how);
    },
  };
}

/** @typedef {ReturnType<typeof createStore>} Store */

/**
 * @param {object} a
 * @param {object} b
 * @param {string} name
 */
function differs(a, b, name) {
  const [one, other] = [a, b].map((each) =>
    JSON.stringify(/** @type {Record<string, unknown>} */ (each)[name]),
  );
  return one !== other;
}

/**
 * @param {string | null} text
 * @returns {View | null}
 */
function decodeView(text) {
  const parts = text?.split('/').map(Number) ?? [];
  const [zoom, lat, lng] = parts;
  if (zoom === undefined || lat === undefined || lng === undefined) return null;
  const fine =
    parts.length === 3 &&
    parts.every(Number.isFinite) &&
    Math.abs(lat) <= 85 &&
    Math.abs(lng) <= 180 &&
    zoom >= 0 &&
    zoom <= 20;
  return fine ? { zoom, lat, lng } : null;
}

/**
 * @param {string | null} text
 * @returns {TypeSlug[] | null}
 */
function decodeTypes(text) {
  if (text === null) return null;
  const asked = text.split(',');
  return SLUGS.filter((slug) => asked.includes(slug));
}

/** @param {string | null} text */
function decodeDay(text) {
  return text !== null && isDay(text) ? text : null;
}

/**
 * @param {string | null} text
 * @param {number} most
 */
function decodeNumber(text, most) {
  const fine = text !== null && /^\d{1,6}$/.test(text);
  return fine && Number(text) >= 1 && Number(text) <= most ? Number(text) : null;
}
