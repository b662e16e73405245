//! Filters in CQL2, read into what the store understands.
//!
//! Text and JSON are read into the same tree of calls, by the names of the JSON form. Only then are
//! properties and types checked, so that both are told the same errors.

use geo::{CoordsIter as _, Geometry};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

use super::collection::Collection;
use super::crs::Crs;
use super::error::quoted;
use crate::model::filter::{Filter, Topology};

mod check;
mod json;
mod operand;
mod space;
mod text;

/// By what name filters ask for where a feature is.
pub(super) const GEOMETRY: &str = "geometry";

/// The longest filter that is read, in characters. Every feature is compared with all of it.
pub(super) const MOST_CHARACTERS: usize = 16_384;

/// The most work of one filter for a feature, in comparisons of two numbers; every feature may have to
/// be looked at.
const MOST_STEPS: usize = 128;

/// How deep conditions stand in each other at most. Both reading and comparing go down as far.
const MOST_DEPTH: usize = 64;

/// What a filter is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    Text,
    Json,
}

impl Language {
    /// The values of `filter-lang`. GDAL asks for the language by the name of its draft.
    pub(super) const NAMES: [(&'static str, Self); 3] =
        [("cql2-text", Self::Text), ("cql2-json", Self::Json), ("cql-text", Self::Text)];
}

/// A part of a filter as it was written.
#[derive(Debug, Clone, PartialEq)]
enum Node {
    Property(String),
    Text(String),
    Number(f64),
    Flag(bool),
    Day(Date),
    Geometry(Geometry<f64>),
    Box(String),
    List(Vec<Self>),
    Call(String, Vec<Self>),
}

impl Node {
    /// How much work it is for each feature, measured in comparisons of two numbers.
    fn steps(&self) -> usize {
        match self {
            Self::Call(op, parts) => {
                let own = match op.as_str() {
                    "and" | "or" | "not" => 0,
                    // A text that is written there is folded once.
                    "casei" | "accenti" if !operand::asks(self) => 0,
                    "like" | "casei" | "accenti" => 4,
                    _ => 1,
                };
                own + parts.iter().map(Self::steps_within).sum::<usize>()
            }
            _ => 1,
        }
    }

    /// The same of what stands in something else; a value costs nothing of its own.
    fn steps_within(&self) -> usize {
        match self {
            Self::Call(..) | Self::Flag(_) => self.steps(),
            Self::List(parts) => parts.iter().map(Self::steps_within).sum(),
            Self::Geometry(geometry) => geometry.coords_count() / 32,
            _ => 0,
        }
    }
}

/// Reads a filter for features of the collection, its coordinates in the reference system.
///
/// # Errors
/// Says where it cannot be read, or what is wrong with it and what is allowed.
pub(super) fn parse(
    language: Language,
    crs: Crs,
    filter: &str,
    collection: Collection,
) -> Result<Filter, String> {
    let length = filter.chars().count();
    if length > MOST_CHARACTERS {
        return Err(format!("{length} characters given: write at most {MOST_CHARACTERS}"));
    }
    let node = match language {
        Language::Text => text::read(filter)?,
        Language::Json => json::read(filter)?,
    };
    let steps = node.steps();
    if steps > MOST_STEPS {
        return Err(format!(
            "it takes {steps} steps a feature, and {MOST_STEPS} are allowed: a comparison takes 1, LIKE, CASEI and ACCENTI 4, a geometry 1 for 32 corners; IN compares with many values at once"
        ));
    }
    check::filter((collection, crs), &node)
}

/// What a box asks of features that is no box in degrees.
pub(super) fn outline(crs: Crs, corners: &str) -> Result<Option<Filter>, String> {
    let Some(outline) = crs.outline(corners)? else { return Ok(None) };
    Ok(Some(Filter::Lies(Topology::Intersects, space::region(outline)?)))
}

fn too_deep() -> String {
    format!("conditions stand in each other more than {MOST_DEPTH} deep")
}

/// A day, or the day of a time. GDAL leaves the time behind its `T` out.
fn day(text: &str) -> Result<Date, String> {
    let wrong = || format!("`{}` is not a day: write YYYY-MM-DD or an RFC 3339 time", quoted(text));
    let (day, clock) = text.split_at_checked(10).ok_or_else(wrong)?;
    let date = day.parse().ok().ok_or_else(wrong)?;
    let is_time = || text.parse::<Timestamp>().is_ok() || text.parse::<DateTime>().is_ok();
    if clock.is_empty() || clock == "T" || is_time() { Ok(date) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests;
