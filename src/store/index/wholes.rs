//! Features as whole texts, while they are few.

use std::sync::Arc;

use crate::store::growing::Growing;

/// Bytes that whole features may take: some three hundred thousand events. Putting one together
/// from its parts waits for memory a dozen times, copying it does once; but those of a million
/// would take more than all else.
const ROOM: usize = 512 * 1024 * 1024;

/// The features of all rows, or of none once they were too many.
#[derive(Debug, Clone)]
pub(super) struct Wholes {
    texts: Option<Growing<Arc<str>>>,
    /// Bytes that are left.
    room: usize,
}

impl Default for Wholes {
    fn default() -> Self {
        Self { texts: Some(Growing::default()), room: ROOM }
    }
}

impl Wholes {
    /// Whether those of all rows are kept.
    pub(super) fn are_kept(&self) -> bool {
        self.texts.is_some()
    }

    /// Keeps none any more if there is not so much room left.
    pub(super) fn make_sure(&mut self, bytes: usize) {
        if self.room < bytes {
            self.texts = None;
        }
    }

    /// Keeps the feature of the next row, if there is room for all.
    pub(super) fn push(&mut self, text: &str) {
        let Some(texts) = &mut self.texts else { return };
        match self.room.checked_sub(text.len()) {
            Some(room) => {
                self.room = room;
                texts.push(text.into());
            }
            None => self.texts = None,
        }
    }

    /// The feature in this row, if it is kept.
    pub(super) fn get(&self, row: usize) -> Option<&str> {
        self.texts.as_ref()?.get(row).map(|text| &**text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_are_kept_or_none() {
        let mut wholes = Wholes { room: 10, ..Wholes::default() };
        wholes.push("12345");
        wholes.push("67890");
        let before = wholes.clone();
        assert_eq!(
            (wholes.get(0), wholes.get(1), wholes.get(2)),
            (Some("12345"), Some("67890"), None)
        );
        wholes.make_sure(0);
        assert!(wholes.are_kept());
        wholes.push("1");
        assert_eq!((wholes.get(0), before.get(1)), (None, Some("67890")));
        assert!(before.are_kept() && !wholes.are_kept());
        let mut wholes = Wholes { room: 10, ..Wholes::default() };
        wholes.make_sure(11);
        assert!(!wholes.are_kept());
    }
}
