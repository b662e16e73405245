//! Outlets on servers of this machine. All texts are invented.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use encoding_rs::WINDOWS_1256;
use flate2::Compression;
use flate2::write::GzEncoder;

use super::*;
use crate::acquire::web::tests::{Server, options as reading, send};
use crate::acquire::web::{self, Web};
use crate::acquire::{Error, Options};
use crate::model::article::Article;
use crate::model::cause::chain;
use crate::model::source::Position;

const LONG: &str =
    "قصفت المدفعية صباح اليوم أطراف بلدة المثال دون تسجيل إصابات، بحسب مصدر محلي من سكانها. ";

fn options() -> Options {
    Options { web: Web::new(reading()), ..Options::default() }
}

fn outlet(server: &Server, path: &str) -> Outlet {
    Outlet::new(Feed::at(server.url(path)), options())
}

fn read(outlet: &mut Outlet) -> Vec<Article> {
    outlet.articles().map(Result::unwrap).collect()
}

fn told(outlet: &mut Outlet) -> Vec<String> {
    outlet.articles().filter_map(Result::err).map(|error| error.to_string()).collect()
}

fn item(path: &str, title: &str, rest: &str) -> String {
    format!("<item><title>{title}</title><link>{path}</link><guid>{path}</guid>{rest}</item>")
}

fn rss(items: &[String]) -> Vec<u8> {
    let items = items.concat();
    format!(
        "<?xml version='1.0'?><rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'>\
         <channel><title>منبر المثال</title>{items}</channel></rss>"
    )
    .into_bytes()
}

fn page(title: &str, text: &str) -> Vec<u8> {
    format!(
        "<!DOCTYPE html><html><head><title>{title}</title></head><body><nav>الرئيسية</nav>\
         <article><h1>{title}</h1><p>{text}</p></article></body></html>"
    )
    .into_bytes()
}

#[test]
fn an_entry_without_its_text_is_read_from_the_page_behind_it() {
    let dated =
        "<pubDate>الجمعة, 3 مايو 2024 10:00:00 +0300</pubDate><description>مقتطف …</description>";
    let server = Server::of(&[
        ("/feed", "", rss(&[item("/a/1", "العنوان الأول", dated)])),
        ("/a/1", "", page("العنوان الأول", LONG)),
    ]);
    let mut outlet = outlet(&server, "/feed");
    let articles = read(&mut outlet);
    let [article] = articles.as_slice() else { panic!("{articles:#?}") };
    assert_eq!(article.text, LONG.trim());
    assert_eq!(article.title.as_deref(), Some("العنوان الأول"));
    assert_eq!(article.publisher.as_deref(), Some("منبر المثال"));
    assert_eq!(article.url.as_deref(), Some(server.url("/a/1").as_str()));
    assert_eq!(article.published.unwrap().to_string(), "2024-05-03T07:00:00Z");
    assert_eq!(server.paths(), ["/feed", "/a/1"]);
}

#[test]
fn an_entry_with_its_text_needs_no_page_and_loses_its_trailer() {
    let text = LONG.repeat(10);
    let whole = format!(
        "<dc:creator xmlns:dc='http://purl.org/dc/elements/1.1/'>ليلى أحمد</dc:creator><content:encoded><![CDATA[<p>{text}</p><p>ظهرت المقالة <a href='x'>العنوان</a> أولاً على منبر المثال.</p>]]></content:encoded>"
    );
    let server = Server::of(&[("/feed", "", rss(&[item("/a/1", "العنوان", &whole)]))]);
    let mut feed = Feed::at(server.url("/feed"));
    feed.publisher = Some("وكالة المثال".to_owned());
    feed.language = Some(Lang::Ar);
    let articles = read(&mut Outlet::new(feed.clone(), options()));
    assert_eq!(articles.first().unwrap().text, text.trim());
    assert_eq!(articles.first().unwrap().publisher.as_deref(), Some("وكالة المثال"));
    assert_eq!(articles.first().unwrap().author.as_deref(), Some("ليلى أحمد"));
    assert_eq!(server.paths(), ["/feed"]);

    feed.text = Text::Page;
    let articles = read(&mut Outlet::new(feed, options()));
    assert_eq!(articles.first().unwrap().text, text.trim(), "the page is not there");
    assert_eq!(server.paths(), ["/feed", "/feed", "/a/1"]);
}

#[test]
fn long_feeds_whose_pages_are_read_keep_none_from_being_read() {
    let dear = format!("<description>{}</description>", LONG.repeat(8_000));
    let items = [item("/a/2", "ب", &dear), item("/a/1", "أ", "")];
    let pages = ["/a/1", "/a/2"].map(|path| (path, "", page("العنوان", LONG)));
    let server = Server::of(&[("/feed", "", rss(&items)), pages[0].clone(), pages[1].clone()]);
    let limits = web::Limits { max_bytes: 2_000_000, ..reading().limits };
    let web = Web::new(web::Options { limits, ..reading() });
    let feed = Feed { text: Text::Page, ..Feed::at(server.url("/feed")) };
    let options = Options { web, ..Options::default() };
    let mut outlets: Vec<Outlet> =
        (0..9).map(|_| Outlet::new(feed.clone(), options.clone())).collect();
    // None of them is read to its end before the next is begun.
    let mut begun = Vec::new();
    for outlet in &mut outlets {
        let mut articles = outlet.articles();
        assert_eq!(articles.next().unwrap().unwrap().text, LONG.trim());
        begun.push(articles);
    }
    assert_eq!(begun.into_iter().map(Iterator::count).sum::<usize>(), 9);
}

/// A feed whose second state differs in one entry and has one more.
fn changing() -> (Server, Arc<AtomicUsize>) {
    let state = Arc::new(AtomicUsize::new(0));
    let now = Arc::clone(&state);
    let text = |text: &str| format!("<description>{text} {LONG}</description>");
    let states = [
        rss(&[item("/a/2", "ب", &text("ثان")), item("/a/1", "أ", &text("أول"))]),
        rss(&[
            item("/a/3", "ج", &text("ثالث")),
            item("/a/2", "ب مصحح", &text("ثان")),
            item("/a/1", "أ", &text("أول")),
        ]),
    ];
    let server = Server::start(move |asked, stream| {
        let at = now.load(Ordering::SeqCst);
        let tag = format!("\"{at}\"");
        match asked.path.as_str() {
            "/feed" if asked.header("if-none-match") == Some(&tag) => {
                send(stream, "304 Not Modified", "", b"");
            }
            "/feed" => send(stream, "200 OK", &format!("ETag: {tag}\r\n"), &states[at]),
            _ => send(stream, "404 Not Found", "", b""),
        }
    });
    (server, state)
}

#[test]
fn an_article_is_read_once_and_again_when_it_changes() {
    let (server, state) = changing();
    let mut feed = Feed::at(server.url("/feed"));
    feed.text = Text::Feed;
    let mut outlet = Outlet::new(feed.clone(), options());
    let titles =
        |articles: Vec<Article>| articles.into_iter().filter_map(|it| it.title).collect::<Vec<_>>();
    assert_eq!(titles(read(&mut outlet)), ["أ", "ب"], "the oldest first");
    assert!(read(&mut outlet).is_empty());
    let kept = outlet.position().unwrap();

    state.store(1, Ordering::SeqCst);
    let mut other = Outlet::new(feed, options());
    other.resume(&kept);
    assert_eq!(titles(read(&mut other)), ["ب مصحح", "ج"]);
    assert!(read(&mut other).is_empty());
    let conditions: Vec<bool> = server
        .asked()
        .iter()
        .filter(|asked| asked.path == "/feed")
        .map(|asked| asked.header("if-none-match").is_some())
        .collect();
    assert_eq!(conditions, [false, true, true, true]);
}

#[test]
fn a_reading_that_was_left_goes_on_where_it_was() {
    let (server, _) = changing();
    let mut feed = Feed::at(server.url("/feed"));
    feed.text = Text::Feed;
    let mut outlet = Outlet::new(feed, options());
    assert!(outlet.articles().next().unwrap().is_ok());
    let left = read(&mut outlet);
    assert_eq!(left.len(), 1, "the feed is asked for whole, and only what is left is given");
}

#[test]
fn a_page_that_does_not_come_now_is_tried_again_and_then_the_feed_has_to_do() {
    let short = format!("<description>{LONG}</description>");
    let feed = rss(&[item("/a/1", "أ", &short)]);
    let server = Server::start(move |asked, stream| match asked.path.as_str() {
        "/feed" => send(stream, "200 OK", "ETag: \"1\"\r\n", &feed),
        "/a/1" => send(stream, "500 Oh", "", b""),
        _ => send(stream, "404 Not Found", "", b""),
    });
    let mut outlet = outlet(&server, "/feed");
    for _ in 0..2 {
        let told = told(&mut outlet);
        assert_eq!(told, [format!("`{}` answers 500 Internal Server Error", server.url("/a/1"))]);
    }
    let articles = read(&mut outlet);
    assert_eq!(articles.first().unwrap().text, LONG.trim());
    assert!(read(&mut outlet).is_empty());
}

#[test]
fn a_host_that_wants_to_rest_costs_one_line_and_no_entry() {
    let items: Vec<String> = (0..5).map(|n| item(&format!("/a/{n}"), "أ", "")).collect();
    let feed = rss(&items);
    let server = Server::start(move |asked, stream| match asked.path.as_str() {
        "/feed" => send(stream, "200 OK", "", &feed),
        path if path.starts_with("/a/") => send(stream, "503 Busy", "Retry-After: 3600\r\n", b""),
        _ => send(stream, "404 Not Found", "", b""),
    });
    let mut outlet = outlet(&server, "/feed");
    let told = told(&mut outlet);
    assert_eq!(told.len(), 2, "{told:#?}");
    assert!(told.last().unwrap().contains("is not asked for another"), "{told:#?}");
    assert_eq!(server.paths().len(), 2);
    assert!(outlet.again().unwrap() > Duration::from_secs(3000), "it rests as long as it wants");
    assert!(!outlet.position().unwrap().0.contains("\"m\""), "none of them was read");
}

#[test]
fn who_attacks_is_asked_less_and_less_until_a_good_answer() {
    let state = Arc::new(AtomicUsize::new(0));
    let now = Arc::clone(&state);
    let feed = rss(&[item("/a/1", "أ", &format!("<description>{LONG}</description>"))]);
    let server = Server::start(move |asked, stream| {
        match (asked.path.as_str(), now.load(Ordering::SeqCst)) {
            ("/robots.txt", _) => send(stream, "404 Not Found", "", b""),
            // Too large, in a circle, no feed at all.
            (_, 0) => {
                stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n").ok();
            }
            (_, 1) => send(stream, "302 Found", "Location: /feed\r\n", b""),
            (_, 2) => send(stream, "200 OK", "", b"<rss"),
            _ => send(stream, "200 OK", "", &feed),
        }
    });
    let mut outlet =
        Outlet::new(Feed { text: Text::Feed, ..Feed::at(server.url("/feed")) }, options());
    let mut waits = Vec::new();
    for attack in [0, 1, 2, 0, 0, 0, 0, 0, 0] {
        state.store(attack, Ordering::SeqCst);
        assert_eq!(told(&mut outlet).len(), 1);
        waits.push(outlet.again().unwrap());
    }
    let grown = |times: u32| INTERVAL * (1 << times) / 2;
    for (wait, times) in waits.iter().zip(0..5) {
        assert!((grown(times).max(INTERVAL)..=2 * grown(times)).contains(wait), "{waits:?}");
    }
    assert!(waits.iter().all(|wait| *wait <= Duration::from_secs(4 * 60 * 60)), "{waits:?}");

    state.store(3, Ordering::SeqCst);
    assert_eq!(read(&mut outlet).len(), 1);
    assert_eq!(outlet.again(), Some(INTERVAL));
}

#[test]
fn a_sitemap_index_leads_to_pages() {
    let server = Server::start(|asked, stream| {
        let map = |path: &str| format!("<urlset><url><loc>{path}</loc></url></urlset>");
        let body = match asked.path.as_str() {
            "/sitemap.xml" => "<sitemapindex><sitemap><loc>/gone.xml</loc></sitemap><sitemap><loc>/1.xml</loc></sitemap></sitemapindex>".to_owned(),
            "/1.xml" => map("/a/1"),
            "/a/1" => String::from_utf8(page("أ", LONG)).unwrap(),
            _ => return send(stream, "404 Not Found", "", b""),
        };
        send(stream, "200 OK", "", body.as_bytes());
    });
    let log = tempfile::NamedTempFile::new().unwrap();
    let writer = Arc::new(log.reopen().unwrap());
    let listener = tracing_subscriber::fmt().with_ansi(false).with_writer(writer).finish();
    let articles =
        tracing::subscriber::with_default(listener, || read(&mut outlet(&server, "/sitemap.xml")));
    assert_eq!(articles.len(), 1);
    assert_eq!(articles.first().unwrap().text, LONG.trim());
    let log = fs::read_to_string(log.path()).unwrap();
    let told = format!("is left out: `{}` answers 404 Not Found", server.url("/gone.xml"));
    assert!(log.contains("WARN") && log.matches(&told).count() == 1, "{log}");
}

#[test]
fn a_sitemap_may_be_packed_as_a_file_and_a_bomb_of_one_is_cut() {
    let pack = |bytes: &[u8]| {
        let mut packed = GzEncoder::new(Vec::new(), Compression::best());
        packed.write_all(bytes).unwrap();
        packed.finish().unwrap()
    };
    let map = "<urlset><url><loc>/a/1</loc></url></urlset>";
    let server = Server::of(&[
        ("/map.xml.gz", "", pack(map.as_bytes())),
        ("/bomb.xml.gz", "", pack(&vec![b' '; 40 << 20])),
        ("/cut.xml.gz", "", pack(map.as_bytes())[..20].to_vec()),
        ("/a/1", "", page("أ", LONG)),
    ]);
    assert_eq!(read(&mut outlet(&server, "/map.xml.gz")).len(), 1);
    let bomb = told(&mut outlet(&server, "/bomb.xml.gz"));
    assert!(
        bomb.len() == 1 && bomb.iter().all(|line| line.contains("33554433 bytes or more")),
        "{bomb:?}"
    );
    assert!(
        told(&mut outlet(&server, "/cut.xml.gz"))
            .iter()
            .all(|line| line.starts_with("cannot read"))
    );
}

#[test]
fn a_page_is_read_once_and_again_when_it_changes() {
    let head = "Content-Type: text/html; charset=windows-1256\r\n";
    let (bytes, ..) = WINDOWS_1256.encode(LONG);
    let body =
        [b"<html><body><article><p>".as_slice(), &bytes, b"</p></article></body></html>"].concat();
    let server = Server::of(&[("/a", head, body)]);
    let mut outlet = outlet(&server, "/a");
    assert_eq!(read(&mut outlet).first().unwrap().text, LONG.trim());
    assert!(read(&mut outlet).is_empty());
}

#[test]
fn a_password_in_an_address_is_sent_and_never_shown() {
    let server = Server::of(&[
        ("/feed", "", rss(&[item("/a/1", "أ", ""), item("/a/2", "ب", "")])),
        ("/a/1", "", page("أ", LONG)),
    ]);
    let mut address = server.url("/feed");
    address.set_username("reader").unwrap();
    address.set_password(Some("secret")).unwrap();
    let mut outlet = Outlet::new(Feed::at(address), options());
    let all: Vec<_> = outlet.articles().collect();
    let urls: Vec<_> = all.iter().flatten().filter_map(|article| article.url.clone()).collect();
    assert_eq!(urls, [server.url("/a/1").to_string()]);
    let failed = all.iter().filter_map(|read| read.as_ref().err()).map(ToString::to_string);
    assert!(failed.into_iter().all(|told| told.contains("404") && !told.contains("secret")));
    let sent =
        server.asked().iter().filter(|asked| asked.header("authorization").is_some()).count();
    assert!(sent > 0);
}

#[test]
fn a_key_in_the_query_of_an_address_is_sent_and_never_shown() {
    let html = "<html><head><link rel=alternate type='application/rss+xml' href='/rss?key=hidden'></head><body><p>x</p></body></html>";
    let pages = ["/feed", "/cut", "/html", "/empty"].map(|path| format!("{path}?key=hidden"));
    let [feed, cut, page, empty] = pages.each_ref().map(String::as_str);
    let server = Server::of(&[
        (feed, "", rss(&[item("/a/1?token=hidden", "أ", "")])),
        (cut, "", b"<a/>".to_vec()),
        (page, "", html.as_bytes().to_vec()),
        (empty, "", rss(&[])),
    ]);
    for (path, words) in [
        (feed, "answers 404"),
        (cut, "is no feed, sitemap or page"),
        (page, "should be a feed: its feed may be `http://127.0.0.1"),
        (empty, "has no entries"),
    ] {
        let wanted = Feed { kind: Some(Kind::Feed), ..Feed::at(server.url(path)) };
        let told = chain(&check(&wanted, &options()).unwrap_err());
        assert!(told.contains(words) && !told.contains("hidden"), "{path}: {told}");
    }
    assert!(server.paths().contains(&feed.to_owned()), "it is sent");
}

#[test]
fn a_page_cannot_pass_for_the_article_of_another_outlet() {
    let linked = |url: &str| {
        format!("<html><head><link rel=canonical href='{url}'></head><body><article><p>{LONG}</p></article></body></html>").into_bytes()
    };
    let server = Server::start(move |asked, stream| {
        let own = format!("http://{}/clean", asked.header("host").unwrap());
        match asked.path.as_str() {
            "/evil" => send(stream, "200 OK", "", &linked("https://agency.example.org/real")),
            "/own?from=feed" => send(stream, "200 OK", "", &linked(&own)),
            _ => send(stream, "404 Not Found", "", b""),
        }
    });
    for (path, address) in [("/evil", "/evil"), ("/own?from=feed", "/clean")] {
        let article = read(&mut outlet(&server, path)).pop().unwrap();
        assert_eq!(article.url.as_deref(), Some(server.url(address).as_str()));
    }
}

#[test]
fn a_time_that_is_still_to_come_is_not_believed() {
    // The clock of these tests stands at noon of 3 May 2024.
    let entry = |n: u8, date: &str| {
        item(
            &format!("/a/{n}"),
            &n.to_string(),
            &format!("<pubDate>{date}</pubDate><description>{n} {LONG}</description>"),
        )
    };
    let items = [
        entry(2, "Tue, 01 Jan 2042 00:00:00 GMT"),
        entry(1, "Fri, 03 May 2024 14:30:00 GMT"),
        entry(0, "Fri, 03 May 2024 11:30:00 GMT"),
    ];
    let server = Server::of(&[("/feed", "", rss(&items))]);
    let mut feed = Feed::at(server.url("/feed"));
    feed.text = Text::Feed;
    let days: Vec<Option<String>> = read(&mut Outlet::new(feed, options()))
        .into_iter()
        .map(|article| article.published.map(|it| it.to_string()))
        .collect();
    assert_eq!(
        days,
        [Some("2024-05-03T11:30:00Z".to_owned()), Some("2024-05-03".to_owned()), None]
    );
}

#[test]
fn an_outlet_that_fails_says_so_in_one_line_and_the_others_go_on() {
    let mut bomb = "<!DOCTYPE rss [<!ENTITY a 'xxxxxxxxxx'>".to_owned();
    for n in 0..9 {
        write!(bomb, "<!ENTITY b{n} '&a;&a;&a;&a;'>").unwrap();
    }
    bomb.push_str("]><nothing>&b8;</nothing>");
    let server = Server::of(&[
        ("/bomb", "", bomb.into_bytes()),
        ("/bytes", "", vec![0xff, 0xfe, 0, 1, 2]),
        ("/none", "", b"<a/>".to_vec()),
        ("/empty", "", Vec::new()),
        ("/cut", "", rss(&[item("/a", "a", "")])[..80].to_vec()),
        ("/good", "", rss(&[item("/x", "أ", &format!("<description>{LONG}</description>"))])),
    ]);
    for (path, words) in [
        ("/bomb", "sends is no feed, sitemap or page"),
        ("/bytes", "is not text"),
        ("/none", "sends is no feed, sitemap or page"),
        ("/empty", "is empty"),
        ("/cut", "sends is no feed, sitemap or page"),
        ("/missing", "answers 404 Not Found"),
    ] {
        let told = told(&mut outlet(&server, path));
        assert!(
            told.len() == 1 && told.iter().all(|line| line.contains(words)),
            "{path}: {told:#?}"
        );
    }
    assert_eq!(read(&mut outlet(&server, "/good")).len(), 1);
}

#[test]
fn broken_letters_do_not_cost_the_feed() {
    let mut feed =
        rss(&[item("/x", "أ", &format!("<description>{}</description>", LONG.repeat(3)))]);
    let at = feed.windows(2).rposition(|two| two == "ق".as_bytes()).unwrap();
    feed[at] = 0xff;
    let server = Server::of(&[("/feed", "", feed)]);
    let article = read(&mut outlet(&server, "/feed")).pop().unwrap();
    assert!(
        article.text.contains('\u{fffd}') && article.text.contains("بلدة المثال"),
        "{}",
        article.text
    );
}

#[test]
fn what_is_not_of_the_kind_that_was_asked_for_is_told_with_where_it_may_be() {
    let html = "<html><head><link rel=alternate type='application/rss+xml' href='/rss'></head><body><p>x</p></body></html>";
    let server = Server::of(&[("/", "", html.as_bytes().to_vec())]);
    let mut feed = Feed::at(server.url("/"));
    feed.kind = Some(Kind::Feed);
    let told = told(&mut Outlet::new(feed, options()));
    let expected = format!(
        "`{}` is a page, and it should be a feed: its feed may be `{}`",
        server.url("/"),
        server.url("/rss")
    );
    assert_eq!(told, [expected]);
}

#[test]
fn what_no_parser_may_have_is_not_parsed_in_a_feed_either() {
    let deep = "<div>".repeat(100_000);
    let text = format!("<description><![CDATA[{deep}{}]]></description>", LONG.repeat(10));
    let html = format!("<html><link rel=alternate type='application/rss+xml' href=/rss>{deep}");
    let server =
        Server::of(&[("/feed", "", rss(&[item("/a", "أ", &text)])), ("/", "", html.into_bytes())]);
    let outlet = |path: &str, text: Text| {
        let kind = Some(Kind::Feed);
        Outlet::new(Feed { kind, text, ..Feed::at(server.url(path)) }, options())
    };
    let in_feed = told(&mut outlet("/feed", Text::Feed));
    assert!(in_feed.len() == 1 && in_feed[0].contains("has too many elements"), "{in_feed:?}");
    let announced = told(&mut outlet("/", Text::Auto));
    let expected = format!("`{}` is a page, and it should be a feed", server.url("/"));
    assert_eq!(announced, [expected], "nobody looks into it for its feed");
}

#[test]
fn an_outlet_without_entries_is_told_as_that() {
    let map = b"<urlset></urlset>".to_vec();
    let server = Server::of(&[("/feed", "", rss(&[])), ("/map.xml", "", map)]);
    for path in ["/feed", "/map.xml"] {
        let error = check(&Feed::at(server.url(path)), &options()).unwrap_err();
        assert_eq!(error.to_string(), format!("`{}` has no entries", server.url(path)));
        assert!(read(&mut outlet(&server, path)).is_empty(), "read for long, it waits for some");
    }
}

#[test]
fn a_check_tells_what_was_read() {
    let items = [
        item("/a/2", "الثاني", "<pubDate>Fri, 03 May 2024 11:30:00 GMT</pubDate>"),
        item("/a/1", "الأول", "<pubDate>Thu, 02 May 2024 11:30:00 GMT</pubDate>"),
    ];
    let server = Server::of(&[("/feed", "", rss(&items)), ("/a/2", "", page("الثاني", LONG))]);
    let checked = check(&Feed::at(server.url("/feed")), &options()).unwrap();
    assert_eq!((checked.kind, checked.entries), (Kind::Feed, 2));
    assert_eq!(checked.newest.unwrap().to_string(), "2024-05-03T11:30:00Z");
    assert_eq!(checked.title.as_deref(), Some("الثاني"));
    assert_eq!(checked.characters, LONG.trim().chars().count());

    let missing = check(&Feed::at(server.url("/none")), &options()).unwrap_err();
    assert!(matches!(missing, Error::Web(web::Error::Status { .. })), "{missing}");
}

#[test]
fn a_position_of_another_program_is_no_position() {
    let (server, _) = changing();
    let mut feed = Feed::at(server.url("/feed"));
    feed.text = Text::Feed;
    let mut outlet = Outlet::new(feed, options());
    outlet.resume(&Position("what?".to_owned()));
    assert_eq!(read(&mut outlet).len(), 2);
}
