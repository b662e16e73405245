//! Text folded for matching, with the way back to the original kept.
//!
//! News from different desks spells one word in many ways: with and without
//! vowel marks, with a stretched letter, with a Persian kaf. Folding makes them
//! equal. Every [`Token`] remembers where in the original it stood, so that
//! evidence is always quoted from the original.

mod letters;

use std::ops::Range;

use serde::{Deserialize, Serialize};

use letters::{Class, TATWEEL, class, is_plain_arabic, is_tanwin, push_folded};
pub use letters::{digit_of, is_arabic};

/// A stretch of an article in Unicode scalar values, end exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    /// Characters before the stretch.
    pub start: usize,
    /// Characters before what follows the stretch.
    pub end: usize,
}

impl Span {
    /// The part of `text` that the span covers; shorter if the text ends earlier.
    pub fn of(self, text: &str) -> &str {
        let rest = behind(text, self.start);
        let after = behind(rest, self.end.saturating_sub(self.start));
        rest.get(..rest.len() - after.len()).unwrap_or_default()
    }

    /// Whether `other` lies wholly inside.
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// What follows so many characters of a text.
fn behind(text: &str, chars: usize) -> &str {
    let mut rest = text.chars();
    if let Some(last) = chars.checked_sub(1) {
        // Skips many at a time.
        rest.nth(last);
    }
    rest.as_str()
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// Letters.
    Word,
    /// Digits, with separators inside folded away.
    Number,
    /// A sentence or clause mark; its folded form is itself.
    Mark,
    /// A quotation mark; it folds to nothing, so that `لقوات “قسد”` reads as one phrase.
    Quote,
    /// One or more line ends.
    Break,
}

/// One word, number or mark of a [`Text`].
#[derive(Debug, Clone)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it stands in the original, in characters.
    pub span: Span,
    /// Where it stands in the original, in bytes.
    pub bytes: Range<usize>,
    /// Where it stands in [`Text::folded`], in bytes.
    pub folded: Range<usize>,
    /// Whether the word ended in tanwin (`درعاً`): such a word is never a place name.
    pub tanwin: bool,
    /// Whether the word has Latin capitals only, as abbreviations have (`IS`).
    pub capitals: bool,
}

/// A text as tokens and as one folded string.
///
/// In the folded string words stand with exactly one space between them, so a
/// phrase of a lexicon matches however the original was spaced, quoted or pointed.
#[derive(Debug, Clone, Default)]
pub struct Text {
    /// The folded words and marks, one space between.
    pub folded: String,
    /// The tokens, in order.
    pub tokens: Vec<Token>,
}

impl Text {
    /// Reads a text; never fails. Linear in its length.
    pub fn read(original: &str) -> Self {
        Self::read_parted(original, &[])
    }

    /// Reads a text in which lines end before some bytes of it, given in order, that have no line end there.
    pub fn read_parted(original: &str, parts: &[usize]) -> Self {
        let mut reader = Reader::default();
        reader.text.folded.reserve(original.len());
        reader.text.tokens.reserve(original.len() / BYTES_A_WORD);
        let mut behind = Place::default();
        let mut rest = original;
        while let Some(c) = rest.chars().next() {
            let place = behind;
            behind = place.on(1, c.len_utf8());
            if parts.binary_search(&place.byte).is_ok() {
                reader.line_end_before(place);
            }
            rest = original.get(behind.byte..).unwrap_or_default();
            if c == '.' && rest.starts_with(is_arabic) && reader.is_cut_before(rest) {
                continue;
            }
            if let Some(length) = Some(rest).filter(|_| c == '&').and_then(reference) {
                // A reference that a page left in the text (`&nbsp;`) stands between words.
                reader.end_token();
                behind = behind.on(length, length);
            } else {
                reader.take(place, c, rest);
                if parts.is_empty() {
                    behind = reader.go_on(behind, rest);
                }
            }
            rest = original.get(behind.byte..).unwrap_or_default();
        }
        reader.end_token();
        reader.text
    }

    /// The folded form of a token; empty for quotes.
    pub fn word(&self, token: usize) -> &str {
        self.tokens.get(token).map_or("", |t| self.folded.get(t.folded.clone()).unwrap_or_default())
    }

    /// The token whose folded form covers a byte of [`Text::folded`].
    pub fn token_at(&self, folded_byte: usize) -> Option<usize> {
        let after = self.tokens.partition_point(|t| t.folded.start <= folded_byte);
        // Quotes fold to nothing and share their start with the next word.
        (0..after)
            .rev()
            .find(|&i| self.tokens.get(i).is_some_and(|t| t.folded.contains(&folded_byte)))
    }

    /// The byte of the original behind the letter whose folded form ends at a byte of [`Text::folded`].
    pub fn original_byte(&self, original: &str, folded_end: usize) -> Option<usize> {
        let token = self.tokens.get(self.token_at(folded_end.checked_sub(1)?)?)?;
        let mut folded = String::new();
        let wanted = folded_end - token.folded.start;
        for (at, c) in original.get(token.bytes.clone())?.char_indices() {
            if folded.len() >= wanted {
                return Some(token.bytes.start + at);
            }
            if c != TATWEEL && matches!(class(c), Class::Letter) {
                push_folded(&mut folded, c);
            }
        }
        Some(token.bytes.end)
    }

    /// The original stretch from the first through the last token of a range.
    pub fn span(&self, tokens: Range<usize>) -> Option<Span> {
        let inside = self.tokens.get(tokens)?;
        Some(Span { start: inside.first()?.span.start, end: inside.last()?.span.end })
    }

    /// The original words from the first through the last token of a range.
    pub fn original<'a>(&self, original: &'a str, tokens: Range<usize>) -> &'a str {
        let inside = self.tokens.get(tokens).unwrap_or_default();
        match (inside.first(), inside.last()) {
            (Some(first), Some(last)) => {
                original.get(first.bytes.start..last.bytes.end).unwrap_or_default()
            }
            _ => "",
        }
    }
}

/// The length of what goes on behind `&` as a character reference: `nbsp;`, `#1571;`.
fn reference(rest: &str) -> Option<usize> {
    let end = rest.bytes().take(LONGEST_REFERENCE).position(|byte| byte == b';')?;
    let is_name = rest.bytes().take(end).all(|byte| byte.is_ascii_alphanumeric() || byte == b'#');
    (end > 1 && is_name).then_some(end + 1)
}

/// `&rlm;`, `&thetasym;`: no name in use is longer.
const LONGEST_REFERENCE: usize = 9;

/// The folded form of a word or phrase: the key under which lexicon and gazetteer know it.
///
/// ```
/// use rasid::model::text::key;
/// assert_eq!(key("تَلّ  أبيـــض"), key("تل ابيض"));
/// assert_eq!(key("Ma‘arrat al-Nu'mān"), "maarrat al numan");
/// ```
pub fn key(phrase: &str) -> String {
    Text::read(phrase).folded
}

/// A word and the space behind it have about so many bytes.
const BYTES_A_WORD: usize = 8;

/// Words of two letters that a sentence may begin with, right behind the full stop of the last.
const PARTICLES: &[&str] = &["في", "قد", "من", "عن", "لم", "لن", "لا", "ما", "هل", "إن", "أن", "ان"];

#[derive(Clone, Copy, Default)]
struct Place {
    at: usize,
    byte: usize,
}

impl Place {
    fn on(self, chars: usize, bytes: usize) -> Self {
        Self { at: self.at + chars, byte: self.byte + bytes }
    }
}

#[derive(Default)]
struct Reader {
    text: Text,
    open: Option<Token>,
    after_tatweel: bool,
    /// The word so far ends in tanwin, unless a letter other than its alef follows.
    tanwin: bool,
    /// Whether the last letter of the word so far is Arabic; none behind a digit.
    script: Option<bool>,
    /// Whether the last letter of the word so far stands only at the end of words.
    is_whole: bool,
}

impl Reader {
    /// Whether a full stop cuts a word to fool filters (`الق.صف`) rather than ends a sentence: a piece
    /// on one side is too short to be a word, or stretched.
    fn is_cut_before(&self, rest: &str) -> bool {
        let after = rest.chars().take_while(|&c| is_arabic(c) && c.is_alphabetic() || c == TATWEEL);
        let after: String = after.filter(|&c| c != TATWEEL).collect();
        if PARTICLES.contains(&after.as_str()) {
            return false;
        }
        let after = after.chars().count();
        let before = self.open.as_ref().filter(|t| t.kind == TokenKind::Word).map(|open| {
            let piece = self.text.folded.get(open.folded.start..).unwrap_or_default();
            piece.chars().filter(|&c| is_arabic(c)).count()
        });
        before.is_some_and(|before| {
            before > 0
                && (self.after_tatweel || rest.starts_with(TATWEEL) || before <= 2 || after <= 2)
        })
    }

    fn take(&mut self, place: Place, c: char, rest: &str) {
        if c == TATWEEL {
            // A tatweel on both sides joins what the writer cut apart: `تحـ ـرير`, `قـ.ـصف`.
            self.after_tatweel = true;
            self.extend(place, c);
            return;
        }
        if self.after_tatweel && rest.starts_with(TATWEEL) && !c.is_alphanumeric() && c != '\n' {
            return;
        }
        self.after_tatweel = false;
        match class(c) {
            Class::Ignored => {
                if is_tanwin(c) {
                    self.tanwin = true;
                }
                self.extend(place, c);
            }
            Class::Letter => self.letter(place, c),
            Class::Digit(digit) => self.digit(place, c, digit),
            Class::Apostrophe => self.apostrophe(place, c, rest.chars().next()),
            Class::DigitMark if self.in_number() && rest.starts_with(|n| digit_of(n).is_some()) => {
                self.inside_number(place, c);
            }
            Class::Mark | Class::DigitMark => self.alone(place, c, TokenKind::Mark),
            Class::Quote => self.alone(place, c, TokenKind::Quote),
            Class::Break => self.line_end(place, c),
            Class::Space => self.end_token(),
        }
    }

    /// Takes at once the letters here that go on an open word and fold to themselves, as most letters
    /// do. Where they end.
    fn go_on(&mut self, here: Place, rest: &str) -> Place {
        let Some(open) = self.open.as_mut().filter(|t| t.kind == TokenKind::Word) else {
            return here;
        };
        let is_plain: fn(char) -> bool = match self.script {
            Some(true) if !self.is_whole => is_plain_arabic,
            Some(false) => |c| c.is_ascii_lowercase(),
            _ => return here,
        };
        let letters = rest.chars().take_while(|&c| is_plain(c));
        let end = letters.fold(here, |end, c| end.on(1, c.len_utf8()));
        if end.byte > here.byte {
            self.text.folded.push_str(rest.get(..end.byte - here.byte).unwrap_or_default());
            (open.span.end, open.bytes.end) = (end.at, end.byte);
            open.capitals = false;
            (self.tanwin, self.after_tatweel) = (false, false);
        }
        end
    }

    fn letter(&mut self, place: Place, c: char) {
        // Pages glue their labels to the text: `Publicاستهدفت`.
        let arabic = is_arabic(c);
        // Where a line end was lost, words run together: `عين عيسىاستهدفت`.
        let runs_on = self.is_whole && arabic;
        if runs_on || self.in_number() || self.script.is_some_and(|script| script != arabic) {
            self.end_token();
        }
        if self.open.is_none() {
            self.start(place, TokenKind::Word);
        }
        if !matches!(c, 'ا' | 'ى') {
            self.tanwin = false;
        }
        if let Some(open) = &mut self.open {
            open.capitals &= c.is_ascii_uppercase();
        }
        self.script = Some(arabic);
        self.is_whole = matches!(c, 'ة' | 'ى');
        push_folded(&mut self.text.folded, c);
        self.extend(place, c);
    }

    fn digit(&mut self, place: Place, c: char, digit: char) {
        if self.open.is_none() {
            self.start(place, TokenKind::Number);
        } else if self.open_word_is_arabic() {
            self.end_token();
            self.start(place, TokenKind::Number);
        }
        self.script = None;
        self.text.folded.push(digit);
        self.extend(place, c);
    }

    /// A separator inside a number: thousands are dropped, a decimal point is kept.
    fn inside_number(&mut self, place: Place, c: char) {
        match c {
            ',' | '٬' => {}
            '.' | '٫' => self.text.folded.push('.'),
            _ => return self.alone(place, c, TokenKind::Mark),
        }
        self.extend(place, c);
    }

    /// Inside a Latin word an apostrophe folds to nothing; `’s` at its end is dropped.
    fn apostrophe(&mut self, place: Place, c: char, next: Option<char>) {
        match (&self.open, next) {
            (Some(_), Some('s' | 'S')) => {
                self.end_token();
                // The letter that follows becomes a word of its own, which no lexicon holds.
            }
            (Some(_), Some(n)) if n.is_alphabetic() => self.extend(place, c),
            (None, Some(n)) if n.is_alphabetic() && !is_arabic(n) && c != '\'' => {}
            _ => self.alone(place, c, TokenKind::Quote),
        }
    }

    fn alone(&mut self, place: Place, c: char, kind: TokenKind) {
        self.end_token();
        self.start(place, kind);
        if kind == TokenKind::Mark {
            self.text.folded.push(c);
        }
        self.extend(place, c);
        self.end_token();
    }

    fn line_end(&mut self, place: Place, c: char) {
        self.end_token();
        match self.text.tokens.last_mut() {
            Some(last) if last.kind == TokenKind::Break => {
                last.span.end = place.at + 1;
                last.bytes.end = place.byte + c.len_utf8();
            }
            _ => {
                self.start(place, TokenKind::Break);
                self.text.folded.push('\n');
                self.extend(place, c);
                self.end_token();
            }
        }
    }

    /// A line end of no length, where the original lost it.
    fn line_end_before(&mut self, place: Place) {
        self.end_token();
        self.start(place, TokenKind::Break);
        self.text.folded.push('\n');
        self.end_token();
    }

    fn start(&mut self, place: Place, kind: TokenKind) {
        let quote = kind == TokenKind::Quote;
        if !quote && !self.text.folded.is_empty() && !self.text.folded.ends_with(' ') {
            self.text.folded.push(' ');
        }
        let at = self.text.folded.len();
        self.open = Some(Token {
            kind,
            span: Span { start: place.at, end: place.at },
            bytes: place.byte..place.byte,
            folded: at..at,
            tanwin: false,
            capitals: kind == TokenKind::Word,
        });
        self.tanwin = false;
        self.script = None;
        self.is_whole = false;
    }

    fn extend(&mut self, place: Place, c: char) {
        if let Some(open) = &mut self.open {
            open.span.end = place.at + 1;
            open.bytes.end = place.byte + c.len_utf8();
        }
    }

    fn end_token(&mut self) {
        if let Some(mut token) = self.open.take() {
            token.folded.end = self.text.folded.len();
            token.tanwin = self.tanwin;
            self.text.tokens.push(token);
        }
        self.after_tatweel = false;
    }

    fn in_number(&self) -> bool {
        self.open.as_ref().is_some_and(|t| t.kind == TokenKind::Number)
    }

    fn open_word_is_arabic(&self) -> bool {
        self.open.as_ref().is_some_and(|t| t.kind == TokenKind::Word)
            && self.text.folded.chars().next_back().is_some_and(is_arabic)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn spellings_of_one_word_have_one_key() {
        for (a, b) in [
            ("إدلب", "ادلب"),
            ("قُصِفَت", "قصفت"),
            ("قـــتـــل", "قتل"),
            ("تحـ ـرير الشـ ـام", "تحرير الشام"),
            ("ﻻ", "لا"),
            ("حماة", "حماه"),
            ("الطاائرات", "الطائرات"),
            ("هااااام", "هام"),
            ("بقصـ.ـف المـ.ــدنيين", "بقصف المدنيين"),
            ("إصـ.ابة في الق.صف", "إصابة في القصف"),
            ("على سرمين.في بنش", "على سرمين. في بنش"),
            ("“قسد”", "قسد"),
            ("خان_شيخون", "خان شيخون"),
            ("مدينةالباب", "مدينة الباب"),
            ("عين عيسىاستهدفت", "عين عيسى استهدفت"),
            ("Al-Bāb", "al bab"),
            ("Ţarţūs", "tartus"),
            ("١٬٥٠٠", "1500"),
        ] {
            assert_eq!(key(a), key(b), "{a} and {b}");
        }
    }

    #[test]
    fn tanwin_is_remembered() {
        let text = Text::read("درعاً درعا");
        assert_eq!(text.tokens.iter().map(|t| t.tanwin).collect::<Vec<_>>(), [true, false]);
    }

    #[test]
    fn capitals_are_remembered() {
        let text = Text::read("IS is İS Is قسد 5");
        let capitals: Vec<bool> = text.tokens.iter().map(|t| t.capitals).collect();
        assert_eq!(capitals, [true, false, false, false, false, false]);
    }

    #[test]
    fn digits_and_letters_part_in_arabic_and_stay_together_in_latin() {
        assert_eq!(key("طريق M4 و5قتلى"), "طريق m4 و 5 قتلي");
        assert_eq!(key("3.5 كم"), "3.5 كم");
        assert_eq!(key("إلى حلب.قال مصدر"), "الي حلب . قال مصدر");
        assert_eq!(key("18/7/2022"), "18 / 7 / 2022");
    }

    #[test]
    fn a_line_ends_within_a_word_where_it_is_told() {
        let original = "سد_تشرينفـ ـقد مدني";
        let whole = Text::read(original);
        let end = whole.folded.find("فقد").unwrap();
        let byte = whole.original_byte(original, end).unwrap();
        let parted = Text::read_parted(original, &[byte]);
        assert_eq!(parted.folded, "سد تشرين \n فقد مدني");
        assert_eq!(parted.original(original, 3..4), "فـ ـقد");
    }

    #[test]
    fn a_token_is_found_by_its_folded_bytes() {
        let text = Text::read("لقوات “قسد” في حلب");
        let at = text.folded.find("قسد").unwrap();
        let token = text.token_at(at).unwrap();
        assert_eq!(text.word(token), "قسد");
    }

    proptest! {
        #[test]
        fn spans_tile_the_text_in_order(original in "[\\PC\\n\u{640}\u{64B}\u{200F}]{0,80}") {
            let text = Text::read(&original);
            let mut end = 0;
            for token in &text.tokens {
                prop_assert!(token.span.start >= end && token.span.end >= token.span.start);
                end = token.span.end;
                prop_assert_eq!(token.span.of(&original), original.get(token.bytes.clone()).unwrap());
                prop_assert!(text.folded.get(token.folded.clone()).is_some());
            }
            prop_assert!(end <= original.chars().count());
        }

        #[test]
        fn folding_twice_is_folding_once(original in "[ء-يa-zA-Z0-9 \u{64B}-\u{652}]{0,60}") {
            let once = key(&original);
            prop_assert_eq!(key(&once), once);
        }
    }
}
