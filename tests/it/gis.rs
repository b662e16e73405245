//! Programs of the trade read what we write: GDAL (Debian's `gdal-bin`) and the geojson crate.

use std::io::Write as _;
use std::net::TcpStream;
use std::process::Command;

use geojson::{FeatureCollection, GeoJson, GeometryValue};
use serde_json::Value;

use crate::app::{Rasid, file, program, run, sorted};

/// A program of GDAL's.
fn gdal(name: &str) -> Command {
    let mut command = program(name);
    command.env("NO_PROXY", "*").env("no_proxy", "*");
    command
}

/// What GDAL makes of a data source.
fn converted(source: &str, options: &[&str]) -> FeatureCollection {
    let ran =
        run(gdal("ogr2ogr").args(["-f", "GeoJSON", "/dev/stdout", source, "events"]).args(options))
            .done();
    for word in ["ERROR", "Warning"] {
        assert!(!ran.err.contains(word), "{ran:#?}");
    }
    let GeoJson::FeatureCollection(collection) = ran.out.parse().expect(&ran.out) else {
        panic!("no collection: {ran:#?}")
    };
    collection
}

/// The ids by which GDAL knows the events of the store file.
fn event_ids(collection: &FeatureCollection) -> Vec<String> {
    let id = |feature: &geojson::Feature| {
        feature.property("event_id").and_then(Value::as_str).expect("a column event_id").to_owned()
    };
    sorted(collection.features.iter().map(id))
}

/// The ids by which GDAL knows the events of the server.
fn ids(collection: &FeatureCollection) -> Vec<String> {
    let id = |feature: &geojson::Feature| match &feature.id {
        Some(geojson::feature::Id::String(id)) => id.clone(),
        _ => feature.property("id").and_then(Value::as_str).expect("an id").to_owned(),
    };
    sorted(collection.features.iter().map(id))
}

fn service(server: &Rasid) -> String {
    format!("OAPIF:{}", server.url(""))
}

#[test]
fn the_store_is_a_geopackage_while_the_server_runs() {
    let server = Rasid::on_samples();
    let store = server.store();
    let expected = server.ids("");

    let told = run(gdal("ogrinfo").args(["-so", "-al"]).arg(&store)).done();
    for words in [
        "using driver `GPKG' successful",
        "Layer name: events",
        "Geometry: Point",
        &format!("Feature Count: {}", expected.len()),
        "GEOGCRS[\"WGS 84\"",
        "Geometry Column = geom",
        "event_date: Date",
        "fatalities: Integer",
        "Layer name: articles",
    ] {
        assert!(told.out.contains(words), "`{words}` is missing: {told:#?}");
    }
    assert!(!told.err.contains("ERROR") && !told.err.contains("Warning"), "{told:#?}");

    let store = store.to_str().unwrap();
    assert_eq!(event_ids(&converted(store, &[])), expected);
    let protests = converted(store, &["-where", "event_type='Protests'"]);
    assert_eq!(event_ids(&protests), server.ids("event_type=Protests"));
}

#[test]
fn the_service_gives_gdal_every_event() {
    let server = Rasid::on_samples();
    let expected = server.ids("");

    let told = run(gdal("ogrinfo").args(["-so", &service(&server), "events"])).done();
    assert!(told.out.contains(&format!("Feature Count: {}", expected.len())), "{told:#?}");
    assert!(!told.err.contains("ERROR") && !told.err.contains("Warning"), "{told:#?}");

    assert_eq!(ids(&converted(&service(&server), &[])), expected);
    // Many small pages give the same, none twice.
    let paged = converted(&service(&server), &["-oo", "PAGE_SIZE=7"]);
    assert_eq!(ids(&paged), expected);
}

#[test]
fn gdal_filters_as_the_service_does() {
    let server = Rasid::on_samples();
    for (filter, search) in [
        ("event_type='Protests'", "event_type=Protests"),
        ("admin1='Aleppo' AND geo_precision=2", "admin1=Aleppo&geo_precision=2"),
        ("fatalities=2", "fatalities=2"),
    ] {
        let expected = server.ids(search);
        assert!(!expected.is_empty(), "{search}");
        let found = converted(&service(&server), &["-where", filter]);
        assert_eq!(ids(&found), expected, "{filter}");
    }
    let found = converted(&service(&server), &["-spat", "36", "35", "38", "37"]);
    assert_eq!(ids(&found), server.ids("bbox=36,35,38,37"));
}

/// What GDAL asks of the server for a filter, and how many features it then counts.
fn asked(server: &Rasid, filter: &str) -> (String, usize) {
    let mut command = gdal("ogrinfo");
    command.env("CPL_DEBUG", "ON");
    let ran = run(command.args(["-so", &service(server), "events", "-where", filter])).done();
    assert!(!ran.err.contains("ERROR"), "{ran:#?}");
    let asked = ran.err.lines().find(|line| line.contains("filter-lang=cql-text"));
    let count = ran.out.lines().find_map(|line| line.strip_prefix("Feature Count: "));
    (
        asked.unwrap_or_else(|| panic!("nothing was asked: {ran:#?}")).to_owned(),
        count.unwrap().parse().unwrap(),
    )
}

#[test]
fn gdal_leaves_filters_to_the_service() {
    let server = Rasid::on_samples();
    let all = server.ids("").len();
    for (filter, cql) in [
        ("fatalities >= 2", "fatalities%20%3E%3D%202"),
        ("fatalities BETWEEN 1 AND 3", "fatalities%20%3C%3D%203"),
        ("event_type LIKE 'Prot%'", "LIKE%20'Prot%25'"),
        ("event_type ILIKE 'prot%'", "ILIKE%20'prot%25'"),
        ("NOT (event_type='Protests')", "NOT%20(event_type"),
        ("event_type='Protests' OR fatalities > 3", "%20OR%20"),
        ("event_type <> 'Protests'", "%3C%3E%20'Protests'"),
        ("fatalities IS NULL", "IS%20NULL"),
        ("event_date >= '2022-01-01' AND event_date < '2023-01-01'", "'2023-01-01T'"),
        ("admin1='Aleppo' AND confidence > 0.5", "admin1%20%3D%20'Aleppo'"),
    ] {
        let (asked, count) = asked(&server, filter);
        assert!(asked.contains(cql), "{filter}: {asked}");
        // The file is asked by SQLite, which knows nothing of ours, nor any ILIKE.
        let in_sqlite = filter.replace("ILIKE", "LIKE");
        let store = server.store();
        let expected = converted(store.to_str().unwrap(), &["-where", &in_sqlite]).features.len();
        assert_eq!(count, expected, "{filter}");
        assert!(count > 0 && count < all, "{filter}: {count} of {all}");
    }
}

#[test]
fn a_filter_that_is_too_large_is_refused_and_the_server_lives_on() {
    let server = Rasid::serve(&[]);
    for (filter, status, told) in [
        ("(".repeat(10_000), 400, "more than 64 deep"),
        ("NOT%20".repeat(2_000), 400, "more than 64 deep"),
        ("x".repeat(60_000), 400, "write at most 16384"),
    ] {
        let answer = server.get(&format!("/collections/events/items?filter={filter}"));
        assert_eq!(answer.status, status, "{}", answer.body);
        assert!(answer.body.contains(told), "{}", answer.body);
    }
    // A line longer than HTTP lines may be is refused before it is read; no client of ours writes it.
    let mut line = TcpStream::connect(server.url("").trim_start_matches("http://")).unwrap();
    let filter = "x".repeat(1_000_000);
    // The server may hang up while it is written.
    let _ = write!(line, "GET /collections/events/items?filter={filter} HTTP/1.1\r\n\r\n");
    drop(line);
    assert_eq!(server.get("/health/live").status, 200);
}

#[test]
fn file_and_service_put_the_events_at_the_same_points() {
    let server = Rasid::on_samples();
    let points = |collection: FeatureCollection, id: fn(&FeatureCollection) -> Vec<String>| {
        let mut points: Vec<(String, Option<Vec<f64>>)> = collection
            .features
            .into_iter()
            .map(|feature| {
                let one = FeatureCollection {
                    bbox: None,
                    features: vec![feature],
                    foreign_members: None,
                };
                let name = id(&one).remove(0);
                let geometry = one.features.into_iter().next().and_then(|feature| feature.geometry);
                (name, geometry.map(point))
            })
            .collect();
        points.sort_by(|a, b| a.0.cmp(&b.0));
        points
    };
    let file = points(converted(server.store().to_str().unwrap(), &[]), event_ids);
    let service = points(converted(&service(&server), &[]), ids);
    assert_eq!(file, service);
    for (id, point) in &file {
        if let Some(point) = point {
            let (lon, lat) = (point[0], point[1]);
            assert!((35.0..43.0).contains(&lon) && (32.0..38.0).contains(&lat), "{id}: {point:?}");
        }
    }
}

fn point(geometry: geojson::Geometry) -> Vec<f64> {
    let GeometryValue::Point { coordinates } = geometry.value else { panic!("{geometry:?}") };
    coordinates.as_slice().to_vec()
}

#[test]
fn every_answer_is_geojson() {
    let server = Rasid::on_samples();
    for path in [
        "/collections/events/items",
        "/collections/events/items?limit=3",
        "/collections/events/items?event_type=Riots&bbox=35,32,43,38",
        "/collections/events/items?datetime=1999-01-01",
        "/collections/places/items?limit=1000",
    ] {
        let answer = server.get(path);
        assert_eq!(
            (answer.status, answer.content_type.as_str()),
            (200, "application/geo+json"),
            "{path}"
        );
        let GeoJson::FeatureCollection(collection) = answer.body.parse().expect(path) else {
            panic!("{path}")
        };
        let returned = answer.json()["numberReturned"].as_u64().unwrap();
        assert_eq!(u64::try_from(collection.features.len()).unwrap(), returned);
        assert!(collection.features.iter().all(|feature| feature.id.is_some()), "{path}");
    }
    let id = server.ids("").remove(0);
    let answer = server.get(&format!("/collections/events/items/{id}"));
    let GeoJson::Feature(feature) = answer.body.parse().unwrap() else { panic!("{answer:?}") };
    assert_eq!(feature.id, Some(geojson::feature::Id::String(id)));
}

#[test]
fn pages_joined_are_the_whole() {
    let server = Rasid::on_samples();
    let mut found = Vec::new();
    let mut next = Some("/collections/events/items?limit=10".to_owned());
    while let Some(path) = next {
        let answer = server.get(&path).json();
        found.extend(
            answer["features"]
                .as_array()
                .unwrap()
                .iter()
                .map(|f| f["id"].as_str().unwrap().to_owned()),
        );
        let links = answer["links"].as_array().unwrap();
        let link = links.iter().find(|link| link["rel"] == "next");
        next = link.map(|link| link["href"].as_str().unwrap().replace(&server.url(""), ""));
    }
    let whole: Vec<String> =
        server.features("").iter().map(|feature| crate::app::id_of(feature)).collect();
    assert_eq!(found, whole);
}

#[test]
fn a_wrong_request_is_told_what_is_allowed() {
    let server = Rasid::serve(&[]);
    let items = "/collections/events/items";
    for (path, status, code, words) in [
        (format!("{items}?bbox=1,2,3"), 400, "bad_parameter", "bbox"),
        (format!("{items}?bbox=NaN,32,43,38"), 400, "bad_parameter", "bbox"),
        (format!("{items}?bbox=35,38,43,32"), 400, "bad_parameter", "bbox"),
        (format!("{items}?limit=0"), 400, "bad_parameter", "from 1 to"),
        (format!("{items}?limit=-1"), 400, "bad_parameter", "from 1 to"),
        (format!("{items}?limit=many"), 400, "bad_parameter", "from 1 to"),
        (format!("{items}?datetime=gestern"), 400, "bad_parameter", "gestern"),
        (format!("{items}?colour=red"), 400, "unknown_parameter", "colour"),
        (format!("{items}?limit=1&limit=2"), 400, "repeated_parameter", "limit"),
        (format!("{items}?event_type=War"), 400, "bad_parameter", "Protests"),
        (format!("{items}/nothing"), 404, "unknown_feature", "nothing"),
        ("/collections/wars/items".to_owned(), 404, "unknown_collection", "events"),
        ("/nothing".to_owned(), 404, "not_found", "/nothing"),
    ] {
        let answer = server.get(&path);
        assert_eq!(answer.status, status, "{path}: {answer:?}");
        assert_eq!(answer.content_type, "application/problem+json", "{path}");
        let problem = answer.json();
        assert_eq!(problem["code"], code, "{path}");
        assert!(problem["detail"].as_str().unwrap().contains(words), "{path}: {problem}");
    }
}

#[test]
fn gdal_reads_vector_tiles() {
    let server = Rasid::on_samples();
    let located = server.ids("filter=geometry+IS+NOT+NULL");
    let tile = server.bytes("/collections/events/tiles/WebMercatorQuad/0/0/0");
    let folder = tempfile::tempdir().unwrap();
    let told = run(gdal("ogrinfo").arg("-al").arg(file(&folder, "0.mvt", tile))).done();
    for words in ["Layer name: events", "fatalities: Integer", "event_date: String"] {
        assert!(told.out.contains(words), "`{words}` is missing: {told:#?}");
    }
    let ids = told.out.lines().filter_map(|line| line.trim().strip_prefix("id (String) = "));
    assert_eq!(sorted(ids.map(str::to_owned)), located);
    assert!(!told.err.contains("ERROR") && !told.err.contains("Warning"), "{told:#?}");
}
