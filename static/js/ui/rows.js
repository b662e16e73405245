/** Rows of the list and of the table. */

import { actorName } from '../lib/actors.js';
import { el, outside } from '../lib/dom.js';
import { dateInWords, placeName, shortToll, whatHappened } from '../lib/words.js';
import { symbol } from '../map/symbols.js';

/** @import { Language } from '../i18n/index.js' */
/** @import { Event, State } from '../types.d.ts' */

/**
 * @typedef {object} Rows
 * @property {Event[]} events
 * @property {number} first The place of the first among all.
 * @property {number} matched How many there are in all.
 * @property {string} before The heading that the first row follows.
 * @property {State['sort']} sort
 * @property {Language} language
 */

/** Rows that are built in one frame. */
const AT_ONCE = 2;

/**
 * Adds the lists of a page and the headings over them, some rows at a time.
 * @param {Rows} rows
 * @param {(part: HTMLElement) => void} add
 * @returns {Generator<void, void>}
 */
export function* listRows({ events, first, matched, before, sort, language }, add) {
  const byDay = isByDay(sort);
  /** @type {HTMLUListElement | null} */
  let list = null;
  let heading = before;
  for (const [at, event] of events.entries()) {
    if (at > 0 && at % AT_ONCE === 0) yield;
    const when = dateInWords(event, language).main;
    if (!list || (byDay && when !== heading)) {
      if (byDay && when !== heading) add(el('h3', { class: 'day' }, when));
      list = el('ul', {});
      add(list);
      heading = when;
    }
    const place = { 'aria-posinset': first + at + 1, 'aria-setsize': matched };
    list.append(el('li', place, row(event, language, byDay ? null : when)));
  }
}

/**
 * Adds the rows of a page of the table, some at a time.
 * @param {Rows} rows
 * @param {(part: HTMLElement) => void} add
 * @returns {Generator<void, void>}
 */
export function* tableRows({ events, language }, add) {
  for (const [at, event] of events.entries()) {
    if (at > 0 && at % AT_ONCE === 0) yield;
    add(tableRow(event, language));
  }
}

/**
 * The heading that the rows of a page leave behind, which the next page need not repeat.
 * @param {Event[]} events
 * @param {State['sort']} sort
 * @param {Language} language
 */
export function lastHeading(events, sort, language) {
  const last = events.at(-1);
  return last && isByDay(sort) ? dateInWords(last, language).main : '';
}

/** @param {State['sort']} sort */
function isByDay(sort) {
  return sort === 'new' || sort === 'old';
}

/**
 * @param {Language} language
 * @param {State['sort']} sort
 * @param {(sort: State['sort']) => void} onSort
 */
export function tableHead({ t }, sort, onSort) {
  /**
   * @param {string} name
   * @param {State['sort'] | null} up
   * @param {State['sort'] | null} down
   */
  const head = (name, up, down) => {
    const order =
      sort === up
        ? 'ascending'
        : sort === down
          ? 'descending'
          : down || up
            ? 'none'
            : null;
    const wanted = sort === down && up ? up : (down ?? up);
    return el(
      'th',
      { scope: 'col', 'aria-sort': order },
      wanted
        ? el(
            'button',
            { type: 'button', id: `sort-${name}`, onclick: () => onSort(wanted) },
            t(`table.${name}`),
          )
        : t(`table.${name}`),
    );
  };
  return el(
    'thead',
    {},
    el(
      'tr',
      {},
      head('date', 'old', 'new'),
      head('what', 'type', null),
      head('where', null, null),
      head('killed', null, 'toll'),
    ),
  );
}

/**
 * @param {Event} event
 * @param {Language} language
 */
function tableRow(event, language) {
  const place = placeName(event, language);
  const killed = shortToll(event.fatalities);
  return el(
    'tr',
    {},
    el('td', { class: 'cell-date' }, dateInWords(event, language).main),
    el(
      'th',
      { scope: 'row' },
      el(
        'button',
        { type: 'button', class: 'row', 'data-event': event.id },
        symbol(event.type, event.point ? event.geoPrecision : 3),
        el('span', {}, whatHappened(event, language)),
      ),
    ),
    el('td', {}, place ? outside(place) : language.t('event.noPlace')),
    el('td', { class: 'cell-number' }, killed === null ? '–' : language.number(killed)),
  );
}

/**
 * @param {Event} event
 * @param {Language} language
 * @param {string | null} when Said in the row where no heading says it.
 */
function row(event, language, when) {
  const place = placeName(event, language);
  const killed = shortToll(event.fatalities);
  return el(
    'button',
    { type: 'button', class: 'row', 'data-event': event.id },
    symbol(event.type, event.point ? event.geoPrecision : 3),
    el(
      'span',
      { class: 'row-text' },
      el('span', { class: 'row-what' }, whatHappened(event, language)),
      el(
        'span',
        { class: 'row-where' },
        place ? outside(place) : language.t('event.noPlace'),
        when !== null && ` · ${when}`,
      ),
      actors(event, language),
    ),
    killed !== null &&
      killed > 0 &&
      el('span', { class: 'toll' }, language.plural('killed', killed)),
  );
}

/**
 * @param {Event} event
 * @param {Language} language
 */
function actors({ actor1, actor2, actorIds }, language) {
  const names = [actor1, actor2]
    .filter((name) => name !== null)
    .map((name) => outside(actorName(name, actorIds, language)));
  const [first, second] = names;
  if (!first) return null;
  return el('span', { class: 'row-who' }, first, second && ' – ', second);
}
