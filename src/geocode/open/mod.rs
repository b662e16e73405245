//! Open sources of place names: read, cleaned, and merged with the places written by hand.
//!
//! Pure: what was downloaded comes as text, what is written leaves as text.

pub mod changes;
pub mod geonames;
pub mod locate;
pub mod merge;
mod names;
pub mod ocha;
#[cfg(test)]
mod tests;
pub mod write;

use std::fmt;

use geo::LineString;

use crate::model::place::Place;

use super::listed::{GazetteerError, features};

/// A place with what sources know of it besides.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// The place.
    pub place: Place,
    /// Its number at `GeoNames`.
    pub geonameid: Option<u64>,
    /// Whether open sources alone tell of it.
    pub open: bool,
    /// Its course, if it is drawn as a line.
    pub line: Option<LineString>,
}

/// What a source gave.
#[derive(Debug, Default)]
pub struct Rows {
    /// Its places, in the order of the source.
    pub records: Vec<Record>,
    /// Rows that were passed over, and why.
    pub skipped: Vec<Skipped>,
}

/// A row that could not be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// Its line in the file, or its number among the features.
    pub line: u64,
    /// What is wrong with it.
    pub why: String,
}

impl fmt::Display for Skipped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.line, self.why)
    }
}

/// A file that cannot be what it should be.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// A column is missing.
    #[error("it has no column for {what}: one of {names} is needed, and it has {found}")]
    Column {
        /// What the column holds.
        what: &'static str,
        /// How it may be called.
        names: String,
        /// The columns that are there.
        found: String,
    },
    /// No row could be used.
    #[error("none of its {rows} rows can be used; the first: line {first}")]
    Useless {
        /// How many there are.
        rows: usize,
        /// What is wrong with the first.
        first: Skipped,
    },
    /// It has no rows at all.
    #[error("it has no rows")]
    Empty,
    /// Not GeoJSON.
    #[error("it is not a GeoJSON FeatureCollection: {0}")]
    NotGeoJson(Box<geojson::Error>),
}

impl Rows {
    /// Fails if there is not a single place in the file.
    fn checked(self) -> Result<Self, SourceError> {
        match self.skipped.first() {
            _ if !self.records.is_empty() => Ok(self),
            Some(first) => {
                Err(SourceError::Useless { rows: self.skipped.len(), first: first.clone() })
            }
            None => Err(SourceError::Empty),
        }
    }
}

/// The places of a gazetteer that no update made: what is written by hand or shipped.
///
/// # Errors
/// If the text is not a `FeatureCollection`.
pub fn own(text: &str) -> Result<Vec<Record>, GazetteerError> {
    let read = features(text)?.read.into_iter().filter(|read| !read.open);
    let record = |read: super::feature::Read| Record {
        place: read.place,
        geonameid: read.geonameid,
        open: false,
        line: read.line,
    };
    Ok(read.map(record).collect())
}
