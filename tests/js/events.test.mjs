import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ar } from '../../static/js/i18n/ar.js';
import { language } from '../../static/js/i18n/index.js';
import { actorId, actorName } from '../../static/js/lib/actors.js';
import { newestFirst, readEvent } from '../../static/js/lib/event.js';
import { filterEvents } from '../../static/js/lib/filter.js';
import { bestPrecision, groupByPoint, typeCounts } from '../../static/js/lib/groups.js';

test('null means unknown, and never zero', () => {
  const event = readEvent(feature('a', { fatalities: null, fatalities_low: 0 }));
  assert.deepEqual(event.fatalities, { best: null, low: 0, high: null });
  assert.deepEqual(event.injured, { best: null, low: null, high: null });
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

test('events at exactly one point are one group, and all are reachable', () => {
  const events = [
    readEvent(feature('a', { event_type: 'Battles', geo_precision: 2 }, [37, 36])),
    readEvent(feature('b', { event_type: 'Riots', geo_precision: 1 }, [37, 36])),
    readEvent(
      feature('c', { event_type: 'Battles', geo_precision: 3 }, [37, 36.000001]),
    ),
    readEvent(feature('d', {}, [37, 36.001])),
    readEvent(feature('e', {}, null)),
  ];
  const groups = groupByPoint(events);
  assert.deepEqual(
    groups.map((group) => group.events.map(({ id }) => id)),
    [['a', 'b', 'c'], ['d']],
  );
  assert.equal(bestPrecision(groups[0]), 1);
  assert.equal(bestPrecision(groups[1]), 3);
  assert.deepEqual(typeCounts(groups[0]), [
    ['battles', 2],
    ['riots', 1],
  ]);
});

test('newest first, undated last', () => {
  const days = { a: null, b: '2022-07-01', c: '2022-07-18', d: '2022-07-18' };
  const events = Object.entries(days).map(([id, event_date]) =>
    readEvent(feature(id, { event_date })),
  );
  assert.deepEqual(
    events.sort(newestFirst).map(({ id }) => id),
    ['c', 'd', 'b', 'a'],
  );
});

test('filters by type and by date', () => {
  const events = [
    readEvent(feature('a', { event_type: 'Battles', event_date: '2022-07-01' })),
    readEvent(
      feature('b', {
        event_type: 'Riots',
        event_date: '2022-07-17',
        event_date_end: '2022-07-18',
      }),
    ),
    readEvent(feature('c', { event_type: 'Riots' })),
  ];
  const ids = (wanted) =>
    filterEvents(events, { types: null, from: null, to: null, ...wanted })
      .map(({ id }) => id)
      .join('');
  assert.equal(ids({}), 'abc');
  assert.equal(ids({ types: ['riots'] }), 'bc');
  assert.equal(ids({ types: [] }), '');
  assert.equal(ids({ from: '2022-07-18' }), 'b', 'its last day counts');
  assert.equal(ids({ to: '2022-07-01' }), 'a');
  assert.equal(ids({ from: '2022-07-19', to: '2022-07-01' }), '');
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

function feature(id, properties = {}, coordinates = null) {
  const geometry = coordinates && { type: 'Point', coordinates };
  return { type: 'Feature', id, properties, geometry };
}
