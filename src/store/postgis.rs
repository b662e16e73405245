//! The store as a schema of a PostgreSQL database with PostGIS: connected to, and brought up to date.

use std::fmt;
use std::io;
use std::sync::Arc;

use postgres::config::SslMode;
use postgres::{Client, NoTls};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres_rustls::MakeRustlsConnect;

use self::rows::State;

mod address;
mod draft;
mod error;
mod lease;
mod link;
mod replica;
mod rows;
mod writer;

pub use address::{Address, BadAddress};
pub(super) use draft::Draft;
pub use error::Error;
pub(super) use lease::Lessee;
pub use replica::Freshness;
pub(super) use replica::{Ahead, Follower, Server};
pub(super) use writer::Writer;

/// Run in this order, each once; a released one is never changed.
const MIGRATIONS: &[&str] = &[
    include_str!("postgis/migrations/0001_start.sql"),
    include_str!("postgis/migrations/0002_follow.sql"),
    include_str!("postgis/migrations/0003_write.sql"),
];

/// Of the locks that our programs take in a database, the one for its schema: `rasid` in ASCII.
const SCHEMA_LOCK: i64 = 0x72_61_73_69_64_00_00_01;

/// The one for copying into it.
const COPY_LOCK: i64 = 0x72_61_73_69_64_00_00_02;

/// The one for changing events, which the schema's own triggers take, too.
const CHANGE_LOCK: i64 = 0x72_61_73_69_64_00_00_03;

/// Tells the schema of PostGIS, if it is there.
const POSTGIS: &str = "SELECT quote_ident(nspname) FROM pg_extension
     JOIN pg_namespace ON pg_namespace.oid = extnamespace WHERE extname = 'postgis'";

/// What makes times, days and names on a connection as ours, and keeps others from cutting it for being slow.
fn settings(postgis: &str) -> String {
    format!(
        "SET search_path TO rasid, {postgis}, pg_catalog;
         SET datestyle TO 'ISO, YMD';
         SET timezone TO 'UTC';
         SET statement_timeout TO 0;
         SET idle_in_transaction_session_timeout TO 0;
         SET client_connection_check_interval TO '5s'"
    )
}

/// What is in a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    Nothing,
    /// Our schema as it is after so many migrations.
    Schema(usize),
}

/// Makes an empty store in a database, unless there is one, and brings that up to date.
///
/// # Errors
/// If the database cannot be reached, or the user may not do that.
pub fn make(address: &Address) -> Result<(), Error> {
    Database::make(address).map(drop)
}

/// An open database. Only for threads on which blocking is allowed.
pub(super) struct Database {
    address: Address,
    client: Client,
}

impl Database {
    /// Opens a database that has our schema, and brings that up to date.
    pub(super) fn open(address: &Address) -> Result<Self, Error> {
        let mut database = Self::connect(address)?;
        if database.found()? == Found::Nothing {
            let why = "it has no schema `rasid`";
            return Err(Error::NotOurs { address: address.to_string(), why });
        }
        database.migrate()?;
        Ok(database)
    }

    /// Opens a database, and makes our schema if it is not there.
    pub(super) fn make(address: &Address) -> Result<Self, Error> {
        let mut database = Self::connect(address)?;
        database.migrate()?;
        Ok(database)
    }

    /// Takes the right to copy into it, held until the connection ends.
    pub(super) fn claim(&mut self) -> Result<(), Error> {
        let sql = "SELECT pg_try_advisory_lock($1)";
        let is_ours: bool = self.ask(|client| client.query_one(sql, &[&COPY_LOCK])?.try_get(0))?;
        let address = || self.address.to_string();
        if is_ours { Ok(()) } else { Err(Error::Busy { address: address() }) }
    }

    /// Asks the server, and tells what went wrong in our words.
    pub(super) fn ask<T>(
        &mut self,
        work: impl FnOnce(&mut Client) -> Result<T, postgres::Error>,
    ) -> Result<T, Error> {
        work(&mut self.client).map_err(|error| Error::from_server(&self.address, error))
    }

    /// What is told of a connection that broke while it was written to.
    pub(super) fn lost(&self, source: io::Error) -> Error {
        Error::Lost { address: self.address.to_string(), source: source.into() }
    }

    /// A connection on which times, days and names are as ours, and that nobody cuts for being slow.
    fn connect(address: &Address) -> Result<Self, Error> {
        let config = postgres::Config::from(address.config());
        let connected = match config.get_ssl_mode() {
            SslMode::Disable => config.connect(NoTls),
            _ => config.connect(MakeRustlsConnect::new(tls(address)?)),
        };
        let client = connected.map_err(|error| Error::from_connecting(address, error))?;
        let mut database = Self { address: address.clone(), client };
        let row = database.ask(|client| client.query_opt(POSTGIS, &[]))?;
        let Some(row) = row else {
            return Err(Error::NoPostgis { address: address.to_string() });
        };
        database.ask(|client| client.batch_execute(&settings(row.try_get(0)?)))?;
        Ok(database)
    }

    fn found(&mut self) -> Result<Found, Error> {
        // Asked of the catalogue, which tells of schemas that one may not use, too.
        let sql = "SELECT EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = 'rasid'),
                   EXISTS (SELECT 1 FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
                           WHERE nspname = 'rasid' AND relname = 'rasid_meta')";
        let row = self.ask(|client| client.query_one(sql, &[]))?;
        match (row.get(0), row.get(1)) {
            (false, _) => return Ok(Found::Nothing),
            (true, true) => {}
            (true, false) => {
                let why = "its schema `rasid` belongs to another program";
                return Err(Error::NotOurs { address: self.address.to_string(), why });
            }
        }
        let told = self.meta("schema_version")?.and_then(|version| version.parse().ok());
        told.map(Found::Schema).ok_or_else(|| {
            let why = "its schema `rasid` does not tell its version";
            Error::NotOurs { address: self.address.to_string(), why }
        })
    }

    /// A fact about the schema.
    pub(super) fn meta(&mut self, key: &str) -> Result<Option<String>, Error> {
        let sql = "SELECT value FROM rasid.rasid_meta WHERE key = $1";
        let row = self.ask(|client| client.query_opt(sql, &[&key]))?;
        Ok(row.map(|row| row.get(0)))
    }

    /// Brings the schema up to date. The first does it; others wait, then find it done.
    fn migrate(&mut self) -> Result<(), Error> {
        if self.found()? == Found::Schema(MIGRATIONS.len()) {
            return Ok(());
        }
        self.ask(|client| {
            client.batch_execute("BEGIN")?;
            client.query_one("SELECT pg_advisory_xact_lock($1)", &[&SCHEMA_LOCK]).map(drop)
        })?;
        let version = match self.found()? {
            Found::Nothing => 0,
            Found::Schema(version) => version,
        };
        let known = MIGRATIONS.len();
        let Some(missing) = MIGRATIONS.get(version..) else {
            let address = self.address.to_string();
            return Err(Error::Newer { address, found: version, known });
        };
        let migrated = self.ask(|client| {
            missing.iter().try_for_each(|migration| client.batch_execute(migration))?;
            let sql = "INSERT INTO rasid.rasid_meta VALUES ('schema_version', $1)
                       ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value";
            client.execute(sql, &[&known.to_string()])?;
            client.batch_execute("COMMIT")
        });
        match migrated {
            // Who only reads goes on as soon as somebody who may has done it.
            Err(Error::Denied { address, .. } | Error::ReadOnly { address, .. }) if version > 0 => {
                Err(Error::Older { address, found: version, known })
            }
            migrated => migrated,
        }
    }
}

/// Which store there is and its last change, if it is one that this version can read and write.
fn checked(address: &Address, state: State) -> Result<(String, u64), Error> {
    let not_ours = |why| Err(Error::NotOurs { address: address.to_string(), why });
    let address = || address.to_string();
    let State { identity, is_copied, version, last } = state;
    let known = MIGRATIONS.len();
    let Some(found) = version.and_then(|version| version.parse().ok()) else {
        return not_ours("its schema `rasid` does not tell its version");
    };
    if found > known {
        return Err(Error::Newer { address: address(), found, known });
    }
    if found < known {
        return Err(Error::Older { address: address(), found, known });
    }
    if is_copied {
        return Err(Error::Copying { address: address() });
    }
    let Some(identity) = identity else {
        return not_ours("its schema `rasid` does not tell which store it is");
    };
    Ok((identity, last))
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Database({})", self.address)
    }
}

/// How to speak in private: to a server whose certificate bears its name and comes from an authority
/// that the address names, or else one that the system knows.
fn tls(address: &Address) -> Result<ClientConfig, Error> {
    let mut roots = RootCertStore::empty();
    if let Some(path) = address.roots() {
        let unusable = |source| Error::Roots { path: path.to_owned(), source };
        let read = CertificateDer::pem_file_iter(path).and_then(Iterator::collect);
        let read: Vec<_> = read.map_err(|error| unusable(error.into()))?;
        for certificate in read {
            roots.add(certificate).map_err(|error| unusable(error.into()))?;
        }
        if roots.is_empty() {
            return Err(unusable("there is none in it".into()));
        }
    } else {
        // One that cannot be read is not trusted, and says so when it is needed.
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config
        .map_err(|error| Error::Tls { address: address.to_string(), source: error.into() })?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}
