/**
 * The symbols of events. They are buttons of their own, not Leaflet's markers: moving the map
 * moves one element, and only what comes into view is built.
 */

import { boxAround, inReach } from '../lib/boxes.js';
import { el } from '../lib/dom.js';
import { inFrames } from '../lib/frames.js';
import { lookOf } from '../lib/marks.js';
import { L } from './leaflet.js';
import { asStack, sizeOf, symbol } from './symbols.js';

/** @import { LatLng, Map as LeafletMap } from 'leaflet' */
/** @import { Box, LngLat, Mark } from '../types.d.ts' */

/** Symbols this far beyond the edge are there before they are seen. */
const MARGIN = 60;

/** Symbols that are built in one frame: more would hold up a slow device while the map is moved. */
const AT_ONCE = 5;

/** What may lie over symbols: the controls of the map and, on a phone, the sheet. */
const COVERS = '.leaflet-control, .map-frame > :not(.map, .visually-hidden), .side';

/**
 * @typedef {object} LayerContext
 * @property {(mark: Mark) => string[]} describe The lines of the tooltip; the first is the title.
 * @property {(n: number) => string} short A count in few characters.
 * @property {() => 'ltr' | 'rtl'} dir
 * @property {string} comma
 * @property {(mark: Mark, origin: HTMLElement) => void} onOpen
 * @property {() => void} onDrawn All symbols in view are there.
 */

/**
 * @param {LeafletMap} map
 * @param {() => LayerContext} context
 */
export function createEventLayer(map, context) {
  const pane = map.createPane('events');
  pane.style.zIndex = '600';
  /** The view for which symbols have their places. While the map is zoomed the pane moves, not each of them. */
  let base = viewNow(map);
  const tip = createTip(map);
  /** @type {Map<string, Mark>} */
  let marks = new Map();
  /** @type {Map<string, HTMLElement>} */
  const drawn = new Map();
  const ring = el('div', {
    class: 'selected-ring',
    hidden: true,
  });
  pane.append(ring);
  /** @type {LngLat | null} */
  let selected = null;

  /**
   * Not by a transform, as Leaflet does it: dozens of them cost more in every frame than all
   * drawn into one.
   * @param {HTMLElement} element
   * @param {LngLat} point
   */
  const placeAt = (element, point) => {
    const { x, y } = map.project(point, base.zoom).subtract(base.origin);
    element.style.left = `${Math.round(x)}px`;
    element.style.top = `${Math.round(y)}px`;
  };

  /** @param {string} key */
  const remove = (key) => {
    drawn.get(key)?.remove();
    drawn.delete(key);
  };

  /**
   * @param {string} key
   * @param {Mark} mark
   */
  const add = (key, mark) => {
    const built = build(mark, context());
    placeAt(built, mark.point);
    const old = drawn.get(key);
    const hadFocus = old !== undefined && old === document.activeElement;
    if (old) old.replaceWith(built);
    else pane.append(built);
    drawn.set(key, built);
    if (hadFocus) built.focus({ preventScroll: true });
  };

  /** Those in view that were not built when it was last looked. @type {string[]} */
  let missing = [];

  /** @param {string[]} keys */
  function* addAll(keys) {
    for (const [at, key] of keys.entries()) {
      if (at > 0 && at % AT_ONCE === 0) yield;
      const mark = marks.get(key);
      if (mark && !drawn.has(key)) add(key, mark);
    }
    context().onDrawn();
    // Nothing has been written in the next frame yet, so that to measure costs no layout.
    yield;
    setTabStops();
  }

  /** Focus comes to what can be seen; to the rest leads the list, or to move the map. */
  const setTabStops = () => {
    const frame = map.getContainer().getBoundingClientRect();
    const covers = [...document.querySelectorAll(COVERS)];
    /** @type {[HTMLElement, Box][]} */
    const symbols = [];
    for (const [key, element] of drawn) {
      const mark = marks.get(key);
      if (!mark) continue;
      const { x, y } = map.latLngToContainerPoint(mark.point);
      symbols.push([element, boxOf(mark, { x: x + frame.left, y: y + frame.top })]);
    }
    const free = inReach(
      symbols.map(([, box]) => box),
      frame,
      covers.map((cover) => cover.getBoundingClientRect()),
    );
    for (const [at, [element]] of symbols.entries()) {
      const tabIndex = free[at] ? 0 : -1;
      if (element.tabIndex !== tabIndex) element.tabIndex = tabIndex;
    }
  };

  const cull = () => {
    const size = map.getSize();
    /** @type {string[]} */
    const keys = [];
    for (const [key, mark] of marks) {
      const { x, y } = map.latLngToContainerPoint(mark.point);
      const inView =
        x > -MARGIN && y > -MARGIN && x < size.x + MARGIN && y < size.y + MARGIN;
      const element = drawn.get(key);
      if (inView && !element) {
        keys.push(key);
      } else if (!inView && element && element !== document.activeElement) {
        remove(key);
      }
    }
    missing = keys;
    inFrames(addAll(keys), () => missing === keys, true);
  };

  const settle = () => {
    base = viewNow(map);
    pane.style.transform = '';
    pane.style.opacity = '';
    for (const [key, element] of drawn) {
      const mark = marks.get(key);
      if (mark) placeAt(element, mark.point);
    }
    if (selected) placeAt(ring, selected);
  };

  /**
   * @param {LatLng} center
   * @param {number} zoom
   */
  const follow = (center, zoom) => {
    const scale = map.getZoomScale(zoom, base.zoom);
    const origin = map
      .project(center, zoom)
      .subtract(map.getSize().divideBy(2))
      .add(L.DomUtil.getPosition(/** @type {HTMLElement} */ (map.getPane('mapPane'))));
    const { x, y } = base.origin.multiplyBy(scale).subtract(origin);
    pane.style.transform = `translate(${x}px, ${y}px) scale(${scale})`;
  };

  map.on('zoomanim', ({ center, zoom }) => {
    tip.hide();
    follow(center, zoom);
    // What stands for many now will soon stand for others.
    pane.style.opacity = '0';
  });
  // Under two fingers.
  map.on('zoom', () => follow(map.getCenter(), map.getZoom()));
  map.on('viewreset zoomend', settle);
  map.on('moveend', cull);
  const watcher = new ResizeObserver(setTabStops);
  for (const cover of document.querySelectorAll(COVERS)) watcher.observe(cover);
  listen(pane, tip, context, (element) => marks.get(element.dataset.key ?? ''));

  return {
    /** @param {Mark[]} next */
    draw(next) {
      const before = marks;
      marks = new Map(next.map((mark) => [mark.key, mark]));
      for (const key of [...drawn.keys()]) {
        const mark = marks.get(key);
        const old = before.get(key);
        if (!mark) remove(key);
        else if (!old || lookOf(mark) !== lookOf(old)) add(key, mark);
      }
      tip.hide();
      cull();
    },

    /** Builds every symbol anew, in another language. */
    redraw() {
      for (const key of [...drawn.keys()]) {
        const mark = marks.get(key);
        if (mark) add(key, mark);
      }
      tip.hide();
      cull();
    },

    /** @param {LngLat | null} point */
    select(point) {
      selected = point;
      ring.hidden = point === null;
      if (point) placeAt(ring, point);
    },

    /**
     * The boxes that symbols cover, for the labels to keep clear of.
     * @returns {Box[]}
     */
    boxes: () =>
      [...marks.values()].map((mark) =>
        boxOf(mark, map.latLngToLayerPoint(mark.point)),
      ),
  };
}

/**
 * @param {Mark} mark
 * @param {{ x: number, y: number }} at Where its point lies.
 */
function boxOf(mark, { x, y }) {
  const size = sizeOf(mark);
  const { x: right, y: down } = mark.aside ?? { x: 0, y: 0 };
  return boxAround(x + right, y + down, { width: size, height: size });
}

/** @param {LeafletMap} map */
function viewNow(map) {
  return { zoom: map.getZoom(), origin: map.getPixelOrigin() };
}

/**
 * @param {HTMLElement} pane
 * @param {ReturnType<typeof createTip>} tip
 * @param {() => LayerContext} context
 * @param {(element: HTMLElement) => Mark | undefined} find
 */
function listen(pane, tip, context, find) {
  const markAt = (/** @type {Event} */ { target }) => {
    const element = target instanceof Element && target.closest('.event-marker');
    const mark = element instanceof HTMLElement ? find(element) : undefined;
    return mark && element instanceof HTMLElement ? { element, mark } : null;
  };
  /** Where the pointer went down: a symbol that was dragged along was not clicked. */
  let down = { x: 0, y: 0 };
  pane.addEventListener('pointerdown', ({ clientX: x, clientY: y }) => {
    down = { x, y };
  });
  pane.addEventListener('click', (event) => {
    const found = markAt(event);
    const isKey = event.detail === 0;
    const moved = Math.hypot(event.clientX - down.x, event.clientY - down.y);
    if (!found || (!isKey && moved > 6)) return;
    tip.hide();
    context().onOpen(found.mark, found.element);
  });
  // Two quick clicks on a symbol are not meant for the map.
  L.DomEvent.on(pane, 'dblclick', L.DomEvent.stop);
  const show = (/** @type {Event} */ event) => {
    if (event instanceof PointerEvent && !isAsking(event)) return;
    const found = markAt(event);
    if (found) tip.show(found.mark, context());
  };
  pane.addEventListener('pointerover', show);
  pane.addEventListener('focusin', show);
  pane.addEventListener('pointerout', tip.hide);
  pane.addEventListener('focusout', tip.hide);
  pane.addEventListener('keydown', (event) => {
    // The keys that move the map; Enter and the space bar are the button's own.
    if (event.key === 'Enter' || event.key === ' ') event.stopPropagation();
  });
}

/**
 * Symbols that pass under the pointer while the map is dragged are not asked about, nor those
 * that appear under one at rest.
 * @param {PointerEvent} event
 */
function isAsking({ buttons, movementX, movementY }) {
  return buttons === 0 && (movementX !== 0 || movementY !== 0);
}

/**
 * @param {Mark} mark
 * @param {LayerContext} context
 */
function build(mark, { describe, short, comma }) {
  const { key, event, count, types, precision, region } = mark;
  const isStack = count > 1 || region !== null;
  const button = el(
    'button',
    {
      type: 'button',
      class: `event-marker${count > 1 ? ' several' : ''}${region ? ' region' : ''}`,
      'data-key': key,
      'data-event': event?.id ?? null,
      'data-count': count,
      'aria-label': describe(mark).join(comma),
    },
    isStack ? short(count) : symbol(types[0]?.[0] ?? 'other', precision),
  );
  if (isStack) asStack(button, types);
  const size = sizeOf(mark);
  button.style.width = `${size}px`;
  button.style.height = `${size}px`;
  const { x, y } = mark.aside ?? { x: 0, y: 0 };
  button.style.margin = `${y - size / 2}px 0 0 ${x - size / 2}px`;
  return button;
}

/** @param {LeafletMap} map */
function createTip(map) {
  const tip = L.tooltip({ direction: 'top', className: 'event-tooltip' });
  return {
    /**
     * @param {Mark} mark
     * @param {LayerContext} context
     */
    show(mark, { describe, dir }) {
      const [title, ...rest] = describe(mark);
      const text = el(
        'div',
        { dir: dir() },
        el('strong', {}, title),
        ...rest.map((line) => el('div', {}, line)),
      );
      const { x, y } = mark.aside ?? { x: 0, y: 0 };
      tip.options.offset = L.point(x, y - sizeOf(mark) / 2 - 2);
      tip.setContent(text).setLatLng(mark.point).addTo(map);
      // The symbol says all of it itself.
      const box = tip.getElement();
      box?.removeAttribute('role');
      box?.setAttribute('aria-hidden', 'true');
    },

    hide() {
      tip.remove();
    },
  };
}
