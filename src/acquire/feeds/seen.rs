//! What of an outlet was read before.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::acquire::web::Validators;
use crate::model::source::Position;

/// Entries that are remembered after they have left the feed: some come back for a while.
const MOST: usize = 2_000;

/// What of an outlet was read before, as it is kept with its articles.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Seen {
    /// What the feed is known by, if all of it was read.
    #[serde(default)]
    pub(super) validators: Validators,
    #[serde(default)]
    entries: Vec<Known>,
}

/// An entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Known {
    /// Who it is.
    #[serde(rename = "k")]
    key: String,
    /// What it was when it was read; empty if it could not be read yet.
    #[serde(rename = "m", default, skip_serializing_if = "String::is_empty")]
    mark: String,
    /// How often it was tried since.
    #[serde(rename = "t", default, skip_serializing_if = "is_zero")]
    tries: u8,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde wants it so")]
const fn is_zero(number: &u8) -> bool {
    *number == 0
}

impl Seen {
    /// What was kept; nothing, if it cannot be read.
    pub(super) fn from(position: &Position) -> Self {
        serde_json::from_str(&position.0).unwrap_or_default()
    }

    pub(super) fn position(&self) -> Option<Position> {
        serde_json::to_string(self).ok().map(Position)
    }

    /// Whether an entry was read, and was the same then.
    #[cfg(test)]
    pub(super) fn has(&self, key: &str, mark: &str) -> bool {
        self.entries.iter().any(|known| known.key == key && known.mark == mark)
    }

    /// Which of some entries were read and are the same.
    pub(super) fn marks(&self) -> HashMap<&str, &str> {
        self.entries.iter().map(|known| (known.key.as_str(), known.mark.as_str())).collect()
    }

    /// Takes down that an entry was read.
    pub(super) fn read(&mut self, key: &str, mark: &str) {
        let known = self.known(key);
        mark.clone_into(&mut known.mark);
        known.tries = 0;
    }

    /// Takes down that an entry could not be read, and tells how often that was.
    pub(super) fn tried(&mut self, key: &str) -> u8 {
        let known = self.known(key);
        known.tries = known.tries.saturating_add(1);
        known.tries
    }

    /// Forgets the oldest of those that the feed does not have any more.
    pub(super) fn forget(&mut self, present: &HashSet<String>) {
        let gone = self.entries.iter().filter(|known| !present.contains(&known.key)).count();
        let mut surplus = gone.saturating_sub(MOST);
        self.entries.retain(|known| {
            let goes = surplus > 0 && !present.contains(&known.key);
            surplus -= usize::from(goes);
            !goes
        });
    }

    /// An entry, moved to the end.
    fn known(&mut self, key: &str) -> &mut Known {
        let at = self.entries.iter().position(|known| known.key == key);
        let known = match at {
            Some(at) => self.entries.remove(at),
            None => Known { key: key.to_owned(), mark: String::new(), tries: 0 },
        };
        self.entries.push(known);
        self.entries.last_mut().expect("one was just pushed")
    }
}

/// The start of a hash of some texts: 48 bits, so that a thousand entries are alike by chance once
/// in half a billion feeds.
pub(super) fn mark(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_le_bytes());
        hash.update(part);
    }
    let start =
        hash.finalize().iter().take(6).fold(0_u64, |start, byte| start << 8 | u64::from(*byte));
    format!("{start:012x}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_was_read_is_known_until_it_changes() {
        let mut seen = Seen::default();
        seen.read("a", "1");
        assert!(seen.has("a", "1") && !seen.has("a", "2") && !seen.has("b", "1"));
        assert_eq!((seen.tried("b"), seen.tried("b")), (1, 2));
        seen.read("a", "2");
        let kept = Seen::from(&seen.position().unwrap());
        assert_eq!(kept, seen);
        assert!(kept.has("a", "2") && !kept.has("b", "1"), "{kept:?}");
    }

    #[test]
    fn the_oldest_that_are_gone_are_forgotten() {
        let mut seen = Seen::default();
        for n in 0..MOST + 500 {
            seen.read(&n.to_string(), "1");
        }
        let present: HashSet<String> = ["0", "7"].map(str::to_owned).into();
        seen.forget(&present);
        assert_eq!(seen.entries.len(), MOST + 2);
        assert!(seen.has("0", "1") && seen.has("7", "1") && !seen.has("8", "1"));
        assert!(seen.has(&(MOST + 499).to_string(), "1"));
    }

    #[test]
    fn parts_are_told_apart() {
        assert_ne!(mark(&["ab", "c"]), mark(&["a", "bc"]));
        assert_eq!(mark(&[]).len(), 12);
    }

    proptest! {
        #[test]
        fn any_position_is_one(text in "\\PC{0,80}") {
            let _ = Seen::from(&Position(text));
        }
    }
}
