use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use super::run::{Feed, Full, Manner, Outcome, PUSHED, Pipeline, Reply};
use super::*;
use crate::acquire::Options;
use crate::model::article::ArticleId;
use crate::model::source::{SourceName, Status};
use crate::store::board::Board;
use crate::store::{self, Store};

/// Far longer than any of this takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// A source that gives what is sent to it, and waits for it as if it came over a bad line.
#[derive(Debug)]
struct Wire {
    articles: mpsc::Receiver<Option<Result<Article, acquire::Error>>>,
    again: Option<Duration>,
}

impl Source for Wire {
    fn articles(&mut self) -> Box<dyn Iterator<Item = Result<Article, acquire::Error>> + '_> {
        Box::new(std::iter::from_fn(|| self.articles.recv().ok().flatten()))
    }

    fn again(&self) -> Option<Duration> {
        self.again
    }
}

type Sender = mpsc::Sender<Option<Result<Article, acquire::Error>>>;

fn wire(name: &str, again: Option<Duration>) -> (Sender, Feed) {
    let (sender, articles) = mpsc::channel();
    let source = Box::new(Wire { articles, again });
    let name = name.to_owned();
    let feed =
        Feed { address: name.clone(), name: SourceName(name), kind: "wire".to_owned(), source };
    (sender, feed)
}

fn article(id: &str) -> Article {
    let text = format!("Shelling hit the town of Sarmin in Idlib, killing {} people.", id.len());
    Article {
        id: ArticleId(id.to_owned()),
        ..acquire::article(&Options::default(), text, acquire::Meta::default())
    }
}

fn broken() -> acquire::Error {
    acquire::Error::Empty { path: "page".into() }
}

fn has(store: &Store, id: &ArticleId) -> bool {
    store.known(&[(id, None)]).unwrap()[0].is_some()
}

struct Bench {
    folder: tempfile::TempDir,
    store: Store,
    board: Board,
    pipeline: Pipeline,
    kept: mpsc::Receiver<String>,
}

impl Bench {
    fn new(manner: Manner) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store =
            Store::open(&store::Options { path: folder.path().join("rasid.gpkg") }).unwrap();
        let (gazetteer, _) =
            Gazetteer::from_geojson(include_str!("../../gazetteer.geojson")).unwrap();
        let knowledge = Arc::new(Knowledge::new(Lexicon::embedded(), gazetteer));
        let board = Board::default();
        let (tell, kept) = mpsc::channel();
        let pipeline =
            Pipeline::start((knowledge, store.clone(), board.clone()), manner, move |step| {
                tell.send(match step {
                    Step::Kept(article, _) => article.id.0.clone(),
                    Step::Failed(error) => error.to_string(),
                })
                .ok();
            });
        Self { folder, store, board, pipeline, kept }
    }

    fn next(&self) -> String {
        self.kept.recv_timeout(PATIENCE).expect("something is kept")
    }
}

#[test]
fn a_source_that_hangs_delays_no_other_and_not_the_end() {
    let mut bench = Bench::new(Manner::Steadily);
    let (hanging, feed) = wire("hanging", None);
    bench.pipeline.read(feed);
    let (live, feed) = wire("live", None);
    bench.pipeline.read(feed);
    live.send(Some(Ok(article("a")))).unwrap();
    assert_eq!(bench.next(), "a", "an article alone is kept at once");
    drop(live);
    while bench.board.reasons().len() > 1 {
        thread::yield_now();
    }
    assert_eq!(bench.board.reasons(), ["source `hanging` is being read for the first time"]);
    bench.pipeline.handle().stop();
    assert_eq!(bench.pipeline.ended().unwrap().articles, 1);
    assert!(has(&bench.store, &ArticleId("a".to_owned())));
    drop(hanging);
}

#[test]
fn the_articles_of_a_source_are_kept_in_their_order() {
    let mut bench = Bench::new(Manner::Once);
    let (sender, feed) = wire("wire", None);
    let ids: Vec<String> = (0..300).map(|number| format!("{number:03}")).collect();
    for id in &ids {
        // The first of each ten takes much longer than those behind it.
        let mut article = article(id);
        if id.ends_with('0') {
            article.text = article.text.repeat(40);
        }
        sender.send(Some(Ok(article))).unwrap();
    }
    sender.send(Some(Err(broken()))).unwrap();
    drop(sender);
    bench.pipeline.read(feed);
    let done = bench.pipeline.finish().unwrap();
    assert_eq!((done.articles, done.failed), (300, 1));
    let kept: Vec<String> = bench.kept.try_iter().collect();
    assert_eq!(kept[..300], ids);
    assert_eq!(kept[300], broken().to_string());
}

#[test]
fn an_article_that_the_store_does_not_take_holds_up_no_other() {
    let mut bench = Bench::new(Manner::Steadily);
    let file = store::samples::sql(&bench.folder.path().join("rasid.gpkg"));
    let rule = "CREATE TRIGGER no BEFORE INSERT ON articles WHEN NEW.article_id = 'no'
        BEGIN SELECT RAISE(ABORT, 'a rule of the file'); END";
    file.execute_batch(rule).unwrap();
    let (sender, feed) = wire("wire", None);
    let name = feed.name.clone();
    for id in ["a", "no", "b"] {
        sender.send(Some(Ok(article(id)))).unwrap();
    }
    bench.pipeline.read(feed);
    assert_eq!((bench.next(), bench.next()), ("a".to_owned(), "b".to_owned()));
    let (tell, told) = mpsc::channel();
    let reply = move |outcome: Outcome| tell.send(outcome).unwrap();
    let handle = bench.pipeline.handle();
    handle.push(vec![(article("no"), Box::new(reply) as Reply)]).unwrap();
    let why = told.recv_timeout(PATIENCE).unwrap().unwrap_err();
    assert!(why.contains("does not take what is in it: a rule of the file"), "{why}");
    handle.stop();
    drop(sender);
    let done = bench.pipeline.ended().unwrap();
    assert_eq!((done.articles, done.failed), (2, 2));
    let state = bench.board.update(&name, |_| {});
    assert_eq!((state.articles, state.failed), (2, 1));
    assert!(state.last_error.unwrap().told.starts_with("store `rasid.gpkg` does not take"));
    assert!(!has(&bench.store, &ArticleId("no".to_owned())));
}

#[test]
fn a_source_is_read_again_and_its_state_tells_how_it_fares() {
    let mut bench = Bench::new(Manner::Steadily);
    let (sender, feed) = wire("wire", Some(Duration::from_millis(1)));
    let name = feed.name.clone();
    for item in [Err(broken()), Ok(article("a")), Ok(article("a"))] {
        sender.send(Some(item)).unwrap();
        sender.send(None).unwrap();
    }
    bench.pipeline.read(feed);
    assert_eq!(bench.next(), broken().to_string());
    assert_eq!((bench.next(), bench.next()), ("a".to_owned(), "a".to_owned()));
    bench.pipeline.handle().stop();
    drop(sender);
    bench.pipeline.ended().unwrap();
    let state = bench.board.update(&name, |_| {});
    assert_eq!((state.articles, state.known, state.failed, state.events), (1, 1, 1, 1));
    assert_eq!(state.last_error.unwrap().told, "`page` is empty: an article needs a text");
    assert_ne!(state.status, Status::Failing);
    assert!(state.last_success.is_some());
    assert_eq!(state.last_article.unwrap().id, "a");
}

#[test]
fn what_is_handed_in_is_answered_once_it_is_kept() {
    let bench = Bench::new(Manner::Steadily);
    let handle = bench.pipeline.handle();
    let push = |ids: &[&str]| {
        let (tell, told) = mpsc::channel();
        let articles = ids.iter().map(|id| {
            let (tell, store, id) =
                (tell.clone(), bench.store.clone(), ArticleId((*id).to_owned()));
            let reply = move |outcome: Outcome| {
                assert!(has(&store, &id), "nothing is said before it is kept");
                tell.send(outcome).unwrap();
            };
            (article(ids[0]), Box::new(reply) as Reply)
        });
        handle.push(articles.collect()).map(|()| told)
    };
    let told = push(&["a"]).unwrap();
    let Ok((Inserted::New { events: 1 }, Some(ids))) = told.recv_timeout(PATIENCE).unwrap() else {
        panic!("it is new and has one event");
    };
    assert_eq!(ids.len(), 1);
    assert!(bench.store.event(&ids[0]).is_some());
    let told = push(&["a"]).unwrap().recv_timeout(PATIENCE).unwrap();
    assert_eq!(told, Ok((Inserted::AlreadyThere, Some(ids))));
    assert_eq!(bench.board.update(&SourceName(PUSHED.to_owned()), |_| {}).known, 1);
    handle.stop();
    assert_eq!(push(&["b"]).unwrap_err(), Full);
    bench.pipeline.ended().unwrap();
}

#[test]
fn a_wait_for_the_next_read_ends_with_the_program() {
    let mut bench = Bench::new(Manner::Steadily);
    let (sender, feed) = wire("wire", Some(Duration::from_secs(3600)));
    sender.send(Some(Ok(article("a")))).unwrap();
    sender.send(None).unwrap();
    bench.pipeline.read(feed);
    bench.next();
    let asked = Instant::now();
    bench.pipeline.handle().stop();
    // It waits for the threads of the sources as well.
    bench.pipeline.finish().unwrap();
    assert!(asked.elapsed() < PATIENCE);
}
