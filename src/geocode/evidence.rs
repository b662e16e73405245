//! What speaks for and against a candidate. Every weight is here, with its reason.

use geo::{Distance, Haversine};

use crate::model::place::{Place, PlaceKind, Renown};
use crate::model::point::LonLat;
use crate::model::report::{Mention, Relation, Shift};

use super::candidate::{Candidate, Standing};
use super::company::Company;
use super::context::areas;
use super::gazetteer::{Gazetteer, NameMatch};
use super::spelling::without_admin_word;

/// A settlement `lies in` a bigger place as far as its countryside reaches.
const COUNTRYSIDE_KM: f64 = 40.0;

/// Outskirts of a capital may lie beyond the governorate of its name, as those of Damascus do.
const OUTSKIRTS_KM: f64 = 25.0;

/// The quarters of the largest towns lie that near to their middle.
const TOWN_KM: f64 = 15.0;

/// What a text calls `south of` or `near` is seldom farther.
const BESIDE_KM: f64 = 30.0;

/// What lies beyond and in another governorate is never called so.
const OUT_OF_SIGHT_KM: f64 = 100.0;

/// Places of one story are often that near to each other.
const COMPANY_KM: f64 = 30.0;

/// From that many people a place is as well known as a city.
const KNOWN_POPULATION: u64 = 20_000;

/// What the text and its article tell about the place that a mention means.
#[derive(Debug)]
pub(super) struct Clues<'a, 'g> {
    mention: &'a Mention,
    company: &'a Company,
    gazetteer: &'g Gazetteer,
    within: Vec<(&'a str, Vec<&'g Place>)>,
    beside: Vec<(&'a str, Vec<&'g Place>)>,
}

impl<'a, 'g> Clues<'a, 'g> {
    pub(super) fn of(mention: &'a Mention, company: &'a Company, gazetteer: &'g Gazetteer) -> Self {
        let read = |names: &'a [String]| {
            let places = names.iter().map(|name| (name.as_str(), areas(name, gazetteer)));
            places.filter(|(_, places)| !places.is_empty()).collect()
        };
        Self {
            mention,
            company,
            gazetteer,
            within: read(&mention.within),
            beside: read(&mention.beside),
        }
    }

    /// Whether a place that only sounds like the name may be meant: not if the name may be a
    /// common word, or the text puts it in something that the gazetteer does not know, as it may
    /// be abroad.
    pub(super) fn may_be_misspelled(&self) -> bool {
        !self.mention.is_doubtful && (self.mention.within.is_empty() || !self.within.is_empty())
    }

    /// Whether the place lies where the text puts it: not beside a hamlet if a town has the name as well.
    pub(super) fn admits(&self, place: &Place) -> bool {
        let is_known = |area: &&&Place| Renown::of(area) == Renown::Town;
        self.within.iter().all(|(_, areas)| {
            let known: Vec<&Place> = areas.iter().filter(is_known).copied().collect();
            match containment(place, if known.is_empty() { areas } else { &known }) {
                Containment::Inside(_) | Containment::Outskirts(_) => true,
                Containment::Countryside(far) => far <= COUNTRYSIDE_KM,
                Containment::Outside => false,
            }
        })
    }
}

/// Distance in kilometres.
pub(super) fn km(a: LonLat, b: LonLat) -> f64 {
    Haversine.distance(a.into(), b.into()) / 1000.0
}

/// A sum of reasons.
#[derive(Debug, Default)]
struct Balance {
    weight: f64,
    reasons: Vec<String>,
    ruled_out: bool,
}

impl Balance {
    fn add(&mut self, weight: f64, reason: impl Into<String>) {
        self.weight += weight;
        self.reasons.push(reason.into());
    }

    fn rule_out(&mut self, reason: impl Into<String>) {
        self.ruled_out = true;
        self.reasons.push(reason.into());
    }
}

/// Weighs one place.
pub(super) fn weigh<'g>(place: &'g Place, by: Likeness, clues: &Clues<'_, 'g>) -> Candidate<'g> {
    let mut balance = Balance::default();
    weigh_name(by, &mut balance);
    weigh_kind(place, clues.mention, &mut balance);
    // A camp is called after its people, and what sounds like its name is no village.
    let only_sounds = matches!(by, Likeness::Sounds(_)) && place.kind != PlaceKind::Camp;
    if clues.mention.kind == Some(PlaceKind::Camp) && only_sounds {
        balance.rule_out("its name only sounds like that of the camp that the text means");
    }
    // A quarter is named without its town where everybody knows it; a hamlet is none.
    let is_quarter = clues.mention.kind == Some(PlaceKind::Neighbourhood);
    if is_quarter && clues.mention.within.is_empty() && size(place.kind) == Some(1) {
        balance.rule_out("a village, but the text says a quarter, and not of what");
    }
    weigh_fame(place, by, clues.mention, &mut balance);
    for (name, areas) in &clues.within {
        weigh_containment(place, by, (name, areas), clues.gazetteer, &mut balance);
        if [clues.mention.kind, Some(place.kind)].contains(&Some(PlaceKind::Neighbourhood)) {
            weigh_town(place, by, (name, areas), &mut balance);
        }
    }
    for (name, neighbours) in &clues.beside {
        weigh_neighbours(place, name, neighbours, &mut balance);
        rule_out_far(place, clues.mention, (name, neighbours), &mut balance);
    }
    weigh_company(place, clues, &mut balance);
    let Balance { weight, reasons, ruled_out } = balance;
    let (standing, score) = if ruled_out {
        (Standing::RuledOut, 0.0)
    } else {
        (Standing::InPlay, weight.clamp(0.0, 1.0))
    };
    Candidate {
        place,
        point: place.point,
        score,
        weight,
        is_sure: matches!(by, Likeness::Bears(_)),
        reasons,
        standing,
    }
}

/// How the name of a place fits that of a mention.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Likeness {
    /// It bears the name in this way.
    Bears(NameMatch),
    /// It is written so in another romanisation, and sounds so to this degree.
    Romanised(f64),
    /// It only sounds so, to this degree.
    Sounds(f64),
}

impl Likeness {
    fn is_exact(self) -> bool {
        matches!(self, Self::Bears(NameMatch::Primary | NameMatch::Alias))
    }
}

/// An exact name outweighs fame and company together; only the text's own words
/// about the place can overturn it.
fn weigh_name(by: Likeness, balance: &mut Balance) {
    match by {
        Likeness::Bears(NameMatch::Primary) => balance.add(0.60, "its name"),
        Likeness::Bears(NameMatch::Alias) => balance.add(0.53, "another name of it"),
        Likeness::Bears(NameMatch::Variant) => balance.add(0.35, "another spelling of its name"),
        Likeness::Bears(NameMatch::Core) => {
            balance.add(0.15, "its name but for a word that tells its parts or namesakes apart");
        }
        Likeness::Romanised(likeness) => {
            let weight = 0.40 - (1.0 - likeness) * 1.2;
            balance.add(weight, format!("another spelling of its name, {likeness:.2} alike"));
        }
        // From what is hardly alike to what differs only in vowels.
        Likeness::Sounds(likeness) => {
            let weight = 0.30 - (1.0 - likeness) * 1.2;
            let told = format!("its name sounds like that or is misspelled, {likeness:.2} alike");
            balance.add(weight, told);
        }
    }
}

fn weigh_kind(place: &Place, mention: &Mention, balance: &mut Balance) {
    let (kind, told) = (place.kind, told_kind(place.kind));
    let named_area = kind.is_area() && without_admin_word(&mention.name).is_some();
    // `طريق أحرص في ريف حلب` leads to the village.
    let leads_there = mention.kind == Some(PlaceKind::Road)
        && size(kind) == Some(1)
        && !mention.within.is_empty();
    match mention.kind {
        Some(_) if leads_there => balance.add(-0.15, format!("{told}, to which a road leads")),
        Some(asked) => weigh_asked_kind(kind, asked, balance),
        None if named_area => balance.add(0.10, format!("{told}, and named as one")),
        None if mention.relation == Relation::Countryside => match kind {
            PlaceKind::Governorate => {
                balance.add(0.20, format!("{told}: its countryside is meant"));
            }
            kind if kind.is_settlement() => {}
            _ => balance.add(-0.03, told),
        },
        None if mention.relation == Relation::Within => match kind {
            PlaceKind::Governorate => balance.add(0.20, format!("{told}: the text means a region")),
            kind if kind.is_area() => balance.add(0.10, format!("{told}: the text means a region")),
            _ => balance.add(-0.05, format!("{told}, but the text means a region")),
        },
        None => match kind {
            PlaceKind::Governorate | PlaceKind::District | PlaceKind::Subdistrict => {
                balance.add(-0.10, format!("{told}, and a bare name means the town"));
            }
            PlaceKind::Neighbourhood => balance.add(-0.05, told),
            kind if kind.is_settlement() => {}
            _ => balance.add(-0.03, told),
        },
    }
}

fn weigh_asked_kind(kind: PlaceKind, asked: PlaceKind, balance: &mut Balance) {
    let (told, said) = (told_kind(kind), told_kind(asked));
    if kind == asked {
        return balance.add(0.15, format!("{told}, as the text says"));
    }
    if is_like(kind, asked) {
        return balance.add(0.12, format!("{told}, which the text may call {said}"));
    }
    match (size(kind), size(asked)) {
        (Some(a), Some(b)) if a.abs_diff(b) == 1 => {
            balance.add(0.06, format!("{told}, where the text says {said}"));
        }
        (Some(_), Some(_)) => balance.add(-0.12, format!("{told}, and hardly {said}")),
        // `مقاطعة الجزيرة` is not the hamlet of that name; `بادية الشولا` is the land around it.
        _ if asked.is_area() && asked != PlaceKind::Region && size(kind) == Some(1) => {
            balance.rule_out(format!("{told}, but the text says {said}"));
        }
        _ if asked == PlaceKind::Governorate => {
            balance.rule_out(format!("{told}, but the text names a governorate"));
        }
        _ if kind == PlaceKind::Neighbourhood && !asked.is_settlement() => {
            balance.rule_out(format!("{told}, but the text says {said}"));
        }
        _ if kind.is_settlement() && !asked.is_settlement() => {
            balance.add(-0.15, format!("{told}, after which {said} may be named"));
        }
        _ => balance.add(-0.15, format!("{told}, but the text says {said}")),
    }
}

/// A kind in words with its article.
fn told_kind(kind: PlaceKind) -> String {
    let words = kind.as_str().replace('_', " ");
    let article = if words.starts_with(['a', 'o']) { "an" } else { "a" };
    format!("{article} {words}")
}

/// Kinds that texts do not keep apart.
fn is_like(a: PlaceKind, b: PlaceKind) -> bool {
    use PlaceKind as K;
    [
        [K::Airbase, K::Airport],
        [K::Airbase, K::Base],
        [K::Village, K::PopulatedPlace],
        [K::District, K::Subdistrict],
        // English calls both by one word.
        [K::District, K::Neighbourhood],
        [K::Neighbourhood, K::PopulatedPlace],
        [K::Mine, K::Site],
        [K::Mountain, K::Region],
    ]
    .iter()
    .any(|&[x, y]| (a, b) == (x, y) || (a, b) == (y, x))
}

/// Size classes of towns; desks differ by one class.
fn size(kind: PlaceKind) -> Option<u8> {
    match kind {
        PlaceKind::City => Some(3),
        PlaceKind::Town => Some(2),
        PlaceKind::Village | PlaceKind::PopulatedPlace => Some(1),
        _ => None,
    }
}

/// Fame only tells a town from hamlets: it is less than any word of the text.
fn weigh_fame(place: &Place, by: Likeness, mention: &Mention, balance: &mut Balance) {
    let called_small = matches!(mention.kind, Some(PlaceKind::Village | PlaceKind::PopulatedPlace));
    let people = place.population.unwrap_or(0);
    match place.kind {
        PlaceKind::City if !called_small => balance.add(0.16, "a city"),
        PlaceKind::City => {}
        kind if kind.is_settlement() && people >= KNOWN_POPULATION => {
            balance.add(0.13, format!("{people} people live there"));
        }
        // More than a village of the register, and of the very name by more than the margin.
        PlaceKind::Town => {
            let weight = if by.is_exact() { 0.12 } else { 0.08 };
            balance.add(weight, "a town of its own administration");
        }
        // `الغوطة` is the land around Damascus, and not a hamlet far away; by more than the margin, too.
        PlaceKind::Region if by.is_exact() && !called_small => {
            balance.add(0.15, "a landscape of that very name");
        }
        PlaceKind::PopulatedPlace | PlaceKind::Village if place.pcode.is_some() => {
            balance.add(0.06, "one of the communities that the country's register lists");
        }
        _ => {}
    }
}

/// How a place lies to a name that the text says it lies in.
enum Containment {
    Inside(String),
    Outskirts(f64),
    Countryside(f64),
    Outside,
}

fn weigh_containment(
    place: &Place,
    by: Likeness,
    (name, areas): (&str, &[&Place]),
    gazetteer: &Gazetteer,
    balance: &mut Balance,
) {
    let named_governorate = areas.iter().any(|area| area.kind == PlaceKind::Governorate);
    match containment(place, areas) {
        Containment::Inside(area) => balance.add(0.30, format!("in {area}, as the text says")),
        Containment::Countryside(far) => {
            let weight = by_distance(far, COUNTRYSIDE_KM, -0.45);
            balance.add(weight, format!("{far:.0} km from `{name}`, in which the text puts it"));
        }
        Containment::Outskirts(far) => {
            balance.add(0.15, format!("beyond the governorate, but {far:.0} km from `{name}`"));
        }
        Containment::Outside if crosses_governorates(place.kind) => {
            balance.add(0.0, format!("{}, which may reach into `{name}`", told_kind(place.kind)));
        }
        // Texts err about the governorate of a town near its border, and not about its name.
        Containment::Outside if named_governorate && is_known_town(place, by) => {
            let told = format!("in {}, not in `{name}` as the text says", told_admin(place));
            balance.add(-0.40, told);
        }
        Containment::Outside
            if by.is_exact()
                && place.kind.is_settlement()
                && areas.iter().any(|area| is_across(place, area, gazetteer)) =>
        {
            let told = format!("in {}, at the border of `{name}`", told_admin(place));
            balance.add(-0.30, told);
        }
        Containment::Outside if named_governorate => {
            balance.rule_out(format!("in {}, not in `{name}` as the text says", told_admin(place)));
        }
        Containment::Outside => {
            // The text may mean a bigger namesake of a hamlet, which the gazetteer does not have.
            let small = areas.iter().all(|area| size(area.kind).is_some_and(|size| size == 1));
            let told = format!("not in `{name}`, nor near it as the text says");
            if !small && Renown::of(place) == Renown::Village {
                balance.rule_out(told);
            } else {
                balance.add(if small { -0.15 } else { -0.45 }, told);
            }
        }
    }
}

/// Whether a place lies at the border of the governorate that another lies in.
fn is_across(place: &Place, area: &Place, gazetteer: &Gazetteer) -> bool {
    place.admin1_pcode != area.admin1_pcode && gazetteer.borders(place, &area.admin1_pcode)
}

fn is_known_town(place: &Place, by: Likeness) -> bool {
    let bears = match by {
        Likeness::Bears(by) => by < NameMatch::Core,
        Likeness::Romanised(likeness) | Likeness::Sounds(likeness) => likeness > 0.93,
    };
    bears && matches!(place.kind, PlaceKind::City | PlaceKind::Town)
}

fn containment(place: &Place, areas: &[&Place]) -> Containment {
    let holds = |area: &&&Place| match area.kind {
        PlaceKind::Governorate => area.admin1_pcode == place.admin1_pcode,
        PlaceKind::District | PlaceKind::Subdistrict => is_district_of(area, place),
        _ => false,
    };
    if let Some(area) = areas.iter().find(holds) {
        return Containment::Inside(format!("the {} of {}", area.kind, told_name(area)));
    }
    let named_governorate = areas.iter().any(|area| area.kind == PlaceKind::Governorate);
    let near = areas.iter().filter(|area| {
        matches!(
            area.kind,
            PlaceKind::Region | PlaceKind::Mountain | PlaceKind::District | PlaceKind::Subdistrict
        ) || (area.kind.is_settlement() && area.id != place.id)
    });
    let Some(far) = near.map(|area| km(area.point, place.point)).min_by(f64::total_cmp) else {
        return Containment::Outside;
    };
    if named_governorate {
        return if far <= OUTSKIRTS_KM {
            Containment::Outskirts(far)
        } else {
            Containment::Outside
        };
    }
    if far <= 2.0 * COUNTRYSIDE_KM { Containment::Countryside(far) } else { Containment::Outside }
}

/// A quarter or a building lies in its town; that it is in the right governorate is not enough.
fn weigh_town(
    place: &Place,
    by: Likeness,
    (name, areas): (&str, &[&Place]),
    balance: &mut Balance,
) {
    // The police station of a town may be named by the town.
    if is_known_town(place, by) {
        return;
    }
    let towns = areas.iter().filter(|area| area.kind.is_settlement() && area.id != place.id);
    let nearest = towns.map(|town| km(town.point, place.point)).min_by(f64::total_cmp);
    let Some(far) = nearest.filter(|&far| far > TOWN_KM) else { return };
    let told = format!("{far:.0} km from `{name}`, too far for a quarter of it");
    if by.is_exact() && place.kind != PlaceKind::Neighbourhood {
        balance.add(-0.25, told);
    } else {
        balance.rule_out(told);
    }
}

/// Whether a district or sub-district is the one that a place says it lies in.
pub(super) fn is_district_of(area: &Place, place: &Place) -> bool {
    // An area may be called `Afrin District` while places name it `Afrin`.
    let same = |named: &Option<String>, own: &Option<String>| {
        named.is_some() && (named == own || named.as_ref() == Some(&area.name_en))
    };
    area.admin1_pcode == place.admin1_pcode
        && match area.kind {
            PlaceKind::District => same(&place.admin2, &area.admin2),
            PlaceKind::Subdistrict => same(&place.admin3, &area.admin3),
            _ => false,
        }
}

/// Roads and landscapes cross governorates; their record names only one.
fn crosses_governorates(kind: PlaceKind) -> bool {
    matches!(kind, PlaceKind::Region | PlaceKind::Road | PlaceKind::Water)
}

fn weigh_neighbours(place: &Place, name: &str, neighbours: &[&Place], balance: &mut Balance) {
    let others = neighbours.iter().filter(|other| other.id != place.id);
    let Some(far) = others.map(|other| km(other.point, place.point)).min_by(f64::total_cmp) else {
        return;
    };
    let told = format!("{far:.0} km from `{name}`, which the text names beside it");
    // `شمالي حلب` is the north of the governorate as often as the road out of the city.
    let is_of_its_land = neighbours
        .iter()
        .any(|area| area.kind == PlaceKind::Governorate && area.admin1_pcode == place.admin1_pcode);
    let least = if is_of_its_land { 0.2 } else { f64::MIN };
    balance.add(by_distance(far, BESIDE_KM, -0.20).max(least), told);
}

/// A place far off in another governorate is not the one that stands `south of` another; the ends of a road may be
/// far from each other.
fn rule_out_far(
    place: &Place,
    mention: &Mention,
    (name, neighbours): (&str, &[&Place]),
    balance: &mut Balance,
) {
    let is_near = |other: &&Place| {
        other.admin1_pcode == place.admin1_pcode || km(other.point, place.point) < OUT_OF_SIGHT_KM
    };
    let is_road =
        matches!(mention.shift, Shift::HalfWay(_)) || mention.kind == Some(PlaceKind::Road);
    if place.kind.is_settlement() && !is_road && !neighbours.iter().any(is_near) {
        balance.rule_out(format!("far from `{name}`, which the text names beside it"));
    }
}

/// The weight of lying so far from a landmark: 0.30 there, half of it at the edge of its
/// reach, and from there falling to what speaks against a place. Texts are generous with
/// `south of`, so that of two namesakes the nearer is meant even if both are far.
fn by_distance(far: f64, reach: f64, against: f64) -> f64 {
    let (at, edge) = (0.30, 0.15);
    if far <= reach {
        at - (at - edge) * far / reach
    } else {
        let beyond = ((far - reach) / reach).min(1.0);
        edge - (edge - against) * beyond
    }
}

fn weigh_company(place: &Place, clues: &Clues<'_, '_>, balance: &mut Balance) {
    // A name is no company to itself.
    let others = || {
        let anchors = clues.company.anchors().iter();
        anchors.filter(|anchor| anchor.id != place.id && anchor.name != clues.mention.name)
    };
    let placed = others().filter(|anchor| !anchor.admin1_pcode.is_empty()).count();
    let same = others().filter(|anchor| anchor.admin1_pcode == place.admin1_pcode).count();
    if placed > 0 && same > 0 {
        let told = format!("{same} of {placed} other places of the article are in its governorate");
        balance.add(0.08 * ratio(same, placed), told);
    }
    // A hamlet that lies nowhere near the story is a namesake of the one it tells of.
    // Nor is the village of its name the oil field that the text means.
    let asked_site =
        clues.mention.kind.is_some_and(|kind| !kind.is_settlement() && !kind.is_area());
    let stands_in = asked_site && place.kind.is_settlement();
    let is_hamlet = stands_in || Renown::of(place) == Renown::Village;
    let is_told_where = !clues.mention.within.is_empty() || !clues.mention.beside.is_empty();
    if is_hamlet && !is_told_where && !clues.company.admits(place) {
        balance.rule_out("far from all other places of the article");
    }
    let points = others().filter_map(|anchor| anchor.point);
    let nearest = points.map(|point| km(point, place.point)).min_by(f64::total_cmp);
    // `الحديقة العامة` of an article on another town is that town's.
    let is_quarter = place.kind == PlaceKind::Neighbourhood && !is_told_where;
    if is_quarter && nearest.is_some_and(|far| far > TOWN_KM) && same == 0 {
        balance.rule_out("a quarter of a town that the article does not name");
    }
    if let Some(far) = nearest.filter(|&far| far <= COMPANY_KM) {
        let weight = 0.12 * (1.0 - far / COMPANY_KM);
        balance.add(weight, format!("{far:.0} km from another place of the article"));
    }
}

fn ratio(part: usize, whole: usize) -> f64 {
    let number = |n| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
    number(part) / number(whole)
}

fn told_name(place: &Place) -> &str {
    if place.name_en.is_empty() { &place.name_ar } else { &place.name_en }
}

fn told_admin(place: &Place) -> &str {
    if place.admin1.is_empty() { "no one governorate" } else { &place.admin1 }
}
