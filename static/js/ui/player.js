/**
 * Plays the events in their order: the days that are shown move on, step by step. A reader
 * who wants less motion takes the steps one by one.
 */

import { byId } from '../lib/dom.js';
import { addDays, daysBetween, spanOf } from '../lib/time.js';

/** @import { Language } from '../i18n/index.js' */
/** @import { Span } from '../types.d.ts' */
/** @import { Store } from '../state.js' */

/** Between two steps at the usual speed. */
const STEP_MS = 1200;

const SPEEDS = [1, 2, 4];

/** Steps from the first day to the last, if the reader has chosen no span of days. */
const STEPS = 24;

const CALM = window.matchMedia('(prefers-reduced-motion: reduce)');

/**
 * @param {object} context
 * @param {Store} context.store
 * @param {() => Language} context.language
 * @param {() => string} context.today
 * @param {() => Span | null} context.span
 * @param {() => void} context.onChange
 */
export function createPlayer({ store, language, today, span, onChange }) {
  const button = byId('time-play');
  const speed = byId('time-speed');
  let timer = 0;
  let rate = 1;
  let isPlaying = false;

  const step = () => {
    const all = span();
    if (!all) return stop();
    const now = spanOf(store.get(), today());
    const isWhole = now.from === null || now.to === null;
    const days = isWhole
      ? Math.max(1, Math.ceil((daysBetween(all.from, all.to) + 1) / STEPS))
      : daysBetween(now.from ?? all.from, now.to ?? all.to) + 1;
    const from =
      isWhole || (now.to ?? '') >= all.to ? all.from : addDays(now.to ?? all.to, 1);
    store.set({ days: null, from, to: addDays(from, days - 1) }, 'replace');
    if (isPlaying && addDays(from, days - 1) >= all.to) stop();
  };

  const next = () => {
    timer = setTimeout(() => {
      if (!isPlaying) return;
      step();
      next();
    }, STEP_MS / rate);
  };

  const stop = () => {
    clearTimeout(timer);
    isPlaying = false;
    onChange();
  };

  button.addEventListener('click', () => {
    if (isPlaying) return stop();
    if (CALM.matches) return step();
    isPlaying = true;
    step();
    next();
    onChange();
  });
  speed.addEventListener('click', () => {
    rate = SPEEDS[(SPEEDS.indexOf(rate) + 1) % SPEEDS.length] ?? 1;
    onChange();
  });
  document.addEventListener('visibilitychange', () => {
    if (document.hidden && isPlaying) stop();
  });

  return {
    render() {
      const { t, number } = language();
      const key = isPlaying ? 'time.pause' : CALM.matches ? 'time.step' : 'time.play';
      button.setAttribute('aria-label', t(key));
      button.title = t(key);
      button.dataset.playing = String(isPlaying);
      speed.hidden = CALM.matches;
      speed.textContent = `${number(rate)}×`;
      speed.setAttribute('aria-label', t('time.speed', { n: number(rate) }));
      speed.title = t('time.speed', { n: number(rate) });
    },
  };
}
