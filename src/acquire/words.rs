//! The words that pages and feeds write around articles, from `lexicon/pages.toml`.

use std::collections::HashSet;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::model::text::key;

#[derive(Deserialize)]
struct Table {
    clock: Clock,
    labels: Labels,
}

#[derive(Deserialize)]
struct Clock {
    morning: Vec<String>,
    evening: Vec<String>,
    beside: Vec<String>,
}

#[derive(Deserialize)]
struct Labels {
    pointers: Vec<String>,
    furniture: Vec<String>,
    ends: Vec<String>,
    feeds: Vec<String>,
    consent: Vec<String>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    toml::from_str(include_str!("../../lexicon/pages.toml")).expect("a test reads this table")
});

fn folded(words: &[String]) -> HashSet<String> {
    words.iter().map(|word| key(word)).collect()
}

/// Words behind a clock before noon.
pub(super) static MORNING: LazyLock<HashSet<String>> =
    LazyLock::new(|| folded(&TABLE.clock.morning));

/// Words behind a clock after noon.
pub(super) static EVENING: LazyLock<HashSet<String>> =
    LazyLock::new(|| folded(&TABLE.clock.evening));

/// Words beside a day that is no part of a sentence.
pub(super) static BESIDE: LazyLock<HashSet<String>> = LazyLock::new(|| folded(&TABLE.clock.beside));

/// What begins a line that leads to another article.
pub(super) static POINTERS: LazyLock<HashSet<String>> =
    LazyLock::new(|| folded(&TABLE.labels.pointers));

/// What a line of furniture consists of.
pub(super) static FURNITURE: LazyLock<HashSet<String>> =
    LazyLock::new(|| folded(&TABLE.labels.furniture));

/// A line behind which there is no article any more.
pub(super) static ENDS: LazyLock<HashSet<String>> = LazyLock::new(|| folded(&TABLE.labels.ends));

/// What stands on a button that gives consent.
pub(super) static CONSENT: LazyLock<HashSet<String>> =
    LazyLock::new(|| folded(&TABLE.labels.consent));

/// What begins the last line of an article in a feed.
pub(super) static FEEDS: LazyLock<HashSet<String>> = LazyLock::new(|| folded(&TABLE.labels.feeds));

/// Whether a text begins with one of these phrases, and a word ends there.
pub(super) fn begins_with(text: &str, phrases: &HashSet<String>) -> bool {
    // No phrase has more words, and folding a whole paragraph for its beginning is dear.
    let start: Vec<&str> = text.split_whitespace().take(8).collect();
    let start = key(&start.join(" "));
    let mut ends: Vec<usize> = start.match_indices(' ').map(|(at, _)| at).collect();
    ends.push(start.len());
    ends.iter().filter_map(|end| start.get(..*end)).any(|phrase| phrases.contains(phrase))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_read_and_holds_no_phrase_that_folds_to_nothing() {
        for words in [&MORNING, &EVENING, &BESIDE, &POINTERS, &FURNITURE, &ENDS, &FEEDS, &CONSENT] {
            assert!(!words.is_empty() && words.iter().all(|word| !word.trim().is_empty()));
        }
    }

    #[test]
    fn a_line_is_known_by_its_first_words_however_they_are_spelled() {
        assert!(begins_with("إقرأ أيضاً: مقتل خمسة في قصف", &POINTERS));
        assert!(begins_with("READ ALSO – Five killed", &POINTERS));
        assert!(!begins_with("شاهد عيان قال إن القصف استمر", &POINTERS));
        assert!(!begins_with("Reading also helps", &POINTERS));
    }
}
