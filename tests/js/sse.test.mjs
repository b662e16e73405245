import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createReader } from '../../static/js/lib/sse.js';

const STREAM = [
  'id: 7\nretry: 3000\n\n',
  ': a comment\n\n',
  'event: event\nid: 8\ndata: {"id":"a"}\n\n',
  'event: event\r\nid: 9\r\ndata: one\r\ndata:two\r\n\r\n',
  'data\n\n',
].join('');

test('messages are read, however the stream is cut', () => {
  const whole = read([STREAM]);
  assert.deepEqual(
    whole.filter(({ data }) => data !== ''),
    [
      { type: 'event', data: '{"id":"a"}', id: '8' },
      { type: 'event', data: 'one\ntwo', id: '9' },
    ],
  );
  assert.deepEqual(whole[0], { type: 'message', data: '', id: '7' });
  for (let size = 1; size < 20; size += 1) {
    const pieces = STREAM.match(new RegExp(`[^]{1,${size}}`, 'g'));
    const cut = read(pieces).filter(({ data }) => data !== '');
    assert.deepEqual(cut.length, 2, `pieces of ${size}`);
    assert.deepEqual(cut.at(-1), { type: 'event', data: 'one\ntwo', id: '9' });
  }
});

test('any text is read without an error', () => {
  let seed = 1;
  const letters = [
    '\n',
    '\r',
    ':',
    ' ',
    'd',
    'a',
    't',
    'id',
    'data',
    'event',
    '\0',
    'ق',
  ];
  for (let run = 0; run < 200; run += 1) {
    const text = Array.from({ length: 40 }, () => {
      seed = (seed * 48271) % 2147483647;
      return letters[seed % letters.length];
    });
    for (const { type, data } of read(text)) {
      assert.equal(typeof type, 'string');
      assert.equal(typeof data, 'string');
    }
  }
});

function read(pieces) {
  const messages = [];
  const reader = createReader((message) => messages.push(message));
  for (const piece of pieces) reader.push(piece);
  return messages;
}
