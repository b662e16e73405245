import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { LAYERS, lookOf, nameOf } from '../../static/js/lib/look.js';

const shape = (type, properties) => ({ type, properties, lines: [] });
const root = new URL('../../', import.meta.url);
const read = (path) => readFileSync(new URL(path, root), 'utf8');

test('what Protomaps tells is drawn in colours that there are', () => {
  const colours = new Set();
  for (const [layer, type, kinds] of [
    ['earth', 3, ['earth']],
    ['landcover', 3, ['forest', 'urban_area']],
    ['landuse', 3, ['park', 'residential', 'military']],
    ['water', 3, ['ocean', 'lake', 'river']],
    ['water', 2, ['river', 'stream', 'canal']],
    ['natural', 3, ['wood']],
    ['physical_line', 2, ['river']],
    [
      'roads',
      2,
      ['highway', 'major_road', 'medium_road', 'minor_road', 'path', 'rail'],
    ],
    ['boundaries', 2, ['country', 'region']],
  ]) {
    for (const kind of kinds) {
      // Their third version writes otherwise.
      for (const key of ['kind', 'pmap:kind']) {
        const look = lookOf(layer, shape(type, { [key]: kind }), 15);
        assert.ok(look, `${layer} ${kind}`);
        assert.equal(look.width === undefined, type === 3);
        colours.add(look.colour);
      }
    }
  }
  const css = read('static/css/app.css');
  for (const colour of colours)
    assert.match(css, new RegExp(`--${colour}: light-dark`));
});

test('small things are left out from afar, and unknown ones always', () => {
  const road = (kind, zoom) => lookOf('roads', shape(2, { kind }), zoom);
  assert.equal(road('minor_road', 8), null);
  assert.ok(road('highway', 6).width < road('highway', 12).width);
  assert.equal(road('spaceway', 18), null);
  assert.equal(lookOf('landcover', shape(3, { kind: 'farmland' }), 6), null);
  assert.equal(lookOf('water', shape(2, { kind: 'stream' }), 9), null);
  assert.equal(lookOf('buildings', shape(3, { kind: 'building' }), 18), null);
  assert.equal(lookOf('boundaries', shape(2, { kind_detail: 8 }), 18), null);
  assert.equal(lookOf('earth', shape(1, { kind: 'cliff' }), 18), null);
});

test('a border that is disputed is dashed', () => {
  for (const disputed of [true, 1, '1']) {
    assert.ok(lookOf('boundaries', shape(2, { kind: 'country', disputed }), 8).dash);
  }
  assert.equal(
    lookOf('boundaries', shape(2, { kind: 'country', disputed: false }), 8).dash,
    undefined,
  );
});

test('a place is named in both languages as far as they are told', () => {
  const name = (properties) => nameOf('places', shape(1, properties));
  const homs = {
    name: 'حمص',
    'name:en': 'Homs',
    kind: 'locality',
    kind_detail: 'city',
  };
  assert.deepEqual(name({ ...homs, population_rank: 11 }), {
    ar: 'حمص',
    en: 'Homs',
    kind: 'city',
    weight: 11,
  });
  assert.equal(name({ name: 'تلبيسة' }).en, 'تلبيسة');
  assert.equal(name({ 'name:en': '\u202eTalbiseh ' }).ar, 'Talbiseh');
  assert.equal(name({ kind: 'locality', name: 3 }), null);
  assert.equal(nameOf('places', shape(3, homs)), null);
  const water = (kind) => nameOf('water', shape(1, { name: 'بحيرة الأسد', kind }));
  assert.equal(water('lake').kind, 'water');
  assert.equal(water('fountain'), null);
  assert.equal(nameOf('roads', shape(1, { name: 'M5' })), null);
});

test('the server refuses files without any layer that is drawn', () => {
  const [, told] = /LAYERS: \[&str; \d+\] =\s*\[([^\]]+)\]/.exec(
    read('src/web/basemap/archive.rs'),
  );
  assert.deepEqual(
    [...told.matchAll(/"(\w+)"/g)].map(([, layer]) => layer),
    LAYERS,
  );
});
