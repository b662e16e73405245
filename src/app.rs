//! Builds the parts and runs the commands.

mod backup;
mod copy;
mod counting;
mod export;
mod feeds;
mod gazetteer;
mod import;
mod ingest;
mod jsonl;
mod reextract;
mod renew;
mod replica;
mod review;
mod serve;
mod sources;
mod update;

use std::borrow::Cow;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::acquire;
use crate::acquire::web::{Reach, Web};
use crate::config::{self, Command, Config};
use crate::extract::Lexicon;
use crate::extract::lexicon::Tables;
use crate::formats::{self, Layer};
use crate::merge::Words;
use crate::model::article::Article;
use crate::model::cause::chain;
use crate::model::event::Event;
use crate::model::report::Extraction;
use crate::pipeline::Knowledge;
use crate::store::copy::Location;
use crate::store::{self, Store};

use self::renew::Renewal;

/// Runs a command to its end.
///
/// # Errors
/// With the whole chain of causes, each naming the thing that failed.
pub fn run(config: Config) -> Result<()> {
    match &config.command {
        Command::Gazetteer(command) => return gazetteer::run(command, &config.knowledge),
        Command::Export(options) => return export::run(options),
        Command::Feeds(command) => return feeds::run(command),
        Command::Backup(options) => return backup::backup(options),
        Command::Restore(options) => return backup::restore(options),
        Command::Copy(options) => return copy::run(options),
        _ => {}
    }
    let names = config.knowledge.gazetteer.as_deref();
    let lexicon = lexicon(config.knowledge.lexicon.as_deref())?;
    let joined = |lexicon, gazetteer| -> Result<Knowledge> {
        let words = words(config.knowledge.lexicon.as_deref())?;
        Ok(Knowledge::new(lexicon, gazetteer).with_words(words))
    };
    match config.command {
        Command::Gazetteer(_)
        | Command::Export(_)
        | Command::Feeds(_)
        | Command::Backup(_)
        | Command::Restore(_)
        | Command::Copy(_) => Ok(()),
        Command::Reextract(options) => {
            let chosen = renew::choose(names, renew::beside(&options.store))?;
            say(&chosen.told);
            reextract::run(&joined(lexicon, chosen.gazetteer)?, &options)
        }
        Command::Review(options) => {
            let chosen = renew::choose(names, renew::beside(&options.store))?;
            review::run(&joined(lexicon, chosen.gazetteer)?, &options)
        }
        Command::Serve(options) => {
            let chosen = renew::choose(names, renew::beside(&options.store))?;
            say(&chosen.told);
            let renewal = Renewal::wanted(&options, &chosen);
            serve::run(joined(lexicon, chosen.gazetteer)?, options, renewal)
        }
        Command::Ingest(options) => {
            let chosen = renew::choose(names, renew::beside(&options.store))?;
            say(&chosen.told);
            ingest::run(joined(lexicon, chosen.gazetteer)?, &options)
        }
        Command::Extract(options) => {
            extract(&Knowledge::new(lexicon, gazetteer::used(names)?), &options)
        }
        Command::Import(options) => {
            import::run(&Knowledge::new(lexicon, gazetteer::used(names)?), &options)
        }
        Command::Geocode(options) => {
            geocode(&Knowledge::new(lexicon, gazetteer::used(names)?), &options)
        }
    }
}

/// The word lists in a folder, or those built in.
fn lexicon(folder: Option<&Path>) -> Result<Lexicon> {
    folder.map_or_else(|| Ok(Lexicon::embedded()), lexicon_of)
}

fn lexicon_of(folder: &Path) -> Result<Lexicon> {
    let read = |name: &str| {
        let path = folder.join(name);
        fs::read_to_string(&path)
            .with_context(|| format!("cannot read word list `{}`", path.display()))
    };
    let tables = Tables {
        triggers: &read("triggers.toml")?,
        actors: &read("actors.toml")?,
        cues: &read("cues.toml")?,
        counted: &read("counted.toml")?,
        numbers: &read("numbers.toml")?,
        dates: &read("dates.toml")?,
        places: &read("places.toml")?,
        speech: &read("speech.toml")?,
        merge: &merge_words(folder)?.map_or(Cow::Borrowed(Tables::EMBEDDED.merge), Cow::Owned),
    };
    Lexicon::parse(&tables)
        .with_context(|| format!("cannot use the word lists in `{}`", folder.display()))
}

const MERGE: &str = "merge.toml";

/// The text of `merge.toml`, which a folder may lack.
fn merge_words(folder: &Path) -> Result<Option<String>> {
    let path = folder.join(MERGE);
    let read = path.exists().then(|| fs::read_to_string(&path)).transpose();
    read.with_context(|| format!("cannot read word list `{}`", path.display()))
}

/// The words that tell one happening from another; those built in if the folder has none.
fn words(folder: Option<&Path>) -> Result<Words> {
    let Some(folder) = folder else { return Ok(Words::embedded()) };
    let Some(text) = merge_words(folder)? else { return Ok(Words::embedded()) };
    let path = folder.join(MERGE);
    Words::parse(&text).with_context(|| format!("cannot use word list `{}`", path.display()))
}

/// What the index of a database is kept beside, in the working folder.
const DATABASE: &str = "rasid.database";

/// Opens a store with its events, to be read. A new one would be empty, and so would be whatever is made of it.
fn existing(store: &Location) -> Result<Store> {
    match store {
        Location::File(path) => existing_file(path),
        Location::Server(address) => Ok(Store::replica(address, Path::new(DATABASE))?),
    }
}

/// Opens a store that is there, to be written to. The events of a database stay there.
fn existing_to_write(store: &Location) -> Result<Store> {
    match store {
        Location::File(path) => existing_file(path),
        Location::Server(address) => Ok(Store::writer(address)?),
    }
}

/// The same of one that is made if it is not there.
fn store_to_write(store: &Location) -> Result<Store> {
    match store {
        Location::File(path) => Ok(Store::open(&store::Options { path: path.clone() })?),
        Location::Server(address) => {
            store::postgis::make(address)?;
            Ok(Store::writer(address)?)
        }
    }
}

fn existing_file(path: &Path) -> Result<Store> {
    if !path.exists() {
        bail!("there is no store `{}`: name one with --store", path.display());
    }
    Ok(Store::open(&store::Options { path: path.to_owned() })?)
}

/// What reads the web as the operator wants it.
fn web_of(reading: &config::Reading) -> Web {
    let reach = if reading.allow_private_addresses { Reach::Anywhere } else { Reach::Public };
    let contact = reading.contact.clone();
    Web::new(acquire::web::Options { contact, reach, ..acquire::web::Options::default() })
}

fn extract(knowledge: &Knowledge, options: &config::Extract) -> Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    if let Some(path) = &options.jsonl {
        return jsonl::extract(knowledge, path, options.published, &mut out);
    }
    let mut events = Vec::new();
    let (mut read, mut failed) = (0, 0);
    for mut source in
        sources::open(&options.files, &sources::options(options.published, &options.reading))?
    {
        knowledge.read_source(
            source.as_mut(),
            |_| anyhow::Ok(true),
            |article| {
                let (article, (found, extraction)) = match article {
                    Ok((article, found)) => (article, found.unwrap_or_default()),
                    Err(error) => {
                        failed += 1;
                        say(&format!("rasid: {}", chain(&error)));
                        return Ok(());
                    }
                };
                read += 1;
                for problem in &extraction.problems {
                    let article = article.title.as_deref().unwrap_or(&article.id.0);
                    say(&format!("rasid: {article}: {problem}"));
                }
                if options.explain {
                    explain(&mut out, &article, &found, &extraction)?;
                }
                events.extend(found);
                Ok(())
            },
        )?;
    }
    // An empty collection would say that there are no events; nobody knows that.
    let nothing_read = read == 0 && failed > 0;
    if !options.explain && !nothing_read {
        print(&mut out, options.format, &events)?;
    }
    out.flush()?;
    if failed > 0 {
        bail!("{failed} of {} could not be read", counted(read + failed, "article"));
    }
    Ok(())
}

fn print(out: &mut impl Write, format: config::OutputFormat, events: &[Event]) -> io::Result<()> {
    let Some(format) = format.of_features() else { return formats::table::write(out, events) };
    let features: Vec<String> = events.iter().map(Event::to_text).collect();
    formats::write(out, format, &Layer::events(), &features)
}

/// Tells for each sentence what was found and what was refused, then the events.
fn explain(
    out: &mut impl Write,
    article: &Article,
    events: &[Event],
    extraction: &Extraction,
) -> io::Result<()> {
    for finding in &extraction.findings {
        writeln!(out, "[{}] {}", finding.zone, finding.span.of(&article.text).trim())?;
        for note in &finding.notes {
            writeln!(out, "    {note}")?;
        }
    }
    writeln!(out)?;
    formats::table::write(out, events)
}

fn geocode(knowledge: &Knowledge, options: &config::Geocode) -> Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    if let Some(path) = &options.jsonl {
        return jsonl::geocode(knowledge, path, &mut out);
    }
    for text in &options.texts {
        let (place, candidates) = knowledge.geocode(text, options.near.as_deref());
        let verdict = match (place, candidates.is_empty()) {
            (Some(meant), _) => format!("{} ({})", meant.place.name_en, meant.place.name_ar),
            (None, true) => "no place of that name is known".to_owned(),
            (None, false) => "cannot be told apart".to_owned(),
        };
        writeln!(out, "{text}: {verdict}")?;
        for candidate in candidates {
            let place = candidate.place;
            let (lon, lat) = (candidate.point.lon(), candidate.point.lat());
            writeln!(
                out,
                "  {:.2}  {} | {} | {} | {} | {lat:.5}, {lon:.5}",
                candidate.score, place.name_en, place.name_ar, place.kind, place.admin1
            )?;
            for reason in &candidate.reasons {
                writeln!(out, "        {reason}")?;
            }
        }
    }
    Ok(out.flush()?)
}

/// A number with its noun.
fn counted(n: usize, noun: &str) -> String {
    let ending = if n == 1 { "" } else { "s" };
    format!("{n} {noun}{ending}")
}

/// Makes the next start a quick one; it is no loss if that fails.
fn keep_index(store: &Store) {
    // A database that is away is not waited for.
    if store.freshness().is_some_and(|now| !now.is_connected) {
        return;
    }
    match store.keep_index() {
        Ok(true) => tracing::debug!("the index is kept for the next start"),
        Ok(false) => {}
        Err(error) => tracing::warn!("the next start will be slow: {}", chain(&error)),
    }
}

/// Words go to standard error; data goes to standard output.
fn say(words: &str) {
    // A closed terminal is no reason to stop.
    writeln!(io::stderr(), "{words}").ok();
}
