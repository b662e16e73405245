//! What no compiler checks: the floors, and the habits of the house.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use encoding_rs::WINDOWS_1256;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use walkdir::{DirEntry, WalkDir};

mod floors;
mod paths;

/// More than a reader keeps in mind; long tests move to a file of their own.
const MOST_LINES: usize = 600;

/// Built by tools or fetched, never written by us.
const NOT_OURS: &[&str] = &[".git", "node_modules", "target", "__pycache__", "gazetteer-sources"];

/// A path of the repository.
pub(crate) fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A text file of the repository.
pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(root(path)).unwrap_or_else(|error| panic!("cannot read `{path}`: {error}"))
}

/// The files below a folder, as paths of the repository, in order.
pub(crate) fn files(folder: &str) -> Vec<String> {
    let ours = |entry: &DirEntry| {
        let name = entry.file_name().to_string_lossy();
        !NOT_OURS.contains(&name.as_ref()) && !entry.path().join("CACHEDIR.TAG").exists()
    };
    let walk = WalkDir::new(root(folder)).sort_by_file_name().into_iter().filter_entry(ours);
    let found = walk.map(Result::unwrap).filter(|entry| entry.file_type().is_file());
    let within = |entry: DirEntry| {
        let path = entry.path().strip_prefix(root("")).unwrap();
        path.to_string_lossy().into_owned()
    };
    found.map(within).collect()
}

/// The files below a folder whose names end like that.
pub(crate) fn files_of(folder: &str, ending: &str) -> Vec<String> {
    let ends = |path: &String| Path::new(path).extension().is_some_and(|end| end == ending);
    files(folder).into_iter().filter(ends).collect()
}

/// The files of the repository that hold text, with it. Two samples are in Windows-1256.
fn texts() -> Vec<(String, String)> {
    let text = |path: String| {
        let bytes = fs::read(root(&path)).ok()?;
        let text = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(bytes) if path.starts_with("samples/") => {
                WINDOWS_1256.decode(bytes.as_bytes()).0.into_owned()
            }
            Err(_binary) => return None,
        };
        Some((path, text))
    };
    files("").into_iter().filter_map(text).collect()
}

pub(crate) fn is_third_party(path: &str) -> bool {
    path.starts_with("static/vendor/")
}

/// Fails with all that is wrong, not only the first.
fn assert_none(wrong: &[String], rule: &str) {
    assert!(wrong.is_empty(), "{rule}:\n  {}", wrong.join("\n  "));
}

#[test]
fn a_source_file_is_short_enough_to_keep_in_mind() {
    let long: Vec<String> = files_of("src", "rs")
        .into_iter()
        .map(|path| (read(&path).lines().count(), path))
        .filter(|(lines, _)| *lines > MOST_LINES)
        .map(|(lines, path)| format!("{path}: {lines} lines"))
        .collect();
    assert_none(&long, &format!("a file has at most {MOST_LINES} lines"));
}

/// Whether a character turns the direction of what follows, so that code reads other than it runs.
const fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[test]
fn no_file_hides_a_bidi_control() {
    let mut found = Vec::new();
    for (path, text) in texts() {
        for (number, line) in (1..).zip(text.lines()) {
            found.extend(line.chars().find(|c| is_bidi_control(*c)).map(|c| {
                format!("{path}:{number}: U+{:04X}; write it as an escape", u32::from(c))
            }));
        }
    }
    assert_none(&found, "text holds no bidi control characters");
}

/// Words that have no place in finished work. Written in two halves, so that they do not find themselves.
const UNFINISHED: &[&str] = &[
    concat!("todo", "!("),
    concat!("unimplemented", "!("),
    concat!("#[igno", "re"),
    concat!("FIX", "ME"),
];

/// Paths that exist on one machine only.
const MACHINE_PATHS: &[&str] =
    &[concat!("/ho", "me/"), concat!("/ro", "ot/"), concat!("/Us", "ers/"), concat!("/wo", "rk/")];

fn lines_with(marks: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in texts().iter().filter(|(path, _)| !is_third_party(path)) {
        for (number, line) in (1..).zip(text.lines()) {
            let mark = marks.iter().find(|mark| line.contains(**mark));
            found.extend(mark.map(|mark| format!("{path}:{number}: `{mark}`")));
        }
    }
    found
}

#[test]
fn nothing_is_left_unfinished() {
    assert_none(&lines_with(UNFINISHED), "finish it, or write it down as an issue");
}

#[test]
fn no_file_names_a_path_of_one_machine() {
    assert_none(&lines_with(MACHINE_PATHS), "a path holds on every machine");
}

#[test]
fn the_changelog_tells_of_this_version() {
    let changelog = read("CHANGELOG.md");
    let names = ["Unreleased", env!("CARGO_PKG_VERSION")];
    let told = changelog.lines().filter_map(|line| line.strip_prefix("## ")).any(|heading| {
        let name = heading.trim_start_matches('[').split([']', ' ']).next();
        name.is_some_and(|name| names.contains(&name))
    });
    assert!(told, "CHANGELOG.md has no `## ` heading with one of {names:?}");
}

/// The one article that is real.
const SEED: &str = "samples/seed-article.txt";

/// What every other one says of itself.
const INVENTED: [&str; 2] = ["هذا نص مختلق", "This is an invented text"];

fn sample_articles() -> Vec<String> {
    let mut articles = files_of("samples", "txt");
    articles.extend(files_of("samples", "html"));
    articles.sort();
    articles
}

#[test]
fn nobody_can_take_a_sample_for_news() {
    let mut wrong = Vec::new();
    for path in sample_articles().iter().filter(|path| *path != SEED) {
        let mut source =
            rasid::acquire::open(root(path), &rasid::acquire::Options::default()).unwrap();
        for article in source.articles().map(Result::unwrap) {
            if article.publisher.as_deref() != Some("rasid sample") {
                wrong.push(format!("{path}: its publisher is {:?}", article.publisher));
            }
            if !INVENTED.iter().any(|words| article.text.contains(words)) {
                wrong.push(format!("{path}: its text does not say that it is invented"));
            }
        }
    }
    assert_none(&wrong, "an invented article says so");
}

#[test]
fn every_sample_has_its_answer() {
    let answers = read("samples/expected.jsonl");
    let named = |line: &str| {
        let answer: Value = serde_json::from_str(line).unwrap();
        format!("samples/{}", answer["file"].as_str().unwrap())
    };
    let mut answered: Vec<String> = answers.lines().map(named).collect();
    answered.sort();
    assert_eq!(answered, sample_articles(), "samples/expected.jsonl and the articles beside it");
}

#[test]
fn third_party_files_are_as_they_were_published() {
    const LIST: &str = "static/vendor/VENDOR.json";
    let list: Value = serde_json::from_str(&read(LIST)).unwrap();
    let mut listed = vec![LIST.to_owned()];
    let mut changed = Vec::new();
    for package in list["packages"].as_array().unwrap() {
        for file in package["files"].as_array().unwrap() {
            let text = |of: &Value, key: &str| of[key].as_str().unwrap().to_owned();
            let path = format!("{}/{}", text(package, "folder"), text(file, "path"));
            let mut sha256 = String::new();
            for byte in Sha256::digest(fs::read(root(&path)).unwrap()) {
                write!(sha256, "{byte:02x}").unwrap();
            }
            if sha256 != text(file, "sha256") {
                changed.push(format!("{path}: its checksum is {sha256}"));
            }
            listed.push(path);
        }
    }
    assert_none(&changed, &format!("{LIST} tells what was published"));
    listed.sort();
    assert_eq!(files("static/vendor"), listed, "files of static/vendor and those listed");
}
