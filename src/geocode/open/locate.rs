//! The district and sub-district of places whose source does not tell them.

use std::collections::HashMap;

use crate::geocode::area::Areas;
use crate::model::point::LonLat;

use super::Record;

/// The areas of one level with their names by code.
#[derive(Debug, Default)]
pub struct Level {
    areas: Areas,
    names: HashMap<String, String>,
}

impl Level {
    /// A level of boundaries: its polygons, and its places as they were read.
    pub fn new(areas: Areas, places: &[Record]) -> Self {
        let name =
            |record: &Record| Some((record.place.pcode.clone()?, record.place.name_en.clone()));
        Self { areas, names: places.iter().filter_map(name).collect() }
    }

    fn name_at(&self, at: LonLat) -> Option<String> {
        self.names.get(self.areas.holding(at)?).filter(|name| !name.is_empty()).cloned()
    }
}

/// Names the district and sub-district that a point lies in, where none is named. Areas are left as they are.
pub fn locate(records: &mut [Record], districts: &Level, subdistricts: &Level) {
    for Record { place, .. } in records.iter_mut().filter(|record| !record.place.kind.is_area()) {
        place.admin2 = place.admin2.take().or_else(|| districts.name_at(place.point));
        place.admin3 = place.admin3.take().or_else(|| subdistricts.name_at(place.point));
    }
}
