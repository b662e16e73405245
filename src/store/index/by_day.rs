//! Rows in their usual order: the newest day first, undated last, of one day the last inserted first.

use std::cmp::Reverse;
use std::sync::Arc;

use jiff::civil::Date;

use crate::model::when::Interval;

/// Where a row stands.
pub(in crate::store) type Order = Reverse<(Option<Date>, u32)>;

/// Rows in one piece, when it is made; it may grow to twice as many.
const PIECE: usize = 4_096;

/// The rows in order, in pieces: a clone shares all of them until one is added to.
#[derive(Debug, Clone, Default)]
pub(super) struct ByDay {
    pieces: Arc<Vec<Arc<Piece>>>,
}

#[derive(Debug, Clone, Default)]
struct Piece {
    /// Never empty.
    orders: Vec<Order>,
    /// The latest day on which any of them ends.
    latest: Option<Date>,
}

/// A row on its way in: its place, and its last day.
pub(super) type Dated = (Order, Option<Date>);

impl ByDay {
    /// Adds rows, in any order.
    pub(super) fn add(&mut self, mut rows: Vec<Dated>) {
        rows.sort_unstable();
        let pieces = Arc::make_mut(&mut self.pieces);
        if pieces.is_empty() {
            *pieces = rows.chunks(PIECE).map(|rows| Arc::new(Piece::new(rows))).collect();
            return;
        }
        for (order, last) in rows {
            let behind = pieces
                .partition_point(|piece| piece.orders.first().is_some_and(|&first| first < order));
            let at = behind.saturating_sub(1);
            let Some(piece) = pieces.get_mut(at) else { continue };
            let rest = Arc::make_mut(piece).insert(order, last);
            if let Some(rest) = rest {
                pieces.insert(at + 1, Arc::new(rest));
            }
        }
    }

    /// How many rows such a search looks at.
    pub(super) fn near(&self, asked: Interval) -> usize {
        let pieces = self.pieces.iter().filter(|piece| piece.may_meet(asked));
        pieces.map(|piece| piece.orders.len()).sum()
    }

    /// The rows behind that place, leaving out many that the interval does not meet.
    pub(super) fn search(
        &self,
        after: Option<Order>,
        asked: Option<Interval>,
    ) -> impl Iterator<Item = usize> {
        let seen = |piece: &Arc<Piece>| {
            after.is_some_and(|after| piece.orders.last().is_some_and(|&last| last <= after))
        };
        let begin = self.pieces.partition_point(seen);
        let pieces = self.pieces.iter().skip(begin);
        let pieces = pieces.filter(move |piece| asked.is_none_or(|asked| piece.may_meet(asked)));
        pieces.flat_map(move |piece| piece.behind(after)).map(row)
    }
}

fn row(Reverse((_, row)): &Order) -> usize {
    *row as usize
}

impl Piece {
    fn new(rows: &[Dated]) -> Self {
        Self {
            orders: rows.iter().map(|&(order, _)| order).collect(),
            latest: rows.iter().filter_map(|&(_, last)| last).max(),
        }
    }

    /// Gives its second half if it has grown too long.
    fn insert(&mut self, order: Order, last: Option<Date>) -> Option<Self> {
        let at = self.orders.partition_point(|&other| other < order);
        self.orders.insert(at, order);
        self.latest = self.latest.max(last);
        let is_long = self.orders.len() > 2 * PIECE;
        is_long.then(|| Self { orders: self.orders.split_off(PIECE), latest: self.latest })
    }

    /// Whether a row may be in the interval. None is without a day.
    fn may_meet(&self, asked: Interval) -> bool {
        let (from, to) = asked.bounds();
        let earliest = self.orders.last().and_then(|&Reverse((day, _))| day);
        let ends_late_enough =
            self.latest.is_some_and(|latest| from.is_none_or(|from| latest >= from));
        ends_late_enough && earliest.is_none_or(|earliest| to.is_none_or(|to| earliest <= to))
    }

    fn behind(&self, after: Option<Order>) -> &[Order] {
        let begin = after.map_or(0, |after| self.orders.partition_point(|&order| order <= after));
        self.orders.get(begin..).unwrap_or_default()
    }
}
