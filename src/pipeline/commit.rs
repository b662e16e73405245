//! What is ready, kept in one transaction, each source in its order; then told to whoever waits.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::slice;
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use metrics::{counter, gauge, histogram};

use super::Step;
use super::keep::{Batch, Reading};
use super::queue::{Lane, Ticket};
use super::run::{Done, End, Made, Manner, Reply, Shared, Tally};
use crate::acquire;
use crate::model::article::{Article, ArticleId, Published};
use crate::model::cause::chain;
use crate::model::source::{LastArticle, Position, SourceName, State, Status, Trouble, shown};
use crate::store::{self, Inserted};

/// Articles of one transaction: more would make those that wait for it wait long.
const MOST: usize = 256;

/// How soon a store that failed is tried again.
const PAUSE: Duration = Duration::from_secs(1);

/// How often the state of a source without news is kept.
const RARELY: Duration = Duration::from_secs(60);

/// Messages of a source that are remembered, so that each is told once and not at every read.
const REMEMBERED: usize = 256;

/// The thread that keeps.
pub(super) struct Committer<W> {
    shared: Arc<Shared>,
    watch: W,
    tally: Tally,
    lanes: HashMap<Lane, Order>,
    sources: HashMap<SourceName, Progress>,
    /// Whether the store did not take what it was given last.
    failing: bool,
}

/// What of a lane has come before its turn.
#[derive(Default)]
struct Order {
    next: u64,
    early: BTreeMap<u64, Done>,
}

/// A source while it is read.
#[derive(Default)]
struct Progress {
    tally: Tally,
    error: Option<String>,
    told: HashSet<String>,
    /// How far it has been read, as it was kept last.
    reached: Option<Position>,
    /// When its state was kept last.
    told_at: Option<Instant>,
}

/// What became of an article: what it was to the store, or why that does not take it.
type Taken = Result<Inserted, String>;

/// What is kept together.
type Ready = BTreeMap<SourceName, Group>;

/// What of it is of one source, in its order.
#[derive(Default)]
struct Group {
    batch: Vec<Reading>,
    entries: Vec<Entry>,
}

struct Entry {
    ticket: Ticket,
    what: What,
    reply: Option<Reply>,
}

enum What {
    /// The one at this place of the batch.
    New(usize),
    Known(Box<Article>),
    Failed(acquire::Error),
    Broken(ArticleId),
    End(End),
}

impl<W: FnMut(Step<'_>)> Committer<W> {
    pub(super) fn new(shared: &Arc<Shared>, watch: W) -> Self {
        let shared = Arc::clone(shared);
        let (lanes, sources) = (HashMap::new(), HashMap::new());
        Self { shared, watch, tally: Tally::default(), lanes, sources, failing: false }
    }

    /// Keeps what the workers make until there will be no more.
    pub(super) fn run(mut self, made: &Receiver<Done>) -> Result<Tally, store::Error> {
        while let Ok(first) = made.recv() {
            let mut ready = Ready::new();
            let mut taken = 1;
            self.take(first, &mut ready);
            while taken < MOST {
                let Ok(more) = made.try_recv() else { break };
                self.take(more, &mut ready);
                taken += 1;
            }
            self.commit(ready)?;
        }
        Ok(self.tally)
    }

    /// Adds to the groups what has its turn now.
    fn take(&mut self, done: Done, ready: &mut Ready) {
        let order = self.lanes.entry(done.ticket.lane).or_default();
        order.early.insert(done.ticket.number, done);
        while let Some(done) = order.early.remove(&order.next) {
            order.next += 1;
            ready.entry(done.source.clone()).or_default().add(done);
        }
    }

    /// Keeps together what has its turn, and tells whoever waits for it.
    fn commit(&mut self, mut ready: Ready) -> Result<(), store::Error> {
        let begun = Instant::now();
        let kept = self.keep(&mut ready)?;
        histogram!("rasid_commit_seconds").record(begun.elapsed());
        for ((source, group), kept) in ready.into_iter().zip(kept) {
            self.tell(&source, group, &kept);
        }
        gauge!("rasid_queue_articles").set(as_f64(self.shared.queue.under_way()));
        Ok(())
    }

    /// Tells what became of a group that is kept, and makes room for more of its source.
    fn tell(&mut self, source: &SourceName, group: Group, kept: &[Taken]) {
        let Group { batch, entries } = group;
        let tickets: Vec<Ticket> = entries.iter().map(|entry| entry.ticket).collect();
        for Entry { what, reply, .. } in entries {
            match what {
                What::New(at) => {
                    let Some((article, _)) = batch.get(at) else { continue };
                    match kept.get(at) {
                        Some(Err(told)) => self.refused(source, article, told, reply),
                        Some(Ok(inserted)) => self.kept(source, article, *inserted, reply),
                        None => {}
                    }
                }
                What::Known(article) => {
                    self.kept(source, &article, Inserted::AlreadyThere, reply);
                }
                What::Failed(error) => self.failed(source, &error),
                What::Broken(id) => self.broke(source, &id),
                What::End(end) => self.ended(source, &end),
            }
        }
        self.shared.queue.done(tickets);
    }

    /// Keeps the groups; a store that fails is tried again for as long as the work goes on.
    fn keep(&mut self, ready: &mut Ready) -> Result<Vec<Vec<Taken>>, store::Error> {
        loop {
            let error = match self.attempt(ready) {
                Ok(kept) => {
                    for (source, group) in ready {
                        if let Some(reached) = group.reached() {
                            let reading = self.sources.entry(source.clone()).or_default();
                            reading.reached = Some(reached.clone());
                        }
                    }
                    if std::mem::take(&mut self.failing) {
                        tracing::info!("articles are kept again");
                        self.shared.board.set_refused(None);
                    }
                    return Ok(kept);
                }
                Err(error) => error,
            };
            counter!("rasid_store_errors_total").increment(1);
            if self.shared.manner == Manner::Once {
                return Err(error);
            }
            let told = chain(&error);
            // Where the store lies is for the log alone.
            let public = self.shared.store.without_folder(&told);
            // First: whoever is refused may look at it.
            self.shared.board.set_refused(Some(public.clone()));
            for group in ready.values_mut() {
                group.refuse_pushed(&public);
            }
            if !std::mem::replace(&mut self.failing, true) {
                tracing::error!("cannot keep articles, trying again every second: {told}");
            }
            if self.shared.stop.wait(PAUSE) {
                return Err(error);
            }
        }
    }

    /// Keeps groups together; if the store does not take what is in one of them, each by itself.
    fn attempt(&self, ready: &Ready) -> Result<Vec<Vec<Taken>>, store::Error> {
        let Shared { knowledge, store, .. } = &*self.shared;
        let all: Vec<Batch<'_>> =
            ready.iter().map(|(source, group)| self.batch(source, group)).collect();
        // Some sources are looked at several times a second, mostly in vain.
        if all.iter().all(Batch::is_empty) {
            return Ok(vec![Vec::new(); all.len()]);
        }
        match knowledge.keep_all(store, &all) {
            Err(error) if error.is_refusal() => {}
            whole => {
                let taken = |kept: Vec<Inserted>| kept.into_iter().map(Ok).collect();
                return whole.map(|kept| kept.into_iter().map(taken).collect());
            }
        }
        all.iter().map(|batch| self.attempt_alone(*batch)).collect()
    }

    /// Keeps articles of a source together; if the store does not take what is in one of them, each by
    /// itself, so that the others are kept.
    fn attempt_alone(&self, batch: Batch<'_>) -> Result<Vec<Taken>, store::Error> {
        let Shared { knowledge, store, .. } = &*self.shared;
        let Batch { readings, origin } = batch;
        match knowledge.keep(store, readings, origin) {
            Err(error) if error.is_refusal() && !readings.is_empty() => {}
            whole => return whole.map(|kept| kept.into_iter().map(Ok).collect()),
        }
        let source = origin.map(|(source, _)| (source, None));
        let mut taken = Vec::with_capacity(readings.len());
        for reading in readings {
            match knowledge.keep(store, slice::from_ref(reading), source) {
                Ok(kept) => taken.extend(kept.into_iter().map(Ok)),
                Err(error) if error.is_refusal() => taken.push(Err(chain(&error))),
                Err(error) => return Err(error),
            }
        }
        knowledge.keep(store, &[], origin)?;
        Ok(taken)
    }

    /// What of a group is for the store: not how far its source is read where that is kept already.
    fn batch<'a>(&self, source: &'a SourceName, group: &'a Group) -> Batch<'a> {
        let kept = self.sources.get(source).and_then(|reading| reading.reached.as_ref());
        let reached = group.reached().filter(|reached| kept != Some(reached));
        Batch { readings: &group.batch, origin: Some((source, reached)) }
    }

    fn kept(
        &mut self,
        source: &SourceName,
        article: &Article,
        inserted: Inserted,
        reply: Option<Reply>,
    ) {
        let reading = self.sources.entry(source.clone()).or_default();
        let (outcome, [new, updated, known], events) = match inserted {
            Inserted::New { events } => ("new", [1, 0, 0], events),
            Inserted::Updated { events } => ("updated", [0, 1, 0], events),
            Inserted::AlreadyThere => ("known", [0, 0, 1], 0),
        };
        for tally in [&mut self.tally, &mut reading.tally] {
            tally.articles += new;
            tally.updated += updated;
            tally.known += known;
            tally.events += events;
        }
        let now = now();
        self.shared.board.update(source, |state| {
            state.articles += new as u64;
            state.known += known as u64;
            state.updated += updated as u64;
            state.events += events as u64;
            let newest = article.published.map(Published::instant);
            state.newest = state.newest.max(newest.filter(|newest| *newest <= now));
            if known == 0 {
                state.last_article = Some(LastArticle {
                    id: article.id.0.clone(),
                    title: article.title.clone(),
                    author: article.author.clone(),
                    published: article.published,
                    kept: now,
                });
            }
        });
        let name = shown(&source.0);
        counter!("rasid_articles_total", "source" => name.clone(), "outcome" => outcome)
            .increment(1);
        counter!("rasid_events_total", "source" => name).increment(events as u64);
        // Whoever hears of it may look at any of this.
        if let Some(reply) = reply {
            let events = self.shared.store.events_of(&article.id);
            // It is kept all the same: the database may have been lost right behind the commit.
            let untold = |error: &store::Error| {
                tracing::warn!(
                    article.id = article.id.0,
                    "its events cannot be told: {}",
                    chain(error)
                );
            };
            reply(Ok((inserted, events.inspect_err(untold).ok())));
        }
        (self.watch)(Step::Kept(article, inserted));
    }

    /// The store takes all but this article.
    fn refused(
        &mut self,
        source: &SourceName,
        article: &Article,
        told: &str,
        reply: Option<Reply>,
    ) {
        let name = shown(&source.0);
        tracing::error!(source.name = name, article.id = article.id.0, "{told}");
        let told = self.shared.store.without_folder(told);
        self.count_failed(source, Some(&told));
        if let Some(reply) = reply {
            reply(Err(told));
        }
    }

    /// Counts an article that is not kept, and takes down why if that is known.
    fn count_failed(&mut self, source: &SourceName, told: Option<&str>) -> State {
        self.tally.failed += 1;
        self.sources.entry(source.clone()).or_default().tally.failed += 1;
        let name = shown(&source.0);
        counter!("rasid_articles_total", "source" => name, "outcome" => "failed").increment(1);
        self.shared.board.update(source, |state| {
            state.failed += 1;
            if let Some(told) = told {
                state.last_error = Some(Trouble { at: now(), told: told.to_owned() });
            }
        })
    }

    fn failed(&mut self, source: &SourceName, error: &acquire::Error) {
        let name = shown(&source.0);
        // Whatever an error quotes may be an address.
        let told = chain(error).split('`').map(shown).collect::<Vec<_>>().join("`");
        let state = self.count_failed(source, Some(&told));
        let reading = self.sources.entry(source.clone()).or_default();
        if reading.told.len() > REMEMBERED {
            reading.told.clear();
        }
        if reading.told.insert(told.clone()) && self.shared.manner == Manner::Steadily {
            tracing::warn!(source.name = name, source.kind = state.kind, "{told}");
        }
        reading.error = Some(told);
        counter!("rasid_source_errors_total", "source" => name, "kind" => kind(error)).increment(1);
        (self.watch)(Step::Failed(error));
    }

    /// Reading an article went wrong in a way that nobody thought of.
    fn broke(&mut self, source: &SourceName, id: &ArticleId) {
        let name = shown(&source.0);
        tracing::error!(source.name = name, article.id = id.0, "reading an article broke off");
        self.count_failed(source, None);
    }

    /// The source was read to its end, and all that came of it is kept.
    fn ended(&mut self, source: &SourceName, end: &End) {
        let reading = self.sources.entry(source.clone()).or_default();
        let done = std::mem::take(&mut reading.tally);
        let Tally { articles, updated, known, events, failed } = done;
        let in_vain = reading.error.take().is_some() && articles + updated + known == 0;
        let mut was = Status::New;
        let now = now();
        let state = self.shared.board.update(source, |state| {
            // Its status before this read is what the last error and success tell.
            was = status_before(state);
            state.last_read = Some(now);
            state.last_success = if in_vain { state.last_success } else { Some(now) };
            state.status = if in_vain { Status::Failing } else { Status::Idle };
            state.failures = if in_vain { state.failures + 1 } else { 0 };
            state.next_read = end.again.and_then(|pause| after(now, pause));
        });
        let name = shown(&source.0);
        if was == Status::Failing && !in_vain {
            reading.told.clear();
            tracing::info!(source.name = name, source.kind = state.kind, "source is read again");
        }
        if articles + updated > 0 || end.again.is_none() {
            tracing::info!(
                source.name = name,
                articles,
                updated,
                known,
                events,
                failed,
                "source read"
            );
        }
        let news = done != Tally::default() || was != state.status;
        if news || reading.told_at.is_none_or(|at| at.elapsed() > RARELY) {
            reading.told_at = Some(Instant::now());
            self.note(source, &state);
        }
        self.shared.board.was_read(source);
    }

    /// Keeps the state for whoever asks after the next start. It is no loss if that fails.
    fn note(&self, source: &SourceName, state: &State) {
        let told = serde_json::to_string(state).map_err(|error| error.to_string());
        let kept = told.and_then(|told| {
            self.shared.store.set_state(source, &told).map_err(|error| chain(&error))
        });
        if let Err(error) = kept {
            tracing::debug!(source.name = shown(&source.0), "its state is not kept: {error}");
        }
    }
}

/// Whether the read before the present one was in vain.
fn status_before(state: &State) -> Status {
    match (state.last_read, state.last_success) {
        (None, _) => Status::New,
        (read, success) if read == success => Status::Idle,
        _ => Status::Failing,
    }
}

impl Group {
    fn add(&mut self, Done { ticket, made, .. }: Done) {
        let (what, reply) = match made {
            Made::Read(read, reply) => {
                self.batch.push(*read);
                (What::New(self.batch.len() - 1), reply)
            }
            Made::Known(article, reply) => (What::Known(article), reply),
            Made::Broken(id, reply) => {
                if let Some(reply) = reply {
                    reply(Err("reading it broke off".to_owned()));
                }
                (What::Broken(id), None)
            }
            Made::Failed(error) => (What::Failed(error), None),
            Made::End(end) => (What::End(end), None),
        };
        self.entries.push(Entry { ticket, what, reply });
    }

    /// How far the source has been read, if it came to its end.
    fn reached(&self) -> Option<&Position> {
        self.entries.iter().rev().find_map(|entry| match &entry.what {
            What::End(End { position, .. }) => position.as_ref(),
            _ => None,
        })
    }

    /// Whoever handed in an article hears that it is not kept, and may hand it in again. It is tried
    /// with the others all the same: by what else would be known when the store takes it?
    fn refuse_pushed(&mut self, told: &str) {
        for reply in self.entries.iter_mut().filter_map(|entry| entry.reply.take()) {
            reply(Err(told.to_owned()));
        }
    }
}

/// The name of what went wrong, one of few: that of the variant, or of the one within it.
fn kind(error: &acquire::Error) -> String {
    let told = match error {
        acquire::Error::Web(error) => format!("{error:?}"),
        other => format!("{other:?}"),
    };
    told.chars().take_while(char::is_ascii_alphanumeric).collect()
}

/// In whole seconds, as all times that are shown.
fn after(now: Timestamp, pause: Duration) -> Option<Timestamp> {
    now.checked_add(SignedDuration::from_secs(pause.as_secs().try_into().ok()?)).ok()
}

/// The time of day, to be shown; nothing is decided by it.
#[expect(clippy::disallowed_methods, reason = "it tells people when something happened")]
pub(super) fn now() -> Timestamp {
    let now = Timestamp::now();
    // A fraction of a second tells people nothing.
    Timestamp::from_second(now.as_second()).unwrap_or(now)
}

#[expect(clippy::cast_precision_loss, reason = "nobody counts so many articles")]
const fn as_f64(n: usize) -> f64 {
    n as f64
}
