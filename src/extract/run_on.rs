//! Words that run together where a page lost the line end between them: `#سد_تشريناستشهاد`.

use super::hit::{PlaceWord, Sense, SpeechWord};
use super::lexicon::Lexicon;
use super::toponym::{Name, Toponyms};
use crate::model::text::Text;

/// Reads a text with the names in it. Where a name of several words runs into a word that opens a text,
/// a line ends.
pub(super) fn read(original: &str, lexicon: &Lexicon, toponyms: &Toponyms) -> (Text, Vec<Name>) {
    let text = Text::read(original);
    let scan = toponyms.scan(&text);
    let is_end = |&end: &usize| opens(lexicon, rest(&text, end));
    let ends = scan.run_ons.iter().copied().filter(is_end);
    let mut parts: Vec<usize> = ends.filter_map(|end| text.original_byte(original, end)).collect();
    if parts.is_empty() {
        return (text, scan.names);
    }
    parts.sort_unstable();
    let text = Text::read_parted(original, &parts);
    let names = toponyms.scan(&text).names;
    (text, names)
}

/// What is left of the word behind a byte of the folded text.
fn rest(text: &Text, from: usize) -> &str {
    let token = text.token_at(from).and_then(|token| text.tokens.get(token));
    token.map_or("", |token| text.folded.get(from..token.folded.end).unwrap_or_default())
}

/// Whether a text may begin with a word: what happened, who says it, who and how many, what kind of place.
fn opens(lexicon: &Lexicon, word: &str) -> bool {
    lexicon.scan(&Text::read(word)).iter().any(|hit| {
        let is_opening = matches!(
            hit.sense,
            Sense::Trigger { .. }
                | Sense::Speech(SpeechWord::Says)
                | Sense::Counted(..)
                | Sense::Number(_)
                | Sense::Actor { .. }
                | Sense::Place(PlaceWord::Kind(_))
        );
        is_opening && hit.prefix.is_empty() && hit.tokens == (0..1)
    })
}
