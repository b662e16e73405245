/**
 * The timeline under the map: how many events there were when, and which days are shown.
 * The two handles are sliders for pointer, finger and keyboard.
 */

import { fetchCounts } from '../api.js';
import { byId, el, svg } from '../lib/dom.js';
import { createLatest } from '../lib/latest.js';
import { filterParams } from '../lib/query.js';
import {
  addDays,
  columnsOf,
  endOf,
  regroup,
  spanOf,
  startOf,
  unitFor,
} from '../lib/time.js';
import { dayInWords, monthInWords } from '../lib/words.js';
import { spanInWords } from './chips.js';
import { createPlayer } from './player.js';

/** @import { Language } from '../i18n/index.js' */
/** @import { Column, Span, State, Unit } from '../types.d.ts' */
/** @import { Store } from '../state.js' */

/** Days that a button offers; 24 hours reach into yesterday. */
const PRESETS = /** @type {const} */ ([
  [2, 'time.day'],
  [7, 'time.week'],
  [30, 'time.month'],
  [null, 'time.all'],
]);

/** Somebody who holds an arrow key down asks once. */
const PAUSE_MS = 300;

/**
 * @param {object} context
 * @param {Store} context.store
 * @param {() => Language} context.language
 * @param {() => string} context.today
 */
export function createTimeline({ store, language, today }) {
  const latest = createLatest();
  const chart = byId('time-chart');
  /** @type {Column[]} */
  let columns = [];
  /** @type {Unit} */
  let unit = 'month';
  /** The first and the last day that has events, under the other filters. @type {Span | null} */
  let whole = null;
  /** The part that is drawn, if not all. @type {Span | null} */
  let part = null;
  /** The columns between the handles while they are moved. @type {[number, number] | null} */
  let moved = null;
  let timer = 0;

  const player = createPlayer({
    store,
    language,
    today,
    span: () => part ?? whole,
    onChange: () => render(),
  });

  const load = () => {
    const params = filterParams(store.get(), today(), { except: 'dates' });
    return latest(
      (signal) => fetchColumns(params, part, signal),
      (found) => {
        if (part === null) whole = found.span;
        ({ columns, unit } = found);
        render();
      },
    );
  };

  /** The columns that the days in force touch. @returns {[number, number]} */
  const chosen = () => {
    if (moved) return moved;
    const { from, to } = spanOf(store.get(), today());
    const first = from === null ? 0 : columns.findIndex((column) => column.to >= from);
    const last =
      to === null ? columns.length - 1 : columns.findLastIndex((c) => c.from <= to);
    return [first < 0 ? columns.length : first, last];
  };

  /**
   * @param {[number, number]} range
   * @returns {Partial<State>}
   */
  const spanFor = ([first, last]) => {
    const isAll = first <= 0 && last >= columns.length - 1 && part === null;
    return {
      days: null,
      from: isAll ? null : (columns[first]?.from ?? null),
      to: isAll ? null : (columns[last]?.to ?? null),
    };
  };

  /**
   * @param {[number, number]} range
   * @param {boolean} isDone False while the handle is still held.
   */
  const move = ([a, b], isDone) => {
    const most = columns.length - 1;
    const [first, last] = [Math.min(a, b), Math.max(a, b)].map((n) =>
      Math.max(0, Math.min(most, n)),
    );
    moved = [first ?? 0, last ?? most];
    renderChosen();
    clearTimeout(timer);
    const commit = () => {
      if (!moved) return;
      const change = spanFor(moved);
      moved = null;
      store.set(change);
      renderChosen();
    };
    if (isDone) timer = setTimeout(commit, PAUSE_MS);
  };

  const renderChosen = () => {
    const [first, last] = chosen();
    const count = Math.max(1, columns.length);
    const [start, end] = [first / count, Math.max(first, last + 1) / count];
    chart.style.setProperty('--from', `${(start * 100).toFixed(2)}%`);
    chart.style.setProperty('--to', `${(end * 100).toFixed(2)}%`);
    const words = language();
    for (const [name, at] of /** @type {const} */ ([
      ['from', first],
      ['to', last],
    ])) {
      const handle = byId(`time-${name}`);
      const column = columns[Math.max(0, Math.min(columns.length - 1, at))];
      handle.setAttribute('aria-valuemax', String(Math.max(0, columns.length - 1)));
      handle.setAttribute('aria-valuenow', String(Math.max(0, at)));
      const day = column ? dayInWords(column[name], words) : '';
      handle.setAttribute('aria-valuetext', day);
    }
    byId('time-range').textContent = moved
      ? rangeText(columns, moved, words)
      : (spanInWords(store.get(), words, today()) ?? allText(part ?? whole, words));
  };

  const render = () => {
    const words = language();
    byId('timeline').setAttribute('aria-label', words.t('time.title'));
    drawBars(columns);
    drawTicks(columns, unit, words);
    renderButtons(store, words);
    for (const name of ['from', 'to']) {
      byId(`time-${name}`).setAttribute('aria-label', words.t(`filters.${name}`));
    }
    const zoom = byId('time-zoom');
    const { from, to } = spanOf(store.get(), today());
    zoom.hidden = part === null && (from === null || to === null);
    zoom.textContent = words.t(part === null ? 'time.zoomIn' : 'time.zoomOut');
    player.render();
    renderChosen();
  };

  byId('time-zoom').addEventListener('click', () => {
    const { from, to } = spanOf(store.get(), today());
    part = part === null && from !== null && to !== null ? { from, to } : null;
    load();
  });
  listenForHandles(chart, () => columns.length, chosen, move);
  listenForHover(chart, () => ({ columns, language: language() }));

  return {
    load,
    render,
    /** The last day that has any event under the other filters. */
    newest: () => whole?.to ?? null,
  };
}

/**
 * The counts by the finest unit of which there are not too many.
 * @param {URLSearchParams} params
 * @param {Span | null} part
 * @param {AbortSignal} signal
 */
async function fetchColumns(params, part, signal) {
  if (part) params.set('datetime', `${part.from}/${part.to}`);
  const months = byDay((await fetchCounts('month', params, signal)).groups);
  const [first] = months.keys();
  const last = [...months.keys()].at(-1);
  if (!first || !last) {
    return { columns: [], unit: /** @type {Unit} */ ('month'), span: part };
  }
  const rough = part ?? { from: first, to: endOf(last, 'month') };
  const unit = unitFor(rough);
  if (unit === 'month') {
    return { columns: columnsOf(months, rough, unit), unit, span: rough };
  }
  const counts = byDay((await fetchCounts(unit, params, signal)).groups);
  const days = [...counts.keys()];
  const span = part ?? {
    from: days[0] ?? rough.from,
    to: endOf(days.at(-1) ?? rough.to, unit),
  };
  return { columns: columnsOf(regroup(counts, unit), span, unit), unit, span };
}

/**
 * @param {import('../types.d.ts').Group[]} groups From the earliest.
 * @returns {Map<string, number>}
 */
function byDay(groups) {
  return new Map(
    groups.flatMap(({ keys: [key], count }) => {
      if (typeof key !== 'string') return [];
      return [[key.length === 7 ? `${key}-01` : key, count]];
    }),
  );
}

/** @param {Column[]} columns */
function drawBars(columns) {
  const most = Math.max(1, ...columns.map(({ count }) => count));
  const d = columns
    .map(({ count }, at) => {
      if (count === 0) return '';
      // What there is shall be seen, however little it is beside the most.
      const height = Math.max(3, (count / most) * 100);
      return `M${at + 0.08} 100V${(100 - height).toFixed(1)}h.84V100Z`;
    })
    .join('');
  const bars = (/** @type {string} */ name) =>
    svg(
      'svg',
      {
        class: `bars ${name}`,
        viewBox: `0 0 ${Math.max(1, columns.length)} 100`,
        preserveAspectRatio: 'none',
        'aria-hidden': 'true',
      },
      svg('path', { d }),
    );
  byId('time-bars').replaceChildren(bars('bars-all'), bars('bars-chosen'));
}

/**
 * Years, or months, or days: as many as there is room for.
 * @param {Column[]} columns
 * @param {Unit} unit
 * @param {Language} language
 */
function drawTicks(columns, unit, language) {
  const ticks = byId('time-ticks');
  const room = Math.max(2, Math.floor(ticks.clientWidth / 84));
  const years = new Set(columns.map(({ from }) => from.slice(0, 4))).size;
  const key = (/** @type {Column} */ { from }) =>
    years > 3
      ? from.slice(0, 4)
      : unit === 'day' && columns.length < 62
        ? from
        : from.slice(0, 7);
  const starts = columns.flatMap((column, at) => {
    const before = columns[at - 1];
    return before && key(before) === key(column) ? [] : [{ column, at }];
  });
  const step = Math.ceil(starts.length / room);
  ticks.replaceChildren(
    ...starts
      .filter((_, at) => at % step === 0)
      .map(({ column, at }) => {
        const text =
          years > 3
            ? column.from.slice(0, 4)
            : key(column).length === 10
              ? dayInWords(column.from, language, 'short')
              : monthInWords(column.from, language);
        const tick = el('span', { class: 'tick', dir: language.dir }, text);
        tick.style.left = `${((at / columns.length) * 100).toFixed(2)}%`;
        return tick;
      }),
  );
}

/**
 * @param {Store} store
 * @param {Language} language
 */
function renderButtons(store, { t }) {
  const { days, from, to } = store.get();
  const box = byId('time-presets');
  box.setAttribute('aria-label', t('time.presets'));
  const id = document.activeElement?.id;
  box.replaceChildren(
    ...PRESETS.map(([preset, key]) =>
      el(
        'button',
        {
          type: 'button',
          id: `preset-${preset ?? 'all'}`,
          'aria-pressed': String(
            days === preset && (preset !== null || (!from && !to)),
          ),
          onclick: () => store.set({ days: preset, from: null, to: null }),
        },
        t(key),
      ),
    ),
  );
  if (id && document.activeElement === document.body)
    document.getElementById(id)?.focus();
}

/**
 * @param {HTMLElement} chart
 * @param {() => number} count
 * @param {() => [number, number]} chosen
 * @param {(range: [number, number], isDone: boolean) => void} move
 */
function listenForHandles(chart, count, chosen, move) {
  const plot = byId('time-plot');
  const columnAt = (/** @type {PointerEvent} */ { clientX }) => {
    const { left, width } = plot.getBoundingClientRect();
    const at = Math.floor(((clientX - left) / width) * count());
    return Math.max(0, Math.min(count() - 1, at));
  };
  plot.addEventListener('pointerdown', (event) => {
    if (event.button !== 0 || count() === 0) return;
    const { target } = event;
    const handle =
      target instanceof HTMLElement ? target.closest('[role=slider]') : null;
    const [first, last] = chosen();
    // A handle keeps the other end; anywhere else a new range begins.
    const fixed =
      handle?.id === 'time-from'
        ? last
        : handle?.id === 'time-to'
          ? first
          : columnAt(event);
    event.preventDefault();
    if (handle instanceof HTMLElement) handle.focus();
    plot.setPointerCapture(event.pointerId);
    let to = handle ? -1 : columnAt(event);
    const drag = (/** @type {PointerEvent} */ now) => {
      to = columnAt(now);
      move([fixed, to], false);
    };
    const end = () => {
      plot.removeEventListener('pointermove', drag);
      if (to >= 0) move([fixed, to], true);
    };
    plot.addEventListener('pointermove', drag);
    plot.addEventListener('pointerup', end, { once: true });
    plot.addEventListener('pointercancel', end, { once: true });
  });
  chart.addEventListener('keydown', (event) => {
    const { id } = /** @type {HTMLElement} */ (event.target);
    if (id !== 'time-from' && id !== 'time-to') return;
    const [first, last] = chosen();
    const now = id === 'time-from' ? first : last;
    // Time runs from the left in both languages, as on every axis.
    const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
    const leap = { PageDown: -10, PageUp: 10 }[event.key];
    const next =
      event.key === 'Home'
        ? 0
        : event.key === 'End'
          ? count() - 1
          : now + (step ?? leap ?? 0);
    if (next === now && !['Home', 'End'].includes(event.key)) return;
    event.preventDefault();
    const at = Math.max(0, Math.min(count() - 1, next));
    move(
      id === 'time-from' ? [Math.min(at, last), last] : [first, Math.max(at, first)],
      true,
    );
  });
}

/**
 * Tells how many there are under the pointer.
 * @param {HTMLElement} chart
 * @param {() => { columns: Column[], language: Language }} context
 */
function listenForHover(chart, context) {
  const plot = byId('time-plot');
  const told = byId('time-told');
  plot.addEventListener('pointermove', ({ clientX }) => {
    const { columns, language } = context();
    const { left, width } = plot.getBoundingClientRect();
    const share = (clientX - left) / width;
    const column = columns[Math.floor(share * columns.length)];
    told.hidden = !column;
    if (!column) return;
    const when = rangeText(
      columns,
      [columns.indexOf(column), columns.indexOf(column)],
      language,
    );
    told.textContent = `${when}: ${language.plural('events', column.count)}`;
    chart.style.setProperty(
      '--at',
      `${(Math.min(0.85, Math.max(0.15, share)) * 100).toFixed(1)}%`,
    );
  });
  plot.addEventListener('pointerleave', () => {
    told.hidden = true;
  });
}

/**
 * @param {Column[]} columns
 * @param {[number, number]} range
 * @param {Language} language
 */
function rangeText(columns, [first, last], language) {
  const [from, to] = [columns[first]?.from ?? '', columns[last]?.to ?? ''];
  if (from === to) return dayInWords(from, language);
  const isMonth =
    from.slice(0, 7) === to.slice(0, 7) &&
    startOf(to, 'month') === from &&
    addDays(to, 1).endsWith('-01');
  if (isMonth) return monthInWords(from, language);
  return `${dayInWords(from, language)} – ${dayInWords(to, language)}`;
}

/**
 * @param {Span | null} span
 * @param {Language} language
 */
function allText(span, language) {
  if (!span) return language.t('time.none');
  return `${dayInWords(span.from, language)} – ${dayInWords(span.to, language)}`;
}
