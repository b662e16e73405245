//! Points that a text computes from a place: so far to one side of it, halfway to another.

use geo::{Destination, Haversine, InterpolatePoint};

use crate::model::place::{GeoPrecision, Place, PlaceKind};
use crate::model::point::LonLat;
use crate::model::report::{Mention, Relation, Shift};
use crate::model::text::key;

use super::company::Company;
use super::evidence::km;
use super::gazetteer::Gazetteer;
use super::resolve::{Resolution, decide};
use super::road::on_road;

/// The countryside on one side of a capital has its middle about so far out.
const COUNTRYSIDE_KM: f64 = 20.0;

/// So far from where its people live, the middle of a governorate is steppe.
const STEPPE_KM: f64 = 35.0;

/// Two ends of a road that far apart leave only the region.
const NEAR_KM: f64 = 30.0;

/// Moves the point of a resolved mention to where the text puts the event from there.
pub(super) fn shifted<'g>(
    resolution: Resolution<'g>,
    mention: &Mention,
    company: &Company,
    gazetteer: &'g Gazetteer,
) -> Resolution<'g> {
    let resolution = on_road(resolution, mention, company, gazetteer);
    let Resolution::Resolved { mut best, precision, refused } = resolution else {
        return resolution;
    };
    let moved = match &mention.shift {
        Shift::Beyond { bearing, km: None } if mention.relation == Relation::Countryside => {
            countryside(best.place, gazetteer)
                .map(|seat| (beyond(seat, *bearing, COUNTRYSIDE_KM), GeoPrecision::Region))
        }
        Shift::None | Shift::Beyond { km: None, .. } => {
            let middle = lived_in(best.place, gazetteer);
            if let Some(middle) = middle.filter(|_| best.point == best.place.point) {
                best.reasons.push("the middle of where its people live".to_owned());
                best.point = middle;
            }
            None
        }
        Shift::Beyond { bearing, km: Some(far) } => {
            Some((beyond(best.place.point, *bearing, f64::from(*far)), GeoPrecision::Near))
        }
        Shift::HalfWay(other) => {
            let beside = vec![mention.name.clone()];
            let other =
                Mention { name: other.clone(), shift: Shift::None, beside, ..mention.clone() };
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

/// The middle of a governorate's countryside: the city that bears the same name.
fn countryside(governorate: &Place, gazetteer: &Gazetteer) -> Option<LonLat> {
    let named = gazetteer.named(&key(&governorate.name_ar));
    let mut places = named.iter().filter_map(|bearer| gazetteer.places().get(bearer.index));
    let seat = places.find(|place| place.kind == PlaceKind::City);
    seat.filter(|_| governorate.kind == PlaceKind::Governorate).map(|seat| seat.point)
}

/// Where the people of a governorate live, if the middle of its land is steppe.
fn lived_in(place: &Place, gazetteer: &Gazetteer) -> Option<LonLat> {
    let middle = gazetteer.middle(place).filter(|_| place.kind == PlaceKind::Governorate)?;
    (km(middle, place.point) > STEPPE_KM).then_some(middle)
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::geocode::fixture::{gazetteer, place};
    use crate::geocode::resolve::resolve;
    use crate::geocode::resolve::tests::mention;

    use super::*;

    /// The point that a shifted mention gets, and how sure it is.
    fn point(asked: &Mention) -> (LonLat, u8) {
        match resolve(asked, &Company::default(), gazetteer()) {
            Resolution::Resolved { best, precision, .. } => (best.point, precision.into()),
            other => panic!("{asked:?} is {other:?}"),
        }
    }

    #[test]
    fn a_distance_and_a_side_move_the_point() {
        for (bearing, lon, lat) in [(0, 37.52, 36.46), (90, 37.63, 36.37), (180, 37.52, 36.28)] {
            let shift = Shift::Beyond { bearing, km: Some(10) };
            let (at, precision) = point(&Mention { shift, ..mention("الباب") });
            assert!((at.lon() - lon).abs() < 0.01 && (at.lat() - lat).abs() < 0.01, "{at:?}");
            assert_eq!(precision, 2);
        }
    }

    #[test]
    fn a_side_of_a_countryside_lies_beyond_its_city_and_is_a_region() {
        let asked = Mention {
            relation: Relation::Countryside,
            shift: Shift::Beyond { bearing: 90, km: None },
            ..mention("حلب")
        };
        let (at, precision) = point(&asked);
        let far = km(at, place("aleppo").point);
        assert!((far - COUNTRYSIDE_KM).abs() < 0.1 && at.lon() > place("aleppo").point.lon());
        assert_eq!(precision, 3);
    }

    #[test]
    fn a_governorate_of_steppe_is_where_its_people_live() {
        let feature = |id: usize, kind: &str, lon: f64| {
            let name = if id == 0 { "حمص".to_owned() } else { format!("قرية {id}") };
            json!({
                "type": "Feature", "geometry": { "type": "Point", "coordinates": [lon, 34.7] },
                "properties": { "id": id.to_string(), "name_ar": name, "kind": kind, "adm1": "SY04" },
            })
        };
        for (land, at) in [(38.2, 36.7), (36.9, 36.9)] {
            let villages = (1..20).map(|id| feature(id, "village", 36.7));
            let all: Vec<_> =
                [feature(0, "governorate", land)].into_iter().chain(villages).collect();
            let text = json!({ "type": "FeatureCollection", "features": all }).to_string();
            let (gazetteer, _) = Gazetteer::from_geojson(&text).unwrap();
            let asked = Mention { relation: Relation::Within, ..mention("حمص") };
            match resolve(&asked, &Company::default(), &gazetteer) {
                Resolution::Resolved { best, .. } => {
                    assert!((best.point.lon() - at).abs() < 0.01, "{:?}", best.point);
                }
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn between_two_places_is_halfway_and_near_if_they_are() {
        for (one, other, precision) in [("كوباني", "صرين", 3), ("صفيان", "الطبقة", 2)]
        {
            let shift = Shift::HalfWay(key(other));
            let beside = vec![key("الطبقة")];
            let (at, found) = point(&Mention { beside, shift, ..mention(one) });
            assert_eq!(found, precision, "{one} and {other}: {at:?}");
        }
    }

    #[test]
    fn the_other_end_that_nobody_knows_leaves_the_point_where_it_is() {
        let shift = Shift::HalfWay("nowhere".to_owned());
        let (at, precision) = point(&Mention { shift, ..mention("الباب") });
        assert_eq!((at, precision), (place("bab").point, 2));
    }
}
