//! The article on a web page.
//!
//! 1. Read what the page says about itself, while all of it is there.
//! 2. Take away the furniture: menus, ticker, comments, related articles.
//! 3. Take the article's container by the names that themes give it; where no
//!    theme is known, let text density decide.
//! 4. Write it as lines, a paragraph each.

mod attributes;
mod body;
mod furniture;
mod labels;
mod lines;
mod metadata;
mod selectors;
mod shape;

use std::borrow::Cow;
use std::path::Path;

use dom_query::Document;

pub use selectors::Selectors;

use super::{Error, Meta};

/// What a page holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Page {
    /// The paragraphs and headings of the article, a blank line between; its title is not repeated.
    pub(super) text: String,
    /// What the page says about the article.
    pub(super) meta: Meta,
}

/// Reads a decoded page; `path` is for the error.
pub(super) fn read(path: &Path, html: &str) -> Result<Page, Error> {
    read_with(path, html, &Selectors::default())
}

/// HTML as a parser may have it; `None` if it would take much more time or memory than its size lets
/// expect.
pub(super) fn parsable(html: &str) -> Option<Cow<'_, str>> {
    (!shape::is_tangled(html)).then(|| attributes::cut(html))
}

/// What is text, but often written as HTML: a title, or whom a map is by. In one line; it is empty if no
/// parser may have it.
pub fn plain(html: &str) -> String {
    let Some(html) = parsable(html) else { return String::new() };
    let text = if html.contains(['<', '&']) {
        Document::fragment(&*html).text().to_string()
    } else {
        html.into_owned()
    };
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Reads a page of a site that somebody knows; what is selected goes before what the rules find.
pub(super) fn read_with(path: &Path, html: &str, selectors: &Selectors) -> Result<Page, Error> {
    let html = parsable(html).ok_or_else(|| Error::Tangled { path: path.to_owned() })?;
    let document = Document::from(&*html);
    selectors.remove_from(&document);
    let meta = selectors.meta(&document).or(metadata::of(&document));
    let selected = selectors.text_of(&document, meta.title.as_deref());
    let text = selected.unwrap_or_else(|| body::text(document, meta.title.as_deref()));
    if text.is_empty() {
        return Err(Error::NoArticle { path: path.to_owned() });
    }
    Ok(Page { text, meta })
}

#[cfg(test)]
mod tests;
