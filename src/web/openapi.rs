//! The API described by itself: OpenAPI 3.0 for programs, a page for people.
//!
//! GDAL and QGIS read it before they ask: they want one literal path a collection, one query
//! parameter a property, and the greatest limit under `components.parameters.limit`.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use serde_json::{Map, Value, json};

use super::Site;
use super::aggregate;
use super::answer::{self, GEOJSON, HTML, JSON, OPENAPI_JSON, SCHEMA_JSON};
use super::basemap;
use super::call::{Call, Format};
use super::clusters;
use super::collection::Collection;
use super::cql::Language;
use super::crs::Crs;
use super::encoding::Encoding;
use super::error::Error;
use super::export;
use super::extract;
use super::geocode::{LIMITS, MOST_CHARACTERS};
use super::html;
use super::landing::{DESCRIPTION, TITLE};
use super::link::Link;
use super::query::{MOST_KEYS, sortables};
use super::queryables::{self, Purpose};
use super::reports;
use super::stream;
use super::tiles;
use crate::model::event::PropertyType;
use crate::model::query::Limit;
use crate::store::index::Property;

mod operation;
mod samples;
mod schemas;

use samples::Sample;

/// `/api`.
pub(super) async fn api(State(site): State<Arc<Site>>, call: Call) -> Result<Response, Error> {
    call.allow(&[])?;
    let description = describe(&site, &call);
    Ok(match call.format()? {
        Format::Json => answer::json(&call, OPENAPI_JSON, &description),
        format @ Format::Html => {
            let links = Link::own(&call, format, OPENAPI_JSON);
            answer::document(&call, HTML, html::api(&call, &description, &links))
        }
    })
}

fn describe(site: &Site, call: &Call) -> Value {
    let mut paths = Map::new();
    for (path, id, (kind, schema), summary) in [
        ("/", "getLandingPage", (JSON, "LandingPage"), "the landing page; the map for browsers"),
        ("/conformance", "getConformance", (JSON, "Conformance"), "the conformance classes"),
        ("/api", "getApi", (OPENAPI_JSON, "OpenApi"), "this description"),
        ("/collections", "getCollections", (JSON, "Collections"), "the collections"),
    ] {
        let operation = read(id, summary, kind, &json!([parameter("f")]), &["400"]);
        paths.insert(path.to_owned(), answering(operation, schema, None));
    }
    for collection in Collection::ALL {
        describe_collection(collection, &Sample::of(collection, site), &mut paths);
    }
    paths.extend([clusters::describe(), aggregate::describe(), stream::describe()]);
    paths.extend([reports::describe(&Sample::of(Collection::Events, site).id())]);
    paths.extend(tiles::describe());
    paths.extend(basemap::describe(site.basemap.as_ref()));
    paths.extend(operation::describe());
    paths.insert("/geocode".to_owned(), answering(geocode(), "FoundPlaces", None));
    paths.extend([export::describe(), extract::describe()]);
    for (path, id, summary, problems) in [
        ("/health/live", "getLive", "whether the server lives", &[][..]),
        (
            "/health/ready",
            "getReady",
            "whether every source given at start has been read once, and how fresh a replica is",
            &["503"],
        ),
    ] {
        let operation = read(id, summary, JSON, &json!([]), problems);
        paths.insert(path.to_owned(), answering(operation, "Health", None));
    }
    json!({
        "openapi": "3.0.3",
        "info": {
            "title": TITLE,
            "description": DESCRIPTION,
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": call.url("") }],
        "paths": paths,
        "components": components(),
    })
}

fn describe_collection(collection: Collection, sample: &Sample, paths: &mut Map<String, Value>) {
    let (id, title) = (collection.id(), collection.title());
    let path = |rest: &str| format!("/collections/{id}{rest}");
    let f = json!([parameter("f")]);

    let summary = format!("what `{id}` is and covers");
    let operation = read(&format!("describe{title}"), &summary, JSON, &f, &["400"]);
    paths.insert(path(""), answering(operation, "Collection", None));

    for (purpose, name) in Purpose::ALL.into_iter().zip(["Queryables", "Sortables", "Schema"]) {
        let summary = format!("{} of `{id}`, as JSON Schema", purpose.title());
        let operation = read(&format!("get{title}{name}"), &summary, SCHEMA_JSON, &f, &["400"]);
        let path = path(&format!("/{}", purpose.name()));
        paths.insert(path, answering(operation, "JsonSchema", None));
    }

    let mut parameters = vec![parameter("bbox"), parameter("datetime"), samples::words(collection)];
    let filter = ["filter-lang", "filter-crs"];
    let shared = ["limit", "offset", "cursor", "skipGeometry", "crs", "bbox-crs"];
    parameters.push(samples::filter(collection));
    parameters.extend(filter.map(parameter));
    parameters.extend(shared.map(parameter));
    parameters.push(encodings(collection));
    parameters.extend(choices(collection));
    parameters.extend(collection.properties().iter().map(property_parameter));
    let summary = format!("features of `{id}`, a page at a time, under every filter given");
    let problems = ["400", "414"];
    let operation = read(&format!("get{title}"), &summary, GEOJSON, &parameters.into(), &problems);
    let operation = answering(operation, &format!("{title}Features"), sample.page());
    paths.insert(path("/items"), in_crs(in_every_encoding(operation, collection)));

    let parameters = json!([sample.id(), parameter("crs"), encodings(collection)]);
    let summary = format!("one feature of `{id}`");
    let operation =
        read(&format!("get{title}Feature"), &summary, GEOJSON, &parameters, &["400", "404"]);
    let operation = answering(operation, &format!("{title}Feature"), sample.feature());
    paths.insert(path("/items/{featureId}"), in_crs(in_every_encoding(operation, collection)));
}

/// The parameter that chooses what features are written in.
fn encodings(collection: Collection) -> Value {
    let names: Vec<&str> = Encoding::of(collection).map(Encoding::name).collect();
    let meaning = "the format of the features; otherwise `Accept` decides";
    query("f", meaning, json!({ "type": "string", "enum": names }))
}

/// The answer told in all types that the features come in.
fn in_every_encoding(mut operation: Value, collection: Collection) -> Value {
    if let Some(Value::Object(content)) = operation.pointer_mut("/get/responses/200/content") {
        for encoding in Encoding::of(collection) {
            let schema = json!({ "schema": { "type": "string" } });
            content.entry(encoding.media_type()).or_insert(schema);
        }
    }
    operation
}

/// The parameters that choose features of a collection.
pub(super) fn filters(collection: Collection) -> Vec<Value> {
    let shared = ["bbox", "bbox-crs", "filter-lang", "filter-crs", "datetime"];
    let mut parameters: Vec<Value> = shared.into_iter().map(parameter).collect();
    parameters.extend([samples::words(collection), samples::filter(collection)]);
    parameters.extend(collection.properties().iter().map(property_parameter));
    parameters
}

fn geocode() -> Value {
    let (most, usual) = LIMITS;
    let text = json!({ "type": "string", "minLength": 1, "maxLength": MOST_CHARACTERS });
    let parameters = json!([
        query("q", "a name or phrase, or its beginning; either this or `point`", text.clone()),
        query(
            "point",
            "lon,lat: the governorate there and the nearest places",
            json!({
                "type": "array", "minItems": 2, "maxItems": 2, "items": { "type": "number" },
            })
        ),
        query("near", "what the place lies near: a name, or lon,lat; only with `q`", text),
        query(
            "lang",
            "the language of `label`; otherwise that of `q`",
            json!({
                "type": "string", "enum": ["ar", "en"],
            })
        ),
        query(
            "limit",
            "features at most",
            json!({
                "type": "integer", "minimum": 1, "maximum": most, "default": usual,
            })
        ),
        parameter("f"),
    ]);
    let summary = "places by name, best first, with reasons; or what lies at a point";
    read("geocode", summary, GEOJSON, &parameters, &["400"])
}

/// A path that can only be read, by programs and people.
fn read(id: &str, summary: &str, kind: &str, parameters: &Value, problems: &[&str]) -> Value {
    let content = json!({ kind: { "schema": { "type": "object" } }, "text/html": { "schema": { "type": "string" } } });
    read_as(id, summary, &content, parameters, problems)
}

/// A path that can only be read, with what it answers by media type.
pub(super) fn read_as(
    id: &str,
    summary: &str,
    content: &Value,
    parameters: &Value,
    problems: &[&str],
) -> Value {
    let mut responses = Map::new();
    responses.insert("200".to_owned(), json!({ "description": "the answer", "content": content }));
    for &status in problems {
        let name = match status {
            "400" => "BadRequest",
            "404" => "NotFound",
            "414" => "TooLong",
            "503" => "NotReady",
            _ => "Problem",
        };
        let response = json!({ "$ref": format!("#/components/responses/{name}") });
        responses.insert(status.to_owned(), response);
    }
    let operation = json!({
        "operationId": id, "summary": summary, "parameters": parameters, "responses": responses,
    });
    json!({ "get": operation })
}

/// The same path with the schema of its answer, and perhaps an example.
fn answering(mut path: Value, schema: &str, example: Option<Value>) -> Value {
    let content = path.pointer_mut("/get/responses/200/content").and_then(Value::as_object_mut);
    let data = content.into_iter().flatten().find(|(kind, _)| *kind != "text/html");
    if let Some((_, Value::Object(data))) = data {
        let at = format!("#/components/schemas/{schema}");
        data.insert("schema".to_owned(), json!({ "$ref": at }));
        data.extend(example.map(|example| ("example".to_owned(), example)));
    }
    path
}

/// The same path whose answer tells what its coordinates are written in.
fn in_crs(mut path: Value) -> Value {
    if let Some(Value::Object(response)) = path.pointer_mut("/get/responses/200") {
        let header = json!({
            "Content-Crs": {
                "description": "what coordinates are written in, between angle brackets",
                "schema": { "type": "string" },
                "example": Crs::default().header(),
            },
        });
        response.insert("headers".to_owned(), header);
    }
    path
}

fn parameter(name: &str) -> Value {
    json!({ "$ref": format!("#/components/parameters/{name}") })
}

fn property_parameter(property: &Property) -> Value {
    let &(name, kind, meaning) = property;
    let schema = match kind {
        PropertyType::Integer => integer(),
        // One value is asked for; the list must hold it.
        PropertyType::List => Map::from_iter([("type".to_owned(), "string".into())]),
        _ => queryables::type_of(property),
    };
    query(name, meaning, schema)
}

/// Whole numbers as far as they are read.
fn integer() -> Map<String, Value> {
    Map::from_iter([
        ("type".to_owned(), "integer".into()),
        ("format".to_owned(), "int64".into()),
        ("minimum".to_owned(), i64::MIN.into()),
        ("maximum".to_owned(), i64::MAX.into()),
    ])
}

pub(super) fn query(name: &str, meaning: &str, schema: impl Into<Value>) -> Value {
    let schema = schema.into();
    json!({
        "name": name, "in": "query", "description": meaning,
        "required": false, "style": "form", "explode": false, "schema": schema,
    })
}

/// The parameter that chooses among the properties of the collection.
pub(super) fn properties(collection: Collection) -> Value {
    let [_, properties] = choices(collection);
    properties
}

/// The parameters that choose among the properties of the collection.
fn choices(collection: Collection) -> [Value; 2] {
    let names: Vec<&str> = collection.properties().iter().map(|&(name, ..)| name).collect();
    let keys: Vec<String> = sortables(collection)
        .flat_map(|name| ["", "+", "-"].map(|sign| format!("{sign}{name}")))
        .collect();
    let any = |names: Value| json!({ "type": "string", "enum": names });
    [
        query(
            "sortby",
            "properties to sort by, `-` before one for the greatest first; what is not known comes last",
            json!({ "type": "array", "minItems": 1, "maxItems": MOST_KEYS, "items": any(json!(keys)) }),
        ),
        query(
            "properties",
            "the properties to give, each once however often it is named; all if it is left out",
            json!({ "type": "array", "minItems": 1, "items": any(json!(names)) }),
        ),
    ]
}

/// A parameter with an example of it.
fn shown(mut parameter: Value, example: impl Into<Value>) -> Value {
    if let Value::Object(parameter) = &mut parameter {
        parameter.insert("example".to_owned(), example.into());
    }
    parameter
}

fn components() -> Value {
    let number = json!({ "type": "number" });
    let limit = json!({
        "type": "integer", "minimum": 1, "maximum": Limit::MOST, "default": Limit::DEFAULT.get(),
    });
    let text = json!({ "type": "string" });
    let crs = json!({
        "type": "string", "enum": Crs::ALL.map(Crs::uri), "default": Crs::default().uri(),
    });
    json!({
        "parameters": {
            "bbox": shown(query("bbox", "west, south, east, north in degrees; west greater than east crosses the antimeridian; with heights, which are not looked at, six numbers", json!({
                "type": "array", "minItems": 4, "maxItems": 6, "items": number,
            })), json!([35, 32, 43, 38])),
            "datetime": shown(query("datetime", "a day, or an interval as 2024-01-01/2024-01-31, `..` for an open end; it holds for all features of a collection without days", text.clone()), "2013-01-01/.."),
            "limit": shown(query("limit", "features on a page; more than the maximum is cut to it", limit), 10),
            "offset": query("offset", "features to leave out at the beginning; not together with `cursor`", json!({
                "type": "integer", "minimum": 0, "default": 0,
            })),
            "cursor": query("cursor", "where the page begins, as `next` links of the same search have it", text),
            "filter-lang": shown(query("filter-lang", "what `filter` is written in", json!({
                "type": "string", "enum": Language::NAMES.map(|(name, _)| name), "default": "cql2-text",
            })), "cql2-text"),
            "filter-crs": query("filter-crs", "what coordinates in `filter` are written in", crs.clone()),
            "bbox-crs": query("bbox-crs", "what `bbox` is written in", crs.clone()),
            "crs": query("crs", "what the answer is written in", crs),
            "skipGeometry": query("skipGeometry", "whether to leave out where the features are", json!({
                "type": "boolean", "default": false,
            })),
            "f": query("f", "the format; otherwise `Accept` decides", json!({
                "type": "string", "enum": Format::ALL.map(Format::as_str),
            })),
        },
        "responses": schemas::responses(),
        "schemas": schemas::all(),
        "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } },
    })
}
