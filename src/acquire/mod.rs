//! Where articles come from: a file, a folder, a stream, lines of JSON, an outlet on the web.
//!
//! Whatever stands at the edge – an encoding, a page full of menus, a date in
//! a sidecar – is settled here, once. What leaves this stage is an
//! [`Article`]: a text whose characters can be counted, and what is known
//! about it. One that cannot be read is an [`Error`] that names it; the
//! others go on.

mod chain;
mod dates;
mod error;
pub mod feeds;
mod file;
mod folder;
mod html;
mod lines;
mod meta;
pub mod open_data;
mod reader;
mod record;
mod sidecar;
mod text;
mod watched;
pub mod web;
mod words;

use std::fmt;
use std::io;
use std::path::Path;
use std::time::Duration;

pub use chain::Chain;
pub use error::Error;
pub use feeds::Feed;
pub use file::File;
pub use folder::Folder;
pub use html::plain;
pub use meta::{Meta, article};
pub use reader::Reader;
pub use record::Record;
pub use watched::Watched;

use crate::model::article::{Article, Published};
use crate::model::source::Position;
use web::Web;

/// Something that articles can be read from.
///
/// Reading again reads what is there then, or, of a source that remembers, what
/// has come or changed since. An article that has not changed comes with the
/// same id.
pub trait Source: fmt::Debug + Send {
    /// Reads the articles, one at a time, in an order that does not change.
    ///
    /// An article that cannot be read is an `Err` in its place and does not
    /// end the iteration. The upper bound of `size_hint`, where there is one,
    /// is how many articles are left.
    fn articles(&mut self) -> Box<dyn Iterator<Item = Result<Article, Error>> + '_>;

    /// How far it has been read once all its articles were taken, to be kept together with the
    /// last of them; `None` for one that is always read from its beginning.
    fn position(&self) -> Option<Position> {
        None
    }

    /// Goes on behind a position that it gave before, perhaps in another run of the program.
    fn resume(&mut self, _position: &Position) {}

    /// How long after it was read it wants to be read again; `None` for one that is read once.
    fn again(&self) -> Option<Duration> {
        None
    }
}

/// What holds for every article of a source.
#[derive(Debug, Clone)]
pub struct Options {
    /// The publication date of articles that bring none of their own.
    pub published: Option<Published>,
    /// The most bytes that one article may have.
    pub max_bytes: u64,
    /// What reads the web. Sources that share it share its manners: one connection a host.
    pub web: Web,
}

impl Options {
    /// 32 MiB: more than any article, little enough to hold in memory a few times over.
    pub const MAX_BYTES: u64 = 32 * 1024 * 1024;
}

impl Default for Options {
    fn default() -> Self {
        Self { published: None, max_bytes: Self::MAX_BYTES, web: Web::default() }
    }
}

/// Opens what `spec` names: a folder, a file, standard input for `-`, or what an address of the
/// web leads to. Of these nothing is asked yet.
///
/// # Errors
/// If there is no such file or folder, or nobody lets us look.
pub fn open(spec: impl AsRef<Path>, options: &Options) -> Result<Box<dyn Source>, Error> {
    let path = spec.as_ref();
    if path.as_os_str() == "-" {
        return Ok(Box::new(Reader::new("standard input", io::stdin(), options.clone())));
    }
    if let Some(address) = path.to_str().filter(|spec| spec.contains("://")) {
        return Ok(Feed::at(web::address(address)?).open(options));
    }
    let found = std::fs::metadata(path).map_err(|source| Error::reading(path, source))?;
    if found.is_dir() {
        // A folder that cannot be listed is a mistake in what was asked for,
        // not one bad article of many, so it is told before anything is read.
        std::fs::read_dir(path).map_err(|source| Error::reading(path, source))?;
        Ok(Box::new(Watched::new(path, options.clone())))
    } else {
        Ok(Box::new(File::new(path, options.clone())))
    }
}

#[cfg(test)]
mod tests;
