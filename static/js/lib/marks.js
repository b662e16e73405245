/**
 * Makes the symbols of the map from what the server shows of it. Pure: where a point lies
 * on the screen is an argument.
 */

import { typeSlug } from './event.js';
import { governorateOf, governoratePoint } from './governorates.js';

/** @import { Bounds, Cluster, Event, Group, LngLat, Mark, Precision, TypeSlug } from '../types.d.ts' */

/** @typedef {(point: LngLat) => { x: number, y: number }} Project */

/** Pixels between two symbols, so that a finger meets only one; more where there are many. */
const APART = [34, 46, 64];

/** More symbols than this are no picture of anything, and slow on a phone. */
const MANY = 110;

/**
 * Events one by one, those at one point together, and those that would cover each other.
 * What is only known to a region is left out: its point only stands for the region.
 * @param {Event[]} events
 * @param {Project} project
 * @returns {Mark[]}
 */
export function marksOf(events, project) {
  const groups = byPoint(events).map((group) => ({
    group,
    ...project(pointOf(group)),
  }));
  groups.sort((a, b) => b.group.length - a.group.length);
  let marks = [groups];
  for (const distance of APART) {
    marks = gather(groups, distance);
    if (marks.length <= MANY) break;
  }
  return marks.map((members) => markOf(members.map(({ group }) => group)));
}

/**
 * @param {Cluster} cluster
 * @returns {Mark}
 */
export function markOfCluster({ id, point, count, types, bbox, event }) {
  return {
    key: event ?? `${id}:${count}`,
    point,
    count,
    types,
    precision: 1,
    event: null,
    bbox: isPoint(bbox) ? null : bbox,
    region: null,
  };
}

/**
 * What is only known to lie somewhere in a governorate, one symbol for each of these.
 * @param {Group[]} groups Counted by governorate and type.
 * @returns {Mark[]}
 */
export function marksOfRegions(groups) {
  /** @type {Map<string, Map<TypeSlug, number>>} */
  const regions = new Map();
  for (const { keys, count } of groups) {
    const [name, type] = keys;
    if (typeof name !== 'string') continue;
    const code = governorateOf(name);
    const types = regions.get(code) ?? new Map();
    const slug = typeSlug(typeof type === 'string' ? type : null);
    types.set(slug, (types.get(slug) ?? 0) + count);
    regions.set(code, types);
  }
  return [...regions].flatMap(([code, types]) => {
    const point = governoratePoint(code);
    if (!point) return [];
    const sorted = [...types].sort(([, a], [, b]) => b - a);
    const count = sorted.reduce((sum, [, n]) => sum + n, 0);
    return [
      {
        key: `region ${code}:${count}`,
        point,
        count,
        types: sorted,
        precision: /** @type {const} */ (3),
        event: null,
        bbox: null,
        region: code,
      },
    ];
  });
}

/** Pixels between two symbols that do not touch. */
const STEP = 34;

/** Where the symbol of a region may stand: at its place or around it, as near as can be. */
const ASIDE = [
  { x: 0, y: 0 },
  ...[STEP, 1.5 * STEP].flatMap((radius) =>
    Array.from({ length: 8 }, (_, eighth) => ({
      x: Math.round(radius * Math.sin((eighth * Math.PI) / 4)),
      y: -Math.round(radius * Math.cos((eighth * Math.PI) / 4)),
    })),
  ),
];

/**
 * The symbols of regions give way to those of places: these say where something happened,
 * the others only in which region.
 * @param {Mark[]} regions
 * @param {Mark[]} places
 * @param {Project} project
 * @returns {Mark[]}
 */
export function setAside(regions, places, project) {
  const taken = places.map(({ point }) => project(point));
  return regions.map((region) => {
    const { x, y } = project(region.point);
    const room = ASIDE.map((aside) =>
      Math.min(
        STEP,
        ...taken.map((other) =>
          Math.hypot(other.x - x - aside.x, other.y - y - aside.y),
        ),
      ),
    );
    // The first with all the room it needs, or where it covers least.
    const aside = ASIDE[room.indexOf(Math.max(...room))] ?? { x: 0, y: 0 };
    taken.push({ x: x + aside.x, y: y + aside.y });
    return { ...region, aside, key: `${region.key}:${aside.x}:${aside.y}` };
  });
}

/**
 * All that is drawn and said of a symbol, for comparing: where there is as much as before,
 * it may be of other types, or have been corrected.
 * @param {Mark} mark
 */
export function lookOf({ bbox, ...mark }) {
  return JSON.stringify({ ...mark, isPoint: bbox === null });
}

/**
 * Five decimals are about a metre: nearer than that, two symbols cannot be told apart at
 * any zoom.
 * @param {Event[]} events
 * @returns {Event[][]}
 */
function byPoint(events) {
  /** @type {Map<string, Event[]>} */
  const groups = new Map();
  for (const event of events) {
    if (!event.point || event.geoPrecision === 3) continue;
    const key = `${event.point.lng.toFixed(5)},${event.point.lat.toFixed(5)}`;
    const group = groups.get(key);
    if (group) group.push(event);
    else groups.set(key, [event]);
  }
  return [...groups.values()];
}

/**
 * The greater ones take in the smaller ones near them.
 * @template {{ x: number, y: number }} T
 * @param {T[]} places
 * @param {number} distance
 * @returns {T[][]}
 */
function gather(places, distance) {
  /** @type {Map<string, T[][]>} */
  const cells = new Map();
  /** @type {T[][]} */
  const gathered = [];
  for (const place of places) {
    const [column, row] = [place.x, place.y].map((n) => Math.floor(n / distance));
    const around = [-1, 0, 1].flatMap((dx) =>
      [-1, 0, 1].flatMap(
        (dy) => cells.get(`${Number(column) + dx},${Number(row) + dy}`) ?? [],
      ),
    );
    const near = around.find(
      ([first]) => first && Math.hypot(first.x - place.x, first.y - place.y) < distance,
    );
    if (near) {
      near.push(place);
      continue;
    }
    const own = [place];
    gathered.push(own);
    const key = `${column},${row}`;
    cells.set(key, [...(cells.get(key) ?? []), own]);
  }
  return gathered;
}

/**
 * @param {Event[][]} groups The greatest first; the symbol stands where that one lies.
 * @returns {Mark}
 */
function markOf(groups) {
  const events = groups.flat();
  const [first] = events;
  const point = pointOf(groups[0] ?? []);
  const precisions = events.map(({ geoPrecision }) => geoPrecision ?? 2);
  return {
    key: `${first?.id}${events.length > 1 ? `:${events.length}` : ''}`,
    point,
    count: events.length,
    types: typeCounts(events),
    // One exact report makes the point a place.
    precision: /** @type {Precision} */ (Math.min(...precisions)),
    event: events.length === 1 ? (first ?? null) : null,
    bbox: groups.length > 1 ? boundsOf(groups.map(pointOf)) : null,
    region: null,
  };
}

/**
 * How many events of each type there are, the most frequent first.
 * @param {Event[]} events
 * @returns {[TypeSlug, number][]}
 */
export function typeCounts(events) {
  /** @type {Map<TypeSlug, number>} */
  const counts = new Map();
  for (const { type } of events) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a);
}

/**
 * @param {Event[]} group
 * @returns {LngLat}
 */
function pointOf([event]) {
  return event?.point ?? { lng: 0, lat: 0 };
}

/**
 * @param {LngLat[]} points
 * @returns {Bounds}
 */
function boundsOf(points) {
  const [lngs, lats] = [points.map(({ lng }) => lng), points.map(({ lat }) => lat)];
  return [Math.min(...lngs), Math.min(...lats), Math.max(...lngs), Math.max(...lats)];
}

/**
 * The server rounds boxes outward by a tenth of a metre.
 * @param {Bounds} bounds
 */
function isPoint([west, south, east, north]) {
  return east - west < 0.00001 && north - south < 0.00001;
}
