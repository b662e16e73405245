//! The other places of an article: a story stays in one region more often than not.

use hashbrown::HashSet;

use crate::model::place::{Place, PlaceId, PlaceKind, Renown};
use crate::model::point::LonLat;
use crate::model::report::{Mention, Relation, Shift};
use crate::model::text::Span;

use super::context::areas;
use super::evidence::km;
use super::gazetteer::Gazetteer;
use super::resolve::{Resolution, decide};

/// The places of one story are seldom farther from the nearest other one.
const REGION_KM: f64 = 60.0;

/// The places of an article that are known without help from one another.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Company {
    anchors: Vec<Anchor>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Anchor {
    /// The name that the article gives it, folded.
    pub(super) name: String,
    /// Which place.
    pub(super) id: PlaceId,
    /// Code of its governorate; empty if it lies in several.
    pub(super) admin1_pcode: String,
    /// Whether it is more than a hamlet, which may be another of its name.
    pub(super) is_known: bool,
    /// Where it is, unless it is an area, whose point says little.
    pub(super) point: Option<LonLat>,
}

impl Company {
    /// The company of an article: those of its folded place names that only one place can mean.
    pub fn of(names: &[String], gazetteer: &Gazetteer) -> Self {
        let mut seen = HashSet::new();
        let mut anchors = Vec::new();
        for name in names {
            if !seen.insert(name) {
                continue;
            }
            let bare = bare_mention(name);
            if let Resolution::Resolved { best, .. } = decide(&bare, &Self::default(), gazetteer) {
                let place = best.place;
                // "Aleppo" names the governorate as often as the city.
                let is_governorate = |area: &&Place| area.kind == PlaceKind::Governorate;
                let names_area =
                    place.kind.is_area() || areas(name, gazetteer).iter().any(is_governorate);
                let point = (!names_area).then_some(place.point);
                let (id, admin1_pcode) = (place.id.clone(), place.admin1_pcode.clone());
                let is_known = Renown::of(place) == Renown::Town;
                anchors.push(Anchor { name: name.clone(), id, admin1_pcode, is_known, point });
            }
        }
        Self { anchors }
    }

    /// The company of a passage that names these: what stands beside a name tells more than what
    /// the article names elsewhere. The whole article's if the passage names no known place.
    pub(super) fn within(&self, names: &[&str]) -> Self {
        let is_near = |anchor: &&Anchor| names.contains(&anchor.name.as_str());
        let anchors: Vec<Anchor> = self.anchors.iter().filter(is_near).cloned().collect();
        if anchors.iter().any(|anchor| anchor.is_known) { Self { anchors } } else { self.clone() }
    }

    pub(super) fn anchors(&self) -> &[Anchor] {
        &self.anchors
    }

    /// Whether a place is one of those that the article is about: in the governorate of another
    /// or near it. An article that names no other known place speaks against none.
    pub(super) fn admits(&self, place: &Place) -> bool {
        let is_other = |anchor: &&Anchor| anchor.is_known && anchor.id != place.id;
        let mut others = self.anchors.iter().filter(is_other).peekable();
        others.peek().is_none()
            || others.any(|anchor| {
                let is_near = |point| km(point, place.point) <= REGION_KM;
                anchor.admin1_pcode == place.admin1_pcode || anchor.point.is_some_and(is_near)
            })
    }
}

fn bare_mention(name: &str) -> Mention {
    Mention {
        span: Span { start: 0, end: 0 },
        name: name.to_owned(),
        kind: None,
        relation: Relation::At,
        within: Vec::new(),
        side: None,
        beside: Vec::new(),
        shift: Shift::None,
        // What only sounds like a name is no company.
        is_doubtful: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geocode::fixture::gazetteer;

    #[test]
    fn only_what_is_known_by_itself_is_company() {
        let names = ["حلب", "حلب", "صفيان", "كوباني", "nowhere"].map(str::to_owned);
        let company = Company::of(&names, gazetteer());
        let ids: Vec<&str> = company.anchors().iter().map(|a| a.id.0.as_str()).collect();
        assert_eq!(ids, ["aleppo", "kobani"], "once each, and not the village of two governorates");
    }
}
