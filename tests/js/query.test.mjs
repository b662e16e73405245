import assert from 'node:assert/strict';
import { test } from 'node:test';
import { governorateNames, governorateOf } from '../../static/js/lib/governorates.js';
import {
  boxAround,
  filterParams,
  listParams,
  NOWHERE,
} from '../../static/js/lib/query.js';
import { UNFILTERED } from '../../static/js/state.js';
import { toggledSub, toggledType } from '../../static/js/ui/filters.js';

const TODAY = '2026-11-27';

const QUERIES = [
  [{}, {}],
  [{ from: '2022-07-01' }, { datetime: '2022-07-01/..' }],
  [{ from: '2022-07-18', to: '2022-07-01' }, { datetime: '2022-07-01/2022-07-18' }],
  [{ days: 7 }, { datetime: '2026-11-21/2026-11-27' }],
  [{ q: 'قصف' }, { q: 'قصف' }],
  [{ types: ['battles'] }, { filter: "event_type IN ('Battles')" }],
  [{ types: [] }, { filter: 'FALSE' }],
  [
    { types: ['riots', 'other'], subs: ['Attack'] },
    {
      filter:
        "(event_type IN ('Riots') OR event_type IS NULL OR sub_event_type IN ('Attack'))",
    },
  ],
  [{ actors: ["O'Brien"] }, { filter: "A_OVERLAPS(actor_ids, ('O''Brien'))" }],
  [{ where: ['SY07'] }, { filter: "admin1 IN ('Idlib', 'Idleb')" }],
  [
    { near: [1, 2], toll: 5, certainty: ['asserted'], sources: ['A', 'B'] },
    {
      filter:
        "certainty IN ('asserted') AND geo_precision IN (1, 2) AND fatalities >= 5 AND source IN ('A', 'B')",
    },
  ],
];

for (const [chosen, expected] of QUERIES) {
  test(`the server is asked for ${JSON.stringify(expected)}`, () => {
    const params = filterParams({ ...UNFILTERED, ...chosen }, TODAY);
    assert.deepEqual(Object.fromEntries(params), expected);
  });
}

test('a filter does not count for the numbers beside its own choices', () => {
  const state = { ...UNFILTERED, days: 7, q: 'x', actors: ['SDF'], types: ['riots'] };
  const params = (except) => Object.fromEntries(filterParams(state, TODAY, { except }));
  assert.equal(params('dates').datetime, undefined);
  assert.equal(params('q').q, undefined);
  assert.equal(params('actors').filter, "event_type IN ('Riots')");
  assert.equal(params('types').filter, "A_OVERLAPS(actor_ids, ('SDF'))");
});

test('what is listed is what is in view, at a point, in a region or nowhere', () => {
  const state = { ...UNFILTERED, here: null, tab: 'map' };
  const here = { lng: 37.16, lat: 36.2 };
  const listed = (chosen) =>
    Object.fromEntries(listParams({ ...state, ...chosen }, TODAY, '35,32,42,37'));
  assert.deepEqual(listed({}), { bbox: '35,32,42,37' });
  assert.deepEqual(listed({ here, tab: 'unplaced' }), { bbox: boxAround(here) });
  assert.equal(listed({ near: [2, 3] }).bbox, '35,32,42,37');
  assert.deepEqual(listed({ near: [3] }), { filter: 'geo_precision IN (3)' });
  assert.deepEqual(listed({ tab: 'unplaced' }), { filter: NOWHERE });
});

test('nowhere is also what is known to a region that the map has no symbol for', () => {
  assert.match(NOWHERE, /^\(geometry IS NULL OR geo_precision = 3 AND /);
  assert.match(NOWHERE, /admin1 IS NULL OR NOT admin1 IN \('Damascus', .*'Idleb'.*\)/);
});

test('the box around a point holds it', () => {
  const [west, south, east, north] = boxAround({ lng: 37.16, lat: 36.2 }).split(',');
  assert.ok(west < 37.16 && 37.16 < east && south < 36.2 && 36.2 < north);
});

test('a governorate is known by all its names', () => {
  assert.equal(governorateOf('Al-Hasakeh'), 'SY08');
  assert.equal(governorateOf('Anbar'), 'Anbar');
  assert.ok(governorateNames('SY08').includes('Hasakah'));
  assert.deepEqual(governorateNames('Anbar'), ['Anbar']);
});

const SLUGS = ['battles', 'civilians', 'riots'];

test('all types are the same as no filter', () => {
  const none = { types: null, subs: [] };
  const two = toggledType('riots', SLUGS, none);
  assert.deepEqual(two, { types: ['battles', 'civilians'], subs: [] });
  assert.deepEqual(toggledType('riots', SLUGS, two), none);
});

test('a type gives way to its other sub-types, and comes back when it is whole', () => {
  const none = { types: null, subs: [] };
  const one = toggledSub('riots', SLUGS, 'Mob violence', none);
  assert.deepEqual(one, {
    types: ['battles', 'civilians'],
    subs: ['Violent demonstration'],
  });
  assert.deepEqual(toggledSub('riots', SLUGS, 'Mob violence', one), none);
  assert.deepEqual(toggledType('riots', SLUGS, one), none);
  const nothing = toggledSub('riots', SLUGS, 'Violent demonstration', one);
  assert.deepEqual(nothing, { types: ['battles', 'civilians'], subs: [] });
});
