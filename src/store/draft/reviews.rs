//! What people say of events: rows that are only added.

use rusqlite::{Row, params};

use super::Draft;
use crate::model::event::EventId;
use crate::store::Error;
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

impl Draft<'_> {
    /// Adds a word; its number and time are given here.
    pub fn say(&mut self, said: &Said) -> Result<(), Error> {
        self.run(
            "INSERT INTO reviews (event_id, review, reviewer, note, reviewed, correction, other_id, undoes, was)
             VALUES (?, ?, ?, ?, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), ?, ?, ?, ?)",
            params![
                said.event, said.word, said.by, said.note, said.correction, said.other, said.undoes, said.was
            ],
        )
    }

    /// All that was said of an event or report, the last word last.
    pub fn said_of(&self, id: &EventId) -> Result<Vec<Said>, Error> {
        let sql = format!(
            "SELECT {SAID} FROM reviews WHERE event_id = ?1
             UNION SELECT {SAID} FROM reviews WHERE other_id = ?1 ORDER BY fid"
        );
        self.all(&sql, [&id.0], read)
    }

    /// What was said of two reports and still counts, the last word last.
    pub fn said_of_two(&self) -> Result<Vec<Said>, Error> {
        let sql = format!("SELECT {SAID} FROM reviews WHERE other_id IS NOT NULL ORDER BY fid");
        let mut said = self.all(&sql, [], read)?;
        said.retain(|said| !said.is_undone);
        Ok(said)
    }

    /// The number of a report.
    pub fn number_of(&self, report: &EventId) -> Result<Option<i64>, Error> {
        let sql = "SELECT fid FROM reports WHERE report_id = ?";
        Ok(self.all(sql, [&report.0], |row| row.get(0))?.pop())
    }
}
