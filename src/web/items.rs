//! The features themselves: a page of them, or one.

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::header::LINK;
use axum::http::{HeaderName, HeaderValue, Uri};
use axum::response::Response;
use futures_util::stream;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::Site;
use super::answer::{GEOJSON, HTML, JSON, tag, unless_known};
use super::base::BaseUrl;
use super::call::Call;
use super::collection::Collection;
use super::crs::Crs;
use super::cursor;
use super::encoding::Encoding;
use super::error::{Error, not_found, quoted};
use super::html;
use super::link::{self, Link, segment};
use super::query::{self, Search};
use super::selection::Selection;
use crate::store::index::Page;

/// A page of features: `/collections/{collection}/items`.
pub(super) async fn items(
    State(site): State<Arc<Site>>,
    path: Result<Path<String>, PathRejection>,
    uri: Uri,
    call: Call,
) -> Result<Response, Error> {
    let Path(id) = path.map_err(|_not_utf8| not_found(&uri))?;
    let collection = Collection::named(&id)?;
    let Search { query, selection } = query::parse(&call, collection)?;
    let encoding = Encoding::wanted(&call, collection)?;
    encoding.allow(&selection)?;
    // One state of the collection for the tag and the page.
    let index = collection.index(&site);
    query::is_reachable(&index, &query)?;

    let tag = tag((index.generation(), &call.own_url, encoding));
    let crs = selection.crs;
    let mut others = None;
    let answer = unless_known(&call, &tag, encoding.content_type(), || {
        let page = index.page(&query);
        let links = links(&call, collection, encoding, &page, &selection);
        others = link::header(&links);
        match encoding {
            Encoding::Json => feature_collection(page, links, selection),
            Encoding::Html => html::items(&call, collection, &page, &selection, &links).into(),
            _ => encoding.body((&call, collection), page.features().collect(), selection, &links),
        }
    });
    let mut response = match encoding {
        Encoding::Html => answer,
        _ => encoding.name_file(in_crs(crs, answer), collection.id()),
    };
    response.headers_mut().extend(others.map(|links| (LINK, links)));
    Ok(response)
}

/// One feature: `/collections/{collection}/items/{feature}`.
pub(super) async fn item(
    State(site): State<Arc<Site>>,
    path: Result<Path<(String, String)>, PathRejection>,
    uri: Uri,
    call: Call,
) -> Result<Response, Error> {
    let Path((collection, id)) = path.map_err(|_not_utf8| not_found(&uri))?;
    let collection = Collection::named(&collection)?;
    call.allow(&["crs"])?;
    let selection = Selection::whole_in(query::crs(&call, "crs")?);
    let encoding = Encoding::wanted(&call, collection)?;
    encoding.allow(&selection)?;
    let feature = collection
        .feature(&site, &id)
        .ok_or_else(|| Error::UnknownFeature { collection: collection.id(), id: quoted(&id) })?;

    let mut links = encoding.links(&call, collection, &selection);
    links.push(parent(&call, collection));
    let tag = tag((&feature, &call.own_url, encoding));
    let crs = selection.crs;
    Ok(match encoding {
        Encoding::Json => in_crs(
            crs,
            unless_known(&call, &tag, GEOJSON, || {
                with_links(&selection.of(&feature), &links).into()
            }),
        ),
        Encoding::Html => unless_known(&call, &tag, HTML, || {
            html::item(&call, collection, &id, &read(&feature), &links).into()
        }),
        _ => {
            let stem = format!("{}-{id}", collection.id());
            let answer = unless_known(&call, &tag, encoding.content_type(), || {
                encoding.body((&call, collection), vec![feature], selection, &links)
            });
            encoding.name_file(in_crs(crs, answer), &stem)
        }
    })
}

/// Says what the coordinates of the answer are written in.
fn in_crs(crs: Crs, mut response: Response) -> Response {
    let name = HeaderName::from_static("content-crs");
    response.headers_mut().insert(name, HeaderValue::from_static(crs.header()));
    response
}

/// The address of a feature.
pub(super) fn address(base: &BaseUrl, collection: Collection, id: &str) -> String {
    format!("{base}/collections/{}/items/{}", collection.id(), segment(id))
}

/// A stored feature as JSON values, for pages.
pub(super) fn read(feature: &str) -> Value {
    serde_json::from_str(feature).unwrap_or_default()
}

fn parent(call: &Call, collection: Collection) -> Link {
    let address = call.url(&format!("/collections/{}", collection.id()));
    Link::new(address, "collection", JSON, collection.title())
}

fn links(
    call: &Call,
    collection: Collection,
    encoding: Encoding,
    page: &Page,
    selection: &Selection,
) -> Vec<Link> {
    let mut links = encoding.links(call, collection, selection);
    if let Some(next) = page.next {
        let kind = encoding.media_type();
        let address = call.url_for("cursor", &cursor::print(call, collection, next), "offset");
        links.push(Link::new(address, "next", kind, "next page"));
    }
    links.push(parent(call, collection));
    links
}

/// What stands before the features.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Head {
    r#type: &'static str,
    time_stamp: String,
    number_matched: usize,
    number_returned: usize,
    links: Vec<Link>,
}

/// Bytes of an answer that is made whole: a longer one is made while it is sent, so that a client
/// that reads slowly holds little memory.
const WHOLE: usize = 256 * 1024;

/// Bytes that are sent at once: large enough that framing does not count, small enough to stay in
/// the processor's cache.
const CHUNK: usize = 64 * 1024;

/// Bytes that a feature hardly ever has.
const FEATURE: usize = 4 * 1024;

/// Room for the features that end a chunk, as they are read several at a time.
const LAST: usize = 64 * 1024;

/// Stored features strung together as they are.
fn feature_collection(page: Page, links: Vec<Link>, selection: Selection) -> Body {
    let mut features = Features { page, selection, next: 0 };
    let head = head(&features.page, links);
    let most = (features.page.len() * FEATURE / 2 + FEATURE).min(WHOLE + LAST);
    let mut body = String::with_capacity(head.len() + most);
    body.push_str(&head);
    if features.fill(&mut body, WHOLE) {
        return body.into();
    }
    let rest = std::iter::from_fn(move || {
        let mut chunk = String::with_capacity(CHUNK + LAST);
        (features.next <= features.page.len())
            .then(|| features.fill(&mut chunk, CHUNK))
            .map(|_| chunk)
    });
    Body::from_stream(stream::iter(std::iter::once(body).chain(rest).map(Ok::<_, Infallible>)))
}

/// All that stands before the features.
fn head(page: &Page, links: Vec<Link>) -> String {
    #[expect(clippy::disallowed_methods, reason = "OGC API has an answer say when it was given")]
    let now = Timestamp::now();
    let head = Head {
        r#type: "FeatureCollection",
        time_stamp: now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        number_matched: page.matched,
        number_returned: page.len(),
        links,
    };
    let mut head = serde_json::to_string(&head).expect("it holds only texts and numbers");
    head.truncate(head.len() - 1);
    head.push_str(",\"features\":[");
    head
}

/// The features of a page on their way out.
struct Features {
    page: Page,
    selection: Selection,
    /// The place of the next one; beyond the last once the end is written.
    next: usize,
}

impl Features {
    /// Writes features until there are so many bytes; `true` if that was all and the end is written.
    fn fill(&mut self, out: &mut String, most: usize) -> bool {
        while out.len() < most && self.next < self.page.len() {
            let mut is_first = self.next == 0;
            self.next = self.page.give(self.next, |feature| {
                if !std::mem::take(&mut is_first) {
                    out.push(',');
                }
                if self.selection.is_whole() {
                    out.push_str(feature);
                } else {
                    out.push_str(&self.selection.of(feature));
                }
            });
        }
        let is_all = self.next == self.page.len();
        if is_all {
            out.push_str("]}");
            self.next += 1;
        }
        is_all
    }
}

fn with_links(feature: &str, links: &[Link]) -> String {
    let links = serde_json::to_string(links).expect("links hold only texts");
    let open = feature.strip_suffix('}').unwrap_or(feature);
    format!("{open},\"links\":{links}}}")
}
