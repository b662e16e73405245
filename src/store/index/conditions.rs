//! The conditions of a query, ready for comparing, and how many features they hold for.

use std::sync::Arc;

use quick_cache::sync::Cache;

use super::Index;
use super::dead::Dead;
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
    /// If there are any.
    dead: Option<&'a Dead>,
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
        let dead = Some(&index.dead).filter(|dead| !dead.is_empty());
        let (bbox, datetime) = (query.bbox, query.datetime);
        Self { index, bbox, datetime, equals, filter, found, nothing, dead }
    }

    /// The same for rows that are known to lie in the box.
    pub(super) fn within(self) -> Self {
        Self { bbox: None, ..self }
    }

    /// Whether they hold for every feature.
    pub(super) fn is_empty(&self) -> bool {
        self.bbox.is_none()
            && self.datetime.is_none()
            && self.equals.is_empty()
            && self.filter.is_none()
            && self.found.is_none()
            && !self.nothing
    }

    /// Whether they hold for all rows, for none is dead.
    pub(super) fn hold_for_all(&self) -> bool {
        self.dead.is_none() && self.is_empty()
    }

    /// Whether they hold for a row that is not dead.
    pub(super) fn holds(&self, row: usize) -> bool {
        self.dead.is_none_or(|dead| !dead.has(row)) && self.held(row)
    }

    /// Whether they hold for a row, or did as long as it lived.
    pub(super) fn held(&self, row: usize) -> bool {
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
/// Rows are only ever added, and die once, so a count goes on where it ended. One for all states of
/// an index.
#[derive(Debug, Clone)]
pub(super) struct Counts(Arc<Cache<String, Count>>);

#[derive(Debug, Clone, Copy)]
struct Count {
    rows: usize,
    dead: usize,
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
    /// The number of rows before the `len`th that live and that the conditions of a query hold for;
    /// `count` counts them from the beginning.
    pub(super) fn count(
        &self,
        query: &EventQuery,
        (len, dead): (usize, &Dead),
        conditions: &Conditions<'_>,
        count: impl FnOnce() -> usize,
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
        let known = self.0.get(&name);
        let known = known.filter(|known| known.rows <= len && known.dead <= dead.len());
        let matched = match known {
            Some(known) if (known.rows, known.dead) == (len, dead.len()) => return known.matched,
            Some(known) => {
                let came = (known.rows..len).filter(|&row| conditions.holds(row)).count();
                let died = dead.since(known.dead).filter(|&row| row < known.rows);
                known.matched + came - died.filter(|&row| conditions.held(row)).count()
            }
            None => count(),
        };
        if name.len() <= LONGEST {
            self.0.insert(name, Count { rows: len, dead: dead.len(), matched });
        }
        matched
    }
}
