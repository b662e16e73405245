//! What an operator relies on: articles handed in, what is counted and told, settings in a file,
//! an end that loses nothing.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use serde_json::{Value, json};
use tempfile::tempdir;

use crate::app::{
    Rasid, SAMPLE_ARTICLES, SAMPLES, TOKEN, ended, file, quick, run, store_in, terminate, until,
};

fn article(id: &str) -> Value {
    json!({
        "id": id, "published": "2024-02-02",
        "text": format!("Shelling hit the town of Sarmin in Idlib, killing 2 people. ({id})"),
    })
}

#[test]
fn an_article_that_is_handed_in_is_on_the_map_when_it_is_answered() {
    let server = Rasid::taking();
    let (status, told) = server.post("/articles", TOKEN, &article("a").to_string());
    assert_eq!(status, 200, "{told}");
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told["articles"][0]["became"], "new");
    let event = told["articles"][0]["events"][0].as_str().expect("it has an event");
    assert_eq!(server.get(&format!("/collections/events/items/{event}")).status, 200);

    let (_, again) =
        server.post("/articles", TOKEN, &json!([article("a"), article("b")]).to_string());
    let again: Value = serde_json::from_str(&again).unwrap();
    assert_eq!(again["articles"][0], json!({ "id": "a", "became": "known", "events": [event] }));
    assert_eq!(again["articles"][1]["became"], "new");
    assert_eq!(server.post("/articles", "another-token-for-it", "{}").0, 401);

    let sources = server.get("/sources").json();
    let source = &sources["sources"][0];
    assert_eq!((&source["name"], &source["articles"]), (&json!("POST /articles"), &json!(2)));
    let counted = server.get("/metrics").body;
    for line in [
        r#"rasid_articles_total{source="POST /articles",outcome="new"} 2"#,
        r#"rasid_articles_total{source="POST /articles",outcome="known"} 1"#,
        r#"rasid_http_request_seconds_count{route="/articles",status="401"} 1"#,
        "rasid_store_articles 2",
        "rasid_extraction_seconds_count 2",
    ] {
        assert!(counted.lines().any(|counted| counted == line), "{line}: {counted}");
    }
}

#[test]
fn what_is_counted_is_written_as_prometheus_reads_it() {
    let server = Rasid::quick(&[SAMPLES]);
    let counted = server.get("/metrics").body;
    for name in [
        "rasid_articles_total",
        "rasid_events_total",
        "rasid_refusals_total",
        "rasid_extraction_seconds",
        "rasid_commit_seconds",
        "rasid_http_request_seconds",
        "rasid_source_lag_seconds",
        "rasid_source_status",
        "rasid_source_failures",
        "rasid_queue_articles",
        "rasid_store_events",
        "rasid_store_articles",
        "rasid_store_bytes",
        "rasid_build_info",
    ] {
        assert!(counted.contains(&format!("# TYPE {name} ")), "{name}: {counted}");
    }
    let all =
        format!("rasid_articles_total{{source=\"{SAMPLES}\",outcome=\"new\"}} {SAMPLE_ARTICLES}");
    assert!(counted.contains(&all), "{counted}");
    for line in counted.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let (name, value) = line.rsplit_once(' ').unwrap();
        assert!(value.parse::<f64>().is_ok(), "{line}");
        assert!(name.starts_with("rasid_"), "{line}");
    }
}

#[test]
fn settings_stand_in_a_file_and_the_log_is_for_programs() {
    let folder = tempdir().unwrap();
    let store = folder.path().join("other.gpkg");
    let text = format!(
        "store = '{}'\nlisten = '127.0.0.1:0'\nlog-format = 'json'\nsources = ['{SAMPLES}']",
        store.display()
    );
    let config = file(&folder, "rasid.toml", text);
    let mut command = quick();
    command.args(["serve", "--config"]).arg(config);
    let server = Rasid::start(folder, &mut command);
    assert!(store.exists());
    let log = until("the log of the source", || {
        let log = server.log();
        log.contains("source read").then_some(log)
    });
    let line = log.lines().find(|line| line.contains("source read")).unwrap();
    let line: Value = serde_json::from_str(line).unwrap();
    assert_eq!((&line["level"], &line["articles"]), (&json!("INFO"), &json!(SAMPLE_ARTICLES)));

    let folder = tempdir().unwrap();
    file(&folder, "rasid.toml", "lisen = '127.0.0.1:0'");
    let words = ["`rasid.toml` has an unknown key `lisen`", "allowed are", "listen"];
    run(quick().arg("serve").current_dir(folder.path())).refused(2, &words);
}

#[test]
fn ended_under_load_it_has_kept_what_it_acknowledged() {
    let mut server = Rasid::taking();
    let (kept, ending) = (Mutex::new(Vec::new()), AtomicBool::new(false));
    thread::scope(|scope| {
        for client in 0..4 {
            let (server, kept, ending) = (&server, &kept, &ending);
            scope.spawn(move || {
                for number in 0.. {
                    let ids: Vec<String> =
                        (0..5).map(|n| format!("{client}-{number}-{n}")).collect();
                    let body: Vec<Value> = ids.iter().map(|id| article(id)).collect();
                    match server.try_post("/articles", TOKEN, &json!(body).to_string()) {
                        Some((200, _)) => kept.lock().unwrap().extend(ids),
                        // What is refused or cut off is not acknowledged.
                        _ if ending.load(Ordering::Relaxed) => return,
                        other => panic!("refused before its end: {other:?}"),
                    }
                }
            });
        }
        until("articles to be acknowledged", || (kept.lock().unwrap().len() > 100).then_some(()));
        ending.store(true, Ordering::Relaxed);
        server.terminate();
    });
    let (status, log) = server.ends();
    assert!(status.success(), "{log}");
    let reader = rusqlite::Connection::open(server.store()).unwrap();
    let mut lost = kept.into_inner().unwrap();
    lost.retain(|id| {
        let sql =
            "SELECT count(*) FROM articles JOIN reports USING (article_id) WHERE article_id = ?";
        reader.query_row(sql, [id], |row| row.get::<_, i64>(0)) != Ok(1)
    });
    assert_eq!(lost, Vec::<String>::new(), "lost or doubled");
}

/// The library that makes a program believe another time of day.
fn another_clock() -> PathBuf {
    let folders = fs::read_dir("/usr/lib").unwrap().map(|folder| folder.unwrap().path());
    let mut libraries = folders.map(|folder| folder.join("faketime/libfaketimeMT.so.1"));
    libraries.find(|library| library.exists()).expect("faketime is needed here")
}

#[test]
fn a_clock_that_jumps_holds_up_no_source() {
    let folder = tempdir().unwrap();
    let clock = file(&folder, "clock", "+0d");
    let watched = folder.path().join("articles");
    fs::create_dir(&watched).unwrap();
    let mut command = quick();
    command.arg("serve").arg(&watched).args(["--listen", "127.0.0.1:0", "--store"]);
    command.arg(store_in(folder.path())).env("LD_PRELOAD", another_clock());
    // The clock that only goes forward is the system's own; files keep their times.
    command.env("FAKETIME_DONT_FAKE_MONOTONIC", "1").env("NO_FAKE_STAT", "1");
    command.env("FAKETIME_TIMESTAMP_FILE", &clock).env("FAKETIME_NO_CACHE", "1");
    let server = Rasid::start(folder, &mut command);
    let year = || -> Option<i32> {
        let sources = server.get("/sources").json();
        sources["sources"][0]["last_read"].as_str()?.get(..4)?.parse().ok()
    };
    let now = until("the first look", year);
    for (jump, place) in [("+0d", "Sarmin"), ("-3650d", "Binnish"), ("+3650d", "Saraqib")] {
        fs::write(&clock, jump).unwrap();
        let far = jump != "+0d";
        until("the clock to jump", || (year()?.abs_diff(now) > 5).eq(&far).then_some(()));
        let text = format!(
            "Shelling hit the town of {place} in Idlib on 2 February 2024, killing 2 people."
        );
        fs::write(watched.join(format!("{place}.txt")), text).unwrap();
        until("an article to be seen", || {
            (server.ids(&format!("location={place}")).len() == 1).then_some(())
        });
    }
}

#[test]
fn a_second_server_on_a_store_says_so_and_leaves() {
    let server = Rasid::taking();
    let mut second = quick();
    second.args(["serve", "--listen", "127.0.0.1:0", "--store"]).arg(server.store());
    run(&mut second).refused(1, &["is served by another rasid"]);
    assert_eq!(server.post("/articles", TOKEN, &article("a").to_string()).0, 200);
    // Whoever only reads in articles may do so beside it.
    run(quick().args(["ingest", SAMPLES, "--store"]).arg(server.store())).done();
}

#[test]
fn a_sender_that_goes_silent_holds_up_nobody_and_not_the_end() {
    let server = Rasid::taking();
    let mut silent = TcpStream::connect(server.url("").trim_start_matches("http://")).unwrap();
    let head = format!(
        "POST /articles HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {TOKEN}\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{{"
    );
    silent.write_all(head.as_bytes()).unwrap();
    assert_eq!(server.post("/articles", TOKEN, &article("a").to_string()).0, 200);
    silent.shutdown(Shutdown::Write).unwrap();
    // It is answered or cut off, not waited for.
    silent.read_to_end(&mut Vec::new()).ok();
    server.stop();
}

#[test]
fn a_source_that_hangs_delays_neither_the_others_nor_the_end() {
    let folder = tempdir().unwrap();
    let mut command = quick();
    command.args(["serve", "-", SAMPLES, "--listen", "127.0.0.1:0", "--store"]);
    command.arg(store_in(folder.path())).stdin(Stdio::piped()).stderr(Stdio::piped());
    let (log, path) =
        (fs::File::create(folder.path().join("log")).unwrap(), folder.path().join("log"));
    let mut child = command.stderr(log).spawn().unwrap();
    // Standard input stays open and silent.
    let _silent = child.stdin.take();
    until("the samples to be read", || {
        let log = fs::read_to_string(&path).unwrap();
        (log.contains("source read") && !log.contains("on the map")).then_some(())
    });
    terminate(&child);
    assert!(ended(&mut child).success());
}
