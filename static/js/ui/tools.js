/** The buttons for what opens over the map. Each is loaded when it is first used. */

import { byId, el, svg } from '../lib/dom.js';
import { AT_A_PLACE } from '../lib/query.js';

/** @import { Map as LeafletMap } from 'leaflet' */
/** @import { Language } from '../i18n/index.js' */

const ICONS = {
  charts: 'M4 16V9M9 16V4M14 16v-5M3 16.5h14',
  heat: 'M10 3c1 3 4 4.5 4 8a4 4 0 0 1-8 0c0-1.5.7-2.3 1.5-3 0 1.5.8 2 1.5 2C9.5 8 9 5.5 10 3z',
  download: 'M10 3v9M6 8.5l4 4 4-4M4 16.5h12',
  share:
    'M8 10.5 13 7M8 9.5l5 3.5M6 12a2 2 0 1 1 0-4 2 2 0 0 1 0 4zM15 8a2 2 0 1 1 0-4 2 2 0 0 1 0 4zM15 16a2 2 0 1 1 0-4 2 2 0 0 1 0 4z',
};

/**
 * @param {object} context
 * @param {LeafletMap} context.map
 * @param {() => Language} context.language
 * @param {(...and: string[]) => URLSearchParams} context.filters What the server is asked
 *   for, with further conditions.
 */
export function createTools({ map, language, filters }) {
  const place = byId('tools');
  /** @type {{ reload: () => void, remove: () => void } | null} */
  let heat = null;

  /** @type {Record<keyof typeof ICONS, () => Promise<void>>} */
  const open = {
    async charts() {
      const { openCharts } = await import('./charts.js');
      openCharts(filters(), language());
    },
    async heat() {
      if (heat) {
        heat.remove();
        heat = null;
      } else {
        const { createHeat } = await import('../map/heat.js');
        heat = createHeat(map, () => filters(AT_A_PLACE));
      }
      render();
    },
    async download() {
      const { openDownloads } = await import('./download.js');
      openDownloads(filters(), language());
    },
    async share() {
      const { openShare } = await import('./share.js');
      openShare(language());
    },
  };

  const render = () => {
    const had = document.activeElement?.id;
    const names = /** @type {(keyof typeof ICONS)[]} */ (Object.keys(ICONS));
    // A picture of density is a luxury.
    const saves = 'saves' in document.documentElement.dataset;
    place.replaceChildren(
      ...names
        .filter((name) => !(name === 'heat' && saves))
        .map((name) =>
          el(
            'button',
            {
              type: 'button',
              class: 'tool',
              id: `tool-${name}`,
              'aria-pressed': name === 'heat' ? String(heat !== null) : null,
              'aria-haspopup': name === 'heat' ? null : 'dialog',
              onclick: open[name],
            },
            svg(
              'svg',
              { viewBox: '0 0 20 20', 'aria-hidden': 'true' },
              svg('path', { d: ICONS[name] }),
            ),
            language().t(`tools.${name}`),
          ),
        ),
    );
    place.setAttribute('aria-label', language().t('tools.title'));
    if (had?.startsWith('tool-')) document.getElementById(had)?.focus();
  };

  return {
    render,

    /** Asks again for what hangs on the filters. */
    refresh: () => heat?.reload(),
  };
}
