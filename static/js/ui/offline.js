/** Says when what is shown is old, because the server cannot be reached. */

import { byId } from '../lib/dom.js';

/** @import { Language } from '../i18n/index.js' */

/**
 * Starts the service worker, and listens to what it tells.
 * @param {() => Language} language
 * @param {() => void} onBack What is shown is old, and there is a network again, or the server.
 */
export function createOffline(language, onBack) {
  const note = byId('offline');
  /** The oldest answer on the page that came from the worker's store. */
  let since = '';

  const render = () => {
    note.hidden = since === '';
    if (since === '') return;
    const { t, locale } = language();
    const time = new Intl.DateTimeFormat(locale, {
      dateStyle: 'long',
      timeStyle: 'short',
      timeZone: 'Asia/Damascus',
    }).format(new Date(since));
    note.textContent = t('offline.since', { time });
  };

  const { serviceWorker } = navigator;
  serviceWorker?.addEventListener('message', ({ data }) => {
    if (typeof data?.kept !== 'string') return;
    if (since === '' || data.kept < since) since = data.kept;
    render();
  });
  const back = () => {
    if (since !== '') onBack();
  };
  window.addEventListener('online', back);
  const start = async () => {
    try {
      // Letters that are still on their way would be fetched twice.
      await document.fonts.ready;
      await serviceWorker?.register('worker.js');
      const { active } = await serviceWorker.ready;
      active?.postMessage({ keep: asked() });
    } catch {
      // Without it the page works as long as there is a network.
    }
  };
  // What is on the page comes first.
  if (document.readyState === 'complete') start();
  else window.addEventListener('load', start);

  return {
    render,
    back,

    /** Everything is asked for anew: the worker tells what of it is old again. */
    forget() {
      since = '';
      render();
    },
  };
}

/** What was asked for before the worker was there. */
function asked() {
  const base = new URL('collections/', document.baseURI).href;
  const names = performance.getEntriesByType('resource').map(({ name }) => name);
  return names.filter((name) => name.startsWith(base) && !name.includes('/stream'));
}
