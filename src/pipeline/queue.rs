//! Articles on their way: a lane for each source, taken from in turn, so that no source waits for
//! another's articles.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// What may be under way of one source, from its reading to the commit, in units of [`weight`]:
/// enough for all cores and for the next commit, little enough to hold and to wait behind.
pub(super) const ROOM: usize = 128;

/// Bytes that count as one article.
const UNIT: usize = 64 * 1024;

/// How much of a lane an article takes: a large one as much as many.
pub(super) const fn weight(bytes: usize) -> usize {
    let weight = 1 + bytes / UNIT;
    if weight < ROOM { weight } else { ROOM }
}

/// A lane of the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Lane(usize);

/// The place of something in its lane. Whoever takes it gives it back by [`Queue::done`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ticket {
    pub(super) lane: Lane,
    /// Counted from 0 in each lane without a gap.
    pub(super) number: u64,
    weight: usize,
}

/// The lane has no room, or nothing is taken any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NotTaken;

/// What waits to be worked on.
pub(super) struct Queue<T> {
    /// Held for a few instructions; both conditions are about it.
    lanes: Mutex<Lanes<T>>,
    work: Condvar,
    room: Condvar,
}

struct Lanes<T> {
    all: Vec<Waiting<T>>,
    /// Lanes in which something waits, each once: whose turn it is.
    turns: VecDeque<Lane>,
    closed: bool,
}

struct Waiting<T> {
    items: VecDeque<(Ticket, T)>,
    /// Of all that was pushed and is not done.
    weight: usize,
    /// How many that are.
    held: usize,
    next: u64,
}

impl<T> Queue<T> {
    pub(super) fn new() -> Self {
        let lanes = Lanes { all: Vec::new(), turns: VecDeque::new(), closed: false };
        Self { lanes: Mutex::new(lanes), work: Condvar::new(), room: Condvar::new() }
    }

    /// Opens one more lane.
    pub(super) fn lane(&self) -> Lane {
        let mut lanes = self.lock();
        lanes.all.push(Waiting { items: VecDeque::new(), weight: 0, held: 0, next: 0 });
        Lane(lanes.all.len() - 1)
    }

    /// Waits for room in the lane, then puts an item at its end.
    pub(super) fn push(&self, lane: Lane, weight: usize, item: T) -> Result<(), NotTaken> {
        let full = |lanes: &mut Lanes<T>| !lanes.closed && !lanes.has_room(lane, weight);
        let lanes = self.lock();
        let mut lanes = self.room.wait_while(lanes, full).unwrap_or_else(PoisonError::into_inner);
        if lanes.closed {
            return Err(NotTaken);
        }
        lanes.add(lane, weight, item);
        self.work.notify_one();
        Ok(())
    }

    /// Puts items at the end of the lane, all or none, without waiting. An empty lane takes any.
    pub(super) fn try_push(&self, lane: Lane, items: Vec<(usize, T)>) -> Result<(), NotTaken> {
        let mut lanes = self.lock();
        let weight = items.iter().map(|(weight, _)| weight).sum();
        if lanes.closed || !lanes.has_room(lane, weight) {
            return Err(NotTaken);
        }
        for (weight, item) in items {
            lanes.add(lane, weight, item);
        }
        self.work.notify_all();
        Ok(())
    }

    /// Waits for the next item, of each lane in turn; `None` once the queue is closed and empty.
    pub(super) fn pop(&self) -> Option<(Ticket, T)> {
        let idle = |lanes: &mut Lanes<T>| !lanes.closed && lanes.turns.is_empty();
        let lanes = self.lock();
        let mut lanes = self.work.wait_while(lanes, idle).unwrap_or_else(PoisonError::into_inner);
        lanes.take()
    }

    /// Makes room for what comes next.
    pub(super) fn done(&self, tickets: impl IntoIterator<Item = Ticket>) {
        let mut lanes = self.lock();
        for ticket in tickets {
            if let Some(waiting) = lanes.all.get_mut(ticket.lane.0) {
                waiting.weight = waiting.weight.saturating_sub(ticket.weight);
                waiting.held = waiting.held.saturating_sub(1);
            }
        }
        self.room.notify_all();
    }

    /// Takes nothing more; what is there can still be taken out.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.work.notify_all();
        self.room.notify_all();
    }

    /// How many are under way.
    pub(super) fn under_way(&self) -> usize {
        self.lock().all.iter().map(|waiting| waiting.held).sum()
    }

    fn lock(&self) -> MutexGuard<'_, Lanes<T>> {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Lanes<T> {
    fn has_room(&self, lane: Lane, weight: usize) -> bool {
        let taken = self.all.get(lane.0).map_or(0, |waiting| waiting.weight);
        taken == 0 || taken + weight <= ROOM
    }

    fn add(&mut self, lane: Lane, weight: usize, item: T) {
        let Some(waiting) = self.all.get_mut(lane.0) else { return };
        if waiting.items.is_empty() {
            self.turns.push_back(lane);
        }
        waiting.items.push_back((Ticket { lane, number: waiting.next, weight }, item));
        waiting.next += 1;
        waiting.weight += weight;
        waiting.held += 1;
    }

    fn take(&mut self) -> Option<(Ticket, T)> {
        let lane = self.turns.pop_front()?;
        let waiting = self.all.get_mut(lane.0)?;
        let item = waiting.items.pop_front();
        if !waiting.items.is_empty() {
            self.turns.push_back(lane);
        }
        item
    }
}

impl<T> fmt::Debug for Queue<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Queue").field("under_way", &self.under_way()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn lanes_are_taken_from_in_turn_and_each_keeps_its_order() {
        let queue = Queue::new();
        let [long, short] = [queue.lane(), queue.lane()];
        for item in ["a0", "a1", "a2"] {
            queue.push(long, 1, item).unwrap();
        }
        queue.push(short, 1, "b0").unwrap();
        queue.close();
        let taken: Vec<_> = std::iter::from_fn(|| queue.pop()).collect();
        let items: Vec<_> = taken.iter().map(|(_, item)| *item).collect();
        assert_eq!(items, ["a0", "b0", "a1", "a2"]);
        assert_eq!(taken.iter().map(|(t, _)| t.number).collect::<Vec<_>>(), [0, 0, 1, 2]);
    }

    #[test]
    fn a_full_lane_waits_until_something_is_done_and_others_do_not() {
        let queue = Queue::new();
        let [full, other] = [queue.lane(), queue.lane()];
        queue.push(full, weight(usize::MAX), "large").unwrap();
        assert_eq!(queue.try_push(full, vec![(1, "no room")]), Err(NotTaken));
        queue.try_push(other, vec![(1, "room"), (1, "room")]).unwrap();
        thread::scope(|scope| {
            let waiting = scope.spawn(|| queue.push(full, 1, "next"));
            let (ticket, item) = queue.pop().unwrap();
            assert_eq!(item, "large");
            assert!(!waiting.is_finished());
            queue.done([ticket]);
            assert_eq!(waiting.join().unwrap(), Ok(()));
        });
        assert_eq!(queue.under_way(), 3);
    }

    #[test]
    fn an_empty_lane_takes_more_than_its_room_at_once() {
        let queue = Queue::new();
        let lane = queue.lane();
        queue.try_push(lane, vec![(1, ()); ROOM + 1]).unwrap();
        assert_eq!(queue.try_push(lane, vec![(1, ())]), Err(NotTaken));
    }

    #[test]
    fn a_closed_queue_takes_nothing_and_wakes_those_who_wait() {
        let queue: Queue<()> = Queue::new();
        let lane = queue.lane();
        queue.push(lane, ROOM, ()).unwrap();
        thread::scope(|scope| {
            let waiting = scope.spawn(|| queue.push(lane, 1, ()));
            queue.close();
            assert_eq!(waiting.join().unwrap(), Err(NotTaken));
        });
        assert!(queue.pop().is_some());
        assert!(queue.pop().is_none());
    }
}
