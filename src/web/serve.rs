//! Connections: taken, timed and ended.

use std::error::Error;
use std::io::{self, ErrorKind};
use std::num::NonZero;
use std::pin::{Pin, pin};
use std::thread::available_parallelism;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio_io_timeout::TimeoutWriter;
use tokio_util::task::LocalPoolHandle;

/// How patient the server is.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// For all lines of a request, once the connection is open or the answer before is sent.
    pub request: Duration,
    /// For a client to take any byte of its answer. Whoever takes a few at a time has an answer
    /// of any length; whoever takes none does not hold a connection for ever.
    pub answer: Duration,
    /// For answers under way when the server ends.
    pub end: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        let [request, answer, end] = [30, 30, 10].map(Duration::from_secs);
        Self { request, answer, end }
    }
}

/// How long to wait when there is no room for one more connection, as too many files are open.
const PAUSE: Duration = Duration::from_millis(100);

/// Threads that answer, for each processor. Each has its connections to itself, so that none is woken by another
/// to take work over, which costs more than most answers; and as there are more of them than processors, those
/// with short answers take turns with one that has a long one.
const LANES: usize = 2;

/// Answers until told to end; then no more requests are taken, and those under way are answered.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    patience: Patience,
    ended: impl Future<Output = ()>,
) {
    let mut ended = pin!(ended);
    let graceful = GracefulShutdown::new();
    let pool = LocalPoolHandle::new(lanes());
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(patience.request);
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => match accepted.and_then(|(stream, _)| stream.into_std()) {
                Ok(stream) => stream,
                Err(error) => {
                    pause(&error).await;
                    continue;
                }
            },
            () = &mut ended => break,
        };
        let answered = answer(stream, (http.clone(), router.clone()), patience, graceful.watcher());
        pool.spawn_pinned(|| async {
            // That a client went away or was too slow is no news.
            if let Err(error) = answered.await {
                tracing::debug!("connection ended: {error}");
            }
        });
    }
    if tokio::time::timeout(patience.end, graceful.shutdown()).await.is_err() {
        tracing::debug!("ended while answers were under way");
    }
}

/// How many threads answer.
fn lanes() -> usize {
    LANES * available_parallelism().map_or(1, NonZero::get)
}

/// Answers what comes by one connection, on the thread that this is called on.
async fn answer(
    stream: std::net::TcpStream,
    (http, router): (http1::Builder, Router),
    patience: Patience,
    watcher: Watcher,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    let stream = timed(TcpStream::from_std(stream)?, patience);
    let service = TowerToHyperService::new(router);
    Ok(watcher.watch(http.serve_connection(TokioIo::new(stream), service)).await?)
}

fn timed(stream: TcpStream, patience: Patience) -> Pin<Box<TimeoutWriter<TcpStream>>> {
    // An answer is written in large pieces; the last one is not to wait for more to come.
    stream.set_nodelay(true).ok();
    let mut stream = TimeoutWriter::new(stream);
    stream.set_timeout(Some(patience.answer));
    Box::pin(stream)
}

/// A connection that broke before it was taken is over; anything else is waited for.
async fn pause(error: &io::Error) {
    let is_over = matches!(
        error.kind(),
        ErrorKind::ConnectionAborted | ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset
    );
    if !is_over {
        tracing::warn!("cannot take a connection: {error}");
        tokio::time::sleep(PAUSE).await;
    }
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::sync::oneshot;

    use super::*;

    const LARGE: usize = 64 * 1024 * 1024;

    /// A server that is as patient as told; it ends with the sender.
    async fn server(
        patience: Patience,
    ) -> (TcpStream, oneshot::Sender<()>, tokio::task::JoinHandle<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new()
            .route("/small", get(|| async { "small" }))
            .route("/large", get(|| async { vec![b' '; LARGE] }));
        let (sender, receiver) = oneshot::channel::<()>();
        let ended = async { drop(receiver.await) };
        let serving = tokio::spawn(serve(listener, router, patience, ended));
        (TcpStream::connect(address).await.unwrap(), sender, serving)
    }

    const SHORT: Duration = Duration::from_millis(50);
    const LONG: Duration = Duration::from_secs(600);

    #[tokio::test]
    async fn a_request_that_does_not_come_to_its_end_is_given_up() {
        let patience = Patience { request: SHORT, answer: LONG, end: LONG };
        for begun in ["", "GET /small HTT", "GET /small HTTP/1.1\r\nhost: x\r\nx-slow: "] {
            let (mut client, _running, _) = server(patience).await;
            client.write_all(begun.as_bytes()).await.unwrap();
            let mut answer = Vec::new();
            client.read_to_end(&mut answer).await.unwrap();
            let answer = String::from_utf8_lossy(&answer);
            assert!(!answer.contains("200 OK"), "{begun}: {answer}");
        }
    }

    #[tokio::test]
    async fn a_client_that_does_not_take_its_answer_is_given_up() {
        let patience = Patience { request: LONG, answer: SHORT, end: LONG };
        let (mut client, end, serving) = server(patience).await;
        client.write_all(b"GET /large HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        let mut first = [0; 12];
        client.read_exact(&mut first).await.unwrap();
        assert_eq!(&first, b"HTTP/1.1 200");

        // Without its patience the server would wait for this client.
        drop(end);
        serving.await.unwrap();

        let mut rest = Vec::new();
        client.read_to_end(&mut rest).await.ok();
        assert!(rest.len() < LARGE, "{}", rest.len());
    }

    #[tokio::test]
    async fn an_answer_under_way_is_ended_before_the_server() {
        let patience = Patience { request: LONG, answer: LONG, end: LONG };
        let (mut client, end, serving) = server(patience).await;
        client.write_all(b"GET /large HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        let mut first = [0; 12];
        client.read_exact(&mut first).await.unwrap();
        drop(end);
        let mut rest = Vec::new();
        client.read_to_end(&mut rest).await.unwrap();
        assert!(rest.len() > LARGE, "{}", rest.len());
        serving.await.unwrap();
    }

    #[tokio::test]
    async fn a_server_does_not_wait_for_ever_for_its_clients() {
        let patience = Patience { request: LONG, answer: LONG, end: SHORT };
        let (mut client, end, serving) = server(patience).await;
        client.write_all(b"GET /large HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        client.read_u8().await.unwrap();
        drop(end);
        serving.await.unwrap();
    }
}
