/** Handing the map on: its address, and a piece of HTML that shows it in another page. */

import { el } from '../lib/dom.js';
import { copier, shareButton } from './copy.js';
import { openDialog } from './dialog.js';

/** @import { Language } from '../i18n/index.js' */

/** What can be chosen of an embedded map; the first of each is the usual. */
const CHOICES = /** @type {const} */ ({
  show: ['map', 'list', 'still'],
  lang: ['ar', 'en'],
  theme: ['system', 'light', 'dark'],
  size: ['600x450', '800x600', '360x480'],
});

/** @param {Language} language */
export function openShare(language) {
  const { t } = language;
  /** @type {Record<string, string>} */
  const chosen = { show: 'map', lang: language.lang, theme: 'system', size: '600x450' };
  const link = el('input', {
    type: 'text',
    id: 'share-link',
    readonly: true,
    dir: 'ltr',
    'aria-label': t('share.link'),
    value: location.href,
    onfocus: () => link.select(),
  });
  const code = el('textarea', {
    id: 'embed-code',
    readonly: true,
    dir: 'ltr',
    spellcheck: 'false',
    'aria-label': t('embed.code'),
    onfocus: () => code.select(),
  });
  const write = () => {
    code.value = snippet(location, chosen, t('app.title'));
  };
  write();
  const choice = (/** @type {keyof typeof CHOICES} */ name) =>
    el(
      'label',
      {},
      t(`embed.${name}`),
      el(
        'select',
        {
          id: `embed-${name}`,
          onchange: (/** @type {Event} */ { target }) => {
            chosen[name] = /** @type {HTMLSelectElement} */ (target).value;
            write();
          },
        },
        ...CHOICES[name].map((value) =>
          el(
            'option',
            { value, selected: chosen[name] === value },
            t(`embed.${name}.${value}`),
          ),
        ),
      ),
    );
  const dialog = openDialog(
    'share',
    t('share.title'),
    language,
    el('p', {}, t('share.what')),
    el('p', { class: 'share-line' }, link),
    shareButton('share-map', t('app.title'), language),
    el('h3', {}, t('embed.title')),
    el('p', {}, t('embed.what')),
    el(
      'div',
      { class: 'embed-choices' },
      choice('show'),
      choice('lang'),
      choice('theme'),
      choice('size'),
    ),
    code,
    copier('copy-embed', t('embed.copy'), () => code.value, language),
  );
  dialog.classList.add('small');
}

/**
 * The HTML that shows the map elsewhere, with the view and the filters of this page.
 * @param {{ href: string, hash: string }} page
 * @param {Record<string, string>} chosen
 * @param {string} title
 */
export function snippet({ href, hash }, { show, lang, theme, size }, title) {
  const url = new URL('embed', href);
  url.searchParams.set('lang', lang ?? 'ar');
  if (show && show !== 'map') url.searchParams.set('show', show);
  if (theme && theme !== 'system') url.searchParams.set('theme', theme);
  url.hash = hash;
  const [width = '600', height = '450'] = (size ?? '').split('x');
  const safe = (/** @type {string} */ text) =>
    text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
  return [
    `<iframe src="${safe(url.href)}"`,
    ` title="${safe(title)}" width="${width}" height="${height}"`,
    ' loading="lazy" referrerpolicy="origin" allow="fullscreen"></iframe>',
  ].join('');
}
