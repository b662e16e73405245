//! The table of cases: short texts of every kind, and the events that a person would code from them.
//!
//! `tests/cases/*.toml` is written for analysts; `docs/lexicon.md` tells how to add a case.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt::Write as _;

use rasid::extract::Lexicon;
use rasid::geocode::gazetteer::Gazetteer;
use rasid::model::article::{Article, ArticleId, Lang, Published};
use rasid::model::event::{Event, PROPERTIES};
use rasid::model::report::Extraction;
use rasid::model::taxonomy::SubEventType;
use rasid::model::text::key;
use rasid::pipeline::Knowledge;
use serde::Deserialize;
use serde_json::Value;
use toml::Table;

use crate::tidy::{files_of, read};

/// Fewer cases would not hold every trap in both languages.
const FEWEST: usize = 250;

/// What can keep an article from being read well: no words, Kurdish, Urdu, Persian.
const PROBLEMS: usize = 4;

/// What a case writes for a property that the text does not tell.
const UNKNOWN: &str = "?";

/// The properties that name actors; a case writes their ids.
const ACTORS: [&str; 4] = ["actor1", "actor2", "assoc_actor_1", "assoc_actor_2"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    /// The day of publication of the cases that name none.
    published: toml::Value,
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    text: String,
    title: Option<String>,
    published: Option<toml::Value>,
    /// Words of the problem that must be told; without them none may be.
    problem: Option<String>,
    events: Vec<Table>,
}

#[test]
fn the_page_has_words_for_every_reason_to_refuse_and_every_problem() {
    let (mut reasons, mut problems) = (BTreeSet::new(), BTreeSet::new());
    for (_, cases) in files() {
        for case in &cases.case {
            let (_, extraction) = knowledge().read(&article(case, &cases.published));
            reasons.extend(extraction.refusals());
            problems.extend(extraction.problems);
        }
    }
    assert!(reasons.len() > 15, "{reasons:#?}");
    assert_eq!(problems.len(), PROBLEMS, "{problems:#?}");
    for dictionary in ["static/js/i18n/reading-ar.js", "static/js/i18n/reading-en.js"] {
        let words = read(dictionary);
        for reason in reasons.iter().chain(&problems) {
            assert!(words.contains(&format!("'{reason}':")), "{dictionary}: {reason}");
        }
    }
}

#[test]
fn every_case_gives_the_events_that_a_person_would_code() {
    let actors = actors();
    let mut failed = Vec::new();
    for (file, cases) in files() {
        for case in &cases.case {
            let article = article(case, &cases.published);
            let (events, extraction) = knowledge().read(&article);
            let features: Vec<Value> = events.iter().map(Event::to_feature).collect();
            let found: Vec<&Value> = features.iter().map(|f| &f["properties"]).collect();
            if !(agree(&case.events, &found, &actors) && problems_agree(case, &extraction)) {
                failed.push(told(&file, case, &found, &extraction, &actors));
            }
        }
    }
    assert!(failed.is_empty(), "{}\n{} cases fail", failed.join("\n"), failed.len());
}

#[test]
fn the_cases_are_many_and_cover_every_sub_event_in_both_languages() {
    let mut missing: HashSet<(Lang, &str)> = [Lang::Ar, Lang::En]
        .into_iter()
        .flat_map(|l| SubEventType::NAMES.iter().map(move |n| (l, *n)))
        .collect();
    let files = files();
    let mut names = BTreeSet::new();
    for (file, cases) in &files {
        for case in &cases.case {
            let words = case.text.split_whitespace().count();
            assert!(names.insert(case.name.clone()), "{file}: two cases are named “{}”", case.name);
            assert!(words > 0, "{file}: “{}” has no text", case.name);
            for event in &case.events {
                let sub_event = event.get("sub_event_type").and_then(toml::Value::as_str);
                missing.remove(&(Lang::of(&case.text), sub_event.unwrap_or_default()));
            }
        }
    }
    assert!(missing.is_empty(), "no case has {missing:?}");
    assert!(names.len() >= FEWEST, "there are {} cases, fewer than {FEWEST}", names.len());
}

#[test]
fn every_expectation_of_a_case_names_a_property() {
    let actors = actors();
    for (file, cases) in files() {
        for (case, event) in cases.case.iter().flat_map(|c| c.events.iter().map(move |e| (c, e))) {
            let name = &case.name;
            assert!(
                event.contains_key("sub_event_type"),
                "{file}: “{name}” has an event without a type"
            );
            for (property, value) in event {
                let known = PROPERTIES.iter().any(|(name, ..)| name == property);
                assert!(known, "{file}: “{name}” expects `{property}`, which no event has");
                let id = value
                    .as_str()
                    .filter(|id| ACTORS.contains(&property.as_str()) && *id != UNKNOWN);
                let strange = id.filter(|id| id.split("; ").any(|id| !actors.contains_key(id)));
                assert!(
                    strange.is_none(),
                    "{file}: “{name}” expects {strange:?}, which no actor is"
                );
            }
        }
    }
}

fn files() -> Vec<(String, Cases)> {
    let files = files_of("tests/cases", "toml").into_iter();
    let read = files.map(|file| {
        let cases = toml::from_str(&read(&file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        (file, cases)
    });
    read.collect()
}

/// The names of the actors by their ids.
fn actors() -> BTreeMap<String, String> {
    let file: Table = toml::from_str(&read("lexicon/actors.toml")).unwrap();
    let rows = file["actor"].as_array().unwrap().iter();
    rows.map(|row| {
        let text = |key: &str| row[key].as_str().unwrap().to_owned();
        (text("id"), text("name"))
    })
    .collect()
}

fn knowledge() -> &'static Knowledge {
    static KNOWLEDGE: std::sync::OnceLock<Knowledge> = std::sync::OnceLock::new();
    KNOWLEDGE.get_or_init(|| {
        let (gazetteer, _) = Gazetteer::from_geojson(&read("gazetteer.geojson")).unwrap();
        Knowledge::new(Lexicon::embedded(), gazetteer)
    })
}

fn article(case: &Case, published: &toml::Value) -> Article {
    let published = case.published.as_ref().unwrap_or(published);
    let published = published.as_str().map_or_else(|| published.to_string(), str::to_owned);
    Article {
        id: ArticleId("case".to_owned()),
        text: case.text.clone(),
        title: case.title.clone(),
        author: None,
        trust: None,
        publisher: None,
        url: None,
        published: (!published.contains(UNKNOWN)).then(|| Published::parse(&published).unwrap()),
        lang: Lang::of(&case.text),
    }
}

/// Whether each expected event is another one of those found, and none is left over.
fn agree(expected: &[Table], found: &[&Value], actors: &BTreeMap<String, String>) -> bool {
    let Some((first, others)) = expected.split_first() else { return found.is_empty() };
    (0..found.len()).any(|at| {
        let rest: Vec<&Value> =
            found.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, f)| *f).collect();
        is_as(first, found[at], actors) && agree(others, &rest, actors)
    })
}

fn is_as(expected: &Table, found: &Value, actors: &BTreeMap<String, String>) -> bool {
    expected.iter().all(|(property, value)| match (property.as_str(), value) {
        (_, toml::Value::String(text)) if text == UNKNOWN => found[property].is_null(),
        ("location", toml::Value::String(name)) => ["location", "location_ar"]
            .iter()
            .any(|p| found[p].as_str().is_some_and(|told| key(told) == key(name))),
        (property, toml::Value::String(ids)) if ACTORS.contains(&property) => {
            let names: Vec<&str> = ids.split("; ").map(|id| actors[id].as_str()).collect();
            found[property] == names.join("; ")
        }
        (_, toml::Value::Datetime(day)) => found[property] == day.to_string(),
        _ => found[property] == serde_json::to_value(value).unwrap(),
    })
}

fn problems_agree(case: &Case, extraction: &Extraction) -> bool {
    match &case.problem {
        Some(words) => extraction.problems.iter().any(|problem| problem.contains(words)),
        None => extraction.problems.is_empty(),
    }
}

/// A case that fails, with what was wanted, what was found, and why.
fn told(
    file: &str,
    case: &Case,
    found: &[&Value],
    extraction: &Extraction,
    actors: &BTreeMap<String, String>,
) -> String {
    let mut told = format!("{file}: {}\n  text: {}\n", case.name, case.text.trim());
    for event in &case.events {
        writeln!(told, "  expected {}", toml::Value::Table(event.clone())).unwrap();
    }
    for event in found {
        writeln!(told, "  found    {}", shown(event, &case.events, actors)).unwrap();
    }
    for problem in &extraction.problems {
        writeln!(told, "  problem  {problem}").unwrap();
    }
    for note in extraction.findings.iter().flat_map(|finding| &finding.notes) {
        writeln!(told, "  note     {note}").unwrap();
    }
    told
}

/// The properties that cases speak of most, and those that this one speaks of, as a case writes them.
fn shown(found: &Value, expected: &[Table], actors: &BTreeMap<String, String>) -> String {
    const ALWAYS: &[&str] = &[
        "sub_event_type",
        "location",
        "event_date",
        "time_precision",
        "fatalities",
        "injured",
        "actor1",
        "actor2",
    ];
    let shown = PROPERTIES.iter().map(|(property, ..)| *property).filter(|property| {
        let asked = expected.iter().any(|event| event.contains_key(*property));
        asked || (ALWAYS.contains(property) && !found[property].is_null())
    });
    let written = shown.map(|property| match &found[property] {
        Value::Null => format!("{property} = \"{UNKNOWN}\""),
        Value::String(text) if ACTORS.contains(&property) => {
            let id = |name: &str| {
                actors
                    .iter()
                    .find(|(_, known)| *known == name)
                    .map_or(name.to_owned(), |a| a.0.clone())
            };
            let ids: Vec<String> = text.split("; ").map(id).collect();
            format!("{property} = \"{}\"", ids.join("; "))
        }
        Value::String(day) if property.starts_with("event_date") => format!("{property} = {day}"),
        value => format!("{property} = {value}"),
    });
    format!("{{ {} }}", written.collect::<Vec<_>>().join(", "))
}
