//! One transaction: all that is kept, joined, replaced and removed in it, or nothing.
//!
//! The seam behind which the engines write; [`super::lookup`] is the one behind which they read.

mod file;
mod reviews;

pub(super) use file::Draft as FileDraft;
pub use reviews::Said;
pub(super) use reviews::{SAID, read as said};

use super::error::Error;
use super::postgis;
use crate::model::article::{Article, ArticleId};
use crate::model::event::{Event, EventId};
use crate::model::source::{Position, SourceName};

/// What tells whether two articles are one: computed by whoever keeps them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The address in one spelling.
    pub address: Option<String>,
    /// The same for texts that differ in spaces and marks only.
    pub text_hash: String,
    /// The least hashes of the text.
    pub minhash: Vec<u8>,
}

/// What is known of an article that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// The id that it is kept under: that of the address it was first read at.
    pub id: ArticleId,
    /// The hash of its text; `None` until it is computed.
    pub text_hash: Option<String>,
    /// Only what imported events quote of it is known.
    pub is_quoted_only: bool,
}

/// A report that is kept: an event as one article tells it.
#[derive(Debug, Clone)]
pub struct Filed {
    /// The event that it belongs to.
    pub event: EventId,
    /// As it was read.
    pub told: Event,
    /// The gazetteer's kind of its place.
    pub place_kind: Option<String>,
    /// The least hashes of its article.
    pub minhash: Vec<u8>,
    /// How far the outlet of its article is believed, in percent.
    pub trust: u8,
}

/// Where and when a report could meet another: west, south, east and north in degrees; first and
/// last day, counted from 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reach {
    /// West, south, east, north.
    pub area: [f64; 4],
    /// First and last day.
    pub days: [i32; 2],
}

/// What a transaction is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// To change the store.
    Change,
    /// To see what would change; all of it is undone.
    Trial,
}

/// A transaction that writes. Begun by [`super::Store::change`], committed when its work is done.
///
/// Nobody else changes events while it lasts: what it reads stays as it is.
#[derive(Debug)]
pub struct Draft<'a>(Engine<'a>);

/// A closed set: one file on this machine, or a database.
#[derive(Debug)]
enum Engine<'a> {
    File(FileDraft<'a>),
    Server(postgis::Draft<'a>),
}

/// Asks the engine that there is.
macro_rules! of_engine {
    ($draft:expr, $name:ident($($value:expr),*)) => {
        match &mut $draft.0 {
            Engine::File(draft) => draft.$name($($value),*),
            Engine::Server(draft) => Ok(draft.$name($($value),*)?),
        }
    };
}

impl<'a> Draft<'a> {
    pub(super) const fn of_file(draft: FileDraft<'a>) -> Self {
        Self(Engine::File(draft))
    }

    pub(super) const fn of_server(draft: postgis::Draft<'a>) -> Self {
        Self(Engine::Server(draft))
    }

    pub(super) fn commit(self) -> Result<(), Error> {
        match self.0 {
            Engine::File(draft) => draft.commit(),
            Engine::Server(draft) => Ok(draft.commit()?),
        }
    }

    /// The article that is kept under an id, or else at an address.
    pub fn known(&mut self, id: &ArticleId, address: Option<&str>) -> Result<Option<Known>, Error> {
        of_engine!(self, known(id, address))
    }

    /// Keeps an article that is new. Without an identity it is [`Draft::uncompared`].
    pub fn put_article(
        &mut self,
        article: &Article,
        identity: Option<&Identity>,
        events: &[Event],
        source: Option<&SourceName>,
    ) -> Result<(), Error> {
        of_engine!(self, put_article(article, identity, events, source))
    }

    /// Gives an article that is kept its changed text, and lays the old one aside.
    pub fn replace_article(
        &mut self,
        article: &Article,
        identity: &Identity,
        events: &[Event],
    ) -> Result<(), Error> {
        of_engine!(self, replace_article(article, identity, events))
    }

    /// Forgets an article with its reports and what it said before. Its events must be gone.
    pub fn remove_article(&mut self, id: &ArticleId) -> Result<(), Error> {
        of_engine!(self, remove_article(id))
    }

    /// Notes what an article's text is like, and who read it last.
    pub fn identify(
        &mut self,
        id: &ArticleId,
        identity: &Identity,
        extractor: Option<&str>,
    ) -> Result<(), Error> {
        of_engine!(self, identify(id, identity, extractor))
    }

    /// Articles whose events were kept without a look at other articles, with these events; at most
    /// so many.
    pub fn uncompared(&mut self, most: u32) -> Result<Vec<(Article, Vec<Event>)>, Error> {
        of_engine!(self, uncompared(most))
    }

    /// Keeps as much of an article as an event quotes of it, unless it is there; says whether it was kept.
    pub(super) fn put_quoted(&mut self, article: &Article, extractor: &str) -> Result<bool, Error> {
        of_engine!(self, put_quoted(article, extractor))
    }

    /// The text of an article that is kept.
    pub(super) fn text_of(&mut self, article: &ArticleId) -> Result<String, Error> {
        of_engine!(self, text_of(article))
    }

    /// Gives an article a text in which more is quoted.
    pub(super) fn set_text(&mut self, article: &ArticleId, text: &str) -> Result<(), Error> {
        of_engine!(self, set_text(article, text))
    }

    /// Where in an article its events rest, and on which words.
    pub(super) fn quotations(
        &mut self,
        article: &ArticleId,
    ) -> Result<Vec<(usize, String)>, Error> {
        of_engine!(self, quotations(article))
    }

    /// Files an event as an article tells it.
    pub fn put_report(
        &mut self,
        event: &Event,
        place_kind: Option<&str>,
        reach: Reach,
    ) -> Result<i64, Error> {
        of_engine!(self, put_report(event, place_kind, reach))
    }

    /// Takes away a report; its event is to be told anew.
    pub fn remove_report(&mut self, number: i64) -> Result<(), Error> {
        of_engine!(self, remove_report(number))
    }

    /// Says which event a report belongs to, and why.
    pub fn join(&mut self, number: i64, event: &EventId, why: Option<&str>) -> Result<(), Error> {
        of_engine!(self, join(number, event, why))
    }

    /// A report.
    pub fn report(&mut self, number: i64) -> Result<Filed, Error> {
        of_engine!(self, report(number))
    }

    /// The event that a report belongs to.
    pub fn event_of(&mut self, number: i64) -> Result<EventId, Error> {
        of_engine!(self, event_of(number))
    }

    /// The numbers of the reports of an article, in the order of its text.
    pub fn reports_of(&mut self, article: &ArticleId) -> Result<Vec<i64>, Error> {
        of_engine!(self, reports_of(article))
    }

    /// The numbers of the reports of an event.
    pub fn members(&mut self, event: &EventId) -> Result<Vec<i64>, Error> {
        of_engine!(self, members(event))
    }

    /// The number of a report.
    pub fn number_of(&mut self, report: &EventId) -> Result<Option<i64>, Error> {
        of_engine!(self, number_of(report))
    }

    /// The numbers of the reports that a reach meets.
    pub fn near(&mut self, reach: Reach) -> Result<Vec<i64>, Error> {
        of_engine!(self, near(reach))
    }

    /// Puts an event on the map, in the place of the one with its id if there is one.
    pub fn put_event(&mut self, event: &Event) -> Result<(), Error> {
        of_engine!(self, put_event(event))
    }

    /// Takes an event off the map, if it is there, and tells so to whoever follows the changes.
    pub fn remove_event(&mut self, id: &EventId) -> Result<(), Error> {
        of_engine!(self, remove_event(id))
    }

    /// An event as it is on the map.
    pub fn event(&mut self, id: &EventId) -> Result<Option<Event>, Error> {
        of_engine!(self, event(id))
    }

    /// Whether a report has that id, in whatever event.
    pub fn is_told(&mut self, id: &EventId) -> Result<bool, Error> {
        of_engine!(self, is_told(id))
    }

    /// Whether an event or a report has that id.
    pub(super) fn is_taken(&mut self, id: &EventId) -> Result<bool, Error> {
        of_engine!(self, is_taken(id))
    }

    /// Adds a word; its number and time are given here.
    pub fn say(&mut self, said: &Said) -> Result<(), Error> {
        of_engine!(self, say(said))
    }

    /// All that was said of an event or report, the last word last.
    pub fn said_of(&mut self, id: &EventId) -> Result<Vec<Said>, Error> {
        of_engine!(self, said_of(id))
    }

    /// What was said of two reports and still counts, the last word last.
    pub fn said_of_two(&mut self) -> Result<Vec<Said>, Error> {
        let mut said = of_engine!(self, said_of_two())?;
        said.retain(|said| !said.is_undone);
        Ok(said)
    }

    /// Notes how far a source has been read.
    pub fn set_position(&mut self, source: &SourceName, position: &Position) -> Result<(), Error> {
        of_engine!(self, set_position(source, position))
    }

    /// Notes how a source does.
    pub fn set_state(&mut self, source: &SourceName, state: &str) -> Result<(), Error> {
        of_engine!(self, set_state(source, state))
    }
}
