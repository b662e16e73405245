use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt as _;

use super::extract::Extractor;
use super::geocoder::Meaning;
use super::*;
use crate::geocode::candidate::candidates;
use crate::geocode::company::Company;
use crate::geocode::gazetteer::Gazetteer;
use crate::geocode::resolve::{Resolution, resolve};
use crate::model::event::Event;
use crate::model::place::{Place, PlaceId, PlaceKind};
use crate::model::point::LonLat;
use crate::model::report::{Mention, Relation, Shift};
use crate::model::text::{Span, key};
use crate::store::samples::{article, event};
use crate::store::{Options, Store};

const EVENTS: usize = 50;
const PLACES: usize = 25;

/// The store file in the folder of a site.
const STORE: &str = "rasid.gpkg";

mod abstract_tests;
mod articles;
mod assets;
mod basemap;
mod coordinates;
mod documents;
mod extracting;
mod filters;
mod formats;
mod geocoding;
mod kept;
mod map;
mod searches;
mod sources;
mod stream;

/// A site of its own with invented events and places, asked without a socket.
struct TestSite {
    folder: TempDir,
    site: Site,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
    bytes: Vec<u8>,
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
        Self::with(EVENTS)
    }

    fn with(events: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&Options { path: folder.path().join(STORE) }).unwrap();
        let article = article(1);
        let events: Vec<Event> = (0..events).map(|number| event(&article, number)).collect();
        store.insert(&article, &events).unwrap();
        let places: Vec<Place> = (0..PLACES).map(place).collect();
        let geocoder = geocoder(&places);
        let places = Places::new(&places);
        let board = Board::default();
        Self {
            folder,
            site: Site {
                duplicates: Duplicates::default(),
                store,
                places,
                geocoder,
                extractor: Extractor::new(extracting::read),
                board,
                intake: Intake::default(),
                metrics: Metrics::default(),
                streams: Streams::default(),
                base: None,
                basemap: None,
            },
        }
    }

    async fn ask(&self, request: Request<Body>) -> Answer {
        let response = router(self.site.clone()).oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let (bytes, body) = (body.to_vec(), String::from_utf8_lossy(&body).into_owned());
        Answer { status: parts.status, headers: parts.headers, body, bytes }
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

/// Reads a phrase as one bare name.
fn geocoder(places: &[Place]) -> Geocoder {
    let features: Vec<Value> = places.iter().map(feature).collect();
    let text = json!({ "type": "FeatureCollection", "features": features }).to_string();
    let (gazetteer, problems) = Gazetteer::from_geojson(&text).unwrap();
    assert_eq!(problems, []);
    Geocoder::new(places, move |phrase, _near| {
        let mention = Mention {
            span: Span { start: 0, end: phrase.chars().count() },
            name: key(phrase),
            kind: None,
            relation: Relation::At,
            within: Vec::new(),
            side: None,
            beside: Vec::new(),
            shift: Shift::None,
            is_doubtful: false,
        };
        let company = Company::default();
        let meant = match resolve(&mention, &company, &gazetteer) {
            Resolution::Resolved { best, .. } => Some(best.place),
            _ => None,
        };
        Meaning::new(meant, candidates(&mention, &company, &gazetteer))
    })
}

fn feature(place: &Place) -> Value {
    json!({
        "type": "Feature", "id": place.id, "geometry": place.point,
        "properties": {
            "name_en": place.name_en, "name_ar": place.name_ar, "alt_ar": place.alt_ar,
            "kind": place.kind, "admin1_pcode": place.admin1_pcode, "source": place.source,
        },
    })
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
        pcode: None,
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
    ("/sources", "application/json"),
    ("/collections/events/queryables", "application/schema+json"),
    ("/collections/places/queryables", "application/schema+json"),
    ("/collections/events/sortables", "application/schema+json"),
    ("/collections/events/schema", "application/schema+json"),
    ("/collections/places/schema", "application/schema+json"),
    ("/collections/governorates", "application/json"),
    ("/collections/governorates/queryables", "application/schema+json"),
    ("/collections/governorates/items", "application/geo+json"),
    ("/collections/governorates/items/SY07", "application/geo+json"),
    ("/collections/events/items", "application/geo+json"),
    ("/collections/places/items", "application/geo+json"),
    ("/collections/events/items/a1-3", "application/geo+json"),
    ("/collections/places/items/gn:3", "application/geo+json"),
    ("/collections/places/items/gn%3A3", "application/geo+json"),
];
