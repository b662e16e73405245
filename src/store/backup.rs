//! Copies of a store that are whole or not there, while others read and write it.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use super::error::Error;
use super::file::Claim;
use super::snapshot;
use super::sqlite::{self, PATIENCE};

/// Writes a copy of a store as it is at this moment. Nobody waits for it, and it waits for nobody.
///
/// # Errors
/// If there is no store, the copy is there already, or cannot be written; then there is no copy.
pub fn backup(store: &Path, to: &Path) -> Result<(), Error> {
    if to.exists() {
        return Err(Error::Exists { path: to.to_owned() });
    }
    let whole = copy(store, to)?;
    fs::rename(&whole, to).map_err(|error| Error::from_io(to, error))
}

/// Makes a copy the store. One that is there is only replaced if that is wanted, and never one that is
/// served.
///
/// # Errors
/// If the copy is not whole or not of this program, or the store cannot be replaced; then it stays.
pub fn restore(from: &Path, store: &Path, replace: bool) -> Result<(), Error> {
    let _alone = Claim::take(store)?;
    if store.exists() && !replace {
        return Err(Error::Exists { path: store.to_owned() });
    }
    let whole = copy(from, store)?;
    // What the old file had not taken in yet must not get into the new one.
    for ending in ["-wal", "-shm"] {
        let mut beside = store.to_owned();
        beside.as_mut_os_string().push(ending);
        fs::remove_file(beside).ok();
    }
    snapshot::remove(store).map_err(|error| Error::from_io(store, error))?;
    fs::rename(&whole, store).map_err(|error| Error::from_io(store, error))
}

/// Writes a copy beside where it is wanted, and sees that it is whole.
fn copy(from: &Path, to: &Path) -> Result<PathBuf, Error> {
    if !sqlite::exists_as_geopackage(from)? {
        let why = "there is nothing in it";
        return Err(Error::NotOurs { path: from.to_owned(), why });
    }
    let failed = |error| Error::from_sqlite(from, error);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let source = Connection::open_with_flags(from, flags).map_err(failed)?;
    source.busy_timeout(PATIENCE).map_err(failed)?;
    if !sqlite::has_schema(&source).map_err(failed)? {
        let why = "a GeoPackage of another program";
        return Err(Error::NotOurs { path: from.to_owned(), why });
    }
    let mut partial = to.to_owned();
    partial.as_mut_os_string().push(".partial");
    // What an earlier try left is worth nothing.
    fs::remove_file(&partial).ok();
    let written = source
        .execute("VACUUM INTO ?", [partial.to_string_lossy()])
        .map_err(|error| Error::from_sqlite(to, error))
        .and_then(|_| is_whole(&partial));
    if written.is_err() {
        fs::remove_file(&partial).ok();
    }
    written.map(|()| partial)
}

fn is_whole(copy: &Path) -> Result<(), Error> {
    let failed = |error| Error::from_sqlite(copy, error);
    // Not made if it is not there.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let opened = Connection::open_with_flags(copy, flags).map_err(failed)?;
    let told: String =
        opened.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).map_err(failed)?;
    if told != "ok" {
        return Err(Error::Damaged { path: copy.to_owned(), told });
    }
    File::open(copy).and_then(|file| file.sync_all()).map_err(|error| Error::from_io(copy, error))
}
