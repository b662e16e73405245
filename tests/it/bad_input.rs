//! What is refused, and in which words: articles, usage, stores.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use rusqlite::Connection;
use tempfile::tempdir;

use crate::app::{Rasid, SAMPLES, file, program, quick, run, store_in, unprivileged, until};
use crate::command_line::{DESERT, SHELLING, extract, ingest};

// Articles that cannot be read.

#[test]
fn an_empty_file_is_refused_by_name() {
    let folder = tempdir().unwrap();
    for (name, content) in [("empty.txt", ""), ("blank.txt", " \n\t\n"), ("mark.txt", "\u{feff}")] {
        let path = file(&folder, name, content);
        run(&mut extract(&path)).refused(1, &[name, "is empty: an article needs a text"]);
    }
}

#[test]
fn a_binary_file_is_refused_by_name() {
    let folder = tempdir().unwrap();
    let path = file(&folder, "image.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0");
    run(&mut extract(&path)).refused(1, &["image.txt", "is not text", "write it as UTF-8"]);
}

#[test]
fn ten_megabytes_of_arabic_are_read() {
    let folder = tempdir().unwrap();
    let filling = "وتحدث الأهالي عن الطقس وعن أسعار الخبز في السوق القديم.\n";
    let mut text = SHELLING.to_owned();
    while text.len() < 10_000_000 {
        text.push_str(filling);
    }
    let path = file(&folder, "long.txt", &text);
    let features = run(extract(&path).args(["--published", "2022-07-18"])).done().features();
    assert_eq!(features.len(), 1, "{features:#?}");
    assert_eq!(features[0]["properties"]["location_ar"], "كفرنبل");
}

#[test]
fn more_than_an_article_may_have_is_refused_with_the_limit() {
    let folder = tempdir().unwrap();
    let path = file(&folder, "huge.txt", "a ".repeat(17 * 1024 * 1024));
    run(&mut extract(&path)).refused(1, &["huge.txt", "33554432", "split it"]);
}

#[test]
fn a_missing_file_is_refused_by_name() {
    let folder = tempdir().unwrap();
    let missing = folder.path().join("missing.txt");
    run(&mut extract(&missing)).refused(1, &["there is no file or folder", "missing.txt"]);
    let text = file(&folder, "text.txt", SHELLING);
    run(&mut extract(&text.join("under.txt"))).refused(1, &["cannot read", "text.txt/under.txt"]);
}

/// The same command for somebody whom permissions bind, whoever runs the tests.
fn bound(command: Command, closed: &Path) -> Command {
    if fs::read_dir(closed).is_ok() { unprivileged(&command) } else { command }
}

#[test]
fn an_unreadable_folder_is_refused_by_name() {
    let folder = tempdir().unwrap();
    let closed = folder.path().join("closed");
    fs::create_dir(&closed).unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
    let store = store_in(folder.path());

    let ran = run(&mut bound(ingest(&closed, &store), &closed));

    ran.refused(1, &["cannot read", "closed", "Permission denied"]);
    assert!(!store.exists(), "nothing is made for a source that is not there");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o700)).unwrap();
}

#[test]
fn a_bad_article_among_good_ones_is_told_and_the_others_are_kept() {
    let folder = tempdir().unwrap();
    file(&folder, "news/1.txt", SHELLING);
    file(&folder, "news/2.txt", "");
    file(&folder, "news/3.txt", format!("{SHELLING}\nانتهى الخبر."));
    let news = folder.path().join("news");

    let kept = run(&mut ingest(&news, &store_in(folder.path())));
    kept.refused(1, &["news/2.txt", "is empty", "2 articles", "1 not read", "1 of 3 articles"]);

    let printed = run(&mut extract(&news));
    assert_eq!(printed.status.code(), Some(1));
    assert_eq!(printed.features().len(), 2, "{printed:#?}");
    assert!(printed.err.contains("1 of 3 articles could not be read"), "{printed:#?}");
}

#[test]
fn a_server_warns_of_a_bad_article_and_serves_the_others() {
    let folder = tempdir().unwrap();
    file(&folder, "1.txt", SHELLING);
    file(&folder, "2.txt", "");
    let server = Rasid::quick(&[folder.path().to_str().unwrap()]).expect_warning("2.txt` is empty");
    assert_eq!(server.ids("").len(), 1);
}

/// A server and the source that it waits for: nothing comes out of it until somebody writes.
fn waiting() -> (Rasid, std::path::PathBuf) {
    let folder = tempdir().unwrap();
    let pipe = folder.path().join("pipe.txt");
    assert!(program("mkfifo").arg(&pipe).status().unwrap().success());
    let mut command = quick();
    command.args(["serve", "--listen", "127.0.0.1:0"]).arg(&pipe);
    command.arg("--store").arg(store_in(folder.path()));
    (Rasid::begin(folder, &mut command), pipe)
}

#[test]
fn a_server_answers_while_its_sources_are_read_and_is_ready_after() {
    let (server, pipe) = waiting();
    let early = server.get("/health/ready");
    assert_eq!((early.status, &early.json()["code"]), (503, &"not_ready".into()), "{early:?}");
    assert_eq!(server.get("/health/live").status, 200);
    assert_eq!(server.ids(""), Vec::<String>::new());

    fs::write(pipe, SHELLING).unwrap();

    until("the sources to be read", || (server.get("/health/ready").status == 200).then_some(()));
    assert_eq!(server.ids("").len(), 1);
}

#[test]
fn a_server_that_is_asked_to_end_does_not_wait_for_its_sources() {
    let (server, _pipe) = waiting();
    server.stop();
}

#[test]
fn a_server_that_cannot_keep_what_it_reads_says_why_and_goes_on_once_it_can() {
    let (server, pipe) = waiting();
    let server = server.expect_warning("is locked by another program");
    let holder = Connection::open(server.store()).unwrap();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();

    fs::write(pipe, SHELLING).unwrap();

    until("the reason", || {
        let told = server.get("/health/ready").json();
        told["reasons"].to_string().contains("is locked by another program").then_some(())
    });
    assert_eq!(server.get("/collections/events/items").status, 200, "readers are answered");
    holder.execute_batch("ROLLBACK").unwrap();
    until("it to go on", || (server.get("/health/ready").status == 200).then_some(()));
    assert_eq!(server.ids("").len(), 1);
    assert_eq!(server.log().matches("is locked by another program").count(), 1, "told once");
    until("the good news", || server.log().contains("articles are kept again").then_some(()));
}

// Wrong usage.

#[test]
fn a_wrong_date_is_wrong_usage() {
    for wrong in ["yesterday", "2022-13-01", "18/07/2022", "2022-02-30"] {
        let ran = run(quick().args(["extract", "-", "--published", wrong]));
        ran.refused(2, &[&format!("`{wrong}` is not a date"), "YYYY-MM-DD", "--published"]);
    }
}

#[test]
fn a_wish_for_the_log_that_cannot_be_read_is_wrong_usage() {
    let ran = run(quick().args(["extract", "-"]).env("RASID_LOG", "rasid=loud"));
    ran.refused(2, &["cannot use RASID_LOG `rasid=loud`", "\"info\", \"debug\""]);
}

#[test]
fn wrong_usage_ends_with_two_and_says_what_is_allowed() {
    for (args, words) in [
        (&["extract"][..], &["required", "<FILE>"][..]),
        (&["ingest"], &["required", "<SOURCE>"]),
        (&["geocode"], &["required", "<TEXT>"]),
        (&["fetch"], &["fetch", "unrecognized subcommand"]),
        (&["extract", "-", "--color"], &["--color", "unexpected"]),
        (&["extract", "-", "--format", "shp"], &["shp", "geojson, geojsonl, csv, table"]),
        (&["extract", "-", "--jsonl", "-"], &["--jsonl", "cannot be used with"]),
        (&["extract", "--jsonl", "-", "--explain"], &["--explain", "cannot be used with"]),
        (&["geocode", "حلب", "--jsonl", "-"], &["--jsonl", "cannot be used with"]),
        (&["serve", "--listen", "8080"], &["8080", "127.0.0.1:8080"]),
        (&["serve", "--listen", "127.0.0.1:99999"], &["99999", "127.0.0.1:8080"]),
        (&["serve", "--base-url", "example.org"], &["example.org", "https://example.org/rasid"]),
    ] {
        run(quick().args(args)).refused(2, words);
    }
}

#[test]
fn a_port_in_use_is_told_and_no_store_is_made() {
    let folder = tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let store = store_in(folder.path());

    let ran = run(quick().args(["serve", "--listen", &address, "--store"]).arg(&store));

    ran.refused(1, &[&address, "--listen", "in use"]);
    assert!(!store.exists());
}

// Stores that are not ours to write.

/// Fails unless the file is refused, byte for byte what it was, and alone.
#[track_caller]
fn is_left_alone(store: &Path, words: &[&str]) {
    let before = fs::read(store).unwrap();
    let neighbours = |path: &Path| fs::read_dir(path.parent().unwrap()).unwrap().count();
    let beside = neighbours(store);
    let mut serve = quick();
    serve.args(["serve", "--listen", "127.0.0.1:0", "--store"]).arg(store);
    for command in [&mut ingest(Path::new(DESERT), store), &mut serve] {
        run(command).refused(1, words);
        assert!(fs::read(store).unwrap() == before, "the file was written");
        assert_eq!(neighbours(store), beside, "something was left beside the file");
    }
}

#[test]
fn a_text_file_is_no_store() {
    let folder = tempdir().unwrap();
    let store = file(&folder, "notes.gpkg", "my notes, not a store\n".repeat(20));
    is_left_alone(&store, &["notes.gpkg", "is not a rasid store", "not an SQLite file", "--store"]);
}

#[test]
fn a_database_of_another_program_is_no_store() {
    let folder = tempdir().unwrap();
    let store = folder.path().join("firefox.sqlite");
    let other = Connection::open(&store).unwrap();
    other
        .execute_batch("CREATE TABLE bookmarks (url TEXT); INSERT INTO bookmarks VALUES ('a')")
        .unwrap();
    drop(other);
    is_left_alone(
        &store,
        &["firefox.sqlite", "is not a rasid store", "another program", "--store"],
    );
}

#[test]
fn a_geopackage_of_another_program_is_no_store() {
    let folder = tempdir().unwrap();
    let store = folder.path().join("roads.gpkg");
    let other = Connection::open(&store).unwrap();
    other
        .execute_batch("PRAGMA application_id = 1196444487; CREATE TABLE roads (fid INTEGER)")
        .unwrap();
    drop(other);
    is_left_alone(&store, &["roads.gpkg", "is not a rasid store", "GeoPackage of another program"]);
}

#[test]
fn a_store_that_was_cut_off_is_told_to_be_damaged() {
    let folder = tempdir().unwrap();
    let store = store_in(folder.path());
    run(&mut ingest(Path::new(SAMPLES), &store)).done();
    let whole = fs::read(&store).unwrap();
    fs::write(&store, &whole[..whole.len() / 2]).unwrap();
    run(&mut ingest(Path::new(DESERT), &store)).refused(1, &["rasid.gpkg", "is damaged", "backup"]);
}

#[test]
fn a_store_of_a_newer_version_is_left_alone() {
    let folder = tempdir().unwrap();
    let store = store_in(folder.path());
    run(&mut ingest(Path::new(DESERT), &store)).done();
    let newer = Connection::open(&store).unwrap();
    newer.execute("UPDATE rasid_meta SET value = '99' WHERE key = 'schema_version'", []).unwrap();
    newer.pragma_update(None, "journal_mode", "DELETE").unwrap();
    drop(newer);
    is_left_alone(&store, &["rasid.gpkg", "schema 99", "use a newer rasid"]);
}

#[test]
fn a_locked_store_is_told_to_be_locked_and_nothing_is_lost() {
    let folder = tempdir().unwrap();
    let store = store_in(folder.path());
    run(&mut ingest(Path::new(DESERT), &store)).done();
    let holder = Connection::open(&store).unwrap();
    holder.execute_batch("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE").unwrap();

    let ran = run(&mut ingest(Path::new(SAMPLES), &store));

    ran.refused(1, &["rasid.gpkg", "is locked by another program", "try again"]);
    drop(holder);
    let again = run(&mut ingest(Path::new(DESERT), &store)).done();
    assert!(again.err.contains("0 articles with 0 events kept, 1 there already"), "{again:#?}");
}

#[test]
fn a_store_in_a_missing_folder_is_refused() {
    let folder = tempdir().unwrap();
    let store = folder.path().join("missing/rasid.gpkg");
    let words = ["missing/rasid.gpkg", "cannot open store", "its folder must exist"];
    run(&mut ingest(Path::new(DESERT), &store)).refused(1, &words);
    assert!(!folder.path().join("missing").exists());
}

#[test]
fn a_folder_is_no_store() {
    let folder = tempdir().unwrap();
    let words = ["is not a rasid store", "a folder", "--store"];
    run(&mut ingest(Path::new(DESERT), folder.path())).refused(1, &words);
}

#[test]
fn a_store_that_may_not_be_written_is_refused() {
    let folder = tempdir().unwrap();
    let store = store_in(folder.path());
    run(&mut ingest(Path::new(DESERT), &store)).done();
    let closed = folder.path().join("closed");
    fs::create_dir(&closed).unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
    fs::set_permissions(&store, fs::Permissions::from_mode(0o444)).unwrap();

    let ran = run(&mut bound(ingest(Path::new(SAMPLES), &store), &closed));

    ran.refused(1, &["rasid.gpkg", "read-only", "writable"]);
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o700)).unwrap();
}
