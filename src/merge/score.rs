//! How surely two tellings are of one happening: what speaks for it, weighed; what forbids it.

use std::collections::BTreeSet;

use geo::{Distance as _, Haversine};
use serde::{Deserialize, Serialize};

use super::print::STORY;
use super::telling::{Days, Surely, Telling};
use crate::model::actor::{ActorId, Inter};
use crate::model::place::{GeoPrecision, PlaceKind};
use crate::model::taxonomy::{EventType, SubEventType};
use crate::model::toll::Toll;

/// From that score on two tellings are joined.
pub const JOIN: f64 = 0.75;

/// What each part counts for; together 1.
const WEIGHTS: Parts = Parts { kind: 0.30, place: 0.25, actors: 0.20, date: 0.15, counts: 0.10 };

/// What contradicting counts give.
const CONTRADICTED: f64 = 0.0;

/// From that share of common words on two sentences tell the same.
const SAME_WORDS: f64 = 0.4;

/// Below that share two sentences of one language on somebody's fate tell of two people.
const OTHER_WORDS: f64 = 0.2;

/// Counts that differ by no more than this share of the greater are one count.
const TOLERANCE: f64 = 0.3;

/// So many dead that an equal count is no accident.
const TELLING_COUNT: u32 = 3;

/// A quarter lies within so many kilometres of its town's point.
const QUARTER_KM: f64 = 10.0;

/// What is near one place may be near another so many kilometres off.
const NEAR_KM: f64 = 20.0;

/// Two points near one place that are further apart lie on two sides of it.
const SIDES_KM: f64 = 4.0;

/// How alike two tellings are in each respect, 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Parts {
    /// What happened.
    pub kind: f64,
    /// Where.
    pub place: f64,
    /// Who.
    pub actors: f64,
    /// When.
    pub date: f64,
    /// How many.
    pub counts: f64,
}

impl Parts {
    /// All of it, weighed.
    pub fn total(&self) -> f64 {
        self.kind * WEIGHTS.kind
            + self.place * WEIGHTS.place
            + self.actors * WEIGHTS.actors
            + self.date * WEIGHTS.date
            + self.counts * WEIGHTS.counts
    }

    /// Whether they count differently, and nothing says that a count has risen.
    pub fn is_contradicted(&self) -> bool {
        self.counts <= CONTRADICTED
    }
}

/// What forbids that two tellings are of one happening.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Apart {
    /// One article tells both, as two.
    OneArticle,
    /// Nobody calls the one the other.
    Kind,
    /// Two places, or two quarters of one.
    Place,
    /// Two days.
    Day,
    /// Two parts of a day.
    Hour,
    /// Others did it.
    Actors,
    /// What was done to one person, and to another.
    Persons,
}

/// Weighs two tellings.
///
/// # Errors
/// What forbids that they are of one happening.
pub fn score(a: &Telling, b: &Telling) -> Result<Parts, Apart> {
    if a.event.source.article_id == b.event.source.article_id {
        return Err(Apart::OneArticle);
    }
    weigh(a, b)
}

/// Weighs two tellings, be they of one article or of two.
pub(super) fn weigh(a: &Telling, b: &Telling) -> Result<Parts, Apart> {
    let kind = kind(a.event.what.sub_event_type, b.event.what.sub_event_type).ok_or(Apart::Kind)?;
    let likeness = a.print.likeness(&b.print);
    let common = a.common_words(b);
    let same_words = common >= SAME_WORDS;
    let place = place(a, b, likeness >= STORY && same_words).ok_or(Apart::Place)?;
    let counts = counts(&a.event.toll, &b.event.toll);
    let is_counted_alike = counts == Counts::Equal && has_dead(&a.event.toll, TELLING_COUNT);
    let specific = is_counted_alike || same_words || likeness >= STORY;
    let date = date(a.days, b.days, specific, likeness >= STORY).ok_or(Apart::Day)?;
    if a.hours != 0 && b.hours != 0 && a.hours & b.hours == 0 {
        return Err(Apart::Hour);
    }
    let actors = actors(a, b);
    if actors == 0.0 && !(is_counted_alike || (same_words && likeness >= STORY)) {
        return Err(Apart::Actors);
    }
    let counts = match counts {
        Counts::Equal => 1.0,
        Counts::Near => 0.8,
        Counts::Unknown => 0.5,
        Counts::Other if has_risen(a, b, same_words || likeness >= STORY) => 0.3,
        Counts::Other => CONTRADICTED,
    };
    if is_on_person(a) && is_on_person(b) && a.lang == b.lang && common < OTHER_WORDS {
        return Err(Apart::Persons);
    }
    Ok(Parts { kind, place, actors, date, counts })
}

/// How far one type may be another's name for the same; `None` if not at all.
fn kind(a: SubEventType, b: SubEventType) -> Option<f64> {
    use EventType as T;
    if a == b {
        return Some(1.0);
    }
    let mut types = [a.event_type(), b.event_type()];
    types.sort_unstable();
    match types {
        // Developments have little in common but that nobody is hurt.
        [T::StrategicDevelopments, T::StrategicDevelopments] => None,
        [a, b] if a == b => Some(0.6),
        [T::Protests, T::Riots] => Some(0.6),
        [T::Protests, T::ViolenceAgainstCivilians] => is_on_crowd(a, b).then_some(0.6),
        // Outlets call a strike an attack, and shelling under fire a battle.
        [T::Battles, T::Explosions | T::ViolenceAgainstCivilians]
        | [T::Explosions, T::ViolenceAgainstCivilians] => Some(0.4),
        [T::ViolenceAgainstCivilians, T::StrategicDevelopments] => is_taking(a, b).then_some(0.6),
        _ => None,
    }
}

/// Whether somebody was taken: whether by right is in the eye of the outlet.
fn is_taking(a: SubEventType, b: SubEventType) -> bool {
    let mut both = [a, b];
    both.sort_unstable();
    both == [SubEventType::Abduction, SubEventType::Arrests]
}

/// Whether a crowd was shot at: outlets tell of the crowd, or of those hit.
fn is_on_crowd(a: SubEventType, b: SubEventType) -> bool {
    let mut both = [a, b];
    both.sort_unstable();
    both == [SubEventType::ExcessiveForce, SubEventType::Attack]
}

fn is_on_person(telling: &Telling) -> bool {
    matches!(
        telling.event.what.sub_event_type,
        SubEventType::Attack
            | SubEventType::Abduction
            | SubEventType::SexualViolence
            | SubEventType::Arrests
    )
}

fn place(a: &Telling, b: &Telling, tell_the_same: bool) -> Option<f64> {
    let (here, there) = match (a.event.point, b.event.point) {
        (Some(here), Some(there)) => (here, there),
        // Without a place only the words can tell.
        (None, None) => return tell_the_same.then_some(0.8),
        _ => return None,
    };
    let km = Haversine.distance(here.into(), there.into()) / 1000.0;
    let precision = |t: &Telling| t.event.location.geo_precision.unwrap_or(GeoPrecision::Place);
    let is_same = a.event.location.place_id == b.event.location.place_id
        && a.event.location.place_id.is_some();
    let mut both = [precision(a), precision(b)];
    both.sort_unstable();
    match both {
        [GeoPrecision::Place, GeoPrecision::Place] if is_same => Some(1.0),
        [GeoPrecision::Place, GeoPrecision::Place] => is_quarter(a, b, km).then_some(0.7),
        [_, GeoPrecision::Near] if is_same => Some(if km < SIDES_KM { 0.9 } else { 0.3 }),
        [_, GeoPrecision::Near] => (km < NEAR_KM).then(|| 0.4 * (1.0 - km / NEAR_KM)),
        [_, GeoPrecision::Region | GeoPrecision::Place] if is_same => Some(0.6),
        // A region's villages are many.
        [GeoPrecision::Region, GeoPrecision::Region] => None,
        _ => (a.event.location.admin1_pcode == b.event.location.admin1_pcode).then_some(0.15),
    }
}

/// Whether one place is a town, and the other in it.
fn is_quarter(a: &Telling, b: &Telling, km: f64) -> bool {
    let is_town = |t: &Telling| matches!(t.kind, Some(PlaceKind::City | PlaceKind::Town));
    let is_within = |t: &Telling| {
        t.kind.is_some_and(|kind| !kind.is_settlement() && !kind.is_area())
            || t.kind == Some(PlaceKind::Neighbourhood)
    };
    km < QUARTER_KM && ((is_town(a) && is_within(b)) || (is_town(b) && is_within(a)))
}

fn date(a: Option<Days>, b: Option<Days>, specific: bool, one_story: bool) -> Option<f64> {
    let (Some(a), Some(b)) = (a, b) else { return one_story.then_some(0.6) };
    if a.first > b.last || b.first > a.last {
        return None;
    }
    match (a.how, b.how) {
        (Surely::Told, Surely::Told) => Some(1.0),
        (Surely::Roughly, _) | (_, Surely::Roughly) => specific.then_some(0.4),
        // Published on one day, they may both mean either; on two, they rather mean two.
        _ if a.last == b.last => Some(0.9),
        (Surely::Lead, Surely::Lead) => specific.then_some(0.3),
        _ => Some(0.6),
    }
}

/// How far those who did it are the same; 0 if both are known and none is.
fn actors(a: &Telling, b: &Telling) -> f64 {
    let (left, right) = (sides(a), sides(b));
    // Who is shot by unknown gunmen is not who is hit by their bomb, be it the same side.
    let is_unknown = |t: &Telling| t.event.who.actor_ids.iter().any(ActorId::is_unidentified);
    let kind = |t: &Telling| t.event.what.sub_event_type.event_type();
    if left.is_empty()
        || right.is_empty()
        || (kind(a) != kind(b) && (is_unknown(a) || is_unknown(b)))
    {
        return 0.5;
    }
    let common = left.intersection(&right).count();
    if common == 0 {
        0.0
    } else if common == left.len() && common == right.len() {
        1.0
    } else {
        0.85
    }
}

/// Those known by name; crowds and civilians tell nobody from anybody.
fn sides(telling: &Telling) -> BTreeSet<&str> {
    const NOBODY: [&str; 4] = [ActorId::UNIDENTIFIED, "CIV", "PROT", "RIOT"];
    let who = &telling.event.who;
    let is_armed = [who.inter1, who.inter2].into_iter().flatten().any(Inter::is_armed);
    let ids = who.actor_ids.iter().map(|id| id.0.as_str());
    if is_armed { ids.filter(|id| !NOBODY.contains(id)).collect() } else { BTreeSet::new() }
}

/// How two tolls stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Counts {
    Equal,
    Near,
    Unknown,
    Other,
}

fn counts(a: &Toll, b: &Toll) -> Counts {
    let pairs = [
        (a.fatalities, b.fatalities),
        (a.injured, b.injured),
        (a.personnel, b.personnel),
        (a.vehicles, b.vehicles),
    ];
    let known = pairs.into_iter().filter_map(|(a, b)| Some((a?, b?)));
    known.fold(Counts::Unknown, |so_far, (a, b)| {
        let is_near = f64::from(a.abs_diff(b)) <= TOLERANCE * f64::from(a.max(b));
        match so_far {
            Counts::Other => Counts::Other,
            _ if !is_near => Counts::Other,
            Counts::Unknown | Counts::Equal if a == b => Counts::Equal,
            _ => Counts::Near,
        }
    })
}

fn has_dead(toll: &Toll, least: u32) -> bool {
    toll.fatalities.or(toll.injured).is_some_and(|count| count >= least)
}

/// Whether the later of two tellings counts what the earlier could not know yet.
fn has_risen(a: &Telling, b: &Telling, tell_the_same: bool) -> bool {
    let (first, then) = if a.order() <= b.order() { (a, b) } else { (b, a) };
    let rises = |a: Option<u32>, b: Option<u32>| a.zip(b).is_none_or(|(a, b)| a <= b);
    let is_more = rises(first.event.toll.fatalities, then.event.toll.fatalities);
    is_more && (then.grows || tell_the_same)
}
