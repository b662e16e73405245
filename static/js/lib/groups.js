/** Brings together the events that lie at exactly one point, so that none hides another. */

/** @import { Event, Group, Precision } from '../types.d.ts' */

/**
 * Groups keep the order in which their first event came. Five decimals are about a
 * metre: nearer than that, two symbols cannot be told apart at any zoom.
 * @param {Event[]} events
 * @returns {Group[]}
 */
export function groupByPoint(events) {
  /** @type {Map<string, Group>} */
  const groups = new Map();
  for (const event of events) {
    if (!event.point) continue;
    const { lng, lat } = event.point;
    const key = `${lng.toFixed(5)},${lat.toFixed(5)}`;
    const group = groups.get(key);
    if (group) group.events.push(event);
    else groups.set(key, { key, point: event.point, events: [event] });
  }
  return [...groups.values()];
}

/**
 * The best precision among a group's events: one exact report makes the point a place.
 * An event that does not say counts as vague.
 * @param {Group} group
 * @returns {Precision}
 */
export function bestPrecision(group) {
  const all = group.events.map((event) => event.geoPrecision ?? 3);
  return /** @type {Precision} */ (Math.min(...all));
}

/**
 * How many events of each type a group holds, the most frequent first.
 * @param {Group} group
 * @returns {[Event['type'], number][]}
 */
export function typeCounts(group) {
  /** @type {Map<Event['type'], number>} */
  const counts = new Map();
  for (const { type } of group.events) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a);
}
