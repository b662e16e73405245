//! How the sources of a running program fare: written by those who read them, shown to those who ask.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::model::source::{SourceName, State};

/// The sources and what is known of them. Cheap to clone; all clones are the same board.
#[derive(Debug, Clone, Default)]
pub struct Board(Arc<Mutex<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    states: BTreeMap<SourceName, State>,
    /// Those given at start that have not been read once.
    unread: BTreeSet<SourceName>,
    /// Why articles are not kept, while that lasts.
    refused: watch::Sender<Option<String>>,
}

impl Board {
    /// A board with what was known when the program ended the last time.
    pub fn new(states: impl IntoIterator<Item = (SourceName, State)>) -> Self {
        let states = states.into_iter().collect();
        Self(Arc::new(Mutex::new(Inner { states, ..Inner::default() })))
    }

    /// All sources, by name.
    pub fn states(&self) -> Vec<(SourceName, State)> {
        self.lock().states.iter().map(|(name, state)| (name.clone(), state.clone())).collect()
    }

    /// Takes what others know of sources in place of what was known, but for those that are known better here.
    pub fn replace(
        &self,
        states: impl IntoIterator<Item = (SourceName, State)>,
        is_known_better: impl Fn(&SourceName) -> bool,
    ) {
        let mut inner = self.lock();
        inner.states.retain(|name, _| is_known_better(name));
        for (name, state) in states {
            inner.states.entry(name).or_insert(state);
        }
    }

    /// Changes what is known of a source, and gives it as it is then.
    pub fn update(&self, name: &SourceName, change: impl FnOnce(&mut State)) -> State {
        let mut inner = self.lock();
        let state = inner.states.entry(name.clone()).or_default();
        change(state);
        state.clone()
    }

    /// Answers are not complete before this source has been read once.
    pub fn await_first_read(&self, name: &SourceName) {
        self.lock().unread.insert(name.clone());
    }

    /// It has been read once, with success or not.
    pub fn was_read(&self, name: &SourceName) {
        self.lock().unread.remove(name);
    }

    /// Articles cannot be kept for this reason, or can be again.
    pub fn set_refused(&self, why: Option<String>) {
        self.lock().refused.send_replace(why);
    }

    /// Why articles are not kept, while that lasts.
    pub fn refused(&self) -> Option<String> {
        self.lock().refused.borrow().clone()
    }

    /// Tells why articles are not kept whenever that begins or ends.
    pub fn refusal(&self) -> watch::Receiver<Option<String>> {
        self.lock().refused.subscribe()
    }

    /// Why answers are not complete; nothing if they are.
    pub fn reasons(&self) -> Vec<String> {
        let refused = self.refused().map(|why| format!("articles are not kept: {why}"));
        refused.into_iter().chain(self.unread()).collect()
    }

    /// The same, but for articles that are not kept.
    pub fn unread(&self) -> Vec<String> {
        let unread = |name: &SourceName| {
            let name = crate::model::source::shown(&name.0);
            format!("source `{name}` is being read for the first time")
        };
        self.lock().unread.iter().map(unread).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_complete_once_every_source_was_read_and_kept() {
        let board = Board::default();
        let [feed, folder] =
            ["https://a:b@example.org/x", "folder"].map(|n| SourceName(n.to_owned()));
        board.await_first_read(&feed);
        board.await_first_read(&folder);
        board.was_read(&folder);
        board.set_refused(Some("no room left".to_owned()));
        assert_eq!(
            board.reasons(),
            [
                "articles are not kept: no room left",
                "source `https://example.org/…` is being read for the first time"
            ]
        );
        assert_eq!(board.unread().len(), 1);
        board.set_refused(None);
        board.was_read(&feed);
        assert!(board.reasons().is_empty());
    }

    #[test]
    fn what_others_know_takes_the_place_of_what_is_not_known_better() {
        let [ours, theirs, gone] = ["ours", "theirs", "gone"].map(|n| SourceName(n.to_owned()));
        let state = |articles| State { articles, ..State::default() };
        let board = Board::new([&ours, &gone].map(|name| (name.clone(), state(1))));
        board.replace([&ours, &theirs].map(|name| (name.clone(), state(2))), |name| *name == ours);
        assert_eq!(board.states(), [(ours, state(1)), (theirs, state(2))]);
    }
}
