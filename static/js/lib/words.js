/** Says dates, numbers and places in words. Pure: the language comes as an argument. */

/** @import { Event, Range } from '../types.d.ts' */
/** @import { Language } from '../i18n/index.js' */

/** Words that tell a night from two days. */
const NIGHT = /ليل|منتصف|night|overnight/i;

/**
 * The time of an event: what is known of it, what is not, and the text's own words
 * where they say more than we do.
 * @param {Pick<Event, 'date' | 'dateEnd' | 'timePrecision' | 'dateText'>} event
 * @param {Language} language
 * @returns {{ main: string, note: string | null, textSays: string | null }}
 */
export function dateInWords(event, language) {
  const { date, dateEnd, timePrecision, dateText } = event;
  if (date === null) {
    return { main: language.t('date.unknown'), note: null, textSays: dateText };
  }
  const end = dateEnd !== null && dateEnd > date ? dateEnd : null;
  const vague = timePrecision === 2 || timePrecision === 3;
  return {
    main: mainDate(date, end, timePrecision, dateText, language),
    note: vague ? language.t('date.dayUnknown') : null,
    textSays: dateText,
  };
}

/**
 * A day of the calendar, such as `2022-07-18`. It belongs to no time zone, so it is
 * read and written in one and the same.
 * @param {string} isoDay
 * @param {Language} language
 * @param {'long' | 'short'} [length] Short is without the year.
 */
export function dayInWords(isoDay, language, length = 'long') {
  const options = length === 'short' ? SHORT_DAY : DAY;
  return formatter(language, options).format(new Date(isoDay));
}

/**
 * A moment, such as a date of publication: the day it was in Damascus.
 * @param {string} text
 * @param {Language} language
 */
export function publishedInWords(text, language) {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return dayInWords(text, language);
  const moment = new Date(text);
  if (Number.isNaN(moment.getTime())) return text;
  return formatter(language, DAY_IN_DAMASCUS).format(moment);
}

/**
 * A toll: "3", "3 to 5", "at least 3". What nobody reported is said to be so,
 * and never shown as zero.
 * @param {Range} range
 * @param {Language} language
 */
export function rangeInWords({ best, low, high }, language) {
  if (low !== null && high !== null && low < high) {
    return language.t('range.between', {
      low: language.number(low),
      high: language.number(high),
    });
  }
  const sure = best ?? (low !== null && low === high ? low : null);
  if (sure !== null) return language.number(sure);
  if (low !== null) return language.t('range.atLeast', { n: language.number(low) });
  if (high !== null) return language.t('range.atMost', { n: language.number(high) });
  return language.t('notReported');
}

/**
 * @param {Range} range
 */
export function isReported({ best, low, high }) {
  return best !== null || low !== null || high !== null;
}

/**
 * A toll as one number, for the short form in the list: the best that is known, or else
 * the least, or else the most.
 * @param {Range} range
 */
export function shortToll({ best, low, high }) {
  return best ?? low ?? high;
}

/**
 * What happened, as precisely as it is known.
 * @param {Pick<Event, 'type' | 'eventType' | 'subEventType'>} event
 * @param {Language} language
 */
export function whatHappened({ type, eventType, subEventType }, language) {
  return subEventType !== null
    ? language.subType(subEventType)
    : language.type(type, eventType);
}

/**
 * The name of the place in the reader's language, as far as it is known.
 * @param {Event} event
 * @param {Language} language
 */
export function placeName(event, language) {
  const names =
    language.lang === 'ar'
      ? [event.locationAr, event.location]
      : [event.location, event.locationAr];
  return names.find((name) => name !== null) ?? event.placeText;
}

/** @type {Intl.DateTimeFormatOptions} */
const DAY = { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' };

/** @type {Intl.DateTimeFormatOptions} */
const SHORT_DAY = { day: 'numeric', month: 'short', timeZone: 'UTC' };

/** @type {Intl.DateTimeFormatOptions} */
const MONTH = { month: 'long', year: 'numeric', timeZone: 'UTC' };

/** @type {Intl.DateTimeFormatOptions} */
const DAY_IN_DAMASCUS = { ...DAY, timeZone: 'Asia/Damascus' };

/**
 * @param {string} date
 * @param {string | null} end
 * @param {Event['timePrecision']} precision
 * @param {string | null} dateText
 * @param {Language} language
 */
function mainDate(date, end, precision, dateText, language) {
  if (precision === 3 && (end === null || sameMonth(date, end))) {
    return monthInWords(date, language);
  }
  if (precision === 2 && end === null) {
    return language.t('date.weekOf', { day: dayInWords(date, language) });
  }
  if (end === null) return dayInWords(date, language);
  const range = formatter(language, DAY)
    .formatRange(new Date(date), new Date(end))
    // Two days of one month are written closely, as news sites do: 17–18 July.
    .replace(/^(\d{1,2})\s*–\s*(?=\d{1,2}\b)/, '$1–');
  return isNight(date, end, dateText) ? language.t('date.nightOf', { range }) : range;
}

/**
 * @param {string} date
 * @param {string} end
 */
function sameMonth(date, end) {
  return date.slice(0, 7) === end.slice(0, 7);
}

/**
 * @param {string} date
 * @param {string} end
 * @param {string | null} dateText
 */
function isNight(date, end, dateText) {
  const oneDay = 24 * 60 * 60 * 1000;
  return Date.parse(end) - Date.parse(date) === oneDay && NIGHT.test(dateText ?? '');
}

/**
 * @param {string} date
 * @param {Language} language
 */
export function monthInWords(date, language) {
  return formatter(language, MONTH).format(new Date(date));
}

/**
 * Making a formatter takes far longer than using it, and a list needs thousands.
 * @type {Map<Intl.DateTimeFormatOptions, Map<string, Intl.DateTimeFormat>>}
 */
const formatters = new Map();

/**
 * @param {Language} language
 * @param {Intl.DateTimeFormatOptions} options One of the constants of this file.
 * @returns {Intl.DateTimeFormat}
 */
function formatter({ locale }, options) {
  const known = formatters.get(options) ?? new Map();
  const found = known.get(locale) ?? new Intl.DateTimeFormat(locale, options);
  formatters.set(options, known.set(locale, found));
  return found;
}
