/** Of several requests for one thing only the last counts. */

/**
 * Runs a task; one that is still running is told to stop, and what it brings is dropped.
 * @returns {<T>(task: (signal: AbortSignal) => Promise<T>, done: (value: T) => void,
 *   failed?: (error: unknown) => void) => Promise<void>}
 */
export function createLatest() {
  let running = new AbortController();
  return async (task, done, failed = () => {}) => {
    running.abort();
    const mine = new AbortController();
    running = mine;
    try {
      const value = await task(mine.signal);
      if (!mine.signal.aborted) done(value);
    } catch (error) {
      if (!mine.signal.aborted) failed(error);
    }
  };
}
