//! What a file of place names lacks and the places built in have: names that people and outlets
//! use, and the quarters, camps and crossings that open sources do not list.

use std::collections::{HashMap, HashSet};

use crate::model::place::Place;
use crate::model::text::key;

use super::evidence::km;
use super::keys::keys;
use super::spelling::skeleton;

/// Two records of one settlement, in one governorate and under one name, lie that near to each other.
const SAME_PLACE_KM: f64 = 5.0;

/// How the ids of places written by hand begin.
const BY_HAND: &str = "hand:";

/// How the ids of places from open sources begin.
const OPEN: [&str; 2] = ["gn:", "ocha:"];

/// The places of a file by their names, to find those that another also has.
struct Known {
    at: HashMap<String, Vec<usize>>,
    /// Where they lie. Spares the names of places elsewhere: folding them is most of the work.
    cells: HashSet<Cell>,
}

impl Known {
    fn of(places: &[Place]) -> Self {
        let mut at: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, place) in places.iter().enumerate() {
            for (name, _) in keys(place) {
                at.entry(skeleton(&name)).or_default().push(index);
            }
        }
        let cells = places.iter().flat_map(|place| around(cell(place))).collect();
        Self { at, cells }
    }

    /// Those that bear a name of a place and lie where it does.
    fn same<'a>(&'a self, place: &'a Place, places: &'a [Place]) -> HashSet<usize> {
        if !self.cells.contains(&cell(place)) {
            return HashSet::new();
        }
        let names = keys(place);
        let bearers = names.iter().filter_map(|(name, _)| self.at.get(&skeleton(name))).flatten();
        let is_same = |index: &&usize| {
            places.get(**index).is_some_and(|known| {
                known.admin1_pcode == place.admin1_pcode
                    && known.kind.is_settlement() == place.kind.is_settlement()
                    && km(place.point, known.point) <= SAME_PLACE_KM
            })
        };
        bearers.filter(is_same).copied().collect()
    }
}

/// Adds to settlements the names that they have in another gazetteer, and tells which of the other's
/// places written by hand are missing from a file of open sources: one of mostly their places, and none
/// written by hand. Any other file lacks only what somebody left out.
pub(super) fn overlay(places: &mut [Place], other: &[Place]) -> Vec<usize> {
    if other.is_empty() {
        return Vec::new();
    }
    let is_by_hand = |place: &Place| place.id.0.starts_with(BY_HAND);
    let of_open = |place: &Place| OPEN.iter().any(|source| place.id.0.starts_with(source));
    let open = places.iter().filter(|place| of_open(place)).count();
    let is_open = open * 2 > places.len() && !places.iter().any(is_by_hand);
    let known = Known::of(places);
    let mut missing = Vec::new();
    for (index, place) in other.iter().enumerate() {
        let same = known.same(place, places);
        if same.is_empty() && is_open && is_by_hand(place) {
            missing.push(index);
        }
        for index in same {
            // A main name is enough to be the same place; another one may be a neighbour's.
            let Some(own) = places.get_mut(index).filter(|own| shares_main_name(own, place)) else {
                continue;
            };
            own.alt_ar.extend(place.alt_ar.iter().cloned());
            own.alt_en.extend(place.alt_en.iter().cloned());
        }
    }
    missing
}

/// A tenth of a degree each way: nine kilometres and more.
type Cell = (i64, i64);

#[expect(clippy::cast_possible_truncation, reason = "degrees are few")]
fn cell(place: &Place) -> Cell {
    let [east, north] = [place.point.lon(), place.point.lat()].map(|angle| (angle * 10.0).floor());
    (east as i64, north as i64)
}

/// A cell and those beside it: whatever lies within [`SAME_PLACE_KM`] is in one of them.
fn around((east, north): Cell) -> impl Iterator<Item = Cell> {
    (-1..=1).flat_map(move |x| (-1..=1).map(move |y| (east + x, north + y)))
}

/// Whether a main name of the first is any of the second, and both are settlements.
fn shares_main_name(own: &Place, other: &Place) -> bool {
    let names: HashSet<String> = keys(other).iter().map(|(name, _)| skeleton(name)).collect();
    let mut main = [&own.name_ar, &own.name_en].into_iter().map(|name| skeleton(&key(name)));
    own.kind.is_settlement() && main.any(|name| names.contains(&name))
}

#[cfg(test)]
mod tests {
    use crate::geocode::fixture::place;
    use crate::model::place::PlaceId;

    use super::*;

    fn with_id(place: &Place, id: &str) -> Place {
        Place { id: PlaceId(id.to_owned()), ..place.clone() }
    }

    #[test]
    fn open_sources_get_what_is_written_by_hand_and_own_files_do_not() {
        let ours = [
            with_id(place("kobani"), "hand:kobani"),
            with_id(place("sukkari"), "hand:sukkari"),
            with_id(place("gov-raqqa"), "adm1:raqqa"),
        ];
        let bare = Place { alt_ar: Vec::new(), ..place("kobani").clone() };
        for (id, missing) in
            [("ocha:1", vec![1]), ("gn:1", vec![1]), ("hand:a", vec![]), ("own", vec![])]
        {
            let own = with_id(&bare, id);
            let mut places = vec![own.clone()];
            assert_eq!(overlay(&mut places, &ours), missing, "{id}");
            assert!(places[0].alt_ar.contains(&"كوباني".to_owned()), "{:?}", places[0]);
            let (alt_ar, alt_en) = (own.alt_ar.clone(), own.alt_en.clone());
            assert_eq!(
                Place { alt_ar, alt_en, ..places[0].clone() },
                own,
                "all else is the file's"
            );
        }
    }

    #[test]
    fn a_file_of_ones_own_with_a_few_places_of_open_sources_gets_none() {
        let ours = [with_id(place("sukkari"), "hand:sukkari")];
        let ids = ["gn:1", "own:1", "own:2"];
        let mut places = ids.map(|id| with_id(place("kobani"), id));
        assert_eq!(overlay(&mut places, &ours), [0; 0]);
    }

    #[test]
    fn a_place_far_off_or_of_another_kind_is_another() {
        let ours =
            [with_id(place("tineh-latakia"), "hand:a"), with_id(place("sirrin-airport"), "hand:b")];
        let mut places =
            vec![with_id(place("tineh-tartus"), "gn:1"), with_id(place("sirrin"), "gn:2")];
        assert_eq!(overlay(&mut places, &ours), [0, 1]);
    }
}
