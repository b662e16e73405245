/** The map inside the page of others: less of it, and a way to the whole. */

import { byId, el } from '../lib/dom.js';

/** @import { Map as LeafletMap } from 'leaflet' */
/** @import { Language } from '../i18n/index.js' */

/** What an embedded map shows; the first is the usual. */
const SHOWN = ['map', 'list', 'still'];

/**
 * Makes the page what its address asks for.
 * @param {LeafletMap} map
 * @param {() => string} address The query and fragment of what is shown.
 */
export function createEmbed(map, address) {
  const asked = new URLSearchParams(location.search).get('show');
  const show = SHOWN.find((each) => each === asked) ?? 'map';
  document.documentElement.dataset.embed = show;
  const link = el('a', { class: 'embed-link', target: '_blank', rel: 'noopener' });
  byId('map-frame').append(link);
  if (show === 'still') {
    for (const each of ['dragging', 'scrollWheelZoom', 'doubleClickZoom', 'boxZoom']) {
      /** @type {any} */ (map)[each].disable();
    }
    map.keyboard.disable();
    map.touchZoom?.disable();
  }
  // A page that is scrolled past shall not be caught by the map in it.
  map.scrollWheelZoom.disable();
  map.invalidateSize();

  return {
    /** @param {Language} language */
    render(language) {
      link.textContent = language.t('embed.whole');
      link.href = new URL(`./${address()}`, document.baseURI).href;
    },
  };
}
