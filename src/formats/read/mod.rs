//! Events read from files: tables of ACLED and UCDP GED, and GeoJSON of ours.
//!
//! Each comes with the article that it rests on, so that nothing is shown without evidence. What
//! cannot be used is refused with its place in the file and the reason; the others go on.

use std::fmt;
use std::io::{self, BufRead};

use jiff::civil::Date;

use crate::model::actor::ActorId;
use crate::model::article::{Article, ArticleId, Lang, Published};
use crate::model::event::{Event, Source};
use crate::model::report::Evidence;

mod acled;
mod features;
mod record;
mod table;
mod ucdp;

#[cfg(test)]
mod tests;

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A table of ACLED's.
    Acled,
    /// A table of UCDP's Georeferenced Event Dataset.
    Ucdp,
    /// Features as this program writes them.
    GeoJson,
}

/// An event with the article that it rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Imported {
    /// The article, or as much of it as the file has.
    pub article: Article,
    /// The event.
    pub event: Event,
}

/// What is left out, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Where it stands, as `line 17`.
    pub place: String,
    /// What is wrong with it.
    pub why: String,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.why)
    }
}

/// What names of other code books mean here.
pub struct Names<'a> {
    /// The actor that bears a name on a day.
    pub actor: &'a dyn Fn(&str, Date) -> Option<ActorId>,
    /// Name and code of a governorate.
    pub governorate: &'a dyn Fn(&str) -> Option<(String, String)>,
}

impl fmt::Debug for Names<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Names").finish_non_exhaustive()
    }
}

/// A file that cannot be read, or not to its end.
#[derive(Debug, thiserror::Error)]
#[expect(clippy::error_impl_error, reason = "it is read with its module, as read::Error")]
pub enum Error {
    /// The disk or the pipe failed.
    #[error("it cannot be read")]
    Io(#[source] io::Error),
    /// It holds nothing.
    #[error("it is empty")]
    Empty,
    /// It is none of the files that are known.
    #[error(
        "it is not known: a table of ACLED has the column `event_id_cnty`, one of UCDP GED \
         `type_of_violence`, and GeoJSON begins with {{"
    )]
    Unknown,
    /// A table that this program wrote.
    #[error("it is a table of rasid, which is to be read by others: import the GeoJSON instead")]
    OwnTable,
    /// A column without which nothing can be made of a row.
    #[error("it has no column `{0}`")]
    NoColumn(&'static str),
    /// The JSON ends too early or goes wrong.
    #[error("it is broken after {read} features: {source}")]
    Broken {
        /// What was read before.
        read: usize,
        /// What is wrong, with line and column.
        source: serde_json::Error,
    },
    /// It is JSON, and holds no features.
    #[error(
        "it is no GeoJSON with features: its type is `{0}`, and a FeatureCollection or Feature is needed"
    )]
    NoFeatures(String),
}

/// Reads a file to its end and hands on what it holds, in its order.
///
/// Without a `kind` the beginning of the file tells.
///
/// # Errors
/// Those of `take` at once, and what keeps the file from being read; what was handed on stays so.
pub fn read<E: From<Error>>(
    mut file: impl BufRead,
    kind: Option<Kind>,
    names: &Names<'_>,
    take: impl FnMut(Result<Imported, Refused>) -> Result<(), E>,
) -> Result<(), E> {
    const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
    let start = file.fill_buf().map_err(Error::Io)?;
    if start.starts_with(BYTE_ORDER_MARK) {
        file.consume(BYTE_ORDER_MARK.len());
    }
    let start = file.fill_buf().map_err(Error::Io)?;
    if start.is_empty() {
        return Err(Error::Empty.into());
    }
    let mut first = start.iter().filter(|byte| !byte.is_ascii_whitespace());
    let is_json = first.next().is_some_and(|byte| matches!(byte, b'{' | b'[' | 0x1e));
    match kind {
        Some(Kind::GeoJson) => features::read(file, take),
        None if is_json => features::read(file, take),
        _ => table::read(file, kind, names, take),
    }
}

/// The article of a record: its words, which are the evidence as well.
fn article(id: &str, words: &str) -> Article {
    Article {
        id: ArticleId(id.to_owned()),
        text: words.to_owned(),
        title: None,
        author: None,
        trust: None,
        publisher: None,
        url: None,
        published: None,
        lang: Lang::of(words),
    }
}

/// A quotation of all words of an article.
fn whole(words: &str) -> Evidence {
    Evidence {
        evidence: words.to_owned(),
        evidence_start: 0,
        evidence_end: words.chars().count(),
        attribution: None,
    }
}

/// The source of an event of an article that was coded elsewhere.
fn source(article: &Article, published: Option<Published>, n_sources: u32, coder: &str) -> Source {
    Source {
        article_id: article.id.clone(),
        source: article.publisher.clone(),
        source_url: article.url.clone(),
        title: article.title.clone(),
        published,
        n_sources,
        extractor: coder.to_owned(),
    }
}
