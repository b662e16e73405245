import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cut, slice } from '../../static/js/lib/offsets.js';

test('places are counted in characters, also where letters are pairs', () => {
  const text = '😀 قصف إدلب. 😀 Shelling.';
  const pieces = cut(text, [
    { start: 14, end: 23 },
    { start: 2, end: 11 },
  ]);
  assert.deepEqual(
    pieces.map((piece) => [piece.text, piece.place !== null]),
    [
      ['😀 ', false],
      ['قصف إدلب.', true],
      [' 😀 ', false],
      ['Shelling.', true],
    ],
  );
  assert.equal(slice(text, { start: 2, end: 5 }), 'قصف');
});

test('places that overlap, lie outside or are empty lose nothing of the text', () => {
  const text = 'one two three';
  const places = [
    { start: 0, end: 7 },
    { start: 4, end: 13 },
    { start: 8, end: 8 },
    { start: 9, end: 99 },
    { start: 50, end: 60 },
  ];
  assert.equal(
    cut(text, places)
      .map((piece) => piece.text)
      .join(''),
    text,
  );
  assert.deepEqual(cut('', places), []);
});
