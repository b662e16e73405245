"""Other servers of OGC API - Features on the events of a store, each as its makers would have it run: MapServer
reads a FlatGeobuf file, pygeoapi and tipg a database with PostGIS. All give out every property."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
import venv
from pathlib import Path

import load

PROCESSES = 2 * len(os.sched_getaffinity(0))

# What pygeoapi and tipg are installed from, each in the version that was current when this was written.
PACKAGES = ["pygeoapi==0.21.*", "gunicorn", "psycopg2-binary", "GeoAlchemy2", "tipg==1.6.*", "uvicorn"]

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

    name = "MapServer"

    def __init__(self, data):
        self.port = load.free_port()
        self.base = f"http://127.0.0.1:{self.port}"
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
                for _ in range(PROCESSES)
            ]
        self.nginx = subprocess.Popen(
            ["nginx", "-c", self.folder / "nginx.conf", "-g", "daemon off;"], stderr=subprocess.DEVNULL)
        wait_for(self)

    def items(self, query):
        return f"/peer/ogcapi/collections/events/items?{query}&f=json"

    def stop(self):
        self.nginx.terminate()
        for process in self.processes:
            # Asked to end, it would wait for one more request.
            process.kill()
        for process in [self.nginx, *self.processes]:
            process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class Python:
    """A server of the collection `events` in a database, run by a program of a virtual environment."""

    def __init__(self, programs, command, environment):
        self.port = load.free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        program, *arguments = command
        self.process = subprocess.Popen(
            [programs / program, *(argument.format(port=self.port) for argument in arguments)], env={**os.environ, **environment},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        wait_for(self)

    def stop(self):
        self.process.terminate()
        self.process.wait()


class Pygeoapi(Python):
    """pygeoapi under gunicorn."""

    name = "pygeoapi"

    def __init__(self, programs, folder, database):
        self.folder = Path(tempfile.mkdtemp(prefix="load-pygeoapi-"))
        settings, document = self.folder / "settings.yml", self.folder / "openapi.yml"
        # What is JSON is YAML.
        settings.write_text(json.dumps(self.settings(folder, database)))
        environment = {"PYGEOAPI_CONFIG": str(settings), "PYGEOAPI_OPENAPI": str(document)}
        subprocess.run([programs / "pygeoapi", "openapi", "generate", settings, "--output-file", document],
                       check=True, capture_output=True, env={**os.environ, **environment})
        command = ["gunicorn", "pygeoapi.flask_app:APP", "--no-control-socket", "--worker-class", "gthread",
                   "--workers", str(PROCESSES), "--keep-alive", "60", "--bind", "127.0.0.1:{port}"]
        super().__init__(programs, command, environment)

    def settings(self, folder, database):
        nobody = dict.fromkeys(
            ["name", "position", "address", "city", "stateorprovince", "postalcode", "country", "phone", "fax", "hours",
             "instructions", "role"], "none")
        nobody |= {"email": "none@example.org", "url": "http://127.0.0.1"}
        about = {"title": "peer", "description": "peer", "keywords": ["peer"]}
        events = {
            "type": "feature", "name": "PostgreSQL", "id_field": "event_id", "table": "events", "geom_field": "geom",
            "data": {"host": str(folder), "port": 5432, "dbname": database, "user": "admin", "password": "none",
                     "search_path": ["rasid", "public"]},
        }
        extent = {"bbox": [35, 32, 43, 38], "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}
        return {
            "server": {
                "bind": {"host": "127.0.0.1", "port": 80}, "url": "http://127.0.0.1", "mimetype": "application/json",
                "encoding": "utf-8", "languages": ["en"], "pretty_print": False, "gzip": False,
                "limits": {"default_items": 10, "max_items": 10_000}, "map": {"url": "none", "attribution": "none"},
            },
            "logging": {"level": "ERROR"},
            "metadata": {
                "identification": about | {"keywords_type": "theme", "terms_of_service": "none", "url": "http://127.0.0.1"},
                "license": {"name": "none", "url": "http://127.0.0.1"}, "provider": nobody, "contact": nobody,
            },
            "resources": {"events": about | {"type": "collection", "extents": {"spatial": extent}, "providers": [events]}},
        }

    def items(self, query):
        return f"/collections/events/items?{query}&f=json"

    def stop(self):
        super().stop()
        shutil.rmtree(self.folder, ignore_errors=True)


class Tipg(Python):
    """tipg under uvicorn."""

    name = "tipg"

    def __init__(self, programs, folder, database):
        environment = {
            "DATABASE_URL": f"postgresql://admin@{urllib.parse.quote(str(folder), safe='')}:5432/{database}",
            "TIPG_DB_SCHEMAS": '["rasid"]', "TIPG_TABLE_CONFIG__rasid_events__pk": "event_id",
        }
        command = ["uvicorn", "tipg.main:app", "--no-access-log", "--workers", str(PROCESSES), "--port", "{port}"]
        super().__init__(programs, command, environment)

    def items(self, query):
        return f"/collections/rasid.events/items?{query}&f=geojson"


def installed(folder):
    """Where the programs of pygeoapi and tipg are, in an environment of their own."""
    folder = folder / "python"
    complete = folder / "complete"
    if not complete.exists():
        venv.create(folder, with_pip=True)
        subprocess.run([folder / "bin" / "pip", "install", "--quiet", *PACKAGES], check=True)
        complete.touch()
    return folder / "bin"


def wait_for(peer):
    """Until it gives out an event."""
    for _ in range(1_000):
        try:
            with urllib.request.urlopen(peer.base + peer.items("limit=1")) as answer:
                if len(json.load(answer)["features"]) == 1:
                    return
        except OSError:
            time.sleep(0.02)
    peer.stop()
    sys.exit(f"peers.py: {peer.name} does not answer")
