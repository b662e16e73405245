//! `rasid export`: every format read by GDAL, and files that are whole or not there.

use std::fs;
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use serde_json::Value;
use tempfile::{TempDir, tempdir};

use crate::app::{SAMPLES, program, rasid, run};
use crate::formats::{assert_same, id, read_by_gdal};

/// A folder with a store of the samples, and its events in the order of their ids.
fn store() -> (TempDir, PathBuf, Vec<Value>) {
    let folder = tempdir().unwrap();
    let store = folder.path().join("rasid.gpkg");
    run(rasid().args(["ingest", SAMPLES, "--store"]).arg(&store)).done();
    let mut events =
        run(export(&store, Path::new("-")).args(["--format", "geojson"])).done().features();
    events.sort_by_key(id);
    (folder, store, events)
}

fn export(store: &Path, output: &Path) -> Command {
    let mut command = rasid();
    command.arg("export").arg("-o").arg(output).arg("--store").arg(store);
    command
}

#[test]
fn gdal_reads_every_format() {
    let (folder, store, events) = store();
    assert!(events.len() > 50);
    for (name, driver, date) in [
        ("events.gpkg", "GPKG", "event_date: Date (0.0)"),
        ("events.fgb", "FlatGeobuf", "event_date: DateTime (0.0)"),
        ("events.geojson", "GeoJSON", "event_date: Date (0.0)"),
        ("events.geojsons", "GeoJSONSeq", "event_date: Date (0.0)"),
        ("events.geojsonl", "GeoJSONSeq", "event_date: Date (0.0)"),
        ("events.csv", "CSV", "event_date: String (0.0)"),
    ] {
        let path = folder.path().join(name);
        let told = run(&mut export(&store, &path)).done();
        assert_eq!(told.err, format!("{} events written to `{}`\n", events.len(), path.display()));
        assert_eq!(told.out, "");

        let info = run(program("ogrinfo").args(["-so", "-al"]).arg(&path)).done();
        let count = format!("Feature Count: {}", events.len());
        for words in [&format!("driver `{driver}' successful"), &count, date, "fatalities: "] {
            assert!(info.out.contains(words), "`{words}` is missing: {info:#?}");
        }
        if name != "events.csv" {
            let whole = info.out.lines().find(|line| line.starts_with("fatalities: ")).unwrap();
            assert!(whole.contains("Integer"), "{whole}");
        }
        let points: &[&str] = match driver {
            "CSV" => &["-oo", "X_POSSIBLE_NAMES=longitude", "-oo", "Y_POSSIBLE_NAMES=latitude"],
            _ => &[],
        };
        assert_same(&read_by_gdal(&path, points), &events, true);
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
        let new = folder.path().join("new");
        fs::write(&new, "").unwrap();
        assert_eq!(mode(&path), mode(&new), "others may read it as any new file");
    }
    let left: Vec<_> = fs::read_dir(&folder).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().contains("part")), "{left:?}");
}

/// Arguments, and which events they leave.
type Cut = (&'static [&'static str], fn(&Value) -> bool);

#[test]
fn an_export_can_be_cut_as_a_search_can() {
    let (_folder, store, events) = store();
    let cases: [Cut; 4] = [
        (&["--bbox", "36,35,38,37"], |event| {
            let place = &event["geometry"]["coordinates"];
            let (Some(lon), Some(lat)) = (place[0].as_f64(), place[1].as_f64()) else {
                return false;
            };
            (36.0..=38.0).contains(&lon) && (35.0..=37.0).contains(&lat)
        }),
        (&["--bbox=-10,-10,0,0"], |_| false),
        (&["--filter", "event_type = 'Protests' OR fatalities > 3"], |event| {
            event["properties"]["event_type"] == "Protests"
                || event["properties"]["fatalities"].as_i64().is_some_and(|n| n > 3)
        }),
        (&["--datetime", "2022-01-01/2022-12-31"], |event| {
            event["properties"]["event_date"].as_str().is_some_and(|day| day.starts_with("2022"))
        }),
    ];
    for (arguments, wanted) in cases {
        let mut command = export(&store, Path::new("/dev/stdout"));
        let told = run(command.args(["--format", "geojsonl"]).args(arguments)).done();
        let mut lines = told.lines();
        lines.sort_by_key(id);
        let expected: Vec<Value> = events.iter().filter(|event| wanted(event)).cloned().collect();
        assert_eq!(lines, expected, "{arguments:?}");
    }
}

#[test]
fn nothing_is_overwritten_by_accident() {
    let (folder, store, _) = store();
    let path = folder.path().join("mine.csv");
    fs::write(&path, "mine").unwrap();
    run(&mut export(&store, &path)).refused(1, &["mine.csv` is there already", "--force"]);
    assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
    run(export(&store, &path).arg("--force")).done();
    assert!(fs::read_to_string(&path).unwrap().starts_with("event_id_cnty,"));

    let before = fs::read(&store).unwrap();
    run(export(&store, &store).arg("--force")).refused(1, &["rasid.gpkg` is the store itself"]);
    assert_eq!(fs::read(&store).unwrap(), before);

    // An export that fails leaves the old file as it was.
    let kept = fs::read(&path).unwrap();
    let broken = folder.path().join("broken.gpkg");
    fs::write(&broken, "no store").unwrap();
    run(export(&broken, &path).arg("--force")).refused(1, &["broken.gpkg"]);
    assert_eq!(fs::read(&path).unwrap(), kept);
}

#[test]
fn what_cannot_be_exported_is_told() {
    let (folder, store, _) = store();
    let at = |name: &str| folder.path().join(name);
    run(&mut export(&store, &at("events"))).refused(1, &["does not tell its format", ".gpkg"]);
    run(&mut export(&store, &at("events.shp"))).refused(1, &["does not tell its format"]);
    run(&mut export(&store, folder.path())).refused(1, &["does not tell its format"]);
    run(export(&store, folder.path()).args(["--format", "csv"])).refused(1, &["is a folder"]);
    run(&mut export(&at("none.gpkg"), &at("a.csv")))
        .refused(1, &["there is no store", "none.gpkg"]);
    assert!(!at("none.gpkg").exists(), "a store is not made by asking it");
    run(&mut export(&store, &at("no/such/a.csv"))).refused(1, &["cannot write", "a.csv"]);
    let stream = |format: &str| run(export(&store, Path::new("-")).args(["--format", format]));
    stream("gpkg").refused(1, &["cannot be a stream"]);
    stream("flatgeobuf").refused(1, &["cannot be a stream"]);
    stream("shapefile").refused(2, &["gpkg", "flatgeobuf"]);
    let with = |arguments: &[&str]| run(export(&store, &at("b.csv")).args(arguments));
    with(&["--bbox", "1,2,3"]).refused(2, &["3 numbers given"]);
    with(&["--datetime", "yesterday"]).refused(2, &["`yesterday` is not a date"]);
    with(&["--filter", "colour = 'red'"]).refused(1, &["cannot use the filter", "colour"]);
}

#[test]
fn a_pipe_is_written_to_and_stays_a_pipe() {
    let (folder, store, events) = store();
    let pipe = folder.path().join("pipe.geojsonl");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let reader = {
        let pipe = pipe.clone();
        thread::spawn(move || fs::read_to_string(pipe).unwrap())
    };
    run(&mut export(&store, &pipe)).done();
    assert_eq!(reader.join().unwrap().lines().count(), events.len());
    assert!(fs::metadata(&pipe).unwrap().file_type().is_fifo());
}
