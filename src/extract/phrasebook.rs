//! Phrases of whole words, found wherever a text has them.
//!
//! Arabic writes and, in, for, the and his in one word with the noun: so the first word of a phrase is
//! looked for behind such letters as well, and the last one before some. What may be joined to which
//! phrase is the business of those who ask.

use hashbrown::HashMap;
use std::mem;
use std::ops::Range;

use super::forms::joined_before;
use crate::model::text::Text;

/// Folded phrases, each with what it stands for.
#[derive(Debug)]
pub(super) struct Phrasebook<T> {
    /// What first words begin.
    firsts: HashMap<String, Begun>,
    /// The words behind them.
    words: HashMap<String, Word>,
    /// What some words become with one more.
    longer: HashMap<(Begun, Word), Begun>,
    begun: Vec<Node<T>>,
    /// The bytes of the longest word.
    longest: usize,
}

/// A word behind others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Word(u32);

/// The first words of phrases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Begun(u32);

#[derive(Debug)]
struct Node<T> {
    /// What the words stand for, if they are a phrase.
    phrase: Option<T>,
    /// Whether phrases go on behind them.
    goes_on: bool,
}

/// Words of a text that may become a phrase.
#[derive(Clone, Copy)]
struct Path {
    /// `None` before the first word.
    begun: Option<Begun>,
    /// The letters joined before them.
    prefix: &'static str,
}

/// A phrase in a text.
#[derive(Debug)]
pub(super) struct Found<'a, T> {
    pub(super) phrase: &'a T,
    /// The tokens that it lies in.
    pub(super) tokens: Range<usize>,
    /// The phrase itself, as bytes of the folded text.
    pub(super) bytes: Range<usize>,
    /// The letters joined before it.
    pub(super) prefix: &'static str,
    /// What the last token has behind it.
    pub(super) suffix: &'a str,
}

impl<T> Default for Phrasebook<T> {
    fn default() -> Self {
        let (firsts, words, longer) = (HashMap::new(), HashMap::new(), HashMap::new());
        Self { firsts, words, longer, begun: Vec::new(), longest: 0 }
    }
}

impl<T> Phrasebook<T> {
    /// What a folded phrase stands for, to be read and written. `None` for no words.
    pub(super) fn entry(&mut self, phrase: &str) -> Option<&mut Option<T>> {
        let words = phrase.split_ascii_whitespace();
        let Begun(end) = words.fold(None, |begun, word| Some(self.grow(begun, word)))?;
        self.begun.get_mut(end as usize).map(|node| &mut node.phrase)
    }

    fn grow(&mut self, begun: Option<Begun>, word: &str) -> Begun {
        self.longest = self.longest.max(word.len());
        let next = Begun(number(self.begun.len()));
        let grown = match begun {
            None => *self.firsts.entry_ref(word).or_insert(next),
            Some(begun) => {
                let new = Word(number(self.words.len()));
                let word = *self.words.entry_ref(word).or_insert(new);
                *self.longer.entry((begun, word)).or_insert(next)
            }
        };
        if grown == next {
            self.begun.push(Node { phrase: None, goes_on: false });
        }
        if let Some(node) = begun.and_then(|begun| self.begun.get_mut(begun.0 as usize)) {
            node.goes_on = true;
        }
        grown
    }

    /// Finds every phrase, in the order of their first tokens and then of their ends.
    ///
    /// The last word of one may be cut from a word of the text: `cuts` tells where, in order, of such a
    /// word and whether the phrase has words before it. Linear in the length of the text.
    pub(super) fn find<'a, C: IntoIterator<Item = usize>>(
        &'a self,
        text: &'a Text,
        cuts: impl Fn(&'a str, bool) -> C,
        mut found: impl FnMut(Found<'a, T>),
    ) {
        let (mut paths, mut longer) = (Vec::new(), Vec::new());
        for first in 0..text.tokens.len() {
            for last in first..text.tokens.len() {
                let word = text.word(last);
                // Quotation marks part no phrase, and begin none.
                if word.is_empty() && last > first {
                    continue;
                }
                let mut end_at = |path: Path, end: usize| {
                    let Some(begun) = self.with(path, word, end) else { return };
                    let Some(node) = self.begun.get(begun.0 as usize) else { return };
                    if let Some(phrase) = &node.phrase {
                        found(in_text(text, phrase, first..last + 1, path.prefix, end));
                    }
                    if node.goes_on && end == word.len() {
                        longer.push(Path { begun: Some(begun), ..path });
                    }
                };
                let cuts = cuts(word, last > first).into_iter().filter(|&cut| cut < word.len());
                for end in cuts.chain([word.len()]) {
                    if last > first {
                        for &path in &paths {
                            end_at(path, end);
                        }
                    } else {
                        for prefix in joined_before(word) {
                            end_at(Path { begun: None, prefix }, end);
                        }
                    }
                }
                mem::swap(&mut paths, &mut longer);
                longer.clear();
                if paths.is_empty() {
                    break;
                }
            }
        }
    }

    /// What a path becomes with a word of the text as far as `end`.
    fn with(&self, path: Path, word: &str, end: usize) -> Option<Begun> {
        let start = if path.begun.is_none() { path.prefix.len() } else { 0 };
        let word = word.get(start..end).filter(|word| word.len() <= self.longest)?;
        match path.begun {
            None => self.firsts.get(word).copied(),
            Some(begun) => self.longer.get(&(begun, *self.words.get(word)?)).copied(),
        }
    }
}

fn in_text<'a, T>(
    text: &'a Text,
    phrase: &'a T,
    tokens: Range<usize>,
    prefix: &'static str,
    end: usize,
) -> Found<'a, T> {
    let start = |token: usize| text.tokens.get(token).map_or(0, |token| token.folded.start);
    let (first, last) = (tokens.start, tokens.end - 1);
    let suffix = text.word(last).get(end..).unwrap_or_default();
    Found { phrase, tokens, bytes: start(first) + prefix.len()..start(last) + end, prefix, suffix }
}

/// A number that fits: no memory holds so many words that it would not.
fn number(count: usize) -> u32 {
    u32::try_from(count).expect("fewer than four thousand million words")
}
