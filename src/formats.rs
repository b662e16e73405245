//! Events written for people and programs: GeoJSON, GeoJSON text sequence by lines, CSV, a table.

use std::io::{self, Write};

use serde_json::Value;

use crate::model::event::{Event, PROPERTIES};

/// How events are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One GeoJSON `FeatureCollection`.
    GeoJson,
    /// One GeoJSON Feature a line.
    GeoJsonLines,
    /// Longitude, latitude and every property as columns.
    Csv,
    /// A few columns for the eye.
    Table,
}

/// Writes events in one of the formats.
///
/// # Errors
/// Only what the writer gives.
pub fn write(out: &mut impl Write, format: Format, events: &[Event]) -> io::Result<()> {
    match format {
        Format::GeoJson => write_collection(out, events),
        Format::GeoJsonLines => write_lines(out, events),
        Format::Csv => write_csv(out, events),
        Format::Table => write_table(out, events),
    }
}

fn write_collection(out: &mut impl Write, events: &[Event]) -> io::Result<()> {
    out.write_all(b"{\"type\":\"FeatureCollection\",\"features\":[")?;
    for (at, event) in events.iter().enumerate() {
        out.write_all(if at == 0 { b"\n" } else { b",\n" })?;
        serde_json::to_writer(&mut *out, &event.to_feature())?;
    }
    out.write_all(b"\n]}\n")
}

fn write_lines(out: &mut impl Write, events: &[Event]) -> io::Result<()> {
    for event in events {
        serde_json::to_writer(&mut *out, &event.to_feature())?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

fn write_csv(out: &mut impl Write, events: &[Event]) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    let names = PROPERTIES.iter().map(|(name, ..)| *name);
    csv.write_record(["event_id", "longitude", "latitude"].into_iter().chain(names))
        .map_err(of_writer)?;
    for event in events {
        let feature = event.to_feature();
        let coordinate = |of: fn(crate::model::point::LonLat) -> f64| {
            event.point.map_or_else(String::new, |p| of(p).to_string())
        };
        let mut row = vec![
            event.id.to_string(),
            coordinate(crate::model::point::LonLat::lon),
            coordinate(crate::model::point::LonLat::lat),
        ];
        let properties = feature.get("properties");
        row.extend(PROPERTIES.iter().map(|(name, ..)| cell(properties.and_then(|p| p.get(name)))));
        csv.write_record(row).map_err(of_writer)?;
    }
    csv.flush()
}

/// What the writer gave, not wrapped: a closed pipe shall be known for what it is.
fn of_writer(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

/// An unknown value is an empty cell, never a zero.
fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(items)) => {
            items.iter().map(|i| cell(Some(i))).collect::<Vec<_>>().join("; ")
        }
        Some(other) => other.to_string(),
    }
}

fn write_table(out: &mut impl Write, events: &[Event]) -> io::Result<()> {
    for event in events {
        let date = event.when.event_date.map_or_else(|| "no date   ".to_owned(), |d| d.to_string());
        let place = event.location.location.as_deref().unwrap_or("no place");
        let precision =
            event.location.geo_precision.map_or(String::new(), |p| format!(" ({})", u8::from(p)));
        let killed = event.toll.fatalities.map_or_else(|| "?".to_owned(), |n| n.to_string());
        writeln!(
            out,
            "{date}  {:<36} {place}{precision}  killed {killed}",
            event.what.sub_event_type.as_str()
        )?;
        let sides = [&event.who.actor1, &event.who.actor2]
            .into_iter()
            .flatten()
            .cloned()
            .collect::<Vec<_>>();
        writeln!(out, "    {}  [{}]", sides.join(" / "), event.trust.certainty)?;
        writeln!(out, "    {}", event.evidence.evidence)?;
    }
    Ok(())
}
