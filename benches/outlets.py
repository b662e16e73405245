#!/usr/bin/env python3
"""Twelve outlets on this machine, of which four misbehave, read by a server for some minutes.

    cargo build --release && benches/outlets.py --minutes 10 --picture docs/sources.png

Eight publish an invented article every few seconds: as RSS, Atom and JSON Feed with whole texts, as feeds
whose articles stand on pages, and as a sitemap. Of the others one takes connections and says nothing, one
sends a byte a second, one a gzip bomb, one redirects for ever. At the end every article that was published
early enough must be in the store once, and the metrics and a picture of `/sources` (needs chromium) are left.
"""

import argparse
import gzip
import html
import json
import os
import random
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import feeds

ROOT = Path(__file__).resolve().parent.parent
GOOD = [("وكالة الشمال", "rss"), ("Northern Wire", "atom"), ("شبكة الساحل", "json"), ("Desert Monitor", "rss"),
        ("صدى الجزيرة", "pages"), ("River Post", "pages"), ("مرصد الجنوب", "sitemap"), ("Valley Report", "atom")]
BAD = [("صامت", "silent"), ("بطيء", "slow"), ("قنبلة", "bomb"), ("دوامة", "circle")]


class Outlet:
    """An outlet with its articles, the newest last."""

    def __init__(self, name, kind, seed, every):
        self.name, self.kind, self.every = name, kind, every
        self.made = feeds.articles(10_000, seed=seed)
        self.articles, self.lock = [], threading.Lock()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler(self))
        self.server.daemon_threads = True
        self.base = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def publish(self):
        article = next(self.made)
        with self.lock:
            article.update(path=f"/news/{len(self.articles) + 1}", at=datetime.now(timezone.utc),
                           title=article["text"].split("،")[0].split(",")[0][:90])
            self.articles.append(article)

    def latest(self):
        with self.lock:
            return self.articles[-40:][::-1]

    def feed(self):
        text = lambda article: "".join(f"<p>{html.escape(part)}</p>" for part in article["text"].split("\n\n"))
        if self.kind == "json":
            items = [{"id": self.base + one["path"], "url": self.base + one["path"], "title": one["title"],
                      "content_html": text(one), "date_published": one["at"].isoformat()} for one in self.latest()]
            return "application/feed+json", json.dumps(
                {"version": "https://jsonfeed.org/version/1.1", "title": self.name, "items": items})
        if self.kind == "atom":
            entries = "".join(
                f"<entry><id>{self.base}{one['path']}</id><title>{html.escape(one['title'])}</title>"
                f"<link href='{self.base}{one['path']}'/><updated>{one['at'].isoformat()}</updated>"
                f"<published>{one['at'].isoformat()}</published><content type='html'>{html.escape(text(one))}</content></entry>"
                for one in self.latest())
            return "application/atom+xml", (
                f"<feed xmlns='http://www.w3.org/2005/Atom'><id>{self.base}/</id><title>{self.name}</title>"
                f"<updated>{datetime.now(timezone.utc).isoformat()}</updated>{entries}</feed>")
        if self.kind == "sitemap":
            urls = "".join(
                f"<url><loc>{self.base}{one['path']}</loc><news:news><news:publication><news:name>{self.name}</news:name>"
                f"<news:language>ar</news:language></news:publication><news:publication_date>{one['at'].isoformat()}"
                f"</news:publication_date><news:title>{html.escape(one['title'])}</news:title></news:news></url>"
                for one in self.latest())
            return "application/xml", (
                "<?xml version='1.0' encoding='UTF-8'?><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' "
                f"xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'>{urls}</urlset>")
        whole = self.kind == "rss"
        items = "".join(
            f"<item><guid>{self.base}{one['path']}</guid><link>{self.base}{one['path']}</link><title>{html.escape(one['title'])}</title>"
            f"<pubDate>{one['at'].strftime('%a, %d %b %Y %H:%M:%S +0000')}</pubDate>"
            + (f"<content:encoded>{html.escape(text(one))}</content:encoded>" if whole else "") + "</item>"
            for one in self.latest())
        return "application/rss+xml", (
            "<?xml version='1.0' encoding='UTF-8'?><rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'>"
            f"<channel><title>{self.name}</title><link>{self.base}/</link><description>invented</description>{items}</channel></rss>")

    def page(self, path):
        with self.lock:
            found = [one for one in self.articles if one["path"] == path]
        if not found:
            return None
        (one,) = found
        paragraphs = "".join(f"<p>{html.escape(part)}</p>" for part in one["text"].split("\n\n"))
        return (f"<!doctype html><html lang='{one['lang']}'><head><meta charset='utf-8'><title>{html.escape(one['title'])}</title>"
                f"<meta property='article:published_time' content='{one['at'].isoformat()}'></head><body>"
                f"<nav><a href='/'>{self.name}</a></nav><article><h1>{html.escape(one['title'])}</h1>{paragraphs}</article>"
                "<footer>invented</footer></body></html>")


def handler(outlet):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            pass

        def answer(self, kind, body, status=200, headers=()):
            self.send_response(status)
            for name, value in (("Content-Type", kind), ("Content-Length", str(len(body))), *headers):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self):
            try:
                self.get()
            except OSError:
                pass

        def get(self):
            if self.path == "/robots.txt":
                return self.answer("text/plain", b"", 404)
            if outlet.kind == "silent":
                return time.sleep(3600)
            if outlet.kind == "slow":
                self.send_response(200)
                self.send_header("Content-Type", "application/rss+xml")
                self.end_headers()
                for byte in b"<rss version='2.0'>" + b" " * 100_000:
                    self.wfile.write(bytes([byte]))
                    self.wfile.flush()
                    time.sleep(1)
                return None
            if outlet.kind == "bomb":
                return self.answer("application/rss+xml", BOMB, headers=[("Content-Encoding", "gzip")])
            if outlet.kind == "circle":
                onward = f"/feed?{random.randrange(10**9)}"
                return self.answer("text/plain", b"", 302, [("Location", onward)])
            if self.path == "/feed":
                kind, body = outlet.feed()
                return self.answer(kind, body.encode())
            page = outlet.page(self.path)
            return self.answer("text/html; charset=utf-8", (page or "nothing").encode(), 200 if page else 404)

    return Handler


BOMB = gzip.compress(b"<rss version='2.0'>" + b" " * (1 << 30), 9)


def listed(outlets, path):
    """The list of outlets as the operator writes it."""
    path.write_text("".join(
        f'[[feed]]\nname = "{one.name}"\naddress = "{one.base}/feed"\ninterval = "{one.every}s"\n'
        f'publisher = "{one.name}"\n\n' for one in outlets))


def picture(url, path):
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or sys.exit("chromium is needed for a picture")
    subprocess.run([chromium, "--headless", "--no-sandbox", "--hide-scrollbars", "--window-size=1500,1000",
                    f"--screenshot={path.resolve()}", url], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--program", type=Path, default=ROOT / "target/release/rasid")
    options.add_argument("--minutes", type=float, default=10)
    options.add_argument("--picture", type=Path)
    options.add_argument("--metrics", type=Path)
    options = options.parse_args()
    folder = Path(tempfile.mkdtemp())
    outlets = [Outlet(name, kind, seed, 10) for seed, (name, kind) in enumerate(GOOD + BAD, 10)]
    listed(outlets, folder / "feeds.toml")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    base, log = f"http://127.0.0.1:{port}", (folder / "log").open("w")
    command = [options.program.resolve(), "serve", "--feeds", "feeds.toml", "--allow-private-addresses",
               "--listen", f"127.0.0.1:{port}"]
    environment = {**os.environ, "RASID_GAZETTEER_UPDATE": "never"}
    server = subprocess.Popen(command, cwd=folder, env=environment, stderr=log)
    begun, last = time.monotonic(), 60 * options.minutes
    # What is published in the last minute may not have been asked for when it ends.
    while time.monotonic() - begun < last:
        if server.poll() is not None:
            sys.exit("the server ended: " + (folder / "log").read_text())
        if last - (time.monotonic() - begun) > 60:
            for outlet in outlets[: len(GOOD)]:
                outlet.publish()
        time.sleep(5)
    get = lambda path: urllib.request.urlopen(base + path).read().decode()
    metrics = get("/metrics")
    if options.metrics:
        options.metrics.write_text(metrics)
    if options.picture:
        picture(base + "/sources?f=html", options.picture)
    sources = json.loads(get("/sources"))["sources"]
    peak = int(re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{server.pid}/status").read_text())[1]) * 1024 / 1e6
    server.terminate()
    asked = time.monotonic()
    status = server.wait()
    print(f"ended with {status} {time.monotonic() - asked:.1f} s after it was asked to; {peak:.0f} MB at most\n")
    print("| source | is | published | kept | events | errors | last error |\n| --- | --- | --- | --- | --- | --- | --- |")
    told = {one["name"]: one for one in sources}
    lost = 0
    for outlet in outlets:
        one = told[outlet.name]
        error = (one["last_error"] or {}).get("told", "")
        lost += len(outlet.articles) - one["articles"] if outlet.kind not in dict(BAD).values() else 0
        print(f"| {outlet.name} | {one['status']} | {len(outlet.articles)} | {one['articles']} | {one['events']} | {one['failed']} | {error} |")
    with sqlite3.connect(f"file:{folder}/rasid.gpkg?mode=ro", uri=True) as reader:
        print("\narticles and events in the store:", *(reader.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in ("articles", "events")))
    print("\n".join(line for line in (folder / "log").read_text().splitlines() if " WARN " in line or " ERROR " in line))
    shutil.rmtree(folder)
    if lost or status:
        sys.exit(f"{lost} articles were not kept")


if __name__ == "__main__":
    main()
