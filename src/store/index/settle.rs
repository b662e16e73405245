//! What follows when rows die: sums that are kept lose them, and an index of too many is made anew.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use geo::BoundingRect as _;

use super::by_day::Order;
use super::change::{Change, End};
use super::{Extent, Index, Row, Series};
use crate::store::changes::in_turn;

/// An index is made anew when more than one in so many of its rows are dead.
const TOO_MANY: usize = 4;

/// The rows that died last stay even then: who is turning pages may stand on one of them.
const RECENT: usize = 4_096;

impl Index {
    /// Takes those of the rows that died after the first so many out of all that is added up; a row
    /// from `new` on was not.
    pub(super) fn settle(&mut self, known: usize, new: usize) {
        let died: Vec<usize> = self.dead.since(known).collect();
        let summed = || died.iter().copied().filter(|&row| row < new);
        let mut at_the_edge = false;
        for row in summed() {
            let Some(spot) = self.spots.get(row) else { continue };
            self.digest = self.digest.wrapping_sub(spot.trace());
            if let Some(mark) = self.marks.get(row) {
                self.daily.take(mark, self.marks.bounds(row));
            }
            at_the_edge |= self.extent.ends_at(&self.extent_of(row));
        }
        let Self { kept, marks, trees, dead, .. } = self;
        let living = |hit: Order| {
            let row = hit.row();
            marks.get(row).filter(|_| !dead.has(row)).map(|mark| (row, mark))
        };
        kept.recount(summed().filter_map(|row| marks.get(row)), |bbox| {
            trees.find(bbox, usize::MAX).into_iter().flatten().filter_map(living).collect()
        });
        if died.iter().any(|row| self.areas.contains_key(row)) {
            let areas = Arc::make_mut(&mut self.areas);
            for row in &died {
                areas.remove(row);
            }
        }
        if at_the_edge {
            let living = (0..self.rows()).filter(|&row| !self.dead.has(row));
            let mut extent = Extent::default();
            living.for_each(|row| extent.include(&self.extent_of(row)));
            self.extent = extent;
        }
    }

    /// What the feature in this row covers.
    pub(super) fn extent_of(&self, row: usize) -> Extent {
        let point = self.point(row).map(|at| [at.lon(), at.lat(), at.lon(), at.lat()]);
        let area = || self.areas.get(&row)?.bounding_rect();
        let around = || area().map(|area| [area.min().x, area.min().y, area.max().x, area.max().y]);
        Extent { bbox: point.or_else(around), days: self.days(row) }
    }

    /// Whether so many rows are dead that an index without them is worth its making.
    pub(super) fn is_worn(&self) -> bool {
        self.dead.len() > 2 * RECENT && self.dead.len() * TOO_MANY > self.rows()
    }

    /// The same features in an index that has no more dead rows than those that died last. It takes as
    /// long as making it did, and its readers as little as ever.
    pub(super) fn renewed(&self) -> Self {
        let mut next = Self::with_layout(Arc::clone(&self.layout));
        next.append(self.history());
        // What became of earlier rows is not told by those that are left.
        next.ends = self.ends.clone();
        next.last = self.last;
        if self.text.has_read() {
            next.read_texts(usize::MAX);
        }
        next
    }

    /// The changes that lead to what is there.
    fn history(&self) -> impl Iterator<Item = Change> {
        let recent: HashSet<usize> =
            self.dead.since(self.dead.len().saturating_sub(RECENT)).collect();
        let rows = 0..self.rows();
        let rows = rows.filter(move |row| !self.dead.has(*row) || recent.contains(row));
        let mut series = Series::new(&self.layout);
        let rows =
            rows.map(move |row| (self.sequence(row), Change::Put(self.again(row, &mut series))));
        let gone = self.ends.after(0).filter_map(|(sequence, end)| match end {
            End::Replaced => None,
            End::Gone(id) => {
                let (sequence, id) = (*sequence, (**id).to_owned());
                Some((sequence, Change::Gone { sequence, id }))
            }
        });
        in_turn(rows, gone).map(|(_, change)| change)
    }

    /// The feature in this row as it came.
    fn again(&self, row: usize, series: &mut Series<'_>) -> Row {
        let spot = self.spots.get(row).copied().unwrap_or_default();
        let begun = Row {
            sequence: spot.sequence,
            id: self.id(row).map(|id| id.0).unwrap_or_default(),
            at: self.point(row),
            area: self.area(row).cloned(),
            days: spot.days,
            digest: spot.digest,
            ..Row::default()
        };
        let values = |properties: Range<usize>| {
            let columns = self.columns.get(properties).unwrap_or_default();
            columns.iter().map(|column| column.given(row, &self.words))
        };
        series.again(begun, values, self.shared_parts(row))
    }
}

#[cfg(test)]
mod tests;
