import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTile } from '../../static/js/lib/tile.js';
import { PbfWriter } from '../../static/vendor/pbf-5.1.2/index.js';

const zigzag = (n) => (n < 0 ? -2 * n - 1 : 2 * n);

/** A tile of one layer, its features before the keys that they name. */
function tile(name, features, extent = 4096) {
  const [keys, values] = [[], []];
  const at = (list, value) =>
    list.includes(value) ? list.indexOf(value) : list.push(value) - 1;
  const pbf = new PbfWriter();
  pbf.writeMessage(
    3,
    (_, layer) => {
      layer.writeVarintField(15, 2);
      layer.writeStringField(1, name);
      for (const { type, properties, geometry } of features) {
        const tags = Object.entries(properties).flatMap(([key, value]) => [
          at(keys, key),
          at(values, value),
        ]);
        layer.writeMessage(
          2,
          (_, feature) => {
            feature.writeVarintField(1, 7);
            feature.writePackedVarint(2, tags);
            feature.writeVarintField(3, type);
            feature.writePackedVarint(4, geometry);
          },
          null,
        );
      }
      for (const key of keys) layer.writeStringField(3, key);
      for (const value of values) {
        layer.writeMessage(
          4,
          (_, message) => {
            if (typeof value === 'string') message.writeStringField(1, value);
            else if (typeof value === 'boolean') message.writeBooleanField(7, value);
            else if (Number.isInteger(value)) message.writeSVarintField(6, value);
            else message.writeDoubleField(3, value);
          },
          null,
        );
      }
      layer.writeVarintField(5, extent);
    },
    null,
  );
  return pbf.finish();
}

const SQUARE = [
  9,
  ...[0, 0].map(zigzag),
  26,
  ...[10, 0, 0, 10, -10, 0].map(zigzag),
  15,
];
const BYTES = tile(
  'roads',
  [
    { type: 3, properties: { kind: 'lake', rank: -3, share: 0.5 }, geometry: SQUARE },
    {
      type: 2,
      properties: { kind: 'highway', disputed: true, 'name:ar': 'طريق' },
      geometry: [9, 4, 4, 10, zigzag(-1), zigzag(5), 9, 2, 2, 10, 0, 2],
    },
    { type: 1, properties: {}, geometry: [17, 2, 2, 4, 4] },
  ],
  512,
);

test('shapes are read with what is told of them', () => {
  const layer = readTile(BYTES, () => true).get('roads');
  assert.equal(layer.extent, 512);
  assert.deepEqual(layer.shapes, [
    {
      type: 3,
      properties: { kind: 'lake', rank: -3, share: 0.5 },
      lines: [[0, 0, 10, 0, 10, 10, 0, 10, 0, 0]],
    },
    {
      type: 2,
      properties: { kind: 'highway', disputed: true, 'name:ar': 'طريق' },
      lines: [
        [2, 2, 1, 7],
        [2, 8, 2, 9],
      ],
    },
    {
      type: 1,
      properties: {},
      lines: [
        [1, 1],
        [3, 3],
      ],
    },
  ]);
});

test('layers that are not wanted are passed over', () => {
  const both = new Uint8Array([...tile('pois', []), ...BYTES]);
  assert.deepEqual([...readTile(both, (name) => name === 'roads').keys()], ['roads']);
});

test('a broken tile ends, and breaks nothing', () => {
  let seed = 1;
  const random = (most) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % most;
  };
  for (let round = 0; round < 4_000; round += 1) {
    const broken = BYTES.slice(0, 1 + random(BYTES.length));
    for (let n = random(6); n > 0; n -= 1) broken[random(broken.length)] = random(256);
    for (const { shapes } of readTile(broken, () => true).values()) {
      for (const { lines } of shapes) assert.ok(lines.flat().length <= BYTES.length);
    }
  }
  // A length of four thousand million, and nothing behind it.
  for (const tag of [0x1a, 0x22]) {
    readTile(
      new Uint8Array([0x1a, 0x0a, 0x12, 8, tag, 255, 255, 255, 255, 15]),
      () => true,
    );
  }
  assert.equal(readTile(new Uint8Array(0), () => true).size, 0);
});
