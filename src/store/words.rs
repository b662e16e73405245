//! Texts by number: each is kept once, and comparing two is comparing two numbers.

use std::hash::BuildHasher as _;
use std::sync::Arc;

use hashbrown::{DefaultHashBuilder, HashTable};

use super::growing::Growing;
use super::index::write_json;

/// Bytes of text that are kept together: one allocation for many texts, and little to copy while
/// it is not full.
const PAGE: usize = 32 * 1024;

/// Texts in one part of the table, in the mean: what is copied when one of them is added.
const PART: usize = 1_024;

/// Where a text stands.
#[derive(Debug, Clone, Copy)]
struct Spot {
    page: u32,
    start: u32,
    bytes: u32,
    /// It stands in JSON as it is.
    is_plain: bool,
}

/// Texts by number, which begin with one. A clone shares all that is complete.
#[derive(Debug, Clone, Default)]
pub(super) struct Words {
    spots: Growing<Spot>,
    pages: Growing<Arc<str>>,
    /// The page that is being filled.
    open: String,
    /// Numbers by the hash of their texts. Some bits of the hash choose the part, so that adding
    /// to one leaves the others shared.
    parts: Vec<Arc<HashTable<u32>>>,
    hasher: DefaultHashBuilder,
}

impl Words {
    /// The number of a text, which is kept if it is new.
    pub(super) fn number(&mut self, word: &str) -> u32 {
        match self.find(word) {
            Some(known) => known,
            None => self.push(word),
        }
    }

    /// The number of a text that is known.
    pub(super) fn find(&self, word: &str) -> Option<u32> {
        let hash = self.hasher.hash_one(word);
        let part = self.parts.get(place(hash, self.parts.len()))?;
        part.find(hash, |&number| self.text(number) == Some(word)).copied()
    }

    /// Keeps a text under the next number, known or not.
    pub(super) fn push(&mut self, word: &str) -> u32 {
        if self.open.len() + word.len() > PAGE && !self.open.is_empty() {
            self.pages.push(self.open.as_str().into());
            self.open.clear();
        }
        let small =
            |size: usize| u32::try_from(size).expect("no text has four thousand million bytes");
        self.spots.push(Spot {
            page: small(self.pages.len()),
            start: small(self.open.len()),
            bytes: small(word.len()),
            is_plain: !word.bytes().any(|byte| byte < b' ' || byte == b'"' || byte == b'\\'),
        });
        self.open.push_str(word);
        let number = small(self.spots.len());
        self.enter(self.hasher.hash_one(word), number);
        number
    }

    fn enter(&mut self, hash: u64, number: u32) {
        if self.spots.len() > self.parts.len() * PART {
            self.divide();
        }
        let at = place(hash, self.parts.len());
        let Self { parts, spots, pages, open, hasher, .. } = self;
        let rehash =
            |&number: &u32| hasher.hash_one(text(spots, pages, open, number).unwrap_or_default());
        if let Some(part) = parts.get_mut(at) {
            Arc::make_mut(part).insert_unique(hash, number, rehash);
        }
    }

    /// Spreads the numbers over four times as many parts.
    fn divide(&mut self) {
        let mut parts = vec![HashTable::with_capacity(PART / 4); (self.parts.len() * 4).max(1)];
        let hash = |&number: &u32| self.hasher.hash_one(self.text(number).unwrap_or_default());
        let count = parts.len();
        for number in self.parts.iter().flat_map(|part| part.iter()) {
            if let Some(part) = parts.get_mut(place(hash(number), count)) {
                part.insert_unique(hash(number), *number, hash);
            }
        }
        self.parts = parts.into_iter().map(Arc::new).collect();
    }

    /// The text with this number.
    pub(super) fn text(&self, number: u32) -> Option<&str> {
        text(&self.spots, &self.pages, &self.open, number)
    }

    /// Writes a text as JSON; `null` if there is none of this number.
    pub(super) fn write_json(&self, number: u32, out: &mut String) {
        let Some(text) = self.text(number) else { return out.push_str("null") };
        if spot(&self.spots, number).is_some_and(|spot| spot.is_plain) {
            out.push('"');
            out.push_str(text);
            out.push('"');
        } else {
            write_json(out, text);
        }
    }
}

fn spot(spots: &Growing<Spot>, number: u32) -> Option<&Spot> {
    spots.get(usize::try_from(number).ok()?.checked_sub(1)?)
}

fn text<'a>(
    spots: &Growing<Spot>,
    pages: &'a Growing<Arc<str>>,
    open: &'a str,
    number: u32,
) -> Option<&'a str> {
    let &Spot { page, start, bytes, .. } = spot(spots, number)?;
    let page = pages.get(page as usize).map_or(open, |page| &**page);
    page.get(start as usize..)?.get(..bytes as usize)
}

/// The part for a hash: of bits that the tables inside do not go by.
fn place(hash: u64, parts: usize) -> usize {
    ((hash >> 32) as u32 as usize) & parts.saturating_sub(1)
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
    fn many_and_long_texts_are_found_again() {
        let mut words = Words::default();
        let text = |number: usize| {
            format!("{number}{}", "ب".repeat(if number.is_multiple_of(1_000) { PAGE } else { 9 }))
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
