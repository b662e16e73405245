/**
 * What the reader has chosen, and its two-way translation into the page's address:
 * a copied link brings somebody else to the same view.
 */

import { chooseLang } from './i18n/index.js';

/** @import { State, TypeSlug, View } from './types.d.ts' */

const SLUGS = /** @type {readonly TypeSlug[]} */ ([
  'battles',
  'explosions',
  'civilians',
  'protests',
  'riots',
  'strategic',
  'other',
]);

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
  return {
    lang: chooseLang(query.get('lang'), preferred),
    view: decodeView(rest.get('map')),
    event: rest.get('event') || null,
    types: decodeTypes(rest.get('types')),
    from: decodeDay(rest.get('from')),
    to: decodeDay(rest.get('to')),
  };
}

/**
 * Writes the address. The language goes into the query, because the server may answer
 * by it one day; all else into the fragment, which never leaves the browser.
 * @param {State} state
 */
export function encodeState({ lang, view, event, types, from, to }) {
  const rest = [
    view && `map=${view.zoom}/${view.lat.toFixed(4)}/${view.lng.toFixed(4)}`,
    event && `event=${encodeURIComponent(event)}`,
    types && `types=${types.join(',')}`,
    from && `from=${from}`,
    to && `to=${to}`,
  ].filter((part) => part);
  return { search: `?lang=${lang}`, hash: rest.length > 0 ? `#${rest.join('&')}` : '' };
}

/**
 * Keeps the state and tells everybody who asked when a part of it changes.
 * @param {State} initial
 */
export function createStore(initial) {
  let state = initial;
  /** @type {Set<(state: State, before: State) => void>} */
  const listeners = new Set();
  return {
    get: () => state,

    /** @param {(state: State, before: State) => void} listener */
    subscribe(listener) {
      listeners.add(listener);
    },

    /** @param {Partial<State>} change */
    set(change) {
      const before = state;
      state = { ...state, ...change };
      for (const listener of listeners) listener(state, before);
    },
  };
}

/** @typedef {ReturnType<typeof createStore>} Store */

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
  const fine = text !== null && /^\d{4}-\d{2}-\d{2}$/.test(text);
  return fine && !Number.isNaN(Date.parse(text)) ? text : null;
}
