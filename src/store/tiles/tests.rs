use std::sync::Arc;

use std::collections::HashMap;

use geo::Geometry;
use mvt_reader::Reader;
use mvt_reader::feature::{Feature, Value};
use proptest::prelude::*;

use super::*;
use crate::model::event::{Event, PROPERTIES};
use crate::store::index::tests::{loaded, queries, rows};
use crate::store::samples::{article, event, scattered};

/// The features of a tile by layer, as another program reads them, and whether they lie within it.
fn read(tile: Vec<u8>) -> HashMap<String, Vec<(Feature<f32>, bool)>> {
    if tile.is_empty() {
        return HashMap::new();
    }
    let reader = Reader::new(tile).unwrap();
    let names = reader.get_layer_names().unwrap().into_iter().enumerate();
    let layers = names.map(|(place, name)| {
        let features = reader.get_features(place).unwrap().into_iter().map(|feature| {
            let Geometry::MultiPoint(points) = &feature.geometry else { panic!("{feature:?}") };
            let [at] = points.0.as_slice() else { panic!("{feature:?}") };
            let within = [at.x(), at.y()].iter().all(|&step| (0.0..4096.0).contains(&step));
            (feature, within)
        });
        (name, features.collect())
    });
    layers.collect()
}

fn tiles(depth: u8) -> impl Iterator<Item = Cell> {
    let side = 1 << depth;
    (0..side)
        .flat_map(move |row| (0..side).map(move |column| Cell::new(depth, row, column).unwrap()))
}

fn property<'a>(feature: &'a Feature<f32>, name: &str) -> Option<&'a Value> {
    feature.properties.as_ref().unwrap().get(name)
}

proptest! {
    #[test]
    fn every_event_lies_within_one_tile(
        events in scattered(), query in queries(), depth in 0_u8..4
    ) {
        let index = loaded(&rows(&events));
        let query = EventQuery { limit: Limit::new(Limit::MOST).unwrap(), ..query };
        let mut found: Vec<String> = Vec::new();
        for tile in tiles(depth) {
            let layers = read(index.tile(&query, tile));
            for (feature, _) in layers.get(EVENTS).into_iter().flatten().filter(|(_, in_it)| *in_it) {
                let Some(Value::String(id)) = property(feature, "id") else { panic!("{feature:?}") };
                found.push(id.clone());
            }
        }
        found.sort_unstable();
        let located = |event: &&Event| event.point.is_some();
        let matching = index.page(&query).features().collect::<Vec<_>>();
        let mut expected: Vec<String> = events
            .iter()
            .filter(located)
            .map(|event| event.id.0.clone())
            .filter(|id| matching.iter().any(|f| f.contains(&format!("\"id\":\"{id}\""))))
            .collect();
        expected.sort_unstable();
        prop_assert_eq!(found, expected);
    }
}

#[test]
fn a_feature_has_every_property_that_is_known() {
    let article = article(1);
    let event = event(&article, 3);
    let index = loaded(&rows(std::slice::from_ref(&event)));
    let layers = read(index.tile(&EventQuery::default(), Cell::new(0, 0, 0).unwrap()));
    let [(feature, true)] = layers[EVENTS].as_slice() else { panic!("{layers:?}") };
    assert_eq!(feature.id, Some(1));
    let told = event.to_feature();
    for (name, ..) in PROPERTIES {
        let expected = match &told["properties"][name] {
            serde_json::Value::Null => None,
            serde_json::Value::Array(items) => {
                let items: Vec<&str> = items.iter().filter_map(|item| item.as_str()).collect();
                Some(Value::String(items.join("; ")))
            }
            serde_json::Value::String(text) => Some(Value::String(text.clone())),
            number if number.is_i64() => number.as_i64().map(Value::Int),
            number => number.as_f64().map(Value::Double),
        };
        assert_eq!(property(feature, name), expected.as_ref(), "{name}");
    }
}

/// Many events on and around the corner of four tiles.
fn crowd(count: usize) -> Arc<Index> {
    let article = article(1);
    let around = |number: usize| f64::from(u32::try_from(number % 41).unwrap()) / 10.0 - 2.0;
    let events = (0..count).map(|number| {
        let mut event = event(&article, number);
        event.point = LonLat::new(45.0 + around(number), around(number / 41));
        event
    });
    loaded(&rows(&events.collect::<Vec<_>>()))
}

#[test]
fn many_events_of_a_large_tile_are_clusters_that_count_them_all() {
    let index = crowd(3_000);
    let mut counted = 0;
    for tile in tiles(4) {
        let bytes = index.tile(&EventQuery::default(), tile);
        assert!(bytes.len() < 100_000, "{}", bytes.len());
        for (feature, within) in read(bytes).get(CLUSTERS).into_iter().flatten() {
            assert!(within, "a cluster lies in the tile that holds its events");
            let Some(Value::UInt(count)) = property(feature, "count") else {
                panic!("{feature:?}")
            };
            counted += count;
        }
    }
    assert_eq!(counted, 3_000);
}

#[test]
fn what_lies_on_an_edge_is_within_one_tile_and_in_the_buffer_of_the_others() {
    let index = crowd(1_681);
    let mut seen: HashMap<u64, [usize; 2]> = HashMap::new();
    // 45° E on the equator is the corner of four tiles.
    for tile in [(3, 4), (3, 5), (4, 4), (4, 5)].map(|(row, column)| (row * 32, column * 32)) {
        for (down, across) in [(0, 0), (0, 31), (31, 0), (31, 31)] {
            let cell = Cell::new(8, tile.0 + down, tile.1 + across).unwrap();
            for (feature, within) in
                read(index.tile(&EventQuery::default(), cell)).remove(EVENTS).unwrap_or_default()
            {
                seen.entry(feature.id.unwrap()).or_default()[usize::from(within)] += 1;
            }
        }
    }
    let corner = 20 * 41 + 20 + 1;
    assert_eq!(seen[&corner], [3, 1], "within one, in the buffer of three");
}

#[test]
fn where_nothing_is_there_is_no_tile() {
    let index = crowd(10);
    let empty = Cell::new(8, 10, 10).unwrap();
    assert!(index.tile(&EventQuery::default(), empty).is_empty());
    let nothing = loaded(&[]);
    assert!(nothing.tile(&EventQuery::default(), Cell::new(0, 0, 0).unwrap()).is_empty());
}
