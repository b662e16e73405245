//! The server: answers from the first moment, reads its sources beside it, and ends on a signal.

use std::net::SocketAddr;
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::MissedTickBehavior;

use super::renew::Renewal;
use super::{DATABASE, counted, counting, keep_index, replica, say, sources};
use crate::config::{self, Role};
use crate::model::cause::chain;
use crate::model::source::{SourceName, Status};
use crate::pipeline::Knowledge;
use crate::pipeline::run::{Feed, Full, Handle, Manner, PUSHED, Pipeline, Reply, Tally};
use crate::store::board::Board;
use crate::store::copy::Location;
use crate::store::{self, Claim, Store};
use crate::web;
use crate::web::articles::{Busy, Intake, Token};
use crate::web::basemap::archive::Archive;
use crate::web::basemap::{Basemap, Tiles};
use crate::web::extract::Extractor;
use crate::web::geocoder::{Geocoder, Meaning};
use crate::web::reports::Duplicates;
use crate::web::stream::Streams;

/// How long articles under way may take to be kept when the server ends.
const END: Duration = Duration::from_secs(10);

/// Binds, answers, reads, and ends on a signal.
pub(super) fn run(
    knowledge: Knowledge,
    options: config::Serve,
    renewal: Option<Renewal>,
) -> Result<()> {
    match options.store.clone() {
        Location::Server(address) if !options.takes_articles() => {
            replica::run(knowledge, &options, renewal, &address)
        }
        _ => keep(knowledge, options, renewal),
    }
}

/// Opens the store to serve it and to keep articles in it. A file has one server, for as long as the claim lives.
fn opened(options: &config::Serve) -> Result<(Store, Option<Claim>)> {
    let address = match &options.store {
        Location::File(path) => {
            let store = Store::open(&store::Options { path: path.clone() })?;
            // After it was opened: nothing is left beside a file that is no store.
            return Ok((store, Some(Claim::take(path)?)));
        }
        Location::Server(address) => address,
    };
    store::postgis::make(address)?;
    let store = match options.role {
        Role::Ingest => Store::writer(address)?,
        Role::All | Role::Read => Store::database(address, Path::new(DATABASE))?,
    };
    Ok((store, None))
}

/// Serves a store, and keeps in it what its sources give.
fn keep(knowledge: Knowledge, options: config::Serve, renewal: Option<Renewal>) -> Result<()> {
    let reading = sources::options(options.published, &options.reading);
    let mut feeds = sources::feeds(&options.sources, &reading)?;
    if let Some(list) = &options.feeds {
        feeds.extend(sources::listed(list, &reading)?);
    }
    // Before the store is made: who cannot listen leaves nothing behind.
    let listener = listen(options.listen)?;
    let address = listener.local_addr().context("cannot tell the address")?;
    let runtime = Runtime::new().context("cannot start the runtime")?;
    let basemap = basemap(&options, &runtime)?;
    let (store, _claim) = opened(&options)?;
    let board = board(&store, &feeds, options.token.as_ref())?;
    let knowledge = Arc::new(knowledge);
    let mut site = site(&knowledge, &store, &board, &options, basemap)?;
    let parts = (knowledge, store.clone(), board.clone());
    let mut pipeline = Pipeline::start(parts, Manner::Steadily, |_step| {});
    if let Some(token) = options.token {
        site.intake = intake(token, pipeline.handle(), &board);
    }
    for feed in feeds {
        pipeline.read(feed);
    }
    let kept = store.clone();
    let ended = runtime.block_on(async move {
        say(&format!("rasid listens on http://{address}/"));
        let listener = TcpListener::from_std(listener).context("cannot use the address")?;
        let searched = store.clone();
        tokio::task::spawn_blocking(move || {
            searched.read_texts();
            keep_index(&searched);
        });
        let told = store.clone();
        tokio::spawn(async move {
            ready(&board).await;
            tell_ready(&told, address);
            // Last: it takes nothing from what people wait for.
            if let Some(renewal) = renewal {
                renewal.begin();
            }
        });
        answer(listener, site, pipeline).await
    });
    // A source that is waited for is not waited for any longer.
    runtime.shutdown_background();
    keep_index(&kept);
    ended
}

fn tell_ready(store: &Store, address: SocketAddr) {
    if !store.is_loaded() {
        tracing::info!("ready to take articles in");
        return say(&format!("takes articles in: http://{address}/health/ready"));
    }
    let events = counted(store.count(), "event");
    tracing::info!("ready with {events}");
    say(&format!("{events} on the map: http://{address}/"));
}

/// What answers are made from; no articles are taken yet.
pub(super) fn site(
    knowledge: &Arc<Knowledge>,
    store: &Store,
    board: &Board,
    options: &config::Serve,
    basemap: Option<Basemap>,
) -> Result<web::Site> {
    Ok(web::Site {
        store: store.clone(),
        places: web::places::Places::new(knowledge.gazetteer().places()),
        geocoder: geocoder(knowledge),
        extractor: extractor(knowledge),
        duplicates: duplicates(knowledge, store),
        board: board.clone(),
        intake: Intake::default(),
        metrics: counting::begin()?,
        streams: Streams::default(),
        base: options.base_url.clone(),
        basemap,
    })
}

/// What lies under the events, if the operator has chosen anything.
pub(super) fn basemap(options: &config::Serve, runtime: &Runtime) -> Result<Option<Basemap>> {
    let attribution = options.tiles_attribution.clone();
    Ok(match (&options.basemap, options.tiles.clone()) {
        // One of them may stand in the file of settings.
        (Some(_), Some(_)) => bail!("there is one base map: name a file (basemap) or tiles"),
        (Some(file), None) => Some(Basemap::Vectors(runtime.block_on(Archive::open(file))?)),
        (None, tiles) => tiles.map(|address| Basemap::Pictures(Tiles { address, attribution })),
    })
}

/// What was known of the sources that are read now; one that is not read any more would fail for ever. Those of a
/// database may be read by others.
fn board(store: &Store, feeds: &[Feed], token: Option<&Token>) -> Result<Board> {
    if store.leases().are_shared() {
        return Ok(Board::new(sources::states(store)?));
    }
    let is_read = |name: &SourceName| {
        feeds.iter().any(|feed| feed.name == *name) || (name.0 == PUSHED && token.is_some())
    };
    let known = sources::states(store)?.into_iter();
    Ok(Board::new(known.filter(|(name, _)| is_read(name))))
}

/// Answers until a signal comes, then ends what was begun.
async fn answer(listener: TcpListener, site: web::Site, pipeline: Pipeline) -> Result<()> {
    let handle = pipeline.handle();
    let following = follow(site.store.clone(), site.board.clone(), handle.clone());
    let mut keeping = tokio::task::spawn_blocking(move || pipeline.ended());
    let streams = site.streams.clone();
    let stopping = handle.clone();
    let told = async move {
        shutdown().await;
        stopping.stop();
        // They would never end by themselves.
        streams.close();
    };
    let patience = web::serve::Patience::default();
    let routes = if site.store.is_loaded() { web::router(site) } else { web::intake_router(site) };
    let mut serving = pin!(web::serve::serve(listener, routes, patience, told));
    tokio::select! {
        () = &mut serving => {}
        kept = &mut keeping => {
            kept.context("keeping articles stopped")??;
            // It ends without a failure only if it was told to; so are answers.
            serving.await;
            return Ok(());
        }
        () = following => {}
    }
    end(&handle, keeping).await
}

/// Waits for the articles under way; those that are not kept in time are read again next time.
async fn end(handle: &Handle, keeping: JoinHandle<Result<Tally, store::Error>>) -> Result<()> {
    match tokio::time::timeout(END, keeping).await {
        Ok(kept) => {
            kept.context("keeping articles stopped")??;
        }
        Err(_late) => {
            let left = counted(handle.under_way(), "article");
            tracing::warn!("ended with {left} under way: they will be read again");
        }
    }
    Ok(())
}

/// Comes back once answers are complete.
async fn ready(board: &Board) {
    let mut tick = tokio::time::interval(Duration::from_millis(10));
    while !board.reasons().is_empty() {
        tick.tick().await;
    }
}

/// Lets the server read articles that are sent to be tried.
fn extractor(knowledge: &Arc<Knowledge>) -> Extractor {
    let reader = Arc::clone(knowledge);
    Extractor::new(move |article| reader.read(article))
}

/// Lets the server ask which events may be the same.
fn duplicates(knowledge: &Arc<Knowledge>, store: &Store) -> Duplicates {
    let (knowledge, store) = (Arc::clone(knowledge), store.clone());
    Duplicates::new(move |id| knowledge.possible_duplicates(&store, id))
}

/// Lets the server ask what names mean; how they are read is the pipeline's to know.
fn geocoder(knowledge: &Arc<Knowledge>) -> Geocoder {
    let reader = Arc::clone(knowledge);
    Geocoder::new(knowledge.gazetteer().places(), move |phrase, near| {
        let (meant, candidates) = reader.geocode(phrase, near);
        Meaning::new(meant.map(|meant| meant.place), candidates)
    })
}

/// Lets clients hand in articles and hear once they are kept.
fn intake(token: Token, handle: Handle, board: &Board) -> Intake {
    board.update(&SourceName(PUSHED.to_owned()), |state| {
        "push".clone_into(&mut state.kind);
        "/articles".clone_into(&mut state.address);
        state.status = Status::Idle;
    });
    Intake::new(token, move |articles| {
        let (tell, outcomes) = mpsc::unbounded_channel();
        let articles = articles.into_iter().enumerate().map(|(at, article)| {
            let tell = tell.clone();
            // Nobody listens any more if the client has gone; the article is kept all the same.
            let reply: Reply = Box::new(move |outcome| drop(tell.send((at, outcome))));
            (article, reply)
        });
        handle.push(articles.collect()).map_err(|Full| Busy)?;
        Ok(outcomes)
    })
}

pub(super) fn listen(address: SocketAddr) -> Result<std::net::TcpListener> {
    let bound = std::net::TcpListener::bind(address).and_then(|listener| {
        listener.set_nonblocking(true)?;
        Ok(listener)
    });
    bound.with_context(|| {
        format!("cannot listen on {address}: choose an address of this machine and a free port with --listen")
    })
}

/// How soon a reader sees what another process wrote.
const FOLLOW: Duration = Duration::from_secs(1);

/// Takes in what other processes write into the store. Never ends.
async fn follow(store: Store, board: Board, handle: Handle) {
    if !store.is_loaded() {
        std::future::pending::<()>().await;
    } else if store.leases().are_shared() {
        replica::follow(store, board, move |source| handle.reads(source)).await;
    } else {
        follow_file(store).await;
    }
}

/// Takes in what `rasid ingest` writes beside a server. Never ends.
async fn follow_file(store: Store) {
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

pub(super) async fn shutdown() {
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
