/**
 * The list beside the map, or a table of the same: what is in view, what lies at one point,
 * or what has no place. However many there are, only the pages around what is seen are built.
 */

import { fetchFirstPage, fetchPage } from '../api.js';
import { byId, el } from '../lib/dom.js';
import { inFrames } from '../lib/frames.js';
import { createLatest } from '../lib/latest.js';
import { lastHeading, listRows, tableHead, tableRows } from './rows.js';

/** @import { Language } from '../i18n/index.js' */
/** @import { Event, Page, State } from '../types.d.ts' */

/** Pixels above and below what is seen in which pages are built. */
const AHEAD = 600;

/** Pages whose events are kept; farther ones are asked for again when they are needed. */
const MOST_KEPT = 40;

/** What a row is taken to measure before it has been seen. */
const USUAL_HEIGHT = 60;

/** Rows of the first part, some more than a screen has; those below them come when the list is there. */
const FIRST = 12;

/** @type {Record<State['sort'], string | null>} */
const SORT_BY = {
  new: null,
  old: 'event_date',
  toll: '-fatalities,-event_date',
  type: 'event_type,sub_event_type,-event_date',
};

/**
 * @typedef {object} Sheet A page of the list, drawn or not.
 * @property {string | null} url
 * @property {Event[] | null} events
 * @property {number} first The place of its first event.
 * @property {string} before The heading that its first row follows.
 * @property {HTMLElement} element
 * @property {number} height
 * @property {'resting' | 'coming' | 'drawn'} state
 */

/**
 * @param {object} context
 * @param {() => Language} context.language
 * @param {() => State} context.state
 * @param {(event: Event, origin: HTMLElement) => void} context.onOpen
 * @param {(sort: State['sort']) => void} context.onSort
 * @param {(matched: number | null) => void} context.onCount
 * @param {(events: Event[]) => void} context.onEvents
 */
export function createList({ language, state, onOpen, onSort, onCount, onEvents }) {
  const list = byId('list');
  const scroller = byId('sheet-body');
  const latest = createLatest();
  const more = createLatest();
  /** @type {Sheet[]} */
  let sheets = [];
  /** @type {string | null} */
  let next = null;
  let matched = 0;
  /** What is shown, or about to be. @type {Page | null} */
  let showing = null;
  let asked = '';
  let wanted = new URLSearchParams();
  const end = el('div', { class: 'list-end' });

  const seen = new IntersectionObserver(
    (entries) => {
      // While an event is open the list only rests.
      if (list.offsetParent === null) return;
      for (const { target, isIntersecting, boundingClientRect } of entries) {
        if (target === end) {
          if (isIntersecting) loadMore();
          continue;
        }
        const sheet = sheets.find(({ element }) => element === target);
        if (sheet && isIntersecting) draw(sheet);
        else if (sheet) clear(sheet, boundingClientRect.height);
      }
    },
    { root: scroller, rootMargin: `${AHEAD}px 0px` },
  );

  /**
   * Builds the rows of a page that has come into view, some a frame: somebody may be moving the map.
   * @param {Sheet} sheet
   */
  const draw = async (sheet) => {
    const room = roomIn(sheet);
    if (sheet.state !== 'resting' || !room) return;
    sheet.state = 'coming';
    const isWanted = () => room.isConnected;
    if (sheet.events === null && sheet.url !== null) {
      // What fails stays empty, and is asked for again when it comes into view the next time.
      const page = await fetchPage(sheet.url).catch(() => null);
      sheet.events = page?.events ?? null;
    }
    if (!isWanted()) return;
    if (sheet.events === null) sheet.state = 'resting';
    else inFrames(fill(sheet), isWanted);
  };

  /**
   * Puts the rows of a page into the room that was left for them.
   * @param {Sheet} sheet
   * @returns {Generator<void, void>}
   */
  function* fill(sheet) {
    const { events, first, before } = sheet;
    const { look, sort } = state();
    const room = roomIn(sheet);
    const rows = {
      events: events ?? [],
      first,
      before,
      matched,
      language: language(),
      sort,
    };
    const add = (/** @type {HTMLElement} */ part) => room?.before(part);
    sheet.state = 'coming';
    yield* look === 'table' ? tableRows(rows, add) : listRows(rows, add);
    // The reader may have gone far away meanwhile, and the room be left for later again.
    if (!room?.isConnected) return;
    room.remove();
    sheet.state = 'drawn';
    forgetFarFrom(sheets.indexOf(sheet));
  }

  /**
   * @param {Sheet} sheet
   * @param {number} height
   */
  const clear = (sheet, height) => {
    const { element, state } = sheet;
    if (state === 'resting' || element.contains(document.activeElement)) return;
    if (state === 'drawn') sheet.height = height || sheet.height;
    sheet.state = 'resting';
    leaveRoom(sheet);
  };

  /** @param {number} at */
  const forgetFarFrom = (at) => {
    for (const [index, sheet] of sheets.entries()) {
      const far = Math.abs(index - at) > MOST_KEPT / 2;
      if (far && sheet.url !== null && sheet.state === 'resting') {
        sheet.events = null;
      }
    }
  };

  /**
   * @param {Sheet | undefined} last
   * @param {Event[]} events
   */
  const sheetAfter = (last, events) => ({
    events,
    first: last ? last.first + (last.events?.length ?? 0) : 0,
    before: lastHeading(last?.events ?? [], state().sort, language()),
  });

  /**
   * Adds a page in one part, or the first in two: what is below its first rows may never be seen.
   * @param {Page} page
   * @param {string | null} url
   */
  const append = (page, url) => {
    next = page.next;
    onEvents(page.events);
    const split = sheets.length > 0 ? page.events.length : FIRST;
    for (const part of [page.events.slice(0, split), page.events.slice(split)]) {
      if (part.length > 0) add(sheetAfter(sheets.at(-1), part), url);
    }
    list.append(end);
    seen.unobserve(end);
    if (next !== null) seen.observe(end);
  };

  /**
   * @param {ReturnType<typeof sheetAfter>} part
   * @param {string | null} url
   */
  const add = (part, url) => {
    const isTable = state().look === 'table';
    /** @type {Sheet} */
    const sheet = {
      ...part,
      url,
      element: isTable ? el('tbody') : el('div', { class: 'page' }),
      height: USUAL_HEIGHT * part.events.length,
      state: 'resting',
    };
    sheets.push(sheet);
    leaveRoom(sheet);
    const parent = isTable ? (list.querySelector('table') ?? list) : list;
    parent.append(sheet.element);
    seen.observe(sheet.element);
  };

  const loadMore = () => {
    const url = next;
    if (url === null) return;
    next = null;
    more(
      (signal) => fetchPage(url, signal),
      (page) => append(page, url),
      () => {
        next = url;
      },
    );
  };

  /**
   * Puts a list in the place of the one before, when its first rows can be there as well.
   * @param {Page} page
   * @returns {Generator<void, void>}
   */
  function* show(page) {
    const { t } = language();
    const { look, tab } = state();
    reset();
    showing = page;
    if (tab === 'unplaced') {
      list.append(el('p', { class: 'note' }, t('list.unplacedNote')));
    }
    if (look === 'table') {
      list.append(
        el(
          'table',
          { class: 'events-table' },
          el('caption', { class: 'visually-hidden' }, t('list.title')),
          tableHead(language(), state().sort, onSort),
        ),
      );
    }
    append(page, null);
    if (sheets[0]) yield* fill(sheets[0]);
    list.setAttribute('aria-busy', 'false');
  }

  const reset = () => {
    // A further page of what was listed before belongs to nothing here.
    more.stop();
    seen.disconnect();
    showing = null;
    sheets = [];
    next = null;
    list.replaceChildren();
  };

  listenForKeys(list);
  list.addEventListener('click', ({ target }) => {
    const row = target instanceof Element ? target.closest('.row') : null;
    if (!(row instanceof HTMLElement)) return;
    const event = sheets
      .flatMap(({ events }) => events ?? [])
      .find(({ id }) => id === row.dataset.event);
    if (event) onOpen(event, row);
  });

  const load = () => {
    const params = new URLSearchParams(wanted);
    const sort = SORT_BY[state().sort];
    if (sort !== null) params.set('sortby', sort);
    const key = `${params} ${state().look} ${state().tab} ${language().locale}`;
    if (key === asked) return;
    asked = key;
    list.setAttribute('aria-busy', 'true');
    latest(
      (signal) => fetchFirstPage(params, signal),
      (page) => {
        matched = page.matched;
        if (page.events.length > 0) {
          showing = page;
          inFrames(show(page), () => showing === page);
        } else {
          reset();
          list.setAttribute('aria-busy', 'false');
        }
        onCount(matched);
      },
      (error) => {
        asked = '';
        list.setAttribute('aria-busy', 'false');
        onCount(null);
        if (sheets.length === 0) list.replaceChildren(failure(error, language(), load));
      },
    );
  };

  return {
    /** @param {URLSearchParams} params Filters, with the box of what is listed. */
    load(params) {
      wanted = params;
      load();
    },

    /** Asks again, though nothing that was asked for has changed. */
    reload() {
      asked = '';
      load();
    },

    /** @param {string} text */
    say(text) {
      if (matched === 0 && sheets.length === 0) {
        list.replaceChildren(el('p', { class: 'message' }, text));
      }
    },

    /** @param {string} id */
    neighbours(id) {
      const events = sheets.flatMap((sheet) => sheet.events ?? []);
      return events.some((event) => event.id === id) ? events : [];
    },
  };
}

/**
 * What keeps the place of rows that are not built yet: the last child.
 * @param {Sheet} sheet
 */
function roomIn({ element, state }) {
  return state === 'drawn' ? null : element.lastElementChild;
}

/**
 * Keeps the place of rows that are not built.
 * @param {Sheet} sheet
 */
function leaveRoom({ element, height }) {
  const isTable = element instanceof HTMLTableSectionElement;
  const gap = isTable ? el('td', { colspan: 4 }) : el('div');
  gap.style.blockSize = `${height}px`;
  element.replaceChildren(isTable ? el('tr', { 'aria-hidden': 'true' }, gap) : gap);
}

/**
 * @param {unknown} error
 * @param {Language} language
 * @param {() => void} onRetry
 */
export function failure(error, { t }, onRetry) {
  const { reason = 'unreadable', status = null } =
    error instanceof Error
      ? /** @type {Error & { reason?: string, status?: number | null }} */ (error)
      : {};
  return el(
    'div',
    { class: 'message', role: 'alert' },
    el('p', {}, t(`state.${reason}`, { status: String(status ?? '') })),
    el(
      'button',
      { type: 'button', class: 'button', onclick: onRetry },
      t('state.retry'),
    ),
  );
}

/**
 * The arrow keys go from row to row, as in every list; Tab still leads to each.
 * @param {HTMLElement} list
 */
function listenForKeys(list) {
  list.addEventListener('keydown', (event) => {
    const { key, target } = event;
    const rows = [
      .../** @type {NodeListOf<HTMLElement>} */ (list.querySelectorAll('.row')),
    ];
    const at = rows.indexOf(/** @type {HTMLElement} */ (target));
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[
      key
    ];
    const row = to === undefined || (at < 0 && target !== list) ? null : rows[to];
    if (!row) return;
    event.preventDefault();
    row.focus();
    row.scrollIntoView({ block: 'nearest' });
  });
}
