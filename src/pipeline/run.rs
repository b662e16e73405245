//! Sources read side by side, their articles on all cores, what is ready kept together.
//!
//! Each source has a thread, since reading blocks; what it reads waits in a lane of its own that
//! holds a bounded number. Workers take from the lanes in turn. One thread keeps: all that is
//! ready goes into one transaction, so that a single article waits for nobody and many cost
//! little more than one. The articles of a source are kept in their order.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use metrics::{counter, histogram};

use super::commit::Committer;
use super::keep::is_known;
use super::queue::{Lane, NotTaken, Queue, Ticket, weight};
use super::stop::Stop;
use super::{Knowledge, Step, turn};
use crate::acquire::{self, Source};
use crate::model::article::{Article, ArticleId};
use crate::model::event::{Event, EventId};
use crate::model::source::{Position, SourceName, Status, shown};
use crate::store::board::Board;
use crate::store::lease::{Leases, Turn};
use crate::store::{self, Inserted, Store};

/// A source with what it is called.
#[derive(Debug)]
pub struct Feed {
    /// Its name, under which its position is kept.
    pub name: SourceName,
    /// What it is: `file`, `folder`, `feed` …
    pub kind: String,
    /// Where it is; what is secret in it is never shown.
    pub address: String,
    /// The source.
    pub source: Box<dyn Source>,
}

/// How sources are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// Each once; a store that fails ends the work.
    Once,
    /// Each again whenever it wants to; a store that fails is tried again.
    Steadily,
}

/// Takes what became of an article that was handed in; nothing is said before it is kept.
pub type Reply = Box<dyn FnOnce(Outcome) + Send>;

/// What became of an article that was handed in: whether it was new, with its events, unless these could not be
/// looked up any more; or why it is not kept, and can be handed in again.
pub type Outcome = Result<(Inserted, Option<Vec<EventId>>), String>;

/// What became of all articles.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Articles that were not known before.
    pub articles: usize,
    /// Articles that took the place of an earlier form of theirs.
    pub updated: usize,
    /// Articles that were there already.
    pub known: usize,
    /// Events that were not known before.
    pub events: usize,
    /// Articles that could not be read.
    pub failed: usize,
}

/// The threads at work.
#[derive(Debug)]
pub struct Pipeline {
    shared: Arc<Shared>,
    reading: Vec<JoinHandle<()>>,
    committing: JoinHandle<Result<Tally, store::Error>>,
}

/// Lets others hand in articles and end the work. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Handle(Arc<Shared>);

#[derive(Debug)]
pub(super) struct Shared {
    pub(super) knowledge: Arc<Knowledge>,
    pub(super) store: Store,
    pub(super) board: Board,
    pub(super) queue: Queue<Task>,
    pub(super) stop: Stop,
    pub(super) manner: Manner,
    /// Whose turn it is to read a source. Those that are read once are read by all.
    pub(super) leases: Leases,
    /// The lane of what is handed in.
    pushed: Lane,
    /// Reasons for refusing that are counted apart.
    reasons: Mutex<BTreeSet<String>>,
}

/// Reasons that are counted apart: more than there are, so that a strange text cannot make more.
const REASONS: usize = 64;

/// The name under which what is handed in is counted.
pub const PUSHED: &str = "POST /articles";

/// Something on its way, and where it comes from.
pub(super) struct Task {
    pub(super) source: SourceName,
    pub(super) what: What,
}

pub(super) enum What {
    Article(Box<Article>, Option<Reply>),
    Failed(acquire::Error),
    End(End),
}

/// A source was read to its end.
#[derive(Debug)]
pub(super) struct End {
    pub(super) position: Option<Position>,
    pub(super) again: Option<Duration>,
}

/// What a worker made of a task.
pub(super) struct Done {
    pub(super) ticket: Ticket,
    pub(super) source: SourceName,
    pub(super) made: Made,
}

pub(super) enum Made {
    Read(Box<(Article, Vec<Event>)>, Option<Reply>),
    Known(Box<Article>, Option<Reply>),
    Broken(ArticleId, Option<Reply>),
    Failed(acquire::Error),
    End(End),
}

impl Pipeline {
    /// Starts the threads that extract and keep. `watch` is told of each article in the order of
    /// its source, once it is kept.
    pub fn start(
        (knowledge, store, board): (Arc<Knowledge>, Store, Board),
        manner: Manner,
        watch: impl FnMut(Step<'_>) + Send + 'static,
    ) -> Self {
        let queue = Queue::new();
        let pushed = queue.lane();
        let stop = Stop::default();
        let reasons = Mutex::default();
        let leases = match manner {
            Manner::Once => Leases::default(),
            Manner::Steadily => store.leases(),
        };
        leases.own(&SourceName(PUSHED.to_owned()));
        let shared =
            Shared { knowledge, store, board, queue, stop, manner, leases, pushed, reasons };
        let shared = Arc::new(shared);
        if shared.leases.are_shared() {
            let shared = Arc::clone(&shared);
            thread::spawn(move || turn::renew(&shared));
        }
        let (sender, receiver) = mpsc::channel();
        let workers = thread::available_parallelism().map_or(1, NonZeroUsize::get);
        for _ in 0..workers {
            let (shared, sender) = (Arc::clone(&shared), sender.clone());
            thread::spawn(move || work(&shared, &sender));
        }
        let committing = commit_beside(Arc::clone(&shared), receiver, watch);
        Self { shared, reading: Vec::new(), committing }
    }

    /// Reads a source on a thread of its own.
    pub fn read(&mut self, feed: Feed) {
        self.shared.board.update(&feed.name, |state| {
            state.kind.clone_from(&feed.kind);
            state.address = shown(&feed.address);
            state.status = Status::New;
            state.next_read = None;
        });
        self.shared.board.await_first_read(&feed.name);
        // Files and folders are those of this machine, whatever another has by that name.
        if feed.address.contains("://") {
            self.shared.leases.want(&feed.name);
        } else {
            self.shared.leases.own(&feed.name);
        }
        let (shared, lane) = (Arc::clone(&self.shared), self.shared.queue.lane());
        self.reading.push(thread::spawn(move || {
            let name = feed.name.clone();
            let reading = || turn::follow(&shared, lane, feed);
            // One broken source shall not be taken for one that is being read.
            if catch_unwind(AssertUnwindSafe(reading)).is_err() {
                tracing::error!(source.name = shown(&name.0), "reading a source broke off");
                shared.board.update(&name, |state| state.status = Status::Failing);
                shared.board.was_read(&name);
            }
        }));
    }

    /// What others hand in articles with.
    pub fn handle(&self) -> Handle {
        Handle(Arc::clone(&self.shared))
    }

    /// Waits until every source has come to its end and all of it is kept.
    ///
    /// # Errors
    /// If the store fails; what was kept until then stays.
    pub fn finish(self) -> Result<Tally, store::Error> {
        for reading in self.reading {
            // It ends without a panic: those are caught.
            reading.join().ok();
        }
        self.shared.queue.close();
        ended(self.committing)
    }

    /// Waits until the work is ended by a [`Handle`], or by a store that fails for good.
    ///
    /// # Errors
    /// If the store fails; what was kept until then stays.
    pub fn ended(self) -> Result<Tally, store::Error> {
        ended(self.committing)
    }
}

impl Handle {
    /// Hands in articles, all or none, without waiting; each reply is made once its article is
    /// kept, or cannot be. What is not taken has found no room and can be handed in later.
    ///
    /// # Errors
    /// If there is no room, or the work is ending.
    pub fn push(&self, articles: Vec<(Article, Reply)>) -> Result<(), Full> {
        // Behind what waits for the store it would wait as long, and its sender with it.
        if let Some(why) = self.0.board.refused() {
            for (_, reply) in articles {
                reply(Err(why.clone()));
            }
            return Ok(());
        }
        let tasks = articles.into_iter().map(|(article, reply)| {
            let weight = weight(article.text.len());
            let what = What::Article(Box::new(article), Some(reply));
            (weight, Task { source: SourceName(PUSHED.to_owned()), what })
        });
        let Shared { queue, pushed, .. } = &*self.0;
        queue.try_push(*pushed, tasks.collect()).map_err(|NotTaken| Full)
    }

    /// Reads nothing more; what was begun is extracted and kept.
    pub fn stop(&self) {
        self.0.stop.set();
        self.0.queue.close();
    }

    /// Whether this program reads a source now, and knows best how it does.
    pub fn reads(&self, source: &SourceName) -> bool {
        self.0.leases.turn(source) == Turn::Ours
    }

    /// How many articles are on their way.
    pub fn under_way(&self) -> usize {
        self.0.queue.under_way()
    }
}

/// There is no room for more articles now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Full;

fn commit_beside(
    shared: Arc<Shared>,
    receiver: Receiver<Done>,
    watch: impl FnMut(Step<'_>) + Send + 'static,
) -> JoinHandle<Result<Tally, store::Error>> {
    thread::spawn(move || {
        let kept = Committer::new(&shared, watch).run(&receiver);
        // Nobody shall wait for a thread that has ended.
        shared.stop.set();
        shared.queue.close();
        kept
    })
}

fn ended(committing: JoinHandle<Result<Tally, store::Error>>) -> Result<Tally, store::Error> {
    committing.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Reads articles until there will be no more.
fn work(shared: &Shared, sender: &Sender<Done>) {
    while let Some((ticket, Task { source, what })) = shared.queue.pop() {
        let made = match what {
            What::Article(article, reply) => read(shared, *article, reply),
            What::Failed(error) => Made::Failed(error),
            What::End(end) => Made::End(end),
        };
        if sender.send(Done { ticket, source, made }).is_err() {
            return;
        }
    }
}

fn read(shared: &Shared, article: Article, reply: Option<Reply>) -> Made {
    // Reading is the dear part; what is there already is not read again. Where the store cannot
    // tell, keeping the article will.
    if is_known(&shared.store, &[&article]).is_ok_and(|known| known == [true]) {
        return Made::Known(Box::new(article), reply);
    }
    let begun = Instant::now();
    // Reading never fails; if it does all the same, one article is lost and not a thread.
    let Ok((events, extraction)) =
        catch_unwind(AssertUnwindSafe(|| shared.knowledge.read(&article)))
    else {
        return Made::Broken(article.id, reply);
    };
    histogram!("rasid_extraction_seconds").record(begun.elapsed());
    for reason in extraction.refusals() {
        let reason = counted_as(shared, reason);
        counter!("rasid_refusals_total", "reason" => reason).increment(1);
    }
    Made::Read(Box::new((article, events)), reply)
}

/// The reason, or `other` if there are too many.
fn counted_as(shared: &Shared, reason: String) -> String {
    let mut reasons = shared.reasons.lock().unwrap_or_else(PoisonError::into_inner);
    if reasons.len() < REASONS {
        reasons.insert(reason.clone());
    }
    if reasons.contains(&reason) { reason } else { "other".to_owned() }
}
