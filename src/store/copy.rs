//! A store moved to another engine and back: every row, in batches that go on where they were, and told
//! at the end by counts and hashes of both sides.

use std::convert::Infallible;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

mod file;
mod rows;
mod server;
mod tables;

use super::error;
use super::postgis::{self, Address, BadAddress};
pub use rows::Tally;
use rows::{Cell, Tallying};
use tables::{Key, TABLES, Table};

/// Where a store is.
#[derive(Debug, Clone)]
pub enum Location {
    /// A GeoPackage file.
    File(PathBuf),
    /// A PostgreSQL database with PostGIS.
    Server(Box<Address>),
}

impl FromStr for Location {
    type Err = BadAddress;

    fn from_str(text: &str) -> Result<Self, BadAddress> {
        // No file of ours has such a name; a slip in the scheme must not make a password one.
        if text.contains("://") {
            return text.parse().map(|address| Self::Server(Box::new(address)));
        }
        let Ok(path): Result<_, Infallible> = text.parse();
        Ok(Self::File(path))
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Server(address) => address.fmt(f),
        }
    }
}

/// A copy that could not be made or finished. What has arrived stays for the next try.
#[derive(Debug, thiserror::Error)]
#[expect(clippy::error_impl_error, reason = "it is read with its module, as copy::Error")]
pub enum Error {
    /// A file cannot be read or written.
    #[error(transparent)]
    File(#[from] error::Error),
    /// A database cannot be reached, read or written.
    #[error(transparent)]
    Server(#[from] postgis::Error),
    /// A value that no other engine would give back as it is.
    #[error(
        "row {row} of `{table}` in `{place}` cannot be copied: its `{column}` {why}; put it right there and try again"
    )]
    Row {
        /// The store.
        place: String,
        /// The table.
        table: &'static str,
        /// Its key.
        row: String,
        /// The column.
        column: &'static str,
        /// What it is not.
        why: &'static str,
    },
    /// There is a store where the copy should be.
    #[error("`{place}` holds a store already: name another database, or drop its schema `rasid`")]
    NotEmpty {
        /// The database.
        place: String,
    },
    /// What should be copied is a copy of which a part is missing.
    #[error("`{place}` is a copy that was not finished: finish it first")]
    Unfinished {
        /// The store.
        place: String,
    },
    /// What has arrived is not what was sent.
    #[error(
        "`{table}` did not arrive as it was: {sent} in `{from}`, {arrived} in `{to}`; try again, it is copied anew"
    )]
    Differs {
        /// The table.
        table: &'static str,
        /// The store that was copied.
        from: String,
        /// The copy.
        to: String,
        /// What was there to be copied.
        sent: Box<Tally>,
        /// What is in the copy.
        arrived: Box<Tally>,
    },
}

/// How far a copy is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// An earlier try is gone on with.
    GoesOn,
    /// An earlier try is of no use, since the store has changed.
    Anew,
    /// A table is about to be copied, of which so many rows are there already.
    Table {
        /// Its name.
        name: &'static str,
        /// Numbers up to this one are there.
        behind: Option<i64>,
    },
    /// All is there, and both sides are being compared.
    Compares,
}

/// What has arrived of a table, the same on both sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// Its name.
    pub table: &'static str,
    /// How much it is.
    pub tally: Tally,
}

/// Copies a store as it is at this moment to where there is none, and says what has arrived.
///
/// Rows are read and written a few thousand at a time. Interrupted at any moment and called again, it goes on
/// behind what has arrived, or begins anew if the store has changed there. Until it is finished a file has
/// another name, and a database says so in `rasid_meta`.
///
/// # Errors
/// If either store cannot be opened, read or written, if there is one at the target, if somebody else is copying
/// there, or if what arrived is not what was sent.
pub fn copy(
    from: &Location,
    to: &Location,
    tell: &mut dyn FnMut(Progress),
) -> Result<Vec<Copied>, Error> {
    let mut source = Side::to_read(from)?;
    let mut target = Side::to_write(to)?;
    if target.has_rows()? {
        if source.begins_with(&mut target)? {
            tell(Progress::GoesOn);
        } else {
            tell(Progress::Anew);
            target = target.emptied()?;
        }
    }
    for table in &*TABLES {
        let behind = target.last(table)?;
        tell(Progress::Table { name: table.name, behind });
        transfer(&mut source, &mut target, table, behind)?;
    }
    tell(Progress::Compares);
    let mut copied = Vec::new();
    for table in &*TABLES {
        let (sent, arrived) = (source.tally(table, ALL)?, target.tally(table, ALL)?);
        if sent != arrived {
            return Err(Error::Differs {
                table: table.name,
                from: from.to_string(),
                to: to.to_string(),
                sent: Box::new(sent),
                arrived: Box::new(arrived),
            });
        }
        copied.push(Copied { table: table.name, tally: arrived });
    }
    target.finish()?;
    Ok(copied)
}

/// So many rows, or bytes, go together: enough that a transaction each costs little, so few that little
/// is lost with one.
const BATCH: (usize, usize) = (5_000, 8 << 20);

/// Copies what a table has behind a number. A table without numbers is there as a whole or not at all.
fn transfer(
    source: &mut Side,
    target: &mut Side,
    table: &Table,
    behind: Option<i64>,
) -> Result<(), Error> {
    if matches!(table.key, Key::Names(_)) && !target.is_empty(table)? {
        return Ok(());
    }
    let mut batch = Vec::new();
    let mut size = 0;
    target.begin()?;
    source.rows(table, Range { behind: behind.unwrap_or(i64::MIN), to: i64::MAX }, &mut |row| {
        size += row.iter().map(Cell::size).sum::<usize>();
        batch.push(row);
        if batch.len() >= BATCH.0 || size >= BATCH.1 {
            target.append(table, &batch)?;
            batch.clear();
            size = 0;
            if matches!(table.key, Key::Number { .. }) {
                target.commit()?;
                target.begin()?;
            }
        }
        Ok(())
    })?;
    target.append(table, &batch)?;
    if table.has_sequence() {
        target.set_sequence(table, source.sequence(table)?)?;
    }
    target.commit()
}

/// Rows whose number is greater than one and not greater than another.
#[derive(Debug, Clone, Copy)]
struct Range {
    behind: i64,
    to: i64,
}

const ALL: Range = Range { behind: i64::MIN, to: i64::MAX };

/// What takes rows one by one.
type Give<'a> = &'a mut dyn FnMut(Vec<Cell>) -> Result<(), Error>;

/// A store of either engine that is read at one moment, or written.
#[derive(Debug)]
enum Side {
    File(file::Side),
    Server(Box<server::Side>),
}

impl Side {
    fn to_read(location: &Location) -> Result<Self, Error> {
        Ok(match location {
            Location::File(path) => Self::File(file::Side::to_read(path)?),
            Location::Server(address) => Self::Server(Box::new(server::Side::to_read(address)?)),
        })
    }

    fn to_write(location: &Location) -> Result<Self, Error> {
        Ok(match location {
            Location::File(path) => Self::File(file::Side::to_write(path)?),
            Location::Server(address) => Self::Server(Box::new(server::Side::to_write(address)?)),
        })
    }

    /// Whether what has arrived at another is what this one begins with.
    fn begins_with(&mut self, other: &mut Self) -> Result<bool, Error> {
        for table in &*TABLES {
            let to = match (table.key, other.last(table)?) {
                (Key::Number { .. }, Some(last)) => last,
                (Key::Names(_), _) if !other.is_empty(table)? => i64::MAX,
                _ => continue,
            };
            let begun = self.tally(table, Range { to, ..ALL })?;
            if begun != other.tally(table, ALL)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn has_rows(&mut self) -> Result<bool, Error> {
        for table in &*TABLES {
            if !self.is_empty(table)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn tally(&mut self, table: &Table, range: Range) -> Result<Tally, Error> {
        let mut tallying = Tallying::default();
        self.rows(table, range, &mut |row| {
            tallying.add(&row);
            Ok(())
        })?;
        Ok(tallying.done())
    }

    /// Gives the rows of a table in the order of their keys.
    fn rows(&mut self, table: &Table, range: Range, give: Give<'_>) -> Result<(), Error> {
        match self {
            Self::File(side) => side.rows(table, range, give),
            Self::Server(side) => side.rows(table, range, give),
        }
    }

    /// The greatest number in a table that has numbers.
    fn last(&mut self, table: &Table) -> Result<Option<i64>, Error> {
        if matches!(table.key, Key::Names(_)) {
            return Ok(None);
        }
        match self {
            Self::File(side) => side.last(table),
            Self::Server(side) => side.last(table),
        }
    }

    fn is_empty(&mut self, table: &Table) -> Result<bool, Error> {
        match self {
            Self::File(side) => side.is_empty(table),
            Self::Server(side) => side.is_empty(table),
        }
    }

    fn append(&mut self, table: &Table, rows: &[Vec<Cell>]) -> Result<(), Error> {
        match self {
            _ if rows.is_empty() => Ok(()),
            Self::File(side) => side.append(table, rows),
            Self::Server(side) => side.append(table, rows),
        }
    }

    /// The last number that a table's sequence gave.
    fn sequence(&mut self, table: &Table) -> Result<i64, Error> {
        match self {
            Self::File(side) => side.sequence(table),
            Self::Server(side) => side.sequence(table),
        }
    }

    fn set_sequence(&mut self, table: &Table, last: i64) -> Result<(), Error> {
        match self {
            Self::File(side) => side.set_sequence(table, last),
            Self::Server(side) => side.set_sequence(table, last),
        }
    }

    fn begin(&mut self) -> Result<(), Error> {
        match self {
            Self::File(side) => side.run("BEGIN IMMEDIATE"),
            Self::Server(side) => side.run("BEGIN"),
        }
    }

    fn commit(&mut self) -> Result<(), Error> {
        match self {
            Self::File(side) => side.run("COMMIT"),
            Self::Server(side) => side.run("COMMIT"),
        }
    }

    /// The same without a row.
    fn emptied(self) -> Result<Self, Error> {
        Ok(match self {
            Self::File(side) => Self::File(side.emptied()?),
            Self::Server(side) => Self::Server(Box::new(side.emptied()?)),
        })
    }

    /// Makes a copy that is whole a store that may be used.
    fn finish(self) -> Result<(), Error> {
        match self {
            Self::File(side) => side.finish(),
            Self::Server(side) => side.finish(),
        }
    }
}

/// What is wrong with a value, with where it stands.
fn refused(place: String, table: &Table, row: &[Cell], column: usize, why: &'static str) -> Error {
    let row = match row.first() {
        Some(Cell::Number(number)) => number.to_string(),
        Some(Cell::Text(name)) => format!("`{name}`"),
        _ => "?".to_owned(),
    };
    let column = table.columns.get(column).map_or("", |(name, _)| name);
    Error::Row { place, table: table.name, row, column, why }
}
