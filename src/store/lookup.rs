//! Looks things up in what is kept, beside whoever writes: the seam behind which the engines read.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::draft::{Filed, Known, Reach, Said};
use super::error::Error;
use super::look::Size;
use super::postgis::{Freshness, Server};
use super::reader::{Reader, Told};
use crate::model::article::{Article, ArticleId};
use crate::model::event::EventId;
use crate::model::source::{Position, SourceName};

/// A closed set: one file on this machine, or a database.
#[derive(Debug)]
pub(super) enum Lookup {
    /// Waits for no writer. Held for one question.
    File(Mutex<Reader>),
    Server(Arc<Server>),
}

impl Lookup {
    pub(super) fn reports(&self, id: &EventId) -> Result<Vec<Told>, Error> {
        match self {
            Self::File(reader) => held(reader).reports(id),
            Self::Server(server) => Ok(server.reports(id)?),
        }
    }

    pub(super) fn reports_of(&self, id: &EventId) -> Result<Vec<Filed>, Error> {
        match self {
            Self::File(reader) => held(reader).reports_of(id),
            Self::Server(server) => Ok(server.reports_of(id)?),
        }
    }

    pub(super) fn reports_near(&self, reach: Reach) -> Result<Vec<Filed>, Error> {
        match self {
            Self::File(reader) => held(reader).reports_near(reach),
            Self::Server(server) => Ok(server.reports_near(reach)?),
        }
    }

    pub(super) fn reviews(&self) -> Result<Vec<Said>, Error> {
        match self {
            Self::File(reader) => held(reader).reviews(),
            Self::Server(server) => Ok(server.reviews()?),
        }
    }

    pub(super) fn states(&self) -> Result<Vec<(SourceName, String)>, Error> {
        match self {
            Self::File(reader) => held(reader).states(),
            Self::Server(server) => Ok(server.states()?),
        }
    }

    pub(super) fn size(&self) -> Result<Size, Error> {
        match self {
            Self::File(reader) => held(reader).size(),
            Self::Server(server) => Ok(server.size()?),
        }
    }

    pub(super) fn known(
        &self,
        asked: &[(&ArticleId, Option<&str>)],
    ) -> Result<Vec<Option<Known>>, Error> {
        match self {
            Self::File(reader) => held(reader).known(asked),
            Self::Server(server) => Ok(server.known(asked)?),
        }
    }

    pub(super) fn articles_after(
        &self,
        number: i64,
        since: Option<&str>,
        most: u32,
    ) -> Result<Vec<(i64, Article)>, Error> {
        match self {
            Self::File(reader) => held(reader).articles_after(number, since, most),
            Self::Server(server) => Ok(server.articles_after(number, since, most)?),
        }
    }

    pub(super) fn position(&self, source: &SourceName) -> Result<Option<Position>, Error> {
        match self {
            Self::File(reader) => held(reader).position(source),
            Self::Server(server) => Ok(server.position(source)?),
        }
    }

    pub(super) fn events_of(&self, article: &ArticleId) -> Result<Vec<EventId>, Error> {
        match self {
            Self::File(reader) => held(reader).events_of(article),
            Self::Server(server) => Ok(server.events_of(article)?),
        }
    }

    /// How fresh the memory of a replica is; nothing of a file, which is followed by its own server.
    pub(super) fn freshness(&self) -> Option<Freshness> {
        match self {
            Self::File(_) => None,
            Self::Server(server) => Some(server.freshness()),
        }
    }

    /// The database, if it is one.
    pub(super) fn server(&self) -> Option<Arc<Server>> {
        match self {
            Self::File(_) => None,
            Self::Server(server) => Some(Arc::clone(server)),
        }
    }
}

fn held(reader: &Mutex<Reader>) -> MutexGuard<'_, Reader> {
    reader.lock().unwrap_or_else(PoisonError::into_inner)
}
