//! `rasid reextract`: the stored articles through the present extractor.

use std::io::{self, BufWriter, Write};

use anyhow::Result;
use indicatif::{ProgressBar, ProgressStyle};

use super::{counted, existing_to_write, say};
use crate::config::Reextract;
use crate::model::article::Article;
use crate::model::event::Event;
use crate::pipeline::Knowledge;
use crate::pipeline::keep::{Difference, Mode};

/// Articles of one transaction: enough for all cores, few to hold.
const BATCH: u32 = 256;

/// How many became what.
#[derive(Debug, Default)]
struct Done {
    articles: usize,
    added: usize,
    gone: usize,
    changed: usize,
}

/// Reads every article again and prints what is otherwise, a line each.
pub(super) fn run(knowledge: &Knowledge, options: &Reextract) -> Result<()> {
    let store = existing_to_write(&options.store)?;
    let mode = if options.dry_run { Mode::DryRun } else { Mode::Keep };
    let since = options.since.map(|since| since.day().to_string());
    let bar = ProgressBar::new_spinner();
    bar.set_style(ProgressStyle::with_template("{spinner} {pos} articles {elapsed}")?);
    let mut out = BufWriter::new(io::stdout().lock());
    let mut done = Done::default();
    let mut last = 0;
    loop {
        let found = store.articles_after(last, since.as_deref(), BATCH)?;
        let Some(&(number, _)) = found.last() else { break };
        last = number;
        let articles: Vec<Article> = found.into_iter().map(|(_, article)| article).collect();
        for difference in knowledge.reread(&store, &articles, mode)? {
            print(&mut out, &difference)?;
            match difference {
                Difference::Added(_) => done.added += 1,
                Difference::Gone(_) => done.gone += 1,
                Difference::Changed(..) => done.changed += 1,
            }
        }
        done.articles += articles.len();
        bar.inc(articles.len() as u64);
    }
    bar.finish_and_clear();
    out.flush()?;
    let Done { articles, added, gone, changed } = done;
    let kept = if options.dry_run { "; nothing was kept" } else { "" };
    let articles = counted(articles, "article");
    say(&format!("{articles} read again: {added} added, {gone} gone, {changed} changed{kept}"));
    Ok(())
}

fn print(out: &mut impl Write, difference: &Difference) -> io::Result<()> {
    match difference {
        Difference::Added(event) => writeln!(out, "+ {}", told(event)),
        Difference::Gone(event) => writeln!(out, "- {}", told(event)),
        Difference::Changed(event, properties) => {
            write!(out, "~ {}", told(event))?;
            for (name, was, is) in properties {
                write!(out, "; {name} {was} -> {is}")?;
            }
            writeln!(out)
        }
    }
}

/// An event in a few words.
pub(super) fn told(event: &Event) -> String {
    let place = event.location.location.as_deref().unwrap_or("no place");
    let day = event.when.event_date.map_or_else(|| "no day".to_owned(), |day| day.to_string());
    format!(
        "{} {}, {place}, {day} ({})",
        event.id, event.what.sub_event_type, event.source.article_id
    )
}
