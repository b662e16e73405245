//! Events as they are committed, for those who listen (server-sent events).

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream::poll_fn;
use serde_json::{Value, json};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, watch};
use tokio::time::timeout;

use super::Site;
use super::call::Call;
use super::collection::Collection;
use super::error::{Error, quoted};
use super::{openapi, query};
use crate::model::event::EventId;
use crate::model::query::EventQuery;
use crate::store::Store;
use crate::store::changes::Told;

pub(super) const EVENT_STREAM: &str = "text/event-stream";

/// The header with which a client goes on where it was cut.
const LAST_EVENT_ID: &str = "last-event-id";

/// Listeners at a time; each holds a connection and some 100 kB at most.
const MOST_STREAMS: usize = 1_000;

/// Events that wait for one listener.
const AHEAD: usize = 64;

/// Proxies cut what is silent for longer, mostly from 30 seconds on.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// How long a listener may take nothing of what waits for it.
const PATIENCE: Duration = Duration::from_secs(30);

/// When a listener that was cut should come again.
const RETRY: Duration = Duration::from_secs(3);

/// The streams that are open: not too many, and all of them end with the server. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Streams {
    room: Arc<Semaphore>,
    closing: Arc<watch::Sender<bool>>,
}

impl Default for Streams {
    fn default() -> Self {
        Self::of(MOST_STREAMS)
    }
}

impl Streams {
    /// Room for so many.
    pub fn of(most: usize) -> Self {
        let closing = Arc::new(watch::Sender::new(false));
        Self { room: Arc::new(Semaphore::new(most)), closing }
    }

    /// Ends all of them, and those that will be asked for.
    pub fn close(&self) {
        self.closing.send_replace(true);
    }

    /// Comes back once they were closed.
    async fn closed(&self) {
        // It can only fail without a sender, and that is ours.
        self.closing.subscribe().wait_for(|&closing| closing).await.ok();
    }
}

/// `/collections/events/stream`.
pub(super) async fn stream(
    State(site): State<Arc<Site>>,
    headers: HeaderMap,
    call: Call,
) -> Result<Response, Error> {
    let query = query::filters(&call, Collection::Events, &[])?;
    if call.parameter("f").is_some() {
        let told = "a stream has but one form: leave it out".to_owned();
        return Err(Error::BadParameter { name: "f".to_owned(), told });
    }
    let last = site.store.last();
    let from = last_event_id(&headers, last)?.unwrap_or(last);
    let room = Arc::clone(&site.streams.room).try_acquire_owned();
    let room = room.map_err(|_none_left| Error::TooManyStreams)?;
    let (listener, mut events) = mpsc::channel(AHEAD);
    let (store, streams) = (site.store.clone(), site.streams.clone());
    tokio::spawn(Feed { store, query, listener, streams, _room: room }.run(from));
    let events = poll_fn(move |context| events.poll_recv(context));
    let mut response = Sse::new(events).into_response();
    // A proxy that waits for more to send would keep events back.
    let name = HeaderName::from_static("x-accel-buffering");
    response.headers_mut().insert(name, HeaderValue::from_static("no"));
    Ok(response)
}

/// Where a client goes on; `None` if it comes for the first time.
fn last_event_id(headers: &HeaderMap, last: u64) -> Result<Option<u64>, Error> {
    let bad = |told| Error::BadParameter { name: "Last-Event-ID".to_owned(), told };
    let Some(value) = headers.get(LAST_EVENT_ID) else { return Ok(None) };
    let text = String::from_utf8_lossy(value.as_bytes());
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let id: u64 = text.parse().ok().filter(|_| digits).ok_or_else(|| {
        bad(format!("`{}` is no id of ours: send the last `id` as it came", quoted(text)))
    })?;
    if id > last {
        return Err(bad(format!("`{id}` has not been given yet: the last is {last}")));
    }
    Ok(Some(id))
}

/// What one listener is fed from.
struct Feed {
    store: Store,
    query: EventQuery,
    listener: mpsc::Sender<Result<Event, Infallible>>,
    streams: Streams,
    _room: OwnedSemaphorePermit,
}

impl Feed {
    /// Feeds the listener until it leaves, takes nothing any more, or the server ends.
    async fn run(self, from: u64) {
        tokio::select! {
            () = self.feed(from) => {}
            () = self.listener.closed() => {}
            () = self.streams.closed() => {}
        }
    }

    async fn feed(&self, mut at: u64) {
        let mut committed = self.store.committed();
        // At once, so that who is cut before the first event knows where it was.
        let mut taken = self.send(place(at).retry(RETRY)).await;
        while taken {
            committed.mark_unchanged();
            let found = self.store.after(&self.query, at, AHEAD);
            at = found.upto;
            for (sequence, told) in found.told {
                let event = Event::default().id(sequence.to_string());
                let event = match told {
                    Told::Put(feature) => event.event("event").data(feature),
                    Told::Gone(EventId(id)) => {
                        event.event("gone").data(json!({ "id": id }).to_string())
                    }
                };
                taken = taken && self.send(event).await;
            }
            if found.more {
                continue;
            }
            match timeout(HEARTBEAT, committed.changed()).await {
                Ok(Ok(())) => {}
                Ok(Err(_the_store_is_gone)) => return,
                Err(_silence) => taken = taken && self.send(place(at)).await,
            }
        }
    }

    /// Whether the listener takes it, sooner or later.
    async fn send(&self, event: Event) -> bool {
        matches!(timeout(PATIENCE, self.listener.send(Ok(event))).await, Ok(Ok(())))
    }
}

/// No event, but the place in the sequence: a listener to whom nothing came need not begin anew.
fn place(at: u64) -> Event {
    Event::default().id(at.to_string())
}

/// The path as OpenAPI describes it.
pub(super) fn describe() -> (String, Value) {
    let mut parameters = openapi::filters(Collection::Events);
    parameters.push(json!({
        "name": "Last-Event-ID", "in": "header", "required": false,
        "description": "the last `id` that came: what was committed after it is sent first",
        "schema": { "type": "string", "pattern": "^[0-9]*$" },
    }));
    let content = json!({ EVENT_STREAM: { "schema": { "type": "string" } } });
    let summary = "events as they are committed, and the ids of those that are gone; \
                   the answer does not end";
    let problems = ["400", "503"];
    let path = openapi::read_as("streamEvents", summary, &content, &parameters.into(), &problems);
    ("/collections/events/stream".to_owned(), path)
}
