/** Why something that reads like an event is none, taken apart. Pure. */

const BEGINS = 'refused ';

/**
 * What the program says of a refusal: "refused Attack `قتل`: it is denied (`لم`)". What it quotes of
 * the article stands between marks of code.
 * @param {string} note
 * @returns {{ type: string, words: string[], reason: string, because: string[] } | null} Null if it tells of
 *   something else.
 */
export function readRefusal(note) {
  if (!note.startsWith(BEGINS)) return null;
  const head = { text: '', quoted: /** @type {string[]} */ ([]) };
  const tail = { text: '', quoted: /** @type {string[]} */ ([]) };
  let part = head;
  for (const [at, piece] of note.slice(BEGINS.length).split('`').entries()) {
    const colon = part === head && at % 2 === 0 ? piece.indexOf(': ') : -1;
    if (at % 2 === 1) part.quoted.push(piece);
    else if (colon < 0) part.text += piece;
    else {
      head.text += piece.slice(0, colon);
      tail.text += piece.slice(colon + 2);
      part = tail;
    }
  }
  return {
    type: head.text.replace(/^[\s,]+|[\s,]+$/g, ''),
    words: head.quoted,
    reason: tail.text.replace(/[\s()]+$/, '').replace(/ {2}/g, ' '),
    because: tail.quoted,
  };
}
