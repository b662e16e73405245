//! How long a map waits for a million events: `cargo bench --bench map`.
//!
//! Half of the events are strewn over the country, half lie in a few towns, as news have it. With
//! `EVENTS=FILE` (one object a line with `lat`, `lon` and `date`) those of the file are taken again and
//! again on other days.

use std::hint::black_box;
use std::path::PathBuf;
use std::sync::Arc;

use criterion::Criterion;
use jiff::civil::{Date, date};
use jiff::{Span, ToSpan};
use rasid::model::event::{PROPERTIES, PropertyType};
use rasid::model::mercator::Cell;
use rasid::model::point::{Bbox, LonLat};
use rasid::model::query::{Equals, EventQuery};
use rasid::model::taxonomy::SubEventType;
use rasid::store::aggregate::By;
use rasid::store::clusters::Zoom;
use rasid::store::index::{Given, Index, Layout, Row};
use serde_json::{Value, json};

const EVENTS: usize = 1_000_000;

/// West, south, east, north of the country.
const COUNTRY: [f64; 4] = [35.7, 32.3, 42.4, 37.3];

fn main() {
    let mut bench = Criterion::default().configure_from_args();
    let spots = std::env::var_os("EVENTS").map_or_else(invented, |path| of_file(path.into()));
    let index = index(&spots);
    let [all, shelling, town] = questions();
    for (name, query) in [("no filter", &all), ("one type", &shelling), ("a town", &town)] {
        for zoom in [6, 9] {
            let zoom = Zoom::new(zoom).expect("it is below the greatest");
            bench.bench_function(&format!("clusters at zoom {}, {name}", zoom.get()), |b| {
                b.iter(|| index.clusters(black_box(query), zoom));
            });
        }
    }
    for by in [&[By::Day][..], &[By::Admin1], &[By::Actor], &[By::Month, By::EventType]] {
        let name = by.iter().map(|by| by.as_str()).collect::<Vec<_>>().join(", ");
        bench.bench_function(&format!("counts by {name}"), |b| {
            b.iter(|| index.aggregate(black_box(&EventQuery::default()), by));
        });
    }
    // Most of the country without and with a filter; towns, in which a tile has its thousand events.
    let open = EventQuery { datetime: "2012-01-01/..".parse().ok(), ..EventQuery::default() };
    for (name, query, cell) in [
        ("6/25/38", &EventQuery::default(), Cell::new(6, 25, 38)),
        ("6/25/38 of some years", &open, Cell::new(6, 25, 38)),
        ("of a thousand events", &EventQuery::default(), thousand(&index)),
    ] {
        let cell = cell.expect("it is a tile");
        bench.bench_function(&format!("tile {name}"), |b| {
            b.iter(|| index.tile(black_box(query), cell));
        });
    }
    bench.final_summary();
}

/// The tile whose size comes nearest to that of a thousand events with all properties.
fn thousand(index: &Index) -> Option<Cell> {
    let point = LonLat::new(36.65, 35.95)?;
    let deep = (8..=20).rev().map(|depth| Cell::of(point.into(), depth));
    let bytes = |&cell: &Cell| index.tile(&EventQuery::default(), cell).len();
    deep.min_by_key(|cell| bytes(cell).abs_diff(200_000))
}

/// The whole country, plain and by type, and a box round Idlib.
fn questions() -> [EventQuery; 3] {
    let [west, south, east, north] = COUNTRY;
    let bbox = Bbox::new(west, south, east, north).ok();
    let all = EventQuery { bbox, ..EventQuery::default() };
    let shelling = Equals {
        property: "event_type".to_owned(),
        value: "Explosions/Remote violence".to_owned(),
    };
    let town = Bbox::new(36.4, 35.8, 36.9, 36.1).ok();
    [
        all.clone(),
        EventQuery { equals: vec![shelling], ..all.clone() },
        EventQuery { bbox: town, ..all },
    ]
}

/// A place and a day.
type Spot = (f64, f64, Date);

/// Numbers that look like chance and are the same in every run.
fn chance(seed: usize, most: usize) -> usize {
    let mut mixed = (seed as u64).wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    usize::try_from((mixed ^ (mixed >> 31)) % most as u64).expect("it is below a usize")
}

#[expect(clippy::cast_precision_loss, reason = "chances are small")]
fn part(seed: usize) -> f64 {
    chance(seed, 1 << 20) as f64 / f64::from(1 << 20)
}

fn day(number: usize) -> Date {
    date(2011, 3, 15).saturating_add(Span::new().days(i64::try_from(number).unwrap_or(0)))
}

fn invented() -> Vec<Spot> {
    const TOWNS: usize = 400;
    let [west, south, east, north] = COUNTRY;
    let place =
        |seed: usize| (west + part(seed) * (east - west), south + part(seed + 1) * (north - south));
    let spot = |number: usize| {
        let seed = number * 8;
        // The square of a chance: few towns have most of the events.
        let town = chance(seed, TOWNS) * chance(seed + 1, TOWNS) / TOWNS;
        let (lon, lat) = place(if number.is_multiple_of(2) { town * 8 + 1_000_003 } else { seed });
        (lon, lat, day(chance(seed + 4, 5_000)))
    };
    (0..EVENTS).map(spot).collect()
}

fn of_file(path: PathBuf) -> Vec<Spot> {
    let text = std::fs::read_to_string(path).expect("EVENTS names a file");
    let read = text.lines().filter_map(|line| {
        let event: Value = serde_json::from_str(line).ok()?;
        let day: Date = event.get("date")?.as_str()?.parse().ok()?;
        Some((event.get("lon")?.as_f64()?, event.get("lat")?.as_f64()?, day))
    });
    let events: Vec<Spot> = read.collect();
    let again = events.iter().cycle().take(EVENTS).enumerate();
    again.map(|(number, &(lon, lat, day))| (lon, lat, day + chance_of_days(number))).collect()
}

fn chance_of_days(seed: usize) -> Span {
    (i64::try_from(chance(seed, 61)).unwrap_or(0) - 30).days()
}

fn index(spots: &[Spot]) -> Arc<Index> {
    let layout = Layout::new(PROPERTIES);
    let row = |(number, &(lon, lat, day)): (usize, &Spot)| {
        let at = LonLat::new(lon, lat).filter(|_| number % 20 != 19);
        let key = (number as u64 + 1, format!("e{number}"));
        let values: Vec<Value> =
            PROPERTIES.iter().map(|&(name, kind, _)| value(name, kind, number, day)).collect();
        Row::new(&layout, key, at, Some((day, day)), values.iter().map(Given::from))
    };
    Index::of(Layout::new(PROPERTIES), spots.iter().enumerate().map(row))
}

fn value(name: &str, kind: PropertyType, number: usize, day: Date) -> Value {
    let sub = || SubEventType::ALL.get(chance(number, SubEventType::ALL.len()));
    match (name, kind) {
        ("event_type", _) => json!(sub().map(|sub| sub.event_type())),
        ("sub_event_type", _) => json!(sub()),
        ("event_date", _) => json!(day),
        ("actor_ids", _) => {
            json!([format!("A{}", chance(number, 60)), format!("A{}", chance(number + 1, 60))])
        }
        ("actor1", _) => json!(format!("Actor {}", chance(number, 60))),
        ("actor2", _) => json!(format!("Actor {}", chance(number + 1, 60))),
        ("admin1", _) => json!(format!("Governorate {}", chance(number, 14))),
        ("geo_precision", _) => json!(1 + chance(number, 3)),
        ("fatalities" | "fatalities_low", _) => {
            (!number.is_multiple_of(3)).then(|| chance(number, 9)).into()
        }
        ("evidence", _) => json!(format!("The sentence number {number} that tells of it.")),
        ("title" | "location" | "location_ar" | "place_text", _) => {
            json!(format!("{name} {}", chance(number, 3_000)))
        }
        (_, PropertyType::Integer) => chance(number, 100).into(),
        (_, PropertyType::Real) => json!(0.8),
        (_, PropertyType::Enum(names)) => names.first().copied().into(),
        _ => Value::Null,
    }
}
