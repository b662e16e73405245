//! `/sources`: how the sources fare.

use std::path::Path;
use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use serde_json::{Value, json};

use super::Site;
use super::answer::{self, HTML, JSON};
use super::call::{Call, Format};
use super::error::Error;
use super::html;
use super::link::Link;
use crate::model::source::{SourceName, State as Source, Status, shown};

/// `/sources`.
pub(super) async fn sources(State(site): State<Arc<Site>>, call: Call) -> Result<Response, Error> {
    call.allow(&[])?;
    let format = call.format()?;
    let links = Link::own(&call, format, JSON);
    let mut states = site.board.states();
    // What wants a look comes first.
    states.sort_by_key(|(_, state)| state.status != Status::Failing);
    let sources: Vec<Value> = states.iter().map(described).collect();
    Ok(match format {
        Format::Json => answer::json(&call, JSON, &json!({ "sources": sources, "links": links })),
        Format::Html => answer::document(&call, HTML, html::sources(&call, &sources, &links)),
    })
}

/// A source with its name first.
fn described((name, state): &(SourceName, Source)) -> Value {
    let named = |text: &str| match state.kind.as_str() {
        "file" | "folder" => without_folder(text),
        _ => shown(text),
    };
    let mut described = json!({ "name": named(&name.0) });
    if let (Value::Object(all), Ok(Value::Object(told))) =
        (&mut described, serde_json::to_value(state))
    {
        all.extend(told);
        all.insert("address".to_owned(), named(&state.address).into());
    }
    described
}

/// The name of a file or folder: where it lies on the server's disk is not told.
fn without_folder(path: &str) -> String {
    let name = Path::new(path).file_name();
    name.map_or_else(|| path.to_owned(), |name| name.to_string_lossy().into_owned())
}
