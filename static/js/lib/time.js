/** Days, spans of days, and the columns of the timeline. Pure: today is an argument. */

/** @import { Column, Span, State, Unit } from '../types.d.ts' */

const DAY_MS = 86_400_000;

/** Writes days as `2026-11-27`. Making one takes far longer than using it. */
const IN_DAMASCUS = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Damascus' });

/** Columns that can still be told apart on a phone. */
const MOST_COLUMNS = 200;

/**
 * Today in Syria: a reader elsewhere may have another date.
 * @param {Date} now
 */
export function today(now = new Date()) {
  return IN_DAMASCUS.format(now);
}

/**
 * Whether a text is a day of the calendar: the 31st of February is none, though a browser
 * takes it for one in March.
 * @param {string} text
 */
export function isDay(text) {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(text);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/**
 * @param {string} day
 * @param {number} days
 */
export function addDays(day, days) {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}

/**
 * @param {string} from
 * @param {string} to
 */
export function daysBetween(from, to) {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);
}

/**
 * The days that are asked for, in their order: a preset counts back from today, and two
 * dates that were given the wrong way round are meant the right way.
 * @param {Pick<State, 'from' | 'to' | 'days'>} state
 * @param {string} day Today.
 * @returns {{ from: string | null, to: string | null }}
 */
export function spanOf({ from, to, days }, day) {
  if (days !== null) return { from: addDays(day, 1 - days), to: day };
  return from !== null && to !== null && from > to
    ? { from: to, to: from }
    : { from, to };
}

/**
 * The finest unit of which a span has not too many.
 * @param {Span} span
 * @returns {Unit}
 */
export function unitFor({ from, to }) {
  const days = daysBetween(from, to) + 1;
  if (days <= MOST_COLUMNS) return 'day';
  return days <= MOST_COLUMNS * 7 ? 'week' : 'month';
}

/**
 * The first day of the unit in which a day lies.
 * @param {string} day
 * @param {Unit} unit
 */
export function startOf(day, unit) {
  if (unit === 'month') return `${day.slice(0, 7)}-01`;
  if (unit === 'day') return day;
  return addDays(day, -((new Date(day).getUTCDay() + 6) % 7));
}

/**
 * The last day of the unit that begins on a day.
 * @param {string} start
 * @param {Unit} unit
 */
export function endOf(start, unit) {
  if (unit === 'day') return start;
  if (unit === 'week') return addDays(start, 6);
  const [year = 0, month = 0] = start.split('-').map(Number);
  return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
}

/**
 * A column for each unit from the first to the last, also for those without events.
 * @param {Map<string, number>} counts By the first day of the unit.
 * @param {Span} span
 * @param {Unit} unit
 * @returns {Column[]}
 */
export function columnsOf(counts, { from, to }, unit) {
  const columns = [];
  for (let start = startOf(from, unit); start <= to; ) {
    const end = endOf(start, unit);
    columns.push({ from: start, to: end, count: counts.get(start) ?? 0 });
    start = addDays(end, 1);
  }
  return columns;
}

/**
 * The same counts by a longer unit.
 * @param {Map<string, number>} counts
 * @param {Unit} unit
 */
export function regroup(counts, unit) {
  /** @type {Map<string, number>} */
  const sums = new Map();
  for (const [day, count] of counts) {
    const start = startOf(day, unit);
    sums.set(start, (sums.get(start) ?? 0) + count);
  }
  return sums;
}
