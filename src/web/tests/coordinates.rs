use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{EVENTS, TestSite};

const CRS84: &str = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";
const EPSG_4326: &str = "http://www.opengis.net/def/crs/EPSG/0/4326";
const EPSG_3857: &str = "http://www.opengis.net/def/crs/EPSG/0/3857";
const EPSG_32637: &str = "http://www.opengis.net/def/crs/EPSG/0/32637";

#[tokio::test]
async fn features_are_given_in_the_system_that_is_asked_for_and_say_so() {
    let app = TestSite::new();
    for (crs, point) in [
        (CRS84, json!([36.3, 33.3])),
        (EPSG_4326, json!([33.3, 36.3])),
        (EPSG_3857, json!([4_040_897.516, 3_935_191.982])),
        (EPSG_32637, json!([248_597.051, 3_687_799.391])),
    ] {
        let one = app.get(&format!("/collections/events/items/a1-3?crs={crs}")).await;
        assert_eq!(one.json()["geometry"], json!({ "type": "Point", "coordinates": point }));
        assert_eq!(one.header("content-crs"), format!("<{crs}>"));
        let uri = format!("/collections/events/items?crs={crs}&limit=1000&properties=title");
        let all = app.get(&uri).await;
        assert_eq!(all.header("content-crs"), format!("<{crs}>"));
        let all = all.json();
        let all = all["features"].as_array().unwrap();
        let same = all.iter().find(|feature| feature["id"] == "a1-3").unwrap();
        assert_eq!(same["geometry"]["coordinates"], point, "{crs}");
        assert_eq!(all.iter().filter(|feature| feature["geometry"].is_null()).count(), 4);
    }
    let plain = app.get("/collections/events/items/a1-3").await;
    assert_eq!(plain.header("content-crs"), format!("<{CRS84}>"));

    let at = |crs: &str| format!("/collections/governorates/items/SY07?crs={crs}");
    let [stored, turned] = [at(CRS84), at(EPSG_4326)];
    let corner = |answer: Value| -> Vec<f64> {
        let mut part = answer["geometry"]["coordinates"].clone();
        while part[0].is_array() {
            part = part[0].clone();
        }
        part.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
    };
    let mut corner_turned = corner(app.get(&turned).await.json());
    corner_turned.reverse();
    assert_eq!(corner_turned, corner(app.get(&stored).await.json()));
}

#[tokio::test]
async fn boxes_and_filters_are_read_in_the_system_that_is_named() {
    let app = TestSite::new();
    let ids = |answer: Value| -> Vec<String> {
        let features = answer["features"].as_array().unwrap();
        features.iter().map(|feature| feature["id"].to_string()).collect()
    };
    let items = "/collections/events/items?limit=1000";
    let expected = ids(app.get(&format!("{items}&bbox=36.25,33,37,34")).await.json());
    assert!(expected.len() > 3, "{expected:?}");
    let metres = "4035331.541,3895303.963,4118821.159,4028802.026";
    for query in [
        format!("bbox=36.25,33,37,34&bbox-crs={CRS84}"),
        format!("bbox=33,36.25,34,37&bbox-crs={EPSG_4326}"),
        format!("bbox={metres}&bbox-crs={EPSG_3857}"),
        format!("filter=S_INTERSECTS(geometry,BBOX({metres}))&filter-crs={EPSG_3857}"),
        format!(
            "filter=S_INTERSECTS(geometry,POLYGON((33%2036.25,34%2036.25,34%2037,33%2037,33%2036.25)))&filter-crs={EPSG_4326}"
        ),
    ] {
        let answer = app.get(&format!("{items}&{query}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{query}: {}", answer.body);
        assert_eq!(ids(answer.json()), expected, "{query}");
    }
}

#[tokio::test]
async fn a_box_of_a_grid_holds_what_lies_in_it_there() {
    let app = TestSite::new();
    let items = "/collections/events/items?limit=1000&properties=title";
    let all = app.get(&format!("{items}&crs={EPSG_32637}")).await.json();
    let inside = |at: &Value| {
        let number = |place: usize| at[place].as_f64();
        number(0).is_some_and(|x| (240_000.0..=265_000.0).contains(&x))
            && number(1).is_some_and(|y| (3_680_000.0..=3_720_000.0).contains(&y))
    };
    let all = all["features"].as_array().unwrap();
    let expected = all.iter().filter(|feature| inside(&feature["geometry"]["coordinates"])).count();
    let corners = "240000,3680000,265000,3720000";
    for query in [
        format!("bbox={corners}&bbox-crs={EPSG_32637}"),
        format!("bbox={corners}&bbox-crs={EPSG_32637}&filter=TRUE"),
        format!("filter=S_INTERSECTS(geometry,BBOX({corners}))&filter-crs={EPSG_32637}"),
    ] {
        let found = app.get(&format!("{items}&{query}")).await.json();
        assert_eq!(found["numberMatched"], expected, "{query}");
    }
    assert!(expected > 1 && expected < EVENTS - 4, "{expected}");
}

#[tokio::test]
async fn a_system_that_is_not_known_is_a_problem_that_names_those_that_are() {
    let app = TestSite::new();
    for (uri, parameter) in [
        ("/collections/events/items?crs=EPSG:4326", "crs"),
        ("/collections/places/items?bbox-crs=x", "bbox-crs"),
        ("/collections/events/items/a1-3?crs=", "crs"),
    ] {
        let answer = app.get(uri).await;
        let body = answer.json();
        assert_eq!(
            (answer.status, &body["parameter"]),
            (StatusCode::BAD_REQUEST, &parameter.into())
        );
        assert!(body["detail"].as_str().unwrap().contains(EPSG_3857), "{body}");
    }
    for collection in ["events", "places", "governorates"] {
        let body = app.get(&format!("/collections/{collection}")).await.json();
        assert_eq!(body["crs"], json!([CRS84, EPSG_4326, EPSG_3857, EPSG_32637]));
        assert_eq!(body["storageCrs"], CRS84);
    }
}
