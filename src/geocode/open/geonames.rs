//! `GeoNames`' dump of a country and its alternate names: tables without a header, columns by tabs.

use std::collections::HashMap;

use crate::geocode::area::{Areas, name_of};
use crate::geocode::check::BORDER_KM;
use crate::geocode::feature::settlement;
use crate::model::place::{Place, PlaceId, PlaceKind};
use crate::model::point::LonLat;

use super::names::{add, clean, clean_settlement, is_arabic, is_latin, undotted};
use super::{Record, Rows, Skipped, SourceError};

/// Columns of the dump of a country.
const COLUMNS: usize = 19;

/// Columns of alternate names that are needed; the days from and to may be missing.
const NAME_COLUMNS: usize = 8;

/// Codes of features that news name, apart from settlements and areas. Hills, wadis and
/// springs are left out: they are thousands, and share their names with villages.
const KINDS: &[(&str, PlaceKind)] = &[
    ("ADM1", PlaceKind::Governorate),
    ("ADM2", PlaceKind::District),
    ("ADM3", PlaceKind::Subdistrict),
    ("AIRB", PlaceKind::Airbase),
    ("AIRP", PlaceKind::Airport),
    ("BDG", PlaceKind::Bridge),
    ("DAM", PlaceKind::Dam),
    ("GASF", PlaceKind::Oilfield),
    ("INSM", PlaceKind::Base),
    ("MN", PlaceKind::Mine),
    ("MT", PlaceKind::Mountain),
    ("MTS", PlaceKind::Mountain),
    ("OILF", PlaceKind::Oilfield),
    ("PRN", PlaceKind::Prison),
    ("RGN", PlaceKind::Region),
];

/// Settlements that are no more: historical ones, and those that went by another administration.
const GONE: &[&str] = &["PPLH", "PPLQ", "PPLCH"];

/// Alternate names of places by their number.
#[derive(Debug, Default)]
pub struct Names {
    by_id: HashMap<u64, Vec<Name>>,
    /// Rows that were passed over.
    pub skipped: Vec<Skipped>,
}

#[derive(Debug)]
struct Name {
    text: String,
    arabic: bool,
    standing: Standing,
}

/// What speaks for a name as the main one, the most first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    Preferred,
    OfLanguage,
    /// The name in the dump itself, a romanisation as a rule.
    Own,
    OfNoLanguage,
}

impl Names {
    /// Reads alternate names; those in Arabic, in English and, in Latin letters, in no language are kept.
    ///
    /// # Errors
    /// If no row can be used.
    pub fn parse(text: &str) -> Result<Self, SourceError> {
        let mut names = Self::default();
        let mut kept = 0_usize;
        for (line, row) in rows(text) {
            match name(row) {
                Ok(Some((id, name))) => {
                    kept += 1;
                    names.by_id.entry(id).or_default().push(name);
                }
                Ok(None) => kept += 1,
                Err(why) => names.skipped.push(Skipped { line, why }),
            }
        }
        match names.skipped.first() {
            Some(first) if kept == 0 => {
                Err(SourceError::Useless { rows: names.skipped.len(), first: first.clone() })
            }
            None if kept == 0 => Err(SourceError::Empty),
            _ => Ok(names),
        }
    }

    fn of(&self, id: u64, arabic: bool) -> impl Iterator<Item = &Name> {
        let names = self.by_id.get(&id).into_iter().flatten();
        names.filter(move |name| name.arabic == arabic)
    }
}

/// Reads the dump of the country. Places outside `borders` and features that news do not name are passed over
/// in silence; rows that are broken are told.
///
/// # Errors
/// If no row can be used.
pub fn places(text: &str, names: &Names, borders: &Areas) -> Result<Rows, SourceError> {
    let mut found = Rows::default();
    for (line, row) in rows(text) {
        match place(row, names, borders) {
            Ok(record) => found.records.extend(record),
            Err(why) => found.skipped.push(Skipped { line, why }),
        }
    }
    found.checked()
}

fn rows(text: &str) -> impl Iterator<Item = (u64, &str)> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    (1..).zip(text.lines()).filter(|(_, row)| !row.trim().is_empty())
}

fn name(row: &str) -> Result<Option<(u64, Name)>, String> {
    let columns: Vec<&str> = row.split('\t').collect();
    let [_, id, language, text, preferred, _, _, historic, ..] = columns[..] else {
        return Err(too_few(columns.len(), NAME_COLUMNS));
    };
    let id = number(id)?;
    let arabic = match language {
        "ar" => true,
        "en" => false,
        // Names without a language: of links, codes and other languages there is no end.
        "" if is_latin(text) => false,
        _ => return Ok(None),
    };
    let right_script = if arabic { is_arabic(text) } else { is_latin(text) };
    if historic == "1" || !right_script {
        return Ok(None);
    }
    let standing = match (language, preferred) {
        ("", _) => Standing::OfNoLanguage,
        (_, "1") => Standing::Preferred,
        _ => Standing::OfLanguage,
    };
    Ok(Some((id, Name { text: text.to_owned(), arabic, standing })))
}

fn place(row: &str, names: &Names, borders: &Areas) -> Result<Option<Record>, String> {
    let columns: Vec<&str> = row.split('\t').collect();
    let &[id, name, _, _, lat, lon, _, code, .., population, _, _, _, _] = &columns[..] else {
        return Err(too_few(columns.len(), COLUMNS));
    };
    if columns.len() < COLUMNS {
        return Err(too_few(columns.len(), COLUMNS));
    }
    let id = number(id)?;
    let point = point(lon, lat)?;
    let population = population.parse().ok().filter(|people| *people > 0);
    let Some(kind) = kind(code, population) else { return Ok(None) };
    let Some(admin) = governorate(point, borders) else { return Ok(None) };
    let mut place = Place {
        id: PlaceId(format!("gn:{id}")),
        name_en: String::new(),
        name_ar: String::new(),
        alt_ar: Vec::new(),
        alt_en: Vec::new(),
        kind,
        admin1: name_of(admin).to_owned(),
        admin1_pcode: admin.to_owned(),
        admin2: None,
        admin3: None,
        pcode: None,
        population,
        source: "GeoNames".to_owned(),
        point,
    };
    named(&mut place, name, names, id);
    if place.name_ar.is_empty() && place.name_en.is_empty() {
        return Err(format!("`{name}` ({id}) has no name that can be used"));
    }
    Ok(Some(Record { place, geonameid: Some(id), open: true, line: None }))
}

/// The preferred names become the main ones; `GeoNames`' own name is English if there is no other.
fn named(place: &mut Place, own: &str, names: &Names, id: u64) {
    let settlement = place.kind.is_settlement();
    let list = |arabic: bool| {
        let own = Some((Standing::Own, own)).filter(|(_, own)| arabic == is_arabic(own));
        let known = names.of(id, arabic).map(|name| (name.standing, name.text.as_str()));
        let mut all: Vec<(Standing, &str)> = known.chain(own).collect();
        all.sort_by_key(|(standing, _)| *standing);
        let cleaned = |(_, name): (Standing, &str)| {
            if settlement { clean_settlement(name) } else { clean(name) }
        };
        all.into_iter().filter_map(cleaned).collect::<Vec<String>>().into_iter()
    };
    let (mut arabic, latin) = (list(true), list(false));
    let mut latin = latin.map(|name| undotted(&name));
    place.name_ar = arabic.next().unwrap_or_default();
    place.name_en = latin.next().unwrap_or_default();
    let (name_ar, name_en) = (place.name_ar.as_str(), place.name_en.as_str());
    arabic.for_each(|name| add(&mut place.alt_ar, [name_ar, name_en], name));
    latin.for_each(|name| add(&mut place.alt_en, [name_ar, name_en], name));
}

fn kind(code: &str, population: Option<u64>) -> Option<PlaceKind> {
    if code.starts_with("PPL") && !GONE.contains(&code) {
        return Some(settlement(Some(code), population.unwrap_or(0)));
    }
    KINDS.iter().find(|(known, _)| *known == code).map(|(_, kind)| *kind)
}

/// The governorate that a point lies in, or nearly so. The codes of the dump are wrong too often.
fn governorate(at: LonLat, borders: &Areas) -> Option<&str> {
    borders
        .holding(at)
        .or_else(|| borders.nearest(at).filter(|(_, far)| *far <= BORDER_KM).map(|(code, _)| code))
}

fn number(text: &str) -> Result<u64, String> {
    text.parse().ok().ok_or_else(|| format!("`{text}` is not a GeoNames number"))
}

fn point(lon: &str, lat: &str) -> Result<LonLat, String> {
    let parsed = lon.parse().ok().zip(lat.parse().ok());
    let point = parsed.and_then(|(lon, lat)| LonLat::new(lon, lat));
    point.ok_or_else(|| format!("`{lat}`, `{lon}` is not a latitude and a longitude"))
}

fn too_few(found: usize, needed: usize) -> String {
    format!("it has {found} columns, {needed} are needed")
}
