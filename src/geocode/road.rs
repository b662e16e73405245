//! Roads: a long line is no place, and the town or area that a text names beside one is.

use geo::{Closest, ClosestPoint, LineString};

use crate::model::place::{GeoPrecision, Place, PlaceKind};
use crate::model::point::LonLat;
use crate::model::report::{Mention, Relation, Shift};

use super::candidate::Candidate;
use super::company::Company;
use super::context::areas;
use super::evidence::km;
use super::gazetteer::Gazetteer;
use super::resolve::{Resolution, decide};

/// Towns that far from the chain of a road's towns may still lie at the road.
const AT_ROAD_KM: f64 = 15.0;

/// The middle of a governorate is that far at most from the roads that cross it.
const CROSSES_KM: f64 = 60.0;

/// Where on a road the text puts an event: at a town that it names beside the road, else on the
/// stretch in an area that it names. Without either the road's own point says no more than that
/// it is somewhere along it.
pub(super) fn on_road<'g>(
    resolution: Resolution<'g>,
    mention: &Mention,
    company: &Company,
    gazetteer: &'g Gazetteer,
) -> Resolution<'g> {
    let Resolution::Resolved { best, precision, refused } = resolution else {
        return resolution;
    };
    if best.place.kind != PlaceKind::Road {
        return Resolution::Resolved { best, precision, refused };
    }
    let line = gazetteer.line(best.place);
    // `M4 in Latakia` is said of a stretch that may be far from the town of that name.
    let is_governorate = |name: &&String| {
        areas(name, gazetteer).iter().any(|area| area.kind == PlaceKind::Governorate)
    };
    let outer = mention.within.iter().filter(|name| !is_governorate(name));
    let mut around = mention.beside.iter().chain(outer);
    if let Some(town) = around.find_map(|name| town(name, line, mention, company, gazetteer)) {
        let told = format!("at `{}`, which the text names beside it", best.place.name_en);
        let reasons = [vec![told], town.reasons].concat();
        let best = Candidate { score: best.score, reasons, ..town };
        return Resolution::Resolved { best, precision: GeoPrecision::Near, refused };
    }
    let stretch =
        line.and_then(|line| mention.within.iter().find_map(|name| stretch(name, line, gazetteer)));
    match stretch {
        Some((point, area)) => {
            let told = format!("on its stretch in `{}`", area.name_en);
            let reasons = [best.reasons, vec![told]].concat();
            Resolution::Resolved { best: Candidate { point, reasons, ..best }, precision, refused }
        }
        None => Resolution::Resolved { best, precision, refused },
    }
}

/// The settlement of a name that lies at the road. Where several bear it, the road tells which.
fn town<'g>(
    name: &str,
    line: Option<&LineString>,
    mention: &Mention,
    company: &Company,
    gazetteer: &'g Gazetteer,
) -> Option<Candidate<'g>> {
    let asked = Mention {
        name: name.to_owned(),
        kind: None,
        relation: Relation::At,
        side: None,
        beside: Vec::new(),
        within: mention.within.iter().filter(|outer| *outer != name).cloned().collect(),
        shift: Shift::None,
        ..mention.clone()
    };
    let is_at = |town: &Candidate<'_>| {
        let far = line.map_or(0.0, |line| {
            closest(line, town.point).map_or(f64::MAX, |at| km(at, town.point))
        });
        town.place.kind.is_settlement() && town.is_likely() && far <= AT_ROAD_KM
    };
    match decide(&asked, company, gazetteer) {
        Resolution::Resolved { best, .. } => Some(best).filter(is_at),
        Resolution::Ambiguous { candidates } if line.is_some() => {
            let mut at_road = candidates.into_iter().filter(is_at);
            at_road.next().filter(|_| at_road.next().is_none())
        }
        Resolution::Ambiguous { .. } | Resolution::Unresolved { .. } => None,
    }
}

/// The point of the road nearest to the middle of an area that it crosses.
fn stretch<'g>(
    name: &str,
    line: &LineString,
    gazetteer: &'g Gazetteer,
) -> Option<(LonLat, &'g Place)> {
    let crossed = |area: &'g Place| {
        let at = closest(line, area.point)?;
        let reach = gazetteer.reach(area).unwrap_or(CROSSES_KM).min(CROSSES_KM);
        (area.kind.is_area() && km(at, area.point) <= reach).then_some((at, area))
    };
    areas(name, gazetteer).into_iter().find_map(crossed)
}

/// The point of a line that is nearest to another, as on a flat map: near enough for towns.
fn closest(line: &LineString, to: LonLat) -> Option<LonLat> {
    match line.closest_point(&to.into()) {
        Closest::Intersection(at) | Closest::SinglePoint(at) => LonLat::new(at.x(), at.y()),
        Closest::Indeterminate => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::geocode::resolve::resolve;
    use crate::geocode::resolve::tests::mention;
    use crate::model::text::key;

    use super::*;

    /// A road from west to east, towns at it, far from it, and of one name at both.
    fn country() -> Gazetteer {
        let place = |id: &str, kind: &str, code: Option<&str>, geometry: Value| {
            json!({ "type": "Feature", "geometry": geometry, "properties":
                { "id": id, "name_en": id.split('-').next(), "kind": kind, "adm1": code } })
        };
        let point = |lon: f64, lat: f64| json!({ "type": "Point", "coordinates": [lon, lat] });
        let line = json!({ "type": "LineString", "coordinates": [[36.0, 35.8], [36.5, 35.8], [37.5, 35.8], [38.5, 36.5]] });
        let features = [
            place("Longroad", "road", None, line),
            place("Westend", "town", Some("SY07"), point(36.1, 35.82)),
            place("Farville", "town", Some("SY07"), point(36.3, 35.3)),
            place("Twinham", "village", Some("SY02"), point(37.6, 35.85)),
            place("Twinham-far", "village", Some("SY02"), point(37.3, 36.6)),
            place("Raqqa", "governorate", Some("SY11"), point(38.5, 36.2)),
            place("Hasakah", "governorate", Some("SY08"), point(40.8, 36.5)),
        ];
        let text = json!({ "type": "FeatureCollection", "features": features }).to_string();
        let (gazetteer, problems) = Gazetteer::from_geojson(&text).unwrap();
        assert_eq!(problems, []);
        gazetteer
    }

    fn found(beside: &[&str], within: &[&str]) -> (String, [f64; 2], u8) {
        let keys = |names: &[&str]| names.iter().map(|name| key(name)).collect::<Vec<_>>();
        let asked = Mention { beside: keys(beside), within: keys(within), ..mention("Longroad") };
        match resolve(&asked, &Company::default(), &country()) {
            Resolution::Resolved { best, precision, .. } => {
                let at = [best.point.lon(), best.point.lat()].map(|n| (n * 10.0).round() / 10.0);
                (best.place.id.0.clone(), at, precision.into())
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_town_named_beside_a_road_is_where_it_happened() {
        assert_eq!(found(&["Westend"], &[]), ("Westend".to_owned(), [36.1, 35.8], 2));
        assert_eq!(
            found(&["Twinham"], &[]),
            ("Twinham".to_owned(), [37.6, 35.9], 2),
            "the one at the road"
        );
    }

    #[test]
    fn an_area_named_beside_a_road_tells_its_stretch() {
        let (id, at, precision) = found(&[], &["Raqqa"]);
        assert_eq!((id.as_str(), precision), ("Longroad", 3));
        assert!(at[0] > 38.2, "{at:?}");
    }

    #[test]
    fn a_road_alone_or_beside_what_is_far_from_it_is_a_region() {
        let alone = found(&[], &[]);
        assert_eq!((alone.0.as_str(), alone.2), ("Longroad", 3));
        assert_eq!(found(&["Farville"], &[]), alone);
        assert_eq!(found(&[], &["Hasakah"]), alone, "it does not get there");
    }
}
