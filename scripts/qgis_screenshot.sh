#!/usr/bin/env bash
# Makes docs/qgis.png: QGIS with the events of a server of the samples, filtered by an expression that
# the server evaluates. Needs Debian's qgis and xvfb, and the program, built or named by $1.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
rasid="${1:-target/release/rasid}"
work="$(mktemp -d)"
trap 'kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT

RASID_LOG=debug RASID_GAZETTEER_UPDATE=never "$rasid" serve samples \
  --store "$work/rasid.gpkg" --listen 127.0.0.1:0 2>"$work/log" &
server=$!
until grep -q 'on the map: ' "$work/log"; do
  kill -0 "$server"
  sleep 0.2
done
url="$(sed -n 's/^.* on the map: \(.*\)\/$/\1/p' "$work/log")"

RASID_URL="$url" RASID_PNG="$PWD/docs/qgis.png" HOME="$work" XDG_RUNTIME_DIR="$work" NO_PROXY='*' no_proxy='*' \
  xvfb-run -a -s '-screen 0 1200x720x24' \
  qgis --nologo --noversioncheck --profiles-path "$work" --code scripts/qgis_screenshot.py

echo "what the server was asked:"
grep -o 'uri=/collections/events/items[^ }]*' "$work/log" | sort -u
grep -q 'datetime=2022-01-01%2F2022-12-31' "$work/log"
