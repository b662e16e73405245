//! The floors of `docs/ARCHITECTURE.md`: a module names only what lies below it.

use std::collections::BTreeSet;

use super::paths::{Named, paths, tokens};
use super::{assert_none, files_of, read};

/// From the ground up. Modules of one floor do not know each other.
const FLOORS: &[&[&str]] = &[
    &["model"],
    &["acquire", "extract", "geocode", "merge", "store", "formats"],
    &["pipeline", "web"],
    &["config"],
    &["app"],
    &["main"],
];

/// Modules that do no I/O and read no clock: what they need is an argument.
const PURE: &[&str] = &["model", "extract", "geocode", "merge"];

/// What is I/O or a clock. `SystemTime` and `Timestamp::now` are refused by clippy.
const IMPURE: &[&str] = &[
    "std::fs",
    "std::net",
    "std::process",
    "std::env",
    "std::thread",
    "std::time",
    "std::io",
    "tokio",
    "walkdir",
    "tracing",
];

/// Crates that stand for a duty, and the modules whose duty it is.
const DUTIES: &[(&str, &[&str])] = &[
    ("rusqlite", &["store"]),
    ("postgres", &["store"]),
    ("axum", &["web", "app"]),
    ("tower_http", &["web"]),
    ("pmtiles", &["web"]),
    ("reqwest", &["acquire"]),
    ("rustls", &["acquire", "store"]),
    ("zip", &["acquire"]),
    ("quick_xml", &["acquire"]),
    ("robotxt", &["acquire"]),
    ("notify", &["acquire"]),
    ("dom_query", &["acquire"]),
    ("dom_smoothie", &["acquire"]),
    ("daachorse", &["extract"]),
    ("clap", &["config", "main"]),
    ("anyhow", &["app", "main"]),
    ("indicatif", &["app"]),
];

/// All that the model may use beside the standard library.
const MODEL_CRATES: &[&str] =
    &["geo_types", "jiff", "proptest", "serde", "serde_json", "thiserror", "unicode_normalization"];

fn floor(module: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&module))
}

/// The module of a file: `src/web/tests/mod.rs` is `web::tests`.
fn module(path: &str) -> Vec<String> {
    let path = path.strip_prefix("src/").unwrap_or(path);
    let path = path.strip_suffix(".rs").unwrap_or(path);
    let parts = path.split('/').filter(|part| !matches!(*part, "mod" | "lib"));
    parts.map(str::to_owned).collect()
}

fn sources() -> Vec<(String, String)> {
    files_of("src", "rs").into_iter().map(|path| (path.clone(), read(&path))).collect()
}

/// A path from the root of the crate; `None` if it leads out of the crate.
fn from_root(named: &Named) -> Option<Result<Vec<String>, String>> {
    let (head, rest) = named.path.split_first()?;
    let mut full = match head.as_str() {
        "crate" => Vec::new(),
        "rasid" if named.within.first().is_some_and(|m| m == "main") => Vec::new(),
        "self" => named.within.clone(),
        "super" => named.within.split_last()?.1.to_vec(),
        _ => return None,
    };
    if rest.iter().any(|part| part == "super") {
        return Some(Err("climbs with `super` twice: write the path from `crate`".to_owned()));
    }
    full.extend_from_slice(rest);
    Some(Ok(full))
}

/// What is wrong with a path, if anything.
fn fault(named: &Named) -> Option<String> {
    let full = match from_root(named)? {
        Ok(full) => full,
        Err(wrong) => return Some(wrong),
    };
    let own = named.within.first()?;
    let target = full.first().map_or("", String::as_str);
    if target == own {
        return None;
    }
    let Some(below) = floor(target) else {
        return Some(format!("names `crate::{target}`, which stands on no floor"));
    };
    match floor(own) {
        None => Some(format!("`{own}` stands on no floor: add it to FLOORS")),
        Some(here) if below < here => None,
        Some(_) => Some(format!("names `crate::{target}`, which is not below `{own}`")),
    }
}

fn faults(path: &str, text: &str) -> Vec<String> {
    let found = paths(text, &module(path));
    found.iter().filter_map(fault).map(|wrong| format!("{path}: {wrong}")).collect()
}

#[test]
fn imports_go_down_a_floor() {
    let wrong: Vec<String> = sources().iter().flat_map(|(p, text)| faults(p, text)).collect();
    assert_none(&wrong, "a module names only modules on lower floors");
}

#[test]
fn the_floor_test_sees_every_way_up() {
    for (path, text, told) in [
        ("src/store/mod.rs", "use crate::web::Site;", "`crate::web`, which is not below `store`"),
        ("src/store/mod.rs", "use super::web::Site;", "`crate::web`"),
        ("src/store/index.rs", "fn f() { crate::pipeline::ingest() }", "`crate::pipeline`"),
        ("src/extract/mod.rs", "use crate::{model::a, geocode::{b, c}};", "`crate::geocode`"),
        ("src/geocode/mod.rs", "mod tests { use crate::extract::e; }", "`crate::extract`"),
        ("src/pipeline.rs", "use super::web;", "`crate::web`"),
        ("src/model/mod.rs", "fn f() { macro_rules! { $crate::store::S } }", "`crate::store`"),
        ("src/web/tests/mod.rs", "use super::super::store;", "`super` twice"),
        ("src/web/mod.rs", "use crate::*;", "stands on no floor"),
        ("src/web/mod.rs", "use super::*;", "stands on no floor"),
        ("src/misc/mod.rs", "use crate::model::a;", "`misc` stands on no floor"),
        ("src/web/mod.rs", "use crate::misc::a;", "`crate::misc`, which stands on no floor"),
        ("src/config.rs", "use crate::app::run;", "`crate::app`"),
    ] {
        let found = faults(path, text).join("\n");
        assert!(found.contains(told), "{path}: {text}\nfound: {found:?}");
    }
    for (path, text) in [
        ("src/pipeline.rs", "mod tests { use super::*; } use crate::{store::S, model::event};"),
        ("src/web/tests/mod.rs", "use super::*; use crate::store::samples::article;"),
        ("src/main.rs", "use rasid::app; use rasid::config::Config;"),
        ("src/store/mod.rs", "// crate::web\nconst TOLD: &str = \"crate::web::x\";"),
    ] {
        assert_eq!(faults(path, text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn every_module_stands_on_a_floor_and_the_root_holds_nothing_else() {
    let there: BTreeSet<String> =
        sources().iter().filter_map(|(path, _)| module(path).first().cloned()).collect();
    let known: BTreeSet<String> =
        FLOORS.iter().flat_map(|floor| floor.iter().map(|name| (*name).to_owned())).collect();
    assert_eq!(there, known, "modules of src/ and FLOORS");

    let root = tokens(&read("src/lib.rs"));
    let mut listed = BTreeSet::from(["main".to_owned()]);
    for item in root.chunks(4) {
        let [public, module, name, end] = item else { panic!("src/lib.rs ends in {item:?}") };
        let told = format!("{public} {module} name{end}");
        assert_eq!(told, "pub mod name;", "src/lib.rs lists modules, it re-exports nothing");
        listed.insert(name.clone());
    }
    assert_eq!(listed, known, "modules of src/lib.rs and FLOORS");
}

#[test]
fn the_floors_are_written_down() {
    let page = read("docs/ARCHITECTURE.md");
    for (number, floor) in FLOORS.iter().enumerate() {
        let names: Vec<String> = floor.iter().map(|name| format!("`{name}`")).collect();
        let row = format!("| {number} | {} |", names.join(" "));
        assert!(page.contains(&row), "docs/ARCHITECTURE.md has no row that begins `{row}`");
    }
}

#[test]
fn the_middle_does_no_io_and_every_duty_has_its_module() {
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        let at = module(&file);
        let Some(own) = at.first() else { continue };
        for Named { path, .. } in paths(&text, &at) {
            let path = path.join("::");
            let begins = |with: &str| path == with || path.starts_with(&format!("{with}::"));
            if PURE.contains(&own.as_str()) {
                let impure = IMPURE.iter().find(|impure| begins(impure));
                wrong.extend(impure.map(|_| format!("{file}: `{path}` in a module that is pure")));
            }
            for (name, modules) in DUTIES {
                if begins(name) && !modules.contains(&own.as_str()) {
                    wrong.push(format!("{file}: `{path}` is for {} alone", modules.join(" and ")));
                }
            }
        }
    }
    assert_none(&wrong, "I/O and third-party crates stay where their duty is");
}

#[test]
fn the_model_knows_few_crates() {
    let manifest: toml::Table = read("Cargo.toml").parse().unwrap();
    let crates: BTreeSet<String> = ["dependencies", "dev-dependencies"]
        .iter()
        .flat_map(|list| manifest[*list].as_table().unwrap().keys())
        .map(|name| name.replace('-', "_"))
        .collect();
    let mut wrong = Vec::new();
    for (file, text) in sources().iter().filter(|(file, _)| file.starts_with("src/model/")) {
        for Named { path, .. } in paths(text, &module(file)) {
            let head = path.first().map_or("", String::as_str);
            if crates.contains(head) && !MODEL_CRATES.contains(&head) {
                wrong.push(format!("{file}: `{}`", path.join("::")));
            }
        }
    }
    assert_none(&wrong, &format!("the model uses no crate but {}", MODEL_CRATES.join(", ")));
}
