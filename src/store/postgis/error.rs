//! What can go wrong with a database, told apart by what the operator can do about it.

use std::error::Error as _;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use postgres::error::SqlState;

use super::address::Address;

/// A database that cannot be reached, read or written. Every message names it, none its password.
#[derive(Debug, thiserror::Error)]
#[expect(clippy::error_impl_error, reason = "it is read with its module, as postgis::Error")]
pub enum Error {
    /// Nobody answers.
    #[error(
        "cannot reach the database `{address}`: see that host and port are right, and that the server runs and lets this machine in"
    )]
    Unreachable {
        /// The database.
        address: String,
        /// What the system said.
        source: postgres::Error,
    },
    /// The server cannot be spoken to in private.
    #[error(
        "cannot speak to `{address}` in private: the server must offer TLS with a certificate for its name from an authority that this system knows or `sslrootcert=FILE` names; `sslmode=disable` does without"
    )]
    Tls {
        /// The database.
        address: String,
        /// What is wrong.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The file of certificates cannot be used.
    #[error("cannot use the certificates in `{path}`: it must hold some, as PEM")]
    Roots {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Password or user are wrong.
    #[error(
        "`{address}` does not let this user in: set the password as PGPASSWORD or in ~/.pgpass (nobody else may read it), and see that the user is right"
    )]
    NotLetIn {
        /// The database.
        address: String,
        /// What the server said.
        source: postgres::Error,
    },
    /// There is no such database.
    #[error("there is no database `{address}`: make it with createdb, or name another")]
    NoDatabase {
        /// The database.
        address: String,
    },
    /// It cannot keep points.
    #[error("`{address}` has no PostGIS: let its administrator run CREATE EXTENSION postgis in it")]
    NoPostgis {
        /// The database.
        address: String,
    },
    /// There is nothing of ours in it.
    #[error("`{address}` is not a rasid database ({why}); it was left as it is")]
    NotOurs {
        /// The database.
        address: String,
        /// What there is.
        why: &'static str,
    },
    /// It was written by a newer rasid.
    #[error("`{address}` has schema {found}, this rasid knows up to {known}: use a newer rasid")]
    Newer {
        /// The database.
        address: String,
        /// Its schema version.
        found: usize,
        /// The last version known here.
        known: usize,
    },
    /// It was written by an older rasid, and this user may not bring it up to date.
    #[error(
        "`{address}` has schema {found}, this rasid needs {known}: let its owner run `rasid serve` or `rasid copy` on it once, which bring it up to date"
    )]
    Older {
        /// The database.
        address: String,
        /// Its schema version.
        found: usize,
        /// The version that is needed.
        known: usize,
    },
    /// A store is still on its way into it.
    #[error(
        "a copy into `{address}` is not finished: finish it with `rasid copy`, then it can be served"
    )]
    Copying {
        /// The database.
        address: String,
    },
    /// It takes no writes, as a standby.
    #[error("`{address}` takes no writes: name the server that does")]
    ReadOnly {
        /// The database.
        address: String,
        /// What the server said.
        source: postgres::Error,
    },
    /// It is a store that was opened to be read.
    #[error(
        "`{address}` is only read by `rasid serve`: `rasid ingest` and `rasid import` write into it"
    )]
    OnlyRead {
        /// The database.
        address: String,
    },
    /// Another program writes, and does not end.
    #[error(
        "`{address}` was held by another writer for a minute: see who is in a long transaction there, and try again"
    )]
    Held {
        /// The database.
        address: String,
        /// What the server said.
        source: postgres::Error,
    },
    /// Another store is where one was that was written to.
    #[error("`{address}` holds another store than before: begin again")]
    Another {
        /// The database.
        address: String,
    },
    /// What was to be written breaks a rule of the database; nothing of it was.
    #[error("`{address}` does not take what is in it")]
    Refused {
        /// The database.
        address: String,
        /// What the server said.
        source: postgres::Error,
    },
    /// Somebody made a report unreadable.
    #[error("report {number} of `{address}` is no event: put it right there")]
    Unreadable {
        /// The database.
        address: String,
        /// The report: `reports.fid`.
        number: i64,
    },
    /// It does not answer as fast as is waited for.
    #[error("`{address}` does not answer within {} s: see that it runs and what it is busy with", .patience.as_secs())]
    Slow {
        /// The database.
        address: String,
        /// How long was waited.
        patience: Duration,
    },
    /// It was not reached when it was last tried, and is not asked before it is reached again.
    #[error("`{address}` cannot be reached at the moment: it is tried again and again")]
    Away {
        /// The database.
        address: String,
    },
    /// As many connections are open as may be.
    #[error(
        "`{address}` lets no more connections in: raise its `max_connections` or the role's CONNECTION LIMIT, or end something that holds some"
    )]
    NoRoom {
        /// The database.
        address: String,
        /// What the server said.
        source: postgres::Error,
    },
    /// The user may not do that.
    #[error("the user of `{address}` may not do that: ask its administrator")]
    Denied {
        /// The database.
        address: String,
        /// What the server said.
        source: postgres::Error,
    },
    /// The disk of the server is full.
    #[error("no room left on the disk of `{address}`: free some and try again")]
    Full {
        /// The database.
        address: String,
        /// What the server said.
        source: postgres::Error,
    },
    /// The server went away.
    #[error("the connection to `{address}` was lost: try again")]
    Lost {
        /// The database.
        address: String,
        /// What the system said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Somebody else is writing a copy into it.
    #[error("somebody else is copying into `{address}`: wait for the end of that")]
    Busy {
        /// The database.
        address: String,
    },
    /// Anything else.
    #[error("`{address}` failed{}", .whereabouts.as_ref().map(|at| format!(" ({at})")).unwrap_or_default())]
    Other {
        /// The database.
        address: String,
        /// Where in the data, as the server tells it.
        whereabouts: Option<String>,
        /// What the server said.
        source: postgres::Error,
    },
}

impl Error {
    /// Whether it helps to connect anew.
    pub(super) const fn is_cut(&self) -> bool {
        matches!(self, Self::Lost { .. })
    }

    /// The system gives no connection.
    pub(super) fn lost(address: &Address, source: io::Error) -> Self {
        Self::Lost { address: address.to_string(), source: source.into() }
    }

    /// What went wrong while connecting.
    pub(super) fn from_connecting(address: &Address, source: postgres::Error) -> Self {
        let address = address.to_string();
        match source.code() {
            Some(&SqlState::INVALID_CATALOG_NAME) => Self::NoDatabase { address },
            Some(
                &SqlState::INVALID_PASSWORD
                | &SqlState::INVALID_AUTHORIZATION_SPECIFICATION
                | &SqlState::INSUFFICIENT_PRIVILEGE,
            ) => Self::NotLetIn { address, source },
            Some(&SqlState::TOO_MANY_CONNECTIONS) => Self::NoRoom { address, source },
            Some(_) => Self::Other { address, whereabouts: None, source },
            None => match source.to_string().as_str() {
                // The kind of an error is told by its words alone.
                "error performing TLS handshake" => Self::Tls { address, source: source.into() },
                "invalid configuration" | "authentication error" => {
                    Self::NotLetIn { address, source }
                }
                _ => Self::Unreachable { address, source },
            },
        }
    }

    /// What went wrong while a connection was open.
    pub(super) fn from_server(address: &Address, source: postgres::Error) -> Self {
        let address = address.to_string();
        let is_cut = matches!(source.source(), Some(cause) if cause.is::<io::Error>());
        if source.is_closed() || is_cut {
            return Self::Lost { address, source: source.into() };
        }
        match source.code() {
            Some(
                &SqlState::ADMIN_SHUTDOWN
                | &SqlState::CRASH_SHUTDOWN
                | &SqlState::CANNOT_CONNECT_NOW,
            ) => Self::Lost { address, source: source.into() },
            Some(&SqlState::READ_ONLY_SQL_TRANSACTION) => Self::ReadOnly { address, source },
            Some(&SqlState::UNDEFINED_TABLE | &SqlState::INVALID_SCHEMA_NAME) => {
                Self::NotOurs { address, why: "it has no tables of ours" }
            }
            Some(&SqlState::INSUFFICIENT_PRIVILEGE) => Self::Denied { address, source },
            Some(&SqlState::DISK_FULL) => Self::Full { address, source },
            Some(&SqlState::LOCK_NOT_AVAILABLE) => Self::Held { address, source },
            // Of the classes for data that cannot be, and for rules that it breaks.
            Some(code) if ["22", "23"].iter().any(|class| code.code().starts_with(class)) => {
                Self::Refused { address, source }
            }
            _ => {
                let whereabouts = source.as_db_error().and_then(|told| told.where_());
                Self::Other { address, whereabouts: whereabouts.map(str::to_owned), source }
            }
        }
    }
}
