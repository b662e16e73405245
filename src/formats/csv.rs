//! CSV (RFC 4180): a row a feature, under the names that ACLED's tables have for the same things.

use std::borrow::Cow;
use std::io::{self, Write};

use super::feature::{Cell, Feature};
use super::{Layer, invalid};

/// What a table of events says beside its properties, since scripts for ACLED's tables ask for it.
const ACLED: [&str; 4] = ["year", "iso", "country", "notes"];

/// A table while it is written.
#[derive(Debug)]
pub struct Table<'a, W: Write> {
    csv: ::csv::Writer<W>,
    layer: &'a Layer,
}

/// Writes a table with its head.
pub fn write<'a>(
    out: &mut impl Write,
    layer: &Layer,
    features: impl IntoIterator<Item = &'a str>,
) -> io::Result<()> {
    let mut table = Table::new(out, layer);
    table.head()?;
    features.into_iter().try_for_each(|feature| table.row(feature))?;
    table.end().map(drop)
}

impl<'a, W: Write> Table<'a, W> {
    /// Begins a table, or a part of one.
    pub fn new(out: W, layer: &'a Layer) -> Self {
        Self { csv: ::csv::Writer::from_writer(out), layer }
    }

    /// Writes the names of the columns.
    pub fn head(&mut self) -> io::Result<()> {
        let id = if self.layer.is_events() { "event_id_cnty" } else { "id" };
        let place = self.layer.geometry.then_some(["longitude", "latitude"]);
        let names = std::iter::once(id)
            .chain(place.into_iter().flatten())
            .chain(self.layer.columns.iter().map(|&(name, ..)| name))
            .chain(self.acled());
        self.csv.write_record(names).map_err(of_writer)
    }

    /// Writes a feature.
    pub fn row(&mut self, feature: &str) -> io::Result<()> {
        let feature = Feature::read(feature)?;
        self.field(&guarded(&feature.id))?;
        if self.layer.geometry {
            let point = match feature.geometry()? {
                Some(geo_types::Geometry::Point(at)) => Some(at),
                _ => None,
            };
            for number in [point.map(geo_types::Point::x), point.map(geo_types::Point::y)] {
                self.field(&number.map_or_else(String::new, |degrees| degrees.to_string()))?;
            }
        }
        for (place, &(name, ..)) in self.layer.columns.iter().enumerate() {
            self.cell(feature.cell(place, name))?;
        }
        for name in self.acled() {
            let event_date = || match feature.property("event_date") {
                Cell::Text(day) => day.get(..4).unwrap_or_default().to_owned(),
                _ => String::new(),
            };
            match name {
                "year" => self.field(&event_date())?,
                "iso" => self.field("760")?,
                "country" => self.field("Syria")?,
                _ => self.cell(feature.property("evidence"))?,
            }
        }
        self.csv.write_record(None::<&[u8]>).map_err(of_writer)
    }

    /// Ends the table, or its part, and gives back what it was written to.
    pub fn end(self) -> io::Result<W> {
        self.csv.into_inner().map_err(::csv::IntoInnerError::into_error)
    }

    fn acled(&self) -> impl Iterator<Item = &'static str> + use<W> {
        let whole = self.layer.is_events() && self.layer.is_whole();
        ACLED.into_iter().filter(move |_| whole)
    }

    fn field(&mut self, text: &str) -> io::Result<()> {
        self.csv.write_field(text).map_err(of_writer)
    }

    /// An unknown value is an empty cell, never a zero.
    fn cell(&mut self, cell: &Cell<'_>) -> io::Result<()> {
        match cell {
            Cell::Null => self.field(""),
            Cell::Text(text) => self.field(&guarded(text)),
            Cell::Integer(number) => self.field(&number.to_string()),
            Cell::Real(number) => self.field(&number.to_string()),
            Cell::List(items) => self.field(&guarded(&items.join("; "))),
        }
    }
}

/// A text that no spreadsheet takes for a formula: an apostrophe stands before one that begins as
/// formulas do, and before one that begins with an apostrophe.
///
/// So nothing is lost: whoever takes away the first apostrophe of a cell has what was there.
fn guarded(text: &str) -> Cow<'_, str> {
    const FORMULA: [char; 12] =
        ['=', '+', '-', '@', '\t', '\r', '\n', '\'', '＝', '＋', '－', '＠'];
    if text.starts_with(FORMULA) { format!("'{text}").into() } else { text.into() }
}

/// What the writer gave, not wrapped: a closed pipe shall be known for what it is.
fn of_writer(error: ::csv::Error) -> io::Error {
    match error.into_kind() {
        ::csv::ErrorKind::Io(error) => error,
        other => invalid(format!("{other:?}")),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;
    use crate::model::event::PROPERTIES;

    fn written(layer: &Layer, features: &[Value]) -> String {
        let features: Vec<String> = features.iter().map(Value::to_string).collect();
        let mut out = Vec::new();
        write(&mut out, layer, features.iter().map(String::as_str)).unwrap();
        String::from_utf8(out).unwrap()
    }

    /// A place with this name, in a table of two columns.
    fn place(name: &str) -> (Layer, Value) {
        use crate::model::event::PropertyType as T;
        let columns = vec![("name", T::Text, ""), ("population", T::Integer, "")];
        let layer = Layer { name: "places", title: "Places", columns, geometry: true };
        let properties = json!({ "name": name, "population": null });
        let geometry = json!({ "type": "Point", "coordinates": [-36.5, 35.0] });
        (layer, json!({ "id": "gn:1", "geometry": geometry, "properties": properties }))
    }

    #[test]
    fn a_table_has_degrees_and_empty_cells_for_what_is_not_known() {
        let (layer, feature) = place("Saraqib, \"north\"\n=1");
        let told = "id,longitude,latitude,name,population\n\
                    gn:1,-36.5,35,\"Saraqib, \"\"north\"\"\n=1\",\n";
        assert_eq!(written(&layer, &[feature]), told);
    }

    #[test]
    fn a_table_of_events_has_the_columns_of_acled() {
        let properties =
            json!({ "event_date": "2022-07-18", "evidence": "قصف", "actor_ids": ["A", "B"] });
        let event = json!({ "id": "e", "geometry": null, "properties": properties });
        let text = written(&Layer::events(), std::slice::from_ref(&event));
        let mut table = ::csv::Reader::from_reader(text.as_bytes());
        let head = table.headers().unwrap().clone();
        let row = table.records().next().unwrap().unwrap();
        let cell = |name: &str| &row[head.iter().position(|known| known == name).unwrap()];
        for (name, value) in [
            ("event_id_cnty", "e"),
            ("latitude", ""),
            ("event_date", "2022-07-18"),
            ("year", "2022"),
            ("iso", "760"),
            ("country", "Syria"),
            ("notes", "قصف"),
            ("actor_ids", "A; B"),
            ("fatalities", ""),
        ] {
            assert_eq!(cell(name), value, "{name}");
        }
        assert_eq!(head.len(), 3 + PROPERTIES.len() + 4);

        let few = Layer { columns: PROPERTIES[..1].to_vec(), geometry: false, ..Layer::events() };
        assert_eq!(written(&few, &[event]), "event_id_cnty,event_type\ne,\n");
    }

    proptest! {
        #[test]
        fn no_cell_is_a_formula_and_no_letter_is_lost(name in "[-=+@'\t\r\n＝]?\\PC{0,8}") {
            let (layer, feature) = place(&name);
            let text = written(&layer, &[feature]);
            let row = ::csv::Reader::from_reader(text.as_bytes()).records().next().unwrap().unwrap();
            prop_assert!(!row[3].starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝']));
            prop_assert_eq!(row[3].strip_prefix('\'').unwrap_or(&row[3]), name.as_str());
        }
    }
}
