/** Remembers the last few answers, so that going back to a view costs nothing. */

/**
 * @template T
 * @param {number} most
 */
export function createCache(most) {
  /** Oldest use first. @type {Map<string, T>} */
  const kept = new Map();
  return {
    /** @param {string} key */
    get(key) {
      const value = kept.get(key);
      if (value !== undefined) {
        kept.delete(key);
        kept.set(key, value);
      }
      return value;
    },

    /**
     * @param {string} key
     * @param {T} value
     */
    set(key, value) {
      kept.delete(key);
      kept.set(key, value);
      for (const oldest of kept.keys()) {
        if (kept.size <= most) break;
        kept.delete(oldest);
      }
    },

    clear: () => kept.clear(),

    size: () => kept.size,
  };
}
