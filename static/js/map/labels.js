/**
 * Names on the base map. They are elements, not drawings: the browser shapes Arabic
 * letters as it does everywhere else.
 */

import { el } from '../lib/dom.js';
import { placeLabels } from '../lib/labels.js';
import { FAMILY } from './names.js';

/** @import { Map as LeafletMap } from 'leaflet' */
/** @import { Box } from '../types.d.ts' */
/** @import { Language } from '../i18n/index.js' */
/** @import { Name } from './names.js' */

/**
 * @param {LeafletMap} map
 * @param {() => Name[]} names In the order of their importance: who comes first gets the room.
 * @param {() => { language: Language, obstacles: () => Box[] }} context
 */
export function createLabels(map, names, context) {
  const pane = map.createPane('labels', map.getPane('mapPane'));
  // Over the base map, under the symbols (600), and never in the way of the pointer.
  pane.style.zIndex = '450';
  pane.style.pointerEvents = 'none';
  pane.setAttribute('aria-hidden', 'true');

  /** The elements of each name that is drawn. @type {Map<Name, HTMLElement[]>} */
  let drawn = new Map();
  let lang = context().language.lang;

  const drawNow = () => {
    const { language, obstacles } = context();
    const spots = placeNames(map, names(), language, obstacles());
    // What is there already stays the same element: from one answer to the next few names change.
    const before = language.lang === lang ? drawn : new Map();
    const parts = spots.map((spot) => {
      const known = before.get(spot.candidate.name) ?? build(spot.candidate);
      place(known, spot);
      return known;
    });
    const shown = new Set(parts.flat());
    for (const part of [...drawn.values()].flat()) if (!shown.has(part)) part.remove();
    pane.append(...[...shown].filter((part) => part.parentNode !== pane));
    drawn = new Map(
      spots.map(({ candidate }, at) => [candidate.name, parts[at] ?? []]),
    );
    lang = language.lang;
    pane.style.opacity = '';
  };
  let frame = 0;
  /** Not in the frame in which symbols are drawn: each shall be short. */
  const draw = () => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(drawNow);
    });
  };
  // To move the map alone costs nothing and moves no name; new symbols do, which names avoid.
  map.on('zoomend viewreset', draw);
  // Not Leaflet's class for that: it would have the browser look at every name.
  map.on('zoomstart', () => {
    pane.style.opacity = '0';
  });
  // Widths are only right once the font is there.
  const measureAnew = () => {
    widths.clear();
    draw();
  };
  if (!('saves' in document.documentElement.dataset)) {
    document.fonts.load(`400 13px ${FAMILY}`, 'حلب Hama').then(measureAnew, () => {});
  }
  draw();
  return { draw };
}

/**
 * @param {LeafletMap} map
 * @param {Name[]} names
 * @param {Language} language
 * @param {Box[]} obstacles
 */
function placeNames(map, names, language, obstacles) {
  const zoom = map.getZoom();
  const candidates = names
    .filter(({ minZoom, maxZoom }) => zoom >= minZoom && zoom <= maxZoom)
    .map((name) => {
      const { x, y } = map.latLngToLayerPoint(name.at);
      const text = name[language.lang];
      const width = textWidth(text, name.font) + 6;
      return { name, text, x, y, width, height: name.lineHeight, kind: name.kind };
    });
  return placeLabels(candidates, obstacles);
}

/** @typedef {ReturnType<typeof placeNames>[number]} Spot */

/**
 * @param {Spot['candidate']} candidate
 * @returns {HTMLElement[]}
 */
function build({ name, text }) {
  const label = el('span', { class: `label ${name.className}` }, text);
  if (name.kind === 'area') return [label];
  return [label, el('span', { class: `dot ${name.className}` })];
}

/**
 * @param {HTMLElement[]} parts
 * @param {Spot} spot
 */
function place([label, dot], { candidate, x, y }) {
  const { width, height } = candidate;
  if (label) {
    label.style.width = `${Math.ceil(width)}px`;
    put(label, x - width / 2, y - height / 2);
  }
  if (dot) put(dot, candidate.x, candidate.y);
}

/**
 * @param {HTMLElement} element
 * @param {number} x
 * @param {number} y
 */
function put({ style }, x, y) {
  style.left = `${Math.round(x)}px`;
  style.top = `${Math.round(y)}px`;
}

/** Measuring takes far longer than remembering. @type {Map<string, number>} */
const widths = new Map();

const ruler = document.createElement('canvas').getContext('2d');

/**
 * @param {string} text
 * @param {string} font
 */
function textWidth(text, font) {
  if (!ruler) return text.length * 7;
  const key = `${font} ${text}`;
  const known = widths.get(key);
  if (known !== undefined) return known;
  ruler.font = font;
  const { width } = ruler.measureText(text);
  widths.set(key, width);
  return width;
}
