//! Where a place that is not known lies: the nearest that the text puts it in or beside.

use crate::model::place::{GeoPrecision, Place, PlaceKind};
use crate::model::report::{Mention, Relation, Shift};

use super::candidate::Candidate;
use super::company::Company;
use super::context::areas;
use super::evidence::is_district_of;
use super::gazetteer::Gazetteer;
use super::resolve::{Resolution, decide, resolve};
use super::spelling::rank_word;

/// The point of an area that reaches farther says nothing of a village in it.
const WIDE_KM: f64 = 35.0;

/// The place to take for one whose own name is unknown or not to be told apart, and how sure it
/// is then.
///
/// A governorate or another wide area is none: its point says nothing of a village in it. Nor is
/// its capital, unless the mention is of a quarter, a street or the like, which only a town has. Of
/// a governorate only a side (`بريف إدلب الشرقي`) says where, as it does by itself.
pub(super) fn parent<'g>(
    mention: &Mention,
    company: &Company,
    gazetteer: &'g Gazetteer,
) -> Option<(Candidate<'g>, GeoPrecision)> {
    let around = mention.within.iter().chain(&mention.beside).enumerate();
    let best = around.into_iter().find_map(|(at, name)| {
        let outer = mention.within.get(at + 1..).unwrap_or_default();
        let asked = asked(mention, name, outer, gazetteer)?;
        match decide(&asked, company, gazetteer) {
            Resolution::Resolved { best, .. } if says_where(&best, asked.kind, gazetteer) => {
                Some(best)
            }
            _ => None,
        }
    });
    let mut best = best.or_else(|| side(mention, company, gazetteer))?;
    let told = format!("`{}` itself is not known, and lies there or near", mention.name);
    best.reasons.insert(0, told);
    let is_town = best.place.kind.is_settlement();
    Some((best, if is_town { GeoPrecision::Near } else { GeoPrecision::Region }))
}

/// The side of a countryside that it is said to lie in.
fn side<'g>(
    mention: &Mention,
    company: &Company,
    gazetteer: &'g Gazetteer,
) -> Option<Candidate<'g>> {
    let (name, bearing) = mention.side.clone()?;
    let asked = Mention {
        name,
        kind: None,
        relation: Relation::Countryside,
        within: Vec::new(),
        side: None,
        beside: Vec::new(),
        shift: Shift::Beyond { bearing, km: None },
        ..mention.clone()
    };
    match resolve(&asked, company, gazetteer) {
        Resolution::Resolved { best, precision: GeoPrecision::Region, .. } => Some(best),
        _ => None,
    }
}

/// The mention of what holds another; `None` if it names a governorate, of which only
/// the quarters of its capital tell that the capital is meant.
fn asked(
    mention: &Mention,
    name: &str,
    outer: &[String],
    gazetteer: &Gazetteer,
) -> Option<Mention> {
    let is_quarter = mention.kind == Some(PlaceKind::Neighbourhood);
    let named = areas(name, gazetteer);
    if !is_quarter && named.iter().any(|area| area.kind == PlaceKind::Governorate) {
        return None;
    }
    let is_district =
        |area: &&Place| matches!(area.kind, PlaceKind::District | PlaceKind::Subdistrict);
    let (plain, is_ranked) = rank_word(name).map_or((name, false), |(plain, _)| (plain, true));
    let is_district = is_ranked || named.iter().all(is_district);
    Some(Mention {
        name: plain.to_owned(),
        kind: is_district.then_some(PlaceKind::District),
        relation: Relation::At,
        within: outer.to_vec(),
        side: None,
        beside: Vec::new(),
        ..mention.clone()
    })
}

/// Whether the point of a place tells where another in it is.
fn says_where(holder: &Candidate<'_>, asked: Option<PlaceKind>, gazetteer: &Gazetteer) -> bool {
    let place = holder.place;
    let reaches = |area: &Place| gazetteer.reach(area).is_some_and(|reach| reach > WIDE_KM);
    // "Albu Kamal district" is not its seat.
    let is_seat = asked == Some(PlaceKind::District) && place.kind.is_settlement();
    let around = |area: &&Place| area.kind == PlaceKind::District && is_district_of(area, place);
    let mut districts = gazetteer.places().iter().filter(around);
    let is_wide = if is_seat { districts.any(reaches) } else { reaches(place) };
    // Of a village that may be another one, what lies in it is not known either.
    let is_town = matches!(place.kind, PlaceKind::City | PlaceKind::Town);
    let is_doubtful = place.kind.is_settlement() && !is_town && !holder.is_sure;
    place.kind != PlaceKind::Governorate && !is_wide && !is_doubtful
}

#[cfg(test)]
mod tests {
    use crate::geocode::fixture::gazetteer;
    use crate::geocode::resolve::resolve;
    use crate::geocode::resolve::tests::mention;
    use crate::model::text::key;

    use super::*;

    #[test]
    fn an_unknown_village_lies_on_the_side_that_is_named_and_in_no_capital() {
        let aleppo = key("حلب");
        let asked =
            |side| Mention {
                within: vec![aleppo.clone()], side, ..mention("لا يعرفها أحد")
            };
        let east = asked(Some((aleppo.clone(), 90)));
        let city = gazetteer().named(&aleppo).iter().find_map(|bearer| {
            let place = gazetteer().places().get(bearer.index)?;
            (place.kind == PlaceKind::City).then_some(place.point)
        });
        match resolve(&east, &Company::default(), gazetteer()) {
            Resolution::Resolved { best, precision, .. } => {
                assert_eq!(
                    (precision, best.place.kind),
                    (GeoPrecision::Region, PlaceKind::Governorate)
                );
                assert!(best.point.lon() > city.unwrap().lon() + 0.1, "{:?}", best.point);
            }
            other => panic!("{other:?}"),
        }
        let unsaid = resolve(&asked(None), &Company::default(), gazetteer());
        assert!(!matches!(unsaid, Resolution::Resolved { .. }), "{unsaid:?}");
    }

    #[test]
    fn an_unknown_place_gives_way_to_what_holds_it_but_never_to_a_capital() {
        let quarter = Some(PlaceKind::Neighbourhood);
        for (kind, within, beside, meant) in [
            (None, vec!["Afrin District", "Aleppo"], vec![], Some(("afrin-district", 3))),
            (None, vec!["كوباني", "حلب"], vec![], Some(("kobani", 2))),
            (None, vec![], vec!["الطبقة"], Some(("tabqa", 2))),
            (None, vec!["حلب"], vec![], None),
            (quarter, vec!["حلب"], vec![], Some(("aleppo", 2))),
            (None, vec!["محافظة حلب"], vec![], None),
            (None, vec!["صفيان"], vec![], None),
            (None, vec![], vec![], None),
        ] {
            let keys = |names: Vec<&str>| names.into_iter().map(key).collect();
            let (within, beside) = (keys(within), keys(beside));
            let asked = Mention { kind, within, beside, ..mention("لا يعرفها أحد") };
            let found = match resolve(&asked, &Company::default(), gazetteer()) {
                Resolution::Resolved { best, precision, .. } => {
                    assert!(best.reasons[0].contains("not known"), "{:?}", best.reasons);
                    Some((best.place.id.0.as_str(), u8::from(precision)))
                }
                _ => None,
            };
            assert_eq!(found, meant, "{asked:?}");
        }
    }
}
