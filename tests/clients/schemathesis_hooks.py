"""What the OpenAPI document cannot say, said to schemathesis.

A schema tells of each parameter by itself. Which words make a condition in CQL2, or that the south of
a box lies below its north, it cannot tell. So requests that are meant to be right get values here that
are right; requests that are meant to be wrong are left as they come.
"""

import json
import random

import schemathesis
from schemathesis import GenerationMode

CRS = "http://www.opengis.net/def/crs/"
CRS84 = CRS + "OGC/1.3/CRS84"

DAYS = ["2013-08-21", "2024-02-02", "2024-02-02T10:00:00Z"]
DATETIMES = DAYS + [
    "2013-01-01/2024-12-31",
    "2013-01-01T/2024-12-31T",
    "../2024-12-31",
    "2013-01-01/..",
    "2013-01-01T00:00:00Z/2024-12-31T23:59:59Z",
    "../..",
]

# Of each collection a text, a number (None where it has none) and a list.
PROPERTIES = {
    "events": ("title", "fatalities", "actor_ids"),
    "places": ("name_en", "population", "alt_ar"),
    "governorates": ("name_ar", None, None),
}


def a_box(chance: random.Random) -> str:
    west, east = chance.uniform(-180, 180), chance.uniform(-180, 180)
    south, north = sorted([chance.uniform(-90, 90), chance.uniform(-90, 90)])
    return ",".join(f"{number:.3f}" for number in (west, south, east, north))


def a_text(chance: random.Random) -> str:
    letters = "".join(chance.choice("aZ' %_\"حلبé&+=#٣") for _ in range(chance.randrange(12)))
    return "'" + letters.replace("'", "''") + "'"


def a_comparison(chance: random.Random, collection: str) -> str:
    text, number, several = PROPERTIES[collection]
    sign = chance.choice(["=", "<>", "<", "<=", ">", ">="])
    kinds = [
        f"{text} {sign} {a_text(chance)}",
        f"{a_text(chance)} {sign} {text}",
        f"{text} IS {chance.choice(['', 'NOT '])}NULL",
        f"{text} {chance.choice(['', 'NOT '])}LIKE {a_text(chance)}",
        f"CASEI(ACCENTI({text})) LIKE ACCENTI(CASEI({a_text(chance)}))",
        f"{text} IN ({a_text(chance)}, {a_text(chance)}, {text})",
        f"S_INTERSECTS(geometry, BBOX({a_box(chance)}))",
        f"S_{chance.choice(['WITHIN', 'DISJOINT', 'TOUCHES', 'EQUALS'])}(POINT(36.5 {chance.uniform(30, 40)}), geometry)",
        "geometry IS NULL",
        chance.choice(["TRUE", "FALSE"]),
    ]
    if number:
        kinds += [
            f"{number} {sign} {chance.uniform(-10, 1e5)}",
            f"({number} + {chance.randrange(9)}) * 2 % 7 {sign} {number} / {chance.randrange(3)}",
            f"{number} NOT BETWEEN {chance.randrange(9)} AND {number} ^ 2",
        ]
    if several:
        kinds.append(f"A_OVERLAPS({several}, ({a_text(chance)}, 'حلب'))")
    if collection == "events":
        day = chance.choice(DAYS)
        kinds += [
            f"event_date {sign} DATE('{day[:10]}')",
            f"T_INTERSECTS(INTERVAL(event_date, event_date_end), INTERVAL('{day}', '..'))",
        ]
    return chance.choice(kinds)


def a_condition(chance: random.Random, collection: str, depth: int = 0) -> str:
    if depth < 3 and chance.random() < 0.5:
        left, right = (a_condition(chance, collection, depth + 1) for _ in range(2))
        return f"({left}) {chance.choice(['AND', 'OR'])} NOT ({right})"
    return a_comparison(chance, collection)


def is_search(path: str) -> bool:
    return path.endswith("/items")


def is_filtered(path: str) -> bool:
    return is_search(path) or path.endswith(("/aggregate", "/clusters", "/export")) or "/tiles" in path


@schemathesis.hook
def map_case(context, case):
    """Makes what belongs together fit together."""
    if case.meta is None or case.meta.generation.mode != GenerationMode.POSITIVE:
        return case
    path, query = case.operation.path, dict(case.query or {})
    chance = random.Random(repr(sorted(query.items(), key=lambda pair: pair[0])))
    # Only a page before it tells what a cursor is.
    query.pop("cursor", None)
    # Tables and feeds are in degrees.
    if query.get("f") in ("csv", "flatgeobuf", "atom"):
        query.pop("crs", None)
    if is_filtered(path):
        fit_search(chance, path.split("/")[2], query)
    elif path == "/geocode":
        fit_geocode(chance, query)
    elif path == "/extract" and case.media_type == "application/json":
        # The article tells all by itself.
        query = {}
    elif path == "/articles":
        case.body = fit_articles(chance, case.body)
    case.query = query
    return case


def fit_search(chance: random.Random, collection: str, query: dict) -> None:
    if "filter" in query:
        query["filter"] = a_condition(chance, collection)
        query["filter-crs"] = CRS84
        if query.get("filter-lang") == "cql2-json":
            query["filter-lang"] = "cql2-text"
    if "q" in query:
        query["q"] = chance.choice(["حلب", "Idlib", "القصف على", "the", "é 5"])
    if "bbox" in query:
        query["bbox"] = a_box(chance)
        query["bbox-crs"] = CRS84
    if "datetime" in query:
        query["datetime"] = chance.choice(DATETIMES)


def fit_geocode(chance: random.Random, query: dict) -> None:
    if "point" in query:
        query.pop("near", None)
        query.pop("q", None)
        query["point"] = f"{chance.uniform(-180, 180):.3f},{chance.uniform(-90, 90):.3f}"
        return
    if not str(query.get("q", "")).strip():
        query["q"] = "منبج"
    if "near" in query:
        query["near"] = chance.choice(["حلب", "37.16,36.2"])


def fit_articles(chance: random.Random, body) -> object:
    """Texts that hold something, days that are days, few enough to be read at once."""
    given = body if isinstance(body, list) else [body]
    articles = [
        {**(one if isinstance(one, dict) else {}), "id": f"tried-{chance.randrange(10**9)}-{number}"}
        for number, one in enumerate(given[:20])
    ]
    for article in articles:
        article["text"] = f"{article.get('text', '')} قصف على سرمين"
        article["published"] = chance.choice([None, DAYS[0], DAYS[2]])
    return articles if isinstance(body, list) else articles[0]


@schemathesis.serializer("application/x-ndjson")
def lines(context, value):
    """One object a line; whatever is none stays so."""
    return json.dumps(value).encode()


@schemathesis.hook
def filter_case(context, case):
    """Leaves out what OGC API allows though the document does not: a limit that is cut to the greatest."""
    limit = str((case.query or {}).get("limit", ""))
    is_too_great = limit.isdecimal() and int(limit) > 10_000
    return not (is_search(case.operation.path) and is_too_great)
