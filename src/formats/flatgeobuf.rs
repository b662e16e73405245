//! FlatGeobuf: typed columns and a packed R-tree, so that a program reads a box without the rest.

use std::io::{self, Write};

use flatgeobuf::{ColumnType, FgbCrs, FgbWriter, FgbWriterOptions, GeometryType};
use geozero::error::Result as Written;
use geozero::{ColumnValue, GeomProcessor, GeozeroGeometry, PropertyProcessor};

use super::feature::{Cell, Feature};
use super::{Layer, Property, invalid};
use crate::model::event::PropertyType;

/// WGS 84. Whatever the code says of axes, the format has longitude first.
const EPSG_4326: i32 = 4326;

/// Writes a file. Its index is built when all features are there; until then they wait in a
/// temporary file.
///
/// Without any point, or if none is wanted, the file has no index.
pub fn write<'a>(
    out: &mut impl Write,
    layer: &Layer,
    features: impl IntoIterator<Item = &'a str> + Clone,
) -> io::Result<()> {
    let located = layer.geometry && any_located(features.clone())?;
    let mut file = begin(layer, located).map_err(invalid)?;
    for text in features {
        let feature = Feature::read(text)?;
        let geometry = Shape(feature.geometry()?.filter(|_| layer.geometry));
        let mut wrong = None;
        file.add_feature_geom(geometry, |to| wrong = fill(to, layer, &feature).err())
            .map_err(invalid)?;
        if let Some(error) = wrong {
            return Err(invalid(error));
        }
    }
    file.write(out).map_err(|error| match error {
        flatgeobuf::Error::IO(error) => error,
        other => invalid(other),
    })
}

fn any_located<'a>(features: impl IntoIterator<Item = &'a str>) -> io::Result<bool> {
    for feature in features {
        if Feature::read(feature)?.geometry()?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

fn begin<'a>(layer: &Layer, located: bool) -> Result<FgbWriter<'a>, flatgeobuf::Error> {
    let kind = match layer.name {
        "governorates" => GeometryType::MultiPolygon,
        _ => GeometryType::Point,
    };
    let options = FgbWriterOptions {
        write_index: located,
        crs: FgbCrs { code: EPSG_4326, ..FgbCrs::default() },
        title: Some(layer.title),
        ..FgbWriterOptions::default()
    };
    let mut file = FgbWriter::create_with_options(layer.name, kind, options)?;
    file.add_column(id_column(layer), ColumnType::String, |_, column| {
        column.nullable = false;
        column.unique = true;
    });
    for &(name, kind, meaning) in &layer.columns {
        file.add_column(name, column_type(kind), |text, column| {
            column.description = Some(text.create_string(meaning));
        });
    }
    Ok(file)
}

/// The format has no ids of its own.
fn id_column(layer: &Layer) -> &'static str {
    if layer.is_events() { "event_id" } else { "id" }
}

/// A day is the midnight that it begins with: the format has no type for days.
///
/// Lists are texts. There is a type for JSON, but readers that do not know it lose their way in what comes
/// after (`MapServer` 8.0 ends at the first feature), and GDAL takes it for a text all the same.
const fn column_type(kind: PropertyType) -> ColumnType {
    match kind {
        PropertyType::Text | PropertyType::Enum(_) | PropertyType::List => ColumnType::String,
        PropertyType::Integer => ColumnType::Long,
        PropertyType::Real => ColumnType::Double,
        PropertyType::Date => ColumnType::DateTime,
    }
}

/// Sets the columns of a feature. What is not known is left out, which readers take for null.
fn fill(to: &mut impl PropertyProcessor, layer: &Layer, feature: &Feature<'_>) -> Written<()> {
    to.property(0, id_column(layer), &ColumnValue::String(&feature.id))?;
    for (place, &(name, kind, _)) in layer.columns.iter().enumerate() {
        set(to, place + 1, (name, kind, ""), feature.cell(place, name))?;
    }
    Ok(())
}

fn set(
    to: &mut impl PropertyProcessor,
    column: usize,
    (name, kind, _): Property,
    cell: &Cell<'_>,
) -> Written<()> {
    let list;
    #[expect(
        clippy::cast_precision_loss,
        reason = "a whole number in a column of numbers is small"
    )]
    let value = match (cell, kind) {
        (Cell::Null, _) => return Ok(()),
        (Cell::Text(day), PropertyType::Date) => ColumnValue::DateTime(day),
        (Cell::Text(text), _) => ColumnValue::String(text),
        (Cell::Integer(number), PropertyType::Real) => ColumnValue::Double(*number as f64),
        (Cell::Integer(number), _) => ColumnValue::Long(*number),
        (Cell::Real(number), _) => ColumnValue::Double(*number),
        (Cell::List(items), _) => {
            list = serde_json::to_string(items).unwrap_or_default();
            ColumnValue::String(&list)
        }
    };
    to.property(column, name, &value).map(drop)
}

/// A geometry; where it is not known the empty point of WKB, which has no number for coordinates.
struct Shape(Option<geo_types::Geometry>);

impl GeozeroGeometry for Shape {
    fn process_geom<P: GeomProcessor>(&self, to: &mut P) -> Written<()> {
        if let Some(geometry) = &self.0 {
            return geometry.process_geom(to);
        }
        // The crate writes a geometry each, and readers fail at one without coordinates.
        to.point_begin(0)?;
        to.xy(f64::NAN, f64::NAN, 0)?;
        to.point_end(0)
    }
}
