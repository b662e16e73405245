//! Points found by box, while more are added.

use std::sync::Arc;

use rstar::{AABB, RTree, RTreeObject};

use super::by_day::Order;
use crate::model::point::{Bbox, LonLat};

/// Points in one leaf: a tree of single points takes twice the memory and is slower.
const LEAF: usize = 32;

/// A point and where its row stands: so the hits are sorted without a look at their rows.
#[derive(Debug, Clone, Copy)]
struct Entry {
    at: [f64; 2],
    order: Order,
}

/// Points that are near each other.
#[derive(Debug)]
struct Leaf {
    entries: Box<[Entry]>,
    around: AABB<[f64; 2]>,
}

impl RTreeObject for Leaf {
    type Envelope = AABB<[f64; 2]>;

    fn envelope(&self) -> Self::Envelope {
        self.around
    }
}

#[derive(Debug)]
struct Tree {
    leaves: RTree<Leaf>,
    len: usize,
}

/// R-trees that are never changed once they are built, each at least twice as large as the next.
///
/// Points that are added become a tree of their own; trees of like size are made into one. So a
/// point is built into some twenty trees until there are a million, and readers keep the ones they have.
#[derive(Debug, Clone, Default)]
pub(super) struct Trees(Vec<Arc<Tree>>);

impl Trees {
    pub(super) fn add(&mut self, points: Vec<(LonLat, Order)>) {
        let entry = |(at, order): (LonLat, Order)| Entry { at: [at.lon(), at.lat()], order };
        let mut entries: Vec<Entry> = points.into_iter().map(entry).collect();
        if entries.is_empty() {
            return;
        }
        while let Some(tree) = self.0.pop_if(|tree| tree.len < 2 * entries.len()) {
            entries.extend(tree.leaves.iter().flat_map(|leaf| &leaf.entries));
        }
        let len = entries.len();
        self.0.push(Arc::new(Tree { leaves: RTree::bulk_load(leaves(entries)), len }));
    }

    /// The rows in a box, in no order; `None` if they are more than that.
    pub(super) fn find(&self, bbox: Bbox, most: usize) -> Option<Vec<Order>> {
        let mut rows = Vec::new();
        for [west, south, east, north] in bbox.rectangles() {
            let area = AABB::from_corners([west, south], [east, north]);
            let trees = self.0.iter();
            for leaf in trees.flat_map(|tree| tree.leaves.locate_in_envelope_intersecting(area)) {
                let within = leaf.entries.iter().filter(|Entry { at: [lon, lat], .. }| {
                    (west..=east).contains(lon) && (south..=north).contains(lat)
                });
                rows.extend(within.map(|entry| entry.order));
                if rows.len() > most {
                    return None;
                }
            }
        }
        Some(rows)
    }
}

/// Points cut into strips from west to east, and each strip into leaves from south to north.
fn leaves(mut entries: Vec<Entry>) -> Vec<Leaf> {
    let strip = (entries.len() / LEAF + 1).isqrt().max(1) * LEAF;
    entries.sort_unstable_by(|a, b| a.at[0].total_cmp(&b.at[0]));
    let strips = entries.chunks_mut(strip).flat_map(|strip| {
        strip.sort_unstable_by(|a, b| a.at[1].total_cmp(&b.at[1]));
        strip.chunks(LEAF)
    });
    let leaf = |entries: &[Entry]| {
        let around = AABB::from_points(entries.iter().map(|entry| &entry.at));
        Leaf { entries: entries.into(), around }
    };
    strips.map(leaf).collect()
}
