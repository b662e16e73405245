//! Answers kept as they were sent, compressed, for as long as nothing changes.
//!
//! Compressing is dearer than all else that an answer takes. An answer is known by its tag, which
//! changes with the features and with whatever else it depends on; so it needs no other care.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::body::{Body, BodyDataStream, Bytes};
use axum::extract::{Request, State};
use axum::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, ETAG};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use futures_util::Stream;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

/// Bytes that are kept in all.
const ROOM: u64 = 64 * 1024 * 1024;

/// Bytes of the longest answer that is kept: a page of ten thousand events has about a million.
const LONGEST: usize = 4 * 1024 * 1024;

/// Bytes that an answer has besides its body.
const BESIDES: usize = 1_024;

/// The answers, of all routes.
#[derive(Debug, Clone)]
pub(super) struct Answers(Arc<Cache<Name, Kept, ByBytes>>);

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
        Self(Arc::new(Cache::with_weighter(about, ROOM, ByBytes)))
    }
}

/// Finds and keeps the answers to one request.
#[derive(Debug, Clone)]
pub(super) struct Keeper {
    answers: Answers,
    accepted: HeaderValue,
}

/// Marks an answer that was kept.
#[derive(Debug, Clone, Copy)]
struct WasKept;

impl Keeper {
    /// The answer with this tag.
    pub(super) fn find(&self, tag: &str) -> Option<Response> {
        let tag = HeaderValue::try_from(tag).ok()?;
        let Kept { headers, body } = self.answers.0.get(&(tag, self.accepted.clone()))?;
        let mut response = Response::new(body.into());
        *response.headers_mut() = headers;
        response.extensions_mut().insert(WasKept);
        Some(response)
    }
}

/// Keeps what is compressed and tagged, and lets the handlers find it again.
pub(super) async fn keep(
    State(answers): State<Answers>,
    mut request: Request,
    next: Next,
) -> Response {
    let Some(accepted) = request.headers().get(ACCEPT_ENCODING).cloned() else {
        return next.run(request).await;
    };
    let keeper = Keeper { answers, accepted };
    request.extensions_mut().insert(keeper.clone());
    let is_get = request.method() == Method::GET;
    let response = next.run(request).await;
    let is_whole = is_get && response.status() == StatusCode::OK;
    let is_new = response.extensions().get::<WasKept>().is_none();
    let headers = response.headers();
    match headers.get(ETAG).cloned() {
        Some(tag) if is_whole && is_new && headers.contains_key(CONTENT_ENCODING) => {
            let headers = headers.clone();
            let name = (tag, keeper.accepted);
            response.map(|body| {
                let (body, seen) = (body.into_data_stream(), Some(Vec::new()));
                Body::from_stream(Watched { body, seen, answers: keeper.answers, name, headers })
            })
        }
        _ => response,
    }
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
                    self.answers.0.insert(self.name.clone(), kept);
                }
            }
        }
        Poll::Ready(piece)
    }
}
