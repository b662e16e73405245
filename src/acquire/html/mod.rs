//! The article on a web page.
//!
//! 1. Read what the page says about itself, while all of it is there.
//! 2. Take away the furniture: menus, ticker, comments, related articles.
//! 3. Take the article's container by the names that themes give it; where no
//!    theme is known, let text density decide.
//! 4. Write it as lines, a paragraph each.

mod body;
mod furniture;
mod lines;
mod metadata;

use std::path::Path;

use dom_query::Document;

use super::{Error, Meta};

/// What a page holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Page {
    /// The paragraphs and headings of the article, a blank line between; its title is not repeated.
    pub(super) text: String,
    /// What the page says about the article.
    pub(super) meta: Meta,
}

/// The most elements inside one another. Browsers stop at 512. Parsing takes
/// time by size times depth, and here the depth is only estimated, so the
/// limit is well above any real page.
const DEEPEST: usize = 5_000;

/// Reads a decoded page; `path` is for the error.
pub(super) fn read(path: &Path, html: &str) -> Result<Page, Error> {
    if left_open(html) > DEEPEST {
        return Err(Error::TooDeep { path: path.to_owned(), limit: DEEPEST });
    }
    let document = Document::from(html);
    let meta = metadata::of(&document);
    let text = body::text(document, meta.title.as_deref());
    if text.is_empty() {
        return Err(Error::NoArticle { path: path.to_owned() });
    }
    Ok(Page { text, meta })
}

/// About how many elements are open at once where most are: tags opened less
/// tags closed, without those that need no closing.
fn left_open(html: &str) -> usize {
    // Elements that are closed by what follows them, or that hold nothing.
    const CLOSED: [&str; 24] = [
        "area", "base", "br", "col", "dd", "dt", "embed", "hr", "img", "input", "li", "link",
        "meta", "option", "p", "param", "path", "rect", "source", "td", "th", "tr", "use", "wbr",
    ];
    let (mut open, mut most) = (0_usize, 0_usize);
    for tag in html.split('<').skip(1) {
        if tag.starts_with('/') {
            open = open.saturating_sub(1);
            continue;
        }
        let name: String = tag.chars().take_while(char::is_ascii_alphanumeric).take(10).collect();
        if !name.is_empty() && !CLOSED.contains(&name.to_ascii_lowercase().as_str()) {
            open += 1;
            most = most.max(open);
        }
    }
    most
}

#[cfg(test)]
mod tests;
