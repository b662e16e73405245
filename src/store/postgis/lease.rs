//! Leases of sources: locks that a connection holds, and that the server takes back when it ends.

use std::sync::Arc;

use super::Error;
use super::link::Link;
use super::replica::Server;

/// A machine that is gone without a word is missed within half a minute, and what it held is free then.
const SETTINGS: &str = "SET tcp_keepalives_idle TO 10;
     SET tcp_keepalives_interval TO 5;
     SET tcp_keepalives_count TO 4";

/// Locks of names, apart from the locks of programs: `rasid` in ASCII begins both.
const TAKE: &str = "SELECT name FROM unnest($1::text[]) AS name
     WHERE pg_try_advisory_lock(hashtextextended(name, x'7261736964000000'::bigint))";

/// Takes leases, and holds them for as long as its connection lasts. Only for threads on which blocking is allowed.
#[derive(Debug)]
pub(in crate::store) struct Lessee {
    server: Arc<Server>,
    link: Option<Link>,
}

impl Lessee {
    pub(in crate::store) const fn new(server: Arc<Server>) -> Self {
        Self { server, link: None }
    }

    /// Takes what is free of these, and tells which; all that was taken before is still held then. If it fails,
    /// nothing is held any more.
    pub(in crate::store) fn take(&mut self, names: &[&str]) -> Result<Vec<String>, Error> {
        let link = match self.link.take() {
            Some(link) => link,
            None => self.server.connect(SETTINGS)?,
        };
        let taken = self.server.ask(&link, (TAKE, &[&names]), |row| row.try_get(0))?;
        self.link = Some(link);
        Ok(taken)
    }
}
