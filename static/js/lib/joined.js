/** Why a further article is held to tell of the same happening. Pure: the language is an argument. */

/** @import { Joined, Reason } from '../types.d.ts' */
/** @import { Language } from '../i18n/index.js' */

/** So many reasons are said at once; the others are folded away. */
const AT_ONCE = 3;

/** The mean radius of the Earth, in kilometres. */
const EARTH = 6_371;

/** From the degree on that stands beside it a code is true; where it is null there is nothing to say. */
const LEVELS = /** @type {const} */ ({
  kind: [
    [1, 'kind.same'],
    [0, 'kind.near'],
  ],
  actors: [
    [1, 'actors.same'],
    [0.6, 'actors.common'],
    [0.5, null],
    [0, 'actors.other'],
  ],
  counts: [
    [1, 'counts.same'],
    [0.6, 'counts.near'],
    [0.5, null],
    [0.1, 'counts.risen'],
    [0, 'counts.other'],
  ],
});

/**
 * What the server says of each report of an event. The first is the one that the others joined.
 * @param {any[]} features
 * @returns {(Joined | null)[]}
 */
export function readJoined(features) {
  const source = (/** @type {any} */ feature) => text(feature?.properties?.source);
  return features.map((feature, at) => {
    const joined = feature?.joined;
    if (at === 0 || typeof joined !== 'object' || joined === null) return null;
    const { copy_of, parts, score } = joined;
    const like = features.find((each) => each?.id === joined.like);
    const isCopied = (/** @type {any} */ { properties }) =>
      typeof copy_of === 'string' && properties?.article_id === copy_of;
    const copied = features.find((each) => isCopied(each ?? {}));
    return {
      byPerson: typeof parts !== 'object' || parts === null,
      isCopy: typeof copy_of === 'string',
      copyOf: source(copied),
      // Of two reports, and of a copy, nobody need be told which one is meant.
      like: features.length > 2 && like !== copied ? source(like) : null,
      score: typeof score === 'number' ? score : null,
      reasons: like && parts ? reasons(feature, like, parts) : [],
    };
  });
}

/**
 * The reasons in words: those that are said at once, and those that are folded away.
 * @param {Joined} joined
 * @param {Language} language
 * @returns {{ first: string, others: string[] }}
 */
export function whyJoined({ reasons, score }, { t, number, locale }) {
  const said = reasons.map(({ code, km }) =>
    t(`joined.${code}`, { km: km === null ? '' : number(km) }),
  );
  const percent = new Intl.NumberFormat(locale, { style: 'percent' });
  return {
    first: said.slice(0, AT_ONCE).join(t('comma')),
    others: [
      ...said.slice(AT_ONCE),
      ...(score !== null ? [t('joined.score', { share: percent.format(score) })] : []),
    ],
  };
}

/**
 * In what two reports are alike, and in what they are not.
 * @param {any} a
 * @param {any} b
 * @param {Record<string, unknown>} parts How alike they are in each respect, 0 to 1.
 * @returns {Reason[]}
 */
function reasons(a, b, parts) {
  const degree = (/** @type {string} */ name) =>
    typeof parts[name] === 'number' ? parts[name] : null;
  const level = (/** @type {keyof typeof LEVELS} */ name) => {
    const own = degree(name);
    const found = own !== null && LEVELS[name].find(([from]) => own >= from);
    return found && found[1] !== null ? [{ code: found[1], km: null }] : [];
  };
  const place = degree('place');
  const date = degree('date');
  return [
    ...(place !== null ? [where(a, b, place)] : []),
    ...(date !== null ? [{ code: when(a, b, date), km: null }] : []),
    ...level('kind'),
    ...level('actors'),
    ...level('counts'),
  ];
}

/**
 * @param {any} a
 * @param {any} b
 * @param {number} degree
 * @returns {Reason}
 */
function where(a, b, degree) {
  const [here, there] = [a, b].map((each) => each.geometry?.coordinates);
  if (!here || !there) return { code: 'place.none', km: null };
  const { place_id: id, geo_precision: precision } = a.properties;
  const isRegion = precision === 3 || b.properties.geo_precision === 3;
  if (id && id === b.properties.place_id) {
    const code = degree >= 1 ? 'same' : isRegion ? 'area' : 'near';
    return { code: `place.${code}`, km: null };
  }
  if (isRegion) return { code: 'place.region', km: null };
  const km = kilometres(here, there);
  return km < 1
    ? { code: 'place.close', km: null }
    : { code: 'place.apart', km: Math.round(km) };
}

/**
 * @param {any} a
 * @param {any} b
 * @param {number} degree
 */
function when({ properties: a }, { properties: b }, degree) {
  if (!a.event_date || !b.event_date) return 'date.none';
  const isOneDay = (/** @type {any} */ each) =>
    each.time_precision === 1 &&
    (each.event_date_end ?? each.event_date) === each.event_date;
  const isSame = a.event_date === b.event_date && isOneDay(a) && isOneDay(b);
  return isSame && degree >= 1 ? 'date.same' : 'date.agree';
}

/**
 * The distance of two points on the sphere.
 * @param {[number, number]} from Longitude and latitude.
 * @param {[number, number]} to
 */
function kilometres([lng, lat], [lng2, lat2]) {
  const radians = (/** @type {number} */ degrees) => (degrees * Math.PI) / 180;
  const north = Math.sin(radians(lat2 - lat) / 2) ** 2;
  const east = Math.sin(radians(lng2 - lng) / 2) ** 2;
  const across = Math.cos(radians(lat)) * Math.cos(radians(lat2)) * east;
  return 2 * EARTH * Math.asin(Math.sqrt(Math.min(1, north + across)));
}

/** @param {unknown} value */
function text(value) {
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}
