/** The places that an event was not put at, though its words can mean them. */

import { fetchNamesakes } from '../details.js';
import { el } from '../lib/dom.js';
import { namesOf, whatAndWhere } from '../lib/place.js';

/** @import { Language } from '../i18n/index.js' */
/** @import { Event, FoundPlace } from '../types.d.ts' */

/**
 * An empty element that fills itself if there is anything to tell.
 * @param {Event} event
 * @param {Language} language
 */
export function namesakes(event, language) {
  const place = el('div', { class: 'namesakes' });
  fetchNamesakes(event, language.lang).then(
    (found) => {
      if (found.length > 0) place.append(details(event, found, language));
    },
    // That others bear the name is a footnote; without it the event is told all the same.
    () => {},
  );
  return place;
}

/**
 * @param {Event} event
 * @param {FoundPlace[]} found
 * @param {Language} language
 */
function details(event, found, language) {
  const key = event.point ? 'namesakes.refused' : 'namesakes.possible';
  return el(
    'details',
    {},
    el(
      'summary',
      {},
      language.t(key),
      ' ',
      el('span', { class: 'count' }, language.number(found.length)),
    ),
    el(
      'ul',
      {},
      ...found.map((each) => {
        const [name, other] = namesOf(each, language);
        return el(
          'li',
          {},
          name && el('bdi', { lang: name.lang }, name.text),
          other && ' · ',
          other && el('bdi', { lang: other.lang }, other.text),
          el('span', { class: 'fact-note' }, whatAndWhere(each, language)),
        );
      }),
    ),
  );
}
