/** The events on the map: asked for, made into symbols, and drawn. */

import { fetchCounts } from '../api.js';
import { createLatest } from '../lib/latest.js';
import { markOfCluster, marksOf, marksOfRegions, setAside } from '../lib/marks.js';
import { AT_A_PLACE, filterParams, IN_A_REGION } from '../lib/query.js';
import { createMapData } from './data.js';
import { describe } from './describe.js';
import { createEventLayer } from './events.js';
import { L } from './leaflet.js';

/** @import { LatLngBounds, Map as LeafletMap } from 'leaflet' */
/** @import { Language } from '../i18n/index.js' */
/** @import { LngLat, Mark, Shown } from '../types.d.ts' */
/** @import { Store } from '../state.js' */

/**
 * @param {LeafletMap} map
 * @param {object} context
 * @param {Store} context.store
 * @param {() => Language} context.language
 * @param {() => string} context.today
 * @param {(mark: Mark, origin: HTMLElement) => void} context.onOpen
 * @param {(shown: Shown) => void} context.onShown
 * @param {(bounds: LatLngBounds) => void} context.onFirst Where all is that is shown at first, once that is known.
 * @param {() => void} context.onDrawn
 * @param {() => void} context.onFail
 */
export function createEventsOnMap(map, context) {
  const { store, language, today, onOpen, onShown, onFirst, onDrawn, onFail } = context;
  const regions = createLatest();
  /** What the server told last, and the zoom at which it was drawn. @type {Shown | null} */
  let answer = null;
  let drawnAt = 0;
  /** @type {Mark[]} */
  let places = [];
  /** @type {Mark[] | null} */
  let governorates = null;
  let isFirst = true;

  const layer = createEventLayer(map, () => ({
    describe: (mark) => describe(mark, language()),
    short: language().short,
    dir: () => (language().dir === 'rtl' ? 'rtl' : 'ltr'),
    comma: language().t('comma'),
    onOpen,
    onDrawn,
  }));
  const params = (/** @type {string} */ which) =>
    filterParams(store.get(), today(), { and: [which] });
  const data = createMapData(map, {
    filters: () => params(AT_A_PLACE),
    onShown: (shown) => {
      answer = shown;
      drawPlaces();
      onShown(shown);
      tellFirst();
    },
    onFail,
  });

  const drawPlaces = () => {
    if (!answer) return;
    drawnAt = map.getZoom();
    const { events, clusters } = answer;
    places = events ? marksOf(events, project) : clusters.map(markOfCluster);
    draw();
  };

  const draw = () =>
    layer.draw([...setAside(governorates ?? [], places, project), ...places]);

  const tellFirst = () => {
    if (!isFirst || answer === null || governorates === null) return;
    isFirst = false;
    onFirst(boundsOf([...places, ...governorates]));
  };

  const project = (/** @type {LngLat} */ point) => map.project(point, map.getZoom());

  map.on('moveend', () => {
    const isAsked = data.load();
    // The same events may lie closer together now, or come apart; clusters are the server's.
    const isAnother = drawnAt !== map.getZoom();
    if (isAnother && (answer?.events || !isAsked)) drawPlaces();
  });

  /** Asks for what the filters change. */
  const load = () => {
    data.load();
    regions(
      (signal) => fetchCounts('admin1,event_type', params(IN_A_REGION), signal),
      ({ groups }) => {
        governorates = marksOfRegions(groups);
        draw();
        tellFirst();
      },
      onFail,
    );
  };

  return {
    load,

    /** Asks again, though nothing that was asked for has changed. */
    reload() {
      data.reload();
      load();
    },

    redraw: layer.redraw,
    select: layer.select,
    boxes: layer.boxes,
  };
}

/** @param {Mark[]} marks */
function boundsOf(marks) {
  const bounds = L.latLngBounds([]);
  for (const { point, bbox } of marks) {
    bounds.extend(point);
    if (bbox) bounds.extend([bbox[1], bbox[0]]).extend([bbox[3], bbox[2]]);
  }
  return bounds;
}
