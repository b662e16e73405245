/** The events on the map: one focusable symbol for each point. */

import { el } from '../lib/dom.js';
import { bestPrecision, groupByPoint, typeCounts } from '../lib/groups.js';
import { dateInWords, placeName } from '../lib/words.js';
import { L } from './leaflet.js';
import { stackSymbol, symbol } from './symbols.js';

/** @import { Map as LeafletMap, Marker } from 'leaflet' */
/** @import { Language } from '../i18n/index.js' */
/** @import { Box, Event, Group } from '../types.d.ts' */

const SINGLE = 26;
const STACK = 32;

/**
 * @param {LeafletMap} map
 * @param {(group: Group, origin: HTMLElement) => void} onOpen
 */
export function createEventLayer(map, onOpen) {
  /** @type {{ group: Group, marker: Marker }[]} */
  let shown = [];
  const layer = L.layerGroup().addTo(map);

  return {
    /**
     * @param {Event[]} events
     * @param {Language} language
     */
    draw(events, language) {
      layer.clearLayers();
      shown = groupByPoint(events).map((group) => ({
        group,
        marker: createMarker(group, language, onOpen).addTo(layer),
      }));
    },

    /** @param {string | null} id */
    select(id) {
      for (const { group, marker } of shown) {
        const selected = group.events.some((event) => event.id === id);
        marker.getElement()?.classList.toggle('selected', selected);
        marker.setZIndexOffset(selected ? 10_000 : 0);
      }
    },

    /** @param {string} id */
    groupOf(id) {
      return shown.find(({ group }) => group.events.some((event) => event.id === id));
    },

    /**
     * The boxes that symbols cover, for the labels to keep clear of.
     * @returns {Box[]}
     */
    boxes: () =>
      shown.map(({ group }) => {
        const { x, y } = map.latLngToLayerPoint(group.point);
        const half = (group.events.length > 1 ? STACK : SINGLE) / 2;
        return { left: x - half, right: x + half, top: y - half, bottom: y + half };
      }),
  };
}

/**
 * @param {Group} group
 * @param {Language} language
 * @param {(group: Group, origin: HTMLElement) => void} onOpen
 */
function createMarker(group, language, onOpen) {
  const [first] = group.events;
  const single = group.events.length === 1 && first !== undefined;
  const size = single ? SINGLE : STACK;
  const marker = L.marker(group.point, {
    icon: L.divIcon({
      className: 'event-marker',
      html: /** @type {any} */ (
        single
          ? symbol(first.type, first.geoPrecision)
          : stackSymbol(typeCounts(group), bestPrecision(group))
      ),
      iconSize: [size, size],
    }),
    riseOnHover: true,
  });
  marker.bindTooltip(() => tooltip(group, language), {
    direction: 'top',
    offset: [0, -size / 2],
    className: 'event-tooltip',
  });
  marker.on('add', () => makeReachable(marker, group, language, onOpen));
  return marker;
}

/**
 * Leaflet passes Enter on only to popups it opened itself, so the key is heard here.
 * @param {Marker} marker
 * @param {Group} group
 * @param {Language} language
 * @param {(group: Group, origin: HTMLElement) => void} onOpen
 */
function makeReachable(marker, group, language, onOpen) {
  const icon = marker.getElement();
  if (!icon) return;
  // The tooltip says the same to those who see it; it must not be read out twice.
  icon.removeAttribute('aria-describedby');
  icon.setAttribute('aria-label', describe(group, language).join(language.t('comma')));
  const open = () => {
    marker.closeTooltip();
    onOpen(group, icon);
  };
  marker.on('click', open);
  icon.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    open();
  });
}

/**
 * @param {Group} group
 * @param {Language} language
 */
function tooltip(group, language) {
  const [title, ...rest] = describe(group, language);
  return el(
    'div',
    { dir: language.dir },
    el('strong', {}, title),
    ...rest.map((line) => el('div', {}, line)),
  );
}

/**
 * @param {Group} group
 * @param {Language} language
 * @returns {string[]}
 */
function describe({ events }, language) {
  const [event] = events;
  if (!event) return [];
  const place = placeName(event, language) ?? language.t('event.noPlace');
  if (events.length > 1) {
    // The numeral comes first, because the Arabic dual has none and the symbol does.
    const count = language.plural('eventsHere', events.length);
    return [`${language.number(events.length)} – ${count}`, place];
  }
  const what = event.subEventType
    ? language.subType(event.subEventType)
    : language.type(event.type, event.eventType);
  return [what, place, dateInWords(event, language).main];
}
