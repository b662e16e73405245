/** The head of the list: how many there are, where, and in which form and order. */

import { byId, el, keepingFocus, renew } from '../lib/dom.js';

/** @import { Language } from '../i18n/index.js' */
/** @import { State } from '../types.d.ts' */
/** @import { Store } from '../state.js' */

const SORTS = /** @type {const} */ (['new', 'old', 'toll', 'type']);

/**
 * @param {Store} store
 * @param {Language} language
 * @param {{ total: number | null, unplaced: number | null, listed: number | null }} counts
 */
export function renderHead(store, language, { total, unplaced, listed }) {
  const { t, plural } = language;
  const { tab, here } = store.get();
  const text =
    total === null
      ? t('state.loading')
      : Number.isNaN(total)
        ? t('state.failed')
        : plural('events', total);
  for (const id of ['list-title', 'sheet-count', 'announcer']) {
    const part = byId(id);
    if (part.textContent !== text) part.textContent = text;
  }
  byId('list-title').dataset.count = total === null ? '' : String(total);
  const inView = tab === 'map' || here ? listed : null;
  keepingFocus(() => {
    renew(byId('tabs'), [
      tabButton('map', inView, store, language),
      tabButton('unplaced', unplaced, store, language),
    ]);
    renew(byId('list-tools'), [
      sortChoice(store, language),
      lookButton(store, language),
    ]);
  });
}

/**
 * @param {State['tab']} name
 * @param {number | null} count
 * @param {Store} store
 * @param {Language} language
 */
function tabButton(name, count, store, language) {
  const { tab, here } = store.get();
  const isChosen = here ? name === 'map' : tab === name;
  const label = name === 'map' && here ? 'list.here' : `list.${name}`;
  return el(
    'button',
    {
      type: 'button',
      id: `tab-${name}`,
      'aria-pressed': String(isChosen),
      onclick: () =>
        store.set({ tab: name, here: name === 'map' ? store.get().here : null }),
    },
    language.t(label),
    ' ',
    el('span', { class: 'count' }, count === null ? '' : language.number(count)),
  );
}

/**
 * @param {Store} store
 * @param {Language} language
 */
function sortChoice(store, { t }) {
  const { sort } = store.get();
  return el(
    'label',
    { class: 'sort' },
    el('span', { class: 'visually-hidden' }, t('sort.label')),
    el(
      'select',
      {
        id: 'sort',
        onchange: (/** @type {globalThis.Event} */ { target }) => {
          const { value } = /** @type {HTMLSelectElement} */ (target);
          store.set({ sort: /** @type {State['sort']} */ (value) });
        },
      },
      ...SORTS.map((each) =>
        el('option', { value: each, selected: each === sort }, t(`sort.${each}`)),
      ),
    ),
  );
}

/**
 * @param {Store} store
 * @param {Language} language
 */
function lookButton(store, { t }) {
  const isTable = store.get().look === 'table';
  document.body.dataset.look = isTable ? 'table' : 'list';
  return el(
    'button',
    {
      type: 'button',
      class: 'button',
      id: 'look',
      'aria-pressed': String(isTable),
      onclick: () => store.set({ look: isTable ? 'list' : 'table' }),
    },
    t('list.table'),
  );
}
