import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ar } from '../../static/js/i18n/ar.js';
import { en } from '../../static/js/i18n/en.js';
import { language } from '../../static/js/i18n/index.js';
import { readJoined, whyJoined } from '../../static/js/lib/joined.js';

const ALL = { kind: 1, place: 1, actors: 1, date: 1, counts: 1 };

const report = (id, properties = {}, joined = null, point = [36.72, 35.9]) => ({
  type: 'Feature',
  id,
  geometry: point && { type: 'Point', coordinates: point },
  properties: {
    article_id: `article ${id}`,
    source: `outlet ${id}`,
    place_id: 'sarmin',
    geo_precision: 1,
    event_date: '2024-03-06',
    time_precision: 1,
    ...properties,
  },
  joined,
});

const like = (parts, more = {}) => ({
  score: 0.874,
  like: 'a',
  parts: { ...ALL, ...parts },
  copy_of: null,
  ...more,
});

/** The codes of why a second report was joined to the first. */
function codes(parts, properties, point) {
  const [, joined] = readJoined([
    report('a'),
    report('b', properties, like(parts), point),
  ]);
  return joined.reasons.map(({ code, km }) => (km === null ? code : `${code} ${km}`));
}

test('each respect has its reason', () => {
  for (const [parts, properties, point, expected] of [
    [{}, {}, undefined, 'place.same date.same kind.same actors.same counts.same'],
    [
      { kind: 0.4, actors: 0.85, counts: 0.8 },
      {},
      undefined,
      'place.same date.same kind.near actors.common counts.near',
    ],
    // What is not known is no reason.
    [{ actors: 0.5, counts: 0.5 }, {}, undefined, 'place.same date.same kind.same'],
    [
      { actors: 0, counts: 0.3 },
      {},
      undefined,
      'place.same date.same kind.same actors.other counts.risen',
    ],
    [
      { place: 0.7, date: 0.6, counts: 0, actors: 0.5 },
      { place_id: 'market', event_date: '2024-03-05' },
      [36.72, 35.94],
      'place.apart 4 date.agree kind.same counts.other',
    ],
  ]) {
    assert.equal(codes(parts, properties, point).join(' '), expected);
  }
});

test('a place is told as precisely as it is known', () => {
  const first = (...of) => codes(...of)[0];
  assert.equal(first({ place: 0.9 }, { geo_precision: 2 }), 'place.near');
  assert.equal(first({ place: 0.6 }, { geo_precision: 3 }), 'place.area');
  const village = { place_id: 'x', geo_precision: 3 };
  assert.equal(first({ place: 0.15 }, village, [37, 36]), 'place.region');
  assert.equal(
    first({ place: 0.7 }, { place_id: 'x' }, [36.721, 35.901]),
    'place.close',
  );
  assert.equal(first({ place: 0.8 }, {}, null), 'place.none');
});

test('a day is the same only if both tell one', () => {
  const second = (...of) => codes(...of)[1];
  assert.equal(second({}, { time_precision: 2 }), 'date.agree');
  assert.equal(second({}, { event_date_end: '2024-03-07' }), 'date.agree');
  assert.equal(second({}, { event_date_end: '2024-03-06' }), 'date.same');
  assert.equal(second({ date: 0.6 }, { event_date: null }), 'date.none');
});

test('copies, and what people joined, are told as such', () => {
  const [first, copy, person] = readJoined([
    report('a'),
    report('b', {}, like({}, { copy_of: 'article a' })),
    report('c', {}, { score: 1, like: 'a', parts: null, copy_of: null }),
  ]);
  assert.equal(first, null);
  assert.deepEqual([copy.isCopy, copy.copyOf, copy.like], [true, 'outlet a', null]);
  assert.deepEqual([person.byPerson, person.reasons], [true, []]);
  // The article that was copied may be gone.
  const [, lone] = readJoined([
    report('a'),
    report('b', {}, like({}, { copy_of: 'x' })),
  ]);
  assert.deepEqual([lone.isCopy, lone.copyOf], [true, null]);
});

test('three reasons are said at once, the others are folded away', () => {
  const [, joined] = readJoined([report('a'), report('b', {}, like({}))]);
  assert.deepEqual(whyJoined(joined, language('en')), {
    first: 'same place, same day, same kind of event',
    others: ['same actors', 'same toll', 'Likeness in all: 87%'],
  });
  assert.equal(
    whyJoined(joined, language('ar')).first,
    'المكان نفسه، اليوم نفسه، نوع الحدث نفسه',
  );
});

test('every reason has words in both languages', () => {
  const degrees = [0, 0.15, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 1];
  const all = degrees.flatMap((degree) =>
    [1, 2, 3].flatMap((geo_precision) =>
      [[36.72, 35.9], [37, 36], null].flatMap((point) =>
        [{}, { place_id: 'x' }, { event_date: null }, { time_precision: 2 }].flatMap(
          (properties) =>
            codes(
              {
                place: degree,
                date: degree,
                kind: degree,
                actors: degree,
                counts: degree,
              },
              { geo_precision, ...properties },
              point,
            ),
        ),
      ),
    ),
  );
  const asked = new Set(all.map((code) => `joined.${code.split(' ')[0]}`));
  assert.ok(asked.size > 15);
  for (const code of asked) assert.ok(ar.text[code] && en.text[code], code);
});

test('an answer of another shape breaks nothing', () => {
  for (const joined of [
    null,
    1,
    [],
    {},
    { parts: {} },
    { like: 'a', parts: { kind: '1' } },
  ]) {
    const [, read] = readJoined([report('a'), { id: 'b', joined }, null]);
    if (read) whyJoined(read, language('en'));
  }
});
