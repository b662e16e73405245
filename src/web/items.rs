//! The features themselves: a page of them, or one.

use std::convert::Infallible;

use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
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
use super::encoding::Encoding;
use super::error::{Error, not_found, quoted};
use super::html;
use super::link::{Link, segment};
use super::query::{self, Search};
use super::selection::Selection;
use crate::store::index::Page;

/// A page of features: `/collections/{collection}/items`.
pub(super) async fn items(
    State(site): State<Site>,
    path: Result<Path<String>, PathRejection>,
    uri: Uri,
    call: Call,
) -> Result<Response, Error> {
    let Path(id) = path.map_err(|_not_utf8| not_found(&uri))?;
    let collection = Collection::named(&id)?;
    let Search { query, selection } = query::parse(&call, collection)?;
    let encoding = Encoding::wanted(&call, collection)?;
    encoding.allow(&selection)?;

    let tag = tag((collection.generation(&site), call.own_url(), encoding));
    let crs = selection.crs;
    Ok(match encoding {
        Encoding::Json => in_crs(
            crs,
            unless_known(&call, &tag, GEOJSON, || {
                let page = collection.page(&site, &query);
                let links = links(&call, collection, encoding, &page, &selection);
                feature_collection(page, links, selection)
            }),
        ),
        Encoding::Html => unless_known(&call, &tag, HTML, || {
            let page = collection.page(&site, &query);
            let links = links(&call, collection, encoding, &page, &selection);
            html::items(&call, collection, &page, &selection, &links).into()
        }),
        _ => {
            let answer = unless_known(&call, &tag, encoding.content_type(), || {
                let page = collection.page(&site, &query);
                let links = links(&call, collection, encoding, &page, &selection);
                encoding.body((&call, collection), page.features().collect(), selection, &links)
            });
            encoding.name_file(in_crs(crs, answer), collection.id())
        }
    })
}

/// One feature: `/collections/{collection}/items/{feature}`.
pub(super) async fn item(
    State(site): State<Site>,
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
    let tag = tag((&feature, call.own_url(), encoding));
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
        let address = call.url_with("cursor", &query::print_cursor(next));
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

/// Bytes that are sent at once: large enough that framing does not count, small beside a full answer.
const CHUNK: usize = 64 * 1024;

/// Stored features strung together as they are, a chunk at a time.
fn feature_collection(page: Page, links: Vec<Link>, selection: Selection) -> Body {
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
    Body::from_stream(stream::iter(chunks(head, page, selection)))
}

fn chunks(
    head: String,
    page: Page,
    selection: Selection,
) -> impl Iterator<Item = Result<String, Infallible>> {
    let mut place = 0;
    let mut next = Some(head);
    std::iter::from_fn(move || {
        let mut chunk = next.take()?;
        while chunk.len() < CHUNK {
            if place == page.len() {
                chunk.push_str("]}");
                return Some(Ok(chunk));
            }
            if place > 0 {
                chunk.push(',');
            }
            if selection.is_whole() {
                page.write(place, &mut chunk);
            } else {
                let mut feature = String::new();
                page.write(place, &mut feature);
                chunk.push_str(&selection.of(&feature));
            }
            place += 1;
        }
        // The last feature goes beyond the length of a chunk.
        next = Some(String::with_capacity(CHUNK + chunk.len() - CHUNK + 4 * 1024));
        Some(Ok(chunk))
    })
}

fn with_links(feature: &str, links: &[Link]) -> String {
    let links = serde_json::to_string(links).expect("links hold only texts");
    let open = feature.strip_suffix('}').unwrap_or(feature);
    format!("{open},\"links\":{links}}}")
}
