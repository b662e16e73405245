//! A list that grows at its end while readers keep it as it was.

use std::io::{self, Read, Write};
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::frames::{Broken, Reader, Writer};

/// Values that are shared whole. Fewer make the list of pieces long, more make each copy of the
/// unfinished piece dear.
const PIECE: usize = 4_096;

/// A list in pieces. A clone shares all of them but the last, which it copies: so the next state
/// of an index is made beside the one that is read.
#[derive(Debug, Clone)]
pub(super) struct Growing<T> {
    full: Arc<Vec<Arc<[T]>>>,
    last: Vec<T>,
}

impl<T> Default for Growing<T> {
    fn default() -> Self {
        Self { full: Arc::default(), last: Vec::new() }
    }
}

impl<T: Clone> Growing<T> {
    pub(super) fn push(&mut self, value: T) {
        self.last.push(value);
        if self.last.len() == PIECE {
            Arc::make_mut(&mut self.full).push(self.last.drain(..).collect());
        }
    }
}

impl<T> Growing<T> {
    pub(super) fn get(&self, at: usize) -> Option<&T> {
        match self.full.get(at / PIECE) {
            Some(piece) => piece.get(at % PIECE),
            None => self.last.get(at.checked_sub(self.full.len() * PIECE)?),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.full.len() * PIECE + self.last.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.full.iter().flat_map(|piece| piece.iter()).chain(&self.last)
    }

    /// All but the first so many.
    pub(super) fn iter_from(&self, begin: usize) -> impl Iterator<Item = &T> {
        (begin..self.len()).filter_map(|at| self.get(at))
    }

    /// How many at the beginning are so; all of them must stand before those that are not.
    pub(super) fn partition_point(&self, is: impl Fn(&T) -> bool) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            if self.get(middle).is_some_and(&is) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }
}

impl<T: Serialize + DeserializeOwned> Growing<T> {
    pub(super) fn write(&self, out: &mut Writer<impl Write>) -> io::Result<()> {
        out.put(&self.full.len())?;
        for piece in self.full.iter() {
            out.put(&**piece)?;
        }
        out.put(&self.last)
    }

    pub(super) fn read(input: &mut Reader<impl Read>) -> Result<Self, Broken> {
        let count = input.take::<usize>()?;
        let mut full = Vec::new();
        for _ in 0..count {
            let piece: Vec<T> = input.take()?;
            if piece.len() != PIECE {
                return Err(Broken::Damaged);
            }
            full.push(piece.into());
        }
        Ok(Self { full: Arc::new(full), last: input.take()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clone_stays_as_it_was() {
        let mut list = Growing::default();
        for number in 0..PIECE * 2 + 10 {
            let before = list.clone();
            list.push(number);
            assert_eq!((before.len(), before.get(number)), (number, None));
            assert_eq!((list.len(), list.get(number)), (number + 1, Some(&number)));
        }
        assert!((0..list.len()).all(|at| list.get(at) == Some(&at)));
        assert_eq!(list.get(PIECE * 3), None);
        for bound in [0, 1, PIECE, PIECE + 1, list.len(), list.len() + 5] {
            assert_eq!(list.partition_point(|&number| number < bound), bound.min(list.len()));
        }
    }
}
