//! The places that a file lists, before any index over their names.

use std::collections::{HashMap, HashSet};
use std::fmt;

use geo::LineString;
use geojson::Feature;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::model::place::{Place, PlaceId, PlaceKind};

use super::feature::{self, Read};
use super::overlay::overlay;

/// The places of a file, in its order.
#[derive(Debug, Default)]
pub struct Listed {
    pub(super) places: Vec<Place>,
    pub(super) by_id: HashMap<PlaceId, usize>,
    /// The courses of roads, by their index.
    pub(super) lines: HashMap<usize, LineString>,
    pub(super) imprint: Imprint,
}

/// A feature that was left out of the gazetteer, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GazetteerProblem {
    /// Its id or name, or its position in the file if it has neither.
    pub feature: String,
    /// What is wrong.
    pub why: String,
}

impl fmt::Display for GazetteerProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; left out", self.feature, self.why)
    }
}

/// A file that is no gazetteer at all.
#[derive(Debug, thiserror::Error)]
pub enum GazetteerError {
    /// The text is not a JSON object with a list of features.
    #[error("the gazetteer is not a GeoJSON FeatureCollection: {0}")]
    Unreadable(#[from] serde_json::Error),
    /// It is GeoJSON of another type.
    #[error("the gazetteer is a GeoJSON `{0}`: a `FeatureCollection` of places is needed")]
    NotACollection(String),
}

/// Read feature by feature, because one bad point shall not cost all the others.
#[derive(Deserialize)]
struct Collection<'a> {
    r#type: String,
    #[serde(default, borrow)]
    features: Vec<&'a RawValue>,
    #[serde(default)]
    licence: Value,
    #[serde(default)]
    date: Value,
    #[serde(default)]
    base: Value,
}

/// What a file says of itself, in foreign members of its collection.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Imprint {
    /// Its licence.
    pub licence: Option<String>,
    /// The day of its newest source.
    pub date: Option<String>,
    /// The mark of the places that an update put the open sources under.
    pub base: Option<String>,
}

/// The features of a file: those that are places, what is wrong with the others.
#[derive(Debug, Default)]
pub(super) struct Features {
    pub(super) read: Vec<Read>,
    pub(super) problems: Vec<GazetteerProblem>,
    pub(super) imprint: Imprint,
}

/// Reads every feature of a file; those with an id that is taken are problems, too.
pub(super) fn features(text: &str) -> Result<Features, GazetteerError> {
    let collection: Collection<'_> = serde_json::from_str(text)?;
    if collection.r#type != "FeatureCollection" {
        return Err(GazetteerError::NotACollection(collection.r#type));
    }
    let own_words = |value: Value| value.as_str().map(str::to_owned);
    let imprint = Imprint {
        licence: own_words(collection.licence),
        date: own_words(collection.date),
        base: own_words(collection.base),
    };
    let mut features = Features { imprint, ..Features::default() };
    let mut taken = HashSet::new();
    for (position, raw) in collection.features.into_iter().enumerate() {
        let read = parse(raw).and_then(|read| {
            let id = &read.place.id;
            let new = taken.insert(id.clone());
            if new {
                Ok(read)
            } else {
                Err(format!("its id `{id}` is taken by a feature before it"))
            }
        });
        match read {
            Ok(read) => features.read.push(read),
            Err(why) => {
                let feature = told_name(raw, position);
                features.problems.push(GazetteerProblem { feature, why });
            }
        }
    }
    Ok(features)
}

impl Listed {
    /// Reads a GeoJSON `FeatureCollection` of places. Bad features are told and left out.
    ///
    /// # Errors
    /// If the text is not a `FeatureCollection`.
    pub fn from_geojson(text: &str) -> Result<(Self, Vec<GazetteerProblem>), GazetteerError> {
        let Features { read, problems, imprint } = features(text)?;
        let mut listed = Self { imprint, ..Self::default() };
        let mut districts = HashMap::new();
        for read in read {
            listed.add(read, &mut districts);
        }
        listed.name_districts(&districts);
        Ok((listed, problems))
    }

    /// All places, in the order of the file.
    pub fn places(&self) -> &[Place] {
        &self.places
    }

    /// What the file says of itself.
    pub fn imprint(&self) -> &Imprint {
        &self.imprint
    }

    fn add(&mut self, read: Read, districts: &mut HashMap<String, String>) {
        let place = read.place;
        if let (Some(pcode), PlaceKind::District | PlaceKind::Subdistrict) =
            (&place.pcode, place.kind)
        {
            districts.insert(pcode.clone(), place.name_en.clone());
        }
        if let Some(line) = read.line {
            self.lines.insert(self.places.len(), line);
        }
        self.by_id.insert(place.id.clone(), self.places.len());
        self.places.push(place);
    }

    /// Writes names where a file gives the codes of districts.
    fn name_districts(&mut self, districts: &HashMap<String, String>) {
        for place in &mut self.places {
            for admin in [&mut place.admin2, &mut place.admin3].into_iter().flatten() {
                if let Some(name) = districts.get(admin.as_str()) {
                    admin.clone_from(name);
                }
            }
        }
    }

    /// Lets settlements answer to the names that they have in another file as well, and adds the places
    /// that only that one has: open sources lack what people and outlets call them (`زركان`, `كري سبي`).
    pub fn overlay(&mut self, other: &Self) {
        for index in overlay(&mut self.places, &other.places) {
            let Some(place) = other.places.get(index) else { continue };
            if let Some(line) = other.lines.get(&index) {
                self.lines.insert(self.places.len(), line.clone());
            }
            if !self.by_id.contains_key(&place.id) {
                self.by_id.insert(place.id.clone(), self.places.len());
                self.places.push(place.clone());
            }
        }
    }
}

fn parse(raw: &RawValue) -> Result<Read, String> {
    let feature: Feature = serde_json::from_str(raw.get())
        .map_err(|error| format!("not a GeoJSON feature: {error}"))?;
    feature::read(feature)
}

fn told_name(raw: &RawValue, position: usize) -> String {
    let feature: Value = serde_json::from_str(raw.get()).unwrap_or_default();
    let property = |name| feature.get("properties").and_then(|p| p.get(name));
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    let id = text(property("id")).or_else(|| text(feature.get("id")));
    let name = text(property("name_en")).or_else(|| text(property("name_ar")));
    match (id, name) {
        (Some(id), Some(name)) => format!("{id} ({name})"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => format!("feature {}", position + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_feature_is_named_and_left_out() {
        let text = r#"{"type":"FeatureCollection","features":[
            {"type":"Feature","id":"a","geometry":{"type":"Point","coordinates":[37.1,36.2]},
             "properties":{"name_en":"Aleppo","kind":"city","admin1":"Aleppo"}},
            {"type":"Feature","geometry":{"type":"Point","coordinates":["x"]},"properties":{"id":"b","name_en":"Bad"}},
            {"type":"Feature","id":"c","geometry":{"type":"Point","coordinates":[370,36]},
             "properties":{"name_ar":"بعيد","kind":"city","adm1":"SY02"}},
            {"type":"Feature","id":"a","geometry":{"type":"Point","coordinates":[37,36]},
             "properties":{"name_en":"Twin","kind":"city","adm1":"SY02"}},
            {"type":"Feature","id":"d","geometry":null,"properties":{}},
            {"type":"Feature","id":"e","geometry":{"type":"Point","coordinates":[37,36]},
             "properties":{"name_en":"Odd","kind":"castle","adm1":"SY02"}},
            {"type":"Feature","id":"f","geometry":{"type":"Point","coordinates":[37,36]},
             "properties":{"name_en":"Abroad","kind":"city","adm1":"LB01"}},
            7]}"#;
        let (listed, problems) = Listed::from_geojson(text).unwrap();
        assert_eq!(listed.places().len(), 1);
        assert_eq!(listed.places()[0].admin1_pcode, "SY02");
        let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
        for (line, words) in told.iter().zip([
            "b (Bad)",
            "not on the globe",
            "`a` is taken",
            "no geometry",
            "its kind `castle` is not one of",
            "`LB01` is no governorate's code",
            "feature 8",
        ]) {
            assert!(line.contains(words), "{line}");
        }
        assert_eq!(told.len(), 7);
    }

    #[test]
    fn a_file_that_is_no_collection_is_an_error_in_words() {
        for (text, told) in [
            ("", "not a GeoJSON FeatureCollection"),
            ("[1,2]", "not a GeoJSON FeatureCollection"),
            (r#"{"type":"Feature"}"#, "a `FeatureCollection` of places is needed"),
        ] {
            let error = Listed::from_geojson(text).unwrap_err().to_string();
            assert!(error.contains(told), "{error}");
        }
    }

    #[test]
    fn codes_of_the_open_sources_become_kinds_and_names() {
        let text = r#"{"type":"FeatureCollection","features":[
            {"type":"Feature","geometry":{"type":"Point","coordinates":[37.5,36.4]},"properties":
             {"id":"x","name_en":"Bab","name_ar":"الباب","kind":"populated_place","fcode":"PPLA2",
              "population":130745,"adm1":"SY02","adm2":"SY0202","adm3":null,"alt_ar":[],"alt_en":["El Bab"]}},
            {"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[37,36],[38,36],[38,37],[37,36]]]},
             "properties":{"id":"y","name_en":"Al Bab District","kind":"adm2","adm1":"SY02","pcode":"SY0202"}}]}"#;
        let (listed, problems) = Listed::from_geojson(text).unwrap();
        assert_eq!(problems, []);
        let town = &listed.places()[0];
        assert_eq!(
            (town.kind, town.admin1.as_str(), town.admin2.as_deref(), town.admin3.as_deref()),
            (PlaceKind::City, "Aleppo", Some("Al Bab District"), None)
        );
        assert_eq!(listed.places()[1].kind, PlaceKind::District);
    }
}
