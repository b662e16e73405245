//! Many sources made one list: what two of them know is one place.
//!
//! Sources come in the order of their weight. The first to tell of a place gives its names, point and kind;
//! what others call it becomes its other names.

use std::collections::HashMap;

use crate::geocode::check::{Named, ONE_PLACE_KM, alike};
use crate::geocode::evidence::km;
use crate::geocode::keys::keys;
use crate::geocode::spelling::skeleton;
use crate::model::place::{Place, PlaceId, PlaceKind};
use crate::model::text::key;

use super::Record;
use super::names::{add, is_arabic};

/// The point of an area is a matter of taste, so that two sources may differ that far.
const ONE_AREA_KM: f64 = 60.0;

/// Points that near are one spot: coordinates of villages are given to the minute as often as not.
const ONE_SPOT_KM: f64 = 1.0;

/// Merges sources; the first has the greatest weight.
pub fn merge(sources: impl IntoIterator<Item = Vec<Record>>) -> Vec<Record> {
    let mut merged = Merged::default();
    for record in sources.into_iter().flatten() {
        match merged.find(&record) {
            Some(index) => merged.absorb(index, record),
            None => merged.push(record),
        }
    }
    let Merged { mut records, given, .. } = merged;
    drop_shadows(&mut records, &given);
    records
}

#[derive(Default)]
struct Merged {
    records: Vec<Record>,
    /// How many other names each place had of its first source, Arabic and Latin.
    given: Vec<[usize; 2]>,
    by_id: HashMap<PlaceId, usize>,
    by_pcode: HashMap<String, usize>,
    by_geonameid: HashMap<u64, usize>,
    /// By governorate and skeleton of a name.
    by_name: HashMap<(String, String), Vec<usize>>,
}

impl Merged {
    /// The place that a record tells of: by code, by number, then by name nearby.
    fn find(&self, record: &Record) -> Option<usize> {
        let by_pcode = record.place.pcode.as_ref().and_then(|code| self.by_pcode.get(code));
        let by_number = || record.geonameid.and_then(|id| self.by_geonameid.get(&id));
        let by_id = || self.by_id.get(&record.place.id);
        let known = by_pcode.or_else(by_number).or_else(by_id).copied();
        known.or_else(|| self.namesake(record))
    }

    /// The nearest place of the same name and kind in the same governorate.
    fn namesake(&self, record: &Record) -> Option<usize> {
        let place = &record.place;
        let reach = if place.kind.is_area() { ONE_AREA_KM } else { ONE_PLACE_KM };
        let mut nearest: Option<(f64, usize)> = None;
        for name in skeletons(place) {
            let named = self.by_name.get(&(place.admin1_pcode.clone(), name.clone()));
            for &index in named.into_iter().flatten() {
                let Some(known) = self.records.get(index) else { continue };
                let far = km(place.point, known.place.point);
                let nearer = nearest.is_none_or(|(least, _)| far < least);
                if far <= reach && nearer && can_be_one(record, known, &name, far) {
                    nearest = Some((far, index));
                }
            }
        }
        nearest.map(|(_, index)| index)
    }

    fn push(&mut self, record: Record) {
        let index = self.records.len();
        self.given.push([record.place.alt_ar.len(), record.place.alt_en.len()]);
        self.by_id.insert(record.place.id.clone(), index);
        self.list(&record, index);
        self.records.push(record);
    }

    fn absorb(&mut self, index: usize, record: Record) {
        self.list(&record, index);
        let Some(known) = self.records.get_mut(index) else { return };
        known.geonameid = known.geonameid.or(record.geonameid);
        absorb_place(&mut known.place, record.place, known.open);
    }

    fn list(&mut self, record: &Record, index: usize) {
        if let Some(code) = &record.place.pcode {
            self.by_pcode.entry(code.clone()).or_insert(index);
        }
        if let Some(id) = record.geonameid {
            self.by_geonameid.entry(id).or_insert(index);
        }
        for name in skeletons(&record.place) {
            let named = self.by_name.entry((record.place.admin1_pcode.clone(), name)).or_default();
            if named.last() != Some(&index) {
                named.push(index);
            }
        }
    }
}

fn skeletons(place: &Place) -> Vec<String> {
    keys(place).iter().map(|(name, _)| skeleton(name)).filter(|name| !name.is_empty()).collect()
}

/// Whether two places nearby that share a name can be one.
fn can_be_one(record: &Record, known: &Record, name: &str, far: f64) -> bool {
    let (a, b) = (&record.place, &known.place);
    // Who gives two codes says that they are two.
    let told_apart = record.place.pcode.is_some() && known.place.pcode.is_some();
    // Latin letters write names alike that Arabic ones tell apart.
    let both_arabic = !a.name_ar.is_empty() && !b.name_ar.is_empty();
    // At one spot it is the Arabic name that somebody guessed from the Latin one.
    let one_spot = far <= ONE_SPOT_KM && key(&a.name_en) == key(&b.name_en);
    alike(a.kind, b.kind) && !told_apart && (is_arabic(name) || !both_arabic || one_spot)
}

fn absorb_place(known: &mut Place, other: Place, open: bool) {
    known.pcode = known.pcode.take().or(other.pcode);
    if known.name_ar.is_empty() {
        known.name_ar.clone_from(&other.name_ar);
    }
    if known.name_en.is_empty() {
        known.name_en.clone_from(&other.name_en);
    }
    let main = [known.name_ar.clone(), known.name_en.clone()];
    let [arabic, latin] = &main;
    for name in [other.name_ar, other.name_en].into_iter().chain(other.alt_ar).chain(other.alt_en) {
        let list = if is_arabic(&name) { &mut known.alt_ar } else { &mut known.alt_en };
        add(list, [arabic, latin], name);
    }
    known.population = known.population.or(other.population);
    known.admin2 = known.admin2.take().or(other.admin2);
    known.admin3 = known.admin3.take().or(other.admin3);
    if open && known.kind == PlaceKind::PopulatedPlace {
        known.kind = other.kind;
    }
    if open && !known.source.contains(&other.source) {
        known.source = format!("{}; {}", known.source, other.source);
    }
}

/// Takes away other names from open sources that are the main name of a better known place.
fn drop_shadows(records: &mut [Record], given: &[[usize; 2]]) {
    let places: Vec<Place> = records.iter().map(|record| record.place.clone()).collect();
    let named = Named::new(&places);
    for (index, (record, first)) in records.iter_mut().zip(given).enumerate() {
        let [arabic, latin] = if record.open { [0, 0] } else { *first };
        let Some(place) = places.get(index) else { continue };
        for (list, kept) in [(&mut record.place.alt_ar, arabic), (&mut record.place.alt_en, latin)]
        {
            let mut at = 0;
            list.retain(|name| {
                at += 1;
                at <= kept || !named.is_shadow(index, place, name)
            });
        }
    }
}
