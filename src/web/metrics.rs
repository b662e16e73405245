//! `/metrics`: what the server does, in the text format of Prometheus.
//!
//! The parts of the program count where they work; what only shows at the moment of asking is
//! added here: how far sources lag behind, and how much the store holds.

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use metrics::{gauge, histogram};

use super::Site;
use super::call::Call;
use super::error::Error;
use crate::model::source::{State as Source, Status, shown};
use crate::store::Store;

pub(super) const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Writes all that is counted. Cheap to clone; the usual one writes nothing.
#[derive(Clone)]
pub struct Metrics(Arc<dyn Fn() -> String + Send + Sync>);

impl Metrics {
    /// Takes what writes them.
    pub fn new(render: impl Fn() -> String + Send + Sync + 'static) -> Self {
        Self(Arc::new(render))
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new(String::new)
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metrics")
    }
}

/// `/metrics`.
pub(super) async fn metrics(State(site): State<Arc<Site>>, call: Call) -> Result<Response, Error> {
    call.allow(&[])?;
    for (name, state) in site.board.states() {
        tell(&shown(&name.0), &state, now());
    }
    let store = site.store.clone();
    // What the file cannot tell is left as it was told last.
    tokio::task::spawn_blocking(move || tell_store(&store)).await.ok();
    let headers = [(CONTENT_TYPE, TEXT), (CACHE_CONTROL, "no-store")];
    Ok((headers, (site.metrics.0)()).into_response())
}

fn tell(name: &str, state: &Source, now: Timestamp) {
    let lag = |since: Timestamp| now.duration_since(since).as_secs_f64();
    let source = || name.to_owned();
    if let Some(read) = state.last_success {
        gauge!("rasid_source_lag_seconds", "source" => source(), "since" => "success")
            .set(lag(read));
    }
    if let Some(newest) = state.newest {
        gauge!("rasid_source_lag_seconds", "source" => source(), "since" => "published")
            .set(lag(newest));
    }
    #[expect(clippy::cast_precision_loss, reason = "no source fails so often")]
    gauge!("rasid_source_failures", "source" => source()).set(state.failures as f64);
    if let Some(next) = state.next_read {
        let left = next.duration_since(now).as_secs_f64().max(0.0);
        gauge!("rasid_source_next_read_seconds", "source" => source()).set(left);
    }
    for status in Status::ALL {
        let is = f64::from(u8::from(state.status == status));
        gauge!("rasid_source_status", "source" => source(), "status" => status.as_str()).set(is);
    }
}

#[expect(clippy::cast_precision_loss, reason = "no store is that large")]
fn tell_store(store: &Store) {
    if store.is_loaded() {
        gauge!("rasid_store_events").set(store.count() as f64);
    }
    if let Some(fresh) = store.freshness() {
        gauge!("rasid_replica_connected").set(f64::from(u8::from(fresh.is_connected)));
        gauge!("rasid_replica_age_seconds").set(fresh.age.as_secs_f64());
    }
    if let Ok(size) = store.size() {
        gauge!("rasid_store_articles").set(size.articles as f64);
        gauge!("rasid_store_bytes").set(size.bytes as f64);
    }
}

/// Measures how long each answer takes to begin, by route.
pub(super) async fn measure(request: Request, next: Next) -> Response {
    let begun = Instant::now();
    // The route, not the address: there are only so many.
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or("other", MatchedPath::as_str).to_owned();
    let response = next.run(request).await;
    let status = response.status().as_str().to_owned();
    histogram!("rasid_http_request_seconds", "route" => route, "status" => status)
        .record(begun.elapsed());
    response
}

/// The time of day, to tell how long something is ago.
#[expect(clippy::disallowed_methods, reason = "how old news are is told by the time of day")]
fn now() -> Timestamp {
    Timestamp::now()
}
