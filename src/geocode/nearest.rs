//! The places nearest to a point.

use crate::model::place::{Place, PlaceKind};
use crate::model::point::LonLat;

use super::evidence::km;

/// The positions of the nearest places with their distance in kilometres, the nearest first.
///
/// Areas are left out: the point of a district says nothing of where its edge is. Linear in the
/// number of places.
pub fn nearest(
    places: &[Place],
    at: LonLat,
    limit: usize,
    wanted: impl Fn(PlaceKind) -> bool,
) -> Vec<(usize, f64)> {
    let there = places.iter().enumerate();
    let there = there.filter(|(_, place)| !place.kind.is_area() && wanted(place.kind));
    let mut found: Vec<(usize, f64)> =
        there.map(|(index, place)| (index, km(at, place.point))).collect();
    found.sort_by(|a, b| a.1.total_cmp(&b.1));
    found.truncate(limit);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geocode::fixture::gazetteer;

    #[test]
    fn the_nearest_place_comes_first_and_areas_are_none() {
        let places = gazetteer().places();
        let ids = |wanted: fn(PlaceKind) -> bool| {
            let found = nearest(places, LonLat::new(37.54, 36.39).unwrap(), 2, wanted);
            assert!(found[0].1 <= found[1].1 && found[0].1 < 4.0, "{found:?}");
            found.into_iter().map(|(index, _)| places[index].id.0.as_str()).collect::<Vec<_>>()
        };
        assert_eq!(ids(|_| true), ["bab", "jadida-a"]);
        assert_eq!(ids(|kind| kind == PlaceKind::City), ["bab", "aleppo"]);
    }
}
