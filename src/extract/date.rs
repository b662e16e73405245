//! When: the day that the words of a sentence mean, counted from publication only.
//!
//! Without a day of publication, relative words stay unresolved; the words are kept.

use std::ops::Range;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::Page;
use super::hit::{DateWord, Hit, Sense};
use super::number::number;
use crate::model::text::TokenKind;
use crate::model::when::{TimePrecision, When};

/// A date in a sentence.
#[derive(Debug, Clone)]
pub(super) struct Dated {
    /// The words.
    pub(super) tokens: Range<usize>,
    /// The days; `None` if publication would be needed and is not known.
    pub(super) days: Option<(Date, Option<Date>)>,
    pub(super) precision: TimePrecision,
    /// It lies ahead of publication.
    pub(super) is_ahead: bool,
    /// It is the day told last: `في اليوم نفسه`.
    pub(super) is_same: bool,
}

impl Dated {
    /// As the properties of an event.
    pub(super) fn when(&self, page: &Page<'_>) -> When {
        When {
            event_date: self.days.map(|(first, _)| first),
            event_date_end: self.days.and_then(|(_, last)| last),
            time_precision: self.days.map(|_| self.precision),
            date_text: Some(page.original(self.tokens.clone()).to_owned()),
        }
    }

    /// Whether it lies so far back that the text tells history.
    pub(super) fn is_history(&self, page: &Page<'_>) -> bool {
        match (self.days, page.published) {
            (Some((day, _)), Some(published)) => {
                published.checked_sub(HISTORY.days()).is_ok_and(|limit| day < limit)
            }
            _ => false,
        }
    }
}

/// News tell of the last weeks; what is older is told as history.
const HISTORY: i64 = 90;

/// The dates of a stretch of tokens, in order.
pub(super) fn dates(page: &Page<'_>, tokens: &Range<usize>) -> Vec<Dated> {
    let mut dates: Vec<Dated> = Vec::new();
    let reader = Reader { page, end: tokens.end };
    let mut at = tokens.start;
    while at < tokens.end {
        match reader.date(at) {
            Some(mut found) => {
                let is_weekday = reader.weekday_at(at).is_some();
                at = found.tokens.end.max(at + 1);
                found.tokens.start = reader.with_part_of_day(found.tokens.start, tokens.start);
                match dates.last_mut() {
                    // "yesterday, Sunday": one date, told twice.
                    Some(last) if last.tokens.end + 1 >= found.tokens.start => {
                        let is_full = page.is(found.tokens.start, TokenKind::Number);
                        join(last, &found, is_full || (is_weekday && is_day_off(last, &found)));
                    }
                    _ => dates.push(found),
                }
            }
            None => at += 1,
        }
    }
    dates
}

/// `أمس الأربعاء` on a Wednesday: the day of publication is off by one, and the weekday holds.
fn is_day_off(relative: &Dated, weekday: &Dated) -> bool {
    let days = relative.days.zip(weekday.days);
    days.is_some_and(|((told, _), (day, _))| {
        told.yesterday().is_ok_and(|before| before == day)
            || told.tomorrow().is_ok_and(|after| after == day)
    })
}

fn join(last: &mut Dated, dated: &Dated, is_full: bool) {
    last.tokens.end = dated.tokens.end;
    // Words that count from publication are surer than a weekday; a full date is surer than both.
    if last.days.is_none() || (dated.days.is_some() && (is_full || dated.tokens.len() > 2)) {
        last.days = dated.days.or(last.days);
        last.precision = dated.precision;
    }
}

struct Reader<'a, 'p> {
    page: &'a Page<'p>,
    end: usize,
}

impl Reader<'_, '_> {
    fn date(&self, at: usize) -> Option<Dated> {
        let is_open =
            |h: &Hit| matches!(h.sense, Sense::Date(_) | Sense::Number(_) | Sense::Vague(_));
        let has_digit = self.page.word(at).starts_with(|c: char| c.is_ascii_digit());
        if !has_digit && !self.page.hits.at(at).any(is_open) {
            return None;
        }
        self.same(at)
            .or_else(|| self.night(at))
            .or_else(|| self.stretch_of_days(at))
            .or_else(|| self.numeric(at))
            .or_else(|| self.day_of_month(at))
            .or_else(|| self.month_of_year(at))
            .or_else(|| self.hijri(at))
            .or_else(|| self.part_of_month(at))
            .or_else(|| self.ago(at))
            .or_else(|| self.relative(at))
            .or_else(|| self.weekday(at))
    }

    fn words(&self, at: usize) -> impl Iterator<Item = (DateWord, usize)> {
        let end = self.end;
        self.page.hits.at(at).filter_map(move |h| match h.sense {
            Sense::Date(word) if h.tokens.end <= end => Some((word, h.tokens.end)),
            _ => None,
        })
    }

    fn word<T>(&self, at: usize, wanted: impl Fn(DateWord) -> Option<T>) -> Option<(T, usize)> {
        self.words(at).find_map(|(word, next)| wanted(word).map(|value| (value, next)))
    }

    fn is(&self, at: usize, wanted: DateWord) -> Option<usize> {
        self.words(at).find(|(word, _)| *word == wanted).map(|(_, next)| next)
    }

    fn weekday_at(&self, at: usize) -> Option<(Weekday, usize)> {
        self.word(at, |word| match word {
            DateWord::Weekday(day) => Weekday::from_monday_one_offset(day).ok(),
            _ => None,
        })
    }

    fn same(&self, at: usize) -> Option<Dated> {
        let end = self.is(at, DateWord::Same)?;
        Some(Dated { is_same: true, ..self.told(at..end, None) })
    }

    /// "between 5 and 8 November", `من 5 إلى 8 تموز`.
    fn stretch_of_days(&self, at: usize) -> Option<Dated> {
        let start = self.is(at, DateWord::Between).unwrap_or(at);
        let (first, next) = self.day_number(start)?;
        let to = self
            .is(next, DateWord::To)
            .or_else(|| matches!(self.page.word(next), "–" | "—").then_some(next + 1));
        let and = next + usize::from(self.page.word(next) == "و");
        let last = to.or_else(|| (start > at).then_some(and)).and_then(|t| self.day_of_month(t))?;
        let days = last.days.and_then(|(day, _)| {
            let begun = day.with().day(first).build().ok().filter(|begun| *begun < day)?;
            Some((begun, Some(day)))
        });
        Some(self.told(at..last.tokens.end, days))
    }

    /// `منتصف ليلة الأحد – الإثنين`, `بعد منتصف ليل الأحد الإثنين`.
    fn night(&self, at: usize) -> Option<Dated> {
        let (after_midnight, next) = self.word(at, |word| match word {
            DateWord::Night => Some(false),
            DateWord::AfterMidnight => Some(true),
            _ => None,
        })?;
        let (_, after_first) = self.weekday_at(next)?;
        let gap = usize::from(matches!(self.page.word(after_first), "–" | "—" | "/" | "and"));
        let (second, end) = self.weekday_at(after_first + gap)?;
        let last = self.page.published.map(|day| latest(day, second));
        let days = last.and_then(|last| {
            let first = last.yesterday().ok()?;
            Some(if after_midnight { (last, None) } else { (first, Some(last)) })
        });
        Some(self.told(at..end, days))
    }

    /// `18/7/2022`, `2022-07-18`, `18.7.2022`: in figures the day stands first, but for ISO.
    fn numeric(&self, at: usize) -> Option<Dated> {
        let ([a, b, c], end) = self.slashed(at).or_else(|| self.dashed(at)).or_else(|| {
            let mut parts = self.page.word(at).split('.').map(|part| part.parse().ok());
            let parts = [parts.next()??, parts.next()??, parts.next()??];
            Some((parts, at + 1))
        })?;
        let date = if a > 31 { day(a, b, c) } else { day(c, b, a) }?;
        let told = self.told(at..end, Some((date, None)));
        // The clock of the outlet may be a day behind that of the event.
        let last = self.page.published.and_then(|day| day.tomorrow().ok());
        let is_ahead = told.is_ahead && last.is_none_or(|last| date > last);
        (end <= self.end).then_some(Dated { is_ahead, ..told })
    }

    fn figure(&self, at: usize) -> Option<i16> {
        self.page.is(at, TokenKind::Number).then(|| self.page.word(at).parse().ok())?
    }

    fn slashed(&self, at: usize) -> Option<([i16; 3], usize)> {
        let slash = |t: usize| self.page.word(t) == "/";
        let parts = [self.figure(at)?, self.figure(at + 2)?, self.figure(at + 4)?];
        (slash(at + 1) && slash(at + 3)).then_some((parts, at + 5))
    }

    /// Hyphens fold to nothing: three figures with one letter between them in the original.
    fn dashed(&self, at: usize) -> Option<([i16; 3], usize)> {
        let parts = [self.figure(at)?, self.figure(at + 1)?, self.figure(at + 2)?];
        let bytes = |t: usize| self.page.text.tokens.get(t).map(|token| token.bytes.clone());
        let dash = |t: usize| Some(bytes(t)?.end + 1 == bytes(t + 1)?.start);
        (dash(at)? && dash(at + 1)?).then_some((parts, at + 3))
    }

    /// `21 محرم 1447`: months begin with the sight of the moon, so the day is known but for one or two.
    fn hijri(&self, at: usize) -> Option<Dated> {
        let (number, next) = self.day_number(at)?;
        let from = self.is(next, DateWord::Of).unwrap_or(next);
        let (month, next) = self.word(from, |word| match word {
            DateWord::Hijri(month) => Some(month),
            _ => None,
        })?;
        let year = self.figure(next).filter(|year| (1400..1500).contains(year))?;
        let days = islamic(year, month, number).map(|day| (day, None));
        let end = next + 1 + usize::from(matches!(self.page.word(next + 1), "ه" | "هجري"));
        Some(Dated { precision: TimePrecision::Week, ..self.told(at..end, days) })
    }

    /// `18 تموز 2022`, `الثامن من كانون الأول`, `الثالث من الشهر الجاري`, `July 18, 2022`.
    fn day_of_month(&self, at: usize) -> Option<Dated> {
        if let Some((number, after_day)) = self.day_number(at) {
            let from = self.is(after_day, DateWord::Of).unwrap_or(after_day);
            let this = self.is(after_day, DateWord::This).or_else(|| self.is(from, DateWord::This));
            if let Some(end) = this {
                let published = self.page.published;
                let day = published.and_then(|day| day.with().day(number).build().ok());
                return Some(self.told(at..end, day.map(|day| (day, None))));
            }
            let (month, after_month) = self.month_at(from)?;
            return self.in_year(at, month, number, after_month);
        }
        let (month, after_month) = self.month_at(at).filter(|_| self.is_latin(at))?;
        let (number, after_day) = self.day_number(after_month)?;
        self.in_year(at, month, number, after_day)
    }

    /// `أيلول 2018`, "September 2018": a month as a whole.
    fn month_of_year(&self, at: usize) -> Option<Dated> {
        let (month, next) = self.month_at(at)?;
        let next = next + usize::from(matches!(self.page.word(next), "," | "،" | "من"));
        let year = self.figure(next).filter(|year| (1990..=2100).contains(year))?;
        let first = Date::new(year, month, 1).ok()?;
        let days = Some((first, Some(first.last_of_month())));
        Some(Dated { precision: TimePrecision::Month, ..self.told(at..next + 1, days) })
    }

    fn is_latin(&self, at: usize) -> bool {
        self.page.word(at).is_ascii()
    }

    fn day_number(&self, at: usize) -> Option<(i8, usize)> {
        if self.page.is(at, TokenKind::Number) {
            let day: i8 = self.page.word(at).parse().ok().filter(|d| (1..=31).contains(d))?;
            // "the 10th of May"
            let ending = matches!(self.page.word(at + 1), "st" | "nd" | "rd" | "th");
            return Some((day, at + 1 + usize::from(ending)));
        }
        self.word(at, |word| match word {
            DateWord::Ordinal(day) => Some(day),
            _ => None,
        })
    }

    /// A month, perhaps by two names: `تموز/يوليو`.
    fn month_at(&self, at: usize) -> Option<(i8, usize)> {
        let month = |at: usize| {
            self.word(at, |word| match word {
                DateWord::Month(month) => Some(month),
                _ => None,
            })
        };
        let (first, next) = month(at)?;
        let second = if self.page.word(next) == "/" { month(next + 1) } else { None };
        Some(second.filter(|&(again, _)| again == first).unwrap_or((first, next)))
    }

    fn in_year(&self, at: usize, month: i8, number: i8, next: usize) -> Option<Dated> {
        let gap = usize::from(matches!(self.page.word(next), "," | "،" | "من"));
        let year: Option<i16> = self
            .page
            .is(next + gap, TokenKind::Number)
            .then(|| self.page.word(next + gap).parse().ok())
            .flatten()
            .filter(|y| (1990..=2100).contains(y));
        let end = if year.is_some() { next + gap + 1 } else { next };
        let days = match (year, self.page.published) {
            (Some(year), _) => Some((Date::new(year, month, number).ok()?, None)),
            (None, Some(published)) => {
                latest_of_month(published, month, number).map(|day| (day, None))
            }
            (None, None) => None,
        };
        Some(self.told(at..end, days))
    }

    /// `مطلع الشهر الجاري`, `منتصف تموز`: the month is known, not the day.
    fn part_of_month(&self, at: usize) -> Option<Dated> {
        let (pick, next) = self.word(at, |word| match word {
            DateWord::Begin => Some(1),
            DateWord::Middle => Some(15),
            DateWord::End => Some(31),
            _ => None,
        })?;
        let next = self.is(next, DateWord::Of).unwrap_or(next);
        let (month, end) = match self.month_at(next) {
            Some((month, end)) => (Some(month), end),
            None => (None, self.is(next, DateWord::This)?),
        };
        let days = self.page.published.and_then(|published| {
            let month = month.unwrap_or(published.month());
            let first = latest_of_month(published, month, 1)?;
            Some((first.with().day(first.days_in_month().min(pick)).build().ok()?, None))
        });
        Some(Dated { precision: TimePrecision::Month, ..self.told(at..end, days) })
    }

    /// `قبل ثلاثة أيام`, `three days ago`.
    fn ago(&self, at: usize) -> Option<Dated> {
        let before = self.is(at, DateWord::AgoBefore);
        let number = number(self.page, before.unwrap_or(at), self.end)?;
        let unit = if before.is_some() { DateWord::AgoDays } else { DateWord::AgoAfter };
        let end = self.is(number.tokens.end, unit)?;
        // `قبل ثلاثة أيام على العيد` counts from another day than publication.
        let is_from =
            matches!(self.page.word(end), "علي" | "من") && self.page.word(end + 1) != "الان";
        if before.is_some() && is_from {
            return None;
        }
        let back = i64::from(number.count.best()?);
        let days = self
            .page
            .published
            .and_then(|p| p.checked_sub(back.days()).ok())
            .map(|day| (day, None));
        Some(self.told(at..end, days))
    }

    /// `أمس`, `اليوم`, `خلال الأيام الماضية`.
    fn relative(&self, at: usize) -> Option<Dated> {
        let ((back, precision, stretch), end) = self.word(at, |word| match word {
            DateWord::Days(back) => Some((back, TimePrecision::Day, false)),
            DateWord::Stretch(back, precision) => Some((back, precision, true)),
            _ => None,
        })?;
        let days = self.page.published.and_then(|published| {
            let first = published.checked_add(i64::from(back).days()).ok()?;
            Some((first, stretch.then_some(published)))
        });
        Some(Dated { precision, ..self.told(at..end, days) })
    }

    /// `يوم الخميس`, `الخميس الماضي`: the latest on or before publication; `الماضي` strictly before.
    fn weekday(&self, at: usize) -> Option<Dated> {
        let last_before = self.is(at, DateWord::Last).filter(|_| self.is_latin(at));
        let next_before = self.is(at, DateWord::Next).filter(|_| self.is_latin(at));
        let (weekday, mut end) = self.weekday_at(last_before.or(next_before).unwrap_or(at))?;
        let last = last_before.or_else(|| self.is(end, DateWord::Last));
        let ahead = next_before.or_else(|| self.is(end, DateWord::Next));
        end = end.max(last.unwrap_or(end)).max(ahead.unwrap_or(end));
        let days = self.page.published.and_then(|published| {
            let until = if last.is_some() { published.yesterday().ok()? } else { published };
            Some((latest(until, weekday), None))
        });
        Some(Dated { is_ahead: ahead.is_some(), ..self.told(at..end, days) })
    }

    fn told(&self, tokens: Range<usize>, days: Option<(Date, Option<Date>)>) -> Dated {
        let is_ahead = matches!((days, self.page.published), (Some((day, _)), Some(published)) if day > published);
        Dated { tokens, days, precision: TimePrecision::Day, is_ahead, is_same: false }
    }

    /// `مساء أمس`: the part of the day belongs to the words of the date.
    fn with_part_of_day(&self, start: usize, first: usize) -> usize {
        let mut start = start;
        while start > first {
            let before = (first..start).rev().take(3).find(|&t| {
                self.words(t).any(|(word, next)| {
                    next == start
                        && matches!(word, DateWord::Part | DateWord::Day | DateWord::Night)
                })
            });
            match before {
                Some(earlier) => start = earlier,
                None => break,
            }
        }
        start
    }
}

fn day(year: i16, month: i16, number: i16) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(number).ok()?).ok()
}

/// A day of the Islamic calendar by its arithmetic rule (30 and 29 days in turn, 11 leap years in 30).
fn islamic(year: i16, month: i8, number: i8) -> Option<Date> {
    let (year, month, number) = (i64::from(year), i64::from(month), i64::from(number));
    let before = (59 * (month - 1) + 1) / 2 + (year - 1) * 354 + (3 + 11 * year) / 30;
    // The day before the first of the calendar: 15 July 622, Julian.
    Date::constant(622, 7, 18).checked_add((before + number).days()).ok()
}

/// The latest such weekday on or before a day.
fn latest(until: Date, weekday: Weekday) -> Date {
    let back = i64::from(weekday.until(until.weekday()));
    until.checked_sub(back.days()).unwrap_or(until)
}

/// The latest such day of a month on or before a day.
fn latest_of_month(until: Date, month: i8, number: i8) -> Option<Date> {
    [until.year(), until.year() - 1]
        .into_iter()
        .filter_map(|year| Date::new(year, month, number).ok())
        .find(|&day| day <= until)
}
