//! Rows in their usual order: the newest day first, undated last, of one day the last inserted first.

use std::sync::Arc;

use jiff::civil::Date;

use crate::model::when::Interval;
use crate::store::marks::{day_of, number_of};

/// Where a row stands: one that comes earlier is less. So small that it is kept beside each point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::store) struct Order(u64);

/// The bits of the row in it; above them is the day.
const ROW: u32 = u32::BITS;

impl Order {
    pub(super) fn new(day: Option<Date>, row: u32) -> Self {
        // No day is the first that can be numbered.
        let day = day.map_or(0, |day| number_of(day).abs_diff(i32::MIN));
        Self(!(u64::from(day) << ROW | u64::from(row)))
    }

    #[expect(clippy::cast_possible_truncation, reason = "the lower half is the row")]
    pub(in crate::store) fn row(self) -> usize {
        !self.0 as u32 as usize
    }

    fn day(self) -> Option<Date> {
        let day = u32::try_from(!self.0 >> ROW).ok().filter(|&day| day > 0);
        day.map(|day| day_of(i32::MIN.saturating_add_unsigned(day)))
    }
}

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
        pieces.flat_map(move |piece| piece.behind(after)).map(|order| order.row())
    }
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
        let earliest = self.orders.last().and_then(|order| order.day());
        let ends_late_enough =
            self.latest.is_some_and(|latest| from.is_none_or(|from| latest >= from));
        ends_late_enough && earliest.is_none_or(|earliest| to.is_none_or(|to| earliest <= to))
    }

    fn behind(&self, after: Option<Order>) -> &[Order] {
        let begin = after.map_or(0, |after| self.orders.partition_point(|&order| order <= after));
        self.orders.get(begin..).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_newest_day_stands_first_and_of_one_day_the_last_row() {
        let days = [
            Some(Date::MAX),
            Some(date(2024, 2, 29)),
            Some(date(1969, 12, 31)),
            Some(Date::MIN),
            None,
        ];
        let places = days.iter().flat_map(|&day| [u32::MAX, 7, 0].map(|row| (day, row)));
        let orders: Vec<_> = places.clone().map(|(day, row)| Order::new(day, row)).collect();
        assert!(orders.is_sorted_by(|a, b| a < b), "{orders:?}");
        for ((day, row), order) in places.zip(orders) {
            assert_eq!((order.day(), order.row()), (day, row as usize));
        }
    }
}
