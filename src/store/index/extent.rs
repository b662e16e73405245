//! What features cover.

use jiff::civil::Date;

use crate::model::point::{Bbox, LonLat};

/// What the features cover.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Extent {
    /// West, south, east, north.
    pub bbox: Option<[f64; 4]>,
    /// First and last day.
    pub days: Option<(Date, Date)>,
}

impl Extent {
    /// Whether everything that has a place lies in the box.
    pub(super) fn is_within(self, bbox: Bbox) -> bool {
        self.bbox.is_some_and(|[west, south, east, north]| {
            let corners = [LonLat::new(west, south), LonLat::new(east, north)];
            let mut whole = bbox.rectangles().map(|[from, _, to, _]| from <= west && east <= to);
            corners.iter().flatten().all(|&corner| bbox.contains(corner)) && whole.any(|is| is)
        })
    }

    /// Whether it would be less without that.
    pub(super) fn ends_at(&self, other: &Self) -> bool {
        let boxes = self.bbox.zip(other.bbox);
        let days = self.days.zip(other.days);
        let at_edge = |([w, s, e, n], [west, south, east, north]): ([f64; 4], [f64; 4])| {
            west <= w || south <= s || east >= e || north >= n
        };
        boxes.is_some_and(at_edge)
            || days.is_some_and(|((from, to), (first, last))| first <= from || last >= to)
    }

    pub(super) fn include(&mut self, other: &Self) {
        if let Some(around @ [west, south, east, north]) = other.bbox {
            let [w, s, e, n] = self.bbox.unwrap_or(around);
            self.bbox = Some([w.min(west), s.min(south), e.max(east), n.max(north)]);
        }
        if let Some((first, last)) = other.days {
            let (from, to) = self.days.unwrap_or((first, last));
            self.days = Some((from.min(first), to.max(last)));
        }
    }
}
