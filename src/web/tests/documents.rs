use std::collections::HashSet;

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{DOCUMENTS, EVENTS, TestSite};
use crate::model::event::PROPERTIES;
use crate::model::source::SourceName;
use crate::store::samples::{article, event};

#[tokio::test]
async fn every_document_is_json_for_programs_and_html_for_browsers() {
    let app = TestSite::new();
    let browser = ("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");
    for &(uri, kind) in DOCUMENTS {
        let json = app.get_with(uri, &[("accept", "*/*")]).await;
        assert_eq!((json.status, json.header("content-type")), (StatusCode::OK, kind), "{uri}");
        json.json();
        for html in [app.get_with(uri, &[browser]).await, app.get(&format!("{uri}?f=html")).await] {
            assert_eq!(html.status, StatusCode::OK, "{uri}");
            assert_eq!(html.header("content-type"), "text/html; charset=utf-8", "{uri}");
            let policy = html.header("content-security-policy");
            assert!(policy.starts_with("default-src 'none'; "), "{uri}: {policy}");
            // Only the map runs anything.
            assert_eq!(policy.contains("script-src"), uri == "/", "{uri}: {policy}");
            for rule in ["require-trusted-types-for 'script'", "frame-ancestors 'none'"] {
                assert!(policy.contains(rule), "{uri}: {policy}");
            }
            assert!(html.header("permissions-policy").contains("geolocation=()"), "{uri}");
            assert_eq!(html.header("cross-origin-opener-policy"), "same-origin");
            assert!(!html.body.contains("<script>"), "{uri}: {}", html.body);
        }
        let program = app.get_with(&format!("{uri}?f=json"), &[browser]).await;
        assert_eq!(program.header("content-type"), kind, "f overrides Accept at {uri}");
        assert_eq!(program.header("content-security-policy"), "", "{uri}");
        assert_eq!(program.header("x-content-type-options"), "nosniff", "{uri}");
    }
}

#[tokio::test]
async fn every_link_is_absolute_and_leads_somewhere() {
    let app = TestSite::new();
    let mut seen = HashSet::new();
    let mut todo = vec!["http://example.org/?f=json".to_owned()];
    while let Some(uri) = todo.pop() {
        if !seen.insert(uri.clone()) {
            continue;
        }
        let answer = app.get(&uri).await;
        assert_eq!(answer.status, StatusCode::OK, "{uri}");
        let kind = answer.header("content-type");
        if kind.contains("json") && !kind.contains("json-seq") {
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
                let leads_on = map.get("templated").is_none() && map["type"] != "text/event-stream";
                links.extend(leads_on.then(|| href.clone()));
            }
            map.values().for_each(|value| collect_links(value, links));
        }
        Value::Array(items) => items.iter().for_each(|item| collect_links(item, links)),
        _ => {}
    }
}

#[tokio::test]
async fn links_begin_with_the_address_that_the_client_used() {
    let mut app = TestSite::new();
    let forwarded = [("x-forwarded-proto", "https"), ("x-forwarded-host", "map.example, inner")];
    let forged =
        [("x-forwarded-host", "evil.example/\"><script>"), ("x-forwarded-proto", "javascript")];
    for (headers, base) in [
        (&[][..], "http://example.org/"),
        (&forwarded, "https://map.example/"),
        (&forged, "http://localhost/"),
    ] {
        let answer = app.get_with("/collections", headers).await;
        assert_eq!(answer.link("self").unwrap(), format!("{base}collections"));
        assert!(answer.header("vary").contains("x-forwarded-host"));
    }
    app.site.base = Some("https://example.net/syria/".parse().unwrap());
    let answer = app.get_with("/collections", &forwarded).await;
    assert_eq!(answer.link("self").unwrap(), "https://example.net/syria/collections");
}

#[tokio::test]
async fn what_is_not_there_is_a_problem_too() {
    let app = TestSite::new();
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
        ("GET", "/extract", 405, "method_not_allowed"),
    ] {
        let answer = app.send(method, uri, &[]).await;
        assert_eq!(
            (answer.status.as_u16(), &answer.json()["code"]),
            (status, &code.into()),
            "{method} {uri}"
        );
        assert_eq!(answer.header("content-type"), "application/problem+json", "{method} {uri}");
    }
}

#[tokio::test]
async fn what_the_client_has_is_not_sent_again() {
    let app = TestSite::new();
    for uri in DOCUMENTS.iter().map(|(uri, _)| *uri).chain(["/css/ogc.css", "/?f=html"]) {
        let first = app.get(uri).await;
        let tag = first.header("etag");
        assert!(!tag.is_empty() && !first.header("cache-control").is_empty(), "{uri}");
        let again = app.get_with(uri, &[("if-none-match", tag)]).await;
        assert_eq!((again.status, again.body.as_str()), (StatusCode::NOT_MODIFIED, ""), "{uri}");
        assert_eq!(again.header("etag"), tag, "{uri}");
        let other = app.get_with(uri, &[("if-none-match", "\"other\"")]).await;
        assert_eq!(other.status, StatusCode::OK, "{uri}");
    }
    let items = "/collections/events/items";
    let before = app.get(items).await;
    let article = article(2);
    app.site.store.insert(&article, &[event(&article, 3)]).unwrap();
    let after = app.get_with(items, &[("if-none-match", before.header("etag"))]).await;
    assert_eq!(after.status, StatusCode::OK, "a write is seen by the next query");
    assert_eq!(after.json()["numberMatched"], EVENTS + 1);
}

#[tokio::test]
async fn head_and_options_work_everywhere() {
    let app = TestSite::new();
    for uri in DOCUMENTS.iter().map(|(uri, _)| *uri).chain(["/health/live", "/css/ogc.css"]) {
        let head = app.send("HEAD", uri, &[]).await;
        let get = app.get(uri).await;
        assert_eq!((head.status, head.body.as_str()), (StatusCode::OK, ""), "{uri}");
        assert_eq!(head.header("content-type"), get.header("content-type"), "{uri}");
        assert_eq!(head.header("etag"), get.header("etag"), "{uri}");
        let asked = [("origin", "https://other.example"), ("access-control-request-method", "GET")];
        let options = app.send("OPTIONS", uri, &asked).await;
        assert_eq!(options.status, StatusCode::OK, "{uri}");
        assert_eq!(options.header("access-control-allow-origin"), "*", "{uri}");
        assert_eq!(
            options.header("access-control-allow-methods"),
            "GET,HEAD,POST,OPTIONS",
            "{uri}"
        );
        assert_eq!(get.header("access-control-allow-origin"), "*", "{uri}");
    }
}

#[tokio::test]
async fn answers_are_compressed_as_asked() {
    let app = TestSite::new();
    for coding in ["gzip", "br", "zstd"] {
        let answer =
            app.get_with("/collections/events/items", &[("accept-encoding", coding)]).await;
        assert_eq!(answer.header("content-encoding"), coding);
        assert!(!answer.header("etag").is_empty());
    }
}

#[tokio::test]
async fn ready_only_once_every_source_was_read() {
    let app = TestSite::new();
    let source = SourceName("https://me:pw@example.org/feed".to_owned());
    app.site.board.await_first_read(&source);
    assert_eq!(app.get("/health/live").await.status, StatusCode::OK);
    let early = app.get("/health/ready").await;
    assert_eq!((early.status, early.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, "1"));
    assert_eq!(early.json()["code"], "not_ready");
    let told = "source `https://example.org/…` is being read for the first time";
    assert_eq!(early.json()["reasons"], json!([told]));
    app.site.board.was_read(&source);
    assert_eq!(app.get("/health/ready").await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_api_says_what_gis_programs_look_for() {
    let app = TestSite::new();
    let api = app.get("/api").await.json();
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
    assert_eq!(text.matches("\"$ref\":").count(), text.matches("\"$ref\":\"#/").count(), "remote");
    for target in text.split("\"$ref\":\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(api.pointer(target).is_some(), "{target}");
    }
    let conformance = app.get("/conformance").await.json();
    assert!(
        conformance["conformsTo"].as_array().unwrap().iter().any(|class| {
            class == "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core"
        })
    );
    let events = app.get("/collections/events").await.json();
    assert_eq!(events["extent"]["temporal"]["interval"][0][0], "2022-01-01T00:00:00Z");
    assert_eq!(events["extent"]["spatial"]["bbox"][0].as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn every_example_of_the_api_can_be_tried() {
    let app = TestSite::new();
    let api = app.get("/api").await.json();
    let resolved = |part: &Value| match part["$ref"].as_str() {
        Some(at) => api.pointer(at.trim_start_matches('#')).unwrap().clone(),
        None => part.clone(),
    };
    let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let written = |example: &Value| match example {
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(","),
        other => plain(other),
    };
    for (path, operation) in api["paths"].as_object().unwrap() {
        // What is sent an article has its own tests.
        if operation.get("get").is_none() {
            continue;
        }
        let mut uri = path.clone();
        let mut query = form_urlencoded::Serializer::new(String::new());
        let Some(operation) = operation.get("get") else { continue };
        for parameter in operation["parameters"].as_array().unwrap() {
            let parameter = resolved(parameter);
            let Some(example) = parameter.get("example").map(written) else { continue };
            let name = parameter["name"].as_str().unwrap();
            if parameter["in"] == "path" {
                uri = uri.replace(&format!("{{{name}}}"), &example);
            } else {
                query.append_pair(name, &example);
            }
        }
        let uri = format!("{uri}?{}", query.finish());
        // The stream never ends.
        if path == "/geocode" || path == "/health/ready" || path.ends_with("/stream") {
            continue;
        }
        let answer = app.get(&uri).await;
        assert!(answer.status.is_success(), "{uri}: {}", answer.body);
    }
    assert!(app.get("/api?f=html").await.body.contains("for example <code>35,32,43,38</code>"));
}

#[tokio::test]
async fn the_schema_tells_what_features_hold_and_which_part_is_what() {
    let app = TestSite::new();
    for collection in ["events", "places", "governorates"] {
        let at = format!("/collections/{collection}");
        let schema = app.get(&format!("{at}/schema")).await.json();
        let feature = app.get(&format!("{at}/items?limit=1")).await.json()["features"][0].clone();
        let told: Vec<&String> = schema["properties"].as_object().unwrap().keys().collect();
        let held = feature["properties"].as_object().unwrap().keys();
        let expected: Vec<String> =
            ["id", "geometry"].map(str::to_owned).into_iter().chain(held.cloned()).collect();
        assert_eq!(told, expected.iter().collect::<Vec<_>>());
        assert_eq!(schema["properties"]["id"]["x-ogc-role"], "id");
        assert_eq!(schema["properties"]["geometry"]["x-ogc-role"], "primary-geometry");
        assert_eq!(schema["$id"], format!("http://example.org{at}/schema"));
        let sortables = app.get(&format!("{at}/sortables")).await.json();
        for name in sortables["properties"].as_object().unwrap().keys() {
            let sorted = app.get(&format!("{at}/items?sortby={name}")).await;
            assert_eq!(sorted.status, StatusCode::OK, "{name}");
        }
        assert!(sortables["properties"].get("geometry").is_none());
        let links = app.get(&at).await.json()["links"].to_string();
        for relation in ["schema", "sortables", "queryables"] {
            let relation = format!("http://www.opengis.net/def/rel/ogc/1.0/{relation}");
            assert!(links.contains(&relation), "{links}");
        }
    }
    let schema = app.get("/collections/events/schema").await.json();
    for (name, role) in [
        ("event_type", "type"),
        ("event_date", "primary-interval-start"),
        ("event_date_end", "primary-interval-end"),
    ] {
        assert_eq!(schema["properties"][name]["x-ogc-role"], role);
    }
}

#[tokio::test]
async fn words_from_outside_cannot_become_markup() {
    let app = TestSite::new();
    let page = app.get("/collections/events/items/a1-3?f=html").await;
    assert!(
        page.body.contains("&lt;script&gt;") && !page.body.contains("<script>"),
        "{}",
        page.body
    );
    let page = app.get("/collections/events/items?f=html&title=%22%3E%3Cscript%3E").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.body.contains("<script>"), "{}", page.body);
}

#[tokio::test]
async fn files_of_the_page_have_their_types() {
    let app = TestSite::new();
    let css = app.get("/css/ogc.css").await;
    assert_eq!(css.header("content-type"), "text/css; charset=utf-8");
    assert_eq!(css.header("cache-control"), "no-cache");
}
