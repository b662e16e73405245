//! How long a host is left alone after it failed.

use std::time::{Duration, Instant};

use jiff::Timestamp;

/// After the first failure: long enough for a server to start again.
const FIRST: Duration = Duration::from_secs(30);

/// However often it fails: an outlet that comes back should not miss half a day.
const LONGEST: Duration = Duration::from_secs(60 * 60);

/// However long it asks for.
const LONGEST_ASKED: Duration = Duration::from_secs(24 * 60 * 60);

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
        let doubled = FIRST.saturating_mul(1 << (self.failures - 1).min(16)).min(LONGEST);
        // Between half of it and all of it: hosts that fell together are not asked together again.
        let own = doubled.mul_f64(0.5 + chance.clamp(0.0, 1.0) / 2.0);
        self.until = now.checked_add(asked.map_or(own, |asked| asked.max(own)));
    }

    /// It answers again.
    pub(super) fn recovered(&mut self) {
        *self = Self::default();
    }
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
