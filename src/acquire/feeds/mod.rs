//! Outlets on the web: their feeds, their sitemaps, single pages.
//!
//! 1. Read the feed, unless it has not changed.
//! 2. Leave out the entries that were read before and are the same.
//! 3. Take the text of each from the page behind it, or from the feed where it has all of it or the
//!    page does not come.
//! 4. Remember what was read, so that it is read once.

mod check;
mod desk;
mod duration;
mod entry;
mod list;
mod outlet;
mod seen;
mod sitemap;
#[cfg(test)]
mod tests;

use std::time::Duration;

use url::Url;

pub use check::{Checked, check};
pub use entry::Unread;
pub use list::{ListError, parse};
pub use outlet::Outlet;

pub use super::html::Selectors;
use super::{Options, Source};
use crate::model::article::Lang;
use crate::model::article::TRUST;
use crate::model::source::SourceName;

/// How often an outlet is asked if nobody says: news agencies write a few articles in that time.
pub const INTERVAL: Duration = Duration::from_secs(10 * 60);

/// One outlet, as the list or the command line names it.
#[derive(Debug, Clone)]
pub struct Feed {
    /// What the operator calls it.
    pub name: SourceName,
    /// Where its feed, sitemap or page is.
    pub address: Url,
    /// What is there; `None` takes whatever is.
    pub kind: Option<Kind>,
    /// Where the text of its articles is taken from.
    pub text: Text,
    /// The language that it writes, where its letters do not tell.
    pub language: Option<Lang>,
    /// What its articles are published by.
    pub publisher: Option<String>,
    /// How far it is believed, in percent: of what several tell alike, its words are shown.
    pub trust: u8,
    /// How often it is asked.
    pub interval: Duration,
    /// Where on its pages things are, if the general rules fail.
    pub selectors: Selectors,
}

/// What is at an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// RSS, Atom or JSON Feed.
    Feed,
    /// A sitemap or an index of sitemaps.
    Sitemap,
    /// One article.
    Page,
}

/// Where the text of an article is taken from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Text {
    /// The feed if it has all of it, the page otherwise.
    #[default]
    Auto,
    /// The feed, however little it has.
    Feed,
    /// The page, whatever the feed has.
    Page,
}

impl Feed {
    /// An outlet of which nothing is known but its address.
    pub fn at(address: Url) -> Self {
        Self {
            name: SourceName(address.to_string()),
            address,
            kind: None,
            text: Text::default(),
            language: None,
            publisher: None,
            trust: TRUST,
            interval: INTERVAL,
            selectors: Selectors::default(),
        }
    }

    /// The outlet as a source of articles. Nothing is asked yet.
    pub fn open(&self, options: &Options) -> Box<dyn Source> {
        Box::new(Outlet::new(self.clone(), options.clone()))
    }
}

impl Kind {
    /// Its name in the list and in messages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Feed => "feed",
            Self::Sitemap => "sitemap",
            Self::Page => "page",
        }
    }
}
