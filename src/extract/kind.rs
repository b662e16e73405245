//! Which of ACLED's types a clause tells: the happening, its weapon, its target.

use super::certainty::Found;
use super::lexicon::Role;
use crate::model::actor::{Actor, Inter};
use crate::model::taxonomy::{EventType, SubEventType, SubEventType as S};

/// What decides the type beside the triggers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sides<'a> {
    /// Actors that the clause names, in order.
    pub(super) actors: &'a [Actor],
    /// Whether soldiers or vehicles are counted.
    pub(super) force: bool,
}

/// The type a clause tells, and the trigger that tells it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Coded<'a> {
    pub(super) sub_event: SubEventType,
    pub(super) by: Found<'a>,
}

/// Decides the type, or says why there is none.
///
/// Of several happenings the earlier in ACLED's order absorbs the later; a weapon
/// decides an assault; killing alone is an attack only if somebody with arms did it.
pub(super) fn code<'a>(
    triggers: &[Found<'a>],
    sides: Sides<'_>,
) -> Result<Coded<'a>, &'static str> {
    if let Some(by) = strongest(triggers, Role::Act) {
        return Ok(Coded { sub_event: refine(by.trigger.sub_event, triggers, sides), by });
    }
    let weapon = strongest(triggers, Role::Weapon);
    if let Some(by) = first(triggers, Role::Assault) {
        let sub_event = match weapon {
            Some(weapon) => weapon.trigger.sub_event,
            None if is_assault_on_civilians(sides) => SubEventType::Attack,
            None if sides.actors.is_empty() => {
                return Err("an assault without a weapon, an actor or a target");
            }
            None => SubEventType::ArmedClash,
        };
        return Ok(Coded { sub_event, by });
    }
    if let Some(by) = first(triggers, Role::Harm) {
        return match weapon {
            Some(weapon) => Ok(Coded { sub_event: weapon.trigger.sub_event, by: weapon }),
            None if sides.actors.iter().any(|a| a.inter.is_armed()) && has_civilians(sides) => {
                Ok(Coded { sub_event: SubEventType::Attack, by })
            }
            None => Err("killing or injury without a cause"),
        };
    }
    match first(triggers, Role::Move) {
        Some(by) if sides.force || sides.actors.iter().any(is_force) => {
            Ok(Coded { sub_event: SubEventType::ChangeToGroup, by })
        }
        Some(_) => Err("a movement without a force that moves"),
        None => Err("a weapon alone"),
    }
}

fn first<'a>(triggers: &[Found<'a>], role: Role) -> Option<Found<'a>> {
    triggers.iter().find(|f| f.trigger.role == role).copied()
}

/// The trigger of a role that stands first in ACLED's order; of equals, the first in the text.
fn strongest<'a>(triggers: &[Found<'a>], role: Role) -> Option<Found<'a>> {
    let disrupted =
        triggers.iter().find(|f| f.trigger.sub_event == SubEventType::DisruptedWeaponsUse);
    // A weapon that was defused or shot down is not used.
    if let (Role::Act, Some(found)) = (role, disrupted) {
        return Some(*found);
    }
    triggers.iter().filter(|f| f.trigger.role == role).min_by_key(|f| f.trigger.sub_event).copied()
}

/// The generic word yields to the weapon named beside it: `قصف` by warplanes, an `انفجار` of a belt.
fn refine(sub_event: SubEventType, triggers: &[Found<'_>], sides: Sides<'_>) -> SubEventType {
    let names = |wanted: SubEventType| {
        triggers.iter().any(|f| f.trigger.role == Role::Weapon && f.trigger.sub_event == wanted)
    };
    match sub_event {
        S::Shelling if names(S::ChemicalWeapon) => S::ChemicalWeapon,
        S::RemoteExplosive if names(S::SuicideBomb) => S::SuicideBomb,
        S::Shelling | S::RemoteExplosive if names(S::AirDroneStrike) => S::AirDroneStrike,
        S::RemoteExplosive if names(S::Grenade) && !names(S::RemoteExplosive) => S::Grenade,
        S::NonStateActorOvertakesTerritory
            if sides.actors.first().is_some_and(|a| a.inter == Inter::StateForces) =>
        {
            S::GovernmentRegainsTerritory
        }
        S::GovernmentRegainsTerritory
            if sides.actors.first().is_some_and(|a| a.inter != Inter::StateForces) =>
        {
            S::NonStateActorOvertakesTerritory
        }
        S::NonStateActorOvertakesTerritory | S::GovernmentRegainsTerritory
            if triggers.iter().any(|f| f.trigger.sub_event == S::NonViolentTransfer) =>
        {
            S::NonViolentTransfer
        }
        // Those who take people without being the authority abduct them.
        S::Arrests if sides.actors.iter().find(|a| a.inter.is_armed()).is_some_and(is_faction) => {
            S::Abduction
        }
        other => other,
    }
}

fn is_faction(actor: &Actor) -> bool {
    matches!(actor.id.0.as_str(), "SNA" | "UNID" | "ISIS" | "TRIBES" | "NDF" | "PRO_IRAN")
}

fn is_assault_on_civilians(sides: Sides<'_>) -> bool {
    has_civilians(sides) && sides.actors.iter().filter(|a| a.inter.is_armed()).count() < 2
}

fn has_civilians(sides: Sides<'_>) -> bool {
    sides.actors.iter().any(|a| a.inter == Inter::Civilians)
}

/// Whether an actor's coming and going is an event.
fn is_force(actor: &Actor) -> bool {
    actor.inter.is_armed()
}

/// Whether ACLED codes people without arms as the other side of this type.
pub(super) const fn can_target_civilians(sub_event: SubEventType) -> bool {
    matches!(sub_event.event_type(), EventType::ViolenceAgainstCivilians | EventType::Explosions)
        || matches!(sub_event, SubEventType::ExcessiveForce | SubEventType::MobViolence)
}
