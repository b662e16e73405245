//! An index over the consonants of names: which may sound alike, or be one misspelled letter apart.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::likeness::Sounds;

/// Places by the consonants of their names, and by those with one consonant left out.
///
/// Two names that differ in one consonant have one such row in common, so a look-up costs as
/// many searches as the name has consonants, whatever the size of the gazetteer.
#[derive(Debug, Default)]
pub(super) struct SoundIndex {
    rows: Vec<(u64, u32)>,
}

/// Shorter names have too many that are one consonant away.
const LEAST_CONSONANTS: usize = 4;

impl SoundIndex {
    /// Adds a name of the place with this index. [`SoundIndex::seal`] ends the adding.
    pub(super) fn add(&mut self, sounds: &Sounds, index: usize) {
        if let Ok(index) = u32::try_from(index) {
            self.rows.extend(keys(&sounds.consonants()).into_iter().map(|key| (key, index)));
        }
    }

    /// Puts the index in order.
    pub(super) fn seal(&mut self) {
        self.rows.sort_unstable();
        self.rows.dedup();
    }

    /// The places that have a name near to these sounds, each once, in the order of the file.
    pub(super) fn near(&self, sounds: &Sounds) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        for key in keys(&sounds.consonants()) {
            let from = self.rows.partition_point(|&(row, _)| row < key);
            let rows = self.rows.iter().skip(from).take_while(|&&(row, _)| row == key);
            found.extend(rows.filter_map(|&(_, index)| usize::try_from(index).ok()));
        }
        found
    }
}

/// The consonants, and all rows with one of them left out.
fn keys(consonants: &[u8]) -> Vec<u64> {
    let mut keys = vec![hash(consonants.iter())];
    if consonants.len() >= LEAST_CONSONANTS {
        keys.extend((0..consonants.len()).map(|left_out| {
            let rest = consonants.iter().enumerate().filter(|&(at, _)| at != left_out);
            hash(rest.map(|(_, class)| class))
        }));
    }
    keys
}

fn hash<'a>(classes: impl Iterator<Item = &'a u8>) -> u64 {
    let mut hasher = DefaultHasher::new();
    classes.for_each(|class| class.hash(&mut hasher));
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_left_out_or_put_for_another_is_near() {
        let mut index = SoundIndex::default();
        for (at, name) in ["khan shaykhun", "kafr nabl", "hama"].into_iter().enumerate() {
            index.add(&Sounds::of(name), at);
        }
        index.seal();
        for (name, found) in [
            ("خان شيخون", vec![0]),
            ("khan shakun", vec![0]),
            ("كفر نبد", vec![1]),
            ("kafr abl", vec![1]),
            ("homs", vec![]),
            ("hms", vec![]),
        ] {
            let near: Vec<usize> = index.near(&Sounds::of(name)).into_iter().collect();
            assert_eq!(near, found, "{name}");
        }
    }
}
