/** Chooses which labels of the base map are drawn, so that no two overlap. */

import { boxAround, overlap } from './boxes.js';

/** @import { Box } from '../types.d.ts' */

/**
 * @typedef {object} Candidate
 * @property {number} x Pixel of the labelled point.
 * @property {number} y
 * @property {number} width Size of the text.
 * @property {number} height
 * @property {'point' | 'area'} kind A point is labelled beside its dot, an area in its middle.
 */

/** Room in pixels between a dot, or a symbol that lies on it, and its label. */
const GAPS = { near: 6, far: 19 };

const DOT = { width: 8, height: 8 };

/**
 * Takes candidates in the order of their importance; gives those for which there is room,
 * each with the place of its text's middle. Greedy: a label once placed
 * stays, which keeps the great cities steady while less important names give way.
 * @template {Candidate} T
 * @param {T[]} candidates
 * @param {Box[]} obstacles Symbols that a label must not cover.
 * @returns {{ candidate: T, x: number, y: number }[]}
 */
export function placeLabels(candidates, obstacles) {
  const symbols = new Grid();
  for (const box of obstacles) symbols.add(box);
  const taken = new Grid();
  const placed = [];
  for (const candidate of candidates) {
    const dot = boxAround(candidate.x, candidate.y, DOT);
    // A symbol may lie on a dot, for it lies on the place; a label may not.
    if (candidate.kind === 'point' && taken.hits(dot)) continue;
    const spot = spots(candidate).find(({ x, y }) => {
      const box = boxAround(x, y, candidate);
      return !taken.hits(box) && !symbols.hits(box);
    });
    if (!spot) continue;
    taken.add(boxAround(spot.x, spot.y, candidate));
    if (candidate.kind === 'point') taken.add(dot);
    placed.push({ candidate, ...spot });
  }
  return placed;
}

/**
 * The spots to try, best first: above and below read best in both writing directions.
 * @param {Candidate} candidate
 */
function spots({ x, y, width, height, kind }) {
  if (kind === 'area') return [{ x, y }];
  return [GAPS.near, GAPS.far].flatMap((gap) => {
    const down = height / 2 + gap;
    const across = width / 2 + gap;
    return [
      { x, y: y - down },
      { x, y: y + down },
      { x: x + across, y },
      { x: x - across, y },
    ];
  });
}

/** Boxes by the cell they lie in: a few hundred labels are placed in about a millisecond. */
class Grid {
  /** @type {Map<string, Box[]>} */
  #cells = new Map();

  /** @param {Box} box */
  add(box) {
    for (const cell of cells(box)) {
      const boxes = this.#cells.get(cell);
      if (boxes) boxes.push(box);
      else this.#cells.set(cell, [box]);
    }
  }

  /** @param {Box} box */
  hits(box) {
    return cells(box).some((cell) =>
      this.#cells.get(cell)?.some((other) => overlap(box, other)),
    );
  }
}

const CELL = 128;

/** @param {Box} box */
function cells({ left, top, right, bottom }) {
  const found = [];
  for (let x = Math.floor(left / CELL); x <= Math.floor(right / CELL); x++)
    for (let y = Math.floor(top / CELL); y <= Math.floor(bottom / CELL); y++)
      found.push(`${x},${y}`);
  return found;
}
