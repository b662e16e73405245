//! Which of the places that a clause names is where its event is.

use std::ops::Range;

use super::Page;
use super::hit::{Hit, PlaceWord, Sense};
use super::lexicon::Effect;
use super::owner::right_before;
use super::shadow::Shadow;
use super::toponym::{PlacePart, Placed};
use crate::model::place::PlaceKind;
use crate::model::report::{Mention, Relation};
use crate::model::taxonomy::{EventType, SubEventType};

/// Where a clause that names no place of its own may play.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// At the places that the article names around it.
    Article,
    /// Anywhere in a part of the country.
    Country,
    /// In another country or in other places, and so not at those of the article.
    Elsewhere,
}

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
        // `دخل رتل من معبر X`, "via the X crossing": who comes through a gate is at it.
        let is_gate = |m: &Mention| m.kind == Some(PlaceKind::Crossing);
        let passed = of(PlacePart::Passed);
        return from.into_iter().chain(passed).filter(is_gate).collect();
    }
    if moves { there } else { [there, of(PlacePart::Object)].concat() }
}

/// Those that have this part in the event.
pub(super) fn of_part(places: &[Placed], part: PlacePart) -> Vec<Mention> {
    places.iter().filter(|p| p.part == part).map(|p| p.mention.clone()).collect()
}

/// `اعتقلت ثلاثة شبان |بعد مداهمة منازل في بلدة X|`, `أعدم رعاة |بعد خطفهم من X|`: where people were sought or taken
/// right before is where it goes on, if no other place is told.
pub(super) fn of_ground(
    page: &Page<'_>,
    places: &[Placed],
    shadows: &[Shadow],
    sub_event: SubEventType,
) -> Vec<Mention> {
    let takes = |s: SubEventType| matches!(s, SubEventType::Arrests | SubEventType::Abduction);
    if !takes(sub_event) && sub_event != SubEventType::Attack {
        return Vec::new();
    }
    let is_taking = |hit: &Hit| match hit.sense {
        Sense::Trigger { id, .. } => {
            page.lexicon.triggers.get(id).is_some_and(|trigger| takes(trigger.sub_event))
        }
        _ => false,
    };
    let is_ground = |place: &Placed| {
        shadows.iter().any(|shadow| {
            shadow.effect == Effect::Background
                && shadow.tokens.contains(&place.tokens.start)
                && page.hits(&(shadow.cue.end..place.tokens.start)).any(is_taking)
        })
    };
    let hidden = places.iter().filter(|place| place.part == PlacePart::Hidden && is_ground(place));
    hidden.map(|place| place.mention.clone()).collect()
}

fn is_loose(mention: &Mention) -> bool {
    mention.relation != Relation::At
}

/// `شمالي سوريا`, `شمالي العراق وسوريا`, `وسط سوريا`: where a clause puts its event may be anywhere there.
pub(super) fn names_part_of_country(page: &Page<'_>, clause: &Range<usize>) -> bool {
    let around = &page.lexicon.around;
    clause.clone().any(|at| {
        let word = page.word(at);
        let bare = word.strip_prefix('و').filter(|bare| around.home.contains(*bare));
        let is_home = around.home.contains(word) || bare.is_some();
        // `العراق |وسوريا|`
        let first =
            at.checked_sub(1).filter(|&t| bare.is_some() && around.abroad.contains(page.word(t)));
        is_home && right_before(page, first.unwrap_or(at), is_side).is_some()
    })
}

/// Whether a clause puts its event in another country (`ألقي القبض عليه في كينيا`, `في مدينة القائم العراقية`).
pub(super) fn is_abroad(page: &Page<'_>, clause: &Range<usize>, places: &[Placed]) -> bool {
    let around = &page.lexicon.around;
    let is_country = |hit: &Hit| {
        let first = hit.tokens.start;
        let before = page.before(first, 1);
        let bare = page.word(first).strip_prefix(hit.prefix).unwrap_or_default();
        // `نُقلوا إلى |مشفى| في تركيا`
        let is_hospital = |t: usize| around.hospitals.contains(page.word(t));
        hit.sense == Sense::Mask
            && !(first.saturating_sub(HOSPITAL)..first).any(is_hospital)
            && around.abroad.contains(bare)
            && !around.home.contains(joined(page, hit.tokens.end))
            && (hit.prefix.ends_with('ب')
                || matches!(before, "في" | "داخل" | "in" | "inside")
                || right_before(page, first, is_side).is_some())
    };
    places.iter().any(|place| place.part == PlacePart::Abroad) || page.hits(clause).any(is_country)
}

/// The name of a hospital in another country has at most so many words.
const HOSPITAL: usize = 4;

/// `شمالي`, `وسط`, "northern": a part of what stands behind it.
fn is_side(hit: &Hit) -> bool {
    matches!(hit.sense, Sense::Place(PlaceWord::Direction | PlaceWord::Side | PlaceWord::Inside))
}

/// What a word joined by "and" is joined to: `العراق |وسوريا|`, "Iraq and |Syria|".
fn joined<'p>(page: &'p Page<'_>, token: usize) -> &'p str {
    match page.word(token) {
        "and" => page.word(token + 1),
        word => word.strip_prefix('و').unwrap_or_default(),
    }
}
