//! A feature on its way into the index, and how its JSON is cut into parts that features share.

use std::borrow::Cow;
use std::convert::Infallible;
use std::hash::{BuildHasher as _, Hash as _, Hasher as _};
use std::ops::Range;

use foldhash::fast::FixedState;
use geo::MultiPolygon;
use jiff::civil::Date;
use serde::Serialize;
use serde_json::Value;

use super::Property;
use crate::model::event::{GROUPS, PropertyType};
use crate::model::point::LonLat;

/// How the features of a collection are cut: a part is a group of properties that features mostly
/// have alike together, as those of one place or one article.
#[derive(Debug)]
pub struct Layout {
    pub(super) properties: &'static [Property],
    /// What stands before the value of each property.
    keys: Vec<String>,
    pieces: Vec<Piece>,
    /// The places of the properties that each piece consists of.
    groups: Vec<Range<usize>>,
    /// How many numbers a feature is put together of: that of its id, and of each piece that has one.
    width: usize,
}

/// A group of properties.
#[derive(Debug, Clone)]
pub(in crate::store) struct Cut {
    /// Where its number stands among those of a row, if features that have all of it alike have one in common.
    pub(in crate::store) number: Option<usize>,
    /// The places of the properties.
    pub(in crate::store) properties: Range<usize>,
}

/// A piece of the JSON of a feature, behind its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece {
    /// A part that is kept as JSON.
    Shared,
    /// The point, written anew.
    Point,
    /// A property that makes a group alone, since hardly two features have it alike: a text that is
    /// kept for its column in any case.
    Word(usize),
    /// The same for a whole number.
    Integer(usize),
}

impl Piece {
    /// Whether it is a text that is kept, and its number stands in the row.
    pub(super) fn has_number(self) -> bool {
        matches!(self, Self::Shared | Self::Word(_))
    }
}

/// What stands before the geometry.
pub(super) const GEOMETRY: &str = ",\"geometry\":";

impl Layout {
    /// The layout of points with these properties.
    pub fn new(properties: &'static [Property]) -> Self {
        let begins = |place: &usize| {
            *place == 0 || properties.get(*place).is_none_or(|(name, ..)| GROUPS.contains(name))
        };
        let bounds: Vec<usize> = (0..=properties.len()).filter(begins).collect();
        let groups: Vec<Range<usize>> = std::iter::once(0..0)
            .chain(bounds.iter().zip(bounds.iter().skip(1)).map(|(&start, &end)| start..end))
            .collect();
        let piece = |group: &Range<usize>| match properties.get(group.clone()) {
            Some([(_, PropertyType::Text, _)]) => Piece::Word(group.start),
            Some([(_, PropertyType::Integer, _)]) => Piece::Integer(group.start),
            Some([]) | None => Piece::Point,
            Some(_) => Piece::Shared,
        };
        let pieces: Vec<Piece> = groups.iter().map(piece).collect();
        let key = |(place, (name, ..)): (usize, &Property)| {
            let before = if place == 0 { ",\"properties\":{" } else { "," };
            format!("{before}\"{name}\":")
        };
        let keys = properties.iter().enumerate().map(key).collect();
        let width = pieces.iter().filter(|piece| piece.has_number()).count() + 1;
        Self { properties, keys, pieces, groups, width }
    }

    /// The layout of areas with these properties. They are as parts of the JSON.
    pub fn of_areas(properties: &'static [Property]) -> Self {
        let mut layout = Self::new(properties);
        layout.pieces.iter_mut().take(1).for_each(|piece| *piece = Piece::Shared);
        layout.width += 1;
        layout
    }

    /// How many numbers a feature is put together of.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// The pieces of a feature, behind its id.
    pub(super) fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// The pieces, each with the places of its properties.
    pub(super) fn groups(&self) -> impl Iterator<Item = (Piece, Range<usize>)> {
        self.pieces.iter().copied().zip(self.groups.iter().cloned())
    }

    /// The groups of properties.
    pub(super) fn cut(&self) -> impl Iterator<Item = Cut> {
        let mut next = 1;
        let cuts = self.groups().map(move |(piece, properties)| {
            let number = (piece == Piece::Shared).then_some(next);
            next += usize::from(piece.has_number());
            Cut { number, properties }
        });
        cuts.filter(|cut| !cut.properties.is_empty())
    }

    pub(super) fn key(&self, property: usize) -> &str {
        self.keys.get(property).map_or("", String::as_str)
    }

    /// A list may be given as it is kept.
    fn of_its_type<'a>(&self, property: usize, value: Given<'a>) -> Given<'a> {
        let is_list = || matches!(self.properties.get(property), Some((_, PropertyType::List, _)));
        match value {
            Given::Text(text) if is_list() => Given::List(list(&text).into()),
            value => value,
        }
    }

    /// What a feature without properties ends with, and one with some.
    pub(super) fn end(&self) -> &'static str {
        if self.properties.is_empty() { ",\"properties\":{}}" } else { "}}" }
    }
}

/// A value on its way into the index.
#[derive(Debug, Clone, PartialEq)]
pub enum Given<'a> {
    /// Not known.
    Null,
    /// A whole number.
    Integer(i64),
    /// A number.
    Real(f64),
    /// A text.
    Text(Cow<'a, str>),
    /// A list of texts.
    List(Cow<'a, [String]>),
}

impl<'a> From<&'a Value> for Given<'a> {
    fn from(value: &'a Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(is) => Self::Integer((*is).into()),
            Value::Number(number) => match number.as_i64() {
                Some(whole) => Self::Integer(whole),
                None => number.as_f64().map_or(Self::Null, Self::Real),
            },
            Value::String(text) => Self::Text(text.into()),
            Value::Array(items) => {
                let texts = items.iter().filter_map(Value::as_str).map(str::to_owned);
                Self::List(texts.collect())
            }
            Value::Object(_) => Self::Text(value.to_string().into()),
        }
    }
}

/// The values of a feature where they come from, in the order of the properties.
pub trait Values {
    /// Why one cannot be read.
    type Error;

    /// The value of a property. A list may be given as its JSON.
    fn value(&self, property: usize) -> Result<Given<'_>, Self::Error>;

    /// Adds bytes that tell it from every other value, which is much less work than to read it.
    fn mark(&self, property: usize, out: &mut Vec<u8>) -> Result<(), Self::Error>;
}

/// A value of a row; texts stand in its text.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    Null,
    Integer(i64),
    Real(f64),
    Text(Range<usize>),
    /// One that is written otherwise in JSON.
    Apart(Box<str>),
    List(Vec<String>),
}

/// What a feature has of a group of properties.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Part {
    /// Its own values, with their JSON where that is kept as such. Features behind it in a
    /// [series](super::Series) say by the number that they have the same.
    New { json: Range<usize>, known: Option<u32> },
    /// What an earlier one of the series has under this number.
    Known(u32),
}

/// One feature on its way into an [`super::Index`], its JSON ready.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Row {
    pub(super) sequence: u64,
    pub(super) id: String,
    pub(super) at: Option<LonLat>,
    pub(super) area: Option<MultiPolygon>,
    pub(super) days: Option<(Date, Date)>,
    /// One for each piece.
    pub(super) parts: Vec<Part>,
    /// The values of those that are new.
    pub(super) cells: Vec<Cell>,
    /// The texts of these, and the JSON of those.
    pub(super) text: String,
    /// Changes with whatever the feature says.
    pub(super) digest: u32,
}

impl Row {
    /// A feature with a point, first and last day, and values in the order of the properties.
    ///
    /// The sequence number must be greater than that of every row before it, and above zero.
    pub fn new<'a>(
        layout: &Layout,
        (sequence, id): (u64, String),
        at: Option<LonLat>,
        days: Option<(Date, Date)>,
        values: impl IntoIterator<Item = Given<'a>>,
    ) -> Self {
        Self { sequence, id, at, days, ..Self::default() }.with(layout, values)
    }

    /// A feature without days that is an area, given for answers and for computing.
    pub fn of_area<'a>(
        layout: &Layout,
        (sequence, id): (u64, String),
        (geometry, area): (&impl Serialize, MultiPolygon),
        values: impl IntoIterator<Item = Given<'a>>,
    ) -> Self {
        let mut row = Self { sequence, id, area: Some(area), ..Self::default() };
        row.text.push_str(GEOMETRY);
        write_json(&mut row.text, geometry);
        row.with(layout, values)
    }

    fn with<'a>(mut self, layout: &Layout, values: impl IntoIterator<Item = Given<'a>>) -> Self {
        let mut values = values.into_iter();
        let add = |(piece, properties): (Piece, Range<usize>)| {
            let values = values.by_ref().take(properties.len()).map(Ok::<_, Infallible>);
            let Ok(digest) = self.add(layout, (piece, properties), values, None);
            digest
        };
        let digests: Vec<u64> = layout.groups().map(add).collect();
        self.seal(&digests);
        self
    }

    /// Adds its own values of the next group, and gives a number that changes with them.
    pub(super) fn add<'a, E>(
        &mut self,
        layout: &Layout,
        (piece, properties): (Piece, Range<usize>),
        values: impl IntoIterator<Item = Result<Given<'a>, E>>,
        known: Option<u32>,
    ) -> Result<u64, E> {
        // That of an area stands there already.
        let start = if properties.is_empty() { 0 } else { self.text.len() };
        let first = self.cells.len();
        for (place, value) in properties.zip(values) {
            let value = layout.of_its_type(place, value?);
            if piece == Piece::Shared {
                self.text.push_str(layout.key(place));
                self.keep_with_json(value);
            } else {
                self.keep(value);
            }
        }
        let json = if piece == Piece::Shared { start..self.text.len() } else { 0..0 };
        self.parts.push(Part::New { json, known });
        Ok(self.digest_from(first))
    }

    /// Adds values whose JSON is there already.
    pub(super) fn add_again<'a>(
        &mut self,
        json: &str,
        values: impl IntoIterator<Item = Given<'a>>,
        known: Option<u32>,
    ) {
        let start = self.text.len();
        self.text.push_str(json);
        self.parts.push(Part::New { json: start..self.text.len(), known });
        values.into_iter().for_each(|value| self.keep(value));
    }

    /// Completes it when all of its groups are there.
    pub(super) fn seal(&mut self, digests: &[u64]) {
        self.digest = self.digest(digests);
    }

    /// Its place in the sequence of changes.
    pub fn sequence(&self) -> u64 {
        self.sequence
    }

    fn keep(&mut self, value: Given<'_>) {
        let cell = match value {
            Given::Null => Cell::Null,
            Given::Integer(number) => Cell::Integer(number),
            Given::Real(number) => Cell::Real(number),
            Given::List(items) => Cell::List(items.into_owned()),
            Given::Text(text) => Cell::Text(self.push(&text)),
        };
        self.cells.push(cell);
    }

    /// The same, with its JSON: in this most texts stand as they are.
    fn keep_with_json(&mut self, value: Given<'_>) {
        match &value {
            Given::Null => self.text.push_str("null"),
            Given::Integer(number) => write_integer(&mut self.text, Some(*number)),
            Given::Real(number) => write_json(&mut self.text, number),
            Given::List(items) => write_json(&mut self.text, items),
            Given::Text(text) if is_plain(text) => {
                self.text.push('"');
                let text = self.push(text);
                self.text.push('"');
                return self.cells.push(Cell::Text(text));
            }
            Given::Text(text) => {
                write_json(&mut self.text, text);
                return self.cells.push(Cell::Apart(text.as_ref().into()));
            }
        }
        self.keep(value);
    }

    fn push(&mut self, text: &str) -> Range<usize> {
        let start = self.text.len();
        self.text.push_str(text);
        start..self.text.len()
    }

    /// The values of its new parts, each with the place in its text where it stands, if it does.
    pub(super) fn values(&self) -> impl Iterator<Item = (Given<'_>, Option<usize>)> {
        self.cells.iter().map(|cell| match cell {
            Cell::Null => (Given::Null, None),
            Cell::Integer(number) => (Given::Integer(*number), None),
            Cell::Real(number) => (Given::Real(*number), None),
            Cell::Text(range) => (Given::Text(self.text(range).into()), Some(range.start)),
            Cell::Apart(text) => (Given::Text(text.as_ref().into()), None),
            Cell::List(items) => (Given::List(items.into()), None),
        })
    }

    /// A part of its text.
    pub(super) fn text(&self, range: &Range<usize>) -> &str {
        self.text.get(range.clone()).unwrap_or_default()
    }

    /// A number that changes with the values from there on.
    fn digest_from(&self, first: usize) -> u64 {
        let mut hasher = FixedState::default().build_hasher();
        for cell in self.cells.iter().skip(first) {
            match cell {
                Cell::Null => hasher.write_u8(0),
                Cell::Integer(number) => hasher.write_i64(*number),
                Cell::Real(number) => hasher.write_u64(number.to_bits()),
                Cell::Text(range) => self.text(range).hash(&mut hasher),
                Cell::Apart(text) => text.hash(&mut hasher),
                Cell::List(items) => items.hash(&mut hasher),
            }
        }
        hasher.finish()
    }

    #[expect(clippy::cast_possible_truncation, reason = "half of the bits are enough")]
    fn digest(&self, parts: &[u64]) -> u32 {
        let mut hasher = FixedState::default().build_hasher();
        for degrees in self.at.iter().flat_map(|at| [at.lon(), at.lat()]) {
            hasher.write_u64(degrees.to_bits());
        }
        parts.hash(&mut hasher);
        self.id.hash(&mut hasher);
        // The geometry of an area stands in its text alone; what a point says is hashed already.
        if self.area.is_some() {
            self.text.hash(&mut hasher);
        }
        hasher.finish() as u32
    }
}

/// Adds a value of a kind to bytes that tell values from others: with its length, so that no two of them run together.
pub(in crate::store) fn mark(out: &mut Vec<u8>, kind: u8, bytes: &[u8]) {
    out.push(kind);
    out.extend(bytes.len().to_le_bytes());
    out.extend(bytes);
}

/// A list as it is kept, an array of JSON; what is none is its only item.
pub(in crate::store) fn list(text: &str) -> Vec<String> {
    serde_json::from_str(text).unwrap_or_else(|_not_json| vec![text.to_owned()])
}

/// Whether a text stands in JSON as it is.
pub(in crate::store) fn is_plain(text: &str) -> bool {
    !text.bytes().any(|byte| byte < b' ' || byte == b'"' || byte == b'\\')
}

/// Adds such a text.
pub(in crate::store) fn write_text(out: &mut String, text: &str) {
    out.push('"');
    out.push_str(text);
    out.push('"');
}

/// Adds a point as GeoJSON, as [`LonLat`] serialises itself: the one geometry that is written for
/// every feature, so without a detour.
pub(super) fn write_point(out: &mut String, at: Option<LonLat>) {
    let Some(at) = at else { return out.push_str("null") };
    let mut buffer = zmij::Buffer::new();
    out.push_str("{\"type\":\"Point\",\"coordinates\":[");
    out.push_str(buffer.format_finite(at.lon()));
    out.push(',');
    out.push_str(buffer.format_finite(at.lat()));
    out.push_str("]}");
}

/// Adds a whole number.
pub(super) fn write_integer(out: &mut String, number: Option<i64>) {
    match number {
        Some(number) => out.push_str(itoa::Buffer::new().format(number)),
        None => out.push_str("null"),
    }
}

/// Adds a value as JSON.
pub(in crate::store) fn write_json(out: &mut String, value: &(impl Serialize + ?Sized)) {
    struct Text<'a>(&'a mut String);
    impl std::io::Write for Text<'_> {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            let text = str::from_utf8(bytes).map_err(std::io::Error::other)?;
            self.0.push_str(text);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    serde_json::to_writer(Text(out), value).expect("texts and numbers can be written as JSON");
}
