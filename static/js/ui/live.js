/**
 * Listens for events as they are committed, and says how many are new. The map does not
 * move, nor the list, until the reader asks for it.
 */

import { streamAddress } from '../api.js';
import { byId } from '../lib/dom.js';
import { createReader } from '../lib/sse.js';

/** @import { Language } from '../i18n/index.js' */

/** Before it is tried again; twice as long each time, up to the second. */
const RETRY_MS = { first: 2_000, last: 60_000 };

/**
 * @param {object} context
 * @param {() => Language} context.language
 * @param {() => URLSearchParams} context.filters
 * @param {() => void} context.onNews What was asked for before may have changed.
 * @param {() => void} context.onShow The reader wants to see what is new.
 * @param {() => void} context.onOpen The server is there, perhaps again.
 */
export function createLive({ language, filters, onNews, onShow, onOpen }) {
  const button = byId('live');
  const status = byId('live-status');
  /** @type {Set<string>} */
  const fresh = new Set();
  let running = new AbortController();
  let timer = 0;
  let wait = RETRY_MS.first;
  let asked = '';
  /** Where the stream was cut. @type {string | null} */
  let last = null;

  const render = () => {
    const text = fresh.size === 0 ? '' : language().plural('newEvents', fresh.size);
    button.hidden = fresh.size === 0;
    button.textContent = text === '' ? '' : language().t('live.show', { events: text });
    if (status.textContent !== text) status.textContent = text;
  };

  const stop = () => {
    clearTimeout(timer);
    running.abort();
  };

  const start = async () => {
    stop();
    if (document.hidden) return;
    const mine = new AbortController();
    running = mine;
    const reader = createReader(({ type, data, id }) => {
      last = id ?? last;
      if (data === '') return;
      onNews();
      if (type === 'event') take(data);
      if (type === 'gone') drop(data);
    });
    try {
      const headers = {
        Accept: 'text/event-stream',
        ...(last && { 'Last-Event-ID': last }),
      };
      const response = await fetch(asked, {
        headers,
        signal: mine.signal,
        cache: 'no-store',
      });
      if (!response.ok || !response.body) {
        // A store that was begun anew does not know the place: it is begun anew here, too.
        if (response.status === 400) {
          last = null;
          onNews();
        }
        throw new Error(`status ${response.status}`);
      }
      onOpen();
      const decoder = new TextDecoder();
      const body = response.body.getReader();
      for (;;) {
        const { done, value } = await body.read();
        if (done) break;
        wait = RETRY_MS.first;
        reader.push(decoder.decode(value, { stream: true }));
      }
    } catch {
      // Quiet: the page is as good as before, only not newer.
    }
    if (mine.signal.aborted) return;
    timer = setTimeout(start, wait);
    wait = Math.min(wait * 2, RETRY_MS.last);
  };

  /** @param {string} data */
  const take = (data) => {
    try {
      const { id } = JSON.parse(data);
      if (fresh.size < 10_000) fresh.add(String(id));
      render();
    } catch {
      // What cannot be read is not announced.
    }
  };

  /**
   * What was new has become part of another event, or was withdrawn.
   * @param {string} data
   */
  const drop = (data) => {
    try {
      fresh.delete(String(JSON.parse(data).id));
      render();
    } catch {
      // What cannot be read tells nothing.
    }
  };

  const forget = () => {
    fresh.clear();
    render();
  };

  button.addEventListener('click', () => {
    forget();
    onShow();
    byId('list').focus();
  });
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) stop();
    else start();
  });
  window.addEventListener('online', () => {
    wait = RETRY_MS.first;
    start();
  });

  return {
    render,

    /** Listens under the filters as they are now. */
    load() {
      const address = streamAddress(filters());
      if (address === asked) return;
      asked = address;
      forget();
      start();
    },
  };
}
