//! Features as whole texts: those that were asked for last.

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

/// Bytes of features that are kept as a whole. Putting one together from its parts waits for memory a dozen
/// times, copying it does once; but those of a million events would take more than all else.
const MOST: usize = 256 * 1024 * 1024;

/// Bytes that are given up at once, when there is no room for more. A longer feature is not kept.
const PAGE: usize = 64 * 1024;

/// Once there is no room for more, one batch in so many is kept: so whoever asks for more than there is room for
/// finds a part of it, and not none since the end has driven out the beginning.
const TURN: usize = 8;

/// The features that readers have put together, for those who come after them; who only writes holds none. Rows are
/// only ever added, so all states of an index share it.
#[derive(Debug, Clone, Default)]
pub(super) struct Wholes(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    ring: RwLock<Ring>,
    /// How many batches were put together.
    batches: AtomicUsize,
}

/// Texts in pages, the oldest of which is filled anew when all are full.
#[derive(Debug)]
pub(super) struct Ring {
    pages: Vec<String>,
    most: usize,
    /// How many pages were begun: the last of them is being filled.
    begun: u32,
    /// Where the text of each row was put.
    spots: Vec<Option<Spot>>,
}

impl Default for Ring {
    fn default() -> Self {
        Self::of(MOST / PAGE)
    }
}

/// Where a text was put. It is not there any more once as many pages as there may be were begun after its own.
#[derive(Debug, Clone, Copy)]
struct Spot {
    /// How many pages were begun when it was put there.
    page: NonZeroU32,
    start: u16,
    bytes: u16,
}

impl Wholes {
    /// What is kept now. Hold it for a short time only.
    pub(super) fn read(&self) -> RwLockReadGuard<'_, Ring> {
        self.0.ring.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps features that were put together, each with its row.
    pub(super) fn keep<'a>(&self, batch: impl Iterator<Item = (usize, &'a str)>) {
        let number = self.0.batches.fetch_add(1, Ordering::Relaxed);
        if number.is_multiple_of(TURN) || !self.read().is_full() {
            let mut ring = self.0.ring.write().unwrap_or_else(PoisonError::into_inner);
            batch.for_each(|(row, text)| _ = ring.push(row, text));
        }
    }
}

impl Ring {
    fn of(most: usize) -> Self {
        Self { pages: Vec::new(), most, begun: 0, spots: Vec::new() }
    }

    /// Whether there is no page left that was never filled.
    fn is_full(&self) -> bool {
        self.pages.len() >= self.most
    }

    /// The feature in this row, if it is kept.
    pub(super) fn get(&self, row: usize) -> Option<&str> {
        let spot = (*self.spots.get(row)?)?;
        let page = spot.page.get();
        let is_there = ((self.begun - page) as usize) < self.most;
        let text = self.pages.get(self.place(page)?).filter(|_| is_there)?;
        text.get(usize::from(spot.start)..)?.get(..usize::from(spot.bytes))
    }

    /// Puts a text behind the others, unless it is there or too long.
    fn push(&mut self, row: usize, text: &str) -> Option<()> {
        let bytes = u16::try_from(text.len()).ok().filter(|_| self.get(row).is_none())?;
        if self.last().is_none_or(|page| page.len() + text.len() > PAGE) {
            self.begin()?;
        }
        let page = self.last()?;
        let start = u16::try_from(page.len()).ok()?;
        page.push_str(text);
        if self.spots.len() <= row {
            self.spots.resize(row + 1, None);
        }
        *self.spots.get_mut(row)? = Some(Spot { page: NonZeroU32::new(self.begun)?, start, bytes });
        Some(())
    }

    /// Begins a page.
    fn begin(&mut self) -> Option<()> {
        self.begun = self.begun.checked_add(1)?;
        match self.last() {
            Some(oldest) => oldest.clear(),
            None => self.pages.push(String::with_capacity(PAGE)),
        }
        Some(())
    }

    /// The page that is being filled.
    fn last(&mut self) -> Option<&mut String> {
        let place = self.place(self.begun)?;
        self.pages.get_mut(place)
    }

    /// The place of a page, by how many were begun up to it.
    fn place(&self, page: u32) -> Option<usize> {
        Some(page.checked_sub(1)? as usize % self.most)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;

    /// A text that tells its row.
    fn text(row: usize, bytes: usize) -> String {
        format!("{row}{}", "ب".repeat(bytes / 2))
    }

    proptest! {
        #[test]
        fn what_is_kept_is_the_text_of_its_row(
            batch in prop::collection::vec((0_usize..40, 0_usize..=PAGE + 2), 1..60),
        ) {
            let mut ring = Ring::of(3);
            let mut given = HashMap::new();
            for (row, bytes) in batch {
                let text = text(row, bytes);
                let before = ring.get(row).map(str::to_owned);
                let kept = ring.push(row, &text).is_some();
                prop_assert_eq!(kept, before.is_none() && u16::try_from(text.len()).is_ok());
                if kept {
                    prop_assert_eq!(ring.get(row), Some(text.as_str()));
                    given.insert(row, text);
                }
                prop_assert!(ring.pages.len() <= 3 && ring.pages.iter().all(|page| page.len() <= PAGE));
                for row in 0..40 {
                    prop_assert!(ring.get(row).is_none_or(|text| given.get(&row).is_some_and(|given| given == text)));
                }
            }
        }
    }

    #[test]
    fn the_last_ones_are_kept_whatever_the_state_of_the_index() {
        let ring = RwLock::new(Ring::of(2));
        let wholes = Wholes(Arc::new(Inner { ring, batches: AtomicUsize::new(0) }));
        let later = wholes.clone();
        let long = |row: usize| text(row, PAGE - 4);
        wholes.keep([(0, "first"), (1, "second")].into_iter());
        assert_eq!((later.read().get(0), later.read().get(1)), (Some("first"), Some("second")));
        later.keep([(7, long(7).as_str())].into_iter());
        assert_eq!(
            (wholes.read().get(7), wholes.read().get(0)),
            (Some(long(7).as_str()), Some("first"))
        );
        // There is no room now: most batches are passed over, and then the oldest page gives way.
        for batch in 2..TURN {
            later.keep([(8, long(8).as_str())].into_iter());
            assert_eq!(wholes.read().get(8), None, "batch {batch}");
        }
        later.keep([(8, long(8).as_str())].into_iter());
        assert_eq!(wholes.read().get(8), Some(long(8).as_str()));
        assert_eq!((wholes.read().get(0), wholes.read().get(1)), (None, None));
        assert_eq!(wholes.read().get(7), Some(long(7).as_str()));
    }
}
