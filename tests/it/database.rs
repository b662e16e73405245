//! A store in a database: copied there and back, by whoever may, and never by half.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, Stdio};

use rusqlite::Connection;
use tempfile::{TempDir, tempdir};

mod cluster;
mod contract;
mod fleet;
mod kept;
mod replica;
mod write;

use self::cluster::{Cluster, PASSWORD};
use crate::app::{Rasid, SAMPLES, ended, file, program, rasid, run, store_in, until};
use crate::tidy::read;

/// What is copied, in this order.
const TABLES: [&str; 8] = [
    "articles",
    "revisions",
    "events",
    "removed",
    "reports",
    "reports_reach",
    "reviews",
    "sources",
];

/// A store with articles and their events.
fn store() -> TempDir {
    let folder = tempdir().unwrap();
    run(rasid().args(["ingest", SAMPLES, "--store"]).arg(store_in(folder.path()))).done();
    folder
}

/// The same with something in every table.
fn full() -> TempDir {
    let folder = store();
    let store = store_in(folder.path());
    let on = |verb: &str| {
        let mut command = rasid();
        command.arg(verb).arg("--store").arg(&store);
        command
    };
    // An article that is changed and loses an event.
    let text = "قصفت قوات النظام بالمدفعية اليوم بلدة سرمين شرق إدلب، ما أدى إلى مقتل ثلاثة مدنيين.";
    let article = file(&folder, "changing/a.txt", format!("{text}\n\\ \t tab"));
    file(
        &folder,
        "changing/a.toml",
        "published = \"2023-05-05\"\nurl = \"https://example.org/a\"\n",
    );
    run(on("ingest").arg(article.parent().unwrap())).done();
    fs::write(&article, "لم يحدث شيء في بلدة سرمين.").unwrap();
    run(on("ingest").arg(article.parent().unwrap())).done();
    let sql = Connection::open(&store).unwrap();
    let id: String =
        sql.query_row("SELECT event_id FROM events LIMIT 1", [], |row| row.get(0)).unwrap();
    run(on("review").arg(&id).args(["--set", "fatalities=3", "--by", "Layla", "--note", "ليلى"]))
        .done();
    sql.execute_batch(
        "INSERT OR IGNORE INTO sources VALUES ('https://example.org/feed', 'here', '{\"a\": 1}')",
    )
    .unwrap();
    folder
}

/// The numbers that sequences gave last.
fn sequences(store: &Path) -> Vec<(String, i64)> {
    let sql = Connection::open(store).unwrap();
    let mut select = sql.prepare("SELECT name, seq FROM sqlite_sequence ORDER BY name").unwrap();
    let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

/// Starts a copy and waits until it waits for a lock.
fn begun(cluster: &Cluster, from: &str, to: &str) -> Child {
    let mut command = cluster.copy(from, to);
    let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    until("the copy to wait", || {
        let sql = "SELECT count(*) FROM pg_stat_activity
                   WHERE application_name = 'rasid' AND wait_event_type = 'Lock'";
        (cluster.value::<i64>("postgres", sql) > 0).then_some(())
    });
    child
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn a_store_goes_into_a_database_and_comes_back_as_it_was() {
    let (cluster, folder, back) = (Cluster::start(), full(), tempdir().unwrap());
    let (from, to) = (store_in(folder.path()), store_in(back.path()));
    let address = cluster.database("events");
    let there = run(&mut cluster.copy(&from, &address)).done();
    assert!(there.err.contains("the same on both sides"), "{there:?}");
    for (line, table) in there.out.lines().zip(TABLES) {
        let rows: i64 = cluster.value("events", &format!("SELECT count(*) FROM rasid.{table}"));
        assert!(
            rows > 0 && line.starts_with(&format!("{table}\t{rows}\t")),
            "{table} {rows}: {line}"
        );
    }
    let back_again = run(&mut cluster.copy(&address, &to)).done();
    assert_eq!(back_again.out, there.out, "counts and hashes");
    assert_eq!(sequences(&to), sequences(&from));
    assert!(!to.with_extension("gpkg.copying").exists());
    let bounds = |store: &Path| -> f64 {
        let sql = "SELECT max_y - min_x FROM gpkg_contents WHERE table_name = 'events'";
        Connection::open(store).unwrap().query_row(sql, [], |row| row.get(0)).unwrap()
    };
    assert!((bounds(&to) - bounds(&from)).abs() < 1e-9);
    let (first, second) = (Rasid::serve_in(folder, &[]), Rasid::serve_in(back, &[]));
    let features = first.features("");
    assert!(features.len() > 100, "{}", features.len());
    assert_eq!(second.features(""), features, "byte for byte");
}

#[test]
fn a_database_has_the_tables_of_the_file_and_says_what_they_mean() {
    let (cluster, folder) = (Cluster::start(), store());
    let store = store_in(folder.path());
    let address = cluster.database("events");
    run(&mut cluster.copy(&store, &address)).done();
    let sql = Connection::open(&store).unwrap();
    let names = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'
                 AND name NOT LIKE 'gpkg%' AND name NOT LIKE 'reports_reach_%'";
    let mut select = sql
        .prepare(&format!("SELECT m.name || '.' || c.name FROM ({names}) m, pragma_table_info(m.name) c ORDER BY 1"))
        .unwrap();
    let of_file: Vec<String> =
        select.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let mut client = cluster.client("events");
    let rows = client
        .query(
            "SELECT (c.relname || '.' || a.attname) COLLATE \"C\", col_description(c.oid, a.attnum),
                    obj_description(c.oid)
             FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
             WHERE c.relnamespace = 'rasid'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 ORDER BY 1",
            &[],
        )
        .unwrap();
    let of_database: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    assert_eq!(of_database, of_file, "left: the database, right: the file");
    for row in rows {
        let (column, said): (String, Option<String>) = (row.get(0), row.get(1));
        assert!(said.is_some() && row.get::<_, Option<String>>(2).is_some(), "{column}");
    }
    // What analysts and GIS programs ask.
    let near: i64 = cluster.value(
        "events",
        "SELECT count(*) FROM rasid.events WHERE event_date >= '2000-01-01' AND actor_ids @> '[]'
         AND ST_DWithin(geom::geography, ST_MakePoint(36.7, 35.9)::geography, 50000)",
    );
    assert!(near > 0);
    let settings = format!("PG:{} active_schema=rasid", cluster.settings("keeper", "events"));
    let told = run(program("ogrinfo").arg("-so").arg(settings).arg("rasid.events")).done();
    assert!(told.out.contains("Geometry: Point") && told.out.contains("WGS 84"), "{told:?}");
}

#[test]
fn a_copy_that_was_killed_goes_on_where_it_was() {
    let (cluster, folder) = (Cluster::start(), store());
    let store = store_in(folder.path());
    let address = cluster.database("events");
    let elsewhere = cluster.database("elsewhere");
    let whole = run(&mut cluster.copy(&store, &elsewhere)).done().out;
    // The schema is there, and the copy comes as far as the events.
    run(&mut cluster.copy(&store, &address)).done();
    cluster.ask(
        "events",
        "INSERT INTO rasid.rasid_meta VALUES ('copying', '');
         TRUNCATE rasid.events, rasid.removed, rasid.reports, rasid.reports_reach, rasid.reviews, rasid.sources;
         DELETE FROM rasid.articles WHERE fid > 7",
    );
    let mut client = cluster.client("events");
    let mut lock = client.transaction().unwrap();
    lock.batch_execute("LOCK TABLE rasid.reports IN SHARE MODE").unwrap();
    let mut child = begun(&cluster, text(&store), &address);
    let busy = run(&mut cluster.copy(&store, &address));
    busy.refused(1, &["somebody else is copying into"]);
    child.kill().unwrap();
    child.wait().unwrap();
    lock.rollback().unwrap();
    let events: i64 = cluster.value("events", "SELECT count(*) FROM rasid.events");
    assert!(events > 0, "what was committed is there");
    let unfinished = run(&mut cluster.copy(&address, folder.path().join("never.gpkg")));
    unfinished.refused(1, &["is a copy that was not finished"]);
    until("the server to see that nobody is there", || {
        let sql = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'rasid'";
        (cluster.value::<i64>("postgres", sql) == 0).then_some(())
    });
    let again = run(&mut cluster.copy(&store, &address)).done();
    assert!(again.err.contains("going on with what was copied before"), "{again:?}");
    assert!(again.err.contains("copying events behind "), "{again:?}");
    assert_eq!(again.out, whole);
}

#[test]
fn a_copy_into_a_file_that_was_killed_goes_on_or_begins_anew() {
    let (cluster, folder, back) = (Cluster::start(), store(), tempdir().unwrap());
    let address = cluster.database("events");
    let whole = run(&mut cluster.copy(store_in(folder.path()), &address)).done().out;
    let to = store_in(back.path());
    let interrupted = || {
        let mut client = cluster.client("events");
        let mut lock = client.transaction().unwrap();
        lock.batch_execute("LOCK TABLE rasid.reports IN ACCESS EXCLUSIVE MODE").unwrap();
        let mut child = begun(&cluster, &address, text(&to));
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(!to.exists(), "half a store is no store");
    };
    interrupted();
    interrupted();
    let again = run(&mut cluster.copy(&address, &to)).done();
    assert!(again.err.contains("copying events behind "), "{again:?}");
    assert_eq!(again.out, whole);
    fs::remove_file(&to).unwrap();
    interrupted();
    cluster.ask("events", "UPDATE rasid.articles SET title = 'another' WHERE fid = 1");
    let anew = run(&mut cluster.copy(&address, &to)).done();
    assert!(anew.err.contains("copying it anew"), "{anew:?}");
    assert_ne!(anew.out, whole);
    let sql = Connection::open(&to).unwrap();
    let title: String =
        sql.query_row("SELECT title FROM articles WHERE fid = 1", [], |row| row.get(0)).unwrap();
    assert_eq!(title, "another");
}

#[test]
fn a_server_that_goes_away_is_told_and_the_copy_goes_on_later() {
    let (cluster, folder) = (Cluster::start(), store());
    let store = store_in(folder.path());
    let address = cluster.database("events");
    run(&mut cluster.copy(&store, &address)).done();
    cluster.ask(
        "events",
        "INSERT INTO rasid.rasid_meta VALUES ('copying', ''); TRUNCATE rasid.reports",
    );
    let mut client = cluster.client("events");
    let mut lock = client.transaction().unwrap();
    lock.batch_execute("LOCK TABLE rasid.reports IN SHARE MODE").unwrap();
    let mut command = cluster.copy(&store, &address);
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = child.spawn().unwrap();
    until("the copy to be cut off", || {
        let sql = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                   WHERE application_name = 'rasid' AND wait_event_type = 'Lock'";
        (cluster.value::<i64>("postgres", sql) > 0).then_some(())
    });
    assert_eq!(ended(&mut child).code(), Some(1));
    let told = std::io::read_to_string(child.stderr.unwrap()).unwrap();
    assert!(told.contains("the connection to") && told.contains("was lost: try again"), "{told}");
    lock.rollback().unwrap();
    run(&mut cluster.copy(&store, &address)).done();
}

#[test]
fn what_keeps_a_copy_from_being_made_is_told_without_the_password() {
    let (cluster, folder) = (Cluster::start(), store());
    let store = store_in(folder.path());
    let address = cluster.database("events");
    let refused = |to: &str, password: &str, words: &[&str]| {
        let ran = run(cluster.copy(&store, to).env("PGPASSWORD", password));
        ran.refused(1, words);
        assert!(!ran.err.contains(PASSWORD) && !ran.err.contains("wrong-one"), "{ran:?}");
    };
    let with_password = format!("postgres://keeper:{PASSWORD}@nowhere.invalid/events");
    refused(
        &with_password,
        "",
        &["cannot reach the database `postgres://keeper@nowhere.invalid:5432"],
    );
    refused("postgres://keeper@127.0.0.1:1/events", PASSWORD, &["cannot reach the database"]);
    refused(&address, "wrong-one", &["does not let this user in", "PGPASSWORD"]);
    refused(&address, "", &["does not let this user in", "PGPASSWORD"]);
    let missing = cluster.address("keeper", "missing");
    refused(&missing, PASSWORD, &["there is no database", "createdb"]);
    cluster.ask("postgres", "CREATE DATABASE flat OWNER keeper");
    let flat = cluster.address("keeper", "flat");
    refused(&flat, PASSWORD, &["has no PostGIS", "CREATE EXTENSION postgis"]);
    cluster.database("foreign_one");
    cluster.ask("foreign_one", "CREATE SCHEMA rasid; CREATE TABLE rasid.own (x int)");
    let foreign = cluster.address("keeper", "foreign_one");
    refused(&foreign, PASSWORD, &["is not a rasid database", "belongs to another program"]);
    // A database whose user may not make anything in it.
    cluster.database("closed");
    cluster.ask("closed", "ALTER DATABASE closed OWNER TO admin");
    refused(
        &cluster.address("keeper", "closed"),
        PASSWORD,
        &["may not do that", "permission denied"],
    );
    let empty = cluster.database("empty");
    let none = run(&mut cluster.copy(&empty, folder.path().join("x.gpkg")));
    none.refused(1, &["is not a rasid database", "no schema `rasid`"]);
    run(&mut cluster.copy(&store, &address)).done();
    refused(&address, PASSWORD, &["holds a store already"]);
    let over = run(&mut cluster.copy(&address, &store));
    over.refused(1, &["is there already"]);
    cluster.ask("events", "UPDATE rasid.rasid_meta SET value = '99' WHERE key = 'schema_version'");
    refused(&address, PASSWORD, &["has schema 99", "use a newer rasid"]);
    let wrong = [
        format!("postgress://keeper:{PASSWORD}@host/x"),
        format!("postgres://keeper:{PASSWORD}@host"),
    ];
    for wrong in wrong {
        let ran = run(&mut cluster.copy(&store, &wrong));
        ran.refused(2, &["--to: this is not the address of a database"]);
        assert!(!ran.err.contains(PASSWORD), "{ran:?}");
    }
}

#[test]
fn a_database_where_a_file_should_be_is_refused_without_its_password() {
    let address = format!("postgres://keeper:{PASSWORD}@host/x");
    let wrong = format!("postgres://keeper:{PASSWORD}@host");
    let folder = tempdir().unwrap();
    let settings = file(&folder, "rasid.toml", format!("store = \"{address}\"\n"));
    let slip = file(&folder, "wrong.toml", format!("store = \"{wrong}\"\n"));
    let by_flag = run(rasid().args(["restore", "x", "--store", &address]));
    let by_variable = run(rasid().arg("backup").args(["-o", "x"]).env("RASID_STORE", &address));
    let by_file = run(rasid().args(["backup", "-o", "x", "--config"]).arg(&settings));
    let of_a_slip = run(rasid().args(["serve", "--store", &wrong]));
    let in_a_file = run(rasid().arg("serve").arg("--config").arg(slip));
    for ran in [by_flag, by_variable, by_file, of_a_slip, in_a_file] {
        ran.refused(2, &["not the name of a file", "rasid copy", "postgres://USER@HOST"]);
        assert!(!ran.err.contains(PASSWORD), "{ran:?}");
    }
    // Who names a file is not kept from it by the settings of the server.
    let mut command = rasid();
    command.args(["export", "-o", "-", "--format", "csv", "--config"]).arg(&settings);
    let named = run(command.arg("--store").arg(folder.path().join("none.gpkg")));
    named.refused(1, &["there is no store"]);
}

#[test]
fn a_value_that_would_not_come_back_is_told_with_its_place() {
    let (cluster, folder) = (Cluster::start(), store());
    let store = store_in(folder.path());
    let sql = Connection::open(&store).unwrap();
    let fid: i64 = sql.query_row("SELECT max(fid) FROM events", [], |row| row.get(0)).unwrap();
    for (value, why) in [("'2024/02/02'", "is no day"), ("x'00'", "is no day")] {
        sql.execute(&format!("UPDATE events SET event_date = {value} WHERE fid = {fid}"), [])
            .unwrap();
        let ran = run(&mut cluster.copy(&store, cluster_address(&cluster)));
        ran.refused(1, &[&format!("row {fid} of `events`"), "its `event_date`", why]);
    }
    sql.execute(&format!("UPDATE events SET event_date = NULL WHERE fid = {fid}"), []).unwrap();
    sql.execute("UPDATE articles SET title = char(97, 0, 98) WHERE fid = 1", []).unwrap();
    let ran = run(&mut cluster.copy(&store, cluster.address("keeper", "events")));
    ran.refused(1, &["row 1 of `articles`", "U+0000"]);
}

/// The one database of a test, made if it is not there.
fn cluster_address(cluster: &Cluster) -> String {
    let sql = "SELECT count(*) FROM pg_database WHERE datname = 'events'";
    if cluster.value::<i64>("postgres", sql) == 0 {
        return cluster.database("events");
    }
    cluster.address("keeper", "events")
}

#[test]
fn roles_as_the_docs_make_them_can_do_what_they_should_and_no_more() {
    let (cluster, folder) = (Cluster::start(), store());
    cluster.ask("postgres", "CREATE DATABASE events");
    let page = read("docs/operating.md");
    let (_, block) = page.split_once("```sql\n").unwrap();
    cluster.ask("events", block.split_once("```").unwrap().0);
    for role in ["rasid", "layla"] {
        cluster.ask("postgres", &format!("ALTER ROLE {role} PASSWORD '{PASSWORD}'"));
    }
    let keeper = cluster.address("rasid", "events");
    let whole = run(&mut cluster.copy(store_in(folder.path()), &keeper)).done().out;
    let back = folder.path().join("back.gpkg");
    let reader = cluster.address("layla", "events");
    assert_eq!(run(&mut cluster.copy(&reader, &back)).done().out, whole);
    let settings = cluster.settings("layla", "events");
    let mut layla = postgres::Client::connect(&settings, postgres::NoTls).unwrap();
    let count: i64 = layla.query_one("SELECT count(*) FROM rasid.events", &[]).unwrap().get(0);
    assert!(count > 0);
    for sql in [
        "UPDATE rasid.events SET review = 'rejected'",
        "DELETE FROM rasid.articles",
        "INSERT INTO rasid.removed VALUES (1, 'x')",
        "DROP SCHEMA rasid CASCADE",
        "CREATE TABLE rasid.own (x int)",
    ] {
        let error = layla.batch_execute(sql).unwrap_err();
        let told = error.as_db_error().map(|error| error.message().to_owned()).unwrap_or_default();
        let is_refused = told.contains("permission denied") || told.contains("must be owner");
        assert!(is_refused, "{sql}: {told}");
    }
    // An edit by hand is a word, and nobody takes back what was said.
    let mut admin = cluster.client("events");
    let newest = "(SELECT max(fid) FROM rasid.events)";
    let edit = format!("UPDATE rasid.events SET review = 'confirmed' WHERE fid = {newest}");
    admin.batch_execute(&edit).unwrap();
    let error = admin.batch_execute("DELETE FROM rasid.reviews").unwrap_err();
    assert_eq!(error.as_db_error().unwrap().message(), "reviews are only added to");
    let said = "SELECT count(*) FROM rasid.reviews WHERE note = 'found in the event'";
    assert_eq!(cluster.value::<i64>("events", said), 1);
}

#[test]
fn a_server_far_away_must_show_a_certificate_that_is_trusted() {
    let (cluster, authority) = Cluster::start_with_tls();
    let folder = store();
    let store = store_in(folder.path());
    cluster.database("events");
    let address = format!("postgres://keeper@localhost:{}/events?sslmode=", cluster.port());
    let refused = run(&mut cluster.copy(&store, format!("{address}require")));
    refused.refused(1, &["cannot speak to", "in private", "sslrootcert=FILE"]);
    let roots = format!("{address}verify-full&sslrootcert={}", authority.display());
    run(&mut cluster.copy(&store, &roots)).done();
    let sql = "SELECT count(*) FROM rasid.events";
    assert!(cluster.value::<i64>("events", sql) > 0);
    let back = folder.path().join("back.gpkg");
    let by_variable = format!("{address}require");
    run(cluster.copy(&by_variable, back).env("SSL_CERT_FILE", &authority)).done();
    let strange = format!("{address}require&sslrootcert={}", store.display());
    let refused = run(&mut cluster.copy(&strange, folder.path().join("x.gpkg")));
    refused.refused(1, &["cannot use the certificates in"]);
    // The certificate bears another name.
    let other = roots.replace("@localhost", "@127.0.0.1");
    let refused = run(&mut cluster.copy(&other, folder.path().join("y.gpkg")));
    refused.refused(1, &["cannot speak to", "in private"]);
}

#[test]
fn a_password_can_come_from_a_file_that_nobody_else_reads() {
    let (cluster, folder) = (Cluster::start(), store());
    let address = cluster.database("events");
    let passwords = cluster.folder().join(".pgpass");
    fs::write(&passwords, format!("*:*:events:keeper:{PASSWORD}\n")).unwrap();
    fs::set_permissions(&passwords, fs::Permissions::from_mode(0o644)).unwrap();
    let store = store_in(folder.path());
    let copy = || {
        let mut command = cluster.copy(&store, &address);
        command.env_remove("PGPASSWORD");
        run(&mut command)
    };
    copy().refused(1, &["is not used: others can read it", "does not let this user in"]);
    fs::set_permissions(&passwords, fs::Permissions::from_mode(0o600)).unwrap();
    copy().done();
}
