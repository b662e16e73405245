//! How an index takes in what changes.

use std::mem;
use std::ops::Range;
use std::sync::Arc;
use std::thread;

use super::change::{Change, End};
use super::row::{Part, Piece};
use super::{Index, Layout, Row, Spot};
use crate::store::column::Kept;

/// So many rows are sorted on another thread while they are added up.
const MANY: usize = 50_000;

impl Index {
    /// Takes in changes that come after all others in sequence. Many at once are much faster than one
    /// by one. Once in a while, after as many replacements or removals as a part of all, it takes as
    /// long as making the index did.
    pub fn append<C: Into<Change>>(&mut self, changes: impl IntoIterator<Item = C>) {
        let (begin, dead) = (self.rows(), self.dead.len());
        let mut seen = Seen::new(&self.layout);
        for change in changes {
            match change.into() {
                Change::Put(row) => self.push(row, &mut seen),
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
        for row in (begin..self.rows()).filter(|&row| !self.dead.has(row)) {
            let order = self.order(row);
            points.extend(self.point(row).map(|at| (at, order)));
            dated.push((order, self.days(row).map(|days| days.1)));
        }
        let (mut trees, mut ordered) = (mem::take(&mut self.trees), mem::take(&mut self.ordered));
        let sort = move || {
            trees.add(points);
            ordered.add(dated);
            (trees, ordered)
        };
        if self.rows() - begin < MANY {
            (self.trees, self.ordered) = sort();
            return self.add_up(begin);
        }
        (self.trees, self.ordered) = thread::scope(|scope| {
            let sorting = scope.spawn(sort);
            self.add_up(begin);
            sorting.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        });
    }

    fn add_up(&mut self, begin: usize) {
        for row in begin..self.rows() {
            let spot = self.spots.get(row).copied().unwrap_or_default();
            let value =
                |place: usize| self.columns.get(place).map(|column| column.given(row, &self.words));
            let mark = self.marks.push(self.point(row), spot.days, value);
            if self.dead.has(row) {
                continue;
            }
            self.kept.add(row, mark);
            self.daily.add(mark, self.marks.bounds(row));
            self.digest = self.digest.wrapping_add(spot.trace());
            self.extent.include(&self.extent_of(row));
        }
    }

    fn remove(&mut self, sequence: u64, id: &str) {
        self.last = sequence;
        self.ends.push(sequence, End::Gone(id.into()));
        if let Some(row) = self.words.forget_apart(id).and_then(|number| self.row_of(number)) {
            self.dead.insert(row);
        }
    }

    fn push(&mut self, mut row: Row, seen: &mut Seen) {
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
        self.push_values(&row, seen);
        let Row { sequence, days, digest, .. } = row;
        let point = row.at.map_or([f64::NAN; 2], |at| [at.lon(), at.lat()]);
        self.last = sequence;
        self.spots.push(Spot { sequence, at: point, days, digest });
    }

    /// Adds the pieces of a feature, and its values to the columns.
    fn push_values(&mut self, row: &Row, seen: &mut Seen) {
        let layout = Arc::clone(&self.layout);
        let mut values = row.values();
        for (((piece, properties), part), seen) in layout.groups().zip(&row.parts).zip(&mut seen.0)
        {
            let columns = self.columns.get_mut(properties).unwrap_or_default();
            let number = match part {
                Part::Known(known) => {
                    let (number, values) = seen.get(*known);
                    columns.iter_mut().zip(values).for_each(|(column, &value)| column.push(value));
                    number
                }
                Part::New { json, known } => {
                    let shared = piece == Piece::Shared;
                    let shared = shared.then(|| self.words.number(row.text(json)));
                    seen.values.clear();
                    for (column, (value, at)) in columns.iter_mut().zip(values.by_ref()) {
                        let within = shared.zip(at.and_then(|at| at.checked_sub(json.start)));
                        let value = column.kept(&value, &mut self.words, within);
                        column.push(value);
                        seen.values.push(value);
                    }
                    let word = || match seen.values.first() {
                        Some(Kept::Number(word)) => *word,
                        _ => 0,
                    };
                    let number = shared.unwrap_or_else(word);
                    if let Some(known) = known {
                        seen.set(*known, number);
                    }
                    number
                }
            };
            if piece.has_number() {
                self.pieces.push(number);
            }
        }
    }
}

/// What features of a [series](super::Series) had, group by group, for those that have the same.
struct Seen(Vec<Group>);

/// What was seen of a group, by the numbers that the series gives: the number of its JSON, and its values.
#[derive(Default)]
struct Group {
    numbers: Vec<u32>,
    known: Vec<Kept>,
    width: usize,
    /// The values that were new last.
    values: Vec<Kept>,
}

impl Seen {
    fn new(layout: &Layout) -> Self {
        let group = |(_, properties): (_, Range<usize>)| Group {
            width: properties.len(),
            ..Group::default()
        };
        Self(layout.groups().map(group).collect())
    }
}

impl Group {
    fn get(&self, known: u32) -> (u32, &[Kept]) {
        const FIRST: &str = "a series says what is new before it says that it is known";
        let at = known as usize;
        let values = self.known.get(at * self.width..(at + 1) * self.width);
        (*self.numbers.get(at).expect(FIRST), values.expect(FIRST))
    }

    /// Keeps the values that were new last.
    fn set(&mut self, known: u32, number: u32) {
        let at = known as usize;
        self.numbers.truncate(at);
        self.known.truncate(at * self.width);
        self.numbers.push(number);
        self.known.extend(&self.values);
    }
}
