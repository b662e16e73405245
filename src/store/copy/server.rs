//! The side of a copy that is a database.

use std::fmt::Write as _;
use std::io::Write as _;

use postgres::Row;
use postgres::fallible_iterator::FallibleIterator as _;

use super::rows::Cell;
use super::tables::{Key, Kind, TABLES, Table};
use super::{Error, Give, Range, refused};
use crate::model::hex::hex;
use crate::model::point::LonLat;
use crate::store::postgis::{Address, Database};

/// An open database.
#[derive(Debug)]
pub(super) struct Side {
    database: Database,
    place: String,
}

impl Side {
    /// Reads the store as it is now, whoever writes meanwhile.
    pub(super) fn to_read(address: &Address) -> Result<Self, Error> {
        let database = Database::open(address)?;
        let mut side = Self { database, place: address.to_string() };
        side.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
        if side.database.meta("copying")?.is_some() {
            return Err(Error::Unfinished { place: side.place });
        }
        Ok(side)
    }

    /// Opens a database without a store, or with a copy that was begun, for nobody else.
    pub(super) fn to_write(address: &Address) -> Result<Self, Error> {
        let mut database = Database::make(address)?;
        database.claim()?;
        let mut side = Self { database, place: address.to_string() };
        if side.database.meta("copying")?.is_some() {
            return Ok(side);
        }
        for table in &*TABLES {
            if !side.is_empty(table)? {
                return Err(Error::NotEmpty { place: side.place });
            }
        }
        side.run("INSERT INTO rasid.rasid_meta VALUES ('copying', 'not finished')")?;
        Ok(side)
    }

    pub(super) fn rows(
        &mut self,
        table: &Table,
        range: Range,
        give: Give<'_>,
    ) -> Result<(), Error> {
        let (name, order) = (table.name, table.order());
        let columns: Vec<String> = table.columns.iter().map(|&of| selected(of)).collect();
        let columns = columns.join(", ");
        let among = match table.key {
            Key::Number { .. } => "fid > $1 AND fid <= $2",
            // Both are given in any case.
            Key::Names(_) => "$1::bigint <= $2::bigint",
        };
        let sql = format!("SELECT {columns} FROM rasid.{name} WHERE {among} ORDER BY {order}");
        let place = &self.place;
        let mut taken = Ok(());
        self.database.ask(|client| {
            let mut found = client.query_raw(&sql, [range.behind, range.to])?;
            while let Some(from) = found.next()? {
                taken = read(table, &from, place).and_then(&mut *give);
                if taken.is_err() {
                    break;
                }
            }
            Ok(())
        })?;
        taken
    }

    pub(super) fn last(&mut self, table: &Table) -> Result<Option<i64>, Error> {
        self.one(&format!("SELECT max(fid) FROM rasid.{}", table.name))
    }

    pub(super) fn is_empty(&mut self, table: &Table) -> Result<bool, Error> {
        self.one(&format!("SELECT NOT EXISTS (SELECT 1 FROM rasid.{})", table.name))
    }

    pub(super) fn append(&mut self, table: &Table, rows: &[Vec<Cell>]) -> Result<(), Error> {
        let sql = format!("COPY rasid.{} ({}) FROM STDIN", table.name, table.names());
        let mut lines = String::new();
        for row in rows {
            write_line(&mut lines, row);
        }
        let mut sent = Ok(());
        self.database.ask(|client| {
            let mut writer = client.copy_in(&sql)?;
            sent = writer.write_all(lines.as_bytes());
            // Tells what the server had against it, if it had.
            writer.finish().map(drop)
        })?;
        sent.map_err(|error| self.database.lost(error).into())
    }

    pub(super) fn sequence(&mut self, table: &Table) -> Result<i64, Error> {
        let name = table.name;
        self.one(&format!(
            "SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM rasid.{name}_fid_seq"
        ))
    }

    pub(super) fn set_sequence(&mut self, table: &Table, last: i64) -> Result<(), Error> {
        let name = table.name;
        let sql = format!("SELECT setval('rasid.{name}_fid_seq', $1::bigint + 1, false)");
        self.database.ask(|client| client.execute(&sql, &[&last]))?;
        Ok(())
    }

    pub(super) fn run(&mut self, sql: &str) -> Result<(), Error> {
        Ok(self.database.ask(|client| client.batch_execute(sql))?)
    }

    pub(super) fn emptied(mut self) -> Result<Self, Error> {
        self.run(&format!("TRUNCATE {}", names()))?;
        Ok(self)
    }

    pub(super) fn finish(mut self) -> Result<(), Error> {
        self.run("DELETE FROM rasid.rasid_meta WHERE key = 'copying'")?;
        // So that the first questions are planned well.
        self.run(&format!("ANALYZE {}", names()))
    }

    fn one<T: for<'a> postgres::types::FromSql<'a>>(&mut self, sql: &str) -> Result<T, Error> {
        Ok(self.database.ask(|client| client.query_one(sql, &[])?.try_get(0))?)
    }
}

/// All tables, as in a statement.
fn names() -> String {
    let names: Vec<String> = TABLES.iter().map(|table| format!("rasid.{}", table.name)).collect();
    names.join(", ")
}

/// A column in the form in which [`read`] takes it.
fn selected((name, kind): (&str, Kind)) -> String {
    match kind {
        Kind::Number | Kind::Real | Kind::Text | Kind::Bytes => name.to_owned(),
        Kind::Day | Kind::Json | Kind::List => format!("{name}::text"),
        Kind::Moment => format!("to_char({name}, 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')"),
        Kind::Point => {
            format!("CASE WHEN NOT ST_IsEmpty({name}) THEN ARRAY[ST_X({name}), ST_Y({name})] END")
        }
    }
}

fn read(table: &Table, from: &Row, place: &str) -> Result<Vec<Cell>, Error> {
    let mut row = Vec::with_capacity(table.columns.len());
    for (at, &(_, kind)) in table.columns.iter().enumerate() {
        let cell = cell(kind, from, at);
        let cell = cell.map_err(|why| refused(place.to_owned(), table, &row, at, why))?;
        row.push(cell);
    }
    Ok(row)
}

/// A value of a column; an error says what it is not.
fn cell(kind: Kind, from: &Row, at: usize) -> Result<Cell, &'static str> {
    let strange = |_other_type| kind.refusal();
    let cell = match kind {
        Kind::Number => from.try_get::<_, Option<_>>(at).map_err(strange)?.map(Cell::Number),
        Kind::Real => from.try_get::<_, Option<_>>(at).map_err(strange)?.map(Cell::Real),
        Kind::Bytes => from.try_get::<_, Option<_>>(at).map_err(strange)?.map(Cell::Bytes),
        Kind::Text | Kind::Day | Kind::Moment | Kind::Json | Kind::List => {
            let text: Option<String> = from.try_get(at).map_err(strange)?;
            text.map(|text| Cell::from_text(kind, text)).transpose()?
        }
        Kind::Point => {
            let numbers: Option<Vec<f64>> = from.try_get(at).map_err(strange)?;
            let point = |numbers: Vec<f64>| match numbers[..] {
                [lon, lat] => LonLat::new(lon, lat),
                _ => None,
            };
            numbers.map(|of| point(of).map(Cell::Point).ok_or(kind.refusal())).transpose()?
        }
    };
    Ok(cell.unwrap_or(Cell::Null))
}

/// Writes a row as `COPY` reads it: cells between tabs, `\N` for null, marks behind a backslash.
fn write_line(out: &mut String, row: &[Cell]) {
    const CANNOT_FAIL: &str = "writing to a text cannot fail";
    for (at, cell) in row.iter().enumerate() {
        if at > 0 {
            out.push('\t');
        }
        match cell {
            Cell::Null => out.push_str("\\N"),
            Cell::Number(number) => write!(out, "{number}").expect(CANNOT_FAIL),
            Cell::Real(number) => write!(out, "{number}").expect(CANNOT_FAIL),
            Cell::Point(at) => {
                write!(out, "SRID=4326;POINT({} {})", at.lon(), at.lat()).expect(CANNOT_FAIL);
            }
            Cell::Bytes(bytes) => {
                out.push_str("\\\\x");
                out.push_str(&hex(bytes));
            }
            Cell::Text(text) => {
                for c in text.chars() {
                    match c {
                        '\\' => out.push_str("\\\\"),
                        '\t' => out.push_str("\\t"),
                        '\n' => out.push_str("\\n"),
                        '\r' => out.push_str("\\r"),
                        c => out.push(c),
                    }
                }
            }
        }
    }
    out.push('\n');
}
