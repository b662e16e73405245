//! Rows in the order that a query asks for.

use std::cmp::Ordering;

use super::column::Column;
use super::index::Index;
use super::words::Words;
use crate::model::query::SortKey;

/// What rows are compared by: the first key that differs decides, then the order of the index.
pub(super) struct Sorting<'a> {
    index: &'a Index,
    words: &'a Words,
    keys: Vec<(&'a Column, bool)>,
}

impl<'a> Sorting<'a> {
    /// A property that no feature has sorts nothing.
    pub(super) fn new(index: &'a Index, words: &'a Words, keys: &[SortKey]) -> Self {
        let key = |key: &SortKey| Some((index.column(&key.property)?, key.descending));
        Self { index, words, keys: keys.iter().filter_map(key).collect() }
    }

    pub(super) fn compare(&self, a: usize, b: usize) -> Ordering {
        let compare = |&(column, descending): &(&Column, bool)| {
            column.compare((a, b), descending, self.words)
        };
        let decided = self.keys.iter().map(compare).find(|order| order.is_ne());
        decided.unwrap_or_else(|| self.index.order(a).cmp(&self.index.order(b)))
    }

    /// The first rows in order; the others are dropped without being sorted.
    pub(super) fn first(&self, mut rows: Vec<usize>, most: usize) -> Vec<usize> {
        if most < rows.len() {
            rows.select_nth_unstable_by(most, |&a, &b| self.compare(a, b));
            rows.truncate(most);
        }
        rows.sort_unstable_by(|&a, &b| self.compare(a, b));
        rows
    }
}
