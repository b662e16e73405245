import assert from 'node:assert/strict';
import { test } from 'node:test';
import { language } from '../../static/js/i18n/index.js';
import {
  namesOf,
  readPlace,
  thirdName,
  whatAndWhere,
  zoomFor,
} from '../../static/js/lib/place.js';

const feature = {
  type: 'Feature',
  id: 'gn:1',
  geometry: { type: 'Point', coordinates: [37.95, 36.53] },
  properties: {
    name_ar: 'منبج',
    name_en: 'Manbij',
    kind: 'city',
    admin1: 'Aleppo',
    admin1_pcode: 'SY02',
  },
};
const manbij = readPlace(feature);

test('a place is named in the language of the reader first', () => {
  const names = (lang) => namesOf(manbij, language(lang)).map(({ text }) => text);
  assert.deepEqual(names('ar'), ['منبج', 'Manbij']);
  assert.deepEqual(names('en'), ['Manbij', 'منبج']);
  const nameless = readPlace({
    ...feature,
    properties: { name_en: 'Manbij', name_ar: '' },
  });
  assert.deepEqual(namesOf(nameless, language('ar')), [{ lang: 'en', text: 'Manbij' }]);
});

test('a third name is told if it was the one that was searched for', () => {
  assert.equal(thirdName(manbij), null);
  assert.equal(thirdName({ ...manbij, matched: 'Manbij' }), null);
  assert.equal(thirdName({ ...manbij, matched: 'Mabbug' }), 'Mabbug');
});

test('what a place is and where is said in words', () => {
  assert.equal(whatAndWhere(manbij, language('ar')), 'مدينة، محافظة حلب');
  assert.equal(whatAndWhere(manbij, language('en')), 'city, Aleppo governorate');
  const strange = { ...manbij, kind: 'volcano', admin1: null };
  assert.equal(whatAndWhere(strange, language('en')), 'volcano');
  const governorate = { ...manbij, kind: 'governorate' };
  assert.equal(whatAndWhere(governorate, language('en')), 'governorate');
});

test('what cannot be read or placed is left out', () => {
  for (const broken of [
    null,
    {},
    { ...feature, geometry: null },
    { ...feature, geometry: { type: 'Point', coordinates: ['a', 1] } },
    { ...feature, properties: { name_ar: ' ', name_en: null } },
  ]) {
    assert.equal(readPlace(broken), null);
  }
});

test('what is large is shown from farther away', () => {
  assert.ok(zoomFor({ kind: 'governorate' }) < zoomFor({ kind: 'city' }));
  assert.ok(zoomFor({ kind: 'city' }) < zoomFor({ kind: 'village' }));
  assert.ok(zoomFor({ kind: 'village' }) < 11, 'the base map still has detail');
});
