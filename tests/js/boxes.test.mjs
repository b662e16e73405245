import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boxAround, inReach } from '../../static/js/lib/boxes.js';

const VIEW = { left: 0, right: 400, top: 0, bottom: 300 };
const SYMBOL = { width: 26, height: 26 };
const at = (x, y) => boxAround(x, y, SYMBOL);

test('a symbol that nothing covers is in reach', () => {
  assert.deepEqual(inReach([at(50, 50), at(90, 50)], VIEW, []), [true, true]);
});

test('a symbol is out of reach under a later one, which is not', () => {
  assert.deepEqual(inReach([at(50, 50), at(60, 50)], VIEW, []), [false, true]);
});

test('symbols whose middles are free are in reach, though their edges touch', () => {
  assert.deepEqual(inReach([at(50, 50), at(75.5, 50)], VIEW, []), [true, true]);
});

test('a symbol is out of reach under a control, or beyond the edge', () => {
  const search = { left: 0, right: 200, top: 0, bottom: 40 };
  const symbols = [at(50, 45), at(50, 60), at(250, 45), at(395, 100), at(250, -30)];
  assert.deepEqual(inReach(symbols, VIEW, [search]), [false, true, true, false, false]);
});
