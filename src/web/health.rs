//! Whether the server lives, and whether it is ready for readers.

use axum::Json;
use axum::extract::State;
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse;
use serde_json::json;

use super::Site;
use super::call::Call;
use super::error::Error;

pub(super) async fn live(call: Call) -> Result<impl IntoResponse, Error> {
    call.allow(&[])?;
    Ok(([(CACHE_CONTROL, "no-store")], Json(json!({ "status": "live" }))))
}

pub(super) async fn ready(
    State(site): State<Site>,
    call: Call,
) -> Result<impl IntoResponse, Error> {
    call.allow(&[])?;
    let reasons = site.board.reasons();
    if !reasons.is_empty() {
        return Err(Error::NotReady { reasons });
    }
    let body = json!({ "status": "ready", "events": site.store.count() });
    Ok(([(CACHE_CONTROL, "no-store")], Json(body)))
}
