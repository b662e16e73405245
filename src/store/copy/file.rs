//! The side of a copy that is a GeoPackage file.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, OpenFlags, OptionalExtension as _, params_from_iter};

use super::rows::Cell;
use super::tables::{Kind, Table};
use super::{Error, Give, Range, refused};
use crate::store::error::Error as FileError;
use crate::store::gpkg;
use crate::store::sqlite::{self, PATIENCE, Sqlite};

/// An open file.
#[derive(Debug)]
pub(super) struct Side {
    /// Where the store is, or will be once it is whole.
    path: PathBuf,
    /// The file that is open.
    file: PathBuf,
    connection: Connection,
}

impl Side {
    /// Reads the store as it is now, whoever writes meanwhile.
    pub(super) fn to_read(path: &Path) -> Result<Self, Error> {
        if !sqlite::exists_as_geopackage(path)? {
            let why = "there is nothing in it";
            return Err(FileError::NotOurs { path: path.to_owned(), why }.into());
        }
        let connection = sqlite::Database::open(path)?.connection;
        let mut side = Self { path: path.to_owned(), file: path.to_owned(), connection };
        side.run("BEGIN")?;
        let sql = "SELECT 1 FROM rasid_meta WHERE key = 'copying'";
        let mark = side.ask(|of| of.query_row(sql, [], |_| Ok(())).optional())?;
        let place = || path.display().to_string();
        mark.map_or(Ok(side), |()| Err(Error::Unfinished { place: place() }))
    }

    /// Opens the file that has another name until the copy is whole, and makes it if it is not there.
    pub(super) fn to_write(path: &Path) -> Result<Self, Error> {
        if path.exists() {
            return Err(FileError::Exists { path: path.to_owned() }.into());
        }
        let mut file = path.to_owned();
        file.as_mut_os_string().push(".copying");
        let failed = |error| FileError::from_sqlite(&file, error);
        let is_there = sqlite::exists_as_geopackage(&file)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(&file, flags).map_err(failed)?;
        connection.busy_timeout(PATIENCE).map_err(failed)?;
        // Nobody else copies into it.
        connection.pragma_update(None, "locking_mode", "EXCLUSIVE").map_err(failed)?;
        if is_there && !sqlite::has_schema(&connection).map_err(failed)? {
            let why = "a GeoPackage of another program";
            return Err(FileError::NotOurs { path: file, why }.into());
        }
        sqlite::migrate(&mut connection, &file)?;
        gpkg::register_functions(&connection).map_err(failed)?;
        let mut side = Self { path: path.to_owned(), file, connection };
        side.run("INSERT OR REPLACE INTO rasid_meta VALUES ('copying', 'not finished')")?;
        Ok(side)
    }

    pub(super) fn rows(
        &mut self,
        table: &Table,
        range: Range,
        give: Give<'_>,
    ) -> Result<(), Error> {
        let failed = |error| Error::from(FileError::from_sqlite(&self.file, error));
        let (name, columns, order) = (table.name, table.names(), table.order());
        let among = match table.key {
            super::Key::Number { .. } => "fid > ?1 AND fid <= ?2",
            // Both are given in any case.
            super::Key::Names(_) => "?1 <= ?2",
        };
        let sql = format!("SELECT {columns} FROM {name} WHERE {among} ORDER BY {order}");
        let mut select = self.connection.prepare(&sql).map_err(failed)?;
        let mut found = select.query([range.behind, range.to]).map_err(failed)?;
        while let Some(from) = found.next().map_err(failed)? {
            let mut row = Vec::with_capacity(table.columns.len());
            for (at, &(_, kind)) in table.columns.iter().enumerate() {
                let cell = cell(kind, from.get_ref(at).map_err(failed)?).map_err(|why| {
                    refused(self.path.display().to_string(), table, &row, at, why)
                })?;
                row.push(cell);
            }
            give(row)?;
        }
        Ok(())
    }

    pub(super) fn last(&mut self, table: &Table) -> Result<Option<i64>, Error> {
        let sql = format!("SELECT max(fid) FROM {}", table.name);
        self.ask(|of| of.query_row(&sql, [], |row| row.get(0)))
    }

    pub(super) fn is_empty(&mut self, table: &Table) -> Result<bool, Error> {
        let sql = format!("SELECT NOT EXISTS (SELECT 1 FROM {})", table.name);
        self.ask(|of| of.query_row(&sql, [], |row| row.get(0)))
    }

    pub(super) fn append(&mut self, table: &Table, rows: &[Vec<Cell>]) -> Result<(), Error> {
        let marks = vec!["?"; table.columns.len()].join(", ");
        let sql = format!("INSERT INTO {} ({}) VALUES ({marks})", table.name, table.names());
        self.ask(|of| {
            let mut insert = of.prepare_cached(&sql)?;
            rows.iter().try_for_each(|row| {
                insert.execute(params_from_iter(row.iter().map(value))).map(drop)
            })
        })
    }

    pub(super) fn sequence(&mut self, table: &Table) -> Result<i64, Error> {
        let sql = "SELECT seq FROM sqlite_sequence WHERE name = ?";
        let last = self.ask(|of| of.query_row(sql, [table.name], |row| row.get(0)).optional())?;
        Ok(last.unwrap_or(0))
    }

    pub(super) fn set_sequence(&mut self, table: &Table, last: i64) -> Result<(), Error> {
        self.ask(|of| {
            of.execute("DELETE FROM sqlite_sequence WHERE name = ?", [table.name])?;
            let sql = "INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)";
            of.execute(sql, (table.name, last)).map(drop)
        })
    }

    pub(super) fn run(&mut self, sql: &str) -> Result<(), Error> {
        self.ask(|of| of.execute_batch(sql))
    }

    pub(super) fn emptied(self) -> Result<Self, Error> {
        let Self { path, file, connection } = self;
        drop(connection);
        fs::remove_file(&file).map_err(|error| FileError::from_io(&file, error))?;
        Self::to_write(&path)
    }

    pub(super) fn finish(mut self) -> Result<(), Error> {
        self.run(
            "BEGIN IMMEDIATE;
             UPDATE gpkg_contents SET last_change = strftime('%Y-%m-%dT%H:%M:%fZ', 'now');
             UPDATE gpkg_contents SET (min_x, min_y, max_x, max_y) =
                 (SELECT min(ST_MinX(geom)), min(ST_MinY(geom)), max(ST_MaxX(geom)), max(ST_MaxY(geom))
                  FROM events)
                 WHERE table_name = 'events';
             DELETE FROM rasid_meta WHERE key = 'copying';
             COMMIT",
        )?;
        let Self { path, file, connection } = self;
        connection.close().map_err(|(_, error)| FileError::from_sqlite(&file, error))?;
        let kept = File::open(&file).and_then(|open| open.sync_all());
        kept.map_err(|error| FileError::from_io(&file, error))?;
        if path.exists() {
            return Err(FileError::Exists { path }.into());
        }
        fs::rename(&file, &path).map_err(|error| FileError::from_io(&path, error).into())
    }

    fn ask<T>(&mut self, work: impl FnOnce(&Connection) -> Sqlite<T>) -> Result<T, Error> {
        work(&self.connection).map_err(|error| FileError::from_sqlite(&self.file, error).into())
    }
}

/// A value of a column; an error says what it is not.
fn cell(kind: Kind, value: ValueRef<'_>) -> Result<Cell, &'static str> {
    Ok(match (kind, value) {
        (_, ValueRef::Null) => Cell::Null,
        (Kind::Number, ValueRef::Integer(number)) => Cell::Number(number),
        (Kind::Real, ValueRef::Real(number)) => Cell::Real(number),
        // What is no point is no place on the map either.
        (Kind::Point, ValueRef::Blob(bytes)) => gpkg::decode(bytes).map_or(Cell::Null, Cell::Point),
        (Kind::Bytes, ValueRef::Blob(bytes)) => Cell::Bytes(bytes.to_vec()),
        (_, ValueRef::Text(bytes)) => {
            let text = str::from_utf8(bytes).map_err(|_torn| "is not UTF-8")?;
            return Cell::from_text(kind, text.to_owned());
        }
        _ => return Err(kind.refusal()),
    })
}

fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Number(number) => Value::Integer(*number),
        Cell::Real(number) => Value::Real(*number),
        Cell::Text(text) => Value::Text(text.clone()),
        Cell::Point(at) => Value::Blob(gpkg::encode(*at)),
        Cell::Bytes(bytes) => Value::Blob(bytes.clone()),
    }
}
