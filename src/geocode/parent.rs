//! Where a place that is not known lies: the nearest that the text puts it in or beside.

use crate::model::place::{GeoPrecision, Place, PlaceKind};
use crate::model::report::{Mention, Relation};

use super::area::areas;
use super::candidate::Candidate;
use super::company::Company;
use super::gazetteer::Gazetteer;
use super::resolve::{Resolution, decide};
use super::spelling::rank_word;

/// The point of an area that reaches farther says nothing of a village in it.
const WIDE_KM: f64 = 45.0;

/// The place to take for one whose own name is unknown or not to be told apart, and how sure it
/// is then.
///
/// A governorate or another wide area is none: its point says nothing of a village in it. Nor is its capital, unless the
/// mention is of a quarter, a street or the like, which only a town has.
pub(super) fn parent<'g>(
    mention: &Mention,
    company: &Company,
    gazetteer: &'g Gazetteer,
) -> Option<(Candidate<'g>, GeoPrecision)> {
    let nearest = mention.within.iter().chain(&mention.beside).enumerate();
    nearest.map(|(at, name)| (name, mention.within.get(at + 1..).unwrap_or_default())).find_map(
        |(name, outer)| {
            let is_quarter = mention.kind == Some(PlaceKind::Neighbourhood);
            let named = areas(name, gazetteer);
            if named.iter().any(|area| area.kind == PlaceKind::Governorate) && !is_quarter {
                return None;
            }
            let is_district =
                |area: &&Place| matches!(area.kind, PlaceKind::District | PlaceKind::Subdistrict);
            let is_district = rank_word(name).is_some() || named.iter().all(is_district);
            let plain = rank_word(name).map_or(name.as_str(), |(plain, _)| plain);
            let asked = Mention {
                name: plain.to_owned(),
                kind: is_district.then_some(PlaceKind::District),
                relation: Relation::At,
                within: outer.to_vec(),
                beside: Vec::new(),
                ..mention.clone()
            };
            let Resolution::Resolved { mut best, .. } = decide(&asked, company, gazetteer) else {
                return None;
            };
            let is_wide = gazetteer.reach(best.place).is_some_and(|reach| reach > WIDE_KM);
            // Of a village that may be another one, what lies in it is not known either.
            let is_doubtful = best.place.kind.is_settlement()
                && !matches!(best.place.kind, PlaceKind::City | PlaceKind::Town)
                && !best.is_sure;
            if best.place.kind == PlaceKind::Governorate || is_wide || is_doubtful {
                return None;
            }
            let told = format!("`{}` itself is not known, and lies there or near", mention.name);
            best.reasons.insert(0, told);
            let precision = if best.place.kind.is_settlement() {
                GeoPrecision::Near
            } else {
                GeoPrecision::Region
            };
            Some((best, precision))
        },
    )
}
