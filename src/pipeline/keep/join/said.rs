//! What people said, and what becomes of events by it.

use std::collections::BTreeSet;

use super::{Filed, Joining};
use crate::merge::group::{Pair, Pairs};
use crate::model::correction::Correction;
use crate::model::event::{Event, EventId, Review, Source, Trust};
use crate::store::Error;
use crate::store::draft::Said;

/// The word for two reports that tell of one happening.
pub(in crate::pipeline::keep) const JOINED: &str = "joined";

/// The word for two reports that tell of two.
pub(in crate::pipeline::keep) const PARTED: &str = "parted";

impl Joining<'_, '_, '_> {
    /// What people said of two reports.
    pub(super) fn pairs(&mut self) -> Result<Pairs, Error> {
        let mut pairs = Pairs::default();
        for said in self.draft.said_of_two()? {
            let pair = match said.word.as_str() {
                JOINED => Pair::One,
                PARTED => Pair::Two,
                _ => continue,
            };
            let other = said.other.unwrap_or_default();
            pairs.say(&EventId(said.event), &EventId(other), pair);
        }
        Ok(pairs)
    }

    /// The event with what people said of any of its reports.
    pub(super) fn reviewed(&mut self, event: Event, members: &[&Filed]) -> Result<Event, Error> {
        let mut said = Vec::new();
        let ids = members.iter().flat_map(|filed| [&filed.telling.event.id, &filed.event]);
        for id in ids.collect::<BTreeSet<&EventId>>() {
            let is_member = members.iter().any(|filed| filed.telling.event.id == *id);
            // Otherwise it stays with the report that it is named after.
            if is_member || !self.draft.is_told(id)? {
                said.extend(self.draft.said_of(id)?.into_iter().filter(|said| said.event == id.0));
            }
        }
        said.sort_by_key(|said| said.number);
        let by_hand = by_hand(&said).map(|said| EventId(said.event.clone()));
        // What somebody wrote into the table is there alone. Of the articles only their number counts.
        let found = match by_hand {
            Some(id) => self.draft.event(&id)?,
            None => None,
        };
        let event = match found {
            Some(found) => Event {
                id: event.id,
                source: Source { n_sources: event.source.n_sources, ..found.source },
                trust: Trust { review: event.trust.review, ..found.trust },
                ..found
            },
            None => event,
        };
        Ok(as_said(event, &said))
    }
}

/// The reviews that count: what was taken back does not, nor anything before that.
fn counting(said: &[Said]) -> impl Iterator<Item = (&Said, Review)> {
    let review = |said: &Said| said.word.parse::<Review>().ok().filter(|_| !said.is_undone);
    let back = said.iter().rposition(|said| review(said) == Some(Review::Machine));
    let said = said.iter().skip(back.map_or(0, |at| at + 1));
    said.filter_map(move |said| Some((said, review(said)?)))
}

/// The last word of somebody who corrected an event in the table itself.
fn by_hand(said: &[Said]) -> Option<&Said> {
    let is_by_hand = |(said, review): &(&Said, Review)| {
        *review == Review::Corrected && said.correction.is_none()
    };
    counting(said).filter(is_by_hand).last().map(|(said, _)| said)
}

/// An event with all that was said of it, the last word last. What another version wrote and cannot be
/// applied is left out.
pub(in crate::pipeline::keep) fn as_said(mut event: Event, said: &[Said]) -> Event {
    for (said, review) in counting(said) {
        let correction = said.correction.as_deref().map(serde_json::from_str::<Correction>);
        if let Some(Ok(correction)) = correction {
            event = correction.apply(&event).unwrap_or(event);
        }
        event.trust.review = review;
    }
    event
}
