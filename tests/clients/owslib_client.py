"""OWSLib reads the service: `owslib_client.py URL`. What it found is printed as JSON."""

import json
import sys

import requests
from owslib.ogcapi.features import Features


def ids(page: dict) -> list[str]:
    return [feature["id"] for feature in page["features"]]


def every_page(service: Features, collection: str, **search) -> list[str]:
    """Follows the `next` links to the end."""
    page = service.collection_items(collection, **search)
    found = ids(page)
    while links := [link["href"] for link in page["links"] if link["rel"] == "next"]:
        page = requests.get(links[0], timeout=60).json()
        found += ids(page)
    return found


def main(url: str) -> None:
    service = Features(url)
    first = service.collection_items("events", limit=1)["features"][0]["id"]
    answers = {
        "collections": service.feature_collections(),
        "conforms": service.conformance()["conformsTo"],
        "version": service.api()["openapi"],
        "title": service.collection("events")["title"],
        "queryables": list(service.collection_queryables("events")["properties"]),
        "schema": list(service.collection_schema("events")["properties"]),
        "item": [first, service.collection_item("events", first)["id"]],
        "pages": every_page(service, "events", limit=7),
        "box": every_page(service, "events", limit=7, bbox=[36, 35, 38, 37]),
        "days": every_page(service, "events", limit=7, datetime_="2022-01-01/2022-12-31"),
        "text": every_page(
            service, "events", limit=7, filter="event_type = 'Protests' OR fatalities > 3"
        ),
        "json": every_page(
            service,
            "events",
            limit=7,
            filter=json.dumps({"op": ">", "args": [{"property": "fatalities"}, 3]}),
            **{"filter-lang": "cql2-json"},
        ),
        "property": every_page(service, "events", limit=7, event_type="Protests"),
    }
    print(json.dumps(answers))


main(*sys.argv[1:])
