//! Answers with the headers that all of them share.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use axum::body::Body;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, REFERRER_POLICY, VARY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::call::Call;

pub(super) const JSON: &str = "application/json";
pub(super) const GEOJSON: &str = "application/geo+json";
pub(super) const SCHEMA_JSON: &str = "application/schema+json";
pub(super) const OPENAPI_JSON: &str = "application/vnd.oai.openapi+json;version=3.0";
pub(super) const HTML: &str = "text/html; charset=utf-8";

/// Short, for a write must be seen soon and some clients keep answers on disk; asking again is
/// cheap with an `ETag`.
pub(super) const CACHE: &str = "public, max-age=5";

/// For what its address tells the version of.
pub(super) const FOREVER: &str = "public, max-age=31536000, immutable";

/// The same address answers differently by these.
const VARIES: &str = "accept, x-forwarded-host, x-forwarded-proto";

/// What all pages with scripts may do: nothing from outside, no script or style that is not a file
/// of ours, and no text that becomes markup or code but by the one rule in `js/first.js`.
macro_rules! scripts_of_ours {
    ($framed_by:literal) => {
        concat!(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
             font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; \
             base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; \
             trusted-types default; frame-ancestors ",
            $framed_by
        )
    };
}

/// For pages with scripts.
pub(super) const PAGE_POLICY: &str = scripts_of_ours!("'none'");

/// For the map that others show in their pages.
pub(super) const EMBED_POLICY: &str = scripts_of_ours!("*");

/// For pages without scripts.
const PLAIN_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; \
    form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'; \
    frame-ancestors 'none'";

/// What no page of ours asks a browser for.
const PERMISSIONS: &str = "camera=(), display-capture=(), geolocation=(), microphone=(), \
    payment=(), usb=()";

/// A tag that changes with whatever is hashed, and with the program.
///
/// Weak, since the same features may come compressed or with another time stamp.
pub(super) fn tag(of: impl Hash) -> String {
    let mut hasher = DefaultHasher::new();
    (env!("CARGO_PKG_VERSION"), of).hash(&mut hasher);
    format!("W/\"{:016x}\"", hasher.finish())
}

/// Answers 304 without making the body if the client has what the tag stands for, and without
/// making it anew if it is kept.
pub(super) fn unless_known(
    call: &Call,
    tag: &str,
    content_type: &'static str,
    body: impl FnOnce() -> Body,
) -> Response {
    let headers = [(ETAG, tag), (CACHE_CONTROL, CACHE), (VARY, VARIES)];
    if call.if_none_match.as_deref().is_some_and(|known| is_known(known, tag)) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    if let Some(kept) = call.keeper.as_ref().and_then(|keeper| keeper.find(tag)) {
        return kept;
    }
    (headers, [(CONTENT_TYPE, content_type)], body()).into_response()
}

/// Answers with a small document, tagged by what it says.
pub(super) fn document(call: &Call, content_type: &'static str, body: String) -> Response {
    unless_known(call, &tag(&body), content_type, || body.into())
}

/// Answers with a small JSON document.
pub(super) fn json(call: &Call, content_type: &'static str, body: &Value) -> Response {
    document(call, content_type, body.to_string())
}

/// Whether an `If-None-Match` header names the tag.
pub(super) fn is_known(if_none_match: &str, tag: &str) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let tag = opaque(tag);
    if_none_match.split(',').any(|known| known.trim() == "*" || opaque(known) == tag)
}

/// Adds the headers that keep a browser from doing what the page did not mean.
pub(super) fn protect(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    let kind = headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    if kind.starts_with(b"text/html") {
        let policy = HeaderValue::from_static(PLAIN_POLICY);
        headers.entry(CONTENT_SECURITY_POLICY).or_insert(policy);
        let referrer = HeaderValue::from_static("strict-origin-when-cross-origin");
        headers.insert(REFERRER_POLICY, referrer);
        for (name, value) in
            [("cross-origin-opener-policy", "same-origin"), ("permissions-policy", PERMISSIONS)]
        {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
    }
    response
}
