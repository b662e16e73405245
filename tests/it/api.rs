//! `docs/api.md` against the server: its commands give what it says, and it leaves out nothing.

use std::collections::BTreeSet;

use crate::app::{Rasid, SAMPLES, program, run};
use crate::tidy::read;

const PAGE: &str = "docs/api.md";

/// The address that the page's commands ask.
const ADDRESS: &str = "http://127.0.0.1:8080";

/// The commands of the page, each with what it prints.
fn transcripts() -> Vec<(String, String)> {
    let page = read(PAGE);
    let blocks = page.split("```console\n").skip(1);
    let blocks = blocks.map(|rest| rest.split_once("```").expect("a block ends").0);
    let commands = blocks.flat_map(|block| block.split("$ ").skip(1));
    let split = |text: &str| {
        let (command, printed) = text.split_once('\n').expect("a command ends with its line");
        (command.to_owned(), printed.to_owned())
    };
    commands.map(split).collect()
}

#[test]
fn every_command_of_the_page_prints_what_it_says() {
    let server = Rasid::serve(&[SAMPLES]);
    let transcripts = transcripts();
    assert!(transcripts.len() > 20, "{}", transcripts.len());
    for (command, printed) in transcripts {
        let mut shell = program("sh");
        shell.args(["-c", &command.replace(ADDRESS, &server.url(""))]).env("no_proxy", "*");
        let ran = run(&mut shell).done();
        assert_eq!(ran.out.replace(&server.url(""), ADDRESS), printed, "{command}\n{}", ran.err);
    }
}

#[test]
fn the_page_shows_every_class_that_is_kept_and_no_other() {
    let server = Rasid::serve(&[]);
    let kept = server.get("/conformance").json();
    let kept: BTreeSet<String> = kept["conformsTo"]
        .as_array()
        .unwrap()
        .iter()
        .map(|uri| uri.as_str().unwrap().replace("http://www.opengis.net/spec/", ""))
        .collect();
    let page = read(PAGE);
    let words = page.split('`').filter(|word| word.contains("/conf/"));
    let shown: BTreeSet<String> = words.map(str::to_owned).collect();
    assert_eq!(shown, kept, "left: {PAGE}, right: /conformance");
}
