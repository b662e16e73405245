use proptest::prelude::*;

use super::*;
use crate::model::event::{Event, PROPERTIES};
use crate::model::query::{Equals, Limit};
use crate::store::samples::scattered;

fn id_of(feature: &str) -> String {
    let feature: Value = serde_json::from_str(feature).unwrap();
    feature["id"].as_str().unwrap().to_owned()
}

/// What the index must agree with: one look at every event.
fn scan(events: &[Event], query: &EventQuery) -> Vec<String> {
    let mut found: Vec<(usize, &Event)> = events
        .iter()
        .enumerate()
        .filter(|(_, event)| {
            let feature = event.to_feature();
            query.bbox.is_none_or(|bbox| event.point.is_some_and(|at| bbox.contains(at)))
                && query
                    .datetime
                    .is_none_or(|asked| event.when.days().is_some_and(|d| asked.meets(d)))
                && query.equals.iter().all(|equals| {
                    match &feature["properties"][&equals.property] {
                        Value::Array(items) => items.iter().any(|item| item == &*equals.value),
                        Value::String(text) => *text == equals.value,
                        Value::Number(n) => n.to_string() == equals.value,
                        _ => false,
                    }
                })
        })
        .collect();
    found.sort_by_key(|&(place, event)| Reverse((event.when.event_date, place)));
    found.into_iter().map(|(_, event)| event.id.0.clone()).collect()
}

fn queries() -> impl Strategy<Value = EventQuery> {
    let edge = |most: f64| {
        prop_oneof![(-3_i32..=3).prop_map(move |n| f64::from(n) * most / 3.0), -most..=most]
    };
    let bbox = (edge(180.0), edge(90.0), edge(180.0), edge(90.0))
        .prop_map(|(w, s, e, n)| Bbox::new(w, s.min(n), e, s.max(n)).unwrap());
    let datetime = prop::sample::select(vec![
        "2022-01-05",
        "2022-01-03/2022-01-20",
        "../2022-01-10",
        "2022-01-10/..",
    ])
    .prop_map(|text| text.parse().unwrap());
    let equals = prop::sample::select(vec![
        ("event_type", "Battles"),
        ("actor_ids", "X1"),
        ("fatalities", "2"),
        ("fatalities", "many"),
        ("event_date", "2022-01-05"),
        ("confidence", "1.0"),
        ("attribution", ""),
        ("admin1", "Idlib"),
        ("no_such", "x"),
    ])
    .prop_map(|(property, value)| Equals {
        property: property.to_owned(),
        value: value.to_owned(),
    });
    (
        prop::option::of(bbox),
        prop::option::of(datetime),
        prop::collection::vec(equals, 0..2),
        prop_oneof![1_usize..5, Just(100)],
    )
        .prop_map(|(bbox, datetime, equals, limit)| EventQuery {
            bbox,
            datetime,
            equals,
            after: Cursor::default(),
            limit: Limit::new(limit).unwrap(),
        })
}

fn rows(events: &[Event]) -> Vec<Row> {
    let row = |(sequence, event): (u64, &Event)| {
        let feature = event.to_feature();
        let values = PROPERTIES.iter().map(|(name, ..)| feature["properties"][name].clone());
        let key = (sequence, event.id.0.clone());
        Row::new(PROPERTIES, key, event.point, event.when.days(), values.collect())
    };
    (1..).zip(events).map(row).collect()
}

fn loaded(rows: &[Row]) -> Index {
    let mut loading = Loading::new(PROPERTIES);
    for row in rows {
        loading.push(row);
    }
    loading.finish()
}

proptest! {
    #[test]
    fn walking_the_index_is_scanning_the_events(
        events in scattered(), mut query in queries(), bulk in 0_usize..60
    ) {
        let expected = scan(&events, &query);
        let rows = rows(&events);
        let (first, later) = rows.split_at(bulk.min(rows.len()));
        let mut index = loaded(first);
        index.append(later);

        let mut walked = Vec::new();
        loop {
            let page = index.page(&query);
            prop_assert_eq!(page.matched, expected.len());
            prop_assert!(page.features.len() <= query.limit.get());
            prop_assert!(!page.features.is_empty() || walked.is_empty(), "an empty last page");
            walked.extend(page.features.iter().map(|feature| id_of(feature)));
            match page.next {
                Some(next) => query.after = next,
                None => break,
            }
        }
        prop_assert_eq!(walked, expected);
    }

    #[test]
    fn built_at_once_or_one_by_one_an_index_is_the_same(events in scattered()) {
        let rows = rows(&events);
        let bulk = loaded(&rows);
        let mut grown = loaded(&[]);
        grown.append(&rows);
        prop_assert_eq!(bulk.generation(), grown.generation());
        prop_assert_eq!(bulk.extent(), grown.extent());
        prop_assert_eq!(bulk.page(&EventQuery::default()), grown.page(&EventQuery::default()));
    }
}
