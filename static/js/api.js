/** What the map always needs of the server, and how anything is asked for. */

import { createCache } from './lib/cache.js';
import { BRIEF, readEvent, typeSlug } from './lib/event.js';
import { readPlace } from './lib/place.js';
import { sameOrigin } from './lib/url.js';

/** @import { Basemap, Bounds, Cluster, Counts, Event, FoundPlace, Page, Shown, Tiles, TypeSlug } from './types.d.ts' */

/** A server that says nothing for so long is taken for unreachable. */
const PATIENCE_MS = 30_000;

/** Rows of a list that are fetched at once. */
const PAGE_SIZE = 50;

/** Why a request failed, in a form that the page can put into words. */
export class ApiError extends Error {
  /**
   * @param {'unreachable' | 'refused' | 'unreadable'} reason
   * @param {{ status?: number, code?: unknown, cause?: unknown }} [details]
   */
  constructor(reason, { status, code, cause } = {}) {
    super(reason, { cause });
    this.reason = reason;
    this.status = status ?? null;
    this.code = typeof code === 'string' ? code : null;
  }
}

/** Events, clusters and counts that are remembered: a few megabytes. */
const MOST_KEPT = 4_000;

/** Answers that were read, by their address. @type {ReturnType<typeof createCache<Shown | Counts>>} */
const kept = createCache(MOST_KEPT, (answer) =>
  'groups' in answer
    ? answer.groups.length
    : (answer.events?.length ?? 0) + answer.clusters.length,
);

/** What else was asked for, by what it was asked with: a panel may be drawn twice. */
const asked = new Map();

/** How often there was something new. */
let age = 0;

/** Forgets what was answered, or still will be: there is something new. */
export function forget() {
  age += 1;
  kept.clear();
  asked.clear();
}

/**
 * Asks for something only where it was not asked for already.
 * @template T
 * @param {string} key
 * @param {() => Promise<T>} ask
 * @returns {Promise<T>}
 */
export function once(key, ask) {
  const known = asked.get(key);
  if (known) return known;
  const answer = ask();
  if (asked.size > 20) asked.clear();
  asked.set(key, answer);
  // What failed is asked for again.
  answer.catch(() => asked.delete(key));
  return answer;
}

/**
 * What the map shows of a box at a zoom.
 * @param {string} bbox
 * @param {number} zoom
 * @param {URLSearchParams} filters
 * @param {AbortSignal} [signal]
 * @returns {Promise<Shown>}
 */
export async function fetchShown(bbox, zoom, filters, signal) {
  const params = new URLSearchParams({ bbox, zoom: String(zoom), properties: BRIEF });
  return fetchKept('clusters', merged(params, filters), readShown, signal);
}

/**
 * Events counted by one or two things, such as `month` or `admin1,event_type`.
 * @param {string} by
 * @param {URLSearchParams} filters
 * @param {AbortSignal} [signal]
 * @returns {Promise<Counts>}
 */
export async function fetchCounts(by, filters, signal) {
  const params = merged(new URLSearchParams({ by }), filters);
  return fetchKept('aggregate', params, readCounts, signal);
}

/**
 * The first page of a list.
 * @param {URLSearchParams} filters With `bbox` and `sortby` as wanted.
 * @param {AbortSignal} [signal]
 * @returns {Promise<Page>}
 */
export async function fetchFirstPage(filters, signal) {
  const params = new URLSearchParams({ limit: String(PAGE_SIZE), properties: BRIEF });
  return fetchPage(address('items', merged(params, filters)), signal);
}

/**
 * A further page, by its `next` link.
 * @param {string} url
 * @param {AbortSignal} [signal]
 * @returns {Promise<Page>}
 */
export async function fetchPage(url, signal) {
  const page = await fetchJson(url, signal);
  const features = Array.isArray(page.features) ? page.features : [];
  return {
    events: readEvents(features),
    next: features.length > 0 ? nextLink(page, url) : null,
    matched: typeof page.numberMatched === 'number' ? page.numberMatched : 0,
  };
}

/**
 * The address of one event.
 * @param {string} id
 */
export function addressOf(id) {
  return new URL(
    `collections/events/items/${encodeURIComponent(id)}`,
    document.baseURI,
  );
}

/**
 * One event, whole; null if there is none of that id.
 * @param {string} id
 * @param {AbortSignal} [signal]
 * @returns {Promise<Event | null>}
 */
export async function fetchEvent(id, signal) {
  try {
    return readEvent(await fetchJson(addressOf(id).href, signal));
  } catch (error) {
    if (error instanceof ApiError && (error.status ?? 500) < 500) return null;
    throw error;
  }
}

/**
 * The address at which new events under these filters are announced.
 * @param {URLSearchParams} filters
 */
export function streamAddress(filters) {
  return address('stream', filters);
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
 * The tiles that the operator shows under the events, if any.
 * @returns {Promise<Tiles | null>}
 */
export async function fetchTiles() {
  const told = await fetchJson(new URL('basemap', document.baseURI).href);
  const { type, tiles, attribution, version, minzoom, maxzoom, bounds } = told;
  if (typeof tiles !== 'string') return null;
  if (type !== 'vector') return { url: tiles, vectors: null, attribution };
  const vectors = { version, minZoom: minzoom, maxZoom: maxzoom, bounds };
  return { url: null, vectors, attribution };
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
 * @param {string} path Below the collection of events.
 * @param {URLSearchParams} params
 */
function address(path, params) {
  const url = new URL(`collections/events/${path}`, document.baseURI);
  url.search = String(params);
  return url.href;
}

/**
 * @param {URLSearchParams} params
 * @param {URLSearchParams} more
 */
function merged(params, more) {
  return new URLSearchParams([...params, ...more]);
}

/**
 * @template {Shown | Counts} T
 * @param {string} path
 * @param {URLSearchParams} params
 * @param {(body: any) => T} read
 * @param {AbortSignal} [signal]
 * @returns {Promise<T>}
 */
async function fetchKept(path, params, read, signal) {
  const url = address(path, params);
  const known = kept.get(url);
  if (known) return /** @type {T} */ (known);
  const before = age;
  const answer = read(await fetchJson(url, signal));
  if (age === before) kept.set(url, answer);
  return answer;
}

/**
 * @param {any} body
 * @returns {Shown}
 */
function readShown(body) {
  const features = Array.isArray(body.features) ? body.features : [];
  const single = body.mode === 'features';
  return {
    events: single ? readEvents(features) : null,
    clusters: single
      ? []
      : features
          .map(readCluster)
          .filter((/** @type {unknown} */ each) => each !== null),
    matched: Number(body.numberMatched) || 0,
  };
}

/**
 * @param {any} feature
 * @returns {Cluster | null}
 */
function readCluster(feature) {
  const [lng, lat] = feature?.geometry?.coordinates ?? [];
  const { count, event_types, event_id, bbox } = feature?.properties ?? {};
  if (!Number.isFinite(lng) || !Number.isFinite(lat) || !(count > 0)) return null;
  /** @type {[TypeSlug, number][]} */
  const types = Object.entries(event_types ?? {})
    .map(([name, n]) => /** @type {[TypeSlug, number]} */ ([typeSlug(name), Number(n)]))
    .sort(([, a], [, b]) => b - a);
  return {
    id: String(feature.id),
    point: { lng, lat },
    count,
    types,
    bbox: /** @type {Bounds} */ (
      Array.isArray(bbox) && bbox.length === 4 ? bbox : [lng, lat, lng, lat]
    ),
    event: typeof event_id === 'string' ? event_id : null,
  };
}

/**
 * @param {any} body
 * @returns {Counts}
 */
function readCounts({ by, groups, numberMatched, undated }) {
  const names = Array.isArray(by) ? by : [];
  return {
    matched: Number(numberMatched) || 0,
    undated: Number(undated?.count) || 0,
    groups: (Array.isArray(groups) ? groups : []).map((group) => ({
      keys: names.map((name) => group[name] ?? null),
      count: Number(group.count) || 0,
      name: group.actor_name ?? null,
    })),
  };
}

/**
 * Features that cannot be read are left out.
 * @param {unknown[]} features
 * @returns {Event[]}
 */
function readEvents(features) {
  return features.map(readEvent).filter((event) => event !== null);
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
      // The browser's own copy may be older than what was announced since: it asks if that
      // still holds, which costs no bytes. What is worth keeping, the page keeps itself.
      cache: 'no-cache',
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
