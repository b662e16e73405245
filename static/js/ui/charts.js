/**
 * Events and those killed in them, by time, type, actor and governorate, under the
 * filters of the map. Each chart is a table, or has one beside it.
 */

import { fetchTallies } from '../details.js';
import { actorName } from '../lib/actors.js';
import { el, outside, svg } from '../lib/dom.js';
import { typeSlug } from '../lib/event.js';
import { governorateOf } from '../lib/governorates.js';
import { isReported, rangeInWords } from '../lib/words.js';
import { symbol } from '../map/symbols.js';
import { openDialog } from './dialog.js';

/** @import { Child } from '../lib/dom.js' */
/** @import { Language } from '../i18n/index.js' */
/** @import { Tally } from '../types.d.ts' */

/** Rows that are shown of a long table; the rest is told as a number. */
const MOST_ROWS = 14;

/** Months that have room beside each other; more of them are drawn as years. */
const MOST_MONTHS = 72;

/** Units of the drawing, not pixels. */
const WIDE = 720;
const HIGH = 180;

/**
 * @param {URLSearchParams} filters
 * @param {Language} language
 */
export function openCharts(filters, language) {
  const { t } = language;
  const figures = el('p', { class: 'chart-total', role: 'status' }, t('state.loading'));
  const charts = el('div', { class: 'charts' });
  openDialog('charts', t('charts.title'), language, figures, charts);
  draw(filters, language, figures, charts).catch(() => {
    figures.textContent = t('charts.failed');
  });
}

/**
 * @param {URLSearchParams} filters
 * @param {Language} language
 * @param {HTMLElement} figures
 * @param {HTMLElement} charts
 */
async function draw(filters, language, figures, charts) {
  const { t } = language;
  const [months, types, actors, governorates] = await Promise.all(
    ['month', 'event_type', 'actor', 'admin1'].map((by) => fetchTallies(by, filters)),
  );
  if (!months || !types || !actors || !governorates) return;
  figures.textContent = language.plural('events', months.matched);
  charts.replaceChildren(
    overTime(months.tallies, language),
    bars('charts.byType', types.tallies, language, ({ keys: [name = null] }) => {
      const slug = typeSlug(name);
      return [symbol(slug, 1), el('span', {}, language.type(slug, name))];
    }),
    bars('charts.byActor', actors.tallies, language, ({ keys: [id = null], name }) => {
      if (name === null) return [t('event.actorUnknown')];
      return [outside(actorName(name, id === null ? [] : [id], language))];
    }),
    bars('charts.byGovernorate', governorates.tallies, language, ({ keys: [name] }) => [
      name ? language.governorate(governorateOf(name), name) : t('event.noPlace'),
    ]),
  );
}

/**
 * A table whose numbers are bars as well.
 * @param {string} title
 * @param {Tally[]} tallies
 * @param {Language} language
 * @param {(tally: Tally) => Child[]} name
 */
function bars(title, tallies, language, name) {
  const { t, plural } = language;
  const shown = tallies.slice(0, MOST_ROWS);
  const most = Math.max(1, ...shown.map(({ count }) => count));
  const killed = Math.max(1, ...shown.map(({ fatalities }) => least(fatalities)));
  const rest = tallies.length - shown.length;
  return el(
    'section',
    { class: 'chart' },
    el(
      'table',
      { class: 'tally' },
      el('caption', {}, t(title)),
      head(['charts.name', 'charts.events', 'charts.killed'], language),
      el(
        'tbody',
        {},
        ...shown.map((tally) =>
          el(
            'tr',
            {},
            el(
              'th',
              { scope: 'row' },
              el('span', { class: 'tally-name' }, ...name(tally)),
            ),
            el(
              'td',
              {},
              bar(tally.count / most, language.number(tally.count), 'count'),
            ),
            el(
              'td',
              {},
              bar(least(tally.fatalities) / killed, toll(tally, language), 'toll'),
            ),
          ),
        ),
      ),
    ),
    rest > 0 && el('p', { class: 'note' }, plural('rowsMore', rest)),
  );
}

/**
 * Events a month as columns, with the numbers in a table that is opened when wanted. Time
 * runs from the left in both languages, as on the axes of charts.
 * @param {Tally[]} months
 * @param {Language} language
 */
function overTime(months, language) {
  const { t } = language;
  const unit = months.length > MOST_MONTHS ? 'year' : 'month';
  const spans = filled(unit === 'year' ? byYear(months) : months, unit);
  if (spans.length === 0) return el('p', { class: 'note' }, t('charts.noDays'));
  const most = Math.max(1, ...spans.map(({ count }) => count));
  const wide = WIDE / spans.length;
  const columns = spans.map(({ count, key }, index) => {
    const high = (count / most) * HIGH;
    return svg(
      'rect',
      {
        class: 'chart-column',
        x: (index * wide + wide * 0.12).toFixed(2),
        y: (HIGH - high).toFixed(2),
        width: (wide * 0.76).toFixed(2),
        height: high.toFixed(2),
      },
      svg('title', {}, `${spanInWords(key, language)}: ${language.number(count)}`),
    );
  });
  const [first, last] = [spans[0], spans.at(-1)];
  const ends = [first, last].map((span) => spanInWords(span?.key ?? '', language));
  return el(
    'section',
    { class: 'chart chart-time' },
    el('h3', {}, t(`charts.by.${unit}`)),
    el('p', { class: 'chart-most' }, language.number(most)),
    svg(
      'svg',
      {
        viewBox: `0 0 ${WIDE} ${HIGH}`,
        preserveAspectRatio: 'none',
        role: 'img',
        'aria-label': t('charts.timeLabel', {
          first: ends[0] ?? '',
          last: ends[1] ?? '',
          most: language.number(most),
        }),
      },
      ...columns,
    ),
    el(
      'p',
      { class: 'chart-ends', dir: 'ltr', 'aria-hidden': 'true' },
      el('bdi', {}, ends[0] ?? ''),
      el('bdi', {}, spans.length > 1 ? (ends[1] ?? '') : ''),
    ),
    el(
      'details',
      {},
      el('summary', {}, t('charts.table')),
      el(
        'table',
        { class: 'tally' },
        head(['charts.when', 'charts.events', 'charts.killed'], language),
        el(
          'tbody',
          {},
          ...spans.map((span) =>
            el(
              'tr',
              {},
              el('th', { scope: 'row' }, spanInWords(span.key, language)),
              el('td', {}, language.number(span.count)),
              el('td', {}, toll(span, language)),
            ),
          ),
        ),
      ),
    ),
  );
}

/**
 * @param {string[]} names
 * @param {Language} language
 */
function head(names, { t }) {
  return el(
    'thead',
    {},
    el('tr', {}, ...names.map((name) => el('th', { scope: 'col' }, t(name)))),
  );
}

/**
 * @param {number} share
 * @param {string} text
 * @param {'count' | 'toll'} kind
 */
function bar(share, text, kind) {
  const line = el('span', { class: `tally-bar tally-${kind}`, 'aria-hidden': 'true' });
  line.style.inlineSize = `${(share * 100).toFixed(1)}%`;
  return el(
    'span',
    { class: 'tally-cell' },
    el('span', { class: 'tally-room' }, line),
    el('span', { class: 'tally-number' }, text),
  );
}

/**
 * Those killed as far as it is told, and of how many events it is not.
 * @param {Pick<Tally, 'fatalities' | 'fatalitiesUnknown'>} tally
 * @param {Language} language
 */
function toll({ fatalities, fatalitiesUnknown }, language) {
  const known = rangeInWords(fatalities, language);
  if (!isReported(fatalities) || fatalitiesUnknown === 0) return known;
  return language.t('charts.unknown', {
    known,
    n: language.number(fatalitiesUnknown),
  });
}

/** @param {Tally['fatalities']} range */
function least({ best, low, high }) {
  return best ?? low ?? high ?? 0;
}

/** @typedef {Pick<Tally, 'count' | 'fatalities' | 'fatalitiesUnknown'> & { key: string }} Span */

/**
 * @param {Tally[]} months
 * @returns {Span[]}
 */
function byYear(months) {
  /** @type {Map<string, Span>} */
  const years = new Map();
  for (const { keys, count, fatalities, fatalitiesUnknown } of months) {
    const key = (keys[0] ?? '').slice(0, 4);
    const known = years.get(key);
    const sum = (/** @type {'best' | 'low' | 'high'} */ name) => {
      const both = [known?.fatalities[name] ?? null, fatalities[name]];
      const told = both.filter((n) => n !== null);
      return told.length > 0 ? told.reduce((a, b) => a + b, 0) : null;
    };
    years.set(key, {
      key,
      count: (known?.count ?? 0) + count,
      fatalities: { best: sum('best'), low: sum('low'), high: sum('high') },
      fatalitiesUnknown: (known?.fatalitiesUnknown ?? 0) + fatalitiesUnknown,
    });
  }
  return [...years.values()];
}

/**
 * The spans from the first to the last, with those in which nothing is known to have
 * happened: a gap is news, too.
 * @param {(Tally | Span)[]} known
 * @param {'month' | 'year'} unit
 * @returns {Span[]}
 */
function filled(known, unit) {
  const spans = new Map(
    known.map((each) => {
      const key = 'key' in each ? each.key : (each.keys[0] ?? '');
      return [key, { ...each, key }];
    }),
  );
  const keys = [...spans.keys()].filter((key) => /^\d{4}(-\d{2})?$/.test(key)).sort();
  const [first, last] = [keys[0], keys.at(-1)];
  if (first === undefined || last === undefined) return [];
  /** @type {Span[]} */
  const all = [];
  for (let key = first; key <= last && all.length < 600; key = after(key, unit)) {
    const none = { best: null, low: null, high: null };
    all.push(
      spans.get(key) ?? { key, count: 0, fatalities: none, fatalitiesUnknown: 0 },
    );
  }
  return all;
}

/**
 * @param {string} key
 * @param {'month' | 'year'} unit
 */
function after(key, unit) {
  const year = Number(key.slice(0, 4));
  if (unit === 'year') return String(year + 1).padStart(4, '0');
  const month = Number(key.slice(5, 7));
  const [y, m] = month === 12 ? [year + 1, 1] : [year, month + 1];
  return `${String(y).padStart(4, '0')}-${String(m).padStart(2, '0')}`;
}

/**
 * @param {string} key `2022-07` or `2022`.
 * @param {Language} language
 */
function spanInWords(key, { locale }) {
  const date = new Date(key);
  if (Number.isNaN(date.getTime())) return key;
  return new Intl.DateTimeFormat(locale, {
    year: 'numeric',
    month: key.length > 4 ? 'long' : undefined,
    timeZone: 'UTC',
  }).format(date);
}
