//! Kept, indexed, announced: articles and their events, durable in one file and ready in memory.
//!
//! Only this module knows SQL. Writes go to the file first, then into the [`index`];
//! queries are answered by the index alone.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use tokio::sync::watch;

use crate::model::article::{Article, ArticleId};
use crate::model::cause::chain;
use crate::model::event::{Event, EventId, PROPERTIES};
use crate::model::mercator::Cell;
use crate::model::query::EventQuery;
use crate::model::source::{Position, SourceName};

pub mod aggregate;
mod backup;
pub mod board;
pub mod changes;
pub mod clusters;
mod column;
pub mod copy;
pub mod draft;
mod error;
mod export;
mod file;
mod filter;
mod frames;
pub mod fulltext;
mod gpkg;
mod growing;
mod import;
pub mod index;
pub mod lease;
mod loading;
mod look;
mod lookup;
mod marks;
mod order;
mod packed;
pub mod postgis;
mod reader;
#[cfg(test)]
pub(crate) mod samples;
mod seal;
mod snapshot;
pub mod space;
mod sqlite;
mod stored;
pub mod tiles;
mod words;

use aggregate::{Aggregate, By, TooMany};
pub use backup::{backup, restore};
use changes::Changes;
use clusters::{Shown, Zoom};
use draft::{Draft, Filed, Known, Purpose, Reach, Said};
pub use error::Error;
pub use export::{geopackage_of, write_geopackage};
pub use file::Claim;
use index::{Extent, Index, Layout, Page};
use lease::Leases;
use loading::{LAYOUT, followed, load, replicated, take_in};
pub use look::Size;
use lookup::Lookup;
pub use postgis::Freshness;
use postgis::{Address, Follower, Server, Writer};
use reader::Reader;
pub use reader::Told;

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
    /// It was there with another text; now it has this one, with so many events.
    Updated {
        /// How many events.
        events: usize,
    },
    /// It was there with the same text; nothing was changed.
    AlreadyThere,
}

/// What became of an event that was coded elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// It is kept now.
    New,
    /// An event with its id was there; nothing was changed.
    Known,
    /// The article that is kept says something else where the event's evidence should stand.
    Contradicted,
}

/// Articles and events. Cheap to clone; all clones are the same store.
///
/// Writing waits for the disk and for other writers, also in other processes: call it where
/// blocking is allowed. Reading waits for neither.
#[derive(Debug, Clone)]
pub struct Store(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// Tells it from the other stores of this process.
    id: u64,
    /// Where it is; a database is named without its password.
    path: PathBuf,
    /// What the index is kept beside.
    beside: PathBuf,
    /// One writer at a time. Held over the disk and the network, never taken by a reader.
    engine: Mutex<Engine>,
    /// Follows a database beside its writer, so that neither waits for the other. None of a file, or where nobody
    /// asks for events.
    follower: Option<Mutex<Follower>>,
    /// Looks up what is not in memory, beside the writer.
    lookup: Lookup,
    /// Whether events are in memory.
    is_loaded: bool,
    /// Empty where they are not. Held for as long as it takes to copy the pointer. Readers go on with the index they got;
    /// a writer makes the next one beside it.
    index: RwLock<Arc<Index>>,
    /// The sequence number up to which the index is kept in a file.
    kept: Mutex<u64>,
    /// The last sequence number, told once its change can be found.
    committed: watch::Sender<u64>,
}

/// A closed set: one file on this machine, or a database that others may write, too.
#[derive(Debug)]
enum Engine {
    Sqlite(Box<sqlite::Database>),
    Server(Box<Remote>),
}

/// What goes on with a database.
#[derive(Debug)]
struct Remote {
    server: Arc<Server>,
    /// None where it is only read.
    writer: Option<Writer>,
}

impl Engine {
    fn change<T>(
        &mut self,
        what_for: Purpose,
        work: impl FnOnce(&mut Draft<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        match self {
            Self::Sqlite(database) => database.change(what_for, work),
            Self::Server(remote) => match &mut remote.writer {
                Some(writer) => writer.change(what_for, work),
                None => Err(remote.server.only_read().into()),
            },
        }
    }
}

/// How many stores this process has opened.
static OPENED: AtomicU64 = AtomicU64::new(0);

impl Store {
    /// Opens the store, making it if it is not there, and loads every event.
    ///
    /// Several processes may have one store open and write to it; each sees what the others
    /// wrote after its own next write or [`Store::refresh`].
    pub fn open(options: &Options) -> Result<Self, Error> {
        let database = sqlite::Database::open(&options.path)?;
        let (index, kept) = load(&database)?;
        Self::file(database, (Some(index), kept))
    }

    /// Opens the store, making it if it is not there, to write into it. No event is loaded, as by
    /// [`Store::writer`].
    pub fn open_to_write(options: &Options) -> Result<Self, Error> {
        Self::file(sqlite::Database::open(&options.path)?, (None, 0))
    }

    fn file(database: sqlite::Database, index: (Option<Index>, u64)) -> Result<Self, Error> {
        let path = database.path.clone();
        let lookup = Lookup::File(Mutex::new(Reader::open(&path)?));
        let engine = Engine::Sqlite(Box::new(database));
        Ok(Self::of([path.clone(), path], (engine, None), lookup, index))
    }

    /// Opens a store in a database that others write, and loads every event. It can only be read; what they commit
    /// is taken in by [`Store::refresh`], and what is in memory stays there while the database is away. Its index is
    /// kept beside a path of this machine.
    pub fn replica(address: &Address, beside: &Path) -> Result<Self, Error> {
        Self::remote(address, beside, |server| (Some(Follower::new(server)), None))
    }

    /// The same where it can be written into, beside others.
    pub fn database(address: &Address, beside: &Path) -> Result<Self, Error> {
        let writer = Writer::new(address.clone());
        Self::remote(address, beside, |server| (Some(Follower::new(server)), Some(writer)))
    }

    /// Opens a store in a database to write into it. No event is loaded: queries find none, and what is asked beside
    /// them is looked up there.
    pub fn writer(address: &Address) -> Result<Self, Error> {
        let writer = Writer::new(address.clone());
        Self::remote(address, Path::new(""), |_| (None, Some(writer)))
    }

    fn remote(
        address: &Address,
        beside: &Path,
        parts: impl FnOnce(Arc<Server>) -> (Option<Follower>, Option<Writer>),
    ) -> Result<Self, Error> {
        let server = Server::open(address)?;
        let (mut follower, writer) = parts(Arc::clone(&server));
        let loaded = follower.as_mut().map(|follower| replicated(follower, beside)).transpose()?;
        let (index, kept) = loaded.map_or((None, 0), |(index, kept)| (Some(index), kept));
        let remote = Remote { server: Arc::clone(&server), writer };
        let engine = (Engine::Server(Box::new(remote)), follower);
        let paths = [address.to_string().into(), beside.to_owned()];
        Ok(Self::of(paths, engine, Lookup::Server(server), (index, kept)))
    }

    fn of(
        [path, beside]: [PathBuf; 2],
        (engine, follower): (Engine, Option<Follower>),
        lookup: Lookup,
        (index, kept): (Option<Index>, u64),
    ) -> Self {
        let is_loaded = index.is_some();
        let index = index.unwrap_or_else(|| Index::new(Layout::new(PROPERTIES)));
        Self(Arc::new(Inner {
            is_loaded,
            follower: follower.map(Mutex::new),
            kept: Mutex::new(kept),
            id: OPENED.fetch_add(1, Ordering::Relaxed),
            path,
            beside,
            engine: Mutex::new(engine),
            lookup,
            committed: watch::Sender::new(index.last()),
            index: RwLock::new(Arc::new(index)),
        }))
    }

    /// A number that no other store has that this process opens.
    pub fn id(&self) -> u64 {
        self.0.id
    }

    /// What is told of the store, fit for everybody: without the folder that it lies in.
    pub fn without_folder(&self, told: &str) -> String {
        let path = &self.0.path;
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
        told.replace(&*path.to_string_lossy(), &name)
    }

    /// Runs a change, all of it or nothing. When it returns it is on the disk, and every later query
    /// sees it. If the work fails, nothing was changed.
    ///
    /// What a database has committed is kept also if it is lost then: queries see it after the next
    /// [`Store::refresh`] that finds it.
    pub fn change<T>(
        &self,
        work: impl FnOnce(&mut Draft<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut engine = self.engine();
        let done = engine.change(Purpose::Change, work)?;
        let Some(follower) = &self.0.follower else {
            self.catch_up(&mut engine)?;
            return Ok(done);
        };
        if let Err(error) = self.follow(follower) {
            tracing::debug!("what was kept is not in memory yet: {}", chain(&error));
        }
        Ok(done)
    }

    /// Runs a change to see what comes of it, and undoes it. Other writers wait meanwhile.
    pub fn try_out<T>(
        &self,
        work: impl FnOnce(&mut Draft<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.engine().change(Purpose::Trial, work)
    }

    /// Keeps an article and its events, unless one with its id is there. Whether other articles tell
    /// of the same is not asked; it is when the next ones are kept.
    pub fn insert(&self, article: &Article, events: &[Event]) -> Result<Inserted, Error> {
        self.change(|change| {
            if change.known(&article.id, None)?.is_some() {
                return Ok(Inserted::AlreadyThere);
            }
            change.put_article(article, None, events, None)?;
            for event in events {
                change.put_event(event)?;
            }
            Ok(Inserted::New { events: events.len() })
        })
    }

    /// What is kept of articles by their ids and addresses, in their order. Waits for no writer.
    pub fn known(&self, asked: &[(&ArticleId, Option<&str>)]) -> Result<Vec<Option<Known>>, Error> {
        self.0.lookup.known(asked)
    }

    /// The articles behind a number, with their numbers, at most so many; only those published, or
    /// else kept, since a day.
    pub fn articles_after(
        &self,
        number: i64,
        since: Option<&str>,
        most: u32,
    ) -> Result<Vec<(i64, Article)>, Error> {
        self.0.lookup.articles_after(number, since, most)
    }

    /// What each article says of an event, the first to tell it first.
    pub fn reports(&self, id: &EventId) -> Result<Vec<Told>, Error> {
        self.0.lookup.reports(id)
    }

    /// What each article says of an event, as it was filed.
    pub fn reports_of(&self, id: &EventId) -> Result<Vec<Filed>, Error> {
        self.0.lookup.reports_of(id)
    }

    /// The reports that a reach meets, of whatever event.
    pub fn reports_near(&self, reach: Reach) -> Result<Vec<Filed>, Error> {
        self.0.lookup.reports_near(reach)
    }

    /// All that people said of events, the last word last.
    pub fn reviews(&self) -> Result<Vec<Said>, Error> {
        self.0.lookup.reviews()
    }

    /// How far a source has been read.
    pub fn position(&self, source: &SourceName) -> Result<Option<Position>, Error> {
        self.0.lookup.position(source)
    }

    /// Notes how a source does, in the reader's own JSON.
    pub fn set_state(&self, source: &SourceName, state: &str) -> Result<(), Error> {
        self.change(|change| change.set_state(source, state))
    }

    /// How each source does.
    pub fn states(&self) -> Result<Vec<(SourceName, String)>, Error> {
        self.0.lookup.states()
    }

    /// Keeps events with the articles that they rest on, all of them in one transaction, and says
    /// of each what became of it. Where the article is there already, the event joins it.
    ///
    /// Queries see them after the next [`Store::refresh`], so that many batches cost one.
    pub fn import(&self, batch: &[(Article, Event)]) -> Result<Vec<Kept>, Error> {
        self.engine().change(Purpose::Change, |draft| {
            batch.iter().map(|(article, event)| import::keep(draft, article, event)).collect()
        })
    }

    /// Takes in what other processes have committed, and says how many changes that were.
    /// Cheap if there is nothing new: call it every second or so.
    ///
    /// A database that was lost is connected to anew, and gone on with behind the last change.
    pub fn refresh(&self) -> Result<usize, Error> {
        match &self.0.follower {
            Some(follower) => self.follow(follower),
            None => self.catch_up(&mut self.engine()),
        }
    }

    /// Comes back when a database says that there is something new; never of a file.
    pub fn woken(&self) -> impl Future<Output = ()> + Send + use<> {
        let server = self.0.lookup.server();
        async move {
            match server {
                Some(server) => server.woken().await,
                None => std::future::pending().await,
            }
        }
    }

    /// How fresh the memory of a replica is; nothing of a store that is a file, or only written to.
    pub fn freshness(&self) -> Option<Freshness> {
        self.0.follower.as_ref().and_then(|_| self.0.lookup.freshness())
    }

    /// Whether its events are in memory: not if it was only opened to be written to.
    pub fn is_loaded(&self) -> bool {
        self.0.is_loaded
    }

    /// Who reads which source, if several servers could.
    pub fn leases(&self) -> Leases {
        self.0.lookup.server().map_or_else(Leases::default, Leases::of)
    }

    /// The events as they are now; they stay so for whoever holds it.
    pub fn index(&self) -> Arc<Index> {
        Arc::clone(&self.0.index.read().unwrap_or_else(PoisonError::into_inner))
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

    /// Reads all texts for free text, a stretch at a time, so that nobody has to wait for it. Call it
    /// where blocking is allowed; a search for words reads what is left itself.
    pub fn read_texts(&self) {
        // A millisecond or so: as long as a search for words may have to wait.
        const STRETCH: usize = 256;
        while !self.index().read_texts(STRETCH) {}
    }

    /// The events of a tile as MVT; nothing at all if there are none.
    pub fn tile(&self, query: &EventQuery, tile: Cell) -> Vec<u8> {
        self.index().tile(query, tile)
    }

    /// What became of events after a sequence number that answer a query, at most so many changes.
    pub fn after(&self, query: &EventQuery, sequence: u64, most: usize) -> Changes {
        self.index().after(query, sequence, most)
    }

    /// The sequence number of the last change.
    pub fn last(&self) -> u64 {
        self.index().last()
    }

    /// Tells of the sequence number of the last change whenever there are new ones, by this or
    /// another process.
    pub fn committed(&self) -> watch::Receiver<u64> {
        self.0.committed.subscribe()
    }

    /// The event as a GeoJSON feature.
    pub fn event(&self, id: &EventId) -> Option<String> {
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

    /// Keeps the index in a file, so that the next start is a quick one; unless it would be so in any
    /// case, or there is none. Says whether it was written.
    pub fn keep_index(&self) -> Result<bool, Error> {
        self.keep_index_of(FEW)
    }

    fn keep_index_of(&self, few: u64) -> Result<bool, Error> {
        // Held to the end: whoever else wants to keep it waits, and finds that done.
        let mut kept = self.0.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let is_much = |index: &Index| {
            // One that was set back is another.
            let since = index.last().checked_sub(*kept).unwrap_or(index.last());
            since >= few && since >= index.len() as u64 / FEW_OF
        };
        let Some((index, seal)) = self.sealed(is_much)? else { return Ok(false) };
        // Others may write on: what they change comes behind it.
        let path = &self.0.beside;
        let failed = |error| Error::from_io(&snapshot::beside(path), error);
        snapshot::write(path, &seal, &index).map_err(failed)?;
        *kept = index.last();
        Ok(true)
    }

    /// The index with all that is there now, under a seal; none if there is none, or it is not wanted.
    fn sealed(
        &self,
        is_wanted: impl FnOnce(&Index) -> bool,
    ) -> Result<Option<(Arc<Index>, String)>, Error> {
        if let Some(follower) = &self.0.follower {
            self.follow(follower)?;
            let follower = follower.lock().unwrap_or_else(PoisonError::into_inner);
            let index = self.index();
            let seal = is_wanted(&index).then(|| follower.unbroken().map(str::to_owned)).flatten();
            return Ok(seal.map(|seal| (index, seal)));
        }
        let mut engine = self.engine();
        self.catch_up(&mut engine)?;
        let Engine::Sqlite(database) = &mut *engine else { return Ok(None) };
        let index = self.index();
        if !is_wanted(&index) {
            return Ok(None);
        }
        let seal = database.reseal(index.last())?.map(str::to_owned);
        Ok(seal.map(|seal| (index, seal)))
    }

    /// Reads rows back from where they are kept, so that what is answered now and after a restart is the same.
    fn catch_up(&self, engine: &mut Engine) -> Result<usize, Error> {
        let Engine::Sqlite(database) = engine else { return Ok(0) };
        if !self.0.is_loaded {
            return Ok(0);
        }
        let before = self.index();
        if !database.has_more(before.last())? {
            return Ok(self.show(None));
        }
        let next = take_in(Index::clone(&before), |last, give| database.after(&LAYOUT, last, give));
        Ok(self.show(Some(next?)))
    }

    /// The same of a database.
    fn follow(&self, follower: &Mutex<Follower>) -> Result<usize, Error> {
        // Held until what is read is shown: who comes next begins there.
        let mut follower = follower.lock().unwrap_or_else(PoisonError::into_inner);
        let next = followed(&mut follower, &self.index())?;
        Ok(self.show(next))
    }

    /// Puts the next index in the place of the present one, tells of it, and says how many changes it has.
    fn show(&self, next: Option<(Index, usize)>) -> usize {
        let mut new = 0;
        if let Some((next, count)) = next {
            new = count;
            *self.0.index.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(next);
        }
        let last = self.index().last();
        self.0.committed.send_if_modified(|known| std::mem::replace(known, last) != last);
        new
    }

    fn engine(&self) -> MutexGuard<'_, Engine> {
        self.0.engine.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// So few changes are taken in at once, in any case.
const FEW: u64 = 20_000;

/// So few are one in so many of all.
const FEW_OF: u64 = 20;

#[cfg(test)]
mod tests;
