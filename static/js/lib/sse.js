/** Reads server-sent events from a stream of text, as the HTML standard parses them. */

/**
 * @typedef {object} Message
 * @property {string} type
 * @property {string} data
 * @property {string | null} id The last id that was sent, with this message or before.
 */

/**
 * Takes pieces of the stream as they come, and hands on each message once it is whole.
 * @param {(message: Message) => void} onMessage
 */
export function createReader(onMessage) {
  let rest = '';
  let type = '';
  /** @type {string[]} */
  let data = [];
  /** @type {string | null} */
  let id = null;

  /** @param {string} line */
  const take = (line) => {
    if (line === '') {
      // A message without data only says how far the stream has come.
      onMessage({ type: type || 'message', data: data.join('\n'), id });
      type = '';
      data = [];
      return;
    }
    const colon = line.indexOf(':');
    const [field, value] =
      colon < 0 ? [line, ''] : [line.slice(0, colon), line.slice(colon + 1)];
    const text = value.startsWith(' ') ? value.slice(1) : value;
    if (field === 'event') type = text;
    if (field === 'data') data.push(text);
    if (field === 'id' && !text.includes('\0')) id = text;
  };

  return {
    /** @param {string} piece */
    push(piece) {
      const lines = (rest + piece).split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? '';
      for (const line of lines) take(line);
    },
  };
}
