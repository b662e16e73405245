#!/usr/bin/env python3
"""How many requests a second the built server answers, beside nginx giving out the same bytes.

    cargo build --release && benches/load.py              the whole table: synthetic events
    benches/load.py --real FILE                           the same with real events, as JSON Lines
    benches/load.py --rounds 1 --seconds 1 --million 0    a quick look

Needs wrk and nginx (Debian: wrk, nginx-light), and some 4 GB in the folder it works in. Stores
are made once and kept there. Rounds are interleaved and medians told, since other work on the
machine changes both sides alike.
"""

import argparse
import json
import os
import random
import re
import shutil
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

import load_events

ROOT = Path(__file__).resolve().parent.parent
CONNECTIONS = 4
# What a box holds, and how many boxes of that size are asked for in turn: together more bytes
# than the server keeps answers for, so that most are put together anew.
SIZES = {100: 1000, 1_000: 150, 10_000: 12}


class Server:
    """A server of ours on a store."""

    def __init__(self, program, store):
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        begun = time.monotonic()
        self.process = subprocess.Popen(
            [program, "serve", "--store", store, "--listen", f"127.0.0.1:{self.port}", "--gazetteer-update", "never"],
            stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, cwd=store.parent,
        )
        self.said = []
        threading.Thread(target=lambda: self.said.extend(self.process.stderr), daemon=True).start()
        self.first_answer = None
        while self.first_answer is None:
            if self.process.poll() is not None:
                sys.exit("the server ended: " + "".join(self.said))
            try:
                self.get("/collections/events/items?limit=1")
                self.first_answer = time.monotonic() - begun
            except OSError:
                time.sleep(0.01)

    def get(self, path):
        with urllib.request.urlopen(self.base + path) as answer:
            return answer.read()

    def matched(self, path):
        return json.loads(self.get(path + "&limit=1"))["numberMatched"]

    def resident(self):
        """Megabytes (10^6 bytes) of memory now and at most."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return [int(re.search(rf"{name}:\s+(\d+) kB", status)[1]) * 1024 / 1e6 for name in ("VmRSS", "VmHWM")]

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


class Nginx:
    """nginx giving out files, as the Debian package would, without a log."""

    def __init__(self, files):
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.folder = Path(tempfile.mkdtemp(prefix="load-nginx-"))
        configuration = self.folder / "nginx.conf"
        configuration.write_text(f"""
            worker_processes 2; pid {self.folder}/pid; error_log {self.folder}/error.log;
            {"user root;" if os.getuid() == 0 else ""}
            events {{ worker_connections 512; }}
            http {{
                access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000;
                open_file_cache max=5000;
                types {{ application/geo+json json; }}
                client_body_temp_path {self.folder}/body; proxy_temp_path {self.folder}/proxy;
                fastcgi_temp_path {self.folder}/fastcgi; uwsgi_temp_path {self.folder}/uwsgi;
                scgi_temp_path {self.folder}/scgi;
                server {{ listen 127.0.0.1:{self.port}; root {files}; }}
            }}""")
        self.process = subprocess.Popen(["nginx", "-c", configuration, "-g", "daemon off;"], stderr=subprocess.DEVNULL)
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            except OSError:
                time.sleep(0.01)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def boxes(server, store, features, count):
    """Addresses of boxes that hold about so many features, around events."""
    random.seed(features)
    query = "SELECT fid, geom FROM events WHERE fid = ?"
    with sqlite3.connect(store) as file:
        last = file.execute("SELECT max(fid) FROM events").fetchone()[0]
        found = []
        while len(found) < count:
            _, geom = file.execute(query, [random.randint(1, last)]).fetchone()
            lon, lat = load_events.point(geom)
            low, high = 0.0, 8.0
            best = None
            for _ in range(24):
                half = (low + high) / 2
                path = (f"/collections/events/items?bbox={lon - half:.6f},{max(lat - half, -90):.6f},"
                        f"{lon + half:.6f},{lat + half:.6f}&limit={min(2 * features, 10_000)}")
                matched = server.matched(path.split("&limit")[0])
                if matched <= features:
                    low, best = half, (matched, path)
                else:
                    high = half
                if 0.95 * features <= matched <= features:
                    break
            # Towns that hold more than that at one point have no such box.
            if best and best[0] >= 0.8 * features:
                found.append(best[1])
    return found


def wrk(base, paths, seconds):
    """Requests a second, and p50 and p99 in milliseconds."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        listed = ",".join(json.dumps(path) for path in paths)
        script.write(f"""
            local paths = {{{listed}}}
            local at = math.random(#paths)
            function request() at = at % #paths + 1 return wrk.format("GET", paths[at]) end
            function done(summary, latency)
                io.write(string.format("RESULT %f %f %f %d\\n", summary.requests / summary.duration * 1e6,
                    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
                    summary.errors.status + summary.errors.timeout + summary.errors.read))
            end""")
        script.flush()
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "30s", "-s", script.name, base]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rate, p50, p99, errors = re.search(r"RESULT (\S+) (\S+) (\S+) (\d+)", told).groups()
    if int(errors):
        sys.exit(f"{errors} requests failed at {base}")
    return float(rate), float(p50), float(p99)


def medians(rounds):
    return [statistics.median(column) for column in zip(*rounds)]


def compare(server, store, files, options):
    """The rows of the table for one store: by number of features, many boxes and one."""
    rows = {}
    for features, count in SIZES.items():
        folder = files / str(features)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        paths = boxes(server, store, features, count)
        for number, path in enumerate(paths):
            (folder / f"{number}.json").write_bytes(server.get(path))
        rows[features] = paths
    nginx = Nginx(files)
    results = {}
    for features, paths in rows.items():
        static = [f"/{features}/{number}.json" for number in range(len(paths))]
        cases = {
            "nginx": (nginx.base, static), "many": (server.base, paths),
            "nginx one": (nginx.base, static[:1]), "one": (server.base, paths[:1]),
        }
        rounds = {name: [] for name in cases}
        for _ in range(options.rounds):
            for name, (base, asked) in cases.items():
                rounds[name].append(wrk(base, asked, options.seconds))
        size = statistics.mean((files / str(features) / f"{n}.json").stat().st_size for n in range(len(paths)))
        results[features] = {name: medians(all_rounds) for name, all_rounds in rounds.items()}
        ratios = [ours[0] / theirs[0] for ours, theirs in zip(rounds["many"], rounds["nginx"])]
        warm = [ours[0] / theirs[0] for ours, theirs in zip(rounds["one"], rounds["nginx one"])]
        results[features] |= {"size": size, "ratio": statistics.median(ratios), "ratio one": statistics.median(warm)}
    nginx.stop()
    return results


def disturb(program, store, features, options):
    """The slowest in a hundred answers while 10,000 events are committed, beside those when nothing is."""
    copy = store.with_name("disturbed.gpkg")
    shutil.copy(store, copy)
    server = Server(program, copy)
    paths = boxes(server, copy, features, 50)
    with sqlite3.connect(copy) as file:
        first = file.execute("SELECT max(fid) FROM events").fetchone()[0] + 1_000_000
    quiet, busy = [], []
    for number in range(options.rounds):
        quiet.append(wrk(server.base, paths, options.seconds)[2])
        begin = first + number * 12_000
        events = list(load_events.invented(10_000))
        writer = threading.Timer(options.seconds / 3, load_events.write, [copy, events, begin])
        writer.start()
        busy.append(wrk(server.base, paths, options.seconds)[2])
        writer.join()
    server.stop()
    for path in copy.parent.glob(copy.name + "*"):
        path.unlink()
    ratio = statistics.median(b / q for b, q in zip(busy, quiet))
    print(f"\np99 of boxes of {features:,} while 10,000 events are committed: {statistics.median(busy):.2f} ms, "
          f"otherwise {statistics.median(quiet):.2f} ms: {ratio:.2f} times")


def tell(title, results):
    print(f"\n{title}\n")
    print("| box | bytes | nginx /s | many boxes /s | p50 / p99 ms | ratio | one box /s | p50 / p99 ms | ratio |")
    print("|---|---|---|---|---|---|---|---|---|")
    for features, r in results.items():
        (rate, p50, p99), (one, one50, one99) = r["many"], r["one"]
        print(f"| {features:,} | {r['size']:,.0f} | {r['nginx'][0]:,.0f} | {rate:,.0f} | {p50:.2f} / {p99:.2f} "
              f"| **{r['ratio']:.2f}** | {one:,.0f} | {one50:.2f} / {one99:.2f} | **{r['ratio one']:.2f}** |", flush=True)


def main():
    reader = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    reader.add_argument("--program", type=Path, default=target / "release" / "rasid")
    reader.add_argument("--folder", type=Path, default=target / "load")
    reader.add_argument("--real", type=Path, help="events as JSON Lines, repeated with other days at the same places")
    reader.add_argument("--events", type=int, default=100_000)
    reader.add_argument("--million", type=int, default=1_000_000, help="events in the large store; 0 leaves it out")
    reader.add_argument("--rounds", type=int, default=5)
    reader.add_argument("--seconds", type=int, default=3)
    options = reader.parse_args()
    for needed in ("wrk", "nginx"):
        if not shutil.which(needed):
            sys.exit(f"load.py: there is no {needed}: install the Debian packages wrk and nginx-light")
    kind = "real" if options.real else "uniform"
    options.folder.mkdir(parents=True, exist_ok=True)
    results = {}
    for count in filter(None, (options.events, options.million)):
        store = options.folder / f"{kind}-{count}.gpkg"
        if not store.exists():
            load_events.fill(options.program, store, count, options.real)
        server = Server(options.program, store)
        now, most = server.resident()
        print(f"\n{count:,} events, {kind}: first answer after {server.first_answer:.2f} s, "
              f"{now:,.0f} MB resident ({most:,.0f} MB at most)", flush=True)
        # It has read all texts and kept its index when it ends.
        server.get("/collections/events/items?q=x&limit=1")
        server.stop()
        starts = []
        for _ in range(options.rounds):
            server = Server(options.program, store)
            starts.append(server.first_answer)
            now, most = server.resident()
            if len(starts) < options.rounds:
                server.stop()
        print(f"with its index kept: first answer after {statistics.median(starts):.2f} s "
              f"(median of {len(starts)}), {now:,.0f} MB resident ({most:,.0f} MB at most)", flush=True)
        results[count] = compare(server, store, options.folder / "files", options)
        tell(f"{count:,} events, {kind}; {CONNECTIONS} connections, medians of {options.rounds} interleaved rounds", results[count])
        now, most = server.resident()
        print(f"\nafter the load: {now:,.0f} MB resident ({most:,.0f} MB at most)")
        server.stop()
        disturb(options.program, store, 1_000, options)
    if len(results) == 2:
        small, large = results.values()
        for features in SIZES:
            per_byte = large[features]["many"][0] * large[features]["size"] / small[features]["many"][0] / small[features]["size"]
            print(f"{features:,} features of {options.million:,} events instead of {options.events:,}: "
                  f"{large[features]['many'][0] / small[features]['many'][0]:.2f} of the requests, {per_byte:.2f} of the bytes a second")


if __name__ == "__main__":
    main()
