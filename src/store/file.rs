//! The store's file among others: which one it is, and who serves it.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use super::error::Error;

/// Which file has a name, so that another of that name is told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Identity {
    device: u64,
    number: u64,
}

impl Identity {
    pub(super) fn of(path: &Path) -> Result<Self, Error> {
        let found = fs::metadata(path).map_err(|error| Error::from_io(path, error))?;
        Ok(Self { device: found.dev(), number: found.ino() })
    }

    /// Fails if the name is gone or means another file: SQLite goes on writing into one that nobody
    /// can open again.
    pub(super) fn is_still_at(self, path: &Path) -> Result<(), Error> {
        let taken = |how| Err(Error::TakenAway { path: path.to_owned(), how });
        match fs::metadata(path) {
            Ok(found) if (found.dev(), found.ino()) == (self.device, self.number) => Ok(()),
            Ok(_) => taken("replaced"),
            Err(error) if error.kind() == ErrorKind::NotFound => taken("deleted"),
            Err(error) => Err(Error::from_io(path, error)),
        }
    }
}

/// The right to serve a store, held until it is dropped or the program ends, however it ends.
///
/// Programs that read or write the store without serving it need none.
#[derive(Debug)]
pub struct Claim {
    _held: File,
}

impl Claim {
    /// Takes the right by a lock on an empty file beside the store.
    ///
    /// # Errors
    /// [`Error::Served`] if another server has it.
    pub fn take(store: &Path) -> Result<Self, Error> {
        let beside = beside(store);
        let opened = OpenOptions::new().create(true).truncate(false).write(true).open(&beside);
        let held = opened.map_err(|error| Error::from_io(store, error))?;
        match held.try_lock() {
            Ok(()) => Ok(Self { _held: held }),
            Err(TryLockError::WouldBlock) => Err(Error::Served { path: store.to_owned() }),
            Err(TryLockError::Error(error)) => Err(Error::from_io(store, error)),
        }
    }
}

/// `rasid.gpkg.lock`, wherever a link leads: one store is one, by whatever name.
fn beside(store: &Path) -> PathBuf {
    let mut name = fs::canonicalize(store).unwrap_or_else(|_not_there| store.to_owned());
    name.as_mut_os_string().push(".lock");
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_server_has_a_store_and_the_next_has_it_afterwards() {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("rasid.gpkg");
        let first = Claim::take(&store).unwrap();
        let told = Claim::take(&store).unwrap_err().to_string();
        assert!(told.contains("is served by another rasid: stop it"), "{told}");
        assert!(Claim::take(&folder.path().join("other.gpkg")).is_ok());
        drop(first);
        assert!(Claim::take(&store).is_ok());
    }

    #[test]
    fn a_link_to_a_store_is_that_store() {
        let folder = tempfile::tempdir().unwrap();
        let [store, link] = ["rasid.gpkg", "link.gpkg"].map(|name| folder.path().join(name));
        fs::write(&store, "").unwrap();
        std::os::unix::fs::symlink(&store, &link).unwrap();
        let _held = Claim::take(&store).unwrap();
        assert!(matches!(Claim::take(&link), Err(Error::Served { .. })));
    }
}
