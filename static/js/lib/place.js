/** Places of the gazetteer as the search answers them. Pure: the language is an argument. */

/** @import { FoundPlace } from '../types.d.ts' */
/** @import { Language } from '../i18n/index.js' */

/**
 * How near to come: what is large is shown whole. Below 11 the base map still has detail.
 * @type {Record<string, number>}
 */
const ZOOM = {
  governorate: 8,
  region: 8.5,
  water: 9,
  road: 9,
  mountain: 9.5,
  district: 9.5,
  subdistrict: 10,
  city: 10,
};
const CLOSEST = 10.5;

/**
 * Reads a feature; `null` if it has no name or no point.
 * @param {any} feature
 * @returns {FoundPlace | null}
 */
export function readPlace(feature) {
  const [lng, lat] = feature?.geometry?.coordinates ?? [];
  const properties = feature?.properties ?? {};
  const ar = text(properties.name_ar);
  const en = text(properties.name_en);
  const named = ar !== null || en !== null;
  if (!named || !Number.isFinite(lng) || !Number.isFinite(lat)) return null;
  return {
    id: String(feature.id),
    point: { lng, lat },
    ar,
    en,
    kind: text(properties.kind) ?? 'site',
    admin1: text(properties.admin1),
    admin1Pcode: text(properties.admin1_pcode),
    matched: text(properties.matched),
  };
}

/**
 * The name in the reader's language, then the one in the other script.
 * @param {FoundPlace} place
 * @param {Language} language
 * @returns {{ lang: 'ar' | 'en', text: string }[]}
 */
export function namesOf({ ar, en }, { lang }) {
  const names = [
    { lang: /** @type {const} */ ('ar'), text: ar },
    { lang: /** @type {const} */ ('en'), text: en },
  ];
  if (lang === 'en') names.reverse();
  return names.flatMap((name) =>
    name.text === null ? [] : [{ ...name, text: name.text }],
  );
}

/**
 * The name that was searched for, if it is none of the two that are shown anyway.
 * @param {FoundPlace} place
 */
export function thirdName({ ar, en, matched }) {
  return matched === ar || matched === en ? null : matched;
}

/**
 * What it is and where: "town, Aleppo governorate".
 * @param {FoundPlace} place
 * @param {Language} language
 */
export function whatAndWhere({ kind, admin1, admin1Pcode }, language) {
  const what = language.kind(kind);
  if (admin1 === null || kind === 'governorate') return what;
  const name = language.governorate(admin1Pcode, admin1);
  return [what, language.t('event.governorate', { name })].join(language.t('comma'));
}

/** @param {FoundPlace} place */
export function zoomFor({ kind }) {
  return ZOOM[kind] ?? CLOSEST;
}

/** @param {unknown} value */
function text(value) {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}
