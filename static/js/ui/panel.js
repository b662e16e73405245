/** One event in full: what happened, the sentence that says so, and who said it. */

import { actorName } from '../lib/actors.js';
import { byId, el, outside } from '../lib/dom.js';
import { isSample } from '../lib/event.js';
import { dateInWords, isReported, placeName, rangeInWords } from '../lib/words.js';
import { symbol } from '../map/symbols.js';
import { arrow } from './arrow.js';
import { shareButton } from './copy.js';
import { eventDownloads } from './download.js';
import { evidence, sources } from './evidence.js';
import { likely } from './likely.js';
import { namesakes } from './namesakes.js';

/** @import { Child } from '../lib/dom.js' */
/** @import { Language } from '../i18n/index.js' */
/** @import { Event } from '../types.d.ts' */

/**
 * @param {Event} event
 * @param {Event[]} siblings All events at the same point, this one among them.
 * @param {Language} language
 * @param {{ onBack: () => void, onShow: (event: Event) => void }} actions
 */
export function renderPanel(event, siblings, language, { onBack, onShow }) {
  const panel = byId('panel');
  panel.replaceChildren(
    el(
      'div',
      { class: 'panel-bar' },
      el(
        'button',
        { type: 'button', class: 'button back', id: 'panel-back', onclick: onBack },
        arrow('back'),
        language.t('event.back'),
      ),
      siblings.length > 1 && pager(event, siblings, language, onShow),
    ),
    el(
      'article',
      { class: 'event', 'aria-labelledby': 'panel-title' },
      ...body(event, language, onShow),
    ),
  );
}

/**
 * @param {Event} event
 * @param {Language} language
 * @param {(event: Event) => void} onShow
 * @returns {Child[]}
 */
function body(event, language, onShow) {
  const { t } = language;
  return [
    isSample(event) && el('p', { class: 'sample' }, t('sample.event')),
    el(
      'header',
      {},
      el(
        'p',
        { class: 'event-type' },
        symbol(event.type, event.point ? event.geoPrecision : 3),
        el('span', {}, language.type(event.type, event.eventType)),
      ),
      el('h2', { id: 'panel-title', tabindex: -1 }, heading(event, language)),
      event.civilianTargeting !== null &&
        el('p', { class: 'badge' }, t('event.civilians')),
    ),
    el(
      'dl',
      { class: 'facts' },
      ...fact(t('event.when'), when(event, language)),
      ...fact(t('event.where'), where(event, language)),
    ),
    evidence(event, language),
    el('dl', { class: 'facts' }, ...who(event, language)),
    tolls(event, language),
    el('dl', { class: 'facts provenance' }, ...provenance(event, language)),
    sources(event, language),
    likely(event, language, onShow),
    el(
      'footer',
      { class: 'event-actions' },
      shareButton('share-event', heading(event, language), language),
      eventDownloads(event, language),
    ),
  ];
}

/**
 * @param {Event} event
 * @param {Language} language
 */
function heading({ type, eventType, subEventType }, language) {
  if (subEventType !== null) return language.subType(subEventType);
  return eventType !== null
    ? language.type(type, eventType)
    : language.t('event.untyped');
}

/**
 * @param {Event} event
 * @param {Language} language
 * @returns {Child[]}
 */
function when(event, language) {
  const { main, note, textSays } = dateInWords(event, language);
  const precision = event.date !== null && `time.${event.timePrecision ?? 'unknown'}`;
  return [
    el('span', { class: 'fact-main' }, main),
    precision && !note && el('span', { class: 'fact-note' }, language.t(precision)),
    note && el('span', { class: 'fact-note' }, note),
    textSays && quoted(textSays, 'date.textSays', language),
  ];
}

/**
 * @param {Event} event
 * @param {Language} language
 * @returns {Child[]}
 */
function where(event, language) {
  const { t } = language;
  const name = placeName(event, language);
  const governorate =
    (event.admin1 ?? event.admin1Pcode)
      ? language.governorate(event.admin1Pcode, event.admin1 ?? '')
      : null;
  if (!event.point) {
    return [
      el('span', { class: 'fact-main' }, t('event.noPlace')),
      name && quoted(name, 'date.textSays', language),
      namesakes(event, language),
    ];
  }
  const precision = event.geoPrecision ?? 'unknown';
  const text = event.placeText !== name ? event.placeText : null;
  return [
    el('span', { class: 'fact-main' }, name ? outside(name) : t('event.noPlace')),
    governorate &&
      el('span', { class: 'fact-note' }, t('event.governorate', { name: governorate })),
    el('span', { class: 'fact-note' }, t(`precision.${precision}`)),
    text && quoted(text, 'date.textSays', language),
    namesakes(event, language),
  ];
}

/**
 * @param {Event} event
 * @param {Language} language
 * @returns {Child[]}
 */
function who(event, language) {
  const { t } = language;
  const named = [
    event.actor1,
    ...event.assocActor1,
    event.actor2,
    ...event.assocActor2,
  ];
  if (named.every((name) => name === null)) {
    return fact(t('event.actor1'), [t('event.actorUnknown')]);
  }
  return [
    ...fact(t('event.actor1'), side(event.actor1, event.assocActor1, event, language)),
    ...(event.actor2 !== null || event.assocActor2.length > 0
      ? fact(t('event.actor2'), side(event.actor2, event.assocActor2, event, language))
      : []),
  ];
}

/**
 * @param {string | null} actor
 * @param {string[]} associates
 * @param {Event} event
 * @param {Language} language
 * @returns {Child[]}
 */
function side(actor, associates, { actorIds }, language) {
  const { t } = language;
  const show = (/** @type {string} */ name) =>
    outside(actorName(name, actorIds, language));
  const [before = '', after = ''] = t('event.assoc', { names: '\n' }).split('\n');
  return [
    el(
      'span',
      { class: 'fact-main' },
      actor !== null ? show(actor) : t('event.actorUnknown'),
    ),
    associates.length > 0 &&
      el(
        'span',
        { class: 'fact-note' },
        before,
        ...associates.flatMap((name, i) =>
          i > 0 ? [t('comma'), show(name)] : [show(name)],
        ),
        after,
      ),
  ];
}

/**
 * Deaths and injuries are always there, because that nobody reported them is news too;
 * the rest only where the article counts it.
 * @param {Event} event
 * @param {Language} language
 */
function tolls(event, language) {
  const { t } = language;
  const counted = /** @type {const} */ (['personnel', 'vehicles', 'trucks']).flatMap(
    (name) => {
      const n = event[name];
      return n !== null ? [toll(t(`event.${name}`), language.number(n), true)] : [];
    },
  );
  return el(
    'dl',
    { class: 'tolls' },
    toll(
      t('event.killed'),
      rangeInWords(event.fatalities, language),
      isReported(event.fatalities),
    ),
    toll(
      t('event.injured'),
      rangeInWords(event.injured, language),
      isReported(event.injured),
    ),
    ...counted,
  );
}

/**
 * @param {string} name
 * @param {string} value
 * @param {boolean} known
 */
function toll(name, value, known) {
  return el(
    'div',
    { class: known ? 'toll-known' : 'toll-unknown' },
    el('dt', {}, name),
    el('dd', {}, value),
  );
}

/**
 * @param {Event} event
 * @param {Language} language
 * @returns {Child[]}
 */
function provenance(event, language) {
  const { t } = language;
  const certainty = word('certainty', event.certainty, language);
  const review = word('review', event.review, language);
  const confidence =
    event.confidence !== null &&
    t('event.confidence', {
      share: new Intl.NumberFormat(language.locale, { style: 'percent' }).format(
        event.confidence,
      ),
    });
  return [
    ...(certainty
      ? fact(t('event.certainty'), [
          el('span', {}, certainty),
          confidence && el('span', { class: 'fact-note' }, confidence),
        ])
      : []),
    ...(review ? fact(t('event.review'), [review]) : []),
    ...(event.extractor !== null
      ? fact(t('event.extractor'), [outside(event.extractor)])
      : []),
  ];
}

/**
 * A code of the data in the reader's language; one that this page does not know as it is.
 * @param {'certainty' | 'review'} kind
 * @param {string | null} code
 * @param {Language} language
 */
function word(kind, code, { t }) {
  if (code === null) return null;
  const key = `${kind}.${code}`;
  const said = t(key);
  return said === key ? code : said;
}

/**
 * @param {string} text
 * @param {string} key A sentence with a place for the quotation.
 * @param {Language} language
 */
function quoted(text, key, { t }) {
  const [before = '', after = ''] = t(key, { text: '\n' }).split('\n');
  return el(
    'span',
    { class: 'fact-note' },
    before,
    t('quote.open'),
    outside(text),
    t('quote.close'),
    after,
  );
}

/**
 * @param {string} name
 * @param {Child[]} value
 * @returns {Child[]}
 */
function fact(name, value) {
  return [el('dt', {}, name), el('dd', {}, ...value)];
}

/**
 * @param {Event} event
 * @param {Event[]} siblings
 * @param {Language} language
 * @param {(event: Event) => void} onShow
 */
function pager(event, siblings, language, onShow) {
  const { t } = language;
  const index = siblings.findIndex(({ id }) => id === event.id);
  const step = (/** @type {'previous' | 'next'} */ name, /** @type {number} */ by) => {
    const target = siblings[index + by];
    return el(
      'button',
      {
        type: 'button',
        class: 'button step',
        id: `panel-${name}`,
        'aria-label': t(`event.${name}`),
        title: t(`event.${name}`),
        // Not `disabled`: the keyboard would be thrown off the button at the last page.
        'aria-disabled': target ? null : 'true',
        onclick: () => target && onShow(target),
      },
      arrow(name),
    );
  };
  return el(
    'div',
    { class: 'pager' },
    step('previous', -1),
    el(
      'span',
      { 'aria-live': 'polite' },
      t('event.page', {
        n: language.number(index + 1),
        total: language.number(siblings.length),
      }),
    ),
    step('next', 1),
  );
}
