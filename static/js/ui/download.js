/** Files of events. */

import { addressOf } from '../api.js';
import { fetchTallies } from '../details.js';
import { el } from '../lib/dom.js';
import { openDialog } from './dialog.js';

/** @import { Language } from '../i18n/index.js' */
/** @import { Event } from '../types.d.ts' */

/** The formats that programs open, by their names in addresses and in files. */
export const FORMATS = /** @type {const} */ ([
  ['geojson', 'json'],
  ['csv', 'csv'],
  ['flatgeobuf', 'flatgeobuf'],
]);

const ENDINGS = { geojson: 'geojson', csv: 'csv', flatgeobuf: 'fgb' };

/** The formats of all that is filtered. */
const EXPORTS = /** @type {const} */ (['geojson', 'csv', 'gpkg', 'geojsonseq']);

/**
 * @param {URLSearchParams} filters
 * @param {Language} language
 */
export function openDownloads(filters, language) {
  const { t } = language;
  const count = el('p', { class: 'note', role: 'status' });
  fetchTallies('event_type', filters).then(
    ({ matched }) => {
      count.textContent = language.plural('events', matched);
    },
    () => {},
  );
  const links = EXPORTS.map((name) => {
    const url = new URL('collections/events/export', document.baseURI);
    url.search = String(new URLSearchParams([...filters, ['f', name]]));
    return el(
      'a',
      { href: url.href, download: '', id: `download-${name}` },
      el('strong', {}, t(`download.${name}`)),
      el('span', { class: 'fact-note' }, t(`download.about.${name}`)),
    );
  });
  const dialog = openDialog(
    'downloads',
    t('download.title'),
    language,
    el('p', {}, t('download.what')),
    count,
    el('div', { class: 'file-list' }, ...links),
  );
  dialog.classList.add('small');
}

/**
 * Links to one event in each format.
 * @param {Event} event
 * @param {Language} language
 */
export function eventDownloads(event, language) {
  const stem = `event-${event.id.replace(/[^\w.-]/g, '_')}`;
  const links = FORMATS.map(([name, f]) => {
    const url = addressOf(event.id);
    url.searchParams.set('f', f);
    return el(
      'a',
      { href: url.href, download: `${stem}.${ENDINGS[name]}`, class: 'file' },
      language.t(`download.${name}`),
    );
  });
  return el('p', { class: 'files' }, language.t('download.event'), ' ', ...links);
}
