/**
 * The search for a place: a text field with a list of what it may mean, in the manner of
 * WAI-ARIA's combobox. The focus stays in the field; the arrow keys move through the list.
 */

import { byId, el, withoutControls } from '../lib/dom.js';
import { namesOf, thirdName, whatAndWhere } from '../lib/place.js';

/** @import { FoundPlace } from '../types.d.ts' */
/** @import { Language } from '../i18n/index.js' */

/** Somebody who types fast asks once. */
const PAUSE_MS = 150;

/**
 * @param {object} context
 * @param {() => Language} context.language
 * @param {(text: string, lang: string, signal: AbortSignal) => Promise<FoundPlace[]>} context.find
 * @param {(place: FoundPlace) => void} context.onChoose
 * @param {() => void} context.onClear
 */
export function createSearch({ language, find, onChoose, onClear }) {
  const box = byId('place-search');
  /** @type {HTMLInputElement} */
  const field = byId('place-field');
  const list = byId('place-list');
  const message = byId('place-message');
  const status = byId('place-status');
  const clear = byId('place-clear');

  /** @type {FoundPlace[]} */
  let places = [];
  /** The chosen line of the list; -1 while the reader is in the field. */
  let active = -1;
  let timer = 0;
  let request = new AbortController();

  const isOpen = () => !list.hidden || !message.hidden;

  const close = () => {
    clearTimeout(timer);
    request.abort();
    places = [];
    list.replaceChildren();
    activate(-1);
    say('');
    list.hidden = true;
    field.setAttribute('aria-expanded', 'false');
  };

  /**
   * What is said to everybody, and what only to those who do not see the list.
   * @param {string} seen
   * @param {string} [heard]
   */
  const say = (seen, heard = seen) => {
    message.textContent = seen;
    message.hidden = seen === '';
    status.textContent = heard;
  };

  /** @param {number} index */
  const activate = (index) => {
    active = index;
    for (const [at, line] of [...list.children].entries()) {
      line.setAttribute('aria-selected', String(at === index));
    }
    const line = list.children[index];
    if (line) {
      field.setAttribute('aria-activedescendant', line.id);
      line.scrollIntoView({ block: 'nearest' });
    } else {
      field.removeAttribute('aria-activedescendant');
    }
  };

  /** @param {FoundPlace} place */
  const choose = (place) => {
    const [name] = namesOf(place, language());
    field.value = name?.text ?? '';
    renderField();
    close();
    say('', language().t('search.shown', { name: field.value }));
    onChoose(place);
  };

  /** @param {FoundPlace[]} found */
  const show = (found) => {
    places = found;
    list.replaceChildren(...found.map((place, at) => option(place, at)));
    list.hidden = found.length === 0;
    field.setAttribute('aria-expanded', String(found.length > 0));
    activate(-1);
    if (found.length > 0) {
      say('', language().plural('places', found.length));
    } else {
      const text = withoutControls(field.value.trim());
      say(language().t('search.unknown', { text }));
    }
  };

  /**
   * @param {FoundPlace} place
   * @param {number} at
   */
  const option = (place, at) => {
    const third = thirdName(place);
    return el(
      'div',
      {
        id: `place-option-${at}`,
        class: 'place-option',
        role: 'option',
        'aria-selected': 'false',
        // The field keeps the focus.
        onpointerdown: (/** @type {Event} */ event) => event.preventDefault(),
        onclick: () => choose(place),
      },
      el(
        'span',
        { class: 'place-names' },
        ...namesOf(place, language()).flatMap(({ lang, text }, index) => [
          index > 0 && ' ',
          el('bdi', { lang, class: index === 0 ? 'place-name' : 'place-other' }, text),
        ]),
      ),
      ' ',
      el(
        'span',
        { class: 'place-what' },
        third !== null && el('bdi', {}, third),
        third !== null && language().t('comma'),
        whatAndWhere(place, language()),
      ),
    );
  };

  const ask = async () => {
    clearTimeout(timer);
    request.abort();
    const text = field.value.trim();
    if (text === '') return close();
    const mine = new AbortController();
    request = mine;
    try {
      const found = await find(text, language().lang, mine.signal);
      if (!mine.signal.aborted) show(found);
    } catch {
      if (mine.signal.aborted) return;
      show([]);
      say(language().t('search.failed'));
    }
  };

  const renderField = () => {
    const isEmpty = field.value === '';
    clear.hidden = isEmpty;
    // An empty field has no direction of its own; its hint has that of the page.
    if (isEmpty) field.removeAttribute('dir');
    else field.dir = 'auto';
  };

  const empty = () => {
    field.value = '';
    renderField();
    close();
    onClear();
  };

  /**
   * What a key does; `false` if it is left to the browser.
   * @param {string} key
   * @returns {boolean}
   */
  const press = (key) => {
    const [first] = places;
    if (key === 'ArrowDown' || key === 'ArrowUp') {
      // The field itself is one stop of the round.
      const stops = places.length + 1;
      const step = key === 'ArrowDown' ? 1 : -1;
      if (first) activate(((active + 1 + step + stops) % stops) - 1);
      else ask();
      return true;
    }
    if (key === 'Enter') {
      const place = places[active] ?? first;
      if (place) choose(place);
      else ask();
      return true;
    }
    if (key === 'Escape' && (isOpen() || field.value !== '')) {
      if (isOpen()) close();
      else empty();
      return true;
    }
    return false;
  };

  field.addEventListener('input', () => {
    renderField();
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE_MS);
  });
  field.addEventListener('keydown', (event) => {
    if (event.isComposing || !press(event.key)) return;
    event.preventDefault();
    // Escape would close the event beside the map as well.
    event.stopPropagation();
  });
  box.addEventListener('focusout', (event) => {
    if (!box.contains(/** @type {Node | null} */ (event.relatedTarget))) close();
  });
  clear.addEventListener('click', () => {
    empty();
    field.focus();
  });

  return {
    /** Writes its texts in the reader's language; a list in the other one is closed. */
    render() {
      const { t } = language();
      close();
      field.placeholder = t('search.hint');
      list.setAttribute('aria-label', t('search.list'));
      clear.setAttribute('aria-label', t('search.clear'));
      clear.title = t('search.clear');
    },
  };
}
