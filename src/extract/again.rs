//! What the words of a clause say of how it stands to what was told before.

use std::ops::Range;

use super::Page;
use super::hit::Hit;

/// How a clause tells again, or tells of more.
#[expect(clippy::struct_excessive_bools, reason = "each is one thing that the words say")]
#[derive(Debug, Clone, Copy)]
pub(super) struct Again {
    /// It is told to be another than what was told before (`قصف آخر`).
    pub(super) is_another: bool,
    /// It points at what was told right before (`هذا القصف`) and names no place of its own.
    pub(super) is_this: bool,
    /// What it counts comes to what its sentence counted before (`كما قُتل …`).
    pub(super) adds: bool,
    /// It tells of a toll that has risen (`ارتفعت الحصيلة إلى …`).
    pub(super) rises: bool,
    /// The part of the day that it names.
    pub(super) part_of_day: Option<usize>,
}

impl Again {
    /// Reads the words of a clause around what it tells of.
    pub(super) fn read(page: &Page<'_>, clause: &Range<usize>, hit: &Hit, own_place: bool) -> Self {
        let mut opening = clause.clone().take(OPENING);
        Self {
            is_another: is_another(page, hit),
            is_this: !own_place && is_pointed_at(page, hit),
            adds: opening.any(|t| ADDING.contains(&page.word(t))),
            rises: bare_words(page, clause).any(|word| RISING.contains(&word)),
            part_of_day: bare_words(page, clause).find_map(part_of_day),
        }
    }
}

/// `هذا القصف`, "this attack".
fn is_pointed_at(page: &Page<'_>, hit: &Hit) -> bool {
    let before = hit.tokens.start.checked_sub(1).map_or("", |t| page.word(t));
    let word = before.strip_prefix(['و', 'ف', 'ب', 'ل']).unwrap_or(before);
    matches!(word, "هذا" | "هذه" | "this") || matches!(before, "هذا" | "هذه")
}

/// `بقصف مدفعي آخر`, "another strike".
fn is_another(page: &Page<'_>, hit: &Hit) -> bool {
    let behind = (hit.tokens.end..hit.tokens.end + 2).map(|t| page.word(t));
    let before = hit.tokens.start.checked_sub(1).map(|t| page.word(t));
    behind.chain(before).any(|word| ANOTHER.contains(&word))
}

const ANOTHER: &[&str] =
    &["اخر", "اخري", "ثان", "ثانيه", "مماثل", "مماثله", "جديد", "جديده", "another", "second"];

/// The words of a clause without the letters that join them to others.
fn bare_words<'a>(page: &'a Page<'_>, clause: &Range<usize>) -> impl Iterator<Item = &'a str> {
    let bare = |word: &'a str| {
        let word = word.strip_prefix(['و', 'ف', 'ل', 'ب']).unwrap_or(word);
        word.strip_prefix("ال").unwrap_or(word)
    };
    clause.clone().map(move |t| bare(page.word(t)))
}

/// A count that stands with one of these is another than before, of the same people and more.
const RISING: &[&str] = &[
    "ارتفع",
    "ارتفعت",
    "ارتفاع",
    "ترتفع",
    "يرتفع",
    "rose",
    "rises",
    "risen",
    "rising",
    "climbed",
    "climbs",
];

/// Which part of the day a word names.
fn part_of_day(word: &str) -> Option<usize> {
    PARTS_OF_DAY.iter().position(|names| names.contains(&word))
}

const PARTS_OF_DAY: &[&[&str]] = &[
    &["فجر", "فجرا", "dawn"],
    &["صباح", "صباحا", "morning"],
    &["ظهر", "ظهرا", "noon", "midday"],
    &["عصر", "عصرا", "afternoon"],
    &["مساء", "evening"],
    &["ليل", "ليلا", "night", "overnight"],
];

/// These open a clause that tells of more.
const ADDING: &[&str] = &["كما", "also"];
/// Such a word is among so many first ones of its clause.
const OPENING: usize = 3;
