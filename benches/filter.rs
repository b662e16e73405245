//! How long a filter takes that every event is looked at for: `cargo bench --bench filter`.
//!
//! The events are invented, a hundred thousand unless `EVENTS` says how many; no two have the same title
//! or sentence, which is the worst that texts can be.
#![expect(clippy::print_stderr, reason = "what is done once is told beside what is measured")]

use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use criterion::Criterion;
use geo_types::{Coord, LineString, Polygon};
use rasid::model::event::PROPERTIES;
use rasid::model::filter::{Comparison, Filter, Fold, Operator, Order, Region, Sum, Topology};
use rasid::model::pattern::Pattern;
use rasid::model::point::LonLat;
use rasid::model::query::EventQuery;
use rasid::store::index::{Given, Index, Layout, Row};
use serde_json::{Value, json};

fn main() {
    let count = std::env::var("EVENTS").ok().and_then(|text| text.parse().ok());
    let begun = Instant::now();
    let index = events(count.unwrap_or(100_000));
    eprintln!("{} events loaded in {:?}", index.len(), begun.elapsed());
    let begun = Instant::now();
    index.read_texts(usize::MAX);
    eprintln!("their texts read in {:?}", begun.elapsed());

    let mut bench = Criterion::default().sample_size(10).configure_from_args();
    let title = place("title");
    let fatalities = Sum::Property(place("fatalities"));
    let injured = Sum::Property(place("injured"));
    let both = Sum::Of(Box::new((fatalities, Operator::Plus, injured)));
    for (name, filter) in [
        (
            "fatalities > 3",
            Filter::Number(place("fatalities"), Comparison::To(Order::Greater, 3.0)),
        ),
        ("fatalities + injured > 5", Filter::Numbers(Order::Greater, both, Sum::Number(5.0))),
        (
            "event_type = 'Riots'",
            Filter::Text(
                place("event_type"),
                Fold::Nothing,
                Comparison::To(Order::Equal, "Riots".to_owned()),
            ),
        ),
        (
            "title LIKE '%market 77%'",
            Filter::Like(title, Fold::Nothing, Pattern::new("%market 77%")),
        ),
        (
            "CASEI(title) LIKE '%market 77%'",
            Filter::Like(title, Fold::Case, Pattern::new("%market 77%")),
        ),
        (
            "evidence LIKE '%سوق 77%'",
            Filter::Like(place("evidence"), Fold::Nothing, Pattern::new("%سوق 77%")),
        ),
        ("S_WITHIN a circle of 32 corners", Filter::Lies(Topology::Within, circle(32))),
        ("S_WITHIN a circle of 2,000 corners", Filter::Lies(Topology::Within, circle(2_000))),
    ] {
        let query = EventQuery { filter: Some(filter), ..EventQuery::default() };
        bench.bench_function(name, |b| b.iter(|| index.page(black_box(&query))));
    }
    for words in [&["market"][..], &["77"], &["سوق", "قصف"]] {
        let words: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
        let name = format!("q={}", words.join(" "));
        let query = EventQuery { words, ..EventQuery::default() };
        bench.bench_function(&name, |b| b.iter(|| index.page(black_box(&query))));
    }
    bench.final_summary();
}

fn place(name: &str) -> usize {
    PROPERTIES.iter().position(|(known, ..)| *known == name).expect("it is a property")
}

fn circle(corners: u32) -> Region {
    let corner = |number: u32| {
        let angle = f64::from(number) / f64::from(corners) * std::f64::consts::TAU;
        Coord { x: 38.5 + 2.0 * angle.cos(), y: 35.0 + 1.5 * angle.sin() }
    };
    let ring: LineString = (0..=corners).map(corner).collect();
    Region { geometry: Polygon::new(ring, Vec::new()).into(), bounds: [36.5, 33.5, 40.5, 36.5] }
}

fn events(count: u32) -> Arc<Index> {
    let layout = Layout::new(PROPERTIES);
    let row = |number: u32| {
        let key = (u64::from(number) + 1, format!("e{number}"));
        let at = LonLat::new(
            35.7 + f64::from(number % 997) / 997.0 * 6.6,
            32.4 + f64::from(number % 991) / 991.0 * 4.8,
        );
        Row::new(&layout, key, at, None, values(number).iter().map(Given::from))
    };
    Index::of(Layout::new(PROPERTIES), (0..count).map(row))
}

fn values(number: u32) -> Vec<Value> {
    let value = |name: &str| match name {
        "event_type" => json!(["Battles", "Riots", "Protests"].get(number as usize % 3)),
        "actor1" => json!(format!("Militia {}", number % 50)),
        "location" => json!(format!("Town {}", number % 500)),
        "location_ar" => json!(format!("بلدة {}", number % 500)),
        "fatalities" => json!(number % 7),
        "injured" => json!((!number.is_multiple_of(5)).then_some(number % 11)),
        "title" => json!(format!("Shelling hits the market {number} in the old town, sources say")),
        "evidence" => json!(format!(
            "قال مصدر محلي إن قصفاً مدفعياً استهدف سوق {number} في البلدة القديمة مساء أمس، وأدى إلى سقوط قتلى وجرحى من المدنيين بينهم أطفال"
        )),
        _ => Value::Null,
    };
    PROPERTIES.iter().map(|(name, ..)| value(name)).collect()
}
