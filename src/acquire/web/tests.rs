//! Servers of this machine that are broken or hostile, each in its own way.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;

use proptest::prelude::*;

use super::*;
use crate::model::cause::chain;

/// What a request asks for: its path and its header lines.
#[derive(Debug, Clone)]
pub(in crate::acquire) struct Asked {
    pub(in crate::acquire) path: String,
    pub(in crate::acquire) headers: Vec<String>,
}

impl Asked {
    /// The value of a header.
    pub(in crate::acquire) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// A server of this machine that answers as it is told, and remembers what it was asked.
pub(in crate::acquire) struct Server {
    pub(in crate::acquire) address: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Server {
    /// Begins to serve. A site that says nothing else has no robots.txt.
    pub(in crate::acquire) fn start(
        answer: impl Fn(&Asked, &mut TcpStream) + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (log, answer) = (Arc::clone(&asked), Arc::new(answer));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (log, answer) = (Arc::clone(&log), Arc::clone(&answer));
                thread::spawn(move || {
                    let mut stream = stream.unwrap();
                    let Some(request) = read_request(&stream) else { return };
                    log.lock().unwrap().push(request.clone());
                    answer(&request, &mut stream);
                });
            }
        });
        Self { address, asked }
    }

    /// A server with a few fixed pages; everything else is 404.
    pub(in crate::acquire) fn of(pages: &[(&str, &str, Vec<u8>)]) -> Self {
        let pages: Vec<(String, String, Vec<u8>)> = pages
            .iter()
            .map(|(path, head, body)| ((*path).to_owned(), (*head).to_owned(), body.clone()))
            .collect();
        Self::start(move |asked, stream| {
            let page = pages.iter().find(|(path, ..)| *path == asked.path);
            match page {
                Some((_, head, body)) => send(stream, "200 OK", head, body),
                None => send(stream, "404 Not Found", "", b""),
            }
        })
    }

    pub(in crate::acquire) fn url(&self, path: &str) -> Url {
        Url::parse(&format!("{}{path}", self.address)).unwrap()
    }

    /// The paths that were asked for, without robots.txt.
    pub(in crate::acquire) fn paths(&self) -> Vec<String> {
        let asked = self.asked();
        asked.into_iter().map(|asked| asked.path).filter(|path| path != "/robots.txt").collect()
    }

    pub(in crate::acquire) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

fn read_request(stream: &TcpStream) -> Option<Asked> {
    let mut lines = BufReader::new(stream).lines();
    let path = lines.next()?.ok()?.split(' ').nth(1)?.to_owned();
    let headers = lines.map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
    Some(Asked { path, headers })
}

/// Sends an answer and closes. `head` is more header lines, each with its end.
pub(in crate::acquire) fn send(stream: &mut TcpStream, status: &str, head: &str, body: &[u8]) {
    let length = body.len();
    let head =
        format!("HTTP/1.1 {status}\r\n{head}Content-Length: {length}\r\nConnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body)).ok();
}

/// Nothing more comes until the client goes away.
fn hang(stream: &mut TcpStream) {
    stream.read_exact(&mut [0]).ok();
}

fn at_noon() -> Timestamp {
    "2024-05-03T12:00:00Z".parse().unwrap()
}

/// How tests read: this machine's servers at 127.0.0.1 pass for the internet.
pub(in crate::acquire) fn options() -> Options {
    let here = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let limits = Limits { max_bytes: 1_000_000, ..Limits::default() };
    Options { reach: Reach::And(vec![here]), limits, clock: at_noon, seed: 1, ..Options::default() }
}

fn get(url: &Url) -> Result<Option<Page>, Error> {
    Web::new(options()).get(url, &Validators::default())
}

/// The error of `/x` at a server, as it is logged.
#[track_caller]
fn refused(server: &Server) -> String {
    refused_with(server, options())
}

#[track_caller]
fn refused_with(server: &Server, options: Options) -> String {
    let error = Web::new(options).get(&server.url("/x"), &Validators::default()).unwrap_err();
    let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}"));
    format!("{error}{}", cause.unwrap_or_default()).replace(&server.address, "")
}

/// A server without a robots.txt that answers all else so.
fn only(answer: impl Fn(&mut TcpStream) + Send + Sync + 'static) -> Server {
    Server::start(move |asked, stream| match asked.path.as_str() {
        "/robots.txt" => send(stream, "404 Not Found", "", b""),
        _ => answer(stream),
    })
}

#[test]
fn a_page_comes_with_what_it_is_known_by_and_is_not_sent_twice() {
    let server = Server::start(|asked, stream| {
        let head = "ETag: \"7\"\r\nLast-Modified: Fri, 03 May 2024 10:00:00 GMT\r\nContent-Type: text/html; charset=cp1256\r\n";
        match (asked.path.as_str(), asked.header("if-none-match")) {
            ("/x", Some("\"7\"")) => send(stream, "304 Not Modified", "", b""),
            ("/x", _) => send(stream, "200 OK", head, b"page"),
            _ => send(stream, "404 Not Found", "", b""),
        }
    });
    let web = Web::new(Options { contact: Some("mailto:a@example.org".to_owned()), ..options() });
    let page = web.get(&server.url("/x"), &Validators::default()).unwrap().unwrap();
    assert_eq!(
        (page.bytes.as_slice(), page.charset.as_deref()),
        (b"page".as_slice(), Some("cp1256"))
    );
    assert_eq!(page.received, at_noon());
    assert_eq!(web.get(&server.url("/x"), &page.validators).unwrap(), None);
    let asked = server.asked();
    let agent = asked.last().and_then(|asked| asked.header("user-agent")).unwrap();
    assert!(agent.starts_with("rasid/") && agent.ends_with("(+mailto:a@example.org)"), "{agent}");
    let robots = asked.iter().filter(|asked| asked.path == "/robots.txt").count();
    assert_eq!(robots, 1, "its robots.txt holds for a day");
}

#[test]
fn a_page_that_never_ends_is_cut() {
    let server = only(|stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
        while stream.write_all(&[b'x'; 8_192]).is_ok() {}
    });
    assert_eq!(refused(&server), "`/x` has more than 1000000 bytes, the most that is taken");
}

#[test]
fn ten_gigabytes_are_not_even_begun() {
    let server = only(|stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n").unwrap();
        hang(stream);
    });
    assert_eq!(refused(&server), "`/x` has more than 1000000 bytes, the most that is taken");
}

#[test]
fn a_bomb_is_counted_unpacked() {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..64 {
        packed.write_all(&vec![0; 1 << 20]).unwrap();
    }
    let packed = packed.finish().unwrap();
    assert!(packed.len() < 100_000, "it is small");
    let server = only(move |stream| send(stream, "200 OK", "Content-Encoding: gzip\r\n", &packed));
    assert_eq!(refused(&server), "`/x` has more than 1000000 bytes, the most that is taken");
}

#[test]
fn redirects_end() {
    let server = only(|stream| send(stream, "302 Found", "Location: /x?more\r\n", b""));
    assert_eq!(refused(&server), "`/x` redirects more than 5 times");
    assert_eq!(server.paths().len(), 6);
}

#[test]
fn a_redirect_is_followed_and_told() {
    let server = Server::start(|asked, stream| match asked.path.as_str() {
        "/x" => send(stream, "301 Moved", "Location: y\r\n", b""),
        "/y" => send(stream, "200 OK", "", b"here"),
        _ => send(stream, "404 Not Found", "", b""),
    });
    let page = get(&server.url("/x")).unwrap().unwrap();
    assert_eq!(page.url, server.url("/y"));
}

#[test]
fn a_redirect_inwards_is_refused() {
    let inside = Server::of(&[("/secret", "", b"secret".to_vec())]);
    let secret = inside.address.replace("127.0.0.1", "127.0.0.2");
    for (to, told) in [
        (format!("{secret}/secret"), "is 127.0.0.2, which is not a public address"),
        ("http://169.254.169.254/latest/meta-data".to_owned(), "is 169.254.169.254, which"),
        ("http://[::ffff:10.0.0.1]/".to_owned(), "is ::ffff:10.0.0.1, which"),
        ("http://2130706434/".to_owned(), "is 127.0.0.2, which"),
        ("http://0x7f.0.0.2/".to_owned(), "is 127.0.0.2, which"),
        (
            "file:///etc/passwd".to_owned(),
            "redirects to `file:///etc/passwd`, which is not followed",
        ),
        (String::new(), "redirects to ``"),
    ] {
        let server = only(move |stream| {
            send(stream, "302 Found", &format!("Location: {to}\r\n"), b"");
        });
        let error = refused(&server);
        assert!(error.contains(told), "{error}");
    }
    assert!(inside.asked().is_empty());
}

#[test]
fn a_name_of_a_private_address_is_refused() {
    let inside = Server::of(&[("/x", "", b"secret".to_vec())]);
    let url = Url::parse(&inside.address.replace("127.0.0.1", "localhost")).unwrap();
    let web = Web::new(Options { reach: Reach::Public, ..options() });
    let error = web.get(&url.join("/x").unwrap(), &Validators::default()).unwrap_err().to_string();
    assert!(
        error.contains("`localhost` is ") && error.contains("--allow-private-addresses"),
        "{error}"
    );
    assert!(error.contains("/x` is not asked"), "{error}");
    assert!(inside.asked().is_empty());
    let web = Web::new(Options { reach: Reach::Anywhere, ..options() });
    assert!(web.get(&url.join("/x").unwrap(), &Validators::default()).unwrap().is_some());
}

/// Looks names up; every second time the answer is another one.
fn rebinding(_name: &str) -> Vec<IpAddr> {
    static TIMES: AtomicUsize = AtomicUsize::new(0);
    let last = if TIMES.fetch_add(1, Ordering::SeqCst).is_multiple_of(2) { 1 } else { 2 };
    vec![IpAddr::V4(Ipv4Addr::new(127, 0, 0, last))]
}

#[test]
fn a_name_that_changes_its_address_is_checked_each_time() {
    let server = Server::of(&[("/x", "", b"page".to_vec())]);
    let url = Url::parse(&server.address.replace("127.0.0.1", "outlet.example")).unwrap();
    let web = Web::new(Options { lookup: Some(rebinding), ..options() });
    // The first time for robots.txt, the second for the page.
    let error = web.get(&url.join("/x").unwrap(), &Validators::default()).unwrap_err().to_string();
    assert!(error.contains("`outlet.example` is 127.0.0.2, which is not"), "{error}");
    assert!(server.paths().is_empty());
}

#[test]
fn a_megabyte_of_headers_is_refused() {
    let server = only(|stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\n").unwrap();
        for n in 0..1024 {
            let line = format!("X-{n}: {}\r\n", "a".repeat(1024));
            if stream.write_all(line.as_bytes()).is_err() {
                return;
            }
        }
        stream.write_all(b"\r\npage").ok();
    });
    assert_eq!(refused(&server), "`/x` sends more headers than are taken");
}

#[test]
fn who_sends_nothing_more_is_given_up() {
    let server = only(|stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx").unwrap();
        hang(stream);
    });
    let mut hasty = options();
    hasty.limits.stall = Duration::from_millis(500);
    assert_eq!(refused_with(&server, hasty), "`/x` sent nothing for 0.5 s");
}

#[test]
fn who_sends_a_byte_at_a_time_is_given_up() {
    let server = only(|stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n").unwrap();
        // Reading from a client that sends nothing is the clock of this server.
        stream.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
        while stream.write_all(b"x").is_ok() {
            stream.read_exact(&mut [0]).ok();
        }
    });
    let mut hasty = options();
    hasty.limits.total = Duration::from_millis(1500);
    assert_eq!(refused_with(&server, hasty), "`/x` was not read to its end within 1.5 s");
}

#[test]
fn half_a_page_is_no_page() {
    let server = only(|stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf").unwrap();
    });
    assert!(refused(&server).starts_with("`/x` broke off after 4 bytes: "));
}

#[test]
fn a_certificate_that_is_wrong_is_told_as_such() {
    rustls::crypto::ring::default_provider().install_default().ok();
    let made = rcgen::generate_simple_self_signed(["outlet.example".to_owned()]).unwrap();
    let key = rustls::pki_types::PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into());
    let config = rustls::ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let config = Arc::new(config);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let tls = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
            rustls::StreamOwned::new(tls, stream.unwrap()).read_exact(&mut [0]).ok();
        }
    });
    let url = Url::parse(&format!("https://127.0.0.1:{port}/x")).unwrap();
    let error = get(&url).unwrap_err();
    let told = error.to_string();
    assert!(
        told.ends_with("/x` is not read: the certificate of its server cannot be trusted"),
        "{told}"
    );
    assert!(std::error::Error::source(&error).is_some());
}

#[test]
fn nobody_there_is_told() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let url = Url::parse(&format!("http://{}/x", listener.local_addr().unwrap())).unwrap();
    drop(listener);
    assert_eq!(get(&url).unwrap_err().to_string(), format!("cannot reach `{url}`"));
}

#[test]
fn robots_are_obeyed() {
    let robots = b"User-agent: *\nDisallow: /\n\nUser-agent: rasid\nDisallow: /x\nAllow: /x?open\n";
    let server = Server::of(&[
        ("/robots.txt", "", robots.to_vec()),
        ("/x?open", "", b"page".to_vec()),
        ("/y", "", b"page".to_vec()),
    ]);
    assert_eq!(
        refused(&server),
        "`/x` is not read: the robots.txt of its site closes it to programs"
    );
    for open in ["/x?open", "/y"] {
        assert!(get(&server.url(open)).unwrap().is_some(), "{open}");
    }
    let broken = Server::start(|_, stream| send(stream, "500 Oh", "", b""));
    assert!(
        refused(&broken)
            .starts_with("`/x` is not read now: the robots.txt of its site cannot be had")
    );
    assert!(broken.paths().is_empty());
}

#[test]
fn robots_that_cannot_be_had_are_not_asked_for_before_each_page() {
    let server = Server::start(|_, stream| send(stream, "500 Oh", "", b""));
    let web = Web::new(options());
    for path in ["/x", "/y", "/z"] {
        let error = web.get(&server.url(path), &Validators::default()).unwrap_err();
        assert!(matches!(error, Error::RobotsUnknown { .. }) && error.will_pass(), "{error}");
        assert!(error.to_string().contains(&format!("{path}` is not read now")), "{error}");
    }
    assert_eq!(server.asked().len(), 1);

    let now = Instant::now();
    let manners = Manners { unknown: now.checked_add(ROBOTS_UNKNOWN), ..Manners::default() };
    let known_after =
        |seconds| known_soon(&manners, &server.url("/x"), now + Duration::from_secs(seconds));
    assert!(known_after(59).is_err());
    assert!(known_after(60).is_ok(), "then it is asked for again");
}

#[test]
fn robots_of_a_host_that_wants_to_rest_neither_close_nor_open_it() {
    let server = Server::start(|_, stream| {
        send(stream, "429 Too Many", "Retry-After: 3600\r\n", b"");
    });
    let web = Web::new(options());
    let first = web.get(&server.url("/x"), &Validators::default()).unwrap_err();
    assert!(first.will_pass() && first.to_string().ends_with("/x` answers 429 Too Many Requests"));
    let second = web.get(&server.url("/y"), &Validators::default()).unwrap_err();
    assert!(matches!(second, Error::Resting { left, .. } if left.as_secs() > 3500), "{second}");
    assert_eq!(server.asked().len(), 1, "nothing but its robots.txt, and that once");
}

#[test]
fn a_host_that_wants_to_rest_is_not_asked_meanwhile() {
    let server = only(|stream| send(stream, "429 Too Many", "Retry-After: 3600\r\n", b""));
    let web = Web::new(options());
    let first = web.get(&server.url("/x"), &Validators::default()).unwrap_err();
    assert!(first.will_pass() && first.to_string().ends_with("/x` answers 429 Too Many Requests"));
    let second = web.get(&server.url("/y"), &Validators::default()).unwrap_err();
    assert!(matches!(second, Error::Resting { left, .. } if left.as_secs() > 3500), "{second}");
    assert_eq!(server.paths(), ["/x"]);
    assert!(web.rest(&server.url("/z")).is_some());
}

#[test]
fn a_host_is_asked_one_thing_at_a_time() {
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let seen = Arc::clone(&most);
    let server = only(move |stream| {
        most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        // Others would come in now.
        stream.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
        stream.read_exact(&mut [0]).ok();
        now.fetch_sub(1, Ordering::SeqCst);
        send(stream, "200 OK", "", b"page");
    });
    let web = Web::new(options());
    thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| web.get(&server.url("/x"), &Validators::default()).unwrap());
        }
    });
    assert_eq!(seen.load(Ordering::SeqCst), 1);
    assert_eq!(server.paths().len(), 6);
}

#[test]
fn a_long_document_waits_until_one_of_the_others_is_given_back() {
    let (left, was_left) = mpsc::channel::<()>();
    let left = Mutex::new(Some(left));
    let server = Server::start(move |asked, stream| match asked.path.as_str() {
        "/robots.txt" => send(stream, "404 Not Found", "", b""),
        "/short" => send(stream, "200 OK", "", b"short"),
        path => {
            send(stream, "200 OK", "", &vec![b'x'; slots::LONG + 1]);
            if path == "/one-more" {
                hang(stream);
                left.lock().unwrap().take();
            }
        }
    });
    let limits = Limits { max_bytes: 2_000_000, ..options().limits };
    let web = Web::new(Options { limits, ..options() });
    let none = Validators::default();
    let held = |path: &str| web.get_held(&server.url(path), &none).unwrap().unwrap();
    let mut others: Vec<(Page, Slot)> = (0..slots::MOST).map(|_| held("/long")).collect();
    thread::scope(|scope| {
        let waiting = scope.spawn(|| held("/one-more"));
        // The sender is dropped once the client has gone away.
        assert!(was_left.recv().is_err());
        assert!(!waiting.is_finished());
        assert_eq!(held("/short").0.bytes, b"short", "it waits for nobody, on the same host");
        let page = web.get(&server.url("/long"), &none).unwrap().unwrap();
        assert_eq!(page.bytes.len(), slots::LONG + 1, "nor does what is not held");
        others.pop();
        assert_eq!(waiting.join().unwrap().0.bytes.len(), slots::LONG + 1);
    });
    let asked = server.paths();
    assert_eq!(asked.iter().filter(|path| *path == "/one-more").count(), 2, "{asked:?}");
}

#[test]
fn what_is_no_address_of_the_web_is_told() {
    for wrong in ["", "example.org/feed", "ftp://example.org/", "http://", "javascript:alert(1)"] {
        let told = address(wrong).unwrap_err().to_string();
        assert!(told.contains(&format!("`{wrong}`")) && told.contains("https://"), "{told}");
    }
    let secret = address("https://user:secret@example.org/feed").unwrap();
    assert_eq!(told(&secret), "https://example.org/…");
    assert_eq!(public(&secret), "https://example.org/feed");
}

#[test]
fn no_error_tells_a_secret() {
    for wrong in ["ftp://user:hidden@example.org/", "https://user:hidden@example.org:x/"] {
        let told = address(wrong).unwrap_err().to_string();
        assert!(told.contains("example.org") && !told.contains("hidden"), "{told}");
    }
    let server = Server::start(|asked, stream| match asked.path.as_str() {
        "/robots.txt" => send(stream, "404 Not Found", "", b""),
        "/cut?token=hidden" => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf").unwrap();
        }
        "/to?token=hidden" => {
            send(stream, "302 Found", "Location: ftp://user:hidden@example.org/\r\n", b"");
        }
        _ => send(stream, "500 Oh", "", b""),
    });
    let nobody = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap();
    let nobody = Url::parse(&format!("http://{nobody}/x?token=hidden")).unwrap();
    let paths = ["/cut?token=hidden", "/to?token=hidden", "/x?token=hidden"];
    for url in paths.map(|path| server.url(path)).into_iter().chain([nobody]) {
        let told = chain(&get(&url).unwrap_err());
        assert!(told.contains("127.0.0.1") && !told.contains("hidden"), "{told}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_a_robots_txt(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        Robots::from_bytes(&bytes, AGENT).is_relative_allowed("/a?b=%D9%82");
    }

    #[test]
    fn any_lines_are_a_robots_txt(
        lines in "(((User-agent|Allow|Disallow|Crawl-delay|Sitemap)[ :]{0,2}[-*$/a-z0-9%.é#]{0,8})?[\r\n\0]{1,2}){0,8}",
        path in "/[-*$/a-zé%.]{0,10}",
    ) {
        Robots::from_bytes(lines.as_bytes(), AGENT).is_relative_allowed(&path);
    }
}
