//! Several servers of one database that read the same feed: one of them does, another goes on when it dies, and all
//! answer the same whatever is lost meanwhile.

use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::slice;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use rasid::store::Store;
use rasid::store::postgis::{self, Address};
use serde_json::json;
use tempfile::tempdir;

use super::cluster::{Cluster, PASSWORD};
use super::contract::{article, event};
use super::replica::{BASE, all_have_the_last, assert_alike, is_connected, ready};
use super::write::of_the_docs;
use crate::app::{Rasid, TOKEN, until};

/// A place, the weekday of an article on it, and its day of May 2024; the oldest last, as in a feed.
const TOLD: [(&str, &str, u8); 6] = [
    ("أريحا", "Mon", 6),
    ("الباب", "Sun", 5),
    ("خان شيخون", "Sat", 4),
    ("سراقب", "Fri", 3),
    ("معرة النعمان", "Thu", 2),
    ("سرمين", "Wed", 1),
];

/// Pages of later days are not given before the site is opened.
const GIVEN: u8 = 3;

fn text_on(place: &str) -> String {
    format!("قصفت قوات النظام بالمدفعية اليوم بلدة {place}، ما أدى إلى مقتل ثلاثة مدنيين.")
}

/// A site whose feed names a page for each article, and that holds some back until it is opened.
#[derive(Debug, Default)]
struct Site {
    is_open: AtomicBool,
    /// How often its feed was asked for.
    asked: AtomicUsize,
}

impl Site {
    fn start() -> (Arc<Self>, String) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/feed", listener.local_addr().unwrap());
        let site = Arc::new(Self::default());
        let shared = Arc::clone(&site);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let site = Arc::clone(&shared);
                thread::spawn(move || site.answer(stream.unwrap()));
            }
        });
        (site, address)
    }

    fn answer(&self, mut stream: TcpStream) {
        let mut line = String::new();
        let mut lines = BufReader::new(stream.try_clone().unwrap());
        lines.read_line(&mut line).unwrap();
        let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
        let (status, kind, body) = match path.strip_prefix("/on/").map(str::parse::<u8>) {
            Some(Ok(day)) => {
                while day > GIVEN && !self.is_open.load(Ordering::Relaxed) {
                    thread::sleep(Duration::from_millis(20));
                }
                ("200 OK", "text/html; charset=utf-8", page(day))
            }
            _ if path == "/feed" => {
                self.asked.fetch_add(1, Ordering::Relaxed);
                ("200 OK", "application/rss+xml", feed())
            }
            _ => ("404 Not Found", "text/plain", String::new()),
        };
        let length = body.len();
        let head = format!(
            "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
        );
        stream.write_all(&[head.as_bytes(), body.as_bytes()].concat()).ok();
    }

    fn open(&self) {
        self.is_open.store(true, Ordering::Relaxed);
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }
}

fn feed() -> String {
    let items = TOLD.map(|(place, weekday, day)| {
        format!(
            "<item><title>قصف على {place}</title><link>/on/{day}</link>\
             <pubDate>{weekday}, 0{day} May 2024 10:00:00 +0300</pubDate></item>"
        )
    });
    format!(
        "<rss version='2.0'><channel><title>منبر المثال</title>{}</channel></rss>",
        items.concat()
    )
}

fn page(day: u8) -> String {
    let (place, ..) = TOLD.iter().find(|told| told.2 == day).unwrap();
    let text = text_on(place);
    format!(
        "<html><head><title>قصف على {place}</title></head><body><article><p>{text}</p></article></body></html>"
    )
}

/// Hands bytes between a port and the socket of a database server, unless it is closed.
#[derive(Debug, Default)]
struct Relay {
    is_closed: AtomicBool,
    open: Mutex<Vec<TcpStream>>,
}

impl Relay {
    fn start(socket: PathBuf) -> (Arc<Self>, SocketAddr) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let relay = Arc::new(Self::default());
        let shared = Arc::clone(&relay);
        thread::spawn(move || {
            for stream in listener.incoming() {
                shared.carry(stream.unwrap(), &socket);
            }
        });
        (relay, address)
    }

    /// Who comes while it is closed is dropped.
    fn carry(&self, stream: TcpStream, socket: &Path) {
        let mut open = self.open.lock().unwrap();
        if self.is_closed.load(Ordering::Relaxed) {
            return;
        }
        let Ok(server) = UnixStream::connect(socket) else { return };
        open.push(stream.try_clone().unwrap());
        let (from, to) = (stream.try_clone().unwrap(), server.try_clone().unwrap());
        thread::spawn(move || {
            pour(from, &to);
            to.shutdown(Shutdown::Both).ok();
        });
        thread::spawn(move || {
            pour(server, &stream);
            stream.shutdown(Shutdown::Both).ok();
        });
    }

    fn close(&self) {
        let mut open = self.open.lock().unwrap();
        self.is_closed.store(true, Ordering::Relaxed);
        for stream in open.drain(..) {
            stream.shutdown(Shutdown::Both).ok();
        }
    }

    fn open(&self) {
        self.is_closed.store(false, Ordering::Relaxed);
    }
}

fn pour(mut from: impl Read, mut to: impl Write) {
    std::io::copy(&mut from, &mut to).ok();
}

/// A database with an empty store and the roles of the docs; the address of one who may write into it.
fn prepared(cluster: &Cluster) -> String {
    cluster.ask("postgres", "CREATE DATABASE events");
    let [before, after] = of_the_docs();
    cluster.ask("events", &before);
    for role in ["rasid", "rasid_ingest", "rasid_replica"] {
        cluster.ask("postgres", &format!("ALTER ROLE {role} PASSWORD '{PASSWORD}'"));
    }
    postgis::make(&known(cluster, "rasid")).unwrap();
    cluster.ask("events", &after);
    cluster.address("rasid_ingest", "events")
}

/// The address of a role with its password.
fn known(cluster: &Cluster, role: &str) -> Address {
    let address = cluster.address(role, "events");
    address.replace(&format!("{role}@"), &format!("{role}:{PASSWORD}@")).parse().unwrap()
}

/// A change that a database has committed is kept, also if the connection that looks for changes is lost then.
fn what_is_committed_is_kept(cluster: &Cluster) {
    let store =
        Store::database(&known(cluster, "rasid_ingest"), Path::new("rasid.database")).unwrap();
    let article = article(1);
    let event = event(&article, 1);
    let kept = store.change(|draft| {
        draft.put_article(&article, None, slice::from_ref(&event), None)?;
        draft.put_event(&event)?;
        cluster.ask("postgres", "ALTER ROLE rasid_ingest CONNECTION LIMIT 0");
        let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                   WHERE usename = 'rasid_ingest' AND state <> 'idle in transaction'";
        cluster.ask("postgres", cut);
        Ok(())
    });
    kept.unwrap();
    assert_eq!(store.count(), 0, "nobody could look");
    store.refresh().unwrap_err();
    cluster.ask("postgres", "ALTER ROLE rasid_ingest CONNECTION LIMIT -1");
    assert_eq!((store.refresh().unwrap(), store.count()), (1, 1));
}

fn count(cluster: &Cluster, what: &str) -> usize {
    let sql = format!(
        "SELECT count({what}) FROM rasid.articles LEFT JOIN rasid.reports USING (article_id)"
    );
    usize::try_from(cluster.value::<i64>("events", &sql)).unwrap()
}

/// All articles are kept, each once, with one report each that is an event of its own.
fn assert_kept(cluster: &Cluster, articles: usize) {
    let events: i64 = cluster.value("events", "SELECT count(*) FROM rasid.events");
    let told = ["*", "DISTINCT article_id", "event_id", "DISTINCT event_id"];
    assert_eq!(told.map(|what| count(cluster, what)), [articles; 4]);
    assert_eq!(usize::try_from(events).unwrap(), articles);
}

/// Hands an article in; the status of the answer.
fn hand_in(server: &Rasid, place: &str) -> u16 {
    let body = json!({ "id": place, "published": "2023-05-05", "text": text_on(place) });
    server.post("/articles", TOKEN, &body.to_string()).0
}

/// A server with a role that reads the feed into the database.
fn serving(cluster: &Cluster, writer: &str, feed: &str, role: &str) -> Rasid {
    let mut command = cluster.replica(writer);
    command.args([feed, "--allow-private-addresses", "--role", role]).args(BASE);
    Rasid::begin(tempdir().unwrap(), command.env("RASID_TOKEN", TOKEN))
}

/// Waits until so many articles are kept.
fn until_kept(cluster: &Cluster, articles: usize) {
    until("articles to be kept", || {
        (count(cluster, "DISTINCT article_id") >= articles).then_some(())
    });
}

/// Waits until a server answers readers.
fn answering(server: Rasid) -> Rasid {
    until("a server", || (server.get("/health/ready").status == 200).then_some(()));
    server
}

/// One that only takes in is killed in the middle of the feed; another, which is given, reads on.
fn killed_in_the_middle(cluster: &Cluster, writer: &str, (site, feed): (&Site, &str)) -> Rasid {
    let first = serving(cluster, writer, feed, "ingest");
    until_kept(cluster, usize::from(GIVEN) + 1);
    let not_ready = first.get("/health/ready");
    assert!(not_ready.status == 503 && not_ready.body.contains("first time"), "{not_ready:?}");
    let paths = ["/health/live", "/metrics", "/collections", "/"];
    assert_eq!(paths.map(|path| first.get(path).status), [200, 200, 404, 404]);
    assert!(!first.get("/metrics").body.contains("rasid_store_events"));
    let second = answering(serving(cluster, writer, feed, "all"));
    assert_eq!(site.asked(), 1, "one server reads a feed");
    drop(first);
    site.open();
    until_kept(cluster, TOLD.len() + 1);
    assert_kept(cluster, TOLD.len() + 1);
    second
}

/// Without the database readers are answered from memory, and who hands in hears that it is not kept.
fn without_the_database(cluster: &mut Cluster, all: [&Rasid; 3]) {
    cluster.stop();
    for server in all {
        until("the loss to be seen", || (!is_connected(server)).then_some(()));
    }
    for server in &all[..2] {
        until("it to be said", || server.log().contains(LEFT).then_some(()));
    }
    assert_alike(&all, &[]);
    assert_eq!(hand_in(all[0], "تفتناز"), 503);
    assert!(ready(all[0])["database"]["articles_not_kept"].is_string());
    cluster.start_again();
    until_kept(cluster, TOLD.len() + 2);
    until("it to be said", || {
        ready(all[0])["database"]["articles_not_kept"].is_null().then_some(())
    });
    all_have_the_last(cluster, &all);
    assert_alike(&all, &[]);
}

/// The last one is cut off, while the others go on.
fn cut_off(cluster: &Cluster, relay: &Relay, all: [&Rasid; 3]) {
    let [second, third, reader] = all;
    relay.close();
    until("the loss to be seen", || (!is_connected(reader)).then_some(()));
    assert_eq!(hand_in(third, "بنش"), 200);
    all_have_the_last(cluster, &[second, third]);
    assert_alike(&[second, third], &[]);
    assert!(ready(reader)["sequence"].as_u64() < ready(second)["sequence"].as_u64());
    relay.open();
    all_have_the_last(cluster, &all);
    assert_alike(&all, &[]);
    assert!(!reader.log().contains("read anew"), "{}", reader.log());
}

/// What is told of feeds that are not read for want of a database.
const LEFT: &str = "sources are left to others";

#[test]
fn three_servers_lose_and_double_nothing_whatever_dies() {
    let mut cluster = Cluster::start();
    let writer = prepared(&cluster);
    what_is_committed_is_kept(&cluster);
    let (site, feed) = Site::start();
    let second = killed_in_the_middle(&cluster, &writer, (&site, &feed));
    let third = answering(serving(&cluster, &writer, &feed, "all"));
    let lost = "the events are served as they were last seen";
    let [second, third] =
        [second, third].map(|server| server.expect_warning(lost).expect_warning(LEFT));
    let second = second.expect_warning("cannot keep articles");
    let socket = cluster.folder().join(format!(".s.PGSQL.{}", cluster.port()));
    let (relay, port) = Relay::start(socket);
    let behind = format!("postgres://rasid_replica@{port}/events?sslmode=disable");
    let mut command = cluster.replica(&behind);
    let reader = Rasid::start(tempdir().unwrap(), command.args(["--role", "read"]).args(BASE));
    let reader = reader.expect_warning(lost);
    let all = [&second, &third, &reader];
    all_have_the_last(&cluster, &all);
    assert_alike(&all, &[]);
    without_the_database(&mut cluster, all);
    cut_off(&cluster, &relay, all);
    assert_kept(&cluster, TOLD.len() + 3);
    assert_eq!(site.asked(), 2, "who reads on waits for the next time");
}
