import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

globalThis.document = { baseURI: 'https://rasid.example/' };
const { fetchCounts, forget, once } = await import('../../static/js/api.js');

const FILTERS = new URLSearchParams();
let asked = 0;

/** A server that counts what it is asked, and answers with the count. */
beforeEach(() => {
  asked = 0;
  forget();
  globalThis.fetch = async () => {
    asked += 1;
    return Response.json({ by: [], groups: [], numberMatched: asked });
  };
});

async function matched() {
  return (await fetchCounts('event_type', FILTERS)).matched;
}

test('an answer is remembered until there is something new', async () => {
  assert.deepEqual([await matched(), await matched()], [1, 1]);
  forget();
  assert.deepEqual([await matched(), await matched()], [2, 2]);
});

test('what was on its way when something new came is not remembered', async () => {
  const old = matched();
  forget();
  assert.equal(await old, 1);
  assert.equal(await matched(), 2);
});

test('what a panel asks for is asked once, and again when there is something new', async () => {
  let times = 0;
  const ask = () => once('sources', async () => ++times);
  assert.deepEqual([await ask(), await ask()], [1, 1]);
  forget();
  assert.equal(await ask(), 2);
});

test('what failed is asked for again', async () => {
  const fail = () => once('places', () => Promise.reject(new Error('unreachable')));
  await assert.rejects(fail());
  assert.equal(await once('places', async () => 'there'), 'there');
});
