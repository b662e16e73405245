//! What became of people: killed or injured, by the words around them.

use std::ops::Range;

use super::Page;
use super::hit::{Hit, Sense};
use super::lexicon::{Counts, Nature, Role};
use crate::model::taxonomy::SubEventType;
use crate::model::text::TokenKind;

/// What the words around a count say became of those counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Unknown,
    Killed,
    Injured,
}

/// Whether a word kills or injures; what only destroys harms nobody.
pub(super) fn is_harm(page: &Page<'_>, hit: &Hit) -> bool {
    let Sense::Trigger { id, .. } = hit.sense else { return false };
    // `نجا من محاولة اغتيال`: nobody need have died.
    let is_attempt = hit.tokens.clone().any(|t| {
        let word = page.word(t);
        word.ends_with("محاوله") || matches!(word, "نجا" | "نجت" | "attempt" | "survived")
    });
    let known = page.lexicon.triggers.get(id);
    !is_attempt
        && known.is_some_and(|t| {
            let kills = t.sub_event == SubEventType::Attack && !t.is(Nature::Blow);
            t.role == Role::Harm || (t.role == Role::Act && kills)
        })
}

/// The nearest word of killing or injury: before the count, or close behind it.
pub(super) fn fate(page: &Page<'_>, clause: &Range<usize>, noun: Range<usize>) -> Fate {
    let at = noun.start;
    // `طفلين |جريحين|`
    let is_injured = |h: &Hit| h.prefix.is_empty() && page.counts(h) == Some(Counts::Injured);
    if page.hits.at(noun.end).any(is_injured) {
        return Fate::Injured;
    }
    // "a man was killed and |two others were injured": the passive tells it of its own subject.
    if let Some(verb) = passive_of(page, clause, noun.end) {
        return fate_of(page.word(verb));
    }
    // "two soldiers killed, |three others wounded| in a raid", but "|a gunman killed two|".
    if let Some(verb) = page.hits.at(noun.end).find(|h| is_english(page, h) && is_harm(page, h)) {
        return if has_object(page, verb) { Fate::Unknown } else { fate_of(page.word(noun.end)) };
    }
    let harm = |tokens: Range<usize>| {
        page.hits(&tokens).filter(|h| is_harm(page, h)).map(|h| h.tokens.start).collect::<Vec<_>>()
    };
    let before = harm(clause.start..at).last().copied().filter(|b| at - b <= REACH_BACK);
    // `سيارة موظف …، فأصيب الموظف`, `اعتقلوا شخصاً … إضافة إلى مقتل آخر`: a joined verb and an Arabic noun tell of
    // whom they name, if they name anybody.
    let names = |h: &Hit| {
        let next = h.tokens.end..h.tokens.end + 1;
        let is_noun = matches!(h.sense, Sense::Trigger { verb: false, .. })
            && !page.word(h.tokens.start).is_ascii();
        (is_noun || matches!(h.prefix, "و" | "ف"))
            && page.hits(&next).any(|h| matches!(h.sense, Sense::Counted(..) | Sense::Number(_)))
    };
    let reach = at..clause.end.min(reach_on(page, at..clause.end));
    // `اثنان من أطفال السيدة التي قُتلت`: it tells of the last one named before "who".
    let of_another = |h: &Hit| {
        let who = h.tokens.start.checked_sub(1).filter(|&t| is_relative(page.word(t)));
        // `الشاب النازح الذي`: the adjective is the same person.
        let is_adjective = |h: &Hit| {
            h.tokens.start == noun.end && page.word(noun.start).starts_with("ال") && h.is_definite()
        };
        let counted = |h: &Hit| matches!(h.sense, Sense::Counted(..)) && !is_adjective(h);
        who.is_some_and(|who| page.hits(&(noun.end..who)).any(counted))
    };
    // `طفل |يروي| كيف قتلت عائلته`: who tells of it lives.
    let narrates = NARRATES.contains(&page.word(noun.end));
    let after = page.hits(&reach).find(|h| is_harm(page, h)).filter(|_| !narrates);
    let after = after.filter(|h| !(names(h) || of_another(h) || has_object(page, h)));
    let after = after.map(|h| h.tokens.start);
    before.or(after).map_or(Fate::Unknown, |token| fate_of(page.word(token)))
}

/// Folded verbs of those who tell what befell others.
const NARRATES: &[&str] = &[
    "يروي",
    "تروي",
    "يروون",
    "روي",
    "روت",
    "يحكي",
    "تحكي",
    "يتحدث",
    "تتحدث",
    "يتحدثون",
    "يصف",
    "تصف",
];

fn is_english(page: &Page<'_>, hit: &Hit) -> bool {
    page.word(hit.tokens.start).is_ascii()
}

/// Whether an English word of harm is done to whom it names behind it ("wounded a child"), or names nobody but a deed
/// ("killing"): whoever stands before it does it, or had no part in it. "Killing him" is done to one before.
fn has_object(page: &Page<'_>, harm: &Hit) -> bool {
    let next = harm.tokens.end;
    let is_sense = |at: usize, is: fn(&Sense) -> bool| page.hits.at(at).any(|h| is(&h.sense));
    let is_whom = |s: &Sense| {
        matches!(s, Sense::Counted(..) | Sense::Number(_) | Sense::Vague(_) | Sense::Bound(_))
    };
    // "killed a week after", "killed two days ago"
    let is_time = matches!(page.word(next + 1), "hour" | "day" | "week" | "month" | "year")
        || is_sense(next + 1, |s| matches!(s, Sense::Unit | Sense::Date(_)));
    let leads = matches!(page.word(next), "a" | "an" | "the" | "his" | "her");
    let word = page.word(harm.tokens.start);
    let is_deed = harm.tokens.len() == 1 && (word.ends_with("ing") || word.starts_with("murder"));
    let is_done_to = is_deed || ((leads || is_sense(next, is_whom)) && !is_time);
    is_english(page, harm) && is_done_to && !matches!(page.word(next), "him" | "them")
}

/// How far a word of harm may stand behind a count: over those who are told to be among them ("six members of a
/// family, |including four children,| were killed").
fn reach_on(page: &Page<'_>, rest: Range<usize>) -> usize {
    let near = rest.start..rest.start + REACH_ON;
    let part = page.hits(&near).find(|h| h.sense == Sense::Subset);
    let end = part.and_then(|part| {
        let mut near = part.tokens.end..rest.end.min(part.tokens.end + PART);
        near.find(|&t| page.is_comma(t))
    });
    end.map_or(near.end, |end| near.end.max(end + BEHIND_PART))
}

/// `الذي`: what follows tells of those named before it.
pub(super) fn is_relative(word: &str) -> bool {
    matches!(word, "الذي" | "التي" | "الذين" | "اللذين")
}

/// The word of harm behind "was" or "were" right behind a noun.
pub(super) fn passive_of(page: &Page<'_>, clause: &Range<usize>, end: usize) -> Option<usize> {
    let after = end..(end + 4).min(clause.end);
    let be = after
        .clone()
        .take_while(|&t| page.is(t, TokenKind::Word))
        .find(|&t| matches!(page.word(t), "was" | "were" | "been"))?;
    page.hits(&(be + 1..(be + 3).min(clause.end)))
        .find(|h| is_harm(page, h))
        .map(|h| h.tokens.start)
}

/// Words over which killing and injury reach to what they count.
const REACH_BACK: usize = 14;
/// English and headlines count before the verb ("three people were killed").
const REACH_ON: usize = 12;
/// Words that tell who is among them.
const PART: usize = 12;
/// "were later killed", behind those who are told to be among them.
const BEHIND_PART: usize = 5;

/// Injury, by the stems of its words; everything else that harms kills.
pub(super) fn fate_of(word: &str) -> Fate {
    let injury = ["صاب", "صيب", "جرح", "جريح", "جروح", "injur", "wound", "hurt"];
    if injury.iter().any(|stem| word.contains(stem)) { Fate::Injured } else { Fate::Killed }
}
