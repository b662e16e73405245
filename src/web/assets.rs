//! The files of the page, embedded in the binary.

use std::fmt::Write as _;

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

use super::answer;
use super::error::{Error, not_found};

#[derive(RustEmbed)]
#[folder = "static/"]
struct Static;

/// What lies there has its version in its name or never changes.
const FOREVER: &str = "vendor/";

/// Answers with the file at the address.
pub(super) async fn asset(method: Method, uri: Uri, headers: HeaderMap) -> Result<Response, Error> {
    let path = uri.path().trim_start_matches('/');
    let file = Static::get(path).ok_or_else(|| not_found(&uri))?;
    if method != Method::GET && method != Method::HEAD {
        return Err(Error::MethodNotAllowed { allowed: "GET, HEAD or OPTIONS" });
    }
    Ok(serve(path, file, &headers))
}

/// Answers with the map page.
pub(super) fn map_page(uri: &Uri, headers: &HeaderMap) -> Result<Response, Error> {
    const PAGE: &str = "index.html";
    let file = Static::get(PAGE).ok_or_else(|| not_found(uri))?;
    Ok(serve(PAGE, file, headers))
}

fn serve(path: &str, file: EmbeddedFile, headers: &HeaderMap) -> Response {
    let mut tag = "\"".to_owned();
    for byte in file.metadata.sha256_hash().iter().take(16) {
        write!(tag, "{byte:02x}").expect("writing to a text cannot fail");
    }
    tag.push('"');
    let keep =
        if path.starts_with(FOREVER) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let known = headers.get(IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let common = [(ETAG, tag.as_str()), (CACHE_CONTROL, keep)];
    if known.is_some_and(|known| answer::is_known(known, &tag)) {
        return (StatusCode::NOT_MODIFIED, common).into_response();
    }
    (common, [(CONTENT_TYPE, content_type(path, &file))], file.data).into_response()
}

fn content_type(path: &str, file: &EmbeddedFile) -> String {
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    match extension {
        "geojson" => answer::GEOJSON.to_owned(),
        "webmanifest" => "application/manifest+json".to_owned(),
        _ => match file.metadata.mimetype() {
            text if text.starts_with("text/") => format!("{text}; charset=utf-8"),
            other => other.to_owned(),
        },
    }
}
