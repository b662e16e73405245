//! What answers look like: the schemas and the problems that paths refer to.

use serde_json::{Map, Value, json};

use crate::store::index::Property;
use crate::web::basemap;
use crate::web::collection::Collection;
use crate::web::queryables;

/// Every schema by its name.
pub(super) fn all() -> Value {
    let mut schemas = Map::new();
    for (name, schema) in documents().into_iter().chain(collections()) {
        schemas.insert(name.to_owned(), schema);
    }
    schemas.insert("Problem".to_owned(), problem());
    schemas.extend(super::operation::schemas());
    schemas.extend([basemap::schema()]);
    schemas.insert("FoundPlaces".to_owned(), found_places());
    for collection in Collection::ALL {
        let title = collection.title();
        let feature = feature(collection.has_points(), collection.properties());
        schemas.insert(format!("{title}Feature"), feature);
        schemas.insert(format!("{title}Features"), features(&format!("{title}Feature")));
    }
    Value::Object(schemas)
}

/// Every answer that is none, by its name.
pub(super) fn responses() -> Value {
    let response = |description: &str, example: Value| {
        json!({
            "description": description,
            "content": { "application/problem+json": {
                "schema": reference("Problem"), "example": example,
            } },
        })
    };
    let bad = json!({
        "type": "about:blank", "title": "Bad Request", "status": 400,
        "detail": "parameter `limit`: `0` is not a limit: write a whole number from 1 to 10000",
        "code": "bad_parameter", "parameter": "limit",
    });
    let missing = json!({
        "type": "about:blank", "title": "Not Found", "status": 404,
        "detail": "collection `events` has no feature `none`", "code": "unknown_feature",
    });
    let early = json!({
        "type": "about:blank", "title": "Service Unavailable", "status": 503,
        "detail": "answers are not complete yet: try again in a moment", "code": "not_ready",
        "reasons": ["source `samples` is being read for the first time"],
    });
    json!({
        "BadRequest": response("a parameter that is not known, given twice or wrong: `detail` says what is allowed", bad),
        "NotFound": response("nothing is there", missing),
        "TooLong": { "description": "an address of more than 65,534 bytes, refused without words" },
        "NotReady": response("not all sources given at start have been read", early),
        "Unauthorized": response("the token is missing or wrong", problem_of(401, "Unauthorized", "unauthorized", "show the operator's token: send `Authorization: Bearer …`")),
        "NotTaken": response("the server takes no articles", problem_of(403, "Forbidden", "articles_not_taken", "this server takes no articles: its operator has set no token (`rasid serve --token`)")),
        "TooSlow": response("the body took too long to come", problem_of(408, "Request Timeout", "too_slow", "the body took too long to come: send less at once")),
        "TooLarge": response("the body is too long", problem_of(413, "Payload Too Large", "too_large", "the body is longer than 33554432 bytes: send less at once")),
        "UnsupportedType": response("the body is of another type", problem_of(415, "Unsupported Media Type", "unsupported_media_type", "the body must be of one of these types: application/json, application/x-ndjson")),
        "Busy": response("there is no room for more articles now, or they cannot be kept: send them again later", problem_of(503, "Service Unavailable", "queue_full", "articles come faster than they can be kept: try again in a moment")),
    })
}

fn problem_of(status: u16, title: &str, code: &str, detail: &str) -> Value {
    json!({ "type": "about:blank", "title": title, "status": status, "detail": detail, "code": code })
}

fn reference(schema: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{schema}") })
}

fn list(items: &Value) -> Value {
    json!({ "type": "array", "items": items })
}

fn object(required: &[&str], properties: &Value) -> Value {
    let mut schema = json!({ "type": "object", "properties": properties });
    if let (Value::Object(schema), [_, ..]) = (&mut schema, required) {
        schema.insert("required".to_owned(), required.into());
    }
    schema
}

fn documents() -> [(&'static str, Value); 6] {
    let text = json!({ "type": "string" });
    let uri = json!({ "type": "string", "format": "uri" });
    let links = list(&reference("Link"));
    let anything = json!({ "type": "object" });
    let link = json!({ "href": uri, "rel": text, "type": text, "title": text });
    let landing_page = json!({ "title": text, "description": text, "links": links });
    let conformance = json!({ "conformsTo": list(&uri), "links": links });
    let open_api = json!({
        "openapi": { "type": "string", "enum": ["3.0.3"] },
        "info": anything, "servers": list(&anything), "paths": anything, "components": anything,
    });
    let json_schema = json!({
        "$schema": text, "$id": uri, "type": { "type": "string", "enum": ["object"] },
        "title": text, "description": text,
        "properties": { "type": "object", "additionalProperties": anything },
        "additionalProperties": { "type": "boolean" },
    });
    let number = json!({ "type": "integer", "minimum": 0 });
    let database = json!({ "connected": { "type": "boolean" }, "age_seconds": number });
    let health = json!({
        "status": text, "events": number, "sequence": number,
        "database": object(&["connected", "age_seconds"], &database),
    });
    [
        ("Link", object(&["href", "rel", "type", "title"], &link)),
        ("LandingPage", object(&["title", "description", "links"], &landing_page)),
        ("Conformance", object(&["conformsTo"], &conformance)),
        ("OpenApi", object(&["openapi", "info", "paths"], &open_api)),
        ("JsonSchema", object(&["$schema", "$id", "type", "properties"], &json_schema)),
        ("Health", object(&["status"], &health)),
    ]
}

fn collections() -> [(&'static str, Value); 2] {
    let text = json!({ "type": "string" });
    let links = list(&reference("Link"));
    let numbers = list(&list(&json!({ "type": "number" })));
    let spatial = json!({ "bbox": numbers, "crs": text });
    let temporal = json!({ "interval": list(&list(&text)), "trs": text });
    let collection = json!({
        "id": { "type": "string", "enum": Collection::ALL.map(Collection::id) },
        "title": text, "description": text,
        "itemType": { "type": "string", "enum": ["feature"] },
        "crs": list(&text), "storageCrs": text, "links": links,
        "extent": object(&[], &json!({
            "spatial": object(&["bbox", "crs"], &spatial),
            "temporal": object(&["interval", "trs"], &temporal),
        })),
    });
    let required = ["id", "title", "description", "itemType", "crs", "storageCrs", "links"];
    let all = json!({ "links": links, "collections": list(&reference("Collection")) });
    [
        ("Collection", object(&required, &collection)),
        ("Collections", object(&["links", "collections"], &all)),
    ]
}

/// RFC 9457, with a code that stays.
fn problem() -> Value {
    let text = json!({ "type": "string" });
    object(
        &["type", "title", "status", "detail", "code"],
        &json!({
            "type": text, "title": text, "detail": text,
            "status": { "type": "integer", "minimum": 400, "maximum": 599 },
            "code": { "type": "string", "description": "stays the same in all versions; `detail` may change" },
            "parameter": { "type": "string", "description": "the parameter that is wrong" },
            "reasons": { "type": "array", "items": text, "description": "why answers are not complete" },
        }),
    )
}

fn point() -> Value {
    geometry(
        &["Point"],
        &json!({
            "type": "array", "minItems": 2, "maxItems": 2, "items": { "type": "number" },
        }),
    )
}

fn geometry(kinds: &[&str], coordinates: &Value) -> Value {
    json!({
        "type": "object", "nullable": true, "required": ["type", "coordinates"],
        "properties": { "type": { "type": "string", "enum": kinds }, "coordinates": coordinates },
    })
}

/// A GeoJSON feature. With `properties=` it has only those that are asked for.
fn feature(is_point: bool, properties: &[Property]) -> Value {
    let corners = json!({ "type": "array", "items": {} });
    let geometry =
        if is_point { point() } else { geometry(&["Polygon", "MultiPolygon"], &corners) };
    let properties: Map<String, Value> = properties
        .iter()
        .map(|property @ &(name, _, meaning)| {
            let mut schema = queryables::type_of(property);
            schema.insert("description".to_owned(), meaning.into());
            schema.insert("nullable".to_owned(), true.into());
            if let Some(Value::Array(names)) = schema.get_mut("enum") {
                names.push(Value::Null);
            }
            (name.to_owned(), schema.into())
        })
        .collect();
    object(
        &["type", "id", "geometry", "properties"],
        &json!({
            "type": { "type": "string", "enum": ["Feature"] },
            "id": { "type": "string" },
            "geometry": geometry,
            "properties": {
                "type": "object", "properties": properties, "additionalProperties": false,
            },
            "links": list(&reference("Link")),
        }),
    )
}

fn features(feature: &str) -> Value {
    let count = json!({ "type": "integer", "minimum": 0 });
    object(
        &["type", "features", "numberReturned", "timeStamp", "links"],
        &json!({
            "type": { "type": "string", "enum": ["FeatureCollection"] },
            "timeStamp": { "type": "string", "format": "date-time" },
            "numberMatched": count, "numberReturned": count,
            "links": list(&reference("Link")),
            "features": list(&reference(feature)),
        }),
    )
}

/// The answer of `/geocode`: places, perhaps behind the governorate that they lie in.
fn found_places() -> Value {
    let found = object(
        &["type", "id", "geometry", "properties"],
        &json!({
            "type": { "type": "string", "enum": ["Feature"] },
            "id": { "type": "string" },
            "geometry": { "type": "object", "nullable": true },
            "properties": { "type": "object" },
        }),
    );
    object(
        &["type", "features"],
        &json!({
            "type": { "type": "string", "enum": ["FeatureCollection"] },
            "features": list(&found),
            "resolved": { "type": "string", "nullable": true, "description": "the id of the place that is meant" },
        }),
    )
}
