//! A change of a store that is a file.

use std::path::Path;

use rusqlite::types::Value as Cell;
use rusqlite::{Params, Row, Transaction, named_params, params};

use super::{Filed, Identity, Known, Reach, SAID, Said, said};
use crate::model::article::{Article, ArticleId};
use crate::model::event::{Event, EventId};
use crate::model::point::LonLat;
use crate::model::source::{Position, SourceName};
use crate::store::error::Error;
use crate::store::seal;
use crate::store::sqlite::{INSERT_EVENT, Sqlite, cells, lang_code, note_change, sha256};
use crate::store::stored;

/// The transaction, and what is told of it when it ends.
#[derive(Debug)]
pub(in crate::store) struct Draft<'a> {
    transaction: Transaction<'a>,
    path: &'a Path,
    points: Vec<LonLat>,
    touches_articles: bool,
    touches_events: bool,
    /// The seal that our own changes break.
    seal: Option<String>,
}

impl<'a> Draft<'a> {
    pub(in crate::store) fn new(
        transaction: Transaction<'a>,
        path: &'a Path,
    ) -> Result<Self, Error> {
        let seal = seal::read(&transaction).map_err(|error| Error::from_sqlite(path, error))?;
        let (points, touches_articles, touches_events) = (Vec::new(), false, false);
        Ok(Self { transaction, path, points, touches_articles, touches_events, seal })
    }

    pub(in crate::store) fn commit(self) -> Result<(), Error> {
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

    pub(super) fn known(
        &self,
        id: &ArticleId,
        address: Option<&str>,
    ) -> Result<Option<Known>, Error> {
        self.done(stored::known(&self.transaction, id, address))
    }

    pub(super) fn put_article(
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

    pub(super) fn replace_article(
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

    pub(super) fn remove_article(&mut self, id: &ArticleId) -> Result<(), Error> {
        self.touches_articles = true;
        self.run("DELETE FROM revisions WHERE article_id = ?", [&id.0])?;
        self.run("DELETE FROM articles WHERE article_id = ?", [&id.0])
    }

    pub(super) fn identify(
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

    pub(super) fn uncompared(&self, most: u32) -> Result<Vec<(Article, Vec<Event>)>, Error> {
        self.done(stored::uncompared(&self.transaction, most))
    }

    pub(super) fn put_quoted(&mut self, article: &Article, extractor: &str) -> Result<bool, Error> {
        let put = || {
            let mut insert = self.transaction.prepare_cached(
                "INSERT INTO articles (article_id, publisher, url, title, lang, published, text, sha256, extractor, revision)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0) ON CONFLICT (article_id) DO NOTHING",
            )?;
            insert.execute(params![
                article.id.0,
                article.publisher,
                article.url,
                article.title,
                lang_code(article.lang),
                article.published.map(|published| published.to_string()),
                article.text,
                sha256(&article.text),
                extractor,
            ])
        };
        let is_new = self.done(put())? == 1;
        self.touches_articles |= is_new;
        Ok(is_new)
    }

    pub(super) fn text_of(&self, article: &ArticleId) -> Result<String, Error> {
        let sql = "SELECT text FROM articles WHERE article_id = ?";
        self.one(sql, [&article.0], |row| row.get(0))
    }

    pub(super) fn set_text(&mut self, article: &ArticleId, text: &str) -> Result<(), Error> {
        self.touches_articles = true;
        let sql = "UPDATE articles SET text = ?, sha256 = ? WHERE article_id = ?";
        self.run(sql, params![text, sha256(text), article.0])
    }

    pub(super) fn quotations(&self, article: &ArticleId) -> Result<Vec<(usize, String)>, Error> {
        let sql = "SELECT evidence_start, evidence FROM events WHERE article_id = ?";
        self.all(sql, [&article.0], |row| {
            let start = usize::try_from(row.get::<_, i64>(0)?).unwrap_or(usize::MAX);
            Ok((start, row.get(1)?))
        })
    }

    pub(super) fn put_report(
        &mut self,
        event: &Event,
        place_kind: Option<&str>,
        reach: Reach,
    ) -> Result<i64, Error> {
        let id = &event.id.0;
        self.run(
            "INSERT INTO reports (report_id, article_id, event_id, feature, place_kind) VALUES (?, ?, ?, ?, ?)",
            params![id, event.source.article_id.0, id, event.to_text(), place_kind],
        )?;
        let number = self.transaction.last_insert_rowid();
        let [west, south, east, north] = reach.area;
        self.run(
            "INSERT INTO reports_reach VALUES (?, ?, ?, ?, ?, ?, ?)",
            params![number, west, east, south, north, reach.days[0], reach.days[1]],
        )?;
        Ok(number)
    }

    pub(super) fn remove_report(&mut self, number: i64) -> Result<(), Error> {
        self.run("DELETE FROM reports_reach WHERE fid = ?", [number])?;
        self.run("DELETE FROM reports WHERE fid = ?", [number])
    }

    pub(super) fn join(
        &mut self,
        number: i64,
        event: &EventId,
        why: Option<&str>,
    ) -> Result<(), Error> {
        self.run(
            "UPDATE reports SET event_id = ?, joined = ? WHERE fid = ?",
            params![event.0, why, number],
        )
    }

    pub(super) fn report(&self, number: i64) -> Result<Filed, Error> {
        self.one(&format!("{} WHERE r.fid = ?", stored::FILED), [number], stored::filed)
    }

    pub(super) fn event_of(&self, number: i64) -> Result<EventId, Error> {
        let sql = "SELECT event_id FROM reports WHERE fid = ?";
        self.one(sql, [number], |row| row.get(0).map(EventId))
    }

    pub(super) fn reports_of(&self, article: &ArticleId) -> Result<Vec<i64>, Error> {
        let sql = "SELECT fid FROM reports WHERE article_id = ? ORDER BY fid";
        self.all(sql, [&article.0], |row| row.get(0))
    }

    pub(super) fn members(&self, event: &EventId) -> Result<Vec<i64>, Error> {
        let sql = "SELECT fid FROM reports WHERE event_id = ? ORDER BY fid";
        self.all(sql, [&event.0], |row| row.get(0))
    }

    pub(super) fn near(&self, reach: Reach) -> Result<Vec<i64>, Error> {
        self.all(stored::NEAR, stored::near(reach), |row| row.get(0))
    }

    pub(super) fn put_event(&mut self, event: &Event) -> Result<(), Error> {
        (self.touches_articles, self.touches_events) = (true, true);
        self.run("DELETE FROM events WHERE event_id = ?", [&event.id.0])?;
        let cells: Vec<Cell> = cells(event);
        self.run(&INSERT_EVENT, rusqlite::params_from_iter(cells))?;
        self.points.extend(event.point);
        Ok(())
    }

    pub(super) fn remove_event(&mut self, id: &EventId) -> Result<(), Error> {
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

    pub(super) fn event(&self, id: &EventId) -> Result<Option<Event>, Error> {
        self.done(stored::event(&self.transaction, id))
    }

    pub(super) fn is_told(&self, id: &EventId) -> Result<bool, Error> {
        self.one("SELECT EXISTS (SELECT 1 FROM reports WHERE report_id = ?)", [&id.0], |row| {
            row.get(0)
        })
    }

    pub(super) fn is_taken(&self, id: &EventId) -> Result<bool, Error> {
        let sql = "SELECT EXISTS (SELECT 1 FROM events WHERE event_id = ?1)
                 OR EXISTS (SELECT 1 FROM reports WHERE report_id = ?1)";
        self.one(sql, [&id.0], |row| row.get(0))
    }

    pub(super) fn set_position(
        &mut self,
        source: &SourceName,
        position: &Position,
    ) -> Result<(), Error> {
        self.run(
            "INSERT INTO sources (name, position) VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET position = ?2",
            [&source.0, &position.0],
        )
    }

    pub(super) fn set_state(&mut self, source: &SourceName, state: &str) -> Result<(), Error> {
        self.run(
            "INSERT INTO sources (name, state) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET state = ?2",
            [&source.0, state],
        )
    }

    pub(super) fn say(&mut self, said: &Said) -> Result<(), Error> {
        self.run(
            "INSERT INTO reviews (event_id, review, reviewer, note, reviewed, correction, other_id, undoes, was)
             VALUES (?, ?, ?, ?, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), ?, ?, ?, ?)",
            params![
                said.event, said.word, said.by, said.note, said.correction, said.other, said.undoes, said.was
            ],
        )
    }

    pub(super) fn said_of(&self, id: &EventId) -> Result<Vec<Said>, Error> {
        let sql = format!(
            "SELECT {SAID} FROM reviews WHERE event_id = ?1
             UNION SELECT {SAID} FROM reviews WHERE other_id = ?1 ORDER BY fid"
        );
        self.all(&sql, [&id.0], said)
    }

    pub(super) fn said_of_two(&self) -> Result<Vec<Said>, Error> {
        let sql = format!("SELECT {SAID} FROM reviews WHERE other_id IS NOT NULL ORDER BY fid");
        self.all(&sql, [], said)
    }

    pub(super) fn number_of(&self, report: &EventId) -> Result<Option<i64>, Error> {
        let sql = "SELECT fid FROM reports WHERE report_id = ?";
        Ok(self.all(sql, [&report.0], |row| row.get(0))?.pop())
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
