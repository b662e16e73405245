/** Which events the reader wants to see. */

/** @import { Event, State } from '../types.d.ts' */

/**
 * @param {Event[]} events
 * @param {Pick<State, 'types' | 'from' | 'to'>} wanted
 */
export function filterEvents(events, { types, from, to }) {
  return events.filter(
    (event) =>
      (types === null || types.includes(event.type)) && isWithin(event, from, to),
  );
}

/**
 * An event that lasted from one day to another is within when any of its days is.
 * An undated event is shown only while no date is asked for.
 * @param {Event} event
 * @param {string | null} from
 * @param {string | null} to
 */
function isWithin(event, from, to) {
  if (from === null && to === null) return true;
  if (event.date === null) return false;
  const end = event.dateEnd ?? event.date;
  return (from === null || end >= from) && (to === null || event.date <= to);
}
