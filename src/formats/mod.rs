//! Features written for people and programs, one file a format.
//!
//! What is written is the features as the store and answers have them, each a GeoJSON text.

use std::io::{self, Write};

use crate::model::event::{PROPERTIES, PropertyType};

pub mod atom;
pub mod csv;
mod feature;
pub mod flatgeobuf;
pub mod geojson;
pub mod read;
pub mod table;

/// A property as tables describe it: name, type, meaning.
pub type Property = (&'static str, PropertyType, &'static str);

/// What a table of features holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layer {
    /// The name of the collection.
    pub name: &'static str,
    /// What it is called for people.
    pub title: &'static str,
    /// The properties, one a column.
    pub columns: Vec<Property>,
    /// Whether it tells where the features are.
    pub geometry: bool,
}

impl Layer {
    /// Events with all that is known of them.
    pub fn events() -> Self {
        Self { name: "events", title: "Events", columns: PROPERTIES.to_vec(), geometry: true }
    }

    fn is_events(&self) -> bool {
        self.name == "events"
    }

    /// Whether no property of an event is left out.
    fn is_whole(&self) -> bool {
        self.columns == PROPERTIES
    }
}

/// How features are written in files and streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One GeoJSON `FeatureCollection`.
    GeoJson,
    /// A GeoJSON text sequence.
    GeoJsonSeq,
    /// One GeoJSON Feature a line.
    GeoJsonLines,
    /// Longitude, latitude and every property as columns.
    Csv,
    /// Typed columns and an index.
    FlatGeobuf,
}

/// Writes features in one of the formats.
///
/// # Errors
/// What the writer gives, and `InvalidData` for a text that is no feature.
pub fn write(
    out: &mut impl Write,
    format: Format,
    layer: &Layer,
    features: &[impl AsRef<str>],
) -> io::Result<()> {
    let features = features.iter().map(AsRef::as_ref);
    match format {
        Format::GeoJson => geojson::write_collection(out, features),
        Format::GeoJsonSeq => geojson::write_sequence(out, features),
        Format::GeoJsonLines => geojson::write_lines(out, features),
        Format::Csv => csv::write(out, layer, features),
        Format::FlatGeobuf => flatgeobuf::write(out, layer, features),
    }
}

/// What should have been a feature of ours is none.
fn invalid(told: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, told)
}
