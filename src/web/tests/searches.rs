use std::collections::HashSet;
use std::str::FromStr as _;

use axum::http::StatusCode;
use geojson::GeoJson;
use proptest::prelude::*;
use serde_json::Value;

use super::{EVENTS, PLACES, TestSite};
use crate::model::event::PROPERTIES;
use crate::store::samples::{article, event};

/// Searches of events with the code, the parameter and some words of the problem.
const REFUSED: &[(&str, &str, &str, &str)] = &[
    ("bbox=1,2,3", "bad_parameter", "bbox", "3 numbers given: write four"),
    ("bbox=NaN,1,2,3", "bad_parameter", "bbox", "west is NaN: allowed is -180 to 180"),
    ("bbox=", "bad_parameter", "bbox", "is not a number"),
    ("bbox=1,5,2,4", "bad_parameter", "bbox", "south (5) is greater than north (4)"),
    ("bbox=1,2,3,4,5", "bad_parameter", "bbox", "5 numbers given: write four"),
    ("bbox=-inf,1,2,3", "bad_parameter", "bbox", "west is -inf: allowed is -180 to 180"),
    ("bbox=1,2,181,3", "bad_parameter", "bbox", "east is 181: allowed is -180 to 180"),
    ("bbox=1,-91,2,3", "bad_parameter", "bbox", "south is -91: allowed is -90 to 90"),
    ("bbox=1;2;3;4", "bad_parameter", "bbox", "is not a number"),
    ("limit=0", "bad_parameter", "limit", "from 1 to 10000"),
    ("limit=-1", "bad_parameter", "limit", "from 1 to 10000"),
    ("limit=%2B5", "bad_parameter", "limit", "from 1 to 10000"),
    ("limit=ten", "bad_parameter", "limit", "`ten` is not a limit"),
    ("limit=", "bad_parameter", "limit", "from 1 to 10000"),
    ("datetime=yesterday", "bad_parameter", "datetime", "write YYYY-MM-DD"),
    ("datetime=", "bad_parameter", "datetime", "write YYYY-MM-DD"),
    ("datetime=/", "bad_parameter", "datetime", "write YYYY-MM-DD"),
    ("datetime=2024", "bad_parameter", "datetime", "write YYYY-MM-DD"),
    ("datetime=2024-13-01", "bad_parameter", "datetime", "write YYYY-MM-DD"),
    ("datetime=2024-02-30", "bad_parameter", "datetime", "write YYYY-MM-DD"),
    ("datetime=2024-01-01T25:00:00Z", "bad_parameter", "datetime", "write YYYY-MM-DD"),
    ("datetime=2024-01-01/2024-01-02/2024-01-03", "bad_parameter", "datetime", "write YYYY-MM-DD"),
    ("datetime=2024-01-01,2024-01-02", "bad_parameter", "datetime", "write YYYY-MM-DD"),
    ("datetime=2024-02-01/2024-01-01", "bad_parameter", "datetime", "before it begins"),
    ("cursor=zz", "bad_parameter", "cursor", "follow its `next` links"),
    ("cursor=", "bad_parameter", "cursor", "follow its `next` links"),
    ("cursor=00000000000000001", "bad_parameter", "cursor", "is not a page of this search"),
    ("offset=-1", "bad_parameter", "offset", "write a whole number from 0"),
    ("offset=ten", "bad_parameter", "offset", "`ten` is not a number of features"),
    ("fatalities=many", "bad_parameter", "fatalities", "not a whole number"),
    ("confidence=NaN", "bad_parameter", "confidence", "not a number"),
    ("event_date=May", "bad_parameter", "event_date", "write YYYY-MM-DD"),
    ("event_type=War", "bad_parameter", "event_type", "not one of: Battles, "),
    ("q=", "bad_parameter", "q", "`` has no word to look for"),
    ("q=,.!", "bad_parameter", "q", "has no word to look for"),
    (
        "q=a+b+c+d+e+f+g+h+i+j+k+l+m+n+o+p+q",
        "bad_parameter",
        "q",
        "17 words given: write at most 16",
    ),
    ("sortby=colour", "bad_parameter", "sortby", "`colour` cannot be sorted by"),
    ("sortby=actor_ids", "bad_parameter", "sortby", "write, with + or - before it, event_type"),
    ("sortby=event_date,", "bad_parameter", "sortby", "`` cannot be sorted by"),
    ("sortby=--event_date", "bad_parameter", "sortby", "`-event_date` cannot"),
    (
        "sortby=title,title,title,title,title,title,title,title,title",
        "bad_parameter",
        "sortby",
        "at most 8",
    ),
    (
        "properties=title,colour",
        "bad_parameter",
        "properties",
        "`colour` is not a property: there are event_type",
    ),
    ("properties=", "bad_parameter", "properties", "`` is not a property"),
    ("skipGeometry=1", "bad_parameter", "skipGeometry", "write true or false"),
    ("f=gml", "bad_parameter", "f", "write json, html, geojsonseq, csv, flatgeobuf or atom"),
    (
        "colour=red",
        "unknown_parameter",
        "colour",
        "allowed are bbox, datetime, limit, offset, cursor",
    ),
    ("=", "unknown_parameter", "", "allowed are"),
    ("limit=1&limit=2", "repeated_parameter", "limit", "more than once"),
];

#[tokio::test]
async fn a_bad_request_is_told_what_is_allowed() {
    let app = TestSite::new();
    let items = "/collections/events/items";
    for &(query, code, parameter, told) in REFUSED {
        let answer = app.get(&format!("{items}?{query}")).await;
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
        "/collections/places/items?fatalities=1",
    ] {
        let answer = app.get(uri).await;
        assert_eq!(
            (answer.status, &answer.json()["code"]),
            (StatusCode::BAD_REQUEST, &"unknown_parameter".into()),
            "{uri}"
        );
    }
}

#[tokio::test]
async fn a_long_wrong_word_is_not_repeated_whole() {
    let app = TestSite::new();
    let answer = app.get(&format!("/collections/events/items?{}=1", "ا".repeat(5_000))).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(answer.body.len() < 2_000, "{}", answer.body.len());
}

#[tokio::test]
async fn features_are_valid_geojson() {
    let app = TestSite::new();
    let answer = app.get("/collections/events/items?limit=99999999999999999999999").await;
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
    let one = app.get("/collections/events/items/a1-3").await;
    assert!(matches!(GeoJson::from_str(&one.body).unwrap(), GeoJson::Feature(_)));
    assert_eq!(one.link("collection").unwrap(), "http://example.org/collections/events");
    let newest = body["features"][0]["properties"]["event_date"].as_str().unwrap();
    assert_eq!(newest, "2022-02-19", "newest first");
}

#[tokio::test]
async fn every_property_is_a_filter() {
    let app = TestSite::new();
    let all = app.get("/collections/events/items?limit=1000").await.json();
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
            let answer = app.get(&format!("/collections/events/items?{query}")).await.json();
            assert_eq!(answer["numberMatched"], expected.clone().count(), "{query}");
        }
    }
}

#[tokio::test]
async fn boxes_and_days_narrow_the_answer() {
    let app = TestSite::new();
    for (query, at_least) in [
        ("bbox=36,33,37,34", 1),
        ("bbox=36,33,0,37,34,9000", 1),
        ("bbox=170,-90,37,90", 1),
        ("datetime=2022-01-03", 1),
        ("datetime=2022-01-03T/2022-01-10T", 5),
        ("datetime=2022-01-03T00:00:00Z/..&bbox=-180,-90,180,90", 5),
    ] {
        let matched = app.get(&format!("/collections/events/items?{query}")).await.json();
        let matched = matched["numberMatched"].as_u64().unwrap();
        assert!(matched >= at_least && matched < EVENTS as u64, "{query}: {matched}");
    }
}

#[tokio::test]
async fn words_are_found_however_they_are_spelled() {
    let app = TestSite::new();
    for (search, matched) in [
        ("events/items?q=syrian", EVENTS),
        ("events/items?q=SYR", EVENTS),
        ("events/items?q=Syrian+democratic+nonesuch", 0),
        ("events/items?q=democratic&fatalities=2", 12),
        ("events/items?q=yrian", 0),
        ("events/items?q=سراقب", EVENTS - 4),
        ("events/items?q=سَرَاقِب", EVENTS - 4),
        ("events/items?q=protests", 6),
        ("places/items?q=مكان", PLACES),
        ("places/items?q=المكان", PLACES),
        ("places/items?q=place+24", 1),
        ("places/items?q=city", 1),
        ("governorates/items?q=ادلب", 1),
        ("governorates/items?q=al", 1),
    ] {
        let query = search.split_once("q=").unwrap();
        let encoded: String =
            form_urlencoded::byte_serialize(query.1.split('&').next().unwrap().as_bytes())
                .collect();
        let rest = query.1.split_once('&').map_or(String::new(), |(_, rest)| format!("&{rest}"));
        let uri = format!("/collections/{}q={}{rest}", query.0, encoded.replace("%2B", "+"));
        let answer = app.get(&uri).await;
        assert_eq!(answer.status, StatusCode::OK, "{uri}: {}", answer.body);
        assert_eq!(answer.json()["numberMatched"], matched, "{search}");
    }
    let article = article(3);
    app.site.store.insert(&article, &[event(&article, 1)]).unwrap();
    let answer = app.get("/collections/events/items?q=syrian").await;
    assert_eq!(answer.json()["numberMatched"], EVENTS + 1, "what is added is found at once");
}

#[tokio::test]
async fn next_links_lead_to_each_feature_once() {
    let app = TestSite::new();
    for (query, expected) in [
        ("limit=7", EVENTS),
        ("limit=7&offset=0", EVENTS),
        ("limit=25", EVENTS),
        ("limit=50", EVENTS),
        ("limit=3&event_type=Explosions%2FRemote+violence&f=json", 12),
        ("limit=2&bbox=36,33,36.5,37&datetime=2022-01-01/2022-12-31", 6),
        ("limit=7&sortby=-fatalities,+confidence&properties=title&skipGeometry=true", EVENTS),
        ("limit=3&sortby=admin1&bbox=36,33,36.5,37", 6),
        ("limit=7&q=syrian", EVENTS),
    ] {
        let mut next = Some(format!("http://example.org/collections/events/items?{query}"));
        let mut ids = Vec::new();
        while let Some(uri) = next {
            let answer = app.get(&uri).await;
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

/// A page in the middle of a search, and the cursor that leads to it.
async fn second_page(app: &TestSite, query: &str) -> (String, String) {
    let next = app.get(&format!("/collections/events/items?{query}")).await.link("next").unwrap();
    let cursor = next.split_once("cursor=").unwrap().1.to_owned();
    (next, cursor)
}

#[tokio::test]
async fn a_cursor_is_of_one_search_and_of_no_other() {
    let app = TestSite::new();
    let search = "bbox=30,30,50,40&sortby=-fatalities";
    let (_, cursor) = second_page(&app, &format!("{search}&limit=3")).await;
    for (query, status) in [
        (search.to_owned(), 200),
        ("sortby=-fatalities&bbox=30,30,50,40".to_owned(), 200),
        (format!("{search}&limit=9&f=html&properties=title&skipGeometry=true"), 200),
        (format!("{search}&crs=http://www.opengis.net/def/crs/EPSG/0/4326"), 200),
        ("bbox=30,30,50,40".to_owned(), 400),
        ("bbox=30,30,50,40&sortby=fatalities".to_owned(), 400),
        ("bbox=30,30,50,41&sortby=-fatalities".to_owned(), 400),
        (format!("{search}&event_type=Battles"), 400),
        (format!("{search}&filter=fatalities%3E1"), 400),
        (String::new(), 400),
    ] {
        let answer = app.get(&format!("/collections/events/items?{query}&cursor={cursor}")).await;
        assert_eq!(answer.status, status, "{query}: {}", answer.body);
        if status == 400 {
            assert_eq!(answer.json()["parameter"], "cursor", "{query}");
        }
    }
    let elsewhere = app.get(&format!("/collections/places/items?cursor={cursor}")).await;
    assert_eq!(elsewhere.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_cursor_that_was_changed_is_refused() {
    let app = TestSite::new();
    let (next, cursor) = second_page(&app, "limit=3").await;
    for place in 0..cursor.len() {
        let mut changed = cursor.clone().into_bytes();
        changed[place] = if changed[place] == b'7' { b'8' } else { b'7' };
        let changed = next.replace(&cursor, &String::from_utf8(changed).unwrap());
        let answer = app.get(&changed).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["parameter"]), (400, &"cursor".into()));
    }
    for changed in [format!("{cursor}0"), format!("0{cursor}"), cursor.to_uppercase() + "A"] {
        let answer = app.get(&next.replace(&cursor, &changed)).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{changed}");
    }
}

#[tokio::test]
async fn a_page_behind_a_feature_that_is_not_there_is_refused() {
    let app = TestSite::new();
    let (next, _) = second_page(&app, "limit=49").await;
    let empty = TestSite::with(0);
    let answer = empty.get(&next).await;
    assert_eq!((answer.status.as_u16(), &answer.json()["parameter"]), (400, &"cursor".into()));
    assert!(answer.body.contains("begin anew"), "{}", answer.body);
}

#[tokio::test]
async fn an_offset_leads_to_the_same_features_as_next_links() {
    let app = TestSite::new();
    let all = column(&app, "events/items?limit=1000&sortby=confidence", "article_id").await.len();
    assert_eq!(all, EVENTS);
    let items = "/collections/events/items?sortby=confidence&limit=20";
    let by_offset = app.get(&format!("{items}&offset=20")).await;
    let first = app.get(&format!("{items}&offset=0")).await;
    let by_cursor = app.get(&first.link("next").unwrap()).await;
    assert_eq!(by_offset.json()["features"], by_cursor.json()["features"]);
    assert_eq!(by_offset.json()["numberMatched"], EVENTS);

    let last = app.get(&by_offset.link("next").unwrap()).await;
    assert_eq!((&last.json()["numberReturned"], last.link("next")), (&10.into(), None));
    let beyond = app.get(&format!("{items}&offset=99999999999999999999999")).await;
    assert_eq!((&beyond.json()["numberReturned"], beyond.link("next")), (&0.into(), None));

    let both = app.get(&format!("{}&offset=3", first.link("next").unwrap())).await;
    assert_eq!((both.status.as_u16(), &both.json()["parameter"]), (400, &"offset".into()));
}

#[tokio::test]
async fn links_are_told_in_a_header_as_well() {
    let app = TestSite::new();
    let first = app.get("/collections/events/items?limit=30&event_date=2022-01-05/..").await;
    assert_eq!(first.status, StatusCode::BAD_REQUEST);
    let first = app.get("/collections/events/items?limit=30&confidence=0.5").await;
    assert!(first.header("link").contains("rel=\"self\""), "{}", first.header("link"));
    assert!(!first.header("link").contains("rel=\"next\""));

    let filter = format!("title%3D%27{}%27%20OR%20confidence%3E0", "x".repeat(2_000));
    let answer = app.get(&format!("/collections/events/items?limit=30&filter={filter}")).await;
    let next = answer.link("next").unwrap();
    assert_eq!(
        answer.header("link"),
        format!("<{next}>; rel=\"next\"; type=\"application/geo+json\"")
    );
}

/// A property of all features that a search gives.
async fn column(app: &TestSite, query: &str, name: &str) -> Vec<Value> {
    let answer = app.get(&format!("/collections/{query}")).await.json();
    answer["features"].as_array().unwrap().iter().map(|f| f["properties"][name].clone()).collect()
}

#[tokio::test]
async fn features_are_sorted_by_what_is_asked_and_the_unknown_comes_last() {
    let app = TestSite::new();
    let items = "events/items?limit=1000&sortby";
    for (sort, sign) in
        [("fatalities", 1), ("%2Bfatalities", 1), ("+fatalities", 1), ("-fatalities", -1)]
    {
        let sorted = column(&app, &format!("{items}={sort}"), "fatalities").await;
        let known: Vec<i64> = sorted.iter().map_while(Value::as_i64).map(|n| n * sign).collect();
        assert!(known.is_sorted() && known.len() > 30, "{sort}: {sorted:?}");
        assert!(sorted.iter().skip(known.len()).all(Value::is_null), "{sort}: {sorted:?}");
    }
    let two = format!("{items}=event_type,-confidence");
    let types = column(&app, &two, "event_type").await;
    let confidences = column(&app, &two, "confidence").await;
    let both: Vec<(String, f64)> = types
        .iter()
        .zip(&confidences)
        .map(|(name, c)| (name.as_str().unwrap().to_owned(), -c.as_f64().unwrap()))
        .collect();
    assert!(both.is_sorted(), "{both:?}");
    let names = column(&app, "governorates/items?sortby=-name_en", "name_en").await;
    assert_eq!((&names[0], &names[13]), (&"Tartus".into(), &"Aleppo".into()), "{names:?}");
    let names = column(&app, "places/items?sortby=name_ar&limit=2", "name_ar").await;
    assert_eq!(names, ["مكان 0", "مكان 1"]);
}

#[tokio::test]
async fn only_what_is_asked_of_a_feature_is_given() {
    let app = TestSite::new();
    let items = "/collections/events/items?limit=1";
    let whole = app.get(items).await.json()["features"][0].clone();
    let twice = format!("&properties=title{}", ",title".repeat(PROPERTIES.len()));
    for (query, names, with_geometry) in [
        ("&skipGeometry=false", None, true),
        ("&skipGeometry=true", None, false),
        ("&properties=title,+event_type,title", Some(&["event_type", "title"][..]), true),
        ("&properties=actor_ids&skipGeometry=true", Some(&["actor_ids"]), false),
        // More names than there are properties.
        (twice.as_str(), Some(&["title"]), true),
    ] {
        let cut = app.get(&format!("{items}{query}")).await.json()["features"][0].clone();
        let mut expected = whole.clone();
        if !with_geometry {
            expected["geometry"] = Value::Null;
        }
        if let Some(names) = names {
            expected["properties"] = names
                .iter()
                .map(|name| ((*name).to_owned(), whole["properties"][name].clone()))
                .collect();
        }
        assert_eq!(cut.to_string(), expected.to_string(), "{query}");
    }
    for collection in ["places", "governorates"] {
        let uri =
            format!("/collections/{collection}/items?limit=1&properties=name_en&skipGeometry=true");
        let cut = app.get(&uri).await.json()["features"][0].clone();
        assert_eq!(
            (&cut["geometry"], cut["properties"].as_object().unwrap().len()),
            (&Value::Null, 1)
        );
    }
    let table = app.get(&format!("{items}&f=html&properties=evidence")).await.body;
    assert!(table.contains(">evidence</th>") && !table.contains(">event_date</th>"), "{table}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_query_is_answered_or_refused(
        path in prop::sample::select(vec!["/", "/api", "/collections/events/items", "/collections/places/items", "/collections/governorates/items", "/geocode", "/collections/events/items/x", "/x"]),
        query in prop_oneof![
            "[ -~]{0,60}",
            "(bbox|datetime|limit|cursor|f|fatalities|event_type|confidence|sortby|properties|skipGeometry)=[-0-9.,/TZeaN%+]{0,30}",
            "((bbox|datetime|limit|cursor)=[^#]{0,12}&){0,4}",
            "(q|point|near|lang|limit)=[-0-9.,%a-zا-ي]{0,20}(&(near|lang|limit)=[-0-9.,a-z]{0,8})?",
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
