import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  createStore,
  decodeState,
  encodeState,
  filtersDiffer,
  isFiltered,
  UNFILTERED,
} from '../../static/js/state.js';

const EMPTY = {
  ...UNFILTERED,
  lang: 'ar',
  view: null,
  event: null,
  here: null,
  tab: 'map',
  look: 'list',
  sort: 'new',
};

const STATES = [
  EMPTY,
  { ...EMPTY, lang: 'en', view: { zoom: 7.5, lat: 36.2012, lng: 37.1612 } },
  { ...EMPTY, event: 'ev/1 &x=#?%حلب' },
  { ...EMPTY, types: ['battles', 'riots'], from: '2022-07-01', to: '2022-07-18' },
  { ...EMPTY, types: [], subs: ['Air/drone strike', 'Attack'] },
  { ...EMPTY, days: 7, near: [1, 3], toll: 5, q: 'قصف "مدفعي" & more' },
  { ...EMPTY, actors: ['SDF', 'ISIS'], where: ['SY07', "Dar'a, east"] },
  { ...EMPTY, certainty: ['asserted'], sources: ['وكالة & Co, Ltd'] },
  { ...EMPTY, here: { lat: 36.2, lng: 37.16 }, look: 'table', sort: 'toll' },
  { ...EMPTY, tab: 'unplaced', sort: 'old' },
];

for (const state of STATES) {
  test(`a link brings back ${encodeState(state).hash || 'nothing'}`, () => {
    assert.deepEqual(decodeState(encodeState(state), ['de']), state);
  });
}

test('what a mangled link says is ignored', () => {
  const hash = [
    '#map=a/b/c&from=yesterday&to=2022-99-99&types=battles,nonsense&event=&days=-3',
    'killed=many&near=7,x&here=100/900&tab=x&look=y&sort=z&actor=&sub=',
  ].join('&');
  assert.deepEqual(decodeState({ search: '?lang=xx', hash }, ['en']), {
    ...EMPTY,
    lang: 'en',
    types: ['battles'],
  });
});

test('a day that is in no calendar is ignored', () => {
  for (const day of ['2024-02-31', '2023-02-29', '2022-13-01', '2022-7-1', '']) {
    const { from, to } = decodeState(
      { search: '', hash: `#from=${day}&to=${day}` },
      [],
    );
    assert.deepEqual([from, to], [null, null], day);
  }
  assert.equal(
    decodeState({ search: '', hash: '#to=2024-02-29' }, []).to,
    '2024-02-29',
  );
});

test('what else the query asks for stays in it', () => {
  const state = { ...EMPTY, lang: 'en' };
  const { search } = encodeState(state, '?theme=dark&lang=ar&show=list');
  assert.equal(search, '?theme=dark&lang=en&show=list');
  assert.equal(encodeState(state).search, '?lang=en');
});

test('no link asks for more than anybody chooses', () => {
  const hash = `#q=${'x'.repeat(999)}&${Array.from({ length: 999 }, (_, n) => `actor=${n}`).join('&')}`;
  const { q, actors } = decodeState({ search: '', hash }, []);
  assert.equal(q.length, 200);
  assert.equal(actors.length, 50);
});

test('a view outside the world is ignored', () => {
  for (const map of [
    '7/95/30',
    '7/30/999',
    '-1/30/30',
    '7/30',
    '7/30/30/1',
    'NaN/1/1',
  ]) {
    assert.equal(decodeState({ search: '', hash: `#map=${map}` }, []).view, null, map);
  }
});

test('what filters and what only shows are told apart', () => {
  assert.equal(isFiltered(EMPTY), false);
  assert.equal(
    isFiltered({ ...EMPTY, look: 'table', event: 'a', tab: 'unplaced' }),
    false,
  );
  assert.equal(isFiltered({ ...EMPTY, near: [1] }), true);
  assert.equal(filtersDiffer({ ...EMPTY, actors: [] }, EMPTY), false);
  assert.equal(filtersDiffer({ ...EMPTY, days: 7 }, EMPTY), true);
});

test('listeners hear what changed, and whether it is a step', () => {
  const store = createStore(EMPTY);
  const heard = [];
  store.subscribe((now, before, how) => heard.push([before.event, now.event, how]));
  store.set({ event: 'a' });
  store.set({ event: null }, 'replace');
  assert.deepEqual(heard, [
    [null, 'a', 'step'],
    ['a', null, 'replace'],
  ]);
});
