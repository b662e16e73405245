/** What the server is asked for when a reader wants to know more. */

import { ApiError, addressOf, fetchJson, once } from './api.js';
import { readEvent } from './lib/event.js';
import { readJoined } from './lib/joined.js';
import { readPlace } from './lib/place.js';

/** @import { Event, FoundPlace, Reading, Source, Tally } from './types.d.ts' */

/** An article is read in a moment; a server that takes longer is busy. */
const PATIENCE_MS = 30_000;

/**
 * All articles that tell of an event. One that no other article tells of is not asked for.
 * @param {Event} event
 * @returns {Promise<Source[]>}
 */
export async function fetchSources(event) {
  const own = {
    source: event.source,
    url: event.sourceUrl,
    title: event.title,
    published: event.published,
    evidence: event.evidence,
    attribution: event.attribution,
    joined: null,
  };
  if ((event.nSources ?? 1) < 2) return [own];
  const url = `${addressOf(event.id).href}/sources`;
  const { features } = await once(url, () => fetchJson(url));
  const all = Array.isArray(features) ? features : [];
  const joined = readJoined(all);
  const read = all.map((each, at) => readSource(each?.properties, joined[at] ?? null));
  return read.length > 0 ? read : [own];
}

/**
 * The events that may be the same, the likest first.
 * @param {Event} event
 * @returns {Promise<Event[]>}
 */
export async function fetchLikely(event) {
  const url = `${addressOf(event.id).href}/sources`;
  const { possible_duplicates: found } = await once(url, () => fetchJson(url));
  return (Array.isArray(found) ? found : [])
    .map((each) => readEvent(each?.feature))
    .filter((each) => each !== null);
}

/**
 * Other places that the words of an event's place can mean.
 * @param {Event} event
 * @param {string} lang
 * @returns {Promise<FoundPlace[]>}
 */
export async function fetchNamesakes({ placeText, placeId }, lang) {
  if (placeText === null) return [];
  const url = new URL('geocode', document.baseURI);
  const q = placeText.slice(0, 200);
  url.search = String(new URLSearchParams({ q, lang, limit: '8' }));
  const { features } = await once(url.href, () => fetchJson(url.href));
  return (Array.isArray(features) ? features : [])
    .filter((feature) => ['resolved', 'candidate'].includes(feature?.properties?.match))
    .map(readPlace)
    .filter((place) => place !== null)
    .filter(({ id }) => id !== placeId);
}

/**
 * Events and tolls by one or two properties, under filters.
 * @param {string} by
 * @param {URLSearchParams} filters
 * @returns {Promise<{ matched: number, tallies: Tally[] }>}
 */
export async function fetchTallies(by, filters) {
  const url = new URL('collections/events/aggregate', document.baseURI);
  url.search = String(new URLSearchParams([['by', by], ...filters]));
  const { groups, numberMatched } = await fetchJson(url.href);
  return {
    matched: Number(numberMatched) || 0,
    tallies: (Array.isArray(groups) ? groups : []).map((group) => ({
      keys: by.split(',').map((name) => group[name] ?? null),
      name: group.actor_name ?? null,
      count: Number(group.count) || 0,
      fatalities: {
        best: number(group.fatalities),
        low: number(group.fatalities_low),
        high: number(group.fatalities_high),
      },
      fatalitiesUnknown: Number(group.fatalities_unknown) || 0,
    })),
  };
}

/**
 * Has an article read; nothing of it is kept.
 * @param {{ text: string, title: string | null, published: string | null }} article
 * @param {AbortSignal} signal Ends the request when the answer is not wanted any more.
 * @returns {Promise<Reading>}
 */
export async function extract(article, signal) {
  let response;
  try {
    response = await fetch(new URL('extract', document.baseURI), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(article),
      signal: AbortSignal.any([AbortSignal.timeout(PATIENCE_MS), signal]),
    });
  } catch (cause) {
    throw new ApiError('unreachable', { cause });
  }
  if (!response.ok) {
    // What stands between may refuse, too, and says no code.
    const problem = await response.json().catch(() => null);
    throw new ApiError('refused', { status: response.status, code: problem?.code });
  }
  try {
    return readReading(await response.json());
  } catch (cause) {
    throw new ApiError('unreadable', { cause });
  }
}

/**
 * @param {any} body
 * @returns {Reading}
 */
function readReading({ features, findings, problems }) {
  const events = (Array.isArray(features) ? features : []).flatMap((feature) => {
    const event = readEvent(feature);
    const { evidence_start, evidence_end } = feature?.properties ?? {};
    return event
      ? [{ event, start: number(evidence_start), end: number(evidence_end) }]
      : [];
  });
  return {
    events,
    findings: (Array.isArray(findings) ? findings : []).map((finding) => ({
      zone: String(finding.zone),
      start: Number(finding.start) || 0,
      end: Number(finding.end) || 0,
      notes: Array.isArray(finding.notes) ? finding.notes.map(String) : [],
    })),
    problems: Array.isArray(problems) ? problems.map(String) : [],
  };
}

/**
 * @param {any} source
 * @param {Source['joined']} joined
 * @returns {Source}
 */
function readSource(source, joined) {
  return {
    source: text(source?.source),
    url: text(source?.source_url),
    title: text(source?.title),
    published: text(source?.published),
    evidence: text(source?.evidence),
    attribution: text(source?.attribution),
    joined,
  };
}

/** @param {unknown} value */
function text(value) {
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}

/** @param {unknown} value */
function number(value) {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
