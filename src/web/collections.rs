//! What the collections are, and what they cover.

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::Uri;
use axum::response::Response;
use serde_json::{Map, Value, json};

use super::Site;
use super::answer::{self, GEOJSON, HTML, JSON, SCHEMA_JSON};
use super::call::{Call, Format};
use super::collection::Collection;
use super::crs::Crs;
use super::error::{Error, not_found};
use super::html;
use super::link::Link;
use super::queryables::Purpose;
use super::stream::EVENT_STREAM;
use super::tiles::TILESETS;
use crate::store::index::Extent;

const GREGORIAN: &str = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian";

/// `/collections`.
pub(super) async fn all(State(site): State<Arc<Site>>, call: Call) -> Result<Response, Error> {
    call.allow(&[])?;
    let format = call.format()?;
    let mut links = Link::own(&call, format, JSON).to_vec();
    links.push(Link::root(&call));
    Ok(match format {
        Format::Json => {
            let collections = Collection::ALL.map(|collection| {
                let own = Link::new(address(&call, collection), "self", JSON, collection.title());
                description(&site, &call, collection, vec![own])
            });
            let body = json!({ "links": links, "collections": collections });
            answer::json(&call, JSON, &body)
        }
        Format::Html => answer::document(&call, HTML, html::collections(&call, &links)),
    })
}

/// `/collections/{collection}`.
pub(super) async fn one(
    State(site): State<Arc<Site>>,
    path: Result<Path<String>, PathRejection>,
    uri: Uri,
    call: Call,
) -> Result<Response, Error> {
    let Path(id) = path.map_err(|_not_utf8| not_found(&uri))?;
    let collection = Collection::named(&id)?;
    call.allow(&[])?;
    let format = call.format()?;
    let own = Link::own(&call, format, JSON).to_vec();
    Ok(match format {
        Format::Json => answer::json(&call, JSON, &description(&site, &call, collection, own)),
        Format::Html => {
            let extent = collection.extent(&site);
            answer::document(&call, HTML, html::collection(&call, collection, extent, &own))
        }
    })
}

fn address(call: &Call, collection: Collection) -> String {
    call.url(&format!("/collections/{}", collection.id()))
}

fn description(site: &Site, call: &Call, collection: Collection, own: Vec<Link>) -> Value {
    let at = |rest: &str| format!("{}{rest}", address(call, collection));
    let mut links = own;
    links.extend([
        Link::new(at("/items"), "items", GEOJSON, "the features as GeoJSON"),
        Link::new(at("/items?f=html"), "items", "text/html", "the features as a table"),
        Link::root(call),
    ]);
    if collection == Collection::Events {
        links.extend([
            Link::new(at("/clusters?zoom=6"), "related", GEOJSON, "clusters of them for a map"),
            Link::new(at("/stream"), "related", EVENT_STREAM, "events as they are committed"),
            Link::new(at("/tiles"), TILESETS, JSON, "vector tiles of them"),
            Link::new(at("/aggregate?by=month"), "related", JSON, "how many there are, by month"),
        ]);
    }
    links.extend(Purpose::ALL.map(|purpose| {
        let address = at(&format!("/{}", purpose.name()));
        Link::new(address, purpose.relation(), SCHEMA_JSON, purpose.title())
    }));
    let mut body = json!({
        "id": collection.id(),
        "title": collection.title(),
        "description": collection.description(),
        "itemType": "feature",
        "crs": Crs::ALL.map(Crs::uri),
        "storageCrs": Crs::Crs84.uri(),
        "links": links,
    });
    let extent = extent(collection.extent(site));
    if let (Value::Object(body), Some(extent)) = (&mut body, extent) {
        body.insert("extent".to_owned(), extent);
    }
    body
}

/// The extent of what is there; none if there is nothing.
fn extent(extent: Extent) -> Option<Value> {
    let mut parts = Map::new();
    if let Some(bbox) = extent.bbox {
        parts.insert("spatial".to_owned(), json!({ "bbox": [bbox], "crs": Crs::Crs84.uri() }));
    }
    if let Some((first, last)) = extent.days {
        let interval = [format!("{first}T00:00:00Z"), format!("{last}T23:59:59Z")];
        parts.insert("temporal".to_owned(), json!({ "interval": [interval], "trs": GREGORIAN }));
    }
    (!parts.is_empty()).then_some(parts.into())
}
