//! What one list of places has that another has not.

use std::collections::HashMap;

use crate::geocode::stats::ranked;
use crate::model::place::{Place, PlaceId};

/// How many places came, changed and went, by source.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changes {
    /// Places that were not there.
    pub added: Vec<(String, usize)>,
    /// Places of the same id of which something is told otherwise.
    pub changed: Vec<(String, usize)>,
    /// Places that are there no more.
    pub gone: Vec<(String, usize)>,
    /// Places that stayed as they were.
    pub same: usize,
}

impl Changes {
    /// Compares two lists by the ids of their places.
    pub fn between(old: &[Place], new: &[Place]) -> Self {
        let before: HashMap<&PlaceId, &Place> =
            old.iter().map(|place| (&place.id, place)).collect();
        let after: HashMap<&PlaceId, &Place> = new.iter().map(|place| (&place.id, place)).collect();
        let sources = |places: Vec<&Place>| {
            ranked(places.into_iter().map(|place| who(&place.source).to_owned()))
        };
        let added = new.iter().filter(|place| !before.contains_key(&place.id)).collect();
        let gone = old.iter().filter(|place| !after.contains_key(&place.id)).collect();
        let (same, changed): (Vec<&Place>, Vec<&Place>) = new
            .iter()
            .filter(|place| before.contains_key(&place.id))
            .partition(|place| before.get(&place.id) == Some(place));
        Self {
            added: sources(added),
            changed: sources(changed),
            gone: sources(gone),
            same: same.len(),
        }
    }
}

/// The source of a place without what it says more (`hand: bridges`).
fn who(source: &str) -> &str {
    source.split([':', ',']).next().unwrap_or(source).trim()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geocode::fixture::place;

    #[test]
    fn what_came_changed_and_went_is_counted_by_source() {
        let [aleppo, raqqa, duma] = ["aleppo", "raqqa", "duma"].map(|id| place(id).clone());
        let mut moved = raqqa.clone();
        moved.population = Some(1);
        let changes = Changes::between(&[aleppo.clone(), raqqa, duma.clone()], &[aleppo, moved]);
        let invented = |n| vec![("invented".to_owned(), n)];
        let told = Changes { added: vec![], changed: invented(1), gone: invented(1), same: 1 };
        assert_eq!(changes, told);
        assert_eq!(Changes::between(&[], &[duma]).added, invented(1));
    }
}
