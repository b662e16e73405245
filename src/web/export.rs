//! `/collections/events/export`: all events under filters as one file, however many they are.

use std::fs::File;
use std::io::{self, Read as _};
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_DISPOSITION;
use axum::response::Response;
use futures_util::{StreamExt as _, stream};
use serde_json::{Value, json};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::Site;
use super::answer::{GEOJSON, tag, unless_known};
use super::call::Call;
use super::collection::Collection;
use super::encoding::Encoding;
use super::error::{Error, quoted};
use super::{openapi, query};
use crate::formats::{Layer, csv, geojson};
use crate::model::query::{EventQuery, Limit};
use crate::store;
use crate::store::index::Index;

/// What a file is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Format {
    GeoJson,
    GeoJsonSeq,
    Csv,
    GeoPackage,
}

impl Format {
    const ALL: [Self; 4] = [Self::GeoJson, Self::GeoJsonSeq, Self::Csv, Self::GeoPackage];

    /// Its name in addresses.
    const fn name(self) -> &'static str {
        match self {
            Self::GeoJson => "geojson",
            Self::GeoJsonSeq => Encoding::Sequence.name(),
            Self::Csv => Encoding::Csv.name(),
            Self::GeoPackage => "gpkg",
        }
    }

    /// The ending of its files.
    fn ending(self) -> &'static str {
        let page = match self {
            Self::GeoJsonSeq => Encoding::Sequence.ending(),
            Self::Csv => Encoding::Csv.ending(),
            Self::GeoJson | Self::GeoPackage => None,
        };
        page.unwrap_or(self.name())
    }

    const fn content_type(self) -> &'static str {
        match self {
            Self::GeoJson => GEOJSON,
            Self::GeoJsonSeq => Encoding::Sequence.content_type(),
            Self::Csv => Encoding::Csv.content_type(),
            Self::GeoPackage => "application/geopackage+sqlite3",
        }
    }
}

/// Files that are written at once: each may read every event.
static SEATS: Semaphore = Semaphore::const_new(4);

/// Bytes of a file that are sent at once.
const CHUNK: usize = 256 * 1024;

/// `/collections/events/export`.
pub(super) async fn export(State(site): State<Arc<Site>>, call: Call) -> Result<Response, Error> {
    let mut query = query::filters(&call, Collection::Events, &[])?;
    query.limit = Limit::new(Limit::MOST).unwrap_or_default();
    let format = format(&call)?;
    let seat = SEATS.try_acquire().map_err(|_taken_or_closed| Error::TooBusy)?;
    // One state of the events for the whole file.
    let index = Collection::Events.index(&site);
    let tag = tag((index.generation(), &call.own_url, format));
    let events = Events { index, query: Some(query), begun: false };
    let mut response = unless_known(&call, &tag, format.content_type(), || match format {
        Format::GeoPackage => geopackage(events, seat),
        _ => pieces(events, format, seat),
    });
    let named = format!("attachment; filename=\"events.{}\"", format.ending());
    let named = HeaderValue::try_from(named).expect("names of formats are plain");
    response.headers_mut().insert(CONTENT_DISPOSITION, named);
    Ok(response)
}

fn format(call: &Call) -> Result<Format, Error> {
    let asked = call.parameter("f").unwrap_or(Format::GeoJson.name());
    Format::ALL.into_iter().find(|format| format.name() == asked).ok_or_else(|| {
        let allowed = Format::ALL.map(Format::name).join(", ");
        let told = format!("`{}` is not a format: write one of {allowed}", quoted(asked));
        Error::BadParameter { name: "f".to_owned(), told }
    })
}

/// The events that answer a search, a page at a time, so that few are held.
struct Events {
    index: Arc<Index>,
    /// What comes next; `None` after the last page.
    query: Option<EventQuery>,
    begun: bool,
}

impl Iterator for Events {
    type Item = Vec<String>;

    fn next(&mut self) -> Option<Vec<String>> {
        let query = self.query.as_mut()?;
        let page = self.index.page(query);
        match page.next {
            Some(next) => query.after = next,
            None => self.query = None,
        }
        Some(page.features().collect())
    }
}

/// A text, a page of events at a time, each written where it keeps nobody waiting.
fn pieces(events: Events, format: Format, seat: SemaphorePermit<'static>) -> Body {
    let pieces = stream::unfold(Some((events, seat)), move |state| async move {
        let (mut events, seat) = state?;
        let written = tokio::task::spawn_blocking(move || {
            let piece = piece(&mut events, format);
            (piece, events)
        });
        Some(match written.await {
            Ok((Ok(piece), events)) => {
                let more = events.query.is_some();
                (Ok(Bytes::from(piece)), more.then_some((events, seat)))
            }
            Ok((Err(error), _)) => (Err(error), None),
            Err(error) => (Err(io::Error::other(error)), None),
        })
    });
    // What compresses a body asks once more after its end.
    Body::from_stream(pieces.fuse())
}

/// The next page of events, with what stands before the first and behind the last.
fn piece(events: &mut Events, format: Format) -> io::Result<Vec<u8>> {
    let page = events.next().unwrap_or_default();
    let is_first = !std::mem::replace(&mut events.begun, true);
    let is_last = events.query.is_none();
    let features = page.iter().map(String::as_str);
    let mut out = Vec::new();
    match format {
        Format::Csv => {
            let layer = Layer::events();
            let mut table = csv::Table::new(out, &layer);
            if is_first {
                table.head()?;
            }
            features.into_iter().try_for_each(|feature| table.row(feature))?;
            return table.end();
        }
        Format::GeoJsonSeq => geojson::write_sequence(&mut out, features)?,
        Format::GeoJson | Format::GeoPackage => {
            if is_first {
                out.extend_from_slice(b"{\"type\":\"FeatureCollection\",\"features\":[");
            }
            for (place, feature) in features.enumerate() {
                out.extend_from_slice(if is_first && place == 0 { b"\n" } else { b",\n" });
                out.extend_from_slice(feature.as_bytes());
            }
            if is_last {
                out.extend_from_slice(b"\n]}\n");
            }
        }
    }
    Ok(out)
}

/// A GeoPackage: written whole, then sent.
fn geopackage(events: Events, seat: SemaphorePermit<'static>) -> Body {
    let state = (Some(events), None::<File>);
    let chunks = stream::unfold(Some((state, seat)), move |state| async move {
        let ((events, file), seat) = state?;
        let read = tokio::task::spawn_blocking(move || {
            let mut file = match (events, file) {
                (Some(events), _) => {
                    store::geopackage_of(events.flatten()).map_err(io::Error::other)?
                }
                (None, Some(file)) => file,
                (None, None) => return Ok(None),
            };
            let mut chunk = Vec::with_capacity(CHUNK);
            let most = u64::try_from(CHUNK).unwrap_or(u64::MAX);
            file.by_ref().take(most).read_to_end(&mut chunk)?;
            Ok((!chunk.is_empty()).then_some((chunk, file)))
        });
        match read.await.unwrap_or_else(|error| Err(io::Error::other(error))) {
            Ok(Some((chunk, file))) => {
                Some((Ok(Bytes::from(chunk)), Some(((None, Some(file)), seat))))
            }
            Ok(None) => None,
            Err(error) => Some((Err(error), None)),
        }
    });
    Body::from_stream(chunks.fuse())
}

/// The path as OpenAPI describes it.
pub(super) fn describe() -> (String, Value) {
    let mut parameters = openapi::filters(Collection::Events);
    let names = Format::ALL.map(Format::name);
    let schema = json!({ "type": "string", "enum": names, "default": Format::GeoJson.name() });
    parameters.push(openapi::query("f", "what the file is written in", schema));
    let file = json!({ "schema": { "type": "string" } });
    let binary = json!({ "schema": { "type": "string", "format": "binary" } });
    let content = json!({
        Format::GeoJson.content_type(): { "schema": { "type": "object" } },
        Format::GeoJsonSeq.content_type(): file,
        "text/csv": file,
        Format::GeoPackage.content_type(): binary,
    });
    let mut path = openapi::read_as(
        "exportEvents",
        "all events under the filters given as one file, without pages",
        &content,
        &parameters.into(),
        &["400", "414"],
    );
    if let Some(Value::Object(responses)) = path.pointer_mut("/get/responses") {
        let problem = json!({ "schema": { "$ref": "#/components/schemas/Problem" } });
        let busy = json!({
            "description": "as many files as can be are being written",
            "content": { "application/problem+json": problem },
        });
        responses.insert("503".to_owned(), busy);
    }
    ("/collections/events/export".to_owned(), path)
}
