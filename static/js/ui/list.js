/** The list beside the map: the same events, newest first, and those that have no place. */

import { actorName } from '../lib/actors.js';
import { byId, el, outside } from '../lib/dom.js';
import { dateInWords, placeName, shortToll } from '../lib/words.js';
import { symbol } from '../map/symbols.js';

/** @import { Language } from '../i18n/index.js' */
/** @import { Event } from '../types.d.ts' */

/** Rows that are drawn at once; more come on request, so that a phone is not held up. */
const CHUNK = 100;

/**
 * @typedef {object} ListContext
 * @property {Event[]} events Filtered and sorted.
 * @property {'map' | 'unplaced'} tab
 * @property {Language} language
 * @property {string} emptyText What to say when there is nothing to list.
 * @property {(event: Event, origin: HTMLElement) => void} onOpen
 * @property {(tab: 'map' | 'unplaced') => void} onTab
 */

/** @param {ListContext} context */
export function renderList(context) {
  const { events, tab, language, emptyText } = context;
  const placed = events.filter(({ point }) => point !== null);
  const unplaced = events.filter(({ point }) => point === null);
  renderTabs(context, placed.length, unplaced.length);

  const chosen = tab === 'map' ? placed : unplaced;
  const list = byId('list');
  list.replaceChildren();
  if (events.length === 0) {
    list.append(el('p', { class: 'message' }, emptyText));
  } else if (chosen.length === 0) {
    const text = tab === 'map' ? 'state.noneOnMap' : 'state.noneUnplaced';
    list.append(el('p', { class: 'message' }, language.t(text)));
  } else {
    if (tab === 'unplaced') {
      list.append(el('p', { class: 'note' }, language.t('list.unplacedNote')));
    }
    appendRows(list, chosen, 0, context);
  }
}

/**
 * @param {ListContext} context
 * @param {number} placed
 * @param {number} unplaced
 */
function renderTabs({ tab, language, onTab }, placed, unplaced) {
  const had = document.activeElement?.id;
  const button = (
    /** @type {'map' | 'unplaced'} */ name,
    /** @type {number} */ count,
  ) =>
    el(
      'button',
      {
        type: 'button',
        id: `tab-${name}`,
        'aria-pressed': String(tab === name),
        onclick: () => onTab(name),
      },
      language.t(`list.${name}`),
      ' ',
      el('span', { class: 'count' }, language.number(count)),
    );
  const buttons = [button('map', placed), button('unplaced', unplaced)];
  byId('tabs').replaceChildren(...buttons);
  // The button that was pressed has just been replaced; the keyboard stays on its heir.
  buttons.find(({ id }) => id === had)?.focus();
}

/**
 * @param {HTMLElement} list
 * @param {Event[]} events
 * @param {number} start
 * @param {ListContext} context
 */
function appendRows(list, events, start, context) {
  const { language } = context;
  const part = events.slice(start, start + CHUNK);
  /** @type {HTMLUListElement | null} */
  let rows = null;
  let heading = '';
  for (const event of part) {
    const when = dateInWords(event, language).main;
    if (when !== heading || !rows) {
      heading = when;
      rows = el('ul', {});
      list.append(el('h3', { class: 'day' }, when), rows);
    }
    rows.append(el('li', {}, row(event, context)));
  }
  const rest = events.length - start - part.length;
  if (rest <= 0) return;
  const more = el(
    'button',
    {
      type: 'button',
      class: 'button more',
      onclick: () => {
        const from = list.querySelectorAll('li').length;
        more.remove();
        appendRows(list, events, start + CHUNK, context);
        /** @type {HTMLElement | undefined} */ (
          list.querySelectorAll('.row')[from]
        )?.focus();
      },
    },
    `${language.t('list.more')} (${language.number(rest)})`,
  );
  list.append(more);
}

/**
 * @param {Event} event
 * @param {ListContext} context
 */
function row(event, { language, onOpen }) {
  const place = placeName(event, language);
  const killed = shortToll(event.fatalities);
  const button = el(
    'button',
    { type: 'button', class: 'row', 'data-event': event.id },
    symbol(event.type, event.point ? event.geoPrecision : 3),
    el(
      'span',
      { class: 'row-text' },
      el('span', { class: 'row-what' }, what(event, language)),
      el(
        'span',
        { class: 'row-where' },
        place ? outside(place) : language.t('event.noPlace'),
      ),
      actors(event, language),
    ),
    killed !== null &&
      killed > 0 &&
      el('span', { class: 'toll' }, language.plural('killed', killed)),
  );
  button.addEventListener('click', () => onOpen(event, button));
  return button;
}

/**
 * @param {Event} event
 * @param {Language} language
 */
function what(event, language) {
  return event.subEventType
    ? language.subType(event.subEventType)
    : language.type(event.type, event.eventType);
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
