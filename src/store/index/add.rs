//! How an index takes in what changes.

use std::sync::Arc;

use super::change::{Change, End};
use super::row::Piece;
use super::{Index, Row, Spot};
use crate::store::column::Column;

impl Index {
    /// Takes in changes that come after all others in sequence. Many at once are much faster than one
    /// by one. Once in a while, after as many replacements or removals as a part of all, it takes as
    /// long as making the index did.
    pub fn append<C: Into<Change>>(&mut self, changes: impl IntoIterator<Item = C>) {
        let (begin, dead) = (self.rows(), self.dead.len());
        let mut alike = Alike::default();
        for change in changes {
            match change.into() {
                Change::Put(row) => self.push(row, &mut alike),
                Change::Gone { sequence, id } => self.remove(sequence, &id),
            }
        }
        self.sum_up(begin);
        if self.dead.len() > dead {
            self.settle(dead, begin);
        }
        if self.is_worn() {
            *self = self.renewed();
        }
    }

    /// Adds the rows from there on to all that is made of rows; those that died already have no part in it.
    pub(super) fn sum_up(&mut self, begin: usize) {
        let (mut points, mut dated) = (Vec::new(), Vec::new());
        for row in begin..self.rows() {
            let spot = self.spots.get(row).copied().unwrap_or_default();
            let at = self.point(row);
            let value =
                |place: usize| self.columns.get(place).map(|column| column.given(row, &self.words));
            let mark = self.marks.push(at, spot.days, value);
            if self.dead.has(row) {
                continue;
            }
            self.kept.add(row, mark);
            self.daily.add(mark, self.marks.bounds(row));
            self.digest = self.digest.wrapping_add(spot.trace());
            self.extent.include(&self.extent_of(row));
            let number = u32::try_from(row).expect("four thousand million rows fit no memory");
            points.extend(at.map(|at| (at, number)));
            dated.push((self.order(row), spot.days.map(|days| days.1)));
        }
        self.trees.add(points);
        self.ordered.add(dated);
        self.wholes.grow(self.rows());
    }

    fn remove(&mut self, sequence: u64, id: &str) {
        self.last = sequence;
        self.ends.push(sequence, End::Gone(id.into()));
        if let Some(row) = self.words.forget_apart(id).and_then(|number| self.row_of(number)) {
            self.dead.insert(row);
        }
    }

    fn push(&mut self, mut row: Row, alike: &mut Alike) {
        let at = self.rows();
        let (id, before) = self.words.number_apart(&row.id);
        if let Some(before) = before.and_then(|before| self.row_of(before)) {
            self.dead.insert(before);
            self.ends.push(row.sequence, End::Replaced);
        }
        if let Some(area) = row.area.take() {
            Arc::make_mut(&mut self.areas).insert(at, area);
        }
        self.pieces.push(id);
        self.push_values(at, &row, alike);
        let Row { sequence, days, digest, .. } = row;
        let point = row.at.map_or([f64::NAN; 2], |at| [at.lon(), at.lat()]);
        self.last = sequence;
        self.spots.push(Spot { sequence, at: point, days, digest });
    }

    /// Adds the pieces of a feature, and its values to the columns.
    fn push_values(&mut self, at: usize, row: &Row, alike: &mut Alike) {
        let layout = Arc::clone(&self.layout);
        let width = layout.width();
        let (mut parts, mut values) = (row.parts(), row.values());
        for (piece, group) in layout.groups() {
            let shared = parts_of(piece, &mut parts).map(|part| {
                // The events of an article stand together, and have much alike.
                let before = self.pieces.len().checked_sub(width);
                let before = before.and_then(|place| self.pieces.get(place)).copied();
                let same = before.filter(|&number| self.words.text(number) == Some(part));
                same.unwrap_or_else(|| self.words.number(part))
            });
            let columns = self.columns.get_mut(group).unwrap_or_default();
            // Who has a part in common has its values in common.
            match shared.and_then(|number| alike.row(number)) {
                Some(like) => {
                    for column in &mut *columns {
                        column.repeat(like);
                        values.next();
                    }
                }
                None => {
                    for (column, value) in columns.iter_mut().zip(values.by_ref()) {
                        column.push(&value, &mut self.words);
                    }
                }
            }
            let word = || columns.first().filter(|_| matches!(piece, Piece::Word(_)));
            let number = shared.or_else(|| word().and_then(Column::last_word)).unwrap_or(0);
            if shared.is_some() {
                alike.set(number, at);
            }
            if piece.has_number() {
                self.pieces.push(number);
            }
        }
    }
}

/// The next part, if the piece is one.
fn parts_of<'a>(piece: Piece, parts: &mut impl Iterator<Item = &'a str>) -> Option<&'a str> {
    (piece == Piece::Shared).then(|| parts.next()).flatten()
}

/// The last rows that had a part: most features have the place, the day or the sides of another, and
/// looking up one text for all of them is much faster than one for each.
struct Alike(Vec<(u32, u32)>);

/// Parts that are remembered: so many that they stay in the cache of a processor. A power of two.
const REMEMBERED: usize = 1 << 15;

impl Default for Alike {
    fn default() -> Self {
        Self(vec![(0, 0); REMEMBERED])
    }
}

impl Alike {
    /// Numbers of neighbours in time lie apart.
    fn place(part: u32) -> usize {
        part.wrapping_mul(0x9E37_79B1) as usize % REMEMBERED
    }

    fn row(&self, part: u32) -> Option<usize> {
        let &(known, row) = self.0.get(Self::place(part))?;
        (known == part).then_some(row as usize)
    }

    fn set(&mut self, part: u32, row: usize) {
        if let (Some(place), Ok(row)) = (self.0.get_mut(Self::place(part)), u32::try_from(row)) {
            *place = (part, row);
        }
    }
}
