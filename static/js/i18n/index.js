/** The two languages of the page, with their rules for number, plural and direction. */

/** @import { Dictionary, Lang, ReadingWords, TypeSlug } from '../types.d.ts' */

/** What each language is called by those who speak it. */
export const NAMES = { ar: 'العربية', en: 'English' };

/** Those that were loaded. @type {Partial<Record<Lang, Dictionary>>} */
const dictionaries = {};

/**
 * Loads the words of a language, which must be there before {@link language} is asked for it.
 * @param {Lang} lang
 */
export async function loadLanguage(lang) {
  dictionaries[lang] ??= (await import(`./${lang}.js`))[lang];
}

/** Those for what was made of a text. @type {Partial<Record<Lang, ReadingWords>>} */
const readings = {};

/**
 * Loads the words of a language with those for what was made of a text.
 * @param {Lang} lang
 */
export async function loadReading(lang) {
  await loadLanguage(lang);
  readings[lang] ??= (await import(`./reading-${lang}.js`)).reading;
}

/**
 * Syria's names of the months, with the digits that its news sites use.
 * @type {Record<Lang, string>}
 */
const LOCALES = { ar: 'ar-SY-u-nu-latn', en: 'en-GB' };

/**
 * @param {Lang} lang
 * @param {string} [digits] `arab` for those of Arabic, in Arabic: ١٢٣.
 */
export function language(lang, digits = chosenDigits()) {
  const words = dictionaries[lang];
  if (!words) throw new Error(`the words of ${lang} are not loaded`);
  const locale = lang === 'ar' && digits === 'arab' ? 'ar-SY-u-nu-arab' : LOCALES[lang];
  const rules = new Intl.PluralRules(locale);
  const numbers = new Intl.NumberFormat(locale);
  const compact = new Intl.NumberFormat(locale, {
    notation: 'compact',
    maximumFractionDigits: 0,
  });
  return {
    lang,
    locale,
    name: words.name,
    dir: directionOf(lang),

    /** @param {number} n */
    number: (n) => numbers.format(n),

    /**
     * @param {string} key
     * @param {Record<string, string>} [values]
     */
    t: (key, values = {}) => insert(words.text[key] ?? key, values),

    /**
     * @param {string} key
     * @param {number} n
     */
    plural(key, n) {
      const forms = words.plural[key];
      const form = forms?.[rules.select(n)] ?? forms?.other ?? key;
      return insert(form, { n: numbers.format(n) });
    },

    /**
     * @param {TypeSlug} slug
     * @param {string | null} given The name as it came, for a type this page does not know.
     */
    type: (slug, given) => (slug === 'other' && given) || (words.types[slug] ?? slug),

    /** @param {string} name */
    subType: (name) => words.subTypes[name] ?? name,

    /** @param {string} reason Null if this page does not know it. */
    refusal: (reason) => readings[lang]?.refusals[reason] ?? null,

    /** @param {string} problem Null if this page does not know it. */
    problem: (problem) => readings[lang]?.problems[problem] ?? null,

    /** @param {string | null} code Null if this page does not know it. */
    error: (code) => (code !== null && readings[lang]?.errors[code]) || null,

    /** @param {string} name What a place is, as the gazetteer has it. */
    kind: (name) => words.kinds[name] ?? name,

    /**
     * @param {string | null} pcode
     * @param {string} name
     */
    governorate: (pcode, name) => (pcode && words.governorates[pcode]) || name,

    /**
     * English shows ACLED's names as they came, because analysts search for them.
     * @param {string} id
     */
    actor: (id) => (lang === 'en' ? null : (words.actors[id] ?? null)),

    /**
     * The plain name of an actor whose name in the data is not known.
     * @param {string} id
     */
    actorName: (id) => words.actors[id] ?? null,

    /**
     * A number in so few characters that it fits into a symbol.
     * @param {number} n
     */
    short: (n) => (n < 10_000 ? numbers.format(n) : compact.format(n)),
  };
}

/** @param {Lang} lang */
export function directionOf(lang) {
  return lang === 'ar' ? 'rtl' : 'ltr';
}

/** @typedef {ReturnType<typeof language>} Language */

/** The reader's choice, which stands at the root of the page. */
function chosenDigits() {
  return globalThis.document?.documentElement.dataset.digits;
}

/**
 * The reader's language: what the link asks for, else the first that the browser
 * prefers and we speak, else Arabic.
 * @param {string | null} asked
 * @param {readonly string[]} preferred
 * @returns {Lang}
 */
export function chooseLang(asked, preferred) {
  const wishes = [asked, ...preferred].map((tag) => tag?.slice(0, 2).toLowerCase());
  const found = wishes.find((tag) => tag === 'ar' || tag === 'en');
  return /** @type {Lang} */ (found ?? 'ar');
}

/**
 * @param {string} text
 * @param {Record<string, string>} values
 */
function insert(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}
