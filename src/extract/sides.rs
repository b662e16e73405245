//! The sides as ACLED codes them: the crowd of a protest, the civilians harmed, the unknown
//! hand behind a bomb are coded although the text need not name them.

use super::Page;
use super::kind;
use super::toll::Tally;
use crate::model::actor::{Actor, ActorId, Inter, Parties};
use crate::model::taxonomy::{EventType, SubEventType};

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
