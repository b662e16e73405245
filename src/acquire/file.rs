//! One article from a file.

use std::fs;
use std::path::{Path, PathBuf};

use super::reader::{Kind, parse, read};
use super::{Error, Meta, Options, Source, sidecar};
use crate::model::article::Article;

/// A file that holds one article.
///
/// `.txt` is a text and `.html`, `.htm`, `.xhtml` is a page, each with a
/// sidecar (`NAME.toml`) beside it if there is one; any other name is read
/// by how its text begins and has no sidecar.
#[derive(Debug, Clone)]
pub struct File {
    path: PathBuf,
    options: Options,
}

impl File {
    /// Names a file. Nothing is read yet.
    pub fn new(path: impl Into<PathBuf>, options: Options) -> Self {
        Self { path: path.into(), options }
    }
}

impl Source for File {
    fn articles(&mut self) -> Box<dyn Iterator<Item = Result<Article, Error>> + '_> {
        Box::new(std::iter::once_with(|| read_file(&self.path, &self.options)))
    }
}

pub(super) fn read_file(path: &Path, options: &Options) -> Result<Article, Error> {
    let file = fs::File::open(path).map_err(|source| Error::reading(path, source))?;
    let size = file.metadata().map_err(|source| Error::reading(path, source))?.len();
    if size > options.max_bytes {
        // The size is asked for first, so that the message tells all of it.
        return Err(Error::TooLarge { path: path.to_owned(), size, limit: options.max_bytes });
    }
    let text = read(path, file, options)?;
    match Kind::of_path(path) {
        Some(kind) => parse(path, kind, text, sidecar::beside(path)?, options),
        None => parse(path, Kind::of_text(&text), text, Meta::default(), options),
    }
}
