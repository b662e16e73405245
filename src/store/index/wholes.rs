//! Features as whole texts, once somebody has asked for them, while there are few.

use std::sync::{Arc, OnceLock};

use crate::store::growing::Growing;

/// The most rows whose features are kept as a whole, once they were asked for. Putting one together
/// from its parts waits for memory a dozen times, copying it does once; but those of a million would
/// take more than all else.
const MOST: usize = 300_000;

/// The features of rows that were asked for. A reader keeps what it has put together for those who
/// come after it: so who only writes holds none.
#[derive(Debug, Clone)]
pub(super) struct Wholes(Option<Growing<Kept>>);

/// A feature, once it was put together.
type Kept = OnceLock<Arc<str>>;

impl Default for Wholes {
    fn default() -> Self {
        Self(Some(Growing::default()))
    }
}

impl Wholes {
    /// Makes room for those of rows that were added; none are kept any more if there are too many.
    pub(super) fn grow(&mut self, rows: usize) {
        self.0.take_if(|_| rows > MOST);
        let Some(kept) = &mut self.0 else { return };
        while kept.len() < rows {
            kept.push(Kept::new());
        }
    }

    /// The feature in this row, if it was asked for before.
    pub(super) fn get(&self, row: usize) -> Option<&str> {
        self.0.as_ref()?.get(row)?.get().map(|text| &**text)
    }

    /// The feature in this row, put together if nobody has asked for it; none if none are kept.
    pub(super) fn get_or(&self, row: usize, whole: impl FnOnce() -> String) -> Option<&str> {
        Some(self.0.as_ref()?.get(row)?.get_or_init(|| whole().into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_asked_for_is_kept_until_there_are_too_many() {
        let mut wholes = Wholes::default();
        wholes.grow(2);
        assert_eq!((wholes.get(0), wholes.get(1)), (None, None));
        assert_eq!(wholes.get_or(0, || "first".to_owned()), Some("first"));
        let before = wholes.clone();
        wholes.grow(MOST);
        assert_eq!(wholes.get_or(0, || unreachable!("it is kept")), Some("first"));
        assert_eq!((wholes.get(1), before.get(0)), (None, Some("first")));
        wholes.grow(MOST + 1);
        assert_eq!((wholes.get(0), wholes.get_or(0, String::new)), (None, None));
        assert_eq!(before.get(0), Some("first"));
    }
}
