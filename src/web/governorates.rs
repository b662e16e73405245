//! The governorates as a collection of features: few, embedded, and with edges.

use std::sync::{Arc, LazyLock};

use serde_json::json;

use crate::geocode::area::Areas;
use crate::geocode::governorate::{self, Governorate};
use crate::model::event::PropertyType as T;
use crate::model::point::LonLat;
use crate::store::index::{Given, Index, Layout, Property, Row};

/// Every property of a governorate, with what it holds.
pub(super) const PROPERTIES: &[Property] = &[
    ("name_en", T::Text, "English name"),
    ("name_ar", T::Text, "Arabic name"),
    ("pcode", T::Text, "code, as places and events have it in `admin1_pcode`"),
];

/// The governorates that the program was built with.
pub(super) static GOVERNORATES: LazyLock<Governorates> = LazyLock::new(|| {
    let layer = include_str!("../../static/basemap/governorates.geojson");
    let all = governorate::governorates(layer).expect("the layer is tested to be complete");
    let areas = Areas::of_the_map(layer).expect("the layer is tested to be complete");
    Governorates { index: index(&all), all, areas }
});

/// Governorates in the order of their codes, and their features.
#[derive(Debug)]
pub(super) struct Governorates {
    pub(super) index: Arc<Index>,
    all: Vec<Governorate>,
    areas: Areas,
}

impl Governorates {
    /// The governorate that a point lies in.
    pub(super) fn at(&self, point: LonLat) -> Option<&Governorate> {
        let code = self.areas.holding(point)?;
        self.all.iter().find(|one| one.pcode == code)
    }
}

fn index(all: &[Governorate]) -> Arc<Index> {
    // Without days the index gives the last first.
    let layout = Layout::of_areas(PROPERTIES);
    let row = |(sequence, one): (u64, &Governorate)| {
        let values = [json!(one.name_en), json!(one.name_ar), json!(one.pcode)];
        let shape = (&one.geometry, one.shape.clone());
        Row::of_area(&layout, (sequence, one.pcode.clone()), shape, values.iter().map(Given::from))
    };
    let rows: Vec<Row> = (1..).zip(all.iter().rev()).map(row).collect();
    Index::of(layout, rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_layer_is_complete_and_named_as_events_name_them() {
        let all = &GOVERNORATES.all;
        let codes: Vec<String> = (1..=14).map(|number| format!("SY{number:02}")).collect();
        assert_eq!(all.iter().map(|one| one.pcode.clone()).collect::<Vec<_>>(), codes);
        let places = include_str!("../../gazetteer.geojson");
        for one in all {
            let as_place = format!(r#""admin1":"{}","admin1_pcode":"{}""#, one.name_en, one.pcode);
            assert!(places.contains(&as_place), "no place has {as_place}");
        }
    }

    #[test]
    fn known_cities_lie_in_their_governorates() {
        for (lon, lat, pcode) in [
            (36.30, 33.51, Some("SY01")),
            (37.16, 36.20, Some("SY02")),
            (36.40, 33.57, Some("SY03")),
            (38.27, 34.56, Some("SY04")),
            (36.63, 35.93, Some("SY07")),
            (41.22, 37.05, Some("SY08")),
            (40.14, 35.34, Some("SY09")),
            (39.01, 35.95, Some("SY11")),
            (35.82, 33.13, Some("SY14")),
            (35.75, 33.00, Some("SY14")),
            (37.38, 37.06, None),
            (35.50, 33.89, None),
            (35.20, 35.20, None),
        ] {
            let found = GOVERNORATES.at(LonLat::new(lon, lat).unwrap());
            assert_eq!(found.map(|one| one.pcode.as_str()), pcode, "{lon}, {lat}");
        }
    }
}
