//! Who acts and who suffers, as far as it decides the type: soldiers, militants, villagers, a crowd, a
//! market. Wider than the actors that an event names: any army, any gunmen.

use std::ops::Range;

use super::Page;
use super::actor::{Named, Part};
use super::hit::{Hit, Party, Sense, SpeechWord};
use crate::model::actor::Inter;

/// A party at its place in a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seen {
    /// The first word of its name.
    pub(super) at: usize,
    pub(super) party: Party,
    /// "by" stands before it.
    pub(super) by: bool,
}

/// The parties of a clause, in the order of the text; who only speaks is none.
pub(super) fn parties(
    page: &Page<'_>,
    clause: &Range<usize>,
    named: &[Named],
    speaker: Option<&Range<usize>>,
) -> Vec<Seen> {
    let mut seen: Vec<Seen> = Vec::new();
    for hit in page.hits(clause) {
        let at = hit.tokens.start;
        let party = match hit.sense {
            Sense::Actor { id, .. } => acts(page, named, id),
            Sense::Party(party) => {
                let told = speaker.is_some_and(|s| s.contains(&at)) || speaks(page, hit);
                let describes = DESCRIBING.contains(&page.word(hit.tokens.end));
                // "a former rebel commander" fights no more.
                let was = matches!(page.before(at, 1), "former" | "ex");
                let party = if was { Party::Unarmed } else { party };
                (!told && !describes).then_some(party)
            }
            _ => None,
        };
        seen.extend(party.map(|party| Seen { at, party, by: is_after_by(page, clause, at) }));
    }
    seen
}

/// The party of an actor, if the clause names it as more than a speaker.
fn acts(page: &Page<'_>, named: &[Named], id: usize) -> Option<Party> {
    let actor = &page.lexicon.actors.get(id)?.actor;
    let is_named = named.iter().any(|n| n.part != Part::Speaker && n.actor.id == actor.id);
    is_named.then_some(of(actor.inter))
}

/// The party that an actor type is.
const fn of(inter: Inter) -> Party {
    match inter {
        Inter::StateForces | Inter::External => Party::State,
        Inter::RebelGroup | Inter::PoliticalMilitia | Inter::IdentityMilitia => Party::Armed,
        Inter::Rioters | Inter::Protesters => Party::Crowd,
        Inter::Civilians => Party::Unarmed,
    }
}

/// Behind a name these make it describe something else: "rebel-held", "US-backed".
const DESCRIBING: &[&str] = &[
    "held",
    "controlled",
    "backed",
    "occupied",
    "led",
    "run",
    "besieged",
    "affiliated",
    "linked",
    "aligned",
    "allied",
    "supported",
    "ruled",
    "dominated",
    "funded",
    "trained",
    "source",
    "sources",
    "official",
    "officials",
    "spokesman",
    "spokesperson",
    "spokeswoman",
    "chief",
];

/// "Police said", "according to the army".
fn speaks(page: &Page<'_>, hit: &Hit) -> bool {
    let from = hit.tokens.start.saturating_sub(BESIDE);
    let (before, after) = (from..hit.tokens.start, hit.tokens.end..hit.tokens.end + 1);
    let says = |h: &Hit| h.sense == Sense::Speech(SpeechWord::Says);
    page.hits(&before).any(says) || page.hits(&after).any(says)
}

/// An article may stand between "according to" and the name.
const BESIDE: usize = 2;

fn is_after_by(page: &Page<'_>, clause: &Range<usize>, at: usize) -> bool {
    let from = at.saturating_sub(BEHIND_BY).max(clause.start);
    (from..at).any(|t| page.word(t) == "by")
}

/// "by the heavily armed militants": so many words between, at most.
const BEHIND_BY: usize = 4;
