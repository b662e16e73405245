//! OCHA's populated places (CSV) and boundaries (GeoJSON). Their columns have changed their names more than
//! once, so that each is known by several.

use geo::InteriorPoint;
use geojson::{FeatureCollection, JsonObject, JsonValue};

use crate::geocode::area::name_of;
use crate::model::place::{Place, PlaceId, PlaceKind};
use crate::model::point::LonLat;

use super::names::{add, clean, clean_settlement, is_arabic};
use super::{Record, Rows, Skipped, SourceError};

/// A level of boundaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Governorates.
    Governorate,
    /// Districts.
    District,
    /// Sub-districts.
    Subdistrict,
}

impl Level {
    const fn kind(self) -> PlaceKind {
        match self {
            Self::Governorate => PlaceKind::Governorate,
            Self::District => PlaceKind::District,
            Self::Subdistrict => PlaceKind::Subdistrict,
        }
    }

    /// The columns of its code, English and Arabic name.
    const fn columns(self) -> [&'static [&'static str]; 3] {
        match self {
            Self::Governorate => [
                &["adm1_pcode", "pcode"],
                &["adm1_en", "adm1_name", "name_en"],
                &["adm1_ar", "adm1_name1", "name_ar"],
            ],
            Self::District => [
                &["adm2_pcode", "pcode"],
                &["adm2_en", "adm2_name", "name_en"],
                &["adm2_ar", "adm2_name1", "name_ar"],
            ],
            Self::Subdistrict => [
                &["adm3_pcode", "pcode"],
                &["adm3_en", "adm3_name", "name_en"],
                &["adm3_ar", "adm3_name1", "name_ar"],
            ],
        }
    }
}

const PCODE: &[&str] = &["adm4_pcode", "pcode"];
const NAME_EN: &[&str] = &["adm4_en", "adm4_name", "name_en", "adm4_ref_name"];
const NAME_AR: &[&str] = &["adm4_ar", "adm4_name1", "name_ar"];
const LON: &[&str] = &["lon", "longitude", "longitude_x", "point_x", "x"];
const LAT: &[&str] = &["lat", "latitude", "latitude_y", "point_y", "y"];
const ADMIN1: &[&str] = &["adm1_pcode", "admin1_pcode"];
const ADMIN2: &[&str] = &["adm2_en", "adm2_name", "admin2"];
const ADMIN3: &[&str] = &["adm3_en", "adm3_name", "admin3"];

/// Where the columns of a table are.
struct Columns {
    pcode: usize,
    name_en: usize,
    name_ar: usize,
    lon: usize,
    lat: usize,
    admin1: usize,
    admin2: Option<usize>,
    admin3: Option<usize>,
}

/// Reads populated places with a header.
///
/// # Errors
/// If a column is missing or no row can be used.
pub fn places(text: &str) -> Result<Rows, SourceError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let header = reader.headers().ok().cloned().unwrap_or_default();
    let columns = columns(&header)?;
    let mut found = Rows::default();
    for row in reader.records() {
        match row {
            Ok(row) => {
                let line = row.position().map_or(0, csv::Position::line);
                match community(&row, &columns, header.len()) {
                    Ok(record) => found.records.push(record),
                    Err(why) => found.skipped.push(Skipped { line, why }),
                }
            }
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                found.skipped.push(Skipped { line, why: error.to_string() });
            }
        }
    }
    found.checked()
}

fn columns(header: &csv::StringRecord) -> Result<Columns, SourceError> {
    let at = |names: &[&str]| {
        let named =
            |name: &str| header.iter().position(|column| column.trim().eq_ignore_ascii_case(name));
        names.iter().find_map(|name| named(name))
    };
    let needed = |what: &'static str, names: &[&str]| {
        at(names).ok_or_else(|| SourceError::Column {
            what,
            names: names.join(", "),
            found: header.iter().collect::<Vec<_>>().join(", "),
        })
    };
    Ok(Columns {
        pcode: needed("the P-code", PCODE)?,
        name_en: needed("the English name", NAME_EN)?,
        name_ar: needed("the Arabic name", NAME_AR)?,
        lon: needed("the longitude", LON)?,
        lat: needed("the latitude", LAT)?,
        admin1: needed("the code of the governorate", ADMIN1)?,
        admin2: at(ADMIN2),
        admin3: at(ADMIN3),
    })
}

fn community(row: &csv::StringRecord, columns: &Columns, width: usize) -> Result<Record, String> {
    if row.len() < width {
        return Err(format!("it has {} columns, {width} are needed", row.len()));
    }
    let text = |at: usize| row.get(at).unwrap_or_default().trim();
    let pcode = text(columns.pcode);
    if pcode.is_empty() {
        return Err("it has no P-code".to_owned());
    }
    let (lon, lat) = (text(columns.lon), text(columns.lat));
    let parsed = lon.parse().ok().zip(lat.parse().ok());
    let point = parsed.and_then(|(lon, lat)| LonLat::new(lon, lat));
    let point =
        point.ok_or_else(|| format!("`{lat}`, `{lon}` is not a latitude and a longitude"))?;
    let names = [text(columns.name_en), text(columns.name_ar)];
    let mut place = place(pcode, names, PlaceKind::PopulatedPlace, text(columns.admin1), point)?;
    let optional =
        |at: Option<usize>| at.map(text).filter(|text| !text.is_empty()).map(str::to_owned);
    place.admin2 = optional(columns.admin2);
    place.admin3 = optional(columns.admin3);
    Ok(Record { place, geonameid: None, open: true, line: None })
}

/// Reads boundaries of a level: a place for each, with a point inside it.
///
/// # Errors
/// If the text is not GeoJSON or no feature can be used.
pub fn boundaries(text: &str, level: Level) -> Result<Rows, SourceError> {
    let unreadable = |error| SourceError::NotGeoJson(Box::new(error));
    let collection: FeatureCollection = text.parse().map_err(unreadable)?;
    let mut found = Rows::default();
    for (number, feature) in (1..).zip(&collection.features) {
        match boundary(feature, level) {
            Ok(record) => found.records.push(record),
            Err(why) => found.skipped.push(Skipped { line: number, why }),
        }
    }
    found.checked()
}

fn boundary(feature: &geojson::Feature, level: Level) -> Result<Record, String> {
    let properties = feature.properties.as_ref().ok_or("it has no properties")?;
    let [pcode, name_en, name_ar] = level.columns().map(|names| property(properties, names));
    let pcode = pcode.ok_or("it has no P-code")?;
    let shape = feature.geometry.as_ref().ok_or("it has no geometry")?;
    let shape = geo::Geometry::<f64>::try_from(shape).map_err(|error| error.to_string())?;
    let at = shape.interior_point().ok_or("its geometry is empty")?;
    let point = LonLat::new(at.x(), at.y()).ok_or("its geometry is not on the globe")?;
    // P-codes are built from above: the first four characters are the governorate.
    let admin1 = pcode.get(..4).unwrap_or(pcode);
    let names = [name_en.unwrap_or_default(), name_ar.unwrap_or_default()];
    let mut place = place(pcode, names, level.kind(), admin1, point)?;
    if level != Level::Governorate {
        place.admin2 = property(properties, &["adm2_en", "adm2_name"]).map(str::to_owned);
    }
    if level == Level::District {
        place.admin2 = Some(place.name_en.clone());
    }
    Ok(Record { place, geonameid: None, open: true, line: None })
}

fn property<'a>(properties: &'a JsonObject, names: &[&str]) -> Option<&'a str> {
    let of = |name: &str| {
        let found = properties.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.and_then(|(_, value)| JsonValue::as_str(value)).filter(|text| !text.is_empty())
    };
    names.iter().find_map(|name| of(name))
}

fn place(
    pcode: &str,
    [name_en, name_ar]: [&str; 2],
    kind: PlaceKind,
    admin1: &str,
    point: LonLat,
) -> Result<Place, String> {
    let name = name_of(admin1);
    if name == admin1 {
        return Err(format!("`{admin1}` is no governorate's code"));
    }
    let cleaned =
        |name: &str| if kind.is_settlement() { clean_settlement(name) } else { clean(name) };
    // The seat of a sub-district is called its centre (`مركز أريحا`).
    let mut arabic = name_ar.split('/').filter_map(cleaned).filter(|name| is_arabic(name));
    let mut latin = name_en.split('/').filter_map(cleaned);
    let mut place = Place {
        id: PlaceId(format!("ocha:{pcode}")),
        name_en: latin.next().unwrap_or_default(),
        name_ar: arabic.next().unwrap_or_default(),
        alt_ar: Vec::new(),
        alt_en: Vec::new(),
        kind,
        admin1: name.to_owned(),
        admin1_pcode: admin1.to_owned(),
        admin2: None,
        admin3: None,
        pcode: Some(pcode.to_owned()),
        population: None,
        source: "OCHA".to_owned(),
        point,
    };
    if place.name_en.is_empty() && place.name_ar.is_empty() {
        return Err(format!("`{pcode}` has no name that can be used"));
    }
    let main = [place.name_ar.clone(), place.name_en.clone()];
    arabic.for_each(|name| add(&mut place.alt_ar, [&main[0], &main[1]], name));
    latin.for_each(|name| add(&mut place.alt_en, [&main[0], &main[1]], name));
    Ok(place)
}
