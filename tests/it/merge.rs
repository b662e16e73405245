//! What several articles tell of one happening is one event, and what only looks like it is not.
//!
//! `tests/merge/*.toml` holds the happenings and how outlets tell them, all of it invented. All of them
//! are read and joined together, so that every happening could be taken for every other.

use std::collections::BTreeMap;

use rasid::extract::Lexicon;
use rasid::geocode::gazetteer::Gazetteer;
use rasid::merge::Words;
use rasid::merge::group::groups;
use rasid::merge::print;
use rasid::merge::telling::Telling;
use rasid::model::article::{Article, ArticleId, Lang, Published};
use rasid::pipeline::Knowledge;
use serde::Deserialize;

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

/// A telling with the happening that it is of; `None` for one that the article tells beside it.
struct Labelled {
    telling: Telling,
    of: Option<String>,
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
        publisher: Some(by.to_owned()),
        url: None,
        published: Some(published.unwrap_or_else(|error| panic!("{error}"))),
        lang: Lang::of(text),
    }
}

/// All that is told, with the names of the happenings of which an article gave no event.
fn tellings() -> (Vec<Labelled>, Vec<String>) {
    let (gazetteer, _) = Gazetteer::from_geojson(&read("gazetteer.geojson")).unwrap();
    let knowledge = Knowledge::new(Lexicon::embedded(), gazetteer);
    let words = Words::embedded();
    let (mut all, mut missed) = (Vec::new(), Vec::new());
    let mut number = 0;
    let mut tell = |article: &Article, tells: &BTreeMap<String, String>| {
        let (events, _) = knowledge.read(article);
        let (_, print) = print::read(&article.text);
        let mut left: Vec<&String> = tells.keys().collect();
        for event in events {
            let place = event.location.place_id.as_ref();
            let kind = place.and_then(|id| knowledge.gazetteer().place(id)).map(|place| place.kind);
            let is_of = |name: &&&String| event.evidence.evidence.contains(tells[**name].as_str());
            let of = left.iter().find(is_of).map(|name| (*name).clone());
            left.retain(|name| Some(*name) != of.as_ref());
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
                telling: Telling::new(event, kind, print.clone(), &words),
                of,
                said,
            });
        }
        missed.extend(left.into_iter().map(|name| format!("{name}: {}", article.text)));
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
    (all, missed)
}

#[test]
fn happenings_told_by_many_are_one_and_near_misses_stay_apart() {
    let (all, missed) = tellings();
    let tellings: Vec<&Telling> = all.iter().map(|labelled| &labelled.telling).collect();
    let (mut right, mut wrong, mut told) = (0_u32, 0_u32, Vec::new());
    let found = groups(&tellings);
    let mut group_of = vec![0; all.len()];
    for (nth, group) in found.iter().enumerate() {
        for member in group {
            group_of[member.at] = nth;
        }
    }
    let mut lost = 0_u32;
    for (a, left) in all.iter().enumerate() {
        for (b, right_one) in all.iter().enumerate().skip(a + 1) {
            let one_article =
                left.telling.event.source.article_id == right_one.telling.event.source.article_id;
            let is_one = left.of.is_some() && left.of == right_one.of && !one_article;
            match (is_one, group_of[a] == group_of[b]) {
                (true, true) => right += 1,
                (false, true) => {
                    wrong += 1;
                    told.push(format!(
                        "joined:\n  {:?} {}\n  {:?} {}",
                        left.of, left.said, right_one.of, right_one.said
                    ));
                }
                (true, false) => {
                    lost += 1;
                    told.push(format!(
                        "apart: {:?}\n  {}\n  {}",
                        left.of, left.said, right_one.said
                    ));
                }
                (false, false) => {}
            }
        }
    }
    for missing in &missed {
        let name = missing.split(':').next().unwrap();
        let others = all.iter().filter(|labelled| labelled.of.as_deref() == Some(name)).count();
        lost += u32::try_from(others).unwrap();
        told.push(format!("not read: {missing}"));
    }
    let f1 = 2.0 * f64::from(right) / f64::from(2 * right + wrong + lost);
    eprintln!("{}\npairs: {right} right, {wrong} wrong, {lost} lost; F1 {f1:.3}", told.join("\n"));
    assert!(f1 >= BAR, "F1 {f1:.3} is below {BAR}");
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
