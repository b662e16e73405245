/**
 * Runs before everything else, while the page is still empty.
 *
 * The browser refuses to make markup or code of text on this site (Trusted Types), and
 * asks this one rule where somebody tries: what Leaflet itself writes passes, and all
 * other text is shown as text.
 */
(() => {
  const LEAFLET = [
    '',
    '<svg/>',
    '<span aria-hidden="true">+</span>',
    '<span aria-hidden="true">&#x2212;</span>',
  ];
  const LETTERS = /** @type {Record<string, string>} */ ({
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
  });

  window.trustedTypes?.createPolicy('default', {
    /** @param {string} text */
    createHTML: (text) =>
      LEAFLET.includes(text)
        ? text
        : text.replace(/[&<>]/g, (letter) => LETTERS[letter] ?? ''),
  });
})();
