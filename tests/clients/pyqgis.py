"""QGIS without its window reads a collection: `pyqgis.py URL COLLECTION`, tasks as JSON on standard input.

A task has a `filter` of the layer, a `rect` (west, south, east, north), both, or neither. Each gets a
layer of its own, since QGIS asks the server only for what it does not have, and is answered by its
features in a JSON list. What is wrong ends the program.
"""

import json
import sys

from qgis.core import QgsApplication, QgsFeatureRequest, QgsRectangle, QgsVectorLayer


def answered(source: str, task: dict) -> dict:
    layer = QgsVectorLayer(source, "layer", "OAPIF")
    if not layer.isValid():
        sys.exit(f"no layer: {layer.dataProvider().error().message()}")
    if "filter" in task and not layer.setSubsetString(task["filter"]):
        sys.exit(f"no filter: {task['filter']}")
    request = QgsFeatureRequest()
    if "rect" in task:
        request.setFilterRect(QgsRectangle(*task["rect"]))
    features = list(layer.getFeatures(request))
    points = [feature.geometry().asPoint() for feature in features if feature.hasGeometry()]
    return {
        "crs": layer.crs().authid(),
        "count": layer.featureCount(),
        "fields": {field.name(): field.typeName() for field in layer.fields()},
        "ids": sorted(feature["id"] for feature in features),
        "points": [[point.x(), point.y()] for point in points],
    }


def main(url: str, collection: str) -> None:
    application = QgsApplication([], False)
    application.initQgis()
    source = f"url='{url}' typename='{collection}' version='OGC_API_FEATURES' restrictToRequestBBOX='1'"
    print(json.dumps([answered(source, task) for task in json.load(sys.stdin)]))
    application.exitQgis()


main(*sys.argv[1:])
