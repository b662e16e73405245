//! The abstract tests of OGC API – Features (annex A of Parts 1, 2 and 3) that no other test covers, each under its
//! name in the standard.

use axum::http::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{EVENTS, PLACES, TestSite};

const COLLECTIONS: [&str; 3] = ["events", "places", "governorates"];

const CRS84: &str = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";
const EPSG_4326: &str = "http://www.opengis.net/def/crs/EPSG/0/4326";

fn links(body: &Value) -> &Vec<Value> {
    body["links"].as_array().unwrap_or_else(|| panic!("it has no links: {body}"))
}

/// The types of the links of a relation.
#[track_caller]
fn types<'a>(body: &'a Value, rel: &str) -> Vec<&'a str> {
    let of = links(body).iter().filter(|link| link["rel"] == rel);
    of.map(|link| link["type"].as_str().expect("a link says its type")).collect()
}

fn ids(body: &Value) -> Vec<&str> {
    let features = body["features"].as_array().unwrap();
    features.iter().map(|feature| feature["id"].as_str().unwrap()).collect()
}

/// A parameter of an address of the OpenAPI document.
fn parameter(api: &Value, path: &str, name: &str) -> Value {
    let listed = api["paths"][path]["get"]["parameters"].as_array().unwrap();
    let resolved = listed.iter().map(|listed| match listed["$ref"].as_str() {
        Some(at) => api.pointer(at.trim_start_matches('#')).unwrap(),
        None => listed,
    });
    let mut found = resolved.filter(|parameter| parameter["name"] == name);
    found.next().unwrap_or_else(|| panic!("{path} has no {name}")).clone()
}

/// `/conf/core/root-success`, `/conf/core/api-definition-success`, `/conf/core/conformance-success`
#[tokio::test]
async fn the_landing_page_leads_to_the_api_its_classes_and_the_data() {
    let app = TestSite::new();
    let landing = app.get("/?f=json").await.json();
    for (rel, kind) in [
        ("service-desc", "application/vnd.oai.openapi+json;version=3.0"),
        ("service-doc", "text/html"),
        ("conformance", "application/json"),
        ("data", "application/json"),
    ] {
        let told = links(&landing).iter().find(|link| link["rel"] == rel).unwrap();
        assert_eq!(told["type"], kind, "{rel}");
        let answer = app.get(told["href"].as_str().unwrap()).await;
        assert_eq!(answer.status, StatusCode::OK, "{rel}");
        assert!(answer.header("content-type").starts_with(kind), "{rel}");
    }
    let classes = app.get("/conformance").await.json();
    let classes = classes["conformsTo"].as_array().unwrap();
    for class in ["core", "oas30", "html", "geojson"] {
        let class = format!("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{class}");
        assert!(classes.contains(&json!(class)), "{class}");
    }
}

/// `/conf/core/fc-md-success`, `/conf/core/fc-md-links`, `/conf/core/fc-md-items`, `/conf/core/fc-md-extent`,
/// `/conf/core/sfc-md-success`, `/conf/crs/fc-md-crs-list`, `/conf/crs/fc-md-storageCrs`
#[tokio::test]
async fn each_collection_is_described_alike_alone_and_among_the_others() {
    let app = TestSite::new();
    let all = app.get("/collections").await.json();
    assert_eq!(types(&all, "self"), ["application/json"]);
    assert_eq!(types(&all, "alternate"), ["text/html"]);
    let listed = all["collections"].as_array().unwrap();
    assert_eq!(listed.iter().map(|one| &one["id"]).collect::<Vec<_>>(), COLLECTIONS);
    for among in listed {
        let id = among["id"].as_str().unwrap();
        let alone = app.get(&format!("/collections/{id}")).await.json();
        for part in ["id", "title", "description", "extent", "itemType", "crs", "storageCrs"] {
            assert!(!alone[part].is_null(), "{id} has no {part}");
            assert_eq!(among[part], alone[part], "{id}: {part}");
        }
        for kind in ["application/geo+json", "text/html"] {
            assert!(types(&alone, "items").contains(&kind), "{id}: {kind}");
            assert!(types(among, "items").contains(&kind), "{id}: {kind}");
        }
        let box_of_all = alone["extent"]["spatial"]["bbox"][0].as_array().unwrap();
        assert!(matches!(box_of_all.len(), 4 | 6), "{id}: {box_of_all:?}");
        let known = alone["crs"].as_array().unwrap();
        assert!(known.contains(&json!(CRS84)), "{id}: the default is listed");
        assert!(known.contains(&alone["storageCrs"]), "{id}");
    }
}

/// `/conf/core/fc-bbox-definition`, `/conf/core/fc-limit-definition`, `/conf/core/fc-time-definition`,
/// `/conf/crs/fc-bbox-crs-definition`, `/conf/crs/crs-definition`, `/conf/filter/filter-param`,
/// `/conf/filter/filter-lang-param`, `/conf/filter/filter-crs-param`
#[tokio::test]
async fn the_api_defines_the_parameters_of_searches_as_the_standard_does() {
    let app = TestSite::new();
    let api = app.get("/api").await.json();
    for collection in COLLECTIONS {
        let path = format!("/collections/{collection}/items");
        let of = |name: &str| {
            let found = parameter(&api, &path, name);
            assert_eq!(
                (&found["in"], &found["style"]),
                (&json!("query"), &json!("form")),
                "{name}"
            );
            assert_ne!(found["required"], json!(true), "{name}");
            assert_eq!(found["explode"], json!(false), "{name}");
            found["schema"].clone()
        };
        let bbox = of("bbox");
        let parts =
            json!([bbox["type"], bbox["minItems"], bbox["maxItems"], bbox["items"]["type"]]);
        assert_eq!(parts, json!(["array", 4, 6, "number"]));
        let limit = of("limit");
        assert_eq!((&limit["type"], &limit["minimum"]), (&json!("integer"), &json!(1)));
        assert!(limit["default"].as_u64() <= limit["maximum"].as_u64());
        for name in ["datetime", "filter", "filter-lang", "filter-crs", "bbox-crs", "crs"] {
            assert_eq!(of(name)["type"], "string", "{name}");
        }
        assert_eq!(of("filter-lang")["default"], "cql2-text");
    }
}

/// `/conf/core/fc-links`, `/conf/core/fc-rel-type`, `/conf/core/fc-timeStamp`,
/// `/conf/core/fc-numberMatched`, `/conf/core/fc-numberReturned`, `/conf/core/fc-limit-response`
#[tokio::test]
async fn a_page_says_what_it_is_of_and_how_much_of_it() {
    let app = TestSite::new();
    for (collection, matched) in [("events", EVENTS), ("places", PLACES), ("governorates", 14)] {
        for limit in [1, 10, 10_000] {
            let uri = format!("/collections/{collection}/items?limit={limit}");
            let page = app.get(&uri).await.json();
            assert_eq!(types(&page, "self"), ["application/geo+json"], "{uri}");
            assert!(types(&page, "alternate").contains(&"text/html"), "{uri}");
            for link in links(&page) {
                assert!(link["rel"].is_string() && link["type"].is_string(), "{uri}: {link}");
            }
            let told = page["timeStamp"].as_str().unwrap();
            assert!(told.parse::<Timestamp>().is_ok(), "{uri}: {told}");
            let given = ids(&page).len();
            assert_eq!(given, matched.min(limit), "{uri}");
            assert_eq!(page["numberReturned"], given, "{uri}");
            assert_eq!(page["numberMatched"], matched, "{uri}");
            assert_eq!(types(&page, "next").is_empty(), given == matched, "{uri}");
        }
    }
}

/// `/conf/core/f-success`, `/conf/core/f-links`
#[tokio::test]
async fn a_feature_alone_is_the_one_of_the_page_and_leads_back() {
    let app = TestSite::new();
    for collection in COLLECTIONS {
        let items = format!("/collections/{collection}/items");
        let page = app.get(&format!("{items}?limit=3")).await.json();
        for among in page["features"].as_array().unwrap() {
            let id = among["id"].as_str().unwrap();
            let answer = app.get(&format!("{items}/{id}")).await;
            assert_eq!(answer.header("content-type"), "application/geo+json");
            assert_eq!(answer.header("content-crs"), format!("<{CRS84}>"));
            let alone = answer.json();
            for part in ["type", "id", "geometry", "properties"] {
                assert_eq!(alone[part], among[part], "{id}: {part}");
            }
            assert_eq!(types(&alone, "self"), ["application/geo+json"], "{id}");
            assert!(types(&alone, "alternate").contains(&"text/html"), "{id}");
            assert_eq!(types(&alone, "collection"), ["application/json"], "{id}");
        }
    }
}

/// `/conf/core/query-param-unknown`, `/conf/core/query-param-invalid`, `/conf/crs/crs-valid-value`,
/// `/conf/crs/bbox-crs-valid-value`, `/conf/filter/filter-lang-param`, `/conf/filter/filter-crs-param`
#[tokio::test]
async fn what_is_not_known_or_not_allowed_is_refused_everywhere() {
    let app = TestSite::new();
    let mut refused = Vec::new();
    for path in ["/", "/conformance", "/api", "/collections"] {
        refused.push((path.to_owned(), "colour=red"));
    }
    for collection in COLLECTIONS {
        let at = format!("/collections/{collection}");
        let page = app.get(&format!("{at}/items?limit=1")).await.json();
        for part in ["", "/queryables", "/sortables", "/schema", "/items"] {
            refused.push((format!("{at}{part}"), "colour=red"));
        }
        refused.push((format!("{at}/items/{}", ids(&page)[0]), "colour=red"));
        refused.push((format!("{at}/items/{}", ids(&page)[0]), "crs=urn:of:nothing"));
        for query in [
            "limit=0",
            "limit=x",
            "bbox=1,2,3",
            "bbox=1,2,3,4,5",
            "bbox=1,NaN,3,4",
            "datetime=yesterday",
            "datetime=../2020-01-01/..",
            "crs=urn:of:nothing",
            "bbox=36,35,37,36&bbox-crs=urn:of:nothing",
            "filter=TRUE&filter-lang=sql",
            "filter=TRUE&filter-crs=urn:of:nothing",
            "filter=colour%3D'red'",
            "filter=(",
        ] {
            refused.push((format!("{at}/items"), query));
        }
    }
    for (path, query) in refused {
        let answer = app.get(&format!("{path}?{query}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}?{query}: {}", answer.body);
        let named = query.rsplit('&').next().unwrap().split('=').next().unwrap();
        assert_eq!(answer.json()["parameter"], named, "{path}?{query}");
    }
}

/// `/conf/core/fc-bbox-response`, `/conf/core/fc-time-response`, `/conf/crs/fc-bbox-crs-action`,
/// `/conf/crs/crs-default-value`, `/conf/filter/mixing-expressions`
#[tokio::test]
async fn all_conditions_hold_together_whatever_says_them() {
    let app = TestSite::new();
    let items = "/collections/events/items?limit=1000";
    let found = async |query: &str| {
        let page = app.get(&format!("{items}&{query}")).await.json();
        ids(&page).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    for (collection, all) in [("places", PLACES), ("governorates", 14)] {
        let uri = format!("/collections/{collection}/items?datetime=2022-01-05/..");
        assert_eq!(app.get(&uri).await.json()["numberMatched"], all, "they have no days");
    }
    let boxed = found("bbox=36,33,37,35").await;
    assert_eq!(found("bbox=36,33,-10,37,35,9000").await, boxed, "heights do not matter");
    assert_eq!(found(&format!("bbox=36,33,37,35&bbox-crs={CRS84}")).await, boxed);
    assert_eq!(found(&format!("bbox=33,36,35,37&bbox-crs={EPSG_4326}")).await, boxed);
    let dated = found("datetime=2022-01-05/2022-02-10").await;
    let filtered = found("filter=fatalities%3E2").await;
    let named = found("event_type=Battles").await;
    let all =
        "bbox=36,33,37,35&datetime=2022-01-05/2022-02-10&filter=fatalities%3E2&event_type=Battles";
    let together = found(all).await;
    let by_hand: Vec<String> = boxed
        .iter()
        .filter(|id| [&dated, &filtered, &named].into_iter().all(|list| list.contains(id)))
        .cloned()
        .collect();
    assert_eq!(together, by_hand);
    for part in [&boxed, &dated, &filtered, &named] {
        assert!(part.len() > together.len() && part.len() < EVENTS, "{part:?}");
    }
}

/// `/conf/queryables/get-queryables-response`, `/conf/queryables/queryables-link`,
/// `/conf/queryables-query-parameters/parameters`, `/conf/features-filter/filter-param`
#[tokio::test]
async fn what_can_be_asked_for_is_a_schema_and_each_of_it_a_parameter() {
    let app = TestSite::new();
    let api = app.get("/api").await.json();
    for collection in COLLECTIONS {
        let at = format!("/collections/{collection}");
        let rel = "http://www.opengis.net/def/rel/ogc/1.0/queryables";
        let described = app.get(&at).await.json();
        assert_eq!(types(&described, rel), ["application/schema+json"]);
        let answer = app.get(&format!("{at}/queryables")).await;
        assert_eq!(answer.header("content-type"), "application/schema+json");
        let schema = answer.json();
        let draft = schema["$schema"].as_str().unwrap();
        let drafts = [
            "https://json-schema.org/draft/2019-09/schema",
            "https://json-schema.org/draft/2020-12/schema",
        ];
        assert!(drafts.contains(&draft), "{draft}");
        assert_eq!(schema["$id"], format!("http://example.org{at}/queryables"));
        assert_eq!(
            (&schema["type"], &schema["additionalProperties"]),
            (&json!("object"), &json!(false))
        );
        for (name, property) in schema["properties"].as_object().unwrap() {
            if name == "geometry" {
                assert!(property["format"].as_str().unwrap().starts_with("geometry-"));
                assert!(property.get("type").is_none(), "the standard has it so");
                continue;
            }
            assert!(property["type"].is_string(), "{name}");
            let asked = parameter(&api, &format!("{at}/items"), name);
            assert_eq!(asked["in"], "query", "{name}");
            let known =
                app.get(&format!("{at}/items?limit=1&filter={name}%20IS%20NOT%20NULL")).await;
            assert_eq!(known.status, StatusCode::OK, "{name}: {}", known.body);
        }
    }
}
