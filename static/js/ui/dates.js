/** The two fields for the first and the last day. */

import { byId, el } from '../lib/dom.js';
import { spanOf } from '../lib/time.js';

/** @import { Language } from '../i18n/index.js' */
/** @import { Store } from '../state.js' */

/**
 * The fields are built once for a language and then left alone: built anew while
 * somebody types a date, they would throw the cursor out.
 * @param {Store} store
 * @param {Language} language
 * @param {string} today
 */
export function renderDates(store, language, today) {
  const box = byId('filter-dates');
  if (box.lang !== language.lang) {
    box.lang = language.lang;
    box.replaceChildren(
      el('legend', { class: 'visually-hidden' }, language.t('filters.dates')),
      dateField('from', language, store),
      dateField('to', language, store),
      el('p', { class: 'note', id: 'date-note' }, language.t('filters.undatedOut')),
    );
  }
  const span = spanOf(store.get(), today);
  for (const name of /** @type {const} */ (['from', 'to'])) {
    const input = /** @type {HTMLInputElement} */ (byId(`date-${name}`));
    const value = span[name] ?? '';
    if (input.value !== value && input !== document.activeElement) input.value = value;
  }
  byId('date-note').hidden = span.from === null && span.to === null;
}

/**
 * @param {'from' | 'to'} name
 * @param {Language} language
 * @param {Store} store
 */
function dateField(name, language, store) {
  const input = el('input', { type: 'date', id: `date-${name}`, max: '2099-12-31' });
  input.addEventListener('change', () =>
    store.set({ days: null, [name]: input.value || null }),
  );
  return el(
    'label',
    { class: 'date', for: input.id },
    el('span', {}, language.t(`filters.${name}`)),
    input,
  );
}
