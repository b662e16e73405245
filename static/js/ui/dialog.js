/** A dialog over the page: the browser's own, which keeps the keyboard and gives it back. */

import { el } from '../lib/dom.js';

/** @import { Child } from '../lib/dom.js' */
/** @import { Language } from '../i18n/index.js' */

/**
 * Opens a dialog, which is gone once it is closed.
 * @param {string} id
 * @param {string} title
 * @param {Language} language
 * @param {...Child} children
 */
export function openDialog(id, title, language, ...children) {
  document.getElementById(id)?.remove();
  const dialog = el(
    'dialog',
    { class: 'dialog', id, 'aria-labelledby': `${id}-title` },
    el(
      'div',
      { class: 'dialog-head' },
      el('h2', { id: `${id}-title`, tabindex: -1 }, title),
      el(
        'button',
        { type: 'button', class: 'button', onclick: () => dialog.close() },
        language.t('dialog.close'),
      ),
    ),
    el('div', { class: 'dialog-body' }, ...children),
  );
  dialog.addEventListener('close', () => dialog.remove());
  // A click beside it closes it; one inside hits a child.
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close();
  });
  // Escape closes the dialog, and not what lies behind it as well.
  dialog.addEventListener('keydown', (event) => event.stopPropagation());
  document.body.append(dialog);
  dialog.showModal();
  document.getElementById(`${id}-title`)?.focus();
  return dialog;
}
