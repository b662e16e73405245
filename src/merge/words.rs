//! The words of `lexicon/merge.toml`, and what they say of a telling.

use serde::Deserialize;

use crate::model::text::key;

/// Hours of the day, a bit each; none if they are not told.
pub(super) type Hours = u32;

/// Words by which tellings are told apart, or let be one.
#[derive(Debug, Clone)]
pub struct Words {
    /// Folded words with the hours that they mean.
    parts: Vec<(String, Hours)>,
    /// Folded words that say that a count has risen.
    growth: Vec<String>,
}

/// Words that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BadWords {
    /// The file is not as it should be.
    #[error("it is not written as the one built in")]
    Unreadable(#[from] toml::de::Error),
    /// There is no such hour.
    #[error("there is no hour {0}: write 0 to 23")]
    NoHour(u32),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    part_of_day: Vec<Part>,
    growth: Growth,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Part {
    hours: [u32; 2],
    words: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Growth {
    words: Vec<String>,
}

impl Words {
    /// The words built in.
    pub fn embedded() -> Self {
        Self::parse(include_str!("../../lexicon/merge.toml")).expect("tests read it")
    }

    /// Reads the words of a file.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn parse(file: &str) -> Result<Self, BadWords> {
        let File { part_of_day, growth } = toml::from_str(file)?;
        let mut parts = Vec::new();
        for Part { hours: [from, to], words } in part_of_day {
            let hours = hours(from, to)?;
            parts.extend(words.iter().map(|word| (bounded(word), hours)));
        }
        Ok(Self { parts, growth: growth.words.iter().map(|words| bounded(words)).collect() })
    }

    /// The hours that a folded text tells.
    pub(super) fn hours(&self, folded: &str) -> Hours {
        let found = self.parts.iter().filter(|(words, _)| folded.contains(words.as_str()));
        found.fold(0, |hours, (_, more)| hours | more)
    }

    /// Whether a folded text says that a count has risen.
    pub(super) fn grows(&self, folded: &str) -> bool {
        self.growth.iter().any(|words| folded.contains(words.as_str()))
    }
}

/// A text folded so that words of it are found whole.
pub(super) fn bounded(text: &str) -> String {
    format!(" {} ", key(text))
}

/// The bits from one hour to another, perhaps over midnight.
fn hours(from: u32, to: u32) -> Result<Hours, BadWords> {
    if let Some(no_hour) = [from, to].into_iter().find(|hour| *hour > 23) {
        return Err(BadWords::NoHour(no_hour));
    }
    let is_between = |hour: &u32| {
        if from <= to { (from..=to).contains(hour) } else { *hour >= from || *hour <= to }
    };
    Ok((0..24).filter(is_between).fold(0, |hours, hour| hours | 1 << hour))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_the_day_are_hours() {
        let words = Words::embedded();
        let hours = |text: &str| words.hours(&bounded(text));
        assert_ne!(hours("قصف صباح اليوم الأحد"), 0);
        assert_eq!(hours("قصف صباح اليوم") & hours("قصف مساء اليوم"), 0);
        assert_eq!(hours("shelling on Sunday morning") & hours("on Sunday evening"), 0);
        assert_ne!(hours("قصف فجر اليوم") & hours("قصف ليلاً"), 0, "dawn is a part of the night");
        assert_eq!(hours("فجر عنصر نفسه"), 0, "a verb");
        assert_eq!(hours("قصف على إدلب"), 0);
    }

    #[test]
    fn a_count_that_has_risen_says_so() {
        let words = Words::embedded();
        assert!(words.grows(&bounded("ارتفعت حصيلة القصف إلى سبعة قتلى")));
        assert!(words.grows(&bounded("The death toll rises to seven")));
        assert!(!words.grows(&bounded("قتل سبعة")));
    }

    #[test]
    fn wrong_words_are_told() {
        let told =
            Words::parse("growth.words = []\npart_of_day = [{ hours = [7, 24], words = [] }]");
        assert_eq!(told.unwrap_err().to_string(), "there is no hour 24: write 0 to 23");
        assert!(Words::parse("[[part_of_day]]\nhour = 3").is_err());
    }
}
