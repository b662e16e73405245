//! Who listens hears of every event once, whoever wrote it, and does not keep the server from ending.

use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use crate::app::{PATIENCE, Rasid, SAMPLES, id_of, quick, run, sorted};

/// After so long the server would end in any case.
const GRACE: Duration = Duration::from_secs(10);

/// The ids of the features that lines of a stream tell of.
fn ids(lines: impl Iterator<Item = String>) -> impl Iterator<Item = String> {
    lines.filter_map(|line| line.strip_prefix("data: ").map(id_of))
}

#[test]
fn a_listener_hears_what_another_process_ingests() {
    let server = Rasid::quick(&[]);
    let (tell, heard) = mpsc::channel();
    let lines = server.listen("");
    let listener = thread::spawn(move || {
        for id in ids(lines) {
            tell.send(id).unwrap();
        }
    });
    run(quick().args(["ingest", SAMPLES, "--store"]).arg(server.store())).done();
    // Read from the file by a server of its own, so that nothing is waited for that is not there.
    let expected = Rasid::quick(&[SAMPLES]).ids("");
    let came = expected.iter().map(|_| heard.recv_timeout(PATIENCE).expect("every event comes"));
    assert_eq!(sorted(came.collect::<Vec<_>>()), expected);
    let again: Vec<String> = ids(server.listen("0")).take(expected.len()).collect();
    assert_eq!(sorted(again), expected, "all of them, for who asks from the beginning");

    let asked = Instant::now();
    server.stop();
    listener.join().expect("the stream ends with the server");
    assert!(asked.elapsed() < GRACE, "it had to be cut");
    assert!(heard.try_recv().is_err(), "nothing comes twice");
}
