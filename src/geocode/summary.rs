//! Regions that only sum up what an article tells of their towns.

use std::collections::HashMap;

use super::evidence::km;
use crate::model::actor::ActorId;
use crate::model::event::Event;
use crate::model::place::{GeoPrecision, PlaceId};
use crate::model::taxonomy::{EventType, SubEventType};
use crate::model::toll::Toll;
use crate::model::when::When;

/// So many events of a governorate are looked at for one of the region: an article that tells of
/// more is a list of a year.
const MOST: usize = 50;

/// How much of the map the words for an event's place cover.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Breadth {
    /// A place, or what lies near it.
    Place,
    /// A capital that bears the name of its governorate: `في درعا`, `شمال حلب` may be either.
    Capital,
    /// A region.
    Region,
}

/// An event with the breadth of its place.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) event: Event,
    pub(super) breadth: Breadth,
}

/// Leaves out the events of a region that the article tells of in detail: `قصف على أرياف إدلب` in
/// the lead is the shelling of the villages below, and no dot of its own in their middle.
///
/// What only the region counts goes to its village, if there is one alone. The order stays.
pub(super) fn fold(told: Vec<Told>) -> Vec<Event> {
    let mut exact: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, Told { event, breadth }) in told.iter().enumerate() {
        if let (Breadth::Place, Some(code), Some(_)) =
            (breadth, &event.location.admin1_pcode, event.point)
        {
            exact.entry(code.clone()).or_default().push(at);
        }
    }
    let mut kept: Vec<Option<Told>> = told.into_iter().map(Some).collect();
    for at in 0..kept.len() {
        let is_wide = |told: &mut Told| told.breadth > Breadth::Place;
        let Some(wide) = kept.get_mut(at).and_then(|slot| slot.take_if(is_wide)) else { continue };
        let code = wide.event.location.admin1_pcode.as_ref();
        let near = code.and_then(|code| exact.get(code)).map_or(&[][..], Vec::as_slice);
        let rest = left(wide, near, &mut kept);
        if let Some(slot) = kept.get_mut(at) {
            *slot = rest;
        }
    }
    let kept = kept.into_iter().flatten().map(|told| told.event);
    place_exactly(tell_once(kept.collect()))
}

/// Leaves out what is told near a town (`مخيم قرب مدينة عفرين`, `ريف عين عيسى`) and again at the place itself: it
/// harmed as many, on the same day.
fn place_exactly(mut events: Vec<Event>) -> Vec<Event> {
    let exact = |near: &Event| events.iter().take(MOST).position(|exact| is_same_at(near, exact));
    let exact: Vec<Option<usize>> = events.iter().map(exact).collect();
    for (near, at) in exact.iter().enumerate().filter_map(|(near, at)| Some((near, (*at)?))) {
        let when = events.get(near).map(|near| near.when.clone());
        let undated = events.get_mut(at).filter(|exact| exact.when.days().is_none());
        if let Some((exact, when)) = undated.zip(when) {
            exact.when = when;
        }
    }
    let mut exact = exact.into_iter().map(|at| at.is_none());
    events.retain(|_| exact.next().unwrap_or(true));
    events
}

/// Whether what is told near a place is what is told at another close to it.
fn is_same_at(near: &Event, exact: &Event) -> bool {
    let (a, b) = (near.what.sub_event_type, exact.what.sub_event_type);
    let counts = |toll: &Toll| (toll.fatalities, toll.injured);
    let is_hurt = near.toll.fatalities.or(near.toll.injured).is_some_and(|n| n > 0);
    let far = || near.point.zip(exact.point).map_or(f64::MAX, |(a, b)| km(a, b));
    near.location.geo_precision == Some(GeoPrecision::Near)
        && exact.location.geo_precision == Some(GeoPrecision::Place)
        && a == b
        && is_hurt
        // Of a list each member has the toll of all.
        && near.evidence != exact.evidence
        && counts(&near.toll) == counts(&exact.toll)
        && near.location.place_id != exact.location.place_id
        && far() <= NEAR_KM
        && same_days(near, exact)
        && same_side(near, exact)
}

/// What is near a town, or in its countryside, is hardly farther.
const NEAR_KM: f64 = 25.0;

/// Leaves out what is told again of one place in looser words, or without a count of its own.
fn tell_once(events: Vec<Event>) -> Vec<Event> {
    let mut at: HashMap<PlaceId, Vec<usize>> = HashMap::new();
    let mut kept: Vec<Event> = Vec::with_capacity(events.len());
    for event in events {
        let Some(place) = event.location.place_id.clone() else {
            kept.push(event);
            continue;
        };
        let known = at.entry(place).or_default();
        let mut told = known.iter().rev().take(MOST).copied();
        let same = told.find(|&index| kept.get(index).is_some_and(|old| tells_again(old, &event)));
        if let Some(first) = same.and_then(|index| kept.get_mut(index)) {
            complete(first, event);
        } else {
            known.push(kept.len());
            kept.push(event);
        }
    }
    kept
}

/// Whether one event of a place is told a second time.
fn tells_again(first: &Event, again: &Event) -> bool {
    let (a, b) = (first.what.sub_event_type, again.what.sub_event_type);
    let fire = |s: SubEventType| s.event_type() == EventType::Explosions;
    let toll = &again.toll;
    let best = |toll: &Toll| (toll.fatalities, toll.injured);
    let is_same =
        first.toll == *toll || (best(&first.toll) == best(toll) && best(toll) != (None, None));
    let counts_the_same = is_same && !toll.is_unknown();
    // Who is shot by unknown gunmen is not who is hit by their bomb.
    let unknown = |event: &Event| event.who.actor_ids.iter().any(ActorId::is_unidentified);
    let violent =
        |s: SubEventType| matches!(s, SubEventType::Attack | SubEventType::ArmedClash) || fire(s);
    let loosely = (a == SubEventType::Attack && fire(b)) || (b == SubEventType::Attack && fire(a));
    // As many killed in one place on one day, under another word for how.
    let is_hurt = toll.fatalities.or(toll.injured).is_some_and(|n| n > 0);
    let one_loss = violent(a) && violent(b) && counts_the_same && is_hurt;
    let one_kind =
        a == b || (loosely && (counts_the_same || !(unknown(first) || unknown(again)))) || one_loss;
    // A force that is counted is another than one that was told without a count.
    let is_force = toll.personnel.or(toll.vehicles).or(toll.trucks).is_some();
    let one_toll = toll.is_unknown() || (first.toll.is_unknown() && !is_force) || counts_the_same;
    one_kind && one_toll && same_days(first, again) && same_side(first, again)
}

/// What the first telling lacks, the second gives: the weapon, the day, the counts.
fn complete(first: &mut Event, again: Event) {
    let is_loose = |s: SubEventType| matches!(s, SubEventType::Attack | SubEventType::ArmedClash);
    let (told, now) = (first.what.sub_event_type, again.what.sub_event_type);
    // Bombing is told as shelling until somebody names the aircraft.
    let names_aircraft = told == SubEventType::Shelling && now == SubEventType::AirDroneStrike;
    // Whoever is attacked without arms was in no clash, whatever else it is called.
    let is_attack = first.what.civilian_targeting && now == SubEventType::ArmedClash;
    let is_weaker = told == SubEventType::Attack && !is_attack;
    if is_weaker || (is_loose(told) && !is_loose(now)) || names_aircraft {
        first.what = again.what;
    }
    if first.toll.is_unknown() {
        first.toll = again.toll;
    }
    if first.when.days().is_none() {
        first.when = again.when;
    }
    if first.location.geo_precision > again.location.geo_precision {
        (first.point, first.location) = (again.point, again.location);
    }
}

/// What is left of the event of a region beside those at its towns: nothing, if they tell it.
fn left(wide: Told, near: &[usize], others: &mut [Option<Told>]) -> Option<Told> {
    let is_told = |at: &usize| {
        let exact = others.get(*at).and_then(Option::as_ref);
        exact.is_some_and(|exact| sums_up(&wide.event, &exact.event))
    };
    let same: Vec<usize> = near.iter().take(MOST).copied().filter(is_told).collect();
    if same.is_empty() {
        return Some(wide);
    }
    let toll = &wide.event.toll;
    let mut counts =
        same.iter().filter_map(|&at| others.get(at)).flatten().map(|exact| &exact.event.toll);
    let is_counted = toll.is_unknown() || counts.clone().any(|exact| exact == toll);
    let is_sum = counts.any(|exact| !exact.is_unknown());
    let only = match same.as_slice() {
        [only] => others.get_mut(*only).and_then(Option::as_mut),
        _ => None,
    };
    match only.filter(|_| !is_counted) {
        Some(exact) if exact.event.toll.is_unknown() => exact.event.toll = wide.event.toll.clone(),
        // What happens in a capital may be counted for itself. A region has no happening of its own:
        // it counts the sum of its towns, unless none of them counts anything.
        _ if !is_counted && (wide.breadth == Breadth::Capital || !is_sum) => return Some(wide),
        _ => {}
    }
    if wide.event.when.days().is_some() {
        give_day(&wide.event.when, &same, others);
    }
    None
}

/// The day that the region was told with is that of its towns.
fn give_day(when: &When, towns: &[usize], told: &mut [Option<Told>]) {
    for &at in towns {
        let exact = told.get_mut(at).and_then(Option::as_mut);
        if let Some(exact) = exact.filter(|exact| exact.event.when.days().is_none()) {
            exact.event.when = when.clone();
        }
    }
}

/// Whether the event of a region may be the one that is told with its town.
fn sums_up(wide: &Event, exact: &Event) -> bool {
    let (a, b) = (wide.what.sub_event_type, exact.what.sub_event_type);
    let falls =
        |s: SubEventType| matches!(s, SubEventType::AirDroneStrike | SubEventType::Shelling);
    // Outlets call shells strikes and strikes shelling, but neither a mine.
    let one_kind = a == b || (falls(a) && falls(b));
    same_days(wide, exact) && ((one_kind && same_side(wide, exact)) || is_general(a, b))
}

fn same_days(a: &Event, b: &Event) -> bool {
    match (a.when.days(), b.when.days()) {
        (Some(a), Some(b)) => a.0 <= b.1 && b.0 <= a.1,
        _ => true,
    }
}

fn same_side(a: &Event, b: &Event) -> bool {
    match (&a.who.actor1, &b.who.actor1) {
        (Some(a), Some(b)) => a == b,
        _ => true,
    }
}

/// Whether the first may be a loose word for the second: an attack, a massacre, a bombardment.
fn is_general(wide: SubEventType, exact: SubEventType) -> bool {
    let fire = |s: SubEventType| s.event_type() == EventType::Explosions;
    let loose = |s: SubEventType| matches!(s, SubEventType::Attack | SubEventType::ArmedClash);
    loose(wide) && (fire(exact) || loose(exact))
}
