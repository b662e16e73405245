/**
 * Lets the page work where there is no network: keeps its files and the last answers of
 * the server, and gives them where the server cannot be reached. The server puts the list
 * of files before this text, as SHELL; its version changes with any of them.
 */

/** @type {any} */
const worker = self;

const FILES = `rasid-${SHELL.version}`;
const DATA = 'rasid-data';

/** The pages, by the addresses that people use. */
const PAGES = ['./', 'about', 'try'];

/** Answers that are kept: the views and counts of some hours of reading. */
const MOST_ANSWERS = 120;

/** A longer answer is a download, not a view. */
const MOST_BYTES = 3_000_000;

/** A network that says nothing for so long is taken for none, if there is something kept. */
const PATIENCE_MS = 6_000;

/** How much larger a box may be that is answered for another. */
const HARDLY_LARGER = 1.5;

/** What the page asks for its data with. */
const ACCEPT = 'application/geo+json, application/json';

/** Tells the page when an answer was kept. */
const KEPT = 'x-rasid-kept';

worker.addEventListener('install', (/** @type {any} */ event) => {
  event.waitUntil(install());
});

worker.addEventListener('activate', (/** @type {any} */ event) => {
  event.waitUntil(activate());
});

worker.addEventListener('fetch', (/** @type {any} */ event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin) return;
  const path = url.pathname.slice(new URL(worker.registration.scope).pathname.length);
  if (isData(path, request)) event.respondWith(data(request, event));
  else if (isFile(path, request)) event.respondWith(file(request, path));
});

// What the page asked for before this was running: it asks again, and it is kept.
worker.addEventListener('message', (/** @type {any} */ event) => {
  const urls = Array.isArray(event.data?.keep) ? event.data.keep.slice(0, 40) : [];
  const keep = urls.map(async (/** @type {string} */ url) => {
    const request = new Request(url, { headers: { Accept: ACCEPT } });
    await store(request, await fetch(request));
  });
  event.waitUntil(Promise.allSettled(keep));
});

async function install() {
  const cache = await caches.open(FILES);
  const saves = Boolean(/** @type {any} */ (navigator).connection?.saveData);
  const wanted = SHELL.files.filter((path) => !(saves && path.endsWith('.woff2')));
  // Past the browser's own store: a file of an old version shall not get into the new.
  const fresh = (/** @type {string} */ path) =>
    new Request(path, { cache: 'no-cache' });
  const page = (/** @type {string} */ path) =>
    new Request(path, { cache: 'no-cache', headers: { Accept: 'text/html' } });
  await cache.addAll([...wanted.map(fresh), ...PAGES.map(page)]);
  await worker.skipWaiting();
}

async function activate() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith('rasid-') && name !== FILES);
  await Promise.all(
    old.filter((name) => name !== DATA).map((name) => caches.delete(name)),
  );
  await worker.clients.claim();
}

/**
 * @param {string} path
 * @param {Request} request
 */
function isData(path, request) {
  const isJson = (request.headers.get('accept') ?? '').includes('json');
  return isJson && /^(collections\/|geocode)/.test(path);
}

/**
 * @param {string} path
 * @param {Request} request
 */
function isFile(path, request) {
  const isPage = request.mode === 'navigate' && (path === '' || PAGES.includes(path));
  return isPage || SHELL.files.includes(path);
}

/**
 * A file or page: the server's, as long as it can be reached. So a new version is there
 * with the next visit, and all of its files are of one version. Only what others made, whose
 * address tells its version, is taken from here first.
 * @param {Request} request
 * @param {string} path
 */
async function file(request, path) {
  const cache = await caches.open(FILES);
  const kept = () => cache.match(path === '' ? './' : path, { ignoreSearch: true });
  if (path.startsWith('vendor/')) return (await kept()) ?? fetch(request);
  return inTime(fetch(request), kept);
}

/**
 * @param {Request} request
 * @param {any} event
 */
function data(request, event) {
  const answer = fetch(request);
  // Said at once: when the page has been given what was kept, it is too late to ask for time.
  event.waitUntil(
    answer.then(
      (response) => store(request, response.clone()),
      () => {},
    ),
  );
  return inTime(answer, async () => {
    const cache = await caches.open(DATA);
    const kept =
      (await cache.match(request.url)) ?? (await matchLarger(cache, request.url));
    if (kept) await tell(event.clientId, kept.headers.get(KEPT));
    return kept;
  });
}

/**
 * What was kept of the same question for a box that holds this one and is hardly larger: the
 * note that all of it is old takes some of the map's height.
 * @param {any} cache
 * @param {string} url
 */
async function matchLarger(cache, url) {
  const { rest, box: asked } = questionOf(url);
  if (!asked) return undefined;
  const area = (/** @type {Box} */ [w, s, e, n]) => (e - w) * (n - s);
  const [west, south, east, north] = asked;
  const isLarger = (/** @type {Box} */ [w, s, e, n]) =>
    w <= west && s <= south && e >= east && n >= north;
  const last = (await cache.keys()).reverse().find((/** @type {Request} */ each) => {
    const kept = questionOf(each.url);
    if (!kept.box || kept.rest !== rest) return false;
    return isLarger(kept.box) && area(kept.box) <= HARDLY_LARGER * area(asked);
  });
  return last && cache.match(last.url);
}

/**
 * A question without its box, and the box.
 * @typedef {[number, number, number, number]} Box West, south, east, north.
 * @param {string} address
 * @returns {{ rest: string, box: Box | null }}
 */
function questionOf(address) {
  const url = new URL(address);
  const box = url.searchParams.get('bbox')?.split(',').map(Number) ?? [];
  url.searchParams.delete('bbox');
  const isBox = box.length === 4 && box.every(Number.isFinite);
  return { rest: url.href, box: isBox ? /** @type {Box} */ (box) : null };
}

/**
 * The answer, or what was kept where there is none, or none yet.
 * @param {Promise<Response>} answer
 * @param {() => Promise<Response | undefined>} find
 */
async function inTime(answer, find) {
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, null));
  try {
    const first = await Promise.race([answer, late]);
    if (first) return first;
  } catch (error) {
    const kept = await find();
    if (kept) return kept;
    throw error;
  }
  return (await find()) ?? answer;
}

/**
 * Keeps a good answer with its time, and drops the oldest. An error is never kept.
 * @param {Request} request
 * @param {Response} response
 */
async function store(request, response) {
  const kind = response.headers.get('content-type') ?? '';
  if (response.status !== 200 || !kind.includes('json')) return;
  const body = await response.blob();
  if (body.size > MOST_BYTES) return;
  const headers = new Headers({ 'content-type': kind });
  headers.set(KEPT, new Date().toISOString());
  const cache = await caches.open(DATA);
  // Also what is replaced goes to the end, so that the first is the oldest.
  await cache.put(request.url, new Response(body, { headers }));
  const all = await cache.keys();
  await Promise.all(
    all
      .slice(0, Math.max(0, all.length - MOST_ANSWERS))
      .map((old) => cache.delete(old)),
  );
}

/**
 * Lets the page say that what it shows is old.
 * @param {string} id
 * @param {string | null} time
 */
async function tell(id, time) {
  const client = await worker.clients.get(id);
  client?.postMessage({ kept: time });
}
