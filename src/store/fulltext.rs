//! Which words stand in which rows, for free text.
//!
//! Reading the texts of a million events takes seconds, so it is not done while they are loaded:
//! [`FullText::read`] takes a stretch of rows at a time, and whoever asks first reads the rest.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use foldhash::fast::FixedState;

use super::column::Column;
use super::index::Property;
use super::words::Words;
use crate::model::event::PropertyType;
use crate::model::text::{Text, TokenKind};

/// Texts that name something for programs: nobody looks for their words.
const FOR_PROGRAMS: [&str; 8] = [
    "actor_ids",
    "admin1_pcode",
    "article_id",
    "extractor",
    "pcode",
    "place_id",
    "published",
    "source_url",
];

/// What Arabic joins to the word behind it: and, so, in, like, for, the, and pairs of them.
const JOINED: [&str; 15] = [
    "",
    "\u{648}",
    "\u{641}",
    "\u{628}",
    "\u{643}",
    "\u{644}",
    "\u{627}\u{644}",
    "\u{648}\u{627}\u{644}",
    "\u{641}\u{627}\u{644}",
    "\u{628}\u{627}\u{644}",
    "\u{643}\u{627}\u{644}",
    "\u{644}\u{644}",
    "\u{648}\u{628}",
    "\u{648}\u{644}",
    "\u{648}\u{628}\u{627}\u{644}",
];

/// Texts up to this many bytes come again and again, as names of places and actors; their words are
/// remembered. Sentences hardly ever do.
const SHORT: usize = 48;

/// The words of the rows read so far. Rows are only ever added, so all states of an index share it.
#[derive(Debug, Default)]
pub(super) struct FullText(RwLock<Read>);

#[derive(Debug, Default)]
struct Read {
    rows: usize,
    words: Words,
    /// For each word the rows that hold it.
    held: Vec<Rows>,
    /// The numbers of the words in the order of the words.
    sorted: Vec<u32>,
    /// The words of short texts.
    short: HashMap<u32, Box<[u32]>, FixedState>,
}

/// The rows that hold a word. Most words are in one row only.
#[derive(Debug, Default)]
enum Rows {
    #[default]
    None,
    One(u32),
    Many(Box<Distances>),
}

impl Rows {
    fn push(&mut self, row: usize) {
        *self = match (std::mem::take(self), u32::try_from(row)) {
            (Self::None, Ok(row)) => Self::One(row),
            (Self::Many(mut rows), _) => {
                rows.push(row);
                Self::Many(rows)
            }
            (few, _) => {
                let mut rows = Box::<Distances>::default();
                few.iter().for_each(|row| rows.push(row));
                rows.push(row);
                Self::Many(rows)
            }
        }
    }

    fn iter(&self) -> impl Iterator<Item = usize> {
        let (one, many) = match self {
            Self::None => (None, None),
            Self::One(row) => (Some(*row as usize), None),
            Self::Many(rows) => (None, Some(rows.iter())),
        };
        one.into_iter().chain(many.into_iter().flatten())
    }
}

/// Row numbers that only grow, each as its distance from the one before, seven bits a byte.
#[derive(Debug, Default)]
struct Distances {
    next: usize,
    bytes: Vec<u8>,
}

impl Distances {
    fn push(&mut self, row: usize) {
        let mut distance = row - self.next;
        loop {
            let [low, ..] = distance.to_le_bytes();
            distance >>= 7;
            if distance == 0 {
                self.bytes.push(low);
                break;
            }
            self.bytes.push(low | 0x80);
        }
        self.next = row + 1;
    }

    fn iter(&self) -> impl Iterator<Item = usize> {
        let (mut row, mut distance, mut shift) = (0, 0, 0);
        self.bytes.iter().filter_map(move |&byte| {
            distance |= usize::from(byte & 0x7F) << shift;
            shift += 7;
            (byte < 0x80).then(|| {
                let found = row + distance;
                (row, distance, shift) = (found + 1, 0, 0);
                found
            })
        })
    }
}

/// Rows that hold all of the words asked for.
#[derive(Debug)]
pub(super) struct Found(Vec<u64>);

impl Found {
    pub(super) fn has(&self, row: usize) -> bool {
        self.0.get(row / 64).is_some_and(|bits| bits >> (row % 64) & 1 == 1)
    }
}

/// The columns whose texts are read.
pub(super) fn searched<'a>(
    properties: &'static [Property],
    columns: &'a [Column],
) -> impl Iterator<Item = &'a Column> + Clone {
    let is_text = |&(name, kind, _): &Property| {
        let is_text =
            matches!(kind, PropertyType::Text | PropertyType::Enum(_) | PropertyType::List);
        is_text && !FOR_PROGRAMS.contains(&name)
    };
    properties
        .iter()
        .zip(columns)
        .filter(move |(property, _)| is_text(property))
        .map(|(_, column)| column)
}

/// The words of a text, folded as the extractor folds them.
pub fn words(text: &str) -> Vec<String> {
    let text = Text::read(text);
    let is_word =
        |&(_, kind): &(usize, TokenKind)| matches!(kind, TokenKind::Word | TokenKind::Number);
    let tokens = text.tokens.iter().map(|token| token.kind).enumerate().filter(is_word);
    tokens.map(|(place, _)| text.word(place).to_owned()).collect()
}

impl FullText {
    /// Reads on, at most so many rows, and says whether all `len` rows are read.
    pub(super) fn read<'a>(
        &self,
        columns: &(impl Iterator<Item = &'a Column> + Clone),
        texts: &Words,
        (len, most): (usize, usize),
    ) -> bool {
        if self.0.read().unwrap_or_else(PoisonError::into_inner).is_ready(len) {
            return true;
        }
        let mut read = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let end = len.min(read.rows.saturating_add(most));
        let mut found = Vec::new();
        for row in read.rows..end {
            for number in columns.clone().flat_map(|column| column.codes(row)) {
                read.take(*number, texts, &mut found);
            }
            found.sort_unstable();
            found.dedup();
            for number in found.drain(..) {
                if let Some(rows) = read.held(number) {
                    rows.push(row);
                }
            }
        }
        read.rows = read.rows.max(end);
        let done = read.rows >= len;
        if done {
            read.put_in_order();
        }
        done
    }

    /// Whether all rows were read once, so that those who search need not wait.
    pub(super) fn has_read(&self) -> bool {
        let read = self.0.read().unwrap_or_else(PoisonError::into_inner);
        read.rows > 0 && read.is_ready(0)
    }

    /// The rows in which each of these begins a word, what Arabic joins to it apart. Call it when all are read.
    pub(super) fn find(&self, wanted: &[String]) -> Found {
        let read = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let mut all = vec![u64::MAX; read.rows.div_ceil(64)];
        for word in wanted {
            let mut rows = vec![0; all.len()];
            for joined in JOINED {
                read.mark(&format!("{joined}{word}"), &mut rows);
            }
            for (all, some) in all.iter_mut().zip(rows) {
                *all &= some;
            }
        }
        Found(all)
    }
}

impl Read {
    /// Another state of the index may have been read beyond these rows, and not to its end.
    fn is_ready(&self, len: usize) -> bool {
        self.rows >= len && self.sorted.len() == self.words.len()
    }

    /// The rows of a word.
    fn held(&mut self, number: u32) -> Option<&mut Rows> {
        self.held.get_mut((number as usize).checked_sub(1)?)
    }

    /// The words of a text, by their numbers.
    fn take(&mut self, text: u32, texts: &Words, found: &mut Vec<u32>) {
        if let Some(known) = self.short.get(&text) {
            return found.extend(known);
        }
        let Some(original) = texts.text(text) else { return };
        let before = found.len();
        found.extend(words(original).iter().map(|word| self.words.number(word)));
        self.held.resize_with(self.words.len(), Rows::default);
        if original.len() <= SHORT {
            self.short.insert(text, found.get(before..).unwrap_or_default().into());
        }
    }

    fn put_in_order(&mut self) {
        if self.sorted.len() < self.words.len() {
            let mut sorted = std::mem::take(&mut self.sorted);
            sorted.extend((1..).take(self.words.len()).skip(sorted.len()));
            // Few words are new: a sort that sees what is sorted already hardly works.
            sorted.sort_by(|&a, &b| self.words.text(a).cmp(&self.words.text(b)));
            self.sorted = sorted;
        }
    }

    /// Marks the rows of all words that begin so.
    fn mark(&self, beginning: &str, rows: &mut [u64]) {
        let word = |number: u32| self.words.text(number).unwrap_or_default();
        let first = self.sorted.partition_point(|&number| word(number) < beginning);
        let numbers = self.sorted.iter().skip(first);
        for &number in numbers.take_while(|&&number| word(number).starts_with(beginning)) {
            let held = self.held.get((number as usize).wrapping_sub(1));
            for row in held.into_iter().flat_map(Rows::iter) {
                if let Some(bits) = rows.get_mut(row / 64) {
                    *bits |= 1 << (row % 64);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn rows_come_out_as_they_went_in(rows in prop::collection::btree_set(0_usize..100_000, 0..50)) {
            let mut packed = Rows::default();
            for &row in &rows {
                packed.push(row);
            }
            prop_assert!(packed.iter().eq(rows.iter().copied()));
            prop_assert_eq!(matches!(packed, Rows::Many(_)), rows.len() > 1);
        }
    }

    #[test]
    fn words_are_folded_and_marks_are_none() {
        assert_eq!(words("قَصْف، على «إدلب» (5 Killed)"), ["قصف", "علي", "ادلب", "5", "killed"]);
        assert_eq!(words(" ,.! "), Vec::<String>::new());
    }
}
