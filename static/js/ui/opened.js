/** The event that is open beside the map: fetched, shown, and left again. */

import { fetchEvent, fetchFirstPage } from '../api.js';
import { byId, el, keepingFocus } from '../lib/dom.js';
import { createLatest } from '../lib/latest.js';
import { boxAround, filterParams } from '../lib/query.js';
import { failure } from './list.js';

/** @import { Language } from '../i18n/index.js' */
/** @import { Event } from '../types.d.ts' */
/** @import { Store } from '../state.js' */

/**
 * @param {object} context
 * @param {Store} context.store
 * @param {() => Language} context.language
 * @param {() => string} context.today
 * @param {(event: Event | null) => void} context.onShown
 */
export function createOpened({ store, language, today, onShown }) {
  const panel = byId('panel');
  const latest = createLatest();
  const around = createLatest();
  /** @type {Event | null} */
  let event = null;
  /** Those at the same point, this one among them. @type {Event[]} */
  let siblings = [];
  let isGone = false;
  /** What had the focus when an event was opened. @type {HTMLElement | null} */
  let origin = null;
  let wantsFocus = false;
  /** How far down the list the reader was. */
  let scrolled = 0;

  /**
   * What draws it: whoever only looks at the map needs none of it.
   * @type {typeof import('./panel.js') | null}
   */
  let drawing = null;

  const draw = () => {
    const shown = event;
    if (!shown) return;
    keepingFocus(() =>
      drawing?.renderPanel(shown, siblings, language(), {
        onBack: close,
        onShow: (next) => store.set({ event: next.id }),
      }),
    );
    if (wantsFocus) byId('panel-title').focus();
    wantsFocus = false;
  };

  const close = () => store.set({ event: null });

  const load = () => {
    const id = store.get().event;
    // One that is still on its way is not wanted any more.
    latest.stop();
    isGone = false;
    if (id === null) {
      leave();
      return;
    }
    if (event?.id === id) return;
    latest(
      async (signal) => {
        const [found, panelModule] = await Promise.all([
          fetchEvent(id, signal),
          import('./panel.js'),
        ]);
        drawing = panelModule;
        return found;
      },
      (found) => {
        isGone = found === null;
        if (!found) {
          leave();
          return;
        }
        if (panel.hidden) scrolled = byId('sheet-body').scrollTop;
        event = found;
        siblings = siblings.some((each) => each.id === id) ? siblings : [found];
        panel.hidden = false;
        byId('browse').hidden = true;
        draw();
        byId('sheet-body').scrollTop = 0;
        onShown(found);
        loadSiblings(found);
      },
      (error) => {
        event = null;
        siblings = [];
        onShown(null);
        byId('browse').hidden = true;
        panel.hidden = false;
        panel.replaceChildren(
          failure(error, language(), load),
          el(
            'button',
            { type: 'button', class: 'button', id: 'panel-back', onclick: close },
            language().t('event.back'),
          ),
        );
      },
    );
  };

  /** @param {Event} found */
  const loadSiblings = ({ id, point }) => {
    if (!point) return;
    const params = filterParams(store.get(), today());
    params.set('bbox', boxAround(point));
    around(
      (signal) => fetchFirstPage(params, signal),
      ({ events }) => {
        if (event?.id !== id || !events.some((each) => each.id === id)) return;
        const isAlone = events.length === 1 && siblings.length === 1;
        siblings = events;
        // Drawn anew for nothing, it would be read out twice.
        if (!isAlone) draw();
      },
    );
  };

  const leave = () => {
    const hadFocus = panel.contains(document.activeElement);
    const wasOpen = !panel.hidden;
    event = null;
    siblings = [];
    panel.hidden = true;
    panel.replaceChildren();
    byId('browse').hidden = false;
    if (wasOpen) byId('sheet-body').scrollTop = scrolled;
    if (wasOpen || isGone) onShown(null);
    if (hadFocus) returnFocus();
  };

  /** Back to where the reader was. The row may have been drawn anew since. */
  const returnFocus = () => {
    const id = origin?.dataset.event;
    const row = id && document.querySelector(`[data-event="${CSS.escape(id)}"]`);
    const target = origin?.isConnected
      ? origin
      : row instanceof HTMLElement
        ? row
        : byId('list');
    target.focus();
    target.scrollIntoView({ block: 'nearest' });
    origin = null;
  };

  return {
    load,
    render: draw,
    close,
    isGone: () => isGone,
    current: () => event,

    /**
     * @param {string} id
     * @param {HTMLElement} from
     */
    open(id, from) {
      origin = from;
      wantsFocus = true;
      store.set({ event: id });
    },
  };
}
