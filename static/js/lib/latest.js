/** Of several requests for one thing only the last counts. */

/**
 * Runs a task; one that is still running is told to stop, and what it brings is dropped.
 * `stop` does that without a task to follow: nothing is wanted any more.
 */
export function createLatest() {
  let running = new AbortController();

  const stop = () => running.abort();

  /**
   * @template T
   * @param {(signal: AbortSignal) => Promise<T>} task
   * @param {(value: T) => void} done
   * @param {(error: unknown) => void} [failed]
   */
  const run = async (task, done, failed = () => {}) => {
    stop();
    const mine = new AbortController();
    running = mine;
    try {
      const value = await task(mine.signal);
      if (!mine.signal.aborted) done(value);
    } catch (error) {
      if (!mine.signal.aborted) failed(error);
    }
  };

  return Object.assign(run, { stop });
}
