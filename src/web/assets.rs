//! The files of the page, embedded in the binary, and coded as small as can be when it was built.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::body::Bytes;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
    IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use tokio::sync::OnceCell;

use super::answer;
use super::coding::Coding;
use super::error::{Error, not_found};
use super::kept::AsItIs;
use crate::model::hex::hex;

#[derive(RustEmbed)]
#[folder = "static/"]
struct Static;

/// The same as `build.rs` has coded them, with the coding at the end of their names.
#[derive(RustEmbed)]
#[folder = "$OUT_DIR/coded/"]
struct Coded;

/// The files by their paths, in order.
static FILES: LazyLock<BTreeMap<String, Asset>> = LazyLock::new(|| {
    let read = |path: &str| Some((path.to_owned(), Asset::new(path, Static::get(path)?)));
    Static::iter().filter_map(|path| read(&path)).collect()
});

/// What lies there has its version in its name or never changes.
const FOREVER: &str = "vendor/";

/// The code of the service worker, which is served with the list of what it keeps.
const WORKER: &str = "js/worker.js";

/// A page with scripts, beside the plain ones of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Page {
    /// The map.
    Map,
    /// The map inside a page of others.
    Embed,
    /// What the map is, and is not.
    About,
    /// The extractor, to be tried.
    Try,
}

impl Page {
    const fn file(self) -> &'static str {
        match self {
            Self::Map | Self::Embed => "index.html",
            Self::About => "about.html",
            Self::Try => "try.html",
        }
    }
}

/// A file of the page.
#[derive(Debug)]
struct Asset {
    bytes: Bytes,
    hash: String,
    content_type: String,
    cache: &'static str,
    /// `None` where that is no smaller.
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
}

/// Answers with the file at the address.
pub(super) async fn asset(method: Method, uri: Uri, headers: HeaderMap) -> Result<Response, Error> {
    let path = uri.path().trim_start_matches('/');
    let file = FILES.get(path).ok_or_else(|| not_found(&uri))?;
    if method != Method::GET && method != Method::HEAD {
        return Err(Error::MethodNotAllowed { allowed: "GET, HEAD or OPTIONS" });
    }
    let mut response = file.serve(&headers);
    if file.content_type == answer::HTML {
        scripted(&mut response, Page::Map);
    }
    Ok(response)
}

/// Answers with a page.
pub(super) fn page(page: Page, uri: &Uri, headers: &HeaderMap) -> Result<Response, Error> {
    let file = FILES.get(page.file()).ok_or_else(|| not_found(uri))?;
    let mut response = file.serve(headers);
    scripted(&mut response, page);
    Ok(response)
}

/// `/embed`: the map for the pages of others.
pub(super) async fn embed(uri: Uri, headers: HeaderMap) -> Result<Response, Error> {
    page(Page::Embed, &uri, &headers)
}

/// `/about`.
pub(super) async fn about(uri: Uri, headers: HeaderMap) -> Result<Response, Error> {
    page(Page::About, &uri, &headers)
}

/// `/try`.
pub(super) async fn try_it(uri: Uri, headers: HeaderMap) -> Result<Response, Error> {
    page(Page::Try, &uri, &headers)
}

/// Lets a page run our scripts, and `Page::Embed` be shown inside the pages of others.
fn scripted(response: &mut Response, page: Page) {
    let policy = if page == Page::Embed { answer::EMBED_POLICY } else { answer::PAGE_POLICY };
    let policy = HeaderValue::from_static(policy);
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
}

/// `/worker.js`: the service worker after the list of what it keeps, whose name changes with any
/// file of the page, so that a browser that asks again learns of a new version.
pub(super) async fn worker(uri: Uri, headers: HeaderMap) -> Result<Response, Error> {
    static FILE: OnceCell<Asset> = OnceCell::const_new();
    let code = &FILES.get(WORKER).ok_or_else(|| not_found(&uri))?.bytes;
    Ok(FILE.get_or_init(|| worker_file(code)).await.serve(&headers))
}

async fn worker_file(code: &[u8]) -> Asset {
    let files: Vec<&String> = FILES.keys().filter(|path| is_shown(path)).collect();
    let hashes: String = FILES.values().map(|file| file.hash.as_str()).collect();
    let shell = json!({ "version": short(&Sha256::digest(hashes)), "files": files });
    let code = Bytes::from([format!("const SHELL = {shell};\n").as_bytes(), code].concat());
    let hash = short(&Sha256::digest(&code));
    let brotli = Coding::Brotli.of(code.clone()).await;
    let gzip = Coding::Gzip.of(code.clone()).await;
    Asset { brotli, gzip, ..Asset::of(WORKER, code, hash, "text/javascript") }
}

/// Whether the page needs a file where there is no network.
fn is_shown(path: &str) -> bool {
    let endings = ["css", "geojson", "html", "js", "svg", "webmanifest", "woff2"];
    path.rsplit_once('.').is_some_and(|(_, ending)| endings.contains(&ending)) && path != WORKER
}

/// Enough of a hash to tell files apart.
fn short(hash: &[u8]) -> String {
    hex(hash.iter().take(16))
}

impl Asset {
    fn new(path: &str, file: EmbeddedFile) -> Self {
        let hash = short(&file.metadata.sha256_hash());
        let kind = file.metadata.mimetype().to_owned();
        let coded = |ending| Coded::get(&format!("{path}.{ending}")).map(|file| bytes(file.data));
        let asset = Self::of(path, bytes(file.data), hash, &kind);
        Self { brotli: coded("br"), gzip: coded("gz"), ..asset }
    }

    fn of(path: &str, bytes: Bytes, hash: String, kind: &str) -> Self {
        let content_type = match path.rsplit_once('.') {
            Some((_, "geojson")) => answer::GEOJSON.to_owned(),
            Some((_, "webmanifest")) => "application/manifest+json".to_owned(),
            _ if kind.starts_with("text/") => format!("{kind}; charset=utf-8"),
            _ => kind.to_owned(),
        };
        let forever = path.starts_with(FOREVER);
        let cache = if forever { answer::FOREVER } else { "no-cache" };
        Self { bytes, hash, content_type, cache, brotli: None, gzip: None }
    }

    /// The file in the coding that the client prefers, each under a tag of its own.
    fn serve(&self, headers: &HeaderMap) -> Response {
        let (coding, bytes) = self.coded(headers);
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

    fn coded(&self, headers: &HeaderMap) -> (Option<Coding>, Bytes) {
        let coding = Coding::wanted(headers);
        let coded = coding.and_then(|coding| match coding {
            Coding::Brotli => self.brotli.as_ref(),
            Coding::Gzip => self.gzip.as_ref(),
        });
        coded.map_or_else(|| (None, self.bytes.clone()), |coded| (coding, coded.clone()))
    }
}

/// Copies nothing of what is in the binary.
fn bytes(data: Cow<'static, [u8]>) -> Bytes {
    match data {
        Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        Cow::Owned(bytes) => bytes.into(),
    }
}
