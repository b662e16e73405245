//! A list as [`Growing`](super::growing::Growing) is one, for values of which few differ.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use foldhash::fast::FixedState;
use serde::{Deserialize, Serialize};

/// Values that are packed and shared together.
const PIECE: usize = 4_096;

/// Values that grow at the end while readers keep them as they were. Most properties have few values,
/// or none at all, in thousands of rows: a piece then holds each once, and a byte for each row.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Packed<T> {
    full: Arc<Vec<Piece<T>>>,
    last: Vec<T>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
enum Piece<T> {
    /// All are the same.
    One(T),
    /// The values, and which of them stands where.
    Few(Arc<[T]>, Arc<[u8]>),
    All(Arc<[T]>),
}

impl<T> Default for Packed<T> {
    fn default() -> Self {
        Self { full: Arc::default(), last: Vec::new() }
    }
}

impl<T: Copy + Eq + Hash> Packed<T> {
    pub(super) fn push(&mut self, value: T) {
        self.last.push(value);
        if self.last.len() == PIECE {
            Arc::make_mut(&mut self.full).push(Piece::new(&self.last));
            self.last.clear();
        }
    }
}

impl<T> Packed<T> {
    pub(super) fn get(&self, at: usize) -> Option<&T> {
        match self.full.get(at / PIECE) {
            Some(piece) => piece.get(at % PIECE),
            None => self.last.get(at.checked_sub(self.full.len() * PIECE)?),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.full.len() * PIECE + self.last.len()
    }
}

impl<T: Copy + Eq + Hash> Piece<T> {
    fn new(values: &[T]) -> Self {
        let mut few: Vec<T> = Vec::new();
        let mut places: HashMap<T, u8, FixedState> = HashMap::default();
        let mut bytes = Vec::with_capacity(values.len());
        for &value in values {
            let Ok(next) = u8::try_from(few.len()) else { return Self::All(values.into()) };
            let place = *places.entry(value).or_insert_with(|| {
                few.push(value);
                next
            });
            bytes.push(place);
        }
        match few.as_slice() {
            [one] => Self::One(*one),
            few => Self::Few(few.into(), bytes.into()),
        }
    }
}

impl<T> Piece<T> {
    fn get(&self, at: usize) -> Option<&T> {
        match self {
            Self::One(value) => Some(value),
            Self::Few(values, places) => values.get(usize::from(*places.get(at)?)),
            Self::All(values) => values.get(at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_out_as_they_went_in_however_many_differ() {
        for differ in [1, 2, 200, 255, 256, 257, 5_000] {
            let value = |at: usize| (at * 7_919) % differ;
            let mut list = Packed::default();
            for at in 0..PIECE * 2 + 10 {
                list.push(value(at));
                assert_eq!(list.get(at), Some(&value(at)));
            }
            let before = list.clone();
            list.push(3);
            assert_eq!((before.len(), list.len()), (PIECE * 2 + 10, PIECE * 2 + 11));
            assert!((0..before.len()).all(|at| list.get(at) == Some(&value(at))), "{differ}");
            assert_eq!((before.get(before.len()), list.get(PIECE * 3)), (None, None));
        }
    }
}
