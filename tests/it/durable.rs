//! What is kept stays, whatever happens to the program that keeps it.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use rusqlite::{Connection, OpenFlags};
use tempfile::tempdir;

use crate::app::{Rasid, SAMPLE_ARTICLES, SAMPLES, ended, quick, run, sorted, store_in, until};

fn ingest(store: &Path) -> Command {
    let mut command = quick();
    command.args(["ingest", SAMPLES, "--store"]).arg(store);
    command
}

fn start(mut command: Command) -> Child {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// A second reader of the store; `None` as long as there is nothing to read.
fn reader(store: &Path) -> Option<Connection> {
    Connection::open_with_flags(store, OpenFlags::SQLITE_OPEN_READ_ONLY).ok()
}

/// How many articles a second reader sees.
fn articles(store: &Path) -> Option<usize> {
    count(&reader(store)?, "articles").ok()
}

fn count(reader: &Connection, table: &str) -> rusqlite::Result<usize> {
    let rows: u32 =
        reader.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0))?;
    Ok(rows as usize)
}

/// Every row of a table but its sequence number and the time of its keeping, as text, in the order of
/// that number.
fn rows(store: &Path, table: &str) -> Vec<String> {
    let reader = reader(store).unwrap();
    let mut select = reader.prepare(&format!("SELECT * FROM {table} ORDER BY 1")).unwrap();
    let names = select.column_names().enumerate();
    let columns = names.skip(1).filter(|(_, name)| *name != "fetched").map(|(at, _)| at);
    let columns: Vec<usize> = columns.collect();
    let rows = select.query_map([], |row| {
        (columns.iter().copied())
            .map(|at| row.get_ref(at).map(|cell| format!("{cell:?}")))
            .collect::<Result<String, _>>()
    });
    rows.unwrap().map(Result::unwrap).collect()
}

/// Fails unless the file is sound, and every event belongs to an article that is there.
fn is_sound(store: &Path) {
    let reader = reader(store).unwrap();
    let told: String = reader.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(told, "ok");
    assert_eq!(count(&reader, "pragma_foreign_key_check"), Ok(0));
}

/// Kills an ingest when so many articles are kept, and says how many were in the end.
fn kill_after(store: &Path, seen: usize) -> usize {
    let mut child = start(ingest(store));
    until("articles to be kept", || articles(store).filter(|&kept| kept >= seen));
    child.kill().unwrap();
    child.wait().unwrap();
    articles(store).unwrap()
}

#[test]
fn killed_at_any_moment_and_begun_again_it_ends_with_the_same_events() {
    let undisturbed = Rasid::quick(&[SAMPLES]);
    // Events of one day come in the order of their commits, which depends on what was ready together.
    let expected = sorted(undisturbed.features(""));
    for seen in [1, 5, 12] {
        // On a fast machine the whole work may be done before the blow falls.
        let (folder, kept) = until("an ingest to be cut short", || {
            let folder = tempdir().unwrap();
            let kept = kill_after(&store_in(folder.path()), seen);
            (kept < SAMPLE_ARTICLES).then_some((folder, kept))
        });
        let store = store_in(folder.path());

        assert!(kept >= seen, "what a reader has seen is kept");
        is_sound(&store);
        assert_eq!(rows(&store, "articles")[..], rows(&undisturbed.store(), "articles")[..kept]);
        let again = run(&mut ingest(&store)).done();
        let told = format!("{kept} there already, 0 not read");
        assert!(again.err.contains(&told), "{again:#?}");
        is_sound(&store);
        let found = sorted(Rasid::quick_in(folder, &[]).features(""));
        assert_eq!(found, expected, "killed after {kept} articles");
    }
}

#[test]
fn killed_again_and_again_it_loses_nothing_that_was_kept() {
    let folder = tempdir().unwrap();
    let store = store_in(folder.path());
    let mut kept = 0;
    while kept + 4 < SAMPLE_ARTICLES {
        let now = kill_after(&store, kept + 3);
        assert!(now >= kept + 3);
        is_sound(&store);
        kept = now;
    }
    run(&mut ingest(&store)).done();
    let found = sorted(Rasid::quick_in(folder, &[]).features(""));
    assert_eq!(found, sorted(Rasid::quick(&[SAMPLES]).features("")));
}

#[test]
fn killed_while_it_reads_a_server_begins_again_where_it_was() {
    let folder = tempdir().unwrap();
    let store = store_in(folder.path());
    let mut serve = quick();
    serve.args(["serve", SAMPLES, "--listen", "127.0.0.1:0", "--store"]).arg(&store);
    let mut child = start(serve);
    until("articles to be kept", || articles(&store).filter(|&kept| kept >= 3));
    child.kill().unwrap();
    child.wait().unwrap();

    let again = Rasid::quick_in(folder, &[SAMPLES]);

    let expected = sorted(Rasid::quick(&[SAMPLES]).features(""));
    assert_eq!(sorted(again.features("")), expected);
}

#[test]
fn ingested_twice_nothing_changes() {
    let folder = tempdir().unwrap();
    let store = store_in(folder.path());
    let tables = ["articles", "events", "gpkg_contents"];
    let first = run(&mut ingest(&store)).done();
    assert!(first.err.contains("0 there already"), "{first:#?}");
    let before = tables.map(|table| rows(&store, table));

    let second = run(&mut ingest(&store)).done();

    assert!(second.err.contains("0 articles with 0 events kept"), "{second:#?}");
    assert!(second.err.contains(&format!("{SAMPLE_ARTICLES} there already")), "{second:#?}");
    assert_eq!(tables.map(|table| rows(&store, table)), before);
}

#[test]
fn served_again_the_answers_are_the_same_bytes() {
    let server = Rasid::quick(&[SAMPLES]);
    let answers = |server: &Rasid| {
        let searches = ["", "event_type=Protests", "bbox=36,35,38,37", "datetime=2025-01-01/.."];
        searches.map(|search| server.features(search))
    };
    let before = answers(&server);
    let generation = server.get("/health/ready").body;

    let again = Rasid::quick_in(server.stop(), &[SAMPLES]);

    assert_eq!(answers(&again), before);
    assert_eq!(again.get("/health/ready").body, generation);
}

#[test]
fn two_programs_that_fill_one_store_at_once_end_with_the_same_events() {
    let folder = tempdir().unwrap();
    let store = store_in(folder.path());
    let mut both = [start(ingest(&store)), start(ingest(&store))];
    for child in &mut both {
        assert!(ended(child).success());
    }
    is_sound(&store);
    assert_eq!(articles(&store), Some(SAMPLE_ARTICLES));
    let served = Rasid::quick_in(folder, &[]).features("");
    assert_eq!(sorted(served), sorted(Rasid::quick(&[SAMPLES]).features("")));
}

#[test]
fn a_server_and_an_ingest_share_one_store() {
    let server = Rasid::quick(&[SAMPLES]);
    let before = server.features("");
    let again = run(&mut ingest(&server.store())).done();
    assert!(again.err.contains("0 articles with 0 events kept"), "{again:#?}");
    assert_eq!(server.features(""), before);
}
