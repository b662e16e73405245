//! Links between the documents.

use std::fmt::Write as _;

use axum::http::HeaderValue;
use serde::Serialize;

use super::answer::JSON;
use super::call::{Call, Format};

/// A link as OGC API writes it; always absolute.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Link {
    pub(super) href: String,
    pub(super) rel: &'static str,
    pub(super) r#type: &'static str,
    pub(super) title: String,
}

impl Link {
    pub(super) fn new(href: String, rel: &'static str, kind: &'static str, title: &str) -> Self {
        Self { href, rel, r#type: kind, title: title.to_owned() }
    }

    /// `self`, and `alternate` for the other format. `json` is the type that the JSON form has here.
    pub(super) fn own(call: &Call, format: Format, json: &'static str) -> [Self; 2] {
        let other = |format: Format| call.url_with("f", format.as_str());
        match format {
            Format::Json => [
                Self::new(call.own_url.clone(), "self", json, "this document"),
                Self::new(other(Format::Html), "alternate", "text/html", "this document as HTML"),
            ],
            Format::Html => [
                Self::new(call.own_url.clone(), "self", "text/html", "this document"),
                Self::new(other(Format::Json), "alternate", json, "this document as JSON"),
            ],
        }
    }

    /// The landing page, in JSON.
    pub(super) fn root(call: &Call) -> Self {
        Self::new(call.url("/?f=json"), "root", JSON, "landing page")
    }
}

/// Characters that the addresses of a `Link` header have at most; many programs take no long headers.
/// The next page is told in any case.
const LONGEST: usize = 1_024;

/// The links that tell of other forms and pages, as a header (RFC 8288) for programs that do not
/// read the body.
pub(super) fn header(links: &[Link]) -> Option<HeaderValue> {
    let told = links.iter().filter(|link| {
        link.rel == "next" || matches!(link.rel, "self" | "alternate") && link.href.len() <= LONGEST
    });
    let mut header = String::with_capacity(LONGEST);
    for Link { href, rel, r#type, .. } in told {
        let (and, kind) = (if header.is_empty() { "" } else { ", " }, r#type.replace('"', "'"));
        header.extend([and, "<", href, ">; rel=\"", rel, "\"; type=\"", &kind, "\""]);
    }
    HeaderValue::try_from(header).ok()
}

/// Text as one segment of a path.
pub(super) fn segment(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~:@".contains(&byte) {
            encoded.push(byte.into());
        } else {
            write!(encoded, "%{byte:02X}").expect("writing to a text cannot fail");
        }
    }
    encoded
}
