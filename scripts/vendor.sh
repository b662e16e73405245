#!/usr/bin/env bash
# Brings the third-party files of the page from npm into static/vendor, unchanged.
# The versions are those of package-lock.json; VENDOR.json records what was taken.
set -euo pipefail
cd "$(dirname "$0")/.."

# npm checks each package against the lock's sha512 while it installs.
npm ci --ignore-scripts --no-audit --no-fund

leaflet=static/vendor/leaflet-1.9.4
font=static/vendor/ibm-plex-sans-arabic-5.3.0
pbf=static/vendor/pbf-5.1.2
rm -rf "$leaflet" "$font" "$pbf"
mkdir -p "$leaflet/images" "$font" "$pbf"

cp node_modules/leaflet/dist/leaflet.js node_modules/leaflet/dist/leaflet.css \
  node_modules/leaflet/LICENSE "$leaflet/"
cp node_modules/leaflet/dist/images/*.png "$leaflet/images/"

for subset in arabic latin; do
  for weight in 400 600; do
    cp "node_modules/@fontsource/ibm-plex-sans-arabic/files/ibm-plex-sans-arabic-$subset-$weight-normal.woff2" \
      "$font/"
  done
done
cp node_modules/@fontsource/ibm-plex-sans-arabic/LICENSE "$font/"
cp node_modules/pbf/index.js node_modules/pbf/index.d.ts node_modules/pbf/LICENSE "$pbf/"
chmod 644 "$leaflet"/*.* "$leaflet"/LICENSE "$leaflet"/images/* "$font"/* "$pbf"/*

node --input-type=module - "$leaflet" "$font" "$pbf" <<'JS'
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

const [leaflet, font, pbf] = process.argv.slice(2);
const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const packages = [
  ['leaflet', leaflet],
  ['@fontsource/ibm-plex-sans-arabic', font],
  ['pbf', pbf],
].map(([name, folder]) => {
  const { version, integrity, license } = lock.packages[`node_modules/${name}`];
  return { name, version, integrity, license, folder, files: files(folder) };
});
writeFileSync('static/vendor/VENDOR.json', `${JSON.stringify({ packages }, null, 2)}\n`);

function files(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath ?? entry.path}/${entry.name}`)
    .sort()
    .map((path) => ({
      path: path.slice(folder.length + 1),
      sha256: createHash('sha256').update(readFileSync(path)).digest('hex'),
    }));
}
JS
