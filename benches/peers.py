#!/usr/bin/env python3
"""How many requests a second the built server answers, beside other servers of OGC API - Features on the same events.

    cargo build --release && benches/peers.py             boxes of 100, 1,000 and 10,000 of 100,000 events
    benches/peers.py --rounds 1 --seconds 1               a quick look
    benches/peers.py --beside MapServer                   beside the fastest of them alone

Needs wrk, nginx, MapServer, and PostgreSQL with PostGIS for pygeoapi and tipg (Debian: wrk, nginx-light, cgi-mapserver,
gdal-bin, postgresql, postgresql-postgis, python3-venv); these two it installs from the Python package index. Each
answers from twice as many processes as there are processors. Rounds are interleaved, and medians told.
"""

import argparse
import contextlib
import os
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

import load
import load_events
import scale
from peer_servers import MapServer, Pygeoapi, Tipg, installed

DATABASE = "peers"


def begin(options, store, running):
    """The servers that were asked for; the stack stops them."""
    def run(server):
        running.callback(server.stop)
        return server

    if MapServer.name in options.beside:
        data = store.with_suffix(".fgb")
        if not data.exists():
            subprocess.run(["ogr2ogr", data, store, "events"], check=True)
        yield run(MapServer(data))
    of_database = [kind for kind in (Pygeoapi, Tipg) if kind.name in options.beside]
    if of_database:
        programs, cluster = installed(options.folder), run(scale.Cluster(options.folder))
        address = cluster.database(DATABASE)
        subprocess.run([options.program, "copy", "--from", store, "--to", address], check=True, capture_output=True)
        cluster.value(DATABASE, "VACUUM ANALYZE rasid.events")
        yield from (run(kind(programs, cluster.folder, DATABASE)) for kind in of_database)


def asked(base, paths, seconds):
    """What load.wrk tells, of as long as it takes until one request is answered."""
    rate, *delays = load.wrk(base, paths, seconds)
    return [rate, *delays] if rate else asked(base, paths, 4 * seconds)


def compare(ours, peers, store, options):
    """Prints the rows of the table."""
    for features, count in load.SIZES.items():
        paths = load.boxes(ours, store, features, count)
        queries = [path.partition("?")[2] for path in paths]
        sides = {"rasid": (ours.base, paths)} | {
            peer.name: (peer.base, [peer.items(query) for query in queries]) for peer in peers
        }
        rounds = [{name: asked(*side, options.seconds) for name, side in sides.items()} for _ in range(options.rounds)]
        for name in sides:
            rate, p50, p99 = load.medians([one[name] for one in rounds])
            ratio = statistics.median(one["rasid"][0] / one[name][0] for one in rounds)
            print(f"| {features:,} | {name} | {rate:,.1f} | {p50:.2f} / {p99:.2f} | **{ratio:.0f}** |", flush=True)


def main():
    reader = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    target = Path(os.environ.get("CARGO_TARGET_DIR", load.ROOT / "target"))
    names = [kind.name for kind in (MapServer, Pygeoapi, Tipg)]
    reader.add_argument("--program", type=Path, default=target / "release" / "rasid")
    reader.add_argument("--folder", type=Path, default=target / "load")
    reader.add_argument("--events", type=int, default=100_000)
    reader.add_argument("--rounds", type=int, default=5)
    reader.add_argument("--seconds", type=int, default=3)
    reader.add_argument("--beside", nargs="+", choices=names, default=names)
    options = reader.parse_args()
    for needed in ("wrk", "nginx", "mapserv", "ogr2ogr"):
        if not shutil.which(needed):
            sys.exit(f"peers.py: there is no {needed}: install the Debian packages wrk, nginx-light, cgi-mapserver and gdal-bin")
    options.folder.mkdir(parents=True, exist_ok=True)
    store = options.folder / f"uniform-{options.events}.gpkg"
    if not store.exists():
        load_events.fill(options.program, store, options.events, None)
    with contextlib.ExitStack() as running:
        ours = load.Server(options.program, store)
        running.callback(ours.stop)
        peers = list(begin(options, store, running))
        print("| box | server | requests /s | p50 / p99 ms | rasid to it |")
        print("|---|---|---|---|---|")
        compare(ours, peers, store, options)


if __name__ == "__main__":
    main()
