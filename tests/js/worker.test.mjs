import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import vm from 'node:vm';

const SOURCE = readFileSync(
  new URL('../../static/js/worker.js', import.meta.url),
  'utf8',
);
const SITE = 'https://rasid.example/';
const SEARCH = `${SITE}collections/events/items?limit=1`;

/** A worker whose network, store and clock are the test's. */
function startWorker(fetch) {
  const listeners = new Map();
  const stores = new Map();
  const told = [];
  const timers = [];
  const open = async (name) => {
    const kept = stores.get(name) ?? new Map();
    stores.set(name, kept);
    return {
      match: async (url) => kept.get(String(url))?.clone(),
      put: async (url, response) => void kept.set(url, response),
      delete: async (url) => kept.delete(url.url ?? url),
      keys: async () => [...kept.keys()].map((url) => ({ url })),
    };
  };
  const worker = {
    addEventListener: (name, listener) => listeners.set(name, listener),
    registration: { scope: SITE },
    clients: { get: async () => ({ postMessage: (message) => told.push(message) }) },
  };
  vm.runInNewContext(SOURCE, {
    self: worker,
    SHELL: { version: 'x', files: [] },
    location: new URL(SITE),
    caches: { open },
    setTimeout: (done, _, value) => timers.push(() => done(value)),
    fetch,
    ...{ URL, Headers, Response, Request, Date },
  });
  return {
    told,
    /** The patience of the worker ends. */
    timeOut: () => timers.splice(0).forEach((done) => void done()),
    /** Asks as a page does; `answer` is what it is given, `rest` what the worker ends later. */
    ask(url) {
      const request = new Request(url, { headers: { Accept: 'application/json' } });
      const rest = [];
      let answer = null;
      let isOver = false;
      listeners.get('fetch')({
        request,
        clientId: 'page',
        respondWith(given) {
          answer = given.finally(() => {
            isOver = true;
          });
        },
        waitUntil(work) {
          // As browsers do: time is only given while the page still waits.
          assert.ok(!isOver, 'asked for time too late');
          rest.push(work);
        },
      });
      return { answer, rest: () => Promise.all(rest) };
    },
  };
}

const json = (n) => Response.json({ n });

test('an answer is kept, and given with its time where there is no network', async () => {
  let isThere = true;
  const worker = startWorker(async () => {
    if (!isThere) throw new TypeError('no network');
    return json(1);
  });
  const first = worker.ask(SEARCH);
  assert.deepEqual(await (await first.answer).json(), { n: 1 });
  await first.rest();
  assert.deepEqual(worker.told, []);

  isThere = false;
  const second = worker.ask(SEARCH);
  assert.deepEqual(await (await second.answer).json(), { n: 1 });
  await second.rest();
  assert.match(worker.told[0].kept, /^\d{4}-/);
  await assert.rejects(worker.ask(`${SEARCH}&q=x`).answer);
});

test('an answer that comes after what was kept is kept in its place', async () => {
  let answer = async () => json(1);
  const worker = startWorker(() => answer());
  const first = worker.ask(SEARCH);
  await first.answer;
  await first.rest();

  let come;
  answer = () => new Promise((done) => (come = done));
  const slow = worker.ask(SEARCH);
  worker.timeOut();
  assert.deepEqual(await (await slow.answer).json(), { n: 1 });
  come(json(2));
  await slow.rest();

  answer = () => Promise.reject(new TypeError('no network'));
  assert.deepEqual(await (await worker.ask(SEARCH).answer).json(), { n: 2 });
});

test('without a network a box is answered by one that is hardly larger', async () => {
  let isThere = true;
  let n = 0;
  const worker = startWorker(async () => {
    if (!isThere) throw new TypeError('no network');
    n += 1;
    return json(n);
  });
  for (const box of ['30,30,50,50', '35,32,42,38', '35,32,42,37.9', '34,32,42,39']) {
    const { answer, rest } = worker.ask(`${SEARCH}&bbox=${box}`);
    await answer;
    await rest();
  }
  isThere = false;
  const given = async (search) => (await worker.ask(search).answer).json();
  assert.deepEqual(await given(`${SEARCH}&bbox=35,32.2,42,37.8`), { n: 4 });
  assert.deepEqual(await given(`${SEARCH}&bbox=35.0,32.0,42.0,37.9`), { n: 4 });
  for (const search of [
    `${SEARCH}&bbox=35,32,42,39.1`,
    `${SEARCH}&bbox=36,33,38,35`,
    `${SEARCH}&bbox=35,32.2,42,37.8&q=x`,
    `${SEARCH}&bbox=35,32.2,42`,
    `${SEARCH}&bbox=x`,
    SEARCH,
  ]) {
    await assert.rejects(worker.ask(search).answer, search);
  }
});

test('an error is never kept', async () => {
  const answers = [
    async () => Response.json({}, { status: 500 }),
    () => Promise.reject(new TypeError('no network')),
  ];
  const worker = startWorker(() => answers.shift()());
  const first = worker.ask(SEARCH);
  assert.equal((await first.answer).status, 500);
  await first.rest();
  await assert.rejects(worker.ask(SEARCH).answer);
});
