//! What of an outlet was read before.

use std::collections::{HashMap, HashSet};
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
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
    key: Mark,
    /// What it was when it was read; `None` if it could not be read yet.
    #[serde(rename = "m", default, skip_serializing_if = "Option::is_none")]
    mark: Option<Mark>,
    /// How often it was tried since.
    #[serde(rename = "t", default, skip_serializing_if = "is_zero")]
    tries: u8,
}

/// The start of a hash of some texts: 48 bits, so that a thousand entries are alike by chance once
/// in half a billion feeds. Tens of thousands are held, so it is a number and not a text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(super) struct Mark(u64);

impl Mark {
    pub(super) fn of(parts: &[&str]) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update(part.len().to_le_bytes());
            hash.update(part);
        }
        let start = hash.finalize();
        Self(start.iter().take(6).fold(0, |start, byte| start << 8 | u64::from(*byte)))
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:012x}", self.0)
    }
}

impl Serialize for Mark {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Mark {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let digits = String::deserialize(deserializer)?;
        u64::from_str_radix(&digits, 16).map(Self).map_err(serde::de::Error::custom)
    }
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
    pub(super) fn has(&self, key: Mark, mark: Mark) -> bool {
        self.entries.iter().any(|known| known.key == key && known.mark == Some(mark))
    }

    /// Which of some entries were read and are the same.
    pub(super) fn marks(&self) -> HashMap<Mark, Mark> {
        self.entries.iter().filter_map(|known| Some((known.key, known.mark?))).collect()
    }

    /// Takes down that an entry was read.
    pub(super) fn read(&mut self, key: Mark, mark: Mark) {
        let known = self.known(key);
        known.mark = Some(mark);
        known.tries = 0;
    }

    /// Takes down that an entry could not be read, and tells how often that was.
    pub(super) fn tried(&mut self, key: Mark) -> u8 {
        let known = self.known(key);
        known.tries = known.tries.saturating_add(1);
        known.tries
    }

    /// Forgets the oldest of those that the feed does not have any more.
    pub(super) fn forget(&mut self, present: &HashSet<Mark>) {
        let gone = self.entries.iter().filter(|known| !present.contains(&known.key)).count();
        let mut surplus = gone.saturating_sub(MOST);
        self.entries.retain(|known| {
            let goes = surplus > 0 && !present.contains(&known.key);
            surplus -= usize::from(goes);
            !goes
        });
    }

    /// An entry, moved to the end.
    fn known(&mut self, key: Mark) -> &mut Known {
        let at = self.entries.iter().position(|known| known.key == key);
        let known = match at {
            Some(at) => self.entries.remove(at),
            None => Known { key, mark: None, tries: 0 },
        };
        self.entries.push(known);
        self.entries.last_mut().expect("one was just pushed")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_was_read_is_known_until_it_changes() {
        let mut seen = Seen::default();
        let [a, b, one, two] = ["a", "b", "1", "2"].map(|text| Mark::of(&[text]));
        seen.read(a, one);
        assert!(seen.has(a, one) && !seen.has(a, two) && !seen.has(b, one));
        assert_eq!((seen.tried(b), seen.tried(b)), (1, 2));
        seen.read(a, two);
        let kept = Seen::from(&seen.position().unwrap());
        assert_eq!(kept, seen);
        assert!(kept.has(a, two) && !kept.has(b, one), "{kept:?}");
    }

    #[test]
    fn the_oldest_that_are_gone_are_forgotten() {
        let mut seen = Seen::default();
        let one = Mark(1);
        for n in 0..MOST as u64 + 500 {
            seen.read(Mark(n), one);
        }
        seen.forget(&[Mark(0), Mark(7)].into());
        assert_eq!(seen.entries.len(), MOST + 2);
        assert!(seen.has(Mark(0), one) && seen.has(Mark(7), one) && !seen.has(Mark(8), one));
        assert!(seen.has(Mark(MOST as u64 + 499), one));
    }

    #[test]
    fn parts_are_told_apart() {
        assert_ne!(Mark::of(&["ab", "c"]), Mark::of(&["a", "bc"]));
        assert_eq!(Mark::of(&[]).to_string().len(), 12);
    }

    #[test]
    fn what_an_older_version_kept_is_read() {
        let kept = r#"{"validators":{},"entries":[{"k":"00000000000a","m":"0000000000ff"},{"k":"00000000000b","t":2}]}"#;
        let mut seen = Seen::from(&Position(kept.to_owned()));
        assert!(seen.has(Mark(10), Mark(255)));
        assert_eq!(seen.position(), Some(Position(kept.to_owned())));
        assert_eq!(seen.tried(Mark(11)), 3);
    }

    proptest! {
        #[test]
        fn any_position_is_one(text in "\\PC{0,80}") {
            let _ = Seen::from(&Position(text));
        }
    }
}
