import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ar } from '../../static/js/i18n/ar.js';
import { en } from '../../static/js/i18n/en.js';
import { chooseLang, language } from '../../static/js/i18n/index.js';
import { reading as readingAr } from '../../static/js/i18n/reading-ar.js';
import { reading as readingEn } from '../../static/js/i18n/reading-en.js';

const root = new URL('../../static/', import.meta.url);

test('both languages have the same keys', () => {
  for (const part of Object.keys(en).filter((key) => key !== 'name')) {
    assert.deepEqual(Object.keys(ar[part]).sort(), Object.keys(en[part]).sort(), part);
  }
  for (const part of Object.keys(readingEn)) {
    const [own, other] = [readingAr, readingEn].map((words) =>
      Object.keys(words[part]),
    );
    assert.deepEqual(own.sort(), other.sort(), part);
  }
});

test('both languages fill the same gaps', () => {
  const gaps = (text) => [...text.matchAll(/\{\w+\}/g)].map(([gap]) => gap).sort();
  for (const [key, text] of Object.entries(en.text)) {
    assert.deepEqual(gaps(ar.text[key]), gaps(text), key);
  }
});

test('no word is empty, and none has a bidirectional control character', () => {
  for (const words of [ar, en, readingAr, readingEn]) {
    for (const text of strings(words)) {
      assert.notEqual(text.trim(), '');
      assert.doesNotMatch(text, /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/);
    }
  }
});

test('each language has every plural form that it needs', () => {
  for (const [tag, words] of [
    ['ar', ar],
    ['en', en],
  ]) {
    const needed = new Intl.PluralRules(tag).resolvedOptions().pluralCategories;
    for (const [key, forms] of Object.entries(words.plural)) {
      for (const form of needed) assert.ok(forms[form], `${tag} ${key} ${form}`);
    }
  }
});

test('Arabic counts decline', () => {
  const { plural } = language('ar');
  const counts = [0, 1, 2, 3, 10, 11, 99, 100, 103].map((n) => plural('events', n));
  assert.deepEqual(counts, [
    'لا أحداث',
    'حدث واحد',
    'حدثان',
    '3 أحداث',
    '10 أحداث',
    '11 حدثاً',
    '99 حدثاً',
    '100 حدث',
    '103 أحداث',
  ]);
});

test('English counts decline', () => {
  const { plural } = language('en');
  assert.equal(plural('events', 1), '1 event');
  assert.equal(plural('events', 1200), '1,200 events');
});

test('the vocabularies are complete', () => {
  for (const words of [ar, en]) {
    assert.equal(Object.keys(words.types).filter((type) => type !== 'other').length, 6);
    assert.equal(Object.keys(words.subTypes).length, 25);
    assert.equal(Object.keys(words.governorates).length, 14);
    assert.equal(Object.keys(words.kinds).length, 23);
  }
});

test('the page asks for no word that is not there', () => {
  const asked = files('js/')
    .concat('index.html')
    .flatMap((path) => {
      const text = readFileSync(new URL(path, root), 'utf8');
      const calls = text.matchAll(/(?:\bt\(\s*|data-i18n=)['"]([\w.]+)['"]/g);
      return [...calls].map(([, key]) => key);
    });
  assert.ok(asked.length > 40);
  for (const key of asked) assert.ok(en.text[key], key);
});

test('no word of either language stands in a module', () => {
  const words = files('js/').filter(
    (path) => !path.startsWith('js/i18n/') && path !== 'js/try.js',
  );
  for (const path of words) {
    const code = readFileSync(new URL(path, root), 'utf8')
      .replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
      .replace(/\/(?:[^/\n\\]|\\.)+\/[a-z]*(?=[;,).\s])/g, '');
    assert.doesNotMatch(
      code.replace(/'حلب Hama'|'0-9٠-٩۰-۹'/g, ''),
      /[\u0600-\u06ff]{2}/,
      path,
    );
    // A sentence is several words in one text; these files hold ACLED's names of things.
    if (/lib\/(actors|event|governorates)\.js$/.test(path)) continue;
    for (const [, text] of code.matchAll(/'([A-Z][a-z]+ [^'\n]{8,})'/g)) {
      assert.match(text, /^Natural Earth|^GeoNames/, `${path}: ${text}`);
    }
  }
});

test('every page says everything in both languages', () => {
  for (const path of ['about.html', 'try.html', 'index.html']) {
    const html = readFileSync(new URL(path, root), 'utf8');
    for (const [, key] of html.matchAll(/data-i18n="([^"]+)"/g)) {
      assert.ok(ar.text[key] && en.text[key], `${path}: ${key}`);
    }
  }
  const about = readFileSync(new URL('about.html', root), 'utf8');
  const parts = about.split(/data-lang=|<section/).slice(1, 3);
  const shape = (part) =>
    [...part.matchAll(/<(h2|p|li|dt|dd|a)\b/g)].map(([, tag]) => tag);
  assert.deepEqual(shape(parts[0]), shape(parts[1]));
  assert.ok(shape(parts[0]).length > 25);
});

test('digits are the reader\u2019s choice, and only in Arabic', () => {
  assert.equal(language('ar', 'arab').plural('events', 1234), '١٬٢٣٤ حدثاً');
  assert.equal(language('ar', 'latn').number(1234), '1,234');
  assert.equal(language('en', 'arab').number(1234), '1,234');
});

test('the language comes from the link, then from the browser, then it is Arabic', () => {
  assert.equal(chooseLang('en', ['ar']), 'en');
  assert.equal(chooseLang('fr', ['de', 'en-US', 'ar']), 'en');
  assert.equal(chooseLang(null, ['ar-SY', 'en']), 'ar');
  assert.equal(chooseLang(null, ['de', 'fr']), 'ar');
});

function strings(value) {
  return typeof value === 'string' ? [value] : Object.values(value).flatMap(strings);
}

function files(folder) {
  return readdirSync(new URL(folder, root), { recursive: true })
    .filter((name) => name.endsWith('.js'))
    .map((name) => folder + name);
}
