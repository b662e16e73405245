//! `rasid import`: events that were coded elsewhere, or exported from another store.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader};

use anyhow::{Context, Result, bail};
use indicatif::{ProgressBar, ProgressStyle};

use super::{counted, keep_index, say, store_to_write};
use crate::config::Import;
use crate::formats::read::{self, Imported, Names, Refused};
use crate::model::article::Article;
use crate::model::event::Event;
use crate::pipeline::Knowledge;
use crate::store::{Kept, Store};

/// Events of one transaction: enough that its end does not count, few enough to hold.
const BATCH: usize = 2_000;

/// Bytes of articles that are held before they are written, however few they are.
const MOST_BYTES: usize = 8 * 1024 * 1024;

/// Reads a file into the store.
pub(super) fn run(knowledge: &Knowledge, options: &Import) -> Result<()> {
    let name = options.file.display().to_string();
    let file: Box<dyn BufRead> = if options.file.as_os_str() == "-" {
        Box::new(BufReader::new(io::stdin()))
    } else {
        let file = File::open(&options.file).with_context(|| format!("cannot read `{name}`"))?;
        Box::new(BufReader::new(file))
    };
    let bar = ProgressBar::new_spinner();
    bar.set_style(ProgressStyle::with_template("{spinner} {pos} events {elapsed}")?);
    let mut importing = Importing {
        store: store_to_write(&options.store)?,
        batch: Vec::with_capacity(BATCH),
        bytes: 0,
        done: Done::default(),
        tell: |refused: &Refused| bar.suspend(|| say(&format!("rasid: `{name}`, {refused}"))),
    };
    // Tables repeat the fourteen names on every line.
    let governorates: RefCell<HashMap<String, Option<(String, String)>>> = RefCell::default();
    let names = Names {
        actor: &|name, day| knowledge.actor(name, day).cloned(),
        governorate: &|name| {
            let meant = || {
                let (name, code) = knowledge.governorate(name)?;
                Some((name.to_owned(), code.to_owned()))
            };
            governorates.borrow_mut().entry(name.to_owned()).or_insert_with(meant).clone()
        },
    };
    let ended = read::read(file, options.format.map(Into::into), &names, |found| {
        bar.inc(1);
        importing.take(found)
    });
    // What came before the place where a file is broken is kept.
    let kept = importing.write();
    bar.finish_and_clear();
    let Done { new, known, refused } = importing.done;
    kept?;
    importing.store.refresh()?;
    keep_index(&importing.store);
    say(&format!("{} imported, {known} there already, {refused} left out", counted(new, "event")));
    ended.with_context(|| format!("cannot import all of `{name}`"))?;
    if refused > 0 {
        bail!("{refused} of {} could not be imported", counted(new + known + refused, "event"));
    }
    Ok(())
}

/// How many became what.
#[derive(Debug, Clone, Copy, Default)]
struct Done {
    new: usize,
    known: usize,
    refused: usize,
}

/// A file on its way into the store.
struct Importing<F> {
    store: Store,
    batch: Vec<(Article, Event)>,
    bytes: usize,
    done: Done,
    tell: F,
}

impl<F: Fn(&Refused)> Importing<F> {
    fn take(&mut self, found: Result<Imported, Refused>) -> Result<()> {
        match found {
            Ok(Imported { article, event }) => {
                self.bytes += article.text.len();
                self.batch.push((article, event));
                if self.batch.len() == BATCH || self.bytes > MOST_BYTES {
                    self.write()
                } else {
                    Ok(())
                }
            }
            Err(refused) => {
                self.refuse(&refused);
                Ok(())
            }
        }
    }

    fn write(&mut self) -> Result<()> {
        if self.batch.is_empty() {
            return Ok(());
        }
        let batch = std::mem::take(&mut self.batch);
        self.bytes = 0;
        for (kept, (article, event)) in self.store.import(&batch)?.into_iter().zip(&batch) {
            match kept {
                Kept::New => self.done.new += 1,
                Kept::Known => self.done.known += 1,
                Kept::Contradicted => self.refuse(&Refused {
                    place: format!("event `{}`", event.id),
                    why: format!(
                        "the article `{}` of the store says something else where its evidence should stand",
                        article.id
                    ),
                }),
            }
        }
        Ok(())
    }

    fn refuse(&mut self, refused: &Refused) {
        self.done.refused += 1;
        (self.tell)(refused);
    }
}
