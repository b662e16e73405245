//! What the operator names as sources, opened.

use std::path::Path;

use anyhow::Result;

use super::feeds;
use crate::acquire::web::{self, Reach, Web};
use crate::acquire::{self, Chain, Source};
use crate::config::Reading;
use crate::model::article::Published;
use crate::model::source::SourceName;
use crate::pipeline::run::Feed;

/// How sources are read, as the operator wants it.
pub(super) fn reading(published: Option<Published>, how: &Reading) -> acquire::Options {
    let reach = if how.allow_private_addresses { Reach::Anywhere } else { Reach::Public };
    let contact = how.contact.clone();
    let web = Web::new(web::Options { contact, reach, ..web::Options::default() });
    acquire::Options { published, web, ..acquire::Options::default() }
}

/// Opens sources in their order.
pub(super) fn open(
    specs: &[impl AsRef<Path>],
    options: &acquire::Options,
) -> Result<Vec<Box<dyn Source>>> {
    specs.iter().map(|spec| Ok(acquire::open(spec, options)?)).collect()
}

/// Opens sources as the pipeline reads them, and those of a list: side by side, but for single
/// files, which are read one after the other as one source. There may be thousands of them.
pub(super) fn feeds(
    specs: &[String],
    list: Option<&Path>,
    options: &acquire::Options,
) -> Result<Vec<Feed>> {
    let (files, others): (Vec<&String>, Vec<&String>) =
        specs.iter().partition(|spec| Path::new(spec).is_file());
    let mut opened = Vec::new();
    if let [first, rest @ ..] = files.as_slice() {
        let name = match rest.len() {
            0 => (*first).clone(),
            more => format!("{first} and {more} more"),
        };
        let source = Box::new(Chain::new(open(&files, options)?));
        opened.push(feed(name, "file", source));
    }
    for (spec, source) in others.iter().zip(open(&others, options)?) {
        let kind = match spec.as_str() {
            "-" => "stream",
            address if address.contains("://") => "feed",
            _ => "folder",
        };
        opened.push(feed((*spec).clone(), kind, source));
    }
    for listed in list.map(feeds::list).transpose()?.unwrap_or_default() {
        opened.push(Feed {
            name: listed.name.clone(),
            kind: listed.kind.map_or("feed", acquire::feeds::Kind::name).to_owned(),
            address: listed.address.to_string(),
            source: listed.open(options),
        });
    }
    Ok(opened)
}

fn feed(name: String, kind: &str, source: Box<dyn Source>) -> Feed {
    Feed { address: name.clone(), name: SourceName(name), kind: kind.to_owned(), source }
}
