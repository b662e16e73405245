//! Builds the parts and runs the commands.

mod export;
mod gazetteer;
mod import;
mod jsonl;
mod renew;
mod update;

use std::fs;
use std::io::{self, BufWriter, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use indicatif::{ProgressBar, ProgressStyle};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio::time::MissedTickBehavior;

use crate::acquire::{self, Source};
use crate::config::{self, Command, Config};
use crate::extract::Lexicon;
use crate::extract::lexicon::Tables;
use crate::formats::{self, Layer};
use crate::model::article::{Article, Published};
use crate::model::event::Event;
use crate::model::report::Extraction;
use crate::pipeline::{self, Ingested, Knowledge, Step};
use crate::store::{self, Store};
use crate::web;
use crate::web::extract::Extractor;
use crate::web::geocoder::{Geocoder, Meaning};
use crate::web::stream::Streams;

use self::renew::Renewal;

/// Runs a command to its end.
///
/// # Errors
/// With the whole chain of causes, each naming the thing that failed.
pub fn run(config: Config) -> Result<()> {
    match &config.command {
        Command::Gazetteer(command) => return gazetteer::run(command, &config.knowledge),
        Command::Export(options) => return export::run(options),
        _ => {}
    }
    let names = config.knowledge.gazetteer.as_deref();
    let lexicon = lexicon(config.knowledge.lexicon.as_deref())?;
    match config.command {
        Command::Gazetteer(_) | Command::Export(_) => Ok(()),
        Command::Serve(options) => {
            let chosen = renew::choose(names, &options.store)?;
            say(&chosen.told);
            let renewal = Renewal::wanted(&options, &chosen);
            serve(Knowledge::new(lexicon, chosen.gazetteer), options, renewal)
        }
        Command::Ingest(options) => {
            let chosen = renew::choose(names, &options.store)?;
            say(&chosen.told);
            ingest(&Knowledge::new(lexicon, chosen.gazetteer), &options)
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
    };
    Lexicon::parse(&tables)
        .with_context(|| format!("cannot use the word lists in `{}`", folder.display()))
}

fn open_sources(
    paths: &[impl AsRef<Path>],
    published: Option<Published>,
) -> Result<Vec<Box<dyn Source>>> {
    let options = acquire::Options { published, ..acquire::Options::default() };
    paths.iter().map(|path| Ok(acquire::open(path, &options)?)).collect()
}

/// Binds, answers from the first moment, reads the sources beside it, and ends on a signal.
fn serve(knowledge: Knowledge, options: config::Serve, renewal: Option<Renewal>) -> Result<()> {
    let mut sources = open_sources(&options.sources, options.published)?;
    // Before the store is made: who cannot listen leaves nothing behind.
    let listener = listen(options.listen)?;
    let address = listener.local_addr().context("cannot tell the address")?;
    let store = Store::open(&store::Options { path: options.store })?;
    let ready = Arc::new(AtomicBool::new(false));
    let places = web::places::Places::new(knowledge.gazetteer().places());
    let knowledge = Arc::new(knowledge);
    let site = web::Site {
        store: store.clone(),
        places,
        geocoder: geocoder(&knowledge),
        extractor: extractor(&knowledge),
        ready: Arc::clone(&ready),
        streams: Streams::default(),
        base: options.base_url,
    };

    let runtime = tokio::runtime::Runtime::new().context("cannot start the runtime")?;
    let ended = runtime.block_on(async move {
        say(&format!("rasid listens on http://{address}/"));
        let follower = store.clone();
        let searched = store.clone();
        tokio::task::spawn_blocking(move || searched.read_texts());
        let reading = tokio::task::spawn_blocking(move || {
            read_at_start(&knowledge, &mut sources, &store)?;
            ready.store(true, Ordering::Release);
            let events = counted(store.count(), "event");
            tracing::info!("ready with {events}");
            say(&format!("{events} on the map: http://{address}/"));
            // Last: it takes nothing from what people wait for.
            if let Some(renewal) = renewal {
                renewal.begin();
            }
            Ok(())
        });
        let listener = TcpListener::from_std(listener).context("cannot use the address")?;
        let patience = web::serve::Patience::default();
        let streams = site.streams.clone();
        let ended = async move {
            shutdown().await;
            // They would never end by themselves.
            streams.close();
        };
        tokio::select! {
            () = web::serve::serve(listener, web::router(site), patience, ended) => Ok(()),
            failed = failure(reading) => Err(failed),
            () = follow(follower) => Ok(()),
        }
    });
    // An article that is just being read is read again next time; nobody has to wait for it.
    runtime.shutdown_background();
    ended
}

/// Lets the server ask what names mean; how they are read is the pipeline's to know.
fn geocoder(knowledge: &Arc<Knowledge>) -> Geocoder {
    let reader = Arc::clone(knowledge);
    Geocoder::new(knowledge.gazetteer().places(), move |phrase, near| {
        let (meant, candidates) = reader.geocode(phrase, near);
        Meaning::new(meant.map(|meant| meant.place), candidates)
    })
}

/// Lets the server read articles that are sent to be tried.
fn extractor(knowledge: &Arc<Knowledge>) -> Extractor {
    let reader = Arc::clone(knowledge);
    Extractor::new(move |article| reader.read(article))
}

fn listen(address: SocketAddr) -> Result<std::net::TcpListener> {
    let bound = std::net::TcpListener::bind(address).and_then(|listener| {
        listener.set_nonblocking(true)?;
        Ok(listener)
    });
    bound.with_context(|| {
        format!("cannot listen on {address}: choose an address of this machine and a free port with --listen")
    })
}

fn read_at_start(
    knowledge: &Knowledge,
    sources: &mut [Box<dyn Source>],
    store: &Store,
) -> Result<(), store::Error> {
    for source in sources {
        let done = pipeline::ingest(knowledge, source.as_mut(), store, |step| {
            if let Step::Failed(error) = step {
                tracing::warn!("{}", chain(error));
            }
        })?;
        tracing::info!(
            articles = done.articles,
            known = done.known,
            events = done.events,
            failed = done.failed,
            "source read"
        );
    }
    Ok(())
}

/// Comes back only if the sources cannot be read to their end.
async fn failure(reading: JoinHandle<Result<(), store::Error>>) -> anyhow::Error {
    match reading.await {
        Ok(Ok(())) => std::future::pending().await,
        Ok(Err(error)) => error.into(),
        Err(error) => anyhow::Error::new(error).context("reading the sources stopped"),
    }
}

/// How soon a reader sees what another process wrote.
const FOLLOW: Duration = Duration::from_secs(1);

/// Takes in what other processes write into the store, as `rasid ingest` beside a server. Never ends.
async fn follow(store: Store) {
    let mut tick = tokio::time::interval(FOLLOW);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut fails = false;
    loop {
        tick.tick().await;
        let store = store.clone();
        let told = match tokio::task::spawn_blocking(move || store.refresh()).await {
            Ok(Ok(_)) => None,
            Ok(Err(error)) => Some(chain(&error)),
            Err(error) => Some(error.to_string()),
        };
        // Told when it begins, not every second.
        if let Some(told) = told.as_ref().filter(|_| !fails) {
            tracing::warn!("cannot look for new events: {told}");
        }
        fails = told.is_some();
    }
}

async fn shutdown() {
    let interrupt = tokio::signal::ctrl_c();
    let mut terminate =
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(terminate) => terminate,
            Err(error) => {
                tracing::warn!("cannot listen for SIGTERM: {error}");
                interrupt.await.ok();
                return;
            }
        };
    tokio::select! {
        _ = interrupt => {}
        _ = terminate.recv() => {}
    }
}

fn ingest(knowledge: &Knowledge, options: &config::Ingest) -> Result<()> {
    let mut sources = open_sources(&options.sources, options.published)?;
    let store = Store::open(&store::Options { path: options.store.clone() })?;
    let bar = ProgressBar::new_spinner();
    bar.set_style(ProgressStyle::with_template("{spinner} {pos} articles {elapsed} {msg}")?);
    let mut total = Ingested::default();
    for source in &mut sources {
        let done = pipeline::ingest(knowledge, source.as_mut(), &store, |step| match step {
            Step::Kept(..) => bar.inc(1),
            Step::Failed(error) => bar.suspend(|| say(&format!("rasid: {}", chain(error)))),
        })?;
        total.articles += done.articles;
        total.known += done.known;
        total.events += done.events;
        total.failed += done.failed;
    }
    bar.finish_and_clear();
    let Ingested { articles, known, events, failed } = total;
    let (kept, with) = (counted(articles, "article"), counted(events, "event"));
    say(&format!("{kept} with {with} kept, {known} there already, {failed} not read"));
    if failed > 0 {
        bail!("{failed} of {} could not be read", counted(articles + known + failed, "article"));
    }
    Ok(())
}

fn extract(knowledge: &Knowledge, options: &config::Extract) -> Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    if let Some(path) = &options.jsonl {
        return jsonl::extract(knowledge, path, options.published, &mut out);
    }
    let mut events = Vec::new();
    let (mut read, mut failed) = (0, 0);
    for mut source in open_sources(&options.files, options.published)? {
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
    let features: Vec<String> = events.iter().map(|event| event.to_feature().to_string()).collect();
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

/// An error with its causes, none told twice.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut told = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let words = inner.to_string();
        if !told.contains(&words) {
            told = format!("{told}: {words}");
        }
        cause = inner.source();
    }
    told.trim_end().to_owned()
}

/// Words go to standard error; data goes to standard output.
fn say(words: &str) {
    // A closed terminal is no reason to stop.
    writeln!(io::stderr(), "{words}").ok();
}
