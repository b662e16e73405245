//! Outlets that break or attack while the built program reads them, all at the same time, beside one that does
//! neither. All texts are invented.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::Value;
use tempfile::tempdir;

use crate::app::{Rasid, file, offer_tls, quick, store_in, until};

/// What an outlet does wrong: what it is called, what it answers, and what is said of it.
type Fault = (&'static str, fn(&mut TcpStream), &'static str);

const TOO_MUCH: &str = "has more than 16777216 bytes, the most that is taken";
const NO_FEED: &str = "sends is no feed, sitemap or page";
const OK: &[u8] = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n";

const FAULTS: [Fault; 13] = [
    ("endless", endless, TOO_MUCH),
    ("ten-gigabytes", ten_gigabytes, TOO_MUCH),
    ("gzip-bomb", gzip_bomb, TOO_MUCH),
    ("entity-bomb", entity_bomb, NO_FEED),
    ("redirects", redirects, "redirects more than 5 times"),
    ("headers", headers, "sends more headers than are taken"),
    ("no-letters", no_letters, NO_FEED),
    ("cut-off", cut_off, "broke off after"),
    ("not-now", not_now, "answers 503 Service Unavailable"),
    ("inwards", inwards, "redirects to `file:///etc/passwd`, which is not followed"),
    ("no-certificate", |_| {}, "the certificate of its server cannot be trusted"),
    ("silent", silent, "sent nothing for 20 s"),
    ("byte-by-byte", byte_by_byte, "was not read to its end within 60 s"),
];

/// How many articles the outlet has that does nothing wrong.
const ARTICLES: usize = 40;

fn endless(stream: &mut TcpStream) {
    stream.write_all(OK).unwrap();
    while stream.write_all(&[b' '; 8_192]).is_ok() {}
}

fn ten_gigabytes(stream: &mut TcpStream) {
    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n<rss>").unwrap();
    silent(stream);
}

fn gzip_bomb(stream: &mut TcpStream) {
    stream
        .write_all(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n")
        .unwrap();
    let mut packed = GzEncoder::new(stream, Compression::fast());
    while packed.write_all(&[b' '; 8_192]).is_ok() {}
}

fn entity_bomb(stream: &mut TcpStream) {
    let entity = |n: usize| format!("<!ENTITY e{n} '{}'>", format!("&e{};", n - 1).repeat(10));
    let bomb: String = (1..10).map(entity).collect();
    let feed = format!("<!DOCTYPE rss [<!ENTITY e0 'boom'>{bomb}]><nothing>&e9;</nothing>");
    stream.write_all(&[OK, feed.as_bytes()].concat()).unwrap();
}

fn redirects(stream: &mut TcpStream) {
    stream.write_all(b"HTTP/1.1 302 Found\r\nLocation: /feed\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").unwrap();
}

fn headers(stream: &mut TcpStream) {
    stream.write_all(b"HTTP/1.1 200 OK\r\n").unwrap();
    // A megabyte.
    (0..1024).try_for_each(|n| writeln!(stream, "X-{n}: {}\r", "a".repeat(1015))).ok();
}

fn no_letters(stream: &mut TcpStream) {
    stream.write_all(&[OK, &[0xff, 0xfe, 0, 1, 2, 0x80]].concat()).unwrap();
}

fn cut_off(stream: &mut TcpStream) {
    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n<rss><channel>").unwrap();
}

fn not_now(stream: &mut TcpStream) {
    stream
        .write_all(b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        .unwrap();
}

fn inwards(stream: &mut TcpStream) {
    let head = "HTTP/1.1 301 Moved\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();
}

/// Says nothing until the client has gone.
fn silent(stream: &mut TcpStream) {
    stream.read_exact(&mut [0]).ok();
}

fn byte_by_byte(stream: &mut TcpStream) {
    stream.write_all(OK).unwrap();
    // Waiting for a client that says nothing is what makes a second.
    stream.set_read_timeout(Some(Duration::from_secs(1))).unwrap();
    while stream.write_all(b" ").is_ok() {
        stream.read_exact(&mut [0]).ok();
    }
}

/// A feed whose articles are whole, some of their letters broken.
fn good(stream: &mut TcpStream) {
    let aside = "وقال سكان إن القصف استمر ساعات طويلة، وإن فرق الإسعاف وصلت إلى المكان. ".repeat(12);
    let item = |n: usize| {
        // Each tells another happening.
        let (month, day) = (1 + n / 20, 1 + n % 20);
        let text = format!("قُتل مدني جراء قصف مدفعي على مدينة سرمين في ريف إدلب، أمس. {n} {aside}");
        format!(
            "<item><guid>{n}</guid><title>قصف {n}</title><pubDate>2024-{month:02}-{day:02}T10:00:00Z</pubDate>\
             <description>{text}</description></item>"
        )
    };
    let items: String = (0..ARTICLES).map(item).collect();
    let mut feed =
        format!("<rss version='2.0'><channel><title>منبر</title>{items}</channel></rss>")
            .into_bytes();
    // In the middle of a letter of the last word.
    let broken = feed.len() - "المكان. </description></item></channel></rss>".len();
    feed.splice(broken..=broken, [0xff]);
    stream.write_all(&[OK, &feed].concat()).unwrap();
}

/// A site without a robots.txt that gives one answer to all else; its address.
fn site(answer: fn(&mut TcpStream)) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/feed", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            thread::spawn(move || {
                let mut stream = stream.unwrap();
                let mut asked =
                    BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
                let Some(first) = asked.next() else { return };
                asked.take_while(|line| !line.is_empty()).for_each(drop);
                if first.contains("/robots.txt") {
                    let nothing =
                        b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
                    stream.write_all(nothing).unwrap();
                } else {
                    answer(&mut stream);
                }
            });
        }
    });
    address
}

/// A site whose certificate nobody knows; its address.
fn site_without_certificate() -> String {
    offer_tls();
    let made = rcgen::generate_simple_self_signed(["outlet.example".to_owned()]).unwrap();
    let key = PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into());
    let config = ServerConfig::builder().with_no_client_auth();
    let config = Arc::new(config.with_single_cert(vec![made.cert.der().clone()], key).unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("https://{}/feed", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let tls = ServerConnection::new(Arc::clone(&config)).unwrap();
            StreamOwned::new(tls, stream.unwrap()).read_exact(&mut [0]).ok();
        }
    });
    address
}

/// The state of a source.
fn state(server: &Rasid, name: &str) -> Value {
    let sources = server.get("/sources").json();
    let of = |one: &&Value| one["name"] == name;
    sources["sources"].as_array().unwrap().iter().find(of).unwrap().clone()
}

#[test]
fn outlets_that_attack_cost_themselves_a_line_and_the_others_nothing() {
    let folder = tempdir().unwrap();
    let feed = |name: &str, address: &str, interval: &str| {
        format!("[[feed]]\nname = '{name}'\naddress = '{address}'\ninterval = '{interval}'\n")
    };
    let mut list = feed("good", &site(good), "10s");
    for (name, answer, _) in FAULTS {
        let address =
            if name == "no-certificate" { site_without_certificate() } else { site(answer) };
        list.push_str(&feed(name, &address, "6h"));
    }
    let list = file(&folder, "feeds.toml", list);
    let mut command = quick();
    command.args(["serve", "--listen", "127.0.0.1:0", "--allow-private-addresses", "--feeds"]);
    command.arg(&list).arg("--store").arg(store_in(folder.path()));
    let mut server = Rasid::begin(folder, &mut command);
    for (_, _, told) in FAULTS {
        server = server.expect_warning(told);
    }

    // The good one is read while others still hang.
    until("the articles of the good one", || {
        (state(&server, "good")["articles"] == ARTICLES).then_some(())
    });
    assert!(!server.log().contains("within 60 s"), "{}", server.log());
    let events = server.ids("");
    assert_eq!(events.len(), ARTICLES);

    until("the last fault to be told", || server.log().contains("within 60 s").then_some(()));
    for (name, _, told) in FAULTS {
        let log = server.log();
        let of = format!("source.name=\"{name}\"");
        let lines: Vec<&str> = log.lines().filter(|line| line.contains(&of)).collect();
        assert!(matches!(lines.as_slice(), [line] if line.contains(told)), "{name}: {lines:#?}");
        assert!(
            state(&server, name)["last_error"]["told"].as_str().unwrap().contains(told),
            "{name}"
        );
    }
    // Whatever was asked again meanwhile, nothing is there twice.
    let good = state(&server, "good");
    assert_eq!((&good["articles"], &good["failed"]), (&ARTICLES.into(), &0.into()), "{good}");
    assert_eq!(server.ids(""), events);
    server.stop();
}
