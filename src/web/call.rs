//! A request as the handlers see it.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header::IF_NONE_MATCH;
use axum::http::request::Parts;
use form_urlencoded::Serializer;

use super::Site;
use super::accept::Accept;
use super::base::BaseUrl;
use super::error::{Error, quoted};
use super::kept::Keeper;

/// What an answer is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Format {
    Json,
    Html,
}

impl Format {
    pub(super) const ALL: [Self; 2] = [Self::Json, Self::Html];

    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Html => "html",
        }
    }
}

/// A request: where it came to, what it asks, what it accepts.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) base: BaseUrl,
    pub(super) path: String,
    pub(super) if_none_match: Option<String>,
    pub(super) accept: Accept,
    /// Knows whether the answer was given before.
    pub(super) keeper: Option<Keeper>,
    pairs: Vec<(String, String)>,
    /// This request's own address.
    pub(super) own_url: String,
}

impl FromRequestParts<Arc<Site>> for Call {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, site: &Arc<Site>) -> Result<Self, Infallible> {
        let query = parts.uri.query().unwrap_or_default();
        let if_none_match = parts.headers.get(IF_NONE_MATCH);
        let base = site.base.clone().unwrap_or_else(|| BaseUrl::of_request(parts));
        let path = parts.uri.path().to_owned();
        let pairs: Vec<_> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        Ok(Self {
            own_url: address(&base, &path, pairs.iter().map(|(name, value)| (&**name, &**value))),
            base,
            path,
            if_none_match: if_none_match.and_then(|value| value.to_str().ok()).map(str::to_owned),
            accept: Accept::of(&parts.headers),
            keeper: parts.extensions.get().cloned(),
            pairs,
        })
    }
}

impl Call {
    /// Refuses every parameter but `f` and these, and any that is given twice.
    pub(super) fn allow(&self, known: &[&str]) -> Result<(), Error> {
        for (place, (name, _)) in self.pairs.iter().enumerate() {
            if name != "f" && !known.contains(&name.as_str()) {
                let allowed = [known, &["f"]].concat().join(", ");
                return Err(Error::UnknownParameter { name: quoted(name), allowed });
            }
            if self.pairs.iter().take(place).any(|(earlier, _)| earlier == name) {
                return Err(Error::RepeatedParameter { name: name.clone() });
            }
        }
        Ok(())
    }

    /// The parameters in the order they came.
    pub(super) fn parameters(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    pub(super) fn parameter(&self, wanted: &str) -> Option<&str> {
        self.parameters().find(|&(name, _)| name == wanted).map(|(_, value)| value)
    }

    /// What to answer in: `f` decides, then `Accept`; JSON where neither does.
    pub(super) fn format(&self) -> Result<Format, Error> {
        let Some(asked) = self.parameter("f") else {
            // A page only where it is named: a bare `*/*` is a program's.
            let html = self.accept.wish(&["text/html", "application/xhtml+xml"]);
            let json = self.accept.wish(&["json"]);
            let page =
                html.is_some_and(|html| html.is_exact() && json.is_none_or(|json| html >= json));
            return Ok(if page { Format::Html } else { Format::Json });
        };
        Format::ALL.into_iter().find(|format| format.as_str() == asked).ok_or_else(|| {
            let allowed = Format::ALL.map(Format::as_str).join(" or ");
            let told = format!("`{}` is not a format: write {allowed}", quoted(asked));
            Error::BadParameter { name: "f".to_owned(), told }
        })
    }

    /// An absolute address on this site.
    pub(super) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// This request's own address with one parameter set and the others kept.
    pub(super) fn url_with(&self, name: &str, value: &str) -> String {
        self.url_for(name, value, "")
    }

    /// The same with another parameter left out.
    pub(super) fn url_for(&self, name: &str, value: &str, without: &str) -> String {
        let others = self.parameters().filter(|&(other, _)| other != name && other != without);
        address(&self.base, &self.path, others.chain([(name, value)]))
    }
}

/// An address with these parameters.
fn address<'a>(
    base: &BaseUrl,
    path: &str,
    parameters: impl Iterator<Item = (&'a str, &'a str)>,
) -> String {
    const USUAL: usize = 256;
    let mut address = String::with_capacity(USUAL);
    address.extend([base.as_str(), path]);
    let mut parameters = parameters.peekable();
    if parameters.peek().is_some() {
        address.push('?');
        let begin = address.len();
        Serializer::for_suffix(&mut address, begin).extend_pairs(parameters);
    }
    address
}
