//! Events and places for people and programs: OGC API – Features, the map page, health.
//!
//! Only this module knows HTTP. A handler parses the request, asks the store, renders the answer.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::{Extensions, HeaderMap, Method, StatusCode, Version};
use axum::middleware::{from_fn, from_fn_with_state, map_response_with_state};
use axum::routing::{get, post};
use tower::ServiceBuilder;
use tower::util::MapResponseLayer;
use tower_http::CompressionLevel;
use tower_http::classify::ServerErrorsFailureClass;
use tower_http::compression::predicate::Predicate as _;
use tower_http::compression::{CompressionLayer, DefaultPredicate};
use tower_http::cors::{Any, CorsLayer};
use tower_http::trace::TraceLayer;

use crate::model::filter::Filter;
use crate::store::Store;
use crate::store::board::Board;

mod accept;
mod aggregate;
mod answer;
pub mod articles;
mod aside;
mod assets;
pub mod base;
pub mod basemap;
mod call;
mod clusters;
mod coding;
mod collection;
mod collections;
mod cql;
mod crs;
mod cursor;
mod encoding;
mod error;
mod export;
pub mod extract;
mod geocode;
pub mod geocoder;
mod governorates;
mod health;
mod html;
mod items;
mod kept;
mod landing;
mod link;
pub mod metrics;
mod openapi;
pub mod places;
mod query;
mod queryables;
pub mod reports;
mod selection;
pub mod serve;
mod sources;
pub mod stream;
#[cfg(test)]
mod tests;
mod tiles;
mod utm;

use articles::Intake;
use base::BaseUrl;
use basemap::Basemap;
use extract::Extractor;
use geocoder::Geocoder;
use kept::{Answers, AsItIs};
use metrics::Metrics;
use places::Places;
use reports::Duplicates;
use stream::Streams;

/// What the handlers answer from. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Site {
    /// The events.
    pub store: Store,
    /// The gazetteer.
    pub places: Places,
    /// What names and points mean.
    pub geocoder: Geocoder,
    /// What articles tell.
    pub extractor: Extractor,
    /// Which events may be the same.
    pub duplicates: Duplicates,
    /// How the sources fare, and whether all given at start have been read once.
    pub board: Board,
    /// Where articles are handed in.
    pub intake: Intake,
    /// What is counted.
    pub metrics: Metrics,
    /// Who listens.
    pub streams: Streams,
    /// The address that the world knows the site by; `None` to take it from each request.
    pub base: Option<BaseUrl>,
    /// What the page shows under the events; `None` for its own outlines.
    pub basemap: Option<Basemap>,
}

/// A filter on events as the API reads it, written in CQL2 text.
///
/// # Errors
/// Says what is wrong and what is allowed.
pub fn filter(text: &str) -> Result<Filter, String> {
    cql::parse(cql::Language::Text, crs::Crs::default(), text, collection::Collection::Events)
}

/// All routes. Every answer is readable from any origin; only `/articles` changes anything.
pub fn router(site: Site) -> Router {
    // From the outside in. One by one each would be boxed, and cloned with all within it for every request.
    let layers = ServiceBuilder::new()
        .layer(TraceLayer::new_for_http().on_failure(log_failure))
        .layer(from_fn(metrics::measure))
        .layer(from_fn_with_state(site.store.clone(), health::say_how_fresh))
        .layer(for_any_origin())
        .layer(from_fn_with_state(Answers::default(), kept::keep))
        // The fastest level: the default spends 94 ms on 10,000 features, this one about 10.
        .layer(
            CompressionLayer::new()
                .quality(CompressionLevel::Fastest)
                .compress_when(DefaultPredicate::new().and(is_open)),
        )
        .layer(map_response_with_state(site.basemap.clone(), basemap::allow))
        .layer(MapResponseLayer::new(answer::protect));
    Router::new()
        .route("/", get(landing::landing))
        .route("/conformance", get(landing::conformance))
        .route("/api", get(openapi::api))
        .route("/collections", get(collections::all))
        .route("/collections/{collection}", get(collections::one))
        .route("/collections/{collection}/queryables", get(queryables::queryables))
        .route("/collections/{collection}/sortables", get(queryables::sortable))
        .route("/collections/{collection}/schema", get(queryables::schema))
        .route("/collections/{collection}/items", get(items::items).layer(from_fn(aside::make)))
        .route("/collections/{collection}/items/{feature}", get(items::item))
        .route("/collections/events/items/{feature}/sources", get(reports::reports))
        .route("/collections/events/clusters", get(clusters::clusters).layer(from_fn(aside::make)))
        .route("/collections/events/export", get(export::export))
        .route(
            "/collections/events/aggregate",
            get(aggregate::aggregate).layer(from_fn(aside::make)),
        )
        .route("/collections/events/tiles", get(tiles::tilesets))
        .route("/collections/events/tiles/{tileMatrixSetId}", get(tiles::tileset))
        .route(
            "/collections/events/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}",
            get(tiles::tile).layer(from_fn(aside::make)),
        )
        .route("/collections/events/stream", get(stream::stream))
        .route("/basemap", get(basemap::basemap))
        .route("/basemap/{z}/{x}/{y}", get(basemap::tile))
        .route("/geocode", get(geocode::geocode))
        .route("/extract", post(extract::extract))
        .route("/articles", post(articles::articles))
        .route("/sources", get(sources::sources))
        .route("/metrics", get(metrics::metrics))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route("/embed", get(assets::embed))
        .route("/about", get(assets::about))
        .route("/try", get(assets::try_it))
        .route("/worker.js", get(assets::worker))
        .fallback(assets::asset)
        .method_not_allowed_fallback(error::method_not_allowed)
        .layer(layers)
        .with_state(Arc::new(site))
}

/// The routes of a server that only takes articles in: it has no events to show.
pub fn intake_router(site: Site) -> Router {
    Router::new()
        .route("/articles", post(articles::articles))
        .route("/metrics", get(metrics::metrics))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .fallback(error::nothing_to_read)
        .method_not_allowed_fallback(error::method_not_allowed)
        .layer(MapResponseLayer::new(answer::protect))
        .layer(from_fn(metrics::measure))
        .layer(TraceLayer::new_for_http().on_failure(log_failure))
        .with_state(Arc::new(site))
}

fn for_any_origin() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(Any)
        .allow_headers(Any)
        .allow_methods([Method::GET, Method::HEAD, Method::POST, Method::OPTIONS])
        .expose_headers(Any)
}

/// Whether an answer may be compressed.
fn is_open(_: StatusCode, _: Version, _: &HeaderMap, extensions: &Extensions) -> bool {
    extensions.get::<AsItIs>().is_none()
}

/// Tells of answers that failed through us. Not ready yet is no failure, however often it is asked.
#[expect(clippy::needless_pass_by_value, reason = "tower-http hands it over so")]
fn log_failure(failure: ServerErrorsFailureClass, latency: Duration, _span: &tracing::Span) {
    if !matches!(failure, ServerErrorsFailureClass::StatusCode(StatusCode::SERVICE_UNAVAILABLE)) {
        tracing::error!(%failure, duration_ms = latency.as_millis(), "answer failed");
    }
}
