use std::fs;
use std::path::Path;
use std::thread;

use proptest::prelude::*;
use tempfile::TempDir;

use super::samples::{article, event, scattered};
use super::*;
use crate::model::event::{PropertyType, Source};
use crate::model::query::Limit;

struct TestStore {
    folder: TempDir,
    store: Store,
}

impl TestStore {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = open(&folder.path().join("rasid.gpkg")).unwrap();
        Self { folder, store }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("rasid.gpkg")
    }

    /// Keeps some articles of three events each.
    fn fill(&self, articles: usize) {
        for number in 0..articles {
            let article = article(number);
            let events: Vec<Event> = (0..3).map(|n| event(&article, number * 3 + n)).collect();
            assert_eq!(self.store.insert(&article, &events).unwrap(), Inserted::New { events: 3 });
        }
    }

    fn is_kept(&self, id: &ArticleId) -> bool {
        self.store.known(&[(id, None)]).unwrap() != [None]
    }

    fn sql(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.path()).unwrap()
    }
}

fn open(path: &Path) -> Result<Store, Error> {
    Store::open(&Options { path: path.to_owned() })
}

fn all(store: &Store) -> Vec<String> {
    let limit = Limit::new(10_000).unwrap();
    store.page(&EventQuery { limit, ..EventQuery::default() }).features().collect()
}

#[test]
fn the_table_has_every_property_in_order_and_type() {
    let test = TestStore::new();
    let sql = test.sql();
    let mut columns = sql.prepare("SELECT name, type FROM pragma_table_info('events')").unwrap();
    let columns = columns.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    let columns: Vec<(String, String)> = columns.map(Result::unwrap).skip(3).collect();
    let expected = PROPERTIES.iter().map(|&(name, kind, _)| {
        let kind = match kind {
            PropertyType::Integer => "INTEGER",
            PropertyType::Real => "REAL",
            PropertyType::Date => "DATE",
            PropertyType::Text | PropertyType::Enum(_) | PropertyType::List => "TEXT",
        };
        (name.to_owned(), kind.to_owned())
    });
    assert_eq!(columns, expected.collect::<Vec<_>>());
}

#[test]
fn what_is_kept_is_the_feature_of_the_event() {
    let test = TestStore::new();
    let article = article(1);
    let events: Vec<Event> = (0..80).map(|number| event(&article, number)).collect();
    test.store.insert(&article, &events).unwrap();
    for event in &events {
        let kept = test.store.event(&event.id).unwrap();
        assert_eq!(&*kept, event.to_feature().to_string());
    }
    assert_eq!(test.store.event(&EventId("unknown".to_owned())), None);
}

#[test]
fn an_article_that_is_there_changes_nothing() {
    let test = TestStore::new();
    test.fill(2);
    let before = (all(&test.store), test.store.generation());
    let again = article(1);
    let other = [event(&again, 77)];
    assert_eq!(test.store.insert(&again, &other).unwrap(), Inserted::AlreadyThere);
    assert_eq!((all(&test.store), test.store.generation()), before);
    assert!(test.is_kept(&again.id));
    assert!(!test.is_kept(&ArticleId("a9".to_owned())));
}

#[test]
fn an_article_and_its_events_are_kept_together_or_not_at_all() {
    let test = TestStore::new();
    let article = article(1);
    let events = [event(&article, 1)];
    let failed = test.store.change(|change| {
        change.put_article(&article, None, &events, None)?;
        change.put_event(&events[0])?;
        let unknown = ArticleId("unknown".to_owned());
        change.put_event(&Event {
            source: Source { article_id: unknown, ..events[0].source.clone() },
            ..events[0].clone()
        })
    });
    assert!(matches!(failed, Err(Error::Refused { .. })), "{failed:?}");
    assert!(!test.is_kept(&article.id));
    assert_eq!(test.store.count(), 0);
    test.store.insert(&article, &events).unwrap();
    assert_eq!(test.store.count(), 1);
}

#[test]
fn opened_again_it_answers_the_same() {
    let test = TestStore::new();
    test.fill(20);
    let again = open(&test.path()).unwrap();
    assert_eq!(all(&again), all(&test.store));
    assert_eq!(again.generation(), test.store.generation());
    assert_eq!(again.extent(), test.store.extent());
}

#[test]
fn a_bulk_from_elsewhere_is_taken_in_at_once() {
    let test = TestStore::new();
    test.fill(2);
    let other = open(&test.path()).unwrap();
    let article = article(9);
    let events: Vec<Event> = (0..5_000).map(|number| event(&article, number)).collect();
    other.insert(&article, &events).unwrap();
    assert_eq!(test.store.refresh().unwrap(), 5_000);
    assert_eq!(test.store.refresh().unwrap(), 0);
    assert_eq!(all(&test.store), all(&other));
}

#[test]
fn what_another_process_replaced_or_removed_is_taken_in() {
    let test = TestStore::new();
    test.fill(4);
    let before = test.store.generation();
    samples::remove(&test.path(), "a1-4");
    samples::replace(&test.path(), "a0-0");
    samples::remove(&test.path(), "a2-8");
    assert_eq!(test.store.refresh().unwrap(), 3);
    assert_eq!(test.store.refresh().unwrap(), 0);
    assert_eq!(test.store.count(), 10);
    assert_ne!(test.store.generation(), before);
    assert_eq!(test.store.event(&EventId("a1-4".to_owned())), None);
    let replaced = test.store.event(&EventId("a0-0".to_owned())).unwrap();
    assert!(replaced.contains("\"fatalities\":3,"), "{replaced}");

    let again = open(&test.path()).unwrap();
    assert_eq!((all(&again), again.last()), (all(&test.store), test.store.last()));
    assert_eq!(again.generation(), test.store.generation());
    assert_eq!(again.extent(), test.store.extent());
}

#[test]
fn two_writers_see_each_others_events_in_one_order() {
    let test = TestStore::new();
    let other = open(&test.path()).unwrap();
    thread::scope(|scope| {
        for (store, from) in [(&test.store, 0), (&other, 100)] {
            scope.spawn(move || {
                for number in from..from + 20 {
                    let article = article(number);
                    store.insert(&article, &[event(&article, number)]).unwrap();
                }
            });
        }
    });
    test.store.refresh().unwrap();
    other.refresh().unwrap();
    assert_eq!(test.store.count(), 40);
    assert_eq!(all(&test.store), all(&other));
}

#[test]
fn the_geopackage_tells_the_truth_about_its_tables() {
    let test = TestStore::new();
    test.fill(10);
    let sql = test.sql();
    let extent: [f64; 4] = sql
        .query_row(
            "SELECT min_x, min_y, max_x, max_y FROM gpkg_contents WHERE table_name = 'events'",
            [],
            |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?]),
        )
        .unwrap();
    assert_eq!(Some(extent), test.store.extent().bbox);
    let id: i64 = sql.pragma_query_value(None, "application_id", |row| row.get(0)).unwrap();
    assert_eq!(id.to_string(), 0x4750_4B47.to_string());
    for check in ["integrity_check", "foreign_key_check"] {
        let mut wrong = sql.prepare(&format!("PRAGMA {check}")).unwrap();
        let wrong = wrong.query_map([], |row| row.get::<_, String>(0)).unwrap();
        assert!(wrong.map(Result::unwrap).all(|told| told == "ok"), "{check}");
    }
}

#[test]
fn a_spatial_index_added_by_a_gis_program_does_not_stop_writing() {
    let test = TestStore::new();
    test.sql()
        .execute_batch(
            "CREATE VIRTUAL TABLE rtree_events_geom USING rtree (id, minx, maxx, miny, maxy);
             CREATE TRIGGER rtree_events_geom_insert AFTER INSERT ON events
             WHEN (new.geom NOT NULL AND NOT ST_IsEmpty(NEW.geom)) BEGIN
                 INSERT OR REPLACE INTO rtree_events_geom VALUES (
                     NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom));
             END",
        )
        .unwrap();
    test.fill(5);
    let count = "SELECT count(*) FROM rtree_events_geom";
    let indexed: i64 = test.sql().query_row(count, [], |row| row.get(0)).unwrap();
    assert_eq!(indexed, 14, "the eleventh has no place");
}

#[test]
fn what_was_acknowledged_survives_a_killed_process() {
    let test = TestStore::new();
    test.fill(5);
    // The files as a killed process leaves them: nothing closed, nothing checkpointed.
    let left = tempfile::tempdir().unwrap();
    for name in ["rasid.gpkg", "rasid.gpkg-wal"] {
        fs::copy(test.folder.path().join(name), left.path().join(name)).unwrap();
    }
    let again = open(&left.path().join("rasid.gpkg")).unwrap();
    assert_eq!(all(&again), all(&test.store));
    let article = article(4);
    assert_eq!(again.insert(&article, &[]).unwrap(), Inserted::AlreadyThere);
}

#[test]
fn a_foreign_file_is_refused_and_left_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("text"), "not a database, but longer than a header ".repeat(9)).unwrap();
    fs::write(at("short"), "x").unwrap();
    let sqlite = rusqlite::Connection::open(at("sqlite")).unwrap();
    sqlite.execute_batch("CREATE TABLE t (x); INSERT INTO t VALUES (1)").unwrap();
    let foreign = rusqlite::Connection::open(at("gpkg")).unwrap();
    foreign.execute_batch("PRAGMA application_id = 1196444487; CREATE TABLE t (x)").unwrap();
    for (name, why) in [
        ("text", "not an SQLite file"),
        ("short", "not an SQLite file"),
        ("sqlite", "an SQLite file of another program"),
        ("gpkg", "a GeoPackage of another program"),
    ] {
        let before = fs::read(at(name)).unwrap();
        let told = open(&at(name)).unwrap_err().to_string();
        assert!(told.contains(why) && told.contains(name) && told.contains("--store"), "{told}");
        assert_eq!(fs::read(at(name)).unwrap(), before, "{name}");
    }
    let told = open(folder.path()).unwrap_err().to_string();
    assert!(told.contains("a folder"), "{told}");
    let told = open(&at("no/such/folder.gpkg")).unwrap_err().to_string();
    assert!(told.contains("its folder must exist"), "{told}");
}

#[test]
fn an_empty_file_becomes_a_store() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("empty.gpkg");
    fs::write(&path, "").unwrap();
    assert_eq!(open(&path).unwrap().count(), 0);
    assert_eq!(open(&path).unwrap().count(), 0);
}

#[test]
fn a_damaged_file_is_named() {
    let test = TestStore::new();
    test.fill(40);
    let TestStore { folder, store } = test;
    drop(store);
    let path = folder.path().join("rasid.gpkg");
    let whole = fs::read(&path).unwrap();
    let mut scrambled = whole.clone();
    scrambled[4096..].fill(0x5A);
    for damaged in [&whole[..50], &whole[..whole.len() / 2], &scrambled] {
        fs::write(&path, damaged).unwrap();
        let error = open(&path).unwrap_err();
        assert!(matches!(error, Error::Corrupt { .. }), "{error:?}");
        assert!(error.to_string().contains("rasid.gpkg"), "{error}");
    }
}

#[test]
fn a_file_of_a_newer_rasid_is_not_touched() {
    let test = TestStore::new();
    test.sql().execute("UPDATE rasid_meta SET value = '9'", []).unwrap();
    let error = open(&test.path()).unwrap_err();
    assert!(matches!(error, Error::Newer { found: 9, .. }), "{error:?}");
}

#[test]
fn a_full_disk_loses_nothing_that_was_kept() {
    let test = TestStore::new();
    test.fill(2);
    {
        let mut engine = test.store.engine();
        let Engine::Sqlite(database) = &mut *engine else { unreachable!("it is a file") };
        database.allow_pages(1);
    }
    let mut large = article(7);
    large.text = "نص طويل ".repeat(100_000);
    let events = [event(&large, 7)];
    let error = test.store.insert(&large, &events).unwrap_err();
    assert!(matches!(error, Error::Full { .. }), "{error:?}");
    assert_eq!(test.store.count(), 6);
    {
        let mut engine = test.store.engine();
        let Engine::Sqlite(database) = &mut *engine else { unreachable!("it is a file") };
        database.allow_pages(1_000_000);
    }
    assert_eq!(test.store.insert(&large, &events).unwrap(), Inserted::New { events: 1 });
}

#[test]
fn a_store_locked_by_another_program_is_told_apart() {
    let test = TestStore::new();
    {
        let mut engine = test.store.engine();
        let Engine::Sqlite(database) = &mut *engine else { unreachable!("it is a file") };
        database.wait_no_longer();
    }
    let other = test.sql();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let article = article(1);
    let error = test.store.insert(&article, &[]).unwrap_err();
    assert!(matches!(error, Error::Busy { .. }), "{error:?}");
    other.execute_batch("ROLLBACK").unwrap();
    test.store.insert(&article, &[]).unwrap();
}

#[test]
fn a_reader_does_not_wait_for_a_writer() {
    let test = TestStore::new();
    test.fill(2);
    let _writing = test.store.engine();
    assert_eq!(all(&test.store).len(), 6);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn any_events_are_the_same_after_reopening(events in scattered()) {
        let test = TestStore::new();
        let article = article(0);
        test.store.insert(&article, &events).unwrap();
        prop_assert_eq!(test.store.insert(&article, &events).unwrap(), Inserted::AlreadyThere);
        let again = open(&test.path()).unwrap();
        prop_assert_eq!(all(&again), all(&test.store));
        for event in &events {
            prop_assert_eq!(event.to_text(), event.to_feature().to_string());
            prop_assert_eq!(&*again.event(&event.id).unwrap(), event.to_text());
        }
    }
}

#[test]
fn an_older_store_knows_what_was_imported_by_quotations_only() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rasid.gpkg");
    let sql = rusqlite::Connection::open(&path).unwrap();
    gpkg::register_functions(&sql).unwrap();
    for migration in &sqlite::MIGRATIONS[..2] {
        sql.execute_batch(migration).unwrap();
    }
    sql.execute("INSERT OR REPLACE INTO rasid_meta VALUES ('schema_version', '2')", []).unwrap();
    for (number, extractor) in ["rasid 0.1.0", "UCDP GED"].into_iter().enumerate() {
        let article = article(number);
        let insert =
            "INSERT INTO articles (article_id, lang, text, sha256) VALUES (?, 'ar', ?, '')";
        sql.execute(insert, [&article.id.0, &article.text]).unwrap();
        let mut event = event(&article, number);
        event.source.extractor = extractor.to_owned();
        let cells = rusqlite::params_from_iter(sqlite::cells(&event));
        sql.execute(&sqlite::INSERT_EVENT, cells).unwrap();
    }
    drop(sql);
    let store = open(&path).unwrap();
    let ids = [article(0).id, article(1).id];
    let known = store.known(&[(&ids[0], None), (&ids[1], None)]).unwrap();
    let quoted_only: Vec<bool> =
        known.into_iter().map(|known| known.unwrap().is_quoted_only).collect();
    assert_eq!(quoted_only, [false, true]);
}

/// What is answered by a store that is opened now, and by one that has no index kept.
fn opened_twice(test: &TestStore) -> [Vec<String>; 2] {
    let with = all(&open(&test.path()).unwrap());
    snapshot::remove(&test.path()).unwrap();
    [with, all(&open(&test.path()).unwrap())]
}

fn seal(test: &TestStore) -> Option<String> {
    seal::read(&test.sql()).unwrap()
}

#[test]
fn a_kept_index_is_read_with_what_came_since() {
    let test = TestStore::new();
    test.fill(4);
    assert!(test.store.keep_index_of(1).unwrap());
    assert!(!test.store.keep_index_of(1).unwrap(), "nothing is new");
    let kept = snapshot::read(&test.path(), &seal(&test).unwrap()).unwrap();
    assert_eq!((kept.len(), kept.last()), (12, test.store.last()));
    // One more article, one event changed and one gone, each by this program.
    let (more, first) = (article(9), EventId("a0-0".to_owned()));
    test.store.insert(&more, &[event(&more, 27)]).unwrap();
    let changed = Event { id: first.clone(), ..event(&article(0), 5) };
    test.store.change(|change| change.put_event(&changed)).unwrap();
    test.store.change(|change| change.remove_event(&EventId("a1-3".to_owned()))).unwrap();
    assert!(snapshot::read(&test.path(), &seal(&test).unwrap()).is_some());
    let [with, without] = opened_twice(&test);
    assert_eq!(with, without);
    assert_eq!((with.len(), with), (12, all(&test.store)));
}

#[test]
fn a_kept_index_is_not_read_of_events_that_another_program_changed() {
    for sql in [
        "UPDATE events SET location = 'Binnish' WHERE event_id = 'a0-1'",
        "DELETE FROM events WHERE event_id = 'a0-1'",
        "INSERT INTO events SELECT * FROM left_out",
    ] {
        let test = TestStore::new();
        test.fill(2);
        let file = test.sql();
        gpkg::register_functions(&file).unwrap();
        file.execute("CREATE TEMP TABLE left_out AS SELECT * FROM events WHERE fid = 3", [])
            .unwrap();
        test.store.change(|change| change.remove_event(&EventId("a0-2".to_owned()))).unwrap();
        assert!(test.store.keep_index_of(1).unwrap());
        assert_eq!(file.execute(sql, []).unwrap(), 1);
        assert_eq!(seal(&test), None, "{sql}");
        // Nor is it written by whoever has the events as they were.
        let more = article(9);
        test.store.insert(&more, &[event(&more, 27)]).unwrap();
        assert!(!test.store.keep_index_of(1).unwrap());
        let [with, without] = opened_twice(&test);
        assert_eq!(with, without, "{sql}");
    }
}

#[test]
fn a_kept_index_that_is_damaged_is_made_anew() {
    let test = TestStore::new();
    test.fill(3);
    assert!(test.store.keep_index_of(1).unwrap());
    let path = test.folder.path().join("rasid.gpkg.index");
    let whole = fs::read(&path).unwrap();
    for damaged in [&whole[..whole.len() / 2], &whole[1..], b"", b"something else"] {
        fs::write(&path, damaged).unwrap();
        assert_eq!(all(&open(&test.path()).unwrap()), all(&test.store));
    }
    // That of another store, too.
    let other = TestStore::new();
    fs::write(other.folder.path().join("rasid.gpkg.index"), whole).unwrap();
    assert_eq!(open(&other.path()).unwrap().count(), 0);
}
