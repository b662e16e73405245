//! What features hold, and what can be asked for and sorted by, as JSON Schema.

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
use super::query::sortables;
use crate::model::event::PropertyType;
use crate::store::index::Property;

/// What a schema tells the properties for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// What filters and parameters ask for.
    Queryables,
    /// What `sortby` takes.
    Sortables,
    /// What a feature holds.
    Schema,
}

impl Purpose {
    pub(super) const ALL: [Self; 3] = [Self::Queryables, Self::Sortables, Self::Schema];

    /// The last part of its address, and of its link relation.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Queryables => "queryables",
            Self::Sortables => "sortables",
            Self::Schema => "schema",
        }
    }

    pub(super) const fn relation(self) -> &'static str {
        match self {
            Self::Queryables => "http://www.opengis.net/def/rel/ogc/1.0/queryables",
            Self::Sortables => "http://www.opengis.net/def/rel/ogc/1.0/sortables",
            Self::Schema => "http://www.opengis.net/def/rel/ogc/1.0/schema",
        }
    }

    pub(super) const fn title(self) -> &'static str {
        match self {
            Self::Queryables => "what can be asked for",
            Self::Sortables => "what can be sorted by",
            Self::Schema => "what a feature holds",
        }
    }

    /// The properties of the collection that belong to it, in their order.
    pub(super) fn properties(self, collection: Collection) -> Vec<&'static Property> {
        let sortable = |name: &str| sortables(collection).any(|known| known == name);
        let all = collection.properties().iter();
        all.filter(|(name, ..)| self != Self::Sortables || sortable(name)).collect()
    }
}

/// `/collections/{collection}/queryables`.
pub(super) async fn queryables(
    path: Result<Path<String>, PathRejection>,
    uri: Uri,
    call: Call,
) -> Result<Response, Error> {
    described(Purpose::Queryables, path, &uri, &call)
}

/// `/collections/{collection}/sortables`.
pub(super) async fn sortable(
    path: Result<Path<String>, PathRejection>,
    uri: Uri,
    call: Call,
) -> Result<Response, Error> {
    described(Purpose::Sortables, path, &uri, &call)
}

/// `/collections/{collection}/schema`.
pub(super) async fn schema(
    path: Result<Path<String>, PathRejection>,
    uri: Uri,
    call: Call,
) -> Result<Response, Error> {
    described(Purpose::Schema, path, &uri, &call)
}

fn described(
    purpose: Purpose,
    path: Result<Path<String>, PathRejection>,
    uri: &Uri,
    call: &Call,
) -> Result<Response, Error> {
    let Path(id) = path.map_err(|_not_utf8| not_found(uri))?;
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
                "properties": properties(collection, purpose),
                "additionalProperties": false,
            });
            answer::json(call, SCHEMA_JSON, &body)
        }
        Format::Html => {
            let links = Link::own(call, format, SCHEMA_JSON);
            answer::document(call, HTML, html::properties(call, collection, purpose, &links))
        }
    })
}

fn properties(collection: Collection, purpose: Purpose) -> Map<String, Value> {
    let mut properties = Map::new();
    if purpose == Purpose::Schema {
        let id = json!({
            "title": "id", "description": "the same for as long as the feature is there",
            "type": "string", "readOnly": true, "x-ogc-role": "id",
        });
        properties.insert("id".to_owned(), id);
    }
    if purpose != Purpose::Sortables {
        let geometry = json!({
            "title": "geometry",
            "description": "where it is; asked for by `bbox` and spatial functions",
            "format": collection.geometry(),
            "x-ogc-role": "primary-geometry",
        });
        properties.insert(GEOMETRY.to_owned(), geometry);
    }
    for property @ &(name, _, meaning) in purpose.properties(collection) {
        let mut schema = type_of(property);
        schema.insert("title".to_owned(), name.into());
        schema.insert("description".to_owned(), meaning.into());
        let role = match name {
            "event_date" => Some("primary-interval-start"),
            "event_date_end" => Some("primary-interval-end"),
            "event_type" => Some("type"),
            _ => None,
        };
        schema.extend(role.map(|role| ("x-ogc-role".to_owned(), role.into())));
        properties.insert(name.to_owned(), schema.into());
    }
    for (place, (_, schema)) in (1..).zip(&mut properties) {
        if let Value::Object(schema) = schema {
            schema.insert("x-ogc-propertySeq".to_owned(), place.into());
        }
    }
    properties
}

/// The type of a property in JSON Schema, as it stands in a feature.
pub(super) fn type_of(&(_, kind, _): &Property) -> Map<String, Value> {
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
