//! Why an article could not be read.

use std::io;
use std::path::{Path, PathBuf};

use super::feeds::Unread;
use super::web;

/// An article that could not be read. The message names it; the cause is its source.
#[derive(Debug, thiserror::Error)]
#[expect(clippy::error_impl_error, reason = "everybody calls it `acquire::Error`")]
#[non_exhaustive]
pub enum Error {
    /// Nothing is there.
    #[error("there is no file or folder `{}`", path.display())]
    NotFound {
        /// What was asked for.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// It is there, but reading it fails.
    #[error("cannot read `{}`", path.display())]
    Unreadable {
        /// What was asked for.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// More bytes than an article may have.
    #[error(
        "`{}` has {size} bytes or more, and an article may have {limit}: split it into several files",
        path.display()
    )]
    TooLarge {
        /// The article.
        path: PathBuf,
        /// Its bytes, as far as they were counted.
        size: u64,
        /// The most bytes allowed.
        limit: u64,
    },
    /// No text, or white space alone.
    #[error("`{}` is empty: an article needs a text", path.display())]
    Empty {
        /// The article.
        path: PathBuf,
    },
    /// Not text in an encoding that is read here.
    #[error(
        "`{}` is not text, {why}: write it as UTF-8, UTF-16 with a byte order mark, or Windows-1256",
        path.display()
    )]
    NotText {
        /// The article.
        path: PathBuf,
        /// What gives it away.
        why: &'static str,
    },
    /// A page without an article on it.
    #[error("there is no article text on the page `{}`", path.display())]
    NoArticle {
        /// The page.
        path: PathBuf,
    },
    /// A page that would take a parser much more time or memory than its size lets expect.
    #[error(
        "the page `{}` has too many elements, or too many inside one another, to be an article",
        path.display()
    )]
    Tangled {
        /// The page.
        path: PathBuf,
    },
    /// A page that did not come from the web.
    #[error(transparent)]
    Web(#[from] web::Error),
    /// Something else than an outlet has.
    #[error("what `{address}` sends is no feed, sitemap or page")]
    NoFeed {
        /// The address.
        address: String,
        /// What is wrong with it.
        #[source]
        source: Unread,
    },
    /// Another thing than the one that was asked for.
    #[error("`{address}` is a {is}, and it should be a {wanted}{}", hint.as_ref().map_or(String::new(), |at| format!(": its feed may be `{at}`")))]
    Kind {
        /// The address.
        address: String,
        /// What it is.
        is: &'static str,
        /// What was asked for.
        wanted: &'static str,
        /// Where what was asked for may be.
        hint: Option<String>,
    },
    /// An outlet that has nothing at all.
    #[error("`{address}` has no entries")]
    NoEntries {
        /// The address.
        address: String,
    },
    /// An entry of a feed without a text and without a page.
    #[error("an entry of `{address}` has neither a text nor an address")]
    NoText {
        /// The feed.
        address: String,
    },
    /// A line that is no article.
    #[error("line {number} of `{}` is not an article", path.display())]
    Line {
        /// The stream.
        path: PathBuf,
        /// The line, counted from 1.
        number: usize,
        /// What is wrong with it.
        #[source]
        source: serde_json::Error,
    },
    /// A folder whose changes nobody tells.
    #[error("cannot watch `{}`", path.display())]
    Unwatchable {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: notify::Error,
    },
    /// A sidecar that is not TOML.
    #[error("the sidecar `{}` is not TOML", path.display())]
    SidecarSyntax {
        /// The sidecar.
        path: PathBuf,
        /// Where and why.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// A key that means nothing in a sidecar.
    #[error("the sidecar `{}` has an unknown key `{key}`: allowed are {allowed}", path.display())]
    SidecarKey {
        /// The sidecar.
        path: PathBuf,
        /// The key.
        key: String,
        /// What could have been meant.
        allowed: &'static str,
    },
    /// A value that its key cannot have.
    #[error("`{key}` in the sidecar `{}` cannot be read", path.display())]
    SidecarValue {
        /// The sidecar.
        path: PathBuf,
        /// The key.
        key: String,
        /// What is wrong with the value.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl Error {
    /// Tells a missing file from one that cannot be read.
    pub(super) fn reading(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        if source.kind() == io::ErrorKind::NotFound {
            Self::NotFound { path, source }
        } else {
            Self::Unreadable { path, source }
        }
    }
}
