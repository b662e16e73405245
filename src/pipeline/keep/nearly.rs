//! Events that may be one, and were not joined.

use std::collections::{BTreeMap, BTreeSet};

use super::join::said::PARTED;
use crate::merge::nearly::{NEARLY, Nearly};
use crate::merge::print::Print;
use crate::merge::score::score;
use crate::merge::telling::{Common, Telling};
use crate::model::event::EventId;
use crate::pipeline::Knowledge;
use crate::store::draft::{Filed, Reach};
use crate::store::{self, Store};

/// So many are told of an event, the likest.
const MOST: usize = 10;

impl Knowledge {
    /// The events that may be the same as an event, the likest first; without those that a person split
    /// off. Looked for among the reports that its own could meet.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn possible_duplicates(
        &self,
        store: &Store,
        id: &EventId,
    ) -> Result<Vec<Nearly>, store::Error> {
        let own: Vec<Telling> =
            store.reports_of(id)?.into_iter().map(|filed| self.telling_of(filed)).collect();
        let mut found: BTreeMap<EventId, Nearly> = BTreeMap::new();
        for telling in &own {
            let crate::merge::telling::Reach { area, days } = telling.reach();
            for filed in store.reports_near(Reach { area, days })? {
                let event = filed.event.clone();
                if event == *id {
                    continue;
                }
                let Ok(parts) = score(telling, &self.telling_of(filed)) else { continue };
                let nearly = Nearly { event: event.clone(), score: parts.total(), parts };
                let is_likest = found.get(&event).is_none_or(|known| known.score < nearly.score);
                if nearly.score >= NEARLY && is_likest {
                    found.insert(event, nearly);
                }
            }
        }
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let parted = parted(store, &own)?;
        // What was rejected is none any more.
        let is_shown = |nearly: &Nearly| {
            !parted.contains(&nearly.event.0) && store.event(&nearly.event).is_some()
        };
        let mut found: Vec<Nearly> = found.into_values().filter(is_shown).collect();
        found.sort_by(|a, b| b.score.total_cmp(&a.score));
        found.truncate(MOST);
        Ok(found)
    }

    /// A report as it is compared with others.
    pub(super) fn telling_of(&self, filed: Filed) -> Telling {
        let kind = filed.place_kind.and_then(|kind| kind.parse().ok());
        let common = Common { print: Print::from_bytes(&filed.minhash), trust: filed.trust };
        Telling::new(filed.told, kind, common, &self.words)
    }
}

/// What people say is not what these tell.
fn parted(store: &Store, own: &[Telling]) -> Result<BTreeSet<String>, store::Error> {
    let is_own = |id: &str| own.iter().any(|telling| telling.event.id.0 == id);
    let said = store.reviews()?.into_iter();
    let said = said.filter(|said| said.word == PARTED && !said.is_undone);
    let pairs = said.filter_map(|said| Some((said.event, said.other?)));
    Ok(pairs
        .filter_map(|(one, other)| match (is_own(&one), is_own(&other)) {
            (true, _) => Some(other),
            (_, true) => Some(one),
            _ => None,
        })
        .collect())
}
