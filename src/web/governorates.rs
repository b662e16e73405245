//! The governorates as a collection of features: few, embedded, and with edges.

use std::sync::{Arc, LazyLock};

use serde_json::{Value, json};

use crate::geocode::area::Areas;
use crate::geocode::governorate::{self, Governorate};
use crate::model::event::PropertyType as T;
use crate::model::point::LonLat;
use crate::model::query::{Cursor, EventQuery};
use crate::store::index::{Extent, Page, Property};

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
    let features = all.iter().map(|one| feature(one).to_string().into()).collect();
    Governorates { all, areas, features }
});

/// Governorates with their features, both in the order of their codes.
#[derive(Debug)]
pub(super) struct Governorates {
    all: Vec<Governorate>,
    areas: Areas,
    features: Vec<Arc<str>>,
}

impl Governorates {
    /// The features that answer a query, by code. They have no days: an interval matches none.
    pub(super) fn page(&self, query: &EventQuery) -> Page {
        let holds = |one: &Governorate| {
            query.datetime.is_none()
                && query.bbox.is_none_or(|bbox| one.meets(bbox))
                && query
                    .equals
                    .iter()
                    .all(|asked| value(one, &asked.property) == Some(&asked.value))
        };
        let matching: Vec<(Cursor, &Arc<str>)> = (1..)
            .map(Cursor)
            .zip(self.all.iter().zip(&self.features))
            .filter(|(_, (one, _))| holds(one))
            .map(|(at, (_, feature))| (at, feature))
            .collect();
        let rest = matching.iter().filter(|(at, _)| at.0 > query.after.0);
        let taken: Vec<_> = rest.clone().take(query.limit.get()).collect();
        let more = rest.count() > taken.len();
        Page {
            matched: matching.len(),
            next: taken.last().filter(|_| more).map(|(at, _)| *at),
            features: taken.iter().map(|(_, feature)| Arc::clone(feature)).collect(),
        }
    }

    /// The feature of a governorate.
    pub(super) fn get(&self, pcode: &str) -> Option<Arc<str>> {
        let at = self.all.iter().position(|one| one.pcode == pcode)?;
        self.features.get(at).map(Arc::clone)
    }

    /// The governorate that a point lies in.
    pub(super) fn at(&self, point: LonLat) -> Option<&Governorate> {
        let code = self.areas.holding(point)?;
        self.all.iter().find(|one| one.pcode == code)
    }

    pub(super) fn extent(&self) -> Extent {
        let bounds = self.all.iter().filter_map(Governorate::bounds);
        let bbox = bounds.reduce(|a, b| {
            let ([west, south, east, north], [w, s, e, n]) = (a, b);
            [west.min(w), south.min(s), east.max(e), north.max(n)]
        });
        Extent { bbox, days: None }
    }

    /// They change with the program only, and so do all tags.
    #[expect(clippy::unused_self, reason = "asked as other collections are")]
    pub(super) const fn generation(&self) -> u64 {
        0
    }
}

fn value<'a>(one: &'a Governorate, property: &str) -> Option<&'a String> {
    match property {
        "name_en" => Some(&one.name_en),
        "name_ar" => Some(&one.name_ar),
        "pcode" => Some(&one.pcode),
        _ => None,
    }
}

fn feature(one: &Governorate) -> Value {
    json!({
        "type": "Feature",
        "id": one.pcode,
        "geometry": one.geometry,
        "properties": { "name_en": one.name_en, "name_ar": one.name_ar, "pcode": one.pcode },
    })
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
