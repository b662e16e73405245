//! What a store consists of, in whatever engine: its tables, and what their columns hold.

use std::sync::LazyLock;

use crate::model::event::{PROPERTIES, PropertyType};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Number,
    Real,
    Text,
    Day,
    /// A moment, to the millisecond, in UTC.
    Moment,
    Json,
    /// A JSON array of texts.
    List,
    Point,
    Bytes,
}

impl Kind {
    /// What is said of a value that is not of this kind.
    pub(super) const fn refusal(self) -> &'static str {
        match self {
            Self::Number => "is no whole number",
            Self::Real => "is no number",
            Self::Text | Self::Json | Self::List => "is no text, or holds the character U+0000",
            Self::Day => "is no day as 2024-02-02",
            Self::Moment => "is no moment as 2024-02-02T10:00:00.000Z",
            Self::Point => "is no point on the globe",
            Self::Bytes => "is no binary value",
        }
    }
}

/// How the rows of a table are told apart, and ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    /// By a number in the first column, so that a copy can go on behind the last.
    Number {
        /// Whether numbers come from a sequence of the table's own.
        has_sequence: bool,
    },
    /// By texts; such tables are small.
    Names(&'static str),
}

/// A table of a store.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) name: &'static str,
    pub(super) key: Key,
    pub(super) columns: Vec<(&'static str, Kind)>,
}

impl Table {
    /// The names of the columns, as in a statement.
    pub(super) fn names(&self) -> String {
        self.columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
    }

    /// What the rows are ordered by.
    pub(super) const fn order(&self) -> &'static str {
        match self.key {
            Key::Number { .. } => "fid",
            Key::Names(names) => names,
        }
    }

    pub(super) const fn has_sequence(&self) -> bool {
        matches!(self.key, Key::Number { has_sequence: true })
    }
}

const COUNTED: Key = Key::Number { has_sequence: true };
const NUMBERED: Key = Key::Number { has_sequence: false };

/// All tables with what is kept in them; what they refer to comes before them. Left out is what an
/// engine says of itself.
pub(super) static TABLES: LazyLock<Vec<Table>> = LazyLock::new(|| {
    use Kind::{Bytes, Json, Moment, Number, Real, Text};
    let table = |name, key, columns: &[(&'static str, Kind)]| Table {
        name,
        key,
        columns: columns.to_vec(),
    };
    vec![
        table(
            "articles",
            COUNTED,
            &[
                ("fid", Number),
                ("article_id", Text),
                ("publisher", Text),
                ("url", Text),
                ("title", Text),
                ("lang", Text),
                ("published", Text),
                ("text", Text),
                ("sha256", Text),
                ("extractor", Text),
                ("address", Text),
                ("text_hash", Text),
                ("minhash", Bytes),
                ("source_name", Text),
                ("fetched", Moment),
                ("revision", Number),
                ("author", Text),
                ("trust", Number),
            ],
        ),
        table(
            "revisions",
            Key::Names("article_id, revision"),
            &[
                ("article_id", Text),
                ("revision", Number),
                ("title", Text),
                ("published", Text),
                ("text", Text),
                ("sha256", Text),
                ("fetched", Moment),
                ("superseded", Moment),
            ],
        ),
        events(),
        table("removed", NUMBERED, &[("fid", Number), ("event_id", Text)]),
        table(
            "reports",
            COUNTED,
            &[
                ("fid", Number),
                ("report_id", Text),
                ("article_id", Text),
                ("event_id", Text),
                ("feature", Json),
                ("place_kind", Text),
                ("joined", Json),
            ],
        ),
        table(
            "reports_reach",
            NUMBERED,
            &[
                ("fid", Number),
                ("west", Real),
                ("east", Real),
                ("south", Real),
                ("north", Real),
                ("first", Real),
                ("last", Real),
            ],
        ),
        table(
            "reviews",
            COUNTED,
            &[
                ("fid", Number),
                ("event_id", Text),
                ("review", Text),
                ("note", Text),
                ("reviewed", Moment),
                ("reviewer", Text),
                ("correction", Json),
                ("other_id", Text),
                ("undoes", Number),
                ("was", Json),
            ],
        ),
        table(
            "sources",
            Key::Names("name"),
            &[("name", Text), ("position", Text), ("state", Json)],
        ),
    ]
});

fn events() -> Table {
    let of_ours = [("fid", Kind::Number), ("geom", Kind::Point), ("event_id", Kind::Text)];
    let properties = PROPERTIES.iter().map(|&(name, of, _)| {
        let kind = match of {
            PropertyType::Text | PropertyType::Enum(_) => Kind::Text,
            PropertyType::List => Kind::List,
            PropertyType::Integer => Kind::Number,
            PropertyType::Real => Kind::Real,
            PropertyType::Date => Kind::Day,
        };
        (name, kind)
    });
    Table { name: "events", key: COUNTED, columns: of_ours.into_iter().chain(properties).collect() }
}
