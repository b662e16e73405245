//! What memory does not know: how large it is, and which events an article has.

use super::{Error, Store};
use crate::model::article::ArticleId;
use crate::model::event::EventId;

/// How much a store holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Articles.
    pub articles: u64,
    /// Bytes of the file, or of the tables.
    pub bytes: u64,
}

impl Store {
    /// How much there is. Asks the file or the database, so call it where blocking is allowed.
    pub fn size(&self) -> Result<Size, Error> {
        self.0.lookup.size()
    }

    /// The events that an article tells of, in the order of the text. Asks the file, so call it where
    /// blocking is allowed.
    pub fn events_of(&self, article: &ArticleId) -> Result<Vec<EventId>, Error> {
        self.0.lookup.events_of(article)
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
