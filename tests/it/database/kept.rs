//! Servers of a database that keep their index for their next start.

use std::fs;

use tempfile::{TempDir, tempdir};

use super::cluster::Cluster;
use super::replica::{BASE, all_have_the_last, assert_alike, copied, with_toll};
use super::store;
use crate::app::{Rasid, until};

/// More changes than are taken in at once in any case.
const MANY: &str = "CREATE TEMP TABLE one AS SELECT * FROM rasid.events ORDER BY fid LIMIT 1;
    ALTER TABLE one DROP COLUMN fid;
    INSERT INTO rasid.events SELECT nextval('rasid.events_fid_seq'),
        (jsonb_populate_record(one, jsonb_build_object('event_id', 'many-' || n))).*
    FROM one, generate_series(1, 20000) AS n";

/// Changes an event where no trigger sees it, which is how it is told whether it was read anew.
fn unseen(cluster: &Cluster, database: &str, sql: &str) {
    cluster.ask(database, &format!("SET session_replication_role = replica; {sql}"));
}

/// A server that only reads a database, in a folder.
fn replica_in(folder: &TempDir, cluster: &Cluster, address: &str) -> Rasid {
    let mut command = cluster.replica(address);
    command.args(BASE).current_dir(folder.path()).env("RASID_LOG", "rasid=debug,warn");
    Rasid::start(tempdir().unwrap(), &mut command)
}

#[test]
fn a_replica_begins_with_the_index_that_it_kept_and_only_of_the_same_history() {
    let (cluster, folder) = (Cluster::start(), store());
    let address = copied(&cluster, folder.path());
    cluster.ask("events", MANY);
    let [work, elsewhere] = [(); 2].map(|()| tempdir().unwrap());
    let index = work.path().join("rasid.database.index");
    let first = replica_in(&work, &cluster, &address);
    until("the index to be kept", || index.exists().then_some(()));
    first.stop();

    // It is read, and what came since with it.
    unseen(
        &cluster,
        "events",
        "UPDATE rasid.events SET fatalities = 4713 WHERE event_id = 'many-7'",
    );
    let again = replica_in(&work, &cluster, &address);
    assert_eq!(with_toll(&again, 4713), 0, "nothing is read twice");
    cluster.ask("events", "UPDATE rasid.events SET fatalities = 12 WHERE event_id = 'many-7'");
    again.stop();
    cluster.ask(
        "events",
        "UPDATE rasid.events SET fatalities = 4711 WHERE event_id = 'many-8';
         DELETE FROM rasid.events WHERE event_id = 'many-9'",
    );
    let [again, anew] = [&work, &elsewhere].map(|folder| replica_in(folder, &cluster, &address));
    all_have_the_last(&cluster, &[&again, &anew]);
    assert_alike(&[&again, &anew], &[]);
    assert_eq!(with_toll(&again, 4711), 1);
    again.stop();
    anew.stop();

    // That of a standby that took over is read anew: it may lack what was committed last.
    let standby = cluster.standby();
    standby.ask("events", "SELECT pg_promote()");
    let sql = "UPDATE rasid.events SET fatalities = 4716 WHERE event_id = 'many-7'";
    unseen(&standby, "events", sql);
    let after = replica_in(&work, &standby, &standby.address("rasid_replica", "events"));
    assert_eq!(with_toll(&after, 4716), 1);
    after.stop();

    // Another database has the same changes to begin with, and so has one that was set back.
    cluster.ask("postgres", "CREATE DATABASE other TEMPLATE events");
    unseen(
        &cluster,
        "other",
        "UPDATE rasid.events SET fatalities = 4714 WHERE event_id = 'many-7'",
    );
    let other = replica_in(&work, &cluster, &cluster.address("rasid_replica", "other"));
    assert_eq!(with_toll(&other, 4714), 1);
    until("its own index to be kept", || other.log().contains("the index is kept").then_some(()));
    other.stop();
    unseen(
        &cluster,
        "other",
        "UPDATE rasid.events SET event_id = 'another' WHERE event_id = 'many-20000';
         UPDATE rasid.events SET fatalities = 4715 WHERE event_id = 'many-7'",
    );
    let set_back = replica_in(&work, &cluster, &cluster.address("rasid_replica", "other"));
    assert_eq!(with_toll(&set_back, 4715), 1);
    set_back.stop();

    // What is damaged is left alone.
    fs::write(&index, "something else").unwrap();
    let damaged = replica_in(&work, &cluster, &address).expect_warning("all events are read anew");
    assert_eq!(with_toll(&damaged, 4711), 1);
    damaged.stop();
}
