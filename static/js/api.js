/** The only place that talks to the server. */

import { readEvent } from './lib/event.js';
import { readPlace } from './lib/place.js';
import { sameOrigin } from './lib/url.js';

/** @import { Basemap, Event, FoundPlace, Loaded } from './types.d.ts' */

/** More symbols than this would be slow on a phone, and no longer a picture of anything. */
const MOST_EVENTS = 5000;

const PAGE_SIZE = 1000;

/** A server that says nothing for so long is taken for unreachable. */
const PATIENCE_MS = 30_000;

/** Why a request failed, in a form that the page can put into words. */
export class ApiError extends Error {
  /**
   * @param {'unreachable' | 'refused' | 'unreadable'} reason
   * @param {{ status?: number, cause?: unknown }} [details]
   */
  constructor(reason, { status, cause } = {}) {
    super(reason, { cause });
    this.reason = reason;
    this.status = status ?? null;
  }
}

/**
 * Fetches the events, following `next` links up to a limit. Features that cannot be
 * read are left out; events that two pages both carry are taken once.
 * @returns {Promise<Loaded>}
 */
export async function fetchEvents() {
  /** @type {Map<string, Event>} */
  const events = new Map();
  /** @type {string | null} */
  let next = new URL(`collections/events/items?limit=${PAGE_SIZE}`, document.baseURI)
    .href;
  let total = null;
  while (next !== null && events.size < MOST_EVENTS) {
    const page = await fetchJson(next);
    const features = Array.isArray(page.features) ? page.features : [];
    const before = events.size;
    for (const feature of features) {
      const event = readEvent(feature);
      if (event) events.set(event.id, event);
    }
    if (typeof page.numberMatched === 'number') total = page.numberMatched;
    // A link that brings nothing new would be followed for ever.
    next = events.size > before ? nextLink(page, next) : null;
  }
  return { events: [...events.values()], truncated: next !== null, total };
}

/**
 * Asks which places a name, or its beginning, may mean; the best first.
 * @param {string} text
 * @param {string} lang
 * @param {AbortSignal} signal
 * @returns {Promise<FoundPlace[]>}
 */
export async function findPlaces(text, lang, signal) {
  const url = new URL('geocode', document.baseURI);
  url.search = String(new URLSearchParams({ q: text, lang, limit: '8' }));
  const { features } = await fetchJson(url.href, signal);
  const places = Array.isArray(features) ? features.map(readPlace) : [];
  return places.filter((place) => place !== null);
}

/**
 * Fetches the layers of the base map.
 * @returns {Promise<Basemap>}
 */
export async function fetchBasemap() {
  const [countries, borders, governorateBorders, lakes, rivers, places] =
    await Promise.all(
      ['countries', 'borders', 'governorate-borders', 'lakes', 'rivers', 'places'].map(
        (name) => fetchJson(new URL(`basemap/${name}.geojson`, document.baseURI).href),
      ),
    );
  return /** @type {Basemap} */ ({
    countries,
    borders,
    governorateBorders,
    lakes,
    rivers,
    places,
  });
}

/**
 * @param {string} url
 * @param {AbortSignal} [signal] Ends the request when the answer is not wanted any more.
 * @returns {Promise<any>}
 */
export async function fetchJson(url, signal) {
  const response = await ask(url, signal);
  if (!response.ok) throw new ApiError('refused', { status: response.status });
  try {
    return await response.json();
  } catch (cause) {
    throw new ApiError('unreadable', { cause });
  }
}

/**
 * @param {string} url
 * @param {AbortSignal} [signal]
 */
async function ask(url, signal) {
  const patience = AbortSignal.timeout(PATIENCE_MS);
  try {
    return await fetch(url, {
      headers: { Accept: 'application/geo+json, application/json' },
      signal: signal ? AbortSignal.any([patience, signal]) : patience,
    });
  } catch (cause) {
    throw new ApiError('unreachable', { cause });
  }
}

/**
 * @param {{ links?: unknown }} page
 * @param {string} base
 * @returns {string | null}
 */
function nextLink({ links }, base) {
  if (!Array.isArray(links)) return null;
  const link = links.find((each) => each?.rel === 'next');
  return typeof link?.href === 'string' ? sameOrigin(link.href, base) : null;
}
