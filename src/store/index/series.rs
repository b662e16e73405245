//! Features on their way into an index one after another: what one has that an earlier one had, it need not say.

use std::collections::HashMap;
use std::ops::Range;

use foldhash::fast::FixedState;
use jiff::civil::Date;

use super::row::{Given, Layout, Part, Piece, Row, Values};
use crate::model::point::LonLat;

/// Features of which most have the place, the day or the sides of an earlier one. To see that it is so is
/// several times faster than to write all of it as JSON and look each text of it up.
///
/// All of its rows are to be [appended](super::Index::append) at once, in their order.
#[derive(Debug)]
pub struct Series<'a> {
    layout: &'a Layout,
    /// What is known of each group.
    known: Vec<Known>,
    /// Where the first and the last day of an event stand.
    days: [Option<usize>; 2],
    key: Vec<u8>,
    digests: Vec<u64>,
}

/// What was seen of a group: a number and a digest for each, by bytes that tell it from all others.
#[derive(Debug, Default)]
struct Known {
    seen: HashMap<Box<[u8]>, (u32, u64), FixedState>,
    /// How often one of those came again.
    again: usize,
    /// So few come again that it is not worth the looking.
    is_in_vain: bool,
}

/// So many are known of each group at most; then all are forgotten. In tests that is to happen.
const MOST: usize = if cfg!(test) { 1 << 8 } else { 1 << 15 };

/// Looking for what is known is worth it if more than one in so many is.
const RARE: usize = 8;

/// How many values most features have of their own, and how many bytes they take: room that is made at once.
const ROOM: (usize, usize) = (16, 1_024);

impl Known {
    fn find(&mut self, key: &[u8]) -> Option<(u32, u64)> {
        let known = self.seen.get(key).copied();
        self.again += usize::from(known.is_some());
        known
    }

    /// The number of something new, if it is to be known.
    fn next(&mut self) -> Option<u32> {
        if self.seen.len() >= MOST {
            self.is_in_vain = self.again < MOST / RARE;
            self.seen.clear();
            self.again = 0;
        }
        let next = u32::try_from(self.seen.len()).expect("it is no more than the most");
        (!self.is_in_vain).then_some(next)
    }

    fn add(&mut self, key: &[u8], number: u32, digest: u64) {
        self.seen.insert(key.into(), (number, digest));
    }
}

impl<'a> Series<'a> {
    /// A series that nothing is known of.
    pub fn new(layout: &'a Layout) -> Self {
        let known = layout.groups().map(|_| Known::default()).collect();
        let place = |name| layout.properties.iter().position(|&(known, ..)| known == name);
        let days = ["event_date", "event_date_end"].map(place);
        Self { layout, known, days, key: Vec::new(), digests: Vec::new() }
    }

    /// The next event: its days stand among its values.
    pub fn event<V: Values>(
        &mut self,
        (sequence, id): (u64, String),
        at: Option<LonLat>,
        values: &V,
    ) -> Result<Row, V::Error> {
        let layout = self.layout;
        let day = |place: Option<usize>| {
            let given = place.map(|place| values.value(place)).transpose()?;
            Ok(given.and_then(
                |given| if let Given::Text(day) = given { day.parse().ok() } else { None },
            ))
        };
        let [first, last] = self.days.map(day);
        let (first, last): (Option<Date>, Option<Date>) = (first?, last?);
        let mut row = Row {
            sequence,
            id,
            at,
            days: first.map(|first| (first, last.unwrap_or(first))),
            parts: Vec::with_capacity(self.known.len()),
            cells: Vec::with_capacity(ROOM.0),
            text: String::with_capacity(ROOM.1),
            ..Row::default()
        };
        self.digests.clear();
        for ((piece, properties), known) in layout.groups().zip(&mut self.known) {
            let mut number = None;
            if piece.has_number() && !known.is_in_vain {
                self.key.clear();
                properties.clone().try_for_each(|place| values.mark(place, &mut self.key))?;
                if let Some((number, digest)) = known.find(&self.key) {
                    row.parts.push(Part::Known(number));
                    self.digests.push(digest);
                    continue;
                }
                number = known.next();
            }
            let given = properties.clone().map(|place| values.value(place));
            let digest = row.add(layout, (piece, properties), given, number)?;
            self.digests.push(digest);
            if let Some(number) = number {
                known.add(&self.key, number, digest);
            }
        }
        row.seal(&self.digests);
        Ok(row)
    }

    /// The next feature as an index has it: its values, and those parts of its JSON that are kept as such,
    /// with the number of each.
    pub(super) fn again<'v, G: Iterator<Item = Given<'v>>>(
        &mut self,
        mut row: Row,
        values: impl Fn(Range<usize>) -> G,
        mut parts: impl Iterator<Item = (u32, &'v str)>,
    ) -> Row {
        for ((piece, properties), known) in self.layout.groups().zip(&mut self.known) {
            let Some((part, json)) = (piece == Piece::Shared).then(|| parts.next()).flatten()
            else {
                row.add_again("", values(properties), None);
                continue;
            };
            let key = part.to_le_bytes();
            if let Some((number, _)) = known.find(&key) {
                row.parts.push(Part::Known(number));
                continue;
            }
            let number = known.next();
            row.add_again(json, values(properties), number);
            if let Some(number) = number {
                // The row has the digest of all of it already.
                known.add(&key, number, 0);
            }
        }
        row
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;
    use crate::model::event::PropertyType;
    use crate::store::index::{Index, Property};

    const PROPERTIES: &[Property] = &[
        ("event_type", PropertyType::Text, ""),
        ("actor_ids", PropertyType::List, ""),
        ("event_date", PropertyType::Date, ""),
        ("event_date_end", PropertyType::Date, ""),
        ("location", PropertyType::Text, ""),
        ("population", PropertyType::Integer, ""),
        ("share", PropertyType::Real, ""),
        ("evidence", PropertyType::Text, ""),
    ];

    struct Told([Given<'static>; 8]);

    impl Values for Told {
        type Error = Infallible;

        fn value(&self, property: usize) -> Result<Given<'_>, Infallible> {
            Ok(self.0[property].clone())
        }

        fn mark(&self, property: usize, out: &mut Vec<u8>) -> Result<(), Infallible> {
            out.extend(format!("{:?};", self.0[property]).bytes());
            Ok(())
        }
    }

    /// Few have another's place, half of them another's type, and nearly all another's days.
    fn told(number: usize) -> Told {
        let text = |text: String| Given::Text(text.into());
        let day = |number: usize| format!("2024-01-{:02}", number % 28 + 1);
        let every = |nth: usize| number.is_multiple_of(nth);
        Told([
            text(if every(2) { "a \"type\"".to_owned() } else { format!("type {number}") }),
            text("[\"a\",\"b c\"]".to_owned()),
            if every(5) { Given::Null } else { text(day(number)) },
            text(day(number + 1)),
            text(if every(10) { "Aleppo".to_owned() } else { format!("place {number}") }),
            if every(10) { Given::Null } else { Given::Integer(i64::MAX - 1) },
            Given::Real(0.5),
            text(format!("sentence {number}")),
        ])
    }

    #[test]
    fn features_of_a_series_are_as_they_would_be_one_by_one() {
        let layout = Layout::new(PROPERTIES);
        let mut series = Series::new(&layout);
        let id = |number: usize| (number as u64 + 1, format!("e{number}"));
        let [mut together, mut alone] = [(); 2].map(|()| Vec::new());
        for number in 0..4 * MOST {
            let told = told(number);
            let day = |given: &Given<'_>| match given {
                Given::Text(day) => day.parse().ok(),
                _ => None,
            };
            let [_, _, first, last, ..] = &told.0;
            let days = day(first).zip(day(last));
            let Ok(row) = series.event(id(number), None, &told);
            together.push(row);
            alone.push(Row::new(&layout, id(number), None, days, told.0));
        }
        let known = |rows: &[Row], at: usize| {
            let parts = rows.iter().filter_map(|row| row.parts.get(at));
            parts.filter(|part| matches!(part, Part::Known(_))).count()
        };
        let [point, types, days, places, sentence] = [0, 1, 2, 3, 4].map(|at| known(&together, at));
        assert_eq!((point, sentence), (0, 0));
        // All but the first of each, and those that came again when all had been forgotten.
        assert_eq!((types, days), (2 * MOST - 3, 4 * MOST - 56));
        // Until it was seen to be in vain.
        assert_eq!(places, MOST / 9);
        let [together, alone] =
            [together, alone].map(|rows| Index::of(Layout::new(PROPERTIES), rows));
        assert_eq!(together.generation(), alone.generation());
        let features = |index: &std::sync::Arc<Index>| {
            let mut out = String::new();
            (0..index.len()).for_each(|row| index.write_feature(row, &mut out));
            out
        };
        assert_eq!(features(&together), features(&alone));
        assert_eq!(together.len(), 4 * MOST);
    }
}
