/**
 * Builds elements from nodes and text only. Nothing in this page is ever parsed
 * from a string of HTML, so what an article says cannot become markup.
 */

/** @typedef {Node | string | null | undefined | false} Child */

/**
 * Makes an HTML element. `on…` keys add listeners, `true` sets a bare attribute,
 * and `null`, `undefined` and `false` leave the attribute out.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, unknown>} [attributes]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  fill(element, attributes, children);
  return element;
}

/**
 * Makes an SVG element, in the same manner as {@link el}.
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, unknown>} [attributes]
 * @param {...Child} children
 * @returns {SVGElementTagNameMap[Tag]}
 */
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  fill(element, attributes, children);
  return element;
}

/**
 * A piece of text from outside: it keeps its own direction and cannot turn its
 * neighbours around.
 * @param {string} text
 * @param {Record<string, unknown>} [attributes]
 */
export function outside(text, attributes = {}) {
  return el('bdi', { dir: 'auto', ...attributes }, withoutControls(text));
}

/**
 * Finds an element that index.html promises.
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} id
 * @returns {T}
 */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`index.html has no element #${id}`);
  return /** @type {T} */ (element);
}

/**
 * Puts children in the place of those that differ from them; what looks the same stays, with its
 * listeners: so these must ask for what they need when they are called.
 * @param {Element} parent
 * @param {Element[]} children
 */
export function renew(parent, children) {
  for (const [at, child] of children.entries()) {
    const old = parent.children[at];
    if (!old) parent.append(child);
    else if (!old.isEqualNode(child)) old.replaceWith(child);
  }
  while (parent.children.length > children.length) parent.lastElementChild?.remove();
}

/**
 * Draws a part anew and puts the focus back on the control that had it.
 * @param {() => void} draw
 */
export function keepingFocus(draw) {
  const id = document.activeElement?.id;
  draw();
  if (id && document.activeElement === document.body)
    document.getElementById(id)?.focus();
}

/**
 * Drops control characters, above all the bidirectional ones, with which a headline
 * could turn around the text that follows it.
 * @param {string} text
 */
export function withoutControls(text) {
  return text.replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, (run) =>
    /[\n\t]/.test(run) ? ' ' : '',
  );
}

/**
 * @param {Element} element
 * @param {Record<string, unknown>} attributes
 * @param {Child[]} children
 */
function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on') && typeof value === 'function') {
      element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    } else {
      element.setAttribute(name, value === true ? '' : String(value));
    }
  }
  for (const child of children) {
    if (child !== null && child !== undefined && child !== false) element.append(child);
  }
}
