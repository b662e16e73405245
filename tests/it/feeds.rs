//! Outlets on the web, read by the built program from a server of this machine. All texts are invented.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;

use tempfile::tempdir;

use crate::app::{Ran, Rasid, file, quick, run, run_with, store_in};

const ARTICLE: &str =
    "قُتل ثلاثة مدنيين وأصيب خمسة آخرون، اليوم الجمعة، جراء قصف مدفعي على مدينة سرمين في ريف إدلب.";

/// A site with a feed of two entries, one of them a page in Windows-1256, and what outlets do wrong.
fn site() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            thread::spawn(move || answer(stream.unwrap()));
        }
    });
    address
}

fn answer(mut stream: TcpStream) {
    let mut line = String::new();
    let mut lines = BufReader::new(stream.try_clone().unwrap());
    lines.read_line(&mut line).unwrap();
    let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
    while lines.read_line(&mut line).is_ok_and(|read| read > 2) {}
    let ok = |kind: &str, body: &[u8]| {
        let length = body.len();
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
        );
        [head.as_bytes(), body].concat()
    };
    let bytes = match path.as_str() {
        "/feed" => ok("application/rss+xml", feed().as_bytes()),
        "/a/2" => ok("text/html; charset=windows-1256", &page()),
        "/endless" => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n<rss>").unwrap();
            while stream.write_all(&[b' '; 8_192]).is_ok() {}
            return;
        }
        "/html" => ok("text/html", b"<html><head><link rel=alternate type=application/rss+xml href=/feed></head><body>x</body></html>"),
        _ => b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_vec(),
    };
    stream.write_all(&bytes).ok();
}

fn feed() -> String {
    let text = format!(
        "<![CDATA[<p>{ARTICLE}</p><p>{}</p>]]>",
        "وقال سكان إن القصف استمر ساعة. ".repeat(25)
    );
    format!(
        "<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel><title>منبر المثال</title>\
         <item><title>قصف على سرمين</title><link>/a/1</link><pubDate>الجمعة, 03 مايو 2024 10:00:00 +0300</pubDate>\
         <content:encoded>{text}</content:encoded></item>\
         <item><title>انفجار في الباب</title><link>/a/2</link><pubDate>Thu, 02 May 2024 10:00:00 +0300</pubDate></item>\
         </channel></rss>"
    )
}

fn page() -> Vec<u8> {
    let html = "<html><head><title>انفجار في الباب</title></head><body><article><p>انفجرت سيارة مفخخة، صباح اليوم الخميس، في مدينة الباب بريف حلب، ما أدى إلى مقتل مدنيين اثنين.</p></article></body></html>";
    encoding_rs::WINDOWS_1256.encode(html).0.into_owned()
}

#[test]
fn a_feed_is_ingested_and_one_that_fails_does_not_hold_it_up() {
    let (site, folder) = (site(), tempdir().unwrap());
    let store = folder.path().join("a.gpkg");
    let ingest = |sources: &[&str]| -> Ran {
        let mut command = quick();
        command.arg("ingest").args(sources.iter().map(|path| format!("{site}{path}")));
        run(command.arg("--allow-private-addresses").arg("--store").arg(&store))
    };
    let ran = ingest(&["/gone", "/endless", "/feed"]);
    assert_eq!(ran.status.code(), Some(1), "{ran:#?}");
    for said in [
        format!("`{site}/gone` answers 404 Not Found"),
        format!("`{site}/endless` has more than 16777216 bytes"),
        "2 articles with ".to_owned(),
    ] {
        assert_eq!(ran.err.matches(&said).count(), 1, "`{said}` is said once: {ran:#?}");
    }
    let again = ingest(&["/feed"]).done();
    assert!(again.err.contains("0 articles with 0 events kept, 0 there already"), "{again:#?}");

    let mut export = quick();
    export.args(["export", "--format", "geojsonl", "-o", "-", "--store"]).arg(&store);
    let features = run(&mut export).done().lines();
    let places: Vec<_> = features.iter().map(|it| it["properties"]["location"].clone()).collect();
    assert!(places.contains(&"Sarmin".into()) && places.contains(&"Al-Bab".into()), "{places:?}");
    let days: Vec<_> = features.iter().map(|it| it["properties"]["event_date"].clone()).collect();
    assert!(days.contains(&"2024-05-03".into()) && days.contains(&"2024-05-02".into()), "{days:?}");
}

#[test]
fn a_list_is_read_once_and_the_exit_code_says_whether_all_of_it_was() {
    let (site, folder) = (site(), tempdir().unwrap());
    let store = folder.path().join("a.gpkg");
    let feed =
        |name: &str, path: &str| format!("[[feed]]\nname = '{name}'\naddress = '{site}{path}'\n");
    let good = file(&folder, "good.toml", feed("good", "/feed"));
    let bad = file(&folder, "bad.toml", [feed("good", "/feed"), feed("bad", "/gone")].concat());
    let ingest = |list: &std::path::Path| {
        let mut command = quick();
        command.args(["ingest", "--allow-private-addresses", "--feeds"]).arg(list);
        run(command.arg("--store").arg(&store))
    };
    let ran = ingest(&good).done();
    assert!(ran.err.contains("2 articles with 2 events kept"), "{ran:#?}");
    let again = ingest(&good).done();
    assert!(again.err.contains("0 articles with 0 events kept, 0 there already"), "{again:#?}");
    ingest(&bad).refused(1, &["/gone` answers 404 Not Found", "could not be read"]);
    // The feeds of a server's settings are not meant.
    let config = format!("feeds = '{}'\nstore = '{}'\n", bad.display(), store.display());
    file(&folder, "rasid.toml", config);
    let article = file(&folder, "a.txt", ARTICLE);
    run(quick().current_dir(folder.path()).arg("ingest").arg(article)).done();
    run(quick().current_dir(folder.path()).arg("ingest")).refused(2, &["<SOURCE>"]);
}

#[test]
fn a_list_is_served_under_the_publishers_that_it_gives() {
    let (site, folder) = (site(), tempdir().unwrap());
    let list =
        format!("[[feed]]\nname = 'good'\naddress = '{site}/feed'\npublisher = 'وكالة المثال'\n");
    let list = file(&folder, "feeds.toml", list);
    let mut command = quick();
    command.args(["serve", "--listen", "127.0.0.1:0", "--allow-private-addresses", "--feeds"]);
    command.arg(&list).arg("--store").arg(store_in(folder.path()));
    let server = Rasid::start(folder, &mut command);
    let events = server.get("/collections/events/items").json();
    let features = events["features"].as_array().unwrap();
    assert!(!features.is_empty());
    for feature in features {
        assert_eq!(feature["properties"]["source"], "وكالة المثال");
    }
}

#[test]
fn addresses_of_this_machine_are_refused_unless_they_are_allowed() {
    let site = site();
    let url = format!("{site}/a/2");
    run(quick().args(["extract", &url])).refused(
        1,
        &["is not asked", "127.0.0.1, which is not a public address", "--allow-private-addresses"],
    );
    let ran = run(quick().args(["extract", &url]).env("RASID_ALLOW_PRIVATE_ADDRESSES", "true"));
    assert_eq!(ran.done().features().len(), 1);
}

#[test]
fn a_check_tells_what_each_outlet_has_and_what_is_wrong() {
    let (site, folder) = (site(), tempdir().unwrap());
    let feed =
        |name: &str, rest: &str| format!("[[feed]]\nname = '{name}'\naddress = '{site}{rest}\n");
    let good = file(&folder, "good.toml", feed("منبر المثال", "/feed'"));
    let check = |list: &std::path::Path| {
        run(quick().args(["feeds", "check"]).arg(list).arg("--allow-private-addresses"))
    };
    let ran = check(&good).done();
    let row = ran.out.lines().nth(1).unwrap();
    let cells: Vec<_> = row.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect();
    assert_eq!(
        cells.get(..4),
        Some(["منبر المثال", "feed", "2", "2024-05-03T07:00:00Z"].as_slice()),
        "{ran:#?}"
    );
    assert!(row.ends_with("قصف على سرمين"), "{ran:#?}");

    let lists =
        [feed("one", "/feed'"), feed("two", "/gone'"), feed("three", "/html'\nkind = 'feed'")];
    let bad = file(&folder, "bad.toml", lists.concat());
    let ran = check(&bad);
    assert_eq!(ran.status.code(), Some(1), "{ran:#?}");
    let rows: Vec<_> = ran.out.lines().skip(1).collect();
    assert_eq!(rows.len(), 3);
    assert!(
        rows.iter().any(|row| row.starts_with("two")
            && row.contains("404")
            && row.contains("where its feed is now")),
        "{rows:#?}"
    );
    assert!(
        rows.iter().any(|row| row.starts_with("three")
            && row.contains(&format!("its feed may be `{site}/feed`"))),
        "{rows:#?}"
    );
    assert!(ran.err.contains("2 of 3 feeds could not be read"), "{ran:#?}");
}

#[test]
fn a_list_that_is_wrong_is_told_before_anything_is_asked() {
    let folder = tempdir().unwrap();
    let list = file(
        &folder,
        "a.toml",
        "[[feed]]\nname = 'x'\naddress = 'https://a.example/'\ninterval = 5\n",
    );
    run(quick().args(["feeds", "check"]).arg(&list))
        .refused(1, &["a.toml", "`interval` of feed `x` cannot be read", "TOML integer"]);
    run(quick().current_dir(folder.path()).args(["feeds", "check"]))
        .refused(1, &["cannot read list of feeds `feeds.toml`"]);
}

#[test]
fn lines_of_json_on_standard_input_are_articles() {
    let lines = format!(
        "{{\"id\": \"1\", \"text\": \"{ARTICLE}\", \"published\": \"2024-05-03\"}}\nnot JSON\n"
    );
    let ran = run_with(quick().args(["extract", "-"]), lines.as_bytes());
    assert_eq!(ran.status.code(), Some(1), "{ran:#?}");
    assert!(ran.err.contains("line 2 of `standard input` is not an article"), "{ran:#?}");
    assert_eq!(ran.features().first().unwrap()["properties"]["event_date"], "2024-05-03");
}
