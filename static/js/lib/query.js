/**
 * What the reader has chosen, as the server's parameters. Pure.
 */

import { SUB_TYPES, TYPES } from './event.js';
import { allNames, governorateNames } from './governorates.js';
import { spanOf } from './time.js';

/** @import { Facet, LngLat, State } from '../types.d.ts' */

/** What is not known only to a region. */
export const AT_A_PLACE = '(geo_precision < 3 OR geo_precision IS NULL)';

/** What is known only to a region, and has a point that stands for it. */
export const IN_A_REGION = 'geo_precision = 3 AND geometry IS NOT NULL';

/** What has no place at all, or is only known to a region that has no symbol on the map. */
export const NOWHERE = `(geometry IS NULL OR geo_precision = 3 AND (admin1 IS NULL OR NOT ${oneOf('admin1', allNames())}))`;

/** Half the side of the box around one point, in degrees: about a metre. */
const POINT = 0.00001;

/**
 * The parameters of everything that is filtered: `datetime`, `q` and `filter`.
 * @param {State} state
 * @param {string} today
 * @param {{ except?: Facet, and?: string[] }} [more] A facet whose own choice does not
 *   count, as for the numbers beside its choices, and further conditions.
 */
export function filterParams(state, today, { except, and = [] } = {}) {
  const params = new URLSearchParams();
  if (except !== 'dates') {
    const { from, to } = spanOf(state, today);
    if (from !== null || to !== null) {
      params.set('datetime', `${from ?? '..'}/${to ?? '..'}`);
    }
  }
  if (state.q !== '' && except !== 'q') params.set('q', state.q);
  const parts = Object.entries(CONDITIONS)
    .filter(([facet]) => facet !== except)
    .map(([, condition]) => condition(state))
    .concat(and)
    .filter((part) => part !== null);
  if (parts.length > 0) params.set('filter', parts.join(' AND '));
  return params;
}

/**
 * The parameters of what is listed: what has no place, what lies at one point, or what is
 * in view. The point of what is only known to a region is not where its symbol stands:
 * where nothing else is asked for, it is listed whatever is in view.
 * @param {State} state
 * @param {string} today
 * @param {string} view The box in view.
 */
export function listParams(state, today, view) {
  const { here, tab, near } = state;
  const isNowhere = tab === 'unplaced' && !here;
  const isOfRegions = near.length > 0 && near.every((level) => level === 3);
  const params = filterParams(state, today, { and: isNowhere ? [NOWHERE] : [] });
  if (here) params.set('bbox', boxAround(here));
  else if (!isNowhere && !isOfRegions) params.set('bbox', view);
  return params;
}

/**
 * The box of the events at exactly one point.
 * @param {LngLat} point
 */
export function boxAround({ lng, lat }) {
  return [lng - POINT, lat - POINT, lng + POINT, lat + POINT]
    .map((degrees) => degrees.toFixed(6))
    .join(',');
}

/** @type {Record<string, (state: State) => string | null>} */
const CONDITIONS = {
  types: ({ types, subs }) => {
    if (types === null) return null;
    const known = TYPES.filter(([, slug]) => types.includes(slug));
    const parts = [
      known.length > 0 &&
        oneOf(
          'event_type',
          known.map(([name]) => name),
        ),
      types.includes('other') && 'event_type IS NULL',
      subs.length > 0 && oneOf('sub_event_type', subs),
    ].filter((part) => part !== false);
    return parts.length > 0 ? anyOf(parts) : 'FALSE';
  },
  actors: ({ actors }) =>
    actors.length > 0 ? `A_OVERLAPS(actor_ids, ${list(actors)})` : null,
  where: ({ where }) =>
    where.length > 0 ? oneOf('admin1', where.flatMap(governorateNames)) : null,
  certainty: ({ certainty }) =>
    certainty.length > 0 ? oneOf('certainty', certainty) : null,
  near: ({ near }) =>
    near.length > 0 ? `geo_precision IN (${near.map(Number).join(', ')})` : null,
  toll: ({ toll }) => (toll !== null ? `fatalities >= ${Number(toll)}` : null),
  sources: ({ sources }) => (sources.length > 0 ? oneOf('source', sources) : null),
};

/**
 * All sub-types of a type, which together are not quite the type: an event may have none.
 * @param {string} slug
 * @returns {readonly string[]}
 */
export function subTypesOf(slug) {
  return SUB_TYPES[slug] ?? [];
}

/**
 * @param {string} property
 * @param {string[]} values
 */
function oneOf(property, values) {
  return `${property} IN ${list(values)}`;
}

/** @param {string[]} values */
function list(values) {
  return `(${values.map((value) => `'${value.replaceAll("'", "''")}'`).join(', ')})`;
}

/** @param {string[]} parts */
function anyOf(parts) {
  return parts.length > 1 ? `(${parts.join(' OR ')})` : (parts[0] ?? '');
}
