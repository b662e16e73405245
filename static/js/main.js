/** Start-up: brings state, map, list and event together, and keeps the address in step. */

import { fetchCounts, fetchFirstPage, findPlaces, forget } from './api.js';
import { language as languageOf, loadLanguage } from './i18n/index.js';
import { byId } from './lib/dom.js';
import { isSample } from './lib/event.js';
import { governorateOf, governoratePoint } from './lib/governorates.js';
import { createLatest } from './lib/latest.js';
import { namesOf, zoomFor } from './lib/place.js';
import { filterParams, listParams, NOWHERE } from './lib/query.js';
import { addDays, today as todayIn } from './lib/time.js';
import { boxInView } from './map/data.js';
import {
  bringIntoView,
  comeNearer,
  createControls,
  createMap,
  goTo,
  openBox,
  renderCredits,
  showSyria,
  viewOf,
} from './map/map.js';
import { createPlaceMark } from './map/mark.js';
import { createEventsOnMap } from './map/shown.js';
import { createUnderlay } from './map/underlay.js';
import {
  createStore,
  decodeState,
  encodeState,
  filtersDiffer,
  isFiltered,
} from './state.js';
import { renderChips } from './ui/chips.js';
import { createFilters } from './ui/filters.js';
import { renderHead } from './ui/head.js';
import { renderLegend } from './ui/legend.js';
import { createList } from './ui/list.js';
import { createLive } from './ui/live.js';
import { createOffline } from './ui/offline.js';
import { createOpened } from './ui/opened.js';
import {
  createSheet,
  listenForBanner,
  listenForLanguage,
  openWhereThereIsRoom,
  renderTexts,
  updateLanguageLink,
} from './ui/page.js';
import { createSearch } from './ui/search.js';
import { createSettings } from './ui/settings.js';
import { createTimeline } from './ui/timeline.js';
import { createTools } from './ui/tools.js';

/** @import { Event, FoundPlace, Mark, State, Tiles } from './types.d.ts' */

/** The list and the address follow the map once it has come to rest. */
const REST_MS = 200;

const store = createStore(decodeState(location, navigator.languages));
await loadLanguage(store.get().lang);
let language = languageOf(store.get().lang);
const current = { store, language: () => language, today: () => todayIn() };
const map = createMap(byId('map'), store.get().view);
const sheet = createSheet();
const mark = createPlaceMark(map);
/** @type {{ draw: () => void } | null} */
let labels = null;
const shown = createEventsOnMap(map, {
  ...current,
  onOpen: openMark,
  onShown: ({ events }) => {
    byId('no-events').hidden = true;
    isShown = true;
    warnOfSamples(events ?? []);
    renderCounts();
  },
  onFirst: (bounds) => {
    // Neither a view that was asked for is left, nor what was opened, nor where the reader has gone.
    if (!keepView && !isMoved && store.get().event === null) comeNearer(map, bounds);
  },
  onDrawn: () => labels?.draw(),
  onFail: () => {
    byId('no-events').hidden = false;
  },
});
const list = createList({
  language: () => language,
  state: store.get,
  onOpen: ({ id }, from) => opened.open(id, from),
  onSort: (sort) => store.set({ sort }),
  onCount: (count) => {
    listed = count;
    renderCounts();
  },
  onEvents: warnOfSamples,
});
const opened = createOpened({ ...current, onShown: showOpened });
const filters = createFilters(current);
const timeline = createTimeline(current);
const live = createLive({
  language: () => language,
  filters: () => filterParams(store.get(), todayIn()),
  onNews: forget,
  onShow: reload,
  onOpen: () => offline.back(),
});
const search = createSearch({
  language: () => language,
  find: findPlaces,
  onChoose: showPlace,
  onClear: mark.hide,
});

const settings = createSettings({
  language: () => language,
  onDigits() {
    language = languageOf(store.get().lang);
    renderLanguage();
    loadList();
  },
});
const tools = createTools({
  map,
  language: () => language,
  filters: (...and) => filterParams(store.get(), todayIn(), { and }),
});
const embed = location.pathname.endsWith('/embed') ? await embedded() : null;
const offline = createOffline(() => language, reload);

/** @type {Tiles | null} */
let tiles = null;
/** How many there are under the filters (not a number: nobody knows), without a place, and in the list. */
/** @type {number | null} */
let total = null;
/** @type {number | null} */
let unplaced = null;
/** @type {number | null} */
let listed = null;
/** Whether the map has had its first answer. */
let isShown = false;
/** A link that names a view is shown as it was sent, until something else is opened. */
let keepView = store.get().view !== null;
/** Whether the reader has gone elsewhere. */
let isMoved = false;
/** @type {() => void} */
let removeControls = () => {};
let timer = 0;
const totals = createLatest();
const nowhere = createLatest();

start();

function start() {
  openWhereThereIsRoom();
  listenForLanguage(store);
  listenForBanner();
  listenForKeys();
  byId('sheet-toggle').addEventListener('click', () => {
    sheet.set(!sheet.isOpen());
    sheet.render(language);
  });
  window.addEventListener('popstate', () => {
    store.set(decodeState(location, navigator.languages), 'replace');
  });
  byId('no-events').addEventListener('click', reload);
  byId('show-newest').addEventListener('click', showNewest);
  map.on('moveend', () => {
    clearTimeout(timer);
    timer = setTimeout(rest, REST_MS);
  });
  store.subscribe(update);
  renderLanguage();
  if (!keepView) showSyria(map, false);
  map.on('dragstart zoomstart keydown', () => {
    isMoved = true;
  });
  store.set({ view: viewOf(map) }, 'replace');
  updateLanguageLink(store);
  loadBasemap();
  loadAll();
  opened.load();
}

/** Browsers take their time to write an address, and readers to read a list. */
function rest() {
  store.set({ view: viewOf(map) }, 'replace');
  loadList();
}

function listenForKeys() {
  byId('skip-map').addEventListener('click', (event) => {
    event.preventDefault();
    byId('map').focus();
  });
  byId('skip-list').addEventListener('click', (event) => {
    event.preventDefault();
    opened.close();
    sheet.set(true);
    sheet.render(language);
    byId('list').focus();
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && store.get().event !== null) opened.close();
  });
}

/**
 * @param {State} state
 * @param {State} before
 * @param {'step' | 'replace'} how
 */
function update(state, before, how) {
  writeAddress(state, before, how);
  if (state.lang !== before.lang) changeLanguage(state.lang);
  if (filtersDiffer(state, before)) {
    loadAll();
    tools.refresh();
    renderFilters();
  } else if (
    state.here !== before.here ||
    state.tab !== before.tab ||
    state.look !== before.look ||
    state.sort !== before.sort
  ) {
    loadList();
    renderFilters();
  }
  if (state.event !== before.event) opened.load();
  const { view } = state;
  const now = viewOf(map);
  if (
    view &&
    view !== before.view &&
    (view.zoom !== now.zoom || view.lat !== now.lat || view.lng !== now.lng)
  ) {
    map.setView([view.lat, view.lng], view.zoom, { animate: false });
  }
}

/** @param {State['lang']} lang */
async function changeLanguage(lang) {
  await loadLanguage(lang);
  // The reader may have changed back meanwhile.
  if (store.get().lang !== lang) return;
  language = languageOf(lang);
  renderLanguage();
  loadList();
}

/**
 * Opening an event and choosing a filter are steps that the browser's back button undoes;
 * the rest only corrects the address.
 * @param {State} state
 * @param {State} before
 * @param {'step' | 'replace'} how
 */
function writeAddress(state, before, how) {
  const { search, hash } = encodeState(state, location.search);
  if (search !== location.search || hash !== location.hash) {
    const opens = state.event !== null && before.event === null;
    const isStep = opens || filtersDiffer(state, before) || state.here !== before.here;
    history[isStep && how === 'step' ? 'pushState' : 'replaceState'](
      null,
      '',
      `${search}${hash}`,
    );
  }
  updateLanguageLink(store);
  embed?.render(language);
}

/** Loaded only inside the page of others. */
async function embedded() {
  const { createEmbed } = await import('./ui/embed.js');
  return createEmbed(map, () => {
    const { search, hash } = encodeState(store.get());
    return `${search}${hash}`;
  });
}

async function loadBasemap() {
  try {
    const under = await createUnderlay(map, () => ({
      language,
      obstacles: shown.boxes,
    }));
    ({ tiles, labels } = under);
    if (tiles) renderCredits(language, tiles);
  } catch {
    byId('no-basemap').hidden = false;
  }
}

/** Everything that the filters change. */
function loadAll() {
  shown.load();
  loadList();
  const count = (/** @type {string[]} */ ...and) => {
    const params = filterParams(store.get(), todayIn(), { and });
    return (/** @type {AbortSignal} */ signal) =>
      fetchCounts('event_type', params, signal);
  };
  totals(
    count(),
    ({ matched }) => {
      total = matched;
      renderCounts();
    },
    () => {
      total = Number.NaN;
      renderCounts();
    },
  );
  nowhere(count(NOWHERE), ({ matched }) => {
    unplaced = matched;
    renderCounts();
  });
  filters.load();
  timeline.load().then(renderNotice);
  live.load();
}

/** The reader wants what is there now, not what was there. */
function reload() {
  forget();
  offline.forget();
  byId('no-events').hidden = true;
  shown.reload();
  list.reload();
  loadAll();
}

function loadList() {
  list.load(listParams(store.get(), todayIn(), boxInView(map)));
}

function renderLanguage() {
  renderTexts(language);
  settings.render();
  offline.render();
  tools.render();
  embed?.render(language);
  search.render();
  mark.hide();
  renderCredits(language, tiles);
  renderLegend(language);
  removeControls();
  removeControls = createControls(map, language);
  // The list has changed sides, or the banner its height.
  map.invalidateSize({ animate: false });
  renderFilters();
  renderCounts();
  timeline.render();
  live.render();
  shown.redraw();
  labels?.draw();
  opened.render();
}

function renderFilters() {
  filters.render();
  renderChips(store, language, todayIn());
  renderNotice();
}

function renderCounts() {
  if (isShown && total !== null && listed !== null && unplaced !== null) {
    document.body.dataset.ready = 'true';
  }
  renderHead(store, language, { total, unplaced, listed });
  sheet.render(language);
  if (listed === 0) {
    const { tab } = store.get();
    const none = tab === 'unplaced' ? 'state.noneUnplaced' : 'state.noneInView';
    const isNone = total === 0;
    list.say(
      language.t(
        !isNone ? none : isFiltered(store.get()) ? 'state.noMatch' : 'state.empty',
      ),
    );
  }
  renderNotice();
}

/** Says what is not there: the event of a link, or anything in the last few days. */
function renderNotice() {
  const { t } = language;
  byId('notice').hidden = !opened.isGone();
  byId('notice').textContent = opened.isGone() ? t('state.gone') : '';
  const isQuiet = total === 0 && store.get().days !== null && timeline.hasEvents();
  const quiet = byId('show-newest');
  quiet.hidden = !isQuiet;
  quiet.textContent = isQuiet ? `${t('time.quiet')} ${t('time.showNewest')}` : '';
}

/** As many days as were asked for, up to the last that has any event. */
async function showNewest() {
  const params = filterParams(store.get(), todayIn(), { except: 'dates' });
  const page = await fetchFirstPage(params).catch(() => null);
  const newest = page?.events[0]?.date ?? null;
  const { days } = store.get();
  if (days === null || newest === null) return;
  store.set({ days: null, from: addDays(newest, 1 - days), to: newest });
}

/** @param {Event[]} events */
function warnOfSamples(events) {
  const banner = byId('banner');
  if (events.some(isSample)) banner.hidden = banner.dataset.dismissed === 'true';
}

/** @param {Event | null} event */
function showOpened(event) {
  renderNotice();
  shown.select(event && pointOf(event));
  if (!event) return;
  sheet.set(true);
  sheet.render(language);
  warnOfSamples([event]);
  const point = pointOf(event);
  if (point && !keepView) bringIntoView(map, point, sheet.covers());
  keepView = false;
}

/**
 * What is only known to a region is shown where the region is.
 * @param {Event} event
 */
function pointOf({ point, geoPrecision, admin1 }) {
  const isRegion = geoPrecision === 3 && admin1 !== null;
  return (isRegion && governoratePoint(governorateOf(admin1))) || point;
}

/**
 * One event is opened; several are listed if they lie at one point, and come apart otherwise.
 * @param {Mark} each
 * @param {HTMLElement} from
 */
function openMark({ event, key, count, bbox, point, region }, from) {
  if (region !== null) {
    store.set({ where: [region], near: [3], here: null, tab: 'map', event: null });
    showList();
  } else if (count === 1) {
    opened.open(event?.id ?? key, from);
  } else if (bbox !== null && map.getZoom() < map.getMaxZoom()) {
    openBox(map, bbox);
  } else {
    store.set({ here: point, tab: 'map', event: null });
    showList();
  }
}

function showList() {
  sheet.set(true);
  sheet.render(language);
  byId('list').focus();
}

/** @param {FoundPlace} place */
function showPlace(place) {
  goTo(map, place.point, zoomFor(place), sheet.covers());
  const [name] = namesOf(place, language);
  if (name) mark.show(place.point, name);
}
