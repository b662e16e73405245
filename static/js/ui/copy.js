/** Handing on the address of what is shown. */

import { el } from '../lib/dom.js';

/** @import { Language } from '../i18n/index.js' */

/**
 * A button that hands the page's address to another program where the browser can, and
 * copies it otherwise; and the place where it says what it did.
 * @param {string} id
 * @param {string} title
 * @param {Language} language
 */
export function shareButton(id, title, language) {
  const canShare = typeof navigator.share === 'function';
  const share = async () => {
    try {
      await navigator.share({ title, url: location.href });
      return true;
    } catch (error) {
      // Whoever closed the browser's dialog wants no link either.
      return error instanceof DOMException && error.name === 'AbortError';
    }
  };
  const text = language.t(canShare ? 'share.share' : 'share.copy');
  return copier(id, text, () => location.href, language, canShare ? share : null);
}

/**
 * A button that copies a text.
 * @param {string} id
 * @param {string} label
 * @param {() => string} text
 * @param {Language} language
 * @param {(() => Promise<boolean>) | null} [first] What is tried before; true if it did.
 */
export function copier(id, label, text, language, first = null) {
  const said = el('span', { class: 'copy-said', role: 'status' });
  const button = el(
    'button',
    {
      type: 'button',
      class: 'button',
      id,
      onclick: async () => {
        said.replaceChildren();
        if (first !== null && (await first())) return;
        try {
          await navigator.clipboard.writeText(text());
          said.textContent = language.t('share.copied');
        } catch {
          said.replaceChildren(byHand(text(), language));
        }
      },
    },
    label,
  );
  return el('span', { class: 'copier' }, button, said);
}

/**
 * Where the browser does not let us copy, the reader can.
 * @param {string} text
 * @param {Language} language
 */
function byHand(text, language) {
  const field = el('input', {
    type: 'text',
    readonly: true,
    dir: 'ltr',
    value: text,
    onfocus: () => field.select(),
  });
  return el('label', {}, language.t('share.byHand'), ' ', field);
}
