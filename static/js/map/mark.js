/** A ring with a name around a place that the reader looked for; it goes after a while. */

import { el } from '../lib/dom.js';
import { L } from './leaflet.js';

/** @import { Map as LeafletMap, Marker } from 'leaflet' */
/** @import { LngLat } from '../types.d.ts' */

/** Long enough to find it after the map has moved, short enough not to be taken for an event. */
const STAYS_MS = 10_000;

const SIZE = 44;

/** @param {LeafletMap} map */
export function createPlaceMark(map) {
  /** @type {Marker | null} */
  let shown = null;
  let timer = 0;

  const hide = () => {
    clearTimeout(timer);
    shown?.remove();
    shown = null;
  };

  return {
    hide,

    /**
     * @param {LngLat} point
     * @param {{ lang: string, text: string }} name
     */
    show(point, { lang, text }) {
      hide();
      const ring = el('span', { class: 'place-ring', 'aria-hidden': 'true' });
      const label = el('span', { lang, dir: 'auto' }, text);
      shown = L.marker(point, {
        icon: L.divIcon({
          className: 'place-mark',
          html: /** @type {any} */ (ring),
          iconSize: [SIZE, SIZE],
        }),
        interactive: false,
        keyboard: false,
        zIndexOffset: -1000,
      })
        .bindTooltip(label, {
          permanent: true,
          direction: 'bottom',
          offset: [0, SIZE / 2 + 4],
          className: 'event-tooltip place-tooltip',
        })
        .addTo(map);
      timer = setTimeout(hide, STAYS_MS);
    },
  };
}
