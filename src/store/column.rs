//! One property of all features, packed for comparing.

use std::cmp::Ordering;

use jiff::civil::Date;

use super::growing::Growing;
use super::index::Given;
use super::words::Words;
use crate::model::event::PropertyType;

/// Stands for a missing text.
const NO_WORD: u32 = 0;

/// Stands for a missing number.
const NO_INTEGER: i64 = i64::MIN;

/// The values of one property, one each feature, in the order of the rows.
#[derive(Debug, Clone)]
pub(super) enum Column {
    Text(Growing<u32>),
    List(Growing<Box<[u32]>>),
    Integer(Growing<i64>),
    Real(Growing<Option<f64>>),
    Date(Growing<Option<Date>>),
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

impl Column {
    pub(super) fn new(kind: PropertyType) -> Self {
        match kind {
            PropertyType::Text | PropertyType::Enum(_) => Self::Text(Growing::default()),
            PropertyType::List => Self::List(Growing::default()),
            PropertyType::Integer => Self::Integer(Growing::default()),
            PropertyType::Real => Self::Real(Growing::default()),
            PropertyType::Date => Self::Date(Growing::default()),
        }
    }

    /// A value that is not of its type is not known.
    pub(super) fn push(&mut self, value: &Given<'_>, words: &mut Words) {
        match (self, value) {
            (Self::Text(column), Given::Text(text)) => column.push(words.number(text)),
            (Self::Text(column), _) => column.push(NO_WORD),
            (Self::List(column), Given::List(items)) => {
                column.push(items.iter().map(|item| words.number(item)).collect());
            }
            (Self::List(column), _) => column.push(Box::default()),
            (Self::Integer(column), &Given::Integer(number)) => column.push(number),
            (Self::Integer(column), _) => column.push(NO_INTEGER),
            (Self::Real(column), &Given::Real(number)) => column.push(Some(number)),
            #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
            (Self::Real(column), &Given::Integer(number)) => column.push(Some(number as f64)),
            (Self::Real(column), _) => column.push(None),
            (Self::Date(column), Given::Text(day)) => column.push(day.parse().ok()),
            (Self::Date(column), _) => column.push(None),
        }
    }

    pub(super) fn wanted(&self, text: &str, words: &Words) -> Wanted {
        let wanted = match self {
            Self::Text(_) | Self::List(_) => words.find(text).map(Wanted::Word),
            Self::Integer(_) => text.parse().ok().map(Wanted::Integer),
            Self::Real(_) => text.parse().ok().map(Wanted::Real),
            Self::Date(_) => text.parse().ok().map(Wanted::Date),
        };
        wanted.unwrap_or(Wanted::Nothing)
    }

    /// Whether the feature in this row has the value; for a list, whether the list holds it.
    pub(super) fn has(&self, row: usize, wanted: Wanted) -> bool {
        match (self, wanted) {
            (Self::Text(column), Wanted::Word(word)) => column.get(row) == Some(&word),
            (Self::List(column), Wanted::Word(word)) => {
                column.get(row).is_some_and(|items| items.contains(&word))
            }
            (Self::Integer(column), Wanted::Integer(n)) => integer(column, row) == Some(n),
            (Self::Real(column), Wanted::Real(x)) => column.get(row) == Some(&Some(x)),
            (Self::Date(column), Wanted::Date(day)) => column.get(row) == Some(&Some(day)),
            _ => false,
        }
    }

    /// Whether the feature in this row has no value here; a list, whether it is empty.
    pub(super) fn is_null(&self, row: usize) -> bool {
        match self {
            Self::Text(column) => column.get(row).is_none_or(|&word| word == NO_WORD),
            Self::List(column) => column.get(row).is_none_or(|items| items.is_empty()),
            Self::Integer(column) => integer(column, row).is_none(),
            Self::Real(column) => value(column, row).is_none(),
            Self::Date(column) => value(column, row).is_none(),
        }
    }

    /// The number in this row.
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    pub(super) fn number(&self, row: usize) -> Option<f64> {
        match self {
            Self::Integer(column) => integer(column, row).map(|number| number as f64),
            Self::Real(column) => value(column, row),
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

    /// The number of the text in this row.
    pub(super) fn word(&self, row: usize) -> Option<u32> {
        match self {
            Self::Text(column) => column.get(row).copied(),
            _ => None,
        }
    }

    /// The text in this row.
    pub(super) fn text<'a>(&self, row: usize, words: &'a Words) -> Option<&'a str> {
        match self {
            Self::Text(column) => column.get(row).and_then(|&word| words.text(word)),
            _ => None,
        }
    }

    /// What the list in this row holds.
    pub(super) fn items<'a>(
        &'a self,
        row: usize,
        words: &'a Words,
    ) -> impl Iterator<Item = &'a str> + Clone {
        let items = match self {
            Self::List(column) => column.get(row).map(|items| &**items),
            _ => None,
        };
        items.unwrap_or_default().iter().filter_map(|&word| words.text(word))
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
            Self::List(_) => Ordering::Equal,
            Self::Integer(column) => {
                known_first(integer(column, a), integer(column, b), descending, Ord::cmp)
            }
            Self::Real(column) => {
                known_first(value(column, a), value(column, b), descending, f64::total_cmp)
            }
            Self::Date(column) => {
                known_first(value(column, a), value(column, b), descending, Ord::cmp)
            }
        }
    }
}

fn value<T: Copy>(column: &Growing<Option<T>>, row: usize) -> Option<T> {
    column.get(row).copied().flatten()
}

fn integer(column: &Growing<i64>, row: usize) -> Option<i64> {
    column.get(row).copied().filter(|&number| number != NO_INTEGER)
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
