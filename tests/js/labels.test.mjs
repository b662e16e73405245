import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placeLabels } from '../../static/js/lib/labels.js';

test('labels never overlap each other or a symbol', () => {
  // A fixed sequence instead of chance: the same crowd on every run.
  let seed = 1;
  const next = (limit) => {
    seed = (seed * 48271) % 2147483647;
    return seed % limit;
  };
  const candidates = Array.from({ length: 300 }, () => ({
    x: next(800) - 100,
    y: next(600) - 100,
    width: 30 + next(80),
    height: 18,
    kind: next(5) === 0 ? 'area' : 'point',
  }));
  const obstacles = Array.from({ length: 40 }, () => {
    const [x, y] = [next(800), next(600)];
    return { left: x - 13, right: x + 13, top: y - 13, bottom: y + 13 };
  });
  const placed = placeLabels(candidates, obstacles);
  assert.ok(placed.length > 30);
  const boxes = placed.map(({ candidate: { width, height }, x, y }) => ({
    left: x - width / 2,
    right: x + width / 2,
    top: y - height / 2,
    bottom: y + height / 2,
  }));
  for (const [i, box] of boxes.entries()) {
    for (const other of [...boxes.slice(i + 1), ...obstacles]) {
      assert.ok(!overlap(box, other));
    }
  }
});

test('the first of two rivals gets the room', () => {
  const area = { x: 0, y: 0, width: 50, height: 20, kind: 'area' };
  const [great, small] = [{ ...area }, { ...area }];
  const placed = placeLabels([great, small], []);
  assert.equal(placed.length, 1);
  assert.equal(placed[0].candidate, great);
});

function overlap(a, b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
