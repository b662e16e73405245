//! Kept, indexed, announced: articles and their events, durable in one file and ready in memory.
//!
//! Only this module knows SQL. Writes go to the file first, then into the [`index`];
//! queries are answered by the index alone.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};

use tokio::sync::watch;

use crate::model::article::{Article, ArticleId};
use crate::model::event::{Event, EventId, PROPERTIES};
use crate::model::mercator::Cell;
use crate::model::query::EventQuery;

pub mod aggregate;
pub mod changes;
pub mod clusters;
mod column;
mod error;
mod filter;
mod gpkg;
pub mod index;
mod marks;
mod order;
#[cfg(test)]
pub(crate) mod samples;
mod sqlite;
pub mod tiles;

use aggregate::{Aggregate, By, TooMany};
use changes::Changes;
use clusters::{Shown, Zoom};
pub use error::Error;
use index::{Extent, Index, Loading, Page};

/// Where the store is.
#[derive(Debug, Clone)]
pub struct Options {
    /// The file; made if it is not there.
    pub path: PathBuf,
}

/// What became of an article given to the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inserted {
    /// It is kept now, with so many events.
    New {
        /// How many events.
        events: usize,
    },
    /// An article with its id was there; nothing was changed.
    AlreadyThere,
}

/// Articles and events. Cheap to clone; all clones are the same store.
///
/// Writing waits for the disk and for other writers, also in other processes: call it where
/// blocking is allowed. Reading waits for neither.
#[derive(Debug, Clone)]
pub struct Store(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// One writer at a time. Held over disk access, never taken by a reader.
    engine: Mutex<Engine>,
    /// Held by readers for the length of one search, by a writer while it adds a few ready rows:
    /// both far below a millisecond. A bulk load is built beside it and swapped in.
    index: RwLock<Index>,
    /// The last sequence number, told once its event can be found.
    committed: watch::Sender<u64>,
}

/// A closed set: one file on this machine.
#[derive(Debug)]
enum Engine {
    Sqlite(sqlite::Database),
}

/// More rows than this are not added one by one but built into a new index.
const BULK: usize = 1_000;

impl Store {
    /// Opens the store, making it if it is not there, and loads every event.
    ///
    /// Several processes may have one store open and write to it; each sees what the others
    /// wrote after its own next write or [`Store::refresh`].
    pub fn open(options: &Options) -> Result<Self, Error> {
        let database = sqlite::Database::open(&options.path)?;
        let index = load(&database)?;
        Ok(Self(Arc::new(Inner {
            engine: Mutex::new(Engine::Sqlite(database)),
            committed: watch::Sender::new(index.last()),
            index: RwLock::new(index),
        })))
    }

    /// Whether an article with this id is kept.
    pub fn contains(&self, id: &ArticleId) -> Result<bool, Error> {
        match &*self.engine() {
            Engine::Sqlite(database) => database.contains(id),
        }
    }

    /// Keeps an article and its events, all or nothing. When it returns they are on the disk,
    /// and every later query sees them.
    pub fn insert(&self, article: &Article, events: &[Event]) -> Result<Inserted, Error> {
        let mut engine = self.engine();
        let new = match &mut *engine {
            Engine::Sqlite(database) => database.insert(article, events)?,
        };
        self.catch_up(&engine)?;
        Ok(if new { Inserted::New { events: events.len() } } else { Inserted::AlreadyThere })
    }

    /// Takes in what other processes have committed, and says how many events that were.
    /// Cheap if there is nothing new: call it every second or so.
    pub fn refresh(&self) -> Result<usize, Error> {
        self.catch_up(&self.engine())
    }

    /// One page of the events that answer a query.
    pub fn page(&self, query: &EventQuery) -> Page {
        self.index().page(query)
    }

    /// What a map shows of the box of a query at a zoom.
    pub fn clusters(&self, query: &EventQuery, zoom: Zoom) -> Shown {
        self.index().clusters(query, zoom)
    }

    /// Counts the events that answer a query by one or two things.
    pub fn aggregate(&self, query: &EventQuery, by: &[By]) -> Result<Aggregate, TooMany> {
        self.index().aggregate(query, by)
    }

    /// The events of a tile as MVT; nothing at all if there are none.
    pub fn tile(&self, query: &EventQuery, tile: Cell) -> Vec<u8> {
        self.index().tile(query, tile)
    }

    /// The events committed after a sequence number that answer a query, at most so many.
    pub fn after(&self, query: &EventQuery, sequence: u64, most: usize) -> Changes {
        self.index().after(query, sequence, most)
    }

    /// The sequence number of the last event.
    pub fn last(&self) -> u64 {
        self.index().last()
    }

    /// Tells of the sequence number of the last event whenever there are new ones, by this or
    /// another process.
    pub fn committed(&self) -> watch::Receiver<u64> {
        self.0.committed.subscribe()
    }

    /// The event as a GeoJSON feature.
    pub fn event(&self, id: &EventId) -> Option<Arc<str>> {
        self.index().get(&id.0)
    }

    /// Where and when the events are.
    pub fn extent(&self) -> Extent {
        self.index().extent()
    }

    /// How many events there are.
    pub fn count(&self) -> usize {
        self.index().len()
    }

    /// A number that changes whenever an answer could; the same content has the same number.
    pub fn generation(&self) -> u64 {
        self.index().generation()
    }

    /// Reads rows back from the file, so that what is answered now and after a restart is the same.
    fn catch_up(&self, engine: &Engine) -> Result<usize, Error> {
        let Engine::Sqlite(database) = engine;
        let (last, before) = (self.index().last(), self.count());
        let mut rows = Vec::new();
        database.after(last, BULK + 1, |row| rows.push(row))?;
        if rows.len() <= BULK {
            self.0.index.write().unwrap_or_else(PoisonError::into_inner).append(&rows);
        } else {
            let index = load(database)?;
            *self.0.index.write().unwrap_or_else(PoisonError::into_inner) = index;
        }
        let last = self.index().last();
        self.0.committed.send_if_modified(|known| std::mem::replace(known, last) != last);
        Ok(self.count().saturating_sub(before))
    }

    fn engine(&self) -> MutexGuard<'_, Engine> {
        self.0.engine.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn index(&self) -> RwLockReadGuard<'_, Index> {
        self.0.index.read().unwrap_or_else(PoisonError::into_inner)
    }
}

fn load(database: &sqlite::Database) -> Result<Index, Error> {
    let mut loading = Loading::new(PROPERTIES);
    database.after(0, usize::MAX, |row| loading.push(&row))?;
    Ok(loading.finish())
}

#[cfg(test)]
mod tests;
