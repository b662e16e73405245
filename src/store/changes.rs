//! Events in the order in which they were committed, for those who follow.

use super::index::Index;
use crate::model::event::EventId;
use crate::model::query::EventQuery;

/// What was committed after a point in the sequence.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changes {
    /// Each with its sequence number.
    pub told: Vec<(u64, Told)>,
    /// How far that reaches: go on from here.
    pub upto: u64,
    /// Whether there is more.
    pub more: bool,
}

/// What became of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// It is there, or it is there anew: the feature as GeoJSON.
    Put(String),
    /// It is not there any more, or no more among those that are asked for. Who follows need not have
    /// heard of it.
    Gone(EventId),
}

impl Index {
    /// What became of events after a sequence number that answer a query, in order, at most so many.
    /// Of an event that changed several times only the last is told.
    pub fn after(&self, query: &EventQuery, sequence: u64, most: usize) -> Changes {
        let rows = self.rows_after(query, sequence).map(|row| (self.sequence(row), Ok(row)));
        let gone = self.gone_after(query, sequence).map(|(at, id)| (at, Err(id)));
        let mut told = Vec::new();
        let mut upto = sequence;
        for (at, change) in in_turn(rows, gone) {
            if told.len() == most {
                return Changes { told, upto, more: true };
            }
            upto = at;
            told.push((at, change.map_or_else(Told::Gone, |row| Told::Put(self.feature(row)))));
        }
        Changes { told, upto: self.last().max(sequence), more: false }
    }
}

/// What two iterators give, each in the order of its numbers, in the order of all.
pub(super) fn in_turn<T>(
    a: impl Iterator<Item = (u64, T)>,
    b: impl Iterator<Item = (u64, T)>,
) -> impl Iterator<Item = (u64, T)> {
    let (mut a, mut b) = (a.peekable(), b.peekable());
    std::iter::from_fn(move || match (a.peek(), b.peek()) {
        (Some((first, _)), Some((second, _))) if second < first => b.next(),
        (None, _) => b.next(),
        (Some(_), _) => a.next(),
    })
}
