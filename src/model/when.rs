//! When it happened, and how surely; and the intervals that queries ask for.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// ACLED's `time_precision`, written 1 to 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "u8", try_from = "u8")]
pub enum TimePrecision {
    /// The day is known.
    Day,
    /// The week is known.
    Week,
    /// The month is known, or less.
    Month,
}

impl From<TimePrecision> for u8 {
    fn from(precision: TimePrecision) -> Self {
        precision as Self + 1
    }
}

impl TryFrom<u8> for TimePrecision {
    type Error = String;

    fn try_from(code: u8) -> Result<Self, String> {
        match code {
            1 => Ok(Self::Day),
            2 => Ok(Self::Week),
            3 => Ok(Self::Month),
            _ => Err(format!("time precision `{code}` is not 1, 2 or 3")),
        }
    }
}

/// When an event happened. A day that is not known is `None`, never the day of reading.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct When {
    /// The first day.
    pub event_date: Option<Date>,
    /// The last day, where it is another.
    pub event_date_end: Option<Date>,
    /// How surely the day is known.
    pub time_precision: Option<TimePrecision>,
    /// The words the text used.
    pub date_text: Option<String>,
}

impl When {
    /// First and last day.
    pub fn days(&self) -> Option<(Date, Date)> {
        let first = self.event_date?;
        Some((first, self.event_date_end.unwrap_or(first)))
    }
}

/// The `datetime` parameter of OGC API – Features: a day or an interval, open at either end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interval {
    from: Option<Date>,
    to: Option<Date>,
}

impl Interval {
    /// Whether any of the days falls into the interval.
    pub fn meets(self, days: (Date, Date)) -> bool {
        self.from.is_none_or(|from| days.1 >= from) && self.to.is_none_or(|to| days.0 <= to)
    }

    /// First and last day, where they are bounded.
    pub fn bounds(self) -> (Option<Date>, Option<Date>) {
        (self.from, self.to)
    }
}

/// A `datetime` that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadInterval {
    /// One end is not a date.
    #[error(
        "`{0}` is not a date: write YYYY-MM-DD, an RFC 3339 time, or an interval FROM/TO with `..` for an open end"
    )]
    NotADate(String),
    /// The ends stand the wrong way round.
    #[error("the interval ends ({to}) before it begins ({from})")]
    Backwards {
        /// First day as given.
        from: Date,
        /// Last day as given.
        to: Date,
    },
}

impl FromStr for Interval {
    type Err = BadInterval;

    fn from_str(text: &str) -> Result<Self, BadInterval> {
        let text = text.trim();
        let (from, to) = match text.split_once('/') {
            None => {
                let day = day(text)?;
                (Some(day), Some(day))
            }
            Some((from, to)) => (end(from)?, end(to)?),
        };
        match (from, to) {
            (Some(from), Some(to)) if to < from => Err(BadInterval::Backwards { from, to }),
            (None, None) if !text.contains("..") => Err(BadInterval::NotADate(text.to_owned())),
            _ => Ok(Self { from, to }),
        }
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = |date: Option<Date>| date.map_or_else(|| "..".to_owned(), |d| d.to_string());
        write!(f, "{}/{}", end(self.from), end(self.to))
    }
}

fn end(text: &str) -> Result<Option<Date>, BadInterval> {
    match text.trim() {
        "" | ".." => Ok(None),
        text => day(text).map(Some),
    }
}

/// A day: plain, as the start of an instant, or with the bare `T` that some clients append.
fn day(text: &str) -> Result<Date, BadInterval> {
    let wrong = || BadInterval::NotADate(text.to_owned());
    let (day, clock) = text.split_at_checked(10).ok_or_else(wrong)?;
    let day: Date = day.parse().ok().ok_or_else(wrong)?;
    let well_formed =
        clock.is_empty() || clock == "T" || text.parse::<Timestamp>().is_ok() || is_local(text);
    if well_formed { Ok(day) } else { Err(wrong()) }
}

fn is_local(text: &str) -> bool {
    text.parse::<jiff::civil::DateTime>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<String, String> {
        text.parse::<Interval>().map(|i| i.to_string()).map_err(|e| e.to_string())
    }

    #[test]
    fn intervals_are_read_in_every_form_clients_send() {
        for (text, is) in [
            ("2024-01-02", "2024-01-02/2024-01-02"),
            ("2024-01-02T10:00:00Z", "2024-01-02/2024-01-02"),
            ("2018-01-01T/2018-12-31T", "2018-01-01/2018-12-31"),
            ("../2024-01-02", "../2024-01-02"),
            ("2024-01-02/..", "2024-01-02/.."),
            ("2024-01-02/", "2024-01-02/.."),
            ("../..", "../.."),
        ] {
            assert_eq!(read(text).as_deref(), Ok(is), "{text}");
        }
    }

    #[test]
    fn what_is_not_an_interval_is_named() {
        for text in
            ["", "/", "yesterday", "2024-1-2", "2024-02-30", "2024-01-02X", "1/2/3", "قبل أمس/.."]
        {
            assert!(read(text).unwrap_err().contains("is not a date"), "{text}");
        }
        assert!(
            read("2024-02-01/2024-01-01")
                .unwrap_err()
                .contains("ends (2024-01-01) before it begins")
        );
    }
}
