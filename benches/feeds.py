#!/usr/bin/env python3
"""How many articles a second go from bytes to committed events, in how much memory, and how soon
an article that is handed in can be seen.

    cargo build --release && benches/feeds.py             the whole table: 100,000 articles
    benches/feeds.py --articles 2000 --pushed 50          a quick look
    benches/feeds.py --only lines                         one of: folder, feeds, pages, lines, push

All texts are invented: patterns of Arabic and English news filled with places of the gazetteer. Time is
counted from the start of the program until it has ended, or until the last article is answered, so that
loading word lists and place names is in it. On a shared machine, take two processors: `taskset -c 0,1`.
"""

import argparse
import html
import http.server
import json
import multiprocessing
import os
import random
import re
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
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOKEN = "a-token-for-measuring"

ARABIC = [
    "قصفت قوات النظام بالمدفعية الثقيلة بلدة {a} {day}، ما أدى إلى مقتل {n} مدنيين وإصابة {m} آخرين. وقالت مصادر محلية "
    "إن القصف طال الأحياء السكنية والسوق الشعبي، وإن فرق الدفاع المدني انتشلت الضحايا من تحت الأنقاض.",
    "اندلعت اشتباكات عنيفة بين فصائل المعارضة وقوات النظام على محور {a} {day}، أسفرت عن مقتل {n} عناصر من قوات "
    "النظام. وأفاد مراسلنا بأن الاشتباكات استمرت حتى ساعات الفجر، وسط قصف متبادل بقذائف الهاون على {b}.",
    "انفجرت عبوة ناسفة بسيارة وسط مدينة {a} {day}، ما أسفر عن مقتل {n} أشخاص. ولم تتبن أي جهة المسؤولية عن "
    "الانفجار. وكانت المدينة شهدت الشهر الماضي هدوءا نسبيا بحسب الأهالي.",
    "خرج العشرات من أهالي {a} في مظاهرة {day} للمطالبة بتحسين الأوضاع المعيشية وإطلاق سراح المعتقلين. ورفع "
    "المتظاهرون لافتات تندد بارتفاع الأسعار، وتزامنت مع مظاهرة أخرى في {b}.",
    "شن الطيران الحربي الروسي {n} غارات على محيط {a} {day} دون أنباء عن إصابات. وحذر الدفاع المدني من مخاطر "
    "القنابل غير المنفجرة في {b}.",
]
ENGLISH = [
    "Regime forces shelled the town of {a} {day}, killing {n} civilians and injuring {m} others. Local sources said "
    "that the shelling hit houses and a market, and that rescue teams pulled the victims out of the rubble.",
    "Fierce clashes broke out between opposition factions and regime forces near {a} {day}, leaving {n} fighters dead. "
    "The clashes went on until dawn while mortar shells fell on {b}, a correspondent reported.",
    "A car bomb exploded in the centre of {a} {day}, killing {n} people. Nobody has claimed responsibility for the "
    "blast. Residents said the town had been quiet for a month.",
    "Dozens of residents of {a} protested {day} to demand better living conditions and the release of detainees. "
    "Another demonstration took place in {b}, activists said.",
]
DAYS = {"ar": ["أمس", "اليوم", "مساء أمس", "يوم الجمعة"], "en": ["yesterday", "today", "on Friday", "on Monday night"]}
# What news say besides; of different articles different enough that none is taken for a copy.
ASIDE = {
    "ar": [
        "وتشهد {a} منذ {n} أسابيع حركة نزوح نحو مخيمات {b}، في ظل نقص حاد في المساعدات الإنسانية والخدمات الطبية.",
        "وقال مجلس {a} المحلي إن {n} مدرسة في المنطقة ما زالت مغلقة، وإن ترميمها يحتاج إلى دعم المنظمات.",
        "ويعتمد سكان {b} على زراعة الزيتون والقمح، وتراجع الموسم هذا العام بنسبة {n} بالمئة بسبب الجفاف.",
        "وارتفع سعر ربطة الخبز في أسواق {a} إلى {n} ليرات، ما زاد من أعباء الأسر النازحة القادمة من {b}.",
        "وتقع {a} على الطريق الواصل إلى {b}، وتبعد عنه نحو {n} كيلومترا، ويقطنها عدد كبير من المهجرين.",
        "وناشد أطباء في مشفى {b} الجهات المانحة تأمين {n} حاضنة للأطفال وأدوية للأمراض المزمنة.",
    ],
    "en": [
        "For {n} weeks people have been moving from {a} towards camps near {b} while aid and medical care are scarce.",
        "The local council of {a} said that {n} schools in the area are still closed and need money for repairs.",
        "Families in {b} live on olives and wheat, and the harvest fell by {n} percent this year because of the drought.",
        "The price of bread in the markets of {a} rose to {n} lira, a burden for families who came from {b}.",
        "The town of {a} lies on the road to {b}, some {n} kilometres away, and houses many displaced people.",
        "Doctors at the hospital of {b} asked donors for {n} incubators and for medicine against chronic diseases.",
    ],
}


def places():
    """Names of towns in both languages."""
    features = json.loads((ROOT / "gazetteer.geojson").read_text())["features"]
    towns = [one["properties"] for one in features if one["properties"]["kind"] in ("town", "city", "village")]
    return [(one["name_ar"], one["name_en"]) for one in towns if one["name_ar"] and one["name_en"]]


def articles(count, seed=1):
    chance = random.Random(seed)
    towns = places()
    for number in range(count):
        lang = "ar" if number % 3 else "en"
        (first, second), at = chance.sample(towns, 2), int(lang == "en")
        told = chance.choice(ARABIC if lang == "ar" else ENGLISH).format(
            a=first[at], b=second[at], n=chance.randrange(2, 30), m=chance.randrange(2, 60),
            day=chance.choice(DAYS[lang]))
        asides = []
        for aside in chance.sample(ASIDE[lang], chance.randrange(2, 7)):
            (one, other) = chance.sample(towns, 2)
            asides.append(aside.format(a=one[at], b=other[at], n=chance.randrange(3, 90)))
        text = told + "\n\n" + " ".join(asides)
        day = f"20{chance.randrange(12, 25)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"
        yield {"id": f"load-{seed}-{number}", "text": text, "published": day, "lang": lang,
               "publisher": "invented", "url": f"https://example.org/{seed}/{number}"}


def run_to_end(command, folder):
    """Seconds and most megabytes (10^6 bytes) of a program that must succeed."""
    begun = time.monotonic()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    told = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{command} failed: {told}")
    return time.monotonic() - begun, used.ru_maxrss * 1024 / 1e6, told.strip().splitlines()[-1]


def held(store):
    """Articles and events of a store."""
    with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as reader:
        return [reader.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("articles", "events")]


def tell(name, count, seconds, memory, store):
    kept, events = held(store)
    print(f"| {name} | {kept} | {events} | {seconds:.1f} s | {count / seconds:.0f} | {memory:.0f} MB |", flush=True)


def from_folder(program, folder, count):
    """Files of text with their date beside them."""
    source = folder / "articles"
    source.mkdir()
    for article in articles(count):
        (source / f"{article['id']}.txt").write_text(article["text"])
        (source / f"{article['id']}.toml").write_text(f"published = {article['published']}\npublisher = 'invented'\n")
    store = folder / "folder.gpkg"
    seconds, memory, _ = run_to_end([program, "ingest", source, "--store", store], folder)
    tell("a folder of files", count, seconds, memory, store)


def page_of(article, inside):
    title = html.escape(article["text"][:80])
    return (f"<!doctype html><html lang='{article['lang']}'><head><meta charset='utf-8'><title>{title}</title></head><body>"
            f"<nav><a href='/'>News</a></nav><article><h1>{title}</h1>{inside}</article></body></html>").encode()


def site_of(base, part, whole):
    """A feed and, where it does not have their whole texts, the pages of its articles."""
    site, items = {}, []
    for article in part:
        path = "/" + article["id"]
        inside = "".join(f"<p>{html.escape(text)}</p>" for text in article["text"].split("\n\n"))
        if not whole:
            site[path] = ("text/html; charset=utf-8", page_of(article, inside))
        day = time.strftime("%a, %d %b %Y 12:00:00 +0000", time.strptime(article["published"], "%Y-%m-%d"))
        text = f"<content:encoded>{html.escape(inside)}</content:encoded>" if whole else ""
        items.append(f"<item><guid>{base}{path}</guid><link>{base}{path}</link><title>{html.escape(article['text'][:80])}</title>"
                     f"<pubDate>{day}</pubDate>{text}</item>")
    feed = ("<?xml version='1.0' encoding='UTF-8'?><rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'>"
            f"<channel><title>invented</title><link>{base}/</link><description>invented</description>{''.join(items)}</channel></rss>")
    site["/feed"] = ("application/rss+xml", feed.encode())
    return site


def serve_sites(sites):
    """Serves sites, each at an address of its own, until it is ended."""
    def handler(site):
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            # A body that waits for the head to be acknowledged takes 40 ms.
            disable_nagle_algorithm = True
            log_message = lambda *_: None

            def do_GET(self):
                kind, body = site.get(self.path, ("text/plain", b""))
                self.send_response(200 if self.path in site else 404)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        return Handler

    for (host, port), site in sites.items():
        server = http.server.ThreadingHTTPServer((host, port), handler(site))
        threading.Thread(target=server.serve_forever, daemon=True).start()
    threading.Event().wait()


def from_feeds(program, folder, count, whole):
    """Feeds of 2,000 entries, each at an address of its own, read by a server until all were read once."""
    given, sites, listed = list(articles(count)), {}, []
    for number, at in enumerate(range(0, count, 2_000), 1):
        host, port = f"127.0.{1 + number // 200}.{number % 200 + 1}", 8_000
        base = f"http://{host}:{port}"
        sites[host, port] = site_of(base, given[at:at + 2_000], whole)
        listed.append(f'[[feed]]\nname = "feed {number}"\naddress = "{base}/feed"\ntext = "{"feed" if whole else "page"}"\n')
    outlets = multiprocessing.Process(target=serve_sites, args=(sites,), daemon=True)
    outlets.start()
    del given, sites
    (folder / "feeds.toml").write_text("\n".join(listed))
    name = "feeds" if whole else "pages"
    store, begun = folder / f"{name}.gpkg", time.monotonic()
    server = Server(program, store, ["--feeds", folder / "feeds.toml", "--allow-private-addresses"])
    seconds, memory = time.monotonic() - begun, server.memory()
    server.stop()
    outlets.terminate()
    tell("feeds with whole texts" if whole else "feeds and the pages behind them", count, seconds, memory, store)


class Server:
    """A server that takes articles."""

    def __init__(self, program, store, sources=()):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.base = f"http://127.0.0.1:{self.port}"
        command = [program, "serve", *sources, "--store", store, "--listen", f"127.0.0.1:{self.port}"]
        environment = {**os.environ, "RASID_TOKEN": TOKEN, "RASID_GAZETTEER_UPDATE": "never"}
        self.process = subprocess.Popen(command, env=environment, cwd=store.parent, stderr=subprocess.DEVNULL)
        while True:
            try:
                self.get("/health/ready")
                break
            except OSError:
                if self.process.poll() is not None:
                    sys.exit("the server ended")
                time.sleep(0.01)

    def get(self, path):
        with urllib.request.urlopen(self.base + path) as answer:
            return answer.read()

    def post(self, given):
        """Hands in articles, again as long as there is no room."""
        body = "\n".join(json.dumps(article, ensure_ascii=False) for article in given).encode()
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/x-ndjson"}
        request = urllib.request.Request(self.base + "/articles", body, headers)
        while True:
            try:
                with urllib.request.urlopen(request) as answer:
                    return json.loads(answer.read())["articles"]
            except urllib.error.HTTPError as error:
                if error.code != 503:
                    raise
                time.sleep(0.02)

    def memory(self):
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) * 1024 / 1e6

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


def from_lines(program, folder, count):
    """Lines of JSON handed in by four senders, a hundred articles at a time."""
    store = folder / "lines.gpkg"
    server = Server(program, store)
    given = list(articles(count))
    parts = [given[at:at + 100] for at in range(0, count, 100)]
    begun = time.monotonic()
    with ThreadPoolExecutor(4) as senders:
        for _ in senders.map(server.post, parts):
            pass
    seconds = time.monotonic() - begun
    memory = server.memory()
    server.stop()
    tell("lines of JSON, by POST", count, seconds, memory, store)


def one_by_one(program, folder, count):
    """Milliseconds from handing in one article until its answer, and until it is heard on the stream."""
    server = Server(program, folder / "push.gpkg")
    heard, listening = {}, threading.Event()

    def listen():
        with urllib.request.urlopen(server.base + "/collections/events/stream") as stream:
            for line in stream:
                listening.set()
                if line.startswith(b"data: "):
                    heard.setdefault(json.loads(line[6:])["properties"]["article_id"], time.monotonic())

    threading.Thread(target=listen, daemon=True).start()
    listening.wait()
    sent, answered, found = {}, [], []
    for article in articles(count, seed=2):
        begun = sent[article["id"]] = time.monotonic()
        events = server.post([article])[0]["events"]
        answered.append(time.monotonic() - begun)
        for event in events[:1]:
            server.get(f"/collections/events/items/{event}")
            found.append(time.monotonic() - begun)
        # News come one by one.
        time.sleep(0.02)
    time.sleep(0.5)
    streamed = [heard[name] - begun for name, begun in sent.items() if name in heard]
    for name, times in (("answered", answered), ("found by its id", found), ("heard on the stream", streamed)):
        ordered = sorted(1000 * one for one in times)
        print(f"| {name} | {len(ordered)} | {statistics.median(ordered):.1f} ms | {ordered[int(len(ordered) * 0.95)]:.1f} ms |")
    server.stop()


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--program", type=Path, default=ROOT / "target/release/rasid")
    options.add_argument("--articles", type=int, default=100_000)
    options.add_argument("--pushed", type=int, default=500, help="articles handed in one by one")
    options.add_argument("--pages", type=int, default=10_000, help="articles that stand on pages of their own")
    options.add_argument("--only", choices=("folder", "feeds", "pages", "lines", "push"))
    options = options.parse_args()
    program = options.program.resolve()
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        if options.only != "push":
            print("| from | articles | events | time | articles a second | most memory |\n| --- | --- | --- | --- | --- | --- |")
        if options.only in (None, "folder"):
            from_folder(program, folder, options.articles)
        if options.only in (None, "feeds"):
            from_feeds(program, folder, options.articles, whole=True)
        if options.only in (None, "pages"):
            from_feeds(program, folder, options.pages, whole=False)
        if options.only in (None, "lines"):
            from_lines(program, folder, options.articles)
        if options.only in (None, "push"):
            print("\n| handed in one by one | articles | median | 95 % |\n| --- | --- | --- | --- |")
            one_by_one(program, folder, options.pushed)


if __name__ == "__main__":
    main()
