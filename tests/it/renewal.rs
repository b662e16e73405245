//! A server that brings in place names for its next start, from a server of this machine.

use std::fs;
use std::io::Read as _;
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use std::sync::mpsc::{Receiver, channel};
use std::thread::{self, JoinHandle};

use serde_json::Value;
use tempfile::{TempDir, tempdir};

use crate::app::{PATIENCE, Rasid, rasid, run, store_in, until};
use crate::update::{DUMP, NAMES, answer, list, serve, whole, zipped};

/// A server that renews from the sources at an address.
fn renewing(folder: TempDir, address: &str) -> Rasid {
    let config = list(&folder, Some(address));
    let mut command = command(folder.path(), &config);
    Rasid::start(folder, command.args(["--gazetteer-update", "auto"]))
}

fn command(folder: &Path, config: &Path) -> Command {
    let mut command = rasid();
    command.arg("serve").arg("--store").arg(store_in(folder)).args(["--listen", "127.0.0.1:0"]);
    command.arg("--gazetteer-sources").arg(config);
    command
}

/// What the server says of its place names after the first line.
fn outcome(server: &Rasid) -> String {
    until("the renewal to end", || {
        let log = server.log();
        let (_, told) = log.split_once("on the map: ")?;
        let line = told.lines().find(|line| line.starts_with("gazetteer: "))?;
        Some(line.to_owned())
    })
}

fn resolved(server: &Rasid) -> Value {
    server
        .get("/geocode?q=%D8%B1%D8%A7%D8%B5%D8%AF%20%D8%A7%D9%84%D8%AC%D8%AF%D9%8A%D8%AF%D8%A9")
        .json()["resolved"]
        .clone()
}

fn sources() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("/names.zip", whole(&zipped("SY.txt", NAMES))),
        ("/places.zip", whole(&zipped("SY.txt", DUMP))),
    ]
}

#[test]
fn what_a_server_fetches_is_used_by_the_next_one() {
    let (address, serving) = serve(sources());
    let server = renewing(tempdir().unwrap(), &address);
    assert!(server.log().starts_with("gazetteer: ") && server.log().contains("built in (rasid "));
    let told = outcome(&server);
    assert!(
        told.contains(" places written to `") && told.contains("used from the next start"),
        "{told}"
    );
    serving.join().unwrap();
    assert_eq!(resolved(&server), Value::Null, "a server that runs does not change");

    let folder = server.stop();
    let next = Rasid::serve_in(folder, &[]);
    let first = next.log().lines().next().unwrap().to_owned();
    assert!(
        first.contains("gazetteer-open.geojson` (of 2") && !first.contains("built in"),
        "{first}"
    );
    assert_eq!(resolved(&next), "gn:9000001");

    let folder = next.stop();
    let own = folder.path().join("gazetteer-open.geojson");
    let given = Rasid::start(folder, command_with(&own).args(["--gazetteer-update", "auto"]));
    assert_eq!(resolved(&given), "gn:9000001");
    assert!(!given.log().contains("not updated"), "{}", given.log());

    let folder = given.stop();
    fs::write(folder.path().join("a.txt"), "لا جديد اليوم.").unwrap();
    let article = folder.path().join("a.txt");
    let ran = run(rasid().arg("ingest").arg(article).arg("--store").arg(store_in(folder.path())));
    assert!(ran.done().err.contains("gazetteer-open.geojson` (of 2"));
}

/// A server with place names of its own, and the store beside them.
fn command_with(own: &Path) -> Command {
    let folder = own.parent().unwrap();
    let mut command = command(folder, &folder.join("sources.toml"));
    command.arg("--gazetteer").arg(own);
    command
}

#[test]
fn a_renewal_that_fails_is_one_line_and_costs_nothing() {
    let zip = zipped("SY.txt", NAMES);
    for (bad, words) in [
        (answer("503 Service Unavailable", 0, b""), "answers 503 Service Unavailable"),
        (answer("200 OK", zip.len() + 10, &zip), "broke off after"),
        (whole(b"<html></html>"), "sends cannot be used: invalid Zip archive"),
    ] {
        let (address, serving) = serve(vec![("/names.zip", bad)]);
        let server = renewing(tempdir().unwrap(), &address);
        serving.join().unwrap();
        fails(server, words);
    }
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    fails(renewing(tempdir().unwrap(), &address), "cannot reach `http://127.0.0.1:");
}

fn fails(server: Rasid, words: &str) {
    let told = outcome(&server);
    assert!(told.starts_with("gazetteer: not updated: ") && told.contains(words), "{told}");
    assert!(told.ends_with("; the next start tries again"), "{told}");
    assert_eq!(server.log().lines().filter(|line| line.contains("gazetteer")).count(), 2);
    assert_eq!(server.get("/geocode?q=Aleppo").status, 200);
    let folder = server.stop();
    assert!(!folder.path().join("gazetteer-open.geojson").exists());
}

/// Tells of one request and says nothing until the other side hangs up.
fn silent() -> (String, Receiver<()>, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (asks, asked) = channel();
    let hanging = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        asks.send(()).unwrap();
        stream.read_to_end(&mut Vec::new()).ok();
    });
    (address, asked, hanging)
}

#[test]
fn a_server_does_not_wait_for_sources_that_say_nothing() {
    let (address, asked, hanging) = silent();
    let server = renewing(tempdir().unwrap(), &address);
    asked.recv_timeout(PATIENCE).unwrap();
    assert_eq!(server.get("/health/ready").status, 200);
    assert!(!server.log().contains("not updated"));
    server.stop();
    hanging.join().unwrap();
}

#[test]
fn a_server_that_shall_not_ask_does_not() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let folder = tempdir().unwrap();
    let config = list(&folder, Some(&address));
    let mut command = command(folder.path(), &config);
    let server = Rasid::start(folder, command.args(["--gazetteer-update", "never"]));
    assert!(!server.downloads().exists());
    server.stop();
    listener.set_nonblocking(true).unwrap();
    assert!(listener.accept().is_err(), "nobody has asked");
}
