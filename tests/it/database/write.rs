//! Articles read into a database: the same events as in a file, by one or by many, whatever ends midway.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use tempfile::tempdir;

use super::cluster::{Cluster, PASSWORD};
use super::{store, text};
use crate::app::{
    Ran, Rasid, SAMPLE_ARTICLES, SAMPLES, ended, file, rasid, run, run_with, store_in, until,
};
use crate::tidy::read;

/// A command on a store, of somebody who knows the password.
fn on(cluster: &Cluster, verb: &str, store: &str) -> Command {
    let mut command = rasid();
    command.args([verb, "--store", store]).env("USER", "layla").env("RASID_LOG", "error");
    command.env("PGPASSWORD", PASSWORD).env("HOME", cluster.folder());
    command
}

/// The events of a store, as they are exported.
fn exported(cluster: &Cluster, store: &str) -> String {
    let mut command = on(cluster, "export", store);
    run(command.args(["-o", "-", "--format", "geojsonl"])).done().out
}

/// The same in an order that does not tell who came first.
fn sorted(events: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = events.lines().collect();
    lines.sort_unstable();
    lines
}

/// Reads the samples into a store, without a word.
fn begun(cluster: &Cluster, store: &str) -> Child {
    let mut command = on(cluster, "ingest", store);
    command.arg(SAMPLES).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().unwrap()
}

#[test]
fn the_same_articles_and_words_are_the_same_events_in_both_engines() {
    let (cluster, folder, back) = (Cluster::start(), tempdir().unwrap(), tempdir().unwrap());
    let path = store_in(folder.path());
    let (of_file, database) = (text(&path), cluster.database("events"));
    let both = |verb: &str, flags: &[&str]| -> Ran {
        let [file, server] =
            [of_file, &database].map(|store| run(on(&cluster, verb, store).args(flags)).done());
        // In which order events came depends on what was ready together.
        assert_eq!(sorted(&file.out), sorted(&server.out), "{verb} {flags:?}");
        assert_eq!(file.err, server.err, "{verb} {flags:?}");
        server
    };
    // The samples, and an article that changes.
    let told = "قصفت قوات النظام بالمدفعية اليوم بلدة سرمين شرق إدلب، ما أدى إلى مقتل ثلاثة مدنيين.";
    let about = "published = \"2023-05-05\"\nurl = \"https://example.org/a\"\n";
    file(&folder, "articles/a.toml", about);
    let changing = file(&folder, "articles/a.txt", told);
    let articles = changing.parent().unwrap();
    for sample in fs::read_dir(SAMPLES).unwrap().map(Result::unwrap) {
        if sample.file_type().unwrap().is_file() {
            fs::copy(sample.path(), articles.join(sample.file_name())).unwrap();
        }
    }
    both("ingest", &[text(articles)]);
    fs::write(&changing, told.replace("ثلاثة", "أربعة")).unwrap();
    let again = both("ingest", &[text(articles)]);
    assert!(again.err.contains("1 updated, 27 there already"), "{again:?}");
    let format = ["-o", "-", "--format", "geojsonl"];
    let events = both("export", &format);
    let ids: Vec<String> =
        events.lines().iter().map(|event| event["id"].as_str().unwrap().to_owned()).collect();
    both("review", &[&ids[0], &ids[1], "--set", "fatalities=3", "--note", "seen"]);
    both("review", &[&ids[3], "--join", &ids[4]]);
    both("reextract", &[]);
    assert_eq!(cluster.value::<i64>("events", "SELECT count(*) FROM rasid.reviews"), 3);
    // Events that were coded elsewhere: of articles that are not there.
    let coded = events
        .out
        .replace("\"id\":\"", "\"id\":\"x")
        .replace("\"article_id\":\"", "\"article_id\":\"x");
    let coded = file(&folder, "coded.geojsonl", coded);
    both("import", &[text(&coded)]);
    let all = both("export", &format);
    assert!(all.out.lines().count() > 200 && all.out.contains("\"fatalities\":3,"));

    // So are the reports, which have the order of the articles, in copies of both.
    let tallies = |store: &str, to: &str| -> Vec<String> {
        let copied = run(&mut cluster.copy(store, to)).done().out;
        copied.lines().filter(|line| line.starts_with("reports")).map(str::to_owned).collect()
    };
    let other = cluster.database("other");
    let of_server = tallies(&database, text(&store_in(back.path())));
    assert_eq!(of_server.len(), 2);
    assert_eq!(of_server, tallies(of_file, &other));
}

#[test]
fn several_who_read_the_same_lose_and_double_nothing_even_if_one_is_killed() {
    let (cluster, folder) = (Cluster::start(), store());
    let path = store_in(folder.path());
    let whole = exported(&cluster, text(&path));
    let address = cluster.database("events");
    let mut killed = begun(&cluster, &address);
    until("something to be kept", || {
        let sql =
            "SELECT count(*) FROM pg_namespace JOIN pg_class ON relnamespace = pg_namespace.oid
                   WHERE nspname = 'rasid' AND relname = 'reports_reach'";
        (cluster.value::<i64>("events", sql) > 0).then_some(())
    });
    killed.kill().unwrap();
    killed.wait().unwrap();
    let folder = tempdir().unwrap();
    let replica = Rasid::start(folder, &mut cluster.replica(&address));
    let mut both = [begun(&cluster, &address), begun(&cluster, &address)];
    for child in &mut both {
        assert!(ended(child).success());
    }
    assert_eq!(sorted(&exported(&cluster, &address)), sorted(&whole));
    let count = |table: &str| -> i64 {
        cluster.value("events", &format!("SELECT count(*) FROM rasid.{table}"))
    };
    assert_eq!(usize::try_from(count("articles")).unwrap(), SAMPLE_ARTICLES);
    assert_eq!(usize::try_from(count("events")).unwrap(), whole.lines().count());
    assert_eq!(count("reports"), count("reports_reach"));
    let last: i64 = cluster.value(
        "events",
        "SELECT greatest((SELECT max(fid) FROM rasid.events), (SELECT max(fid) FROM rasid.removed))",
    );
    until("the replica to follow", || {
        (replica.get("/health/ready").json()["sequence"] == last).then_some(())
    });
    assert_eq!(replica.features("").len(), whole.lines().count());
}

/// The statements of the docs: those for the administrator, and those once the schema is there.
pub(super) fn of_the_docs() -> [String; 2] {
    let page = read("docs/operating.md");
    let (_, section) = page.split_once("## A database").unwrap();
    let mut blocks = section.split("```sql\n").skip(1);
    [(); 2].map(|()| blocks.next().unwrap().split_once("```").unwrap().0.to_owned())
}

/// Hands in two articles, one of which no database takes.
fn handed_in(cluster: &Cluster, store: &str, id: &str) -> Ran {
    let good = serde_json::json!({
        "id": id, "published": "2023-05-05", "url": format!("https://example.org/{id}"),
        "text": "قصفت قوات النظام بالمدفعية اليوم بلدة سرمين شرق إدلب، ما أدى إلى مقتل ثلاثة مدنيين.",
    });
    let bad = serde_json::json!({ "id": format!("{id}-bad"), "text": "هادئ", "title": "a\u{0}b" });
    run_with(on(cluster, "ingest", store).arg("-"), format!("{bad}\n{good}\n").as_bytes())
}

#[test]
fn who_may_write_does_and_others_are_told_why_not() {
    let cluster = Cluster::start();
    cluster.ask("postgres", "CREATE DATABASE events");
    let [before, after] = of_the_docs();
    cluster.ask("events", &before);
    let [owner, writer, reader] = ["rasid", "rasid_ingest", "layla"].map(|role| {
        cluster.ask("postgres", &format!("ALTER ROLE {role} PASSWORD '{PASSWORD}'"));
        cluster.address(role, "events")
    });
    handed_in(&cluster, &writer, "a").refused(1, &["may not do that", "permission denied"]);
    handed_in(&cluster, &owner, "b").refused(1, &["1 of 2 articles could not be read"]);
    cluster.ask("events", &after);
    // Who may only read and write rows reads articles, and says a word.
    handed_in(&cluster, &writer, "a").refused(1, &["1 of 2 articles could not be read"]);
    let told = "SELECT count(*) FROM rasid.articles WHERE url = 'https://example.org/a'";
    assert_eq!(cluster.value::<i64>("events", told), 1, "the other one is kept");
    let newest = "SELECT event_id FROM rasid.events ORDER BY fid DESC LIMIT 1";
    let id: String = cluster.value("events", newest);
    run(on(&cluster, "review", &writer).args([&id, "--set", "fatalities=9"])).done();
    let mut client =
        postgres::Client::connect(&cluster.settings("rasid_ingest", "events"), postgres::NoTls)
            .unwrap();
    for sql in [
        "DELETE FROM rasid.reviews",
        "UPDATE rasid.rasid_meta SET value = '1'",
        "INSERT INTO rasid.removed VALUES (1, 'x')",
        "TRUNCATE rasid.events",
        "DROP SCHEMA rasid CASCADE",
    ] {
        let error = client.batch_execute(sql).unwrap_err();
        let told = error.as_db_error().unwrap().message();
        let is_refused = told.contains("permission denied") || told.contains("must be owner");
        assert!(is_refused, "{sql}: {told}");
    }
    handed_in(&cluster, &reader, "c").refused(1, &["may not do that", "permission denied"]);
    assert!(exported(&cluster, &reader).contains("\"fatalities\":9"));

    let standby = cluster.standby();
    let copy = standby.address("rasid", "events");
    handed_in(&standby, &copy, "c").refused(1, &["takes no writes", "name the server that does"]);
    cluster.ask("events", "INSERT INTO rasid.rasid_meta VALUES ('copying', '')");
    handed_in(&cluster, &writer, "c").refused(1, &["a copy into", "is not finished"]);
    let backup = run(on(&cluster, "backup", &owner).args(["-o", "x"]));
    backup.refused(2, &["not the name of a file", "rasid copy"]);
    assert!(!Path::new("x").exists());
}
