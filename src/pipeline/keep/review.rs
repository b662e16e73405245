//! What a person says of events: the last word, which survives articles and extractors.

use super::join::Joining;
use super::join::said::{JOINED, PARTED, as_said};
use crate::model::correction::{Correction, NotCorrected};
use crate::model::event::{Event, EventId, Review};
use crate::pipeline::Knowledge;
use crate::store::draft::Said;
use crate::store::{self, Store};

/// What is said.
#[derive(Debug, Clone, PartialEq)]
pub enum Word {
    /// It is as it is told.
    Confirmed,
    /// It is otherwise.
    Corrected(Correction),
    /// There was no such event: it leaves the map.
    Rejected,
    /// It and another are one.
    Joined(EventId),
    /// What this report of it tells is another event.
    Parted(EventId),
    /// The last word that counts is taken back.
    Undone,
}

/// Who says it, and why.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reviewer {
    /// The name.
    pub name: Option<String>,
    /// The reason.
    pub note: Option<String>,
}

/// A word that cannot be said.
#[derive(Debug, thiserror::Error)]
pub enum ReviewError {
    /// The store failed; nothing was changed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// No such event.
    #[error("there is no event `{0}`")]
    Unknown(EventId),
    /// It is a part of another.
    #[error("`{report}` was joined to the event `{event}`: say that of it")]
    Report {
        /// What was named.
        report: EventId,
        /// What it belongs to.
        event: EventId,
    },
    /// A report of another event, or none.
    #[error(
        "the event `{event}` has no report `{report}` (/collections/events/items/{{feature}}/sources lists them)"
    )]
    OfAnother {
        /// What was named.
        report: EventId,
        /// The event.
        event: EventId,
    },
    /// Both are the same event.
    #[error("`{0}` and `{1}` are one event already")]
    OneAlready(EventId, EventId),
    /// What was coded elsewhere has no reports.
    #[error("`{0}` was imported: it can be confirmed, corrected and rejected, and is never joined")]
    Imported(EventId),
    /// An event is named after its first report.
    #[error(
        "the event is named after its report `{0}`: name the one that is to leave it (/collections/events/items/{{feature}}/sources lists them)"
    )]
    Elder(EventId),
    /// Nobody said anything.
    #[error("nothing that could be undone was said of `{0}`")]
    NothingSaid(EventId),
    /// The correction makes no event.
    #[error(transparent)]
    NotCorrected(#[from] NotCorrected),
}

impl Knowledge {
    /// Adds what a person says of an event, or of two, and tells all that follows from it anew.
    ///
    /// # Errors
    /// If it cannot be said of that, or the store fails; then nothing is changed.
    pub fn review(
        &self,
        store: &Store,
        id: &EventId,
        word: &Word,
        by: &Reviewer,
    ) -> Result<(), ReviewError> {
        store.change(|draft| {
            let mut joining = Joining::new(self, store.id(), draft);
            // Everything is a report, then, but what was imported.
            while joining.compare_old()? > 0 {}
            let said = joining.say(id, word, by);
            match said {
                Ok(()) => joining.settle().map(Ok),
                Err(ReviewError::Store(error)) => Err(error),
                Err(other) => joining.settle().map(|()| Err(other)),
            }
        })?
    }
}

impl Joining<'_, '_, '_> {
    fn say(&mut self, id: &EventId, word: &Word, by: &Reviewer) -> Result<(), ReviewError> {
        let said = |word: &str| Said {
            event: id.0.clone(),
            word: word.to_owned(),
            by: by.name.clone(),
            note: by.note.clone(),
            ..Said::default()
        };
        match word {
            Word::Confirmed => self.say_of(id, said(Review::Confirmed.as_str())),
            Word::Rejected => self.say_of(id, said(Review::Rejected.as_str())),
            Word::Corrected(correction) => {
                correction.apply(&self.event(id)?)?;
                let written = serde_json::to_string(correction).expect("it is texts and numbers");
                let said = said(Review::Corrected.as_str());
                self.say_of(id, Said { correction: Some(written), ..said })
            }
            Word::Joined(other) => {
                self.event(id)?;
                self.event(other)?;
                if id == other {
                    return Err(ReviewError::OneAlready(id.clone(), other.clone()));
                }
                for one in [id, other] {
                    if self.draft().members(one)?.is_empty() {
                        return Err(ReviewError::Imported(one.clone()));
                    }
                    self.tell_anew(one)?;
                }
                let said = Said { other: Some(other.0.clone()), ..said(JOINED) };
                Ok(self.draft().say(&said)?)
            }
            Word::Parted(report) => {
                self.event(id)?;
                let event = self.event_told_by(report)?;
                if event.as_ref() != Some(id) {
                    return Err(ReviewError::OfAnother {
                        report: report.clone(),
                        event: id.clone(),
                    });
                }
                if report == id {
                    return Err(ReviewError::Elder(id.clone()));
                }
                self.tell_anew(id)?;
                let other = Some(id.0.clone());
                Ok(self.draft().say(&Said { event: report.0.clone(), other, ..said(PARTED) })?)
            }
            Word::Undone => self.undo(id, said("undone")),
        }
    }

    /// Says something of one event.
    fn say_of(&mut self, id: &EventId, mut said: Said) -> Result<(), ReviewError> {
        let event = self.event(id)?;
        if !self.draft().members(id)?.is_empty() {
            self.draft().say(&said)?;
            return Ok(self.tell_anew(id)?);
        }
        // It stands in no article, so what it was is kept with the first word on it.
        let before = self.draft().said_of(id)?;
        if before.iter().all(|said| said.was.is_none()) {
            said.was = Some(event.to_text());
        }
        self.draft().say(&said)?;
        self.tell_imported(id)
    }

    /// Takes the last word back that counts: of the event, or of any of its reports.
    fn undo(&mut self, id: &EventId, said: Said) -> Result<(), ReviewError> {
        let mut all = self.draft().said_of(id)?;
        for number in self.draft().members(id)? {
            let report = self.report(number)?.event.id.clone();
            all.extend(self.draft().said_of(&report)?);
        }
        let last = all.into_iter().filter(|said| !said.is_undone && said.undoes.is_none());
        let last = last.max_by_key(|said| said.number);
        let last = last.ok_or_else(|| ReviewError::NothingSaid(id.clone()))?;
        self.draft().say(&Said { event: last.event.clone(), undoes: Some(last.number), ..said })?;
        let mut is_told = false;
        for report in [Some(last.event), last.other].into_iter().flatten().map(EventId) {
            if let Some(event) = self.event_told_by(&report)? {
                self.tell_anew(&event)?;
                is_told = true;
            }
        }
        if is_told { Ok(()) } else { self.tell_imported(id) }
    }

    /// Tells an imported event anew from what it was and what was said.
    fn tell_imported(&mut self, id: &EventId) -> Result<(), ReviewError> {
        let said = self.draft().said_of(id)?;
        let was = said.iter().find_map(|said| Event::from_feature(said.was.as_deref()?).ok());
        let was = was.map_or_else(|| self.event(id), Ok)?;
        Ok(self.draft().put_event(&as_said(was, &said))?)
    }

    /// An event that is kept.
    fn event(&mut self, id: &EventId) -> Result<Event, ReviewError> {
        if let Some(event) = self.draft().event(id)? {
            return Ok(event);
        }
        let event = self.event_told_by(id)?;
        Err(event.map_or_else(
            || ReviewError::Unknown(id.clone()),
            |event| ReviewError::Report { report: id.clone(), event },
        ))
    }

    /// The event that a report belongs to, if there is such a report.
    fn event_told_by(&mut self, report: &EventId) -> Result<Option<EventId>, store::Error> {
        let number = self.draft().number_of(report)?;
        number.map(|number| self.draft().event_of(number)).transpose()
    }
}
