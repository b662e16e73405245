#!/usr/bin/env python3
"""How many requests a second the built server answers, beside MapServer on the same events.

    cargo build --release && benches/peers.py             boxes of 100, 1,000 and 10,000 of 100,000 events
    benches/peers.py --rounds 1 --seconds 1               a quick look

Needs wrk, nginx and MapServer (Debian: wrk, nginx-light, cgi-mapserver, gdal-bin): the fastest of the
servers of OGC API - Features that were measured before ours, and fastest when it reads FlatGeobuf. It answers
from twice as many processes as there are processors, behind nginx, with the same properties. Rounds are interleaved.
"""

import argparse
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import load
import load_events

MAPFILE = """
MAP
  NAME "peer"
  EXTENT 35 32 43 38
  SIZE 100 100
  PROJECTION "init=epsg:4326" END
  WEB
    METADATA
      "ows_enable_request" "*"
      "ows_title" "peer"
      "ows_srs" "EPSG:4326"
      "ows_onlineresource" "http://127.0.0.1/peer"
      "oga_onlineresource" "http://127.0.0.1/peer/ogcapi"
    END
  END
  LAYER
    NAME "events"
    STATUS ON
    TYPE POINT
    CONNECTIONTYPE FLATGEOBUF
    DATA "{data}"
    TEMPLATE "void"
    PROJECTION "init=epsg:4326" END
    METADATA
      "ows_title" "events"
      "gml_include_items" "all"
      "gml_featureid" "event_id"
      "oga_max_limit" "10000"
      "ows_extent" "35 32 43 38"
    END
  END
END
"""


class MapServer:
    """MapServer on a FlatGeobuf file."""

    def __init__(self, data):
        self.port = load.free_port()
        self.base = f"http://127.0.0.1:{self.port}/peer/ogcapi"
        self.folder = Path(tempfile.mkdtemp(prefix="load-mapserver-"))
        (self.folder / "peer.map").write_text(MAPFILE.format(data=data))
        (self.folder / "mapserver.conf").write_text(
            f'CONFIG\n  MAPS\n    "peer" "{self.folder}/peer.map"\n  END\nEND\n')
        at = str(self.folder / "socket")
        (self.folder / "nginx.conf").write_text(f"""
            worker_processes 2; pid {self.folder}/pid; error_log {self.folder}/error.log;
            {"user root;" if os.getuid() == 0 else ""}
            events {{ worker_connections 512; }}
            http {{
                access_log off; keepalive_requests 1000000000;
                client_body_temp_path {self.folder}/body; proxy_temp_path {self.folder}/proxy;
                fastcgi_temp_path {self.folder}/fastcgi; uwsgi_temp_path {self.folder}/uwsgi;
                scgi_temp_path {self.folder}/scgi;
                upstream maps {{ server unix:{at}; keepalive 8; }}
                server {{
                    listen 127.0.0.1:{self.port};
                    location / {{
                        fastcgi_pass maps; fastcgi_keep_conn on; fastcgi_buffers 64 256k; fastcgi_buffer_size 256k;
                        fastcgi_param PATH_INFO $uri; fastcgi_param SCRIPT_NAME ""; fastcgi_param QUERY_STRING $query_string;
                        fastcgi_param REQUEST_METHOD $request_method; fastcgi_param SERVER_NAME 127.0.0.1;
                        fastcgi_param SERVER_PORT {self.port}; fastcgi_param HTTP_HOST 127.0.0.1:{self.port};
                        fastcgi_param CONTENT_LENGTH $content_length; fastcgi_param CONTENT_TYPE $content_type;
                    }}
                }}
            }}""")
        environment = {**os.environ, "MAPSERVER_CONFIG_FILE": str(self.folder / "mapserver.conf")}
        # As the rules of FastCGI have it, each accepts at what is its standard input.
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(at)
            listening.listen(64)
            self.processes = [
                subprocess.Popen([shutil.which("mapserv")], env=environment, stdin=listening, stdout=subprocess.DEVNULL)
                for _ in range(2 * len(os.sched_getaffinity(0)))
            ]
        self.nginx = subprocess.Popen(
            ["nginx", "-c", self.folder / "nginx.conf", "-g", "daemon off;"], stderr=subprocess.DEVNULL)
        for _ in range(500):
            try:
                urllib.request.urlopen(self.base + "/collections/events/items?f=json&limit=1").read()
                return
            except OSError:
                time.sleep(0.02)
        self.stop()
        sys.exit("peers.py: MapServer does not answer")

    def stop(self):
        self.nginx.terminate()
        for process in self.processes:
            # Asked to end, it would wait for one more request.
            process.kill()
        for process in [self.nginx, *self.processes]:
            process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def main():
    reader = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    target = Path(os.environ.get("CARGO_TARGET_DIR", load.ROOT / "target"))
    reader.add_argument("--program", type=Path, default=target / "release" / "rasid")
    reader.add_argument("--folder", type=Path, default=target / "load")
    reader.add_argument("--events", type=int, default=100_000)
    reader.add_argument("--rounds", type=int, default=5)
    reader.add_argument("--seconds", type=int, default=3)
    options = reader.parse_args()
    for needed in ("wrk", "nginx", "mapserv", "ogr2ogr"):
        if not shutil.which(needed):
            sys.exit(f"peers.py: there is no {needed}: install the Debian packages wrk, nginx-light, cgi-mapserver and gdal-bin")
    options.folder.mkdir(parents=True, exist_ok=True)
    store = options.folder / f"uniform-{options.events}.gpkg"
    if not store.exists():
        load_events.fill(options.program, store, options.events, None)
    data = store.with_suffix(".fgb")
    if not data.exists():
        subprocess.run(["ogr2ogr", data, store, "events"], check=True)
    ours, peer = load.Server(options.program, store), MapServer(data)
    print("| box | rasid /s | p50 / p99 ms | MapServer /s | p50 / p99 ms | ratio |")
    print("|---|---|---|---|---|---|")
    for features, count in load.SIZES.items():
        paths = load.boxes(ours, store, features, count)
        theirs = [path.removeprefix("/") + "&f=json" for path in paths]
        theirs = ["/peer/ogcapi/" + path for path in theirs]
        rounds = [(load.wrk(ours.base, paths, options.seconds), load.wrk(peer.base, theirs, options.seconds))
                  for _ in range(options.rounds)]
        (rate, p50, p99), (other, other50, other99) = (load.medians(side) for side in zip(*rounds))
        ratio = statistics.median(own[0] / other[0] for own, other in rounds)
        print(f"| {features:,} | {rate:,.0f} | {p50:.2f} / {p99:.2f} | {other:,.1f} | {other50:.1f} / {other99:.1f} "
              f"| **{ratio:.0f}** |", flush=True)
    ours.stop()
    peer.stop()


if __name__ == "__main__":
    main()
