import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRefusal } from '../../static/js/lib/refusals.js';

test('a refusal is taken apart', () => {
  assert.deepEqual(readRefusal('refused Attack `قتل: 3`: it is denied (`لم`)'), {
    type: 'Attack',
    words: ['قتل: 3'],
    reason: 'it is denied',
    because: ['لم'],
  });
  assert.deepEqual(
    readRefusal('refused Battles: its date `2 May` is ahead or long past'),
    {
      type: 'Battles',
      words: [],
      reason: 'its date is ahead or long past',
      because: ['2 May'],
    },
  );
  assert.deepEqual(readRefusal('refused `shelling`, `fire`: a weapon alone'), {
    type: '',
    words: ['shelling', 'fire'],
    reason: 'a weapon alone',
    because: [],
  });
});

test('what is no refusal is told to be none, and a strange one breaks nothing', () => {
  assert.equal(readRefusal('found Attack by `killed` at `Idlib`'), null);
  for (const note of ['refused ', 'refused `', 'refused ``: `', 'refused : : (`x`)']) {
    assert.ok(readRefusal(note), note);
  }
});
