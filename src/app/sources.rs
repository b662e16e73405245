//! What the operator names as sources, opened.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::acquire::{self, Chain, Source};
use crate::model::article::Published;
use crate::model::source::SourceName;
use crate::pipeline::run::Feed;

/// Opens sources in their order.
pub(super) fn open(
    paths: &[impl AsRef<Path>],
    published: Option<Published>,
) -> Result<Vec<Box<dyn Source>>> {
    let options = acquire::Options { published, ..acquire::Options::default() };
    paths.iter().map(|path| Ok(acquire::open(path, &options)?)).collect()
}

/// Opens sources as the pipeline reads them: side by side, but for single files, which are read
/// one after the other as one source. There may be thousands of them.
pub(super) fn feeds(paths: &[PathBuf], published: Option<Published>) -> Result<Vec<Feed>> {
    let (files, others): (Vec<&PathBuf>, Vec<&PathBuf>) =
        paths.iter().partition(|path| path.is_file());
    let mut feeds = Vec::new();
    if let [first, rest @ ..] = files.as_slice() {
        let name = match rest.len() {
            0 => first.display().to_string(),
            more => format!("{} and {more} more", first.display()),
        };
        let source = Box::new(Chain::new(open(&files, published)?));
        feeds.push(feed(name, "file", source));
    }
    for (path, source) in others.iter().zip(open(&others, published)?) {
        let kind = if path.as_os_str() == "-" { "stream" } else { "folder" };
        feeds.push(feed(path.display().to_string(), kind, source));
    }
    Ok(feeds)
}

fn feed(name: String, kind: &str, source: Box<dyn Source>) -> Feed {
    Feed { address: name.clone(), name: SourceName(name), kind: kind.to_owned(), source }
}
