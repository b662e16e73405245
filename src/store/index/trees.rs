//! Points found by box, while more are added.

use std::sync::Arc;

use rstar::primitives::GeomWithData;
use rstar::{AABB, RTree};

use crate::model::point::{Bbox, LonLat};

/// A point and its row.
type Entry = GeomWithData<[f64; 2], u32>;

/// R-trees that are never changed once they are built, each at least twice as large as the next.
///
/// Points that are added become a tree of their own; trees of one size are made into one. So
/// a point is built into some twenty trees until there are a million, and readers keep the ones they have.
#[derive(Debug, Clone, Default)]
pub(super) struct Trees(Vec<Arc<RTree<Entry>>>);

impl Trees {
    pub(super) fn add(&mut self, points: Vec<(LonLat, u32)>) {
        let entry = |(at, row): (LonLat, u32)| GeomWithData::new([at.lon(), at.lat()], row);
        let mut entries: Vec<Entry> = points.into_iter().map(entry).collect();
        if entries.is_empty() {
            return;
        }
        while let Some(tree) = self.0.pop_if(|tree| tree.size() < 2 * entries.len()) {
            entries.extend(tree.iter());
        }
        self.0.push(Arc::new(RTree::bulk_load(entries)));
    }

    /// The rows in a box, in no order; `None` if they are more than that.
    pub(super) fn find(&self, bbox: Bbox, most: usize) -> Option<Vec<u32>> {
        let mut rows = Vec::new();
        for [west, south, east, north] in bbox.rectangles() {
            let area = AABB::from_corners([west, south], [east, north]);
            for tree in &self.0 {
                let found = tree.locate_in_envelope(area).map(|point| point.data);
                rows.extend(found.take(most + 1 - rows.len()));
                if rows.len() > most {
                    return None;
                }
            }
        }
        Some(rows)
    }
}
