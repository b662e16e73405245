//! What people say of events: rows that are only added.

use rusqlite::Row;

use crate::store::sqlite::Sqlite;

/// A word of somebody, as it is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// Greater for a later one; 0 for one that is still to be kept.
    pub number: i64,
    /// The event, or a report that has joined another since.
    pub event: String,
    /// A review of the event, or `joined`, `parted`, `undone`.
    pub word: String,
    /// Who says so.
    pub by: Option<String>,
    /// Why.
    pub note: Option<String>,
    /// When.
    pub at: String,
    /// What it corrects, JSON.
    pub correction: Option<String>,
    /// The other report, where it is about two.
    pub other: Option<String>,
    /// The word that it takes back.
    pub undoes: Option<i64>,
    /// What an imported event was before, a feature.
    pub was: Option<String>,
    /// Whether it was taken back.
    pub is_undone: bool,
}

/// Columns of [`read`].
pub(in crate::store) const SAID: &str =
    "fid, event_id, review, reviewer, note, reviewed, correction, other_id, undoes, was,
     EXISTS (SELECT 1 FROM reviews AS later WHERE later.undoes = reviews.fid)";

/// A row of [`SAID`].
pub(in crate::store) fn read(row: &Row<'_>) -> Sqlite<Said> {
    Ok(Said {
        number: row.get(0)?,
        event: row.get(1)?,
        word: row.get(2)?,
        by: row.get(3)?,
        note: row.get(4)?,
        at: row.get(5)?,
        correction: row.get(6)?,
        other: row.get(7)?,
        undoes: row.get(8)?,
        was: row.get(9)?,
        is_undone: row.get(10)?,
    })
}
