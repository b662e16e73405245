//! Many articles from a folder.

use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::file::read_file;
use super::reader::Kind;
use super::{Error, Options, Source};
use crate::model::article::Article;

/// A folder and the folders in it.
///
/// Articles are its `.txt`, `.html`, `.htm` and `.xhtml` files, in the order
/// of their names. Names that begin with a dot are left out; links are
/// followed.
#[derive(Debug, Clone)]
pub struct Folder {
    path: PathBuf,
    options: Options,
}

impl Folder {
    /// Names a folder. Nothing is read yet.
    pub fn new(path: impl Into<PathBuf>, options: Options) -> Self {
        Self { path: path.into(), options }
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Its articles, in order.
    pub(super) fn files(&self) -> Vec<Result<PathBuf, Error>> {
        WalkDir::new(&self.path)
            .follow_links(true)
            .sort_by_file_name()
            .into_iter()
            .filter_entry(|entry| entry.depth() == 0 || !is_hidden(entry))
            .filter_map(|entry| match entry {
                Ok(entry) if is_article(&entry) => Some(Ok(entry.into_path())),
                Ok(_) => None,
                Err(error) => Some(Err(unwalkable(&self.path, error))),
            })
            .collect()
    }
}

impl Source for Folder {
    /// The walk is done before the first article is read, so that the number
    /// of articles is known.
    fn articles(&mut self) -> Box<dyn Iterator<Item = Result<Article, Error>> + '_> {
        let files = self.files().into_iter();
        Box::new(files.map(|file| file.and_then(|path| read_file(&path, &self.options))))
    }
}

/// Whether a file below a folder is one of its articles, by its name.
pub(super) fn is_article_path(folder: &Path, path: &Path) -> bool {
    let below = path.strip_prefix(folder).unwrap_or(path);
    let hidden = below.iter().any(|name| name.as_encoded_bytes().starts_with(b"."));
    !hidden && Kind::of_path(path).is_some()
}

fn is_hidden(entry: &DirEntry) -> bool {
    entry.file_name().as_encoded_bytes().starts_with(b".")
}

fn is_article(entry: &DirEntry) -> bool {
    entry.file_type().is_file() && Kind::of_path(entry.path()).is_some()
}

fn unwalkable(folder: &Path, error: walkdir::Error) -> Error {
    let path = error.path().unwrap_or(folder).to_owned();
    Error::reading(&path, error.into())
}
