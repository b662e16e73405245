//! The sample articles against what a person found in them.

use std::fs;
use std::path::Path;

use rasid::acquire::{self, Options};
use rasid::extract::Lexicon;
use rasid::geocode::gazetteer::Gazetteer;
use rasid::model::event::Event;
use rasid::pipeline::Knowledge;
use serde_json::Value;

/// Expected events that are not found yet, as `file: type at place`.
const MISSED: &[&str] = &[];

/// Counts of killed that are not read yet, as `file: type at place`.
const MISCOUNTED: &[&str] = &[
    // The dead are told of sentences later, as the raid's, not the place's.
    "state-agency-2022.txt: Air/drone strike at الديماس",
    // "One of each side".
    "suwayda-truce.html: Armed clash at المزرعة",
];

#[test]
fn the_samples_give_what_a_person_found_in_them_and_nothing_else() {
    let mut missed = Vec::new();
    let mut invented = Vec::new();
    let mut miscounted = Vec::new();
    for (file, expected) in expected() {
        let mut found = events(&file);
        for wanted in expected["events"].as_array().unwrap() {
            let place = wanted["place"].as_str();
            let told = format!(
                "{file}: {} at {}",
                wanted["sub_event_type"].as_str().unwrap(),
                place.unwrap_or("no place")
            );
            match found.iter().position(|event| is_same(event, wanted)) {
                Some(at) => {
                    let killed = found.remove(at).toll.fatalities;
                    let wanted = wanted["fatalities"].as_u64();
                    // Zero is written by a person also where the article leaves it unsaid.
                    if wanted.is_some_and(|n| n > 0) && killed.map(u64::from) != wanted {
                        miscounted.push(told);
                    }
                }
                None if wanted["optional"] == true => {}
                None => missed.push(told),
            }
        }
        invented.extend(found.iter().map(|event| {
            format!("{file}: {} “{}”", event.what.sub_event_type, event.evidence.evidence)
        }));
    }
    assert_eq!(missed, MISSED);
    assert_eq!(miscounted, MISCOUNTED, "killed");
    assert_eq!(invented, Vec::<String>::new(), "events that nobody told of");
}

#[test]
fn what_a_person_saw_to_be_no_event_is_evidence_of_none() {
    for (file, expected) in expected() {
        let events = events(&file);
        for phrase in expected["not_events"].as_array().into_iter().flatten() {
            let phrase = phrase.as_str().unwrap();
            let wrong = events.iter().find(|event| event.evidence.evidence.contains(phrase));
            assert!(
                wrong.is_none(),
                "{file}: `{phrase}` became {:?}",
                wrong.map(|e| e.what.sub_event_type)
            );
        }
    }
}

#[test]
fn every_quotation_is_the_articles_own_at_its_offsets() {
    for (file, _) in expected() {
        for article in articles(&file) {
            for event in knowledge().read(&article).0 {
                let (start, end) = (event.evidence.evidence_start, event.evidence.evidence_end);
                let quoted: String = article.text.chars().skip(start).take(end - start).collect();
                assert_eq!(quoted, event.evidence.evidence, "{file}");
            }
        }
    }
}

fn is_same(event: &Event, wanted: &Value) -> bool {
    let place = wanted["place"].as_str();
    let told = event.location.location_ar.as_deref();
    let same_place = match (place, told) {
        (Some(place), Some(told)) => {
            let (place, told) = (rasid::model::text::key(place), rasid::model::text::key(told));
            told.contains(&place) || place.contains(&told)
        }
        (None, None) => true,
        _ => false,
    };
    let day = event.when.event_date.map(|d| d.to_string());
    let admin1 = wanted["admin1"].as_str();
    wanted["sub_event_type"] == event.what.sub_event_type.as_str()
        && same_place
        && (admin1.is_none() || admin1 == event.location.admin1.as_deref())
        && (day.is_none()
            || wanted["event_date"].is_null()
            || wanted["event_date"].as_str() == day.as_deref())
}

fn expected() -> Vec<(String, Value)> {
    let lines = fs::read_to_string(samples().join("expected.jsonl")).unwrap();
    let read = lines.lines().map(|line| {
        let value: Value = serde_json::from_str(line).unwrap();
        (value["file"].as_str().unwrap().to_owned(), value)
    });
    read.collect()
}

fn samples() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/samples"))
}

fn articles(file: &str) -> Vec<rasid::model::article::Article> {
    let mut source = acquire::open(samples().join(file), &Options::default()).unwrap();
    source.articles().collect::<Result<_, _>>().unwrap()
}

fn events(file: &str) -> Vec<Event> {
    articles(file).iter().flat_map(|article| knowledge().read(article).0).collect()
}

fn knowledge() -> &'static Knowledge {
    static KNOWLEDGE: std::sync::OnceLock<Knowledge> = std::sync::OnceLock::new();
    KNOWLEDGE.get_or_init(|| {
        let places = include_str!("../../gazetteer.geojson");
        let (gazetteer, problems) = Gazetteer::from_geojson(places).unwrap();
        assert!(problems.is_empty(), "{problems:?}");
        Knowledge::new(Lexicon::embedded(), gazetteer)
    })
}
