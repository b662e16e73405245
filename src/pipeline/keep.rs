//! Articles and their events into the store: what is one article, and what is one event.

mod join;
mod nearly;
pub mod review;

use std::sync::Arc;

use quick_cache::sync::Cache;
use serde_json::Value;

use self::join::Joining;
use super::Knowledge;
use crate::merge::address::canonical;
use crate::merge::print;
use crate::merge::telling::{Common, Telling};
use crate::model::article::{Article, ArticleId, TRUST};
use crate::model::event::Event;
use crate::model::source::{Position, SourceName};
use crate::store::draft::{Draft, Identity, Known};
use crate::store::{self, Inserted, Store};

/// Reports that were compared lately, by their store and number; a report never changes.
pub(super) type Compared = Cache<(u64, i64), Arc<Telling>>;

/// So many are held: a day's news, some 30 MB.
const MOST_COMPARED: usize = 10_000;

/// Nothing compared yet.
pub(super) fn compared() -> Compared {
    Cache::new(MOST_COMPARED)
}

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
        known.as_ref().is_some_and(|known| says(known, || print::text_hash(&article.text)))
    };
    Ok(articles.iter().zip(&known).map(same).collect())
}

/// Whether nothing is to be done about an article with a text of that hash.
fn says(known: &Known, hash: impl FnOnce() -> String) -> bool {
    known.is_quoted_only || known.text_hash.as_ref().is_none_or(|kept| *kept == hash())
}

/// What came of a source, to be kept with what came of others.
#[derive(Debug, Clone, Copy)]
pub struct Batch<'a> {
    /// The articles, in the order of the source.
    pub readings: &'a [Reading],
    /// The source, if there is one.
    pub origin: Option<Origin<'a>>,
}

impl Batch<'_> {
    /// Whether there is nothing to be kept.
    pub fn is_empty(&self) -> bool {
        self.readings.is_empty() && self.origin.is_none_or(|(_, reached)| reached.is_none())
    }
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
        readings: &[Reading],
        origin: Option<Origin<'_>>,
    ) -> Result<Vec<Inserted>, store::Error> {
        let kept = self.keep_all(store, &[Batch { readings, origin }])?;
        Ok(kept.into_iter().flatten().collect())
    }

    /// The same of several sources: still one transaction.
    ///
    /// # Errors
    /// If the store fails; then nothing of it is kept.
    pub fn keep_all(
        &self,
        store: &Store,
        batches: &[Batch<'_>],
    ) -> Result<Vec<Vec<Inserted>>, store::Error> {
        let identify = |(article, _): &Reading| identify(article);
        let identities: Vec<Vec<(Identity, Common)>> =
            batches.iter().map(|batch| batch.readings.iter().map(identify).collect()).collect();
        store.change(|draft| {
            let mut joining = Joining::new(self, store.id(), draft);
            joining.compare_old()?;
            let mut kept = Vec::with_capacity(batches.len());
            for (batch, identities) in batches.iter().zip(&identities) {
                let source = batch.origin.map(|(source, _)| source);
                let taken = batch.readings.iter().zip(identities);
                let taken =
                    taken.map(|(reading, identity)| joining.take(reading, identity, source));
                kept.push(taken.collect::<Result<Vec<Inserted>, store::Error>>()?);
            }
            joining.settle()?;
            for (source, reached) in batches.iter().filter_map(|batch| batch.origin) {
                if let Some(position) = reached {
                    draft.set_position(source, position)?;
                }
            }
            Ok(kept)
        })
    }

    /// Forgets an article: the events that only it told are gone, and the others say what they say
    /// without it.
    ///
    /// # Errors
    /// If the store fails; then nothing is changed.
    pub fn forget(&self, store: &Store, article: &ArticleId) -> Result<(), store::Error> {
        store.change(|draft| {
            let mut joining = Joining::new(self, store.id(), draft);
            joining.leave_out(article)?;
            joining.settle()?;
            draft.remove_article(article)
        })
    }
}

/// What a newer reading makes of a report.
#[derive(Debug, Clone, PartialEq)]
pub enum Difference {
    /// It is read now, and was not.
    Added(Event),
    /// It was read, and is not now.
    Gone(Event),
    /// It says something else: the event as it is read now, and each property with its old and new value.
    Changed(Event, Vec<(&'static str, Value, Value)>),
}

/// Whether what is found is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// It is only told.
    DryRun,
    /// It is kept.
    Keep,
}

impl Knowledge {
    /// Reads articles of the store again, on all cores, and tells what is read otherwise. Events keep
    /// their ids, and what people said of them.
    ///
    /// # Errors
    /// If the store fails; then nothing of it is kept.
    pub fn reread(
        &self,
        store: &Store,
        articles: &[Article],
        mode: Mode,
    ) -> Result<Vec<Difference>, store::Error> {
        let read = self.read_all(articles);
        let work = |draft: &mut Draft<'_>| {
            let mut joining = Joining::new(self, store.id(), draft);
            while joining.compare_old()? > 0 {}
            let mut differences = Vec::new();
            for (article, (events, _)) in articles.iter().zip(&read) {
                differences.extend(joining.reread(article, events, &identify(article))?);
            }
            joining.settle()?;
            Ok(differences)
        };
        match mode {
            Mode::DryRun => store.try_out(work),
            Mode::Keep => store.change(work),
        }
    }
}

fn address(article: &Article) -> Option<String> {
    article.url.as_deref().map(canonical)
}

/// What tells whether an article and another are one.
fn identify(article: &Article) -> (Identity, Common) {
    let (text_hash, print) = print::read(&article.text);
    let identity = Identity { address: address(article), text_hash, minhash: print.to_bytes() };
    (identity, Common { print, trust: article.trust.unwrap_or(TRUST) })
}

#[cfg(test)]
mod tests;
