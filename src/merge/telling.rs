//! What one article says of a happening, ready to be compared.

use jiff::civil::{Date, date};

use super::print::{Print, fnv};
use super::words::{Hours, Words, bounded};
use crate::model::article::{ArticleId, Lang, Published};
use crate::model::event::{Event, EventId};
use crate::model::place::{GeoPrecision, PlaceKind};
use crate::model::when::TimePrecision;

/// How far around its point a report may meet another, in kilometres: a town and its quarters, what
/// lies near a town, a region and its villages. Two reports meet if their reaches do.
const REACH_KM: [f64; 3] = [5.0, 15.0, 35.0];

/// Kilometres of a degree of latitude.
const DEGREE_KM: f64 = 111.2;

/// Hours by which outlets' clocks go before that of Damascus: some give its time for that of Greenwich.
const CLOCK_ERROR: u32 = 3;

/// Days around publication in which a report without a day is looked for.
const ABOUT: i32 = 2;

/// What all tellings of an article have in common.
#[derive(Debug, Clone)]
pub struct Common {
    /// What its text is like.
    pub print: Print,
    /// How far its outlet is believed, in percent.
    pub trust: u8,
}

/// An event as one article tells it, with what comparing needs of the article.
#[derive(Debug, Clone)]
pub struct Telling {
    /// The event as it was read.
    pub event: Event,
    /// The gazetteer's kind of its place.
    pub kind: Option<PlaceKind>,
    /// What the article's text is like.
    pub print: Print,
    /// How far its outlet is believed, in percent.
    pub(super) trust: u8,
    pub(super) hours: Hours,
    pub(super) grows: bool,
    /// Hashes of the sentence's words, sorted, each once.
    pub(super) words: Vec<u32>,
    pub(super) lang: Lang,
    pub(super) days: Option<Days>,
    order: (i64, ArticleId, EventId),
}

/// The days that a report may mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Days {
    pub(super) first: i32,
    pub(super) last: i32,
    pub(super) how: Surely,
}

/// How a report came to its days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Surely {
    /// The text tells the day.
    Told,
    /// A lead without a day: that of publication or the one before.
    Lead,
    /// A week, a month.
    Roughly,
}

/// Where and when a report may meet another: degrees, and days from 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reach {
    /// West, south, east, north. What has no place lies far beyond the globe.
    pub area: [f64; 4],
    /// First and last day.
    pub days: [i32; 2],
}

impl Telling {
    /// An event as an article tells it.
    pub fn new(event: Event, kind: Option<PlaceKind>, common: Common, words: &Words) -> Self {
        let Common { print, trust } = common;
        let sentence = bounded(&event.evidence.evidence);
        let date_text = event.when.date_text.as_deref().map(bounded).unwrap_or_default();
        let title = event.source.title.as_deref().map(bounded).unwrap_or_default();
        let days = days(&event);
        Self {
            hours: possible(words.hours(&sentence) | words.hours(&date_text), days, &event),
            grows: words.grows(&sentence) || words.grows(&title),
            words: hashes(&sentence),
            lang: Lang::of(&event.evidence.evidence),
            days,
            order: order(&event),
            event,
            kind,
            print,
            trust,
        }
    }

    /// The order in which tellings are joined: by publication, then by the ids of article and event.
    /// What has no date of publication comes last.
    pub fn order(&self) -> (i64, &ArticleId, &EventId) {
        (self.order.0, &self.order.1, &self.order.2)
    }

    /// Where and when it may meet another telling of the same.
    pub fn reach(&self) -> Reach {
        let published = self.event.source.published.map(|published| day_number(published.day()));
        let days = match (self.days, published) {
            (Some(days), _) => [days.first, days.last],
            (None, Some(day)) => [day - ABOUT, day + ABOUT],
            (None, None) => [0, 0],
        };
        let area = if let Some(at) = self.event.point {
            let precision = self.event.location.geo_precision.unwrap_or(GeoPrecision::Place);
            let km = REACH_KM.get(precision as usize).copied().unwrap_or_default();
            let north = km / DEGREE_KM;
            let east = north / at.lat().to_radians().cos().max(0.1);
            [at.lon() - east, at.lat() - north, at.lon() + east, at.lat() + north]
        } else {
            let kind = 1000.0 + f64::from(self.event.what.sub_event_type as u8);
            [kind, 0.0, kind, 0.0]
        };
        Reach { area, days }
    }

    /// The share of the sentences' words that two tellings have in common.
    pub(super) fn common_words(&self, other: &Self) -> f64 {
        let common =
            self.words.iter().filter(|word| other.words.binary_search(word).is_ok()).count();
        let all = self.words.len() + other.words.len() - common;
        #[expect(clippy::cast_precision_loss, reason = "a sentence has a few dozen words")]
        let share = common as f64 / all.max(1) as f64;
        share
    }
}

impl Reach {
    /// Whether two tellings may meet.
    pub fn meets(&self, other: &Self) -> bool {
        let ([w1, s1, e1, n1], [w2, s2, e2, n2]) = (self.area, other.area);
        let ([f1, l1], [f2, l2]) = (self.days, other.days);
        w1 <= e2 && w2 <= e1 && s1 <= n2 && s2 <= n1 && f1 <= l2 && f2 <= l1
    }
}

fn order(event: &Event) -> (i64, ArticleId, EventId) {
    let published = event.source.published.map_or(i64::MAX, |at| at.instant().as_second());
    (published, event.source.article_id.clone(), event.id.clone())
}

fn days(event: &Event) -> Option<Days> {
    let (first, last) = event.when.days()?;
    let (first, last) = (day_number(first), day_number(last));
    let has_words = event.when.date_text.is_some();
    Some(match event.when.time_precision.unwrap_or(TimePrecision::Day) {
        TimePrecision::Day => Days { first, last, how: Surely::Told },
        TimePrecision::Week if first == last && !has_words => {
            Days { first: first - 1, last, how: Surely::Lead }
        }
        TimePrecision::Week => Days { first: first - 3, last: last + 3, how: Surely::Roughly },
        TimePrecision::Month => Days { first: first - 15, last: last + 15, how: Surely::Roughly },
    })
}

/// The hours that are told, as far as it had happened when it was published; all of these if none is told.
fn possible(told: Hours, days: Option<Days>, event: &Event) -> Hours {
    let Some(Published::At(at)) = event.source.published else { return told };
    let published = Published::At(at);
    let day = day_number(published.day());
    let is_that_day = |days: Days| days.how == Surely::Told && days.first == day;
    if !days.is_some_and(is_that_day) {
        return told;
    }
    let last = published.hour().map_or(23, |hour| hour + CLOCK_ERROR).min(23);
    let until: Hours = (0..=last).fold(0, |hours, hour| hours | 1 << hour);
    match told & until {
        _ if told == 0 => until,
        0 => told,
        both => both,
    }
}

/// Days from 1970-01-01.
fn day_number(day: Date) -> i32 {
    date(1970, 1, 1).until(day).map_or(0, |span| span.get_days())
}

/// The words of a folded sentence without what Arabic joins before them, and without the plural of English.
fn hashes(folded: &str) -> Vec<u32> {
    const JOINED: [&str; 8] = ["وال", "بال", "فال", "كال", "لل", "ال", "و", "ب"];
    const SHORTEST: usize = 3;
    let mut words: Vec<u32> = folded
        .split(' ')
        .filter(|word| word.chars().count() >= SHORTEST)
        .map(|word| {
            let bare = JOINED.iter().find_map(|joined| word.strip_prefix(joined));
            let bare = bare.filter(|bare| bare.chars().count() >= SHORTEST).unwrap_or(word);
            let bare = bare.strip_suffix('s').unwrap_or(bare);
            fnv(bare.chars())
        })
        .collect();
    words.sort_unstable();
    words.dedup();
    words
}
