import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const root = new URL('../../static/', import.meta.url);
const read = (path) => readFileSync(new URL(path, root), 'utf8');
const html = read('index.html');
const modules = readdirSync(new URL('js/', root), { recursive: true })
  .filter((name) => name.endsWith('.js'))
  .map((name) => `js/${name}`);

test('the page builds no markup from strings and runs nothing inline', () => {
  for (const text of modules.map(read)) {
    assert.doesNotMatch(
      text,
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b/,
    );
    assert.doesNotMatch(text, /(bindPopup|bindTooltip|setContent)\(['"`]/);
  }
  assert.doesNotMatch(html, /<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|https?:/);
});

test('every module that the map needs is loaded ahead, and no other', () => {
  const ahead = [...html.matchAll(/rel="modulepreload" href="([^"]+)"/g)];
  assert.deepEqual(
    ahead
      .map(([, href]) => href)
      .concat('js/main.js')
      .sort(),
    needed('js/main.js').sort(),
  );
});

test('every file that a page names is there', () => {
  for (const [, path] of html.matchAll(/(?:href|src)="([a-z][^":]*\.\w+)"/g)) {
    assert.ok(read(path).length > 0, path);
  }
});

test('every place of the base map is named in both languages', () => {
  const { features } = JSON.parse(read('basemap/places.geojson'));
  assert.ok(features.length > 200);
  for (const { properties } of features) {
    assert.match(properties.name_ar, /^[\u0600-\u06ff ()]+$/, properties.name_en);
    assert.match(properties.name_en, /^[A-Za-z' -]+$/, properties.name_en);
    assert.ok(properties.rank >= 1 && properties.rank <= 7, properties.name_en);
  }
});

/** A module and all that it imports before it runs; what `import()` asks for comes later. */
function needed(path, found = new Set()) {
  if (found.has(path)) return [];
  found.add(path);
  const imports = read(path).matchAll(/^(?:import|export)\b[^;]*?from '(\.[^']+)';/gm);
  for (const [, name] of imports) {
    needed(new URL(name, `https://rasid/${path}`).pathname.slice(1), found);
  }
  return [...found];
}
