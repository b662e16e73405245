#!/usr/bin/env python3
"""Makes docs/scale.md of the lines that scale.py printed, given on standard input; no number in it is typed by hand.

    benches/scale.py --rounds 1 > scale.jsonl && benches/scale_page.py < scale.jsonl > docs/scale.md

Lines of several runs may stand one behind the other; of two that tell the same the later counts.
"""

import json
import sys

WANTED_SECONDS, WANTED_GB = 90, 12

HEAD = """# How far it goes

What `benches/scale.py` measured, and what follows from it; `benches/scale_page.py` made this page of what it printed. Everything ran on one machine of 2 cores that had nothing else to do: the database server (PostgreSQL 15 as Debian sets it up), the server of rasid, and the clients that asked it. Figures of speed are low ends for that reason.

```sh
cargo build --release
benches/scale.py --rounds 1 > scale.jsonl && benches/scale_page.py < scale.jsonl > docs/scale.md
```
"""


def told(number):
    return f"{number:,.0f}" if number >= 100 else f"{number:g}"


def table(heads, rows):
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines) + "\n"


def replicas(rows):
    """The part on one server, and what the plan needs of it."""
    heads = ["events", "copied into the database", "first start until it answers", "start with its index kept", "memory", "in the database",
             "boxes of 100 events a second", "half within", "99 of 100 within"]
    cells = [[f"{row['events']:,}", told(row["copy_seconds"]) + " s" if row["copy_seconds"] else "made there",
              told(row["start_seconds"]) + " s", told(row["again_seconds"]) + " s",
              told(row["resident_mb"]) + " MB", told(row["database_mb"]) + " MB", told(row["requests_per_second"]),
              told(row["p50_ms"]) + " ms", told(row["p99_ms"]) + " ms"] for row in rows]
    copied = [row for row in rows if row["copy_seconds"]]
    small, big = copied[0], copied[-1]
    millions = (big["events"] - small["events"]) / 1e6
    memory = (big["resident_mb"] - small["resident_mb"]) / millions
    seconds, again = ((big[which] - small[which]) / millions for which in ("start_seconds", "again_seconds"))
    empty = small["resident_mb"] - memory * small["events"] / 1e6
    part = big["requests_per_second"] / small["requests_per_second"]
    text = "\n## One server of a database\n\n" + table(heads, cells)
    text += (f"Between the first row and that of {big['events']:,}, an event takes {told(round(memory))} bytes of memory, and a million take {told(round(seconds, 1))} s "
             f"of the first start and {told(round(again, 1))} s of the next; what a server takes without events is some {told(round(empty))} MB. With {big['events'] // small['events']} "
             f"times the events {part:.2f} of the requests a second were answered. Features that readers ask for are held whole as well, "
             "in up to 256 MB, however many events there are.")
    start, again, gigabytes = seconds * 10, again * 10, (memory * 10 + empty) / 1e3
    text += (f" By these figures ten million events of their own would take {gigabytes:.1f} GB, {start:.0f} s at first and {again:.0f} s "
             "then.")
    if len(copied) < len(rows):
        text += (" Those that were made in the database repeat the texts of a million at other places, and so take less memory than as "
                 "many of their own.")
    return text + "\n", dict(big=big, memory=memory, start=start, again=again, gigabytes=gigabytes)


def programs(rows):
    heads = ["programs", "articles", "time", "articles a second"]
    cells = [[str(row["workers"]), f"{row['articles']:,}", told(row["seconds"]) + " s", told(row["articles_per_second"])] for row in rows]
    return "\n## Programs that read articles into one database\n\n" + table(heads, cells) + (
        "Several programs on one machine read hardly more than one, or less: each already reads with all cores, which here the database needs as well, "
        "and the lock of a change lets one in at a time; which of the two costs more was not measured. What is committed a second is "
        "bounded by the database, whatever the number of machines. Programs on machines of their own were not measured.\n")


def plan(big, memory, start, again, gigabytes, articles):
    requests = big["requests_per_second"]
    machines = -(-10_000 // int(requests))
    late = f"{start / WANTED_SECONDS:.1f} times what we want ({WANTED_SECONDS} s)"
    in_time = f"within the {WANTED_SECONDS} s and {WANTED_GB} GB that we want" if gigabytes <= WANTED_GB else f"within {WANTED_SECONDS} s"
    return f"""
## A plan for 100 million events and 10,000 requests a second

- **Memory breaks first.** 100 million events take {memory / 10:.0f} GB in one server. Up to some tens of millions one machine with enough memory is simplest. Beyond that, events are parted by time: a server for the years that are asked for most, others for the years before, each with a database of its own, and a proxy in front that chooses by `datetime`. A search over all years then asks several servers and joins their pages, which rasid does not do.
- **Requests.** One machine of 2 cores answered {told(requests)} boxes of 100 events a second at {big['events']:,} events, beside its database and its clients. 10,000 a second are {machines} such machine{"s" if machines > 1 else ""}, one more so that one may fail, in the regions where readers are. Answers carry an `ETag` and a `Cache-Control`: what a cache in front answers is not asked for.
- **Start.** A new server of 10 million events starts in {start:.0f} s by the figures above, {in_time if start <= WANTED_SECONDS else late}; one that has kept its index in {again:.0f} s. Replicas are added one after the other and taken into the proxy when `/health/ready` says so.
- **Ingest.** {told(articles)} articles a second are {articles * 86_400 / 1e6:.0f} million a day, far more than the outlets of one country can be expected to publish. One program with one that stands by ([roles](operating.md#roles-of-servers)) is enough.
- **The database** keeps {big['database_mb'] / big['events'] * 1e3:.1f} kB an event, {big['database_mb'] / big['events'] * 100:.1f} TB for 100 million. It is asked for articles and sources, and by servers that start; events in memory spare it all else. A table parted by `event_date` would make its indexes smaller; nothing needs that below what one disk holds.
"""


def main():
    lines = [json.loads(line) for line in sys.stdin if line.startswith("{")]
    by = {key: {} for key in ("replica", "ingest")}
    for line in lines:
        if line["what"] in by:
            by[line["what"]][line.get("events", line.get("workers"))] = line
    servers, readers = ([row for _, row in sorted(rows.items())] for rows in by.values())
    if len(servers) < 2 or not readers:
        sys.exit("scale_page.py: it takes figures of two numbers of events and of one program that reads")
    first, figures = replicas(servers)
    sys.stdout.write(HEAD + first + programs(readers) + plan(articles=readers[0]["articles_per_second"], **figures))


if __name__ == "__main__":
    main()
