//! The gazetteer: all places we know, and which of them bear a name.

use std::collections::{HashMap, HashSet};
use std::fmt;

use geo::LineString;
use geojson::Feature;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::model::place::{Place, PlaceId, PlaceKind, Renown};
use crate::model::point::LonLat;

use super::border::Borders;
use super::evidence::{is_district_of, km};
use super::feature::{self, Read};
use super::keys::keys;
use super::likeness::{Sounds, likeness};
use super::middle::Middles;
use super::overlay::overlay;
use super::sounds::SoundIndex;
use super::spelling::{core, skeleton, variants};

/// All places, with an index over the spellings of their names.
#[derive(Debug, Default)]
pub struct Gazetteer {
    places: Vec<Place>,
    by_id: HashMap<PlaceId, usize>,
    exact: HashMap<String, Vec<Bearer>>,
    /// By [`skeleton`]: the usual other spellings of a name.
    skeletons: HashMap<String, Vec<usize>>,
    /// By [`skeleton`] of their [`core()`]: names with a word that tells them from their neighbours.
    cores: HashMap<String, Vec<usize>>,
    /// By consonants: names in both scripts that may sound like another.
    sounds: SoundIndex,
    /// How the names of each place sound.
    voices: Vec<Vec<Sounds>>,
    names: Vec<String>,
    /// How far areas reach, by their index.
    reaches: HashMap<usize, f64>,
    middles: Middles,
    borders: Borders,
    /// The courses of roads, by their index.
    lines: HashMap<usize, LineString>,
    imprint: Imprint,
}

/// How a place bears a name, the surest way first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NameMatch {
    /// It is one of its two main names.
    Primary,
    /// It is listed among its other names.
    Alias,
    /// It is a usual other spelling of one of them.
    Variant,
    /// It is one of them but for a word such as Upper or Great.
    Core,
}

/// A place that bears a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bearer {
    /// Its position in [`Gazetteer::places`].
    pub index: usize,
    /// How it bears the name.
    pub by: NameMatch,
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

fn best(sounds: &Sounds, voices: &[Sounds]) -> f64 {
    voices.iter().map(|own| likeness(sounds, own)).fold(0.0, f64::max)
}

/// Names less alike than that are other names: the shorter they are, the more there are.
fn least_likeness(consonants: usize) -> f64 {
    match consonants {
        0..=4 => 0.95,
        5 => 0.85,
        _ => 0.83,
    }
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

impl Gazetteer {
    /// Reads a GeoJSON `FeatureCollection` of places. Bad features are told and left out.
    ///
    /// # Errors
    /// If the text is not a `FeatureCollection`.
    pub fn from_geojson(text: &str) -> Result<(Self, Vec<GazetteerProblem>), GazetteerError> {
        Self::from_geojson_and_names(text, &Self::default())
    }

    /// The same, and its settlements also answer to the names that they have in another gazetteer:
    /// open sources lack what people and outlets call them (`زركان`, `كري سبي`).
    ///
    /// # Errors
    /// If the text is not a `FeatureCollection`.
    pub fn from_geojson_and_names(
        text: &str,
        names: &Self,
    ) -> Result<(Self, Vec<GazetteerProblem>), GazetteerError> {
        let Features { read, problems, imprint } = features(text)?;
        let mut gazetteer = Self { imprint, ..Self::default() };
        let mut districts = HashMap::new();
        for read in read {
            gazetteer.add(read, &mut districts);
        }
        gazetteer.name_districts(&districts);
        gazetteer.overlay(names);
        gazetteer.index();
        gazetteer.measure();
        Ok((gazetteer, problems))
    }

    /// All places, in the order of the file.
    pub fn places(&self) -> &[Place] {
        &self.places
    }

    /// What the file says of itself.
    pub fn imprint(&self) -> &Imprint {
        &self.imprint
    }

    /// The place with an id.
    pub fn place(&self, id: &PlaceId) -> Option<&Place> {
        self.places.get(*self.by_id.get(id)?)
    }

    /// Every folded name and usual other spelling that a text may hold, each once, in order,
    /// with the renown of the best known place that bears it.
    pub fn names(&self) -> impl Iterator<Item = (&str, Renown)> {
        self.names.iter().map(|name| (name.as_str(), self.renown(name)))
    }

    fn renown(&self, name: &str) -> Renown {
        // A spelling that no place has for its own is renowned as the places it varies.
        let bearers = match self.exact.get(name) {
            Some(bearers) => bearers.iter().map(|bearer| bearer.index).collect(),
            None => self.skeletons.get(&skeleton(name)).cloned().unwrap_or_default(),
        };
        let places = bearers.into_iter().filter_map(|index| self.places.get(index));
        places.map(Renown::of).max().unwrap_or(Renown::Village)
    }

    /// The places that bear a folded name, each once, in the surest way that it does.
    pub fn named(&self, name: &str) -> Vec<Bearer> {
        let mut bearers = self.exact.get(name).cloned().unwrap_or_default();
        let mut add = |found: Option<&Vec<usize>>, by| {
            for &index in found.into_iter().flatten() {
                if bearers.iter().all(|bearer| bearer.index != index) {
                    bearers.push(Bearer { index, by });
                }
            }
        };
        add(self.skeletons.get(&skeleton(name)), NameMatch::Variant);
        match core(name) {
            (core, Some(_)) => add(self.skeletons.get(&skeleton(core)), NameMatch::Core),
            (_, None) => add(self.cores.get(&skeleton(name)), NameMatch::Core),
        }
        bearers
    }

    /// Whether a place lies at the border of a governorate, or in it.
    pub(super) fn borders(&self, place: &Place, code: &str) -> bool {
        self.borders.reaches(place.point, code)
    }

    /// The middle of where the people of a governorate live.
    pub(super) fn middle(&self, governorate: &Place) -> Option<LonLat> {
        self.middles.get(&governorate.admin1_pcode)
    }

    /// Whether a governorate bears a folded name.
    pub(super) fn names_governorate(&self, name: &str) -> bool {
        let bearers = self.named(name).into_iter().filter(|bearer| bearer.by < NameMatch::Core);
        let mut kinds = bearers.filter_map(|bearer| Some(self.places.get(bearer.index)?.kind));
        kinds.any(|kind| kind == PlaceKind::Governorate)
    }

    /// The places with a name that sounds like a folded one or is misspelled in one letter,
    /// and how alike the two are; only those that `may_be` lets through.
    pub(super) fn alike(&self, name: &str, may_be: impl Fn(&Place) -> bool) -> Vec<(&Place, f64)> {
        let sounds = Sounds::of(name);
        let least = least_likeness(sounds.consonants().len());
        let near = self.sounds.near(&sounds).into_iter();
        let near =
            near.filter_map(|index| Some((self.places.get(index)?, self.voices.get(index)?)));
        let near = near.filter(|(place, _)| may_be(place));
        let alike = near.map(|(place, voices)| (place, best(&sounds, voices)));
        alike.filter(|&(_, likeness)| likeness >= least).collect()
    }

    /// How alike a folded name and the names of a place sound.
    pub(super) fn likeness(&self, name: &str, place: &Place) -> f64 {
        let voices = self.by_id.get(&place.id).and_then(|&index| self.voices.get(index));
        voices.map_or(0.0, |voices| best(&Sounds::of(name), voices))
    }

    /// How far from its point most places of an area lie, in kilometres; none for other places.
    pub(super) fn reach(&self, area: &Place) -> Option<f64> {
        self.reaches.get(self.by_id.get(&area.id)?).copied()
    }

    /// The course of a road that is drawn as a line.
    pub(super) fn line(&self, road: &Place) -> Option<&LineString> {
        self.lines.get(self.by_id.get(&road.id)?)
    }

    /// Measures the districts and sub-districts by the places that say they lie in them.
    fn measure(&mut self) {
        self.middles = Middles::of(&self.places);
        self.borders = Borders::of(&self.places);
        for (index, area) in self.places.iter().enumerate() {
            if !matches!(area.kind, PlaceKind::District | PlaceKind::Subdistrict) {
                continue;
            }
            let inside = self.places.iter().filter(|place| is_district_of(area, place));
            let mut far: Vec<f64> = inside.map(|place| km(area.point, place.point)).collect();
            far.sort_by(f64::total_cmp);
            if let Some(reach) = far.get(far.len() * 9 / 10) {
                self.reaches.insert(index, *reach);
            }
        }
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

    /// Adds what another gazetteer knows and this one lacks.
    fn overlay(&mut self, other: &Self) {
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

    fn index(&mut self) {
        let many = self.places.len() * 3;
        self.exact.reserve(many);
        self.skeletons.reserve(many);
        for (index, place) in self.places.iter().enumerate() {
            let known = matches!(place.kind, PlaceKind::City | PlaceKind::Town)
                || place.kind == PlaceKind::Governorate;
            let mut voices = Vec::new();
            for (name, by) in keys(place) {
                self.names.extend(variants(&name, known));
                push_new(self.skeletons.entry(skeleton(&name)).or_default(), index);
                if let (core, Some(_)) = core(&name) {
                    push_new(self.cores.entry(skeleton(core)).or_default(), index);
                }
                let sounds = Sounds::of(&name);
                self.sounds.add(&sounds, index);
                voices.push(sounds);
                let bearers = self.exact.entry(name).or_default();
                if bearers.last().is_none_or(|last| last.index != index) {
                    bearers.push(Bearer { index, by });
                }
            }
            self.voices.push(voices);
        }
        self.sounds.seal();
        self.names.extend(self.exact.keys().cloned());
        self.names.sort_unstable();
        self.names.dedup();
    }
}

/// Places come in order, so only the last can be the same.
fn push_new(list: &mut Vec<usize>, index: usize) {
    if list.last() != Some(&index) {
        list.push(index);
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
    use crate::geocode::fixture::{gazetteer, place};
    use crate::model::text::key;

    fn bearers(name: &str) -> Vec<(String, NameMatch)> {
        let gazetteer = gazetteer();
        let named = gazetteer.named(&key(name));
        named.iter().map(|b| (gazetteer.places()[b.index].id.0.clone(), b.by)).collect()
    }

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
        let (gazetteer, problems) = Gazetteer::from_geojson(text).unwrap();
        assert_eq!(gazetteer.places().len(), 1);
        assert_eq!(gazetteer.places()[0].admin1_pcode, "SY02");
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
            let error = Gazetteer::from_geojson(text).unwrap_err().to_string();
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
        let (gazetteer, problems) = Gazetteer::from_geojson(text).unwrap();
        assert_eq!(problems, []);
        let town = gazetteer.place(&PlaceId("x".to_owned())).unwrap();
        assert_eq!(
            (town.kind, town.admin1.as_str(), town.admin2.as_deref(), town.admin3.as_deref()),
            (PlaceKind::City, "Aleppo", Some("Al Bab District"), None)
        );
        assert_eq!(gazetteer.places()[1].kind, PlaceKind::District);
    }

    #[test]
    fn an_exact_name_comes_before_a_variant() {
        assert_eq!(bearers("عامودا")[0], ("amuda".to_owned(), NameMatch::Primary));
        assert_eq!(
            bearers("عامودة")[..2],
            [
                ("amuda-hamlet".to_owned(), NameMatch::Primary),
                ("amuda".to_owned(), NameMatch::Variant)
            ]
        );
        assert_eq!(bearers("كوباني")[0], ("kobani".to_owned(), NameMatch::Alias));
        assert_eq!(bearers("Amuda").first().map(|b| b.1), Some(NameMatch::Primary));
        assert!(bearers("لا شيء هنا").is_empty());
    }

    #[test]
    fn every_name_leads_back_to_a_place() {
        let gazetteer = gazetteer();
        let names: Vec<&str> = gazetteer.names().map(|(name, _)| name).collect();
        assert!(names.contains(&"كفر نبل") && names.contains(&"كفرنبل") && names.contains(&"m4"));
        assert!(names.is_sorted() && names.windows(2).all(|pair| pair[0] != pair[1]));
        for name in names {
            let bearers = gazetteer.named(name);
            assert!(bearers.iter().any(|b| b.by <= NameMatch::Variant), "{name}");
        }
    }

    #[test]
    fn a_place_is_found_by_its_id() {
        assert_eq!(place("aleppo").name_ar, "حلب");
        assert!(gazetteer().place(&PlaceId("nowhere".to_owned())).is_none());
    }
}
