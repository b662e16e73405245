//! A change of a store that is a database.

use std::collections::HashMap;
use std::fmt;

use postgres::types::{FromSqlOwned, ToSql};
use postgres::{Row as Found, Statement, Transaction};

use super::rows::{
    self, EVENT, EVENTS_OF_ARTICLE, FILED_BY_NUMBER, KNOWN, NUMBERS_NEAR, PUT_EVENT, SAID_OF,
    SAID_OF_TWO, UNCOMPARED,
};
use super::{Address, Error};
use crate::model::article::{Article, ArticleId};
use crate::model::event::{Event, EventId};
use crate::model::source::{Position, SourceName};
use crate::store::draft::{Filed, Identity, Known, Reach, Said};
use crate::store::sqlite::{lang_code, sha256};

/// Statements that the server knows already, by their texts.
pub(super) type Statements = HashMap<&'static str, Statement>;

/// The values of a statement.
type Values<'a> = &'a [&'a (dyn ToSql + Sync)];

/// The transaction, in which nobody else changes events.
pub(in crate::store) struct Draft<'a> {
    transaction: Transaction<'a>,
    statements: &'a mut Statements,
    address: &'a Address,
}

impl fmt::Debug for Draft<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Draft({})", self.address)
    }
}

impl<'a> Draft<'a> {
    pub(super) const fn new(
        transaction: Transaction<'a>,
        statements: &'a mut Statements,
        address: &'a Address,
    ) -> Self {
        Self { transaction, statements, address }
    }

    pub(in crate::store) fn commit(self) -> Result<(), Error> {
        self.transaction.commit().map_err(|error| Error::from_server(self.address, error))
    }

    pub(in crate::store) fn known(
        &mut self,
        id: &ArticleId,
        address: Option<&str>,
    ) -> Result<Option<Known>, Error> {
        let (ids, addresses) = ([&id.0], address.as_slice());
        let found = self.all(KNOWN, &[&ids.as_slice(), &addresses], rows::known)?;
        Ok(rows::known_as(&found, id, address))
    }

    pub(in crate::store) fn put_article(
        &mut self,
        article: &Article,
        identity: Option<&Identity>,
        events: &[Event],
        source: Option<&SourceName>,
    ) -> Result<(), Error> {
        self.run(
            "INSERT INTO rasid.articles (article_id, publisher, url, title, lang, published, text, sha256, extractor,
                 address, text_hash, minhash, source_name, author, trust, fetched)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, clock_timestamp())",
            &[
                &article.id.0,
                &article.publisher,
                &article.url,
                &article.title,
                &lang_code(article.lang),
                &article.published.map(|published| published.to_string()),
                &article.text,
                &sha256(&article.text),
                &events.first().map(|event| &event.source.extractor),
                &identity.and_then(|identity| identity.address.as_ref()),
                &identity.map(|identity| &identity.text_hash),
                &identity.map(|identity| &identity.minhash),
                &source.map(|source| &source.0),
                &article.author,
                &article.trust.map(i64::from),
            ],
        )
        .map(drop)
    }

    pub(in crate::store) fn replace_article(
        &mut self,
        article: &Article,
        identity: &Identity,
        events: &[Event],
    ) -> Result<(), Error> {
        self.run(
            "INSERT INTO rasid.revisions
                 SELECT article_id, revision, title, published, text, sha256, fetched, clock_timestamp()
                 FROM rasid.articles WHERE article_id = $1",
            &[&article.id.0],
        )?;
        self.run(
            "UPDATE rasid.articles SET title = $2, author = coalesce($3, author), trust = coalesce($4, trust),
                 lang = $5, published = $6, text = $7, sha256 = $8, extractor = $9, text_hash = $10,
                 minhash = $11, fetched = clock_timestamp(), revision = revision + 1
             WHERE article_id = $1",
            &[
                &article.id.0,
                &article.title,
                &article.author,
                &article.trust.map(i64::from),
                &lang_code(article.lang),
                &article.published.map(|published| published.to_string()),
                &article.text,
                &sha256(&article.text),
                &events.first().map(|event| &event.source.extractor),
                &identity.text_hash,
                &identity.minhash,
            ],
        )
        .map(drop)
    }

    pub(in crate::store) fn remove_article(&mut self, id: &ArticleId) -> Result<(), Error> {
        self.run("DELETE FROM rasid.revisions WHERE article_id = $1", &[&id.0])?;
        self.run("DELETE FROM rasid.articles WHERE article_id = $1", &[&id.0]).map(drop)
    }

    pub(in crate::store) fn identify(
        &mut self,
        id: &ArticleId,
        identity: &Identity,
        extractor: Option<&str>,
    ) -> Result<(), Error> {
        self.run(
            "UPDATE rasid.articles SET address = $2, text_hash = $3, minhash = $4, extractor = $5
             WHERE article_id = $1",
            &[&id.0, &identity.address, &identity.text_hash, &identity.minhash, &extractor],
        )
        .map(drop)
    }

    pub(in crate::store) fn uncompared(
        &mut self,
        most: u32,
    ) -> Result<Vec<(Article, Vec<Event>)>, Error> {
        let found = self.all(&UNCOMPARED, &[&i64::from(most)], rows::article)?;
        let mut articles = Vec::with_capacity(found.len());
        for article in found {
            let events = self.all(&EVENTS_OF_ARTICLE, &[&article.id.0], rows::event)?;
            articles.push((article, events.into_iter().flatten().collect()));
        }
        Ok(articles)
    }

    pub(in crate::store) fn put_quoted(
        &mut self,
        article: &Article,
        extractor: &str,
    ) -> Result<bool, Error> {
        let put = self.run(
            "INSERT INTO rasid.articles
                 (article_id, publisher, url, title, lang, published, text, sha256, extractor, revision)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0) ON CONFLICT (article_id) DO NOTHING",
            &[
                &article.id.0,
                &article.publisher,
                &article.url,
                &article.title,
                &lang_code(article.lang),
                &article.published.map(|published| published.to_string()),
                &article.text,
                &sha256(&article.text),
                &extractor,
            ],
        )?;
        Ok(put == 1)
    }

    pub(in crate::store) fn text_of(&mut self, article: &ArticleId) -> Result<String, Error> {
        self.value("SELECT text FROM rasid.articles WHERE article_id = $1", &[&article.0])
    }

    pub(in crate::store) fn set_text(
        &mut self,
        article: &ArticleId,
        text: &str,
    ) -> Result<(), Error> {
        let sql = "UPDATE rasid.articles SET text = $2, sha256 = $3 WHERE article_id = $1";
        self.run(sql, &[&article.0, &text, &sha256(text)]).map(drop)
    }

    pub(in crate::store) fn quotations(
        &mut self,
        article: &ArticleId,
    ) -> Result<Vec<(usize, String)>, Error> {
        let sql = "SELECT evidence_start, evidence FROM rasid.events WHERE article_id = $1";
        self.all(sql, &[&article.0], |row| {
            let start = usize::try_from(row.try_get::<_, i64>(0)?).unwrap_or(usize::MAX);
            Ok((start, row.try_get(1)?))
        })
    }

    pub(in crate::store) fn put_report(
        &mut self,
        event: &Event,
        place_kind: Option<&str>,
        Reach { area: [west, south, east, north], days: [first, last] }: Reach,
    ) -> Result<i64, Error> {
        let number: i64 = self.value(
            "INSERT INTO rasid.reports (report_id, article_id, event_id, feature, place_kind)
             VALUES ($1, $2, $1, $3::text::json, $4) RETURNING fid",
            &[&event.id.0, &event.source.article_id.0, &event.to_text(), &place_kind],
        )?;
        let [west, south, first] = [west, south, first.into()].map(down);
        let [east, north, last] = [east, north, last.into()].map(up);
        let values: Values<'_> = &[&number, &west, &east, &south, &north, &first, &last];
        self.run("INSERT INTO rasid.reports_reach VALUES ($1, $2, $3, $4, $5, $6, $7)", values)?;
        Ok(number)
    }

    pub(in crate::store) fn remove_report(&mut self, number: i64) -> Result<(), Error> {
        self.run("DELETE FROM rasid.reports_reach WHERE fid = $1", &[&number])?;
        self.run("DELETE FROM rasid.reports WHERE fid = $1", &[&number]).map(drop)
    }

    pub(in crate::store) fn join(
        &mut self,
        number: i64,
        event: &EventId,
        why: Option<&str>,
    ) -> Result<(), Error> {
        let sql = "UPDATE rasid.reports SET event_id = $2, joined = $3::text::json WHERE fid = $1";
        self.run(sql, &[&number, &event.0, &why]).map(drop)
    }

    pub(in crate::store) fn report(&mut self, number: i64) -> Result<Filed, Error> {
        let found = self.all(&FILED_BY_NUMBER, &[&number], rows::filed)?.pop().flatten();
        found.ok_or_else(|| Error::Unreadable { address: self.address.to_string(), number })
    }

    pub(in crate::store) fn event_of(&mut self, number: i64) -> Result<EventId, Error> {
        self.value("SELECT event_id FROM rasid.reports WHERE fid = $1", &[&number]).map(EventId)
    }

    pub(in crate::store) fn reports_of(&mut self, article: &ArticleId) -> Result<Vec<i64>, Error> {
        let sql = "SELECT fid FROM rasid.reports WHERE article_id = $1 ORDER BY fid";
        self.all(sql, &[&article.0], |row| row.try_get(0))
    }

    pub(in crate::store) fn members(&mut self, event: &EventId) -> Result<Vec<i64>, Error> {
        let sql = "SELECT fid FROM rasid.reports WHERE event_id = $1 ORDER BY fid";
        self.all(sql, &[&event.0], |row| row.try_get(0))
    }

    pub(in crate::store) fn number_of(&mut self, report: &EventId) -> Result<Option<i64>, Error> {
        let sql = "SELECT fid FROM rasid.reports WHERE report_id = $1";
        Ok(self.all(sql, &[&report.0], |row| row.try_get(0))?.pop())
    }

    pub(in crate::store) fn near(&mut self, reach: Reach) -> Result<Vec<i64>, Error> {
        let [east, west, north, south, last, first] = rows::near(reach);
        let values: Values<'_> = &[&east, &west, &north, &south, &last, &first];
        self.all(&NUMBERS_NEAR, values, |row| row.try_get(0))
    }

    pub(in crate::store) fn put_event(&mut self, event: &Event) -> Result<(), Error> {
        let cells = rows::cells(event);
        let values: Vec<&(dyn ToSql + Sync)> = cells.iter().map(|cell| &**cell).collect();
        self.run(&PUT_EVENT, &values).map(drop)
    }

    pub(in crate::store) fn remove_event(&mut self, id: &EventId) -> Result<(), Error> {
        // A trigger tells whoever follows.
        self.run("DELETE FROM rasid.events WHERE event_id = $1", &[&id.0]).map(drop)
    }

    pub(in crate::store) fn event(&mut self, id: &EventId) -> Result<Option<Event>, Error> {
        Ok(self.all(&EVENT, &[&id.0], rows::event)?.pop().flatten())
    }

    pub(in crate::store) fn is_told(&mut self, id: &EventId) -> Result<bool, Error> {
        let sql = "SELECT EXISTS (SELECT 1 FROM rasid.reports WHERE report_id = $1)";
        self.value(sql, &[&id.0])
    }

    pub(in crate::store) fn is_taken(&mut self, id: &EventId) -> Result<bool, Error> {
        let sql = "SELECT EXISTS (SELECT 1 FROM rasid.events WHERE event_id = $1)
                       OR EXISTS (SELECT 1 FROM rasid.reports WHERE report_id = $1)";
        self.value(sql, &[&id.0])
    }

    pub(in crate::store) fn say(&mut self, said: &Said) -> Result<(), Error> {
        self.run(
            "INSERT INTO rasid.reviews
                 (event_id, review, reviewer, note, reviewed, correction, other_id, undoes, was)
             VALUES ($1, $2, $3, $4, clock_timestamp(), $5::text::json, $6, $7, $8::text::json)",
            &[
                &said.event,
                &said.word,
                &said.by,
                &said.note,
                &said.correction,
                &said.other,
                &said.undoes,
                &said.was,
            ],
        )
        .map(drop)
    }

    pub(in crate::store) fn said_of(&mut self, id: &EventId) -> Result<Vec<Said>, Error> {
        self.all(&SAID_OF, &[&id.0], rows::said)
    }

    pub(in crate::store) fn said_of_two(&mut self) -> Result<Vec<Said>, Error> {
        self.all(&SAID_OF_TWO, &[], rows::said)
    }

    pub(in crate::store) fn set_position(
        &mut self,
        source: &SourceName,
        position: &Position,
    ) -> Result<(), Error> {
        let sql = "INSERT INTO rasid.sources (name, position) VALUES ($1, $2)
                   ON CONFLICT (name) DO UPDATE SET position = EXCLUDED.position";
        self.run(sql, &[&source.0, &position.0]).map(drop)
    }

    pub(in crate::store) fn set_state(
        &mut self,
        source: &SourceName,
        state: &str,
    ) -> Result<(), Error> {
        let sql = "INSERT INTO rasid.sources (name, state) VALUES ($1, $2::text::json)
                   ON CONFLICT (name) DO UPDATE SET state = EXCLUDED.state";
        self.run(sql, &[&source.0, &state]).map(drop)
    }

    /// Runs a statement, and says how many rows it touched.
    fn run(&mut self, sql: &'static str, values: Values<'_>) -> Result<u64, Error> {
        let statement = self.statement(sql)?;
        let done = self.transaction.execute(&statement, values);
        done.map_err(|error| Error::from_server(self.address, error))
    }

    fn all<T>(
        &mut self,
        sql: &'static str,
        values: Values<'_>,
        read: impl Fn(&Found) -> Result<T, postgres::Error>,
    ) -> Result<Vec<T>, Error> {
        let statement = self.statement(sql)?;
        let found = self.transaction.query(&statement, values);
        let read = found.and_then(|found| found.iter().map(read).collect());
        read.map_err(|error| Error::from_server(self.address, error))
    }

    /// The one value of the one row that there is.
    fn value<T: FromSqlOwned>(
        &mut self,
        sql: &'static str,
        values: Values<'_>,
    ) -> Result<T, Error> {
        let statement = self.statement(sql)?;
        let row = self.transaction.query_one(&statement, values);
        let value = row.and_then(|row| row.try_get(0));
        value.map_err(|error| Error::from_server(self.address, error))
    }

    fn statement(&mut self, sql: &'static str) -> Result<Statement, Error> {
        if let Some(known) = self.statements.get(sql) {
            return Ok(known.clone());
        }
        let prepared = self.transaction.prepare(sql);
        let prepared = prepared.map_err(|error| Error::from_server(self.address, error))?;
        self.statements.insert(sql, prepared.clone());
        Ok(prepared)
    }
}

// Bounds are kept as the R-tree of a file rounds them, to 32 bits and outwards: the same reports meet in both
// engines, and a copy is equal. https://www.sqlite.org/rtree.html#roundoff_error

fn down(bound: f64) -> f64 {
    let near = in_32_bits(bound);
    f64::from(if f64::from(near) > bound { near.next_down() } else { near })
}

fn up(bound: f64) -> f64 {
    let near = in_32_bits(bound);
    f64::from(if f64::from(near) < bound { near.next_up() } else { near })
}

#[expect(clippy::cast_possible_truncation, reason = "that is what it is for")]
const fn in_32_bits(number: f64) -> f32 {
    number as f32
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn in_the_file(bounds: [f64; 2]) -> [f64; 2] {
        let file = rusqlite::Connection::open_in_memory().unwrap();
        file.execute_batch("CREATE VIRTUAL TABLE reach USING rtree (fid, least, most)").unwrap();
        file.execute("INSERT INTO reach VALUES (1, ?, ?)", bounds).unwrap();
        let sql = "SELECT least, most FROM reach";
        file.query_row(sql, [], |row| Ok([row.get(0)?, row.get(1)?])).unwrap()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn bounds_are_those_that_a_file_keeps(a in -180.0..180.0, b in -180.0..180.0) {
            let bounds = [f64::min(a, b), f64::max(a, b)];
            let kept = in_the_file(bounds);
            prop_assert_eq!([down(bounds[0]), up(bounds[1])].map(f64::to_bits), kept.map(f64::to_bits));
        }
    }

    #[test]
    fn a_bound_that_32_bits_hold_stays_as_it_is() {
        for bound in [0.0, 36.5, -0.25, 19_723.0] {
            assert!(down(bound).total_cmp(&bound).is_eq() && up(bound).total_cmp(&bound).is_eq());
        }
    }
}
