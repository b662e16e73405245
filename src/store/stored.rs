//! What is in the file, read back: articles, reports, events, sources.

use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde_json::Value;

use super::draft::{Filed, Known, Reach};
use super::sqlite::{Sqlite, columns, feature};
use crate::model::article::{Article, ArticleId, Lang, Published, TRUST};
use crate::model::event::{Event, EventId};

/// The article that is kept under an id, or else at an address.
pub(super) fn known(
    connection: &Connection,
    id: &ArticleId,
    address: Option<&str>,
) -> Sqlite<Option<Known>> {
    let read = |row: &Row<'_>| {
        let revision: i64 = row.get(2)?;
        let id = ArticleId(row.get(0)?);
        Ok(Known { id, text_hash: row.get(1)?, is_quoted_only: revision == 0 })
    };
    let mut by_id = connection.prepare_cached(
        "SELECT article_id, text_hash, revision FROM articles WHERE article_id = ?",
    )?;
    if let Some(found) = by_id.query_row([&id.0], read).optional()? {
        return Ok(Some(found));
    }
    let Some(address) = address else { return Ok(None) };
    let mut by_address = connection.prepare_cached(
        "SELECT article_id, text_hash, revision FROM articles WHERE address = ? ORDER BY fid LIMIT 1",
    )?;
    by_address.query_row([address], read).optional()
}

/// Columns of an article, in the order of [`article`].
const ARTICLE: &str = "article_id, publisher, url, title, lang, published, text, author, trust";

fn article(row: &Row<'_>) -> Sqlite<Article> {
    let published: Option<String> = row.get(5)?;
    let lang: String = row.get(4)?;
    Ok(Article {
        id: ArticleId(row.get(0)?),
        publisher: row.get(1)?,
        url: row.get(2)?,
        title: row.get(3)?,
        lang: if lang == "en" { Lang::En } else { Lang::Ar },
        published: published.and_then(|published| Published::parse(&published).ok()),
        text: row.get(6)?,
        author: row.get(7)?,
        trust: row.get(8)?,
    })
}

/// Articles that were not compared with others yet, with their events.
pub(super) fn uncompared(connection: &Connection, most: u32) -> Sqlite<Vec<(Article, Vec<Event>)>> {
    let sql = format!(
        "SELECT {ARTICLE} FROM articles WHERE text_hash IS NULL AND revision > 0 ORDER BY fid LIMIT ?"
    );
    let mut select = connection.prepare_cached(&sql)?;
    let articles = select.query_map([most], article)?.collect::<Sqlite<Vec<Article>>>()?;
    articles
        .into_iter()
        .map(|article| {
            let events = events(connection, "article_id", &article.id.0)?;
            Ok((article, events))
        })
        .collect()
}

/// The articles behind a row, as they were last read, at most so many; with the number of the last
/// row. Those of which only quotations are known are left out.
pub(super) fn articles_after(
    connection: &Connection,
    after: i64,
    since: Option<&str>,
    most: u32,
) -> Sqlite<Vec<(i64, Article)>> {
    let sql = format!(
        "SELECT {ARTICLE}, fid FROM articles
         WHERE fid > ?1 AND revision > 0 AND (?2 IS NULL OR coalesce(published, fetched) >= ?2)
         ORDER BY fid LIMIT ?3"
    );
    let mut select = connection.prepare_cached(&sql)?;
    let rows =
        select.query_map(params![after, since, most], |row| Ok((row.get(9)?, article(row)?)))?;
    rows.collect()
}

/// An event as it is on the map.
pub(super) fn event(connection: &Connection, id: &EventId) -> Sqlite<Option<Event>> {
    Ok(events(connection, "event_id", &id.0)?.pop())
}

/// Events as they are on the map; one that a GIS program made unreadable is left as it is.
fn events(connection: &Connection, column: &str, value: &str) -> Sqlite<Vec<Event>> {
    let sql = format!("SELECT fid, {} FROM events WHERE {column} = ? ORDER BY fid", columns());
    let mut select = connection.prepare_cached(&sql)?;
    let found = select.query_map([value], feature)?.collect::<Sqlite<Vec<Value>>>()?;
    let read = |feature: &Value| Event::from_feature(&feature.to_string()).ok();
    Ok(found.iter().filter_map(read).collect())
}

/// Selects the columns of [`filed`].
pub(super) const FILED: &str = "SELECT r.event_id, r.feature, r.place_kind, a.minhash, a.trust
     FROM reports r JOIN articles a USING (article_id)";

/// Selects the numbers of the reports that a reach meets, with the values of [`near`].
pub(super) const NEAR: &str = "SELECT fid FROM reports_reach
     WHERE west <= ?1 AND east >= ?2 AND south <= ?3 AND north >= ?4 AND first <= ?5 AND last >= ?6";

/// What [`NEAR`] asks for.
pub(super) fn near(
    Reach { area: [west, south, east, north], days: [first, last] }: Reach,
) -> [f64; 6] {
    [east, west, north, south, last.into(), first.into()]
}

/// A row of [`FILED`].
pub(super) fn filed(row: &Row<'_>) -> Sqlite<Filed> {
    Ok(Filed {
        event: EventId(row.get(0)?),
        told: Event::from_feature(row.get_ref(1)?.as_str()?).map_err(no_event)?,
        place_kind: row.get(2)?,
        minhash: row.get::<_, Option<Vec<u8>>>(3)?.unwrap_or_default(),
        trust: row.get::<_, Option<u8>>(4)?.unwrap_or(TRUST),
    })
}

fn no_event(error: serde_json::Error) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(2, Type::Text, error.into())
}
