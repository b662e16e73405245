//! Who reads which source, where several servers of one store could: each is read by one of them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::error::Error;
use super::postgis::{Lessee, Server};
use crate::model::source::SourceName;

/// Whose turn it is to read a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// Nobody has asked yet, or nobody answers.
    Unknown,
    /// Another server reads it.
    Others,
    /// It is ours.
    Ours,
}

/// The sources of this program, and which of them it may read. Cheap to clone; all clones are the same.
/// The usual one knows no other program: all sources are its own.
#[derive(Debug, Clone, Default)]
pub struct Leases(Option<Arc<Shared>>);

#[derive(Debug)]
struct Shared {
    /// Held over the network, by whoever looks.
    lessee: Mutex<Lessee>,
    sources: Mutex<Sources>,
}

/// What this program wants to read. Held for a moment.
#[derive(Debug, Default)]
struct Sources {
    /// Those that only this machine has.
    own: BTreeSet<SourceName>,
    leased: BTreeMap<SourceName, Turn>,
}

impl Leases {
    pub(super) fn of(server: Arc<Server>) -> Self {
        let (lessee, sources) = (Mutex::new(Lessee::new(server)), Mutex::default());
        Self(Some(Arc::new(Shared { lessee, sources })))
    }

    /// Whether there may be others who read the same sources.
    pub const fn are_shared(&self) -> bool {
        self.0.is_some()
    }

    /// Wants to read a source that one server is to read.
    pub fn want(&self, source: &SourceName) {
        if let Some(shared) = &self.0 {
            shared.sources().leased.insert(source.clone(), Turn::Unknown);
        }
    }

    /// Reads a source that only this machine has.
    pub fn own(&self, source: &SourceName) {
        if let Some(shared) = &self.0 {
            shared.sources().own.insert(source.clone());
        }
    }

    /// Whether some were not asked for yet.
    pub fn are_new(&self) -> bool {
        let has_new = |shared: &Arc<Shared>| {
            shared.sources().leased.values().any(|turn| *turn == Turn::Unknown)
        };
        self.0.as_ref().is_some_and(has_new)
    }

    /// Whose turn it is to read a source.
    pub fn turn(&self, source: &SourceName) -> Turn {
        let Some(shared) = &self.0 else { return Turn::Ours };
        let sources = shared.sources();
        if sources.own.contains(source) {
            return Turn::Ours;
        }
        sources.leased.get(source).copied().unwrap_or(Turn::Others)
    }

    /// Takes the sources that are free, and sees that those taken before are still ours.
    ///
    /// # Errors
    /// If the database does not answer; then none of them is ours, since others may have them.
    pub fn look(&self) -> Result<(), Error> {
        let Some(shared) = &self.0 else { return Ok(()) };
        let mut lessee = shared.lessee.lock().unwrap_or_else(PoisonError::into_inner);
        let free = shared.sources().not_ours();
        let asked: Vec<&str> = free.iter().map(|name| name.0.as_str()).collect();
        let taken = lessee.take(&asked);
        let mut sources = shared.sources();
        match taken {
            Ok(taken) => {
                let turn = |name: &SourceName| {
                    if taken.contains(&name.0) { Turn::Ours } else { Turn::Others }
                };
                sources.leased.extend(free.into_iter().map(|name| (name.clone(), turn(&name))));
                Ok(())
            }
            Err(error) => {
                sources.leased.values_mut().for_each(|turn| *turn = Turn::Unknown);
                Err(error.into())
            }
        }
    }
}

impl Shared {
    fn sources(&self) -> MutexGuard<'_, Sources> {
        self.sources.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sources {
    fn not_ours(&self) -> Vec<SourceName> {
        let leased = self.leased.iter().filter(|(_, turn)| **turn != Turn::Ours);
        leased.map(|(name, _)| name.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_others_every_source_is_ours() {
        let (leases, feed) = (Leases::default(), SourceName("https://example.org".to_owned()));
        leases.want(&feed);
        leases.look().unwrap();
        assert_eq!((leases.turn(&feed), leases.are_shared()), (Turn::Ours, false));
    }
}
