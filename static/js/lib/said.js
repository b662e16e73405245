/** Which words of a sentence tell where, when and how many. Pure. */

/** @import { Event } from '../types.d.ts' */

/** @typedef {'place' | 'date' | 'count'} Role */

/** Digits as Arabic and English write them. */
const NUMBER = /[0-9٠-٩۰-۹]+(?:[.,٬][0-9٠-٩۰-۹]{3})*/g;

/**
 * Cuts a sentence into pieces, each with what it tells. Put together they are the sentence.
 * @param {string} sentence
 * @param {Event} event
 * @returns {{ text: string, role: Role | null }[]}
 */
export function piecesOf(sentence, event) {
  /** @type {{ start: number, end: number, role: Role }[]} */
  const said = [];
  const add = (
    /** @type {Role} */ role,
    /** @type {number} */ start,
    /** @type {number} */ end,
  ) => {
    const isFree = said.every((other) => end <= other.start || start >= other.end);
    if (start >= 0 && end > start && isFree) said.push({ start, end, role });
  };
  for (const [role, words] of /** @type {const} */ ([
    ['place', event.placeText],
    ['date', event.dateText],
  ])) {
    if (words === null) continue;
    const start = sentence.indexOf(words);
    add(role, start, start + words.length);
  }
  const counts = countsOf(event);
  for (const { 0: digits, index } of sentence.matchAll(NUMBER)) {
    if (counts.includes(readDigits(digits))) add('count', index, index + digits.length);
  }
  said.sort((a, b) => a.start - b.start);

  const pieces = [];
  let at = 0;
  for (const { start, end, role } of said) {
    if (start > at) pieces.push({ text: sentence.slice(at, start), role: null });
    pieces.push({ text: sentence.slice(start, end), role });
    at = end;
  }
  if (at < sentence.length) pieces.push({ text: sentence.slice(at), role: null });
  return pieces;
}

/**
 * Every number that the event took from its sentence.
 * @param {Event} event
 */
function countsOf({ fatalities, injured, personnel, vehicles, trucks }) {
  const all = [
    ...Object.values(fatalities),
    ...Object.values(injured),
    personnel,
    vehicles,
    trucks,
  ];
  return all.filter((n) => n !== null);
}

/** @param {string} digits */
function readDigits(digits) {
  const plain = [...digits].map((digit) => {
    const code = digit.codePointAt(0) ?? 0;
    if (code >= 0x06f0 && code <= 0x06f9) return String(code - 0x06f0);
    if (code >= 0x0660 && code <= 0x0669) return String(code - 0x0660);
    return /[0-9]/.test(digit) ? digit : '';
  });
  return Number(plain.join(''));
}
