//! What can be asked for, as JSON Schema.

use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::http::Uri;
use axum::response::Response;
use serde_json::{Map, Value, json};

use super::answer::{self, HTML, SCHEMA_JSON};
use super::call::{Call, Format};
use super::collection::Collection;
use super::cql::GEOMETRY;
use super::error::{Error, not_found};
use super::html;
use super::link::Link;
use crate::model::event::PropertyType;
use crate::store::index::Property;

/// `/collections/{collection}/queryables`.
pub(super) async fn queryables(
    path: Result<Path<String>, PathRejection>,
    uri: Uri,
    call: Call,
) -> Result<Response, Error> {
    let Path(id) = path.map_err(|_not_utf8| not_found(&uri))?;
    let collection = Collection::named(&id)?;
    call.allow(&[])?;
    let format = call.format()?;
    Ok(match format {
        Format::Json => {
            let body = json!({
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                "$id": call.url(&call.path),
                "type": "object",
                "title": collection.title(),
                "description": collection.description(),
                "properties": properties(collection),
                "additionalProperties": false,
            });
            answer::json(&call, SCHEMA_JSON, &body)
        }
        Format::Html => {
            let links = Link::own(&call, format, SCHEMA_JSON);
            answer::document(&call, HTML, html::queryables(&call, collection, &links))
        }
    })
}

fn properties(collection: Collection) -> Map<String, Value> {
    let geometry = json!({
        "title": "geometry",
        "description": "where it is; asked for by `bbox` and s_intersects",
        "format": collection.geometry(),
        "x-ogc-role": "primary-geometry",
    });
    let mut properties = Map::from_iter([(GEOMETRY.to_owned(), geometry)]);
    for property @ &(name, _, meaning) in collection.properties() {
        let mut schema = schema(property);
        schema.insert("title".to_owned(), name.into());
        schema.insert("description".to_owned(), meaning.into());
        let role = match name {
            "event_date" => Some("primary-interval-start"),
            "event_date_end" => Some("primary-interval-end"),
            _ => None,
        };
        schema.extend(role.map(|role| ("x-ogc-role".to_owned(), role.into())));
        properties.insert(name.to_owned(), schema.into());
    }
    properties
}

/// The type of a property in JSON Schema, as it stands in a feature.
pub(super) fn schema(&(_, kind, _): &Property) -> Map<String, Value> {
    let schema = match kind {
        PropertyType::Text => json!({ "type": "string" }),
        PropertyType::Enum(names) => json!({ "type": "string", "enum": names }),
        PropertyType::List => json!({ "type": "array", "items": { "type": "string" } }),
        PropertyType::Integer => json!({ "type": "integer" }),
        PropertyType::Real => json!({ "type": "number" }),
        PropertyType::Date => json!({ "type": "string", "format": "date" }),
    };
    match schema {
        Value::Object(schema) => schema,
        _ => Map::new(),
    }
}
