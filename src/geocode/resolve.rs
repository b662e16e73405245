//! The decision: one place, several that cannot be told apart, or none.

use crate::model::place::{GeoPrecision, Place, PlaceKind};
use crate::model::report::{Mention, Relation};

use super::candidate::{Candidate, candidates};
use super::company::Company;
use super::evidence::km;
use super::gazetteer::Gazetteer;
use super::parent::parent;
use super::shift::shifted;

/// By how much the best must lead: less than any word of the text weighs.
const MARGIN: f64 = 0.05;

/// Records of one place in two sources lie that near to each other.
const SAME_SPOT_KM: f64 = 5.0;

/// Namesakes that cannot be told apart and lie that near to each other are one neighbourhood.
const SAME_AREA_KM: f64 = 12.0;

/// The same of mountains, steppes and the like, whose one point says no more in any case: Jabal al-Bishri
/// lies in two governorates.
const SAME_LAND_KM: f64 = 25.0;

/// What a mention means.
#[derive(Debug, Clone, PartialEq)]
pub enum Resolution<'g> {
    /// One place.
    Resolved {
        /// The place, with the point that the text puts the event at.
        best: Candidate<'g>,
        /// How surely the event is at that point.
        precision: GeoPrecision,
        /// Its namesakes, the best first, with their reasons.
        refused: Vec<Candidate<'g>>,
    },
    /// Several places, which the evidence does not tell apart.
    Ambiguous {
        /// They, and those that stand behind them, the best first.
        candidates: Vec<Candidate<'g>>,
    },
    /// No place of the gazetteer bears the name, or the text speaks against all that do.
    Unresolved {
        /// Those that bear the name, with what speaks against them.
        refused: Vec<Candidate<'g>>,
    },
}

/// Decides which place a mention means. Never picks a namesake for want of evidence: where the
/// name is unknown or cannot be told apart, the nearest place that the text puts it in is taken
/// in its stead, with a lower precision, and if there is none the mention stays unresolved.
pub fn resolve<'g>(
    mention: &Mention,
    company: &Company,
    gazetteer: &'g Gazetteer,
) -> Resolution<'g> {
    let decided = match decide(mention, company, gazetteer) {
        resolved @ Resolution::Resolved { .. } => resolved,
        undecided => match (parent(mention, company, gazetteer), undecided) {
            (
                Some((best, precision)),
                Resolution::Ambiguous { candidates: refused } | Resolution::Unresolved { refused },
            ) => Resolution::Resolved { best, precision, refused },
            (_, undecided) => undecided,
        },
    };
    shifted(decided, mention, company, gazetteer)
}

/// Resolves a phrase that may be read in several ways: the first reading whose own name is known
/// and can be told apart is taken, and only if there is none the first that something stands in for.
pub fn resolve_any<'g>(
    readings: &[Mention],
    company: &Company,
    gazetteer: &'g Gazetteer,
) -> Resolution<'g> {
    let mut others = Vec::new();
    for mention in readings {
        match decide(mention, company, gazetteer) {
            found @ Resolution::Resolved { .. } => {
                return shifted(found, mention, company, gazetteer);
            }
            Resolution::Ambiguous { candidates: refused } | Resolution::Unresolved { refused } => {
                others.extend(refused);
            }
        }
    }
    let stand_ins = readings.iter().filter_map(|mention| {
        let (best, precision) = parent(mention, company, gazetteer)?;
        let found = Resolution::Resolved { best, precision, refused: others.clone() };
        Some(shifted(found, mention, company, gazetteer))
    });
    stand_ins.into_iter().next().unwrap_or(Resolution::Unresolved { refused: others })
}

/// Decides among the places that bear the name alone.
pub(super) fn decide<'g>(
    mention: &Mention,
    company: &Company,
    gazetteer: &'g Gazetteer,
) -> Resolution<'g> {
    let mut candidates = candidates(mention, company, gazetteer);
    let Some(best) = candidates.first().filter(|best| best.is_likely()) else {
        return Resolution::Unresolved { refused: candidates };
    };
    let rivals: Vec<&Candidate<'_>> =
        candidates.iter().skip(1).filter(|other| is_rival(other, best)).collect();
    let apart = rivals.iter().map(|other| km(other.place.point, best.place.point));
    let farthest = apart.fold(0.0, f64::max);
    let is_land = rivals.iter().chain([&best]).all(|one| one.place.kind.is_area());
    if farthest > if is_land { SAME_LAND_KM } else { SAME_AREA_KM } {
        return Resolution::Ambiguous { candidates };
    }
    let mut best = candidates.remove(0);
    let mut precision = precision(mention, best.place);
    // A bare `حلب` may be the governorate as well as the city that bears its name.
    if mention.kind.is_none()
        && best.place.kind == PlaceKind::City
        && names_governorate(&candidates)
    {
        precision = precision.max(GeoPrecision::Near);
    }
    if farthest > 0.0 {
        precision = precision.max(GeoPrecision::Near);
        best.reasons.push(format!("its namesakes lie within {farthest:.0} km of it"));
    }
    Resolution::Resolved { best, precision, refused: candidates }
}

fn names_governorate(namesakes: &[Candidate<'_>]) -> bool {
    namesakes.iter().any(|other| other.is_likely() && other.place.kind == PlaceKind::Governorate)
}

/// Whether another candidate is as likely and somewhere else.
fn is_rival(other: &Candidate<'_>, best: &Candidate<'_>) -> bool {
    other.is_likely()
        && other.weight > best.weight - MARGIN
        && km(other.place.point, best.place.point) > SAME_SPOT_KM
        && !is_area_of(other.place, best.place)
        && !is_area_of(best.place, other.place)
}

/// Whether a district and its seat bear one name: the kinds tell them apart, not the map.
fn is_area_of(area: &Place, seat: &Place) -> bool {
    let administrative =
        matches!(area.kind, PlaceKind::Governorate | PlaceKind::District | PlaceKind::Subdistrict);
    administrative && seat.kind.is_settlement() && area.admin1_pcode == seat.admin1_pcode
}

/// How surely the event is at the place's point.
pub(super) fn precision(mention: &Mention, place: &Place) -> GeoPrecision {
    let is_village = matches!(place.kind, PlaceKind::Village | PlaceKind::PopulatedPlace);
    let leads_there = mention.kind == Some(PlaceKind::Road) && is_village;
    let asked_area = mention.kind.is_some_and(PlaceKind::is_area) && !leads_there;
    if place.kind.is_area() || mention.relation == Relation::Within || asked_area {
        return GeoPrecision::Region;
    }
    // The dam that only its village is known of is somewhere near the village.
    let asked_site = mention.kind.is_some_and(|kind| !kind.is_settlement());
    let only_its_village = asked_site && place.kind.is_settlement();
    if matches!(mention.relation, Relation::Near | Relation::Countryside) || only_its_village {
        GeoPrecision::Near
    } else {
        GeoPrecision::Place
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use crate::model::report::Shift;
    use crate::model::text::{Span, key};

    use super::*;
    use crate::geocode::candidate::FLOOR;
    use crate::geocode::fixture::{gazetteer, place};

    /// A bare mention of a name.
    pub(in crate::geocode) fn mention(name: &str) -> Mention {
        Mention {
            span: Span { start: 0, end: name.chars().count() },
            name: key(name),
            kind: None,
            relation: Relation::At,
            within: Vec::new(),
            side: None,
            beside: Vec::new(),
            shift: Shift::None,
            is_doubtful: false,
        }
    }

    /// One line of a table: what is said, and the place that is meant (`?` ambiguous, `-` unknown).
    #[derive(Default)]
    struct Case {
        name: &'static str,
        kind: Option<PlaceKind>,
        relation: Option<Relation>,
        within: &'static [&'static str],
        beside: &'static [&'static str],
        company: &'static [&'static str],
        meant: &'static str,
    }

    fn check(case: &Case) {
        let keys = |names: &[&str]| names.iter().map(|n| key(n)).collect::<Vec<_>>();
        let asked = Mention {
            kind: case.kind,
            relation: case.relation.unwrap_or(Relation::At),
            within: keys(case.within),
            beside: keys(case.beside),
            ..mention(case.name)
        };
        let company = Company::of(&keys(case.company), gazetteer());
        let found = resolve(&asked, &company, gazetteer());
        let meant = match &found {
            Resolution::Resolved { best, .. } => best.place.id.0.as_str(),
            Resolution::Ambiguous { .. } => "?",
            Resolution::Unresolved { .. } => "-",
        };
        assert_eq!(meant, case.meant, "{} in {:?}: {found:#?}", case.name, case.within);
    }

    #[test]
    fn a_landscape_is_meant_and_not_a_hamlet_of_its_name_unless_the_text_says_so() {
        for case in [
            Case { name: "الغوطة", meant: "ghouta", ..Case::default() },
            Case {
                name: "الغوطة",
                kind: Some(PlaceKind::Village),
                meant: "ghouta-hamlet",
                ..Case::default()
            },
            Case {
                name: "الغوطة", within: &["الرقة"], meant: "ghouta-hamlet", ..Case::default()
            },
        ] {
            check(&case);
        }
    }

    #[test]
    fn namesakes_are_told_apart_by_what_the_text_says_and_otherwise_not_at_all() {
        for case in [
            Case { name: "صفيان", meant: "?", ..Case::default() },
            Case {
                name: "صفيان", beside: &["الطبقة"], meant: "safyan-raqqa", ..Case::default()
            },
            Case {
                name: "صفيان", within: &["حلب"], meant: "safyan-aleppo", ..Case::default()
            },
            Case {
                name: "البعيدة", beside: &["الطبقة"], meant: "far-north", ..Case::default()
            },
            Case { name: "Safyan", within: &["Raqqa"], meant: "safyan-raqqa", ..Case::default() },
            Case {
                name: "عين التينة",
                within: &["اللاذقية"],
                meant: "tineh-latakia",
                ..Case::default()
            },
            Case {
                name: "عين التينة",
                within: &["طرطوس"],
                meant: "tineh-tartus",
                ..Case::default()
            },
            Case {
                name: "عين التينة", within: &["الرقة"], meant: "-", ..Case::default()
            },
            Case { name: "الجديدة", within: &["حلب"], meant: "?", ..Case::default() },
            Case {
                name: "الجديدة",
                within: &["حلب"],
                beside: &["الباب"],
                meant: "jadida-a",
                ..Case::default()
            },
        ] {
            check(&case);
        }
    }

    #[test]
    fn texts_err_about_borders_but_not_by_the_breadth_of_the_country() {
        for case in [
            Case {
                name: "الحدودية", within: &["حلب"], meant: "border-village", ..Case::default()
            },
            Case {
                name: "الحدودية", within: &["طرطوس"], meant: "-", ..Case::default()
            },
            // No village there is called so: the text means one that is not known, near its town.
            Case {
                name: "البعيدة", within: &["عفرين"], meant: "afrin", ..Case::default()
            },
            Case {
                name: "السكري",
                beside: &["كوباني"],
                meant: "sukkari-village",
                ..Case::default()
            },
        ] {
            check(&case);
        }
    }

    #[test]
    fn a_bare_name_is_the_city_and_a_governorate_is_named_as_one() {
        let governorate = Some(PlaceKind::Governorate);
        let district = Some(PlaceKind::District);
        for case in [
            Case { name: "عفرين", meant: "afrin", ..Case::default() },
            Case { name: "عفرين", kind: district, meant: "afrin-district", ..Case::default() },
            Case { name: "منطقة عفرين", meant: "afrin-district", ..Case::default() },
            Case { name: "M4", within: &["اللاذقية"], meant: "m4", ..Case::default() },
            Case { name: "حلب", meant: "aleppo", ..Case::default() },
            Case { name: "Aleppo", meant: "aleppo", ..Case::default() },
            Case { name: "حلب", kind: governorate, meant: "gov-aleppo", ..Case::default() },
            Case {
                name: "حلب",
                kind: governorate,
                relation: Some(Relation::Near),
                meant: "gov-aleppo",
                ..Case::default()
            },
            Case {
                name: "حلب",
                relation: Some(Relation::Within),
                meant: "gov-aleppo",
                ..Case::default()
            },
            Case {
                name: "حلب",
                relation: Some(Relation::Near),
                meant: "aleppo",
                ..Case::default()
            },
            Case { name: "ريف دمشق", meant: "gov-rural-damascus", ..Case::default() },
            Case { name: "Rif Dimashq", meant: "-", ..Case::default() },
            Case { name: "صفيان", kind: governorate, meant: "-", ..Case::default() },
            Case {
                name: "الباب",
                kind: Some(PlaceKind::District),
                meant: "bab-district",
                ..Case::default()
            },
        ] {
            check(&case);
        }
    }

    #[test]
    fn fame_tells_a_city_from_a_hamlet_but_not_against_the_text() {
        for case in [
            Case { name: "الباب", meant: "bab", ..Case::default() },
            Case {
                name: "الباب", within: &["الرقة"], meant: "bab-hamlet", ..Case::default()
            },
            Case {
                name: "الباب",
                kind: Some(PlaceKind::Village),
                meant: "bab-hamlet",
                ..Case::default()
            },
            Case { name: "دوما", within: &["دمشق"], meant: "duma", ..Case::default() },
        ] {
            check(&case);
        }
    }

    #[test]
    fn the_seat_of_a_subdistrict_is_meant_before_a_village_of_its_name() {
        let feature = |id: &str, kind: &str, lon: f64, pcode: Option<&str>| {
            serde_json::json!({
                "type": "Feature", "geometry": { "type": "Point", "coordinates": [lon, 36.3] },
                "properties":
                    { "id": id, "name_ar": "العريشة", "kind": kind, "adm1": "SY08", "pcode": pcode },
            })
        };
        let village = feature("village", "village", 41.6, Some("C1"));
        for (seat, meant) in [("town", "seat"), ("village", "village")] {
            let features = [feature("seat", seat, 40.7, None), village.clone()];
            let text = serde_json::json!({ "type": "FeatureCollection", "features": features });
            let (gazetteer, _) = Gazetteer::from_geojson(&text.to_string()).unwrap();
            let found = resolve(&mention("العريشة"), &Company::default(), &gazetteer);
            let Resolution::Resolved { best, .. } = &found else { panic!("{found:?}") };
            assert_eq!(best.place.id.0, meant, "{found:?}");
        }
    }

    #[test]
    fn the_word_before_a_name_tells_what_is_meant() {
        for case in [
            Case { name: "صرين", meant: "sirrin", ..Case::default() },
            Case {
                name: "صرين",
                kind: Some(PlaceKind::Airport),
                meant: "sirrin-airport",
                ..Case::default()
            },
            Case {
                name: "السكري",
                kind: Some(PlaceKind::Neighbourhood),
                within: &["حلب"],
                meant: "sukkari",
                ..Case::default()
            },
            Case {
                name: "السكري",
                kind: Some(PlaceKind::Village),
                within: &["حلب"],
                meant: "sukkari-village",
                ..Case::default()
            },
            Case { name: "M4", kind: Some(PlaceKind::Road), meant: "m4", ..Case::default() },
            Case {
                name: "السكري",
                kind: Some(PlaceKind::Road),
                within: &["حلب"],
                meant: "sukkari-village",
                ..Case::default()
            },
            Case { name: "صفيان", kind: Some(PlaceKind::Road), meant: "-", ..Case::default() },
        ] {
            check(&case);
        }
    }

    #[test]
    fn other_names_and_spellings_find_their_place() {
        for (name, meant) in [
            ("كوباني", "kobani"),
            ("الثورة", "tabqa"),
            ("كفرنبل", "kafr-nabl"),
            ("عامودة", "amuda-hamlet"),
            ("عاموده", "amuda-hamlet"),
            ("قامشلو", "-"),
            ("El Bab", "bab"),
            ("Ar Raqqa", "raqqa"),
            ("لاذقية", "latakia"),
            ("قرية لا يعرفها أحد", "-"),
            ("", "-"),
        ] {
            check(&Case { name, meant, ..Case::default() });
        }
    }

    #[test]
    fn the_company_of_an_article_tells_namesakes_apart() {
        for case in [
            Case {
                name: "صفيان", company: &["الطبقة"], meant: "safyan-raqqa", ..Case::default()
            },
            // Who writes the town in two ways does not tell of a hamlet far away.
            Case {
                name: "عامودة", company: &["عامودا"], meant: "amuda", ..Case::default()
            },
            Case { name: "صفيان", company: &["صفيان"], meant: "?", ..Case::default() },
            Case { name: "صفيان", company: &["دمشق"], meant: "-", ..Case::default() },
            Case {
                name: "صفيان",
                company: &["الطبقة"],
                within: &["حلب"],
                meant: "safyan-aleppo",
                ..Case::default()
            },
        ] {
            check(&case);
        }
    }

    #[test]
    fn the_precision_says_how_the_event_stands_to_the_point() {
        use GeoPrecision as P;
        use Relation as R;
        for (id, kind, relation, is) in [
            ("bab", None, R::At, P::Place),
            ("bab", None, R::Near, P::Near),
            ("bab", None, R::Within, P::Region),
            ("sukkari", Some(PlaceKind::Neighbourhood), R::At, P::Place),
            ("sirrin-airport", Some(PlaceKind::Airport), R::At, P::Place),
            ("sirrin", Some(PlaceKind::Airport), R::At, P::Near),
            ("safyan-raqqa", Some(PlaceKind::Road), R::At, P::Near),
            ("bab", Some(PlaceKind::District), R::At, P::Region),
            ("gov-aleppo", None, R::Near, P::Region),
            ("m4", None, R::At, P::Region),
        ] {
            let asked = Mention { kind, relation, ..mention("x") };
            assert_eq!(precision(&asked, place(id)), is, "{id} {kind:?} {relation:?}");
        }
    }

    fn some_name() -> impl Strategy<Value = String> {
        let names: Vec<String> = gazetteer().names().map(|(name, _)| name.to_owned()).collect();
        prop_oneof![proptest::sample::select(names), "\\PC{0,12}".prop_map(|text| key(&text))]
    }

    proptest! {
        #[test]
        fn a_resolved_place_bears_the_name(
            name in some_name(),
            within in proptest::collection::vec(some_name(), 0..3),
            beside in proptest::collection::vec(some_name(), 0..2),
            company in proptest::collection::vec(some_name(), 0..4),
            kind in proptest::option::of(proptest::sample::select(PlaceKind::ALL)),
            relation in proptest::sample::select(vec![Relation::At, Relation::Near, Relation::Within]),
        ) {
            let asked = Mention { name: name.clone(), kind, relation, within, beside, ..mention("x") };
            let company = Company::of(&company, gazetteer());
            if let Resolution::Resolved { best, .. } = decide(&asked, &company, gazetteer()) {
                let bearers = gazetteer().named(&name);
                let bears = bearers.iter().any(|b| gazetteer().places()[b.index].id == best.place.id);
                prop_assert!(bears || gazetteer().likeness(&name, best.place) >= 0.8);
                prop_assert!((FLOOR..=1.0).contains(&best.score) && !best.reasons.is_empty());
            }
            // What stands in for an unknown place is one that the text names around it.
            if let Resolution::Resolved { best, precision, .. } = resolve(&asked, &company, gazetteer()) {
                let own = decide(&asked, &company, gazetteer());
                let is_known = matches!(own, Resolution::Resolved { .. });
                prop_assert!(is_known || precision > GeoPrecision::Place);
                prop_assert!(!best.reasons.is_empty());
            }
        }
    }
}
