/**
 * What the articles say: the sentence an event rests on, with the words that made it
 * marked, and every article that tells of it, with where it can be read.
 */

import { fetchSources } from '../details.js';
import { el, outside, withoutControls } from '../lib/dom.js';
import { whyJoined } from '../lib/joined.js';
import { piecesOf } from '../lib/said.js';
import { hostName, safeUrl } from '../lib/url.js';
import { publishedInWords } from '../lib/words.js';
import { arrow } from './arrow.js';

/** @import { Language } from '../i18n/index.js' */
/** @import { Child } from '../lib/dom.js' */
/** @import { Event, Joined, Source } from '../types.d.ts' */

/**
 * @param {Event} event
 * @param {Language} language
 */
export function evidence(event, language) {
  if (event.evidence === null) return null;
  const { t } = language;
  const pieces = piecesOf(event.evidence, event);
  const roles = [...new Set(pieces.map(({ role }) => role))].filter(
    (role) => role !== null,
  );
  return el(
    'figure',
    { class: 'evidence' },
    el('figcaption', { class: 'evidence-title' }, t('event.evidence')),
    sentence(pieces),
    event.attribution !== null &&
      el('p', {}, t('event.attribution'), ' ', outside(event.attribution)),
    roles.length > 0 &&
      el(
        'p',
        { class: 'said-legend' },
        t('said.marked'),
        ' ',
        ...roles.flatMap((role, i) => [
          i > 0 && t('comma'),
          el('span', { class: `said said-${role}` }, t(`said.${role}`)),
        ]),
      ),
  );
}

/**
 * Every article that tells of the event: its own at once, the others when they are there.
 * @param {Event} event
 * @param {Language} language
 */
export function sources(event, language) {
  const { t } = language;
  const list = el('ul', { class: 'sources' });
  const note = el('p', { class: 'fact-note', role: 'status' });
  const several = event.nSources !== null && event.nSources > 1;
  fetchSources(event).then(
    (found) =>
      list.replaceChildren(...found.map((each) => item(each, event, language))),
    () => {
      note.textContent = t('sources.failed');
    },
  );
  return el(
    'section',
    { 'aria-labelledby': 'sources-title' },
    el(
      'h3',
      { id: 'sources-title' },
      several ? language.plural('sources', event.nSources ?? 1) : t('event.source'),
    ),
    list,
    note,
  );
}

/** @param {ReturnType<typeof piecesOf>} pieces */
function sentence(pieces) {
  const marked = pieces.map(({ text, role }) => {
    const plain = withoutControls(text);
    return role === null ? plain : el('mark', { class: `said said-${role}` }, plain);
  });
  // Not inside a `bdi`: what is isolated does not tell the direction of the whole.
  return el('blockquote', { dir: 'auto' }, ...marked);
}

/**
 * An article. Another one than that of the event is quoted, too.
 * @param {Source} source
 * @param {Event} event
 * @param {Language} language
 */
function item(source, event, language) {
  const isOther = source.evidence !== null && source.evidence !== event.evidence;
  return el(
    'li',
    {},
    source.title !== null && el('p', { class: 'headline' }, outside(source.title)),
    isOther &&
      el('blockquote', { dir: 'auto' }, withoutControls(source.evidence ?? '')),
    el(
      'p',
      { class: 'evidence-source' },
      source.source !== null && outside(source.source),
      source.source !== null && source.published !== null && ' · ',
      source.published !== null && publishedInWords(source.published, language),
    ),
    source.joined !== null && why(source.joined, language),
    link(source.url, language),
  );
}

/**
 * Why the article is held to tell of the same happening: in a line, and the rest behind it.
 * @param {Joined} joined
 * @param {Language} language
 */
function why(joined, language) {
  const { t } = language;
  const { first, others } = whyJoined(joined, language);
  const line = joined.byPerson
    ? [t('joined.person')]
    : !joined.isCopy
      ? [t('joined.because', { reasons: first })]
      : joined.copyOf !== null
        ? around('joined.copyOf', joined.copyOf, language)
        : [t('joined.copy')];
  const more = joined.isCopy && first !== '' ? [first, ...others] : others;
  if (joined.byPerson || more.length === 0) return el('p', { class: 'why' }, ...line);
  const items = [
    ...more.map((text) => [text]),
    ...(joined.like !== null ? [around('joined.like', joined.like, language)] : []),
  ];
  return el(
    'details',
    { class: 'why' },
    el('summary', {}, ...line),
    el('ul', {}, ...items.map((item) => el('li', {}, ...item))),
  );
}

/**
 * A sentence with the name of an outlet in it.
 * @param {string} key
 * @param {string} source
 * @param {Language} language
 * @returns {Child[]}
 */
function around(key, source, { t }) {
  const [before = '', after = ''] = t(key, { source: '\n' }).split('\n');
  return [before, outside(source), after];
}

/**
 * Says where the link leads before it is followed, and lends the target nothing:
 * no referrer, no window, no reputation.
 * @param {string | null} address
 * @param {Language} language
 */
function link(address, language) {
  const url = safeUrl(address);
  if (!url) return null;
  const [before = '', after = ''] = language
    .t('event.link', { host: '\n' })
    .split('\n');
  return el(
    'p',
    {},
    el(
      'a',
      {
        href: url.href,
        rel: 'noopener noreferrer nofollow ugc',
        target: '_blank',
        class: 'source-link',
      },
      before,
      el('bdi', { dir: 'ltr' }, hostName(url)),
      after,
      arrow('out'),
    ),
  );
}
