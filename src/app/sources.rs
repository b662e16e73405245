//! What the operator names as sources, opened.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::web_of;
use crate::acquire::{self, Chain, Source, feeds};
use crate::config;
use crate::model::article::Published;
use crate::model::source::{SourceName, State};
use crate::pipeline::run::Feed;
use crate::store::Store;

/// What holds for all articles of sources.
pub(super) fn options(published: Option<Published>, reading: &config::Reading) -> acquire::Options {
    acquire::Options { published, web: web_of(reading), ..acquire::Options::default() }
}

/// Opens sources in their order.
pub(super) fn open(
    specs: &[impl AsRef<Path>],
    options: &acquire::Options,
) -> Result<Vec<Box<dyn Source>>> {
    specs.iter().map(|spec| Ok(acquire::open(spec, options)?)).collect()
}

/// Opens sources as the pipeline reads them: side by side, but for single files, which are read
/// one after the other as one source. There may be thousands of them.
pub(super) fn feeds(specs: &[String], options: &acquire::Options) -> Result<Vec<Feed>> {
    let (files, others): (Vec<&String>, Vec<&String>) =
        specs.iter().partition(|spec| Path::new(spec.as_str()).is_file());
    let mut feeds = Vec::new();
    if let [first, rest @ ..] = files.as_slice() {
        let name = match rest.len() {
            0 => (*first).clone(),
            more => format!("{first} and {more} more"),
        };
        let source = Box::new(Chain::new(open(&files, options)?));
        feeds.push(feed(name, "file", source));
    }
    for (spec, source) in others.iter().zip(open(&others, options)?) {
        let kind = match spec.as_str() {
            "-" => "stream",
            address if address.contains("://") => "web",
            _ => "folder",
        };
        feeds.push(feed((*spec).clone(), kind, source));
    }
    Ok(feeds)
}

/// Reads a list of outlets.
pub(super) fn outlets(list: &Path) -> Result<Vec<feeds::Feed>> {
    let file = list.display();
    let text =
        fs::read_to_string(list).with_context(|| format!("cannot read list of feeds `{file}`"))?;
    feeds::parse(&text).with_context(|| format!("cannot use the list of feeds `{file}`"))
}

/// Opens the outlets of a list.
pub(super) fn listed(list: &Path, options: &acquire::Options) -> Result<Vec<Feed>> {
    let open = |outlet: &feeds::Feed| Feed {
        name: outlet.name.clone(),
        kind: outlet.kind.map_or("web", feeds::Kind::name).to_owned(),
        address: outlet.address.to_string(),
        source: outlet.open(options),
    };
    Ok(outlets(list)?.iter().map(open).collect())
}

/// How the sources fared when the program ended the last time. Nothing of it is relied on.
pub(super) fn states(store: &Store) -> Result<Vec<(SourceName, State)>> {
    let kept = store.states()?.into_iter();
    let known =
        |(name, state): (SourceName, String)| Some((name, serde_json::from_str(&state).ok()?));
    Ok(kept.filter_map(known).collect())
}

fn feed(name: String, kind: &str, source: Box<dyn Source>) -> Feed {
    Feed { address: name.clone(), name: SourceName(name), kind: kind.to_owned(), source }
}
