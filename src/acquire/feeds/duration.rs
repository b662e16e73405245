//! Durations as people write them: `90s`, `5m`, `1h 30m`.

use std::time::Duration;

use jiff::SignedDuration;

/// More often than this is no politeness.
const SHORTEST: Duration = Duration::from_secs(10);

/// Feeds hold a few days.
const LONGEST: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// Reads how often an outlet is asked.
pub(super) fn parse(text: &str) -> Result<Duration, String> {
    let wrong =
        || format!("`{text}` is not a duration: write one as 90s, 5m or 1h, from 10s to 7d");
    let days = text.trim().strip_suffix('d').and_then(|days| days.trim().parse::<u32>().ok());
    let read = match days {
        Some(days) => Some(Duration::from_secs(u64::from(days) * 24 * 60 * 60)),
        None => text.trim().parse::<SignedDuration>().ok().and_then(|it| it.try_into().ok()),
    };
    read.filter(|read| (SHORTEST..=LONGEST).contains(read)).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_has_a_unit_and_bounds() {
        for (text, seconds) in
            [("10s", 10), ("5m", 300), (" 1h 30m ", 5400), ("1h", 3600), ("7d", 604_800)]
        {
            assert_eq!(parse(text).map(|it| it.as_secs()), Ok(seconds), "{text}");
        }
        for wrong in ["", "5", "9s", "-5m", "8d", "five minutes", "99999999999999999999h"] {
            let told = parse(wrong).unwrap_err();
            assert!(told.contains(&format!("`{wrong}`")) && told.contains("5m"), "{told}");
        }
    }
}
