//! Articles and their events into the store: what is one article, and what is one event.

use super::Knowledge;
use crate::merge::address::canonical;
use crate::merge::print::{self, Print};
use crate::model::article::{Article, ArticleId};
use crate::model::event::Event;
use crate::model::source::{Position, SourceName};
use crate::store::change::{Change, Identity, Known};
use crate::store::{self, Inserted, Store};

/// An article with the events that were read in it.
pub type Reading = (Article, Vec<Event>);

/// What came of a source: its name, and how far it is read once these articles are kept, if it says so.
pub type Origin<'a> = (&'a SourceName, Option<&'a Position>);

/// Whether articles are kept with the text that they have, so that they need not be read again;
/// in their order.
///
/// # Errors
/// Those of the store.
pub fn is_known(store: &Store, articles: &[&Article]) -> Result<Vec<bool>, store::Error> {
    let addresses: Vec<_> = articles.iter().map(|article| address(article)).collect();
    let asked: Vec<(&ArticleId, Option<&str>)> = articles
        .iter()
        .zip(&addresses)
        .map(|(article, address)| (&article.id, address.as_deref()))
        .collect();
    let known = store.known(&asked)?;
    let same = |(article, known): (&&Article, &Option<Known>)| {
        known.as_ref().is_some_and(|known| says(known, || print::read(&article.text).0))
    };
    Ok(articles.iter().zip(&known).map(same).collect())
}

/// Whether nothing is to be done about an article with a text of that hash.
fn says(known: &Known, hash: impl FnOnce() -> String) -> bool {
    known.is_quoted_only || known.text_hash.as_ref().is_none_or(|kept| *kept == hash())
}

impl Knowledge {
    /// Keeps articles, their events and how far their source has been read, all of it in one
    /// transaction, and says of each article what became of it.
    ///
    /// # Errors
    /// If the store fails; then nothing of it is kept.
    pub fn keep(
        &self,
        store: &Store,
        batch: &[Reading],
        origin: Option<Origin<'_>>,
    ) -> Result<Vec<Inserted>, store::Error> {
        let identities: Vec<Identity> =
            batch.iter().map(|(article, _)| identify(article)).collect();
        store.change(|change| {
            let kept = batch.iter().zip(&identities).map(|((article, events), identity)| {
                keep(change, article, events, identity, origin.map(|(source, _)| source))
            });
            let kept = kept.collect::<Result<Vec<Inserted>, store::Error>>()?;
            if let Some((source, Some(position))) = origin {
                change.set_position(source, position)?;
            }
            Ok(kept)
        })
    }
}

fn keep(
    change: &mut Change<'_>,
    article: &Article,
    events: &[Event],
    identity: &Identity,
    source: Option<&SourceName>,
) -> Result<Inserted, store::Error> {
    if change.known(&article.id, identity.address.as_deref())?.is_some() {
        return Ok(Inserted::AlreadyThere);
    }
    change.put_article(article, Some(identity), events, source)?;
    for event in events {
        change.put_event(event)?;
    }
    Ok(Inserted::New { events: events.len() })
}

fn address(article: &Article) -> Option<String> {
    article.url.as_deref().map(canonical)
}

fn identify(article: &Article) -> Identity {
    let (text_hash, print): (String, Print) = print::read(&article.text);
    Identity { address: address(article), text_hash, minhash: print.to_bytes() }
}
