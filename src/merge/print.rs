//! What a text is like: whether another is the same, a copy, or another telling of the same story.

use std::array;

use sha2::{Digest as _, Sha256};

use crate::model::text::key;

/// Least hashes that are kept of a text. The likeness told by them is off by less than 0.09 two
/// times in three.
const HASHES: usize = 128;

/// Characters of the pieces that texts are compared by.
const GRAM: usize = 5;

/// From that likeness on two texts are one wire text, syndicated.
pub const COPY: f64 = 0.8;

/// From that likeness on two texts tell one story.
pub const STORY: f64 = 0.5;

/// The print of a text: enough to tell how alike it and another are.
///
/// These are the least hashes of its pieces of five characters under 128 hash functions (`MinHash`,
/// Broder 1997): as many are equal in two prints as pieces are common to the two texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Print([u32; HASHES]);

impl Print {
    /// The print of a folded text.
    fn of(folded: &str) -> Self {
        let mut least = [u32::MAX; HASHES];
        let letters: Vec<char> = folded.chars().collect();
        for gram in letters.windows(GRAM.min(letters.len()).max(1)) {
            let hash = hash(gram);
            for (least, (factor, addend)) in least.iter_mut().zip(FUNCTIONS) {
                *least = (*least).min(hash.wrapping_mul(factor).wrapping_add(addend));
            }
        }
        Self(least)
    }

    /// How alike two texts are, 0 to 1: about the share of pieces that they have in common.
    /// A text without letters is like no other.
    pub fn likeness(&self, other: &Self) -> f64 {
        let both = self.0.iter().zip(&other.0);
        let equal = both.filter(|(a, b)| a == b && **a != u32::MAX).count();
        #[expect(clippy::cast_precision_loss, reason = "there are 128 of them")]
        let share = equal as f64 / HASHES as f64;
        share
    }

    /// As it is kept.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|hash| hash.to_le_bytes()).collect()
    }

    /// As it was kept; what is no print is like no other.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let mut hashes = bytes.as_chunks().0.iter().map(|&hash| u32::from_le_bytes(hash));
        Self(array::from_fn(|_| hashes.next().unwrap_or(u32::MAX)))
    }
}

/// A hash that is the same for texts that differ in spaces, points and marks only.
pub fn text_hash(text: &str) -> String {
    hash_of(&key(text))
}

/// The hash of a text, and its print.
pub fn read(text: &str) -> (String, Print) {
    let folded = key(text);
    (hash_of(&folded), Print::of(&folded))
}

fn hash_of(folded: &str) -> String {
    let digest = Sha256::digest(folded);
    let start = digest.iter().take(8).fold(0_u64, |start, byte| start << 8 | u64::from(*byte));
    format!("{start:016x}")
}

/// FNV-1a over characters.
pub(super) fn fnv(letters: impl Iterator<Item = char>) -> u32 {
    letters.fold(0x811c_9dc5, |hash, letter| (hash ^ u32::from(letter)).wrapping_mul(0x0100_0193))
}

/// That, mixed (Murmur 3), so that every bit counts in the high ones.
fn hash(gram: &[char]) -> u32 {
    let fnv = fnv(gram.iter().copied());
    let once = (fnv ^ (fnv >> 16)).wrapping_mul(0x85eb_ca6b);
    let twice = (once ^ (once >> 13)).wrapping_mul(0xc2b2_ae35);
    twice ^ (twice >> 16)
}

/// Factor and addend of each hash function; a store holds what they gave, so they never change.
const FUNCTIONS: [(u32, u32); HASHES] = {
    let mut functions = [(0, 0); HASHES];
    let mut state = 0_u64;
    let mut at = 0;
    while at < HASHES {
        // SplitMix64.
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        #[expect(
            clippy::indexing_slicing,
            reason = "at is below the length; a constant is checked"
        )]
        {
            functions[at] = ((mixed >> 32) as u32 | 1, (mixed & 0xffff_ffff) as u32);
        }
        at += 1;
    }
    functions
};

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    const NEWS: &str = "أفادت مصادر محلية بأن طائرات حربية استهدفت صباح اليوم سوقاً شعبياً في بلدة \
        معرة مصرين بريف إدلب الشمالي، ما أدى إلى مقتل ثلاثة مدنيين وإصابة تسعة آخرين بجروح متفاوتة";

    fn likeness(a: &str, b: &str) -> f64 {
        read(a).1.likeness(&read(b).1)
    }

    #[test]
    fn spaces_points_and_marks_make_no_other_text() {
        let pointed = NEWS.replace("بلدة", "بَلدة").replace(' ', "  ").replace('،', "\n");
        assert_eq!(read(NEWS).1, read(&NEWS.replace("بلدة", "بَلدة")).1);
        assert!(likeness(NEWS, &pointed) > COPY);
        assert_ne!(read(NEWS).0, read(&NEWS.replace("ثلاثة", "أربعة")).0);
    }

    #[test]
    fn a_copy_with_a_byline_is_a_copy_and_a_rewriting_is_none() {
        let copied = format!("{NEWS} (وكالات)");
        let rewritten = "قتل ثلاثة مدنيين بغارة جوية على سوق شعبي في معرة مصرين شمال إدلب اليوم";
        assert!(likeness(NEWS, &copied) >= COPY);
        assert!(likeness(NEWS, rewritten) < STORY);
        assert!(likeness("", "").abs() < f64::EPSILON);
    }

    fn grams(text: &str) -> HashSet<Vec<char>> {
        let letters: Vec<char> = key(text).chars().collect();
        letters.windows(GRAM).map(<[char]>::to_vec).collect()
    }

    proptest! {
        #[test]
        fn what_is_kept_is_read(text: String, bytes: Vec<u8>) {
            let print = read(&text).1;
            prop_assert_eq!(&Print::from_bytes(&print.to_bytes()), &print);
            let _ = Print::from_bytes(&bytes).likeness(&print);
        }

        #[test]
        fn prints_tell_how_much_texts_have_in_common(
            head in "[a-z]{100,200}", a in "[a-z]{0,200}", b in "[a-z]{0,200}",
        ) {
            let [a, b] = [a, b].map(|tail| format!("{head}{tail}"));
            let (left, right) = (grams(&a), grams(&b));
            #[expect(clippy::cast_precision_loss, reason = "a few hundred")]
            let exact = left.intersection(&right).count() as f64 / left.union(&right).count() as f64;
            // Five standard deviations.
            prop_assert!((likeness(&a, &b) - exact).abs() < 0.23, "{exact}");
        }
    }
}
