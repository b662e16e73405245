/** The page to try it: an article in, its events on a map, and what was refused. */

import { ApiError, fetchBasemap } from './api.js';
import { extract } from './details.js';
import { loadReading } from './i18n/index.js';
import { byId, el, outside, withoutControls } from './lib/dom.js';
import { createLatest } from './lib/latest.js';
import { cut, slice } from './lib/offsets.js';
import { readRefusal } from './lib/refusals.js';
import { dateInWords, placeName, whatHappened } from './lib/words.js';
import { drawBasemap } from './map/basemap.js';
import { createLabels } from './map/labels.js';
import { L } from './map/leaflet.js';
import { SYRIA } from './map/map.js';
import { readNames } from './map/names.js';
import { symbol } from './map/symbols.js';
import { startPage } from './ui/frame.js';

/** @import { Language } from './i18n/index.js' */
/** @import { Finding, Reading } from './types.d.ts' */

/** What the server reads at most. */
const MOST_BYTES = 190_000;

/** Invented, so that nobody has to look for an article first. */
const EXAMPLES = {
  ar: {
    text: 'إدلب – قصفت قوات النظام بالمدفعية الثقيلة صباح أمس بلدة كفرنبل جنوب إدلب، ما أدى إلى مقتل 3 مدنيين وإصابة سبعة آخرين، بحسب الدفاع المدني.\n\nوفي حلب، خرج العشرات في مظاهرة وسط مدينة الباب احتجاجاً على ارتفاع أسعار الخبز.\n\nوهدّدت فصائل المعارضة بشن هجوم على مواقع قوات النظام في سراقب إذا استمر القصف.\n\nهذا النص مختلق للتجربة.',
    published: '2019-07-23',
  },
  en: {
    text: 'Government forces shelled the town of Kafr Nabl in southern Idlib with heavy artillery yesterday morning, killing 3 civilians and wounding seven, the civil defence said.\n\nIn Aleppo province, dozens of people protested in the town of al-Bab against the price of bread.\n\nRebel factions threatened to attack government positions in Saraqib if the shelling goes on.\n\nThis text was invented to be tried.',
    published: '2019-07-23',
  },
};

/** @type {HTMLTextAreaElement} */
const field = byId('try-text');
/** @type {HTMLInputElement} */
const published = byId('try-published');

/** @type {{ text: string, reading: Reading } | null} */
let read = null;
/** @type {'empty' | 'tooLong' | 'reading' | ApiError | null} */
let said = null;
/** @type {import('leaflet').Map | null} */
let map = null;
/** @type {import('leaflet').LayerGroup | null} */
let layer = null;
/** @type {{ draw: () => void } | null} */
let labels = null;

const latest = createLatest();
const reader = await startPage('try.title', render, loadReading);
byId('try-form').addEventListener('submit', (event) => {
  event.preventDefault();
  submit();
});
byId('try-example').addEventListener('click', () => {
  const example = EXAMPLES[reader().lang];
  field.value = example.text;
  published.value = example.published;
  submit();
});

function submit() {
  const text = field.value;
  latest.stop();
  if (text.trim() === '') return say('empty');
  if (new TextEncoder().encode(text).length > MOST_BYTES) return say('tooLong');
  say('reading');
  const day = published.value === '' ? null : published.value;
  latest(
    (signal) => extract({ text, title: null, published: day }, signal),
    (reading) => {
      read = { text, reading };
      say(null);
      byId('try-said').focus();
    },
    (error) => {
      if (!(error instanceof ApiError)) throw error;
      say(error);
    },
  );
}

/** @param {typeof said} what */
function say(what) {
  said = what;
  render(reader());
}

/** @param {Language} language */
function render(language) {
  const { t } = language;
  byId('try-result').hidden = read === null;
  byId('try-said').replaceChildren(...inWords(language));
  if (read === null) return;
  name('try-marked', t('try.marked'));
  renderText(read.text, read.reading);
  renderEvents(read.reading, language);
  renderRefused(read.text, read.reading, language);
  renderMap(read.reading, language);
}

/**
 * What came of it: how much was found and what kept the text from being read well, or why there is
 * nothing.
 * @param {Language} language
 * @returns {(Node | string)[]}
 */
function inWords({ t, plural, error, problem }) {
  if (said instanceof ApiError) {
    const status = String(said.status ?? '');
    return [error(said.code) ?? t(`state.${said.reason}`, { status })];
  }
  if (said !== null) return [t(`try.${said}`)];
  if (read === null) return [];
  const { events, problems } = read.reading;
  return [
    plural('found', events.length),
    ...problems.flatMap((each) => [' ', problem(each) ?? asItCame('span', each)]),
  ];
}

/**
 * The article as it was sent, with the sentences that events rest on.
 * @param {string} text
 * @param {Reading} reading
 */
function renderText(text, { events }) {
  /** @type {Map<string, { start: number, end: number, numbers: number[] }>} */
  const sentences = new Map();
  for (const [index, { start, end }] of events.entries()) {
    if (start === null || end === null) continue;
    const key = `${start}-${end}`;
    const known = sentences.get(key) ?? { start, end, numbers: [] };
    known.numbers.push(index + 1);
    sentences.set(key, known);
  }
  byId('try-marked').replaceChildren(
    ...cut(text, [...sentences.values()]).map((piece) => {
      const words = piece.text.split('\n').map(withoutControls).join('\n');
      return piece.place === null
        ? words
        : el(
            'mark',
            { 'data-events': piece.place.numbers.join(' ') },
            words,
            ...piece.place.numbers.map((n) => number(n, `#try-event-${n}`)),
          );
    }),
  );
}

/**
 * @param {Reading} reading
 * @param {Language} language
 */
function renderEvents({ events }, language) {
  byId('try-events').replaceChildren(
    ...events.map(({ event }, index) => {
      const place = placeName(event, language);
      return el(
        'li',
        { id: `try-event-${index + 1}` },
        el(
          'div',
          { class: 'try-event' },
          symbol(event.type, event.point ? event.geoPrecision : 3),
          el(
            'div',
            {},
            el(
              'p',
              { class: 'fact-main' },
              whatHappened(event, language),
              ' ',
              number(index + 1),
            ),
            el(
              'p',
              {},
              place ? outside(place) : language.t('event.noPlace'),
              place &&
                !event.point &&
                `${language.t('comma')}${language.t('try.noPoint')}`,
              ' · ',
              dateInWords(event, language).main,
            ),
            el(
              'p',
              { class: 'fact-note' },
              event.certainty !== null && language.t(`certainty.${event.certainty}`),
            ),
          ),
        ),
      );
    }),
  );
}

/**
 * What the page has no words for, in those of the program.
 * @param {'li' | 'span'} tag
 * @param {string} told
 */
function asItCame(tag, told) {
  return el(tag, { lang: 'en', dir: 'ltr' }, outside(told));
}

/**
 * Sentences in which something was refused, and why.
 * @param {string} text
 * @param {Reading} reading
 * @param {Language} language
 */
function renderRefused(text, { findings }, language) {
  const refused = findings
    .map((finding) => ({
      finding,
      notes: finding.notes
        .filter((note) => readRefusal(note) !== null)
        .map((note) => refusal(note, language) ?? asItCame('li', note)),
    }))
    .filter(({ notes }) => notes.length > 0);
  byId('try-refused').hidden = refused.length === 0;
  const sentence = (/** @type {Finding} */ finding) =>
    el('blockquote', { dir: 'auto' }, withoutControls(slice(text, finding).trim()));
  const list = byId('try-refused-list');
  list.replaceChildren(
    ...refused.map(({ finding, notes }) =>
      el('li', {}, sentence(finding), el('ul', {}, ...notes)),
    ),
  );
  byId('try-refused-note').hidden =
    language.lang === 'en' || list.querySelector('[lang=en]') === null;
}

/**
 * A refusal in the reader's language; null if there are no words for it.
 * @param {string} note
 * @param {Language} language
 */
function refusal(note, language) {
  const read = readRefusal(note);
  const reason = read && language.refusal(read.reason);
  if (!read || !reason) return null;
  const quoted = (/** @type {string} */ words) => el('q', {}, outside(words));
  return el(
    'li',
    {},
    read.type && `${language.subType(read.type)} `,
    ...read.words.flatMap((words) => [quoted(words), ' ']),
    '— ',
    reason,
    ...read.because.flatMap((words) => [' ', quoted(words)]),
  );
}

/**
 * @param {Reading} reading
 * @param {Language} language
 */
function renderMap({ events }, language) {
  if (map === null) {
    map = L.map(byId('try-map'), {
      attributionControl: false,
      minZoom: 5,
      maxZoom: 11,
      zoomSnap: 0.5,
      scrollWheelZoom: false,
    });
    map.fitBounds(SYRIA);
    layer = L.layerGroup().addTo(map);
    const drawn = map;
    fetchBasemap().then(
      (basemap) => {
        drawBasemap(drawn, basemap);
        const names = readNames(basemap);
        labels = createLabels(
          drawn,
          () => names,
          () => ({
            language: reader(),
            obstacles,
          }),
        );
      },
      // Without it the symbols are still where they are.
      () => {},
    );
  }
  name('try-map', language.t('map.label'));
  layer?.clearLayers();
  const points = [];
  for (const [index, { event }] of events.entries()) {
    if (!event.point || !layer) continue;
    points.push(event.point);
    const marker = L.marker(event.point, {
      icon: L.divIcon({
        className: 'event-marker',
        html: /** @type {any} */ (symbol(event.type, event.geoPrecision)),
        iconSize: [26, 26],
      }),
    });
    marker.on('add', () => {
      const icon = marker.getElement();
      const name = placeName(event, language) ?? '';
      icon?.setAttribute('aria-label', `${language.number(index + 1)} – ${name}`);
    });
    const go = () => show(index + 1);
    marker.on('click', go).on('keypress', go);
    marker.addTo(layer);
  }
  map.invalidateSize();
  labels?.draw();
  if (points.length > 0)
    map.fitBounds(L.latLngBounds(points), { maxZoom: 9, padding: [40, 40] });
}

/**
 * A part that scrolls or is moved has a name, and the keyboard comes to it.
 * @param {string} id
 * @param {string} label
 */
function name(id, label) {
  const part = byId(id);
  part.setAttribute('role', 'group');
  part.setAttribute('aria-label', label);
  part.tabIndex = 0;
}

/** The boxes of the symbols, which no name shall cover. */
function obstacles() {
  return (read?.reading.events ?? []).flatMap(({ event }) => {
    if (!event.point || map === null) return [];
    const { x, y } = map.latLngToLayerPoint(event.point);
    return [{ left: x - 13, right: x + 13, top: y - 13, bottom: y + 13 }];
  });
}

/**
 * Shows an event in the list and its sentence in the text.
 * @param {number} n
 */
function show(n) {
  for (const mark of byId('try-marked').querySelectorAll('mark')) {
    const isIt = mark.dataset.events?.split(' ').includes(String(n)) ?? false;
    mark.classList.toggle('chosen', isIt);
    if (isIt) mark.scrollIntoView({ block: 'nearest' });
  }
}

/**
 * @param {number} n
 * @param {string} [href]
 */
function number(n, href) {
  const text = reader().number(n);
  return href
    ? el('a', { class: 'try-number', href, onclick: () => show(n) }, text)
    : el('span', { class: 'try-number' }, text);
}
