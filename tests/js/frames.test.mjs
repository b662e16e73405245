import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { inFrames } from '../../static/js/lib/frames.js';

/** What is asked for the next frame. */
let asked = [];
globalThis.requestAnimationFrame = (callback) => asked.push(callback);
beforeEach(() => {
  asked = [];
});

function frame() {
  const callbacks = asked;
  asked = [];
  for (const callback of callbacks) callback();
  return callbacks.length;
}

/** Writes down each step. */
function* noting(name, steps, into) {
  for (let step = 1; step <= steps; step += 1) {
    into.push(`${name}${step}`);
    if (step < steps) yield;
  }
  return name;
}

test('a frame takes one step, of who came first', async () => {
  const taken = [];
  const first = inFrames(noting('a', 2, taken), () => true);
  const second = inFrames(noting('b', 1, taken), () => true);
  assert.deepEqual(taken, []);
  frame();
  assert.deepEqual(taken, ['a1']);
  frame();
  assert.deepEqual(taken, ['a1', 'a2']);
  assert.equal(await first, 'a');
  assert.equal(frame(), 1);
  assert.deepEqual(taken, ['a1', 'a2', 'b1']);
  assert.equal(await second, 'b');
  assert.equal(frame(), 0);
});

test('what is not wanted any more costs no frame', async () => {
  const taken = [];
  let wanted = true;
  const first = inFrames(noting('a', 9, taken), () => wanted);
  const second = inFrames(noting('b', 1, taken), () => true);
  frame();
  wanted = false;
  frame();
  assert.deepEqual(taken, ['a1', 'b1']);
  assert.equal(await first, null);
  assert.equal(await second, 'b');
});

test('what is urgent comes before what waits', async () => {
  const taken = [];
  inFrames(noting('a', 2, taken), () => true);
  frame();
  inFrames(noting('b', 2, taken), () => true, true);
  while (frame() > 0);
  assert.deepEqual(taken, ['a1', 'b1', 'b2', 'a2']);
});

test('what fails keeps nobody else from its turn', async () => {
  const taken = [];
  const steps = { next: () => assert.fail('no such row') };
  const first = inFrames(steps, () => true);
  const second = inFrames(noting('b', 1, taken), () => true);
  frame();
  frame();
  await assert.rejects(first, /no such row/);
  assert.equal(await second, 'b');
});
