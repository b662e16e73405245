//! How many places a gazetteer has, of which kinds, from whom, and what it knows of them.

use std::collections::BTreeMap;

use crate::model::place::Place;
use crate::model::text::key;

/// Names borne by many places that are listed.
const MOST_REPEATED: usize = 10;

/// Counts over the places of a gazetteer. Lists are the greatest count first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stats {
    /// All places.
    pub places: usize,
    /// By kind.
    pub kinds: Vec<(String, usize)>,
    /// By governorate.
    pub governorates: Vec<(String, usize)>,
    /// By source.
    pub sources: Vec<(String, usize)>,
    /// With an Arabic name.
    pub arabic: usize,
    /// With an English name.
    pub english: usize,
    /// With a population.
    pub populated: usize,
    /// Other names, over all places.
    pub other_names: usize,
    /// Main names, Arabic where there is one, that several places bear.
    pub repeated: usize,
    /// Those of them that most places bear.
    pub most_repeated: Vec<(String, usize)>,
}

impl Stats {
    /// Counts.
    pub fn of(places: &[Place]) -> Self {
        let many = |is: fn(&Place) -> bool| places.iter().filter(|place| is(place)).count();
        let counted = |of: fn(&Place) -> String| ranked(places.iter().map(of));
        let mut repeated = counted(|place| {
            let name = if place.name_ar.is_empty() { &place.name_en } else { &place.name_ar };
            key(name)
        });
        repeated.retain(|(_, count)| *count > 1);
        let repeats = repeated.len();
        repeated.truncate(MOST_REPEATED);
        Self {
            places: places.len(),
            kinds: counted(|place| place.kind.to_string()),
            governorates: counted(|place| or(&place.admin1, "none")),
            sources: counted(|place| or(&place.source, "not told")),
            arabic: many(|place| !place.name_ar.is_empty()),
            english: many(|place| !place.name_en.is_empty()),
            populated: many(|place| place.population.is_some()),
            other_names: places.iter().map(|place| place.alt_ar.len() + place.alt_en.len()).sum(),
            repeated: repeats,
            most_repeated: repeated,
        }
    }
}

fn or(text: &str, otherwise: &str) -> String {
    let text = if text.is_empty() { otherwise } else { text };
    text.to_owned()
}

/// How often each text comes, the most frequent first, those of one count by the alphabet.
pub(super) fn ranked(texts: impl Iterator<Item = String>) -> Vec<(String, usize)> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for text in texts {
        *counts.entry(text).or_default() += 1;
    }
    let mut counts: Vec<(String, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geocode::fixture::gazetteer;

    #[test]
    fn places_are_counted_by_what_is_known_of_them() {
        let stats = Stats::of(gazetteer().places());
        assert_eq!(stats.places, gazetteer().places().len());
        assert_eq!(stats.kinds.iter().map(|(_, n)| n).sum::<usize>(), stats.places);
        assert_eq!(stats.governorates[0].0, "Aleppo");
        assert!(stats.governorates.contains(&("none".to_owned(), 1)));
        assert_eq!(stats.sources, [("invented".to_owned(), stats.places)]);
        assert_eq!((stats.arabic, stats.english, stats.populated), (stats.places, stats.places, 0));
        assert_eq!(stats.most_repeated[0], (key("الباب"), 3));
        assert!(stats.repeated >= stats.most_repeated.len());
    }

    #[test]
    fn an_empty_gazetteer_has_counts_too() {
        assert_eq!(Stats::of(&[]), Stats::default());
    }
}
