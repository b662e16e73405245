use jiff::Timestamp;
use proptest::prelude::*;
use tempfile::TempDir;

use super::review::{Reviewer, Word};
use super::*;
use crate::extract::Lexicon;
use crate::geocode::gazetteer::Gazetteer;
use crate::model::actor::{ActorId, Inter};
use crate::model::article::Published;
use crate::model::correction::Correction;
use crate::model::event::{EventId, Review};
use crate::model::place::{GeoPrecision, PlaceId};
use crate::model::point::LonLat;
use crate::model::query::{EventQuery, Limit};
use crate::model::report::Certainty;
use crate::model::taxonomy::SubEventType;
use crate::model::toll::Count;
use crate::model::when::TimePrecision;
use crate::store::Options;
use crate::store::samples;

fn knowledge() -> &'static Knowledge {
    static KNOWLEDGE: std::sync::OnceLock<Knowledge> = std::sync::OnceLock::new();
    KNOWLEDGE.get_or_init(|| {
        let nowhere = r#"{ "type": "FeatureCollection", "features": [] }"#;
        let (gazetteer, _) = Gazetteer::from_geojson(nowhere).unwrap();
        Knowledge::new(Lexicon::embedded(), gazetteer)
    })
}

struct TestStore {
    folder: TempDir,
    store: Store,
}

impl TestStore {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&Options { path: folder.path().join("rasid.gpkg") }).unwrap();
        Self { folder, store }
    }

    fn keep(&self, batch: &[Reading]) -> Vec<Inserted> {
        knowledge().keep(&self.store, batch, None).unwrap()
    }

    /// Every event, byte for byte, in the order of their ids.
    fn events(&self) -> Vec<String> {
        let query = EventQuery { limit: Limit::new(10_000).unwrap(), ..EventQuery::default() };
        let mut events: Vec<String> = self.store.page(&query).features().collect();
        events.sort();
        events
    }

    /// The same as the file has them.
    fn events_on_disk(&self) -> Vec<String> {
        let path = self.folder.path().join("rasid.gpkg");
        let again = Self {
            folder: tempfile::tempdir().unwrap(),
            store: Store::open(&Options { path }).unwrap(),
        };
        again.events()
    }

    fn event(&self, id: &str) -> Event {
        Event::from_feature(&self.store.event(&EventId(id.to_owned())).unwrap()).unwrap()
    }

    fn say(&self, id: &str, word: &Word) {
        let by = Reviewer { name: Some("Layla".to_owned()), note: None };
        knowledge().review(&self.store, &EventId(id.to_owned()), word, &by).unwrap();
    }

    fn refuse(&self, id: &str, word: &Word) -> String {
        let id = EventId(id.to_owned());
        let said = knowledge().review(&self.store, &id, word, &Reviewer::default());
        said.unwrap_err().to_string()
    }

    fn run(&self, sql: &str) -> bool {
        samples::sql(&self.folder.path().join("rasid.gpkg")).execute(sql, []).is_ok()
    }

    fn number(&self, sql: &str) -> i64 {
        let file = samples::sql(&self.folder.path().join("rasid.gpkg"));
        file.query_row(sql, [], |row| row.get(0)).unwrap()
    }
}

/// What an invented article tells: the hour it was published at, and of each event the place, the day,
/// the type and the dead.
#[derive(Debug, Clone)]
struct Told {
    hour: i64,
    events: Vec<(usize, i8, usize, Option<u32>)>,
}

fn told() -> impl Strategy<Value = Told> {
    let event = (0_usize..2, 1_i8..3, 0_usize..2, prop::option::of(1_u32..5));
    let events = prop::collection::vec(event, 0..3);
    (0_i64..6, events).prop_map(|(hour, events)| Told { hour, events })
}

fn reading(number: usize, told: &Told) -> Reading {
    let mut article = samples::article(number);
    article.publisher = Some(format!("outlet {}", number % 4));
    article.text = format!("{} {}", article.text, "كتب عن ذلك ".repeat(number % 3));
    let noon = 1_658_134_800;
    article.published =
        Some(Published::At(Timestamp::from_second(noon + told.hour * 3600).unwrap()));
    let events = told.events.iter().enumerate().map(|(nth, &(place, day, kind, dead))| {
        let mut event = samples::event(&article, 0);
        event.id = EventId(format!("{}-{nth}", article.id));
        event.what.sub_event_type = [SubEventType::Shelling, SubEventType::AirDroneStrike][kind];
        event.what.civilian_targeting = false;
        event.when.event_date = Some(jiff::civil::date(2022, 7, day));
        event.when.event_date_end = None;
        event.when.time_precision = Some(TimePrecision::Day);
        event.who.actor_ids = vec![ActorId("SYR_REGIME".to_owned())];
        event.who.inter1 = Some(Inter::StateForces);
        event.point = LonLat::new(36.5, 35.5 + f64::from(u32::try_from(place).unwrap()));
        event.location.place_id = Some(PlaceId(format!("place {place}")));
        event.location.geo_precision = Some(GeoPrecision::Place);
        event.toll = crate::model::toll::Toll::default();
        event.toll.kill(dead.map_or_else(Count::default, Count::exactly));
        event.source.title = None;
        event
    });
    let events = events.collect();
    (article, events)
}

/// An article of that hour on the shelling of the first place, with so many dead.
fn shelling(number: usize, hour: i64, dead: Option<u32>) -> Reading {
    reading(number, &Told { hour, events: vec![(0, 1, 0, dead)] })
}

#[test]
fn what_five_outlets_tell_is_one_event_with_five_sources() {
    let test = TestStore::new();
    let five: Vec<Reading> =
        (0..4).zip([5, 4, 3, 2]).map(|(number, hour)| shelling(number, hour, None)).collect();
    assert_eq!(test.keep(&five[..2]), [Inserted::New { events: 1 }; 2]);
    assert_eq!(test.keep(&five[2..]), [Inserted::New { events: 1 }; 2]);
    assert_eq!(test.events().len(), 1);
    // The last to come was the first to tell.
    let event = test.event("a3-0");
    assert!(event.source.n_sources >= 1);
    let reports = test.store.reports(&event.id).unwrap();
    assert_eq!(reports.len(), 4);
    assert_eq!(reports[0].joined, None);
    let why: Value = serde_json::from_str(reports[1].joined.as_ref().unwrap()).unwrap();
    assert!(why["score"].as_f64().unwrap() >= crate::merge::score::JOIN, "{why}");
    assert_eq!(test.events(), test.events_on_disk());
}

#[test]
fn counts_are_bounded_and_never_summed() {
    let test = TestStore::new();
    let mut last = shelling(2, 5, Some(4));
    last.1[0].evidence.evidence = "ارتفعت حصيلة القصف".to_owned();
    test.keep(&[last, shelling(1, 1, Some(3)), shelling(3, 0, None)]);
    let toll = test.event("a3-0").toll;
    assert_eq!(
        (toll.fatalities_low, toll.fatalities, toll.fatalities_high),
        (Some(3), Some(4), Some(4))
    );
    assert_eq!(toll.injured, None);
}

#[test]
fn the_most_precise_place_and_day_and_the_highest_type_win() {
    let test = TestStore::new();
    let (article, mut events) = shelling(1, 0, None);
    events[0].location.geo_precision = Some(GeoPrecision::Near);
    events[0].when.time_precision = Some(TimePrecision::Week);
    events[0].when.date_text = None;
    events[0].trust.certainty = Certainty::Unconfirmed;
    let (second, mut others) = shelling(2, 1, None);
    others[0].what.sub_event_type = SubEventType::AirDroneStrike;
    test.keep(&[(article, events), (second, others)]);
    let event = test.event("a1-0");
    assert_eq!(event.location.geo_precision, Some(GeoPrecision::Place));
    assert_eq!(event.when.time_precision, Some(TimePrecision::Day));
    assert_eq!(event.what.sub_event_type, SubEventType::AirDroneStrike);
    assert_ne!(event.trust.certainty, Certainty::Unconfirmed);
    assert_eq!(event.source.article_id.0, "a2", "the more telling of the two is quoted");
}

#[test]
fn of_two_that_tell_alike_the_one_that_is_believed_more_is_quoted() {
    for (trust, quoted) in
        [([None, None], "a1"), ([None, Some(80)], "a2"), ([Some(90), Some(80)], "a1")]
    {
        let test = TestStore::new();
        let told = [(1, 0, trust[0]), (2, 1, trust[1])].map(|(number, hour, trust)| {
            let (article, events) = shelling(number, hour, Some(2));
            (Article { trust, ..article }, events)
        });
        test.keep(&told);
        let event = test.event("a1-0");
        assert_eq!(event.source.article_id.0, quoted, "{trust:?}");
        // It is kept, not only known while it is read.
        test.keep(&[shelling(3, 2, Some(2))]);
        assert_eq!(test.event("a1-0").source.article_id.0, quoted, "{trust:?}");
    }
}

#[test]
fn two_events_of_one_article_are_never_one() {
    let test = TestStore::new();
    test.keep(&[reading(1, &Told { hour: 0, events: vec![(0, 1, 0, None), (0, 1, 0, None)] })]);
    assert_eq!(test.events().len(), 2);
    test.keep(&[shelling(2, 1, None)]);
    assert_eq!(test.events().len(), 2, "another's goes to one of them");
}

#[test]
fn a_page_is_one_article_at_all_its_addresses() {
    let test = TestStore::new();
    let (article, events) = shelling(1, 0, Some(2));
    let other = Article {
        id: ArticleId("other".to_owned()),
        url: Some("http://www.example.org/1/?b=2&a=1&utm_source=feed#top".to_owned()),
        ..article.clone()
    };
    test.keep(&[(article, events.clone())]);
    assert_eq!(test.keep(&[(other.clone(), events)]), [Inserted::AlreadyThere]);
    assert_eq!(is_known(&test.store, &[&other]).unwrap(), [true]);
    let changed = Article { text: "نص آخر".to_owned(), ..other };
    assert_eq!(is_known(&test.store, &[&changed]).unwrap(), [false]);
}

#[test]
fn an_article_that_changed_keeps_the_ids_of_what_it_goes_on_telling() {
    let test = TestStore::new();
    let first = reading(1, &Told { hour: 0, events: vec![(0, 1, 0, Some(2)), (1, 1, 0, None)] });
    test.keep(&[first.clone(), shelling(2, 1, Some(2))]);
    assert_eq!(test.events().len(), 2);
    let (mut article, mut events) = reading(1, &Told { hour: 0, events: vec![(0, 1, 0, Some(7))] });
    article.text = "عدّلت المقالة".to_owned();
    events[0].id = EventId("read anew".to_owned());
    assert_eq!(test.keep(&[(article.clone(), events.clone())]), [Inserted::Updated { events: 1 }]);
    // Seven are not two: the other article tells by itself now.
    assert_eq!(test.event("a1-0").toll.fatalities, Some(7));
    assert_eq!(test.event("a2-0").toll.fatalities, Some(2));
    assert_eq!(test.events().len(), 2);
    assert_eq!(test.number("SELECT revision FROM articles WHERE article_id = 'a1'"), 2);
    assert_eq!(test.number("SELECT count(*) FROM revisions"), 1);
    assert_eq!(test.keep(&[(article, events)]), [Inserted::AlreadyThere]);
    assert_eq!(test.events(), test.events_on_disk());
}

#[test]
fn what_a_person_said_survives() {
    let test = TestStore::new();
    test.keep(&[shelling(2, 3, Some(2))]);
    test.say("a2-0", &Word::Confirmed);
    assert_eq!(test.event("a2-0").trust.review, Review::Confirmed);
    // An elder report comes, and gives the event its id.
    test.keep(&[shelling(1, 0, Some(2))]);
    assert_eq!(test.event("a1-0").trust.review, Review::Confirmed);
    let (mut article, events) = shelling(2, 3, Some(2));
    article.text = "عدّلت المقالة".to_owned();
    test.keep(&[(article, events)]);
    assert_eq!(test.event("a1-0").trust.review, Review::Confirmed);
    assert!(!test.run("DELETE FROM reviews"), "the log is only added to");
}

#[test]
fn what_a_person_corrected_stays_so() {
    let test = TestStore::new();
    test.keep(&[shelling(1, 0, Some(2))]);
    let by_hand = "UPDATE events SET review = 'corrected', fatalities = 5, location = 'Binnish'";
    assert!(test.run(by_hand));
    test.keep(&[shelling(2, 1, Some(2))]);
    let event = test.event("a1-0");
    assert_eq!(
        (event.toll.fatalities, event.location.location.as_deref()),
        (Some(5), Some("Binnish"))
    );
    assert_eq!(event.trust.review, Review::Corrected);
    assert_eq!(test.store.reports(&event.id).unwrap().len(), 2);
}

#[test]
fn what_is_written_into_the_table_by_hand_is_the_last_word_until_the_next() {
    let test = TestStore::new();
    test.keep(&[shelling(1, 0, Some(2))]);
    test.say("a1-0", &Word::Confirmed);
    assert_eq!(test.event("a1-0").trust.review, Review::Confirmed);
    assert!(test.run("UPDATE events SET review = 'rejected'"));
    test.keep(&[shelling(2, 1, Some(2))]);
    assert_eq!(test.events(), [] as [&str; 0]);
    assert!(test.run("UPDATE events SET review = 'machine'"));
    test.keep(&[shelling(3, 2, Some(2))]);
    assert_eq!(test.event("a1-0").trust.review, Review::Machine);
    assert_eq!(test.number("SELECT count(*) FROM reviews"), 3, "each word once");
}

#[test]
fn what_a_person_rejects_leaves_the_map_and_comes_back_if_that_is_undone() {
    let test = TestStore::new();
    test.keep(&[shelling(2, 3, Some(2))]);
    let before = test.events();
    test.say("a2-0", &Word::Rejected);
    assert_eq!(test.events(), [] as [&str; 0]);
    // An elder report of it comes, and gives it another id.
    test.keep(&[shelling(1, 0, Some(2))]);
    assert_eq!(test.events(), [] as [&str; 0]);
    assert_eq!(test.events_on_disk(), [] as [&str; 0]);
    assert_eq!(test.number("SELECT count(*) FROM events WHERE review = 'rejected'"), 1);
    test.say("a1-0", &Word::Undone);
    assert_eq!(test.event("a1-0").trust.review, Review::Machine);
    knowledge().forget(&test.store, &ArticleId("a1".to_owned())).unwrap();
    assert_eq!(test.events(), before);
    assert!(test.refuse("a2-0", &Word::Undone).contains("nothing that could be undone"));
    assert_eq!(test.number("SELECT count(*) FROM reviews WHERE reviewer = 'Layla'"), 2);
}

#[test]
fn a_correction_holds_while_the_rest_goes_on() {
    let test = TestStore::new();
    test.keep(&[shelling(1, 0, None)]);
    let correct = |pairs: &[&str]| Word::Corrected(Correction::parse(pairs).unwrap());
    test.say("a1-0", &correct(&["location=Binnish", "point=36.7,35.9"]));
    test.say("a1-0", &correct(&["sub_event_type=Air/drone strike", "event_date_end="]));
    test.keep(&[shelling(2, 1, Some(4))]);
    let event = test.event("a1-0");
    assert_eq!(event.location.location.as_deref(), Some("Binnish"));
    assert_eq!(event.point, LonLat::new(36.7, 35.9));
    assert_eq!(event.what.sub_event_type, SubEventType::AirDroneStrike);
    assert_eq!((event.toll.fatalities, event.trust.review), (Some(4), Review::Corrected));
    test.say("a1-0", &correct(&["fatalities=5"]));
    let toll = test.event("a1-0").toll;
    assert_eq!((toll.fatalities_low, toll.fatalities_high), (Some(5), Some(5)));
    for expected in [Some(4), Some(4), Some(4)] {
        test.say("a1-0", &Word::Undone);
        assert_eq!(test.event("a1-0").toll.fatalities, expected);
    }
    assert_eq!(test.event("a1-0").trust.review, Review::Machine);
    assert_ne!(test.event("a1-0").location.location.as_deref(), Some("Binnish"));
    let wrong =
        test.refuse("a1-0", &correct(&["event_date=2024-02-02", "event_date_end=2024-02-01"]));
    assert!(wrong.contains("it ends before it begins"), "{wrong}");
}

#[test]
fn two_events_that_a_person_joins_are_one_in_whatever_order_more_is_told() {
    let far = |number, hour| reading(number, &Told { hour, events: vec![(1, 2, 1, None)] });
    let test = TestStore::new();
    test.keep(&[shelling(1, 0, Some(2)), far(2, 1)]);
    let before = test.events();
    test.say("a2-0", &Word::Joined(EventId("a1-0".to_owned())));
    assert_eq!(test.events().len(), 1);
    assert_eq!(test.event("a1-0").source.n_sources, 2);
    let joined = test.store.reports(&EventId("a1-0".to_owned())).unwrap();
    assert!(joined.iter().any(|told| told.joined.as_ref().is_some_and(|why| why.contains("null"))));
    // What is like either of them is of it, be it elder or not.
    test.keep(&[far(3, 5), shelling(4, 4, Some(2))]);
    assert_eq!(test.events().len(), 1);
    assert_eq!(test.event("a1-0").source.n_sources, 4);
    assert_eq!(test.events(), test.events_on_disk());
    for gone in ["a3", "a4"] {
        knowledge().forget(&test.store, &ArticleId(gone.to_owned())).unwrap();
    }
    test.say("a1-0", &Word::Undone);
    assert_eq!(test.events(), before);
}

#[test]
fn a_report_that_a_person_splits_off_stays_away() {
    let test = TestStore::new();
    test.keep(&[shelling(1, 0, Some(2)), shelling(2, 1, Some(2))]);
    let before = test.events();
    let of = |id: &str| Word::Parted(EventId(id.to_owned()));
    assert!(test.refuse("a1-0", &of("a1-0")).contains("is named after"));
    assert!(test.refuse("a1-0", &of("a9-0")).contains("has no report `a9-0`"));
    assert!(test.refuse("a2-0", &Word::Confirmed).contains("was joined to the event `a1-0`"));
    assert!(test.refuse("a9-0", &Word::Confirmed).contains("there is no event `a9-0`"));
    test.say("a1-0", &of("a2-0"));
    assert_eq!(test.events().len(), 2);
    let (mut article, events) = shelling(2, 1, Some(2));
    article.text = "عدّلت المقالة".to_owned();
    test.keep(&[(article, events), shelling(3, 2, Some(2))]);
    assert_eq!(test.events().len(), 2);
    // The last word counts.
    test.say("a1-0", &Word::Joined(EventId("a2-0".to_owned())));
    assert_eq!(test.events().len(), 1);
    test.say("a1-0", &Word::Undone);
    assert_eq!(test.events().len(), 2);
    test.say("a2-0", &Word::Undone);
    knowledge().forget(&test.store, &ArticleId("a3".to_owned())).unwrap();
    assert_eq!(test.events().len(), before.len());
}

#[test]
fn an_imported_event_is_reviewed_and_is_what_it_was_when_that_is_undone() {
    let test = TestStore::new();
    let (article, mut events) = shelling(1, 0, Some(2));
    events[0].source.extractor = "acled".to_owned();
    test.store.import(&[(article, events.remove(0))]).unwrap();
    test.store.refresh().unwrap();
    let before = test.event("a1-0");
    let five = Correction::parse(&["fatalities=5"]).unwrap();
    test.say("a1-0", &Word::Corrected(five));
    test.say("a1-0", &Word::Rejected);
    assert_eq!(test.events(), [] as [&str; 0]);
    test.say("a1-0", &Word::Undone);
    assert_eq!(test.event("a1-0").toll.fatalities, Some(5));
    test.say("a1-0", &Word::Undone);
    assert_eq!(test.event("a1-0"), before);
    test.keep(&[shelling(2, 1, Some(2))]);
    assert!(
        test.refuse("a1-0", &Word::Joined(EventId("a2-0".to_owned()))).contains("was imported")
    );
}

#[test]
fn what_parts_from_a_corrected_event_is_no_copy_of_it() {
    let test = TestStore::new();
    test.keep(&[shelling(1, 0, Some(2)), shelling(2, 1, Some(2))]);
    assert!(test.run("UPDATE events SET review = 'corrected', location = 'Binnish'"));
    // The second tells of another day now.
    let (mut article, events) = reading(2, &Told { hour: 1, events: vec![(1, 2, 1, Some(4))] });
    article.text = "عدّلت المقالة".to_owned();
    test.keep(&[(article, events)]);
    assert_eq!(test.event("a1-0").location.location.as_deref(), Some("Binnish"));
    let other = test.event("a2-0");
    assert_ne!(other.location.location.as_deref(), Some("Binnish"));
    assert_eq!((other.trust.review, other.toll.fatalities), (Review::Machine, Some(4)));
    assert_eq!(test.number("SELECT count(*) FROM reviews"), 1);
}

#[test]
fn an_article_leaves_no_ids_under_another() {
    let test = TestStore::new();
    let (article, events) = shelling(1, 0, Some(2));
    test.keep(&[(article.clone(), events)]);
    // The same page under another id, with something else in it; then another page under that id.
    let (mut other, events) = reading(2, &Told { hour: 0, events: vec![(1, 2, 1, None)] });
    other.url.clone_from(&article.url);
    assert_eq!(test.keep(&[(other, events)]), [Inserted::Updated { events: 1 }]);
    assert_eq!(test.event("a1-0").what.sub_event_type, SubEventType::AirDroneStrike);
    assert_eq!(test.keep(&[shelling(2, 1, None)]), [Inserted::New { events: 1 }]);
    assert_eq!(test.events().len(), 2);
}

#[test]
fn where_a_source_was_is_kept_with_its_articles() {
    let test = TestStore::new();
    let source = SourceName("feed".to_owned());
    let position = Position("{\"etag\":1}".to_owned());
    assert_eq!(test.store.position(&source).unwrap(), None);
    knowledge()
        .keep(&test.store, &[shelling(1, 0, None)], Some((&source, Some(&position))))
        .unwrap();
    test.store.set_state(&source, "{}").unwrap();
    assert_eq!(test.store.position(&source).unwrap(), Some(position));
    assert_eq!(test.store.states().unwrap(), [(source, "{}".to_owned())]);
}

#[test]
fn what_came_of_several_sources_is_kept_together_or_not_at_all() {
    let test = TestStore::new();
    let sources = ["one", "other"].map(|name| SourceName(name.to_owned()));
    let position = Position("1".to_owned());
    let batches = [[shelling(1, 0, None)], [shelling(2, 1, None)]];
    let both: Vec<Batch<'_>> = sources
        .iter()
        .zip(&batches)
        .map(|(source, readings)| Batch { readings, origin: Some((source, Some(&position))) })
        .collect();
    let rule = "CREATE TRIGGER no BEFORE INSERT ON articles WHEN NEW.source_name = 'other'
        BEGIN SELECT RAISE(ABORT, 'a rule of the file'); END";
    let file = samples::sql(&test.folder.path().join("rasid.gpkg"));
    file.execute_batch(rule).unwrap();
    assert!(knowledge().keep_all(&test.store, &both).unwrap_err().is_refusal());
    assert_eq!((test.events().len(), test.store.position(&sources[0]).unwrap()), (0, None));
    file.execute_batch("DROP TRIGGER no").unwrap();
    let kept = knowledge().keep_all(&test.store, &both).unwrap();
    assert_eq!(kept, [[Inserted::New { events: 1 }]; 2]);
    assert_eq!(test.events().len(), 1, "they tell of one happening");
    for source in &sources {
        assert_eq!(test.store.position(source).unwrap(), Some(position.clone()));
    }
}

#[test]
fn a_store_that_is_only_written_to_holds_no_events_and_keeps_all() {
    let test = TestStore::new();
    let path = test.folder.path().join("rasid.gpkg");
    let written = Store::open_to_write(&Options { path }).unwrap();
    knowledge().keep(&written, &[shelling(1, 0, None), shelling(2, 1, None)], None).unwrap();
    assert!(!written.is_loaded() && !written.keep_index().unwrap());
    assert_eq!((written.count(), written.refresh().unwrap()), (0, 0));
    test.store.refresh().unwrap();
    assert_eq!(test.events().len(), 1);
    assert_eq!(test.events(), test.events_on_disk());
}

#[test]
fn articles_that_were_kept_before_are_compared_beside_the_next() {
    let test = TestStore::new();
    let (article, events) = shelling(1, 0, None);
    test.store.insert(&article, &events).unwrap();
    let (article, events) = shelling(2, 1, None);
    test.store.insert(&article, &events).unwrap();
    assert_eq!(test.events().len(), 2);
    test.keep(&[]);
    assert_eq!(test.events().len(), 1);
    assert_eq!(test.store.reports(&EventId("a1-0".to_owned())).unwrap().len(), 2);
}

proptest! {
    // Each makes stores on the disk.
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_order_of_arrival_does_not_matter(
        told in prop::collection::vec(told(), 1..9),
        order in any::<prop::sample::Index>(),
        share in 1_usize..4,
        left_out in any::<prop::sample::Index>(),
    ) {
        let all: Vec<Reading> = told.iter().enumerate().map(|(nth, told)| reading(nth, told)).collect();
        let together = TestStore::new();
        together.keep(&all);
        let mut shuffled = all.clone();
        shuffled.rotate_left(order.index(all.len()));
        if share == 2 {
            shuffled.reverse();
        }
        let apart = TestStore::new();
        for batch in shuffled.chunks(share) {
            apart.keep(batch);
        }
        prop_assert_eq!(apart.events(), together.events());
        prop_assert_eq!(apart.events_on_disk(), together.events());

        // An article more changes nothing once it is gone again.
        let more = all[left_out.index(all.len())].clone();
        let without = TestStore::new();
        without.keep(&all.iter().filter(|one| one.0.id != more.0.id).cloned().collect::<Vec<_>>());
        knowledge().forget(&together.store, &more.0.id).unwrap();
        prop_assert_eq!(together.events(), without.events());
        without.keep(&[more]);
        prop_assert_eq!(without.events(), apart.events());
    }
}
