//! A connection that only reads, and is waited for no longer than its user wants.

use std::future::poll_fn;
use std::sync::Arc;
use std::time::Duration;

use postgres::NoTls;
use postgres::types::ToSql;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::Notify;
use tokio::task::{AbortHandle, spawn};
use tokio::time::timeout;
use tokio_postgres::config::SslMode;
use tokio_postgres::{AsyncMessage, Client, Connection, Row, RowStream};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{Address, Error, POSTGIS, settings, tls};

/// What the schema's triggers call when events have changed.
const CHANNEL: &str = "rasid";

/// An open connection, cut when it is dropped.
#[derive(Debug)]
pub(super) struct Link {
    address: Address,
    client: Client,
    driven: AbortHandle,
}

impl Link {
    /// Opens a connection on which nothing can be changed. `news` is told when the server calls and when the
    /// connection ends.
    pub(super) async fn open(
        address: &Address,
        news: Arc<Notify>,
        patience: Duration,
    ) -> Result<Self, Error> {
        within(address, patience, Self::opened(address, news)).await
    }

    async fn opened(address: &Address, news: Arc<Notify>) -> Result<Self, Error> {
        let config = address.config();
        let failed = |error| Error::from_connecting(address, error);
        let (client, driven) = if config.get_ssl_mode() == SslMode::Disable {
            let (client, connection) = config.connect(NoTls).await.map_err(failed)?;
            (client, spawn(drive(connection, news)))
        } else {
            let tls = MakeRustlsConnect::new(tls(address)?);
            let (client, connection) = config.connect(tls).await.map_err(failed)?;
            (client, spawn(drive(connection, news)))
        };
        let link = Self { address: address.clone(), client, driven: driven.abort_handle() };
        let failed = |error| Error::from_server(address, error);
        let row = link.client.query_opt(POSTGIS, &[]).await.map_err(failed)?;
        let Some(row) = row else {
            return Err(Error::NoPostgis { address: address.to_string() });
        };
        let postgis: &str = row.try_get(0).map_err(failed)?;
        let sql = format!("{}; SET default_transaction_read_only TO on", settings(postgis));
        link.client.batch_execute(&sql).await.map_err(failed)?;
        Ok(link)
    }

    /// Lets the server call when events have changed; says whether it can. A standby cannot.
    pub(super) async fn listen(&self, patience: Duration) -> Result<bool, Error> {
        let listening = async {
            let row = self.client.query_one("SELECT pg_is_in_recovery()", &[]).await?;
            if row.try_get(0)? {
                return Ok(false);
            }
            self.client.batch_execute(&format!("LISTEN {CHANNEL}")).await.map(|()| true)
        };
        self.done(patience, listening).await
    }

    /// Runs statements that answer nothing.
    pub(super) async fn run(&self, sql: &str, patience: Duration) -> Result<(), Error> {
        self.done(patience, self.client.batch_execute(sql)).await
    }

    /// All rows that answer a question.
    pub(super) async fn ask(
        &self,
        sql: &str,
        values: &[&(dyn ToSql + Sync)],
        patience: Duration,
    ) -> Result<Vec<Row>, Error> {
        self.done(patience, self.client.query(sql, values)).await
    }

    /// The rows one after another, each waited for so long; the server holds back what is not taken yet.
    pub(super) async fn rows(
        &self,
        sql: &str,
        value: i64,
        patience: Duration,
        mut take: impl FnMut(&Row) -> Result<(), postgres::Error>,
    ) -> Result<(), Error> {
        let begun = self.client.query_raw(sql, [value]);
        let mut rows: std::pin::Pin<Box<RowStream>> = Box::pin(self.done(patience, begun).await?);
        loop {
            let next = poll_fn(|context| futures_util::Stream::poll_next(rows.as_mut(), context));
            let Some(row) = self.done(patience, async { next.await.transpose() }).await? else {
                return Ok(());
            };
            take(&row).map_err(|error| self.failed(error))?;
        }
    }

    /// Whether the connection has ended.
    pub(super) fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    pub(super) fn failed(&self, error: postgres::Error) -> Error {
        Error::from_server(&self.address, error)
    }

    async fn done<T>(
        &self,
        patience: Duration,
        work: impl Future<Output = Result<T, postgres::Error>>,
    ) -> Result<T, Error> {
        let work = async { work.await.map_err(|error| self.failed(error)) };
        within(&self.address, patience, work).await
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.driven.abort();
    }
}

async fn within<T>(
    address: &Address,
    patience: Duration,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let late = |_late| Err(Error::Slow { address: address.to_string(), patience });
    timeout(patience, work).await.unwrap_or_else(late)
}

/// Moves what is sent and received until the connection ends.
async fn drive<S, T>(mut connection: Connection<S, T>, news: Arc<Notify>)
where
    S: AsyncRead + AsyncWrite + Unpin,
    T: AsyncRead + AsyncWrite + Unpin,
{
    while let Some(Ok(message)) = poll_fn(|context| connection.poll_message(context)).await {
        if matches!(message, AsyncMessage::Notification(_)) {
            news.notify_one();
        }
    }
    // Who waits for a call is to see that none will come.
    news.notify_one();
}
