//! What the words of a clause say of how it stands to what was told before.

use std::ops::Range;

use super::Page;
use super::hit::{AgainWord, Hit, Sense};

/// How a clause tells again, or tells of more.
#[expect(clippy::struct_excessive_bools, reason = "each is one thing that the words say")]
#[derive(Debug, Clone, Copy)]
pub(super) struct Again {
    /// It is told to be another than what was told before (`قصف آخر`).
    pub(super) is_another: bool,
    /// Its sentence gives no day, and none that counts from another (`قبل ذلك بيومين`).
    pub(super) is_undated: bool,
    /// Who told the sentence before goes on (`وأضاف أن …`).
    pub(super) is_continued: bool,
    /// It points at what was told right before (`هذا القصف`), or rates it (`قصف اليوم هو الأعنف`), and names no
    /// place of its own.
    pub(super) is_this: bool,
    /// What it counts comes to what its sentence counted before (`كما قُتل …`).
    pub(super) adds: bool,
    /// It tells of a force by no name (`القوة داهمت`), which is the one that was told of.
    pub(super) is_same_force: bool,
    /// It tells that what was heard hurt nobody: old shells that were blown up.
    pub(super) explains: bool,
    /// It tells of a toll that has risen (`ارتفعت الحصيلة إلى …`).
    pub(super) rises: bool,
    /// The hours of the day that it names, from and to.
    pub(super) hours: Option<(u32, u32)>,
}

impl Again {
    /// Reads the words of a clause around what it tells of.
    pub(super) fn read(page: &Page<'_>, clause: &Range<usize>, hit: &Hit, own_place: bool) -> Self {
        let mut opening = clause.clone().take(OPENING);
        let words = || {
            page.hits(clause).filter_map(|hit| match hit.sense {
                Sense::Again(word) => Some(word),
                _ => None,
            })
        };
        Self {
            is_another: is_another(page, hit),
            is_undated: false,
            is_continued: false,
            is_same_force: opening_force(page, clause),
            explains: false,
            is_this: !own_place
                && (is_pointed_at(page, hit) || is_rated(page, hit) || is_of_operation(page, hit)),
            adds: opening.any(|t| ADDING.contains(&page.word(t))),
            rises: words().any(|word| word == AgainWord::Rises),
            hours: words().find_map(|word| match word {
                AgainWord::Hours(from, to) => Some((from, to)),
                AgainWord::Rises => None,
            }),
        }
    }

    /// Whether both name hours, and none in common.
    pub(super) fn is_at_other_hours(&self, other: &Self) -> bool {
        let within = |(from, to): (u32, u32), hour| {
            if from <= to { (from..=to).contains(&hour) } else { hour >= from || hour <= to }
        };
        self.hours
            .zip(other.hours)
            .is_some_and(|(a, b)| !(0..24).any(|hour| within(a, hour) && within(b, hour)))
    }
}

/// `هذا القصف`, "this attack".
fn is_pointed_at(page: &Page<'_>, hit: &Hit) -> bool {
    let before = page.before(hit.tokens.start, 1);
    let word = before.strip_prefix(['و', 'ف', 'ب', 'ل']).unwrap_or(before);
    // `بعد ذلك قصفت`: before a verb it points at no strike.
    matches!(word, "هذا" | "هذه" | "this" | "these" | "those")
        || (hit.is_definite() && matches!(word, "ذلك" | "تلك"))
}

/// `العملية |استهدفت| منازل`: a verb of the operation that was told of.
fn is_of_operation(page: &Page<'_>, hit: &Hit) -> bool {
    let before = page.before(hit.tokens.start, 1);
    matches!(hit.sense, Sense::Trigger { verb: true, .. })
        && matches!(before, "العمليه" | "الحمله" | "المداهمه" | "المداهمات")
}

/// `قصف اليوم هو الأعنف منذ أسبوع`, "the attack was the deadliest since June".
fn is_rated(page: &Page<'_>, hit: &Hit) -> bool {
    (hit.tokens.end..hit.tokens.end + RATING).any(|t| match page.word(t) {
        "هو" | "هي" | "يعد" | "تعد" | "يعتبر" | "تعتبر" => {
            MOST_AR.contains(&page.word(t + 1))
        }
        // "Shelling hit the largest hospital" rates no shelling.
        "is" | "was" | "are" | "were" => {
            page.word(t + 1) == "the" && MOST_EN.contains(&page.word(t + 2))
        }
        _ => false,
    })
}

const MOST_AR: &[&str] =
    &["الاعنف", "الاكبر", "الاوسع", "الاشد", "الاكثر", "الاسوا", "الاول", "الاولي", "الاخطر"];
const MOST_EN: &[&str] =
    &["deadliest", "heaviest", "largest", "biggest", "worst", "most", "first", "fiercest"];
/// What rates a strike is among so many words behind it.
const RATING: usize = 4;

/// `بقصف مدفعي آخر`, "another strike".
fn is_another(page: &Page<'_>, hit: &Hit) -> bool {
    let behind = (hit.tokens.end..hit.tokens.end + 2).map(|t| page.word(t));
    let before = hit.tokens.start.checked_sub(1).map(|t| page.word(t));
    behind.chain(before).any(|word| ANOTHER.contains(&word))
}

const ANOTHER: &[&str] =
    &["اخر", "اخري", "ثان", "ثانيه", "مماثل", "مماثله", "جديد", "جديده", "another", "second"];

/// Whether a force that was named before is told of near the beginning.
fn opening_force(page: &Page<'_>, clause: &Range<usize>) -> bool {
    let bare = |t: usize| page.word(t).strip_prefix('و').unwrap_or(page.word(t));
    clause.clone().take(FORCE).any(|t| FORCES.contains(&bare(t)))
}

const FORCES: &[&str] = &["القوه", "الدوريه", "القوات", "الرتل"];
/// Who says it and that he does may stand before the force.
const FORCE: usize = 8;

/// These open a clause that tells of more.
const ADDING: &[&str] = &["كما", "also"];
/// Such a word is among so many first ones of its clause.
const OPENING: usize = 3;
