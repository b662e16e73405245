//! Capitals and countries that stand for those who govern them.

use std::ops::Range;

use super::Page;
use super::hit::{Hit, Sense, SpeechWord};
use super::lexicon::Role;
use super::owner::role;
use super::speech::takes_position;
use crate::model::taxonomy::SubEventType;
use crate::model::text::TokenKind;

/// A capital stands for its government in `بين قسد ودمشق` and where it speaks.
pub(super) fn is_government(page: &Page<'_>, clause: &Range<usize>, hit: &Hit) -> bool {
    let between = (clause.start..hit.tokens.start)
        .any(|t| matches!(page.word(t), "بين" | "between" | "مع" | "with"));
    let joined =
        matches!(hit.prefix, "و") || page.word(hit.tokens.start.saturating_sub(1)) == "and";
    let with = page.word(hit.tokens.start.saturating_sub(1)) == "مع";
    if with && is_border(page.word(hit.tokens.start.saturating_sub(2))) {
        return false;
    }
    let near = hit.tokens.start.saturating_sub(1)..(hit.tokens.end + 1).min(clause.end);
    let speaks = page.hits(&near).any(|h| matches!(h.sense, Sense::Speech(SpeechWord::Says)));
    (between && (joined || with))
        || speaks
        || takes_position(page, hit)
        || agrees(page, hit)
        || country_acts(page, clause, hit)
}

/// `توصلت دمشق وقسد`: the subject of a verb of agreement.
fn agrees(page: &Page<'_>, hit: &Hit) -> bool {
    let before = hit.tokens.start.saturating_sub(1)..hit.tokens.start;
    page.hits(&before).any(|h| match h.sense {
        Sense::Trigger { id, verb: true, .. } => {
            page.lexicon.triggers.get(id).is_some_and(|t| t.sub_event == SubEventType::Agreement)
        }
        _ => false,
    })
}

/// `قصفت تركيا`, `تركيا تقصف`, "Turkey shelled": a country beside a verb; a city there would be where it happens.
fn country_acts(page: &Page<'_>, clause: &Range<usize>, hit: &Hit) -> bool {
    let is_country =
        page.hits(&hit.tokens).any(|h| h.sense == Sense::Mask && h.tokens == hit.tokens);
    let before = hit.tokens.start.saturating_sub(1)..hit.tokens.start;
    let after = hit.tokens.end..hit.tokens.end + 1;
    let verb = |h: &Hit| matches!(h.sense, Sense::Trigger { verb: true, .. });
    let latin = page.word(hit.tokens.start).is_ascii();
    let acts = |h: &Hit| matches!(role(page, h), Some(Role::Act | Role::Assault));
    let opens = !(clause.start..hit.tokens.start).any(|t| page.is(t, TokenKind::Word));
    let follows = |h: &Hit| (latin && acts(h)) || (opens && verb(h));
    is_country
        && (page.hits(&before).any(verb)
            || page.hits(&after).any(follows)
            || carries_out(page, hit))
}

/// "Israel |launched| airstrikes", `|شنت| تركيا غارات`: the deed is a noun behind it.
fn carries_out(page: &Page<'_>, hit: &Hit) -> bool {
    let (before, behind) = (page.before(hit.tokens.start, 1), page.word(hit.tokens.end));
    let is_deed = |h: &Hit| matches!(role(page, h), Some(Role::Act | Role::Assault));
    let near = hit.tokens.end..hit.tokens.end + DEED;
    (CARRIES.contains(&behind) || CARRIES.contains(&before.strip_prefix('و').unwrap_or(before)))
        && page.hits(&near).any(is_deed)
}

const CARRIES: &[&str] = &[
    "launched",
    "launches",
    "carried",
    "carries",
    "conducted",
    "conducts",
    "staged",
    "resumed",
    "شنت",
    "تشن",
    "نفذت",
    "تنفذ",
];
/// "out several overnight air strikes": so many words, at most.
const DEED: usize = 6;

/// `الحدودية مع تركيا`
fn is_border(word: &str) -> bool {
    word.contains("حدود")
}
