//! A store in a database that others write, too: followed change by change, and asked for what is not in memory.

use std::cmp::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use postgres::Row as Found;
use postgres::types::ToSql;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{Notify, Semaphore};
use tokio::time::sleep;

use super::link::Link;
use super::rows::{
    self, ARTICLES_AFTER, EVENTS, EVENTS_OF, FILED, KNOWN, LATEST, NEAR, REMOVED, SAID, SEAL,
    STATE, TOLD,
};
use super::{Address, Database, Error, checked};
use crate::model::article::{Article, ArticleId};
use crate::model::event::EventId;
use crate::model::source::{Position, SourceName};
use crate::store::draft::{Filed, Known, Reach, Said};
use crate::store::index::{Change, Index, Layout, Series};
use crate::store::look::Size;
use crate::store::reader::Told;

/// How long one question may take, connecting included.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long the next of many rows may take.
const STALL: Duration = Duration::from_secs(30);

/// So many connections are open for questions of readers.
const LOOKERS: usize = 4;

/// How often a server that cannot call is asked.
const POLL: Duration = Duration::from_millis(200);

/// What the replica's parts share: where the database is, and how it was when last asked. Questions of readers
/// go through it. Only for threads on which blocking is allowed.
#[derive(Debug)]
pub(in crate::store) struct Server {
    address: Address,
    runtime: Own,
    news: Arc<Notify>,
    seen: Mutex<Seen>,
    /// Who asks waits here for a connection.
    room: Semaphore,
    idle: Mutex<Vec<Link>>,
}

/// A runtime that is not waited for at its end, so that it can end anywhere.
#[derive(Debug)]
struct Own(Option<Runtime>);

impl Drop for Own {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

/// How the database was when it was last asked.
#[derive(Debug)]
struct Seen {
    /// What is in memory was all there was then.
    complete: Instant,
    is_away: bool,
    listens: bool,
}

/// How fresh is what a replica has in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Freshness {
    /// How long ago it was all that there was.
    pub age: Duration,
    /// Whether the database answered when it was last asked.
    pub is_connected: bool,
}

impl Server {
    /// Sees that there is a store in the database, and connects.
    pub(in crate::store) fn open(address: &Address) -> Result<Arc<Self>, Error> {
        let made = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("database")
            .enable_all()
            .build();
        let runtime = made.map_err(|error| Error::lost(address, error))?;
        let server = Self {
            address: address.clone(),
            runtime: Own(Some(runtime)),
            news: Arc::default(),
            seen: Mutex::new(Seen { complete: Instant::now(), is_away: false, listens: false }),
            room: Semaphore::new(LOOKERS),
            idle: Mutex::default(),
        };
        // One that answers nothing is not waited for any longer than later.
        let link = server.block_on(Link::open(address, Arc::default(), PATIENCE))?;
        server.idle().push(link);
        // Brought up to date by the first who may.
        drop(Database::open(address)?);
        Ok(Arc::new(server))
    }

    pub(in crate::store) fn freshness(&self) -> Freshness {
        let seen = self.seen();
        Freshness { age: seen.complete.elapsed(), is_connected: !seen.is_away }
    }

    /// Comes back when there may be something new, or a connection ended.
    pub(in crate::store) async fn woken(&self) {
        let listens = self.seen().listens;
        if listens { self.news.notified().await } else { sleep(POLL).await }
    }

    /// What is told of whoever wants to write.
    pub(in crate::store) fn only_read(&self) -> Error {
        Error::OnlyRead { address: self.address.to_string() }
    }

    pub(in crate::store) fn reports(&self, id: &EventId) -> Result<Vec<Told>, Error> {
        self.look(TOLD, &[&id.0], rows::told)
    }

    pub(in crate::store) fn reports_of(&self, id: &EventId) -> Result<Vec<Filed>, Error> {
        let sql = format!("{FILED} WHERE r.event_id = $1 ORDER BY r.fid");
        Ok(self.look(&sql, &[&id.0], rows::filed)?.into_iter().flatten().collect())
    }

    pub(in crate::store) fn reports_near(&self, reach: Reach) -> Result<Vec<Filed>, Error> {
        let [east, west, north, south, last, first] = rows::near(reach);
        let sql = format!("{FILED} WHERE r.fid IN ({NEAR}) ORDER BY r.fid");
        let values: [&(dyn ToSql + Sync); 6] = [&east, &west, &north, &south, &last, &first];
        Ok(self.look(&sql, &values, rows::filed)?.into_iter().flatten().collect())
    }

    pub(in crate::store) fn reviews(&self) -> Result<Vec<Said>, Error> {
        self.look(&format!("{SAID} ORDER BY fid"), &[], rows::said)
    }

    pub(in crate::store) fn states(&self) -> Result<Vec<(SourceName, String)>, Error> {
        let sql =
            "SELECT name, state::text FROM rasid.sources WHERE state IS NOT NULL ORDER BY name";
        self.look(sql, &[], |row| Ok((SourceName(row.try_get(0)?), row.try_get(1)?)))
    }

    pub(in crate::store) fn size(&self) -> Result<Size, Error> {
        let sql = "SELECT (SELECT count(*) FROM rasid.articles),
                   (SELECT sum(pg_total_relation_size(oid))::bigint FROM pg_class
                    WHERE relnamespace = 'rasid'::regnamespace AND relkind = 'r')";
        let size = |row: &Found| {
            let [articles, bytes] = [row.try_get::<_, i64>(0)?, row.try_get(1)?];
            Ok(Size { articles: articles.unsigned_abs(), bytes: bytes.unsigned_abs() })
        };
        let sizes = self.look(sql, &[], size)?;
        Ok(sizes.into_iter().next().unwrap_or(Size { articles: 0, bytes: 0 }))
    }

    pub(in crate::store) fn known(
        &self,
        asked: &[(&ArticleId, Option<&str>)],
    ) -> Result<Vec<Option<Known>>, Error> {
        let ids: Vec<&str> = asked.iter().map(|(id, _)| id.0.as_str()).collect();
        let addresses: Vec<&str> = asked.iter().filter_map(|(_, address)| *address).collect();
        let found = self.look(KNOWN, &[&ids, &addresses], rows::known)?;
        Ok(asked.iter().map(|(id, address)| rows::known_as(&found, id, *address)).collect())
    }

    pub(in crate::store) fn articles_after(
        &self,
        number: i64,
        since: Option<&str>,
        most: u32,
    ) -> Result<Vec<(i64, Article)>, Error> {
        self.look(&ARTICLES_AFTER, &[&number, &since, &i64::from(most)], rows::numbered)
    }

    pub(in crate::store) fn position(
        &self,
        source: &SourceName,
    ) -> Result<Option<Position>, Error> {
        let sql = "SELECT position FROM rasid.sources WHERE name = $1";
        let found: Vec<Option<String>> = self.look(sql, &[&source.0], |row| row.try_get(0))?;
        Ok(found.into_iter().next().flatten().map(Position))
    }

    pub(in crate::store) fn events_of(&self, article: &ArticleId) -> Result<Vec<EventId>, Error> {
        self.look(EVENTS_OF, &[&article.0], |row| row.try_get(0).map(EventId))
    }

    /// Asks for a few rows, unless it is known that nobody answers.
    fn look<T>(
        &self,
        sql: &str,
        values: &[&(dyn ToSql + Sync)],
        read: impl Fn(&Found) -> Result<T, postgres::Error>,
    ) -> Result<Vec<T>, Error> {
        let address = || self.address.to_string();
        if self.seen().is_away {
            return Err(Error::Away { address: address() });
        }
        let found = self.block_on(async {
            let asked = tokio::time::timeout(PATIENCE, self.asked(sql, values)).await;
            asked
                .unwrap_or_else(|_late| Err(Error::Slow { address: address(), patience: PATIENCE }))
        })?;
        let rows = found.iter().map(read).collect::<Result<_, _>>();
        rows.map_err(|error| Error::from_server(&self.address, error))
    }

    async fn asked(&self, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<Vec<Found>, Error> {
        let _room = self.room.acquire().await.expect("it is never closed");
        // One that has ended is not seen to have before it is used.
        let open = || self.idle().pop();
        while let Some(link) = open() {
            match link.ask(sql, values, PATIENCE).await {
                Err(error) if error.is_cut() => {}
                Err(error) => return Err(error),
                Ok(rows) => {
                    self.idle().push(link);
                    return Ok(rows);
                }
            }
        }
        let link = Link::open(&self.address, Arc::default(), PATIENCE).await?;
        let rows = link.ask(sql, values, PATIENCE).await?;
        self.idle().push(link);
        Ok(rows)
    }

    /// Opens a connection for one purpose, with settings of its own.
    pub(super) fn connect(&self, settings: &str) -> Result<Link, Error> {
        self.block_on(async {
            let link = Link::open(&self.address, Arc::default(), PATIENCE).await?;
            link.run(settings, PATIENCE).await?;
            Ok(link)
        })
    }

    /// Asks on such a connection.
    pub(super) fn ask<T>(
        &self,
        link: &Link,
        (sql, values): (&str, &[&(dyn ToSql + Sync)]),
        read: impl Fn(&Found) -> Result<T, postgres::Error>,
    ) -> Result<Vec<T>, Error> {
        let found = self.block_on(link.ask(sql, values, PATIENCE))?;
        let rows = found.iter().map(read).collect::<Result<_, _>>();
        rows.map_err(|error| link.failed(error))
    }

    fn block_on<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.0.as_ref().expect("it is only taken at the end").block_on(work)
    }

    /// Held for a moment.
    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Held for a moment.
    fn idle(&self) -> MutexGuard<'_, Vec<Link>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What there is in the database, beside what is in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum Ahead {
    /// The same.
    Nothing,
    /// Changes behind the last one.
    Changes,
    /// Another store: all of it.
    All,
}

/// Follows the changes in a database.
#[derive(Debug)]
pub(in crate::store) struct Follower {
    server: Arc<Server>,
    link: Option<Link>,
    /// Which store is in memory; none before the first.
    read: Option<String>,
    /// Which store was found there last.
    found: Option<String>,
    /// The history of what is in memory, as it was told before that was read.
    seal: Option<String>,
}

impl Follower {
    pub(in crate::store) fn new(server: Arc<Server>) -> Self {
        Self { server, link: None, read: None, found: None, seal: None }
    }

    /// The index that was kept of this history, if there is one, and what it has is there.
    pub(in crate::store) fn kept(
        &mut self,
        read: impl FnOnce(&str) -> Option<Index>,
    ) -> Result<Option<Index>, Error> {
        let (_, newest) = self.state()?;
        self.seal = self.sealed();
        let kept = self.seal.as_deref().and_then(read);
        let (Some(index), Some(link)) = (kept.filter(|kept| kept.last() <= newest), &self.link)
        else {
            return Ok(None);
        };
        // A disk that was set back has another history under the same seal.
        let last = i64::try_from(index.last()).unwrap_or(i64::MAX);
        let latest = self.server.ask(link, (LATEST, &[&last]), rows::numbered_id)?;
        let is_of_it = latest.iter().all(|(number, id)| index.has_under(*number, id));
        Ok(is_of_it.then_some(index))
    }

    /// The seal on what is in memory, if its history goes on.
    pub(in crate::store) fn unbroken(&self) -> Option<&str> {
        let now = self.sealed();
        self.seal.as_deref().filter(|read| now.as_deref() == Some(read))
    }

    /// The seal on what is there now; none where it is not told, as to a role that may not ask.
    fn sealed(&self) -> Option<String> {
        let asked = self.server.ask(self.link.as_ref()?, (SEAL, &[]), |row| row.try_get(0));
        let seal = asked.inspect_err(|error| tracing::debug!("no index is kept: {error}"));
        seal.ok()?.into_iter().next().flatten()
    }

    /// Looks what there is beside the changes up to this one, connecting anew if that is needed.
    pub(in crate::store) fn look(&mut self, last: u64) -> Result<Ahead, Error> {
        let begun = Instant::now();
        let found = match self.state() {
            // The connection had ended without a word.
            Err(error) if error.is_cut() => self.state(),
            found => found,
        };
        let ahead = found.map(|(identity, newest)| {
            let is_same = self.read.as_ref().is_none_or(|read| *read == identity);
            self.found = Some(identity);
            // A database that was set back has changes of these numbers, but others.
            match newest.cmp(&last) {
                Ordering::Equal if is_same => Ahead::Nothing,
                Ordering::Greater if is_same => Ahead::Changes,
                _ => Ahead::All,
            }
        });
        self.note(
            begun,
            ahead.as_ref().is_ok_and(|ahead| *ahead == Ahead::Nothing),
            ahead.is_err(),
        );
        ahead
    }

    /// Gives what was committed after that number, in order.
    pub(in crate::store) fn after(
        &mut self,
        layout: &Layout,
        last: u64,
        mut give: impl FnMut(Change),
    ) -> Result<(), Error> {
        let begun = Instant::now();
        let read = match i64::try_from(last).unwrap_or(i64::MAX) {
            0 => self.read_all(layout, &mut give),
            last => self.read_on(layout, last, &mut give),
        };
        self.note(begun, read.is_ok(), read.is_err());
        read?;
        self.read.clone_from(&self.found);
        Ok(())
    }

    fn read_on(
        &mut self,
        layout: &Layout,
        last: i64,
        give: &mut impl FnMut(Change),
    ) -> Result<(), Error> {
        let Some(link) = self.link.take() else {
            return Err(Error::Away { address: self.server.address.to_string() });
        };
        self.server.block_on(read(&link, layout, last, give))?;
        self.link = Some(link);
        Ok(())
    }

    /// Reads everything on a connection of its own, which this thread drives: to wake another for every few
    /// rows takes longer than to read them.
    fn read_all(&mut self, layout: &Layout, give: &mut impl FnMut(Change)) -> Result<(), Error> {
        self.seal = self.sealed();
        let address = &self.server.address;
        let made = Builder::new_current_thread().enable_all().build();
        let runtime = made.map_err(|error| Error::lost(address, error))?;
        runtime.block_on(async {
            let link = Link::open(address, Arc::default(), PATIENCE).await?;
            read(&link, layout, 0, give).await
        })
    }

    fn state(&mut self) -> Result<(String, u64), Error> {
        let link = match self.link.take().filter(|link| !link.is_closed()) {
            Some(link) => link,
            None => self.connect()?,
        };
        let rows = self.server.block_on(link.ask(STATE, &[], PATIENCE))?;
        let state = rows.first().map(rows::state).transpose();
        let state = state.map_err(|error| link.failed(error))?.unwrap_or_default();
        let found = checked(&self.server.address, state)?;
        self.link = Some(link);
        Ok(found)
    }

    fn connect(&self) -> Result<Link, Error> {
        let server = &self.server;
        let link = server.block_on(async {
            let link = Link::open(&server.address, Arc::clone(&server.news), PATIENCE).await?;
            // Before the first look, so that nothing is missed between.
            let listens = link.listen(PATIENCE).await?;
            server.seen().listens = listens;
            Ok::<_, Error>(link)
        })?;
        Ok(link)
    }

    fn note(&self, begun: Instant, is_complete: bool, is_away: bool) {
        let mut seen = self.server.seen();
        seen.is_away = is_away;
        if is_complete {
            seen.complete = begun;
        }
    }
}

/// Gives what comes behind a number, both tables as they are at one time.
async fn read(
    link: &Link,
    layout: &Layout,
    last: i64,
    give: &mut impl FnMut(Change),
) -> Result<(), Error> {
    link.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", PATIENCE).await?;
    let removed = link.ask(REMOVED, &[&last], STALL).await?;
    let removed = removed.iter().map(rows::numbered_id).collect::<Result<Vec<_>, _>>();
    let mut removed = removed.map_err(|error| link.failed(error))?.into_iter().peekable();
    let mut series = Series::new(layout);
    let take = |row: &Found| {
        let change = rows::change(&mut series, row)?;
        let is_before = |&(fid, _): &(u64, String)| fid < change.sequence();
        while let Some((sequence, id)) = removed.next_if(is_before) {
            give(Change::Gone { sequence, id });
        }
        give(change);
        Ok(())
    };
    link.rows(&EVENTS, last, STALL, take).await?;
    removed.for_each(|(sequence, id)| give(Change::Gone { sequence, id }));
    link.run("COMMIT", PATIENCE).await
}
