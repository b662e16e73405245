//! One property of all features, packed for comparing.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;
use serde_json::Value;

use crate::model::event::PropertyType;

/// Stands for a missing text.
const NO_WORD: u32 = 0;

/// Texts by number, so that comparing two is comparing two numbers.
#[derive(Debug, Default)]
pub(super) struct Words {
    numbers: HashMap<Arc<str>, u32>,
    /// In the order of their numbers, which begin with one.
    texts: Vec<Arc<str>>,
}

impl Words {
    fn number(&mut self, word: &str) -> u32 {
        if let Some(&known) = self.numbers.get(word) {
            return known;
        }
        let word: Arc<str> = word.into();
        self.texts.push(Arc::clone(&word));
        let number =
            u32::try_from(self.texts.len()).expect("four thousand million texts fit no memory");
        self.numbers.insert(word, number);
        number
    }

    fn find(&self, word: &str) -> Option<u32> {
        self.numbers.get(word).copied()
    }

    pub(super) fn text(&self, number: u32) -> Option<&str> {
        let place = usize::try_from(number).ok()?.checked_sub(1)?;
        self.texts.get(place).map(|text| &**text)
    }
}

/// The values of one property, one each feature, in the order of the rows.
#[derive(Debug)]
pub(super) enum Column {
    Text(Vec<u32>),
    List(Vec<Box<[u32]>>),
    Integer(Vec<Option<i64>>),
    Real(Vec<Option<f64>>),
    Date(Vec<Option<Date>>),
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
            PropertyType::Text | PropertyType::Enum(_) => Self::Text(Vec::new()),
            PropertyType::List => Self::List(Vec::new()),
            PropertyType::Integer => Self::Integer(Vec::new()),
            PropertyType::Real => Self::Real(Vec::new()),
            PropertyType::Date => Self::Date(Vec::new()),
        }
    }

    pub(super) fn push(&mut self, value: &Value, words: &mut Words) {
        match self {
            Self::Text(column) => {
                column.push(value.as_str().map_or(NO_WORD, |text| words.number(text)));
            }
            Self::List(column) => {
                let items = value.as_array().into_iter().flatten().filter_map(Value::as_str);
                column.push(items.map(|item| words.number(item)).collect());
            }
            Self::Integer(column) => column.push(value.as_i64()),
            Self::Real(column) => column.push(value.as_f64()),
            Self::Date(column) => column.push(value.as_str().and_then(|day| day.parse().ok())),
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
            (Self::Integer(column), Wanted::Integer(n)) => column.get(row) == Some(&Some(n)),
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
            Self::Integer(column) => value(column, row).is_none(),
            Self::Real(column) => value(column, row).is_none(),
            Self::Date(column) => value(column, row).is_none(),
        }
    }

    /// The number in this row.
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    pub(super) fn number(&self, row: usize) -> Option<f64> {
        match self {
            Self::Integer(column) => value(column, row).map(|number| number as f64),
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

    /// The text in this row.
    pub(super) fn text<'a>(&self, row: usize, words: &'a Words) -> Option<&'a str> {
        match self {
            Self::Text(column) => column.get(row).and_then(|&word| words.text(word)),
            _ => None,
        }
    }

    /// The numbers of all texts in this row.
    pub(super) fn text_numbers(&self, row: usize) -> &[u32] {
        match self {
            Self::Text(column) => column.get(row).map_or(&[], std::slice::from_ref),
            Self::List(column) => column.get(row).map_or(&[], |items| items),
            _ => &[],
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
                known_first(value(column, a), value(column, b), descending, Ord::cmp)
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

fn value<T: Copy>(column: &[Option<T>], row: usize) -> Option<T> {
    column.get(row).copied().flatten()
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
