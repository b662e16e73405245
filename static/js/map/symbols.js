/**
 * Symbols of events. Shape and colour both tell the type, so that nobody has to see
 * the colour; the outline tells how precisely the place is known.
 */

import { el, svg } from '../lib/dom.js';

/** @import { Mark, Precision, TypeSlug } from '../types.d.ts' */

/** Outlines around the origin, about eight units in radius. @type {Record<TypeSlug, string>} */
const SHAPES = {
  battles: 'M0-8.8 8.8 0 0 8.8-8.8 0Z',
  explosions: star(8, 9.4, 5),
  civilians: 'M0-8.4 8.8 6.8H-8.8Z',
  protests: 'M-7.4 0a7.4 7.4 0 1 0 14.8 0a7.4 7.4 0 1 0-14.8 0Z',
  riots: 'M-4.5-7.6H4.5L8.8 0 4.5 7.6H-4.5L-8.8 0Z',
  strategic: 'M-6.8-6.8H6.8V6.8H-6.8Z',
  other: 'M-2.6-8H2.6V-2.6H8V2.6H2.6V8H-2.6V2.6H-8V-2.6H-2.6Z',
};

/**
 * @param {TypeSlug} type
 * @param {Precision | null} precision An event that does not say counts as vague.
 */
export function symbol(type, precision) {
  const level = precision ?? 3;
  const shape = svg('path', { class: `shape shape-${level}`, d: SHAPES[type] });
  const ring = level === 3 && svg('circle', { class: 'ring', r: 10.4 });
  return frame(`symbol type-${type}`, [ring, shape]);
}

/** Pixels of the symbol of one event. */
const SINGLE = 26;

/**
 * Pixels across: of several events more with their number, but never so many that two
 * symbols of neighbouring cells would touch.
 * @param {Mark} mark
 */
export function sizeOf({ count }) {
  return count === 1 ? SINGLE : Math.round(Math.min(40, 27 + 3.2 * Math.log10(count)));
}

/**
 * Several events as one symbol: their number inside a ring that is divided among their types.
 * One element only, for a map has many of them.
 * @template {HTMLElement} T
 * @param {T} element Holds the number.
 * @param {[TypeSlug, number][]} counts
 */
export function asStack(element, counts) {
  const total = counts.reduce((sum, [, count]) => sum + count, 0) || 1;
  let start = 0;
  const parts = counts.map(([type, count]) => {
    const from = start;
    start += (count / total) * 100;
    return `var(--${type}) ${from.toFixed(1)}% ${start.toFixed(1)}%`;
  });
  element.classList.add('stack');
  element.style.setProperty('--ring', `conic-gradient(${parts.join(', ')})`);
  return element;
}

/** The stack in the legend, which stands for all stacks. */
export function stackSample() {
  return asStack(el('span', {}, '8'), [
    ['battles', 5],
    ['protests', 2],
    ['strategic', 1],
  ]);
}

/** What is only known to a region, in the legend. */
export function regionSample() {
  return asStack(el('span', { class: 'region' }, '3'), [['battles', 1]]);
}

/**
 * @param {Precision} precision
 */
export function precisionSample(precision) {
  return symbol('protests', precision);
}

/**
 * @param {string} className
 * @param {(SVGElement | false)[]} children
 */
function frame(className, children) {
  return svg(
    'svg',
    { class: className, viewBox: '-12 -12 24 24', 'aria-hidden': 'true' },
    ...children,
  );
}

/**
 * @param {number} points
 * @param {number} outer
 * @param {number} inner
 */
function star(points, outer, inner) {
  const corners = Array.from({ length: points * 2 }, (_, i) => {
    const radius = i % 2 === 0 ? outer : inner;
    const angle = (Math.PI * i) / points - Math.PI / 2;
    return `${(radius * Math.cos(angle)).toFixed(2)} ${(radius * Math.sin(angle)).toFixed(2)}`;
  });
  return `M${corners.join('L')}Z`;
}
