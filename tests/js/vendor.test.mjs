import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const root = new URL('../../', import.meta.url);
const read = (path) => readFileSync(new URL(path, root), 'utf8');
const { packages } = JSON.parse(read('static/vendor/VENDOR.json'));

test('vendored files are those that were published, and no other', () => {
  for (const { folder, files } of packages) {
    for (const { path, sha256 } of files) {
      const bytes = readFileSync(new URL(`${folder}/${path}`, root));
      assert.equal(createHash('sha256').update(bytes).digest('hex'), sha256, path);
    }
    assert.ok(files.some(({ path }) => path === 'LICENSE'));
  }
  const folders = packages.map(({ folder }) => folder.split('/').at(-1));
  const there = readdirSync(new URL('static/vendor', root));
  assert.deepEqual(there.sort(), [...folders, 'VENDOR.json'].sort());
});

test('the lock file agrees, and names no registry', () => {
  const lock = read('package-lock.json');
  assert.doesNotMatch(lock, /"resolved"/);
  const locked = JSON.parse(lock).packages;
  for (const { name, version, integrity } of packages) {
    const entry = locked[`node_modules/${name}`];
    assert.equal(entry.version, version);
    assert.equal(entry.integrity, integrity);
  }
});
