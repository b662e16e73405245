//! `/extract`: the events of an article that is sent, and what was refused. Nothing is kept.

use std::fmt;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::thread;

use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Map, Value, json};
use tokio::sync::Semaphore;

use super::Site;
use super::answer::{GEOJSON, JSON};
use super::articles;
use super::call::Call;
use super::error::Error;
use super::openapi;
use crate::acquire::{Options, Record};
use crate::model::article::Article;
use crate::model::event::Event;
use crate::model::report::{Extraction, Finding};

/// Bytes of an article with its envelope: some forty pages, read in well under a second.
pub(super) const MOST_BYTES: usize = 200 * 1024;

/// The type of a bare text.
const TEXT: &str = "text/plain";

/// What a text that is no JSON can be told with.
const BESIDE_TEXT: &[&str] = &["published", "title", "url", "publisher", "lang"];

/// Reads an article.
type Read = dyn Fn(&Article) -> (Vec<Event>, Extraction) + Send + Sync;

/// Reads articles for those who ask, so many at once as there are cores. Cheap to clone.
#[derive(Clone)]
pub struct Extractor {
    read: Arc<Read>,
    seats: Arc<Semaphore>,
}

impl fmt::Debug for Extractor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Extractor").field("seats", &self.seats).finish_non_exhaustive()
    }
}

impl Extractor {
    /// How an article is read is the caller's to say: words and places are not known here.
    pub fn new(
        read: impl Fn(&Article) -> (Vec<Event>, Extraction) + Send + Sync + 'static,
    ) -> Self {
        Self::with_seats(thread::available_parallelism().map_or(1, NonZeroUsize::get), read)
    }

    /// The same for so many at once.
    pub(super) fn with_seats(
        seats: usize,
        read: impl Fn(&Article) -> (Vec<Event>, Extraction) + Send + Sync + 'static,
    ) -> Self {
        Self { read: Arc::new(read), seats: Arc::new(Semaphore::new(seats)) }
    }

    /// Reads the article where it keeps nobody waiting, or not at all if all seats are taken.
    async fn extract(&self, article: Article) -> Result<(Article, Vec<Event>, Extraction), Error> {
        let seat = Arc::clone(&self.seats).try_acquire_owned();
        let seat = seat.map_err(|_taken_or_closed| Error::TooBusy)?;
        let read = Arc::clone(&self.read);
        let reading = tokio::task::spawn_blocking(move || {
            let (events, extraction) = read(&article);
            // Who goes away leaves the work behind, and it goes on.
            drop(seat);
            (article, events, extraction)
        });
        reading.await.map_err(|_panicked_or_stopping| Error::TooBusy)
    }
}

/// `POST /extract`.
pub(super) async fn extract(
    State(site): State<Arc<Site>>,
    call: Call,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Error> {
    let body = articles::bytes(&headers, body, MOST_BYTES).await?;
    let article = article(&call, &headers, &body)?;
    let (article, events, extraction) = site.extractor.extract(article).await?;
    let features: Vec<Value> = events.iter().map(Event::to_feature).collect();
    let findings: Vec<Value> =
        extraction.findings.iter().map(|finding| found(finding, &article)).collect();
    let answer = json!({
        "type": "FeatureCollection",
        "features": features,
        "findings": findings,
        "problems": extraction.problems,
    });
    let headers = [(CONTENT_TYPE, GEOJSON), (CACHE_CONTROL, "no-store")];
    Ok((headers, answer.to_string()).into_response())
}

/// The article as it was sent: JSON, or bare text with the rest in the address.
fn article(call: &Call, headers: &HeaderMap, body: &[u8]) -> Result<Article, Error> {
    let mut sent = match articles::media_type(headers).as_str() {
        JSON => {
            call.allow(&[])?;
            serde_json::from_slice::<Map<String, Value>>(body).map_err(|error| bad(&error))?
        }
        TEXT => {
            call.allow(BESIDE_TEXT)?;
            let text = std::str::from_utf8(body).map_err(|error| bad(&error))?;
            let beside = BESIDE_TEXT.iter().filter_map(|&name| Some((name, call.parameter(name)?)));
            let beside = beside.chain([("text", text)]);
            beside.map(|(name, value)| (name.to_owned(), value.into())).collect()
        }
        _ => return Err(Error::UnsupportedMediaType { allowed: format!("{JSON}, {TEXT}") }),
    };
    // It is not kept, so it needs no name; its events are named after it all the same.
    sent.entry("id").or_insert_with(|| "sent".into());
    let record: Record = serde_json::from_value(sent.into()).map_err(|error| bad(&error))?;
    if record.text.is_empty() {
        return Err(bad(&"`text` is empty"));
    }
    Ok(record.into_article(&Options::default()))
}

fn bad(told: &impl fmt::Display) -> Error {
    Error::BadArticle { told: format!("the body is no article: {told}") }
}

/// What was made of a sentence, with its place in the text in characters.
fn found(finding: &Finding, article: &Article) -> Value {
    let Finding { span, zone, notes } = finding;
    json!({
        "zone": zone, "start": span.start, "end": span.end,
        "sentence": span.of(&article.text).trim(), "notes": notes,
    })
}

/// The path as OpenAPI describes it.
pub(super) fn describe() -> (String, Value) {
    let text = |about: &str| json!({ "type": "string", "nullable": true, "description": about });
    let date = json!({
        "nullable": true, "description": "the day of publication, or an RFC 3339 time",
        "anyOf": [{ "type": "string", "format": "date" }, { "type": "string", "format": "date-time" }],
    });
    let article = json!({
        "type": "object",
        "required": ["text"],
        "properties": {
            "text": { "type": "string", "minLength": 1, "description": "the article" },
            "title": text("the headline"),
            "published": date,
            "url": text("where it can be read"),
            "publisher": text("the outlet"),
            "lang": {
                "type": "string", "enum": ["ar", "en", null], "nullable": true,
                "description": "the language; otherwise the letters tell",
            },
        },
        "example": { "text": "قصف الطيران الحربي مدينة إدلب أمس", "published": "2019-07-23" },
    });
    let problem = |about: &str| {
        let schema = json!({ "$ref": "#/components/schemas/Problem" });
        json!({ "description": about, "content": { "application/problem+json": { "schema": schema } } })
    };
    let answer = json!({
        "type": "object",
        "required": ["type", "features", "findings", "problems"],
        "properties": {
            "type": { "type": "string", "enum": ["FeatureCollection"] },
            "features": { "type": "array", "items": { "$ref": "#/components/schemas/EventsFeature" } },
            "findings": {
                "type": "array",
                "description": "what was found and refused, sentence by sentence",
                "items": { "type": "object", "required": ["zone", "start", "end", "sentence", "notes"] },
            },
            "problems": { "type": "array", "items": { "type": "string" } },
        },
    });
    let operation = json!({
        "operationId": "extract",
        "summary": "the events of an article, and what was refused; nothing is kept",
        "requestBody": {
            "required": true,
            "content": {
                JSON: { "schema": article },
                TEXT: { "schema": { "type": "string", "minLength": 1 } },
            },
        },
        "parameters": beside_text(),
        "responses": {
            "200": { "description": "the answer", "content": { GEOJSON: { "schema": answer } } },
            "400": { "$ref": "#/components/responses/BadRequest" },
            "408": { "$ref": "#/components/responses/TooSlow" },
            "413": problem("an article of more than 200 KiB"),
            "415": problem("neither JSON nor plain text"),
            "503": problem("as many articles as can be are being read"),
        },
    });
    ("/extract".to_owned(), json!({ "post": operation }))
}

/// What the address can tell of a bare text.
fn beside_text() -> Value {
    let text = json!({ "type": "string" });
    let day = json!({ "type": "string", "format": "date" });
    let lang = json!({ "type": "string", "enum": ["ar", "en"] });
    let about = |name: &str| format!("`{name}` of an article that is sent as plain text");
    let parameters = BESIDE_TEXT.iter().map(|&name| {
        let schema = match name {
            "published" => &day,
            "lang" => &lang,
            _ => &text,
        };
        openapi::query(name, &about(name), schema.clone())
    });
    parameters.collect()
}
