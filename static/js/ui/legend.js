/** What the symbols on the map mean, beside those of the types in the filters. */

import { byId, el } from '../lib/dom.js';
import { precisionSample, regionSample, stackSample } from '../map/symbols.js';

/** @import { Language } from '../i18n/index.js' */
/** @import { Precision } from '../types.d.ts' */

/** @param {Language} language */
export function renderLegend({ t }) {
  byId('legend-title').textContent = t('legend.title');
  const levels = /** @type {Precision[]} */ ([1, 2]);
  byId('legend-list').replaceChildren(
    ...levels.map((level) => line(precisionSample(level), t(`precision.${level}`))),
    line(stackSample(), t('precision.stack')),
    line(regionSample(), t('precision.region')),
  );
}

/**
 * @param {Element} sample
 * @param {string} text
 */
function line(sample, text) {
  return el(
    'li',
    {},
    el('span', { class: 'legend-symbol', 'aria-hidden': 'true' }, sample),
    el('span', {}, text),
  );
}
