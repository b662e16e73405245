#!/usr/bin/env node
/**
 * What the page costs a reader: time until it is ready, long tasks while the map is moved,
 * memory, and bytes of the first load, with a processor four times slower than this one.
 *
 *   node benches/page.mjs NAME=URL…      such as empty=http://127.0.0.1:8081/ million=http://127.0.0.1:8082/
 *
 * Needs chromium-headless-shell, of which no windows and toolbars take their part of the processor, and Node 22
 * (20 with --experimental-websocket). Servers are started beforehand, each on a store of its own
 * (benches/load.py makes them). Runs are interleaved and medians told.
 */

import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROUNDS = Number(process.env.ROUNDS ?? 3);
const THROTTLE = Number(process.env.THROTTLE ?? 4);
const [WIDTH, HEIGHT] = [1280, 800];

/** Notes when the page is ready, and how long tasks take that hold it up. */
const WATCH = `
  window.watched = { tasks: 0, longest: 0, last: 0 };
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      watched.tasks += duration;
      watched.longest = Math.max(watched.longest, duration);
      watched.last = performance.now();
    }
  }).observe({ type: 'longtask', buffered: true });
  new MutationObserver(() => {
    watched.marker ??= document.querySelector('.event-marker') ? performance.now() : undefined;
    watched.ready ??= document.body?.dataset.ready ? performance.now() : undefined;
  }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-ready'] });
`;

const targets = process.argv.slice(2).map((argument) => {
  const at = argument.indexOf('=');
  return { name: argument.slice(0, at), url: argument.slice(at + 1) };
});
if (targets.length === 0) {
  console.error('name what to open: NAME=URL…');
  process.exit(2);
}

const results = new Map(targets.map(({ name }) => [name, []]));
for (let round = 0; round < ROUNDS; round += 1) {
  for (const { name, url } of targets) results.get(name).push(await measure(url));
}
const measures = Object.keys(results.get(targets[0].name)[0]);
console.log(['', ...measures].join('\t'));
for (const [name, runs] of results) {
  console.log([name, ...measures.map((each) => median(runs.map((run) => run[each])))].join('\t'));
}

/** One visit in a browser of its own, with nothing in its cache. */
async function measure(url) {
  const profile = await mkdtemp(join(tmpdir(), 'page-'));
  const browser = spawn(
    '/usr/lib/chromium/chromium-headless-shell',
    [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--no-proxy-server',
      '--no-first-run',
      '--disable-background-networking',
      '--remote-debugging-port=0',
      `--user-data-dir=${profile}`,
      `--window-size=${WIDTH},${HEIGHT}`,
      'about:blank',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  try {
    const page = await connect(await addressOf(browser));
    return await visit(page, url);
  } finally {
    const gone = new Promise((done) => browser.on('exit', done));
    browser.kill('SIGKILL');
    await gone;
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function visit(page, url) {
  await page.send('Page.enable');
  await page.send('Emulation.setCPUThrottlingRate', { rate: THROTTLE });
  await page.send('Page.addScriptToEvaluateOnNewDocument', { source: WATCH });
  await page.send('Page.navigate', { url });
  await page.until('document.body?.dataset.ready && performance.now() > watched.last + 1000');
  const marker = await page.value('watched.marker ?? null');
  // Where there are events, the first must be there.
  const ready = Math.max(await page.value('watched.ready'), marker ?? 0);
  const bytes = await page.value(`(${sent})(false)`);
  const dataBytes = await page.value(`(${sent})(true)`);
  const loaded = { ready, marker, bytes, dataBytes };
  const blocked = await page.value('watched.tasks');
  await page.value('watched.tasks = 0');
  await page.value('watched.longest = 0');
  await pan(page);
  const panning = await page.value('watched.tasks');
  await page.value('watched.tasks = 0');
  await zoom(page);
  const zooming = await page.value('watched.tasks');
  const longest = await page.value('watched.longest');
  await page.send('HeapProfiler.collectGarbage');
  const { usedSize } = await page.send('Runtime.getHeapUsage');
  const symbols = await page.value("document.querySelectorAll('.event-marker').length");
  return { ...loaded, blocked, panning, zooming, longest, heapMB: usedSize / 1e6, symbols };
}

/**
 * Bytes of all bodies as they were sent, of data or of all else. What is fetched in the page is counted here,
 * and once, whether the service worker was quicker to get it or not.
 * @param {boolean} ofData
 */
function sent(ofData) {
  return performance
    .getEntriesByType('navigation')
    .concat(performance.getEntriesByType('resource'))
    .filter(({ name }) => name.includes('/collections/') === ofData)
    .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0);
}

/** Sixty moves of a pointer that drags the map about. */
async function pan(page) {
  const mouse = (type, x, y, more = {}) =>
    page.send('Input.dispatchMouseEvent', { type, x, y, button: 'left', buttons: 1, ...more });
  const [x, y] = [WIDTH * 0.7, HEIGHT * 0.3];
  for (let drag = 0; drag < 6; drag += 1) {
    const [dx, dy] = [[18, 0], [0, 14], [-18, 0], [0, -14]][drag % 4];
    await mouse('mousePressed', x, y, { clickCount: 1 });
    for (let step = 1; step <= 10; step += 1) {
      await mouse('mouseMoved', x + dx * step, y + dy * step);
      await frames(page, 2);
    }
    await mouse('mouseReleased', x + dx * 10, y + dy * 10, { clickCount: 1 });
    await frames(page, 60);
  }
}

/** Larger and smaller, ten times. */
async function zoom(page) {
  for (let step = 0; step < 10; step += 1) {
    const way = step % 4 < 2 ? 'in' : 'out';
    await page.value(`document.querySelector('.leaflet-control-zoom-${way}').click()`);
    await frames(page, 60);
  }
}

async function frames(page, count) {
  await page.value(
    `new Promise((done) => { let left = ${count};
       const next = () => (left -= 1) > 0 ? requestAnimationFrame(next) : done(0);
       requestAnimationFrame(next); })`,
  );
}

/** Where the browser listens, as it says itself. */
async function addressOf(browser) {
  let said = '';
  for await (const piece of browser.stderr) {
    said += piece;
    const found = said.match(/ws:\/\/([\d.:]+)\//);
    if (found) {
      browser.stderr.resume();
      return found[1];
    }
  }
  throw new Error(`chromium did not start: ${said}`);
}

async function connect(address) {
  const list = await (await fetch(`http://${address}/json/list`)).json();
  const { webSocketDebuggerUrl } = list.find(({ type }) => type === 'page');
  const socket = new WebSocket(webSocketDebuggerUrl);
  await new Promise((done, failed) => {
    socket.onopen = done;
    socket.onerror = failed;
  });
  let last = 0;
  const waiting = new Map();
  socket.onmessage = ({ data }) => {
    const { id, result, error } = JSON.parse(data);
    // What the browser tells unasked has no number.
    if (id === undefined) return;
    const { done, failed } = waiting.get(id);
    waiting.delete(id);
    if (error) failed(new Error(error.message));
    else done(result);
  };
  const send = (method, params = {}) =>
    new Promise((done, failed) => {
      last += 1;
      waiting.set(last, { done, failed });
      socket.send(JSON.stringify({ id: last, method, params }));
    });
  const value = async (expression) => {
    const options = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = await send('Runtime.evaluate', options);
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description);
    return result.value;
  };
  return {
    send,
    value,
    async until(condition) {
      const end = Date.now() + 120_000;
      while (!(await value(`Boolean(globalThis.watched && (${condition}))`))) {
        if (Date.now() > end) throw new Error(`waited in vain for ${condition}`);
        await new Promise((done) => setTimeout(done, 50));
      }
    },
  };
}

function median(numbers) {
  const known = numbers.filter((n) => typeof n === 'number').sort((a, b) => a - b);
  const middle = known[Math.floor(known.length / 2)];
  return middle === undefined ? '–' : middle.toFixed(middle < 100 ? 1 : 0);
}
