//! What each article says of an event, why they are taken to tell of one happening, and which other
//! events may be the same: `/collections/events/items/{feature}/sources`.

use std::fmt;
use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::Uri;
use axum::response::Response;
use serde_json::{Value, json};
use tokio::task::spawn_blocking;

use super::Site;
use super::answer::{self, GEOJSON, JSON};
use super::call::Call;
use super::clusters;
use super::collection::Collection;
use super::error::{Error, not_found, quoted};
use super::items;
use super::link::Link;
use super::openapi;
use crate::merge::nearly::Nearly;
use crate::model::event::EventId;
use crate::store::{self, Told};

/// Finds the events that may be the same as an event.
type Find = dyn Fn(&EventId) -> Result<Vec<Nearly>, store::Error> + Send + Sync;

/// What tells which events may be the same; the usual one knows none. Cheap to clone.
#[derive(Clone, Default)]
pub struct Duplicates(Option<Arc<Find>>);

impl Duplicates {
    /// How they are found is the caller's to say.
    pub fn new(
        find: impl Fn(&EventId) -> Result<Vec<Nearly>, store::Error> + Send + Sync + 'static,
    ) -> Self {
        Self(Some(Arc::new(find)))
    }

    fn of(&self, id: &EventId) -> Result<Vec<Nearly>, store::Error> {
        self.0.as_ref().map_or_else(|| Ok(Vec::new()), |find| find(id))
    }
}

impl fmt::Debug for Duplicates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Duplicates")
    }
}

/// The reports of an event as GeoJSON, the one it is named after first.
pub(super) async fn reports(
    State(site): State<Arc<Site>>,
    path: Result<Path<String>, PathRejection>,
    uri: Uri,
    call: Call,
) -> Result<Response, Error> {
    let Path(id) = path.map_err(|_not_utf8| not_found(&uri))?;
    call.allow(&[])?;
    clusters::only_json(&call)?;
    let event = EventId(id);
    let collection = Collection::Events;
    let feature = site.store.event(&event).ok_or_else(|| Error::UnknownFeature {
        collection: collection.id(),
        id: quoted(&event.0),
    })?;
    let asked = event.clone();
    let (store, duplicates) = (site.store.clone(), site.duplicates.clone());
    // They are not in memory: few ask for them.
    let read = spawn_blocking(move || Ok((store.reports(&asked)?, duplicates.of(&asked)?))).await;
    let read: Result<_, store::Error> = read.map_err(|ended| failed(&ended))?;
    let (mut told, duplicates) = read.map_err(|error| {
        // Told once by whoever follows the database.
        if error.is_away() { Error::Unreadable } else { failed(&error) }
    })?;
    // One that was coded elsewhere, or is still to be compared, tells itself.
    if told.is_empty() {
        told.push(Told { feature, author: None, joined: None });
    }
    let address = items::address(&call.base, collection, &event.0);
    let links = [
        Link::new(call.own_url.clone(), "self", GEOJSON, "this document"),
        Link::new(address, "collection", JSON, "the event"),
    ];
    let features: Vec<Value> = told.iter().map(report).collect();
    let duplicates: Vec<Value> =
        duplicates.iter().map(|nearly| duplicate(&site, &call, nearly)).collect();
    let body = json!({
        "type": "FeatureCollection", "features": features, "possible_duplicates": duplicates,
        "links": links,
    });
    Ok(answer::json(&call, GEOJSON, &body))
}

/// An event that may be the same: what speaks for it, and itself.
fn duplicate(site: &Site, call: &Call, nearly: &Nearly) -> Value {
    let feature = site.store.event(&nearly.event).map(|feature| items::read(&feature));
    let href = items::address(&call.base, Collection::Events, &nearly.event.0);
    json!({
        "id": nearly.event, "score": nearly.score, "parts": nearly.parts, "href": href,
        "feature": feature,
    })
}

/// The cause is for the log alone.
fn failed(cause: &dyn std::error::Error) -> Error {
    tracing::error!("cannot read reports: {cause}");
    Error::Unreadable
}

/// A report as its feature, with the host and the author of its article and why it was joined.
fn report(told: &Told) -> Value {
    let mut feature = items::read(&told.feature);
    let url = feature.pointer("/properties/source_url").and_then(Value::as_str);
    let host = url
        .and_then(|url| url.parse::<Uri>().ok())
        .and_then(|url| url.host().map(str::to_ascii_lowercase));
    let joined = told.joined.as_deref().map(items::read);
    if let Value::Object(feature) = &mut feature {
        feature.insert("host".to_owned(), host.into());
        feature.insert("author".to_owned(), told.author.clone().into());
        feature.insert("joined".to_owned(), joined.unwrap_or_default());
    }
    feature
}

/// The route in the description of the API, with the parameter that names an event.
pub(super) fn describe(id: &Value) -> (String, Value) {
    let content = json!({ GEOJSON: { "schema": { "type": "object" } } });
    let summary =
        "what each article says of an event, why it was joined, and which events may be the same";
    let operation =
        openapi::read_as("getEventsSources", summary, &content, &json!([id]), &["400", "404"]);
    ("/collections/events/items/{featureId}/sources".to_owned(), operation)
}
