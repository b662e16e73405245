//! What a store promises whoever writes to it, asked of both engines: a file, and a database.

use std::path::{Path, PathBuf};
use std::thread;

use rasid::model::article::{Article, ArticleId, Lang, Published};
use rasid::model::event::{Event, EventId, PROPERTIES, PropertyType};
use rasid::model::query::{EventQuery, Limit};
use rasid::model::source::{Position, SourceName};
use rasid::store::changes::Told;
use rasid::store::draft::{Identity, Reach, Said};
use rasid::store::postgis::{self, Address};
use rasid::store::{Error, Inserted, Kept, Options, Store};
use serde_json::{Map, Value, json};
use tempfile::{TempDir, tempdir};

use super::cluster::Cluster;

/// Where the store of a case is; opened as often as one likes.
#[derive(Debug)]
enum Place {
    File(TempDir),
    Server(Box<Address>),
}

impl Place {
    fn file() -> Self {
        Self::File(tempdir().unwrap())
    }

    /// A database with nothing of ours in it.
    fn server(cluster: &Cluster) -> Self {
        cluster.ask("events", "DROP SCHEMA IF EXISTS rasid CASCADE");
        let address: Address = cluster.address("admin", "events").parse().unwrap();
        postgis::make(&address).unwrap();
        Self::Server(Box::new(address))
    }

    fn open(&self) -> Store {
        match self {
            Self::File(folder) => Store::open(&Options { path: path(folder) }).unwrap(),
            Self::Server(address) => Store::database(address, Path::new("rasid.database")).unwrap(),
        }
    }
}

fn path(folder: &TempDir) -> PathBuf {
    folder.path().join("rasid.gpkg")
}

/// Asks something of the store at a place.
type Case = fn(&Place);

/// What holds of every store.
const CASES: [(&str, Case); 16] = [
    ("an article and its events are kept together or not at all", together_or_not_at_all),
    ("an article that is there changes nothing", there_already),
    ("an article is known by its id, or else its address", known),
    ("an article gets another text and the old one is laid aside", replaced),
    ("an event is replaced, and removed, in one order", changes),
    ("every property comes back as it was", properties),
    ("a report belongs to an event and meets others", reports),
    ("words of people are kept in their order", words),
    ("a word on an event is no word by hand", word_on_an_event),
    ("a source goes on where it was", sources),
    ("an article that was not compared is, once", uncompared),
    ("an imported event fills in its article", imported),
    ("a trial leaves nothing", trial),
    ("two writers see each other's events in one order", two_writers),
    ("one article from two writers is one", one_of_two),
    ("articles are read again in their order", articles),
];

#[test]
fn both_engines_keep_what_a_store_promises() {
    let cluster = Cluster::start();
    cluster.database("events");
    for (name, case) in CASES {
        let places = [Place::file(), Place::server(&cluster)];
        for place in &places {
            case(place);
        }
        if name.starts_with("two writers") {
            // Who comes first is another matter each time.
            continue;
        }
        let [file, server] = places.each_ref().map(Place::open);
        assert_eq!(features(&file), features(&server), "{name}");
        assert_eq!(file.reviews().unwrap().len(), server.reviews().unwrap().len(), "{name}");
    }
}

pub(super) fn article(number: usize) -> Article {
    Article {
        id: ArticleId(format!("a{number}")),
        text: format!("قصف مدفعي \\ \t على\nريف إدلب ({number})"),
        title: Some("قصف \"مدفعي\" <على> إدلب & ريفها".to_owned()),
        author: Some("ليلى".to_owned()),
        trust: Some(70),
        publisher: Some("rasid sample".to_owned()),
        url: Some(format!("https://example.org/{number}?a=1&b=2")),
        published: Some(Published::parse("2022-07-18").unwrap()),
        lang: Lang::Ar,
    }
}

/// An event that says this beside what it must.
fn event_with(article: &Article, number: usize, more: Value) -> Event {
    let mut properties: Map<String, Value> =
        PROPERTIES.iter().map(|(name, ..)| ((*name).to_owned(), Value::Null)).collect();
    let must = json!({
        "event_type": "Explosions/Remote violence",
        "sub_event_type": "Shelling/artillery/missile attack",
        "disorder_type": "Political violence",
        "actor_ids": ["SDF", "ب"],
        "certainty": "asserted", "confidence": 0.1, "review": "machine",
        "evidence": "قصف", "evidence_start": 0, "evidence_end": 3,
        "article_id": article.id.0, "source": article.publisher, "source_url": article.url,
        "title": article.title, "published": "2022-07-18", "n_sources": 1, "extractor": "rasid 0.1.0",
    });
    for more in [must, more] {
        properties.extend(more.as_object().unwrap().clone());
    }
    let north = f64::from(u32::try_from(number).unwrap()) / 1000.0;
    let point = json!({ "type": "Point", "coordinates": [36.1, 35.7 + north] });
    let id = format!("{}-{number}", article.id);
    let feature =
        json!({ "type": "Feature", "id": id, "geometry": point, "properties": properties });
    Event::from_feature(&feature.to_string()).unwrap()
}

pub(super) fn event(article: &Article, number: usize) -> Event {
    event_with(article, number, json!({}))
}

fn identity(number: usize) -> Identity {
    let address = Some(format!("example.org/{number}"));
    Identity { address, text_hash: format!("hash {number}"), minhash: vec![0, 1, 255] }
}

/// Keeps an article with as many events, and gives it.
fn filled(store: &Store, number: usize, events: usize) -> Article {
    let article = article(number);
    let events: Vec<Event> = (0..events).map(|number| event(&article, number)).collect();
    store
        .change(|draft| {
            draft.put_article(&article, Some(&identity(number)), &events, None)?;
            events.iter().try_for_each(|event| draft.put_event(event))
        })
        .unwrap();
    article
}

fn features(store: &Store) -> Vec<String> {
    let limit = Limit::new(10_000).unwrap();
    store.page(&EventQuery { limit, ..EventQuery::default() }).features().collect()
}

fn id(text: &str) -> EventId {
    EventId(text.to_owned())
}

fn is_kept(store: &Store, article: &ArticleId) -> bool {
    store.known(&[(article, None)]).unwrap() != [None]
}

fn refused<T>(result: Result<T, Error>) {
    let error = result.map(drop).unwrap_err();
    assert!(error.is_refusal(), "{error:?}");
}

fn together_or_not_at_all(place: &Place) {
    let store = place.open();
    let (article, unknown) = (article(1), article(2));
    let events = [event(&article, 1), event(&unknown, 2)];
    refused(store.change(|draft| {
        draft.put_article(&article, None, &events, None)?;
        events.iter().try_for_each(|event| draft.put_event(event))
    }));
    assert!(!is_kept(&store, &article.id));
    assert_eq!((store.count(), place.open().count()), (0, 0));
    refused(store.change(|draft| {
        draft.put_article(&article, None, &[], None)?;
        draft.put_article(&article, None, &[], None)
    }));
    assert!(!is_kept(&store, &article.id));
    let kept = store.insert(&article, &events[..1]).unwrap();
    assert_eq!((kept, store.count()), (Inserted::New { events: 1 }, 1));
}

fn there_already(place: &Place) {
    let store = place.open();
    let article = filled(&store, 1, 2);
    let before = (features(&store), store.last());
    let again = store.insert(&article, &[event(&article, 7)]).unwrap();
    assert_eq!((again, (features(&store), store.last())), (Inserted::AlreadyThere, before));
}

fn known(place: &Place) {
    let store = place.open();
    let [first, second] = [filled(&store, 1, 0), article(2)];
    // Two at one address: the first that was kept is meant.
    let same = identity(1);
    store.change(|draft| draft.put_article(&second, Some(&same), &[], None)).unwrap();
    let other = ArticleId("other".to_owned());
    let address = same.address.as_deref();
    let asked = [
        (&second.id, address),
        (&other, address),
        (&other, None),
        (&first.id, Some("nowhere")),
        (&other, Some("nowhere")),
    ];
    let found = store.known(&asked).unwrap();
    let by_draft: Vec<_> = store
        .change(|draft| asked.iter().map(|(id, at)| draft.known(id, *at)).collect::<Result<_, _>>())
        .unwrap();
    assert_eq!(found, by_draft);
    let ids: Vec<Option<&str>> =
        found.iter().map(|known| known.as_ref().map(|known| known.id.0.as_str())).collect();
    assert_eq!(ids, [Some("a2"), Some("a1"), None, Some("a1"), None]);
    let known = found[0].as_ref().unwrap();
    assert_eq!((known.text_hash.as_deref(), known.is_quoted_only), (Some("hash 1"), false));
    assert_eq!(store.size().unwrap().articles, 2);
}

fn replaced(place: &Place) {
    let store = place.open();
    let old = filled(&store, 1, 1);
    let new = Article {
        text: "لم يحدث شيء".to_owned(),
        title: None,
        author: None,
        trust: None,
        ..old.clone()
    };
    store.change(|draft| draft.replace_article(&new, &identity(2), &[])).unwrap();
    let known = store.known(&[(&old.id, None)]).unwrap().pop().unwrap().unwrap();
    assert_eq!(known.text_hash.as_deref(), Some("hash 2"));
    let kept = store.articles_after(0, None, 9).unwrap().pop().unwrap().1;
    // Who wrote it and how far it is believed stays, where the new one does not say.
    let expected = Article { author: old.author.clone(), trust: old.trust, ..new };
    assert_eq!(kept, expected);
    // With its events it cannot be forgotten, without them it is, and so is what it said before.
    refused(store.change(|draft| draft.remove_article(&old.id)));
    store
        .change(|draft| {
            draft.remove_event(&id("a1-0"))?;
            draft.remove_article(&old.id)
        })
        .unwrap();
    assert!(!is_kept(&store, &old.id));
    filled(&store, 1, 1);
    store.change(|draft| draft.replace_article(&old, &identity(3), &[])).unwrap();
}

fn changes(place: &Place) {
    let store = place.open();
    let article = filled(&store, 1, 3);
    let before = store.last();
    let changed = event_with(&article, 1, json!({ "fatalities": 3 }));
    store.change(|draft| draft.put_event(&changed)).unwrap();
    let replaced = store.after(&EventQuery::default(), before, 9);
    let told = Told::Put(changed.to_feature().to_string());
    assert_eq!((replaced.told, replaced.upto), (vec![(before + 1, told)], before + 1));
    store
        .change(|draft| {
            // What is not there cannot be taken away, and is no change.
            draft.remove_event(&id("unknown"))?;
            draft.remove_event(&id("a1-0"))?;
            assert_eq!(draft.event(&id("a1-0"))?, None);
            assert_eq!(draft.event(&id("a1-1"))?.as_ref(), Some(&changed));
            Ok(())
        })
        .unwrap();
    let gone = store.after(&EventQuery::default(), before + 1, 9).told;
    assert_eq!(gone, [(before + 2, Told::Gone(id("a1-0")))]);
    let rejected = event_with(&article, 2, json!({ "review": "rejected" }));
    store.change(|draft| draft.put_event(&rejected)).unwrap();
    assert_eq!((store.count(), store.last()), (1, before + 3));
    assert_eq!(store.event(&rejected.id), None, "it is on no map");
    store
        .change(|draft| {
            assert_eq!(draft.event(&rejected.id)?.as_ref(), Some(&rejected), "and it is kept");
            draft.put_event(&event(&article, 2))
        })
        .unwrap();
    let again = place.open();
    assert_eq!((features(&again), again.last()), (features(&store), before + 4));
    assert_eq!(again.count(), 2);
}

fn properties(place: &Place) {
    let store = place.open();
    let article = filled(&store, 1, 0);
    let all: Map<String, Value> = PROPERTIES
        .iter()
        .filter_map(|&(name, kind, _)| {
            let value = match kind {
                PropertyType::Text => json!(format!("{name} \\ \"قصف\" \t\n")),
                PropertyType::Integer => json!(2),
                PropertyType::Date => json!("2022-02-28"),
                PropertyType::List => json!(["a", "b\"", "ج"]),
                PropertyType::Real => json!(0.1 + 0.2),
                PropertyType::Enum(_) => return None,
            };
            let must = ["article_id", "published", "civilian_targeting", "time_precision"];
            (!must.contains(&name)).then(|| (name.to_owned(), value))
        })
        .collect();
    let whole = event_with(&article, 1, Value::Object(all));
    let empty = event_with(&article, 2, json!({ "actor_ids": [] }));
    let nowhere = Event { point: None, ..event(&article, 3) };
    let events = [whole, empty, nowhere];
    store
        .change(|draft| {
            for event in &events {
                draft.put_event(event)?;
                assert_eq!(draft.event(&event.id)?.as_ref(), Some(event));
            }
            Ok(())
        })
        .unwrap();
    for event in &events {
        assert_eq!(store.event(&event.id), Some(event.to_feature().to_string()));
    }
}

fn reports(place: &Place) {
    let store = place.open();
    let article = filled(&store, 1, 1);
    let [first, second] = [event(&article, 0), event(&article, 1)];
    let here = Reach { area: [36.1, 35.1, 36.4, 35.4], days: [19_000, 19_002] };
    let there = Reach { area: [-10.3, -5.7, -10.2, -5.6], days: [-400, -399] };
    let numbers = store
        .change(|draft| {
            let numbers = [
                draft.put_report(&first, Some("town"), here)?,
                draft.put_report(&second, None, there)?,
            ];
            draft.join(numbers[1], &first.id, Some("{\"score\":0.8}"))?;
            Ok(numbers)
        })
        .unwrap();
    store
        .change(|draft| {
            assert_eq!(draft.reports_of(&article.id)?, numbers);
            assert_eq!(draft.members(&first.id)?, numbers);
            assert_eq!(draft.members(&second.id)?, [0; 0]);
            assert_eq!(draft.number_of(&second.id)?, Some(numbers[1]));
            assert_eq!(draft.number_of(&id("unknown"))?, None);
            assert_eq!(draft.event_of(numbers[1])?, first.id);
            assert!(draft.is_told(&second.id)? && !draft.is_told(&id("unknown"))?);
            let filed = draft.report(numbers[0])?;
            assert_eq!((&filed.event, &filed.told), (&first.id, &first));
            assert_eq!((filed.place_kind.as_deref(), filed.trust), (Some("town"), 70));
            assert_eq!(filed.minhash, [0, 1, 255]);
            // Bounds belong to it.
            let met = |area, days| Reach { area, days };
            for (reach, found) in [
                (met([36.4, 35.4, 37.0, 36.0], [19_002, 19_009]), &numbers[..1]),
                (met([36.3, 35.3, 36.35, 35.35], [18_999, 19_000]), &numbers[..1]),
                (met([-180.0, -90.0, 180.0, 90.0], [-9_999, 99_999]), &numbers[..]),
                (met([36.3, 35.3, 36.35, 35.35], [19_003, 19_004]), &[]),
                (met([36.5, 35.3, 36.6, 35.35], [19_000, 19_002]), &[]),
                (met([-10.25, -5.65, -10.25, -5.65], [-399, 0]), &numbers[1..]),
            ] {
                let mut near = draft.near(reach)?;
                near.sort_unstable();
                assert_eq!(near, found, "{reach:?}");
            }
            Ok(())
        })
        .unwrap();
    refused(store.change(|draft| draft.put_report(&first, None, here)));
    let told = store.reports(&first.id).unwrap();
    assert_eq!(told[1].joined.as_deref(), Some("{\"score\":0.8}"));
    assert_eq!(told[0].author.as_deref(), Some("ليلى"));
    assert_eq!(store.reports_of(&first.id).unwrap().len(), 2);
    assert_eq!(store.reports_near(here).unwrap().len(), 1);
    assert_eq!(store.events_of(&article.id).unwrap(), std::slice::from_ref(&first.id));
    store
        .change(|draft| {
            draft.remove_report(numbers[0])?;
            assert_eq!(draft.near(here)?, [0; 0]);
            draft.report(numbers[0]).map(drop).unwrap_err();
            Ok(())
        })
        .unwrap();
    assert_eq!(store.reports_of(&first.id).unwrap().len(), 1);
}

fn words(place: &Place) {
    let store = place.open();
    let said = |event: &str, word: &str| Said {
        event: event.to_owned(),
        word: word.to_owned(),
        ..Said::default()
    };
    let whole = Said {
        by: Some("ليلى".to_owned()),
        note: Some("seen".to_owned()),
        correction: Some("{ \"fatalities\" : 3 }".to_owned()),
        was: Some("{}".to_owned()),
        ..said("a", "corrected")
    };
    let joined = Said { other: Some("b".to_owned()), ..said("a", "joined") };
    store
        .change(|draft| {
            draft.say(&whole)?;
            draft.say(&joined)?;
            let number = draft.said_of(&id("a"))?.last().unwrap().number;
            draft.say(&said("b", "confirmed"))?;
            draft.say(&Said { other: Some("c".to_owned()), ..said("a", "parted") })?;
            draft.say(&Said { undoes: Some(number), ..said("a", "undone") })
        })
        .unwrap();
    let all = store.reviews().unwrap();
    let told: Vec<(&str, bool)> =
        all.iter().map(|said| (said.word.as_str(), said.is_undone)).collect();
    let expected =
        [("corrected", false), ("joined", true), ("confirmed", false), ("parted", false)];
    assert_eq!(told[..4], expected);
    let Said { number, at, .. } = all[0].clone();
    assert_eq!(all[0], Said { number, at: at.clone(), ..whole });
    assert!(at.len() == "2024-02-02T10:00:00.000Z".len() && at.ends_with('Z'), "{at}");
    assert!(all.is_sorted_by_key(|said| said.number));
    store
        .change(|draft| {
            let words =
                |said: Vec<Said>| said.into_iter().map(|said| said.word).collect::<Vec<_>>();
            assert_eq!(words(draft.said_of(&id("b"))?), ["joined", "confirmed"]);
            assert_eq!(words(draft.said_of_two()?), ["parted"]);
            Ok(())
        })
        .unwrap();
}

fn word_on_an_event(place: &Place) {
    let store = place.open();
    let article = filled(&store, 1, 1);
    for review in ["confirmed", "rejected", "machine"] {
        let event = event_with(&article, 0, json!({ "review": review }));
        store.change(|draft| draft.put_event(&event)).unwrap();
    }
    assert_eq!(store.reviews().unwrap(), []);
}

fn sources(place: &Place) {
    let store = place.open();
    let [feed, other] =
        ["https://example.org/ب", "a folder"].map(|name| SourceName(name.to_owned()));
    assert_eq!(store.position(&feed).unwrap(), None);
    store.set_state(&feed, "{ \"failures\" : 1 }").unwrap();
    assert_eq!(store.position(&feed).unwrap(), None);
    for position in ["a", "b"] {
        let position = Position(position.to_owned());
        store.change(|draft| draft.set_position(&feed, &position)).unwrap();
        store.change(|draft| draft.set_position(&other, &position)).unwrap();
    }
    store.set_state(&feed, "{ \"failures\" : 2 }").unwrap();
    assert_eq!(store.position(&feed).unwrap(), Some(Position("b".to_owned())));
    assert_eq!(store.states().unwrap(), [(feed, "{ \"failures\" : 2 }".to_owned())]);
}

fn uncompared(place: &Place) {
    let store = place.open();
    filled(&store, 1, 1);
    let old = article(2);
    let events = [event(&old, 1), event(&old, 2)];
    store.insert(&old, &events).unwrap();
    let (quoted, quotation) = (article(3), event(&article(3), 1));
    store.import(&[(quoted, quotation)]).unwrap();
    store
        .change(|draft| {
            assert_eq!(draft.uncompared(9)?, [(old.clone(), events.to_vec())]);
            assert_eq!(draft.uncompared(0)?, []);
            draft.identify(&old.id, &identity(2), Some("rasid 9"))
        })
        .unwrap();
    assert_eq!(store.change(|draft| draft.uncompared(9)).unwrap(), []);
    let found = store.known(&[(&ArticleId("x".to_owned()), Some("example.org/2"))]).unwrap();
    assert_eq!(found[0].as_ref().unwrap().id, old.id);
}

fn imported(place: &Place) {
    let store = place.open();
    let quoting = |number: usize, start: usize, words: &str| {
        let mut article = article(1);
        article.text = "\n".repeat(start) + words;
        let end = start + words.chars().count();
        let evidence = json!({ "evidence": words, "evidence_start": start, "evidence_end": end, "extractor": "UCDP" });
        let event = event_with(&article, number, evidence);
        (article, event)
    };
    let batch = [quoting(1, 3, "قصف"), quoting(2, 8, "مقتل"), quoting(2, 8, "مقتل")];
    assert_eq!(store.import(&batch).unwrap(), [Kept::New, Kept::New, Kept::Known]);
    let batch = [quoting(3, 2, "xقصف"), quoting(4, 3, "قتل"), quoting(5, 4, "صف")];
    assert_eq!(store.import(&batch).unwrap(), [Kept::New, Kept::Contradicted, Kept::New]);
    assert_eq!(store.import(&[]).unwrap(), []);
    assert_eq!((store.count(), store.refresh().unwrap(), store.count()), (0, 4, 4));
    let known = store.known(&[(&article(1).id, None)]).unwrap().pop().unwrap().unwrap();
    assert!(known.is_quoted_only && known.text_hash.is_none());
    assert_eq!(store.articles_after(0, None, 9).unwrap(), [], "nothing is known but quotations");
    let ids: Vec<EventId> = [1, 2, 3, 5].map(|n| id(&format!("a1-{n}"))).to_vec();
    assert_eq!(store.events_of(&article(1).id).unwrap(), ids);
    // A report that has joined another is there as well.
    let told = article(7);
    let reach = Reach { area: [36.0, 35.0, 36.0, 35.0], days: [1, 1] };
    store
        .change(|draft| {
            draft.put_article(&told, None, &[], None)?;
            draft.put_report(&event(&told, 1), None, reach)
        })
        .unwrap();
    assert_eq!(store.import(&[(told.clone(), event(&told, 1))]).unwrap(), [Kept::Known]);
}

fn trial(place: &Place) {
    let store = place.open();
    let article = filled(&store, 1, 1);
    let last = store.last();
    let seen = store.try_out(|draft| {
        draft.remove_event(&id("a1-0"))?;
        draft.set_state(&SourceName("x".to_owned()), "{}")?;
        draft.event(&id("a1-0"))
    });
    assert_eq!(seen.unwrap(), None);
    let failed = store.change(|draft| {
        draft.remove_event(&id("a1-0"))?;
        draft.identify(&article.id, &identity(5), None)?;
        Err::<(), _>(Error::Exists { path: PathBuf::from("x") })
    });
    assert!(matches!(failed, Err(Error::Exists { .. })), "{failed:?}");
    assert_eq!((store.count(), store.last(), store.states().unwrap()), (1, last, vec![]));
    let known = store.known(&[(&article.id, None)]).unwrap().pop().unwrap().unwrap();
    assert_eq!(known.text_hash.as_deref(), Some("hash 1"));
}

fn two_writers(place: &Place) {
    let [one, other] = [place.open(), place.open()];
    thread::scope(|scope| {
        for (store, from) in [(&one, 0), (&other, 100)] {
            scope.spawn(move || {
                for number in from..from + 20 {
                    filled(store, number, 2);
                }
            });
        }
    });
    one.refresh().unwrap();
    other.refresh().unwrap();
    assert_eq!(one.count(), 80);
    assert_eq!(features(&one), features(&other));
    assert_eq!(features(&place.open()), features(&one));
    assert_eq!(one.refresh().unwrap(), 0);
}

fn one_of_two(place: &Place) {
    let [one, other] = [place.open(), place.open()];
    let new: usize = thread::scope(|scope| {
        let writers = [&one, &other].map(|store| {
            scope.spawn(move || {
                let kept = (0..20).map(|number| {
                    let article = article(number);
                    store.insert(&article, &[event(&article, number)]).unwrap()
                });
                kept.filter(|kept| *kept == Inserted::New { events: 1 }).count()
            })
        });
        writers.into_iter().map(|writer| writer.join().unwrap()).sum()
    });
    one.refresh().unwrap();
    assert_eq!((new, one.count(), one.last()), (20, 20, 20));
}

fn articles(place: &Place) {
    let store = place.open();
    for number in 0..4 {
        filled(&store, number, 0);
    }
    let mut dated = article(4);
    dated.published = Some(Published::parse("2024-02-02T10:00:00Z").unwrap());
    store.change(|draft| draft.put_article(&dated, Some(&identity(4)), &[], None)).unwrap();
    let mut undated = article(5);
    undated.published = None;
    store.change(|draft| draft.put_article(&undated, Some(&identity(5)), &[], None)).unwrap();
    let ids = |after, since, most| -> Vec<String> {
        let found = store.articles_after(after, since, most).unwrap();
        found.into_iter().map(|(_, article)| article.id.0).collect()
    };
    assert_eq!(ids(0, None, 3), ["a0", "a1", "a2"]);
    let third = store.articles_after(0, None, 3).unwrap()[2].0;
    assert_eq!(ids(third, None, 9), ["a3", "a4", "a5"]);
    // Where nobody said when it was published, it counts when it was kept.
    assert_eq!(ids(0, Some("2024-01-01"), 9), ["a4", "a5"]);
    assert_eq!(ids(0, Some("2022-07-18"), 9).len(), 6);
    assert_eq!(store.articles_after(0, None, 1).unwrap()[0].1, article(0));
}
