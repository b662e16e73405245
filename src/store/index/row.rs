//! A feature on its way into the index, and how its JSON is cut into parts that features share.

use std::borrow::Cow;
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
    slots: Vec<Slot>,
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

/// How a property is written.
#[derive(Debug)]
struct Slot {
    /// What stands between the value before and its own.
    key: String,
    /// It ends a part.
    ends: bool,
    /// It is no part of one.
    is_own: bool,
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
        let begins = |place: usize| {
            place == 0 || properties.get(place).is_none_or(|(name, ..)| GROUPS.contains(name))
        };
        let slot = |(place, &(name, kind, _)): (usize, &Property)| {
            let before = if place == 0 { ",\"properties\":{" } else { "," };
            let is_plain = matches!(kind, PropertyType::Text | PropertyType::Integer);
            let ends = begins(place + 1);
            let is_own = is_plain && begins(place) && ends;
            Slot { key: format!("{before}\"{name}\":"), ends, is_own }
        };
        let slots: Vec<Slot> = properties.iter().enumerate().map(slot).collect();
        let ends = slots.iter().zip(properties).enumerate().filter(|(_, (slot, _))| slot.ends);
        let piece = |(place, (slot, (_, kind, _))): (usize, (&Slot, &Property))| match kind {
            PropertyType::Text if slot.is_own => Piece::Word(place),
            _ if slot.is_own => Piece::Integer(place),
            _ => Piece::Shared,
        };
        let groups = std::iter::once(0..0).chain(ends.clone().scan(0, |start, (place, _)| {
            let group = *start..place + 1;
            *start = group.end;
            Some(group)
        }));
        let groups = groups.collect();
        let pieces: Vec<Piece> = std::iter::once(Piece::Point).chain(ends.map(piece)).collect();
        let width = pieces.iter().filter(|piece| piece.has_number()).count() + 1;
        Self { properties, slots, pieces, groups, width }
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
        self.slots.get(property).map_or("", |slot| &slot.key)
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

impl<'a> Given<'a> {
    /// A list as it is kept, an array of JSON; what is none is its only item.
    pub fn list(text: Cow<'a, str>) -> Self {
        let items = serde_json::from_str(&text);
        Self::List(items.unwrap_or_else(|_not_json| vec![text.into_owned()]).into())
    }

    fn write_json(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Integer(number) => write_integer(out, Some(*number)),
            Self::Real(number) => write_json(out, number),
            Self::Text(text) if is_plain(text) => write_text(out, text),
            Self::Text(text) => write_json(out, text),
            Self::List(items) => write_json(out, items),
        }
    }
}

/// A value of a row; texts stand in the text of the row.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    Null,
    Integer(i64),
    Real(f64),
    Text(Range<usize>),
    List(Vec<String>),
}

/// One feature on its way into an [`super::Index`], its JSON ready.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Row {
    pub(super) sequence: u64,
    pub(super) id: String,
    pub(super) at: Option<LonLat>,
    pub(super) area: Option<MultiPolygon>,
    pub(super) days: Option<(Date, Date)>,
    pub(super) cells: Vec<Cell>,
    pub(super) texts: String,
    pub(super) json: String,
    /// Where the parts of the JSON end.
    pub(super) ends: Vec<usize>,
    /// Changes with whatever the feature says.
    pub(super) digest: u32,
}

/// Bytes that the JSON of an event has, and its texts: to make room for at once.
const ROOM: (usize, usize) = (2_048, 1_024);

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
        let row = Self { sequence, id, at, days, ..Self::default() };
        row.with(layout, values)
    }

    /// The same for an event: its days stand among its values.
    pub fn of_event(
        layout: &Layout,
        number: (u64, String),
        at: Option<LonLat>,
        values: Vec<Given<'_>>,
    ) -> Self {
        let day = |name: &str| {
            let place = layout.properties.iter().position(|&(known, ..)| known == name)?;
            let Given::Text(day) = values.get(place)? else { return None };
            day.parse().ok()
        };
        let first = day("event_date");
        let days = first.map(|first| (first, day("event_date_end").unwrap_or(first)));
        Self::new(layout, number, at, days, values)
    }

    /// A feature without days that is an area, given for answers and for computing.
    pub fn of_area<'a>(
        layout: &Layout,
        (sequence, id): (u64, String),
        (geometry, area): (&impl Serialize, MultiPolygon),
        values: impl IntoIterator<Item = Given<'a>>,
    ) -> Self {
        let mut row = Self { sequence, id, area: Some(area), ..Self::default() };
        row.json.push_str(GEOMETRY);
        write_json(&mut row.json, geometry);
        row.ends.push(row.json.len());
        row.with(layout, values)
    }

    fn with<'a>(mut self, layout: &Layout, values: impl IntoIterator<Item = Given<'a>>) -> Self {
        self.json.reserve(ROOM.0);
        self.texts.reserve(ROOM.1);
        self.cells.reserve(layout.slots.len());
        for (slot, value) in layout.slots.iter().zip(values) {
            if !slot.is_own {
                self.json.push_str(&slot.key);
                value.write_json(&mut self.json);
                if slot.ends {
                    self.ends.push(self.json.len());
                }
            }
            self.keep(value);
        }
        self.digest = self.digest();
        self
    }

    /// Its place in the sequence of changes.
    pub fn sequence(&self) -> u64 {
        self.sequence
    }

    /// What an index keeps of values and shared parts, to be completed.
    pub(super) fn again<'a>(
        values: impl IntoIterator<Item = Given<'a>>,
        parts: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let mut row = Self::default();
        for part in parts {
            row.json.push_str(part);
            row.ends.push(row.json.len());
        }
        values.into_iter().for_each(|value| row.keep(value));
        row
    }

    fn keep(&mut self, value: Given<'_>) {
        self.cells.push(match value {
            Given::Null => Cell::Null,
            Given::Integer(number) => Cell::Integer(number),
            Given::Real(number) => Cell::Real(number),
            Given::List(items) => Cell::List(items.into_owned()),
            Given::Text(text) => {
                let start = self.texts.len();
                self.texts.push_str(&text);
                Cell::Text(start..self.texts.len())
            }
        });
    }

    /// The values in the order of the properties.
    pub(super) fn values(&self) -> impl Iterator<Item = Given<'_>> {
        self.cells.iter().map(|cell| match cell {
            Cell::Null => Given::Null,
            Cell::Integer(number) => Given::Integer(*number),
            Cell::Real(number) => Given::Real(*number),
            Cell::Text(range) => {
                Given::Text(self.texts.get(range.clone()).unwrap_or_default().into())
            }
            Cell::List(items) => Given::List(items.into()),
        })
    }

    /// The parts of its JSON that are kept as such, the geometry first.
    pub(super) fn parts(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(&0).chain(&self.ends);
        starts.zip(&self.ends).filter_map(|(&start, &end)| self.json.get(start..end))
    }

    #[expect(clippy::cast_possible_truncation, reason = "half of the bits are enough")]
    fn digest(&self) -> u32 {
        let mut hasher = FixedState::default().build_hasher();
        for degrees in self.at.iter().flat_map(|at| [at.lon(), at.lat()]) {
            hasher.write_u64(degrees.to_bits());
        }
        for cell in &self.cells {
            match cell {
                Cell::Null => hasher.write_u8(0),
                Cell::Integer(number) => hasher.write_i64(*number),
                Cell::Real(number) => hasher.write_u64(number.to_bits()),
                Cell::Text(range) => hasher.write_usize(range.end),
                Cell::List(items) => items.hash(&mut hasher),
            }
        }
        // The geometry of an area stands in its JSON alone; what a point says is hashed already.
        let shape = if self.area.is_some() { self.json.as_str() } else { "" };
        for text in [&self.id, &self.texts, shape] {
            hasher.write(text.as_bytes());
            hasher.write_usize(text.len());
        }
        hasher.finish() as u32
    }
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
