//! Which of the places that a clause names is where its event is.

use super::toponym::{PlacePart, Placed};
use crate::model::place::PlaceKind;
use crate::model::report::{Mention, Relation};
use crate::model::taxonomy::{EventType, SubEventType};

/// Of the places of a clause those where it happens; where something goes only if it happens nowhere else.
pub(super) fn chosen(places: &[Placed], sub_event: SubEventType) -> Vec<Mention> {
    let of = |part| of_part(places, part);
    let there = of(PlacePart::There);
    // Villagers demonstrate where they live; people are taken, flee and withdraw from where it happens.
    let is_crowd = matches!(sub_event.event_type(), EventType::Protests | EventType::Riots);
    let leaves = is_crowd
        || matches!(
            sub_event,
            SubEventType::Abduction
                | SubEventType::Arrests
                | SubEventType::Looting
                | SubEventType::Other
                | SubEventType::NonViolentTransfer
                | SubEventType::Agreement
        );
    let from = of(PlacePart::From);
    if leaves && there.is_empty() && !from.is_empty() {
        return from;
    }
    if leaves && sub_event == SubEventType::Other {
        let there = if from.is_empty() { there } else { from };
        return there;
    }
    let moves = sub_event == SubEventType::ChangeToGroup;
    let is_open = there.is_empty() || there.iter().all(is_loose);
    // Who is taken is taken somewhere else than where.
    let takes = matches!(sub_event, SubEventType::Arrests | SubEventType::Abduction);
    if is_open && !takes && (moves || there.is_empty()) {
        let goals = [of(PlacePart::Towards), of(PlacePart::Object)].concat();
        if !goals.is_empty() {
            return goals;
        }
    }
    if moves && there.is_empty() {
        // `دخل رتل من معبر X`: who comes through a gate is at it.
        let is_gate = |m: &Mention| m.kind == Some(PlaceKind::Crossing);
        return from.into_iter().filter(is_gate).collect();
    }
    if moves { there } else { [there, of(PlacePart::Object)].concat() }
}

/// Those that have this part in the event.
pub(super) fn of_part(places: &[Placed], part: PlacePart) -> Vec<Mention> {
    places.iter().filter(|p| p.part == part).map(|p| p.mention.clone()).collect()
}

fn is_loose(mention: &Mention) -> bool {
    mention.relation != Relation::At
}
