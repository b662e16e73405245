/** Work in slices, between which the browser can draw and answer. */

/** Of a frame of 16 milliseconds about half is left for the browser to draw. */
const SLICE_MS = 8;

/**
 * Takes one step after another, and lets go as often as a slice is over.
 * @template T
 * @param {Iterator<void, T>} steps
 * @param {() => boolean} isWanted False ends it.
 * @param {() => Promise<void>} [pause]
 * @returns {Promise<T | null>} What the steps give in the end; null if it is not wanted any more.
 */
export async function inSlices(steps, isWanted, pause = letGo) {
  let begun = performance.now();
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    if (performance.now() - begun < SLICE_MS) continue;
    await pause();
    if (!isWanted()) return null;
    begun = performance.now();
  }
}

/** @returns {Promise<void>} */
function letGo() {
  return new Promise((done) => setTimeout(done));
}
