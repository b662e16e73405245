/** The sentence that tells of an event, who is quoted in it, and where it can be read. */

import { el, outside } from '../lib/dom.js';
import { hostName, safeUrl } from '../lib/url.js';
import { publishedInWords } from '../lib/words.js';
import { arrow } from './arrow.js';

/** @import { Language } from '../i18n/index.js' */
/** @import { Event } from '../types.d.ts' */

/**
 * @param {Event} event
 * @param {Language} language
 */
export function evidence(event, language) {
  if (event.evidence === null) return null;
  const { t } = language;
  const link = sourceLink(event, language);
  return el(
    'figure',
    { class: 'evidence' },
    el('figcaption', { class: 'evidence-title' }, t('event.evidence')),
    el('blockquote', { dir: 'auto' }, outside(event.evidence)),
    event.attribution !== null &&
      el('p', {}, t('event.attribution'), ' ', outside(event.attribution)),
    el(
      'p',
      { class: 'evidence-source' },
      event.source !== null && outside(event.source),
      event.source !== null && event.published !== null && ' · ',
      event.published !== null && publishedInWords(event.published, language),
    ),
    link,
  );
}

/**
 * Says where the link leads before it is followed, and lends the target nothing:
 * no referrer, no window, no reputation.
 * @param {Event} event
 * @param {Language} language
 */
function sourceLink(event, language) {
  const url = safeUrl(event.sourceUrl);
  if (!url) return null;
  const host = hostName(url);
  const [before = '', after = ''] = language
    .t('event.link', { host: '\n' })
    .split('\n');
  return el(
    'p',
    {},
    event.title !== null && el('span', { class: 'headline' }, outside(event.title)),
    el(
      'a',
      {
        href: url.href,
        rel: 'noopener noreferrer nofollow ugc',
        target: '_blank',
        class: 'source-link',
      },
      before,
      el('bdi', { dir: 'ltr' }, host),
      after,
      arrow('out'),
    ),
  );
}
