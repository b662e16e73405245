//! A seal on the events of a store: unbroken, all of them are as they were or have a later number.

use rusqlite::{Connection, OptionalExtension as _};

use super::sqlite::Sqlite;

/// What breaks it; a program that makes the table anew leaves them out.
const TRIGGERS: i64 = 3;

/// The seal, if it is unbroken.
pub(super) fn read(connection: &Connection) -> Sqlite<Option<String>> {
    let sql = "SELECT value FROM rasid_meta WHERE key = 'seal'";
    connection.prepare_cached(sql)?.query_row([], |row| row.get(0)).optional()
}

/// Sets another, and gives it; none on a table that could not break it.
pub(super) fn set(connection: &Connection) -> Sqlite<Option<String>> {
    let triggers: i64 = connection.query_row(
        "SELECT count(*) FROM sqlite_schema
         WHERE type = 'trigger' AND tbl_name = 'events' AND name LIKE 'seal_breaks_by_%'",
        [],
        |row| row.get(0),
    )?;
    if triggers != TRIGGERS {
        return Ok(None);
    }
    let seal: String =
        connection.query_row("SELECT lower(hex(randomblob(16)))", [], |r| r.get(0))?;
    mend(connection, &seal)?;
    Ok(Some(seal))
}

/// Puts a seal that was unbroken back after changes of our own.
pub(super) fn mend(connection: &Connection, seal: &str) -> Sqlite<()> {
    let sql = "INSERT OR REPLACE INTO rasid_meta (key, value) VALUES ('seal', ?)";
    connection.prepare_cached(sql)?.execute([seal]).map(drop)
}
