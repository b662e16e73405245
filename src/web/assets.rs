//! The files of the page, embedded in the binary, and coded as small as can be when they are first
//! asked for.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::LazyLock;

use axum::body::Bytes;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
    IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};
use tokio::sync::OnceCell;

use super::answer;
use super::coding::Coding;
use super::error::{Error, not_found};
use super::kept::AsItIs;

#[derive(RustEmbed)]
#[folder = "static/"]
struct Static;

/// The files by their paths, in order.
static FILES: LazyLock<BTreeMap<String, Asset>> = LazyLock::new(|| {
    let read = |path: &str| Some((path.to_owned(), Asset::new(path, Static::get(path)?)));
    Static::iter().filter_map(|path| read(&path)).collect()
});

/// What lies there has its version in its name or never changes.
const FOREVER: &str = "vendor/";

/// A file of the page.
#[derive(Debug)]
struct Asset {
    bytes: Bytes,
    hash: String,
    content_type: String,
    cache: &'static str,
    brotli: OnceCell<Option<Bytes>>,
    gzip: OnceCell<Option<Bytes>>,
}

/// Answers with the file at the address.
pub(super) async fn asset(method: Method, uri: Uri, headers: HeaderMap) -> Result<Response, Error> {
    let path = uri.path().trim_start_matches('/');
    let file = FILES.get(path).ok_or_else(|| not_found(&uri))?;
    if method != Method::GET && method != Method::HEAD {
        return Err(Error::MethodNotAllowed { allowed: "GET, HEAD or OPTIONS" });
    }
    let mut response = file.serve(&headers).await;
    if file.content_type == answer::HTML {
        scripted(&mut response);
    }
    Ok(response)
}

/// Answers with the map page.
pub(super) async fn map_page(uri: &Uri, headers: &HeaderMap) -> Result<Response, Error> {
    const PAGE: &str = "index.html";
    let file = FILES.get(PAGE).ok_or_else(|| not_found(uri))?;
    let mut response = file.serve(headers).await;
    scripted(&mut response);
    Ok(response)
}

/// Lets a page run our scripts.
fn scripted(response: &mut Response) {
    let policy = HeaderValue::from_static(answer::PAGE_POLICY);
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
}

/// Enough of a hash to tell files apart.
fn short(hash: &[u8]) -> String {
    hash.iter().take(16).fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a text cannot fail");
        text
    })
}

impl Asset {
    fn new(path: &str, file: EmbeddedFile) -> Self {
        let hash = short(&file.metadata.sha256_hash());
        let kind = file.metadata.mimetype().to_owned();
        Self::of(path, file.data.into_owned().into(), hash, &kind)
    }

    fn of(path: &str, bytes: Bytes, hash: String, kind: &str) -> Self {
        let content_type = match path.rsplit_once('.') {
            Some((_, "geojson")) => answer::GEOJSON.to_owned(),
            Some((_, "webmanifest")) => "application/manifest+json".to_owned(),
            _ if kind.starts_with("text/") => format!("{kind}; charset=utf-8"),
            _ => kind.to_owned(),
        };
        let forever = path.starts_with(FOREVER);
        let cache = if forever { "public, max-age=31536000, immutable" } else { "no-cache" };
        let (brotli, gzip) = (OnceCell::new(), OnceCell::new());
        Self { bytes, hash, content_type, cache, brotli, gzip }
    }

    /// The file in the coding that the client prefers, each under a tag of its own.
    async fn serve(&self, headers: &HeaderMap) -> Response {
        let (coding, bytes) = self.coded(headers).await;
        let ending = coding.map(|coding| format!("-{}", coding.name())).unwrap_or_default();
        let tag = format!("\"{}{ending}\"", self.hash);
        let known = headers.get(IF_NONE_MATCH).and_then(|value| value.to_str().ok());
        let common =
            [(ETAG, tag.as_str()), (CACHE_CONTROL, self.cache), (VARY, ACCEPT_ENCODING.as_str())];
        let mut response = if known.is_some_and(|known| answer::is_known(known, &tag)) {
            (StatusCode::NOT_MODIFIED, common).into_response()
        } else {
            (common, [(CONTENT_TYPE, &*self.content_type)], bytes).into_response()
        };
        if let Some(coding) = coding {
            let name = HeaderValue::from_static(coding.name());
            response.headers_mut().insert(CONTENT_ENCODING, name);
        }
        response.extensions_mut().insert(AsItIs);
        response
    }

    async fn coded(&self, headers: &HeaderMap) -> (Option<Coding>, Bytes) {
        // Fonts and pictures are compressed in themselves.
        let is_text =
            !["font/", "image/png"].iter().any(|kind| self.content_type.starts_with(kind));
        if let Some(coding) = Coding::wanted(headers).filter(|_| is_text) {
            let kept = match coding {
                Coding::Brotli => &self.brotli,
                Coding::Gzip => &self.gzip,
            };
            let coded = kept.get_or_init(|| coding.of(self.bytes.clone())).await;
            if let Some(coded) = coded {
                return (Some(coding), coded.clone());
            }
        }
        (None, self.bytes.clone())
    }
}
