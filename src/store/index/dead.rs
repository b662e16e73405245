//! Rows whose features were replaced or removed. They stay where they are until an index is made anew.

use std::sync::Arc;

use crate::store::growing::Growing;

/// Rows in one block: what is copied when one of them dies.
const BLOCK: usize = 4_096;

/// A bit for each row.
type Block = [u64; BLOCK / 64];

/// The rows that are not told of any more. A clone shares all blocks that stay as they are; while
/// there are none, asking costs next to nothing.
#[derive(Debug, Clone, Default)]
pub(super) struct Dead {
    blocks: Arc<Vec<Option<Arc<Block>>>>,
    /// In the order in which they died.
    rows: Growing<u32>,
}

impl Dead {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(super) fn has(&self, row: usize) -> bool {
        let block = self.blocks.get(row / BLOCK).and_then(Option::as_deref);
        let bits = block.and_then(|block| block.get(row % BLOCK / 64));
        bits.is_some_and(|bits| bits >> (row % 64) & 1 == 1)
    }

    /// Adds a row that is not among them.
    pub(super) fn insert(&mut self, row: usize) {
        let number = u32::try_from(row).expect("four thousand million rows fit no memory");
        self.rows.push(number);
        let blocks = Arc::make_mut(&mut self.blocks);
        if blocks.len() <= row / BLOCK {
            blocks.resize(row / BLOCK + 1, None);
        }
        let Some(block) = blocks.get_mut(row / BLOCK) else { return };
        let block = block.get_or_insert_with(|| Arc::new([0; BLOCK / 64]));
        if let Some(bits) = Arc::make_mut(block).get_mut(row % BLOCK / 64) {
            *bits |= 1 << (row % 64);
        }
    }

    /// All but the first so many, in the order in which they died.
    pub(super) fn since(&self, known: usize) -> impl Iterator<Item = usize> {
        self.rows.iter_from(known).map(|&row| row as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_that_died_are_told_from_the_others() {
        let mut dead = Dead::default();
        let rows = [BLOCK * 3, 0, 63, 64, BLOCK - 1, BLOCK, 5];
        for (place, &row) in rows.iter().enumerate() {
            let before = dead.clone();
            dead.insert(row);
            assert!(dead.has(row) && !before.has(row));
            assert!(dead.since(place).eq([row]));
        }
        let all = (0..BLOCK * 5).filter(|&row| dead.has(row)).count();
        assert_eq!((all, dead.len(), dead.has(usize::MAX)), (rows.len(), rows.len(), false));
    }
}
