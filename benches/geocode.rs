//! How long it takes to know all places of Syria, and to find one: `cargo bench --bench geocode`.
//!
//! The country has about 13,000 places; the built-in ones are repeated until there are as many.

use std::hint::black_box;

use criterion::{BatchSize, Criterion};
use rasid::extract::Lexicon;
use rasid::geocode::gazetteer::Gazetteer;
use rasid::geocode::prefix::Prefixes;
use rasid::model::point::LonLat;
use rasid::pipeline::Knowledge;
use serde_json::{Value, json};

const PLACES: usize = 13_000;

fn main() {
    let mut bench = Criterion::default().configure_from_args();
    let text = country();
    bench.bench_function("load a gazetteer", |b| {
        b.iter(|| Gazetteer::from_geojson(black_box(&text)).expect("it is a collection"));
    });
    let (gazetteer, _) = Gazetteer::from_geojson(&text).expect("it is a collection");
    bench.bench_function("index the beginnings of names", |b| {
        b.iter(|| Prefixes::new(black_box(gazetteer.places())));
    });
    find_prefixes(&mut bench, &gazetteer);
    let knowledge = Knowledge::new(Lexicon::embedded(), gazetteer);
    for phrase in ["منبج", "Tishreen Dam, Manbij", "قرية المنصورة في سهل الغاب"]
    {
        bench.bench_function(&format!("geocode `{phrase}`"), |b| {
            b.iter_batched(
                || phrase,
                |phrase| knowledge.geocode(black_box(phrase), None).1.len(),
                BatchSize::SmallInput,
            );
        });
    }
    bench.final_summary();
}

/// The first is the worst: with its article nearly every second Arabic name begins so.
fn find_prefixes(bench: &mut Criterion, gazetteer: &Gazetteer) {
    let prefixes = Prefixes::new(gazetteer.places());
    for typed in ["ا", "al", "منب", "Khan S", "نعمان"] {
        bench.bench_function(&format!("find what begins with `{typed}`"), |b| {
            b.iter(|| prefixes.find(black_box(typed), None, 10));
        });
    }
    let near = LonLat::new(36.7, 35.6);
    bench.bench_function("find what begins with `ا` near a point", |b| {
        b.iter(|| prefixes.find(black_box("ا"), near, 10));
    });
}

/// The built-in places, and copies of them under new ids and longer names.
fn country() -> String {
    let built_in: Value = serde_json::from_str(include_str!("../gazetteer.geojson"))
        .expect("the gazetteer is tested to be JSON");
    let places = built_in.get("features").and_then(Value::as_array).expect("it is a collection");
    let copies = places.iter().cycle().take(PLACES).enumerate().map(|(number, place)| {
        let mut place = place.clone();
        if number >= places.len()
            && let Some(properties) = place.get_mut("properties").and_then(Value::as_object_mut)
        {
            properties.insert("id".to_owned(), json!(format!("copy:{number}")));
            for name in ["name_en", "name_ar"] {
                let longer = properties
                    .get(name)
                    .and_then(Value::as_str)
                    .map(|name| format!("{name} {}", number / places.len()));
                properties.insert(name.to_owned(), json!(longer));
            }
        }
        place
    });
    json!({ "type": "FeatureCollection", "features": copies.collect::<Vec<_>>() }).to_string()
}
