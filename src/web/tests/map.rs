//! What the map and its charts ask for: clusters, counts and tiles.

use axum::http::StatusCode;
use proptest::prelude::*;
use serde_json::Value;

use super::{EVENTS, TestSite};
use crate::model::event::Event;
use crate::store::clusters::MOST_SINGLE;
use crate::store::samples::{article, event};

/// Events of [`crowded`]; an eleventh of them is nowhere.
const CROWD: usize = MOST_SINGLE * 2;

/// A site with far more events than are shown one by one.
fn crowded() -> TestSite {
    let app = TestSite::new();
    let article = article(2);
    let events: Vec<Event> = (0..CROWD).map(|number| event(&article, number)).collect();
    app.site.store.insert(&article, &events).unwrap();
    app
}

/// Fails unless each is answered with 400 and the parameter and these words.
async fn refused(app: &TestSite, path: &str, cases: &[(&str, &str, &str)]) {
    for &(query, parameter, told) in cases {
        let answer = app.get(&format!("{path}?{query}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
        assert_eq!(answer.header("content-type"), "application/problem+json", "{query}");
        let body = answer.json();
        assert_eq!(body["parameter"], parameter, "{query}: {body}");
        assert!(body["detail"].as_str().unwrap().contains(told), "{query}: {body}");
    }
}

/// Fails unless the answer is not given twice to who has it, and changes with the events.
async fn is_cached(app: &TestSite, uri: &str) {
    let first = app.get(uri).await;
    assert_eq!(first.status, StatusCode::OK, "{uri}: {}", first.body);
    assert_eq!(first.header("access-control-allow-origin"), "*");
    let known = [("if-none-match", first.header("etag"))];
    let again = app.get_with(uri, &known).await;
    assert_eq!((again.status, &*again.body), (StatusCode::NOT_MODIFIED, ""), "{uri}");
    let head = app.send("HEAD", uri, &[]).await;
    assert_eq!((head.status, &*head.body), (StatusCode::OK, ""), "{uri}");
    let article = article(99);
    app.site.store.insert(&article, &[event(&article, 0)]).unwrap();
    assert_eq!(app.get_with(uri, &known).await.status, StatusCode::OK, "{uri}");
}

#[tokio::test]
async fn clusters_are_refused_what_they_do_not_know() {
    let app = TestSite::new();
    refused(
        &app,
        "/collections/events/clusters",
        &[
            ("", "zoom", "is missing: write a zoom from 0 to 22"),
            ("zoom=", "zoom", "`` is not a zoom"),
            ("zoom=23", "zoom", "from 0 to 22"),
            ("zoom=-1", "zoom", "from 0 to 22"),
            ("zoom=%2B1", "zoom", "from 0 to 22"),
            ("zoom=6.5", "zoom", "`6.5` is not a zoom"),
            ("zoom=6&limit=10", "limit", "allowed are zoom, properties, bbox, datetime"),
            ("zoom=6&sortby=title", "sortby", "allowed are"),
            ("zoom=6&properties=colour", "properties", "`colour` is not a property"),
            ("zoom=6&f=html", "f", "write json"),
            ("zoom=6&bbox=1,2,3", "bbox", "3 numbers given"),
            ("zoom=6&event_type=War", "event_type", "not one of"),
            ("zoom=6&filter=title", "filter", ""),
            ("zoom=6&zoom=7", "zoom", "more than once"),
        ],
    )
    .await;
}

#[tokio::test]
async fn few_events_are_shown_one_by_one_and_many_as_clusters() {
    let app = TestSite::new();
    let few = app.get("/collections/events/clusters?zoom=3").await.json();
    let items = app.get("/collections/events/items?limit=1000&filter=geometry+IS+NOT+NULL").await;
    assert_eq!((&few["mode"], &few["features"]), (&"features".into(), &items.json()["features"]));
    let counted = few["unlocated"].as_u64().unwrap() + few["numberMatched"].as_u64().unwrap();
    assert_eq!(counted, EVENTS as u64);
    let cut = "properties=event_type,geo_precision";
    let few = app.get(&format!("/collections/events/clusters?zoom=3&{cut}")).await.json();
    let items = format!("/collections/events/items?limit=1000&filter=geometry+IS+NOT+NULL&{cut}");
    assert_eq!(few["features"], app.get(&items).await.json()["features"]);

    let app = crowded();
    let many = app.get("/collections/events/clusters?zoom=6").await;
    assert_eq!(many.header("content-type"), "application/geo+json");
    let body = many.json();
    assert_eq!((&body["mode"], &body["zoom"]), (&"clusters".into(), &6.into()));
    let features = body["features"].as_array().unwrap();
    assert_eq!(body["numberReturned"], features.len());
    let sum = |name: &str| -> u64 {
        features.iter().filter_map(|f| f["properties"][name].as_u64()).sum()
    };
    assert_eq!(sum("count"), body["numberMatched"]);
    let counted = |filter: &str| {
        let uri = format!("/collections/events/items?limit=1&filter=geometry+IS+NOT+NULL{filter}");
        let app = &app;
        async move { app.get(&uri).await.json()["numberMatched"].as_u64().unwrap() }
    };
    assert_eq!(sum("count"), counted("").await);
    assert_eq!(sum("fatalities_unknown"), counted("+AND+fatalities+IS+NULL").await);
    assert_eq!(sum("region_only"), counted("+AND+geo_precision=3").await);
    assert!(many.body.parse::<geojson::FeatureCollection>().is_ok());

    let some = "/collections/events/clusters?zoom=6&event_type=Riots&datetime=2022-02-01/..";
    let some = app.get(some).await.json();
    let riots = "+AND+event_type='Riots'+AND+event_date%3E=DATE('2022-02-01')";
    assert_eq!(some["numberMatched"], counted(riots).await);
    let deep = app.get("/collections/events/clusters?zoom=13").await.json();
    assert_eq!(
        (&deep["mode"], deep["features"].as_array().unwrap().len() as u64),
        (&"features".into(), sum("count"))
    );
}

#[tokio::test]
async fn a_cluster_is_zoomed_into_by_its_box() {
    let app = crowded();
    let body = app.get("/collections/events/clusters?zoom=6&bbox=36,33,39,36").await.json();
    for cluster in body["features"].as_array().unwrap() {
        let properties = &cluster["properties"];
        let bbox: Vec<String> =
            properties["bbox"].as_array().unwrap().iter().map(Value::to_string).collect();
        let within = app.get(&format!("/collections/events/items?bbox={}", bbox.join(","))).await;
        assert_eq!(within.json()["numberMatched"], properties["count"], "{cluster}");
    }
}

#[tokio::test]
async fn clusters_are_cached_by_what_is_kept() {
    is_cached(&crowded(), "/collections/events/clusters?zoom=6&event_type=Battles").await;
}

#[tokio::test]
async fn counts_are_refused_what_they_do_not_know() {
    let app = TestSite::new();
    let known = "write one or two of day, week, month, event_type, sub_event_type, actor, admin1";
    refused(
        &app,
        "/collections/events/aggregate",
        &[
            ("", "by", known),
            ("by=", "by", known),
            ("by=hour", "by", "`hour` is not known"),
            ("by=day,", "by", "`` is not known"),
            ("by=day,day", "by", "`day` is given twice"),
            ("by=day,actor,admin1", "by", "3 are given"),
            ("by=day&limit=10", "limit", "allowed are by, bbox, datetime"),
            ("by=day&zoom=6", "zoom", "allowed are"),
            ("by=day&f=csv", "f", "write json"),
            ("by=day&datetime=yesterday", "datetime", "write YYYY-MM-DD"),
        ],
    )
    .await;
}

#[tokio::test]
async fn counts_are_those_of_searches() {
    let app = TestSite::new();
    let matched = |query: String| {
        let app = &app;
        async move {
            let uri = format!("/collections/events/items?limit=1&{query}");
            app.get(&uri).await.json()["numberMatched"].clone()
        }
    };
    for (by, property) in [
        ("day", "event_date"),
        ("event_type", "event_type"),
        ("sub_event_type", "sub_event_type"),
        ("actor", "actor_ids"),
        ("admin1", "admin1"),
        ("certainty", "certainty"),
        ("geo_precision", "geo_precision"),
        ("source", "source"),
    ] {
        let body = app.get(&format!("/collections/events/aggregate?by={by}")).await.json();
        assert_eq!((&body["by"][0], &body["numberMatched"]), (&by.into(), &EVENTS.into()));
        let groups = body["groups"].as_array().unwrap();
        assert!(!groups.is_empty(), "{body}");
        for group in groups {
            let value = match &group[by] {
                Value::Number(value) => Some(value.to_string()),
                value => value.as_str().map(str::to_owned),
            };
            let query = match &value {
                Some(value) => form_urlencoded::Serializer::new(String::new())
                    .append_pair(property, value)
                    .finish(),
                None => format!("filter={property}+IS+NULL"),
            };
            assert_eq!(matched(query).await, group["count"], "{group}");
        }
    }
    let undated = app.get("/collections/events/aggregate?by=week").await.json();
    assert_eq!(undated["undated"]["count"], matched("filter=event_date+IS+NULL".to_owned()).await);
    let by_actor = app.get("/collections/events/aggregate?by=actor").await.json();
    assert_eq!(by_actor["groups"][0]["actor"], "SDF");
    assert_eq!(by_actor["undated"], Value::Null);
    let twos = app.get("/collections/events/aggregate?by=month&fatalities=2").await.json();
    assert_eq!(twos["total"]["fatalities"], 2 * twos["numberMatched"].as_u64().unwrap());
    assert_eq!(twos["groups"][0]["month"], "2022-01");
    let both = "/collections/events/aggregate?by=month,event_type&bbox=36,33,37,36";
    let both = app.get(both).await.json();
    assert!(both["groups"][0]["month"].is_string() && both["groups"][0]["event_type"].is_string());
}

#[tokio::test]
async fn counts_are_cached_by_what_is_kept() {
    is_cached(&TestSite::new(), "/collections/events/aggregate?by=day").await;
}

const TILES: &str = "/collections/events/tiles/WebMercatorQuad";

#[tokio::test]
async fn a_tile_that_is_not_there_is_named() {
    let app = TestSite::new();
    for (path, status, parameter, told) in [
        ("/6/25/x", 400, "tileCol", "`x` is not a whole number from 0 to 63"),
        ("/6/-1/3", 400, "tileRow", "`-1` is not a whole number"),
        ("/6.5/1/3", 400, "tileMatrix", "from 0 to 22"),
        ("/%D9%A6/1/3", 400, "tileMatrix", "from 0 to 22"),
        ("/23/1/3", 404, "tileMatrix", "there are 0 to 22"),
        ("/6/64/3", 404, "tileRow", "`64` is too great: there are 0 to 63"),
        ("/6/3/99999999999999999999", 404, "tileCol", "there are 0 to 63"),
        ("/6/25/38?f=json", 400, "f", "write mvt"),
        ("/6/25/38?limit=5", 400, "limit", "allowed are bbox"),
        ("/6/25/38?event_type=War", 400, "event_type", "not one of"),
        ("?f=html", 400, "f", "write json or tilejson"),
        ("?x=1", 400, "x", "allowed are"),
    ] {
        let answer = app.get(&format!("{TILES}{path}")).await;
        let body = answer.json();
        assert_eq!((answer.status.as_u16(), &body["parameter"]), (status, &parameter.into()));
        assert!(body["detail"].as_str().unwrap().contains(told), "{path}: {body}");
    }
    let other = app.get("/collections/events/tiles/WorldCRS84Quad").await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);
    assert!(other.json()["detail"].as_str().unwrap().contains("there is WebMercatorQuad"));
    assert_eq!(app.get("/collections/places/tiles").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn tilesets_lead_to_their_tiles() {
    let app = TestSite::new();
    let collection = app.get("/collections/events").await;
    let list = collection.link("http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector").unwrap();
    let list = app.get(&format!("{list}?event_type=Battles")).await.json();
    let set = list["tilesets"][0]["links"][0]["href"].as_str().unwrap().to_owned();
    let set = app.get(&set).await;
    let body = set.json();
    assert_eq!(body["dataType"], "vector");
    let known = &body["layers"][0]["propertiesSchema"]["properties"];
    assert_eq!(known["fatalities"]["type"], "integer");
    let tile = set.link("item").unwrap();
    assert!(tile.ends_with("/{tileMatrix}/{tileRow}/{tileCol}?event_type=Battles"), "{tile}");
    let tile = tile.replace("{tileMatrix}", "6").replace("{tileRow}", "25");
    let tile = app.get(&tile.replace("{tileCol}", "38")).await;
    assert_eq!(tile.status, StatusCode::OK);
    assert_eq!(tile.header("content-type"), "application/vnd.mapbox-vector-tile");
    assert_eq!(tile.header("access-control-allow-origin"), "*");

    let tilejson = app.get(&set.link("alternate").unwrap()).await.json();
    assert_eq!(tilejson["tilejson"], "3.0.0");
    let layers = tilejson["vector_layers"].as_array().unwrap();
    assert_eq!((&layers[0]["id"], &layers[1]["id"]), (&"events".into(), &"clusters".into()));
    assert_eq!(layers[0]["fields"]["fatalities"], "Number");
    let template = tilejson["tiles"][0].as_str().unwrap();
    assert!(template.ends_with("/WebMercatorQuad/{z}/{y}/{x}?event_type=Battles"), "{template}");
}

#[tokio::test]
async fn an_empty_tile_has_no_content_and_tiles_are_cached() {
    let app = TestSite::new();
    let empty = app.get(&format!("{TILES}/8/0/0")).await;
    assert_eq!((empty.status, &*empty.body), (StatusCode::NO_CONTENT, ""));
    assert_ne!(empty.header("etag"), "");
    is_cached(&app, &format!("{TILES}/6/25/38")).await;
}

#[tokio::test]
async fn pages_of_other_sites_may_go_on_where_they_were() {
    let app = TestSite::new();
    let asked = [
        ("origin", "https://map.example"),
        ("access-control-request-method", "GET"),
        ("access-control-request-headers", "last-event-id,if-none-match"),
    ];
    for path in ["stream", "clusters", "aggregate", "tiles/WebMercatorQuad/0/0/0"] {
        let answer = app.send("OPTIONS", &format!("/collections/events/{path}"), &asked).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.header("access-control-allow-headers"), "*", "{path}");
    }
}

proptest! {
    #[test]
    fn any_words_are_answered_or_refused(
        words in prop_oneof!["[ -~]{0,30}", "[0-9,.+-]{0,22}", "[a-z_0-9,ا-ي]{0,20}"],
        more in "(&(bbox|datetime|filter|event_type)=[-0-9a-z%,./]{0,12}){0,2}",
    ) {
        thread_local!(static SITE: TestSite = TestSite::new());
        let encoded: String = form_urlencoded::byte_serialize(words.as_bytes()).collect();
        let segment = encoded.replace('+', "%20");
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        for uri in [
            format!("clusters?zoom={encoded}{more}"),
            format!("aggregate?by={encoded}{more}"),
            format!("tiles/{segment}?{more}"),
            format!("tiles/WebMercatorQuad/{segment}/0/{segment}?{more}"),
            format!("tiles/WebMercatorQuad/3/{segment}/1?{more}"),
        ] {
            let answer = SITE.with(|site| {
                runtime.block_on(site.get(&format!("/collections/events/{uri}")))
            });
            prop_assert!(answer.status.as_u16() < 500, "{uri}: {}", answer.status);
            if !answer.status.is_success() {
                prop_assert_eq!(answer.header("content-type"), "application/problem+json");
            }
        }
        let last = [("last-event-id", words.as_str())];
        let refused = words.trim().parse::<u64>().map_or(!words.trim().is_empty(), |id| id > 50);
        if refused && words.is_ascii() {
            let answer = SITE.with(|site| {
                runtime.block_on(site.get_with("/collections/events/stream", &last))
            });
            prop_assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", words);
        }
    }
}
