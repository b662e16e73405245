/** The events that may be the same as the one that is open. */

import { fetchLikely } from '../details.js';
import { el, outside } from '../lib/dom.js';
import { dateInWords, placeName, whatHappened } from '../lib/words.js';

/** @import { Language } from '../i18n/index.js' */
/** @import { Event } from '../types.d.ts' */

/**
 * An empty element that fills itself if there is anything to tell.
 * @param {Event} event
 * @param {Language} language
 * @param {(event: Event) => void} onShow
 */
export function likely(event, language, onShow) {
  const place = el('div', { class: 'likely' });
  fetchLikely(event).then(
    (found) => {
      if (found.length === 0) return;
      place.append(
        el('h3', {}, language.t('event.likely')),
        el(
          'ul',
          {},
          ...found.map((each) => el('li', {}, link(each, language, onShow))),
        ),
      );
    },
    // The event is told all the same.
    () => {},
  );
  return place;
}

/**
 * @param {Event} event
 * @param {Language} language
 * @param {(event: Event) => void} onShow
 */
function link(event, language, onShow) {
  const name = placeName(event, language);
  return el(
    'a',
    {
      href: `#event=${encodeURIComponent(event.id)}`,
      onclick: (/** @type {MouseEvent} */ click) => {
        // Another tab gets the address; here the filters stay.
        if (click.ctrlKey || click.metaKey || click.shiftKey) return;
        click.preventDefault();
        onShow(event);
      },
    },
    whatHappened(event, language),
    name && ' · ',
    name && outside(name),
    ' · ',
    dateInWords(event, language).main,
  );
}
