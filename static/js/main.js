/** Start-up: brings state, map, list and event together, and keeps the address in step. */

import { ApiError, fetchBasemap, fetchEvents, findPlaces } from './api.js';
import { language as languageOf } from './i18n/index.js';
import { byId, el } from './lib/dom.js';
import { isSample, newestFirst, TYPES } from './lib/event.js';
import { filterEvents } from './lib/filter.js';
import { namesOf, zoomFor } from './lib/place.js';
import { drawBasemap } from './map/basemap.js';
import { createEventLayer } from './map/events.js';
import { createLabels } from './map/labels.js';
import {
  bringIntoView,
  createControls,
  createMap,
  goTo,
  renderCredits,
  viewOf,
} from './map/map.js';
import { createPlaceMark } from './map/mark.js';
import { createStore, decodeState, encodeState } from './state.js';
import { createEmbed } from './ui/embed.js';
import { isFiltered, renderFilters } from './ui/filters.js';
import { renderList } from './ui/list.js';
import { createOffline } from './ui/offline.js';
import {
  createSheet,
  listenForBanner,
  listenForLanguage,
  openFiltersWhereThereIsRoom,
  renderTexts,
  updateLanguageLink,
} from './ui/page.js';
import { renderPanel } from './ui/panel.js';
import { createSearch } from './ui/search.js';
import { createSettings } from './ui/settings.js';
import { createTools } from './ui/tools.js';

/** @import { Event, FoundPlace, Loaded, State } from './types.d.ts' */

const store = createStore(decodeState(location, navigator.languages));
const map = createMap(byId('map'), store.get().view);
const sheet = createSheet();
const layer = createEventLayer(map, (group, origin) => {
  const [first] = group.events;
  if (first) open(first, origin);
});
const mark = createPlaceMark(map);
const search = createSearch({
  language: () => language,
  find: findPlaces,
  onChoose: showPlace,
  onClear: mark.hide,
});

let language = languageOf(store.get().lang);
const settings = createSettings({
  language: () => language,
  onDigits() {
    language = languageOf(store.get().lang);
    renderLanguage();
  },
});
/** What the server is asked for under the filters. */
function filters() {
  const { types, from, to } = store.get();
  const params = new URLSearchParams();
  if (from !== null || to !== null)
    params.set('datetime', `${from ?? '..'}/${to ?? '..'}`);
  if (types !== null) {
    const names = TYPES.filter(([, slug]) => types.includes(slug)).map(
      ([n]) => `'${n}'`,
    );
    params.set(
      'filter',
      names.length > 0 ? `event_type IN (${names.join(', ')})` : 'FALSE',
    );
  }
  return params;
}
const tools = createTools({ map, language: () => language, filters });
const embed = createEmbed(map, () => {
  const { search, hash } = encodeState(store.get());
  return `${search}${hash}`;
});
const offline = createOffline(() => language);
/** @type {Loaded} */
let loaded = { events: [], truncated: false, total: null };
/** @type {'loading' | 'ready' | ApiError} */
let status = 'loading';
/** @type {'map' | 'unplaced'} */
let tab = 'map';
/** What had the focus when an event was opened. @type {HTMLElement | null} */
let origin = null;
/** A link that names a view is shown as it was sent, until something else is opened. */
let keepView = store.get().view !== null;
/** @type {() => void} */
let removeControls = () => {};
/** @type {{ draw: () => void } | null} */
let labels = null;

start();

function start() {
  openFiltersWhereThereIsRoom();
  listenForLanguage(store);
  listenForBanner();
  byId('sheet-toggle').addEventListener('click', () => {
    sheet.set(!sheet.isOpen());
    sheet.render(language);
  });
  byId('filter-reset').addEventListener('click', () => {
    store.set({ types: null, from: null, to: null });
    byId('list').focus();
  });
  byId('skip-map').addEventListener('click', (event) => {
    event.preventDefault();
    byId('map').focus();
  });
  byId('skip-list').addEventListener('click', (event) => {
    event.preventDefault();
    close();
    sheet.set(true);
    sheet.render(language);
    byId('list').focus();
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && store.get().event !== null) close();
  });
  window.addEventListener('popstate', () => {
    store.set(decodeState(location, navigator.languages));
  });
  map.on('moveend', () => store.set({ view: viewOf(map) }));
  store.subscribe(update);
  renderLanguage();
  updateLanguageLink(store);
  loadBasemap();
  loadEvents();
}

/**
 * @param {State} state
 * @param {State} before
 */
function update(state, before) {
  writeAddress(state, before);
  if (state.lang !== before.lang) {
    language = languageOf(state.lang);
    renderLanguage();
  } else if (
    state.types !== before.types ||
    state.from !== before.from ||
    state.to !== before.to
  ) {
    renderEvents();
    tools.refresh();
  }
  if (state.event !== before.event) renderEvent();
  const { view } = state;
  const now = viewOf(map);
  if (
    view &&
    (view.zoom !== now.zoom || view.lat !== now.lat || view.lng !== now.lng)
  ) {
    map.setView([view.lat, view.lng], view.zoom, { animate: false });
  }
}

/**
 * Opening an event is a step that the browser's back button undoes; the rest only
 * corrects the address.
 * @param {State} state
 * @param {State} before
 */
function writeAddress(state, before) {
  const { search, hash } = encodeState(state);
  if (search !== location.search || hash !== location.hash) {
    const isStep = state.event !== null && before.event === null;
    history[isStep ? 'pushState' : 'replaceState'](null, '', `${search}${hash}`);
  }
  updateLanguageLink(store);
  embed?.render(language);
}

async function loadBasemap() {
  try {
    const basemap = await fetchBasemap();
    drawBasemap(map, basemap);
    labels = createLabels(map, basemap, () => ({ language, obstacles: layer.boxes }));
  } catch {
    byId('no-basemap').hidden = false;
  }
}

async function loadEvents() {
  status = 'loading';
  renderEvents();
  try {
    loaded = await fetchEvents();
    loaded.events.sort(newestFirst);
    status = 'ready';
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    status = error;
  }
  byId('banner').hidden = !loaded.events.some(isSample);
  map.invalidateSize();
  renderEvents();
  renderEvent();
  keepView = false;
}

function renderLanguage() {
  renderTexts(language);
  settings.render();
  offline.render();
  tools.render();
  embed?.render(language);
  search.render();
  mark.hide();
  renderCredits(language);
  removeControls();
  removeControls = createControls(map, language);
  // The list has changed sides, or the banner its height.
  map.invalidateSize({ animate: false });
  renderEvents();
  renderEvent();
}

function renderEvents() {
  const state = store.get();
  const events = filterEvents(loaded.events, state);
  renderKeepingFocus(() => renderFilters(language, store, loaded.events));
  renderCounts(events.length);
  renderNotice();
  byId('tabs').hidden = status !== 'ready';
  if (status === 'ready') {
    renderList({
      events,
      tab,
      language,
      emptyText: language.t(isFiltered(state) ? 'state.noMatch' : 'state.empty'),
      onOpen: open,
      onTab(next) {
        tab = next;
        renderEvents();
      },
    });
  } else {
    byId('list').replaceChildren(
      status === 'loading' ? loadingMessage() : failure(status),
    );
  }
  layer.draw(events, language);
  layer.select(state.event);
  labels?.draw();
}

/** @param {number} count */
function renderCounts(count) {
  const text =
    status === 'loading'
      ? language.t('state.loading')
      : status === 'ready'
        ? language.plural('events', count)
        : language.t('state.failed');
  byId('list-title').textContent = text;
  byId('sheet-count').textContent = text;
  byId('announcer').textContent = text;
  sheet.render(language);
}

/** Says what is not there: events beyond the limit, or the event that a link asked for. */
function renderNotice() {
  const { t, number } = language;
  const n = number(loaded.events.length);
  const wanted = store.get().event;
  const lines = [
    loaded.truncated &&
      (loaded.total === null
        ? t('list.truncated', { n })
        : t('list.truncatedOf', { n, total: number(loaded.total) })),
    status === 'ready' && wanted !== null && !find(wanted) && t('state.gone'),
  ].filter((line) => line !== false);
  byId('notice').hidden = lines.length === 0;
  byId('notice').replaceChildren(...lines.map((line) => el('p', {}, line)));
}

function renderEvent() {
  const id = store.get().event;
  const event = id === null ? undefined : find(id);
  const panel = byId('panel');
  const hadFocus = panel.contains(document.activeElement);
  panel.hidden = !event;
  byId('browse').hidden = Boolean(event);
  layer.select(event ? event.id : null);
  renderNotice();
  if (event) {
    show(event);
  } else if (hadFocus) {
    panel.replaceChildren();
    returnFocus();
  }
}

/** @param {Event} event */
function show(event) {
  const siblings = layer.groupOf(event.id)?.group.events ?? [event];
  renderKeepingFocus(() =>
    renderPanel(event, siblings, language, {
      onBack: close,
      onShow: (next) => store.set({ event: next.id }),
    }),
  );
  byId('sheet-body').scrollTop = 0;
  sheet.set(true);
  sheet.render(language);
  if (event.point && !keepView) bringIntoView(map, event.point, sheet.covers());
}

/** @param {FoundPlace} place */
function showPlace(place) {
  goTo(map, place.point, zoomFor(place), sheet.covers());
  const [name] = namesOf(place, language);
  if (name) mark.show(place.point, name);
}

/**
 * @param {Event} event
 * @param {HTMLElement} from
 */
function open(event, from) {
  origin = from;
  store.set({ event: event.id });
  byId('panel-title').focus();
}

function close() {
  store.set({ event: null });
}

/**
 * Back to where the reader was. The row may have been drawn anew since, or lie on a page
 * of the list that is not drawn any more.
 */
function returnFocus() {
  const id = origin?.dataset.event;
  const row = id && document.querySelector(`[data-event="${CSS.escape(id)}"]`);
  const target = origin?.isConnected ? origin : row instanceof HTMLElement ? row : null;
  (target ?? byId('list')).focus();
  origin = null;
}

/**
 * Draws a part anew and puts the focus back on the control that had it.
 * @param {() => void} draw
 */
function renderKeepingFocus(draw) {
  const id = document.activeElement?.id;
  draw();
  if (id && document.activeElement === document.body)
    document.getElementById(id)?.focus();
}

/** @param {string} id */
function find(id) {
  return loaded.events.find((event) => event.id === id);
}

function loadingMessage() {
  return el('p', { class: 'message' }, language.t('state.loading'));
}

/** @param {ApiError} error */
function failure(error) {
  const { t } = language;
  return el(
    'div',
    { class: 'message', role: 'alert' },
    el('p', {}, t(`state.${error.reason}`, { status: String(error.status ?? '') })),
    el(
      'button',
      { type: 'button', class: 'button', onclick: loadEvents },
      t('state.retry'),
    ),
  );
}
