//! What several articles tell of one happening is one event, and what only looks like it is not.
//!
//! `tests/merge/*.toml` holds the happenings and how outlets tell them, all of it invented. All of them
//! are read and joined together, so that every happening could be taken for every other.

use std::collections::{BTreeMap, BTreeSet};

use rasid::extract::Lexicon;
use rasid::geocode::gazetteer::Gazetteer;
use rasid::merge::Words;
use rasid::merge::group::groups;
use rasid::merge::print;
use rasid::merge::telling::{Common, Telling};
use rasid::model::article::{Article, ArticleId, Lang, Published, TRUST};
use rasid::pipeline::Knowledge;
use serde::Deserialize;

use crate::app::{Rasid, file};
use crate::tidy::{files_of, read};

/// Fewer would not hold every trap in both languages.
const FEWEST: usize = 60;

/// The harmonic mean of how many joined pairs belong together and how many that belong together are joined.
const BAR: f64 = 0.95;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    happening: Vec<Happening>,
    #[serde(default)]
    roundup: Vec<Roundup>,
}

/// Something that happened once.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Happening {
    name: String,
    told: Vec<Told>,
}

/// An article on one happening.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Told {
    by: String,
    /// When it was published, with the offset of Damascus.
    at: String,
    title: Option<String>,
    text: String,
}

/// An article on several.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Roundup {
    by: String,
    at: String,
    text: String,
    /// Words of the sentence on each happening, by its name.
    tells: BTreeMap<String, String>,
}

/// A telling with the happenings that it may be of; none if its article tells it beside them.
struct Labelled {
    telling: Telling,
    of: BTreeSet<String>,
    said: String,
}

fn files() -> Vec<File> {
    let files = files_of("tests/merge", "toml").into_iter();
    files
        .map(|file| toml::from_str(&read(&file)).unwrap_or_else(|error| panic!("{file}: {error}")))
        .collect()
}

fn article(number: usize, by: &str, at: &str, title: Option<&str>, text: &str) -> Article {
    let at = at.replace(' ', "T");
    let published = Published::parse(&format!("{at}:00+03:00")).or_else(|_| Published::parse(&at));
    Article {
        id: ArticleId(format!("{number:04}")),
        text: text.to_owned(),
        title: title.map(str::to_owned),
        author: None,
        trust: None,
        publisher: Some(by.to_owned()),
        url: None,
        published: Some(published.unwrap_or_else(|error| panic!("{error}"))),
        lang: Lang::of(text),
    }
}

/// All that is told, with what each article should tell.
fn tellings() -> (Vec<Labelled>, Vec<(ArticleId, String)>) {
    let (gazetteer, _) = Gazetteer::from_geojson(&read("gazetteer.geojson")).unwrap();
    let knowledge = Knowledge::new(Lexicon::embedded(), gazetteer);
    let words = Words::embedded();
    let (mut all, mut wanted) = (Vec::new(), Vec::new());
    let mut number = 0;
    let mut tell = |article: &Article, tells: &BTreeMap<String, String>| {
        let (events, _) = knowledge.read(article);
        let (_, print) = print::read(&article.text);
        let common = Common { print, trust: TRUST };
        for event in events {
            let place = event.location.place_id.as_ref();
            let kind = place.and_then(|id| knowledge.gazetteer().place(id)).map(|place| place.kind);
            let is_of = |(_, words): &(&String, &String)| event.evidence.evidence.contains(*words);
            let of = tells.iter().filter(is_of).map(|(name, _)| name.clone()).collect();
            let said = format!(
                "{} {:?} {:?} {:?} killed {:?} | {}",
                event.what.sub_event_type,
                event.location.location,
                event.when.event_date.map(|day| day.to_string()),
                event.who.actor_ids.iter().map(|id| id.0.as_str()).collect::<Vec<_>>(),
                event.toll.fatalities,
                event.evidence.evidence
            );
            all.push(Labelled {
                telling: Telling::new(event, kind, common.clone(), &words),
                of,
                said,
            });
        }
        wanted.extend(tells.keys().map(|name| (article.id.clone(), name.clone())));
    };
    for File { happening, roundup } in files() {
        for Happening { name, told } in happening {
            for Told { by, at, title, text } in told {
                number += 1;
                let tells = BTreeMap::from([(name.clone(), String::new())]);
                tell(&article(number, &by, &at, title.as_deref(), &text), &tells);
            }
        }
        for Roundup { by, at, text, tells } in roundup {
            number += 1;
            tell(&article(number, &by, &at, None, &text), &tells);
        }
    }
    (all, wanted)
}

#[test]
fn happenings_told_by_many_are_one_and_near_misses_stay_apart() {
    let (all, wanted) = tellings();
    let tellings: Vec<&Telling> = all.iter().map(|labelled| &labelled.telling).collect();
    let groups: Vec<Vec<&Labelled>> = groups(&tellings)
        .into_iter()
        .map(|group| group.into_iter().map(|member| &all[member.at]).collect())
        .collect();
    let mut told = Vec::new();
    let wrong = pairs(&groups).filter(|(a, b)| a.of.is_disjoint(&b.of)).map(|(a, b)| {
        told.push(format!("joined:\n  {:?} {}\n  {:?} {}", a.of, a.said, b.of, b.said));
    });
    let wrong = u32::try_from(wrong.count()).unwrap();
    let joined: BTreeSet<(&ArticleId, &ArticleId, &String)> = pairs(&groups)
        .flat_map(|(a, b)| {
            a.of.intersection(&b.of).flat_map(move |name| {
                let [a, b] = [a, b].map(|labelled| &labelled.telling.event.source.article_id);
                [(a, b, name), (b, a, name)]
            })
        })
        .collect();
    let (mut right, mut lost) = (0, 0);
    for (nth, (a, name)) in wanted.iter().enumerate() {
        for (b, _) in wanted.iter().skip(nth + 1).filter(|(_, other)| other == name) {
            if joined.contains(&(a, b, name)) {
                right += 1;
            } else {
                lost += 1;
                told.push(format!("apart: {name}, articles {a} and {b}"));
            }
        }
    }
    let f1 = 2.0 * f64::from(right) / (2.0 * f64::from(right) + f64::from(lost) + f64::from(wrong));
    let told = told.join("\n");
    eprintln!("{told}\npairs: {right} right, {wrong} wrong, {lost} lost; F1 {f1:.3}");
    assert!(f1 >= BAR, "F1 {f1:.3} is below {BAR}");
}

/// Every two that were joined.
fn pairs<'a>(
    groups: &'a [Vec<&'a Labelled>],
) -> impl Iterator<Item = (&'a Labelled, &'a Labelled)> {
    groups.iter().flat_map(|group| {
        let pair = |(nth, a): (usize, &&'a Labelled)| {
            let a: &'a Labelled = a;
            group.iter().skip(nth + 1).map(move |b| (a, *b))
        };
        group.iter().enumerate().flat_map(pair)
    })
}

#[test]
fn the_happenings_are_many_and_told_in_both_languages() {
    let all: Vec<Happening> = files().into_iter().flat_map(|file| file.happening).collect();
    assert!(all.len() >= FEWEST, "there are {} happenings", all.len());
    for lang in [Lang::Ar, Lang::En] {
        let told = all.iter().flat_map(|happening| &happening.told);
        assert!(told.filter(|told| Lang::of(&told.text) == lang).count() >= FEWEST / 2);
    }
    let mut names: Vec<&str> = all.iter().map(|happening| happening.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all.len(), "two happenings have one name");
}

#[test]
fn a_server_tells_what_each_article_says_and_why_it_was_joined() {
    let folder = tempfile::tempdir().unwrap();
    for (name, outlet, text) in [
        (
            "1",
            "A",
            "قصفت قوات النظام بالمدفعية اليوم الأربعاء بلدة سرمين شرقي إدلب، ما أدى إلى مقتل طفل.",
        ),
        (
            "2",
            "B",
            "قتل طفل اليوم الأربعاء بقصف مدفعي لقوات النظام على بلدة سرمين بريف إدلب الشرقي.",
        ),
    ] {
        file(&folder, &format!("{name}.txt"), text);
        let meta = format!(
            "published = \"2024-03-06T1{name}:00:00+03:00\"\npublisher = \"{outlet}\"\nurl = \"https://{outlet}.example.org/{name}\"\n"
        );
        file(&folder, &format!("{name}.toml"), meta);
    }
    let server = Rasid::serve(&[folder.path().to_str().unwrap()]);
    let ids = server.ids("");
    assert_eq!(ids.len(), 1, "one happening");
    let event = server.get(&format!("/collections/events/items/{}", ids[0])).json();
    assert_eq!(event["properties"]["n_sources"], 2);

    let sources = server.get(&format!("/collections/events/items/{}/sources", ids[0]));

    assert_eq!((sources.status, sources.content_type.as_str()), (200, "application/geo+json"));
    let sources = sources.json();
    let told = sources["features"].as_array().unwrap();
    assert_eq!(told.len(), 2);
    assert_eq!(told[0]["id"], ids[0].as_str());
    assert_eq!(told[0]["joined"], serde_json::Value::Null);
    assert_eq!(told[1]["host"], "b.example.org");
    assert_eq!(told[1]["joined"]["like"], ids[0].as_str());
    assert!(told[1]["joined"]["score"].as_f64().unwrap() >= 0.75, "{sources}");
    assert!(told[1]["properties"]["evidence"].as_str().unwrap().starts_with("قتل طفل"));
    assert_eq!(server.get("/collections/events/items/unknown/sources").status, 404);
}
