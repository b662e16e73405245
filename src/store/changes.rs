//! Events in the order in which they were committed, for those who follow.

use super::index::Index;
use crate::model::query::EventQuery;

/// What was committed after a point in the sequence.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changes {
    /// Each with its sequence number, as GeoJSON.
    pub features: Vec<(u64, String)>,
    /// How far that reaches: go on from here.
    pub upto: u64,
    /// Whether there is more.
    pub more: bool,
}

impl Index {
    /// The events after a sequence number that answer a query, in order, at most so many.
    pub fn after(&self, query: &EventQuery, sequence: u64, most: usize) -> Changes {
        let mut features = Vec::new();
        let mut upto = sequence;
        for row in self.rows_after(query, sequence) {
            if features.len() == most {
                return Changes { features, upto, more: true };
            }
            upto = self.sequence(row);
            features.push((upto, self.feature(row)));
        }
        Changes { features, upto: self.last().max(sequence), more: false }
    }
}
