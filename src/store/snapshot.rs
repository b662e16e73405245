//! The index as it was, in a file beside the store: a start that finds one reads only what came since.
//!
//! It may be taken away at any time; the next start then reads all of the store.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use super::frames::{Broken, Reader, Writer};
use super::index::{Index, Layout};
use crate::model::event::PROPERTIES;

/// Changes with the form of what is written.
const FORM: u32 = 2;

/// What the first value of a file must be to be read: it was written by the same program, of events
/// that were sealed so.
fn heading(seal: &str) -> (u32, &'static str, String, &str) {
    (FORM, env!("CARGO_PKG_VERSION"), format!("{PROPERTIES:?}"), seal)
}

/// `rasid.gpkg.index`.
pub(super) fn beside(store: &Path) -> PathBuf {
    let mut name = store.to_owned();
    name.as_mut_os_string().push(".index");
    name
}

/// The index of events that are sealed so, if it was written.
pub(super) fn read(store: &Path, seal: &str) -> Option<Index> {
    let file = File::open(beside(store)).ok()?;
    let mut input = Reader::new(BufReader::with_capacity(1 << 20, file));
    let mut index = || {
        let is_ours = input.take::<(u32, &str, String, &str)>()? == heading(seal);
        is_ours.then(|| Index::read(Layout::new(PROPERTIES), &mut input)).transpose()
    };
    index().unwrap_or_else(|broken: Broken| {
        tracing::warn!("{}: {broken}; all events are read anew", beside(store).display());
        None
    })
}

/// Writes an index in the place of the one that was written before.
pub(super) fn write(store: &Path, seal: &str, index: &Index) -> io::Result<()> {
    let to = beside(store);
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty());
    let partial = tempfile::Builder::new()
        .prefix(to.file_name().unwrap_or_default())
        .tempfile_in(folder.unwrap_or(Path::new(".")))?;
    let mut out = Writer::new(BufWriter::with_capacity(1 << 20, partial.as_file()));
    out.put(&heading(seal))?;
    index.write(&mut out)?;
    out.into_inner().flush()?;
    // What is torn by a failing disk is told by its checksums.
    partial.persist(&to)?;
    Ok(())
}

/// Takes away what was written of a store.
pub(super) fn remove(store: &Path) -> io::Result<()> {
    match fs::remove_file(beside(store)) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
