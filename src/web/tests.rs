use std::collections::HashSet;
use std::str::FromStr as _;
use std::sync::atomic::Ordering;

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use geojson::GeoJson;
use http_body_util::BodyExt as _;
use proptest::prelude::*;
use serde_json::Value;
use tempfile::TempDir;
use tower::ServiceExt as _;

use super::*;
use crate::model::event::{Event, PROPERTIES};
use crate::model::place::{Place, PlaceId, PlaceKind};
use crate::model::point::LonLat;
use crate::store::samples::{article, event};
use crate::store::{Options, Store};

const EVENTS: usize = 50;
const PLACES: usize = 25;

/// A site of its own with invented events and places, asked without a socket.
struct TestSite {
    _folder: TempDir,
    site: Site,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.body))
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    fn link(&self, rel: &str) -> Option<String> {
        let body = self.json();
        let mut links = body["links"].as_array().unwrap().iter();
        links.find(|link| link["rel"] == rel).map(|link| link["href"].as_str().unwrap().to_owned())
    }
}

impl TestSite {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&Options { path: folder.path().join("rasid.gpkg") }).unwrap();
        let article = article(1);
        let events: Vec<Event> = (0..EVENTS).map(|number| event(&article, number)).collect();
        store.insert(&article, &events).unwrap();
        let places: Vec<Place> = (0..PLACES).map(place).collect();
        let places = Places::new(&places);
        let ready = Arc::new(AtomicBool::new(false));
        Self { _folder: folder, site: Site { store, places, ready, base: None } }
    }

    async fn ask(&self, request: Request<Body>) -> Answer {
        let response = router(self.site.clone()).oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let body = String::from_utf8_lossy(&body).into_owned();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    async fn get(&self, uri: &str) -> Answer {
        self.get_with(uri, &[]).await
    }

    async fn get_with(&self, uri: &str, headers: &[(&str, &str)]) -> Answer {
        self.send("GET", uri, headers).await
    }

    async fn send(&self, method: &str, uri: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::builder().method(method).uri(uri).header("host", "example.org");
        for &(name, value) in headers {
            request = request.header(name, value);
        }
        self.ask(request.body(Body::empty()).unwrap()).await
    }
}

fn place(number: usize) -> Place {
    let n = f64::from(u32::try_from(number).unwrap());
    Place {
        id: PlaceId(format!("gn:{number}")),
        name_en: format!("Place {number}"),
        name_ar: format!("مكان {number}"),
        alt_ar: vec!["المكان".to_owned()],
        alt_en: Vec::new(),
        kind: if number == 0 { PlaceKind::City } else { PlaceKind::Village },
        admin1: "Idlib".to_owned(),
        admin1_pcode: "SY07".to_owned(),
        admin2: None,
        admin3: None,
        population: Some(1_000),
        source: "invented".to_owned(),
        point: LonLat::new(36.0 + n / 10.0, 35.0).unwrap(),
    }
}

/// Every address that answers 200 with JSON.
const DOCUMENTS: &[(&str, &str)] = &[
    ("/", "application/json"),
    ("/conformance", "application/json"),
    ("/api", "application/vnd.oai.openapi+json;version=3.0"),
    ("/collections", "application/json"),
    ("/collections/events", "application/json"),
    ("/collections/places", "application/json"),
    ("/collections/events/queryables", "application/schema+json"),
    ("/collections/places/queryables", "application/schema+json"),
    ("/collections/events/items", "application/geo+json"),
    ("/collections/places/items", "application/geo+json"),
    ("/collections/events/items/a1-3", "application/geo+json"),
    ("/collections/places/items/gn:3", "application/geo+json"),
    ("/collections/places/items/gn%3A3", "application/geo+json"),
];

#[tokio::test]
async fn every_document_is_json_for_programs_and_html_for_browsers() {
    let test = TestSite::new();
    let browser = ("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");
    for &(uri, kind) in DOCUMENTS {
        let json = test.get_with(uri, &[("accept", "*/*")]).await;
        assert_eq!((json.status, json.header("content-type")), (StatusCode::OK, kind), "{uri}");
        json.json();
        for html in [test.get_with(uri, &[browser]).await, test.get(&format!("{uri}?f=html")).await]
        {
            assert_eq!(html.status, StatusCode::OK, "{uri}");
            assert_eq!(html.header("content-type"), "text/html; charset=utf-8", "{uri}");
            assert!(
                html.header("content-security-policy")
                    .starts_with("default-src 'none'; script-src 'self'")
            );
            assert_eq!(html.header("cross-origin-opener-policy"), "same-origin");
            assert!(!html.body.contains("<script>"), "{uri}: {}", html.body);
        }
        let program = test.get_with(&format!("{uri}?f=json"), &[browser]).await;
        assert_eq!(program.header("content-type"), kind, "f overrides Accept at {uri}");
        assert_eq!(program.header("content-security-policy"), "", "{uri}");
        assert_eq!(program.header("x-content-type-options"), "nosniff", "{uri}");
    }
}

#[tokio::test]
async fn every_link_is_absolute_and_leads_somewhere() {
    let test = TestSite::new();
    let mut seen = HashSet::new();
    let mut todo = vec!["http://example.org/?f=json".to_owned()];
    while let Some(uri) = todo.pop() {
        if !seen.insert(uri.clone()) {
            continue;
        }
        let answer = test.get(&uri).await;
        assert_eq!(answer.status, StatusCode::OK, "{uri}");
        if answer.header("content-type").contains("json") {
            collect_links(&answer.json(), &mut todo);
        }
    }
    assert!(seen.len() > 15, "{seen:?}");
}

fn collect_links(value: &Value, links: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            if let (Some(Value::String(href)), true) = (map.get("href"), map.contains_key("rel")) {
                assert!(href.starts_with("http://example.org/"), "{href}");
                links.push(href.clone());
            }
            map.values().for_each(|value| collect_links(value, links));
        }
        Value::Array(items) => items.iter().for_each(|item| collect_links(item, links)),
        _ => {}
    }
}

#[tokio::test]
async fn links_begin_with_the_address_that_the_client_used() {
    let mut test = TestSite::new();
    let forwarded = [("x-forwarded-proto", "https"), ("x-forwarded-host", "map.example, inner")];
    let forged =
        [("x-forwarded-host", "evil.example/\"><script>"), ("x-forwarded-proto", "javascript")];
    for (headers, base) in [
        (&[][..], "http://example.org/"),
        (&forwarded, "https://map.example/"),
        (&forged, "http://localhost/"),
    ] {
        let answer = test.get_with("/collections", headers).await;
        assert_eq!(answer.link("self").unwrap(), format!("{base}collections"));
        assert!(answer.header("vary").contains("x-forwarded-host"));
    }
    test.site.base = Some("https://example.net/syria/".parse().unwrap());
    let answer = test.get_with("/collections", &forwarded).await;
    assert_eq!(answer.link("self").unwrap(), "https://example.net/syria/collections");
}

#[tokio::test]
async fn a_bad_request_is_told_what_is_allowed() {
    let test = TestSite::new();
    let items = "/collections/events/items";
    for (query, code, parameter, told) in [
        ("bbox=1,2,3", "bad_parameter", "bbox", "3 numbers given: write four"),
        ("bbox=NaN,1,2,3", "bad_parameter", "bbox", "west is NaN: allowed is -180 to 180"),
        ("bbox=", "bad_parameter", "bbox", "is not a number"),
        ("bbox=1,5,2,4", "bad_parameter", "bbox", "south (5) is greater than north (4)"),
        ("limit=0", "bad_parameter", "limit", "from 1 to 10000"),
        ("limit=-1", "bad_parameter", "limit", "from 1 to 10000"),
        ("limit=%2B5", "bad_parameter", "limit", "from 1 to 10000"),
        ("limit=ten", "bad_parameter", "limit", "`ten` is not a limit"),
        ("limit=", "bad_parameter", "limit", "from 1 to 10000"),
        ("datetime=yesterday", "bad_parameter", "datetime", "write YYYY-MM-DD"),
        ("datetime=2024-02-01/2024-01-01", "bad_parameter", "datetime", "before it begins"),
        ("cursor=zz", "bad_parameter", "cursor", "follow the `next` links"),
        ("cursor=0", "bad_parameter", "cursor", "follow the `next` links"),
        ("fatalities=many", "bad_parameter", "fatalities", "not a whole number"),
        ("confidence=NaN", "bad_parameter", "confidence", "not a number"),
        ("event_date=May", "bad_parameter", "event_date", "write YYYY-MM-DD"),
        ("event_type=War", "bad_parameter", "event_type", "not one of: Battles, "),
        ("f=gml", "bad_parameter", "f", "write json or html"),
        ("colour=red", "unknown_parameter", "colour", "allowed are bbox, datetime, limit"),
        ("=", "unknown_parameter", "", "allowed are"),
        ("limit=1&limit=2", "repeated_parameter", "limit", "more than once"),
    ] {
        let answer = test.get(&format!("{items}?{query}")).await;
        let body = answer.json();
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
        assert_eq!(answer.header("content-type"), "application/problem+json", "{query}");
        assert_eq!(
            (&body["code"], &body["parameter"]),
            (&code.into(), &parameter.into()),
            "{query}"
        );
        assert!(body["detail"].as_str().unwrap().contains(told), "{query}: {body}");
        assert_eq!((&body["type"], &body["status"]), (&"about:blank".into(), &400.into()));
    }
    for uri in [
        "/?x=1",
        "/conformance?x=1",
        "/api?x=1",
        "/collections?x=1",
        "/collections/events?x=1",
        "/collections/events/queryables?x=1",
        "/collections/events/items/a1-3?x=1",
        "/health/live?x=1",
        "/collections/places/items?datetime=2024-01-01",
        "/collections/places/items?fatalities=1",
    ] {
        let answer = test.get(uri).await;
        assert_eq!(
            (answer.status, &answer.json()["code"]),
            (StatusCode::BAD_REQUEST, &"unknown_parameter".into()),
            "{uri}"
        );
    }
}

#[tokio::test]
async fn what_is_not_there_is_a_problem_too() {
    let test = TestSite::new();
    for (method, uri, status, code) in [
        ("GET", "/collections/wars", 404, "unknown_collection"),
        ("GET", "/collections/wars/items?colour=red", 404, "unknown_collection"),
        ("GET", "/collections/wars/queryables", 404, "unknown_collection"),
        ("GET", "/collections/events/items/none", 404, "unknown_feature"),
        ("GET", "/collections/events/items/%FF", 404, "not_found"),
        ("GET", "/nothing", 404, "not_found"),
        ("GET", "/../Cargo.toml", 404, "not_found"),
        ("GET", "/css/%2e%2e/index.html", 404, "not_found"),
        ("GET", "/collections/", 404, "not_found"),
        ("POST", "/nothing", 404, "not_found"),
        ("POST", "/collections/events/items", 405, "method_not_allowed"),
        ("DELETE", "/collections/events/items/a1-3", 405, "method_not_allowed"),
        ("PUT", "/css/ogc.css", 405, "method_not_allowed"),
    ] {
        let answer = test.send(method, uri, &[]).await;
        assert_eq!(
            (answer.status.as_u16(), &answer.json()["code"]),
            (status, &code.into()),
            "{method} {uri}"
        );
        assert_eq!(answer.header("content-type"), "application/problem+json", "{method} {uri}");
    }
}

#[tokio::test]
async fn a_long_wrong_word_is_not_repeated_whole() {
    let test = TestSite::new();
    let answer = test.get(&format!("/collections/events/items?{}=1", "ا".repeat(5_000))).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(answer.body.len() < 2_000, "{}", answer.body.len());
}

#[tokio::test]
async fn features_are_valid_geojson() {
    let test = TestSite::new();
    let answer = test.get("/collections/events/items?limit=99999999999999999999999").await;
    let GeoJson::FeatureCollection(collection) = GeoJson::from_str(&answer.body).unwrap() else {
        panic!("not a collection");
    };
    assert_eq!(collection.features.len(), EVENTS);
    assert!(collection.features.iter().any(|feature| feature.geometry.is_none()));
    let body = answer.json();
    assert_eq!((&body["numberMatched"], &body["numberReturned"]), (&EVENTS.into(), &EVENTS.into()));
    body["timeStamp"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    for (name, ..) in PROPERTIES {
        assert!(collection.features.iter().all(|f| f.contains_property(name)), "{name}");
    }
    let one = test.get("/collections/events/items/a1-3").await;
    assert!(matches!(GeoJson::from_str(&one.body).unwrap(), GeoJson::Feature(_)));
    assert_eq!(one.link("collection").unwrap(), "http://example.org/collections/events");
    let newest = body["features"][0]["properties"]["event_date"].as_str().unwrap();
    assert_eq!(newest, "2022-02-19", "newest first");
}

#[tokio::test]
async fn every_property_is_a_filter() {
    let test = TestSite::new();
    let all = test.get("/collections/events/items?limit=1000").await.json();
    let all = all["features"].as_array().unwrap();
    for (name, ..) in PROPERTIES {
        let value = all.iter().map(|feature| &feature["properties"][name]).find(|v| !v.is_null());
        let Some(value) = value else { continue };
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Array(items) => items[0].as_str().unwrap().to_owned(),
            other => other.to_string(),
        };
        let expected = all.iter().filter(|feature| match &feature["properties"][name] {
            Value::Array(items) => items.iter().any(|item| item == &*text),
            other => other == value,
        });
        let query: String =
            form_urlencoded::Serializer::new(String::new()).append_pair(name, &text).finish();
        for query in [query.clone(), query.replace('+', "%20")] {
            let answer = test.get(&format!("/collections/events/items?{query}")).await.json();
            assert_eq!(answer["numberMatched"], expected.clone().count(), "{query}");
        }
    }
}

#[tokio::test]
async fn boxes_and_days_narrow_the_answer() {
    let test = TestSite::new();
    for (query, at_least) in [
        ("bbox=36,33,37,34", 1),
        ("bbox=36,33,0,37,34,9000", 1),
        ("bbox=170,-90,37,90", 1),
        ("datetime=2022-01-03", 1),
        ("datetime=2022-01-03T/2022-01-10T", 5),
        ("datetime=2022-01-03T00:00:00Z/..&bbox=-180,-90,180,90", 5),
    ] {
        let matched = test.get(&format!("/collections/events/items?{query}")).await.json();
        let matched = matched["numberMatched"].as_u64().unwrap();
        assert!(matched >= at_least && matched < EVENTS as u64, "{query}: {matched}");
    }
}

#[tokio::test]
async fn next_links_lead_to_each_feature_once() {
    let test = TestSite::new();
    for (query, expected) in [
        ("limit=7", EVENTS),
        ("limit=25", EVENTS),
        ("limit=50", EVENTS),
        ("limit=3&event_type=Explosions%2FRemote+violence&f=json", 12),
        ("limit=2&bbox=36,33,36.5,37&datetime=2022-01-01/2022-12-31", 6),
    ] {
        let mut next = Some(format!("http://example.org/collections/events/items?{query}"));
        let mut ids = Vec::new();
        while let Some(uri) = next {
            let answer = test.get(&uri).await;
            let body = answer.json();
            let features = body["features"].as_array().unwrap();
            assert!(!features.is_empty(), "an empty page at {uri}");
            assert_eq!(body["numberMatched"], expected, "{uri}");
            ids.extend(features.iter().map(|feature| feature["id"].to_string()));
            next = answer.link("next");
        }
        assert_eq!(ids.len(), expected, "{query}");
        assert_eq!(ids.iter().collect::<HashSet<_>>().len(), expected, "{query}");
    }
}

#[tokio::test]
async fn what_the_client_has_is_not_sent_again() {
    let test = TestSite::new();
    for uri in DOCUMENTS.iter().map(|(uri, _)| *uri).chain(["/css/ogc.css", "/?f=html"]) {
        let first = test.get(uri).await;
        let tag = first.header("etag");
        assert!(!tag.is_empty() && !first.header("cache-control").is_empty(), "{uri}");
        let again = test.get_with(uri, &[("if-none-match", tag)]).await;
        assert_eq!((again.status, again.body.as_str()), (StatusCode::NOT_MODIFIED, ""), "{uri}");
        assert_eq!(again.header("etag"), tag, "{uri}");
        let other = test.get_with(uri, &[("if-none-match", "\"other\"")]).await;
        assert_eq!(other.status, StatusCode::OK, "{uri}");
    }
    let items = "/collections/events/items";
    let before = test.get(items).await;
    let article = article(2);
    test.site.store.insert(&article, &[event(&article, 3)]).unwrap();
    let after = test.get_with(items, &[("if-none-match", before.header("etag"))]).await;
    assert_eq!(after.status, StatusCode::OK, "a write is seen by the next query");
    assert_eq!(after.json()["numberMatched"], EVENTS + 1);
}

#[tokio::test]
async fn head_and_options_work_everywhere() {
    let test = TestSite::new();
    for uri in DOCUMENTS.iter().map(|(uri, _)| *uri).chain(["/health/live", "/css/ogc.css"]) {
        let head = test.send("HEAD", uri, &[]).await;
        let get = test.get(uri).await;
        assert_eq!((head.status, head.body.as_str()), (StatusCode::OK, ""), "{uri}");
        assert_eq!(head.header("content-type"), get.header("content-type"), "{uri}");
        assert_eq!(head.header("etag"), get.header("etag"), "{uri}");
        let asked = [("origin", "https://other.example"), ("access-control-request-method", "GET")];
        let options = test.send("OPTIONS", uri, &asked).await;
        assert_eq!(options.status, StatusCode::OK, "{uri}");
        assert_eq!(options.header("access-control-allow-origin"), "*", "{uri}");
        assert_eq!(options.header("access-control-allow-methods"), "GET,HEAD,OPTIONS", "{uri}");
        assert_eq!(get.header("access-control-allow-origin"), "*", "{uri}");
    }
}

#[tokio::test]
async fn answers_are_compressed_as_asked() {
    let test = TestSite::new();
    for coding in ["gzip", "br", "zstd"] {
        let answer =
            test.get_with("/collections/events/items", &[("accept-encoding", coding)]).await;
        assert_eq!(answer.header("content-encoding"), coding);
        assert!(!answer.header("etag").is_empty());
    }
}

#[tokio::test]
async fn ready_only_when_told_so() {
    let test = TestSite::new();
    assert_eq!(test.get("/health/live").await.status, StatusCode::OK);
    let early = test.get("/health/ready").await;
    assert_eq!((early.status, early.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, "1"));
    assert_eq!(early.json()["code"], "not_ready");
    test.site.ready.store(true, Ordering::Release);
    assert_eq!(test.get("/health/ready").await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_api_says_what_gis_programs_look_for() {
    let test = TestSite::new();
    let api = test.get("/api").await.json();
    assert!(api["openapi"].as_str().unwrap().starts_with("3.0."));
    assert_eq!(api["components"]["parameters"]["limit"]["schema"]["maximum"], 10_000);
    let parameters =
        api["paths"]["/collections/events/items"]["get"]["parameters"].as_array().unwrap();
    for (name, ..) in PROPERTIES {
        let parameter = parameters.iter().find(|parameter| parameter["name"] == **name).unwrap();
        assert_eq!(
            (&parameter["in"], &parameter["style"], &parameter["explode"]),
            (&"query".into(), &"form".into(), &false.into())
        );
    }
    let text = api.to_string();
    for (place, _) in text.match_indices("\"$ref\":\"") {
        let target = text[place + 8..].split('"').next().unwrap();
        assert!(api.pointer(target.strip_prefix('#').unwrap()).is_some(), "{target}");
    }
    let conformance = test.get("/conformance").await.json();
    assert!(
        conformance["conformsTo"].as_array().unwrap().iter().any(|class| {
            class == "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core"
        })
    );
    let events = test.get("/collections/events").await.json();
    assert_eq!(events["extent"]["temporal"]["interval"][0][0], "2022-01-01T00:00:00Z");
    assert_eq!(events["extent"]["spatial"]["bbox"][0].as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn words_from_outside_cannot_become_markup() {
    let test = TestSite::new();
    let page = test.get("/collections/events/items/a1-3?f=html").await;
    assert!(
        page.body.contains("&lt;script&gt;") && !page.body.contains("<script>"),
        "{}",
        page.body
    );
    let page = test.get("/collections/events/items?f=html&title=%22%3E%3Cscript%3E").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.body.contains("<script>"), "{}", page.body);
}

#[tokio::test]
async fn files_of_the_page_have_their_types() {
    let test = TestSite::new();
    let css = test.get("/css/ogc.css").await;
    assert_eq!(css.header("content-type"), "text/css; charset=utf-8");
    assert_eq!(css.header("cache-control"), "no-cache");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_query_is_answered_or_refused(
        path in prop::sample::select(vec!["/", "/api", "/collections/events/items", "/collections/places/items", "/collections/events/items/x", "/x"]),
        query in prop_oneof![
            "[ -~]{0,60}",
            "(bbox|datetime|limit|cursor|f|fatalities|event_type|confidence)=[-0-9.,/TZeaN%+]{0,30}",
            "((bbox|datetime|limit|cursor)=[^#]{0,12}&){0,4}",
        ],
        accept in prop_oneof![Just("*/*"), Just("text/html"), Just("a/b;q=x,,;;")],
    ) {
        thread_local!(static SITE: TestSite = TestSite::new());
        let uri = format!("{path}?{query}");
        let Ok(uri) = uri.parse::<axum::http::Uri>() else { return Ok(()) };
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let answer = SITE.with(|site| runtime.block_on(site.get_with(&uri.to_string(), &[("accept", accept)])));
        prop_assert!(answer.status.as_u16() < 500, "{} {}", uri, answer.status);
        if !answer.status.is_success() {
            prop_assert_eq!(answer.header("content-type"), "application/problem+json");
        }
    }
}
