//! `rasid import`: tables of ACLED and UCDP GED, and what `rasid export` wrote.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::tempdir;

use crate::app::{Rasid, SAMPLES, file, quick, run, run_with, until};
use crate::command_line::ingest;

const TABLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tables");

fn table(name: &str) -> PathBuf {
    Path::new(TABLES).join(name)
}

fn import(path: &Path, store: &Path) -> Command {
    let mut command = quick();
    command.arg("import").arg(path).arg("--store").arg(store);
    command
}

/// All events of a store, byte for byte.
fn exported(store: &Path, arguments: &[&str]) -> String {
    let mut command = quick();
    command.args(["export", "-o", "-", "--format", "geojson", "--store"]).arg(store);
    run(command.args(arguments)).done().out
}

/// The events of a store by their ids.
fn events(store: &Path) -> Vec<Value> {
    let collection: Value = serde_json::from_str(&exported(store, &[])).unwrap();
    let mut events = collection["features"].as_array().unwrap().clone();
    events.sort_by_key(|event| event["id"].as_str().unwrap().to_owned());
    events
}

#[test]
fn what_is_exported_and_imported_is_the_same_to_the_byte() {
    let folder = tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    run(&mut ingest(Path::new(SAMPLES), &at("first.gpkg"))).done();
    let whole = exported(&at("first.gpkg"), &[]);
    let count = whole.matches("\"type\":\"Feature\",").count();
    assert!(count > 50, "{whole}");

    for name in ["events.geojson", "events.geojsons", "events.geojsonl"] {
        let mut export = quick();
        run(export.arg("export").arg("-o").arg(at(name)).arg("--store").arg(at("first.gpkg")))
            .done();
        let store = at(&format!("{name}.gpkg"));
        let told = run(&mut import(&at(name), &store)).done();
        assert_eq!(told.err, format!("{count} events imported, 0 there already, 0 left out\n"));
        assert_eq!(exported(&store, &[]), whole, "{name}");
        let again = run(&mut import(&at(name), &store)).done();
        assert_eq!(again.err, format!("0 events imported, {count} there already, 0 left out\n"));
        assert_eq!(exported(&store, &[]), whole, "{name}");
    }
    // Where the articles themselves are, nothing is new.
    let told = run(&mut import(&at("events.geojson"), &at("first.gpkg"))).done();
    assert!(told.err.starts_with("0 events imported"), "{told:?}");
}

#[test]
fn parts_of_an_export_join_to_the_whole() {
    let folder = tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    run(&mut ingest(Path::new(SAMPLES), &at("first.gpkg"))).done();
    for filter in ["geo_precision = 1", "NOT (geo_precision = 1)", "geo_precision IS NULL"] {
        let part = exported(&at("first.gpkg"), &["--filter", filter]);
        run_with(&mut import(Path::new("-"), &at("second.gpkg")), part.as_bytes()).done();
    }
    assert_eq!(events(&at("second.gpkg")), events(&at("first.gpkg")));
}

#[test]
fn tables_are_imported_once_and_served() {
    let server = Rasid::quick(&[]);
    for (name, ids) in [
        ("acled.csv", ["acled:SYR900001", "acled:SYR900002", "acled:SYR900003"]),
        ("ucdp.csv", ["ucdp:900001", "ucdp:900002", "ucdp:900003"]),
    ] {
        let told = run(&mut import(&table(name), &server.store())).done();
        assert_eq!(told.err, "3 events imported, 0 there already, 0 left out\n");
        let again = run(&mut import(&table(name), &server.store())).done();
        assert_eq!(again.err, "0 events imported, 3 there already, 0 left out\n");
        until("the events to be served", || {
            let there = server.ids("");
            ids.iter().all(|id| there.iter().any(|known| known == id)).then_some(())
        });
    }
    let one = server.get("/collections/events/items/acled:SYR900001").json();
    let properties = &one["properties"];
    // By the lexicon and the gazetteer of the program.
    assert_eq!(properties["actor_ids"], serde_json::json!(["SYR_REGIME", "CIV"]));
    assert_eq!(
        (&properties["admin1"], &properties["admin1_pcode"]),
        (&"Idlib".into(), &"SY07".into())
    );
    let other = server.get("/collections/events/items/acled:SYR900003").json();
    assert_eq!(other["properties"]["admin1"], "Elsewhere");
    assert_eq!(other["properties"]["admin1_pcode"], Value::Null);
    assert_eq!(server.ids("actor_ids=SDF").len(), 2);
    // An event whose place nobody knows has no point.
    let unlocated = server.get("/collections/events/items/ucdp:900003").json();
    assert_eq!(unlocated["geometry"], Value::Null);
}

#[test]
fn what_is_left_out_is_told_and_the_rest_is_there() {
    let folder = tempdir().unwrap();
    for (name, lines) in [("acled-with-faults.csv", 3..=9), ("ucdp-with-faults.csv", 3..=7)] {
        let store = folder.path().join(format!("{name}.gpkg"));
        let ran = run(&mut import(&table(name), &store));
        let left = lines.clone().count();
        ran.refused(1, &[&format!("{left} of {} events could not be imported", left + 1)]);
        for line in lines {
            let told = format!("{name}`, line {line}: it");
            assert!(
                ran.err.contains(&told) || ran.err.contains(&format!("line {line}: ")),
                "{told}: {ran:#?}"
            );
        }
        assert_eq!(events(&store).len(), 1);
    }
}

#[test]
fn a_file_that_breaks_off_is_kept_until_there() {
    let folder = tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    run(&mut import(&table("acled.csv"), &at("first.gpkg"))).done();
    let whole = exported(&at("first.gpkg"), &[]);
    let (cut, _) = whole.rsplit_once("\"properties\"").unwrap();
    let path = file(&folder, "cut.geojson", cut);
    let ran = run(&mut import(&path, &at("second.gpkg")));
    ran.refused(1, &["2 events imported", "cannot import all of", "broken after 2 features"]);
    assert_eq!(events(&at("second.gpkg")).len(), 2);
}

#[test]
fn what_cannot_be_imported_is_told() {
    let folder = tempdir().unwrap();
    let store = folder.path().join("rasid.gpkg");
    let missing = folder.path().join("none.csv");
    run(&mut import(&missing, &store)).refused(1, &["cannot read", "none.csv"]);
    run(&mut import(folder.path(), &store)).refused(1, &["cannot import all of", "cannot be read"]);
    run(import(&table("acled.csv"), &store).args(["--format", "gml"]))
        .refused(2, &["acled", "ucdp"]);
    run(import(&table("acled.csv"), &store).args(["--format", "ucdp"])).refused(1, &["no column"]);

    // Another text under the same name: which of them is right nobody can tell.
    run(&mut import(&table("acled.csv"), &store)).done();
    let forged = exported(&store, &[]).replace("regime forces shelled", "somebody else shelled");
    let forged = forged.replace("\"id\":\"acled:", "\"id\":\"forged:");
    let ran = run_with(&mut import(Path::new("-"), &store), forged.as_bytes());
    ran.refused(1, &["event `forged:SYR900001`", "says something else", "1 of 3 events"]);
    assert_eq!(events(&store).len(), 5);

    // A table of ours has ACLED's columns, and is no table of ACLED's.
    let table = folder.path().join("ours.csv");
    let mut export = quick();
    run(export.arg("export").arg("-o").arg(&table).arg("--store").arg(&store)).done();
    run(&mut import(&table, &store)).refused(1, &["a table of rasid", "GeoJSON"]);
    assert!(fs::read_to_string(&table).unwrap().contains("'=cmd"), "no cell is a formula");
}
