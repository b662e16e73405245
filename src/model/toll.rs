//! How many were killed and injured, and what moved. Unknown is never zero.

use serde::{Deserialize, Serialize};

/// A number as a text gives it: perhaps exact, perhaps only bounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    best: Option<u32>,
    low: Option<u32>,
    high: Option<u32>,
}

impl Count {
    /// Exactly that many; zero only if the text says that there were none.
    pub const fn exactly(n: u32) -> Self {
        Self { best: Some(n), low: Some(n), high: Some(n) }
    }

    /// About that many.
    pub const fn about(n: u32) -> Self {
        Self { best: Some(n), low: None, high: None }
    }

    /// At least that many, the number itself being the best figure.
    pub const fn at_least(n: u32) -> Self {
        Self { best: Some(n), low: Some(n), high: None }
    }

    /// More than a few, with no figure: only the least that the word can mean.
    pub const fn some(least: u32) -> Self {
        Self { best: None, low: Some(least), high: None }
    }

    /// From one figure to another; the lower is the best, as ACLED codes it.
    pub fn between(a: u32, b: u32) -> Self {
        Self { best: Some(a.min(b)), low: Some(a.min(b)), high: Some(a.max(b)) }
    }

    /// Both together, as in "a child and two women".
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        let add = |a: Option<u32>, b: Option<u32>| Some(a?.saturating_add(b?));
        let low = match (self.low.or(self.best), other.low.or(other.best)) {
            (Some(a), Some(b)) => Some(a.saturating_add(b)),
            (a, b) => a.or(b),
        };
        Self { best: add(self.best, other.best), low, high: add(self.high, other.high) }
    }

    /// The same counted again: see [`Toll::retold`].
    fn retold(self, again: Self, has_risen: bool) -> Self {
        match (self.best, again.best) {
            (None, Some(_)) => again,
            (Some(first), Some(more)) if first < more => Self {
                best: Some(if has_risen { more } else { first }),
                low: self.low,
                high: self.high.and(again.high),
            },
            _ if self.is_unknown() => again,
            _ => self,
        }
    }

    /// The figure to show.
    pub const fn best(self) -> Option<u32> {
        self.best
    }

    /// The least it can be.
    pub const fn low(self) -> Option<u32> {
        self.low
    }

    /// The most it can be.
    pub const fn high(self) -> Option<u32> {
        self.high
    }

    /// Whether nothing at all is known.
    pub const fn is_unknown(self) -> bool {
        self.best.is_none() && self.low.is_none() && self.high.is_none()
    }
}

/// The counts of an event as flat properties.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Toll {
    /// Killed: the best figure.
    pub fatalities: Option<u32>,
    /// Killed: the least.
    pub fatalities_low: Option<u32>,
    /// Killed: the most.
    pub fatalities_high: Option<u32>,
    /// Injured: the best figure.
    pub injured: Option<u32>,
    /// Injured: the least.
    pub injured_low: Option<u32>,
    /// Injured: the most.
    pub injured_high: Option<u32>,
    /// Fighters that moved, were deployed, detained or released.
    pub personnel: Option<u32>,
    /// Military vehicles that moved, trucks apart.
    pub vehicles: Option<u32>,
    /// Trucks that moved.
    pub trucks: Option<u32>,
}

impl Toll {
    /// Sets the three figures of the killed.
    pub fn kill(&mut self, count: Count) {
        (self.fatalities, self.fatalities_low, self.fatalities_high) =
            (count.best, count.low, count.high);
    }

    /// Sets the three figures of the injured.
    pub fn injure(&mut self, count: Count) {
        (self.injured, self.injured_low, self.injured_high) = (count.best, count.low, count.high);
    }

    /// Whether anybody is counted as killed or injured.
    pub const fn counts_anybody(&self) -> bool {
        self.fatalities.is_some() || self.injured.is_some()
    }

    /// The killed and injured of both, what moved being this one's.
    #[must_use]
    pub fn plus(&self, more: &Self) -> Self {
        let sum = |a: Count, b: Count| match (a.is_unknown(), b.is_unknown()) {
            (true, _) => b,
            (_, true) => a,
            _ => a.plus(b),
        };
        let mut both = self.clone();
        both.kill(sum(self.killed(), more.killed()));
        both.injure(sum(self.hurt(), more.hurt()));
        both
    }

    /// The killed and injured as they are counted again, what moved being this one's. A greater count is
    /// the upper bound, or the best figure where the toll has risen; a smaller one tells of some of them.
    #[must_use]
    pub fn retold(&self, again: &Self, has_risen: bool) -> Self {
        let mut both = self.clone();
        both.kill(self.killed().retold(again.killed(), has_risen));
        both.injure(self.hurt().retold(again.hurt(), has_risen));
        both
    }

    const fn killed(&self) -> Count {
        Count { best: self.fatalities, low: self.fatalities_low, high: self.fatalities_high }
    }

    const fn hurt(&self) -> Count {
        Count { best: self.injured, low: self.injured_low, high: self.injured_high }
    }

    /// Whether nothing is counted.
    pub fn is_unknown(&self) -> bool {
        *self == Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_keep_low_best_and_high_in_order() {
        let both = Count::exactly(1).plus(Count::at_least(2));
        assert_eq!((both.low(), both.best(), both.high()), (Some(3), Some(3), None));
        let vague = Count::exactly(2).plus(Count::some(3));
        assert_eq!((vague.low(), vague.best(), vague.high()), (Some(5), None, None));
        let again = Count::exactly(3).retold(Count::at_least(5), true);
        assert_eq!((again.low(), again.best(), again.high()), (Some(3), Some(5), None));
        assert_eq!(Count::exactly(3).retold(Count::exactly(5), false).high(), Some(5));
        assert_eq!(Count::exactly(3).retold(Count::exactly(1), true), Count::exactly(3));
        assert_eq!(Count::some(3).retold(Count::exactly(5), false), Count::exactly(5));
        assert_eq!(Count::some(3).retold(Count::default(), true), Count::some(3));
        assert_eq!(Count::between(7, 5), Count::between(5, 7));
        assert!(Count::default().is_unknown() && !Count::exactly(0).is_unknown());
    }
}
