//! Whether the server lives, and whether it is ready for readers.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::HeaderName;
use axum::http::header::CACHE_CONTROL;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::Site;
use super::call::Call;
use super::error::Error;
use crate::store::Store;

pub(super) async fn live(call: Call) -> Result<impl IntoResponse, Error> {
    call.allow(&[])?;
    Ok(([(CACHE_CONTROL, "no-store")], Json(json!({ "status": "live" }))))
}

pub(super) async fn ready(
    State(site): State<Arc<Site>>,
    call: Call,
) -> Result<impl IntoResponse, Error> {
    call.allow(&[])?;
    // Readers of a database are answered from memory, whether or not it takes articles.
    let fresh = site.store.freshness();
    let reasons = if fresh.is_some() { site.board.unread() } else { site.board.reasons() };
    if !reasons.is_empty() {
        return Err(Error::NotReady { reasons });
    }
    let mut body = json!({ "status": "ready" });
    // Who only takes articles in knows of no events, which is not to say that there are none.
    if site.store.is_loaded() {
        let index = site.store.index();
        body = json!({ "status": "ready", "events": index.len(), "sequence": index.last() });
    }
    if let (Value::Object(body), Some(fresh)) = (&mut body, fresh) {
        let mut database =
            json!({ "connected": fresh.is_connected, "age_seconds": fresh.age.as_secs() });
        if let (Value::Object(database), Some(why)) = (&mut database, site.board.refused()) {
            database.insert("articles_not_kept".to_owned(), why.into());
        }
        body.insert("database".to_owned(), database);
    }
    Ok(([(CACHE_CONTROL, "no-store")], Json(body)))
}

/// The last change that is in memory, and for how many seconds nobody knows of later ones. Only replicas
/// say so: what a server keeps itself is always fresh.
const SEQUENCE: HeaderName = HeaderName::from_static("rasid-sequence");
const AGE: HeaderName = HeaderName::from_static("rasid-age");

/// Says with each answer of a replica how fresh it is, at least.
pub(super) async fn say_how_fresh(
    State(store): State<Store>,
    request: Request,
    next: Next,
) -> Response {
    // As it was before: the answer may be newer, never older.
    let fresh = store.freshness().map(|fresh| (store.last(), fresh.age.as_secs()));
    let mut response = next.run(request).await;
    if let Some((sequence, age)) = fresh {
        response.headers_mut().insert(SEQUENCE, sequence.into());
        response.headers_mut().insert(AGE, age.into());
    }
    response
}
