//! Which actor a name means, where several bear it or the words around make it something else.

use std::ops::Range;

use super::Page;
use super::capital::is_government;
use super::hit::{ActorName, Hit, Sense};
use crate::model::actor::Actor;

/// The actor that a name means on the day of publication.
pub(super) fn actor_of<'p>(
    page: &'p Page<'_>,
    clause: &Range<usize>,
    hit: &Hit,
) -> Option<&'p Actor> {
    let Sense::Actor { id, name } = hit.sense else { return None };
    let known = page.lexicon.actors.get(id)?;
    // "opposition-held": the name describes what follows.
    // "the opposition's |civil| defence" carries no arms.
    let behind = page.word(hit.tokens.end);
    let behind = if behind == "s" { page.word(hit.tokens.end + 1) } else { behind };
    if HELD.contains(&behind) || is_told_behind(page, known.actor.id.is_unidentified(), hit) {
        return None;
    }
    // `طيران |الاحتلال الروسي|`: what the name runs on with says whose it is.
    let runs_on = page.hits(clause).any(|h| {
        matches!(h.sense, Sense::Actor { .. })
            && hit.tokens.start < h.tokens.start
            && h.tokens.start < hit.tokens.end
            && hit.tokens.end < h.tokens.end
    });
    let covered = page.hits(clause).any(|h| {
        h.tokens.start <= hit.tokens.start
            && hit.tokens.end <= h.tokens.end
            && match h.sense {
                // A country that is an actor is masked as a place only.
                Sense::Mask => h.tokens != hit.tokens || name == ActorName::Short,
                Sense::Actor { .. } => h.tokens != hit.tokens,
                _ => false,
            }
    });
    let meant = match name {
        ActorName::Full | ActorName::Short => is_meant(page, hit) != Meant::Another,
        ActorName::Shared => is_meant(page, hit) == Meant::Itself,
        ActorName::Capital => is_government(page, clause, hit),
    };
    (meant && !covered && !runs_on && known.is_active(page.published)).then_some(&known.actor)
}

const HELD: &[&str] =
    &["civil", "held", "controlled", "occupied", "besieged", "aligned", "allied", "linked"];

/// `مسلحون |من| X`: whose gunmen they are is told behind; `مرتزقة |من بقايا| X` are none of theirs.
fn is_told_behind(page: &Page<'_>, unknown: bool, hit: &Hit) -> bool {
    let Range { start, end } = hit.tokens;
    let is_actor = |h: &Hit| matches!(h.sense, Sense::Actor { .. });
    let theirs =
        matches!(page.word(end), "من" | "of" | "from") && page.hits.at(end + 1).any(is_actor);
    let before = |far: usize| page.before(start, far);
    (unknown && theirs) || (before(1) == "بقايا" && before(2) == "من")
}

/// Whom a name means that several bear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meant {
    /// The actor of the hit, which the text names by a name of its own.
    Itself,
    /// One of the others, likewise.
    Another,
    /// Nobody says.
    Open,
}

/// Of those who bear a name, the text means the one that it named last by a name that no other bears, or
/// names first behind it, not too far away.
fn is_meant(page: &Page<'_>, hit: &Hit) -> Meant {
    let bearers = |tokens: &Range<usize>| {
        page.hits(tokens).filter(|h| h.tokens == *tokens).filter_map(actor_and_name).collect()
    };
    let all: Vec<(usize, ActorName)> = bearers(&hit.tokens);
    if !all.iter().any(|&(_, name)| name == ActorName::Shared) {
        return Meant::Open;
    }
    let named = |h: &&Hit| {
        let is_one = |&(id, _): &(usize, ActorName)| all.iter().any(|&(one, _)| one == id);
        actor_and_name(h).filter(is_one).is_some_and(|(_, name)| name == ActorName::Full)
            && bearers(&h.tokens).iter().all(|&(_, name)| name != ActorName::Shared)
    };
    let Range { start, end } = hit.tokens;
    let before = page.hits(&(start.saturating_sub(FAR)..start)).filter(named).last();
    let last = before.or_else(|| page.hits(&(end..end + FAR)).find(named));
    match (last.and_then(actor_and_name), actor_and_name(hit)) {
        (Some((last, _)), Some((own, _))) if last == own => Meant::Itself,
        (Some(_), _) => Meant::Another,
        (None, _) => Meant::Open,
    }
}

/// Words to where somebody is named; a report has some hundred.
const FAR: usize = 300;

fn actor_and_name(hit: &Hit) -> Option<(usize, ActorName)> {
    match hit.sense {
        Sense::Actor { id, name } => Some((id, name)),
        _ => None,
    }
}
