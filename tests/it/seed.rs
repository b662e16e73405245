//! The one real article among the samples, coded to the last detail.

use std::fs;

use serde_json::Value;

use crate::app::{SAMPLES, rasid, run_with};

fn text() -> String {
    fs::read_to_string(format!("{SAMPLES}/seed-article.txt")).unwrap()
}

/// The events of the article alone, without the sidecar that dates it.
fn events(published: Option<&str>) -> Vec<Value> {
    let mut command = rasid();
    command.args(["extract", "-"]);
    if let Some(day) = published {
        command.args(["--published", day]);
    }
    run_with(&mut command, text().as_bytes()).done().features()
}

fn dated() -> Vec<Value> {
    events(Some("2022-07-18"))
}

/// The events whose evidence holds these words.
fn told<'a>(events: &'a [Value], words: &str) -> Vec<&'a Value> {
    let says = |event: &&Value| event["properties"]["evidence"].as_str().unwrap().contains(words);
    events.iter().filter(says).collect()
}

/// The one of these events within so many kilometres of a place.
#[track_caller]
fn at<'a>(events: &[&'a Value], (lat, lon): (f64, f64), kilometres: f64) -> &'a Value {
    let near: Vec<&&Value> = events
        .iter()
        .filter(|event| distance(event, (lat, lon)).is_some_and(|d| d <= kilometres))
        .collect();
    assert_eq!(near.len(), 1, "one event within {kilometres} km of {lat}, {lon}: {events:#?}");
    near[0]
}

/// How far an event is from a place, on a sphere.
fn distance(event: &Value, (lat, lon): (f64, f64)) -> Option<f64> {
    const EARTH: f64 = 6371.0;
    let [x, y] = [0, 1].map(|axis| event["geometry"]["coordinates"][axis].as_f64());
    let (x, y) = (x?.to_radians(), y?.to_radians());
    let (lat, lon) = (lat.to_radians(), lon.to_radians());
    let half =
        ((lat - y) / 2.0).sin().powi(2) + y.cos() * lat.cos() * ((lon - x) / 2.0).sin().powi(2);
    Some(2.0 * EARTH * half.sqrt().asin())
}

const FIRST: &str = "منتصف ليلة الأحد";
const CONVOY: &str = "معبر صفيان";
const ARRIVAL: &str = "550 جندياً";
const KOBANI: (f64, f64) = (36.891, 38.353);

/// Fails unless the event is a movement of the regime's forces in Aleppo or Raqqa governorate.
#[track_caller]
fn is_movement(event: &Value) {
    let properties = &event["properties"];
    assert_eq!(properties["event_type"], "Strategic developments");
    assert_eq!(properties["sub_event_type"], "Change to group/activity");
    assert_eq!(properties["disorder_type"], "Strategic developments");
    let actors = properties["actor_ids"].as_array().unwrap();
    assert!(actors.contains(&"SYR_REGIME".into()), "{event:#}");
    for foreign in ["TUR", "RUS"] {
        assert!(!actors.contains(&foreign.into()), "{foreign} takes no part: {event:#}");
    }
}

#[test]
fn reinforcements_go_to_the_countryside_of_ayn_al_arab() {
    let events = dated();
    let event = at(&told(&events, FIRST), KOBANI, 3.0);
    is_movement(event);
    let properties = &event["properties"];
    assert_eq!(properties["geo_precision"], 2);
    assert_eq!(properties["admin1"], "Aleppo");
    assert_eq!(properties["event_date"], "2022-07-17");
    assert_eq!(properties["event_date_end"], "2022-07-18");
    assert_eq!(properties["time_precision"], 1);
    assert_eq!(properties["date_text"], "منتصف ليلة الأحد – الإثنين");
    assert!(properties["actor_ids"].as_array().unwrap().contains(&"SDF".into()), "{event:#}");
    assert!(["asserted", "reported"].contains(&properties["certainty"].as_str().unwrap()));
    assert_eq!(told(&events, FIRST).len(), 1);
}

#[test]
fn the_convoy_is_counted_and_stands_at_sarrin_airstrip() {
    let events = dated();
    let event = at(&told(&events, CONVOY), (36.588, 38.298), 3.0);
    is_movement(event);
    let properties = &event["properties"];
    assert_eq!(properties["geo_precision"], 1);
    assert_eq!(properties["admin1"], "Aleppo");
    assert_eq!(properties["event_date"], "2022-07-17");
    assert_eq!(properties["event_date_end"], Value::Null);
    assert_eq!(properties["date_text"], "مساء أمس الأحد");
    assert_eq!(properties["personnel"], 130);
    assert_eq!(properties["vehicles"], 7);
    assert_eq!(properties["trucks"], 5);
    assert_eq!(properties["certainty"], "reported");
    assert!(properties["attribution"].as_str().unwrap().contains("تلفزيون سوريا"), "{event:#}");
    assert_eq!(told(&events, CONVOY).len(), 1, "the way there is no place of an event");
}

#[test]
fn five_hundred_and_fifty_soldiers_arrive_at_four_places_undivided() {
    let events = dated();
    let arrivals = told(&events, ARRIVAL);
    assert_eq!(arrivals.len(), 4, "{arrivals:#?}");
    for (place, admin1, point) in [
        ("Ain Issa", "Raqqa", (36.386, 38.862)),
        ("Al-Bab", "Aleppo", (36.37, 37.518)),
        ("Manbij", "Aleppo", (36.528, 37.955)),
        ("Ayn al-Arab", "Aleppo", KOBANI),
    ] {
        let event = at(&arrivals, point, 3.0);
        is_movement(event);
        let properties = &event["properties"];
        assert_eq!(properties["geo_precision"], 1, "{place}");
        assert_eq!(properties["admin1"], admin1, "{place}");
        assert_eq!(properties["personnel"], 550, "{place}");
        assert_eq!(properties["vehicles"], Value::Null, "{place}");
        assert_eq!(properties["event_date"], Value::Null, "{place}");
        assert_eq!(properties["time_precision"], 3, "{place}");
        assert_eq!(properties["certainty"], "reported", "{place}");
    }
}

#[test]
fn the_understanding_is_one_agreement_without_a_place() {
    let events = dated();
    let agreements: Vec<&Value> = events
        .iter()
        .filter(|event| event["properties"]["sub_event_type"] == "Agreement")
        .collect();
    let [agreement] = agreements[..] else { panic!("{agreements:#?}") };
    let properties = &agreement["properties"];
    assert_eq!(
        agreement["geometry"],
        Value::Null,
        "a capital named for its government is no place"
    );
    for unknown in ["location", "geo_precision", "event_date", "event_date_end"] {
        assert_eq!(properties[unknown], Value::Null, "{unknown}");
    }
    assert_eq!(properties["event_type"], "Strategic developments");
    let mut actors: Vec<&str> =
        properties["actor_ids"].as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
    actors.sort_unstable();
    assert_eq!(actors, ["SDF", "SYR_REGIME"]);
    assert!(properties["attribution"].as_str().unwrap().contains("العربية نت"), "{agreement:#}");
}

#[test]
fn the_rumour_of_russian_soldiers_is_unconfirmed_if_told() {
    for event in dated() {
        let properties = &event["properties"];
        let russian = properties["actor_ids"].as_array().unwrap().contains(&"RUS".into());
        if russian {
            at(&[&event], (37.052, 41.231), 3.0);
            assert_eq!(properties["certainty"], "unconfirmed");
            assert_eq!(properties["personnel"], Value::Null, "hundreds is no number");
        }
    }
}

#[test]
fn nothing_violent_happened_and_nobody_was_hurt() {
    for published in [Some("2022-07-18"), None] {
        for event in events(published) {
            let properties = &event["properties"];
            assert_eq!(properties["event_type"], "Strategic developments", "{event:#}");
            assert_eq!(properties["civilian_targeting"], Value::Null);
            for toll in [
                "fatalities",
                "fatalities_low",
                "fatalities_high",
                "injured",
                "injured_low",
                "injured_high",
            ] {
                assert_eq!(properties[toll], Value::Null, "unknown is not zero: {event:#}");
            }
        }
    }
}

#[test]
fn nothing_happened_at_places_that_are_only_mentioned() {
    let events = dated();
    for (place, point) in [
        ("Damascus", (33.513, 36.292)),
        ("Tabqa", (35.837, 38.548)),
        ("Aleppo", (36.202, 37.161)),
        ("Idlib", (35.931, 36.634)),
        ("Homs", (34.727, 36.723)),
        ("Hama", (35.132, 36.758)),
        ("Raqqa", (35.95, 39.009)),
        ("Hasakah", (36.502, 40.748)),
    ] {
        for event in &events {
            assert!(distance(event, point).is_none_or(|d| d > 10.0), "{place}: {event:#}");
        }
    }
}

#[test]
fn what_stands_around_the_news_is_no_news() {
    let text = text();
    let before = |words| text.split_once(words).unwrap().0.chars().count();
    let (body, end) = (before("أرسلت قوات نظام الأسد"), before("زر الذهاب"));
    for event in dated() {
        let place =
            |name: &str| usize::try_from(event["properties"][name].as_u64().unwrap()).unwrap();
        let (start, stop) = (place("evidence_start"), place("evidence_end"));
        assert!(start >= body && stop <= end, "evidence from ticker, title or footer: {event:#}");
    }
}

#[test]
fn neither_threats_nor_plans_are_events() {
    let events = dated();
    for words in [
        "من المتوقع أن يتم تعزيز",
        "سوف يحاربون",
        "أسلحة ثقيلة",
        "توسيع تفاهمات عام 2019",
        "ردع أي هجوم",
    ] {
        assert_eq!(told(&events, words), Vec::<&Value>::new());
    }
    let places: usize = events.iter().filter(|event| !event["geometry"].is_null()).count();
    assert!(
        (6..=7).contains(&places),
        "six places, and Qamishli if the rumour is told: {events:#?}"
    );
}

#[test]
fn all_evidence_is_the_articles_at_its_characters() {
    let characters: Vec<char> = text().chars().collect();
    for event in dated() {
        let properties = &event["properties"];
        let place = |name: &str| usize::try_from(properties[name].as_u64().unwrap()).unwrap();
        let quoted: String =
            characters[place("evidence_start")..place("evidence_end")].iter().collect();
        assert_eq!(properties["evidence"], quoted);
    }
}

#[test]
fn without_a_day_of_publication_no_event_has_one() {
    let (dated, undated) = (dated(), events(None));
    assert_eq!(undated.len(), dated.len());
    for event in &undated {
        let properties = &event["properties"];
        assert_eq!(
            (&properties["event_date"], &properties["event_date_end"]),
            (&Value::Null, &Value::Null)
        );
        assert_eq!(properties["published"], Value::Null, "the time of reading is no date");
    }
    let text = |words| {
        at(&told(&undated, words), if words == FIRST { KOBANI } else { (36.588, 38.298) }, 3.0)["properties"]["date_text"].clone()
    };
    assert_eq!(text(FIRST), "منتصف ليلة الأحد – الإثنين");
    assert_eq!(text(CONVOY), "مساء أمس الأحد");
    assert_eq!(told(&undated, ARRIVAL)[0]["properties"]["personnel"], 550);
}

#[test]
fn the_same_text_gives_the_same_bytes() {
    assert_eq!(dated(), dated());
}
