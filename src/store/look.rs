//! What the file alone knows: how large it is, and which events an article has.

use super::{Error, Store};
use crate::model::article::ArticleId;
use crate::model::event::EventId;

/// How much a store holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Articles.
    pub articles: u64,
    /// Bytes of the file.
    pub bytes: u64,
}

impl Store {
    /// How much there is. Asks the file, so call it where blocking is allowed.
    pub fn size(&self) -> Result<Size, Error> {
        let reader = self.reader();
        let sql = "SELECT (SELECT count(*) FROM articles), page_count * page_size
                   FROM pragma_page_count, pragma_page_size";
        let numbers = reader.connection.query_row(sql, [], |row| {
            Ok(Size {
                articles: row.get::<_, i64>(0)?.unsigned_abs(),
                bytes: row.get::<_, i64>(1)?.unsigned_abs(),
            })
        });
        numbers.map_err(|error| Error::from_sqlite(&reader.path, error))
    }

    /// The events that an article tells of, in the order of the text. Asks the file, so call it where
    /// blocking is allowed.
    pub fn events_of(&self, article: &ArticleId) -> Result<Vec<EventId>, Error> {
        let reader = self.reader();
        let read = || -> Result<_, rusqlite::Error> {
            // Imported events are told by no report.
            let sql = "SELECT event_id FROM (
                           SELECT event_id, fid FROM reports WHERE article_id = ?1
                           UNION ALL SELECT event_id, fid FROM events WHERE article_id = ?1
                           AND NOT EXISTS (SELECT 1 FROM reports WHERE article_id = ?1))
                       GROUP BY event_id ORDER BY min(fid)";
            let mut select = reader.connection.prepare_cached(sql)?;
            let ids = select.query_map([&article.0], |row| row.get(0).map(EventId))?;
            ids.collect::<Result<_, _>>()
        };
        read().map_err(|error| Error::from_sqlite(&reader.path, error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Options;
    use crate::store::samples::{article, event};

    #[test]
    fn a_store_tells_its_size_and_the_events_of_an_article() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rasid.gpkg");
        let store = Store::open(&Options { path }).unwrap();
        assert_eq!(store.size().unwrap().articles, 0);
        let [first, second] = [article(1), article(2)];
        let events = [event(&first, 0), event(&first, 1)];
        store.insert(&first, &events).unwrap();
        store.insert(&second, &[]).unwrap();
        let size = store.size().unwrap();
        assert_eq!(size.articles, 2);
        assert!(size.bytes > 4_096, "{size:?}");
        let ids: Vec<EventId> = events.iter().map(|event| event.id.clone()).collect();
        assert_eq!(store.events_of(&first.id).unwrap(), ids);
        assert_eq!(store.events_of(&second.id).unwrap(), []);
    }
}
