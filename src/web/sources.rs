//! `/sources`: how the sources fare.

use axum::extract::State;
use axum::response::Response;
use serde_json::{Value, json};

use super::Site;
use super::answer::{self, HTML, JSON};
use super::call::{Call, Format};
use super::error::Error;
use super::html;
use super::link::Link;
use crate::model::source::{SourceName, State as Source, shown};

/// `/sources`.
pub(super) async fn sources(State(site): State<Site>, call: Call) -> Result<Response, Error> {
    call.allow(&[])?;
    let format = call.format()?;
    let links = Link::own(&call, format, JSON);
    let sources: Vec<Value> = site.board.states().iter().map(described).collect();
    Ok(match format {
        Format::Json => answer::json(&call, JSON, &json!({ "sources": sources, "links": links })),
        Format::Html => answer::document(&call, HTML, html::sources(&call, &sources, &links)),
    })
}

/// A source with its name first.
fn described((name, state): &(SourceName, Source)) -> Value {
    let mut described = json!({ "name": shown(&name.0) });
    if let (Value::Object(all), Ok(Value::Object(state))) =
        (&mut described, serde_json::to_value(state))
    {
        all.extend(state);
    }
    described
}
