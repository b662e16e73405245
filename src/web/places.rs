//! The gazetteer as a collection of features.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::model::event::PropertyType as T;
use crate::model::place::{Place, PlaceKind};
use crate::store::index::{Given, Index, Layout, Property, Row};

/// Every property of a place, with what it holds.
pub(super) const PROPERTIES: &[Property] = &[
    ("name_en", T::Text, "English name"),
    ("name_ar", T::Text, "Arabic name"),
    ("alt_en", T::List, "other Latin spellings and names"),
    ("alt_ar", T::List, "other Arabic spellings and names"),
    ("kind", T::Enum(PlaceKind::NAMES), "what it is"),
    ("admin1", T::Text, "governorate"),
    ("admin1_pcode", T::Text, "code of the governorate"),
    ("admin2", T::Text, "district"),
    ("admin3", T::Text, "sub-district"),
    ("population", T::Integer, "how many live there; null if not known"),
    ("source", T::Text, "who says so"),
];

/// The places, ready to be answered. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Places(pub(super) Arc<Index>);

impl Places {
    /// Indexes the places; they are answered in the order given.
    pub fn new(places: &[Place]) -> Self {
        // Of one day the index gives the last first, and places have no day.
        let layout = Layout::new(PROPERTIES);
        let numbered = (1..).zip(places.iter().rev());
        let rows: Vec<Row> =
            numbered.map(|(sequence, place)| row(&layout, sequence, place)).collect();
        Self(Index::of(layout, rows))
    }
}

fn row(layout: &Layout, sequence: u64, place: &Place) -> Row {
    let values: [Value; 11] = [
        json!(place.name_en),
        json!(place.name_ar),
        json!(place.alt_en),
        json!(place.alt_ar),
        json!(place.kind),
        json!(place.admin1),
        json!(place.admin1_pcode),
        json!(place.admin2),
        json!(place.admin3),
        json!(place.population),
        json!(place.source),
    ];
    let id = place.id.0.clone();
    Row::new(layout, (sequence, id), Some(place.point), None, values.iter().map(Given::from))
}
