#!/usr/bin/env python3
"""How far a database with its servers goes: memory, starts and requests a second of one replica by the number of
events, and articles a second that one, two and four programs read into one database. Prints JSON, a line a figure.

    cargo build --release && benches/scale.py             100,000 and a million events; 2,000 articles a program
    benches/scale.py --events 10000000 --workers          ten million events alone: some 30 GB of disk, 12 of memory
    benches/scale.py --events 100000 --seconds 1 --rounds 1 --articles 200    a quick look

Needs PostgreSQL with PostGIS, wrk and what load.py makes its stores with. The database server runs on the same machine,
with the settings it comes with, so what it takes is missing for ours.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import feeds
import load
import load_events

FEATURES, BOXES = 100, 300

# More events than that the database makes of so many: each again and again, somewhat beside where it was.
MOST_COPIED = 1_000_000
MULTIPLY = """INSERT INTO rasid.events (geom, event_id, {columns})
    SELECT ST_SetSRID(ST_MakePoint(ST_X(geom) + n * 0.00731 * (CASE WHEN fid % 2 = 0 THEN 1 ELSE -1 END),
                                   ST_Y(geom) + n * 0.00317 * (CASE WHEN fid % 3 = 0 THEN 1 ELSE -1 END)), 4326),
        event_id || '-' || n, {columns}
    FROM rasid.events, generate_series(2, {times}) AS n"""
OTHER_COLUMNS = """SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns
    WHERE table_schema = 'rasid' AND table_name = 'events' AND column_name NOT IN ('fid', 'event_id', 'geom')"""


class Cluster:
    """A database server in a folder of its own, reached by a socket there."""

    def __init__(self, folder):
        self.folder = Path(tempfile.mkdtemp(prefix="scale-", dir=folder))
        self.folder.chmod(0o755)
        binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
        if not binaries:
            sys.exit("scale.py: there is no PostgreSQL: install the Debian packages postgresql and postgresql-postgis")
        self.user = []
        if os.getuid() == 0:
            shutil.chown(self.folder, "postgres")
            self.user = ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups"]
        data = self.folder / "data"
        self.run(binaries[-1] / "initdb", "-D", data, "-U", "admin", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8")
        command = [*self.user, binaries[-1] / "postgres", "-D", data, "-c", "listen_addresses=", "-c", f"unix_socket_directories={self.folder}"]
        self.process = subprocess.Popen(command, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while subprocess.run(self.psql("SELECT 1"), capture_output=True).returncode:
            if self.process.poll() is not None:
                sys.exit("scale.py: the database server ended")
            time.sleep(0.1)

    def run(self, *command):
        subprocess.run([*self.user, *command], check=True, cwd="/", stdout=subprocess.DEVNULL)

    def psql(self, sql, database="postgres"):
        return ["psql", "-h", self.folder, "-U", "admin", "-d", database, "-qAtc", sql]

    def database(self, name):
        """The address of a new database."""
        subprocess.run(self.psql(f"CREATE DATABASE {name}"), check=True)
        subprocess.run(self.psql("CREATE EXTENSION postgis", name), check=True)
        return f"postgres://admin@/{name}?host={self.folder}"

    def value(self, name, sql):
        return subprocess.run(self.psql(sql, name), check=True, capture_output=True, text=True).stdout.strip()

    def multiply(self, name, times):
        columns = self.value(name, OTHER_COLUMNS)
        subprocess.run(self.psql(MULTIPLY.format(columns=columns, times=times), name), check=True)
        subprocess.run(self.psql("VACUUM ANALYZE rasid.events", name), check=True)

    def stop(self):
        # SIGINT ends every connection.
        subprocess.run(["kill", "-INT", str(self.process.pid)], check=True)
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class Replica(load.Server):
    """A server of a database; its folder is where place names would lie."""

    def __init__(self, program, address, folder):
        super().__init__(program, Address(address, folder))


class Address(str):
    """An address where load.py wants a path."""

    def __new__(cls, address, folder):
        made = super().__new__(cls, address)
        made.parent = folder
        return made


def tell(**figures):
    print(json.dumps(figures), flush=True)


def replica(options, cluster, count):
    """One server of so many events: a start that reads them all from the database, and one that finds its index."""
    copied_events = min(count, MOST_COPIED)
    store = options.folder / f"uniform-{copied_events}.gpkg"
    if not store.exists():
        load_events.fill(options.program, store, copied_events, None)
    name = f"events{count}"
    address = cluster.database(name)
    begun = time.monotonic()
    subprocess.run([options.program, "copy", "--from", store, "--to", address], check=True, capture_output=True)
    copied = round_to(time.monotonic() - begun)
    if count > copied_events:
        cluster.multiply(name, count // copied_events)
        copied = None
    kept = options.folder / "rasid.database.index"
    starts, again = [], []
    for round in range(options.rounds):
        kept.unlink(missing_ok=True)
        server = Replica(options.program, address, options.folder)
        starts.append(server.first_answer)
        while not kept.exists():
            time.sleep(0.1)
        server.stop()
        server = Replica(options.program, address, options.folder)
        again.append(server.first_answer)
        if round + 1 < options.rounds:
            server.stop()
    server.get("/collections/events/items?q=x&limit=1")
    now, most = server.resident()
    paths = load.boxes(server, store, FEATURES, BOXES)
    rates = load.medians([load.wrk(server.base, paths, options.seconds) for _ in range(options.rounds)])
    server.stop()
    kept.unlink()
    bytes_there = int(cluster.value(name, f"SELECT pg_database_size('{name}')"))
    subprocess.run(cluster.psql(f"DROP DATABASE {name}"), check=True)
    tell(what="replica", events=count, copy_seconds=copied, start_seconds=round_to(statistics.median(starts)),
         again_seconds=round_to(statistics.median(again)),
         resident_mb=round_to(now), resident_most_mb=round_to(most), database_mb=round_to(bytes_there / 1e6),
         boxes_of=FEATURES, requests_per_second=round_to(rates[0]), p50_ms=round_to(rates[1]), p99_ms=round_to(rates[2]))
    return count, rates[0]


def ingest(options, cluster, workers):
    """So many programs that read articles of their own into one database."""
    address = cluster.database(f"ingest{workers}")
    files = []
    for number in range(workers):
        path = options.folder / f"scale-{number}.jsonl"
        with path.open("w", encoding="utf-8") as lines:
            for article in feeds.articles(options.articles, seed=number + 1):
                lines.write(json.dumps(article, ensure_ascii=False) + "\n")
        files.append(path)
    # The schema is made beforehand, by the first article.
    first = json.dumps(next(feeds.articles(1, seed=0)))
    made = subprocess.run([options.program, "ingest", "-", "--store", address], input=first.encode(), capture_output=True)
    if made.returncode:
        sys.exit(made.stderr.decode())
    begun = time.monotonic()
    running = []
    for path in files:
        command = [options.program, "ingest", "-", "--store", address]
        running.append(subprocess.Popen(command, stdin=path.open("rb"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
    codes = [one.wait() for one in running]
    seconds = time.monotonic() - begun
    kept = int(cluster.value(f"ingest{workers}", "SELECT count(*) FROM rasid.articles")) - 1
    if any(codes) or kept != workers * options.articles:
        sys.exit(f"scale.py: {kept} articles are kept, exit codes {codes}")
    subprocess.run(cluster.psql(f"DROP DATABASE ingest{workers}"), check=True)
    for path in files:
        path.unlink()
    tell(what="ingest", workers=workers, articles=kept, seconds=round_to(seconds), articles_per_second=round_to(kept / seconds))


def round_to(number):
    """Three digits tell enough."""
    return float(f"{number:.3g}")


def main():
    reader = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    target = Path(os.environ.get("CARGO_TARGET_DIR", load.ROOT / "target"))
    reader.add_argument("--program", type=Path, default=target / "release" / "rasid")
    reader.add_argument("--folder", type=Path, default=target / "load")
    reader.add_argument("--events", type=int, nargs="*", default=[100_000, 1_000_000])
    reader.add_argument("--workers", type=int, nargs="*", default=[1, 2, 4])
    reader.add_argument("--articles", type=int, default=2_000, help="of each worker")
    reader.add_argument("--rounds", type=int, default=3)
    reader.add_argument("--seconds", type=int, default=3)
    options = reader.parse_args()
    if not shutil.which("wrk"):
        sys.exit("scale.py: there is no wrk: install the Debian package")
    options.folder.mkdir(parents=True, exist_ok=True)
    cluster = Cluster(options.folder)
    try:
        rates = [replica(options, cluster, count) for count in options.events]
        for count, rate in rates[1:]:
            tell(what="ratio", events=count, to_events=rates[0][0], requests=round_to(rate / rates[0][1]))
        for workers in options.workers:
            ingest(options, cluster, workers)
    finally:
        cluster.stop()


if __name__ == "__main__":
    main()
