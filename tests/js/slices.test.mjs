import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inSlices } from '../../static/js/lib/slices.js';

/** Takes so many milliseconds for each step. */
function* busy(steps, ms) {
  for (let step = 0; step < steps; step += 1) {
    const end = performance.now() + ms;
    while (performance.now() < end);
    yield;
  }
  return 'done';
}

test('what is short is done at once', async () => {
  const pause = () => assert.fail('it paused');
  assert.equal(await inSlices(busy(3, 0), () => true, pause), 'done');
});

test('what is long lets others in between', async () => {
  let pauses = 0;
  const pause = async () => {
    pauses += 1;
  };
  assert.equal(await inSlices(busy(4, 9), () => true, pause), 'done');
  assert.equal(pauses, 4);
});

test('what is not wanted any more ends', async () => {
  let wanted = true;
  const pause = async () => {
    wanted = false;
  };
  assert.equal(await inSlices(busy(1000, 9), () => wanted, pause), null);
});
