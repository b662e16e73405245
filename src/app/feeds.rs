//! `rasid feeds check`: a list of outlets, each tried.

use std::io::{self, Write};
use std::thread;

use anyhow::{Result, bail};

use super::{chain, counted, sources};
use crate::acquire::feeds::{self, Checked, Feed};
use crate::acquire::{self, web};
use crate::config::{CheckFeeds, Feeds};

/// Outlets that are tried at the same time. Each waits for its own server.
const AT_ONCE: usize = 32;

pub(super) fn run(command: &Feeds) -> Result<()> {
    match command {
        Feeds::Check(options) => check(options),
    }
}

fn check(options: &CheckFeeds) -> Result<()> {
    let feeds = sources::outlets(&options.file)?;
    let reading = sources::options(None, &options.reading);
    let mut tried = Vec::with_capacity(feeds.len());
    for some in feeds.chunks(AT_ONCE) {
        thread::scope(|scope| {
            let reading = &reading;
            let work: Vec<_> =
                some.iter().map(|feed| scope.spawn(move || feeds::check(feed, reading))).collect();
            for work in work {
                tried.push(work.join().expect("trying an outlet never fails otherwise"));
            }
        });
    }
    let failed = tried.iter().filter(|tried| tried.is_err()).count();
    print(&mut io::stdout().lock(), &feeds, &tried)?;
    if failed > 0 {
        bail!("{failed} of {} could not be read", counted(feeds.len(), "feed"));
    }
    Ok(())
}

fn print(
    out: &mut impl Write,
    feeds: &[Feed],
    tried: &[Result<Checked, acquire::Error>],
) -> io::Result<()> {
    let name = |feed: &Feed| feed.name.0.chars().count();
    let width = feeds.iter().map(name).max().unwrap_or(0).max("feed".len());
    let head = ["kind", "entries", "newest", "characters"];
    let [kind, entries, newest, characters] = head;
    writeln!(
        out,
        "{:width$}  {kind:7}  {entries:>7}  {newest:20}  {characters:>10}  first title",
        "feed"
    )?;
    for (feed, tried) in feeds.iter().zip(tried) {
        write!(out, "{:width$}  ", feed.name.0)?;
        match tried {
            Ok(read) => {
                let newest = read.newest.map_or("–".to_owned(), |newest| newest.to_string());
                let title = read.title.as_deref().unwrap_or("–");
                writeln!(
                    out,
                    "{:7}  {:>7}  {newest:20}  {:>10}  {title}",
                    read.kind.name(),
                    read.entries,
                    read.characters
                )?;
            }
            Err(error) => writeln!(out, "wrong: {}; {}", chain(error), advice(error))?,
        }
    }
    out.flush()
}

/// What an operator can do about an outlet that is not read.
const fn advice(error: &acquire::Error) -> &'static str {
    use acquire::Error as E;
    use web::Error as W;
    match error {
        E::Web(W::Private { .. }) => "if it is yours, allow it with --allow-private-addresses",
        E::Web(W::Robots { .. }) => "ask the outlet, or take another of its addresses",
        E::Web(W::Certificate { .. }) => {
            "ask the outlet, or look whether this machine's clock is right"
        }
        E::Web(W::Status { .. } | W::Redirects { .. } | W::Redirect { .. }) => {
            "look on the outlet's site for where its feed is now"
        }
        E::Web(W::TooLarge { .. } | W::Headers { .. }) => "look for a feed of one section",
        E::Web(_) => "try again in a while",
        E::Kind { .. } | E::NoFeed { .. } => {
            "write the address of its feed, or the kind that it is"
        }
        E::NoArticle { .. } | E::Tangled { .. } => {
            "tell where the text is, as selectors = { text = \".story\" }"
        }
        _ => "look at the address in a browser",
    }
}
