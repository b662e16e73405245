//! Points that a text computes from a place: so far to one side of it, halfway to another.

use geo::{Destination, Haversine, InterpolatePoint};

use crate::model::place::{GeoPrecision, PlaceKind};
use crate::model::point::LonLat;
use crate::model::report::{Mention, Relation, Shift};

use super::company::Company;
use super::evidence::km;
use super::gazetteer::Gazetteer;
use super::resolve::{Resolution, decide};

/// The countryside on one side of a capital has its middle about so far out.
const COUNTRYSIDE_KM: f64 = 20.0;

/// Two ends of a road that far apart leave only the region.
const NEAR_KM: f64 = 30.0;

/// Moves the point of a resolved mention to where the text puts the event from there.
pub(super) fn shifted<'g>(
    resolution: Resolution<'g>,
    mention: &Mention,
    company: &Company,
    gazetteer: &'g Gazetteer,
) -> Resolution<'g> {
    let Resolution::Resolved { mut best, precision, refused } = resolution else {
        return resolution;
    };
    let moved = match &mention.shift {
        Shift::Beyond { bearing, km: None } if mention.relation == Relation::Countryside => {
            countryside(&best.place.name_ar, best.place.kind, gazetteer)
                .map(|seat| (beyond(seat, *bearing, COUNTRYSIDE_KM), GeoPrecision::Region))
        }
        Shift::None | Shift::Beyond { km: None, .. } => None,
        Shift::Beyond { bearing, km: Some(far) } => {
            Some((beyond(best.place.point, *bearing, f64::from(*far)), GeoPrecision::Near))
        }
        Shift::HalfWay(other) => {
            let other = Mention { name: other.clone(), shift: Shift::None, ..mention.clone() };
            match decide(&other, company, gazetteer) {
                Resolution::Resolved { best: end, .. } => {
                    Some(halfway(best.place.point, end.place.point))
                }
                _ => Some((Some(best.place.point), GeoPrecision::Near)),
            }
        }
    };
    if let Some((Some(point), at_best)) = moved {
        let far = km(point, best.place.point);
        best.reasons.push(format!("{far:.0} km from it, as the text says"));
        best.point = point;
        return Resolution::Resolved { best, precision: precision.max(at_best), refused };
    }
    Resolution::Resolved { best, precision, refused }
}

/// The middle of a countryside: the town whose it is.
fn countryside(name: &str, kind: PlaceKind, gazetteer: &Gazetteer) -> Option<LonLat> {
    let is_seat = |place: &&crate::model::place::Place| {
        place.kind == PlaceKind::City && place.name_ar == name
    };
    let seat = gazetteer.places().iter().find(is_seat);
    seat.filter(|_| kind == PlaceKind::Governorate).map(|seat| seat.point)
}

fn beyond(from: LonLat, bearing: u16, far: f64) -> Option<LonLat> {
    let point = Haversine.destination(from.into(), f64::from(bearing), far * 1000.0);
    LonLat::new(point.x(), point.y())
}

fn halfway(a: LonLat, b: LonLat) -> (Option<LonLat>, GeoPrecision) {
    let middle = Haversine.point_at_ratio_between(a.into(), b.into(), 0.5);
    let precision = if km(a, b) <= NEAR_KM { GeoPrecision::Near } else { GeoPrecision::Region };
    (LonLat::new(middle.x(), middle.y()), precision)
}
