/**
 * The governorates by their P-codes: where a symbol for the whole of one stands, and the
 * names that data of different hands have for it.
 */

/** @import { LngLat } from '../types.d.ts' */

/** @type {Record<string, { at: [number, number], names: string[] }>} */
const GOVERNORATES = {
  SY01: { at: [36.292, 33.513], names: ['Damascus'] },
  SY02: { at: [37.5, 36.2], names: ['Aleppo'] },
  SY03: { at: [36.9, 33.55], names: ['Rural Damascus', 'Rif Dimashq'] },
  SY04: { at: [37.75, 34.05], names: ['Homs'] },
  SY05: { at: [36.95, 35.2], names: ['Hama', 'Hamah'] },
  SY06: { at: [35.98, 35.6], names: ['Latakia', 'Lattakia'] },
  SY07: { at: [36.65, 35.75], names: ['Idlib', 'Idleb'] },
  SY08: {
    at: [40.6, 36.5],
    names: ['Hasakah', 'Al-Hasakeh', 'Al-Hasakah', 'Al Hasakah'],
  },
  SY09: { at: [40.4, 34.9], names: ['Deir ez-Zor', 'Deir-ez-Zor', 'Deir Ez Zor'] },
  SY10: { at: [36.05, 34.95], names: ['Tartus', 'Tartous'] },
  SY11: { at: [38.8, 36.1], names: ['Raqqa', 'Ar-Raqqa', 'Ar Raqqa'] },
  SY12: { at: [36.25, 32.85], names: ['Daraa', "Dar'a", 'Dara'] },
  SY13: { at: [36.85, 32.7], names: ['Suwayda', 'As-Sweida', 'As Suwayda'] },
  SY14: { at: [35.88, 33.1], names: ['Quneitra', 'Al Quneitra'] },
};

/**
 * The P-code of a governorate that data name so; the name itself if it is none of ours.
 * @param {string} name
 */
export function governorateOf(name) {
  const found = Object.entries(GOVERNORATES).find(([, { names }]) =>
    names.includes(name),
  );
  return found?.[0] ?? name;
}

/**
 * All names that data may have for what {@link governorateOf} gave.
 * @param {string} code
 * @returns {string[]}
 */
export function governorateNames(code) {
  return GOVERNORATES[code]?.names ?? [code];
}

/** All names of all governorates. */
export function allNames() {
  return Object.values(GOVERNORATES).flatMap(({ names }) => names);
}

/**
 * Where what is only known to lie in a governorate is shown; null outside of Syria.
 * @param {string} code
 * @returns {LngLat | null}
 */
export function governoratePoint(code) {
  const at = GOVERNORATES[code]?.at;
  return at ? { lng: at[0], lat: at[1] } : null;
}
