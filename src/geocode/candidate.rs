//! The places that a mention may mean, each with what speaks for and against it.

use crate::model::place::Place;
use crate::model::report::Mention;

use super::company::Company;
use super::evidence::{Clues, weigh};
use super::gazetteer::Gazetteer;

/// A place that bears the name of a mention.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate<'g> {
    /// The place.
    pub place: &'g Place,
    /// How much speaks for it, 0 to 1; 0 if it is ruled out.
    pub score: f64,
    /// The same, not cut at 1, so that two of which much is said still differ.
    pub(super) weight: f64,
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

/// Every place that bears the mention's name, the best first, those ruled out last.
///
/// The order is the same on every run: equal ones go by id.
pub fn candidates<'g>(
    mention: &Mention,
    company: &Company,
    gazetteer: &'g Gazetteer,
) -> Vec<Candidate<'g>> {
    let clues = Clues::of(mention, company, gazetteer);
    let bearers = gazetteer.named(&mention.name);
    let mut candidates: Vec<Candidate<'g>> = bearers
        .iter()
        .filter_map(|bearer| Some(weigh(gazetteer.places().get(bearer.index)?, bearer.by, &clues)))
        .collect();
    candidates.sort_by(|a, b| {
        let by_weight = b.weight.total_cmp(&a.weight);
        a.standing.cmp(&b.standing).then(by_weight).then_with(|| a.place.id.cmp(&b.place.id))
    });
    candidates
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
