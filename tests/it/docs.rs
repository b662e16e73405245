//! The docs say what the program does: every flag, variable, address and property, and no other.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use clap::{Arg, Command, CommandFactory as _};
use rasid::config::Config;
use rasid::model::event::{PROPERTIES, PropertyType};

use crate::tidy::{files_of, is_third_party, read, root};

const README: &str = "README.md";

/// The rows of the table below a heading of the README, without marks of code.
fn table(heading: &str) -> Vec<Vec<String>> {
    let readme = read(README);
    let (_, below) = readme
        .split_once(&format!("\n## {heading}\n"))
        .unwrap_or_else(|| panic!("{README} has no heading `{heading}`"));
    let rows = below
        .lines()
        .take_while(|line| !line.starts_with("## "))
        .skip_while(|line| !line.starts_with('|'))
        .take_while(|line| line.starts_with('|'));
    let cells = |row: &str| {
        let row = row.trim_matches('|').replace('`', "");
        row.split('|').map(|cell| cell.trim().to_owned()).collect()
    };
    rows.skip(2).map(cells).collect()
}

/// A flag as its row tells it: variable, commands, default.
type Flag = (String, Vec<String>, String);

fn told_of(arg: &Arg) -> Option<(String, Flag)> {
    let name = format!("--{}", arg.get_long()?);
    let value = arg.get_value_names().filter(|_| arg.get_action().takes_values());
    let flag = match value.and_then(<[_]>::first) {
        Some(value) => format!("{name} {value}"),
        None => name,
    };
    let variable = arg.get_env().map_or("–".into(), |name| name.to_string_lossy().into_owned());
    let default = arg.get_default_values().first().filter(|_| arg.get_action().takes_values());
    let default = default.map_or("–".into(), |text| text.to_string_lossy().into_owned());
    Some((flag, (variable, Vec::new(), default)))
}

/// The commands with the words that call them, as `gazetteer check`.
fn commands(cli: &Command) -> Vec<(String, &Command)> {
    let mut found = Vec::new();
    for command in cli.get_subcommands() {
        let name = command.get_name();
        if command.has_subcommands() {
            let below = commands(command).into_iter();
            found.extend(below.map(|(call, command)| (format!("{name} {call}"), command)));
        } else {
            found.push((name.to_owned(), command));
        }
    }
    found
}

#[test]
fn the_readme_tells_every_flag_and_variable() {
    let cli = Config::command();
    let mut flags: BTreeMap<String, Flag> = BTreeMap::new();
    for arg in cli.get_arguments() {
        let (name, (variable, _, default)) = told_of(arg).unwrap();
        flags.insert(name, (variable, vec!["all".to_owned()], default));
    }
    for (call, command) in commands(&cli) {
        for (name, flag) in command.get_arguments().filter_map(told_of) {
            flags.entry(name).or_insert(flag).1.push(call.clone());
        }
    }
    let in_readme: BTreeMap<String, Flag> = table("Flags and variables")
        .into_iter()
        .filter(|row| row[0] != "–")
        .map(|row| {
            let commands = row[2].split(", ").map(str::to_owned).collect();
            (row[0].clone(), (row[1].clone(), commands, row[3].clone()))
        })
        .collect();
    assert_eq!(in_readme, flags, "left: {README}, right: the command line");
}

/// The words of a text that name a variable of ours.
fn variables(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    words.filter(|word| word.len() > 6 && word.starts_with("RASID_")).map(str::to_owned).collect()
}

#[test]
fn the_docs_name_no_variable_that_is_not_read() {
    let sources = files_of("src", "rs").into_iter();
    let used: BTreeSet<String> = sources.flat_map(|path| variables(&read(&path))).collect();
    let rows = table("Flags and variables");
    let told: BTreeSet<String> = rows.iter().flat_map(|row| variables(&row[1])).collect();
    assert_eq!(told, used, "left: the table of {README}, right: src/");
    for page in pages() {
        let strange: Vec<_> = variables(&read(&page)).difference(&used).cloned().collect();
        assert!(strange.is_empty(), "{page} names {strange:?}, which nothing reads");
    }
}

#[test]
fn the_readme_tells_every_command_and_format() {
    let readme = read(README);
    for (call, command) in commands(&Config::command()) {
        let call = format!("rasid {call}");
        assert!(readme.contains(&call), "{README} does not show `{call}`");
        let formats = command.get_arguments().filter(|arg| arg.get_long() == Some("format"));
        for format in formats.flat_map(Arg::get_possible_values) {
            let name = format!("`{}`", format.get_name());
            assert!(readme.contains(&name), "{README} does not name the format {name}");
        }
    }
}

#[test]
fn the_readme_tells_every_address() {
    let source = read("src/web/mod.rs");
    let routes: BTreeSet<String> = source
        .split(".route(")
        .skip(1)
        .map(|call| call.split('"').nth(1).unwrap().to_owned())
        .collect();
    let told = table("Addresses");
    assert_eq!(told.len(), routes.len(), "an address stands in one row");
    let told: BTreeSet<String> = told.into_iter().map(|row| row[0].clone()).collect();
    assert_eq!(told, routes, "left: {README}, right: web::router");
}

#[test]
fn the_readme_tells_every_property_as_the_schema_does() {
    let kind = |kind: PropertyType| match kind {
        PropertyType::Text => "text",
        PropertyType::Enum(_) => "one of a list",
        PropertyType::List => "texts",
        PropertyType::Integer => "whole number",
        PropertyType::Real => "number",
        PropertyType::Date => "day",
    };
    let told = table("Properties of an event");
    let known: Vec<Vec<String>> = PROPERTIES
        .iter()
        .map(|&(name, of, about)| {
            vec![name.to_owned(), kind(of).to_owned(), about.replace('`', "")]
        })
        .collect();
    assert_eq!(told, known, "left: {README}, right: model::event::PROPERTIES");
}

/// Every page of documentation.
fn pages() -> Vec<String> {
    files_of("", "md").into_iter().filter(|path| !is_third_party(path)).collect()
}

/// The anchor that a page gives to a heading.
fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.collect::<String>().trim().to_lowercase().replace(' ', "-")
}

fn has_anchor(page: &str, wanted: &str) -> bool {
    let text = read(page);
    let headings = text.lines().filter(|line| line.starts_with('#'));
    headings.map(|line| anchor(line.trim_start_matches('#').trim())).any(|known| known == wanted)
}

/// Whether a link of a page leads to something; addresses of other sites are not asked.
fn leads_somewhere(page: &str, link: &str) -> bool {
    if link.contains("://") || link.starts_with("mailto:") {
        return true;
    }
    let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
    let folder = Path::new(page).parent().unwrap_or(Path::new(""));
    let target = if path.is_empty() { page.into() } else { folder.join(path) };
    let target = target.to_string_lossy();
    root(&target).exists() && (anchor.is_empty() || has_anchor(&target, anchor))
}

#[test]
fn every_link_of_the_docs_leads_somewhere() {
    let mut dead = Vec::new();
    for page in pages() {
        let text = read(&page);
        let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        let lost = links.filter(|link| !leads_somewhere(&page, link));
        dead.extend(lost.map(|link| format!("{page}: {link}")));
    }
    assert!(dead.is_empty(), "dead links:\n  {}", dead.join("\n  "));
}

/// What a page sets in marks of code and what looks like a file of ours.
fn files_named(text: &str) -> impl Iterator<Item = &str> {
    const FOLDERS: &[&str] = &[
        "src/", "docs/", "lexicon/", "scripts/", "samples/", "tests/", "static/", ".ci/",
        ".config/",
    ];
    let code = text.split('`').skip(1).step_by(2);
    let plain = |path: &&str| !path.contains(['*', ' ', '{', '…', ':']) && !path.contains("NAME");
    code.filter(|path| FOLDERS.iter().any(|folder| path.starts_with(folder))).filter(plain)
}

#[test]
fn every_file_that_the_docs_name_is_there() {
    let mut lost = Vec::new();
    for page in pages() {
        let text = read(&page).replace("```", "");
        let missing = files_named(&text).filter(|path| !root(path).exists());
        lost.extend(missing.map(|path| format!("{page}: {path}")));
    }
    assert!(lost.is_empty(), "the docs name files that are not there:\n  {}", lost.join("\n  "));
}
