//! The store as one SQLite file that is a valid GeoPackage.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::Duration;

use rusqlite::types::{Value as Cell, ValueRef};
use rusqlite::{Connection, OpenFlags, OptionalExtension as _, Transaction, TransactionBehavior};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::draft::{Draft, FileDraft, Purpose};
use super::error::Error;
use super::file::Identity;
use super::gpkg;
use super::index::{Change, Given, Layout, Row, Series, Values, list, mark};
use super::seal;
use crate::model::article::Lang;
use crate::model::event::{Event, PROPERTIES, PropertyType, Review};
use crate::model::hex::hex;
use crate::model::point::LonLat;

/// Run in this order, each once; a released one is never changed.
pub(super) const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_start.sql"),
    include_str!("migrations/0002_changes.sql"),
    include_str!("migrations/0003_reports.sql"),
    include_str!("migrations/0004_seal.sql"),
    include_str!("migrations/0005_reviews.sql"),
    include_str!("migrations/0006_author.sql"),
];

/// The schema version after the last migration.
#[expect(
    clippy::cast_possible_truncation,
    reason = "nobody writes four thousand million migrations"
)]
const LATEST: u32 = MIGRATIONS.len() as u32;

/// How long another program may hold the file before we give up: writes take milliseconds.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// So many statements are kept ready: more than there are.
const STATEMENTS: usize = 64;

/// Pages that the writer holds, below zero as kibibytes. Ids are scattered over their indexes, so each
/// article touches a dozen pages that lie apart.
const HELD: i32 = -16 * 1024;

/// Pages of 4 kB in the log from which on they are brought into the file. The same pages of the indexes
/// are changed again and again: the more are in the log, the fewer are written twice.
const LOGGED: u32 = 4 * 1024;

/// An open store file.
#[derive(Debug)]
pub(super) struct Database {
    pub(super) path: PathBuf,
    pub(super) connection: Connection,
    pub(super) file: Identity,
    /// As it was when the first event was read, or set since; none if it cannot be told.
    seal: Option<String>,
    select_events: String,
}

pub(super) type Sqlite<T> = Result<T, rusqlite::Error>;

impl Database {
    /// Opens the file, or makes it. A file that is not ours is never written.
    pub(super) fn open(path: &Path) -> Result<Self, Error> {
        let failed = |error| Error::from_sqlite(path, error);
        if exists_as_geopackage(path)? {
            let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let look = Connection::open_with_flags(path, flags).map_err(failed)?;
            look.busy_timeout(PATIENCE).map_err(failed)?;
            if !has_schema(&look).map_err(failed)? {
                let why = "a GeoPackage of another program";
                return Err(Error::NotOurs { path: path.to_owned(), why });
            }
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(path, flags).map_err(failed)?;
        if connection.is_readonly(rusqlite::MAIN_DB).map_err(failed)? {
            return Err(Error::ReadOnly { path: path.to_owned() });
        }
        connection.busy_timeout(PATIENCE).map_err(failed)?;
        migrate(&mut connection, path)?;
        prepare(&connection).map_err(failed)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        let file = Identity::of(path)?;
        let seal = sealed(&mut connection).map_err(failed)?;
        let select_events = select_statement();
        Ok(Self { path: path.to_owned(), connection, file, seal, select_events })
    }

    /// The seal, if it has not been broken since the store was opened.
    pub(super) fn seal(&self) -> Result<Option<&str>, Error> {
        let found = seal::read(&self.connection).map_err(|error| self.failed(error))?;
        Ok(self.seal.as_deref().filter(|known| found.as_deref() == Some(known)))
    }

    /// Sets another seal on what has been read to that sequence number; none if there is more, or
    /// if the last one was broken.
    pub(super) fn reseal(&mut self, last: u64) -> Result<Option<&str>, Error> {
        let change = self.connection.transaction_with_behavior(TransactionBehavior::Immediate);
        let change = change.map_err(|error| Error::from_sqlite(&self.path, error))?;
        let set = || {
            let is_unbroken = self.seal.is_some() && seal::read(&change)? == self.seal;
            if !is_unbroken || is_there_more(&change, last)? {
                return Ok(None);
            }
            let seal = seal::set(&change)?;
            change.commit()?;
            Ok(seal)
        };
        let Some(seal) = set().map_err(|error| Error::from_sqlite(&self.path, error))? else {
            return Ok(None);
        };
        Ok(Some(self.seal.insert(seal)))
    }

    /// Whether anything was committed after that sequence number.
    pub(super) fn has_more(&self, last: u64) -> Result<bool, Error> {
        is_there_more(&self.connection, last).map_err(|error| self.failed(error))
    }

    /// Runs a change in one transaction. When it returns, what was written is on the disk, in the
    /// file that has the store's name.
    pub(super) fn change<T>(
        &mut self,
        what_for: Purpose,
        work: impl FnOnce(&mut Draft<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let (path, file) = (&self.path, &self.file);
        let begun = self.connection.transaction_with_behavior(TransactionBehavior::Immediate);
        let begun = begun.map_err(|error| Error::from_sqlite(path, error))?;
        let mut draft = Draft::of_file(FileDraft::new(begun, path)?);
        let done = work(&mut draft)?;
        if what_for == Purpose::Trial {
            return Ok(done);
        }
        file.is_still_at(path)?;
        draft.commit()?;
        // A file that was taken away meanwhile keeps nothing: better told twice than lost.
        file.is_still_at(path)?;
        Ok(done)
    }

    /// Gives what was committed after that sequence number, in order.
    pub(super) fn after(
        &self,
        layout: &Layout,
        sequence: u64,
        mut give: impl FnMut(Change),
    ) -> Result<(), Error> {
        let sequence = i64::try_from(sequence).unwrap_or(i64::MAX);
        let mut read = || {
            // Both tables as they are at one time.
            let _together = self.connection.unchecked_transaction()?;
            let mut removed = removed(&self.connection, sequence)?.into_iter().peekable();
            let mut select = self.connection.prepare_cached(&self.select_events)?;
            let mut rows = select.query([sequence])?;
            let mut series = Series::new(layout);
            while let Some(found) = rows.next()? {
                let number = sequence_of(found)?;
                let is_before = |&(fid, _): &(u64, String)| fid < number;
                while let Some((sequence, id)) = removed.next_if(is_before) {
                    give(Change::Gone { sequence, id });
                }
                // What a person rejected stays in the file alone.
                if found.get_ref(*REVIEW)?.as_str().is_ok_and(|said| said == REJECTED) {
                    give(Change::Gone { sequence: number, id: found.get(2)? });
                } else {
                    give(Change::Put(row(&mut series, found)?));
                }
            }
            removed.for_each(|(sequence, id)| give(Change::Gone { sequence, id }));
            Ok(())
        };
        read().map_err(|error| self.failed(error))
    }

    /// Breaks the world for a test: the file may not grow beyond so many pages.
    #[cfg(test)]
    pub(super) fn allow_pages(&self, pages: u32) {
        self.connection.pragma_update(None, "max_page_count", pages).unwrap();
    }

    /// Spares a test the patience.
    #[cfg(test)]
    pub(super) fn wait_no_longer(&self) {
        self.connection.busy_timeout(Duration::ZERO).unwrap();
    }

    fn failed(&self, error: rusqlite::Error) -> Error {
        Error::from_sqlite(&self.path, error)
    }
}

/// Looks at the first bytes, before SQLite could touch the file. `false` if there is nothing yet.
pub(super) fn exists_as_geopackage(path: &Path) -> Result<bool, Error> {
    const MAGIC: &[u8] = b"SQLite format 3\0";
    const HEADER: usize = 100;
    const APPLICATION_ID: std::ops::Range<usize> = 68..72;

    let not_ours = |why| Err(Error::NotOurs { path: path.to_owned(), why });
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(Error::from_io(path, error)),
    };
    let kind = file.metadata().map_err(|error| Error::from_io(path, error))?.file_type();
    if kind.is_dir() {
        return not_ours("a folder");
    }
    if !kind.is_file() {
        return not_ours("not a file");
    }
    let mut header = Vec::with_capacity(HEADER);
    file.take(HEADER as u64)
        .read_to_end(&mut header)
        .map_err(|error| Error::from_io(path, error))?;
    match header.get(APPLICATION_ID) {
        _ if header.is_empty() => Ok(false),
        _ if !header.starts_with(MAGIC) => not_ours("not an SQLite file"),
        // Cut off within the header: SQLite will say so.
        Some(b"GPKG") | None => Ok(true),
        _ => not_ours("an SQLite file of another program"),
    }
}

pub(super) fn has_schema(connection: &Connection) -> Sqlite<bool> {
    let sql =
        "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'rasid_meta')";
    connection.query_row(sql, [], |row| row.get(0))
}

/// Brings the schema up to date. The first writer does it; others wait, then find it done.
pub(super) fn migrate(connection: &mut Connection, path: &Path) -> Result<(), Error> {
    let failed = |error| Error::from_sqlite(path, error);
    let version = schema_version(connection).map_err(failed)?;
    if version == LATEST {
        return Ok(());
    }
    let change =
        connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
    let version = schema_version(&change).map_err(failed)?;
    let Some(missing) = MIGRATIONS.get(version as usize..) else {
        return Err(Error::Newer { path: path.to_owned(), found: version, known: LATEST });
    };
    for migration in missing {
        change.execute_batch(migration).map_err(failed)?;
    }
    change
        .execute(
            "INSERT OR REPLACE INTO rasid_meta (key, value) VALUES ('schema_version', ?)",
            [LATEST.to_string()],
        )
        .and_then(|_| change.commit())
        .map_err(failed)
}

fn schema_version(connection: &Connection) -> Sqlite<u32> {
    if !has_schema(connection)? {
        return Ok(0);
    }
    let sql = "SELECT CAST(value AS INTEGER) FROM rasid_meta WHERE key = 'schema_version'";
    Ok(connection.query_row(sql, [], |row| row.get(0)).optional()?.unwrap_or(0))
}

/// Sets what holds for the connection only.
fn prepare(connection: &Connection) -> Sqlite<()> {
    // Readers such as QGIS go on while we write.
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // What was acknowledged is on the disk, even if the power fails: articles come a few a second
    // at most, so that one more sync each does not matter. NORMAL would already survive `kill -9`.
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "cache_size", HELD)?;
    connection.pragma_update(None, "wal_autocheckpoint", LOGGED)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    gpkg::register_functions(connection)
}

/// The seal of the events, which is set if there is none.
fn sealed(connection: &mut Connection) -> Sqlite<Option<String>> {
    if let Some(seal) = seal::read(connection)? {
        return Ok(Some(seal));
    }
    let change = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let seal = match seal::read(&change)? {
        Some(seal) => Some(seal),
        None => seal::set(&change)?,
    };
    change.commit()?;
    Ok(seal)
}

fn is_there_more(connection: &Connection, last: u64) -> Sqlite<bool> {
    let last = i64::try_from(last).unwrap_or(i64::MAX);
    let mut select = connection.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM events WHERE fid > ?1)
             OR EXISTS (SELECT 1 FROM removed WHERE fid > ?1)",
    )?;
    select.query_row([last], |row| row.get(0))
}

/// The columns of an event, in the order of [`cells_of`].
pub(super) fn columns() -> String {
    let mut names = "geom, event_id".to_owned();
    for (name, ..) in PROPERTIES {
        write!(names, ", {name}").expect("writing to a text cannot fail");
    }
    names
}

/// Writes a row of events with the values of [`cells`].
pub(super) static INSERT_EVENT: LazyLock<String> = LazyLock::new(|| {
    let marks = vec!["?"; PROPERTIES.len() + 2].join(", ");
    format!("INSERT INTO events ({}) VALUES ({marks})", columns())
});

/// Where the review stands among the columns of that.
static REVIEW: LazyLock<usize> = LazyLock::new(|| {
    let place = PROPERTIES.iter().position(|(name, ..)| *name == "review");
    place.expect("an event has a review") + FIRST
});

/// Where the first property stands in a row of [`columns`] behind its number.
const FIRST: usize = 3;

const REJECTED: &str = Review::Rejected.as_str();

fn select_statement() -> String {
    format!("SELECT fid, {} FROM events WHERE fid > ? ORDER BY fid", columns())
}

/// How a language is written.
pub(super) const fn lang_code(lang: Lang) -> &'static str {
    match lang {
        Lang::Ar => "ar",
        Lang::En => "en",
    }
}

/// The hash of a text in UTF-8, in lower-case hexadecimal.
pub(super) fn sha256(text: &str) -> String {
    hex(&Sha256::digest(text))
}

/// Keeps what the GeoPackage says about its tables true.
pub(super) fn note_change(
    change: &Transaction<'_>,
    touches_events: bool,
    points: &[LonLat],
) -> Sqlite<()> {
    const NOW: &str = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')";
    let touched = if touches_events { "'articles', 'events'" } else { "'articles'" };
    change.execute(
        &format!("UPDATE gpkg_contents SET last_change = {NOW} WHERE table_name IN ({touched})"),
        [],
    )?;
    let mut grow = change.prepare_cached(
        "UPDATE gpkg_contents SET
             min_x = min(coalesce(min_x, ?1), ?1), min_y = min(coalesce(min_y, ?2), ?2),
             max_x = max(coalesce(max_x, ?3), ?3), max_y = max(coalesce(max_y, ?4), ?4)
         WHERE table_name = 'events'",
    )?;
    let bounds = points.iter().fold(None, |bounds: Option<[f64; 4]>, at| {
        let (x, y) = (at.lon(), at.lat());
        let [west, south, east, north] = bounds.unwrap_or([x, y, x, y]);
        Some([west.min(x), south.min(y), east.max(x), north.max(y)])
    });
    bounds.map_or(Ok(0), |bounds| grow.execute(bounds)).map(drop)
}

/// An event as the values of its row, in the order of the statement.
pub(super) fn cells(event: &Event) -> Vec<Cell> {
    cells_of(event.to_feature(), event.point.map(gpkg::encode))
}

/// A feature as the values of its row.
pub(super) fn cells_of(mut feature: Value, point: Option<Vec<u8>>) -> Vec<Cell> {
    let id = feature.get("id").and_then(Value::as_str).unwrap_or_default();
    let mut cells = vec![point.map_or(Cell::Null, Cell::Blob), Cell::Text(id.to_owned())];
    let mut properties = feature.get_mut("properties");
    cells.extend(PROPERTIES.iter().map(|(name, ..)| {
        let value = properties.as_mut().and_then(|all| all.get_mut(name)).map(Value::take);
        match value.unwrap_or_default() {
            Value::Null => Cell::Null,
            Value::Bool(yes) => Cell::Integer(yes.into()),
            Value::Number(n) => match n.as_i64() {
                Some(n) => Cell::Integer(n),
                None => n.as_f64().map_or(Cell::Null, Cell::Real),
            },
            Value::String(text) => Cell::Text(text),
            list @ (Value::Array(_) | Value::Object(_)) => Cell::Text(list.to_string()),
        }
    }));
    cells
}

/// A row of [`columns`] behind its number, as a GeoJSON feature.
pub(super) fn feature(from: &rusqlite::Row<'_>) -> Sqlite<Value> {
    let at = from.get_ref(1)?.as_blob_or_null()?.and_then(gpkg::decode);
    let id: String = from.get(2)?;
    let found = Found(from);
    let values = (0..PROPERTIES.len()).map(|property| found.value(property));
    Ok(feature_of(&id, at, values.collect::<Sqlite<Vec<Given<'_>>>>()?))
}

/// An event as a GeoJSON feature, from its values in the order of [`PROPERTIES`].
pub(super) fn feature_of(id: &str, at: Option<LonLat>, values: Vec<Given<'_>>) -> Value {
    let mut properties = serde_json::Map::new();
    for (&(name, kind, _), value) in PROPERTIES.iter().zip(values) {
        let value = match value {
            Given::Null if kind == PropertyType::List => Value::Array(Vec::new()),
            Given::Null => Value::Null,
            Given::Integer(number) => number.into(),
            Given::Real(number) => number.into(),
            Given::Text(text) if kind == PropertyType::List => list(&text).into(),
            Given::Text(text) => text.into(),
            Given::List(items) => items.iter().map(String::as_str).collect(),
        };
        properties.insert(name.to_owned(), value);
    }
    let geometry = at.map(|at| json!({ "type": "Point", "coordinates": [at.lon(), at.lat()] }));
    json!({ "type": "Feature", "id": id, "geometry": geometry, "properties": properties })
}

/// The events that were removed after that sequence number, in order.
fn removed(connection: &Connection, after: i64) -> Sqlite<Vec<(u64, String)>> {
    let mut select = connection
        .prepare_cached("SELECT fid, event_id FROM removed WHERE fid > ? ORDER BY fid")?;
    let rows = select.query_map([after], |row| Ok((sequence_of(row)?, row.get(1)?)))?;
    rows.collect()
}

fn sequence_of(from: &rusqlite::Row<'_>) -> Sqlite<u64> {
    let sequence = from.get::<_, i64>(0)?;
    u64::try_from(sequence)
        .map_err(|_negative| rusqlite::Error::IntegralValueOutOfRange(0, sequence))
}

fn row(series: &mut Series<'_>, from: &rusqlite::Row<'_>) -> Sqlite<Row> {
    let sequence = sequence_of(from)?;
    let at = from.get_ref(1)?.as_blob_or_null()?.and_then(gpkg::decode);
    let id = from.get(2)?;
    series.event((sequence, id), at, &Found(from))
}

/// The values of a row of [`columns`] behind its number.
struct Found<'a>(&'a rusqlite::Row<'a>);

impl Found<'_> {
    fn cell(&self, property: usize) -> Sqlite<ValueRef<'_>> {
        self.0.get_ref(property + FIRST)
    }
}

impl Values for Found<'_> {
    type Error = rusqlite::Error;

    fn value(&self, property: usize) -> Sqlite<Given<'_>> {
        self.cell(property).map(given)
    }

    fn mark(&self, property: usize, out: &mut Vec<u8>) -> Sqlite<()> {
        match self.cell(property)? {
            ValueRef::Null | ValueRef::Blob(_) => mark(out, 0, &[]),
            ValueRef::Integer(number) => mark(out, 1, &number.to_le_bytes()),
            ValueRef::Real(number) => mark(out, 2, &number.to_le_bytes()),
            ValueRef::Text(text) => mark(out, 3, text),
        }
        Ok(())
    }
}

/// A cell as it is answered. Lenient, since a GIS program may have edited it.
fn given(cell: ValueRef<'_>) -> Given<'_> {
    match cell {
        ValueRef::Null | ValueRef::Blob(_) => Given::Null,
        ValueRef::Integer(number) => Given::Integer(number),
        ValueRef::Real(number) => Given::Real(number),
        ValueRef::Text(bytes) => {
            // Nearly always whole; mending is slower.
            let text =
                str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::from);
            Given::Text(text)
        }
    }
}
