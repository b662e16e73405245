//! How long searches of a million events take, without a network: `cargo bench --bench search`.
//!
//! Each search is made with its answer, for many boxes, types and months in turn. Beside the means
//! of the harness it prints how long the slowest in a hundred took.

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use criterion::Criterion;
use jiff::civil::{Date, date};
use rasid::model::event::PROPERTIES;
use rasid::model::point::{Bbox, LonLat};
use rasid::model::query::{Equals, EventQuery, Limit, SortKey};
use rasid::model::taxonomy::SubEventType;
use rasid::store::index::{Given, Index, Layout, Row};
use serde_json::{Value, json};

const EVENTS: u64 = 1_000_000;
const DAYS: u64 = 5_400;

fn main() {
    let mut bench = Criterion::default().configure_from_args().sample_size(20);
    let index = index();
    for (name, queries) in searches() {
        let mut next = queries.iter().cycle();
        bench.bench_function(name, |b| b.iter(|| answer(&index, next.next())));
        tell_slowest(name, &index, &queries);
    }
    bench.bench_function("append 10,000 events", |b| {
        let rows: Vec<Row> = rows(EVENTS..EVENTS + 10_000).collect();
        b.iter_with_large_drop(|| {
            let mut next = Index::clone(&index);
            next.append(black_box(rows.clone()));
            next
        });
    });
    bench.final_summary();
}

/// A search with the bytes of its answer.
fn answer(index: &Arc<Index>, query: Option<&EventQuery>) -> usize {
    let page = index.page(black_box(query.expect("there are searches")));
    let (mut text, mut place) = (String::new(), 0);
    while place < page.len() {
        place = page.give(place, |feature| text.push_str(feature));
    }
    text.len()
}

#[expect(clippy::print_stderr, reason = "the harness prints no such number")]
fn tell_slowest(name: &str, index: &Arc<Index>, queries: &[EventQuery]) {
    let time = |query| {
        let begun = Instant::now();
        black_box(answer(index, Some(query)));
        begun.elapsed()
    };
    let mut times: Vec<Duration> = queries.iter().cycle().take(2_000).map(time).collect();
    times.sort_unstable();
    let at = |percent: usize| times.get(times.len() * percent / 100).copied().unwrap_or_default();
    eprintln!("{name}: p50 {:?}, p99 {:?}", at(50), at(99));
}

fn searches() -> Vec<(&'static str, Vec<EventQuery>)> {
    let newest = EventQuery::default();
    let whole: Bbox = "35,32,43,38".parse().expect("it is a box");
    let typed =
        |kind: &str| vec![Equals { property: "event_type".to_owned(), value: kind.to_owned() }];
    let months =
        (2012..2024).flat_map(|year| (1..=12).map(move |month| format!("{year}-{month:02}")));
    let by_month = months.flat_map(|month| {
        ["Battles", "Protests", "Riots"].map(|kind| EventQuery {
            equals: typed(kind),
            datetime: format!("{month}-01/{month}-28").parse().ok(),
            ..EventQuery::default()
        })
    });
    let boxes = (0..200).map(|number| {
        let (west, south) =
            (36.0 + f64::from(number % 20) * 0.3, 32.5 + f64::from(number / 20) * 0.4);
        let bbox = Bbox::new(west, south, west + 0.18, south + 0.18).ok();
        EventQuery { bbox, limit: Limit::new(10_000).unwrap_or_default(), ..EventQuery::default() }
    });
    let sort = vec![SortKey { property: "fatalities".to_owned(), descending: true }];
    vec![
        ("newest 100", vec![newest.clone()]),
        (
            "newest 100 of a box around all",
            vec![EventQuery { bbox: Some(whole), ..newest.clone() }],
        ),
        ("newest 100 of a type", vec![EventQuery { equals: typed("Battles"), ..newest.clone() }]),
        ("newest 100 of a type in a month", by_month.collect()),
        ("a box of a thousand", boxes.collect()),
        ("the 100 deadliest", vec![EventQuery { sort, ..newest }]),
    ]
}

fn index() -> Arc<Index> {
    Index::of(Layout::new(PROPERTIES), rows(0..EVENTS))
}

/// Events anywhere, on any day, of any type; the numbers are scattered, but the same each time.
fn rows(numbers: std::ops::Range<u64>) -> impl Iterator<Item = Row> {
    let layout = Layout::new(PROPERTIES);
    let first: Date = date(2011, 3, 15);
    numbers.map(move |number| {
        let scattered = number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let part = |shift: u32, most: u64| (scattered >> shift) % most;
        let degrees = |part: u64| f64::from(u32::try_from(part).unwrap_or(0)) / 1e5;
        let at = LonLat::new(35.7 + degrees(part(8, 670_000)), 32.3 + degrees(part(23, 500_000)));
        let offset = i64::try_from(part(40, DAYS)).unwrap_or(0);
        let day = first.saturating_add(jiff::Span::new().days(offset));
        let values = values(number, &day.to_string());
        let values: Vec<Given<'_>> = values.iter().map(Given::from).collect();
        let id = format!("{:032x}-{number}", number / 3);
        Row::new(&layout, (number + 1, id), at, Some((day, day)), values)
    })
}

fn values(number: u64, day: &str) -> Vec<Value> {
    let kinds = SubEventType::ALL;
    let kind = kinds.iter().cycle().nth(usize::try_from(number % 25).unwrap_or(0));
    let kind = kind.copied().expect("there are types");
    let article = number / 3;
    let known = json!({
        "event_type": kind.event_type().to_string(), "sub_event_type": kind.to_string(),
        "disorder_type": kind.disorder_type().to_string(), "event_date": day, "time_precision": 1,
        "actor1": format!("Side {}", number % 40), "actor_ids": [format!("S{}", number % 40)],
        "location": format!("Town {}", number % 3_000), "admin1": "Idlib", "geo_precision": 1,
        "fatalities": number % 17, "certainty": "reported", "confidence": 0.8, "review": "machine",
        "evidence": format!("قصف مدفعي صاروخي على بلدة في الريف الجنوبي أدى إلى مقتل وإصابة عدد من المدنيين بينهم أطفال ونساء {number}"),
        "evidence_start": number % 2_000, "evidence_end": number % 2_000 + 110,
        "article_id": format!("{article:032x}"), "source": "وكالة", "title": format!("قصف على ريف إدلب {article}"),
        "source_url": format!("https://example.org/news/{article}"), "published": day, "n_sources": 1,
        "extractor": "rasid 0.1.0",
    });
    PROPERTIES.iter().map(|(name, ..)| known.get(name).cloned().unwrap_or_default()).collect()
}
