use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{Answer, TestSite};

fn ids(answer: &Value) -> Vec<&str> {
    let features = answer["features"].as_array().unwrap();
    features.iter().map(|feature| feature["id"].as_str().unwrap()).collect()
}

async fn geocode(query: &str) -> Answer {
    let query = query.replace(' ', "%20");
    TestSite::new().get(&format!("/geocode?{query}")).await
}

#[tokio::test]
async fn a_name_is_answered_with_what_it_means_and_then_what_begins_so() {
    let answer = geocode("q=Place 2&limit=5").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-type"), "application/geo+json");
    let answer = answer.json();
    assert_eq!(
        (&answer["type"], &answer["resolved"]),
        (&json!("FeatureCollection"), &json!("gn:2"))
    );
    assert_eq!(ids(&answer)[0], "gn:2");
    let first = &answer["features"][0]["properties"];
    assert_eq!((&first["match"], &first["label"]), (&json!("resolved"), &json!("Place 2")));
    assert!(first["score"].as_f64().unwrap() > 0.0 && first["reasons"][0].is_string(), "{first}");
    let mut all = answer["features"].as_array().unwrap().iter().map(|one| &one["properties"]);
    let properties = all.find(|one| one["match"] == "prefix").unwrap();
    assert_eq!(properties["matched"], properties["name_en"]);
    assert!(properties["score"].is_null() && properties["reasons"][0].is_string());
    assert!(properties["name_en"].as_str().unwrap().starts_with("Place 2"));
    assert_eq!(answer["numberReturned"], ids(&answer).len());
}

#[tokio::test]
async fn the_label_is_in_the_language_asked_for_and_else_in_that_of_the_question() {
    for (query, label) in [
        ("q=مكان 3&limit=1", "مكان 3"),
        ("q=مكان 3&limit=1&lang=en", "Place 3"),
        ("q=Place 3&limit=1&lang=ar", "مكان 3"),
        ("point=36.3,35.9&limit=1&lang=ar", "إدلب"),
        ("point=36.3,35.9&limit=1", "Idlib"),
    ] {
        let answer = geocode(query).await.json();
        assert_eq!(answer["features"][0]["properties"]["label"], label, "{query}");
    }
}

#[tokio::test]
async fn the_one_that_is_meant_comes_before_its_namesakes() {
    let answer = geocode("q=المكان&limit=50").await.json();
    assert_eq!((&answer["resolved"], ids(&answer)[0]), (&json!("gn:0"), "gn:0"), "the only city");
    let how = |at: usize| &answer["features"][at]["properties"]["match"];
    assert_eq!((how(0), how(1)), (&json!("resolved"), &json!("candidate")));
    assert_eq!(ids(&answer).len(), 25, "each place once");
    let nothing = geocode("q=قققق").await.json();
    assert_eq!((&nothing["resolved"], ids(&nothing).len()), (&Value::Null, 0));
}

#[tokio::test]
async fn a_point_is_answered_with_its_governorate_and_the_nearest_places() {
    let answer = geocode("point=36.31,35.9&limit=3").await.json();
    assert_eq!((&answer["resolved"], ids(&answer)), (&json!("SY07"), vec!["SY07", "gn:3", "gn:4"]));
    let properties = |at: usize| &answer["features"][at]["properties"];
    assert_eq!(
        (&properties(0)["match"], &properties(0)["distance_km"]),
        (&json!("contains"), &json!(0))
    );
    assert_eq!(answer["features"][0]["geometry"]["type"], "Polygon");
    let km = properties(1)["distance_km"].as_f64().unwrap();
    assert!((99.0..102.0).contains(&km), "{km}");
    let abroad = geocode("point=35.5,33.89").await.json();
    assert_eq!((&abroad["resolved"], ids(&abroad).len()), (&Value::Null, 0));
}

#[tokio::test]
async fn a_bad_question_is_told_what_is_allowed() {
    let long = format!("q={}", "ا".repeat(201));
    for (query, code, parameter, told) in [
        ("", "bad_parameter", "q", "write a name to look for, or a `point`"),
        ("q=", "bad_parameter", "q", "0 characters given: write 1 to 200"),
        ("q=%20", "bad_parameter", "q", "write 1 to 200"),
        (&long, "bad_parameter", "q", "201 characters given"),
        ("q=a&point=1,2", "bad_parameter", "point", "not together with `q`"),
        ("point=1,2&near=a", "bad_parameter", "near", "only together with `q`"),
        ("point=36", "bad_parameter", "point", "write lon,lat"),
        ("point=NaN,1", "bad_parameter", "point", "longitude (-180 to 180) first"),
        ("point=1,2,3", "bad_parameter", "point", "write lon,lat"),
        ("point=36,95", "bad_parameter", "point", "`36,95` is not a point"),
        ("q=a&lang=fr", "bad_parameter", "lang", "write ar or en"),
        ("q=a&limit=0", "bad_parameter", "limit", "from 1 to 50"),
        ("q=a&limit=51", "bad_parameter", "limit", "from 1 to 50"),
        ("q=a&limit=%2B1", "bad_parameter", "limit", "`+1` is not a limit"),
        ("q=a&limit=", "bad_parameter", "limit", "from 1 to 50"),
        ("q=Place 1&near=قققق", "bad_parameter", "near", "no place that is known"),
        ("q=Place 1&near=36,95", "bad_parameter", "near", "lon,lat in degrees"),
        ("q=Place 1&near=0,0", "bad_parameter", "near", "`0,0` is no place that is known"),
        ("q=a&f=gml", "bad_parameter", "f", "write json or html"),
        ("q=a&q=b", "repeated_parameter", "q", "more than once"),
        ("q=a&bbox=1", "unknown_parameter", "bbox", "allowed are q, point, near, lang, limit, f"),
    ] {
        let answer = geocode(query).await;
        let body = answer.json();
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
        assert_eq!(answer.header("content-type"), "application/problem+json", "{query}");
        assert_eq!(
            (&body["code"], &body["parameter"]),
            (&json!(code), &json!(parameter)),
            "{query}"
        );
        assert!(body["detail"].as_str().unwrap().contains(told), "{query}: {body}");
    }
}

#[tokio::test]
async fn what_is_near_may_be_a_name_or_a_point() {
    for query in ["q=Place 1&near=Place 2", "q=Place 1&near=36.1,35"] {
        let answer = geocode(query).await;
        assert_eq!((answer.status, ids(&answer.json())[0]), (StatusCode::OK, "gn:1"), "{query}");
    }
}

#[tokio::test]
async fn people_get_a_table_and_nobody_gets_it_twice() {
    let app = TestSite::new();
    let page = app.get("/geocode?q=%3Cscript%3E&f=html").await;
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert!(page.body.contains("0 found") && !page.body.contains("<script>"), "{}", page.body);
    let page = app.get("/geocode?point=36.31,35.9&f=html").await;
    assert!(page.body.contains("/collections/governorates/items/SY07?f=html"), "{}", page.body);
    let first = app.get("/geocode?q=Place").await;
    let again = app.get_with("/geocode?q=Place", &[("if-none-match", first.header("etag"))]).await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn governorates_are_found_by_box_and_by_name_a_page_at_a_time() {
    let app = TestSite::new();
    let items = "/collections/governorates/items";
    for (query, expected) in [
        ("", 14),
        ("?bbox=37.1,36.1,37.2,36.2", 1),
        // The box around a governorate holds more than the governorate.
        ("?bbox=36.25,33.48,36.30,33.53", 2),
        ("?bbox=0,0,1,1", 0),
        ("?bbox=-180,-90,180,90", 14),
        ("?pcode=SY02", 1),
        ("?name_en=Aleppo&name_ar=%D8%AD%D9%84%D8%A8", 1),
        ("?name_en=Damascus&bbox=37,36,38,37", 0),
    ] {
        let answer = app.get(&format!("{items}{query}")).await.json();
        assert_eq!(answer["numberMatched"], expected, "{query}");
        assert_eq!(answer["features"].as_array().unwrap().len(), expected, "{query}");
    }
    let mut next = Some(format!("http://example.org{items}?limit=4&bbox=35,32,43,38"));
    let mut codes = Vec::new();
    while let Some(uri) = next {
        let answer = app.get(&uri).await;
        codes.extend(ids(&answer.json()).into_iter().map(str::to_owned));
        next = answer.link("next");
    }
    let expected: Vec<String> = (1..=14).map(|number| format!("SY{number:02}")).collect();
    assert_eq!(codes, expected);
    let one = app.get(&format!("{items}/SY02")).await.json();
    assert_eq!(
        (&one["geometry"]["type"], &one["properties"]["name_en"]),
        (&json!("Polygon"), &json!("Aleppo"))
    );
    let queryables = app.get("/collections/governorates/queryables").await.json();
    assert_eq!(queryables["properties"]["geometry"]["format"], "geometry-polygon");
}
