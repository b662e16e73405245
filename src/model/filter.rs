//! A condition on features, its types settled: what is left of a filter once it was read.

use std::borrow::Cow;
use std::cmp::Ordering;

use geo_types::Geometry;
use jiff::civil::Date;
use unicode_normalization::char::{decompose_canonical, is_combining_mark};

use super::pattern::Pattern;
use super::point::Bbox;

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
    /// What is not known decides it.
    IsUnknown(Box<Self>),
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
    Text(Place, Fold, Comparison<String>),
    /// A text in which wildcards stand for others.
    Like(Place, Fold, Pattern),
    /// Two numbers that are computed first.
    Numbers(Order, Sum, Sum),
    /// The texts of two properties.
    Texts(Order, (Place, Fold), (Place, Fold)),
    /// What a list holds.
    List(Place, Sets, Vec<String>),
    /// What two lists hold.
    Lists(Place, Sets, Place),
    /// How days lie to each other.
    Days(Relation, Days, Days),
    /// How the feature lies to a geometry.
    Lies(Topology, Region),
}

impl Filter {
    /// That both hold, if there are two.
    pub fn both(a: Option<Self>, b: Option<Self>) -> Option<Self> {
        match (a, b) {
            (Some(a), Some(b)) => Some(Self::All(vec![a, b])),
            (one, other) => one.or(other),
        }
    }

    /// The box that a feature has to meet for it to hold, if there is one.
    pub fn bounds(&self) -> Option<Bbox> {
        match self {
            Self::All(parts) => parts.iter().find_map(Self::bounds),
            Self::Lies(topology, region) if *topology != Topology::Disjoint => {
                let [west, south, east, north] = region.bounds;
                Bbox::new(west, south, east, north).ok()
            }
            _ => None,
        }
    }
}

/// What texts are compared without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fold {
    /// As they are.
    Nothing,
    /// Without upper and lower case.
    Case,
    /// Without accents and other marks on letters.
    Accents,
    /// Without either.
    Both,
}

impl Fold {
    /// Without what either of them leaves out.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Nothing, fold) | (fold, Self::Nothing) => fold,
            (Self::Case, Self::Case) => Self::Case,
            (Self::Accents, Self::Accents) => Self::Accents,
            _ => Self::Both,
        }
    }

    /// The text as it is compared.
    pub fn of(self, text: &str) -> Cow<'_, str> {
        match self {
            Self::Nothing => Cow::Borrowed(text),
            Self::Case => Cow::Owned(without_case(text)),
            Self::Accents => Cow::Owned(without_marks(text)),
            // What a letter becomes in lower case may have marks of its own.
            Self::Both => Cow::Owned(without_marks(&without_case(text))),
        }
    }
}

/// Letters that have no lower case of their own, as `ß`, are told by their upper case.
fn without_case(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            // Nearly all that comes: Arabic has no cases.
            '\u{600}'..='\u{6FF}' => folded.push(c),
            _ if c.is_ascii() => folded.push(c.to_ascii_lowercase()),
            _ => folded.extend(c.to_uppercase().flat_map(char::to_lowercase)),
        }
    }
    folded
}

/// `é` is `e` and `أ` is `ا`: letters are taken apart, and their marks left out.
fn without_marks(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            // Nearly all that comes: what is one letter and nothing else.
            '\u{627}'..='\u{63A}' | '\u{641}'..='\u{64A}' => folded.push(c),
            _ if c.is_ascii() => folded.push(c),
            _ => decompose_canonical(c, |part| {
                if !is_combining_mark(part) {
                    folded.push(part);
                }
            }),
        }
    }
    folded
}

/// How one value is to stand to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "their names say it")]
pub enum Order {
    Equal,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

impl Order {
    /// The same of the two values in turn.
    #[must_use]
    pub const fn turned(self) -> Self {
        match self {
            Self::Equal => Self::Equal,
            Self::Less => Self::Greater,
            Self::AtMost => Self::AtLeast,
            Self::Greater => Self::Less,
            Self::AtLeast => Self::AtMost,
        }
    }

    /// Whether two values stand so that compare like this.
    pub const fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::Less => order.is_lt(),
            Self::AtMost => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::AtLeast => order.is_ge(),
        }
    }
}

/// What a value is compared with.
#[derive(Debug, Clone, PartialEq)]
pub enum Comparison<T> {
    /// Another one.
    To(Order, T),
    /// From the first to the second.
    Between(T, T),
    /// One of these, which are in order.
    OneOf(Vec<T>),
}

impl<T: PartialOrd> Comparison<T> {
    /// Sorts the values of [`Self::OneOf`].
    pub fn put_in_order(&mut self) {
        if let Self::OneOf(values) = self {
            values.sort_by(|a, b| a.partial_cmp(b).unwrap_or(Ordering::Equal));
        }
    }

    /// Whether it holds for a value, told by how the value compares with another.
    pub fn holds(&self, value: impl Fn(&T) -> Ordering) -> bool {
        match self {
            Self::To(order, other) => order.holds(value(other)),
            Self::Between(least, most) => value(least).is_ge() && value(most).is_le(),
            Self::OneOf(others) => others.binary_search_by(|other| value(other).reverse()).is_ok(),
        }
    }
}

/// A number, or how to compute it.
#[derive(Debug, Clone, PartialEq)]
pub enum Sum {
    /// This one.
    Number(f64),
    /// The one that the feature has here.
    Property(Place),
    /// Of two others.
    Of(Box<(Self, Operator, Self)>),
}

/// What is computed of two numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "`of` says what each is")]
pub enum Operator {
    Plus,
    Minus,
    Times,
    Over,
    WholeOver,
    RestOver,
    Power,
}

impl Operator {
    /// All of them, by their signs.
    pub const ALL: [(&'static str, Self); 7] = [
        ("+", Self::Plus),
        ("-", Self::Minus),
        ("*", Self::Times),
        ("/", Self::Over),
        ("div", Self::WholeOver),
        ("%", Self::RestOver),
        ("^", Self::Power),
    ];

    /// What comes of it; `None` if that is no number, as when something is divided by nothing.
    pub fn of(self, a: f64, b: f64) -> Option<f64> {
        let found = match self {
            Self::Plus => a + b,
            Self::Minus => a - b,
            Self::Times => a * b,
            Self::Over => a / b,
            Self::WholeOver => (a / b).trunc(),
            Self::RestOver => a % b,
            Self::Power => a.powf(b),
        };
        Some(found).filter(|number| number.is_finite())
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

impl Sets {
    /// How the other list lies to this one.
    #[must_use]
    pub const fn turned(self) -> Self {
        match self {
            Self::Contains => Self::ContainedBy,
            Self::ContainedBy => Self::Contains,
            symmetric => symmetric,
        }
    }

    /// Whether one list lies so to another.
    pub fn holds<'a>(
        self,
        items: &(impl Iterator<Item = &'a str> + Clone),
        other: &[String],
    ) -> bool {
        let contains = || other.iter().all(|one| items.clone().any(|item| item == one));
        let contained = || items.clone().all(|item| other.iter().any(|one| one == item));
        match self {
            Self::Equal => contains() && contained(),
            Self::Contains => contains(),
            Self::ContainedBy => contained(),
            Self::Overlaps => other.iter().any(|one| items.clone().any(|item| item == one)),
        }
    }
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

/// How a feature lies to a geometry, as Simple Features name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "Simple Features say what each is")]
pub enum Topology {
    Intersects,
    Disjoint,
    Equals,
    Touches,
    Within,
    Contains,
    Overlaps,
    Crosses,
}

impl Topology {
    /// All of them, by the names of their functions.
    pub const ALL: [(&'static str, Self); 8] = [
        ("s_intersects", Self::Intersects),
        ("s_disjoint", Self::Disjoint),
        ("s_equals", Self::Equals),
        ("s_touches", Self::Touches),
        ("s_within", Self::Within),
        ("s_contains", Self::Contains),
        ("s_overlaps", Self::Overlaps),
        ("s_crosses", Self::Crosses),
    ];

    /// How the geometry lies to the feature, if the feature lies so to it.
    #[must_use]
    pub const fn turned(self) -> Self {
        match self {
            Self::Within => Self::Contains,
            Self::Contains => Self::Within,
            symmetric => symmetric,
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
    fn what_is_folded_is_the_same() {
        for (fold, a, b, same) in [
            (Fold::Nothing, "Homs", "homs", false),
            (Fold::Case, "Homs", "hOMS", true),
            (Fold::Case, "STRASSE Σ", "straße ς", true),
            (Fold::Case, "Al-Bāb", "al-bab", false),
            (Fold::Accents, "Al-Bāb", "Al-Bab", true),
            (Fold::Accents, "Al-Bāb", "al-bab", false),
            (Fold::Accents, "أَريحا", "اريحا", true),
            (Fold::Both, "AL-BĀB", "al-bab", true),
            (Fold::Case.and(Fold::Accents), "ŢARŢŪS", "tartus", true),
        ] {
            assert_eq!(fold.of(a) == fold.of(b), same, "{fold:?} {a} {b}");
        }
        assert_eq!(Fold::Nothing.and(Fold::Case), Fold::Case);
    }

    #[test]
    fn what_is_no_number_is_not_known() {
        for (sign, a, b, found) in [
            ("+", 1.0, 2.0, Some(3.0)),
            ("-", 1.0, 2.0, Some(-1.0)),
            ("/", 1.0, 2.0, Some(0.5)),
            ("/", 1.0, 0.0, None),
            ("div", -7.0, 2.0, Some(-3.0)),
            ("div", 7.0, 0.0, None),
            ("%", 7.0, 2.0, Some(1.0)),
            ("%", 7.0, 0.0, None),
            ("^", 2.0, 10.0, Some(1_024.0)),
            ("^", -1.0, 0.5, None),
            ("*", 1e300, 1e300, None),
        ] {
            let operator = Operator::ALL.iter().find(|(known, _)| *known == sign).unwrap().1;
            assert_eq!(operator.of(a, b), found, "{a} {sign} {b}");
        }
    }
}
