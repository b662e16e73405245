/**
 * Runs before everything else, while the page is still empty.
 */
(() => {
  const root = document.documentElement;
  const asked = new URLSearchParams(location.search);

  /**
   * What the address asks for, or else what was chosen before.
   * @param {string} name
   * @param {string[]} allowed
   */
  const choose = (name, allowed) => {
    let kept = null;
    try {
      kept = localStorage.getItem(`rasid-${name}`);
    } catch {
      // A browser that keeps nothing shows the page as the system has it.
    }
    const value = allowed.find((each) => each === (asked.get(name) ?? kept));
    if (value) root.dataset[name] = value;
  };
  choose('theme', ['light', 'dark']);
  choose('digits', ['latn', 'arab']);
  if (navigator.connection?.saveData) root.dataset.saves = '';

  // The words of one language are enough; `i18n/index.js` chooses in the same way.
  const wishes = [asked.get('lang'), ...navigator.languages].map((tag) =>
    tag?.slice(0, 2).toLowerCase(),
  );
  const words = document.createElement('link');
  words.rel = 'modulepreload';
  words.href = `js/i18n/${wishes.find((tag) => tag === 'ar' || tag === 'en') ?? 'ar'}.js`;
  document.head.append(words);

  // The browser refuses to make markup or code of text on this site (Trusted Types), and
  // asks these rules where somebody tries: what Leaflet itself writes passes, and all
  // other text is shown as text; the one script that is started by its address is ours.
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
    /** @param {string} url */
    createScriptURL: (url) => (url === 'worker.js' ? url : null),
  });
})();
