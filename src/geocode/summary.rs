//! Regions that only sum up what an article tells of their towns.

use std::collections::HashMap;

use crate::model::event::Event;
use crate::model::place::GeoPrecision;
use crate::model::taxonomy::SubEventType;

/// So many events of a type and governorate are looked at for one of the region: an article that
/// tells of more is a list of a year.
const MOST: usize = 50;

/// Leaves out the events of a region that the article tells of in detail: `قصف على أرياف إدلب` in
/// the lead is the shelling of the villages below, and no dot of its own in their middle.
///
/// What only the region counts goes to its village, if there is one alone. The order stays.
pub(super) fn fold(events: Vec<Event>) -> Vec<Event> {
    let mut kept: Vec<Option<Event>> = events.into_iter().map(Some).collect();
    let mut exact: HashMap<(SubEventType, String), Vec<usize>> = HashMap::new();
    for (at, event) in kept.iter().enumerate() {
        let Some(event) = event.as_ref().filter(|event| !is_region(event)) else { continue };
        if let (Some(key), Some(_)) = (key(event), event.point) {
            exact.entry(key).or_default().push(at);
        }
    }
    for at in 0..kept.len() {
        let Some(wide) = kept.get_mut(at).and_then(|slot| slot.take_if(|event| is_region(event)))
        else {
            continue;
        };
        let near = key(&wide).and_then(|key| exact.get(&key)).map_or(&[][..], Vec::as_slice);
        let rest = told(wide, near, &mut kept);
        if let Some(slot) = kept.get_mut(at) {
            *slot = rest;
        }
    }
    kept.into_iter().flatten().collect()
}

/// What is left of the event of a region beside those at its towns: nothing, if they tell it all.
fn told(wide: Event, near: &[usize], events: &mut [Option<Event>]) -> Option<Event> {
    let is_told = |at: &usize| {
        let exact = events.get(*at).and_then(Option::as_ref);
        exact.is_some_and(|exact| sums_up(&wide, exact))
    };
    let same: Vec<usize> = near.iter().take(MOST).copied().filter(is_told).collect();
    let counts_the_same = same.iter().filter_map(|&at| events.get(at)).flatten();
    let counts_the_same = counts_the_same.into_iter().any(|exact| exact.toll == wide.toll);
    let only = match same.as_slice() {
        [only] => events.get_mut(*only).and_then(Option::as_mut),
        _ => None,
    };
    match only.filter(|exact| exact.toll.is_unknown()) {
        Some(exact) => exact.toll = wide.toll,
        None if same.is_empty() => return Some(wide),
        None if wide.toll.is_unknown() || counts_the_same => {}
        None => return Some(wide),
    }
    None
}

fn is_region(event: &Event) -> bool {
    event.location.geo_precision == Some(GeoPrecision::Region)
}

fn key(event: &Event) -> Option<(SubEventType, String)> {
    Some((event.what.sub_event_type, event.location.admin1_pcode.clone()?))
}

/// Whether the event of a region may be the one that is told with its town, of one type and governorate.
fn sums_up(wide: &Event, exact: &Event) -> bool {
    let same_days = match (wide.when.days(), exact.when.days()) {
        (Some(a), Some(b)) => a.0 <= b.1 && b.0 <= a.1,
        _ => true,
    };
    let same_side = match (&wide.who.actor1, &exact.who.actor1) {
        (Some(a), Some(b)) => a == b,
        _ => true,
    };
    same_days && same_side
}
