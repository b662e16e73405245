import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const css = readFileSync(new URL('../../static/css/app.css', import.meta.url), 'utf8');
const TYPES = ['battles', 'explosions', 'civilians', 'protests', 'riots', 'strategic'];

/** Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB. */
const VISIONS = {
  usual: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  'without red': [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  'without green': [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  'without blue': [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

for (const [at, theme] of ['light', 'dark'].entries()) {
  const colour = (name) => {
    const found = css.match(
      new RegExp(`--${name}: light-dark\\((#\\w{6}), (#\\w{6})\\);`),
    );
    return linear(found[at + 1]);
  };

  test(`every type is seen on the map, ${theme}`, () => {
    const land = luminance(colour('land-syria'));
    for (const type of TYPES) {
      const [low, high] = [luminance(colour(type)), land].sort((a, b) => a - b);
      assert.ok((high + 0.05) / (low + 0.05) >= 3, type);
    }
  });

  for (const [vision, matrix] of Object.entries(VISIONS)) {
    test(`types differ to a vision ${vision}, ${theme}`, () => {
      const seen = TYPES.map((type) => lab(seenBy(matrix, colour(type))));
      for (const [i, one] of seen.entries()) {
        for (const [j, other] of seen.slice(i + 1).entries()) {
          const distance = Math.hypot(...one.map((n, k) => n - other[k]));
          // Some 2 can be told apart side by side; from memory it takes far more.
          assert.ok(distance >= 18, `${TYPES[i]} ${TYPES[i + 1 + j]} ${distance}`);
        }
      }
    });
  }
}

function linear(hex) {
  return [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
}

function luminance([r, g, b]) {
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function seenBy(matrix, rgb) {
  return matrix.map((row) =>
    Math.min(
      1,
      Math.max(
        0,
        row.reduce((sum, n, k) => sum + n * rgb[k], 0),
      ),
    ),
  );
}

/** CIELAB under D65. */
function lab([r, g, b]) {
  const f = (t) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047);
  const y = f(luminance([r, g, b]));
  const z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}
