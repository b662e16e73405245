//! One property of all features, packed for comparing.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::io::{self, Read, Write};
use std::sync::Arc;

use foldhash::fast::FixedState;
use jiff::civil::Date;

use super::frames::{Broken, Reader, Writer};
use super::growing::Growing;
use super::index::Given;
use super::packed::Packed;
use super::words::Words;
use crate::model::event::PropertyType;

/// Stands for a missing text.
const NO_WORD: u32 = 0;

/// Stands for a missing number, and for one that stands elsewhere because it is too large.
const NO_INTEGER: i32 = i32::MIN;
const WIDE: i32 = i32::MIN + 1;

/// The values of one property, one each feature, in the order of the rows.
#[derive(Debug, Clone)]
pub(super) enum Column {
    Text(Packed<u32>),
    List(Packed<u32>, Lists),
    Integer(Packed<i32>, Arc<HashMap<usize, i64>>),
    /// The bits of the numbers.
    Real(Packed<u64>),
    Date(Packed<Option<Date>>),
}

/// Lists that features have, by number: many have the same.
#[derive(Debug, Clone, Default)]
pub(super) struct Lists {
    numbers: Arc<HashMap<Box<[u32]>, u32, FixedState>>,
    items: Growing<Box<[u32]>>,
}

impl Lists {
    fn number(&mut self, items: Box<[u32]>) -> u32 {
        if let Some(&known) = self.numbers.get(&items) {
            return known;
        }
        let number = u32::try_from(self.items.len()).expect("there are fewer lists than rows");
        self.items.push(items.clone());
        Arc::make_mut(&mut self.numbers).insert(items, number);
        number
    }

    fn get(&self, number: Option<&u32>) -> &[u32] {
        number.and_then(|&number| self.items.get(number as usize)).map_or(&[], |items| items)
    }
}

impl Lists {
    fn read(input: &mut Reader<impl Read>) -> Result<Self, Broken> {
        let items = Growing::<Box<[u32]>>::read(input)?;
        let numbers = items.iter().cloned().zip(0..).collect();
        Ok(Self { numbers: Arc::new(numbers), items })
    }
}

/// A value as a column keeps it: of a text or a list the number.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kept {
    Null,
    Number(u32),
    Integer(i64),
    Real(f64),
    Day(Date),
}

/// A value that a query asks for, in the type of its column.
#[derive(Debug, Clone, Copy)]
pub(super) enum Wanted {
    Word(u32),
    Integer(i64),
    Real(f64),
    Date(Date),
    /// No feature has it: a text never seen, or not of the column's type.
    Nothing,
}

/// A value by what tells it from others: a text or a list by the numbers of its words, a real number by its
/// bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Brief<'a> {
    Words(&'a [u32]),
    Integer(i64),
    Real(u64),
    Day(Date),
}

impl Brief<'_> {
    pub(super) fn words(&self) -> impl Iterator<Item = u32> {
        let words = if let Self::Words(words) = *self { words } else { &[] };
        words.iter().copied()
    }
}

impl Column {
    pub(super) fn new(kind: PropertyType) -> Self {
        match kind {
            PropertyType::Text | PropertyType::Enum(_) => Self::Text(Packed::default()),
            PropertyType::List => Self::List(Packed::default(), Lists::default()),
            PropertyType::Integer => Self::Integer(Packed::default(), Arc::default()),
            PropertyType::Real => Self::Real(Packed::default()),
            PropertyType::Date => Self::Date(Packed::default()),
        }
    }

    /// A value as the column keeps it; one that is not of its type is not known. A text may stand within another one,
    /// which has that number, from that byte on.
    pub(super) fn kept(
        &mut self,
        value: &Given<'_>,
        words: &mut Words,
        within: Option<(u32, usize)>,
    ) -> Kept {
        match (self, value) {
            (Self::Text(_), Given::Text(text)) => Kept::Number(match within {
                Some(within) => words.number_in(text, within),
                None => words.number(text),
            }),
            (Self::Text(_), _) => Kept::Number(NO_WORD),
            (Self::List(_, lists), value) => {
                let items = if let Given::List(items) = value { items.as_ref() } else { &[] };
                let items = items.iter().map(|item| words.number(item)).collect();
                Kept::Number(lists.number(items))
            }
            (Self::Integer(..), &Given::Integer(number)) => Kept::Integer(number),
            (Self::Real(_), &Given::Real(number)) => Kept::Real(number),
            #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
            (Self::Real(_), &Given::Integer(number)) => Kept::Real(number as f64),
            (Self::Date(_), Given::Text(day)) => day.parse().map_or(Kept::Null, Kept::Day),
            (Self::Integer(..) | Self::Real(_) | Self::Date(_), _) => Kept::Null,
        }
    }

    /// Adds a value.
    pub(super) fn push(&mut self, value: Kept) {
        match (self, value) {
            (Self::Text(column) | Self::List(column, _), Kept::Number(number)) => {
                column.push(number);
            }
            (Self::Text(column) | Self::List(column, _), _) => column.push(NO_WORD),
            (Self::Integer(column, wide), Kept::Integer(number)) => {
                let small = i32::try_from(number).ok().filter(|&small| small > WIDE);
                if small.is_none() {
                    Arc::make_mut(wide).insert(column.len(), number);
                }
                column.push(small.unwrap_or(WIDE));
            }
            (Self::Integer(column, _), _) => column.push(NO_INTEGER),
            (Self::Real(column), Kept::Real(number)) => column.push(number.to_bits()),
            (Self::Real(column), _) => column.push(f64::NAN.to_bits()),
            (Self::Date(column), Kept::Day(day)) => column.push(Some(day)),
            (Self::Date(column), _) => column.push(None),
        }
    }

    /// How many values there are.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Text(column) | Self::List(column, _) => column.len(),
            Self::Integer(column, _) => column.len(),
            Self::Real(column) => column.len(),
            Self::Date(column) => column.len(),
        }
    }

    pub(super) fn write(&self, out: &mut Writer<impl Write>) -> io::Result<()> {
        match self {
            Self::Text(column) => out.put(column),
            Self::List(column, lists) => {
                out.put(column)?;
                lists.items.write(out)
            }
            Self::Integer(column, wide) => {
                out.put(column)?;
                out.put(wide)
            }
            Self::Real(column) => out.put(column),
            Self::Date(column) => out.put(column),
        }
    }

    /// Takes the values that were written of a column of its type.
    pub(super) fn read(&mut self, input: &mut Reader<impl Read>) -> Result<(), Broken> {
        match self {
            Self::Text(column) => *column = input.take()?,
            Self::List(column, lists) => {
                (*column, *lists) = (input.take()?, Lists::read(input)?);
            }
            Self::Integer(column, wide) => (*column, *wide) = (input.take()?, input.take()?),
            Self::Real(column) => *column = input.take()?,
            Self::Date(column) => *column = input.take()?,
        }
        Ok(())
    }

    pub(super) fn wanted(&self, text: &str, words: &Words) -> Wanted {
        let wanted = match self {
            Self::Text(_) | Self::List(..) => words.find(text).map(Wanted::Word),
            Self::Integer(..) => text.parse().ok().map(Wanted::Integer),
            Self::Real(_) => text.parse().ok().map(Wanted::Real),
            Self::Date(_) => text.parse().ok().map(Wanted::Date),
        };
        wanted.unwrap_or(Wanted::Nothing)
    }

    /// Whether the feature in this row has the value; for a list, whether the list holds it.
    pub(super) fn has(&self, row: usize, wanted: Wanted) -> bool {
        match (self, wanted) {
            (Self::Text(column), Wanted::Word(word)) => column.get(row) == Some(&word),
            (Self::List(column, lists), Wanted::Word(word)) => {
                lists.get(column.get(row)).contains(&word)
            }
            (Self::Integer(..), Wanted::Integer(n)) => self.integer(row) == Some(n),
            (Self::Real(column), Wanted::Real(x)) => real(column, row) == Some(x),
            (Self::Date(column), Wanted::Date(day)) => column.get(row) == Some(&Some(day)),
            _ => false,
        }
    }

    /// Whether the feature in this row has no value here; a list, whether it is empty.
    pub(super) fn is_null(&self, row: usize) -> bool {
        match self {
            Self::Text(column) => column.get(row).is_none_or(|&word| word == NO_WORD),
            Self::List(column, lists) => lists.get(column.get(row)).is_empty(),
            Self::Integer(..) => self.integer(row).is_none(),
            Self::Real(column) => real(column, row).is_none(),
            Self::Date(column) => value(column, row).is_none(),
        }
    }

    /// The whole number in this row.
    pub(super) fn integer(&self, row: usize) -> Option<i64> {
        let Self::Integer(column, wide) = self else { return None };
        match *column.get(row)? {
            NO_INTEGER => None,
            WIDE => wide.get(&row).copied(),
            small => Some(small.into()),
        }
    }

    /// The number in this row.
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    pub(super) fn number(&self, row: usize) -> Option<f64> {
        match self {
            Self::Integer(..) => self.integer(row).map(|number| number as f64),
            Self::Real(column) => real(column, row),
            _ => None,
        }
    }

    /// The day in this row.
    pub(super) fn day(&self, row: usize) -> Option<Date> {
        match self {
            Self::Date(column) => value(column, row),
            _ => None,
        }
    }

    /// The value in this row as it came, if it was of the type.
    pub(super) fn given<'a>(&self, row: usize, words: &'a Words) -> Given<'a> {
        match self {
            Self::Text(_) => {
                self.text(row, words).map_or(Given::Null, |text| Given::Text(text.into()))
            }
            Self::List(..) => Given::List(self.items(row, words).map(str::to_owned).collect()),
            Self::Integer(..) => self.integer(row).map_or(Given::Null, Given::Integer),
            Self::Real(column) => real(column, row).map_or(Given::Null, Given::Real),
            Self::Date(column) => {
                value(column, row).map_or(Given::Null, |day| Given::Text(day.to_string().into()))
            }
        }
    }

    /// The text in this row.
    pub(super) fn text<'a>(&self, row: usize, words: &'a Words) -> Option<&'a str> {
        match self {
            Self::Text(column) => column.get(row).and_then(|&word| words.text(word)),
            _ => None,
        }
    }

    /// The numbers of the words in this row; a missing text has one that no word has.
    pub(super) fn codes(&self, row: usize) -> &[u32] {
        match self {
            Self::Text(column) => column.get(row).map(std::slice::from_ref).unwrap_or_default(),
            Self::List(column, lists) => lists.get(column.get(row)),
            _ => &[],
        }
    }

    /// The value in this row in brief, if there is one.
    pub(super) fn brief(&self, row: usize) -> Option<Brief<'_>> {
        match self {
            Self::Text(_) | Self::List(..) => {
                let codes = self.codes(row);
                (!codes.is_empty() && codes != [NO_WORD]).then_some(Brief::Words(codes))
            }
            Self::Integer(..) => self.integer(row).map(Brief::Integer),
            Self::Real(column) => real(column, row).map(|number| Brief::Real(number.to_bits())),
            Self::Date(column) => value(column, row).map(Brief::Day),
        }
    }

    /// What the list in this row holds.
    pub(super) fn items<'a>(
        &'a self,
        row: usize,
        words: &'a Words,
    ) -> impl Iterator<Item = &'a str> + Clone {
        let items = match self {
            Self::List(column, lists) => lists.get(column.get(row)),
            _ => &[],
        };
        items.iter().filter_map(|&word| words.text(word))
    }

    /// How two rows are sorted by it: numbers and days by size, texts by their characters, what is
    /// not known last. Lists are not sorted.
    pub(super) fn compare(
        &self,
        (a, b): (usize, usize),
        descending: bool,
        words: &Words,
    ) -> Ordering {
        match self {
            Self::Text(_) => {
                known_first(self.text(a, words), self.text(b, words), descending, Ord::cmp)
            }
            Self::List(..) => Ordering::Equal,
            Self::Integer(..) => {
                known_first(self.integer(a), self.integer(b), descending, Ord::cmp)
            }
            Self::Real(column) => {
                known_first(real(column, a), real(column, b), descending, f64::total_cmp)
            }
            Self::Date(column) => {
                known_first(value(column, a), value(column, b), descending, Ord::cmp)
            }
        }
    }
}

fn value<T: Copy>(column: &Packed<Option<T>>, row: usize) -> Option<T> {
    column.get(row).copied().flatten()
}

fn real(column: &Packed<u64>, row: usize) -> Option<f64> {
    column.get(row).map(|&bits| f64::from_bits(bits)).filter(|number| !number.is_nan())
}

fn known_first<T>(
    a: Option<T>,
    b: Option<T>,
    descending: bool,
    compare: impl Fn(&T, &T) -> Ordering,
) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) if descending => compare(&b, &a),
        (Some(a), Some(b)) => compare(&a, &b),
        (a, b) => b.is_some().cmp(&a.is_some()),
    }
}
