//! Reads sources into the store, once.

use std::sync::Arc;

use anyhow::{Result, bail};
use indicatif::{ProgressBar, ProgressStyle};

use super::{counted, say, sources, store_to_write};
use crate::config;
use crate::model::cause::chain;
use crate::pipeline::run::{Manner, Pipeline, Tally};
use crate::pipeline::{Knowledge, Step};
use crate::store::board::Board;
use crate::store::copy::Location;
use crate::store::{self, Store};

pub(super) fn run(knowledge: Knowledge, options: &config::Ingest) -> Result<()> {
    let reading = sources::options(options.published, &options.reading);
    let mut feeds = sources::feeds(&options.sources, &reading)?;
    if let Some(list) = &options.feeds {
        feeds.extend(sources::listed(list, &reading)?);
    }
    let store = opened(&options.store)?;
    let bar = ProgressBar::new_spinner();
    bar.set_style(ProgressStyle::with_template("{spinner} {pos} articles {elapsed} {msg}")?);
    let shown = bar.clone();
    let watch = move |step: Step<'_>| match step {
        Step::Kept(..) => shown.inc(1),
        Step::Failed(error) => shown.suspend(|| say(&format!("rasid: {}", chain(error)))),
    };
    let board = Board::new(sources::states(&store)?);
    let parts = (Arc::new(knowledge), store.clone(), board);
    let mut pipeline = Pipeline::start(parts, Manner::Once, watch);
    for feed in feeds {
        pipeline.read(feed);
    }
    let done = pipeline.finish();
    bar.finish_and_clear();
    let Tally { articles, updated, known, events, failed } = done?;
    let (kept, with) = (counted(articles, "article"), counted(events, "event"));
    let renewed = if updated > 0 { format!("{updated} updated, ") } else { String::new() };
    say(&format!("{kept} with {with} kept, {renewed}{known} there already, {failed} not read"));
    if failed > 0 {
        bail!(
            "{failed} of {} could not be read",
            counted(articles + updated + known + failed, "article")
        );
    }
    Ok(())
}

/// Opens the store without its events: nobody asks for them here, and there may be many.
fn opened(store: &Location) -> Result<Store> {
    match store {
        Location::File(path) => Ok(Store::open_to_write(&store::Options { path: path.clone() })?),
        Location::Server(_) => store_to_write(store),
    }
}
