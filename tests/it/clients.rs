//! Programs that analysts have read the server: QGIS, `OWSLib`, geopandas; and schemathesis, which tries
//! what it says of itself.
//!
//! QGIS is Debian's. The others stand in a folder of Python's that `tests/run` fills.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use tempfile::tempdir;

use crate::app::{Ran, Rasid, SAMPLES, TOKEN, program, rasid, run, run_with, sorted, store_in};

/// The folder with the sources of the clients.
const CLIENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/clients");

/// Where `tests/run` installs what Python's registry has.
const INSTALLED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/target/clients/bin");

/// A program that leaves nothing behind and speaks with this machine only.
fn client(name: &str) -> Command {
    let mut command = program(name);
    command.env("NO_PROXY", "*").env("no_proxy", "*").env("PYTHONDONTWRITEBYTECODE", "1");
    command
}

fn installed(name: &str) -> Command {
    let path = format!("{INSTALLED}/{name}");
    assert!(Path::new(&path).exists(), "there is no {path}: run `tests/run test` once");
    client(&path)
}

fn script(name: &str) -> String {
    format!("{CLIENTS}/{name}")
}

/// A server of the samples that tells of each request.
fn telling() -> Rasid {
    let folder = tempdir().unwrap();
    let mut command = rasid();
    command.args(["serve", SAMPLES, "--listen", "127.0.0.1:0", "--store"]);
    command.arg(store_in(folder.path())).env("RASID_LOG", "debug");
    Rasid::start(folder, &mut command)
}

fn ids(list: &Value) -> Vec<String> {
    let ids = list.as_array().unwrap_or_else(|| panic!("no list: {list}")).iter();
    sorted(ids.map(|id| id.as_str().expect("an id is a text").to_owned()))
}

fn printed(ran: &Ran) -> Value {
    serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {ran:#?}"))
}

/// Points with their coordinates turned round lie far from Syria.
fn lie_in_syria(points: &Value) {
    for point in points.as_array().unwrap() {
        let (x, y) = (point[0].as_f64().unwrap(), point[1].as_f64().unwrap());
        assert!((35.0..43.0).contains(&x) && (32.0..38.0).contains(&y), "{point}");
    }
}

#[test]
fn qgis_loads_counts_and_filters() {
    let server = telling();
    let home = tempdir().unwrap();
    // A filter of the layer, a box, the search that means the same, and what the server is to be asked.
    let tasks = [
        (None, None, "", None),
        (Some("\"event_type\" = 'Protests'"), None, "event_type=Protests", None),
        (Some("\"fatalities\" > 3"), None, "filter=fatalities%3E3", None),
        (None, Some([36, 35, 38, 37]), "bbox=36,35,38,37", Some("bbox=36,35,38,37")),
        (
            Some("\"event_date\" >= '2022-01-01' AND \"event_date\" <= '2022-12-31'"),
            None,
            "datetime=2022-01-01/2022-12-31",
            Some("datetime=2022-01-01%2F2022-12-31"),
        ),
        (
            Some("\"admin1\" = 'Aleppo'"),
            Some([36, 35, 38, 37]),
            "admin1=Aleppo&bbox=36,35,38,37",
            Some("bbox=36,35,38,37"),
        ),
    ];
    let asked = tasks.map(|(filter, rect, ..)| match (filter, rect) {
        (Some(filter), Some(rect)) => json!({ "filter": filter, "rect": rect }),
        (Some(filter), None) => json!({ "filter": filter }),
        (None, Some(rect)) => json!({ "rect": rect }),
        (None, None) => json!({}),
    });
    // Debian's own Python knows Debian's QGIS.
    let mut qgis = client("/usr/bin/python3");
    qgis.arg(script("pyqgis.py")).args([&server.url(""), "events"]);
    qgis.env("HOME", home.path()).env("XDG_RUNTIME_DIR", home.path());
    qgis.env("QT_QPA_PLATFORM", "offscreen");

    let ran = run_with(&mut qgis, json!(asked).to_string().as_bytes()).done();

    let found = printed(&ran);
    for ((filter, _, search, sent), found) in tasks.iter().zip(found.as_array().unwrap()) {
        let expected = server.ids(search);
        assert!(!expected.is_empty(), "{search}");
        assert_eq!(ids(&found["ids"]), expected, "{filter:?} {search}");
        assert_eq!(found["crs"], "EPSG:4326");
        assert_eq!(found["fields"]["event_date"], "Date");
        assert_eq!(found["fields"]["fatalities"], "Integer");
        lie_in_syria(&found["points"]);
        if let Some(sent) = sent {
            assert!(server.log().contains(sent), "{sent} was not asked: {}", server.log());
        }
    }
    assert_eq!(found[0]["count"], server.ids("").len());
    assert_eq!(found[4]["count"], server.ids("datetime=2022-01-01/2022-12-31").len());
}

#[test]
fn owslib_finds_its_way() {
    let server = telling();

    let ran = run(installed("python").arg(script("owslib_client.py")).arg(server.url(""))).done();

    let found = printed(&ran);
    assert_eq!(found["collections"], json!(["events", "places", "governorates"]));
    assert!(found["version"].as_str().unwrap().starts_with("3.0."), "{found}");
    assert_eq!(found["item"][0], found["item"][1]);
    for (list, names) in [("queryables", ["geometry", "fatalities"]), ("schema", ["id", "title"])] {
        for name in names {
            assert!(ids(&found[list]).contains(&name.to_owned()), "{list}: {name}");
        }
    }
    for (name, search) in [
        ("pages", ""),
        ("box", "bbox=36,35,38,37"),
        ("days", "datetime=2022-01-01/2022-12-31"),
        ("text", "filter=event_type='Protests'%20OR%20fatalities%3E3"),
        ("json", "filter=fatalities%3E3"),
        ("property", "event_type=Protests"),
    ] {
        // Sorted but not cleared of doubles: each feature is on one page.
        assert_eq!(ids(&found[name]), server.ids(search), "{name}");
    }
    // It writes spaces as `+`.
    let sent = "filter=event_type+%3D+%27Protests%27+OR+fatalities+%3E+3";
    assert!(server.log().contains(sent), "{}", server.log());
}

#[test]
fn geopandas_reads_with_boxes_and_conditions() {
    let server = telling();

    let ran =
        run(installed("python").arg(script("geopandas_client.py")).arg(server.url(""))).done();

    assert_eq!(ran.err, "", "it warns of nothing");
    let found = printed(&ran);
    assert_eq!(found["layers"], json!(["events", "governorates", "places"]));
    assert!(found["crs"].as_str().unwrap().contains("CRS84"), "{}", found["crs"]);
    assert!(found["types"]["event_date"].as_str().unwrap().starts_with("datetime64"));
    for (name, search, sent) in [
        ("all", "", "crs=http://www.opengis.net/def/crs/OGC/1.3/CRS84"),
        ("box", "bbox=36,35,38,37", "bbox=36,35,38,37"),
        ("equal", "event_type=Protests", "event_type%20%3D%20'Protests'"),
        (
            "range",
            "filter=fatalities%3E3%20AND%20event_type%20LIKE%20'Exp%25'",
            "(fatalities%20%3E%203)%20AND%20(event_type%20LIKE%20'Exp%25')",
        ),
        ("days", "datetime=2022-01-01/2022-12-31", "(event_date%20%3C%3D%20'2022-12-31T')"),
        ("both", "bbox=36,35,38,37&filter=fatalities%3E=1", "filter=fatalities%20%3E%3D%201"),
    ] {
        let expected = server.ids(search);
        assert!(!expected.is_empty(), "{search}");
        assert_eq!(ids(&found[name]["ids"]), expected, "{name}");
        lie_in_syria(&found[name]["points"]);
        assert!(server.log().contains(sent), "{sent} was not asked: {}", server.log());
    }
}

/// Cases for each address; with those that are counted out, more than 2,000 requests in all.
const EXAMPLES: &str = "30";

#[test]
fn the_server_is_as_it_describes_itself() {
    let folder = tempdir().unwrap();
    let mut command = rasid();
    command.args(["serve", SAMPLES, "--listen", "127.0.0.1:0", "--token", TOKEN, "--store"]);
    command.arg(store_in(folder.path()));
    let server = Rasid::start(folder, &mut command);
    let folder = tempdir().unwrap();
    let mut tester = installed("schemathesis");
    tester.current_dir(folder.path());
    tester.env("SCHEMATHESIS_HOOKS", script("schemathesis_hooks.py"));
    tester.args(["--no-color", "--config-file", &script("schemathesis.toml"), "run"]);
    tester.arg(server.url("/api")).args(["--checks", "all", "--seed", "1"]);
    // It would wait for the end of what has none.
    tester.args(["--exclude-path", "/collections/events/stream"]);
    tester.args(["--header", &format!("Authorization: Bearer {TOKEN}")]);
    tester.args(["--max-examples", EXAMPLES, "--max-response-time", "5"]);

    let ran = run(&mut tester);

    assert!(ran.status.success(), "{}\n{}", ran.out, ran.err);
    let cases = ran.out.lines().find_map(|line| {
        let (generated, rest) = line.trim().split_once(" generated, ")?;
        // It leaves out cases that it could only have made wrong.
        let (passed, _) = rest.split_once(" passed")?;
        (generated == passed).then(|| generated.replace(',', "").parse::<u32>().ok())?
    });
    assert!(cases.is_some_and(|cases| cases >= 2_000), "{}", ran.out);
}
