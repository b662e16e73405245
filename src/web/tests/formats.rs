use axum::http::StatusCode;
use flatgeobuf::{
    ColumnType, FallibleStreamingIterator as _, FeatureProperties as _, FgbReader, GeometryType,
};
use geozero::ToGeo as _;
use serde_json::Value;

use super::{Answer, EVENTS, TestSite};
use crate::model::event::PROPERTIES;

const ITEMS: &str = "/collections/events/items";

/// What events answer in, by `f`, with its type.
const FORMATS: &[(&str, &str)] = &[
    ("json", "application/geo+json"),
    ("geojson", "application/geo+json"),
    ("html", "text/html; charset=utf-8"),
    ("geojsonseq", "application/geo+json-seq"),
    ("csv", "text/csv; charset=utf-8; header=present"),
    ("flatgeobuf", "application/flatgeobuf"),
    ("atom", "application/atom+xml"),
];

#[tokio::test]
async fn f_and_accept_choose_the_format() {
    let app = TestSite::new();
    for (f, kind) in FORMATS {
        for path in [ITEMS.to_owned(), format!("{ITEMS}/a1-3")] {
            let answer = app.get_with(&format!("{path}?f={f}"), &[("accept", "text/html")]).await;
            assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, *kind));
            let again = [("if-none-match", answer.header("etag"))];
            let again = app.get_with(&format!("{path}?f={f}"), &again).await;
            assert_eq!((again.status, again.bytes.len()), (StatusCode::NOT_MODIFIED, 0), "{f}");
        }
    }
    for (accept, kind) in [
        ("text/csv", "text/csv; charset=utf-8; header=present"),
        ("text/csv;q=0.5, application/flatgeobuf", "application/flatgeobuf"),
        ("application/geo+json-seq, */*;q=0.1", "application/geo+json-seq"),
        ("text/csv, */*", "text/csv; charset=utf-8; header=present"),
        ("text/csv;q=0, */*", "application/geo+json"),
        ("application/json, text/csv;q=0.9", "application/geo+json"),
        ("application/geo+json, application/json", "application/geo+json"),
        ("text/html, application/json", "text/html; charset=utf-8"),
        ("application/json, text/html;q=0.9", "application/geo+json"),
        ("application/*", "application/geo+json"),
        // What nobody here can write is answered as if nothing had been asked.
        ("image/png", "application/geo+json"),
        ("text/html;q=0", "application/geo+json"),
        ("*/*", "application/geo+json"),
        ("application/atom+xml, text/html;q=0.9", "application/atom+xml"),
        ("", "application/geo+json"),
    ] {
        let answer = app.get_with(ITEMS, &[("accept", accept)]).await;
        assert_eq!(answer.header("content-type"), kind, "{accept}");
        assert!(answer.header("vary").contains("accept"));
    }
}

#[tokio::test]
async fn each_format_links_to_the_others() {
    let app = TestSite::new();
    let page = app.get(&format!("{ITEMS}?limit=7&event_type=Riots&f=json")).await.json();
    let links = page["links"].as_array().unwrap().iter();
    let others: Vec<(&str, &str)> = links
        .filter(|link| link["rel"] == "alternate")
        .map(|link| (link["type"].as_str().unwrap(), link["href"].as_str().unwrap()))
        .collect();
    let named: Vec<&str> = others.iter().map(|(kind, _)| *kind).collect();
    let known: Vec<&str> =
        FORMATS[2..].iter().map(|(_, kind)| kind.split(';').next().unwrap()).collect();
    assert_eq!(named, known);
    for (kind, href) in others {
        let answer = app.get(href).await;
        assert!(answer.header("content-type").starts_with(kind), "{href}");
    }
}

#[tokio::test]
async fn tables_come_as_files_and_only_in_degrees() {
    let app = TestSite::new();
    for (path, name) in [
        (format!("{ITEMS}?f=csv"), "events.csv"),
        (format!("{ITEMS}?f=flatgeobuf"), "events.fgb"),
        (format!("{ITEMS}?f=geojsonseq"), "events.geojsons"),
        (format!("{ITEMS}/a1-3?f=csv"), "events-a1-3.csv"),
        ("/collections/places/items/gn:3?f=csv".to_owned(), "places-gn_3.csv"),
    ] {
        let answer = app.get(&path).await;
        let told = format!("attachment; filename=\"{name}\"");
        assert_eq!(answer.header("content-disposition"), told, "{path}");
    }
    for path in [ITEMS.to_owned(), format!("{ITEMS}/a1-3")] {
        let mercator = "crs=http://www.opengis.net/def/crs/EPSG/0/3857";
        for f in ["csv", "flatgeobuf", "atom"] {
            let problem = app.get(&format!("{path}?f={f}&{mercator}")).await;
            assert_eq!(problem.status, StatusCode::BAD_REQUEST);
            assert_eq!(problem.json()["parameter"], "crs");
            assert!(problem.body.contains("write http://www.opengis.net/def/crs/OGC/1.3/CRS84"));
        }
        // What cannot be had is not offered.
        let page = app.get(&format!("{path}?f=json&{mercator}")).await;
        assert!(!page.body.contains("f=csv") && page.body.contains("f=geojsonseq"));
    }
}

fn records(answer: &Answer) -> Vec<Value> {
    let texts = answer.body.split('\u{1e}').skip(1);
    texts.map(|text| serde_json::from_str(text.strip_suffix('\n').unwrap()).unwrap()).collect()
}

async fn features(app: &TestSite, search: &str) -> Vec<Value> {
    let answer = app.get(&format!("{ITEMS}?{search}&f=json")).await;
    answer.json()["features"].as_array().unwrap().clone()
}

/// Searches whose answers are the same in every format.
const SEARCHES: [&str; 5] = [
    "limit=1000",
    "limit=3&event_type=Explosions%2FRemote+violence",
    "bbox=36,33,38,35&sortby=-fatalities",
    "properties=event_date,fatalities,actor_ids&limit=1000",
    "datetime=1999-01-01",
];

#[tokio::test]
async fn a_text_sequence_has_the_features_of_the_collection() {
    let app = TestSite::new();
    for search in SEARCHES {
        let answer = app.get(&format!("{ITEMS}?{search}&f=geojsonseq")).await;
        assert_eq!(records(&answer), features(&app, search).await, "{search}");
    }
    let turned = "crs=http://www.opengis.net/def/crs/EPSG/0/4326&skipGeometry=false";
    let answer = app.get(&format!("{ITEMS}?{turned}&f=geojsonseq")).await;
    assert_eq!(records(&answer), features(&app, turned).await);
    assert!(answer.header("content-crs").contains("4326"));
}

#[tokio::test]
async fn a_csv_has_the_features_of_the_collection() {
    let app = TestSite::new();
    for search in SEARCHES {
        let answer = app.get(&format!("{ITEMS}?{search}&f=csv")).await;
        let mut table = csv::Reader::from_reader(answer.body.as_bytes());
        let head = table.headers().unwrap().clone();
        let rows: Vec<csv::StringRecord> = table.records().map(Result::unwrap).collect();
        let features = features(&app, search).await;
        assert_eq!(rows.len(), features.len(), "{search}");
        for (row, feature) in rows.iter().zip(&features) {
            for (name, cell) in head.iter().zip(row) {
                let told = match name {
                    "event_id_cnty" => &feature["id"],
                    "longitude" => &feature["geometry"]["coordinates"][0],
                    "latitude" => &feature["geometry"]["coordinates"][1],
                    "notes" => &feature["properties"]["evidence"],
                    "year" | "iso" | "country" => continue,
                    _ => &feature["properties"][name],
                };
                match told {
                    Value::Null => assert_eq!(cell, ""),
                    Value::String(text) => assert_eq!(cell, text),
                    Value::Array(items) => assert_eq!(cell.split("; ").count(), items.len()),
                    number => assert_eq!(cell.parse::<f64>().ok(), number.as_f64()),
                }
            }
        }
    }
    let plain = app.get(&format!("{ITEMS}?f=csv&skipGeometry=true&properties=event_date")).await;
    assert_eq!(plain.body.lines().next(), Some("event_id_cnty,event_date"));
    assert_eq!(plain.body.lines().count(), 1 + EVENTS);
}

/// The id of a feature, its point, and its values by name.
type Written = (String, Option<[f64; 2]>, Vec<(String, String)>);

/// The features of a FlatGeobuf, in the order of their ids.
fn read(bytes: &[u8]) -> Vec<Written> {
    let mut found = Vec::new();
    let mut features = FgbReader::open(bytes).unwrap().select_all_seq().unwrap();
    while let Some(feature) = features.next().unwrap() {
        let mut properties: Vec<_> = feature.properties().unwrap().into_iter().collect();
        properties.sort();
        let id = properties.iter().find(|(name, _)| name == "event_id").unwrap().1.clone();
        let point = match feature.to_geo() {
            Ok(geo_types::Geometry::Point(at)) => Some([at.x(), at.y()]).filter(|p| !p[0].is_nan()),
            _ => None,
        };
        found.push((id, point, properties));
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}

#[tokio::test]
async fn a_flatgeobuf_has_the_features_of_the_collection() {
    let app = TestSite::new();
    for search in SEARCHES {
        let answer = app.get(&format!("{ITEMS}?{search}&f=flatgeobuf")).await;
        let file = read(&answer.bytes);
        let mut features = features(&app, search).await;
        features.sort_by_key(|feature| feature["id"].as_str().unwrap().to_owned());
        assert_eq!(file.len(), features.len(), "{search}");
        for ((id, point, values), feature) in file.iter().zip(&features) {
            assert_eq!(feature["id"], id.as_str());
            let coordinates = feature["geometry"]["coordinates"].as_array();
            let told = coordinates.map(|c| [c[0].as_f64().unwrap(), c[1].as_f64().unwrap()]);
            assert_eq!(*point, told, "{id}");
            let known = feature["properties"].as_object().unwrap();
            let known = known.iter().filter(|(_, value)| !value.is_null());
            assert_eq!(values.len(), 1 + known.clone().count(), "{id}");
            for (name, value) in known {
                let written = &values.iter().find(|(known, _)| known == name).unwrap().1;
                match value {
                    Value::String(text) => assert_eq!(written, text),
                    Value::Array(_) => assert_eq!(*written, value.to_string()),
                    number => assert_eq!(written.parse::<f64>().ok(), number.as_f64()),
                }
            }
        }
    }
}

#[tokio::test]
async fn a_flatgeobuf_says_its_types_and_has_an_index() {
    let app = TestSite::new();
    let answer = app.get(&format!("{ITEMS}?f=flatgeobuf")).await;
    let file = FgbReader::open(&answer.bytes[..]).unwrap();
    let header = file.header();
    assert_eq!(header.geometry_type(), GeometryType::Point);
    assert_eq!((header.crs().unwrap().code(), header.index_node_size()), (4326, 16));
    let columns: Vec<_> = header.columns().unwrap().iter().map(|c| (c.name(), c.type_())).collect();
    assert_eq!(columns.len(), 1 + PROPERTIES.len());
    for column in [
        ("event_id", ColumnType::String),
        ("event_date", ColumnType::DateTime),
        ("fatalities", ColumnType::Long),
        ("confidence", ColumnType::Double),
        ("actor_ids", ColumnType::String),
    ] {
        assert!(columns.contains(&column), "{columns:?}");
    }
    // Readers that do not know one of the format's other types lose their way in all that follows.
    for (name, kind) in columns {
        let every =
            [ColumnType::String, ColumnType::Long, ColumnType::Double, ColumnType::DateTime];
        assert!(every.contains(&kind), "{name} is {kind:?}");
    }
    let mut boxed = std::io::Cursor::new(&answer.bytes);
    let found = FgbReader::open(&mut boxed).unwrap().select_bbox(36.0, 33.0, 38.0, 35.0).unwrap();
    let expected = features(&app, "bbox=36,33,38,35&limit=1000").await.len();
    assert_eq!(found.features_count(), Some(expected));

    for (path, kind) in [
        (format!("{ITEMS}?f=flatgeobuf&skipGeometry=true"), GeometryType::Point),
        (format!("{ITEMS}/a1-10?f=flatgeobuf"), GeometryType::Point),
        ("/collections/places/items?f=flatgeobuf".to_owned(), GeometryType::Point),
        ("/collections/governorates/items?f=flatgeobuf".to_owned(), GeometryType::MultiPolygon),
    ] {
        let answer = app.get(&path).await;
        let file = FgbReader::open(&answer.bytes[..]).unwrap();
        let header = file.header();
        let indexed = !path.contains("events");
        assert_eq!((header.geometry_type(), header.index_node_size() > 0), (kind, indexed));
        let mut features = file.select_all_seq().unwrap();
        let mut count = 0;
        while features.next().unwrap().is_some() {
            count += 1;
        }
        assert!(count > 0, "{path}");
    }
}

#[tokio::test]
async fn a_feed_has_the_events_with_their_sources_and_points() {
    let app = TestSite::new();
    let feed = |search: &str| {
        let path = format!("{ITEMS}?{search}&f=atom");
        let app = &app;
        async move {
            let answer = app.get(&path).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}");
            (feed_rs::parser::parse(&answer.bytes[..]).unwrap(), answer.body)
        }
    };
    let (whole, body) = feed("limit=1000").await;
    let features = features(&app, "limit=1000").await;
    assert_eq!(whole.entries.len(), features.len());
    for (entry, feature) in whole.entries.iter().zip(&features) {
        let links: Vec<_> =
            entry.links.iter().map(|link| (link.rel.as_deref().unwrap(), &*link.href)).collect();
        let id = feature["id"].as_str().unwrap();
        let own = format!("http://example.org{ITEMS}/{id}?f=html");
        let source = feature["properties"]["source_url"].as_str().unwrap();
        assert_eq!(links, [("alternate", own.as_str()), ("via", source)]);
        // The article's day; there is nothing else that would not change by itself.
        assert_eq!(entry.updated.unwrap().to_rfc3339(), "2022-07-18T00:00:00+00:00");
        let summary = &entry.summary.as_ref().unwrap().content;
        assert!(summary.contains(feature["properties"]["evidence"].as_str().unwrap()));
    }
    let located = features.iter().filter(|feature| !feature["geometry"].is_null()).count();
    assert_eq!(body.matches("<georss:point>").count(), located);
    assert!(!feed("skipGeometry=true").await.1.contains("<georss:point>"));

    // Pages of one search are one feed, another search is another.
    let (page, told) = feed("limit=7").await;
    assert_eq!((&page.id, &page.entries[0].id), (&whole.id, &whole.entries[0].id));
    assert!(told.contains("rel=\"next\"") && !body.contains("rel=\"next\""));
    assert_ne!(feed("event_type=Riots").await.0.id, whole.id);

    let problem = app.get(&format!("{ITEMS}?f=atom&properties=title")).await;
    assert_eq!(
        (problem.status, &problem.json()["parameter"]),
        (StatusCode::BAD_REQUEST, &"properties".into())
    );
    let problem = app.get("/collections/places/items?f=atom").await;
    assert!(problem.body.contains("write json, html, geojsonseq, csv or flatgeobuf"));
}

#[tokio::test]
async fn an_export_has_all_that_a_search_finds_without_pages() {
    let app = TestSite::new();
    for search in ["", "&event_type=Battles", "&filter=fatalities%20%3E%202", "&q=nowhere"] {
        let found = app.get(&format!("/collections/events/items?limit=10000{search}")).await.json();
        let count = usize::try_from(found["numberMatched"].as_u64().unwrap()).unwrap();
        let export =
            async |f: &str| app.get(&format!("/collections/events/export?f={f}{search}")).await;

        let whole = export("geojson").await;
        assert_eq!(whole.header("content-type"), "application/geo+json");
        assert_eq!(whole.header("content-disposition"), "attachment; filename=\"events.geojson\"");
        assert_eq!(whole.json()["features"], found["features"], "{search}");
        let lines = export("geojsonseq").await;
        assert_eq!(lines.body.matches('\u{1e}').count(), count);
        let table = export("csv").await.bytes;
        let rows: Result<Vec<_>, _> = ::csv::Reader::from_reader(&*table).into_records().collect();
        assert_eq!(rows.unwrap().len(), count, "{search}");
        let package = export("gpkg").await;
        assert_eq!(package.header("content-type"), "application/geopackage+sqlite3");
        assert!(package.bytes.starts_with(b"SQLite format 3\0"));
    }
    for (wrong, told) in [("f=shp", "geojsonseq"), ("limit=5", "unknown parameter `limit`")] {
        let refused = app.get(&format!("/collections/events/export?{wrong}")).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST);
        assert!(refused.body.contains(told), "{}", refused.body);
    }
}
