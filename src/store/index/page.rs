//! One page of an answer.

use std::sync::Arc;

use super::Index;
use crate::model::query::Cursor;

/// Features whose memory is fetched together: so many that it comes while others are waited for, so few
/// that it is still there when they are written.
const TOGETHER: usize = 32;

/// One page of an answer: which features, in their order. They stay as they were when it was
/// asked for, whatever is added meanwhile.
#[derive(Debug, Clone)]
pub struct Page {
    index: Arc<Index>,
    rows: Vec<usize>,
    /// How many features match, on this page or not.
    pub matched: usize,
    /// Where the next page begins; `None` if this is the last.
    pub next: Option<Cursor>,
}

impl Page {
    pub(super) fn new(
        index: &Arc<Index>,
        rows: Vec<usize>,
        matched: usize,
        next: Option<Cursor>,
    ) -> Self {
        Self { index: Arc::clone(index), rows, matched, next }
    }

    /// How many features it has.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The features as GeoJSON; unless another order is asked for, the newest day first, undated
    /// last, of one day the last inserted first.
    pub fn features(&self) -> impl Iterator<Item = String> {
        (0..self.len()).step_by(TOGETHER).flat_map(|place| {
            let mut features = Vec::with_capacity(TOGETHER);
            self.give(place, |feature| features.push(feature.to_owned()));
            features
        })
    }

    /// Gives the features from this place on, as GeoJSON, not all of them at once; returns the place of the next.
    pub fn give(&self, place: usize, take: impl FnMut(&str)) -> usize {
        let end = self.len().min(place.saturating_add(TOGETHER));
        self.index.give(self.rows.get(place..end).unwrap_or_default(), take);
        end
    }
}
