import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCache } from '../../static/js/lib/cache.js';
import { readEvent } from '../../static/js/lib/event.js';
import { createLatest } from '../../static/js/lib/latest.js';
import {
  lookOf,
  markOfCluster,
  marksOf,
  marksOfRegions,
  setAside,
} from '../../static/js/lib/marks.js';

/** A map on which a degree is a hundred pixels. */
const project = ({ lng, lat }) => ({ x: lng * 100, y: -lat * 100 });

test('events at one point are one symbol, and what is known of a region only is none', () => {
  const marks = marksOf(
    [
      event('a', 'Battles', 2, [37, 36]),
      event('b', 'Riots', 1, [37, 36.000001]),
      event('c', 'Battles', null, [37, 36]),
      event('d', 'Riots', 2, [38, 36]),
      event('e', 'Riots', 3, [39, 36]),
      event('f', 'Riots', 1, null),
    ],
    project,
  );
  assert.deepEqual(
    marks.map(({ key, count, precision, types, bbox }) => ({
      key,
      count,
      precision,
      types,
      bbox,
    })),
    [
      {
        key: 'a:3',
        count: 3,
        precision: 1,
        types: [
          ['battles', 2],
          ['riots', 1],
        ],
        bbox: null,
      },
      { key: 'd', count: 1, precision: 2, types: [['riots', 1]], bbox: null },
    ],
  );
  assert.equal(marks[1].event.id, 'd');
  assert.deepEqual(marks[1].point, { lng: 38, lat: 36 }, 'alone it stands where it is');
});

test('symbols never cover each other, and hold every event', () => {
  let seed = 1;
  const next = (limit) => {
    seed = (seed * 48271) % 2147483647;
    return (seed % (limit * 1000)) / 1000;
  };
  for (const [count, spread] of [
    [40, 2],
    [400, 4],
    [1500, 7],
  ]) {
    const events = Array.from({ length: count }, (_, n) =>
      event(`e${n}`, 'Battles', 1, [35 + next(spread), 32 + next(spread)]),
    );
    const marks = marksOf(events, project);
    assert.equal(
      marks.reduce((sum, mark) => sum + mark.count, 0),
      count,
    );
    for (const [at, one] of marks.entries()) {
      for (const other of marks.slice(at + 1)) {
        const [a, b] = [project(one.point), project(other.point)];
        assert.ok(Math.hypot(a.x - b.x, a.y - b.y) >= 32, `${one.key} ${other.key}`);
      }
    }
  }
});

test('a cluster at one point is not zoomed into', () => {
  const cluster = { id: '9/1/1', point: { lng: 37, lat: 36 }, count: 4, types: [] };
  const at = (bbox) => markOfCluster({ ...cluster, event: null, bbox }).bbox;
  assert.equal(at([37, 36, 37.000001, 36.000001]), null);
  assert.deepEqual(at([37, 36, 37.1, 36]), [37, 36, 37.1, 36]);
  const alone = markOfCluster({ ...cluster, count: 1, event: 'x', bbox: [0, 0, 0, 0] });
  assert.equal(alone.key, 'x');
});

test('a governorate has one symbol, by whatever names', () => {
  const marks = marksOfRegions([
    { keys: ['Idlib', 'Battles'], count: 2, name: null },
    { keys: ['Idleb', 'Riots'], count: 3, name: null },
    { keys: ['Anbar', 'Riots'], count: 1, name: null },
    { keys: [null, 'Riots'], count: 1, name: null },
  ]);
  assert.equal(marks.length, 1);
  const [{ region, count, types, precision }] = marks;
  assert.deepEqual([region, count, precision], ['SY07', 5, 3]);
  assert.deepEqual(types, [
    ['riots', 3],
    ['battles', 2],
  ]);
});

test('the symbol of a region gives way to those of places', () => {
  const [region] = marksOfRegions([{ keys: ['Idlib', 'Riots'], count: 1, name: null }]);
  const [there] = setAside([region], [{ ...region, region: null }], project);
  assert.ok(Math.hypot(there.aside.x, there.aside.y) >= 34);
  const [free] = setAside([region], [], project);
  assert.deepEqual(free.aside, { x: 0, y: 0 });

  // Symbols every fifty pixels, one of them where the region's would stand.
  const { lng, lat } = region.point;
  const steps = [-2, -1, 0, 1, 2];
  const crowd = steps.flatMap((across) =>
    steps.map((down) => ({
      ...region,
      point: { lng: lng + across / 2, lat: lat + down / 2 },
    })),
  );
  const [between] = setAside([region], crowd, project);
  const { x, y } = project(region.point);
  const room = crowd.map(({ point }) => {
    const other = project(point);
    return Math.hypot(other.x - x - between.aside.x, other.y - y - between.aside.y);
  });
  assert.ok(Math.min(...room) > 30, 'it covers none');
});

test('a symbol looks as before only if all that it shows is as before', () => {
  const one = (...what) => marksOf([event(...what)], project)[0];
  const before = one('a', 'Battles', 1, [37, 36]);
  assert.equal(lookOf(one('a', 'Battles', 1, [37, 36])), lookOf(before));
  for (const after of [
    one('a', 'Riots', 1, [37, 36]),
    one('a', 'Battles', 2, [37, 36]),
    one('a', 'Battles', 1, [37, 36.1]),
    { ...before, event: { ...before.event, date: '2022-07-18' } },
    { ...before, event: { ...before.event, locationAr: 'حلب' } },
    { ...before, aside: { x: 34, y: 0 } },
  ]) {
    assert.equal(after.key, before.key);
    assert.notEqual(lookOf(after), lookOf(before));
  }

  const cluster = { id: '9/1/1', point: { lng: 37, lat: 36 }, count: 4, event: null };
  const of = (type, bbox) => markOfCluster({ ...cluster, types: [[type, 4]], bbox });
  const [here, apart] = [
    [37, 36, 37, 36],
    [37, 36, 38, 37],
  ];
  assert.equal(of('riots', apart).key, of('battles', apart).key);
  assert.notEqual(lookOf(of('riots', apart)), lookOf(of('battles', apart)));
  assert.notEqual(lookOf(of('riots', apart)), lookOf(of('riots', here)));
  assert.equal(lookOf(of('riots', apart)), lookOf(of('riots', [37, 36, 38, 38])));
});

test('a cache forgets what was not used for longest', () => {
  const cache = createCache(2);
  cache.set('a', 1);
  cache.set('b', 2);
  cache.get('a');
  cache.set('c', 3);
  assert.deepEqual([cache.get('a'), cache.get('b'), cache.get('c')], [1, undefined, 3]);
  assert.equal(cache.size(), 2);
});

test('a cache is as heavy as what it keeps', () => {
  const cache = createCache(10, (text) => text.length);
  cache.set('a', '12345');
  cache.set('a', '1234');
  cache.set('b', '123456');
  assert.deepEqual([cache.get('a'), cache.get('b')], ['1234', '123456']);
  cache.set('c', '12345678901');
  assert.equal(cache.size(), 0, 'nothing is kept that is too heavy alone');
  cache.set('d', '1');
  cache.clear();
  assert.equal(cache.get('d'), undefined);
});

test('of several requests only the last counts', async () => {
  const latest = createLatest();
  const seen = [];
  const stopped = [];
  const task = (name) => (signal) =>
    new Promise((done) => {
      signal.addEventListener('abort', () => stopped.push(name));
      setImmediate(() => done(name));
    });
  const first = latest(task('a'), (name) => seen.push(name));
  const second = latest(task('b'), (name) => seen.push(name));
  await Promise.all([first, second]);
  assert.deepEqual(seen, ['b']);
  assert.deepEqual(stopped, ['a']);
});

test('what is not wanted any more is dropped, whether it came or failed', async () => {
  const latest = createLatest();
  const seen = [];
  const see = (what) => seen.push(what);
  let come, fail;
  const came = latest(() => new Promise((done) => (come = done)), see, see);
  latest.stop();
  come('late');
  await came;
  const failed = latest(() => new Promise((_, no) => (fail = no)), see, see);
  latest.stop();
  fail('late');
  await failed;
  assert.deepEqual(seen, []);
  await latest(async () => 'next', see);
  assert.deepEqual(seen, ['next']);
});

function event(id, event_type, geo_precision, coordinates) {
  const geometry = coordinates && { type: 'Point', coordinates };
  return readEvent({
    type: 'Feature',
    id,
    properties: { event_type, geo_precision },
    geometry,
  });
}
