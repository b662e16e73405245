/** Characters as the server counts them: Unicode scalar values, not UTF-16. Pure. */

/** @typedef {{ start: number, end: number }} Place */

/**
 * Cuts a text at places that are counted in characters. A piece that several places
 * cover belongs to the first of them; put together the pieces are the text.
 * @template {Place} T
 * @param {string} text
 * @param {T[]} places
 * @returns {{ text: string, place: T | null }[]}
 */
export function cut(text, places) {
  const letters = [...text];
  const pieces = [];
  let at = 0;
  const sorted = places
    .map((place) => ({
      place,
      start: place.start,
      end: Math.min(place.end, letters.length),
    }))
    .sort((a, b) => a.start - b.start);
  for (const { place, start, end } of sorted) {
    if (start < at || end <= start) continue;
    if (start > at)
      pieces.push({ text: letters.slice(at, start).join(''), place: null });
    pieces.push({ text: letters.slice(start, end).join(''), place });
    at = end;
  }
  if (at < letters.length)
    pieces.push({ text: letters.slice(at).join(''), place: null });
  return pieces;
}

/**
 * A piece of a text by its place.
 * @param {string} text
 * @param {Place} place
 */
export function slice(text, { start, end }) {
  return [...text].slice(start, end).join('');
}
