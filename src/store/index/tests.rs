use std::cmp::{Ordering, Reverse};
use std::collections::HashSet;

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::model::event::{Event, PROPERTIES};
use crate::model::query::{Equals, Limit, SortKey};
use crate::store::samples::scattered;

fn id_of(feature: &str) -> String {
    let feature: Value = serde_json::from_str(feature).unwrap();
    feature["id"].as_str().unwrap().to_owned()
}

/// What the index must agree with: one look at every event.
pub(crate) fn scan(events: &[Event], query: &EventQuery) -> Vec<String> {
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

pub(crate) fn queries() -> impl Strategy<Value = EventQuery> {
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
            offset: 0,
            limit: Limit::new(limit).unwrap(),
        })
}

pub(crate) fn rows(events: &[Event]) -> Vec<Row> {
    let layout = Layout::new(PROPERTIES);
    (1..).zip(events).map(|(sequence, event)| row(&layout, sequence, event)).collect()
}

pub(crate) fn row(layout: &Layout, sequence: u64, event: &Event) -> Row {
    let feature = event.to_feature();
    let values = PROPERTIES.iter().map(|(name, ..)| Given::from(&feature["properties"][name]));
    let key = (sequence, event.id.0.clone());
    Row::new(layout, key, event.point, event.when.days(), values)
}

pub(crate) fn loaded(rows: &[Row]) -> Arc<Index> {
    Index::of(Layout::new(PROPERTIES), rows.to_vec())
}

/// The next state of an index, as a writer makes it.
fn grown(index: &Index, rows: &[Row]) -> Arc<Index> {
    let mut next = index.clone();
    next.append(rows.to_vec());
    Arc::new(next)
}

pub(crate) fn ids(page: &Page) -> Vec<String> {
    page.features().map(|feature| id_of(&feature)).collect()
}

proptest! {
    #[test]
    fn walking_the_index_is_scanning_the_events(
        events in scattered(), mut query in queries(), bulk in 0_usize..60
    ) {
        let expected = scan(&events, &query);
        let rows = rows(&events);
        let (first, later) = rows.split_at(bulk.min(rows.len()));
        let index = grown(&loaded(first), later);

        let mut walked = Vec::new();
        loop {
            let page = index.page(&query);
            prop_assert_eq!(page.matched, expected.len());
            prop_assert!(page.len() <= query.limit.get());
            prop_assert!(!page.is_empty() || walked.is_empty(), "an empty last page");
            walked.extend(ids(&page));
            match page.next {
                Some(next) => query.after = next,
                None => break,
            }
        }
        prop_assert_eq!(walked, expected);
    }

    #[test]
    fn walking_while_events_arrive_gives_each_that_was_there_once(
        events in scattered(), mut query in queries(), bulk in 1_usize..60,
        batches in prop::collection::vec(0_usize..8, 60)
    ) {
        let rows = rows(&events);
        let (first, mut later) = rows.split_at(bulk.min(rows.len()));
        let at_first = scan(&events[..first.len()], &query);
        let mut index = loaded(first);

        let mut walked = Vec::new();
        for batch in batches {
            let page = index.page(&query);
            walked.extend(ids(&page));
            let Some(next) = page.next else { break };
            query.after = next;
            let (now, rest) = later.split_at(batch.min(later.len()));
            (index, later) = (grown(&index, now), rest);
        }

        let kept: Vec<&String> = walked.iter().filter(|id| at_first.contains(id)).collect();
        prop_assert_eq!(kept, at_first.iter().collect::<Vec<_>>(), "each in its order");
        let distinct: HashSet<&String> = walked.iter().collect();
        prop_assert_eq!(distinct.len(), walked.len(), "none twice");
    }

    #[test]
    fn an_offset_leaves_out_the_first(
        events in scattered(), mut query in queries(), offset in 0_usize..70
    ) {
        let expected = scan(&events, &query);
        query.offset = offset;
        let page = loaded(&rows(&events)).page(&query);
        let rest = expected.get(offset..).unwrap_or_default();
        prop_assert_eq!(page.matched, expected.len());
        prop_assert_eq!(page.next.is_some(), rest.len() > query.limit.get());
        prop_assert_eq!(ids(&page), rest.iter().take(query.limit.get()).cloned().collect::<Vec<_>>());
    }

    #[test]
    fn built_at_once_or_one_by_one_an_index_is_the_same(events in scattered()) {
        let rows = rows(&events);
        let bulk = loaded(&rows);
        let one_by_one = rows.iter().fold(loaded(&[]), |index, row| grown(&index, std::slice::from_ref(row)));
        prop_assert_eq!(bulk.generation(), one_by_one.generation());
        prop_assert_eq!(bulk.extent(), one_by_one.extent());
        let query = EventQuery::default();
        let [bulk, one_by_one] = [bulk, one_by_one].map(|index| index.page(&query));
        prop_assert!(bulk.features().eq(one_by_one.features()));
    }

    #[test]
    fn a_count_that_goes_on_is_a_count_from_the_beginning(
        events in scattered(), query in queries(), cuts in prop::collection::vec(0_usize..20, 1..5)
    ) {
        let rows = rows(&events);
        let mut states = vec![loaded(&[])];
        for cut in cuts {
            let have = states[states.len() - 1].len();
            let more = &rows[have..(have + cut).min(rows.len())];
            states.push(grown(&states[states.len() - 1], more));
            states[states.len() - 1].page(&query);
        }
        for index in &states {
            prop_assert_eq!(index.page(&query).matched, scan(&events[..index.len()], &query).len());
        }
    }
}

#[test]
fn a_box_meets_the_area_that_it_touches_and_not_its_hole() {
    let ring = |from: f64, to: f64| vec![(from, from), (to, from), (to, to), (from, to)].into();
    let around = geo::Polygon::new(ring(33.0, 35.0), vec![ring(33.8, 34.2)]);
    let inside = geo::Polygon::new(ring(33.8, 34.2), Vec::new());
    let rows = (1..).zip([("inside", inside), ("around", around)]).map(|(sequence, (id, area))| {
        let shape = (&Value::Null, MultiPolygon::from(area));
        Row::of_area(&Layout::of_areas(&[]), (sequence, id.to_owned()), shape, [])
    });
    let index = Index::of(Layout::of_areas(&[]), rows);
    for (bbox, met) in [
        ("33.9,33.9,34.1,34.1", &["inside"][..]),
        ("33.1,33.1,33.2,33.2", &["around"]),
        ("30,30,40,40", &["around", "inside"]),
        ("35,35,36,36", &["around"]),
        ("170,30,33.1,40", &["around"]),
        ("36,33,37,35", &[]),
    ] {
        let query = EventQuery { bbox: Some(bbox.parse().unwrap()), ..EventQuery::default() };
        assert_eq!(ids(&index.page(&query)), met, "{bbox}");
    }
    assert_eq!(index.extent().bbox, Some([33.0, 33.0, 35.0, 35.0]));
}
