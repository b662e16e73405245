//! One file from the web into a folder: whole, or not at all.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use reqwest::header::{self, HeaderMap, HeaderName};
use reqwest::redirect::{Action, Attempt, Policy};
use reqwest::{Client, Response, StatusCode};
use serde::{Deserialize, Serialize};

use super::archive::{self, ContentError};

/// What a download may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How long a server may send nothing.
    pub stall: Duration,
    /// How long one file may take in all.
    pub total: Duration,
    /// The most bytes of one file.
    pub max_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            stall: Duration::from_secs(20),
            // A quarter of an hour is enough for 30 MB on a bad line.
            total: Duration::from_secs(15 * 60),
            max_bytes: 256 * 1024 * 1024,
        }
    }
}

/// Data hosts redirect once, to where the file lies.
const MOST_REDIRECTS: usize = 5;

/// How a file came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fetched {
    /// It was sent.
    New,
    /// The server says that the one in the folder is still the newest.
    Unchanged,
}

/// A file that did not come. The one in the folder, if there is one, is as it was.
#[derive(Debug, thiserror::Error)]
pub enum DownloadError {
    /// No connection, or none that can be trusted.
    #[error("cannot reach `{url}`")]
    Unreachable {
        /// The address.
        url: String,
        /// What went wrong.
        #[source]
        source: reqwest::Error,
    },
    /// An answer that is no file.
    #[error("`{url}` answers {status}")]
    Status {
        /// The address.
        url: String,
        /// The answer.
        status: StatusCode,
    },
    /// Silence.
    #[error("`{url}` sent nothing for {} s", stall.as_secs_f32())]
    Stalled {
        /// The address.
        url: String,
        /// How long.
        stall: Duration,
    },
    /// Too slow.
    #[error("`{url}` was not read to its end within {} s", total.as_secs_f32())]
    TooSlow {
        /// The address.
        url: String,
        /// How long it may take.
        total: Duration,
    },
    /// Too much.
    #[error("`{url}` sends more than {limit} bytes, the most that is taken")]
    TooLarge {
        /// The address.
        url: String,
        /// The most bytes.
        limit: u64,
    },
    /// The half of a file.
    #[error("`{url}` broke off after {got} bytes{}", expected.map_or(String::new(), |all| format!(" of {all}")))]
    BrokeOff {
        /// The address.
        url: String,
        /// Bytes that came.
        got: u64,
        /// Bytes that were announced.
        expected: Option<u64>,
        /// What went wrong.
        #[source]
        source: Option<reqwest::Error>,
    },
    /// Something else than the file that should be there.
    #[error("what `{url}` sends cannot be used")]
    Content {
        /// The address.
        url: String,
        /// What is wrong with it.
        #[source]
        source: ContentError,
    },
    /// The folder does not take it.
    #[error("cannot write `{}`", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
}

/// What the server said of a file, so that it need not send it again.
#[derive(Debug, Serialize, Deserialize)]
struct Validators {
    url: String,
    etag: Option<String>,
    last_modified: Option<String>,
}

/// Brings a file into a folder. With `members`, it must be a zip archive that holds them.
///
/// Its time in the folder is the one that the server gives it.
///
/// # Errors
/// If it does not come whole; then the folder is as it was.
pub fn fetch(
    url: &str,
    path: &Path,
    members: &[&str],
    limits: &Limits,
) -> Result<Fetched, DownloadError> {
    let part = with_ending(path, "part");
    let unwritable = |source| DownloadError::Unwritable { path: path.to_owned(), source };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(unwritable)?;
    }
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(unwritable)?;
    let received = runtime.block_on(async {
        let all = receive(url, path, &part, limits);
        tokio::time::timeout(limits.total, all).await.unwrap_or_else(|_late| {
            Err(DownloadError::TooSlow { url: url.to_owned(), total: limits.total })
        })
    });
    let kept = match received {
        Ok(None) => return Ok(Fetched::Unchanged),
        Ok(Some(validators)) => keep(url, path, &part, members, &validators),
        Err(error) => Err(error),
    };
    if kept.is_err() {
        fs::remove_file(&part).ok();
    }
    kept.map(|()| Fetched::New)
}

/// Has the file sent anew next time, whatever the server says.
pub fn forget(path: &Path) {
    fs::remove_file(with_ending(path, "http")).ok();
}

/// Sends the request and writes what comes; `None` if the file in the folder is the newest.
async fn receive(
    url: &str,
    path: &Path,
    part: &Path,
    limits: &Limits,
) -> Result<Option<Validators>, DownloadError> {
    let unreachable = |source| DownloadError::Unreachable { url: url.to_owned(), source };
    let stalled = |_late| DownloadError::Stalled { url: url.to_owned(), stall: limits.stall };
    let client = client(url).map_err(unreachable)?;
    let request = client.get(url).headers(conditions(url, path)).send();
    let answer = tokio::time::timeout(limits.stall, request).await.map_err(stalled)?;
    let mut answer = answer.map_err(unreachable)?;
    match answer.status() {
        StatusCode::NOT_MODIFIED => return Ok(None),
        StatusCode::OK => {}
        status => return Err(DownloadError::Status { url: url.to_owned(), status }),
    }
    let expected = answer.content_length();
    let unwritable = |source| DownloadError::Unwritable { path: part.to_owned(), source };
    let mut file = File::create(part).map_err(unwritable)?;
    let mut got: u64 = 0;
    loop {
        let broke_off =
            |source| DownloadError::BrokeOff { url: url.to_owned(), got, expected, source };
        let chunk = tokio::time::timeout(limits.stall, answer.chunk()).await.map_err(stalled)?;
        let Some(chunk) = chunk.map_err(|source| broke_off(Some(source)))? else { break };
        got += chunk.len() as u64;
        if got > limits.max_bytes {
            return Err(DownloadError::TooLarge { url: url.to_owned(), limit: limits.max_bytes });
        }
        file.write_all(&chunk).map_err(unwritable)?;
    }
    if expected.is_some_and(|expected| expected != got) {
        return Err(DownloadError::BrokeOff { url: url.to_owned(), got, expected, source: None });
    }
    file.sync_all().map_err(unwritable)?;
    Ok(Some(validators(url, &answer)))
}

fn client(url: &str) -> reqwest::Result<Client> {
    // Only the first in a process is taken, and that of the reader of outlets is the same.
    rustls::crypto::ring::default_provider().install_default().ok();
    let client = Client::builder()
        .user_agent(concat!("rasid/", env!("CARGO_PKG_VERSION")))
        .redirect(Policy::custom(redirect));
    // A proxy does not reach this machine.
    let near = reqwest::Url::parse(url)
        .is_ok_and(|url| matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]")));
    if near { client.no_proxy().build() } else { client.build() }
}

/// Follows a few redirects, but none from an address that nobody can forge to one that anybody can.
fn redirect(attempt: Attempt<'_>) -> Action {
    let was_safe = attempt.previous().last().is_some_and(|url| url.scheme() == "https");
    if attempt.previous().len() > MOST_REDIRECTS {
        attempt.error("it redirects too often")
    } else if was_safe && attempt.url().scheme() != "https" {
        attempt.error("it redirects from https to http")
    } else {
        attempt.follow()
    }
}

fn validators(url: &str, answer: &Response) -> Validators {
    let text = |name: HeaderName| {
        answer.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
    };
    Validators {
        url: url.to_owned(),
        etag: text(header::ETAG),
        last_modified: text(header::LAST_MODIFIED),
    }
}

/// Puts a file that came in the place of the one before, if it is what it should be.
fn keep(
    url: &str,
    path: &Path,
    part: &Path,
    members: &[&str],
    validators: &Validators,
) -> Result<(), DownloadError> {
    for member in members {
        archive::text(part, Some(member))
            .map_err(|source| DownloadError::Content { url: url.to_owned(), source })?;
    }
    let unwritable = |source| DownloadError::Unwritable { path: path.to_owned(), source };
    let published = validators.last_modified.as_deref();
    let published = published.and_then(|text| jiff::fmt::rfc2822::parse(text).ok());
    if let Some(published) = published {
        let file = File::options().write(true).open(part).map_err(unwritable)?;
        file.set_modified(published.timestamp().into()).map_err(unwritable)?;
    }
    // Gone before the file changes: killed between the two, the file is sent once more.
    forget(path);
    fs::rename(part, path).map_err(unwritable)?;
    let text = toml::to_string(validators).unwrap_or_default();
    fs::write(with_ending(path, "http"), text).map_err(unwritable)
}

/// Asks for the file only if it is another than the one in the folder.
fn conditions(url: &str, path: &Path) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let known = fs::read_to_string(with_ending(path, "http")).ok();
    let known = known.and_then(|text| toml::from_str::<Validators>(&text).ok());
    let Some(known) = known.filter(|known| known.url == url && path.is_file()) else {
        return headers;
    };
    for (name, value) in
        [(header::IF_NONE_MATCH, known.etag), (header::IF_MODIFIED_SINCE, known.last_modified)]
    {
        if let Some(value) = value.and_then(|value| value.parse().ok()) {
            headers.insert(name, value);
        }
    }
    headers
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(ending);
    path.with_file_name(name)
}
