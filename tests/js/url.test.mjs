import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  hostName,
  safeUrl,
  sameOrigin,
  withParameter,
} from '../../static/js/lib/url.js';

test('one parameter of a query is changed, and the rest stays', () => {
  assert.equal(withParameter('?a=1&b=2', 'a', '3'), '?a=3&b=2');
  assert.equal(withParameter('', 'a', '3'), '?a=3');
  assert.equal(withParameter('?a=1&b=2', 'a', null), '?b=2');
  assert.equal(withParameter('?a=1', 'a', null), '');
});

test('plain web addresses pass', () => {
  for (const url of [
    'https://example.org/a',
    'http://example.org',
    ' HTTPS://Example.org/',
  ]) {
    assert.ok(safeUrl(url), url);
  }
});

test('everything else is refused', () => {
  const bad = [
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java\nscript:alert(1)',
    ' javascript://example.org/%0aalert(1)',
    'data:text/html,<script>1</script>',
    'vbscript:x',
    'blob:https://example.org/1',
    'file:///etc/passwd',
    '//example.org',
    '/path',
    'https:example.org',
    'https://',
    '',
    null,
    undefined,
    7,
  ];
  for (const url of bad) assert.equal(safeUrl(url), null, String(url));
});

test('a host is shown as readers know it, and a look-alike as what it is', () => {
  assert.equal(hostName(safeUrl('https://www.enabbaladi.net/x')), 'enabbaladi.net');
  assert.equal(hostName(safeUrl('https://exаmple.org/')), 'xn--exmple-4nf.org');
  assert.equal(hostName(safeUrl('https://user:pass@example.org/')), 'example.org');
});

test('a next link is followed on the host that the page came from', () => {
  const base = 'http://127.0.0.1:8080/collections/events/items?limit=1';
  assert.equal(
    sameOrigin('https://elsewhere.example/collections/events/items?cursor=a', base),
    'http://127.0.0.1:8080/collections/events/items?cursor=a',
  );
  assert.equal(
    sameOrigin('items?cursor=a', base),
    'http://127.0.0.1:8080/collections/events/items?cursor=a',
  );
});
