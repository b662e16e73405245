//! The times that feeds and pages give, in figures or in words of either language.

use std::collections::HashMap;
use std::sync::LazyLock;

use jiff::civil::{Date, DateTime, Time};
use jiff::fmt::rfc2822;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use serde::Deserialize;

use super::words;
use crate::model::article::Published;
use crate::model::text::{digit_of, key};

#[derive(Deserialize)]
struct Names {
    months: HashMap<String, i8>,
    weekdays: HashMap<String, i8>,
}

/// The months of all calendars with the Gregorian year that are used in the region, and the days
/// of the week.
static NAMES: LazyLock<Names> = LazyLock::new(|| {
    let names: Names =
        toml::from_str(include_str!("../../lexicon/dates.toml")).expect("a test reads this table");
    let folded = |names: HashMap<String, i8>| {
        names.into_iter().map(|(name, number)| (key(&name), number)).collect()
    };
    Names { months: folded(names.months), weekdays: folded(names.weekdays) }
});

/// Years that news on the web is from.
const YEARS: std::ops::RangeInclusive<i16> = 1990..=2100;

/// Reads a time as pages and feeds write it: RFC 3339 and what comes near it, the form of mail
/// and HTTP, and days in words, as `الإثنين, 18 يوليو 2022 14:05 +0300`.
///
/// A clock without a zone proves no instant: then the day is known, and no more.
pub(super) fn read(text: &str) -> Option<Published> {
    let text = text.trim();
    if text.is_empty() || text.len() > 200 {
        return None;
    }
    if let Ok(published) = Published::parse(text) {
        return Some(published);
    }
    // The name of the day is often wrong, and what it says is in the date.
    let mail = rfc2822::DateTimeParser::new().relaxed_weekday(true);
    if let Ok(at) = mail.parse_timestamp(text) {
        return Some(Published::At(at));
    }
    in_words(text)
}

/// What can be believed of a time: none of tomorrow, and no hour that is still to come.
///
/// Some sites write their clock's time with the offset of another zone. Hours that have not come
/// yet give them away; then the day on that clock is kept, today at the latest.
pub(super) fn believed(published: Published, now: Timestamp) -> Option<Published> {
    let today = Published::At(now).day();
    let tomorrow = today.checked_add(1.day()).unwrap_or(today);
    match published {
        Published::On(day) if day > tomorrow => None,
        Published::On(day) => Some(Published::On(day.min(today))),
        Published::At(at) if at <= now => Some(published),
        Published::At(at) if at.duration_since(now) > SignedDuration::from_hours(24) => None,
        Published::At(at) => {
            let written = at.to_zoned(jiff::tz::TimeZone::UTC).date();
            Some(Published::On(written.min(today)))
        }
    }
}

/// The time that a line tells, if it tells nothing else: `تم نشره الجمعة 24 نيسان 2020 09:22 مساءً`.
pub(super) fn alone(line: &str) -> Option<Published> {
    let folded: String = line.chars().map(in_ascii).collect();
    let words = words_of(&folded);
    let is_month = |at: usize| {
        let two = words.get(at..at + 2).map(|two| key(&two.join(" ")));
        two.is_some_and(|name| NAMES.months.contains_key(&name))
    };
    let lists = [&*words::MORNING, &*words::EVENING, &*words::BESIDE, &*words::CHANGED];
    let only = (0..words.len()).all(|at| {
        let word = key(words.get(at).copied().unwrap_or_default());
        word.contains(|c: char| c.is_ascii_digit())
            || [&NAMES.months, &NAMES.weekdays].iter().any(|names| names.contains_key(&word))
            || is_month(at)
            || at.checked_sub(1).is_some_and(is_month)
            || lists.iter().any(|list| list.contains(&word))
    });
    if only { read(line) } else { None }
}

/// The same, if it is the time of a publication and not of a change.
pub(super) fn publication(line: &str) -> Option<Published> {
    let changed = line.split(|c: char| !c.is_alphanumeric() && !is_pointing(c));
    let changed = changed.into_iter().any(|word| words::CHANGED.contains(&key(word)));
    if changed { None } else { alone(line) }
}

/// A day in words or figures, with its clock if it has one.
fn in_words(text: &str) -> Option<Published> {
    let folded: String = text.chars().map(in_ascii).collect();
    let words = words_of(&folded);
    let day = with_month(&words).or_else(|| in_figures(&words))?;
    let instant = clock(&words)
        .zip(zone(&folded))
        .and_then(|(time, zone)| zone.to_timestamp(DateTime::from_parts(day, time)).ok());
    Some(instant.map_or(Published::On(day), Published::At))
}

fn words_of(text: &str) -> Vec<&str> {
    let part = |c: char| !(c.is_alphanumeric() || is_pointing(c) || c == ':');
    let words = text.split(part).map(|word| word.trim_matches(':'));
    words.filter(|word| word.chars().any(char::is_alphanumeric)).collect()
}

/// Eastern digits as those of ASCII.
fn in_ascii(c: char) -> char {
    digit_of(c).unwrap_or(c)
}

/// Whether a character points a letter or stretches it and so stands inside a word.
const fn is_pointing(c: char) -> bool {
    matches!(c, '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{640}')
}

fn number(word: &str) -> Option<i16> {
    let word = word.trim_end_matches(['s', 't', 'n', 'd', 'r', 'h']);
    (!word.is_empty() && word.len() <= 4 && word.bytes().all(|b| b.is_ascii_digit()))
        .then(|| word.parse().ok())?
}

fn year_of(words: &[&str]) -> Option<i16> {
    words.iter().filter_map(|word| number(word)).find(|number| YEARS.contains(number))
}

/// `18 يوليو 2022`, `18 تموز/يوليو 2022`, `July 18, 2022`.
fn with_month(words: &[&str]) -> Option<Date> {
    let (at, length, month) = (0..words.len()).find_map(|at| {
        // The longer first: of `كانون الثاني` the one word is no month.
        [2, 1].into_iter().find_map(|length| {
            let name = words.get(at..at + length)?.join(" ");
            NAMES.months.get(&key(&name)).map(|month| (at, length, *month))
        })
    })?;
    let small = |word: &&str| number(word).filter(|number| (1..=31).contains(number));
    let before = at.checked_sub(1).and_then(|before| words.get(before)).and_then(small);
    let after = || words.get(at + length).and_then(small);
    let day = before.or_else(after)?;
    date(year_of(words)?, month, day)
}

/// `18/7/2022`, `2022.07.18`: year first, or day first as everywhere in the region.
fn in_figures(words: &[&str]) -> Option<Date> {
    words.windows(3).find_map(|three| {
        let [a, b, c] = <[&str; 3]>::try_from(three).ok()?.map(number);
        let (a, b, c) = (a?, b?, c?);
        let (year, month, day) = if YEARS.contains(&a) { (a, b, c) } else { (c, b, a) };
        YEARS.contains(&year).then_some(())?;
        date(year, i8::try_from(month).ok()?, day)
    })
}

fn date(year: i16, month: i8, day: i16) -> Option<Date> {
    Date::new(year, month, i8::try_from(day).ok()?).ok()
}

/// `14:05`, `02:05:30 م`.
fn clock(words: &[&str]) -> Option<Time> {
    let (at, word) = words.iter().enumerate().find(|(_, word)| word.contains(':'))?;
    let mut parts = word.split(':').map(str::parse::<i8>);
    let (hour, minute) = (parts.next()?.ok()?, parts.next()?.ok()?);
    let second = parts.next().map_or(Some(0), Result::ok)?;
    let half = words.get(at + 1).map(|word| key(word)).unwrap_or_default();
    let hour = match hour {
        12 if words::MORNING.contains(&half) => 0,
        1..=11 if words::EVENING.contains(&half) => hour + 12,
        _ => hour,
    };
    Time::new(hour, minute, second, 0).ok()
}

/// The offset at the end: `+0300`, `-05:00`, `GMT`, `UTC`, `Z`.
fn zone(text: &str) -> Option<Offset> {
    let last = text.split_whitespace().next_back()?;
    if ["GMT", "UTC", "UT", "Z"].contains(&last) {
        return Some(Offset::UTC);
    }
    let (sign, rest) = match last.strip_prefix('+') {
        Some(rest) => (1, rest),
        None => (-1, last.strip_prefix('-')?),
    };
    let digits = rest.replace(':', "");
    let all: i32 = (digits.len() == 4).then(|| digits.parse().ok())??;
    Offset::from_seconds(sign * (all / 100 * 3600 + all % 100 * 60)).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn days_are_read_in_both_languages_and_every_form() {
        for (text, told) in [
            ("2022-07-18", "2022-07-18"),
            ("2022-07-18T14:05:00+03:00", "2022-07-18T11:05:00Z"),
            ("2022-07-18T14:05+0300", "2022-07-18T11:05:00Z"),
            ("Mon, 18 Jul 2022 14:05:00 +0300", "2022-07-18T11:05:00Z"),
            ("Tue, 18 Jul 2022 11:05:00 GMT", "2022-07-18T11:05:00Z"),
            ("الإثنين, 18 يوليو 2022 14:05:00 +0300", "2022-07-18T11:05:00Z"),
            ("الاثنين، ١٨ تموز ٢٠٢٢", "2022-07-18"),
            ("الإثنين 18 تموز/يوليو 2022", "2022-07-18"),
            ("۱۸ تمّوز ۲۰۲۲", "2022-07-18"),
            ("الاثنين 18 يوليو 2022 - 02:05 م", "2022-07-18"),
            ("18 يوليو 2022 02:05 م +0300", "2022-07-18T11:05:00Z"),
            ("18 يوليو 2022 12:05 صباحاً +0300", "2022-07-17T21:05:00Z"),
            ("نشر في 3 كانون الثاني 2013", "2013-01-03"),
            ("١٢ تشرين الأول ٢٠١٥ الساعة ٩:٣٠", "2015-10-12"),
            ("الأحد، 6 أكتوبر/تشرين الأول 2024", "2024-10-06"),
            ("18/7/2022", "2022-07-18"),
            ("2022/07/18 09:30", "2022-07-18"),
            ("18-07-2022", "2022-07-18"),
            ("Published: July 18th, 2022", "2022-07-18"),
            ("18 July 2022 09:30 UTC", "2022-07-18T09:30:00Z"),
            ("Monday 18 July 2022 09:30 -05:00", "2022-07-18T14:30:00Z"),
        ] {
            let published = read(text).map(|published| published.to_string());
            assert_eq!(published.as_deref(), Some(told), "{text}");
        }
    }

    #[test]
    fn what_is_no_day_is_none() {
        for text in [
            "",
            "قبل ساعتين",
            "yesterday",
            "2022",
            "32 يوليو 2022",
            "يوليو 2022",
            "18 يوليو",
            "1/2/3",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn a_line_of_nothing_but_a_day_is_told_from_a_sentence() {
        for (line, told) in [
            ("الأربعاء، 28 آب/اغسطس 2013، آخر تحديث 14:00 (GMT+0400)", Some("2013-08-28")),
            ("تم نشره الجمعة 24 نيسان / أبريل 2020 09:22 مساءً", Some("2020-04-24")),
            ("التاريخ: 03 كانون الأول 2020", Some("2020-12-03")),
            ("Published on July 18, 2022", Some("2022-07-18")),
            ("مقتل خمسة في قصف على إدلب 18 يوليو 2022", None),
            ("قصف 18 يوليو 2022", None),
            ("2022", None),
            ("في تموز", None),
        ] {
            let day = alone(line).map(|published| published.day().to_string());
            assert_eq!(day.as_deref(), told, "{line}");
        }
    }

    #[test]
    fn the_future_is_not_believed() {
        let now: Timestamp = "2024-05-03T12:00:00Z".parse().unwrap();
        for (text, told) in [
            ("2024-05-03T11:59:00Z", Some("2024-05-03T11:59:00Z")),
            ("2010-01-01", Some("2010-01-01")),
            // Damascus time, written as if it were that of Greenwich.
            ("2024-05-03T14:30:00Z", Some("2024-05-03")),
            ("2024-05-04T01:00:00Z", Some("2024-05-03")),
            ("2024-05-04", Some("2024-05-03")),
            ("2024-05-04T12:00:01Z", None),
            ("2024-05-05", None),
            ("2042-05-03T12:00:00Z", None),
        ] {
            let published = believed(Published::parse(text).unwrap(), now);
            assert_eq!(published.map(|it| it.to_string()).as_deref(), told, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_time_or_not(text in "\\PC{0,60}", now in 0_i64..4_000_000_000) {
            if let Some(published) = read(&text) {
                let now = Timestamp::from_second(now).unwrap();
                let believed = believed(published, now);
                prop_assert!(believed.is_none_or(|it| it.day() <= Published::At(now).day()));
            }
        }

        #[test]
        fn a_day_of_the_calendar_comes_back(year in 1990_i16..2100, month in 1_i8..=12, day in 1_i8..=28) {
            let names = ["يناير", "فبراير", "آذار", "نيسان", "May", "يونيو", "تموز", "آب", "September", "أكتوبر", "تشرين الثاني", "كانون الأول"];
            let name = names.get(usize::try_from(month).unwrap() - 1).unwrap();
            let date = Published::On(Date::new(year, month, day).unwrap());
            prop_assert_eq!(read(&format!("{day} {name} {year}")), Some(date));
        }
    }
}
