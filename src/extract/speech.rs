//! Who says it: the source that a sentence quotes.

use std::ops::Range;

use super::Page;
use super::hit::{Hit, Sense, SpeechWord};

/// The source a sentence names, and the tokens of its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Speaker {
    /// Its name in the article's words.
    pub(super) name: String,
    /// Where the name stands in this sentence; empty if it spoke before.
    pub(super) tokens: Range<usize>,
}

/// A speaker's name has at most so many words.
const LONGEST_NAME: usize = 12;

/// The speaker of a sentence; `before` is who spoke last in this paragraph.
pub(super) fn speaker(
    page: &Page<'_>,
    sentence: &Range<usize>,
    before: Option<&Speaker>,
) -> Option<Speaker> {
    let words: Vec<(Range<usize>, SpeechWord)> = page
        .hits(sentence)
        .filter_map(|hit| match hit.sense {
            Sense::Speech(word) => Some((hit.tokens.clone(), word)),
            _ => None,
        })
        .collect();
    let says = words.iter().find(|(_, word)| *word == SpeechWord::Says);
    if let Some((verb, _)) = says {
        let name = name_before(page, verb.start, sentence.start)
            .unwrap_or_else(|| name_after(page, verb.end, sentence.end, &words));
        let own =
            words.iter().any(|(at, word)| *word == SpeechWord::Own && name.contains(&at.start));
        if !own && has_letters(page, &name) {
            return Some(Speaker { name: page.original(name.clone()).to_owned(), tokens: name });
        }
    }
    let goes_on = words.iter().any(|(_, word)| *word == SpeechWord::GoesOn);
    let last = before.filter(|_| goes_on)?;
    Some(Speaker { name: last.name.clone(), tokens: sentence.start..sentence.start })
}

/// `دمشق |تدين| القصف على …`, `|أدانت| الإدارة الذاتية المجزرة`: who only has a view of what others did is no side of it.
pub(super) fn takes_position(page: &Page<'_>, name: &Hit) -> bool {
    let positions = &page.lexicon.positions;
    let before = page.before(name.tokens.start, 1);
    // `تدين |القصف الإسرائيلي|` is what it has a view of.
    let is_deed = |h: &Hit| matches!(h.sense, Sense::Trigger { .. });
    let leads = positions.contains(before.strip_prefix('و').unwrap_or(before))
        && !page.hits.at(name.tokens.start).any(is_deed);
    leads || positions.contains(page.word(name.tokens.end))
}

/// The words between the verb and what is said.
fn name_after(
    page: &Page<'_>,
    start: usize,
    end: usize,
    words: &[(Range<usize>, SpeechWord)],
) -> Range<usize> {
    let that = words
        .iter()
        .find(|(at, word)| *word == SpeechWord::That && at.start >= start)
        .map(|(at, _)| at.start);
    // `أعلن الجيش إسقاط طائرة`: where a happening begins, the name has ended.
    let told = page
        .hits(&(start..end))
        .find(|h| matches!(h.sense, Sense::Trigger { .. }))
        .map(|h| h.tokens.start);
    let end = told.unwrap_or(end);
    let mark = (start..end).find(|&t| matches!(page.word(t), "،" | "," | ":" | ".")).unwrap_or(end);
    let stop = that.map_or(mark, |that| that.min(mark));
    // Quotation marks do not count as words, and those around the name are not part of it.
    let words: Vec<usize> =
        (start..stop).filter(|&t| !page.word(t).is_empty()).take(LONGEST_NAME).collect();
    match (words.first(), words.last()) {
        (Some(&first), Some(&last)) => first..last + 1,
        _ => start..start,
    }
}

/// English names the speaker first: "…, the Kobani hospital told Rasid".
fn name_before(page: &Page<'_>, verb: usize, start: usize) -> Option<Range<usize>> {
    let latin = page.word(verb).is_ascii() && page.word(verb) != "according";
    let comma = (start..verb)
        .rev()
        .find(|&t| matches!(page.word(t), "," | ";" | "–" | "—"))
        .map_or(start, |t| t + 1);
    let name = comma..verb;
    (latin && !name.is_empty() && name.len() <= LONGEST_NAME && has_letters(page, &name))
        .then_some(name)
}

fn has_letters(page: &Page<'_>, tokens: &Range<usize>) -> bool {
    tokens.clone().any(|t| page.word(t).chars().any(char::is_alphabetic))
}
