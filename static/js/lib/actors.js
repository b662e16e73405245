/**
 * Names of actors for readers. Events carry ACLED's English names, and beside them the
 * ids of the lexicon; the ids tell apart actors that share a name.
 */

/** @import { Language } from '../i18n/index.js' */

/**
 * Every name that an id is known by, in ACLED's spelling and in plain English.
 * @type {Record<string, string[]>}
 */
const NAMES = {
  SYR_REGIME: [
    'Military Forces of Syria (2000-2024)',
    'Military Forces of Syria (2000-)',
  ],
  NDF: ['QDW: National Defense Forces', 'National Defense Forces'],
  SYR_POLICE: ['Police Forces of Syria (2000-2024)'],
  SYR_GOV: ['Military Forces of Syria (2024-)'],
  SYR_INTSEC: ['Police Forces of Syria (2024-)'],
  SDF: ['QSD: Syrian Democratic Forces', 'Syrian Democratic Forces'],
  YPG: ['YPG: Peoples Protection Units', "YPG: People's Protection Units"],
  ASAYISH: ['QSD: Syrian Democratic Forces - Asayish', 'Asayish'],
  PKK: ['PKK: Kurdistan Workers Party', 'Kurdistan Workers Party'],
  SNA: [
    'SNA: Syrian National Army',
    'Syrian National Army',
    'Opposition Rebels (Syria)',
  ],
  NLF: [
    'NLF: National Liberation Front',
    'National Liberation Front',
    'Opposition Rebels (Syria)',
  ],
  OPPOSITION: ['Opposition Rebels (Syria)'],
  JFS: ['JFS: Jabhat Fatah al Sham', 'Jabhat Fatah al Sham'],
  HTS: ['HTS: Hayat Tahrir al Sham', 'Hayat Tahrir al Sham'],
  AQ_HAD: ['HaD: Hurras al Din', 'Hurras al Din'],
  TIP: ['TIP: Turkistan Islamic Party', 'Turkistan Islamic Party'],
  ISIS: ['Islamic State (Syria)', 'Islamic State'],
  TUR: ['Military Forces of Turkey (2016-)', 'Military Forces of Turkey'],
  RUS: ['Military Forces of Russia (2000-)', 'Military Forces of Russia'],
  SYR_RUS: ['Allied Syrian and/or Russian Forces'],
  USA: ['Military Forces of the United States'],
  COALITION: ['Global Coalition Against Daesh'],
  ISR: ['Military Forces of Israel (2009-)', 'Military Forces of Israel'],
  IRN: ['Military Forces of Iran - IRGC', 'Military Forces of Iran'],
  PRO_IRAN: ['Militia (Pro-Iran)'],
  HEZBOLLAH: ['Hezbollah'],
  DRUZE: ['Druze Militia (Syria)', 'National Guard (Suwayda)'],
  TRIBES: ['Tribal Militia (Syria)'],
  ALAWITE_INS: ['Militia (Former Regime Remnants)'],
  UNID: ['Unidentified Armed Group (Syria)', 'Unidentified Armed Group'],
  PROT: ['Protesters (Syria)', 'Protesters'],
  RIOT: ['Rioters (Syria)', 'Rioters'],
  CIV: ['Civilians (Syria)', 'Civilians'],
  JOR: ['Military Forces of Jordan'],
  LBN: ['Military Forces of Lebanon'],
  IRQ: ['Military Forces of Iraq'],
  UN: ['UNDOF: United Nations Disengagement Observer Force', 'UNDOF'],
};

/** The ids that go by each name, folded once: a list asks for a hundred names. */
const IDS = /** @type {Map<string, string[]>} */ (new Map());
for (const [id, names] of Object.entries(NAMES)) {
  for (const name of names.map(fold)) IDS.set(name, [...(IDS.get(name) ?? []), id]);
}

/**
 * The name as the reader shall see it. A name this page does not know stays as it came.
 * @param {string} name
 * @param {string[]} ids The event's `actor_ids`.
 * @param {Language} language
 */
export function actorName(name, ids, language) {
  const id = actorId(name, ids);
  return (id !== null && language.actor(id)) || name;
}

/**
 * Of several ids of one name the event's own tell which is meant, or else it is the last, which says least.
 * @param {string} name
 * @param {string[]} ids
 * @returns {string | null}
 */
export function actorId(name, ids) {
  const known = IDS.get(fold(name)) ?? [];
  return known.find((id) => ids.includes(id)) ?? known.at(-1) ?? null;
}

/** @param {string} name */
function fold(name) {
  return name
    .replace(/\s*\[.*\]\s*$/, '')
    .replace(/[’']/g, '')
    .trim()
    .toLowerCase();
}
