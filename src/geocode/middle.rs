//! The point that stands for a governorate: the middle of where its people live, not of its steppe.

use std::collections::BTreeMap;

use crate::model::place::Place;
use crate::model::point::LonLat;

/// Fewer settlements say nothing of where the others are.
const FEWEST: usize = 10;

/// The middles of governorates, by their codes.
#[derive(Debug, Clone, Default)]
pub(super) struct Middles {
    middles: BTreeMap<String, LonLat>,
}

impl Middles {
    /// The median of the settlements of every governorate: half of them lie north, half of them east.
    pub(super) fn of(places: &[Place]) -> Self {
        let mut settled: BTreeMap<&str, (Vec<f64>, Vec<f64>)> = BTreeMap::new();
        for place in places.iter().filter(|place| place.kind.is_settlement()) {
            let (lons, lats) = settled.entry(&place.admin1_pcode).or_default();
            lons.push(place.point.lon());
            lats.push(place.point.lat());
        }
        let middles = settled.into_iter().filter(|(_, (lons, _))| lons.len() >= FEWEST);
        let middles = middles.filter_map(|(code, (lons, lats))| {
            Some((code.to_owned(), LonLat::new(median(lons)?, median(lats)?)?))
        });
        Self { middles: middles.collect() }
    }

    /// The middle of a governorate.
    pub(super) fn get(&self, code: &str) -> Option<LonLat> {
        self.middles.get(code).copied()
    }
}

fn median(mut degrees: Vec<f64>) -> Option<f64> {
    degrees.sort_by(f64::total_cmp);
    degrees.get(degrees.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geocode::fixture::gazetteer;

    #[test]
    fn a_governorate_is_where_most_of_its_settlements_are() {
        let middles = Middles::of(gazetteer().places());
        let middle = middles.get("SY02").unwrap();
        assert!((37.3..38.0).contains(&middle.lon()), "{middle:?}");
        assert!((36.2..36.6).contains(&middle.lat()), "{middle:?}");
        assert_eq!(middles.get("SY12"), None, "none is known of a governorate without settlements");
    }
}
