//! Every format that features come in, read by the programs that it is for: GDAL and a feed reader.

use std::path::Path;

use serde_json::Value;
use tempfile::tempdir;

use crate::app::{Rasid, file, id_of, program, run, sorted};

const ITEMS: &str = "/collections/events/items?limit=10000";

/// What GDAL makes of a file, as GeoJSON features in the order of their ids.
pub(crate) fn read_by_gdal(path: &Path, options: &[&str]) -> Vec<Value> {
    let mut ogr2ogr = program("ogr2ogr");
    ogr2ogr.args(["-f", "GeoJSON", "/dev/stdout"]).arg(path).args(options);
    let ran = run(&mut ogr2ogr).done();
    for word in ["ERROR", "Warning"] {
        assert!(!ran.err.contains(word), "{ran:#?}");
    }
    let mut features = ran.features();
    features.sort_by_key(id);
    features
}

/// The id of an event, wherever the format has it.
pub(crate) fn id(feature: &Value) -> String {
    let properties = &feature["properties"];
    let ids =
        [&properties["event_id"], &properties["event_id_cnty"], &feature["id"], &properties["id"]];
    ids.into_iter().find_map(Value::as_str).expect("an id").to_owned()
}

/// The events of the server in the order of their ids.
fn events(server: &Rasid, search: &str) -> Vec<Value> {
    let texts = server.features(search);
    let mut events: Vec<Value> = texts.iter().map(|t| serde_json::from_str(t).unwrap()).collect();
    events.sort_by_key(id);
    events
}

/// Fails unless both tell the same, each in its way.
pub(crate) fn assert_same(told: &[Value], events: &[Value], place: bool) {
    let ids = |features: &[Value]| features.iter().map(id).collect::<Vec<_>>();
    assert_eq!(ids(told), ids(events));
    for (told, event) in told.iter().zip(events) {
        if place {
            assert_eq!(told["geometry"], event["geometry"], "{}", id(event));
        }
        for (name, value) in event["properties"].as_object().unwrap() {
            let written = &told["properties"][name];
            let json = value.to_string();
            let same = match (value, written) {
                (Value::Null, written) => written.is_null() || written == "",
                // A text, or a day that is written as its midnight.
                (Value::String(text), Value::String(written)) => {
                    written == text || written.replace('/', "-") == format!("{text}T00:00:00")
                }
                (Value::Number(_), Value::String(written)) => json == *written,
                (Value::Array(items), Value::String(written)) => {
                    let items: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
                    json == *written || items.join("; ") == *written
                }
                (value, written) => value == written,
            };
            assert!(same, "{}: {name} is {value}, and {written} was read", id(event));
        }
    }
}

#[test]
fn gdal_reads_the_flatgeobuf_of_the_server() {
    let server = Rasid::on_samples();
    let folder = tempdir().unwrap();
    let path = file(&folder, "events.fgb", server.bytes(&format!("{ITEMS}&f=flatgeobuf")));
    let expected = events(&server, "");

    let told = run(program("ogrinfo").args(["-so", "-al"]).arg(&path)).done();
    for words in [
        "using driver `FlatGeobuf\' successful",
        "Layer name: events",
        "Geometry: Point",
        &format!("Feature Count: {}", expected.len()),
        "GEOGCRS[\"WGS 84\"",
        "event_id: String",
        "event_date: DateTime",
        "fatalities: Integer64",
        "confidence: Real",
    ] {
        assert!(told.out.contains(words), "`{words}` is missing: {told:#?}");
    }
    assert!(!told.err.contains("ERROR") && !told.err.contains("Warning"), "{told:#?}");
    assert_same(&read_by_gdal(&path, &[]), &expected, true);

    // By the index alone.
    let boxed = read_by_gdal(&path, &["-spat", "36", "35", "38", "37"]);
    assert_same(&boxed, &events(&server, "bbox=36,35,38,37"), true);

    // Without any point there is no index, and nothing is lost.
    let plain = server.bytes(&format!("{ITEMS}&f=flatgeobuf&skipGeometry=true"));
    let path = file(&folder, "plain.fgb", plain);
    assert_same(&read_by_gdal(&path, &[]), &expected, false);
    let none = server.bytes(&format!("{ITEMS}&f=flatgeobuf&datetime=1999-01-01"));
    let path = file(&folder, "none.fgb", none);
    assert_eq!(read_by_gdal(&path, &[]), Vec::<Value>::new());
}

#[test]
fn gdal_reads_the_csv_and_the_sequence_of_the_server() {
    let server = Rasid::on_samples();
    let folder = tempdir().unwrap();
    let expected = events(&server, "");

    let path = file(&folder, "events.geojsons", server.bytes(&format!("{ITEMS}&f=geojsonseq")));
    assert_same(&read_by_gdal(&path, &[]), &expected, true);

    let path = file(&folder, "events.csv", server.bytes(&format!("{ITEMS}&f=csv")));
    let as_points = ["-oo", "X_POSSIBLE_NAMES=longitude", "-oo", "Y_POSSIBLE_NAMES=latitude"];
    assert_same(&read_by_gdal(&path, &as_points), &expected, true);
}

#[test]
fn a_feed_reader_reads_the_feed_of_the_server() {
    let server = Rasid::on_samples();
    let body = server.bytes(&format!("{ITEMS}&f=atom"));
    let feed = feed_rs::parser::parse(&body[..]).unwrap();
    let own = |entry: &feed_rs::model::Entry| entry.links[0].href.clone();
    let ids: Vec<String> = server.features("").iter().map(|feature| id_of(feature)).collect();
    let links: Vec<String> = feed.entries.iter().map(own).collect();
    let expected: Vec<String> = ids
        .iter()
        .map(|id| server.url(&format!("/collections/events/items/{id}?f=html")))
        .collect();
    assert_eq!(links, expected, "the newest first, as in every answer");
    assert_eq!(sorted(feed.entries.into_iter().map(|e| e.id)).len(), ids.len());
    // It stays what it is while nothing happens.
    assert_eq!(server.bytes(&format!("{ITEMS}&f=atom")), body);
}
