//! The two sides of an event, by the parts of those who are named, and as ACLED codes them: the crowd of a
//! protest, the civilians harmed, the unknown hand behind a bomb are coded although the text need not name them.

use super::Page;
use super::actor::{Named, Part};
use super::certainty::{Found, points_back};
use super::hit::{Hit, Sense};
use super::kind;
use super::lexicon::Role;
use super::owner::{right_before, tells_of_own};
use super::toll::Tally;
use crate::model::actor::{Actor, ActorId, Inter, Parties};
use crate::model::taxonomy::{EventType, SubEventType};

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
    let passive = is_passive(page, by) || goes_off(page, sub_event, by);
    let of = |part: Part| named.iter().filter(move |n| n.part == part);
    let armed = |n: &&Named| n.actor.inter.is_armed() || wants_crowd(sub_event, n.actor.inter);
    // Two who agree or fight are the two sides; two who do something to others are one.
    let is_fight = sub_event == SubEventType::ArmedClash && by.trigger.role == Role::Act;
    let facing = sub_event == SubEventType::Agreement || is_fight;
    let mut agents: Vec<&Named> = of(Part::Agent).chain(of(Part::Side)).filter(armed).collect();
    let took = sub_event.event_type() == EventType::Battles;
    let ground = of(Part::Ground).filter(|n| took && n.actor.inter.is_armed());
    let befalls = sub_event.is_violent() && sub_event != SubEventType::Abduction && !is_fight;
    let struck = befalls || sub_event == SubEventType::DisruptedWeaponsUse;
    let (owners, open): (Vec<&Named>, Vec<&Named>) = named
        .iter()
        .filter(|n| matches!(n.part, Part::Open | Part::Owner))
        .partition(|n| n.part == Part::Owner && struck);
    let mut targets: Vec<&Named> = of(Part::Target).chain(owners).collect();
    for open in open {
        let is_first = targets.iter().all(|n| !n.actor.inter.is_armed());
        let suffers = (passive && is_first) || is_object(page, open, sub_event, by);
        // "X clashed with Y": who is named first did it with the other.
        let leads = agents.iter().all(|n| n.part == Part::Side && n.at > open.at);
        if armed(&open) && !suffers && leads {
            agents.insert(0, open);
        } else {
            targets.push(open);
        }
    }
    agents.extend(of(Part::Joined).filter(|_| facing));
    if agents.is_empty() {
        agents
            .extend(of(Part::Speaker).filter(armed).find(|n| !only_tells(page, n, sub_event, by)));
    }
    if agents.len() == 1 {
        targets.extend(ground);
    }
    if facing && agents.is_empty() {
        agents.extend(other_fighter(&mut targets));
    }
    if sub_event.is_violent() && targets.is_empty() {
        targets.extend(speakers_own(page, named, &agents, by));
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
    let with = of(Part::With).chain(of(Part::Joined).filter(|_| !facing));
    parties.assoc_actor_1 = with.chain(others).map(|n| n.actor.clone()).collect();
    parties.assoc_actor_2 = targets.into_iter().map(|n| n.actor.clone()).collect();
    parties
}

/// Whether who speaks of violence only tells it: behind it ("Militants attacked government forces, the Russian military
/// said"), of what befell his own, or of somebody else's ("X said |the strikes| hit …").
fn only_tells(page: &Page<'_>, speaker: &Named, sub_event: SubEventType, by: Found<'_>) -> bool {
    let is_behind = page.word(speaker.at).is_ascii() && speaker.at >= by.hit.tokens.end;
    let is_told = |hit: &Hit| {
        matches!(hit.sense, Sense::Trigger { verb: false, .. }) && points_back(page, hit)
    };
    let start = by.hit.tokens.start;
    let tells_of = page.word(start).is_ascii()
        && (is_told(by.hit) || right_before(page, start, is_told).is_some());
    let is_own = || tells_of_own(page, speaker.at, &by.hit.tokens);
    sub_event.is_violent() && (is_behind || tells_of || is_own())
}

/// Who tells that somebody else struck a thing of his own.
fn speakers_own<'n>(
    page: &Page<'_>,
    named: &'n [Named],
    agents: &[&Named],
    by: Found<'_>,
) -> Option<&'n Named> {
    let acts = |n: &&Named| agents.iter().any(|a| a.actor.id == n.actor.id);
    let mut speakers = named.iter().filter(|n| n.part == Part::Speaker && n.actor.inter.is_armed());
    speakers.find(|n| !acts(n) && tells_of_own(page, n.at, &by.hit.tokens))
}

/// `قتل قائد في X خلال المعارك ضد Y`: of a fight the second one named is the other side.
fn other_fighter<'n>(targets: &mut Vec<&'n Named>) -> Option<&'n Named> {
    let fighters = (0..).zip(targets.iter()).filter(|(_, n)| n.actor.inter.is_armed());
    let (second, _) = fighters.into_iter().nth(1)?;
    Some(targets.remove(second))
}

/// "Security forces arrested an ISIS cell", `اغتيال قيادي في X`: behind an English verb, and behind a noun that
/// takes the victim, stands whom it befell.
fn is_object(page: &Page<'_>, named: &Named, sub_event: SubEventType, by: Found<'_>) -> bool {
    let befalls = sub_event.is_violent() || sub_event == SubEventType::Arrests;
    let word = page.word(by.hit.tokens.start);
    // `إلقاء القبض على خلية لـX`
    let is_taken = sub_event == SubEventType::Arrests && !by.verb && !word.is_ascii();
    let is_murder = word.ends_with("اغتيال") || word.ends_with("اغتيل") || word.ends_with("اغتيلت");
    let is_such = (by.verb && word.is_ascii()) || is_murder || is_taken;
    befalls && is_such && named.at >= by.hit.tokens.end
}

/// Crowds are a side of their own events only.
fn wants_crowd(sub_event: SubEventType, inter: Inter) -> bool {
    let is_theirs = matches!(sub_event.event_type(), EventType::Protests | EventType::Riots);
    is_theirs && matches!(inter, Inter::Protesters | Inter::Rioters)
}

/// A bomb that goes off names no author ("a car bomb outside a police station", `مقتل ضابط من X |بعبوة|`): who is
/// named beside it was hit.
fn goes_off(page: &Page<'_>, sub_event: SubEventType, by: Found<'_>) -> bool {
    let word = page.word(by.hit.tokens.start);
    let is_bomb = !by.verb && (word.is_ascii() || by.hit.prefix == "ب");
    sub_event == SubEventType::RemoteExplosive
        && (is_bomb || ["نفجر", "نفجار", "explo", "went"].iter().any(|stem| word.contains(stem)))
}

fn is_passive(page: &Page<'_>, by: Found<'_>) -> bool {
    let at = by.hit.tokens.start;
    let undergoes = (at.saturating_sub(4)..at).any(|t| UNDERGOES.contains(&page.word(t)));
    // `نجا قيادي في X من محاولة اغتيال`
    let survives = (at.saturating_sub(8)..=at).any(|t| SURVIVES.contains(&page.word(t)));
    undergoes || survives
}

const UNDERGOES: &[&str] =
    &["تعرض", "تعرضت", "تعرضوا", "لتعرض", "لتعرضه", "was", "were", "been", "being"];
const SURVIVES: &[&str] = &["نجا", "نجت", "نجوا", "survived"];

/// Completes the sides of an event.
pub(super) fn complete(
    page: &Page<'_>,
    tally: &Tally,
    sub_event: SubEventType,
    parties: &mut Parties,
) {
    match sub_event.event_type() {
        EventType::Protests => crowd(known(page, "PROT"), sub_event, parties),
        EventType::Riots => riot(known(page, "RIOT"), parties),
        _ if kind::can_target_civilians(sub_event) => attack(page, tally, sub_event, parties),
        _ if sub_event == SubEventType::ArmedClash => clash(parties),
        _ => {}
    }
}

/// Whether ACLED marks the event as aimed at people without arms.
pub(super) fn targets_civilians(sub_event: SubEventType, parties: &Parties) -> bool {
    sub_event == SubEventType::ExcessiveForce
        || (kind::can_target_civilians(sub_event)
            && parties.actor2.as_ref().is_some_and(is_civilian))
}

fn known(page: &Page<'_>, id: &str) -> Option<Actor> {
    page.lexicon.actors.iter().find(|known| known.actor.id.0 == id).map(|known| known.actor.clone())
}

fn is_civilian(actor: &Actor) -> bool {
    actor.inter == Inter::Civilians
}

/// The crowd is the first side; those who came against it, if they did, are the second.
fn crowd(crowd: Option<Actor>, sub_event: SubEventType, parties: &mut Parties) {
    let forces = [parties.actor1.take(), parties.actor2.take()]
        .into_iter()
        .flatten()
        .find(|a| a.inter.is_armed());
    parties.actor1 = crowd;
    parties.actor2 = forces.filter(|_| sub_event != SubEventType::PeacefulProtest);
}

/// Rioters are the first side; whomever they set upon is the second.
fn riot(crowd: Option<Actor>, parties: &mut Parties) {
    let others = [parties.actor1.take(), parties.actor2.take()];
    let other = others
        .into_iter()
        .flatten()
        .find(|a| !matches!(a.inter, Inter::Rioters | Inter::Protesters));
    parties.actor1 = crowd;
    parties.actor2 = other;
}

fn attack(page: &Page<'_>, tally: &Tally, sub_event: SubEventType, parties: &mut Parties) {
    // Civilians do not bomb: named first, they are the ones who suffer.
    if parties.actor2.is_none() && parties.actor1.as_ref().is_some_and(is_civilian) {
        parties.actor2 = parties.actor1.take();
    }
    let is_violence = sub_event.event_type() == EventType::ViolenceAgainstCivilians;
    let named = parties.all().any(is_civilian);
    // `أصيب شرطي برصاص مجهولين`: whose he is nobody says, but he is armed.
    let harms = tally.harms_civilians || (is_violence && !tally.harms_fighters_alone());
    if parties.actor2.is_none() && !named && harms {
        parties.actor2 = known(page, "CIV");
    }
    let by_unknown_hand = matches!(
        sub_event,
        SubEventType::RemoteExplosive
            | SubEventType::Attack
            | SubEventType::Abduction
            | SubEventType::Grenade
            | SubEventType::SuicideBomb
    );
    if parties.actor1.is_none() && by_unknown_hand {
        parties.actor1 = known(page, ActorId::UNIDENTIFIED);
    }
}

/// People without arms are not a side of a clash; they are counted in its toll.
fn clash(parties: &mut Parties) {
    parties.actor2.take_if(|actor| is_civilian(actor));
    parties.assoc_actor_2.retain(|actor| !is_civilian(actor));
}
