//! Rows on their way from one store to another, and what tells that they have arrived.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use sha2::{Digest as _, Sha256};

use super::tables::Kind;
use crate::model::hex::hex;
use crate::model::point::LonLat;

/// A value of a row, the same whichever engine it comes from.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    Null,
    Number(i64),
    Real(f64),
    /// A text, or what is written as one: a day, a moment, JSON.
    Text(String),
    Point(LonLat),
    Bytes(Vec<u8>),
}

impl Cell {
    /// A text as a value of a column; an error says what it is not.
    pub(super) fn from_text(kind: Kind, text: String) -> Result<Self, &'static str> {
        // In a form that both engines give back as it was.
        let is_plain = match kind {
            Kind::Day => text.parse().is_ok_and(|day: Date| day.to_string() == text),
            Kind::Moment => text.parse().is_ok_and(|at: Timestamp| moment(at) == text),
            Kind::Text | Kind::Json => !text.contains('\0'),
            Kind::List => return Ok(Self::Text(list(text))),
            Kind::Number | Kind::Real | Kind::Point | Kind::Bytes => false,
        };
        if is_plain {
            return Ok(Self::Text(text));
        }
        Err(kind.refusal())
    }

    /// About so many bytes of memory.
    pub(super) fn size(&self) -> usize {
        let beside = match self {
            Self::Text(text) => text.len(),
            Self::Bytes(bytes) => bytes.len(),
            Self::Null | Self::Number(_) | Self::Real(_) | Self::Point(_) => 0,
        };
        size_of::<Self>() + beside
    }
}

fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// A list as rasid writes and reads it: what is no array of texts is its only item.
fn list(text: String) -> String {
    let items: Vec<String> = serde_json::from_str(&text).unwrap_or_else(|_not_json| vec![text]);
    serde_json::to_string(&items).expect("texts can be written as JSON")
}

/// How many rows there are, and a hash of all that is in them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// Rows.
    pub rows: u64,
    /// SHA-256 of their values in the order of their keys, in lower-case hexadecimal.
    pub hash: String,
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} rows, {}", self.rows, self.hash)
    }
}

/// A tally on its way.
#[derive(Default)]
pub(super) struct Tallying {
    rows: u64,
    hash: Sha256,
}

impl Tallying {
    pub(super) fn add(&mut self, row: &[Cell]) {
        self.rows += 1;
        for cell in row {
            // A mark of its type, and its length where that varies: no two rows look alike.
            match cell {
                Cell::Null => self.hash.update([0]),
                Cell::Number(number) => self.with(1, &number.to_le_bytes()),
                Cell::Real(number) => self.with(2, &number.to_bits().to_le_bytes()),
                Cell::Text(text) => self.sized(3, text.as_bytes()),
                Cell::Point(at) => {
                    self.with(4, &at.lon().to_bits().to_le_bytes());
                    self.hash.update(at.lat().to_bits().to_le_bytes());
                }
                Cell::Bytes(bytes) => self.sized(5, bytes),
            }
        }
    }

    pub(super) fn done(self) -> Tally {
        Tally { rows: self.rows, hash: hex(&self.hash.finalize()) }
    }

    fn with(&mut self, mark: u8, bytes: &[u8]) {
        self.hash.update([mark]);
        self.hash.update(bytes);
    }

    fn sized(&mut self, mark: u8, bytes: &[u8]) {
        self.with(mark, &(bytes.len() as u64).to_le_bytes());
        self.hash.update(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_what_its_column_holds_or_an_error() {
        for (kind, text, is_right) in [
            (Kind::Day, "2024-02-29", true),
            (Kind::Day, "2024-02-30", false),
            (Kind::Day, "20240229", false),
            (Kind::Moment, "2024-02-29T10:00:00.120Z", true),
            (Kind::Moment, "2024-02-29T10:00:00Z", false),
            (Kind::Moment, "2024-02-29 10:00:00.120", false),
            (Kind::Text, "قصف\n\t\\", true),
            (Kind::Text, "a\0b", false),
            (Kind::Number, "3", false),
        ] {
            let read = Cell::from_text(kind, text.to_owned());
            let is_same = read == Ok(Cell::Text(text.to_owned()));
            assert_eq!(is_same, is_right, "{kind:?} {text:?}: {read:?}");
        }
    }

    #[test]
    fn a_list_is_read_as_events_are() {
        for (written, read) in
            [(r#"["a","ب"]"#, r#"["a","ب"]"#), (r#"[ "a" ]"#, r#"["a"]"#), ("isis", r#"["isis"]"#)]
        {
            let cell = Cell::from_text(Kind::List, written.to_owned());
            assert_eq!(cell, Ok(Cell::Text(read.to_owned())));
        }
    }

    #[test]
    fn rows_that_differ_have_other_tallies() {
        let text = |text: &str| Cell::Text(text.to_owned());
        let rows = [
            vec![text("a"), text("bc")],
            vec![text("ab"), text("c")],
            vec![text("abc"), Cell::Null],
            vec![Cell::Null, text("abc")],
            vec![Cell::Number(0)],
            vec![Cell::Real(0.0)],
            vec![Cell::Null],
        ];
        let tally = |row: &Vec<Cell>| {
            let mut tallying = Tallying::default();
            tallying.add(row);
            tallying.done().hash
        };
        let tallies: std::collections::BTreeSet<String> = rows.iter().map(tally).collect();
        assert_eq!(tallies.len(), rows.len());
    }
}
