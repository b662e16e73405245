//! Texts by number: each is kept once, and comparing two is comparing two numbers.

use std::hash::BuildHasher as _;
use std::io::{self, Read, Write};
use std::sync::Arc;

use hashbrown::hash_table::OccupiedEntry;
use hashbrown::{DefaultHashBuilder, HashTable};
use serde::{Deserialize, Serialize};

use super::frames::{Broken, Reader, Writer};
use super::growing::Growing;
use super::index::{is_plain, write_json, write_text};

/// Bytes of text that are kept together: one allocation for many texts, and little to copy while
/// it is not full.
const PAGE: usize = 32 * 1024;

/// The most texts in one part of the table, in the mean: what is copied when one of them is added. The
/// fewer parts there are, the more of them are at hand.
const PART: usize = 4_096;

/// Who looks at one in so many bytes of a text has all of it fetched: the processor brings a line and its neighbour.
const LINE: usize = 128;

/// Where a text stands.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Spot {
    page: u32,
    start: u32,
    bytes: u32,
}

/// The bit of a length that tells a text that stands in JSON as it is.
const PLAIN: u32 = 1 << 31;

/// The bit that tells a text which is kept apart from others, were they the same.
const APART: u32 = 1 << 30;

impl Spot {
    fn is_plain(self) -> bool {
        self.bytes & PLAIN != 0
    }

    fn is_apart(self) -> bool {
        self.bytes & APART != 0
    }

    fn len(self) -> usize {
        (self.bytes & !(PLAIN | APART)) as usize
    }
}

/// A text in the table. The hash tells most other texts apart without a look at them, and lets
/// the table grow without reading any.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    hash: u32,
    number: u32,
}

/// Numbers by the hash of their texts.
pub(super) type Parts = Vec<Arc<HashTable<Entry>>>;

/// Texts by number, which begin with one. A clone shares all that is complete.
#[derive(Debug, Clone, Default)]
pub(super) struct Words {
    spots: Growing<Spot>,
    pages: Growing<Arc<str>>,
    /// The page that is being filled.
    open: String,
    /// Numbers by the hash of their texts. Some bits of the hash choose the part, so that adding
    /// to one leaves the others shared.
    parts: Parts,
    hasher: DefaultHashBuilder,
}

impl Words {
    /// The number of a text, which is kept if it is new.
    pub(super) fn number(&mut self, word: &str) -> u32 {
        let hash = self.hash(word);
        match self.find_hashed(hash, word, false) {
            Some(known) => known,
            None => self.push(hash, word, 0),
        }
    }

    /// The number of a text that stands in another one, from this byte on: what is new is kept there and not once more.
    pub(super) fn number_in(&mut self, word: &str, (other, from): (u32, usize)) -> u32 {
        let hash = self.hash(word);
        if let Some(known) = self.find_hashed(hash, word, false) {
            return known;
        }
        let spot = self.spot(other).map(|other| Spot {
            start: other.start.saturating_add(small(from)),
            bytes: small(word.len()) | plain(word),
            ..other
        });
        match spot.filter(|&spot| self.read_at(spot) == Some(word)) {
            Some(spot) => self.push_spot(hash, spot),
            None => self.push(hash, word, 0),
        }
    }

    /// The number of a text that is known.
    pub(super) fn find(&self, word: &str) -> Option<u32> {
        self.find_hashed(self.hash(word), word, false)
    }

    /// Keeps a text apart, under the next number in any case: so such numbers only grow. If it was kept
    /// before, gives that number, too, which it is not found by any more.
    pub(super) fn number_apart(&mut self, word: &str) -> (u32, Option<u32>) {
        let hash = self.hash(word);
        let before = self.find_hashed(hash, word, true);
        if let Some(before) = before {
            self.forget(hash, before);
        }
        (self.push(hash, word, APART), before)
    }

    /// Forgets by which number a text that is kept apart is found.
    pub(super) fn forget_apart(&mut self, word: &str) -> Option<u32> {
        let hash = self.hash(word);
        let number = self.find_hashed(hash, word, true)?;
        self.forget(hash, number);
        Some(number)
    }

    fn forget(&mut self, hash: u32, number: u32) {
        let at = place(hash, self.parts.len());
        if let Some(part) = self.parts.get_mut(at) {
            let is = |entry: &Entry| entry.number == number;
            Arc::make_mut(part).find_entry(spread(hash), is).ok().map(OccupiedEntry::remove);
        }
    }

    /// The number of a text that is kept apart.
    pub(super) fn find_apart(&self, word: &str) -> Option<u32> {
        self.find_hashed(self.hash(word), word, true)
    }

    #[expect(clippy::cast_possible_truncation, reason = "half of the bits are enough")]
    fn hash(&self, word: &str) -> u32 {
        self.hasher.hash_one(word) as u32
    }

    fn find_hashed(&self, hash: u32, word: &str, apart: bool) -> Option<u32> {
        let part = self.parts.get(place(hash, self.parts.len()))?;
        let is = |entry: &Entry| {
            // Of another hash nothing is looked at.
            entry.hash == hash
                && self
                    .spot(entry.number)
                    .filter(|spot| spot.is_apart() == apart && spot.len() == word.len())
                    .and_then(|spot| self.read_at(spot))
                    == Some(word)
        };
        part.find(spread(hash), is).map(|entry| entry.number)
    }

    fn push(&mut self, hash: u32, word: &str, apart: u32) -> u32 {
        if self.open.len() + word.len() > PAGE && !self.open.is_empty() {
            self.pages.push(self.open.as_str().into());
            self.open.clear();
        }
        let spot = Spot {
            page: small(self.pages.len()),
            start: small(self.open.len()),
            bytes: small(word.len()) | apart | plain(word),
        };
        self.open.push_str(word);
        self.push_spot(hash, spot)
    }

    fn push_spot(&mut self, hash: u32, spot: Spot) -> u32 {
        self.spots.push(spot);
        let number = small(self.spots.len());
        if self.spots.len() > self.parts.len() * PART {
            self.divide();
        }
        let at = place(hash, self.parts.len());
        if let Some(part) = self.parts.get_mut(at) {
            let entry = Entry { hash, number };
            Arc::make_mut(part).insert_unique(spread(hash), entry, |entry| spread(entry.hash));
        }
        number
    }

    /// Spreads the numbers over four times as many parts.
    fn divide(&mut self) {
        let mut parts = vec![HashTable::new(); (self.parts.len() * 4).max(1)];
        let count = parts.len();
        for entry in self.parts.iter().flat_map(|part| part.iter()) {
            if let Some(part) = parts.get_mut(place(entry.hash, count)) {
                part.insert_unique(spread(entry.hash), *entry, |entry| spread(entry.hash));
            }
        }
        self.parts = parts.into_iter().map(Arc::new).collect();
    }

    pub(super) fn write(&self, out: &mut Writer<impl Write>) -> io::Result<()> {
        self.spots.write(out)?;
        out.put(&self.pages.len())?;
        for page in self.pages.iter() {
            out.put(&**page)?;
        }
        out.put(&self.open)
    }

    /// Texts that were written. By which number each is found is not known until it is
    /// [told](Self::find_by).
    pub(super) fn read(input: &mut Reader<impl Read>) -> Result<Self, Broken> {
        let spots = Growing::read(input)?;
        let count = input.take::<usize>()?;
        let mut pages = Growing::default();
        for _ in 0..count {
            pages.push(input.take::<&str>()?.into());
        }
        Ok(Self { spots, pages, open: input.take()?, ..Self::default() })
    }

    /// The numbers that texts are found by, of those that are to be found.
    pub(super) fn found_by(&self, is_found: impl Fn(u32) -> bool) -> Parts {
        let mut count = 1;
        while count * PART < self.spots.len() {
            count *= 4;
        }
        let mut parts = vec![HashTable::new(); count];
        for (number, &spot) in (1..).zip(self.spots.iter()) {
            let Some(text) = self.read_at(spot).filter(|_| is_found(number)) else { continue };
            let hash = self.hash(text);
            if let Some(part) = parts.get_mut(place(hash, count)) {
                let entry = Entry { hash, number };
                part.insert_unique(spread(hash), entry, |entry| spread(entry.hash));
            }
        }
        parts.into_iter().map(Arc::new).collect()
    }

    /// Texts are found by these numbers.
    pub(super) fn find_by(&mut self, parts: Parts) {
        self.parts = parts;
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.spots.len()
    }

    /// The text with this number.
    pub(super) fn text(&self, number: u32) -> Option<&str> {
        self.spot(number).and_then(|spot| self.read_at(spot))
    }

    /// Writes a text as JSON; `null` if there is none of this number.
    pub(super) fn write_json(&self, number: u32, out: &mut String) {
        let spot = self.spot(number);
        match spot.and_then(|spot| self.read_at(spot)) {
            None => out.push_str("null"),
            Some(text) if spot.is_some_and(Spot::is_plain) => write_text(out, text),
            Some(text) => write_json(out, text),
        }
    }

    /// Has the memory of these texts fetched, and gives something that depends on all of it.
    pub(super) fn fetch(&self, numbers: &[u32]) -> u8 {
        let spots: Vec<Spot> = numbers.iter().filter_map(|&number| self.spot(number)).collect();
        let texts = spots.iter().filter_map(|&spot| self.read_at(spot));
        texts.map(touch).fold(0, u8::wrapping_add)
    }

    fn spot(&self, number: u32) -> Option<Spot> {
        self.spots.get((number as usize).checked_sub(1)?).copied()
    }

    fn read_at(&self, spot: Spot) -> Option<&str> {
        let page = self.pages.get(spot.page as usize).map_or(&*self.open, |page| &**page);
        page.get(spot.start as usize..)?.get(..spot.len())
    }
}

/// Has the memory of a text fetched, and gives something that depends on all of it.
pub(super) fn touch(text: &str) -> u8 {
    text.bytes().step_by(LINE).fold(0, u8::wrapping_add)
}

fn small(size: usize) -> u32 {
    let size = u32::try_from(size).ok().filter(|&size| size < APART);
    size.expect("neither a text nor their number reaches a thousand million")
}

/// The bit of its length that tells whether a text stands in JSON as it is.
fn plain(word: &str) -> u32 {
    if is_plain(word) { PLAIN } else { 0 }
}

/// The part that a text belongs to.
fn place(hash: u32, parts: usize) -> usize {
    hash as usize & parts.saturating_sub(1)
}

/// All bits that a table goes by; the lowest, too, differ among texts of one part.
fn spread(hash: u32) -> u64 {
    let wide = u64::from(hash).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    wide ^ (wide >> 32)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_text_has_one_number_and_a_number_one_text(texts in prop::collection::vec("[a-cأ-ت\"\\n]{0,4}", 0..200)) {
            let mut words = Words::default();
            for text in &texts {
                let before = words.clone();
                let known = words.find(text);
                let number = words.number(text);
                prop_assert_eq!(known.unwrap_or(number), number);
                prop_assert_eq!(words.text(number), Some(text.as_str()));
                prop_assert_eq!(before.find(text), known);
                let mut json = String::new();
                words.write_json(number, &mut json);
                prop_assert_eq!(json, serde_json::to_string(text).unwrap());
            }
        }
    }

    #[test]
    fn a_text_that_is_kept_apart_is_not_taken_for_the_same_text() {
        let mut words = Words::default();
        let (apart, before) = words.number_apart("a1");
        assert_eq!(before, None);
        assert_eq!((words.find("a1"), words.find_apart("a1")), (None, Some(apart)));
        let number = words.number("a1");
        assert_ne!(number, apart);
        let (again, before) = words.number_apart("a1");
        assert_eq!((before, words.find_apart("a1")), (Some(apart), Some(again)));
        assert_eq!((words.number("a1"), words.find("a1")), (number, Some(number)));
        assert_eq!((words.find_apart("b1"), words.text(apart)), (None, Some("a1")));
        assert_eq!((words.forget_apart("a1"), words.forget_apart("a1")), (Some(again), None));
        assert_eq!((words.find_apart("a1"), words.find("a1")), (None, Some(number)));
    }

    #[test]
    fn a_text_that_stands_in_another_one_is_kept_there() {
        let mut words = Words::default();
        let json = words.number(r#","title":"قصف","source":"وكالة""#);
        let title = words.number_in("قصف", (json, 10));
        let kept = words.open.len();
        assert_eq!((words.text(title), words.find("قصف")), (Some("قصف"), Some(title)));
        assert_eq!(words.number_in("قصف", (json, 0)), title);
        let source = words.number_in("وكالة", (json, 28));
        assert_eq!((words.text(source), words.open.len()), (Some("وكالة"), kept));
        // What does not stand there is kept by itself.
        let other = words.number_in("مصدر", (json, 28));
        let beyond = words.number_in("x", (json, PAGE));
        assert_eq!((words.text(other), words.text(beyond)), (Some("مصدر"), Some("x")));
        assert_eq!(words.open.len(), kept + "مصدر".len() + 1);
    }

    #[test]
    fn many_and_long_texts_are_found_again() {
        let mut words = Words::default();
        let text = |number: usize| {
            format!("{number}{}", "ب".repeat(if number.is_multiple_of(5_000) { PAGE } else { 9 }))
        };
        for number in 0..PART * 20 {
            assert_eq!(words.number(&text(number)) as usize, number + 1);
        }
        for number in 0..PART * 20 {
            assert_eq!(words.find(&text(number)).map(|found| found as usize), Some(number + 1));
        }
        assert_eq!((words.find("x"), words.text(0), words.text(u32::MAX)), (None, None, None));
    }
}
