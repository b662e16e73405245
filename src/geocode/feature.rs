//! One feature of a gazetteer file read as a place.
//!
//! Two vocabularies are read: that of the shipped file, and that of the merged open
//! sources, which give codes of the United Nations (`adm1`, `adm2`) and of `GeoNames` (`fcode`).

use geo::{InteriorPoint, LineString};
use geojson::{Feature, JsonObject, JsonValue, feature};

use crate::model::place::{Place, PlaceId, PlaceKind};
use crate::model::point::LonLat;

/// The fourteen governorates by code, spelled as news in English spell them.
pub(super) const GOVERNORATES: [(&str, &str); 14] = [
    ("SY01", "Damascus"),
    ("SY02", "Aleppo"),
    ("SY03", "Rural Damascus"),
    ("SY04", "Homs"),
    ("SY05", "Hama"),
    ("SY06", "Latakia"),
    ("SY07", "Idlib"),
    ("SY08", "Hasakah"),
    ("SY09", "Deir ez-Zor"),
    ("SY10", "Tartus"),
    ("SY11", "Raqqa"),
    ("SY12", "Daraa"),
    ("SY13", "Suwayda"),
    ("SY14", "Quneitra"),
];

/// A place of that many people is a city, whatever its rank.
const CITY: u64 = 100_000;

/// The seat of a district is a city if that many live there, otherwise a town.
const SEAT_IS_CITY: u64 = 50_000;

/// A place as its feature gives it; names of districts may still be codes.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) place: Place,
    /// Its number at `GeoNames`.
    pub(super) geonameid: Option<u64>,
    /// Whether an update made it of open sources alone.
    pub(super) open: bool,
    /// Its course, if it is drawn as a line.
    pub(super) line: Option<LineString>,
}

/// Reads a feature, or says in words what is wrong with it.
pub(super) fn read(feature: Feature) -> Result<Read, String> {
    let (middle, line) = shape(&feature)?;
    let outer_id = feature.id;
    let properties = feature.properties.unwrap_or_default();
    let point = line.as_ref().and_then(|_| label(&properties)).unwrap_or(middle);
    let id = text(&properties, "id").or_else(|| outer_id.map(plain_id)).ok_or("it has no id")?;
    let (name_en, name_ar) = (text(&properties, "name_en"), text(&properties, "name_ar"));
    if name_en.is_none() && name_ar.is_none() {
        return Err("it has neither name_en nor name_ar".to_owned());
    }
    let kind = kind(&properties)?;
    let admin = admin1(&properties)?;
    if admin.is_none() && kind.is_settlement() {
        return Err("it has no governorate (admin1, admin1_pcode)".to_owned());
    }
    let (admin1_pcode, admin1) = admin.unwrap_or_default();
    let place = Place {
        id: PlaceId(id),
        name_en: name_en.unwrap_or_default(),
        name_ar: name_ar.unwrap_or_default(),
        alt_ar: texts(&properties, "alt_ar"),
        alt_en: texts(&properties, "alt_en"),
        kind,
        admin1,
        admin1_pcode,
        admin2: text(&properties, "admin2").or_else(|| text(&properties, "adm2")),
        admin3: text(&properties, "admin3").or_else(|| text(&properties, "adm3")),
        pcode: text(&properties, "pcode"),
        population: properties.get("population").and_then(JsonValue::as_u64),
        source: text(&properties, "source").unwrap_or_default(),
        point,
    };
    let geonameid = properties.get("geonameid").and_then(JsonValue::as_u64);
    let open = properties.get("open").and_then(JsonValue::as_bool).unwrap_or(false);
    Ok(Read { place, geonameid, open, line })
}

fn plain_id(id: feature::Id) -> String {
    match id {
        feature::Id::String(id) => id,
        feature::Id::Number(id) => id.to_string(),
    }
}

/// The point, or a point inside an area or on a line; and the line.
fn shape(feature: &Feature) -> Result<(LonLat, Option<LineString>), String> {
    let geometry = feature.geometry.as_ref().ok_or("it has no geometry")?;
    let shape = geo::Geometry::<f64>::try_from(geometry)
        .map_err(|error| format!("its geometry cannot be read: {error}"))?;
    let at = shape.interior_point().ok_or("its geometry is empty")?;
    let point = LonLat::new(at.x(), at.y())
        .ok_or_else(|| format!("its point {}, {} is not on the globe", at.x(), at.y()))?;
    let line = match shape {
        geo::Geometry::LineString(line) => Some(line),
        _ => None,
    };
    Ok((point, line))
}

/// Where the name of a line stands on a map, if not in its middle.
fn label(properties: &JsonObject) -> Option<LonLat> {
    let mut degrees = properties.get("point")?.as_array()?.iter().map(JsonValue::as_f64);
    LonLat::new(degrees.next()??, degrees.next()??)
}

fn kind(properties: &JsonObject) -> Result<PlaceKind, String> {
    let named = match text(properties, "kind").ok_or("it has no kind")?.as_str() {
        "adm1" => PlaceKind::Governorate,
        "adm2" => PlaceKind::District,
        "adm3" => PlaceKind::Subdistrict,
        name => name.parse().map_err(|error| format!("its kind {error}"))?,
    };
    if named != PlaceKind::PopulatedPlace {
        return Ok(named);
    }
    let population = properties.get("population").and_then(JsonValue::as_u64).unwrap_or(0);
    Ok(settlement(text(properties, "fcode").as_deref(), population))
}

/// The kind of a settlement by its code at `GeoNames` and its people.
pub(super) fn settlement(code: Option<&str>, population: u64) -> PlaceKind {
    match code {
        Some("PPLC" | "PPLA") => PlaceKind::City,
        _ if population >= CITY => PlaceKind::City,
        Some("PPLA2") if population >= SEAT_IS_CITY => PlaceKind::City,
        Some("PPLA2" | "PPLA3") => PlaceKind::Town,
        Some("PPLX") => PlaceKind::Neighbourhood,
        _ => PlaceKind::PopulatedPlace,
    }
}

/// Code and English name of the governorate; either follows from the other.
fn admin1(properties: &JsonObject) -> Result<Option<(String, String)>, String> {
    let code = text(properties, "admin1_pcode").or_else(|| text(properties, "adm1"));
    let name = text(properties, "admin1");
    let (code, name) = match (code, name) {
        (None, None) => return Ok(None),
        (Some(code), Some(name)) => (code, name),
        (Some(code), None) => {
            let known = GOVERNORATES.iter().find(|(known, _)| *known == code);
            let (_, name) = known.ok_or_else(|| format!("`{code}` is no governorate's code"))?;
            (code, (*name).to_owned())
        }
        (None, Some(name)) => {
            let known = GOVERNORATES.iter().find(|(_, known)| *known == name);
            let (code, _) = known.ok_or_else(|| format!("`{name}` is no governorate"))?;
            ((*code).to_owned(), name)
        }
    };
    if GOVERNORATES.iter().any(|(known, _)| *known == code) {
        Ok(Some((code, name)))
    } else {
        Err(format!("`{code}` is no governorate's code"))
    }
}

fn text(properties: &JsonObject, key: &str) -> Option<String> {
    let text = properties.get(key)?.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn texts(properties: &JsonObject, key: &str) -> Vec<String> {
    let list = properties.get(key).and_then(JsonValue::as_array);
    let texts = list.into_iter().flatten().filter_map(JsonValue::as_str);
    texts.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned).collect()
}
