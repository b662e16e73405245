/** The small arrows on buttons and links. */

import { svg } from '../lib/dom.js';

/**
 * Arrows that point along the line are turned in Arabic by the style sheet.
 * @param {'back' | 'previous' | 'next' | 'out'} name
 */
export function arrow(name) {
  const path = {
    back: 'M12 4 6 10l6 6',
    previous: 'M12 4 6 10l6 6',
    next: 'M8 4l6 6-6 6',
    out: 'M8 5h7v7M15 5 6 14',
  }[name];
  return svg(
    'svg',
    { class: 'arrow', viewBox: '0 0 20 20', 'aria-hidden': 'true' },
    svg('path', { d: path }),
  );
}
