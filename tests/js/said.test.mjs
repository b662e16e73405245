import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readEvent } from '../../static/js/lib/event.js';
import { piecesOf } from '../../static/js/lib/said.js';

const event = (properties) => readEvent({ type: 'Feature', id: 'a', properties });
const told = (sentence, properties) =>
  piecesOf(sentence, event(properties))
    .filter(({ role }) => role !== null)
    .map(({ role, text }) => [role, text]);

test('the words that tell where, when and how many are found in both scripts', () => {
  for (const [sentence, properties, said] of [
    [
      'Shelling in Nawa on Wednesday killed 12 people, 3 of them children.',
      { place_text: 'in Nawa', date_text: 'on Wednesday', fatalities: 12 },
      [
        ['place', 'in Nawa'],
        ['date', 'on Wednesday'],
        ['count', '12'],
      ],
    ],
    [
      'قصف على بلدة كفرنبل أمس أدى إلى مقتل ١٢ مدنياً وإصابة 1,200',
      {
        place_text: 'بلدة كفرنبل',
        date_text: 'أمس',
        fatalities_low: 12,
        injured: 1200,
      },
      [
        ['place', 'بلدة كفرنبل'],
        ['date', 'أمس'],
        ['count', '١٢'],
        ['count', '1,200'],
      ],
    ],
    ['Nothing of it is here.', { place_text: 'in Nawa', fatalities: 0 }, []],
  ]) {
    assert.deepEqual(told(sentence, properties), said);
  }
});

test('the pieces are the sentence, whatever is in it', () => {
  for (const sentence of ['', '12', '<img src=x> 12 in Nawa12', '٣٣٣ ١٢', '😀12😀']) {
    for (const place of [null, 'in Nawa', '12', '']) {
      const pieces = piecesOf(sentence, event({ place_text: place, fatalities: 12 }));
      assert.equal(pieces.map(({ text }) => text).join(''), sentence);
    }
  }
});
