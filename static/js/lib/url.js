/** Web addresses: those that came from outside, and the page's own. */

/**
 * Gives the address back when it is plain http or https, and null otherwise:
 * a `javascript:` or `data:` link in an article must not become clickable.
 * @param {unknown} text
 * @returns {URL | null}
 */
export function safeUrl(text) {
  if (typeof text !== 'string' || !/^\s*https?:\/\//i.test(text)) return null;
  try {
    const url = new URL(text);
    const plain = url.protocol === 'https:' || url.protocol === 'http:';
    return plain && url.hostname !== '' ? url : null;
  } catch {
    return null;
  }
}

/**
 * The host as a reader knows it. Punycode is kept: it shows a look-alike for what it is.
 * @param {URL} url
 */
export function hostName(url) {
  return url.host.replace(/^www\./, '');
}

/**
 * A query in which one parameter is another, or is there no more; the rest of it stays.
 * @param {string} search
 * @param {string} name
 * @param {string | null} value
 */
export function withParameter(search, name, value) {
  const query = new URLSearchParams(search);
  if (value === null) query.delete(name);
  else query.set(name, value);
  const text = String(query);
  return text === '' ? '' : `?${text}`;
}

/**
 * The address of a `next` link as this page can reach it. A server behind a proxy may
 * name itself by another host, and the page may only ask the one it came from.
 * @param {string} href
 * @param {string} base
 */
export function sameOrigin(href, base) {
  const url = new URL(href, base);
  const origin = new URL(base).origin;
  return url.origin === origin ? url.href : `${origin}${url.pathname}${url.search}`;
}
