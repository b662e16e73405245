//! What is wrong with a gazetteer, found by comparing its places with each other,
//! with the borders and with another gazetteer.
//!
//! Pure: texts and polygons are arguments. One finding is one line for the person who mends the file.

pub(super) mod names;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::fmt;

use crate::model::place::{Place, PlaceKind};
use crate::model::point::LonLat;
use crate::model::text::key;

use super::area::{Areas, name_of};
use super::evidence::km;
use super::gazetteer::NameMatch;
use super::keys::keys;
use super::listed::{GazetteerError, Listed};

/// How far a point may lie outside a border: the polygons are simplified.
pub(super) const BORDER_KM: f64 = 5.0;

/// Two places of one name nearer than that are one place written twice.
pub(super) const ONE_PLACE_KM: f64 = 5.0;

/// A point that differs more than that from the reference is another place, or wrong.
const REFERENCE_KM: f64 = 3.0;

/// Something that is wrong with a place, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Id and name of the place.
    pub place: String,
    /// What is wrong.
    pub what: String,
    /// What would be right.
    pub right: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; {}", self.place, self.what, self.right)
    }
}

impl Finding {
    fn of(place: &Place, what: String, right: String) -> Self {
        Self { place: told(place), what, right }
    }
}

/// Checks a gazetteer file against itself and the borders, in the order of the file.
///
/// # Errors
/// If the text is not a `FeatureCollection`.
pub fn check(text: &str, borders: &Areas) -> Result<(Listed, Vec<Finding>), GazetteerError> {
    let (listed, problems) = Listed::from_geojson(text)?;
    let refused = problems.into_iter().map(|problem| Finding {
        place: problem.feature,
        what: problem.why,
        right: "the program leaves it out: mend it or take it out".to_owned(),
    });
    let mut findings: Vec<Finding> = refused.collect();
    let named = Named::new(listed.places());
    for (index, place) in listed.places().iter().enumerate() {
        findings.extend(outside(place, borders));
        findings.extend(names::misspelled(place));
        findings.extend(named.twins(index, place));
        findings.extend(named.shadows(index, place));
    }
    Ok((listed, findings))
}

/// What a comparison with another gazetteer gave.
#[derive(Debug, Default)]
pub struct Compared {
    /// Places that lie away from all places of their name there.
    pub findings: Vec<Finding>,
    /// Places whose name is borne there in the same governorate.
    pub found: usize,
    /// Places whose name is not.
    pub unknown: usize,
}

/// Compares points with those of a reference. Areas are passed over: where their point stands is free.
pub fn compare(listed: &Listed, reference: &Listed) -> Compared {
    let named = Named::new(reference.places());
    let mut compared = Compared::default();
    for place in listed.places().iter().filter(|place| !place.kind.is_area()) {
        let Some((far, bearer)) = named.nearest_bearer(place) else {
            compared.unknown += 1;
            continue;
        };
        compared.found += 1;
        if far > REFERENCE_KM {
            let what = format!("{far:.1} km from the nearest place of its name in the reference");
            let at = bearer.point;
            let right =
                format!("{} lies at {:.5}, {:.5} (lon, lat)", told(bearer), at.lon(), at.lat());
            compared.findings.push(Finding::of(place, what, right));
        }
    }
    compared
}

fn told(place: &Place) -> String {
    let name = if place.name_en.is_empty() { &place.name_ar } else { &place.name_en };
    format!("{} ({name})", place.id)
}

/// Outside the country, or outside the governorate that it names. Long or vague things may cross borders.
fn outside(place: &Place, borders: &Areas) -> Option<Finding> {
    let (nearest, far) = borders.nearest(place.point)?;
    let at = |point: LonLat| format!("{:.5}, {:.5}", point.lon(), point.lat());
    if far > BORDER_KM {
        let what = format!("its point {} is {far:.1} km outside Syria", at(place.point));
        let right = format!("a point in the country, nearest is {}", name_of(nearest));
        return Some(Finding::of(place, what, right));
    }
    let spreads = matches!(place.kind, PlaceKind::Region | PlaceKind::Road | PlaceKind::Mountain);
    if spreads || place.admin1_pcode.is_empty() {
        return None;
    }
    let far = borders.km_outside(place.point, &place.admin1_pcode)?;
    (far > BORDER_KM).then(|| {
        let what = format!("its point {} is {far:.1} km outside {}", at(place.point), place.admin1);
        let right = format!("{} ({nearest}), or another point", name_of(nearest));
        Finding::of(place, what, right)
    })
}

/// Places by governorate and folded name.
#[derive(Debug)]
pub(super) struct Named<'a> {
    places: &'a [Place],
    by_name: HashMap<(String, String), Vec<(usize, NameMatch)>>,
}

impl<'a> Named<'a> {
    pub(super) fn new(places: &'a [Place]) -> Self {
        let mut by_name: HashMap<_, Vec<_>> = HashMap::new();
        for (index, place) in places.iter().enumerate() {
            for (name, by) in keys(place) {
                by_name.entry((place.admin1_pcode.clone(), name)).or_default().push((index, by));
            }
        }
        Self { places, by_name }
    }

    /// The places of a governorate that bear a name, and how.
    fn bearers(
        &self,
        admin1: &str,
        name: &str,
    ) -> impl Iterator<Item = (usize, NameMatch, &'a Place)> {
        let found = self.by_name.get(&(admin1.to_owned(), name.to_owned()));
        let found = found.into_iter().flatten();
        found.filter_map(|&(index, by)| Some((index, by, self.places.get(index)?)))
    }

    /// Places after this one that have a main name in common with it and lie at the same spot.
    fn twins(&self, index: usize, place: &Place) -> Vec<Finding> {
        let mut twins: Vec<(usize, Finding)> = Vec::new();
        for (name, _) in keys(place).iter().filter(|(_, by)| *by == NameMatch::Primary) {
            for (other, by, twin) in self.bearers(&place.admin1_pcode, name) {
                let far = km(place.point, twin.point);
                let same =
                    other > index && by == NameMatch::Primary && alike(place.kind, twin.kind);
                if same && far <= ONE_PLACE_KM && twins.iter().all(|(known, _)| *known != other) {
                    let what =
                        format!("{} has the name `{name}` too, {far:.1} km away", told(twin));
                    let right = "one entry if they are one place, names that differ if not";
                    twins.push((other, Finding::of(place, what, right.to_owned())));
                }
            }
        }
        twins.into_iter().map(|(_, finding)| finding).collect()
    }

    /// Other names that are the main name of a better known place of the governorate.
    fn shadows(&self, index: usize, place: &Place) -> Vec<Finding> {
        let other = keys(place).into_iter().filter(|(_, by)| *by == NameMatch::Alias);
        let shadow = other.filter_map(|(name, _)| {
            let known = self.shadowed(index, place, &name)?;
            let what = format!("its other name `{name}` is the name of {}", told(known));
            let right = format!("without `{name}`: a text that says it means the {}", known.kind);
            Some(Finding::of(place, what, right))
        });
        shadow.collect()
    }

    /// Whether a name, if it were an other name of a place, would hide a better known place.
    pub(super) fn is_shadow(&self, index: usize, place: &Place, name: &str) -> bool {
        self.shadowed(index, place, &key(name)).is_some()
    }

    /// The better known place whose main name an other name of a place is.
    fn shadowed(&self, index: usize, place: &Place, name: &str) -> Option<&'a Place> {
        if place.kind.is_area() {
            return None;
        }
        let known = self.bearers(&place.admin1_pcode, name);
        let mut known = known.filter(|&(other, by, _)| other != index && by == NameMatch::Primary);
        known.find(|(_, _, other)| is_commoner(other, place)).map(|(_, _, other)| other)
    }

    /// The nearest place that bears a main name of a place in its governorate.
    fn nearest_bearer(&self, place: &Place) -> Option<(f64, &'a Place)> {
        let main = keys(place).into_iter().filter(|(_, by)| *by == NameMatch::Primary);
        let bearers = main.flat_map(|(name, _)| {
            self.bearers(&place.admin1_pcode, &name)
                .map(|(_, _, bearer)| bearer)
                .collect::<Vec<_>>()
        });
        let points = bearers.filter(|bearer| !bearer.kind.is_area());
        let far = points.map(|bearer| (km(place.point, bearer.point), bearer));
        far.min_by(|a, b| a.0.total_cmp(&b.0))
    }
}

/// Whether two kinds can be two words for one thing.
pub(super) fn alike(a: PlaceKind, b: PlaceKind) -> bool {
    a == b || a.is_settlement() && b.is_settlement()
}

fn is_commoner(known: &Place, place: &Place) -> bool {
    let size = |place: &Place| (rank(place.kind), place.population.unwrap_or(0));
    !known.kind.is_area() && size(known) > size(place)
}

/// How well known a kind of place is, areas apart.
const fn rank(kind: PlaceKind) -> u8 {
    match kind {
        PlaceKind::City => 3,
        PlaceKind::Town => 2,
        PlaceKind::Village | PlaceKind::PopulatedPlace | PlaceKind::Neighbourhood => 0,
        _ => 1,
    }
}
