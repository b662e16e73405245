//! What maps and charts need of every feature, packed: a pass over a million takes a few milliseconds.

use jiff::SignedDuration;
use jiff::civil::{Date, date};

use super::growing::Growing;
use super::index::{Given, Property};
use super::packed::Packed;
use crate::model::mercator::Mercator;
use crate::model::point::LonLat;
use crate::model::taxonomy::EventType;

/// How a feature lies on the map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lies {
    /// Nowhere: it has no point.
    Nowhere,
    /// At its point or near it.
    There,
    /// Somewhere in a region that its point only stands for.
    InRegion,
}

/// Of one feature: 24 bytes, in which numbers stand for what is not known, so that adding up takes no
/// branches.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    pub(super) at: Mercator,
    /// The number of its first day, see [`day_of`]; [`NO_DAYS`] if it has none.
    pub(super) first: i32,
    /// The number of its last day.
    pub(super) last: i32,
    /// How many were killed; [`UNKNOWN`] if that is not known.
    pub(super) killed: u32,
    /// The place in [`EventType::ALL`]; one more than the last if it is not known.
    pub(super) event_type: u8,
    pub(super) lies: Lies,
}

/// Stands for a number of killed that is not known.
pub(super) const UNKNOWN: u32 = u32::MAX;

/// First and last day of what has none: the first is after, the last before all others.
pub(super) const NO_DAYS: (i32, i32) = (i32::MAX, i32::MIN);

impl Mark {
    /// Whether it has no day.
    pub(super) fn is_undated(self) -> bool {
        self.first == NO_DAYS.0
    }
}

/// The places of the properties that are read; other collections than events have none of them.
#[derive(Debug, Clone, Copy, Default)]
struct Places {
    event_type: Option<usize>,
    geo_precision: Option<usize>,
    fatalities: [Option<usize>; 3],
}

/// A mark for each feature, in the order of the rows.
#[derive(Debug, Clone, Default)]
pub(super) struct Marks {
    places: Places,
    rows: Growing<Mark>,
    bounds: Packed<[u32; 2]>,
    nowhere: Growing<usize>,
}

impl Marks {
    pub(super) fn new(properties: &[Property]) -> Self {
        let place = |name: &str| properties.iter().position(|&(known, ..)| known == name);
        let places = Places {
            event_type: place("event_type"),
            geo_precision: place("geo_precision"),
            fatalities: ["fatalities", "fatalities_low", "fatalities_high"].map(place),
        };
        Self { places, ..Self::default() }
    }

    pub(super) fn push<'a>(
        &mut self,
        at: Option<LonLat>,
        days: Option<(Date, Date)>,
        value: impl Fn(usize) -> Option<Given<'a>>,
    ) -> Mark {
        let Places { event_type, geo_precision, fatalities } = self.places;
        let integer = |place: Option<usize>| match value(place?)? {
            Given::Integer(number) => Some(number),
            _ => None,
        };
        let of_type = event_type.and_then(&value).and_then(|name| match name {
            Given::Text(name) => EventType::NAMES.iter().position(|&one| one == name),
            _ => None,
        });
        let precision = integer(geo_precision);
        let tolls = fatalities.map(|place| u32::try_from(integer(place)?).ok());
        let lies = match (at, precision) {
            (None, _) => Lies::Nowhere,
            (Some(_), Some(3)) => Lies::InRegion,
            (Some(_), _) => Lies::There,
        };
        if lies == Lies::Nowhere {
            self.nowhere.push(self.rows.len());
        }
        let [killed, low, high] = tolls;
        self.bounds.push([low, high].map(|bound| bound.or(killed).unwrap_or(UNKNOWN)));
        let (first, last) =
            days.map_or(NO_DAYS, |(first, last)| (number_of(first), number_of(last)));
        let mark = Mark {
            at: at.map(Mercator::from).unwrap_or_default(),
            first,
            last,
            killed: killed.unwrap_or(UNKNOWN),
            event_type: u8::try_from(of_type.unwrap_or(EventType::ALL.len())).unwrap_or(u8::MAX),
            lies,
        };
        self.rows.push(mark);
        mark
    }

    pub(super) fn get(&self, row: usize) -> Option<Mark> {
        self.rows.get(row).copied()
    }

    /// The mark of a row that has a point.
    pub(super) fn located(&self, row: usize) -> Option<Mark> {
        self.get(row).filter(|mark| mark.lies != Lies::Nowhere)
    }

    /// The least and the most that were killed, the best figure where no other is told; or
    /// [`UNKNOWN`].
    pub(super) fn bounds(&self, row: usize) -> [u32; 2] {
        self.bounds.get(row).copied().unwrap_or([UNKNOWN; 2])
    }

    /// The rows without a point.
    pub(super) fn nowhere(&self) -> impl Iterator<Item = usize> {
        self.nowhere.iter().copied()
    }
}

/// Days are numbered from here.
const EPOCH: Date = date(1970, 1, 1);

const HOURS: i64 = 24;

/// The number of a day.
pub(super) fn number_of(day: Date) -> i32 {
    let days = day.duration_since(EPOCH).as_hours() / HOURS;
    i32::try_from(days).expect("twenty thousand years are some seven million days")
}

/// The day with this number; what is beyond the calendar is put at its end.
pub(super) fn day_of(number: i32) -> Date {
    EPOCH.saturating_add(SignedDuration::from_hours(i64::from(number) * HOURS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_numbered_one_by_one() {
        for day in [Date::MIN, Date::MAX, EPOCH, date(2024, 2, 29), date(1969, 12, 31)] {
            assert_eq!(day_of(number_of(day)), day);
        }
        assert_eq!(number_of(date(1970, 1, 2)), 1);
        assert_eq!(number_of(date(1969, 12, 31)), -1);
    }

    #[test]
    fn a_mark_stays_small() {
        assert_eq!(size_of::<Mark>(), 24);
    }
}
