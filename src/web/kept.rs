//! Answers kept as they were sent for as long as nothing changes: compressed ones, short ones, and what
//! is asked for again.
//!
//! Compressing is dearer than all else that an answer takes; and what is short is asked for often.
//! An answer is known by its tag, which changes with the features and with whatever else it
//! depends on; so it needs no other care.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::body::{Body, BodyDataStream, Bytes, HttpBody as _, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, ETAG};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use futures_util::Stream;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

/// Bytes that are kept in all.
const ROOM: u64 = 64 * 1024 * 1024;

/// Bytes of the longest answer that is kept: a page of ten thousand events has about a million.
const LONGEST: usize = 4 * 1024 * 1024;

/// Bytes of an answer that is kept as soon as it was given. A longer one that is not compressed is kept
/// when it is asked for once more: putting it together anew costs less than pushing out others.
const SHORT: usize = 32 * 1024;

/// Answers that are remembered as asked for once.
const ASKED: usize = 256;

/// Bytes that an answer has besides its body.
const BESIDES: usize = 1_024;

/// The answers, of all routes.
#[derive(Debug, Clone)]
pub(super) struct Answers {
    kept: Arc<Cache<Name, Kept, ByBytes>>,
    asked: Arc<Cache<Name, ()>>,
}

/// The tag, and what the client takes: the same answer may be sent compressed in several ways.
type Name = (HeaderValue, HeaderValue);

#[derive(Debug, Clone)]
struct Kept {
    headers: HeaderMap,
    body: Bytes,
}

#[derive(Debug, Clone)]
struct ByBytes;

impl Weighter<Name, Kept> for ByBytes {
    fn weight(&self, _name: &Name, kept: &Kept) -> u64 {
        u64::try_from(kept.body.len() + BESIDES).unwrap_or(u64::MAX)
    }
}

impl Default for Answers {
    fn default() -> Self {
        let about = usize::try_from(ROOM).unwrap_or(usize::MAX) / (64 * 1024);
        Self {
            kept: Arc::new(Cache::with_weighter(about, ROOM, ByBytes)),
            asked: Arc::new(Cache::new(ASKED)),
        }
    }
}

impl Answers {
    /// Whether an answer that is not compressed is to be kept.
    fn wants(&self, name: &Name, body: &Bytes) -> bool {
        if body.len() <= SHORT || self.asked.remove(name).is_some() {
            return true;
        }
        self.asked.insert(name.clone(), ());
        false
    }
}

/// Finds and keeps the answers to one request.
#[derive(Debug, Clone)]
pub(super) struct Keeper {
    answers: Answers,
    accepted: HeaderValue,
}

/// Marks an answer that is neither to be kept nor compressed: it was kept, or is a file that
/// comes as small as can be.
#[derive(Debug, Clone, Copy)]
pub(super) struct AsItIs;

impl Keeper {
    /// The answer with this tag.
    pub(super) fn find(&self, tag: &str) -> Option<Response> {
        let tag = HeaderValue::try_from(tag).ok()?;
        let Kept { headers, body } = self.answers.kept.get(&(tag, self.accepted.clone()))?;
        let mut response = Response::new(body.into());
        *response.headers_mut() = headers;
        response.extensions_mut().insert(AsItIs);
        Some(response)
    }
}

/// Keeps what is tagged, and lets the handlers find it again.
pub(super) async fn keep(
    State(answers): State<Answers>,
    mut request: Request,
    next: Next,
) -> Response {
    let accepted = request.headers().get(ACCEPT_ENCODING).cloned();
    let accepted = accepted.unwrap_or_else(|| HeaderValue::from_static(""));
    let keeper = Keeper { answers, accepted };
    request.extensions_mut().insert(keeper.clone());
    let is_get = request.method() == Method::GET;
    let response = next.run(request).await;
    let is_whole = is_get && response.status() == StatusCode::OK;
    let is_new = response.extensions().get::<AsItIs>().is_none();
    match response.headers().get(ETAG).cloned() {
        Some(tag) if is_whole && is_new => {
            watch(response, keeper.answers, (tag, keeper.accepted)).await
        }
        _ => response,
    }
}

/// Keeps an answer that is there already, and a compressed one once it is sent.
async fn watch(response: Response, answers: Answers, name: Name) -> Response {
    let (parts, body) = response.into_parts();
    let headers = parts.headers.clone();
    let length = body.size_hint().exact().and_then(|length| usize::try_from(length).ok());
    let body = if length.is_some_and(|length| length <= LONGEST) {
        // It is made, so nothing is waited for.
        let Ok(body) = to_bytes(body, LONGEST).await else {
            return (StatusCode::INTERNAL_SERVER_ERROR, parts).into_response();
        };
        if answers.wants(&name, &body) {
            answers.kept.insert(name, Kept { headers, body: body.clone() });
        }
        body.into()
    } else if headers.contains_key(CONTENT_ENCODING) {
        let (body, seen) = (body.into_data_stream(), Some(Vec::new()));
        Body::from_stream(Watched { body, seen, answers, name, headers })
    } else {
        body
    };
    Response::from_parts(parts, body)
}

/// A body on its way out. Once it has ended, it is kept.
struct Watched {
    body: BodyDataStream,
    /// What was sent; `None` if it is too long or has ended.
    seen: Option<Vec<u8>>,
    answers: Answers,
    name: Name,
    headers: HeaderMap,
}

impl Stream for Watched {
    type Item = Result<Bytes, axum::Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let piece = ready!(Pin::new(&mut self.body).poll_next(context));
        match &piece {
            Some(Ok(bytes)) => {
                let seen = self.seen.take().filter(|seen| seen.len() + bytes.len() <= LONGEST);
                self.seen = seen.map(|mut seen| {
                    seen.extend_from_slice(bytes);
                    seen
                });
            }
            Some(Err(_)) => self.seen = None,
            None => {
                if let Some(seen) = self.seen.take() {
                    let kept = Kept { headers: self.headers.clone(), body: seen.into() };
                    self.answers.kept.insert(self.name.clone(), kept);
                }
            }
        }
        Poll::Ready(piece)
    }
}
