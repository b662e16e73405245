//! Invented articles and events for the tests of the store and of what stands on it.

use std::path::Path;

use jiff::civil::date;
use proptest::prelude::*;

use crate::model::actor::{ActorId, Inter, Who};
use crate::model::article::{Article, ArticleId, Lang, Published};
use crate::model::event::{Event, EventId, Review, Source, Trust, What};
use crate::model::place::{GeoPrecision, Location, PlaceId};
use crate::model::point::LonLat;
use crate::model::report::{Certainty, Evidence};
use crate::model::taxonomy::SubEventType;
use crate::model::toll::Toll;
use crate::model::when::{TimePrecision, When};

pub(crate) fn article(number: usize) -> Article {
    Article {
        id: ArticleId(format!("a{number}")),
        text: format!("قصف مدفعي على ريف إدلب ({number})"),
        title: Some("قصف \"مدفعي\" <على> إدلب & ريفها".to_owned()),
        author: None,
        trust: None,
        publisher: Some("rasid sample".to_owned()),
        url: Some(format!("https://example.org/{number}?a=1&b=2")),
        published: Some(Published::On(date(2022, 7, 18))),
        lang: Lang::Ar,
    }
}

/// The event with this number: an eleventh has no place, a seventh no day.
pub(crate) fn event(article: &Article, number: usize) -> Event {
    let n = u32::try_from(number).unwrap();
    let located = number % 11 != 10;
    let dated = number % 7 != 6;
    let day = date(2022, 1, 1).saturating_add(jiff::Span::new().days(n % 300));
    Event {
        id: EventId(format!("{}-{number}", article.id)),
        point: LonLat::new(36.0 + f64::from(n % 50) / 10.0, 33.0 + f64::from(n % 37) / 10.0)
            .filter(|_| located),
        what: What {
            sub_event_type: SubEventType::ALL[number % SubEventType::ALL.len()],
            civilian_targeting: number.is_multiple_of(5),
        },
        when: When {
            event_date: dated.then_some(day),
            event_date_end: (dated && number.is_multiple_of(3))
                .then(|| day.saturating_add(jiff::Span::new().days(4))),
            time_precision: dated.then_some(TimePrecision::Day),
            date_text: Some("أمس الأحد".to_owned()),
        },
        who: Who {
            actor1: Some("QSD: Syrian Democratic Forces".to_owned()),
            assoc_actor_1: None,
            inter1: Some(Inter::RebelGroup),
            actor2: (number.is_multiple_of(2)).then(|| "Civilians (Syria)".to_owned()),
            assoc_actor_2: None,
            inter2: (number.is_multiple_of(2)).then_some(Inter::Civilians),
            actor_ids: vec![ActorId("SDF".to_owned()), ActorId(format!("X{}", number % 4))],
        },
        location: if located { location() } else { Location::default() },
        toll: Toll {
            fatalities: (!number.is_multiple_of(4)).then_some(n % 4),
            injured_low: Some(2),
            ..Toll::default()
        },
        trust: Trust {
            certainty: Certainty::ALL[number % 3],
            confidence: f64::from(n % 11) / 10.0,
            review: Review::Machine,
        },
        evidence: Evidence {
            evidence: "قصف مدفعي على \"ريف\" إدلب <script>".to_owned(),
            evidence_start: 0,
            evidence_end: 22,
            attribution: None,
        },
        source: Source {
            article_id: article.id.clone(),
            source: article.publisher.clone(),
            source_url: article.url.clone(),
            title: article.title.clone(),
            published: article.published,
            n_sources: 1,
            extractor: "rasid 0.1.0".to_owned(),
        },
    }
}

fn location() -> Location {
    Location {
        location: Some("Saraqib".to_owned()),
        location_ar: Some("سراقب".to_owned()),
        admin1: Some("Idlib".to_owned()),
        admin1_pcode: Some("SY07".to_owned()),
        place_id: Some(PlaceId("gn:1".to_owned())),
        geo_precision: Some(GeoPrecision::Near),
        place_text: Some("ريف سراقب".to_owned()),
        ..Location::default()
    }
}

/// Removes an event from a store file, as another process does.
pub(crate) fn remove(path: &Path, id: &str) {
    change(
        path,
        "INSERT INTO removed SELECT seq, ?1 FROM sqlite_sequence WHERE name = 'events'",
        id,
    );
    change(path, "DELETE FROM events WHERE event_id = ?1", id);
}

/// Replaces an event in a store file, as another process does: three were killed, it says now.
pub(crate) fn replace(path: &Path, id: &str) {
    let sql = "UPDATE events SET fatalities = 3,
                   fid = (SELECT seq FROM sqlite_sequence WHERE name = 'events')
               WHERE event_id = ?1";
    change(path, sql, id);
}

/// Does so with the next number of the sequence.
fn change(path: &Path, sql: &str, id: &str) {
    let file = rusqlite::Connection::open(path).unwrap();
    let next = "UPDATE sqlite_sequence SET seq = seq + 1 WHERE name = 'events'";
    file.execute(next, []).unwrap();
    file.execute(sql, [id]).unwrap();
}

/// Events with points, days and values scattered so that some coincide and some lie on edges.
pub(crate) fn scattered() -> impl Strategy<Value = Vec<Event>> {
    let point = prop_oneof![
        1 => Just(None),
        6 => (-3_i32..=3, -3_i32..=3).prop_map(|(x, y)| LonLat::new(f64::from(x) * 60.0, f64::from(y) * 30.0)),
        2 => (35.0..42.0, 32.0..37.0).prop_map(|(lon, lat)| LonLat::new(lon, lat)),
    ];
    let parts = (point, 0_usize..40, any::<bool>());
    prop::collection::vec(parts, 0..60).prop_map(|parts| {
        let article = article(0);
        let events = parts.into_iter().enumerate().map(|(place, (point, number, dated))| {
            let mut event = event(&article, number);
            event.id = EventId(format!("e{place}"));
            event.point = point;
            event.when.event_date = event.when.event_date.filter(|_| dated);
            event.trust.confidence = f64::from(u32::try_from(number).unwrap()) / 7.0;
            event
        });
        events.collect()
    })
}

/// The store file as another program opens it.
pub(crate) fn sql(path: &Path) -> rusqlite::Connection {
    rusqlite::Connection::open(path).unwrap()
}
