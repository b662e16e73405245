//! What several tellings say together.

use std::cmp::Reverse;

use super::print::COPY;
use super::telling::Telling;
use crate::model::event::{Event, Source, Trust, What};
use crate::model::place::{GeoPrecision, PlaceKind};
use crate::model::report::Certainty;
use crate::model::taxonomy::SubEventType;
use crate::model::toll::Toll;
use crate::model::when::TimePrecision;

/// The event of a group, its elder first; `None` of an empty one. Of one telling alone it is that telling.
///
/// The id is the elder's. Type, place, day and certainty are the highest, most precise and surest that
/// anybody tells; the sides, the evidence and the article are those of the most telling report; of those
/// alike, of the outlet that is believed most, and then of the first. Counts
/// have the least and the most that anybody tells, and as best figure the latest: they are never summed.
pub fn event(group: &[&Telling]) -> Option<Event> {
    let (elder, rest) = group.split_first()?;
    if rest.is_empty() {
        return Some(elder.event.clone());
    }
    let all = || group.iter().map(|telling| &telling.event);
    let best =
        group.iter().min_by_key(|telling| (rank(telling), doubt(telling), telling.order()))?;
    let placed = group
        .iter()
        .min_by_key(|t| (place_rank(t), Reverse(same_place(t, group)), doubt(t), t.order()))?;
    let dated = group
        .iter()
        .min_by_key(|t| (time_rank(t), Reverse(same_day(t, group)), doubt(t), t.order()))?;
    let who = group.iter().min_by_key(|t| (Reverse(sides(t)), doubt(t), t.order()))?;
    let sub_event_type = all().map(|event| event.what.sub_event_type).min()?;
    Some(Event {
        id: elder.event.id.clone(),
        point: placed.event.point,
        location: placed.event.location.clone(),
        what: What { sub_event_type, civilian_targeting: targets_civilians(sub_event_type, group) },
        when: dated.event.when.clone(),
        who: who.event.who.clone(),
        toll: toll(group),
        trust: Trust {
            certainty: all().map(|event| event.trust.certainty).min()?,
            confidence: all().map(|event| event.trust.confidence).fold(0.0, f64::max),
            review: elder.event.trust.review,
        },
        evidence: best.event.evidence.clone(),
        source: Source { n_sources: independent(group), ..best.event.source.clone() },
    })
}

/// Whether anybody who tells of that type tells that civilians were meant.
fn targets_civilians(kind: SubEventType, group: &[&Telling]) -> bool {
    let mut told = group.iter().map(|telling| telling.event.what);
    told.any(|what| {
        what.civilian_targeting && what.sub_event_type.event_type() == kind.event_type()
    })
}

/// The smaller, the more a telling tells.
fn rank(telling: &Telling) -> impl Ord + use<> {
    let toll = &telling.event.toll;
    let counted = [toll.fatalities, toll.injured].iter().flatten().count();
    let certainty = telling.event.trust.certainty;
    (place_rank(telling), time_rank(telling), Reverse(counted), Reverse(sides(telling)), certainty)
}

/// The smaller, the more its outlet is believed: it decides where tellings are alike in all else.
const fn doubt(telling: &Telling) -> u8 {
    u8::MAX - telling.trust
}

/// The smaller, the more precise the place: a quarter before its town.
fn place_rank(telling: &Telling) -> (bool, GeoPrecision, bool) {
    let location = &telling.event.location;
    let precision = location.geo_precision.unwrap_or(GeoPrecision::Region);
    let is_town = matches!(telling.kind, Some(PlaceKind::City | PlaceKind::Town));
    (telling.event.point.is_none(), precision, is_town)
}

fn same_place(telling: &Telling, group: &[&Telling]) -> usize {
    let place = &telling.event.location.place_id;
    group.iter().filter(|other| other.event.location.place_id == *place).count()
}

/// The smaller, the more precise the day.
fn time_rank(telling: &Telling) -> (bool, TimePrecision) {
    let when = &telling.event.when;
    (when.event_date.is_none(), when.time_precision.unwrap_or(TimePrecision::Month))
}

fn same_day(telling: &Telling, group: &[&Telling]) -> usize {
    let days = telling.event.when.days();
    group.iter().filter(|other| other.event.when.days() == days).count()
}

/// How many take part that are known by name.
fn sides(telling: &Telling) -> usize {
    let who = &telling.event.who;
    let known = who.actor_ids.iter().filter(|id| !id.is_unidentified()).count();
    known * 2 + usize::from(who.actor1.is_some())
}

fn toll(group: &[&Telling]) -> Toll {
    // What somebody only supposes counts where nobody says more.
    let is_doubted = |telling: &&&Telling| telling.event.trust.certainty == Certainty::Unconfirmed;
    let (doubted, said): (Vec<_>, Vec<_>) = group.iter().partition(is_doubted);
    let latest = |count: &dyn Fn(&Toll) -> Option<u32>| {
        let last = |tellings: &[&&Telling]| {
            tellings.iter().rev().find_map(|telling| count(&telling.event.toll))
        };
        last(&said).or_else(|| last(&doubted))
    };
    let tolls = || group.iter().map(|telling| &telling.event.toll);
    let least = |count: &dyn Fn(&Toll) -> Option<u32>| tolls().filter_map(count).min();
    let most = |count: &dyn Fn(&Toll) -> Option<u32>| tolls().filter_map(count).max();
    Toll {
        fatalities: latest(&|toll| toll.fatalities),
        fatalities_low: least(&|toll| toll.fatalities_low.or(toll.fatalities)),
        fatalities_high: most(&|toll| toll.fatalities_high.or(toll.fatalities)),
        injured: latest(&|toll| toll.injured),
        injured_low: least(&|toll| toll.injured_low.or(toll.injured)),
        injured_high: most(&|toll| toll.injured_high.or(toll.injured)),
        personnel: latest(&|toll| toll.personnel),
        vehicles: latest(&|toll| toll.vehicles),
        trucks: latest(&|toll| toll.trucks),
    }
}

/// How many tell it by themselves: articles of one outlet count once, and so do copies of one text.
fn independent(group: &[&Telling]) -> u32 {
    let mut voices: Vec<Vec<&Telling>> = Vec::new();
    for telling in group {
        let (mut same, others): (Vec<_>, Vec<_>) = voices
            .into_iter()
            .partition(|voice| voice.iter().any(|other| is_one_voice(telling, other)));
        let mut voice: Vec<&Telling> = same.drain(..).flatten().collect();
        voice.push(telling);
        voices = others;
        voices.push(voice);
    }
    u32::try_from(voices.len()).unwrap_or(u32::MAX)
}

fn is_one_voice(a: &Telling, b: &Telling) -> bool {
    let outlet = |t: &Telling| t.event.source.source.clone();
    (outlet(a).is_some() && outlet(a) == outlet(b)) || a.print.likeness(&b.print) >= COPY
}
