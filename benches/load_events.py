"""A store full of events, for load.py: invented ones, or real ones at other days."""

import json
import random
import re
import sqlite3
import struct
import subprocess
import sys
import zlib
from datetime import date, timedelta

FIRST_DAY, DAYS = date(2011, 3, 15), 5_400
# Roughly as often as such events are told of.
KINDS = [
    ("Explosions/Remote violence", "Shelling/artillery/missile attack", "Political violence", 40),
    ("Explosions/Remote violence", "Air/drone strike", "Political violence", 20),
    ("Battles", "Armed clash", "Political violence", 15),
    ("Violence against civilians", "Attack", "Political violence", 10),
    ("Protests", "Peaceful protest", "Demonstrations", 8),
    ("Strategic developments", "Other", "Strategic developments", 7),
]
SIDES = [("SYRIA", "Military Forces of Syria", "State forces"), ("SDF", "QSD: Syrian Democratic Forces", "Rebel group"),
         ("HTS", "HTS: Hayat Tahrir al Sham", "Rebel group"), ("IS", "Islamic State (Syria)", "Rebel group"),
         ("RUSSIA", "Military Forces of Russia", "External/Other forces"), (None, None, None)]
GOVERNORATES = ["Idlib", "Aleppo", "Hama", "Homs", "Ar-Raqqa", "Deir-ez-Zor", "Al-Hasakeh", "Dar'a"]
WORDS = "قصف مدفعي صاروخي على بلدة ريف الشرقي الجنوبي أدى إلى مقتل وإصابة عدد من المدنيين بينهم أطفال ونساء وفق مصادر محلية".split()
TYPES = {"airstrike": 1, "airstrike_or_shelling": 1, "drone_strike": 1, "shelling": 0, "ground_operation": 2}


def point(geom):
    """Longitude and latitude of a GeoPackage point without an envelope."""
    return struct.unpack("<2d", geom[-16:])


def blob(lon, lat):
    return b"GP\0\1" + struct.pack("<i", 4326) + struct.pack("<BI2d", 1, 1, lon, lat)


def invented(count):
    """Where, when and what: points anywhere in a box around Syria."""
    weights = [kind[-1] for kind in KINDS]
    for number in range(count):
        place = random.randrange(3_000)
        yield (round(random.uniform(35.7, 42.4), 6), round(random.uniform(32.3, 37.3), 6),
               FIRST_DAY + timedelta(days=random.randrange(DAYS)), random.choices(KINDS, weights)[0],
               f"Town {place}", f"بلدة {place}", GOVERNORATES[place % 8], random.choice([None, None, 0, 1, 2, 5]))


def repeated(count, path):
    """Real events again and again, each at its place, some days away from its day."""
    with open(path, encoding="utf-8") as lines:
        told = [json.loads(line) for line in lines]
    # Of other ways to write a day nobody knows which is the month.
    events = [event for event in told if re.fullmatch(r"\d{4}-\d\d-\d\d", event["date"] or "") and event["lat"] is not None]
    if left := len(told) - len(events):
        print(f"load_events.py: {left} of {len(told)} events are left out: no place, or no day as YYYY-MM-DD", file=sys.stderr)
    for number in range(count):
        event = events[number % len(events)]
        day = date.fromisoformat(event["date"]) + timedelta(days=random.randint(-60, 60) if number >= len(events) else 0)
        place = event["place"] or "؟"
        yield (event["lon"], event["lat"], day, KINDS[TYPES.get(event["event_type"], len(place) % len(KINDS))],
               place, place, GOVERNORATES[len(place) % 8], (event["fatalities"] or [None])[0])


def event(number, happened, columns, articles):
    """A row of events, and of articles for each third one."""
    lon, lat, day, kind, name, name_ar, admin1, toll = happened
    told = f"{number // 3:032x}"
    title = f"{' '.join(WORDS[(number // 3 * step) % len(WORDS)] for step in (1, 2, 3, 5, 7, 11, 13))} {number // 3}"
    if number % 3 == 0:
        articles.append((told, title))
    (id1, side1, inter1), (id2, side2, inter2) = random.choice(SIDES), random.choice(SIDES)
    sentence = " ".join(random.choices(WORDS, k=24)) + f" {number}"
    start = random.randrange(3_000)
    row = dict(
        geom=blob(lon, lat), event_id=f"{told}-{number}", event_type=kind[0], sub_event_type=kind[1], disorder_type=kind[2],
        civilian_targeting="Civilians targeted" if number % 5 == 0 else None,
        event_date=day.isoformat(), time_precision=1, date_text=random.choice(["أمس", "اليوم", "مساء الاثنين", "في 3 شباط", None]),
        actor1=side1, inter1=inter1, actor2=side2, inter2=inter2, actor_ids=json.dumps([one for one in (id1, id2) if one]),
        location=name, location_ar=name_ar, admin1=admin1, admin2=f"{admin1} district", admin3=f"{admin1} sub-district",
        admin1_pcode=f"SY{GOVERNORATES.index(admin1) + 1:02}", place_id=f"gn:{zlib.crc32(name.encode()) % 10_000_000}", geo_precision=1,
        place_text=f"بلدة {name_ar}", fatalities=toll, fatalities_low=toll, fatalities_high=toll,
        certainty=random.choice(["asserted", "reported"]), confidence=random.randrange(40, 100) / 100, review="machine",
        evidence=sentence, evidence_start=start, evidence_end=start + len(sentence), article_id=told, source="وكالة الأنباء",
        source_url=f"https://example.org/news/{told}", title=title, published=day.isoformat(), n_sources=1, extractor="rasid 0.1.0",
    )
    return [row.get(column) for column in columns]


def write(store, happenings, first=0):
    """Adds events to a store in one transaction, numbered from there."""
    file = sqlite3.connect(store, isolation_level=None)
    columns = [row[1] for row in file.execute("PRAGMA table_info(events)")][1:]
    insert = f"INSERT INTO events ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
    article = "INSERT OR IGNORE INTO articles (article_id, title, lang, text, sha256) VALUES (?, ?, 'ar', '', '')"
    articles, rows = [], []

    def flush():
        file.executemany(article, articles)
        file.executemany(insert, rows)
        articles.clear()
        rows.clear()

    file.execute("BEGIN IMMEDIATE")
    for number, happened in enumerate(happenings, first):
        rows.append(event(number, happened, columns, articles))
        if len(rows) == 30_000:
            flush()
    flush()
    file.execute("COMMIT")
    file.close()


def fill(program, store, count, real):
    """Makes the store with the program, then writes straight into its tables."""
    begun = store.with_suffix(".begun")
    for path in begun.parent.glob(begun.name + "*"):
        path.unlink()
    nothing = store.with_suffix(".txt")
    nothing.write_text("لا خبر.")
    subprocess.run([program, "ingest", nothing, "--store", begun], check=True, stderr=subprocess.DEVNULL)
    nothing.unlink()
    random.seed(count)
    write(begun, repeated(count, real) if real else invented(count))
    with sqlite3.connect(begun) as file:
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    begun.rename(store)
