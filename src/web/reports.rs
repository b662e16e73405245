//! What each article says of an event, and why they are taken to tell of one happening:
//! `/collections/events/items/{feature}/sources`.

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
use crate::model::event::EventId;
use crate::store::Told;

/// The reports of an event as GeoJSON, the one it is named after first.
pub(super) async fn reports(
    State(site): State<Site>,
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
    let store = site.store.clone();
    // They are not in memory: few ask for them.
    let told = spawn_blocking(move || store.reports(&asked)).await;
    let mut told = told.map_err(|ended| failed(&ended))?.map_err(|error| failed(&error))?;
    // One that was coded elsewhere, or is still to be compared, tells itself.
    if told.is_empty() {
        told.push(Told { feature, joined: None });
    }
    let address = items::address(&call.base, collection, &event.0);
    let links = [
        Link::new(call.own_url(), "self", GEOJSON, "this document"),
        Link::new(address, "collection", JSON, "the event"),
    ];
    let features: Vec<Value> = told.iter().map(report).collect();
    let body = json!({ "type": "FeatureCollection", "features": features, "links": links });
    Ok(answer::json(&call, GEOJSON, &body))
}

/// The cause is for the log alone.
fn failed(cause: &dyn std::error::Error) -> Error {
    tracing::error!("cannot read reports: {cause}");
    Error::Unreadable
}

/// A report as its feature, with the host of its article and why it was joined.
fn report(told: &Told) -> Value {
    let mut feature = items::read(&told.feature);
    let url = feature.pointer("/properties/source_url").and_then(Value::as_str);
    let host = url
        .and_then(|url| url.parse::<Uri>().ok())
        .and_then(|url| url.host().map(str::to_ascii_lowercase));
    let joined = told.joined.as_deref().map(items::read);
    if let Value::Object(feature) = &mut feature {
        feature.insert("host".to_owned(), host.into());
        feature.insert("joined".to_owned(), joined.unwrap_or_default());
    }
    feature
}

/// The route in the description of the API, with the parameter that names an event.
pub(super) fn describe(id: &Value) -> (String, Value) {
    let content = json!({ GEOJSON: { "schema": { "type": "object" } } });
    let summary = "what each article says of an event, and why it was joined";
    let operation =
        openapi::read_as("getEventsSources", summary, &content, &json!([id]), &["400", "404"]);
    ("/collections/events/items/{featureId}/sources".to_owned(), operation)
}
