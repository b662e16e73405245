/** Boxes on the screen, in pixels. */

/** @import { Box } from '../types.d.ts' */

/** Pixels across that a finger meets (WCAG 2.5.8). */
const TARGET = { width: 24, height: 24 };

/**
 * @param {number} x
 * @param {number} y
 * @param {{ width: number, height: number }} size
 * @returns {Box}
 */
export function boxAround(x, y, { width, height }) {
  return {
    left: x - width / 2,
    right: x + width / 2,
    top: y - height / 2,
    bottom: y + height / 2,
  };
}

/**
 * @param {Box} a
 * @param {Box} b
 */
export function overlap(a, b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

/**
 * Tells of each box whether its middle can be seen and hit: it is in view, and neither covered
 * nor under a later box.
 * @param {Box[]} boxes
 * @param {Box} view
 * @param {Box[]} covers
 */
export function inReach(boxes, view, covers) {
  return boxes.map(({ left, right, top, bottom }, at) => {
    const middle = boxAround((left + right) / 2, (top + bottom) / 2, TARGET);
    const isInView =
      middle.left >= view.left &&
      middle.right <= view.right &&
      middle.top >= view.top &&
      middle.bottom <= view.bottom;
    const isUnder = (/** @type {Box} */ other) => overlap(middle, other);
    return isInView && !covers.some(isUnder) && !boxes.slice(at + 1).some(isUnder);
  });
}
