//! What a client did wrong, told as a problem document (RFC 9457) with a stable code.

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{StatusCode, Uri};
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
    #[error("this address can only be read: use GET, HEAD or OPTIONS")]
    MethodNotAllowed,
    #[error("this address takes an article: send it with POST, as JSON or plain text")]
    OnlyPosted,
    #[error("the body is no article: {told}")]
    BadBody { told: String },
    #[error("the article is too long: send at most {most} bytes")]
    TooLarge { most: usize },
    #[error("`{given}` is not read here: send `application/json` or `text/plain`")]
    UnsupportedType { given: String },
    #[error("as much as can be is being read and written: try again in a moment")]
    TooBusy,
    #[error("too many streams are open: try again in a moment")]
    TooManyStreams,
    #[error("the sources given at start are still being read: try again in a moment")]
    NotReady,
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
            Self::MethodNotAllowed | Self::OnlyPosted => {
                (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed")
            }
            Self::BadBody { .. } => (StatusCode::BAD_REQUEST, "bad_body"),
            Self::TooLarge { .. } => (StatusCode::PAYLOAD_TOO_LARGE, "too_large"),
            Self::UnsupportedType { .. } => {
                (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_type")
            }
            Self::TooBusy => (StatusCode::SERVICE_UNAVAILABLE, "too_busy"),
            Self::TooManyStreams => (StatusCode::SERVICE_UNAVAILABLE, "too_many_streams"),
            Self::NotReady => (StatusCode::SERVICE_UNAVAILABLE, "not_ready"),
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
        };
        let body =
            serde_json::to_string(&problem).expect("a problem holds only texts and a number");
        let headers = [(CONTENT_TYPE, "application/problem+json"), (CACHE_CONTROL, "no-store")];
        let mut response = (status, headers, body).into_response();
        if matches!(self, Self::NotReady | Self::TooBusy | Self::TooManyStreams) {
            response.headers_mut().insert(RETRY_AFTER, 1.into());
        }
        response
    }
}

pub(super) async fn method_not_allowed() -> Error {
    Error::MethodNotAllowed
}

pub(super) fn not_found(uri: &Uri) -> Error {
    Error::NotFound { path: quoted(uri.path()) }
}
