//! A source read again and again, whenever it is this program's turn.

use std::ops::ControlFlow;
use std::time::Duration;

use jiff::Timestamp;

use super::commit::now;
use super::queue::{Lane, weight};
use super::run::{End, Feed, Manner, Shared, Task, What};
use crate::model::cause::chain;
use crate::model::source::{SourceName, State, Status, shown};
use crate::store;
use crate::store::lease::Turn;

/// How often it is looked whose turn it is: a source whose reader has died waits for no longer.
const LOOK: Duration = Duration::from_secs(2);

/// How soon it is seen that it is one's turn.
const SEE: Duration = Duration::from_millis(100);

/// How soon a database that cannot tell how far a source was read is asked again.
const PAUSE: Duration = Duration::from_secs(1);

/// The longest that another's time of the next read is waited for: its clock may be wrong.
const LONGEST: Duration = Duration::from_secs(3600);

/// Takes turns, and holds them, until the work ends.
pub(super) fn renew(shared: &Shared) {
    let mut fails = false;
    loop {
        let looked = shared.leases.look();
        // Told when it begins, not at every try.
        match &looked {
            Err(error) if !fails => {
                tracing::warn!("sources are left to others: {}", chain(error));
            }
            _ => {}
        }
        fails = looked.is_err();
        let pause = if !fails && shared.leases.are_new() { SEE } else { LOOK };
        if shared.stop.wait(pause) {
            return;
        }
    }
}

/// Reads a source for as long as it wants to, whenever it is this program's turn.
pub(super) fn follow(shared: &Shared, lane: Lane, mut feed: Feed) {
    while await_turn(shared, &feed.name) {
        if read(shared, lane, &mut feed).is_break() {
            return;
        }
    }
}

/// Waits for the turn; whether it came before the end of the work.
fn await_turn(shared: &Shared, name: &SourceName) -> bool {
    loop {
        match shared.leases.turn(name) {
            Turn::Ours => return !shared.stop.is_set(),
            // What it gives comes from there.
            Turn::Others => shared.board.was_read(name),
            Turn::Unknown => {}
        }
        if shared.stop.wait(SEE) {
            return false;
        }
    }
}

/// Reads a source from where it was left until its end, or until it is the turn of another.
fn read(shared: &Shared, lane: Lane, feed: &mut Feed) -> ControlFlow<()> {
    let name = &feed.name.clone();
    match shared.store.position(name) {
        Ok(Some(position)) => feed.source.resume(&position),
        Ok(None) => {}
        Err(error) if shared.leases.are_shared() => {
            tracing::debug!(source.name = shown(&name.0), "{}", chain(&error));
            return if shared.stop.wait(PAUSE) {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            };
        }
        // From the beginning, then: what is known is not read twice.
        Err(error) => tracing::warn!(source.name = shown(&name.0), "{}", chain(&error)),
    }
    let rest = rest(shared, name);
    if !rest.is_zero() {
        // Another has read it lately.
        shared.board.was_read(name);
        if shared.stop.wait(rest) {
            return ControlFlow::Break(());
        }
    }
    while shared.leases.turn(name) == Turn::Ours {
        let pause = read_once(shared, lane, feed)?;
        if shared.stop.wait(pause) {
            return ControlFlow::Break(());
        }
    }
    ControlFlow::Continue(())
}

/// Reads what a source has now, and gives how long it is to be left alone then.
fn read_once(shared: &Shared, lane: Lane, feed: &mut Feed) -> ControlFlow<(), Duration> {
    let Feed { name, source, .. } = feed;
    let push = |what: What, weight| {
        let task = Task { source: name.clone(), what };
        let pushed = shared.queue.push(lane, weight, task);
        if pushed.is_err() || shared.stop.is_set() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    };
    shared.board.update(name, |state| state.status = Status::Reading);
    for article in source.articles() {
        if shared.stop.is_set() {
            return ControlFlow::Break(());
        }
        if shared.leases.turn(name) != Turn::Ours {
            return ControlFlow::Continue(Duration::ZERO);
        }
        match article {
            Ok(article) => {
                let weight = weight(article.text.len());
                push(What::Article(Box::new(article), None), weight)?;
            }
            Err(error) => push(What::Failed(error), 1)?,
        }
    }
    if shared.stop.is_set() {
        return ControlFlow::Break(());
    }
    let again = source.again().filter(|_| shared.manner == Manner::Steadily);
    push(What::End(End { position: source.position(), again }), 1)?;
    again.map_or(ControlFlow::Break(()), ControlFlow::Continue)
}

/// How long a source is still to be left alone, as whoever read it before has kept it.
fn rest(shared: &Shared, name: &SourceName) -> Duration {
    if !shared.leases.are_shared() {
        return Duration::ZERO;
    }
    let kept = || -> Result<Option<State>, store::Error> {
        let states = shared.store.states()?;
        let kept = states.into_iter().find(|(of, _)| of == name);
        Ok(kept.and_then(|(_, state)| serde_json::from_str(&state).ok()))
    };
    // Not known is no rest: to ask once too often does no harm.
    let Ok(Some(state)) = kept() else { return Duration::ZERO };
    state.next_read.map_or(Duration::ZERO, |next| left(now(), next))
}

fn left(now: Timestamp, next: Timestamp) -> Duration {
    Duration::try_from(next.duration_since(now)).unwrap_or_default().min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_of_a_pause_is_waited_for_and_never_too_long() {
        let now: Timestamp = "2024-01-01T00:00:00Z".parse().unwrap();
        for (next, rest) in [
            ("2023-12-31T00:00:00Z", 0),
            ("2024-01-01T00:00:00Z", 0),
            ("2024-01-01T00:01:30Z", 90),
            ("2030-01-01T00:00:00Z", 3600),
        ] {
            assert_eq!(left(now, next.parse().unwrap()), Duration::from_secs(rest), "{next}");
        }
    }
}
