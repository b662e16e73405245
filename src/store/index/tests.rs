use std::cmp::Ordering;

use proptest::prelude::*;

use super::*;
use crate::model::event::{Event, PROPERTIES};
use crate::model::query::{Equals, Limit, SortKey};
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
    found.sort_by(|a, b| {
        let keys = query.sort.iter().map(|key| by_key(a.1, b.1, key));
        let usual = |&(place, event): &(usize, &Event)| Reverse((event.when.event_date, place));
        keys.fold(Ordering::Equal, Ordering::then).then_with(|| usual(a).cmp(&usual(b)))
    });
    found.into_iter().map(|(_, event)| event.id.0.clone()).collect()
}

fn by_key(a: &Event, b: &Event, key: &SortKey) -> Ordering {
    let [a, b] = [a, b].map(|event| event.to_feature()["properties"][&key.property].clone());
    let order = match (&a, &b) {
        (Value::Null, _) | (_, Value::Null) => return a.is_null().cmp(&b.is_null()),
        (Value::String(a), Value::String(b)) => a.cmp(b),
        _ => a.as_f64().unwrap().total_cmp(&b.as_f64().unwrap()),
    };
    if key.descending { order.reverse() } else { order }
}

fn sorts() -> impl Strategy<Value = Vec<SortKey>> {
    let names = ["event_date", "event_type", "fatalities", "confidence", "attribution", "admin1"];
    let key = (prop::sample::select(names.to_vec()), any::<bool>())
        .prop_map(|(name, descending)| SortKey { property: name.to_owned(), descending });
    prop::collection::vec(key, 0..3)
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
        sorts(),
        prop_oneof![1_usize..5, Just(100)],
    )
        .prop_map(|(bbox, datetime, equals, sort, limit)| EventQuery {
            bbox,
            datetime,
            equals,
            words: Vec::new(),
            filter: None,
            sort,
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

#[test]
fn a_box_meets_the_area_that_it_touches_and_not_its_hole() {
    let ring = |from: f64, to: f64| vec![(from, from), (to, from), (to, to), (from, to)].into();
    let around = geo::Polygon::new(ring(33.0, 35.0), vec![ring(33.8, 34.2)]);
    let inside = geo::Polygon::new(ring(33.8, 34.2), Vec::new());
    let mut loading = Loading::new(&[]);
    for (sequence, (id, area)) in (1..).zip([("inside", inside), ("around", around)]) {
        let shape = (&Value::Null, MultiPolygon::from(area));
        loading.push(&Row::of_area(&[], (sequence, id.to_owned()), shape, Vec::new()));
    }
    let index = loading.finish();
    for (bbox, met) in [
        ("33.9,33.9,34.1,34.1", &["inside"][..]),
        ("33.1,33.1,33.2,33.2", &["around"]),
        ("30,30,40,40", &["around", "inside"]),
        ("35,35,36,36", &["around"]),
        ("170,30,33.1,40", &["around"]),
        ("36,33,37,35", &[]),
    ] {
        let query = EventQuery { bbox: Some(bbox.parse().unwrap()), ..EventQuery::default() };
        let found: Vec<String> = index.page(&query).features.iter().map(|f| id_of(f)).collect();
        assert_eq!(found, met, "{bbox}");
    }
    assert_eq!(index.extent().bbox, Some([33.0, 33.0, 35.0, 35.0]));
}
