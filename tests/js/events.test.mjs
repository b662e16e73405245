import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ar } from '../../static/js/i18n/ar.js';
import { language } from '../../static/js/i18n/index.js';
import { actorId, actorName } from '../../static/js/lib/actors.js';
import { readEvent, SUB_TYPES } from '../../static/js/lib/event.js';

test('null means unknown, and never zero', () => {
  const event = readEvent(feature('a', { fatalities: null, fatalities_low: 0 }));
  assert.deepEqual(event.fatalities, { best: null, low: 0, high: null });
  assert.deepEqual(event.injured, { best: null, low: null, high: null });
});

test('a day that is in no calendar is not known', () => {
  const of = (event_date) => readEvent(feature('a', { event_date })).date;
  assert.equal(of('2024-02-31'), null);
  assert.equal(of('2024-02-29T10:00:00Z'), '2024-02-29');
});

test('members of the wrong kind are unknown', () => {
  const event = readEvent(
    feature('a', {
      event_type: 7,
      event_date: 'soon',
      geo_precision: 9,
      fatalities: '3',
      confidence: 12,
      actor_ids: 'SDF',
      source: '  ',
    }),
  );
  assert.equal(event.type, 'other');
  assert.equal(event.date, null);
  assert.equal(event.geoPrecision, null);
  assert.equal(event.fatalities.best, null);
  assert.equal(event.confidence, null);
  assert.deepEqual(event.actorIds, ['SDF']);
  assert.equal(event.source, null);
});

test('what is no feature is no event', () => {
  for (const value of [null, 7, 'x', [], {}, { id: {} }]) {
    assert.equal(readEvent(value), null);
  }
});

test('a point must be one', () => {
  const at = (coordinates) =>
    readEvent({ ...feature('a'), geometry: { type: 'Point', coordinates } }).point;
  assert.deepEqual(at([37, 36]), { lng: 37, lat: 36 });
  assert.equal(at([370, 36]), null);
  assert.equal(at([null, 36]), null);
  assert.equal(at('37,36'), null);
  assert.equal(readEvent({ ...feature('a'), geometry: null }).point, null);
});

test('associated actors come as a list or parted by semicolons', () => {
  const read = (value) => readEvent(feature('a', { assoc_actor_1: value })).assocActor1;
  assert.deepEqual(read('A; B;'), ['A', 'B']);
  assert.deepEqual(read(['A', 'B']), ['A', 'B']);
  assert.deepEqual(read(null), []);
});

test('actors are named in Arabic by their id, and in English as they came', () => {
  const name = 'Opposition Rebels (Syria)';
  assert.equal(actorName(name, ['SNA'], language('ar')), 'الجيش الوطني السوري');
  assert.equal(actorName(name, [], language('ar')), 'فصائل المعارضة');
  assert.equal(actorName(name, ['SNA'], language('en')), name);
  assert.equal(actorName('Somebody new', ['SDF'], language('ar')), 'Somebody new');
  assert.equal(actorId('YPG: People’s Protection Units', []), 'YPG');
});

test('the page knows the actors of the lexicon by their names', () => {
  const lexicon = readFileSync(
    new URL('../../lexicon/actors.toml', import.meta.url),
    'utf8',
  );
  const actors = [...lexicon.matchAll(/^id = "(\w+)"\nname = "([^"]+)"$/gm)];
  assert.ok(actors.length > 30);
  // An analyst may add an actor that the page has no Arabic name for; it is shown as it is.
  for (const [, id, name] of actors.filter(([, each]) => ar.actors[each])) {
    assert.equal(actorId(name, []), id, name);
  }
});

test('every sub-type that has a word belongs to one type', () => {
  const all = Object.values(SUB_TYPES).flat();
  assert.deepEqual([...all].sort(), Object.keys(ar.subTypes).sort());
  assert.equal(new Set(all).size, all.length);
});

function feature(id, properties = {}, coordinates = null) {
  const geometry = coordinates && { type: 'Point', coordinates };
  return { type: 'Feature', id, properties, geometry };
}
