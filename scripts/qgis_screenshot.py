"""Run by QGIS for scripts/qgis_screenshot.sh: loads the server's layers, filters one, and takes a picture."""

import os
from html import escape
from pathlib import Path

from qgis.core import (
    Qgis,
    QgsFillSymbol,
    QgsMarkerSymbol,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QTimer
from qgis.utils import iface

URL, PNG = os.environ["RASID_URL"], os.environ["RASID_PNG"]
FILTER = "\"event_date\" >= '2022-01-01' AND \"event_date\" <= '2022-12-31'"


def layer(collection: str, name: str, subset: str = "") -> QgsVectorLayer:
    source = f"url='{URL}' typename='{collection}' version='OGC_API_FEATURES' restrictToRequestBBOX='1'"
    made = QgsVectorLayer(source, name, "OAPIF")
    if not made.isValid() or (subset and not made.setSubsetString(subset)):
        raise SystemExit(f"no layer of {collection}")
    QgsProject.instance().addMapLayer(made)
    return made


def take() -> None:
    # Qt takes a low quality for the best compression.
    iface.mainWindow().grab().save(PNG, "PNG", 0)
    os._exit(0 if Path(PNG).exists() else 1)


def main() -> None:
    iface.mainWindow().resize(1200, 720)
    areas = layer("governorates", "governorates")
    areas.renderer().setSymbol(QgsFillSymbol.createSimple({"color": "#f4f1ea", "outline_color": "#999"}))
    events = layer("events", "events of 2022", FILTER)
    dots = QgsMarkerSymbol.createSimple({"color": "#c0392b", "size": "3", "outline_color": "white"})
    events.renderer().setSymbol(dots)
    canvas = iface.mapCanvas()
    canvas.setExtent(QgsRectangle(35.4, 32.2, 42.6, 37.5))
    told = f"{events.featureCount()} events where {escape(FILTER)}"
    iface.messageBar().pushMessage("OGC API – Features", told, level=Qgis.Info, duration=0)
    canvas.mapCanvasRefreshed.connect(lambda: QTimer.singleShot(1500, take))
    canvas.refresh()


QTimer.singleShot(1500, main)
