//! What a client did wrong, told as a problem document (RFC 9457) with a stable code.

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// A request that gets no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(clippy::error_impl_error, reason = "it is read with its module, as web::error::Error")]
pub(super) enum Error {
    #[error("unknown parameter `{name}`: allowed are {allowed}")]
    UnknownParameter { name: String, allowed: String },
    #[error("parameter `{name}` is given more than once")]
    RepeatedParameter { name: String },
    #[error("parameter `{name}`: {told}")]
    BadParameter { name: String, told: String },
    #[error("unknown collection `{id}`: there are {there_are}")]
    UnknownCollection { id: String, there_are: String },
    #[error("collection `{collection}` has no feature `{id}`")]
    UnknownFeature { collection: &'static str, id: String },
    #[error("`{name}`: {told}")]
    UnknownTile { name: &'static str, told: String },
    #[error("there is nothing at `{path}`")]
    NotFound { path: String },
    #[error("this address takes no such request: use {allowed}")]
    MethodNotAllowed { allowed: &'static str },
    #[error("this server takes no articles: its operator has set no token (`rasid serve --token`)")]
    ArticlesNotTaken,
    #[error("this server only reads what others keep: hand articles in to one that keeps them")]
    OnlyRead,
    #[error("show the operator's token: send `Authorization: Bearer …`")]
    Unauthorized,
    #[error("the body must be of one of these types: {allowed}")]
    UnsupportedMediaType { allowed: String },
    #[error("the body is longer than {limit} bytes: send less at once")]
    TooLarge { limit: usize },
    #[error("the body took too long to come: send less at once")]
    TooSlow,
    #[error("{told}")]
    BadArticle { told: String },
    #[error("articles come faster than they can be kept: try again in a moment")]
    QueueFull,
    #[error("the articles are not all kept: {told}; send them again later")]
    NotKept { told: String },
    #[error("as much as can be is being read and written: try again in a moment")]
    TooBusy,
    #[error("too many streams are open: try again in a moment")]
    TooManyStreams,
    #[error("answers are not complete yet: try again in a moment")]
    NotReady { reasons: Vec<String> },
    #[error("what is kept cannot be read: try again in a moment")]
    Unreadable,
}

/// As much of a client's words as an error repeats.
const MOST_REPEATED: usize = 120;

/// A client's words, cut to a length fit for a message.
pub(super) fn quoted(text: &str) -> String {
    match text.char_indices().nth(MOST_REPEATED) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
    }
}

#[derive(Serialize)]
struct Problem<'a> {
    r#type: &'static str,
    title: &'static str,
    status: u16,
    detail: String,
    code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    parameter: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    reasons: &'a [String],
}

impl Error {
    /// Clients may rely on the code; the words may change.
    fn status_and_code(&self) -> (StatusCode, &'static str) {
        match self {
            Self::UnknownParameter { .. } => (StatusCode::BAD_REQUEST, "unknown_parameter"),
            Self::RepeatedParameter { .. } => (StatusCode::BAD_REQUEST, "repeated_parameter"),
            Self::BadParameter { .. } => (StatusCode::BAD_REQUEST, "bad_parameter"),
            Self::UnknownCollection { .. } => (StatusCode::NOT_FOUND, "unknown_collection"),
            Self::UnknownFeature { .. } => (StatusCode::NOT_FOUND, "unknown_feature"),
            Self::UnknownTile { .. } => (StatusCode::NOT_FOUND, "unknown_tile"),
            Self::NotFound { .. } => (StatusCode::NOT_FOUND, "not_found"),
            Self::MethodNotAllowed { .. } => (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed"),
            Self::ArticlesNotTaken => (StatusCode::FORBIDDEN, "articles_not_taken"),
            Self::OnlyRead => (StatusCode::FORBIDDEN, "only_read"),
            Self::Unauthorized => (StatusCode::UNAUTHORIZED, "unauthorized"),
            Self::UnsupportedMediaType { .. } => {
                (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type")
            }
            Self::TooLarge { .. } => (StatusCode::PAYLOAD_TOO_LARGE, "too_large"),
            Self::TooSlow => (StatusCode::REQUEST_TIMEOUT, "too_slow"),
            Self::BadArticle { .. } => (StatusCode::BAD_REQUEST, "bad_article"),
            Self::QueueFull => (StatusCode::SERVICE_UNAVAILABLE, "queue_full"),
            Self::NotKept { .. } => (StatusCode::SERVICE_UNAVAILABLE, "not_kept"),
            Self::TooBusy => (StatusCode::SERVICE_UNAVAILABLE, "too_busy"),
            Self::TooManyStreams => (StatusCode::SERVICE_UNAVAILABLE, "too_many_streams"),
            Self::NotReady { .. } => (StatusCode::SERVICE_UNAVAILABLE, "not_ready"),
            Self::Unreadable => (StatusCode::SERVICE_UNAVAILABLE, "unreadable"),
        }
    }

    fn parameter(&self) -> Option<&str> {
        match self {
            Self::UnknownParameter { name, .. }
            | Self::RepeatedParameter { name }
            | Self::BadParameter { name, .. } => Some(name),
            Self::UnknownTile { name, .. } => Some(name),
            _ => None,
        }
    }

    fn reasons(&self) -> &[String] {
        match self {
            Self::NotReady { reasons } => reasons,
            _ => &[],
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let (status, code) = self.status_and_code();
        let problem = Problem {
            r#type: "about:blank",
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            detail: self.to_string(),
            code,
            parameter: self.parameter(),
            reasons: self.reasons(),
        };
        let body =
            serde_json::to_string(&problem).expect("a problem holds only texts and a number");
        let headers = [(CONTENT_TYPE, "application/problem+json"), (CACHE_CONTROL, "no-store")];
        let mut response = (status, headers, body).into_response();
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(RETRY_AFTER, 1.into());
        }
        if status == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static("Bearer realm=\"rasid\"");
            response.headers_mut().insert(WWW_AUTHENTICATE, scheme);
        }
        response
    }
}

pub(super) async fn method_not_allowed(uri: Uri) -> Error {
    let allowed = if ["/articles", "/extract"].contains(&uri.path()) {
        "POST"
    } else {
        "GET, HEAD or OPTIONS"
    };
    Error::MethodNotAllowed { allowed }
}

/// What a server that shows no events says of every other address.
pub(super) async fn nothing_to_read(uri: Uri) -> Error {
    not_found(&uri)
}

pub(super) fn not_found(uri: &Uri) -> Error {
    Error::NotFound { path: quoted(uri.path()) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    /// The codes as they stand in this file, beside their status.
    fn codes() -> BTreeSet<&'static str> {
        let code = include_str!("error.rs").split("mod tests").next().unwrap_or_default();
        let told = code.split("(StatusCode::").skip(1);
        told.filter_map(|after| Some(after.split_once(", \"")?.1.split_once("\")")?.0)).collect()
    }

    #[test]
    fn the_page_and_the_docs_have_words_for_every_code() {
        let codes = codes();
        assert!(codes.len() >= 20 && codes.contains("unsupported_media_type"), "{codes:?}");
        for code in codes {
            for (name, words) in [
                ("reading-ar.js", include_str!("../../static/js/i18n/reading-ar.js")),
                ("reading-en.js", include_str!("../../static/js/i18n/reading-en.js")),
            ] {
                let (_, errors) = words.split_once("  errors: {").unwrap();
                assert!(errors.contains(&format!("    {code}:")), "{name}: {code}");
            }
            let docs = include_str!("../../docs/api.md");
            assert!(docs.contains(&format!("`{code}`")), "docs/api.md: {code}");
        }
    }
}
