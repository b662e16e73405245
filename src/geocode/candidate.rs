//! The places that a mention may mean, each with what speaks for and against it.

use crate::model::place::Place;
use crate::model::point::LonLat;
use crate::model::report::Mention;

use super::company::Company;
use super::evidence::{Clues, Likeness, weigh};
use super::gazetteer::{Gazetteer, NameMatch};

/// A place that bears the name of a mention.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate<'g> {
    /// The place.
    pub place: &'g Place,
    /// Where it is, or where the text puts the event from there.
    pub point: LonLat,
    /// How much speaks for it, 0 to 1; 0 if it is ruled out.
    pub score: f64,
    /// The same, not cut at 1, so that two of which much is said still differ.
    pub(super) weight: f64,
    /// Whether it bears the name, and not only one that is romanised so or sounds so.
    pub(super) is_sure: bool,
    /// What speaks for and against it, in words.
    pub reasons: Vec<String>,
    /// Whether the text allows it at all.
    pub standing: Standing,
}

/// Whether a candidate can still be meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It can.
    InPlay,
    /// The text says something that it does not fulfil.
    RuledOut,
}

/// Less speaks for a place that hardly bears the name and that nothing else points to.
pub(super) const FLOOR: f64 = 0.2;

impl Candidate<'_> {
    /// Whether it may be meant.
    pub(super) fn is_likely(&self) -> bool {
        self.standing == Standing::InPlay && self.weight >= FLOOR
    }
}

/// Every place that bears the mention's name, the best first, those ruled out last.
///
/// Only if none of them is likely, those that sound like it or are misspelled in a letter are
/// weighed as well. The order is the same on every run: equal ones go by id.
pub fn candidates<'g>(
    mention: &Mention,
    company: &Company,
    gazetteer: &'g Gazetteer,
) -> Vec<Candidate<'g>> {
    let clues = Clues::of(mention, company, gazetteer);
    let bearers = gazetteer.named(&mention.name);
    let weighed = bearers.iter().filter_map(|bearer| {
        let place = gazetteer.places().get(bearer.index)?;
        Some(weigh(place, fit(&mention.name, place, bearer.by, gazetteer), &clues))
    });
    let mut candidates: Vec<Candidate<'g>> = weighed.collect();
    let is_sure = |candidate: &Candidate<'_>| candidate.is_likely() && candidate.is_sure;
    if !candidates.iter().any(is_sure) && clues.may_be_misspelled() {
        for (place, likeness) in gazetteer.alike(&mention.name, |place| clues.admits(place)) {
            if candidates.iter().all(|known| known.place.id != place.id) {
                candidates.push(weigh(place, Likeness::Sounds(likeness), &clues));
            }
        }
    }
    candidates.sort_by(|a, b| {
        let by_weight = b.weight.total_cmp(&a.weight);
        a.standing.cmp(&b.standing).then(by_weight).then_with(|| a.place.id.cmp(&b.place.id))
    });
    candidates
}

/// Romanisations of two names may be the same, and how alike the names are still differs.
fn fit(name: &str, place: &Place, by: NameMatch, gazetteer: &Gazetteer) -> Likeness {
    match by {
        NameMatch::Variant if name.is_ascii() => {
            Likeness::Romanised(gazetteer.likeness(name, place))
        }
        by => Likeness::Bears(by),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geocode::fixture::gazetteer;
    use crate::geocode::resolve::tests::mention;

    #[test]
    fn candidates_come_best_first_with_reasons_and_the_refused_last() {
        let mut asked = mention("عين التينة");
        asked.within = vec!["طرطوس".to_owned()];
        let found = candidates(&asked, &Company::default(), gazetteer());
        let ids: Vec<&str> = found.iter().map(|c| c.place.id.0.as_str()).collect();
        assert_eq!(ids, ["tineh-tartus", "tineh-latakia"]);
        assert_eq!(found[1].standing, Standing::RuledOut);
        assert!(found[1].reasons.iter().any(|r| r.contains("not in")), "{:?}", found[1].reasons);
        assert!(found[0].score > found[1].score && found[0].score <= 1.0);
    }
}
