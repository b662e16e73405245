/** How long a kilometre is on the map, in the reader's words and digits. */

import { el } from '../lib/dom.js';
import { L } from './leaflet.js';

/** @import { ControlPosition, Map as LeafletMap } from 'leaflet' */
/** @import { Language } from '../i18n/index.js' */

/** Pixels that the bar takes at most. */
const MOST = 100;

/**
 * Leaflet's own knows no language, and lays the page out anew with every step of a drag; this
 * one waits until the map has come to rest.
 * @param {ControlPosition} position
 * @param {Language} language
 */
export function scaleControl(position, language) {
  const bar = el('div', { class: 'scale', dir: language.dir });
  const control = new L.Control({ position });
  /** @param {{ target: LeafletMap }} event */
  const update = ({ target: map }) => {
    const { length, share } = fitting(metresOf(map, MOST));
    const [unit, n] =
      length < 1000 ? ['map.metres', length] : ['map.kilometres', length / 1000];
    bar.textContent = language.t(unit, { n: language.number(n) });
    bar.style.inlineSize = `${Math.round(MOST * share)}px`;
  };
  control.onAdd = (map) => {
    map.on('moveend', update);
    map.whenReady(() => update({ target: map }));
    return bar;
  };
  control.onRemove = (map) => {
    map.off('moveend', update);
  };
  return control;
}

/**
 * What lies along so many pixels in the middle of the map.
 * @param {LeafletMap} map
 * @param {number} pixels
 */
function metresOf(map, pixels) {
  const { y } = map.getSize().divideBy(2);
  return map.distance(
    map.containerPointToLatLng([0, y]),
    map.containerPointToLatLng([pixels, y]),
  );
}

/**
 * The greatest round number that is no longer, and its share: 1, 2, 3 or 5 and zeros.
 * @param {number} metres
 */
function fitting(metres) {
  const zeros = 10 ** Math.floor(Math.log10(metres));
  const first = [5, 3, 2, 1].find((digit) => digit * zeros <= metres) ?? 1;
  return { length: first * zeros, share: (first * zeros) / metres };
}
