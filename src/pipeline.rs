//! The way of an article through the stages: read, located, kept.

mod commit;
pub mod keep;
mod queue;
pub mod run;
pub mod stop;
mod turn;

use std::borrow::Borrow;
use std::num::NonZeroUsize;
use std::thread;

use jiff::civil::Date;

use crate::acquire::{self, Source};
use crate::extract::{Lexicon, Toponyms, extract, read_place};
use crate::geocode::candidate::Candidate;
use crate::geocode::company::Company;
use crate::geocode::gazetteer::Gazetteer;
use crate::geocode::locate::locate;
use crate::geocode::resolve::{Resolution, resolve_any};
use crate::merge::Words;
use crate::model::actor::ActorId;
use crate::model::article::Article;
use crate::model::event::Event;
use crate::model::place::PlaceKind;
use crate::model::report::Extraction;
use crate::model::text::key;
use crate::store::Inserted;

/// Name and version that every event carries of the program that read it.
pub const EXTRACTOR: &str = concat!("rasid ", env!("CARGO_PKG_VERSION"));

/// The events of an article, and how they were read.
pub type Read = (Vec<Event>, Extraction);

/// Articles that are read at once: enough for all cores, few to hold.
const BATCH: usize = 64;

/// What is known before any article: words and places.
#[derive(Debug)]
pub struct Knowledge {
    lexicon: Lexicon,
    toponyms: Toponyms,
    gazetteer: Gazetteer,
    words: Words,
    compared: keep::Compared,
}

impl Knowledge {
    /// Joins word lists and gazetteer: the names of the one are what the other looks for.
    pub fn new(lexicon: Lexicon, gazetteer: Gazetteer) -> Self {
        let toponyms = Toponyms::new(gazetteer.names());
        Self { lexicon, toponyms, gazetteer, words: Words::embedded(), compared: keep::compared() }
    }

    /// With other words to tell one happening from another.
    #[must_use]
    pub fn with_words(self, words: Words) -> Self {
        Self { words, compared: keep::compared(), ..self }
    }

    /// The places.
    pub const fn gazetteer(&self) -> &Gazetteer {
        &self.gazetteer
    }

    /// The actor that a name means as a whole, on that day.
    pub fn actor(&self, name: &str, day: Date) -> Option<&ActorId> {
        self.lexicon.actor_named(name, day)
    }

    /// Name and code of the governorate that a name means, in any of its spellings.
    pub fn governorate(&self, name: &str) -> Option<(&str, &str)> {
        let (meant, _) = self.geocode(&format!("{name} governorate"), None);
        let place = meant.map(|meant| meant.place)?;
        let is_one = place.kind == PlaceKind::Governorate;
        is_one.then_some((place.admin1.as_str(), place.admin1_pcode.as_str()))
    }

    /// Reads an article and puts its events on the map. Never fails; pure.
    pub fn read(&self, article: &Article) -> Read {
        let extraction = extract(article, &self.lexicon, &self.toponyms);
        let events = locate(article, &extraction, &self.gazetteer, EXTRACTOR);
        (events, extraction)
    }

    /// Reads articles on all cores; the answers come in the order of the articles.
    pub fn read_all(&self, articles: &[impl Borrow<Article> + Sync]) -> Vec<Read> {
        let workers = thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let share = articles.len().div_ceil(workers).max(1);
        thread::scope(|scope| {
            let work: Vec<_> = articles
                .chunks(share)
                .map(|part| {
                    scope.spawn(move || {
                        part.iter().map(|a| self.read(a.borrow())).collect::<Vec<_>>()
                    })
                })
                .collect();
            work.into_iter()
                .flat_map(|w| w.join().expect("reading an article never fails"))
                .collect()
        })
    }

    /// Hands on the articles of a source in their order, with what is read in those that are new,
    /// on all cores. So many are held as are read at once.
    ///
    /// # Errors
    /// Those of `is_new` and `take`; what was handed on until then stays so.
    pub fn read_source<E>(
        &self,
        source: &mut dyn Source,
        is_new: impl Fn(&Article) -> Result<bool, E>,
        mut take: impl FnMut(Result<(Article, Option<Read>), acquire::Error>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut articles = source.articles();
        loop {
            let mut batch = Vec::with_capacity(BATCH);
            for article in articles.by_ref().take(BATCH) {
                let is_new = article.as_ref().map_or(Ok(false), &is_new)?;
                batch.push((article, is_new));
            }
            if batch.is_empty() {
                return Ok(());
            }
            let fresh: Vec<&Article> = batch
                .iter()
                .filter_map(|(article, is_new)| article.as_ref().ok().filter(|_| *is_new))
                .collect();
            let mut read = self.read_all(&fresh).into_iter();
            for (article, is_new) in batch {
                let read = is_new.then(|| read.next()).flatten();
                take(article.map(|article| (article, read)))?;
            }
        }
    }

    /// The place that a name or phrase means, and all that it could mean, best first.
    ///
    /// The candidate that is meant has the point that the phrase puts it at (`5 كم شرق منبج`).
    pub fn geocode(
        &self,
        phrase: &str,
        near: Option<&str>,
    ) -> (Option<Candidate<'_>>, Vec<Candidate<'_>>) {
        let mut readings = read_place(phrase, &self.lexicon, &self.toponyms);
        for mention in &mut readings {
            mention.beside.extend(near.map(key));
        }
        match resolve_any(&readings, &Company::default(), &self.gazetteer) {
            Resolution::Resolved { best, refused, .. } => {
                let mut candidates = vec![best.clone()];
                candidates.extend(refused);
                (Some(best), candidates)
            }
            Resolution::Ambiguous { candidates }
            | Resolution::Unresolved { refused: candidates } => (None, candidates),
        }
    }
}

/// A step of the work, for whoever watches.
#[derive(Debug)]
pub enum Step<'a> {
    /// An article is in the store.
    Kept(&'a Article, Inserted),
    /// An article could not be read; the others go on.
    Failed(&'a acquire::Error),
}

#[cfg(test)]
mod tests;
