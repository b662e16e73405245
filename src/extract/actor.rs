//! Who: the two sides of an event, from the words around their names.

use std::ops::Range;

use super::Page;
use super::certainty::{Found, Shadow};
use super::hit::{ActorName, Hit, Sense};
use super::lexicon::{Effect, Role};
use crate::model::actor::{Actor, Inter, Parties};
use crate::model::taxonomy::{EventType, SubEventType};

/// An actor named in a clause.
#[derive(Debug, Clone)]
pub(super) struct Named {
    pub(super) actor: Actor,
    pub(super) part: Part,
}

/// The part that the words around a name give it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// It acts: `من قبل X`, `برصاص X`.
    Agent,
    /// It suffers: `على X`, `مقتل عنصر من X`.
    Target,
    /// It is with one of the sides: `لمساندة X`.
    With,
    /// One of two: `بين X وY`.
    Side,
    /// It only says so.
    Speaker,
    /// The words do not tell; the order does.
    Open,
}

/// The actors of a clause, each once, in the order of the text.
pub(super) fn actors(
    page: &Page<'_>,
    clause: &Range<usize>,
    shadows: &[Shadow],
    speaker: Option<&Range<usize>>,
) -> Vec<Named> {
    let mut named: Vec<Named> = Vec::new();
    for hit in page.hits(clause) {
        let Some(actor) = actor_of(page, clause, hit) else { continue };
        let part = part(page, clause, hit, shadows, speaker);
        let Some(part) = part else { continue };
        match named.iter_mut().find(|n| n.actor.id == actor.id) {
            // A later, clearer word for the same actor; that it also speaks takes nothing away.
            Some(known) if known.part == Part::Speaker => known.part = part,
            Some(known) if known.part == Part::Open && part != Part::Speaker => known.part = part,
            Some(_) => {}
            None => named.push(Named { actor: actor.clone(), part }),
        }
    }
    named
}

/// The actor that a name means on the day of publication.
fn actor_of<'p>(page: &'p Page<'_>, clause: &Range<usize>, hit: &Hit) -> Option<&'p Actor> {
    let Sense::Actor { id, name } = hit.sense else { return None };
    let known = page.lexicon.actors.get(id)?;
    let covered = page.hits(clause).any(|h| {
        h.tokens.start <= hit.tokens.start
            && hit.tokens.end <= h.tokens.end
            && (h.sense == Sense::Mask
                || (h.tokens != hit.tokens && matches!(h.sense, Sense::Actor { .. })))
    });
    let meant = match name {
        ActorName::Full => true,
        ActorName::Short => !covered,
        ActorName::Capital => is_government(page, clause, hit),
    };
    (meant && !covered && known.is_active(page.published)).then_some(&known.actor)
}

/// A capital stands for its government in `بين قسد ودمشق` and where it speaks.
pub(super) fn is_government(page: &Page<'_>, clause: &Range<usize>, hit: &Hit) -> bool {
    let between = (clause.start..hit.tokens.start)
        .any(|t| matches!(page.word(t), "بين" | "between" | "مع" | "with"));
    let joined = matches!(hit.prefix.as_str(), "و")
        || page.word(hit.tokens.start.saturating_sub(1)) == "and";
    let with = page.word(hit.tokens.start.saturating_sub(1)) == "مع";
    let near = hit.tokens.start.saturating_sub(1)..(hit.tokens.end + 1).min(clause.end);
    let speaks =
        page.hits(&near).any(|h| matches!(h.sense, Sense::Speech(super::hit::SpeechWord::Says)));
    (between && (joined || with)) || speaks
}

fn part(
    page: &Page<'_>,
    clause: &Range<usize>,
    hit: &Hit,
    shadows: &[Shadow],
    speaker: Option<&Range<usize>>,
) -> Option<Part> {
    let at = hit.tokens.start;
    let over: Vec<&Shadow> = shadows
        .iter()
        .filter(|s| s.tokens.start <= at && at < s.tokens.end && s.cue.start <= at)
        .collect();
    if over.iter().any(|s| s.effect == Effect::State && s.tokens.len() < WIDE) {
        return None;
    }
    let before = words_before(page, clause, at);
    if before.iter().rev().take(3).any(|w| SUPPORT.contains(w)) {
        return Some(Part::With);
    }
    if over.iter().any(|s| s.effect.hides_places() || s.effect == Effect::Negated) {
        return None;
    }
    if speaker.is_some_and(|s| s.contains(&at)) {
        return Some(Part::Speaker);
    }
    let tail = before.join(" ");
    let ends = |list: &[&str]| list.iter().any(|words| tail.ends_with(words));
    if ends(AGENT) || matches!(hit.prefix.as_str(), "ب") && ends(&["بنيران"]) {
        return Some(Part::Agent);
    }
    if ends(BETWEEN)
        || (hit.prefix == "و" && tail.contains("بين"))
        || tail.ends_with("with")
        || tail.ends_with("مع")
    {
        return Some(Part::Side);
    }
    if ends(TARGET) || suffers(page, clause, at) {
        return Some(Part::Target);
    }
    Some(Part::Open)
}

/// A shadow over more words than this does not describe one name.
const WIDE: usize = 10;

const SUPPORT: &[&str] = &[
    "مسانده",
    "لمسانده",
    "بمسانده",
    "دعم",
    "لدعم",
    "بدعم",
    "جانب",
    "برفقه",
    "بمشاركه",
    "بمرافقه",
    "alongside",
    "support",
    "backing",
    "accompanied",
];
const AGENT: &[&str] = &[
    "من قبل",
    "علي يد",
    "علي ايدي",
    "بنيران",
    "برصاص",
    "نفذته",
    "نفذتها",
    "شنته",
    "شنتها",
    "نفذها",
    "by",
    "by the",
    "carried out by",
    "at the hands of",
    "blamed on",
    "fire from",
];
const BETWEEN: &[&str] = &["بين", "between", "between the", "بين كل من"];
const TARGET: &[&str] = &[
    "علي",
    "ضد",
    "استهدف",
    "استهدفت",
    "استهداف",
    "مواقع",
    "مواقع ل",
    "نقاط",
    "نقطه",
    "مقر",
    "حاجز",
    "حاجزا",
    "رتل",
    "دوريه",
    "سياره",
    "عليها",
    "علي مواقع",
    "against",
    "against the",
    "on the",
    "targeting",
    "targeted",
    "of the",
    "position of",
    "positions of",
    "targeting a",
];

fn words_before<'p>(page: &'p Page<'_>, clause: &Range<usize>, at: usize) -> Vec<&'p str> {
    let from = at.saturating_sub(4).max(clause.start);
    (from..at).map(|t| page.word(t)).filter(|w| !w.is_empty()).collect()
}

/// `مقتل ثلاثة عناصر من X`: the name follows a word of harm with nothing but those counted between.
fn suffers(page: &Page<'_>, clause: &Range<usize>, at: usize) -> bool {
    let near = at.saturating_sub(5).max(clause.start)..at;
    let harm = page.hits(&near).filter(|h| role(page, h) == Some(Role::Harm)).last();
    harm.is_some_and(|h| {
        !page
            .hits(&(h.tokens.end..at))
            .any(|h| matches!(role(page, h), Some(Role::Act | Role::Assault | Role::Weapon)))
    })
}

fn role(page: &Page<'_>, hit: &Hit) -> Option<Role> {
    match hit.sense {
        Sense::Trigger { id, .. } => page.lexicon.triggers.get(id).map(|t| t.role),
        _ => None,
    }
}

/// Sets the sides of an event.
///
/// Where the words give no part, the first name acts and the second suffers,
/// but for a passive (`تعرضت`) and for English passives before "by".
pub(super) fn parties(
    page: &Page<'_>,
    named: &[Named],
    sub_event: SubEventType,
    by: Found<'_>,
) -> Parties {
    let mut parties = Parties::default();
    let passive = is_passive(page, by);
    let of = |part: Part| named.iter().filter(move |n| n.part == part);
    let armed = |n: &&Named| n.actor.inter.is_armed() || wants_crowd(sub_event, n.actor.inter);
    let mut agents: Vec<&Named> = of(Part::Agent).chain(of(Part::Side)).filter(armed).collect();
    let mut targets: Vec<&Named> = of(Part::Target).collect();
    for open in of(Part::Open) {
        if !armed(&open) || (passive && targets.is_empty()) {
            targets.push(open);
        } else if agents.is_empty() {
            agents.push(open);
        } else {
            targets.push(open);
        }
    }
    if agents.is_empty() {
        agents.extend(of(Part::Speaker).filter(armed).take(1));
    }
    // Two sides of one clash are both agents until one must be the other side.
    let mut agents = agents.into_iter();
    let first = agents.next();
    let mut others: Vec<&Named> = agents.collect();
    let armed_target = targets.iter().position(|n| n.actor.inter.is_armed());
    let second = match (armed_target, others.is_empty()) {
        (Some(at), _) => Some(targets.remove(at)),
        (None, false) => Some(others.remove(0)),
        (None, true) if targets.is_empty() => None,
        (None, true) => Some(targets.remove(0)),
    };
    parties.actor1 = first.map(|n| n.actor.clone());
    parties.actor2 = second.map(|n| n.actor.clone());
    parties.assoc_actor_1 = of(Part::With).chain(others).map(|n| n.actor.clone()).collect();
    parties.assoc_actor_2 = targets.into_iter().map(|n| n.actor.clone()).collect();
    parties
}

/// Crowds are a side of their own events only.
fn wants_crowd(sub_event: SubEventType, inter: Inter) -> bool {
    match sub_event.event_type() {
        EventType::Protests | EventType::Riots => {
            matches!(inter, Inter::Protesters | Inter::Rioters)
        }
        _ => false,
    }
}

fn is_passive(page: &Page<'_>, by: Found<'_>) -> bool {
    let from = by.hit.tokens.start.saturating_sub(4);
    (from..by.hit.tokens.start).any(|t| {
        matches!(
            page.word(t),
            "تعرض"
                | "تعرضت"
                | "تعرضوا"
                | "لتعرض"
                | "لتعرضه"
                | "was"
                | "were"
                | "been"
                | "being"
        )
    })
}
