//! Looks things up in the file beside the writer: it sees what is committed, and waits for nobody.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, OptionalExtension as _};

use super::draft::{Filed, Known, Reach, SAID, Said, said};
use super::error::Error;
use super::look::Size;
use super::sqlite::{PATIENCE, Sqlite};
use super::stored::{self, FILED, NEAR, filed, near};
use crate::model::article::{Article, ArticleId};
use crate::model::event::EventId;
use crate::model::source::{Position, SourceName};

/// What one article says of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// As it was read, a GeoJSON feature.
    pub feature: String,
    /// Who wrote the article.
    pub author: Option<String>,
    /// Why it belongs to the event, JSON; `None` for the one that the event is named after.
    pub joined: Option<String>,
}

/// A connection that only reads.
#[derive(Debug)]
pub(super) struct Reader {
    path: PathBuf,
    connection: Connection,
}

impl Reader {
    pub(super) fn open(path: &Path) -> Result<Self, Error> {
        // Not read-only for SQLite: the last one out could not take the log away with it.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let opened = Connection::open_with_flags(path, flags).and_then(|connection| {
            connection.busy_timeout(PATIENCE)?;
            connection.pragma_update(None, "query_only", true)?;
            Ok(connection)
        });
        let connection = opened.map_err(|error| Error::from_sqlite(path, error))?;
        Ok(Self { path: path.to_owned(), connection })
    }

    pub(super) fn known(
        &self,
        asked: &[(&ArticleId, Option<&str>)],
    ) -> Result<Vec<Option<Known>>, Error> {
        let known = |(id, address): &(&ArticleId, Option<&str>)| {
            stored::known(&self.connection, id, *address)
        };
        self.done(asked.iter().map(known).collect())
    }

    pub(super) fn articles_after(
        &self,
        number: i64,
        since: Option<&str>,
        most: u32,
    ) -> Result<Vec<(i64, Article)>, Error> {
        self.done(stored::articles_after(&self.connection, number, since, most))
    }

    pub(super) fn reports(&self, id: &EventId) -> Result<Vec<Told>, Error> {
        let read = || {
            let mut select = self.connection.prepare_cached(
                "SELECT feature, joined, author FROM reports JOIN articles USING (article_id)
                 WHERE event_id = ? ORDER BY joined IS NOT NULL, report_id",
            )?;
            let told = |row: &rusqlite::Row<'_>| {
                Ok(Told { feature: row.get(0)?, joined: row.get(1)?, author: row.get(2)? })
            };
            select.query_map([&id.0], told)?.collect()
        };
        self.done(read())
    }

    pub(super) fn reports_of(&self, id: &EventId) -> Result<Vec<Filed>, Error> {
        let read = || {
            let sql = format!("{FILED} WHERE r.event_id = ? ORDER BY r.fid");
            self.connection.prepare_cached(&sql)?.query_map([&id.0], filed)?.collect()
        };
        self.done(read())
    }

    pub(super) fn reports_near(&self, reach: Reach) -> Result<Vec<Filed>, Error> {
        let read = || {
            let sql = format!("{FILED} WHERE r.fid IN ({NEAR}) ORDER BY r.fid");
            let mut select = self.connection.prepare_cached(&sql)?;
            select.query_map(near(reach), filed)?.collect()
        };
        self.done(read())
    }

    pub(super) fn reviews(&self) -> Result<Vec<Said>, Error> {
        let read = || {
            let sql = format!("SELECT {SAID} FROM reviews ORDER BY fid");
            self.connection.prepare_cached(&sql)?.query_map([], said)?.collect()
        };
        self.done(read())
    }

    pub(super) fn position(&self, source: &SourceName) -> Result<Option<Position>, Error> {
        let read = || {
            let mut select =
                self.connection.prepare_cached("SELECT position FROM sources WHERE name = ?")?;
            let found: Option<Option<String>> =
                select.query_row([&source.0], |row| row.get(0)).optional()?;
            Ok(found.flatten().map(Position))
        };
        self.done(read())
    }

    pub(super) fn states(&self) -> Result<Vec<(SourceName, String)>, Error> {
        let read = || {
            let mut select = self.connection.prepare_cached(
                "SELECT name, state FROM sources WHERE state IS NOT NULL ORDER BY name",
            )?;
            select.query_map([], |row| Ok((SourceName(row.get(0)?), row.get(1)?)))?.collect()
        };
        self.done(read())
    }

    pub(super) fn size(&self) -> Result<Size, Error> {
        let sql = "SELECT (SELECT count(*) FROM articles), page_count * page_size
                   FROM pragma_page_count, pragma_page_size";
        self.done(self.connection.query_row(sql, [], |row| {
            Ok(Size {
                articles: row.get::<_, i64>(0)?.unsigned_abs(),
                bytes: row.get::<_, i64>(1)?.unsigned_abs(),
            })
        }))
    }

    pub(super) fn events_of(&self, article: &ArticleId) -> Result<Vec<EventId>, Error> {
        let read = || {
            // Imported events are told by no report.
            let sql = "SELECT event_id FROM (
                           SELECT event_id, fid FROM reports WHERE article_id = ?1
                           UNION ALL SELECT event_id, fid FROM events WHERE article_id = ?1
                           AND NOT EXISTS (SELECT 1 FROM reports WHERE article_id = ?1))
                       GROUP BY event_id ORDER BY min(fid)";
            let mut select = self.connection.prepare_cached(sql)?;
            select.query_map([&article.0], |row| row.get(0).map(EventId))?.collect()
        };
        self.done(read())
    }

    fn done<T>(&self, result: Sqlite<T>) -> Result<T, Error> {
        result.map_err(|error| Error::from_sqlite(&self.path, error))
    }
}
