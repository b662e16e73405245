//! Articles from a stream: standard input, a pipe, bytes in memory.

use std::fmt;
use std::io::{BufRead as _, BufReader, Read};
use std::path::{Path, PathBuf};

use super::lines::Lines;
use super::{Error, Meta, Options, Source, article, html, text};
use crate::model::article::Article;

/// A stream that holds one article, a text or a page, or one article a line as JSON.
///
/// Which of them, its first sign tells: lines of JSON begin with `{`.
pub struct Reader<R> {
    name: PathBuf,
    stream: R,
    options: Options,
}

impl<R: Read> Reader<R> {
    /// Wraps a stream. Nothing is read yet; `name` is what errors call it.
    pub fn new(name: impl Into<PathBuf>, stream: R, options: Options) -> Self {
        Self { name: name.into(), stream, options }
    }
}

impl<R> fmt::Debug for Reader<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader").field("name", &self.name).finish_non_exhaustive()
    }
}

impl<R: Read + Send> Source for Reader<R> {
    fn articles(&mut self) -> Box<dyn Iterator<Item = Result<Article, Error>> + '_> {
        let Self { name, stream, options } = self;
        let mut stream = BufReader::new(stream);
        // What cannot be read is told by the reading that follows.
        let start = stream.fill_buf().unwrap_or_default();
        let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start).trim_ascii_start();
        if start.starts_with(b"{") {
            return Box::new(Lines::new(name, stream, options));
        }
        Box::new(std::iter::once_with(move || {
            let text = read(name, stream, options)?;
            let kind = Kind::of_text(&text);
            parse(name, kind, text, Meta::default(), options)
        }))
    }
}

/// How a text is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// As it is.
    Plain,
    /// As a page with an article somewhere on it.
    Page,
}

impl Kind {
    /// Tells by the ending of a file's name; `None` for any that no article has.
    pub(super) fn of_path(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "txt" => Some(Self::Plain),
            "html" | "htm" | "xhtml" => Some(Self::Page),
            _ => None,
        }
    }

    /// Tells by how the text begins.
    pub(super) fn of_text(text: &str) -> Self {
        let start: String = text.trim_start().chars().take(200).collect();
        let start = start.to_ascii_lowercase();
        let page = ["<!doctype html", "<html"].iter().any(|tag| start.starts_with(tag))
            || (start.starts_with("<?xml") && start.contains("html"));
        if page { Self::Page } else { Self::Plain }
    }
}

/// Reads and decodes a stream, but never more of it than an article may have.
pub(super) fn read(path: &Path, stream: impl Read, options: &Options) -> Result<String, Error> {
    let limit = options.max_bytes;
    let mut bytes = Vec::new();
    stream
        .take(limit.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|source| Error::reading(path, source))?;
    let size = bytes.len() as u64;
    if size > limit {
        return Err(Error::TooLarge { path: path.to_owned(), size, limit });
    }
    let text = text::decode(&bytes).map_err(|why| Error::NotText { path: path.to_owned(), why })?;
    if text.trim().is_empty() {
        return Err(Error::Empty { path: path.to_owned() });
    }
    Ok(text)
}

/// Makes the article of a decoded text; `known` goes before what a page says of itself.
pub(super) fn parse(
    path: &Path,
    kind: Kind,
    text: String,
    known: Meta,
    options: &Options,
) -> Result<Article, Error> {
    match kind {
        Kind::Plain => Ok(article(options, text, known)),
        Kind::Page => {
            let page = html::read(path, &text)?;
            Ok(article(options, page.text, known.or(page.meta)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(bytes: &[u8], options: &Options) -> Result<Article, Error> {
        let mut reader = Reader::new("standard input", bytes, options.clone());
        let articles: Vec<_> = reader.articles().collect();
        assert_eq!(articles.len(), 1);
        articles.into_iter().next().unwrap()
    }

    #[test]
    fn a_stream_is_a_text_or_a_page_by_how_it_begins() {
        let text = "a < b\n<p>not a page</p>\n";
        assert_eq!(one(text.as_bytes(), &Options::default()).unwrap().text, text);
        let page =
            " \n<!DOCTYPE html><title>T</title><p>Shelling was heard in Idlib all night.</p>";
        let article = one(page.as_bytes(), &Options::default()).unwrap();
        assert_eq!(article.text, "Shelling was heard in Idlib all night.");
        assert_eq!(Kind::of_text("<?xml version='1.0'?>\n<!DOCTYPE html>"), Kind::Page);
    }

    #[test]
    fn the_limit_is_the_last_size_that_is_read() {
        let options = Options { max_bytes: 10, ..Options::default() };
        assert_eq!(one(b"0123456789", &options).unwrap().text.len(), 10);
        let told = one(b"0123456789+", &options).unwrap_err().to_string();
        assert_eq!(
            told,
            "`standard input` has 11 bytes or more, and an article may have 10: split it into several files"
        );
    }

    #[test]
    fn ten_megabytes_of_text_are_read() {
        let text = "قصف على إدلب. ".repeat(450_000);
        assert!(text.len() > 10_000_000);
        assert_eq!(one(text.as_bytes(), &Options::default()).unwrap().text, text);
    }

    #[test]
    fn nothing_and_white_space_are_refused() {
        for nothing in ["", "\u{feff}", " \r\n\t\u{a0}\u{2003}\n"] {
            let error = one(nothing.as_bytes(), &Options::default()).unwrap_err();
            assert_eq!(error.to_string(), "`standard input` is empty: an article needs a text");
        }
    }
}
