//! One transaction: all that is kept, joined, replaced and removed in it, or nothing.

mod reviews;

use std::path::Path;

use rusqlite::types::Value as Cell;
use rusqlite::{Params, Row, Transaction, named_params, params};

pub use reviews::Said;
pub(super) use reviews::{SAID, read as said};

use super::error::Error;
use super::seal;
use super::sqlite::{INSERT_EVENT, Sqlite, cells, lang_code, note_change, sha256};
use super::stored;
use crate::model::article::{Article, ArticleId};
use crate::model::event::{Event, EventId};
use crate::model::point::LonLat;
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

/// A transaction that writes. Begun by [`super::Store::change`], committed when its work is done.
#[derive(Debug)]
pub struct Draft<'a> {
    transaction: Transaction<'a>,
    path: &'a Path,
    points: Vec<LonLat>,
    touches_articles: bool,
    touches_events: bool,
    /// The seal that our own changes break.
    seal: Option<String>,
}

impl<'a> Draft<'a> {
    pub(super) fn new(transaction: Transaction<'a>, path: &'a Path) -> Result<Self, Error> {
        let seal = seal::read(&transaction).map_err(|error| Error::from_sqlite(path, error))?;
        let (points, touches_articles, touches_events) = (Vec::new(), false, false);
        Ok(Self { transaction, path, points, touches_articles, touches_events, seal })
    }

    pub(super) fn commit(self) -> Result<(), Error> {
        let finish = || {
            if self.touches_articles {
                note_change(&self.transaction, self.touches_events, &self.points)?;
            }
            if let Some(seal) = &self.seal {
                seal::mend(&self.transaction, seal)?;
            }
            self.transaction.commit()
        };
        finish().map_err(|error| Error::from_sqlite(self.path, error))
    }

    /// The article that is kept under an id, or else at an address.
    pub fn known(&self, id: &ArticleId, address: Option<&str>) -> Result<Option<Known>, Error> {
        self.done(stored::known(&self.transaction, id, address))
    }

    /// Keeps an article that is new. Without an identity it is [`Draft::uncompared`].
    pub fn put_article(
        &mut self,
        article: &Article,
        identity: Option<&Identity>,
        events: &[Event],
        source: Option<&SourceName>,
    ) -> Result<(), Error> {
        self.touches_articles = true;
        self.run(
            "INSERT INTO articles (article_id, publisher, url, title, lang, published, text, sha256, extractor,
                 address, text_hash, minhash, source_name, author, trust, fetched)
             VALUES (:id, :publisher, :url, :title, :lang, :published, :text, :sha256, :extractor,
                 :address, :text_hash, :minhash, :source, :author, :trust, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))",
            named_params! {
                ":id": article.id.0,
                ":publisher": article.publisher,
                ":author": article.author,
                ":trust": article.trust,
                ":url": article.url,
                ":title": article.title,
                ":lang": lang_code(article.lang),
                ":published": article.published.map(|published| published.to_string()),
                ":text": article.text,
                ":sha256": sha256(&article.text),
                ":extractor": events.first().map(|event| &event.source.extractor),
                ":address": identity.and_then(|identity| identity.address.as_ref()),
                ":text_hash": identity.map(|identity| &identity.text_hash),
                ":minhash": identity.map(|identity| &identity.minhash),
                ":source": source.map(|source| &source.0),
            },
        )
    }

    /// Gives an article that is kept its changed text, and lays the old one aside.
    pub fn replace_article(
        &mut self,
        article: &Article,
        identity: &Identity,
        events: &[Event],
    ) -> Result<(), Error> {
        self.touches_articles = true;
        self.run(
            "INSERT INTO revisions
                 SELECT article_id, revision, title, published, text, sha256, fetched,
                     strftime('%Y-%m-%dT%H:%M:%fZ', 'now')
                 FROM articles WHERE article_id = ?",
            [&article.id.0],
        )?;
        self.run(
            "UPDATE articles SET title = :title, author = coalesce(:author, author), trust = coalesce(:trust, trust), lang = :lang, published = :published, text = :text,
                 sha256 = :sha256, extractor = :extractor, text_hash = :text_hash, minhash = :minhash,
                 fetched = strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), revision = revision + 1
             WHERE article_id = :id",
            named_params! {
                ":id": article.id.0,
                ":title": article.title,
                ":author": article.author,
                ":trust": article.trust,
                ":lang": lang_code(article.lang),
                ":published": article.published.map(|published| published.to_string()),
                ":text": article.text,
                ":sha256": sha256(&article.text),
                ":extractor": events.first().map(|event| &event.source.extractor),
                ":text_hash": identity.text_hash,
                ":minhash": identity.minhash,
            },
        )
    }

    /// Forgets an article with its reports and what it said before. Its events must be gone.
    pub fn remove_article(&mut self, id: &ArticleId) -> Result<(), Error> {
        self.touches_articles = true;
        self.run("DELETE FROM revisions WHERE article_id = ?", [&id.0])?;
        self.run("DELETE FROM articles WHERE article_id = ?", [&id.0])
    }

    /// Notes what an article's text is like, and who read it last.
    pub fn identify(
        &mut self,
        id: &ArticleId,
        identity: &Identity,
        extractor: Option<&str>,
    ) -> Result<(), Error> {
        self.touches_articles = true;
        self.run(
            "UPDATE articles SET address = ?, text_hash = ?, minhash = ?, extractor = ? WHERE article_id = ?",
            params![identity.address, identity.text_hash, identity.minhash, extractor, id.0],
        )
    }

    /// Articles whose events were kept without a look at other articles, with these events; at most
    /// so many.
    pub fn uncompared(&self, most: u32) -> Result<Vec<(Article, Vec<Event>)>, Error> {
        self.done(stored::uncompared(&self.transaction, most))
    }

    /// Files an event as an article tells it.
    pub fn put_report(
        &mut self,
        event: &Event,
        place_kind: Option<&str>,
        reach: Reach,
    ) -> Result<i64, Error> {
        let id = &event.id.0;
        self.run(
            "INSERT INTO reports (report_id, article_id, event_id, feature, place_kind) VALUES (?, ?, ?, ?, ?)",
            params![id, event.source.article_id.0, id, event.to_feature().to_string(), place_kind],
        )?;
        let number = self.transaction.last_insert_rowid();
        let [west, south, east, north] = reach.area;
        self.run(
            "INSERT INTO reports_reach VALUES (?, ?, ?, ?, ?, ?, ?)",
            params![number, west, east, south, north, reach.days[0], reach.days[1]],
        )?;
        Ok(number)
    }

    /// Takes away a report; its event is to be told anew.
    pub fn remove_report(&mut self, number: i64) -> Result<(), Error> {
        self.run("DELETE FROM reports_reach WHERE fid = ?", [number])?;
        self.run("DELETE FROM reports WHERE fid = ?", [number])
    }

    /// Says which event a report belongs to, and why.
    pub fn join(&mut self, number: i64, event: &EventId, why: Option<&str>) -> Result<(), Error> {
        self.run(
            "UPDATE reports SET event_id = ?, joined = ? WHERE fid = ?",
            params![event.0, why, number],
        )
    }

    /// A report.
    pub fn report(&self, number: i64) -> Result<Filed, Error> {
        self.one(&format!("{} WHERE r.fid = ?", stored::FILED), [number], stored::filed)
    }

    /// The event that a report belongs to.
    pub fn event_of(&self, number: i64) -> Result<EventId, Error> {
        let sql = "SELECT event_id FROM reports WHERE fid = ?";
        self.one(sql, [number], |row| row.get(0).map(EventId))
    }

    /// The numbers of the reports of an article, in the order of its text.
    pub fn reports_of(&self, article: &ArticleId) -> Result<Vec<i64>, Error> {
        let sql = "SELECT fid FROM reports WHERE article_id = ? ORDER BY fid";
        self.all(sql, [&article.0], |row| row.get(0))
    }

    /// The numbers of the reports of an event.
    pub fn members(&self, event: &EventId) -> Result<Vec<i64>, Error> {
        let sql = "SELECT fid FROM reports WHERE event_id = ? ORDER BY fid";
        self.all(sql, [&event.0], |row| row.get(0))
    }

    /// The numbers of the reports that a reach meets.
    pub fn near(&self, reach: Reach) -> Result<Vec<i64>, Error> {
        self.all(stored::NEAR, stored::near(reach), |row| row.get(0))
    }

    /// Puts an event on the map, in the place of the one with its id if there is one.
    pub fn put_event(&mut self, event: &Event) -> Result<(), Error> {
        (self.touches_articles, self.touches_events) = (true, true);
        self.run("DELETE FROM events WHERE event_id = ?", [&event.id.0])?;
        let cells: Vec<Cell> = cells(event);
        self.run(&INSERT_EVENT, rusqlite::params_from_iter(cells))?;
        self.points.extend(event.point);
        Ok(())
    }

    /// Takes an event off the map, if it is there, and tells so to whoever follows the changes.
    pub fn remove_event(&mut self, id: &EventId) -> Result<(), Error> {
        let sql = "DELETE FROM events WHERE event_id = ? RETURNING fid";
        if self.all(sql, [&id.0], |row| row.get::<_, i64>(0))?.is_empty() {
            return Ok(());
        }
        (self.touches_articles, self.touches_events) = (true, true);
        self.run("UPDATE sqlite_sequence SET seq = seq + 1 WHERE name = 'events'", [])?;
        self.run(
            "INSERT INTO removed SELECT seq, ? FROM sqlite_sequence WHERE name = 'events'",
            [&id.0],
        )
    }

    /// An event as it is on the map.
    pub fn event(&self, id: &EventId) -> Result<Option<Event>, Error> {
        self.done(stored::event(&self.transaction, id))
    }

    /// Whether a report has that id, in whatever event.
    pub fn is_told(&self, id: &EventId) -> Result<bool, Error> {
        self.one("SELECT EXISTS (SELECT 1 FROM reports WHERE report_id = ?)", [&id.0], |row| {
            row.get(0)
        })
    }

    /// Notes how far a source has been read.
    pub fn set_position(&mut self, source: &SourceName, position: &Position) -> Result<(), Error> {
        self.run(
            "INSERT INTO sources (name, position) VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET position = ?2",
            [&source.0, &position.0],
        )
    }

    /// Notes how a source does.
    pub fn set_state(&mut self, source: &SourceName, state: &str) -> Result<(), Error> {
        self.run(
            "INSERT INTO sources (name, state) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET state = ?2",
            [&source.0, state],
        )
    }

    fn run(&self, sql: &str, values: impl Params) -> Result<(), Error> {
        let run = || self.transaction.prepare_cached(sql)?.execute(values).map(drop);
        self.done(run())
    }

    fn all<T>(
        &self,
        sql: &str,
        values: impl Params,
        read: impl FnMut(&Row<'_>) -> Sqlite<T>,
    ) -> Result<Vec<T>, Error> {
        let run = || self.transaction.prepare_cached(sql)?.query_map(values, read)?.collect();
        self.done(run())
    }

    fn one<T>(
        &self,
        sql: &str,
        values: impl Params,
        read: impl FnOnce(&Row<'_>) -> Sqlite<T>,
    ) -> Result<T, Error> {
        let run = || self.transaction.prepare_cached(sql)?.query_row(values, read);
        self.done(run())
    }

    fn done<T>(&self, result: Sqlite<T>) -> Result<T, Error> {
        result.map_err(|error| Error::from_sqlite(self.path, error))
    }
}
