//! Links between the documents.

use std::fmt::Write as _;

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
                Self::new(call.own_url(), "self", json, "this document"),
                Self::new(other(Format::Html), "alternate", "text/html", "this document as HTML"),
            ],
            Format::Html => [
                Self::new(call.own_url(), "self", "text/html", "this document"),
                Self::new(other(Format::Json), "alternate", json, "this document as JSON"),
            ],
        }
    }

    /// The landing page, in JSON.
    pub(super) fn root(call: &Call) -> Self {
        Self::new(call.url("/?f=json"), "root", JSON, "landing page")
    }
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
