//! Events counted by day, type, actor or governorate, with their tolls.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use foldhash::fast::FixedState;
use jiff::Span;
use jiff::civil::{Date, Weekday};

use super::clusters::by_type;
use super::column::Column;
use super::index::Index;
use super::marks::{Mark, NO_DAYS, UNKNOWN, day_of, number_of};
use crate::model::query::EventQuery;
use crate::model::taxonomy::{EventType, named};

named! {
    /// What events are counted by.
    By {
        /// The first day.
        Day = "day",
        /// The week of the first day, named by its Monday.
        Week = "week",
        /// The month of the first day.
        Month = "month",
        /// ACLED's type.
        EventType = "event_type",
        /// ACLED's sub-event type.
        SubEventType = "sub_event_type",
        /// Each of those who took part.
        Actor = "actor",
        /// The governorate.
        Admin1 = "admin1",
        /// How sure the article is.
        Certainty = "certainty",
        /// How precisely the place is known.
        GeoPrecision = "geo_precision",
        /// The publisher.
        Source = "source",
    }
}

impl By {
    /// Whether it is a time.
    pub const fn is_time(self) -> bool {
        matches!(self, Self::Day | Self::Week | Self::Month)
    }

    /// The property that holds it.
    const fn property(self) -> &'static str {
        match self {
            Self::Day | Self::Week | Self::Month => "event_date",
            Self::EventType => "event_type",
            Self::SubEventType => "sub_event_type",
            Self::Actor => "actor_ids",
            Self::Admin1 => "admin1",
            Self::Certainty => "certainty",
            Self::GeoPrecision => "geo_precision",
            Self::Source => "source",
        }
    }
}

/// As many groups as one answer has at most.
pub const MOST_GROUPS: usize = 50_000;

/// How many events, and how many were killed in them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// How many events.
    pub count: usize,
    /// In how many of them the number of killed is not known.
    pub fatalities_unknown: usize,
    killed: u64,
    low: u64,
    high: u64,
    /// In how many the least or the most is known.
    bounded: usize,
}

impl Tally {
    /// The sum of the best figures; `None` if none is known.
    pub fn fatalities(&self) -> Option<u64> {
        (self.count > self.fatalities_unknown).then_some(self.killed)
    }

    /// The sums of the least and the most, of each event the best figure where no other is told;
    /// `None` if none is known.
    pub fn bounds(&self) -> Option<(u64, u64)> {
        (self.bounded > 0).then_some((self.low, self.high))
    }

    fn add(&mut self, best: u32, bounds: [u32; 2]) {
        self.join(&Self::of(best, bounds));
    }

    /// Of one event.
    fn of(best: u32, [low, high]: [u32; 2]) -> Self {
        let number = |n: u32| if n == UNKNOWN { 0 } else { u64::from(n) };
        Self {
            count: 1,
            fatalities_unknown: usize::from(best == UNKNOWN),
            killed: number(best),
            low: number(low),
            high: number(high),
            bounded: usize::from(low != UNKNOWN || high != UNKNOWN),
        }
    }

    fn join(&mut self, other: &Self) {
        self.count += other.count;
        self.fatalities_unknown += other.fatalities_unknown;
        self.killed += other.killed;
        self.low += other.low;
        self.high += other.high;
        self.bounded += other.bounded;
    }

    /// Takes away what was joined.
    fn part(&mut self, other: &Self) {
        self.count -= other.count;
        self.fatalities_unknown -= other.fatalities_unknown;
        self.killed -= other.killed;
        self.low -= other.low;
        self.high -= other.high;
        self.bounded -= other.bounded;
    }
}

/// What the events of a group have in common.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// A day, or the first of a week or month.
    Day(Date),
    /// A name.
    Text(Arc<str>),
    /// A number, such as a precision.
    Number(u32),
    /// It is not known.
    Unknown,
}

/// Events that have something in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// What, in the order that was asked for.
    pub keys: Vec<Key>,
    /// How many they are.
    pub tally: Tally,
}

/// Events counted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Aggregate {
    /// All that match.
    pub total: Tally,
    /// Those of them that are in no group, for they have no day.
    pub undated: Tally,
    /// Times from the earliest, others from the most frequent; what is not known last.
    pub groups: Vec<Group>,
    /// The display names of the actors, by their ids, as far as events tell them.
    pub names: HashMap<Arc<str>, String>,
}

/// There are more groups than one answer holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooMany;

/// Counted, not yet put in order.
#[derive(Default)]
struct Counted {
    total: Tally,
    undated: Tally,
    groups: BTreeMap<Vec<Key>, Tally>,
    /// Actors, each with a row that has it.
    actors: Vec<(u32, usize)>,
}

impl Index {
    /// Counts the events that answer a query by one or two things.
    ///
    /// An event with several actors is counted once for each of them.
    pub fn aggregate(&self, query: &EventQuery, by: &[By]) -> Result<Aggregate, TooMany> {
        let counted = self.daily().count(query, by).unwrap_or_else(|| self.count(query, by));
        let Counted { total, undated, groups, actors } = counted;
        if groups.len() > MOST_GROUPS {
            return Err(TooMany);
        }
        let names = self.actor_names(&actors);
        Ok(Aggregate { total, undated, groups: in_order(by, groups), names })
    }

    /// Counts by a pass over the events.
    fn count(&self, query: &EventQuery, by: &[By]) -> Counted {
        let first = self.source(by.first().copied());
        let second = self.source(by.get(1).copied());
        let with_time = by.iter().any(|by| by.is_time());
        let actor = by.iter().position(|&by| by == By::Actor);
        let mut groups = Groups::new(second.is_single().then(|| first.codes(self)));
        let mut counted = Counted::default();
        self.visit(query, query.bbox, |row| {
            let Some(mark) = self.marks().get(row) else { return };
            let bounds = self.marks().bounds(row);
            if actor.is_some() {
                counted.total.add(mark.killed, bounds);
            }
            if with_time && mark.is_undated() {
                counted.undated.add(mark.killed, bounds);
                return;
            }
            first.each(row, mark.first, |one| {
                second.each(row, mark.first, |other| {
                    let tally = groups.tally((one, other));
                    if let Some(place) = actor.filter(|_| tally.count < EXAMPLES) {
                        counted.actors.push((if place == 0 { one } else { other }, row));
                    }
                    tally.add(mark.killed, bounds);
                });
            });
        });
        if actor.is_none() {
            // Each event is in one group, or in none.
            counted.total = counted.undated;
            groups.tallies.iter().for_each(|tally| counted.total.join(tally));
        }
        for (codes, tally) in groups.codes.iter().zip(&groups.tallies) {
            let pairs = [(&first, codes.0), (&second, codes.1)].into_iter().take(by.len());
            let keys = pairs.map(|(source, code)| self.key(source, code)).collect();
            counted.groups.entry(keys).or_default().join(tally);
        }
        counted
    }

    /// How events name actors, by their ids.
    fn actor_names(&self, examples: &[(u32, usize)]) -> HashMap<Arc<str>, String> {
        let text = |name, row| self.column(name).and_then(|column| column.text(row, self.words()));
        let mut names = HashMap::new();
        for &(code, row) in examples {
            let Some(id) = self.words().text(code).filter(|id| !names.contains_key(*id)) else {
                continue;
            };
            let ids = self.column(By::Actor.property()).map(|column| column.codes(row));
            let ids = ids.unwrap_or_default();
            let sides = ["actor1", "actor2"].into_iter().filter_map(|name| text(name, row));
            let beside = ["assoc_actor_1", "assoc_actor_2"].into_iter();
            let beside = beside.filter_map(|name| text(name, row)).flat_map(|all| all.split("; "));
            let told: Vec<&str> = sides.chain(beside).collect();
            // Who stands on both sides has one id and two names: then it is not plain whose is whose.
            let place = ids.iter().position(|&one| one == code).filter(|_| ids.len() == told.len());
            if let Some(name) = place.and_then(|place| told.get(place)) {
                names.insert(Arc::from(id), (*name).to_owned());
            }
        }
        names
    }

    fn source(&self, by: Option<By>) -> Source<'_> {
        match by {
            None => Source::Single,
            Some(by) if by.is_time() => Source::Times(Times::new(by, self.extent().days)),
            Some(by) => match self.column(by.property()) {
                Some(column @ Column::Integer(..)) => Source::Numbers(column),
                Some(column) => Source::Column(column),
                None => Source::Single,
            },
        }
    }

    fn key(&self, source: &Source<'_>, code: u32) -> Key {
        match source {
            Source::Single => Key::Unknown,
            Source::Times(times) => times.key(code),
            Source::Numbers(_) => code.checked_sub(1).map_or(Key::Unknown, Key::Number),
            Source::Column(_) => {
                self.words().text(code).map_or(Key::Unknown, |text| Key::Text(text.into()))
            }
        }
    }
}

/// The first day of the time in which a day lies.
fn time(by: By, number: i32) -> Date {
    let day = day_of(number);
    match by {
        By::Week => monday(day),
        By::Month => day.first_of_month(),
        _ => day,
    }
}

fn monday(day: Date) -> Date {
    let since = day.weekday().since(Weekday::Monday);
    day.saturating_sub(Span::new().days(since))
}

/// Tallies that are kept by day and type, for the timeline that everybody sees first.
#[derive(Debug, Clone, Default)]
pub(super) struct Daily {
    /// By the first day, or that of no day, and the place of the type.
    tallies: Arc<HashMap<(i32, u8), Tally, FixedState>>,
}

impl Daily {
    pub(super) fn add(&mut self, mark: Mark, bounds: [u32; 2]) {
        let tallies = Arc::make_mut(&mut self.tallies);
        let tally = tallies.entry((mark.first, mark.event_type)).or_default();
        tally.add(mark.killed, bounds);
    }

    /// Takes away an event that was added.
    pub(super) fn take(&mut self, mark: Mark, bounds: [u32; 2]) {
        let key = (mark.first, mark.event_type);
        let tallies = Arc::make_mut(&mut self.tallies);
        if let Some(tally) = tallies.get_mut(&key) {
            tally.part(&Tally::of(mark.killed, bounds));
            if tally.count == 0 {
                tallies.remove(&key);
            }
        }
    }

    /// How many events answer a query; `None` if what is kept cannot tell.
    pub(super) fn matched(&self, query: &EventQuery) -> Option<usize> {
        let wanted = by_type(query)?;
        let of = self.tallies.iter().filter(|((_, of), _)| wanted.is_none_or(|one| one == *of));
        Some(of.map(|(_, tally)| tally.count).sum())
    }

    /// Counts by what is kept; `None` if that cannot answer.
    fn count(&self, query: &EventQuery, by: &[By]) -> Option<Counted> {
        let wanted = by_type(query)?;
        if by.iter().any(|&by| !by.is_time() && by != By::EventType) {
            return None;
        }
        let with_time = by.iter().any(|by| by.is_time());
        let with_type = by.contains(&By::EventType);
        let mut counted = Counted::default();
        // By numbers first: there are many tallies, and few of the keys that they are told by.
        let mut sums: HashMap<(i32, u8), Tally, FixedState> = HashMap::default();
        for (&(day, of), tally) in &*self.tallies {
            if wanted.is_some_and(|wanted| wanted != of) {
                continue;
            }
            counted.total.join(tally);
            if with_time && day == NO_DAYS.0 {
                counted.undated.join(tally);
                continue;
            }
            let key = (if with_time { day } else { 0 }, if with_type { of } else { 0 });
            sums.entry(key).or_default().join(tally);
        }
        for (&(day, of), tally) in &sums {
            let key = |&by: &By| match by {
                By::EventType => {
                    let name = EventType::NAMES.get(usize::from(of));
                    name.map_or(Key::Unknown, |&name| Key::Text(name.into()))
                }
                _ => Key::Day(time(by, day)),
            };
            counted.groups.entry(by.iter().map(key).collect()).or_default().join(tally);
        }
        Some(counted)
    }
}

/// So many events of a group are looked at for the name of an actor.
const EXAMPLES: usize = 4;

/// The greatest number that events are counted by; a greater one is told as not known.
const MOST_NUMBER: u32 = 1_000;

/// Where the codes that events are counted by come from.
enum Source<'a> {
    /// All events have the same.
    Single,
    Times(Times),
    /// Small whole numbers of a column, each told as one more, for zero stands for none.
    Numbers(&'a Column),
    /// Words of a column.
    Column(&'a Column),
}

/// Days, weeks or months, by the days in them.
struct Times {
    /// The first of the days, as a number.
    first: i32,
    /// For each day its time.
    codes: Vec<u32>,
    /// The first day of each time.
    begins: Vec<Date>,
}

impl Times {
    fn new(by: By, days: Option<(Date, Date)>) -> Self {
        let numbers = days.map_or(0..0, |(first, last)| number_of(first)..number_of(last) + 1);
        let mut times = Self { first: numbers.start, codes: Vec::new(), begins: Vec::new() };
        for number in numbers {
            let begin = time(by, number);
            if times.begins.last() != Some(&begin) {
                times.begins.push(begin);
            }
            times.codes.push(u32::try_from(times.begins.len() - 1).unwrap_or(u32::MAX));
        }
        times
    }

    fn code(&self, number: i32) -> Option<u32> {
        self.codes.get(usize::try_from(number.checked_sub(self.first)?).ok()?).copied()
    }

    fn key(&self, code: u32) -> Key {
        self.begins.get(code as usize).map_or(Key::Unknown, |&begin| Key::Day(begin))
    }
}

impl Source<'_> {
    const fn is_single(&self) -> bool {
        matches!(self, Self::Single)
    }

    /// One more than the greatest code.
    fn codes(&self, index: &Index) -> usize {
        match self {
            Self::Single => 1,
            Self::Times(times) => times.begins.len(),
            Self::Numbers(_) => MOST_NUMBER as usize + 2,
            Self::Column(_) => index.words().len() + 1,
        }
    }

    fn each(&self, row: usize, first: i32, mut see: impl FnMut(u32)) {
        match self {
            Self::Single => see(0),
            // All days that features have are among those that they cover.
            Self::Times(times) => times.code(first).into_iter().for_each(see),
            Self::Numbers(column) => {
                let number = column.integer(row).and_then(|number| u32::try_from(number).ok());
                see(number.filter(|&number| number <= MOST_NUMBER).map_or(0, |number| number + 1));
            }
            Self::Column(column) => match column.codes(row) {
                [] => see(0),
                [one] => see(*one),
                // Counted once, however often it is named.
                codes => {
                    let again = |place, code| codes.iter().take(place).any(|&other| other == code);
                    let each = codes.iter().enumerate();
                    each.filter(|&(place, &code)| !again(place, code)).for_each(|(_, &c)| see(c));
                }
            },
        }
    }
}

/// Tallies by what they are counted by.
struct Groups {
    /// For each code, one more than the place of its tally; for pairs not used.
    table: Vec<u32>,
    pairs: HashMap<(u32, u32), u32, FixedState>,
    codes: Vec<(u32, u32)>,
    tallies: Vec<Tally>,
}

impl Groups {
    /// For so many codes, or for pairs. The table is only touched where there are events.
    fn new(codes: Option<usize>) -> Self {
        Self {
            table: vec![0; codes.unwrap_or_default()],
            pairs: HashMap::default(),
            codes: Vec::new(),
            tallies: Vec::new(),
        }
    }

    fn tally(&mut self, codes: (u32, u32)) -> &mut Tally {
        let place = match self.table.get_mut(codes.0 as usize) {
            Some(place) => place,
            None => self.pairs.entry(codes).or_default(),
        };
        if *place == 0 {
            self.codes.push(codes);
            self.tallies.push(Tally::default());
            *place = u32::try_from(self.tallies.len()).expect("there are fewer groups than rows");
        }
        self.tallies.get_mut(*place as usize - 1).expect("a tally was pushed with its place")
    }
}

/// By the first key, and of one first key by the second.
fn in_order(by: &[By], joined: BTreeMap<Vec<Key>, Tally>) -> Vec<Group> {
    let mut of_first: BTreeMap<Key, usize> = BTreeMap::new();
    for (keys, tally) in &joined {
        *of_first.entry(keys.first().cloned().unwrap_or(Key::Unknown)).or_default() += tally.count;
    }
    let mut groups: Vec<Group> =
        joined.into_iter().map(|(keys, tally)| Group { keys, tally }).collect();
    let rank = |by: Option<&By>, key: Option<&Key>, count: usize| {
        let often = if by.is_some_and(|by| by.is_time()) { 0 } else { count };
        (key == Some(&Key::Unknown), Reverse(often), key.cloned())
    };
    groups.sort_by_cached_key(|Group { keys, tally }| {
        let first = keys.first();
        let of_first = first.and_then(|key| of_first.get(key)).copied().unwrap_or_default();
        (rank(by.first(), first, of_first), rank(by.get(1), keys.get(1), tally.count))
    });
    groups
}

#[cfg(test)]
mod tests;
