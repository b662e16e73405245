//! A connection that changes a store, one change at a time, whoever else writes to the database.

use std::collections::HashMap;
use std::time::Duration;

use super::draft::{Draft, Statements};
use super::rows::{self, STATE};
use super::{Address, CHANGE_LOCK, Database, Error, checked};
use crate::store::draft;
use crate::store::error::Error as StoreError;

/// How long a connection may take to show that it is one.
const PATIENCE: Duration = Duration::from_secs(5);

/// What holds for who writes: whoever waits for it gives up after a minute, and a machine that died in a change
/// holds up others for no longer than that.
const SETTINGS: &str = "SET lock_timeout TO '60s';
     SET idle_in_transaction_session_timeout TO '60s';
     SET tcp_keepalives_idle TO 10;
     SET tcp_keepalives_interval TO 5;
     SET tcp_keepalives_count TO 4;
     SET tcp_user_timeout TO '30s'";

/// What writes into a database. Only for threads on which blocking is allowed.
#[derive(Debug)]
pub(in crate::store) struct Writer {
    address: Address,
    open: Option<Open>,
    /// Which store it is, once it was written to.
    identity: Option<String>,
}

#[derive(Debug)]
struct Open {
    database: Database,
    statements: Statements,
}

impl Writer {
    /// What will write into the store of a database; it connects when there is something to write.
    pub(in crate::store) const fn new(address: Address) -> Self {
        Self { address, open: None, identity: None }
    }

    /// Runs a change in one transaction. When it returns, what was written is committed.
    ///
    /// Nobody else changes events meanwhile: it waits for its turn first, and sees what was committed before.
    pub(in crate::store) fn change<T>(
        &mut self,
        what_for: draft::Purpose,
        work: impl FnOnce(&mut draft::Draft<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let Self { address, open, identity } = self;
        // One that has ended is not seen to have before it is asked.
        open.take_if(|open| !open.is_alive());
        let Open { database, statements } = match open {
            Some(open) => open,
            None => open.insert(Open::connect(address)?),
        };
        let failed = |error| Error::from_server(address, error);
        let mut begun = database.client.transaction().map_err(failed)?;
        begun.query_one("SELECT pg_advisory_xact_lock($1)", &[&CHANGE_LOCK]).map_err(failed)?;
        let state =
            begun.query_one(STATE, &[]).and_then(|row| rows::state(&row)).map_err(failed)?;
        let found = checked(address, state)?.0;
        if *identity.get_or_insert_with(|| found.clone()) != found {
            return Err(Error::Another { address: address.to_string() }.into());
        }
        let mut draft = draft::Draft::of_server(Draft::new(begun, statements, address));
        let done = work(&mut draft)?;
        if what_for == draft::Purpose::Change {
            draft.commit()?;
        }
        Ok(done)
    }
}

impl Open {
    fn connect(address: &Address) -> Result<Self, Error> {
        let mut database = Database::connect(address)?;
        database.ask(|client| client.batch_execute(SETTINGS))?;
        Ok(Self { database, statements: HashMap::new() })
    }

    fn is_alive(&mut self) -> bool {
        self.database.client.is_valid(PATIENCE).is_ok()
    }
}
