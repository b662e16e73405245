//! What can go wrong with a store file, told apart by what the operator can do about it.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

use super::postgis;

/// A store that cannot be opened, read or written. Every message names it.
#[derive(Debug, thiserror::Error)]
#[expect(clippy::error_impl_error, reason = "it is read with its module, as store::Error")]
pub enum Error {
    /// The file belongs to something else; nothing was written into it.
    #[error(
        "`{path}` is not a rasid store ({why}); it was left as it is: name another file with --store"
    )]
    NotOurs {
        /// The file.
        path: PathBuf,
        /// What it is instead.
        why: &'static str,
    },
    /// The file was written by a newer rasid.
    #[error("store `{path}` has schema {found}, this rasid knows up to {known}: use a newer rasid")]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its schema version.
        found: u32,
        /// The last version known here.
        known: u32,
    },
    /// Another process held the file for longer than we wait.
    #[error("store `{path}` is locked by another program: close it there and try again")]
    Busy {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// The file is damaged.
    #[error(
        "store `{path}` is damaged: restore it from a backup, or move it away and ingest again"
    )]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// The disk is full; what was being written was undone.
    #[error("no room left on the disk of store `{path}`: free some and try again")]
    Full {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// The file or its folder cannot be written.
    #[error(
        "store `{path}` is read-only: make the file and its folder writable, or name another file with --store"
    )]
    ReadOnly {
        /// The file.
        path: PathBuf,
    },
    /// The file cannot be opened or made.
    #[error(
        "cannot open store `{path}`: it must be readable and writable, its folder must exist and be writable"
    )]
    CannotOpen {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The file that was opened is no longer there, or another has its name.
    #[error(
        "store `{path}` was {how} while it was in use; what was written since is not kept: put it back and start again"
    )]
    TakenAway {
        /// The file.
        path: PathBuf,
        /// What happened to it.
        how: &'static str,
    },
    /// There is a file where one was to be written.
    #[error("`{path}` is there already: name another file, or take it away")]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// A copy is not as it was written.
    #[error("the copy `{path}` is not whole ({told}): try again, on another disk")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        told: String,
    },
    /// What was to be written breaks a rule of the file; nothing of it was.
    #[error("store `{path}` does not take what is in it")]
    Refused {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// Another server has the store.
    #[error(
        "store `{path}` is served by another rasid: stop it, or name another file with --store"
    )]
    Served {
        /// The file.
        path: PathBuf,
    },
    /// The store is a database, which cannot be reached or read, or is only read.
    #[error(transparent)]
    Server(#[from] postgis::Error),
    /// Anything else.
    #[error("store `{path}` failed")]
    Other {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
}

impl Error {
    /// Whether it is a database that does not answer, which whoever follows it has told.
    pub const fn is_away(&self) -> bool {
        matches!(self, Self::Server(postgis::Error::Away { .. }))
    }

    /// Whether the store does not take what was given to it; something else may be.
    pub const fn is_refusal(&self) -> bool {
        matches!(self, Self::Refused { .. } | Self::Server(postgis::Error::Refused { .. }))
    }

    pub(super) fn from_sqlite(path: &Path, source: rusqlite::Error) -> Self {
        let path = path.to_owned();
        match source.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                Self::Busy { path, source }
            }
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Self::Corrupt { path, source }
            }
            Some(ErrorCode::DiskFull) => Self::Full { path, source },
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Self::ReadOnly { path },
            Some(ErrorCode::CannotOpen) => Self::CannotOpen { path, source: source.into() },
            Some(ErrorCode::ConstraintViolation | ErrorCode::TooBig | ErrorCode::TypeMismatch) => {
                Self::Refused { path, source }
            }
            _ => Self::Other { path, source },
        }
    }

    pub(super) fn from_io(path: &Path, source: io::Error) -> Self {
        Self::CannotOpen { path: path.to_owned(), source: source.into() }
    }
}
