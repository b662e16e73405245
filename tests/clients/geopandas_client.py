"""pyogrio and geopandas read the service: `geopandas_client.py URL`. What they found is printed as JSON."""

import json
import sys

import geopandas
import pyogrio


def told(frame: geopandas.GeoDataFrame) -> dict:
    placed = frame[~frame.geometry.is_empty & frame.geometry.notna()]
    return {
        "ids": sorted(frame["id"]),
        "points": [[point.x, point.y] for point in placed.geometry],
    }


def main(url: str) -> None:
    source = f"OAPIF:{url}"

    def read(**search) -> dict:
        return told(pyogrio.read_dataframe(source, layer="events", **search))

    whole = geopandas.read_file(source, layer="events")
    answers = {
        "gdal": pyogrio.__gdal_version_string__,
        "layers": sorted(pyogrio.list_layers(source)[:, 0]),
        "crs": str(whole.crs),
        "types": {name: str(kind) for name, kind in whole.dtypes.items()},
        "all": told(whole),
        "box": read(bbox=(36, 35, 38, 37)),
        "equal": read(where="event_type = 'Protests'"),
        "range": read(where="fatalities > 3 AND event_type LIKE 'Exp%'"),
        "days": read(where="event_date >= '2022-01-01' AND event_date <= '2022-12-31'"),
        "both": read(bbox=(36, 35, 38, 37), where="fatalities >= 1"),
    }
    print(json.dumps(answers))


main(*sys.argv[1:])
