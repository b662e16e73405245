/** Says in words what a symbol stands for. */

import { dateInWords, placeName, whatHappened } from '../lib/words.js';

/** @import { Language } from '../i18n/index.js' */
/** @import { Mark } from '../types.d.ts' */

/**
 * The lines of its tooltip, and of what a screen reader says.
 * @param {Mark} mark
 * @param {Language} language
 * @returns {string[]}
 */
export function describe({ event, count, types, region, bbox }, language) {
  const { t, type } = language;
  if (event) {
    const place = placeName(event, language) ?? t('event.noPlace');
    return [whatHappened(event, language), place, dateInWords(event, language).main];
  }
  const [most, second] = types;
  const kinds = [most, second].flatMap((each) =>
    each ? [`${type(each[0], null)} ${language.number(each[1])}`] : [],
  );
  if (region !== null) {
    const name = language.governorate(region, region);
    return [`${language.number(count)} – ${t('map.region', { name })}`, ...kinds];
  }
  // The numeral comes first, because the Arabic dual has none and the symbol does.
  const words = language.plural(bbox === null ? 'eventsHere' : 'events', count);
  return count === 1 && most
    ? [type(most[0], null)]
    : [`${language.short(count)} – ${words}`, ...kinds];
}
