use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{EVENTS, TestSite};

fn encoded(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// The features of a collection that a filter gives, after checking that pages are counted right.
async fn found(app: &TestSite, collection: &str, filter: &str) -> Vec<Value> {
    let query = encoded(&[("filter", filter), ("limit", "1000")]);
    let answer = app.get(&format!("/collections/{collection}/items?{query}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{filter}: {}", answer.body);
    let body = answer.json();
    let features = body["features"].as_array().unwrap().clone();
    assert_eq!(body["numberMatched"], features.len(), "{filter}");
    features
}

type Wanted = fn(&Value) -> bool;

fn day(p: &Value) -> &str {
    p["event_date"].as_str().unwrap_or_default()
}

fn has(p: &Value, actor: &str) -> bool {
    p["actor_ids"].as_array().unwrap().iter().any(|id| id == actor)
}

/// Filters, and what they mean to somebody who looks at the properties.
const MEANT: &[(&str, Wanted)] = &[
    ("fatalities > 1", |p| p["fatalities"].as_i64().is_some_and(|n| n > 1)),
    ("fatalities < 2.5 AND fatalities >= 2", |p| p["fatalities"] == 2),
    ("NOT (fatalities = 2)", |p| p["fatalities"].as_i64().is_some_and(|n| n != 2)),
    ("fatalities <> 2", |p| p["fatalities"].as_i64().is_some_and(|n| n != 2)),
    ("fatalities NOT IN (1, 2)", |p| p["fatalities"].as_i64().is_some_and(|n| n == 0 || n == 3)),
    ("fatalities = 2 OR fatalities IS NULL", |p| p["fatalities"].is_null() || p["fatalities"] == 2),
    ("NOT (fatalities = 2 AND admin1 = 'Homs')", |p| {
        p["admin1"].is_string() || p["fatalities"].as_i64().is_some_and(|n| n != 2)
    }),
    ("fatalities IS NOT NULL", |p| !p["fatalities"].is_null()),
    ("injured IS NULL", |_| true),
    ("confidence BETWEEN 0.2 AND 0.5", |p| {
        (0.2..=0.5).contains(&p["confidence"].as_f64().unwrap())
    }),
    ("event_type IN ('Riots', 'Battles')", |p| {
        p["event_type"] == "Riots" || p["event_type"] == "Battles"
    }),
    ("event_type = 'riots'", |_| false),
    ("CASEI(event_type) = CASEI('rIOTS')", |p| p["event_type"] == "Riots"),
    ("event_type LIKE '%iol%'", |p| p["event_type"].as_str().unwrap().contains("iol")),
    ("CASEI(sub_event_type) LIKE casei('A%')", |p| {
        p["sub_event_type"].as_str().unwrap().starts_with('A')
    }),
    ("actor2 LIKE 'X%'", |_| false),
    ("actor2 NOT LIKE 'X%'", |p| p["actor2"].is_string()),
    ("location_ar = 'سراقب'", |p| p["location_ar"] == "سراقب"),
    ("title > 'z'", |_| true),
    ("event_date > '2022-01-10'", |p| day(p) > "2022-01-10"),
    ("event_date BETWEEN DATE('2022-01-10') AND DATE('2022-01-20')", |p| {
        ("2022-01-10"..="2022-01-20").contains(&day(p))
    }),
    ("T_AFTER(event_date, TIMESTAMP('2022-01-10T23:59:59Z'))", |p| day(p) > "2022-01-10"),
    ("T_BEFORE(event_date, DATE('2022-01-10'))", |p| !day(p).is_empty() && day(p) < "2022-01-10"),
    ("T_INTERSECTS(event_date, INTERVAL('2022-01-10', '..'))", |p| day(p) >= "2022-01-10"),
    ("T_DURING(event_date, INTERVAL('2022-01-10', '2022-01-20'))", |p| {
        day(p) > "2022-01-10" && day(p) < "2022-01-20"
    }),
    ("T_CONTAINS(INTERVAL(event_date, event_date_end), DATE('2022-01-02'))", |p| {
        day(p) < "2022-01-02" && p["event_date_end"].as_str().is_some_and(|end| end > "2022-01-02")
    }),
    ("event_date_end IS NULL", |p| p["event_date_end"].is_null()),
    ("A_CONTAINS(actor_ids, ('SDF', 'X1'))", |p| has(p, "X1")),
    ("A_OVERLAPS(actor_ids, ('X1', 'X2'))", |p| has(p, "X1") || has(p, "X2")),
    ("A_EQUALS(actor_ids, ('X3', 'SDF'))", |p| has(p, "X3")),
    ("A_CONTAINEDBY(actor_ids, ('X3', 'SDF', 'X2'))", |p| has(p, "X3") || has(p, "X2")),
    ("FALSE OR TRUE", |_| true),
    ("fatalities * 2 + 1 = 5", |p| p["fatalities"] == 2),
    ("fatalities / 0 = 1 OR fatalities % 2 = 1", |p| {
        p["fatalities"].as_i64().is_some_and(|n| n % 2 == 1)
    }),
    ("(2 - 1) < fatalities", |p| p["fatalities"].as_i64().is_some_and(|n| n > 1)),
    ("fatalities + injured > -1", |_| false),
    ("fatalities + injured IS NULL", |_| true),
    ("(fatalities > 1) IS NULL", |p| p["fatalities"].is_null()),
    ("fatalities = fatalities", |p| !p["fatalities"].is_null()),
    ("fatalities < fatalities OR title <> title OR event_date > event_date", |_| false),
    ("event_date < event_date_end", |p| p["event_date_end"].is_string()),
    ("event_date >= event_date_end", |_| false),
    ("'Riots' = event_type", |p| p["event_type"] == "Riots"),
    ("'Riots' < event_type", |p| p["event_type"].as_str().unwrap() > "Riots"),
    ("sub_event_type = event_type", |p| p["sub_event_type"] == p["event_type"]),
    ("event_type IN ('Riots', sub_event_type)", |p| {
        p["event_type"] == "Riots" || p["event_type"] == p["sub_event_type"]
    }),
    ("ACCENTI(CASEI(event_type)) = CASEI(ACCENTI('RÎOTS'))", |p| p["event_type"] == "Riots"),
    ("event_type LIKE '_io__'", |p| p["event_type"] == "Riots"),
    ("A_EQUALS(actor_ids, actor_ids)", |_| true),
    ("A_CONTAINS(('X1', 'SDF', 'X9'), actor_ids)", |p| {
        p["actor_ids"].as_array().unwrap().iter().all(|id| id == "X1" || id == "SDF")
    }),
    (
        "'a' = 'a' AND 3.14 <= 3.14 AND true = true AND DATE('2022-04-14') >= DATE('2022-04-14')",
        |_| true,
    ),
    (
        "'a' <> 'a' OR 1 > 1 OR 'a' LIKE 'b%' OR TIMESTAMP('2022-04-14T14:48:46Z') < DATE('2022-04-14')",
        |_| false,
    ),
    ("S_DISJOINT(POINT(1 2), POINT(3 4))", |_| true),
];

#[tokio::test]
async fn a_filter_gives_what_it_says_and_the_unknown_is_never_taken_for_a_value() {
    let app = TestSite::new();
    let all = app.get("/collections/events/items?limit=1000").await.json();
    let all = all["features"].as_array().unwrap();
    for (filter, wanted) in MEANT {
        let expected: Vec<&Value> =
            all.iter().filter(|feature| wanted(&feature["properties"])).collect();
        let found = found(&app, "events", filter).await;
        assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{filter}");
    }
}

#[tokio::test]
async fn features_are_found_by_where_they_are() {
    let app = TestSite::new();
    let by_box = app.get("/collections/events/items?limit=1000&bbox=36,33,37,34").await.json();
    for area in [
        "BBOX(36, 33, 37, 34)",
        "ENVELOPE(36, 33, 0, 37, 34, 9000)",
        "POLYGON((36 33, 37 33, 37 34, 36 34, 36 33))",
        "MULTIPOLYGON(((36 33, 37 33, 37 34, 36 34, 36 33)), ((0 0, 1 0, 1 1, 0 0)))",
    ] {
        let found = found(&app, "events", &format!("S_INTERSECTS(geometry, {area})")).await;
        assert_eq!(Value::from(found), by_box["features"], "{area}");
    }
    let points = [
        "S_INTERSECTS(geometry, POINT(36.3 33.3))",
        "S_INTERSECTS(MULTIPOINT(36.3 33.3, 0 0), geometry)",
    ];
    for point in points {
        assert_eq!(found(&app, "events", point).await[0]["id"], "a1-3", "{point}");
    }
    let nowhere = found(&app, "events", "geometry IS NULL").await.len();
    let outside = found(&app, "events", "NOT S_INTERSECTS(geometry, BBOX(36, 33, 37, 34))").await;
    let inside = by_box["features"].as_array().unwrap().len();
    assert_eq!((nowhere, outside.len()), (4, EVENTS - nowhere - inside));

    let names = |features: Vec<Value>| -> Vec<Value> {
        features.iter().map(|feature| feature["properties"]["name_en"].clone()).collect()
    };
    let there = "S_INTERSECTS(geometry, LINESTRING(37.16 36.20, 36.63 35.93))";
    assert_eq!(names(found(&app, "governorates", there).await), ["Aleppo", "Idlib"]);
    assert_eq!(
        found(&app, "places", "S_INTERSECTS(geometry, POINT(36.3 35)) AND kind='village'")
            .await
            .len(),
        1
    );
}

#[tokio::test]
async fn points_lie_within_touch_and_equal() {
    let app = TestSite::new();
    let count = async |filter: &str| found(&app, "events", filter).await.len();
    let inside = count("S_INTERSECTS(geometry, BBOX(36.1, 33.1, 36.3, 33.3))").await;
    let within = count("S_WITHIN(geometry, BBOX(36.1, 33.1, 36.3, 33.3))").await;
    let on_edge = count("S_TOUCHES(BBOX(36.1, 33.1, 36.3, 33.3), geometry)").await;
    assert!(within > 0 && on_edge > 0, "{within} {on_edge}");
    assert_eq!(inside, within + on_edge);
    for (filter, expected) in [
        ("S_DISJOINT(geometry, BBOX(36.1, 33.1, 36.3, 33.3))", EVENTS - 4 - inside),
        ("S_CONTAINS(BBOX(36.1, 33.1, 36.3, 33.3), geometry)", within),
        ("S_EQUALS(geometry, POINT(36.3 33.3))", 1),
        ("S_CONTAINS(geometry, POINT(36.3 33.3))", 1),
        ("S_CROSSES(geometry, LINESTRING(36 33, 37 34))", 0),
        ("S_OVERLAPS(geometry, MULTIPOINT(36.3 33.3, 36.2 33.2))", 0),
        ("S_WITHIN(geometry, MULTIPOINT(36.3 33.3, 36.2 33.2))", 2),
        ("S_EQUALS(geometry, geometry)", EVENTS - 4),
        ("S_TOUCHES(geometry, geometry)", 0),
    ] {
        assert_eq!(count(filter).await, expected, "{filter}");
    }
}

#[tokio::test]
async fn areas_lie_to_each_other_as_on_the_map() {
    let app = TestSite::new();
    let names = |answer: &Value| -> Vec<Value> {
        let features = answer["features"].as_array().unwrap();
        features.iter().map(|feature| feature["properties"]["name_en"].clone()).collect()
    };
    let idlib =
        app.get("/collections/governorates/items/SY07").await.json()["geometry"].to_string();
    for (op, expected) in [
        ("s_equals", vec!["Idlib"]),
        ("s_within", vec!["Idlib"]),
        ("s_touches", vec!["Aleppo", "Hama", "Latakia"]),
        ("s_overlaps", vec![]),
        ("s_crosses", vec![]),
        ("s_intersects", vec!["Aleppo", "Hama", "Idlib", "Latakia"]),
    ] {
        let filter = format!(r#"{{"op":"{op}","args":[{{"property":"geometry"}},{idlib}]}}"#);
        let query =
            encoded(&[("filter", &filter), ("filter-lang", "cql2-json"), ("sortby", "name_en")]);
        let answer = app.get(&format!("/collections/governorates/items?{query}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{op}: {}", answer.body);
        assert_eq!(names(&answer.json()), expected, "{op}");
    }
}

#[tokio::test]
async fn next_links_keep_the_filter_and_its_language() {
    let app = TestSite::new();
    let filter = json!({ "op": "isNull", "args": [{ "property": "event_date_end" }] }).to_string();
    let query = encoded(&[("filter", &filter), ("filter-lang", "cql2-json"), ("limit", "9")]);
    let mut next = Some(format!("/collections/events/items?{query}"));
    let mut count = 0;
    while let Some(uri) = next {
        let answer = app.get(&uri).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        count += answer.json()["features"].as_array().unwrap().len();
        next = answer.link("next");
    }
    assert_eq!(count, found(&app, "events", "event_date_end IS NULL").await.len());
}

#[tokio::test]
async fn a_wrong_filter_is_a_problem_of_its_parameter() {
    let app = TestSite::new();
    let crs84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";
    let long = "x".repeat(20_000);
    let deep = "(".repeat(10_000);
    for (pairs, parameter, told) in [
        (
            &[("filter", "colour = 1")][..],
            "filter",
            "`colour` is not a property: there are geometry",
        ),
        (&[("filter", "fatalities = 'x'")], "filter", "`fatalities` is a number"),
        (&[("filter", "")], "filter", "it ends where"),
        (&[("filter", &long)], "filter", "20000 characters given: write at most 16384"),
        (&[("filter", &deep)], "filter", "more than 64 deep"),
        (&[("filter", "TRUE"), ("filter-lang", "cql2-json")], "filter", "it is not JSON"),
        (
            &[("filter", "TRUE"), ("filter-lang", "sql")],
            "filter-lang",
            "one of cql2-text, cql2-json, cql-text",
        ),
        (&[("filter", "TRUE"), ("filter-crs", "EPSG:1")], "filter-crs", "there are http"),
    ] {
        let answer = app.get(&format!("/collections/events/items?{}", encoded(pairs))).await;
        let body = answer.json();
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (StatusCode::BAD_REQUEST, "application/problem+json")
        );
        assert_eq!(
            (&body["code"], &body["parameter"]),
            (&"bad_parameter".into(), &parameter.into())
        );
        assert!(body["detail"].as_str().unwrap().contains(told), "{body}");
    }
    let query = encoded(&[("filter", "TRUE"), ("filter-lang", "cql-text"), ("filter-crs", crs84)]);
    let answer = app.get(&format!("/collections/events/items?{query}")).await;
    assert_eq!(answer.json()["numberMatched"], EVENTS);
}

#[tokio::test]
async fn programs_are_told_that_they_may_filter() {
    let app = TestSite::new();
    let api = app.get("/api").await.json();
    let languages = &api["components"]["parameters"]["filter-lang"]["schema"]["enum"];
    assert_eq!(languages, &json!(["cql2-text", "cql2-json", "cql-text"]));
    let conformance = app.get("/conformance").await.json();
    let classes = conformance["conformsTo"].as_array().unwrap();
    for class in [
        "ogcapi-features-3/1.0/conf/filter",
        "ogcapi-features-3/1.0/conf/features-filter",
        "cql2/1.0/conf/basic-cql2",
        "cql2/1.0/conf/cql2-text",
        "cql2/1.0/conf/advanced-comparison-operators",
        "cql2/1.0/conf/case-insensitive-comparison",
        "cql2/1.0/conf/basic-spatial-operators",
    ] {
        let uri = format!("http://www.opengis.net/spec/{class}");
        assert!(classes.contains(&uri.as_str().into()), "QGIS looks for {uri}");
    }
}
