//! A condition on features, its types settled: what is left of a filter once it was read.

use std::cmp::Ordering;

use geo_types::Geometry;
use jiff::civil::Date;

/// The place of a property in the list that its collection has.
pub type Place = usize;

/// A condition. What is not known makes it neither true nor false, as in SQL.
#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    /// Every part holds.
    All(Vec<Self>),
    /// A part holds.
    Any(Vec<Self>),
    /// It does not hold.
    Not(Box<Self>),
    /// Always, or never.
    Constant(bool),
    /// The property is not known; a list holds nothing.
    IsNull(Place),
    /// The feature has no geometry.
    HasNoGeometry,
    /// A number or its bounds.
    Number(Place, Comparison<f64>),
    /// A day or its bounds.
    Day(Place, Comparison<Date>),
    /// A text, compared by its characters.
    Text(Place, Case, Comparison<String>),
    /// A text in which wildcards stand for others.
    Like(Place, Case, Pattern),
    /// What a list holds.
    List(Place, Sets, Vec<String>),
    /// How days lie to each other.
    Days(Relation, Days, Days),
    /// The feature has a point in common with a geometry.
    Intersects(Region),
}

/// Whether upper and lower case are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    /// The text as it is.
    Told,
    /// The text in lower case.
    Folded,
}

/// What a value is compared with.
#[derive(Debug, Clone, PartialEq)]
pub enum Comparison<T> {
    /// The same.
    Equal(T),
    /// Smaller.
    Less(T),
    /// Smaller or the same.
    AtMost(T),
    /// Greater.
    Greater(T),
    /// Greater or the same.
    AtLeast(T),
    /// From the first to the second.
    Between(T, T),
    /// One of these, which are in order.
    OneOf(Vec<T>),
}

impl<T: PartialOrd> Comparison<T> {
    /// One of these.
    pub fn one_of(mut values: Vec<T>) -> Self {
        values.sort_by(|a, b| a.partial_cmp(b).unwrap_or(Ordering::Equal));
        Self::OneOf(values)
    }

    /// Whether it holds for a value, told by how the value compares with another.
    pub fn holds(&self, value: impl Fn(&T) -> Ordering) -> bool {
        match self {
            Self::Equal(other) => value(other).is_eq(),
            Self::Less(other) => value(other).is_lt(),
            Self::AtMost(other) => value(other).is_le(),
            Self::Greater(other) => value(other).is_gt(),
            Self::AtLeast(other) => value(other).is_ge(),
            Self::Between(least, most) => value(least).is_ge() && value(most).is_le(),
            Self::OneOf(others) => others.binary_search_by(|other| value(other).reverse()).is_ok(),
        }
    }
}

/// A text with wildcards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern(Vec<Part>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Char(char),
    One,
    Any,
}

impl Pattern {
    /// Reads `%` as any characters, `_` as one, and what follows `\` as itself.
    pub fn new(text: &str) -> Self {
        let mut parts = Vec::new();
        let mut chars = text.chars();
        while let Some(c) = chars.next() {
            match c {
                '%' if parts.last() == Some(&Part::Any) => {}
                '%' => parts.push(Part::Any),
                '_' => parts.push(Part::One),
                '\\' => parts.push(Part::Char(chars.next().unwrap_or(c))),
                _ => parts.push(Part::Char(c)),
            }
        }
        Self(parts)
    }

    /// Whether the whole text is like that.
    pub fn matches(&self, text: &str) -> bool {
        let (mut parts, mut rest) = (self.0.as_slice(), text.chars());
        // Where to go on when the characters taken for the last `%` were too few.
        let mut again: Option<(&[Part], std::str::Chars<'_>)> = None;
        loop {
            let mut ahead = rest.clone();
            match (parts.split_first(), ahead.next()) {
                (Some((Part::Any, after)), _) => {
                    again = Some((after, rest.clone()));
                    parts = after;
                }
                (Some((part, after)), Some(c))
                    if matches!(part, Part::One) || *part == Part::Char(c) =>
                {
                    (parts, rest) = (after, ahead);
                }
                (None, None) => return true,
                _ => {
                    let Some((after, from)) = &mut again else { return false };
                    if from.next().is_none() {
                        return false;
                    }
                    (parts, rest) = (*after, from.clone());
                }
            }
        }
    }
}

/// How a list lies to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sets {
    /// It holds the same.
    Equal,
    /// It holds all of the other.
    Contains,
    /// The other holds all of it.
    ContainedBy,
    /// They share something.
    Overlaps,
}

/// A day, or from one day to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    /// The first.
    pub from: End,
    /// The last.
    pub to: End,
}

/// An end of an interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// This day.
    Day(Date),
    /// The day that the feature has here.
    Property(Place),
    /// None.
    Open,
}

/// How two intervals lie to each other, as CQL2 names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "`holds` says what each is")]
pub enum Relation {
    After,
    Before,
    Contains,
    Disjoint,
    During,
    Equals,
    FinishedBy,
    Finishes,
    Intersects,
    Meets,
    MetBy,
    OverlappedBy,
    Overlaps,
    StartedBy,
    Starts,
}

impl Relation {
    /// All of them, by the names of their functions.
    pub const ALL: [(&'static str, Self); 15] = [
        ("t_after", Self::After),
        ("t_before", Self::Before),
        ("t_contains", Self::Contains),
        ("t_disjoint", Self::Disjoint),
        ("t_during", Self::During),
        ("t_equals", Self::Equals),
        ("t_finishedby", Self::FinishedBy),
        ("t_finishes", Self::Finishes),
        ("t_intersects", Self::Intersects),
        ("t_meets", Self::Meets),
        ("t_metby", Self::MetBy),
        ("t_overlappedby", Self::OverlappedBy),
        ("t_overlaps", Self::Overlaps),
        ("t_startedby", Self::StartedBy),
        ("t_starts", Self::Starts),
    ];

    /// Whether the first interval, both ends in it, lies so to the second.
    pub fn holds(self, (a, z): (Date, Date), (from, to): (Date, Date)) -> bool {
        match self {
            Self::After => a > to,
            Self::Before => z < from,
            Self::Contains => a < from && z > to,
            Self::Disjoint => a > to || z < from,
            Self::During => a > from && z < to,
            Self::Equals => a == from && z == to,
            Self::FinishedBy => a < from && z == to,
            Self::Finishes => a > from && z == to,
            Self::Intersects => a <= to && z >= from,
            Self::Meets => z == from,
            Self::MetBy => a == to,
            Self::OverlappedBy => a > from && a < to && z > to,
            Self::Overlaps => a < from && z > from && z < to,
            Self::StartedBy => a == from && z > to,
            Self::Starts => a == from && z < to,
        }
    }
}

/// A geometry, with the box around it for a first look.
#[derive(Debug, Clone, PartialEq)]
pub struct Region {
    /// The geometry, on the globe.
    pub geometry: Geometry<f64>,
    /// West, south, east, north.
    pub bounds: [f64; 4],
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_stand_for_one_character_or_any_number() {
        for (pattern, text, like) in [
            ("", "", true),
            ("%", "", true),
            ("%", "سراقب", true),
            ("سرا%", "سراقب", true),
            ("%قب", "سراقب", true),
            ("س_اقب", "سراقب", true),
            ("_", "", false),
            ("a%b%c", "a-b-b-c", true),
            ("a%b%c", "a-b-b-c-", false),
            ("%%a%%", "bab", true),
            ("100\\%", "100%", true),
            ("100\\%", "1000", false),
            ("Ab", "ab", false),
            ("ab", "abc", false),
        ] {
            assert_eq!(Pattern::new(pattern).matches(text), like, "{pattern} {text}");
        }
        let hard = Pattern::new(&"%a".repeat(200));
        assert!(!hard.matches(&format!("{}b", "a".repeat(5_000))));
    }
}
