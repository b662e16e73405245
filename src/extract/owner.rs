//! Whose is what was struck: `مقر لـX`, `سيارة عسكرية تابعة لـX`, "a checkpoint of X".

use std::ops::Range;

use super::Page;
use super::hit::{Hit, Sense};
use super::lexicon::Role;
use crate::model::text::TokenKind;

/// So many words of description stand between a thing and its owner (`سيارة عسكرية مصفحة تابعة لـX`).
const DESCRIBED: usize = 3;

/// Where the words begin that name a thing of the actor's: a post, a vehicle, a house.
pub(super) fn thing_of(page: &Page<'_>, clause: &Range<usize>, hit: &Hit) -> Option<usize> {
    let before: Vec<usize> = (clause.start..hit.tokens.start)
        .rev()
        .take_while(|&t| page.is(t, TokenKind::Word) || page.is(t, TokenKind::Quote))
        .filter(|&t| page.is(t, TokenKind::Word) && page.word(t) != "the")
        .take(MOST_BEFORE)
        .collect();
    let phrase = before.iter().rev().map(|&t| page.word(t)).collect::<Vec<_>>().join(" ");
    let owned = page.lexicon.sides.owned.iter().filter(|words| ends_with(&phrase, words));
    let owned = owned.map(|words| words.split(' ').count()).max();
    let described = if owned.is_some() || hit.prefix.ends_with('ل') { DESCRIBED } else { 0 };
    before
        .into_iter()
        .skip(owned.unwrap_or(0))
        .take(described + 1)
        .take_while(|&t| !acts(page, t))
        .find(|&t| is_thing(page, t))
}

/// Whether the last words of a text are these.
pub(super) fn ends_with(text: &str, words: &str) -> bool {
    text.strip_suffix(words).is_some_and(|before| before.is_empty() || before.ends_with(' '))
}

/// `قصف من مواقع X`, "from positions of X"; `عدد من مواقع X` is a part of them.
pub(super) fn is_origin(page: &Page<'_>, clause: &Range<usize>, thing: usize) -> bool {
    let Some(from) = thing.checked_sub(1).filter(|&t| t >= clause.start) else { return false };
    let counts =
        |h: &Hit| matches!(h.sense, Sense::Number(_) | Sense::Vague(_) | Sense::Counted(..));
    let before = from.saturating_sub(1).max(clause.start)..thing;
    matches!(page.word(from), "من" | "from") && !page.hits(&before).any(counts)
}

/// `belonging to the`, and what is described.
const MOST_BEFORE: usize = 4 + DESCRIBED;

/// Whether a verb or another actor stands here: what is before it describes nothing behind it.
fn acts(page: &Page<'_>, token: usize) -> bool {
    page.hits(&(token..token + 1))
        .any(|h| matches!(h.sense, Sense::Trigger { verb: true, .. } | Sense::Actor { .. }))
}

/// `سيارة`, `حاجزاً`, `بسيارة`; a car that is the bomb is none.
fn is_thing(page: &Page<'_>, token: usize) -> bool {
    let word = page.word(token);
    let bare = word.strip_prefix(['و', 'ب', 'ل']).unwrap_or(word);
    let known = [word, bare]
        .into_iter()
        .flat_map(|word| [word, word.strip_suffix('ا').unwrap_or(word)])
        .any(|word| page.lexicon.sides.things.iter().any(|thing| thing == word));
    let is_weapon = |h: &Hit| match h.sense {
        Sense::Trigger { id, .. } => {
            h.tokens.start == token
                && page.lexicon.triggers.get(id).is_some_and(|t| t.role == Role::Weapon)
        }
        _ => false,
    };
    known && !page.hits(&(token..token + MOST_WEAPON)).any(is_weapon)
}

/// Words of the longest name of a weapon that begins as a thing does.
const MOST_WEAPON: usize = 3;
