//! Servers of one database: they answer as the server of a file does, see what is committed, and go on without it.

use std::process::Command;
use std::thread;

use postgres::Client;
use serde_json::Value;
use tempfile::tempdir;

use super::cluster::{Cluster, PASSWORD};
use super::{full, store};
use crate::app::{Rasid, SAMPLES, TOKEN, rasid, run, store_in, until};
use crate::tidy::read;

/// The address that all servers of a test make links with.
pub(super) const BASE: [&str; 2] = ["--base-url", "https://map.example.org"];

/// Searches of all kinds.
const SEARCHES: [&str; 14] = [
    "/collections/events",
    "/collections/events/items?limit=1000",
    "/collections/events/items?bbox=36,35,37.5,36.5",
    "/collections/events/items?datetime=2020-01-01/..&limit=3",
    "/collections/events/items?sortby=-fatalities,event_type",
    "/collections/events/items?filter=fatalities>1%20AND%20actor_ids%20IS%20NOT%20NULL",
    "/collections/events/items?q=%D9%82%D8%B5%D9%81",
    "/collections/events/items?properties=event_date,location_ar,confidence&f=html",
    "/collections/events/clusters?bbox=35,32,42,37&zoom=6",
    "/collections/events/aggregate?by=month",
    "/collections/events/aggregate?by=admin1,event_type",
    "/collections/events/tiles/WebMercatorQuad/5/12/19",
    "/collections/events/export?f=csv",
    "/collections/events/export?f=geojson",
];

/// Starts a server that only reads a database.
fn replica(cluster: &Cluster, address: &str) -> Rasid {
    Rasid::start(tempdir().unwrap(), cluster.replica(address).args(BASE))
}

/// What a server answers, but for the time.
fn answered(server: &Rasid, path: &str) -> Vec<u8> {
    let bytes = server.bytes(path);
    let Ok(mut answer) = serde_json::from_slice::<Value>(&bytes) else { return bytes };
    if let Value::Object(answer) = &mut answer {
        answer.remove("timeStamp");
    }
    answer.to_string().into_bytes()
}

/// Fails unless all servers answer all searches alike, and tag them so.
pub(super) fn assert_alike(servers: &[&Rasid], paths: &[String]) {
    let searches = SEARCHES.iter().map(|path| (*path).to_owned());
    for path in searches.chain(paths.iter().cloned()) {
        let first = answered(servers[0], &path);
        let tag = servers[0].header(&path, "etag");
        for other in &servers[1..] {
            let same = answered(other, &path) == first && other.header(&path, "etag") == tag;
            assert!(same, "{path}: {}", String::from_utf8_lossy(&first));
        }
    }
}

/// What a server says of itself.
pub(super) fn ready(server: &Rasid) -> Value {
    let answer = server.get("/health/ready");
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

pub(super) fn is_connected(server: &Rasid) -> bool {
    ready(server)["database"]["connected"] == true
}

/// The last change of a database.
fn last(cluster: &Cluster) -> i64 {
    let sql = "SELECT greatest((SELECT max(fid) FROM rasid.events), (SELECT max(fid) FROM rasid.removed))";
    cluster.value("events", sql)
}

/// Waits until all servers have the last change.
pub(super) fn all_have_the_last(cluster: &Cluster, servers: &[&Rasid]) {
    let last = last(cluster);
    for server in servers {
        until("a replica to follow", || (ready(server)["sequence"] == last).then_some(()));
    }
}

/// The events with that toll.
pub(super) fn with_toll(server: &Rasid, toll: u32) -> usize {
    server.features(&format!("fatalities={toll}")).len()
}

/// Adds an event that is as another, as a program of somebody else may.
fn insert(client: &mut impl postgres::GenericClient, id: &str) -> i64 {
    let sql =
        "CREATE TEMP TABLE one ON COMMIT DROP AS SELECT * FROM rasid.events ORDER BY fid LIMIT 1;
               ALTER TABLE one DROP COLUMN fid";
    client.batch_execute(sql).unwrap();
    client.execute("UPDATE one SET event_id = $1, fatalities = 4711", &[&id]).unwrap();
    let sql = "INSERT INTO rasid.events SELECT nextval('rasid.events_fid_seq'), one.* FROM one RETURNING fid";
    client.query_one(sql, &[]).unwrap().get(0)
}

/// A database with the store of a folder, read by a role as the docs make it.
pub(super) fn copied(cluster: &Cluster, folder: &std::path::Path) -> String {
    cluster.ask("postgres", "CREATE DATABASE events");
    let page = read("docs/operating.md");
    let (_, block) = page.split_once("```sql\n").unwrap();
    cluster.ask("events", block.split_once("```").unwrap().0);
    for role in ["rasid", "rasid_replica"] {
        cluster.ask("postgres", &format!("ALTER ROLE {role} PASSWORD '{PASSWORD}'"));
    }
    run(&mut cluster.copy(store_in(folder), cluster.address("rasid", "events"))).done();
    cluster.address("rasid_replica", "events")
}

#[test]
fn replicas_answer_as_the_file_does_and_show_what_is_committed() {
    let (cluster, folder) = (Cluster::start(), full());
    let address = copied(&cluster, folder.path());
    let mut command = rasid();
    command.arg("serve").arg("--store").arg(store_in(folder.path()));
    let of_file = Rasid::start(folder, command.args(["--listen", "127.0.0.1:0"]).args(BASE));
    let [one, other] = [replica(&cluster, &address), replica(&cluster, &address)];
    let (one, other) = (one.expect_warning("cannot read reports"), other);
    let sql = "SELECT event_id FROM rasid.reports GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 3";
    let rows = cluster.client("events").query(sql, &[]).unwrap();
    let ids: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    let item = |id: &String| format!("/collections/events/items/{id}");
    let told = |id: &String| format!("/collections/events/items/{id}/sources");
    let paths: Vec<String> = ids.iter().flat_map(|id| [item(id), told(id)]).collect();
    assert_alike(&[&of_file, &one, &other], &paths);
    assert_eq!(of_file.header("/collections", "rasid-sequence"), None);
    let sequence = one.header("/collections", "rasid-sequence").unwrap();
    assert_eq!(sequence, last(&cluster).to_string());
    assert!(one.header("/collections", "rasid-age").unwrap().parse::<u64>().is_ok());
    assert!(one.get("/sources").body.contains("https://example.org/feed"));
    assert!(one.get("/metrics").body.contains("rasid_replica_connected 1"));
    let (status, body) = one.post("/articles", TOKEN, r#"{"id": "1", "text": "x"}"#);
    assert!(status == 403 && body.contains("only_read"), "{status} {body}");

    // What people and programs change by SQL: an edit, a removal, and two at once.
    let mut client = cluster.client("events");
    let edit = "UPDATE rasid.events SET fatalities = 4712 WHERE event_id = $1";
    client.execute(edit, &[&ids[0]]).unwrap();
    client.execute("DELETE FROM rasid.events WHERE event_id = $1", &[&ids[1]]).unwrap();
    client
        .execute("UPDATE rasid.events SET review = 'rejected' WHERE event_id = $1", &[&ids[2]])
        .unwrap();
    all_have_the_last(&cluster, &[&one, &other]);
    for server in [&one, &other] {
        assert_eq!(with_toll(server, 4712), 1);
        assert_eq!([1, 2].map(|at| server.get(&item(&ids[at])).status), [404, 404]);
    }
    one_after_another(&cluster, &mut client);
    all_have_the_last(&cluster, &[&one, &other]);
    assert_eq!([with_toll(&one, 4711), with_toll(&other, 4711)], [2, 2]);
    assert_alike(&[&one, &other], &[item(&ids[0]), told(&ids[0])]);

    // A table that somebody locks makes readers wait no longer than some seconds, and keeps nobody else.
    let mut lock = client.transaction().unwrap();
    lock.batch_execute("LOCK TABLE rasid.reports IN ACCESS EXCLUSIVE MODE").unwrap();
    let slow = one.get(&told(&ids[0]));
    assert!(slow.status == 503 && slow.body.contains("unreadable"), "{slow:?}");
    assert_eq!(one.get(&item(&ids[0])).status, 200);
    lock.rollback().unwrap();
    assert_eq!(one.get(&told(&ids[0])).status, 200);

    // Another store takes its place: nothing of the old one stays.
    client.batch_execute("DROP SCHEMA rasid CASCADE").unwrap();
    for server in [&one, &other] {
        until("the loss to be seen", || (!is_connected(server)).then_some(()));
        assert_eq!(with_toll(server, 4711), 2);
    }
    run(&mut cluster.copy(of_file.store(), cluster.address("rasid", "events"))).done();
    for server in [&one, &other] {
        until("the new store", || (with_toll(server, 4711) == 0).then_some(()));
    }
    assert_alike(&[&of_file, &one, &other], &paths);
    let lost = "the events are served as they were last seen";
    drop([one, other].map(|server| server.expect_warning(lost).expect_warning("read anew")));
}

/// Lets two write at once: who comes second takes its number once the first is seen.
fn one_after_another(cluster: &Cluster, client: &mut Client) {
    let mut first = client.transaction().unwrap();
    let number = insert(&mut first, "first");
    thread::scope(|scope| {
        let second = scope.spawn(|| {
            let mut client = cluster.client("events");
            let mut second = client.transaction().unwrap();
            let number = insert(&mut second, "second");
            second.commit().unwrap();
            number
        });
        until("the second to wait", || {
            let sql = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'advisory'";
            (cluster.value::<i64>("events", sql) > 0).then_some(())
        });
        first.commit().unwrap();
        assert!(second.join().unwrap() > number);
    });
}

#[test]
fn replicas_go_on_without_their_database_and_catch_up() {
    let (mut cluster, folder) = (Cluster::start(), store());
    let address = copied(&cluster, folder.path());
    let lost = "the events are served as they were last seen";
    let [one, other] = [0, 1].map(|_| replica(&cluster, &address).expect_warning(lost));
    let before = one.features("");
    let id = crate::app::id_of(&before[0]);
    let told = format!("/collections/events/items/{id}/sources");
    assert_eq!(one.get(&told).status, 200);

    // A standby that takes no writes will do, too; it cannot call.
    let standby = cluster.standby();
    let behind = replica(&standby, &standby.address("rasid_replica", "events"));
    cluster.ask(
        "events",
        "UPDATE rasid.events SET fatalities = 4710 WHERE fid = (SELECT min(fid) FROM rasid.events)",
    );
    all_have_the_last(&cluster, &[&one, &behind]);
    assert_eq!([with_toll(&behind, 4710), with_toll(&one, 4710)], [1, 1]);
    drop((behind, standby));

    // Cut off, they are connected again at once, also for those who ask.
    let cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'rasid_replica'";
    assert!(cluster.value::<i64>("events", cut) >= 3);
    cluster.ask(
        "events",
        "UPDATE rasid.events SET fatalities = 4711 WHERE fid = (SELECT min(fid) FROM rasid.events)",
    );
    all_have_the_last(&cluster, &[&one, &other]);
    assert_eq!([with_toll(&one, 4711), with_toll(&other, 4711)], [1, 1]);
    until("to be connected", || is_connected(&one).then_some(()));
    until("readers to be answered", || (one.get(&told).status == 200).then_some(()));
    let before = one.features("");

    cluster.stop();
    for server in [&one, &other] {
        until("the loss to be seen", || (!is_connected(server)).then_some(()));
        assert_eq!(server.features(""), before);
        let away = server.get(&told);
        assert!(away.status == 503 && away.body.contains("unreadable"), "{away:?}");
        assert_eq!(server.header(&told, "retry-after").as_deref(), Some("1"));
        until("the age to be told", || {
            let age = server.header("/collections/events/items", "rasid-age").unwrap();
            (age.parse::<u64>().unwrap() > 0).then_some(())
        });
        assert!(server.get("/metrics").body.contains("rasid_replica_connected 0"));
    }
    cluster.start_again();
    cluster.ask("events", "UPDATE rasid.events SET fatalities = 4712 WHERE fatalities = 4711");
    cluster
        .ask("events", "DELETE FROM rasid.events WHERE fid = (SELECT min(fid) FROM rasid.events)");
    all_have_the_last(&cluster, &[&one, &other]);
    for server in [&one, &other] {
        until("to be connected", || is_connected(server).then_some(()));
        assert_eq!(with_toll(server, 4712), 1);
        assert_eq!(server.features("").len(), before.len() - 1);
        assert_eq!(server.log().matches(lost).count(), 1, "told once: {}", server.log());
    }
    let log = one.log();
    assert!(!log.contains("read anew") && !log.contains(PASSWORD), "{log}");
}

#[test]
fn servers_that_a_full_database_lets_in_no_more_say_so_and_lose_nothing() {
    let (cluster, folder) = (Cluster::start(), store());
    let address = copied(&cluster, folder.path());
    let roles = ["rasid", "rasid_replica"];
    let mut command = cluster.replica(&cluster.address("rasid", "events"));
    let writer = Rasid::start(tempdir().unwrap(), command.args(["--token", TOKEN]));
    let lost = "the events are served as they were last seen";
    let full = "lets no more connections in";
    let one = replica(&cluster, &address).expect_warning(lost);
    let writer = writer.expect_warning(lost).expect_warning("sources are left to others");
    let writer = writer.expect_warning("cannot keep articles, trying again every second");
    let before = one.features("");

    for role in roles {
        cluster.ask("postgres", &format!("ALTER ROLE {role} CONNECTION LIMIT 0"));
    }
    let cut =
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename LIKE 'rasid%'";
    assert!(cluster.value::<i64>("events", cut) >= 2);
    for server in [&one, &writer] {
        until("the loss to be seen", || (!is_connected(server)).then_some(()));
        assert_eq!(server.features(""), before);
    }
    let told = format!("/collections/events/items/{}/sources", crate::app::id_of(&before[0]));
    let refused = one.get(&told);
    assert!(refused.status == 503 && refused.body.contains("unreadable"), "{refused:?}");
    let article = r#"{"id": "full", "published": "2023-05-05", "text": "قصفت قوات النظام بالمدفعية اليوم بلدة سرمين شرق إدلب."}"#;
    let (status, body) = writer.post("/articles", TOKEN, article);
    assert!(status == 503 && body.contains(full), "{status} {body}");
    let late = run(&mut cluster.replica(&address));
    late.refused(1, &[full, "CONNECTION LIMIT", "max_connections"]);

    for role in roles {
        cluster.ask("postgres", &format!("ALTER ROLE {role} CONNECTION LIMIT 20"));
    }
    for server in [&one, &writer] {
        assert!(server.log().contains(full), "{}", server.log());
        until("to be connected", || is_connected(server).then_some(()));
    }
    // What was handed in is tried every second, and sent again is known.
    until("the article to be kept", || {
        (writer.post("/articles", TOKEN, article).0 == 200).then_some(())
    });
    all_have_the_last(&cluster, &[&one, &writer]);
    assert_eq!(one.features("").len(), before.len() + 1);
    assert_eq!(one.get(&told).status, 200);
}

#[test]
fn what_keeps_a_database_from_being_served_is_told_without_the_password() {
    let (cluster, folder) = (Cluster::start(), store());
    let refused = |command: &mut Command, code: i32, words: &[&str]| {
        let ran = run(command);
        ran.refused(code, words);
        assert!(!ran.err.contains(PASSWORD), "{ran:?}");
    };
    let empty = cluster.database("empty");
    refused(&mut cluster.replica(&empty), 1, &["is not a rasid database", "no schema `rasid`"]);
    cluster.ask("postgres", "CREATE DATABASE flat OWNER keeper");
    let flat = cluster.address("keeper", "flat");
    refused(&mut cluster.replica(&flat), 1, &["has no PostGIS", "CREATE EXTENSION postgis"]);
    let nowhere = format!("postgres://keeper:{PASSWORD}@127.0.0.1:1/x");
    refused(
        &mut cluster.replica(&nowhere),
        1,
        &["cannot reach the database `postgres://keeper@127.0.0.1:1/x`"],
    );
    let address = copied(&cluster, folder.path());
    let read = ["--role", "read"];
    refused(
        cluster.replica(&address).args(read).arg(SAMPLES),
        2,
        &["only reads", "take the sources, --feeds and --token away"],
    );
    refused(cluster.replica(&address).args(read).env("RASID_TOKEN", TOKEN), 2, &["--token"]);
    let ingest = ["--role", "ingest"];
    refused(cluster.replica(&address).args(ingest), 2, &["needs something to take articles from"]);
    refused(rasid().arg("serve").args(read), 2, &["--role is for a store in a database"]);
    cluster.ask("events", "INSERT INTO rasid.rasid_meta VALUES ('copying', 'not finished')");
    refused(
        &mut cluster.replica(&address),
        1,
        &["a copy into `postgres://rasid_replica@", "is not finished"],
    );
    cluster.ask("events", "DELETE FROM rasid.rasid_meta WHERE key = 'copying'");
    let version = |version: &str| {
        let sql =
            format!("UPDATE rasid.rasid_meta SET value = '{version}' WHERE key = 'schema_version'");
        cluster.ask("events", &sql);
    };
    version("99");
    refused(&mut cluster.replica(&address), 1, &["has schema 99", "use a newer rasid"]);
    version("1");
    refused(
        &mut cluster.replica(&address),
        1,
        &["has schema 1, this rasid needs 3", "let its owner run"],
    );
}
