/** Remembers the last few answers, so that going back to a view costs nothing. */

/**
 * @template T
 * @param {number} most What all of them may weigh together.
 * @param {(value: T) => number} [weigh]
 */
export function createCache(most, weigh = () => 1) {
  /** Oldest use first. @type {Map<string, T>} */
  const kept = new Map();
  let weight = 0;

  /** @param {string} key */
  const drop = (key) => {
    const value = kept.get(key);
    if (value === undefined) return;
    kept.delete(key);
    weight -= weigh(value);
  };

  return {
    drop,

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
      drop(key);
      kept.set(key, value);
      weight += weigh(value);
      for (const oldest of kept.keys()) {
        if (weight <= most) break;
        drop(oldest);
      }
    },

    clear() {
      kept.clear();
      weight = 0;
    },

    size: () => kept.size,
  };
}
