/**
 * Work on what is drawn, a step a frame: whatever is built costs its layout in the frame in which
 * it appears, and two things in one would hold up a slow device.
 */

/**
 * @typedef {object} Task
 * @property {() => boolean} isWanted
 * @property {() => boolean} step Takes a step, and tells whether it was the last.
 * @property {() => void} drop
 */

/** In the order of their turns: the first takes its steps until it is done. @type {Task[]} */
const tasks = [];
let isDue = false;

/**
 * Takes a step in each of the next frames, when those before are done.
 * @template T
 * @param {Iterator<void, T>} steps
 * @param {() => boolean} isWanted False ends it.
 * @param {boolean} [isUrgent] Comes before the others.
 * @returns {Promise<T | null>} What the steps give in the end; null if it is not wanted any more.
 */
export function inFrames(steps, isWanted, isUrgent = false) {
  return new Promise((settle, fail) => {
    const step = () => {
      try {
        const { done, value } = steps.next();
        if (done) settle(value);
        return done === true;
      } catch (error) {
        fail(error);
        return true;
      }
    };
    tasks[isUrgent ? 'unshift' : 'push']({ isWanted, step, drop: () => settle(null) });
    ask();
  });
}

function ask() {
  if (isDue || tasks.length === 0) return;
  isDue = true;
  requestAnimationFrame(next);
}

function next() {
  isDue = false;
  while (tasks[0]?.isWanted() === false) tasks.shift()?.drop();
  const task = tasks.shift();
  if (task && !task.step()) tasks.unshift(task);
  ask();
}
