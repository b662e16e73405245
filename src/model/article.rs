//! What was published: one news text with what is known about it.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// The stable name of an article in the store and in every event drawn from it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ArticleId(pub String);

impl fmt::Display for ArticleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The language an article is read in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Arabic.
    Ar,
    /// English.
    En,
}

impl Lang {
    /// The language most letters of a text belong to, by script.
    pub fn of(text: &str) -> Self {
        let (mut arabic, mut latin) = (0_usize, 0_usize);
        for c in text.chars() {
            if super::text::is_arabic(c) {
                arabic += 1;
            } else if c.is_alphabetic() {
                latin += 1;
            }
        }
        if arabic >= latin && arabic > 0 { Self::Ar } else { Self::En }
    }
}

/// How far an outlet is believed of which nobody said it, in percent.
pub const TRUST: u8 = 50;

/// When an article was published: a day, or an instant if the source tells the hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Published {
    /// An instant, as feeds give it.
    At(Timestamp),
    /// A calendar day.
    On(Date),
}

impl Published {
    /// Reads `2022-07-18` or an RFC 3339 instant.
    ///
    /// # Errors
    /// Says what was given and what is allowed.
    pub fn parse(text: &str) -> Result<Self, NotADate> {
        let text = text.trim();
        if let Ok(at) = text.parse::<Timestamp>() {
            return Ok(Self::At(at));
        }
        // Without an offset the clock on the page is Damascus time; only its day is used.
        match text.parse::<Date>() {
            Ok(on) if is_plain_day(text) => Ok(Self::On(on)),
            _ => Err(NotADate { given: text.to_owned() }),
        }
    }

    /// The calendar day in Damascus.
    pub fn day(self) -> Date {
        match self {
            Self::On(day) => day,
            Self::At(at) => at.to_zoned(damascus()).date(),
        }
    }

    /// The instant, or that at which its day begins in Greenwich: to put articles in an order.
    pub fn instant(self) -> Timestamp {
        match self {
            Self::At(at) => at,
            Self::On(day) => {
                day.to_zoned(TimeZone::UTC).map_or(Timestamp::MAX, |day| day.timestamp())
            }
        }
    }

    /// The hour of the clock in Damascus, if it is known.
    pub fn hour(self) -> Option<u32> {
        match self {
            Self::On(_) => None,
            Self::At(at) => u32::try_from(at.to_zoned(damascus()).hour()).ok(),
        }
    }
}

impl fmt::Display for Published {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(at) => at.fmt(f),
            Self::On(day) => day.fmt(f),
        }
    }
}

fn is_plain_day(text: &str) -> bool {
    let mut parts = text.split(['T', ' ']);
    parts
        .next()
        .is_some_and(|day| day.len() == 10 && day.bytes().filter(|&b| b == b'-').count() == 2)
}

fn damascus() -> TimeZone {
    TimeZone::get("Asia/Damascus").unwrap_or(TimeZone::UTC)
}

/// A publication date that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{given}` is not a date: write YYYY-MM-DD (2022-07-18) or an RFC 3339 time (2022-07-18T09:30:00+03:00)"
)]
pub struct NotADate {
    given: String,
}

/// One news text. Every offset in its events counts characters of [`Article::text`].
#[derive(Debug, Clone, PartialEq)]
pub struct Article {
    /// Its name in the store.
    pub id: ArticleId,
    /// The text as it was read, ticker and footer included.
    pub text: String,
    /// The headline, where it is known apart from the text.
    pub title: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// The outlet.
    pub publisher: Option<String>,
    /// How far its outlet is believed, in percent, where somebody said so.
    pub trust: Option<u8>,
    /// Where it can be read.
    pub url: Option<String>,
    /// When it was published; never the time it was fetched.
    pub published: Option<Published>,
    /// The language it is read in.
    pub lang: Lang,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_publication_date_is_a_day_or_an_instant() {
        assert_eq!(Published::parse("2022-07-18").unwrap().to_string(), "2022-07-18");
        let late = Published::parse("2022-07-17T22:30:00Z").unwrap();
        assert_eq!(late.day().to_string(), "2022-07-18", "it is past midnight in Damascus");
        for wrong in ["", "yesterday", "2022-13-01", "18/7/2022", "20220718"] {
            let told = Published::parse(wrong).unwrap_err().to_string();
            assert!(told.contains(&format!("`{wrong}`")) && told.contains("YYYY-MM-DD"), "{told}");
        }
    }

    #[test]
    fn the_language_is_that_of_most_letters() {
        assert_eq!(Lang::of("قصف على إدلب (SDF)"), Lang::Ar);
        assert_eq!(Lang::of("Shelling in Idlib (إدلب)"), Lang::En);
        assert_eq!(Lang::of("123"), Lang::En);
    }
}
