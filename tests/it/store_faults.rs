//! The store under what happens to disks and processes, with the built program.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags};
use serde_json::json;
use tempfile::{TempDir, tempdir};

use crate::app::{
    Rasid, TOKEN, ended, file, program, rasid, run, sorted, starting, store_in, unprivileged, until,
};

/// How often the program is killed.
const KILLS: u64 = 200;

/// So many stores are filled and killed side by side.
const STORES: u64 = 4;

/// The blow falls so many milliseconds, at most, behind the first article of a run.
const LONGEST: u64 = 150;

/// Few places, so that the program is there at once.
const PLACES: &str = r#"{ "type": "FeatureCollection", "features": [
    { "type": "Feature", "id": "t:1", "geometry": { "type": "Point", "coordinates": [36.72, 35.90] },
      "properties": { "id": "t:1", "name_en": "Sarmin", "name_ar": "سرمين", "kind": "town", "admin1": "Idlib", "admin1_pcode": "SY07", "source": "test" } },
    { "type": "Feature", "id": "t:2", "geometry": { "type": "Point", "coordinates": [36.60, 35.81] },
      "properties": { "id": "t:2", "name_en": "Ariha", "name_ar": "أريحا", "kind": "town", "admin1": "Idlib", "admin1_pcode": "SY07", "source": "test" } }
] }"#;

/// Articles of a folder, two or three on each happening.
struct Articles {
    folder: TempDir,
    places: PathBuf,
    count: usize,
}

impl Articles {
    fn new(count: usize) -> Self {
        let folder = tempdir().unwrap();
        let places = file(&folder, "places.geojson", PLACES);
        fs::create_dir(folder.path().join("articles")).unwrap();
        for number in 0..count {
            let (day, town) = (number / 5 % 28 + 1, ["سرمين", "أريحا"][number % 2]);
            let text = format!(
                "المقالة رقم {number}. قصفت قوات النظام بالمدفعية اليوم بلدة {town}، ما أدى إلى مقتل ثلاثة مدنيين."
            );
            let name = folder.path().join(format!("articles/{number:04}"));
            fs::write(name.with_extension("txt"), text).unwrap();
            let beside = format!(
                "published = \"2023-0{}-{day:02}\"\npublisher = \"outlet {number}\"\n",
                number / 140 % 9 + 1
            );
            fs::write(name.with_extension("toml"), beside).unwrap();
        }
        Self { folder, places, count }
    }

    fn read_by(&self, verb: &str, store: &Path) -> Command {
        let mut command = rasid();
        command.arg(verb).arg(self.folder.path().join("articles")).arg("--store").arg(store);
        command.arg("--gazetteer").arg(&self.places);
        command
    }

    fn serve(&self, store: &Path) -> Command {
        let mut command = self.read_by("serve", store);
        command.args(["--listen", "127.0.0.1:0"]).env("RASID_TOKEN", TOKEN);
        command
    }

    fn ingest(&self, store: &Path) -> Command {
        let mut command = self.read_by("ingest", store);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }
}

/// A server that only gets articles.
fn taking(folder: &TempDir) -> Command {
    let mut serve = rasid();
    serve.args(["serve", "--listen", "127.0.0.1:0", "--store"]).arg(store_in(folder.path()));
    serve.arg("--gazetteer").arg(file(folder, "places.geojson", PLACES)).env("RASID_TOKEN", TOKEN);
    serve
}

fn reader(store: &Path) -> Option<Connection> {
    Connection::open_with_flags(store, OpenFlags::SQLITE_OPEN_READ_ONLY).ok()
}

fn texts(reader: &Connection, sql: &str) -> Option<Vec<String>> {
    let mut select = reader.prepare(sql).ok()?;
    select.query_map([], |row| row.get(0)).ok()?.collect::<Result<_, _>>().ok()
}

/// The articles that a second reader sees, which are what the program has acknowledged.
fn acknowledged(store: &Path) -> BTreeSet<String> {
    let seen = reader(store).and_then(|reader| texts(&reader, "SELECT article_id FROM articles"));
    seen.into_iter().flatten().collect()
}

/// Fails unless the file is a sound GeoPackage in which every event is once, with its reports.
fn is_sound(store: &Path) {
    let reader = reader(store).unwrap();
    assert_eq!(texts(&reader, "PRAGMA integrity_check").unwrap(), ["ok"]);
    let number = |sql: &str| reader.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(number("PRAGMA application_id"), 0x4750_4B47, "GPKG");
    for sql in [
        "SELECT count(*) FROM pragma_foreign_key_check",
        "SELECT count(*) - count(DISTINCT event_id) FROM events",
        "SELECT count(*) FROM reports WHERE event_id NOT IN (SELECT event_id FROM events)",
        "SELECT count(*) FROM events WHERE event_id NOT IN (SELECT event_id FROM reports)",
        "SELECT count(*) FROM reports WHERE fid NOT IN (SELECT fid FROM reports_reach)",
        "SELECT count(*) FROM articles WHERE text_hash IS NULL",
    ] {
        assert_eq!(number(sql), 0, "{sql}");
    }
}

/// Every event but its number, in the order of the ids.
fn events(store: &Path) -> Vec<String> {
    let reader = reader(store).unwrap();
    let columns = texts(&reader, "SELECT name FROM pragma_table_info('events')").unwrap();
    let columns: Vec<String> =
        columns.iter().filter(|name| *name != "fid").map(|name| format!("quote({name})")).collect();
    let sql = format!("SELECT {} FROM events ORDER BY event_id", columns.join(" || ' ' || "));
    texts(&reader, &sql).unwrap()
}

/// The same numbers in each run (`SplitMix64`).
fn random(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[test]
fn killed_at_two_hundred_random_moments_it_loses_and_doubles_nothing() {
    let articles = Articles::new(300);
    let undisturbed = tempdir().unwrap();
    let store = store_in(undisturbed.path());
    run(&mut articles.ingest(&store)).done();
    let expected = events(&store);
    assert!(expected.len() > 50 && expected.len() < 300, "{} events", expected.len());

    let cut_short: usize = thread::scope(|scope| {
        let killing = (0..STORES).map(|seed| {
            let (articles, expected) = (&articles, &expected);
            scope.spawn(move || kill_again_and_again(articles, seed, expected))
        });
        let killing: Vec<_> = killing.collect();
        killing.into_iter().map(|kills| kills.join().unwrap()).sum()
    });

    assert!(cut_short > 50, "{cut_short} of {KILLS} fell while articles were kept");
}

/// Kills ingests of one store at moments that are the same in each run, and says how many were in the
/// middle of their work.
fn kill_again_and_again(articles: &Articles, seed: u64, expected: &[String]) -> usize {
    let mut state = seed;
    let (mut folder, mut kept) = (tempdir().unwrap(), BTreeSet::new());
    let mut cut_short = 0;
    for _ in 0..KILLS / STORES {
        let store = store_in(folder.path());
        let mut child = articles.ingest(&store).spawn().unwrap();
        // One in eight falls before anything is done.
        if !random(&mut state).is_multiple_of(8) {
            let is_at_work = || acknowledged(&store).len() > kept.len();
            until("an article more", || (is_at_work() || has_ended(&mut child)).then_some(()));
        }
        let begun = Instant::now();
        let moment = Duration::from_millis(random(&mut state) % LONGEST);
        until("the moment to come", || (begun.elapsed() >= moment).then_some(()));
        let before = acknowledged(&store);
        child.kill().unwrap();
        ended(&mut child);
        let now = acknowledged(&store);
        assert!(now.is_superset(&kept) && now.is_superset(&before), "an article is lost");
        if !now.is_empty() {
            is_sound(&store);
        }
        cut_short += usize::from(now.len() > kept.len() && now.len() < articles.count);
        kept = now;
        if kept.len() == articles.count {
            assert_eq!(events(&store), expected);
            (folder, kept) = (tempdir().unwrap(), BTreeSet::new());
        }
    }
    let store = store_in(folder.path());
    run(&mut articles.ingest(&store)).done();
    is_sound(&store);
    assert_eq!(events(&store), expected);
    cut_short
}

fn has_ended(child: &mut Child) -> bool {
    child.try_wait().unwrap().is_some()
}

/// The same where no file may grow beyond some hundred kilobytes: writes fail in the middle of a commit.
fn on_a_small_disk(command: &Command) -> Command {
    let mut limited = program("sh");
    limited.args(["-c", "trap '' XFSZ; ulimit -S -f 1200; exec \"$@\"", "sh"]);
    starting(limited, command)
}

#[test]
fn on_a_disk_that_takes_no_more_it_keeps_what_it_acknowledged() {
    let articles = Articles::new(300);
    let folder = tempdir().unwrap();
    let store = store_in(folder.path());
    let ran = run(&mut on_a_small_disk(&articles.ingest(&store)));
    ran.refused(1, &["store `", "disk"]);
    let kept = acknowledged(&store);
    assert!(!kept.is_empty() && kept.len() < 300, "{} articles kept", kept.len());
    is_sound(&store);

    run(&mut articles.ingest(&store)).done();

    assert!(acknowledged(&store).is_superset(&kept));
    let undisturbed = store_in(articles.folder.path());
    run(&mut articles.ingest(&undisturbed)).done();
    assert_eq!(events(&store), events(&undisturbed));
}

#[test]
fn a_server_on_a_disk_that_takes_no_more_answers_says_so_and_loses_nothing() {
    let articles = Articles::new(300);
    for there_is_room_again in [true, false] {
        let folder = tempdir().unwrap();
        let store = store_in(folder.path());
        let mut serve = articles.serve(&store);
        let server = Rasid::begin(tempdir().unwrap(), &mut on_a_small_disk(&serve));
        let server = server.expect_warning("cannot keep articles, trying again every second");
        let told = until("the disk to take no more", || {
            let answer = server.get("/health/ready");
            answer.body.contains("disk").then_some(answer)
        });
        assert_eq!(told.status, 503, "{told:?}");
        assert!(told.body.contains("store `rasid.gpkg`"), "{told:?}");
        let kept = acknowledged(&store);
        assert!(!kept.is_empty() && kept.len() < 300, "{} articles kept", kept.len());
        let on_disk = texts(&reader(&store).unwrap(), "SELECT event_id FROM events").unwrap();
        assert_eq!(server.ids(""), sorted(on_disk), "what is kept is answered");
        let article = json!({ "id": "handed-in", "text": "Shelling hit Sarmin." }).to_string();
        let (status, told) = server.post("/articles", TOKEN, &article);
        assert!(status == 503 && told.contains("disk"), "{status}: {told}");

        let server = if there_is_room_again {
            let id = server.id().to_string();
            run(Command::new("prlimit").args(["--pid", &id, "--fsize=unlimited"])).done();
            server
        } else {
            // Killed while it cannot keep, and begun again where there is room.
            drop(server);
            is_sound(&store);
            assert_eq!(acknowledged(&store), kept);
            Rasid::begin(tempdir().unwrap(), &mut serve)
        };
        until("all to be kept", || (server.get("/health/ready").status == 200).then_some(()));
        assert_eq!(acknowledged(&store).len(), 300);
        assert_eq!(server.post("/articles", TOKEN, &article).0, 200);
        server.stop();
        is_sound(&store);
    }
}

#[test]
fn a_server_that_only_gets_articles_is_not_ready_while_its_disk_takes_no_more() {
    let folder = tempdir().unwrap();
    let serve = taking(&folder);
    let server = Rasid::begin(folder, &mut on_a_small_disk(&serve));
    let server = server.expect_warning("cannot keep articles, trying again every second");
    let more = "More of it was told by people there. ".repeat(60);
    let article =
        |id: &str| json!({ "id": id, "text": format!("Shelling hit Sarmin, {id}. {more}") });
    let kept = Mutex::new(BTreeSet::new());
    thread::scope(|scope| {
        for client in 0..4 {
            let (server, kept, article) = (&server, &kept, &article);
            scope.spawn(move || {
                for number in 0.. {
                    let id = format!("{client}-{number}");
                    match server.post("/articles", TOKEN, &article(&id).to_string()) {
                        (200, _) => kept.lock().unwrap().insert(id),
                        (503, told) => {
                            assert!(told.contains("disk"), "it waited for others: {told}");
                            return;
                        }
                        other => panic!("{other:?}"),
                    };
                }
            });
        }
    });
    let ready = server.get("/health/ready");
    assert!(ready.status == 503 && ready.body.contains("disk"), "{ready:?}");

    let id = server.id().to_string();
    run(Command::new("prlimit").args(["--pid", &id, "--fsize=unlimited"])).done();

    until("a write to work", || (server.get("/health/ready").status == 200).then_some(()));
    assert_eq!(server.post("/articles", TOKEN, &article("last").to_string()).0, 200);
    let kept = kept.into_inner().unwrap();
    assert!(!kept.is_empty() && acknowledged(&server.store()).is_superset(&kept));
    let store = server.store();
    let _folder = server.stop();
    is_sound(&store);
}

#[test]
fn a_store_that_is_taken_away_is_noticed() {
    let articles = Articles::new(300);
    for replaced in [false, true] {
        let folder = tempdir().unwrap();
        let store = store_in(folder.path());
        let mut ingest = articles.ingest(&store);
        let mut child = ingest.stderr(Stdio::piped()).spawn().unwrap();
        until("articles to be kept", || (acknowledged(&store).len() > 4).then_some(()));
        fs::remove_file(&store).unwrap();
        if replaced {
            fs::write(&store, "").unwrap();
        }
        let ran = child.wait_with_output().unwrap();
        let told = String::from_utf8_lossy(&ran.stderr).into_owned();
        assert!(!ran.status.success(), "{told}");
        let how = if replaced { "was replaced while" } else { "was deleted while" };
        assert!(told.contains(how), "{told}");
        child = articles.ingest(&folder.path().join("another.gpkg")).spawn().unwrap();
        assert!(ended(&mut child).success());
    }
}

#[test]
fn a_store_that_is_taken_from_a_server_is_told_and_what_was_acknowledged_comes_back_with_it() {
    let mut server = Rasid::taking()
        .expect_warning("was deleted while it was in use")
        .expect_warning("was replaced while it was in use");
    let store = server.store();
    let aside = store.with_extension("aside");
    let hand_in = |id: &str| {
        let text = format!("Shelling hit the town of Sarmin in Idlib on 2 May 2024. ({id})");
        server.post("/articles", TOKEN, &json!({ "id": id, "text": text }).to_string())
    };
    let refused = |id: &str, how: &str| {
        let (status, told) = hand_in(id);
        assert!(status == 503 && told.contains(how), "{status}: {told}");
        let ready = server.get("/health/ready");
        assert!(ready.status == 503 && ready.body.contains(how), "{ready:?}");
        assert_eq!(server.ids("").len(), 1, "what is kept is answered");
    };
    assert_eq!(hand_in("before").0, 200);

    fs::rename(&store, &aside).unwrap();
    refused("while it is gone", "was deleted while it was in use");
    fs::rename(&aside, &store).unwrap();
    until("the store to be found", || (server.get("/health/ready").status == 200).then_some(()));
    assert_eq!(hand_in("after").0, 200);

    fs::rename(&store, &aside).unwrap();
    fs::write(&store, "").unwrap();
    refused("while another is there", "was replaced while it was in use");
    server.terminate();
    let (status, told) = server.ends();
    assert!(!status.success() && told.contains("put it back and start again"), "{told}");
    fs::rename(&aside, &store).unwrap();
    let kept = acknowledged(&store);
    assert!(kept.contains("before") && kept.contains("after"), "{kept:?}");
    is_sound(&store);
}

#[test]
fn a_store_made_read_only_under_a_server_loses_nothing_and_is_told_at_its_next_start() {
    let folder = tempdir().unwrap();
    let mut serve = unprivileged(&taking(&folder));
    let server = Rasid::start(folder, &mut serve);
    let store = server.store();
    let hand_in = |id: &str| {
        let article = json!({ "id": id, "text": format!("Shelling hit Sarmin, {id}.") });
        server.post("/articles", TOKEN, &article.to_string()).0
    };
    assert_eq!(hand_in("before"), 200);

    let permit = |mode: &str| {
        run(Command::new("chmod").arg(mode).arg(&store).arg(store.parent().unwrap())).done();
    };
    permit("a-w");
    let then = hand_in("after");
    assert!(then == 200 || then == 503, "{then}");
    let folder = server.stop();

    let kept = acknowledged(&store);
    assert!(kept.contains("before") && (kept.contains("after") == (then == 200)), "{kept:?}");
    run(&mut serve).refused(1, &["store `", "read-only", "writable"]);
    permit("u+w");
    is_sound(&store);
    drop(folder);
}

#[test]
fn a_store_in_use_is_backed_up_whole_and_restored() {
    let articles = Articles::new(120);
    let folder = tempdir().unwrap();
    let store = store_in(folder.path());
    let copy = folder.path().join("copy.gpkg");
    let mut child = articles.ingest(&store).spawn().unwrap();
    until("articles to be kept", || (acknowledged(&store).len() > 4).then_some(()));
    let backup = || {
        let mut backup = rasid();
        backup.arg("backup").arg("--store").arg(&store).arg("-o").arg(&copy);
        run(&mut backup)
    };
    backup().done();
    is_sound(&copy);
    let then = acknowledged(&copy);
    assert!(then.len() > 4);
    backup().refused(1, &["is there already"]);
    assert!(ended(&mut child).success());

    let restore = |from: &Path, flags: &[&str]| {
        run(rasid().arg("restore").arg(from).arg("--store").arg(&store).args(flags))
    };
    restore(&copy, &[]).refused(1, &["is there already"]);
    let no_store = file(&folder, "note.txt", "no store");
    restore(&no_store, &["--force"]).refused(1, &["is not a rasid store"]);
    assert_eq!(acknowledged(&store).len(), 120, "the store stays as it is");
    restore(&copy, &["--force"]).done();
    assert_eq!(acknowledged(&store), then);
    assert!(!folder.path().join("copy.gpkg.partial").exists());
    run(&mut articles.ingest(&store)).done();
    is_sound(&store);
}

#[test]
fn a_store_of_the_first_version_is_carried_on() {
    let articles = Articles::new(10);
    let folder = tempdir().unwrap();
    let store = store_in(folder.path());
    let old = Connection::open(&store).unwrap();
    old.execute_batch(include_str!("../../src/store/migrations/0001_start.sql")).unwrap();
    old.execute_batch(
        "INSERT INTO rasid_meta VALUES ('schema_version', '1');
         INSERT INTO articles (article_id, publisher, title, lang, published, text, sha256)
         VALUES ('old', 'an outlet', 'a title', 'ar', '2023-01-01', 'قصف سرمين', 'x');
         INSERT INTO events (event_id, event_type, sub_event_type, disorder_type, certainty, confidence, review,
             evidence, evidence_start, evidence_end, article_id, n_sources, extractor)
         VALUES ('old-1', 'Explosions/Remote violence', 'Shelling/artillery/missile attack', 'Political violence',
             'asserted', 0.5, 'confirmed', 'قصف سرمين', 0, 9, 'old', 1, 'rasid 0.0.1');",
    )
    .unwrap();
    drop(old);

    run(&mut articles.ingest(&store)).done();

    is_sound(&store);
    let reader = reader(&store).unwrap();
    let kept = texts(&reader, "SELECT event_id FROM events WHERE article_id = 'old'").unwrap();
    assert_eq!(kept, ["old-1"]);
    assert_eq!(texts(&reader, "SELECT review FROM reviews").unwrap(), ["confirmed"]);
    assert_eq!(acknowledged(&store).len(), 11);
}

#[test]
fn articles_are_read_again_with_other_words_and_keep_their_ids() {
    let articles = Articles::new(20);
    let folder = tempdir().unwrap();
    let store = store_in(folder.path());
    run(&mut articles.ingest(&store)).done();
    let before = events(&store);
    // A town is called otherwise now.
    let places = file(&folder, "places.geojson", PLACES.replace("\"Sarmin\"", "\"Sarmeen\""));
    let again = |flags: &[&str]| {
        let mut command = rasid();
        command.arg("reextract").arg("--store").arg(&store).args(flags);
        run(command.arg("--gazetteer").arg(&places)).done()
    };
    let told = again(&["--dry-run"]);
    assert!(told.out.contains("location \"Sarmin\" -> \"Sarmeen\""), "{told:#?}");
    assert!(told.err.contains("20 articles read again: 0 added, 0 gone, 10 changed"), "{told:#?}");
    assert_eq!(events(&store), before);

    assert_eq!(again(&[]).out, told.out);

    let renamed: Vec<String> =
        before.iter().map(|row| row.replace("'Sarmin'", "'Sarmeen'")).collect();
    assert_eq!(events(&store), renamed);
    assert_eq!(again(&[]).out, "");
    assert_eq!(
        again(&["--since", "2030-01-01"]).err.lines().last(),
        Some("0 articles read again: 0 added, 0 gone, 0 changed")
    );
    is_sound(&store);
}
