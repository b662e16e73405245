//! The API described by itself: OpenAPI 3.0 for programs, a page for people.
//!
//! GDAL and QGIS read it before they ask: they want one literal path a collection, one query
//! parameter a property, and the greatest limit under `components.parameters.limit`.

use axum::response::Response;
use serde_json::{Map, Value, json};

use super::aggregate;
use super::answer::{self, GEOJSON, HTML, JSON, OPENAPI_JSON, SCHEMA_JSON};
use super::call::{Call, Format};
use super::clusters;
use super::collection::Collection;
use super::cql::{Language, MOST_CHARACTERS as MOST_FILTER};
use super::crs::Crs;
use super::error::Error;
use super::geocode::{LIMITS, MOST_CHARACTERS};
use super::html;
use super::landing::{DESCRIPTION, TITLE};
use super::link::Link;
use super::query::{MOST_KEYS, sortables};
use super::queryables;
use super::stream;
use super::tiles;
use crate::model::event::PropertyType;
use crate::model::query::Limit;
use crate::store::index::Property;

/// `/api`.
pub(super) async fn api(call: Call) -> Result<Response, Error> {
    call.allow(&[])?;
    let description = describe(&call);
    Ok(match call.format()? {
        Format::Json => answer::json(&call, OPENAPI_JSON, &description),
        format @ Format::Html => {
            let links = Link::own(&call, format, OPENAPI_JSON);
            answer::document(&call, HTML, html::api(&call, &description, &links))
        }
    })
}

fn describe(call: &Call) -> Value {
    let mut paths = Map::new();
    for (path, id, kind, summary) in [
        ("/", "getLandingPage", JSON, "the landing page; the map for browsers"),
        ("/conformance", "getConformance", JSON, "the conformance classes"),
        ("/api", "getApi", OPENAPI_JSON, "this description"),
        ("/collections", "getCollections", JSON, "the collections"),
    ] {
        paths.insert(path.to_owned(), read(id, summary, kind, &json!([parameter("f")]), &["400"]));
    }
    for collection in Collection::ALL {
        describe_collection(collection, &mut paths);
    }
    paths.extend([clusters::describe(), aggregate::describe(), stream::describe()]);
    paths.extend(tiles::describe());
    paths.insert("/geocode".to_owned(), geocode());
    for (path, id, summary) in [
        ("/health/live", "getLive", "whether the server lives"),
        ("/health/ready", "getReady", "whether every source given at start has been read once"),
    ] {
        paths.insert(path.to_owned(), read(id, summary, JSON, &json!([]), &["503"]));
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

fn describe_collection(collection: Collection, paths: &mut Map<String, Value>) {
    let (id, title) = (collection.id(), collection.title());
    let path = |rest: &str| format!("/collections/{id}{rest}");
    let f = json!([parameter("f")]);

    let summary = format!("what `{id}` is and covers");
    paths.insert(path(""), read(&format!("describe{title}"), &summary, JSON, &f, &["400"]));

    let summary = format!("what can be asked of `{id}`");
    let operation = read(&format!("get{title}Queryables"), &summary, SCHEMA_JSON, &f, &["400"]);
    paths.insert(path("/queryables"), operation);

    let datetime = collection.has_days().then(|| parameter("datetime"));
    let mut parameters = vec![parameter("bbox")];
    parameters.extend(datetime);
    let filter = ["filter", "filter-lang", "filter-crs"];
    let shared = ["limit", "cursor", "skipGeometry", "crs", "bbox-crs", "f"];
    parameters.extend(filter.map(parameter));
    parameters.extend(shared.map(parameter));
    parameters.extend(choices(collection));
    parameters.extend(collection.properties().iter().map(property_parameter));
    let summary = format!("features of `{id}`, a page at a time, under every filter given");
    let operation = read(&format!("get{title}"), &summary, GEOJSON, &parameters.into(), &["400"]);
    paths.insert(path("/items"), operation);

    let parameters = json!([
        { "name": "featureId", "in": "path", "required": true, "schema": { "type": "string" } },
        parameter("crs"),
        parameter("f"),
    ]);
    let summary = format!("one feature of `{id}`");
    let operation =
        read(&format!("get{title}Feature"), &summary, GEOJSON, &parameters, &["400", "404"]);
    paths.insert(path("/items/{featureId}"), operation);
}

/// The parameters that choose features of a collection.
pub(super) fn filters(collection: Collection) -> Vec<Value> {
    let datetime = collection.has_days().then_some("datetime");
    let shared = ["bbox", "bbox-crs", "filter", "filter-lang", "filter-crs"];
    let mut parameters: Vec<Value> = shared.into_iter().chain(datetime).map(parameter).collect();
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
        responses.insert(status.to_owned(), json!({ "$ref": "#/components/responses/Problem" }));
    }
    let operation = json!({
        "operationId": id, "summary": summary, "parameters": parameters, "responses": responses,
    });
    json!({ "get": operation })
}

fn parameter(name: &str) -> Value {
    json!({ "$ref": format!("#/components/parameters/{name}") })
}

fn property_parameter(property: &Property) -> Value {
    let &(name, kind, meaning) = property;
    let schema = match kind {
        // One value is asked for; the list must hold it.
        PropertyType::List => Map::from_iter([("type".to_owned(), "string".into())]),
        _ => queryables::schema(property),
    };
    query(name, meaning, schema)
}

pub(super) fn query(name: &str, meaning: &str, schema: impl Into<Value>) -> Value {
    let schema = schema.into();
    json!({
        "name": name, "in": "query", "description": meaning,
        "required": false, "style": "form", "explode": false, "schema": schema,
    })
}

/// The parameters that choose among the properties of the collection.
fn choices(collection: Collection) -> [Value; 2] {
    let names: Vec<&str> = collection.properties().iter().map(|&(name, ..)| name).collect();
    let keys: Vec<String> = sortables(collection)
        .flat_map(|name| ["", "+", "-"].map(|sign| format!("{sign}{name}")))
        .collect();
    let list = |names: Value, most: usize| json!({ "type": "array", "minItems": 1, "maxItems": most, "items": { "type": "string", "enum": names } });
    [
        query(
            "sortby",
            "properties to sort by, `-` before one for the greatest first; what is not known comes last",
            list(json!(keys), MOST_KEYS),
        ),
        query(
            "properties",
            "the properties to give; all if it is left out",
            list(json!(names), names.len()),
        ),
    ]
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
            "bbox": query("bbox", "west, south, east, north in degrees; west greater than east crosses the antimeridian", json!({
                "type": "array", "minItems": 4, "maxItems": 6, "items": number,
            })),
            "datetime": query("datetime", "a day, or an interval as 2024-01-01/2024-01-31, `..` for an open end", text.clone()),
            "limit": query("limit", "features on a page; more than the maximum is cut to it", limit),
            "cursor": query("cursor", "where the page begins, as `next` links have it", text),
            "filter": query("filter", "a condition in CQL2 on the queryables", json!({
                "type": "string", "maxLength": MOST_FILTER,
            })),
            "filter-lang": query("filter-lang", "what `filter` is written in", json!({
                "type": "string", "enum": Language::NAMES.map(|(name, _)| name), "default": "cql2-text",
            })),
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
        "responses": {
            "Problem": {
                "description": "what was wrong with the request",
                "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
            },
        },
        "schemas": {
            "Problem": {
                "type": "object",
                "required": ["type", "title", "status", "detail", "code"],
                "properties": {
                    "type": { "type": "string" },
                    "title": { "type": "string" },
                    "status": { "type": "integer" },
                    "detail": { "type": "string" },
                    "code": { "type": "string" },
                    "parameter": { "type": "string" },
                },
            },
        },
    })
}
