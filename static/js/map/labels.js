/**
 * Names on the base map. They are elements, not drawings: the browser shapes Arabic
 * letters as it does everywhere else.
 */

import { el, svg } from '../lib/dom.js';
import { inFrames } from '../lib/frames.js';
import { placeLabels } from '../lib/labels.js';
import { FAMILY } from './names.js';

/** @import { Map as LeafletMap } from 'leaflet' */
/** @import { Box } from '../types.d.ts' */
/** @import { Language } from '../i18n/index.js' */
/** @import { Name } from './names.js' */

/** Names this share of the view beyond its edge are there before they are seen. */
const AHEAD = 0.5;

/** Names that are built in one frame: more would hold up a slow device. */
const AT_ONCE = 10;

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
  const dots = createDots();
  pane.append(dots.element);

  /** The element of each name that is drawn. @type {Map<Name, HTMLElement>} */
  let drawn = new Map();
  let lang = context().language.lang;
  /** Of what part of the map names are there. */
  let area = map.getBounds();
  /** Counts how often names were to be drawn: only the last time matters. */
  let wanted = 0;

  function* steps() {
    const { language, obstacles } = context();
    area = map.getBounds().pad(AHEAD);
    const near = names().filter(({ at }) => area.contains(at));
    const spots = placeNames(map, near, language, obstacles());
    yield;
    // What is there already stays the same element: from one answer to the next few names change.
    const before = language.lang === lang ? drawn : undefined;
    /** @type {typeof drawn} */
    const kept = new Map();
    for (const spot of spots) {
      const label = before?.get(spot.candidate.name);
      if (!label) continue;
      place(label, spot);
      kept.set(spot.candidate.name, label);
    }
    for (const [name, label] of drawn) if (kept.get(name) !== label) label.remove();
    drawn = kept;
    lang = language.lang;
    dots.draw(spots);
    pane.style.opacity = '';
    const missing = spots.filter(({ candidate }) => !kept.has(candidate.name));
    for (const [at, spot] of missing.entries()) {
      if (at % AT_ONCE === 0) yield;
      const { name, text } = spot.candidate;
      const label = el('span', { class: `label ${name.className}` }, text);
      place(label, spot);
      pane.append(label);
      drawn.set(name, label);
    }
  }

  const draw = () => {
    wanted += 1;
    const mine = wanted;
    inFrames(steps(), () => mine === wanted);
  };
  // To move the map a little costs nothing and moves no name; new symbols do, which names avoid.
  map.on('zoomend viewreset', draw);
  map.on('moveend', () => {
    if (!area.contains(map.getBounds())) draw();
  });
  // Not Leaflet's class for that: it would have the browser look at every name.
  map.on('zoomstart', () => {
    wanted += 1;
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

/** The dots beside the names: two paths, however many there are. */
function createDots() {
  const [great, small] = ['rank-high', 'rank-low'].map((rank) =>
    svg('path', { class: `dot ${rank}` }),
  );
  return {
    element: svg('svg', { class: 'dots' }, great, small),

    /** @param {Spot[]} spots */
    draw(spots) {
      const points = spots.filter(({ candidate }) => candidate.kind === 'point');
      const isGreat = (/** @type {Spot} */ { candidate }) =>
        candidate.name.className.includes('rank-high');
      great?.setAttribute('d', pathOf(points.filter(isGreat)));
      small?.setAttribute('d', pathOf(points.filter((spot) => !isGreat(spot))));
    },
  };
}

/**
 * A line of no length for each, which has round ends.
 * @param {Spot[]} spots
 */
function pathOf(spots) {
  return spots
    .map(({ candidate: { x, y } }) => `M${Math.round(x)} ${Math.round(y)}h0`)
    .join('');
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
 * @param {HTMLElement} label
 * @param {Spot} spot
 */
function place({ style }, { candidate: { width, height }, x, y }) {
  style.width = `${Math.ceil(width)}px`;
  style.left = `${Math.round(x - width / 2)}px`;
  style.top = `${Math.round(y - height / 2)}px`;
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
