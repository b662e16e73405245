/** How the page looks: light or dark, and the digits of Arabic. */

import { byId, el } from '../lib/dom.js';
import { withParameter } from '../lib/url.js';

/** @import { Language } from '../i18n/index.js' */

/** What can be chosen; the first of each is what the system or the language has. */
const CHOICES = /** @type {const} */ ({
  theme: ['system', 'light', 'dark'],
  digits: ['latn', 'arab'],
});

/**
 * A small menu in the head of the page.
 * @param {object} context
 * @param {() => Language} context.language
 * @param {() => void} context.onDigits
 */
export function createSettings({ language, onDigits }) {
  const menu = /** @type {HTMLDetailsElement} */ (byId('settings'));
  const root = document.documentElement;

  /**
   * @param {keyof typeof CHOICES} name
   * @param {string} value
   */
  const choose = (name, value) => {
    if (value === 'system') delete root.dataset[name];
    else root.dataset[name] = value;
    try {
      localStorage.setItem(`rasid-${name}`, value);
    } catch {
      // It holds for this visit then.
    }
    // What the address asked for is not what is wanted any more.
    const search = withParameter(location.search, name, null);
    history.replaceState(null, '', `${location.pathname}${search}${location.hash}`);
    if (name === 'digits') onDigits();
  };

  document.addEventListener('click', (event) => {
    if (!menu.contains(/** @type {Node} */ (event.target))) menu.open = false;
  });
  menu.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !menu.open) return;
    event.stopPropagation();
    menu.open = false;
    menu.querySelector('summary')?.focus();
  });

  return {
    /** Draws it in the reader's language; only Arabic has two kinds of digits. */
    render() {
      const { t, lang } = language();
      const group = (/** @type {keyof typeof CHOICES} */ name) =>
        el(
          'fieldset',
          {},
          el('legend', {}, t(`settings.${name}`)),
          ...CHOICES[name].map((value) =>
            el(
              'label',
              { class: 'choice' },
              el('input', {
                type: 'radio',
                name: `settings-${name}`,
                value,
                checked: (root.dataset[name] ?? CHOICES[name][0]) === value,
                onchange: () => choose(name, value),
              }),
              el('span', {}, t(`settings.${value}`)),
            ),
          ),
        );
      const had = document.activeElement;
      const value =
        had instanceof HTMLInputElement && menu.contains(had) ? had.value : null;
      menu.replaceChildren(
        el('summary', { class: 'top-link' }, t('settings.title')),
        el(
          'div',
          { class: 'settings-box' },
          // On a phone there is no room for them beside it.
          el(
            'ul',
            { class: 'menu-links' },
            ...[...document.querySelectorAll('nav a.top-link:not(.language)')].map(
              (link) =>
                el(
                  'li',
                  {},
                  el('a', { href: link.getAttribute('href') }, link.textContent ?? ''),
                ),
            ),
          ),
          group('theme'),
          lang === 'ar' && group('digits'),
        ),
      );
      if (value !== null) {
        /** @type {HTMLElement | null} */ (
          menu.querySelector(`input[value="${CSS.escape(value)}"]`)
        )?.focus();
      }
    },
  };
}
