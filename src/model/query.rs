//! What can be asked of the store.

use std::num::NonZeroUsize;

use super::filter::Filter;
use super::point::Bbox;
use super::when::Interval;

/// How many features one answer holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit(NonZeroUsize);

impl Limit {
    /// The most that one answer holds; a greater wish is cut to it, as OGC API allows.
    pub const MOST: usize = 10_000;
    /// What is given when nothing is asked.
    pub const DEFAULT: Self = Self(NonZeroUsize::new(100).expect("a hundred is not zero"));

    /// A limit of at least one; more than [`Limit::MOST`] is cut to it. `None` for zero.
    pub fn new(wish: usize) -> Option<Self> {
        NonZeroUsize::new(wish.min(Self::MOST)).map(Self)
    }

    /// The number.
    pub const fn get(self) -> usize {
        self.0.get()
    }
}

/// Where a page begins: after the event with this sequence number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cursor(pub u64);

/// A property and the value it must have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Equals {
    /// The property.
    pub property: String,
    /// The value, as the parameter wrote it.
    pub value: String,
}

/// A property that features are sorted by. What is not known comes last, either way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SortKey {
    /// The property.
    pub property: String,
    /// The greatest first.
    pub descending: bool,
}

/// A question about events: all its parts must hold.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct EventQuery {
    /// In this box.
    pub bbox: Option<Bbox>,
    /// On these days. An event without a known day is not found by any interval.
    pub datetime: Option<Interval>,
    /// With these values.
    pub equals: Vec<Equals>,
    /// With words that begin so, folded; each must be there.
    pub words: Vec<String>,
    /// As this wants it.
    pub filter: Option<Filter>,
    /// By these, the first before the second; then, or if there are none, the newest day first.
    pub sort: Vec<SortKey>,
    /// From here on.
    pub after: Cursor,
    /// Without the first so many.
    pub offset: usize,
    /// At most so many.
    pub limit: Limit,
}

impl Default for Limit {
    fn default() -> Self {
        Self::DEFAULT
    }
}
