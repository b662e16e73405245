//! The conditions of a query, ready for comparing, and how many features they hold for.

use std::sync::Arc;

use quick_cache::sync::Cache;

use super::Index;
use crate::model::filter::Filter;
use crate::model::point::Bbox;
use crate::model::query::{Cursor, EventQuery, Limit};
use crate::model::when::Interval;
use crate::store::column::{Column, Wanted};
use crate::store::filter;
use crate::store::fulltext::Found;

/// The conditions of a query.
pub(super) struct Conditions<'a> {
    index: &'a Index,
    bbox: Option<Bbox>,
    datetime: Option<Interval>,
    equals: Vec<(&'a Column, Wanted)>,
    filter: Option<&'a Filter>,
    found: Option<Found>,
    /// A property that no feature has was asked for.
    nothing: bool,
}

impl<'a> Conditions<'a> {
    pub(super) fn new(index: &'a Index, query: &'a EventQuery) -> Self {
        let equals = query.equals.iter().filter_map(|equals| {
            let column = index.column(&equals.property)?;
            Some((column, column.wanted(&equals.value, index.words())))
        });
        let equals: Vec<_> = equals.collect();
        let nothing = equals.len() < query.equals.len();
        let filter = query.filter.as_ref();
        let found = (!query.words.is_empty()).then(|| index.found(&query.words));
        Self { index, bbox: query.bbox, datetime: query.datetime, equals, filter, found, nothing }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.bbox.is_none()
            && self.datetime.is_none()
            && self.equals.is_empty()
            && self.filter.is_none()
            && self.found.is_none()
            && !self.nothing
    }

    pub(super) fn holds(&self, row: usize) -> bool {
        !self.nothing
            && self.found.as_ref().is_none_or(|found| found.has(row))
            && self.equals.iter().all(|&(column, wanted)| column.has(row, wanted))
            && self.bbox.is_none_or(|bbox| self.index.meets(row, bbox))
            && self
                .datetime
                .is_none_or(|asked| self.index.days(row).is_some_and(|days| asked.meets(days)))
            && self.filter.is_none_or(|wanted| filter::holds(wanted, self.index, row) == Some(true))
    }
}

/// How many features queries hold for, as far as it was counted before.
///
/// Rows are only ever added, so a count goes on where it ended. One for all states of an index.
#[derive(Debug, Clone)]
pub(super) struct Counts(Arc<Cache<String, Count>>);

#[derive(Debug, Clone, Copy, Default)]
struct Count {
    rows: usize,
    matched: usize,
}

/// Queries whose counts are kept.
const MOST: usize = 1_000;

/// Bytes that the name of such a query may have: longer ones are counted each time.
const LONGEST: usize = 2_048;

impl Default for Counts {
    fn default() -> Self {
        Self(Arc::new(Cache::new(MOST)))
    }
}

impl Counts {
    /// The number of rows before the `len`th that a query holds for.
    pub(super) fn count(
        &self,
        query: &EventQuery,
        len: usize,
        holds: impl Fn(usize) -> bool,
    ) -> usize {
        let all = EventQuery {
            sort: Vec::new(),
            after: Cursor::default(),
            offset: 0,
            limit: Limit::DEFAULT,
            ..query.clone()
        };
        let name = format!("{all:?}");
        // A reader of an earlier state may meet the count of a later one.
        let known = self.0.get(&name).filter(|known| known.rows <= len).unwrap_or_default();
        let matched = known.matched + (known.rows..len).filter(|&row| holds(row)).count();
        if name.len() <= LONGEST && known.rows < len {
            self.0.insert(name, Count { rows: len, matched });
        }
        matched
    }
}
