import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createStore, decodeState, encodeState } from '../../static/js/state.js';

const EMPTY = {
  lang: 'ar',
  view: null,
  event: null,
  types: null,
  from: null,
  to: null,
};

const STATES = [
  EMPTY,
  { ...EMPTY, lang: 'en', view: { zoom: 7.5, lat: 36.2012, lng: 37.1612 } },
  { ...EMPTY, event: 'ev/1 &x=#?%حلب' },
  { ...EMPTY, types: ['battles', 'riots'], from: '2022-07-01', to: '2022-07-18' },
  { ...EMPTY, types: [] },
];

for (const state of STATES) {
  test(`a link brings back ${JSON.stringify(state)}`, () => {
    assert.deepEqual(decodeState(encodeState(state), ['de']), state);
  });
}

test('what a mangled link says is ignored', () => {
  const location = {
    search: '?lang=xx',
    hash: '#map=a/b/c&from=yesterday&to=2022-99-99&types=battles,nonsense&event=',
  };
  assert.deepEqual(decodeState(location, ['en']), {
    ...EMPTY,
    lang: 'en',
    types: ['battles'],
  });
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

test('listeners hear what changed', () => {
  const store = createStore(EMPTY);
  const heard = [];
  store.subscribe((now, before) => heard.push([before.event, now.event]));
  store.set({ event: 'a' });
  store.set({ event: null });
  assert.deepEqual(heard, [
    [null, 'a'],
    ['a', null],
  ]);
});
