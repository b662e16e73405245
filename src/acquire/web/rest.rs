//! How long a host is left alone after it failed, and a document that could not be taken.

use std::time::{Duration, Instant};

use jiff::Timestamp;

/// After the first failure: long enough for a server to start again.
const FIRST: Duration = Duration::from_secs(30);

/// However often it fails: an outlet that comes back should not miss half a day.
const LONGEST: Duration = Duration::from_secs(60 * 60);

/// However long it asks for.
const LONGEST_ASKED: Duration = Duration::from_secs(24 * 60 * 60);

/// However often what a document sends cannot be taken: it is for its site to mend, and each try costs
/// as much as the limits allow.
const LONGEST_REFUSED: Duration = Duration::from_secs(4 * 60 * 60);

/// What is known of a host's failures.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Rest {
    failures: u32,
    until: Option<Instant>,
}

impl Rest {
    /// How long it is still left alone; `None` if it can be asked.
    pub(super) fn left(&self, now: Instant) -> Option<Duration> {
        self.until?.checked_duration_since(now).filter(|left| !left.is_zero())
    }

    /// Takes a failure down. `asked` is what it asked for, `chance` a number from 0 to 1.
    pub(super) fn failed(&mut self, now: Instant, asked: Option<Duration>, chance: f64) {
        self.failures = self.failures.saturating_add(1);
        let own = doubled(FIRST, self.failures, LONGEST, chance);
        self.until = now.checked_add(asked.map_or(own, |asked| asked.max(own)));
    }

    /// It answers again.
    pub(super) fn recovered(&mut self) {
        *self = Self::default();
    }
}

/// How long a document is left alone that is asked for at an interval, and could not be taken so many
/// times in a row.
pub(super) fn after_refusals(times: u32, interval: Duration, chance: f64) -> Duration {
    if times == 0 {
        return interval;
    }
    interval.max(doubled(interval.max(FIRST), times, LONGEST_REFUSED, chance))
}

/// Twice as long each further time; between half of it and all of it, so that those that fell together
/// are not asked together again.
fn doubled(first: Duration, times: u32, longest: Duration, chance: f64) -> Duration {
    let doubled = first.saturating_mul(1 << times.saturating_sub(1).min(16)).min(longest);
    doubled.mul_f64(0.5 + chance.clamp(0.0, 1.0) / 2.0)
}

/// What a `Retry-After` asks for, in seconds or as a date.
pub(super) fn retry_after(value: &str, now: Timestamp) -> Option<Duration> {
    let value = value.trim();
    let asked = match value.parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_date) => {
            let until = jiff::fmt::rfc2822::parse(value).ok()?.timestamp();
            Duration::try_from(until.duration_since(now)).unwrap_or_default()
        }
    };
    Some(asked.min(LONGEST_ASKED))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_left_alone_for_longer_each_time_but_not_for_ever() {
        let now = Instant::now();
        let mut rest = Rest::default();
        assert_eq!(rest.left(now), None);
        let mut waits = Vec::new();
        for _ in 0..40 {
            rest.failed(now, None, 1.0);
            waits.push(rest.left(now).unwrap().as_secs());
        }
        assert_eq!(waits.get(..4), Some([30, 60, 120, 240].as_slice()));
        assert_eq!(waits.last(), Some(&3600));
        assert_eq!(rest.left(now + LONGEST), None, "then it is asked again");
        rest.recovered();
        rest.failed(now, None, 0.0);
        assert_eq!(rest.left(now), Some(Duration::from_secs(15)), "chance takes up to half away");
    }

    #[test]
    fn what_cannot_be_taken_is_asked_for_less_and_less_but_never_more_than_at_its_interval() {
        let minutes = |times, interval: u64, chance| {
            after_refusals(times, Duration::from_secs(interval * 60), chance).as_secs() / 60
        };
        let waits: Vec<u64> = (0..8).map(|times| minutes(times, 10, 1.0)).collect();
        assert_eq!(waits, [10, 10, 20, 40, 80, 160, 240, 240]);
        assert_eq!([minutes(1, 10, 0.0), minutes(3, 10, 0.0)], [10, 20]);
        assert_eq!(minutes(40, 24 * 60, 0.0), 24 * 60, "it is asked rarely anyway");
        assert_eq!(after_refusals(2, Duration::ZERO, 1.0), 2 * FIRST);
    }

    #[test]
    fn what_a_host_asks_for_is_done() {
        let now: Timestamp = "2024-05-03T12:00:00Z".parse().unwrap();
        let seconds = |value| retry_after(value, now).map(|wait| wait.as_secs());
        assert_eq!(seconds("120"), Some(120));
        assert_eq!(seconds("Fri, 03 May 2024 12:01:30 GMT"), Some(90));
        assert_eq!(seconds("Fri, 03 May 2024 11:00:00 GMT"), Some(0));
        assert_eq!(seconds("99999999999"), Some(24 * 60 * 60));
        assert_eq!(seconds("soon"), None);

        let start = Instant::now();
        let mut rest = Rest::default();
        rest.failed(start, Some(Duration::from_secs(7200)), 0.0);
        assert_eq!(rest.left(start), Some(Duration::from_secs(7200)));
    }
}
