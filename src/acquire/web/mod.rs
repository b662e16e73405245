//! Other people's servers, read politely and without trusting them.
//!
//! - One connection a host at a time; a host that fails is left alone for longer each time; what
//!   its robots.txt closes or slows down is not asked, or slowly.
//! - What has not changed is not sent again (`ETag`, `Last-Modified`).
//! - Time, bytes, headers and redirects have limits, and bytes are counted as they are after
//!   decompression. Of long documents that have to be held for a while, few are held at once.
//! - A name is looked up once for a connection, and the address that was checked is the one
//!   connected to: nothing inside this network can be reached by a name or a redirect. For the same
//!   reason no proxy is used.

mod address;
mod error;
mod exchange;
mod options;
mod rest;
mod slots;
#[cfg(test)]
pub(super) mod tests;

use std::collections::HashMap;
use std::fmt;
use std::panic::resume_unwind;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use robotxt::Robots;
use serde::{Deserialize, Serialize};
use tokio::runtime::Runtime;
use url::{Host as Named, Url};

pub use address::Reach;
pub use error::Error;
pub use options::{Limits, Options};
pub use slots::Slot;

use exchange::{Ask, Client, Got};
use rest::{Rest, after_refusals};
use slots::Slots;

use crate::model::source::shown;

/// The name that sites call us by in robots.txt.
const AGENT: &str = "rasid";

/// How long a robots.txt holds; RFC 9309 allows a day.
const ROBOTS_HOLD: Duration = Duration::from_secs(24 * 60 * 60);

/// How long a robots.txt that cannot be had is not asked for again. A feed may have thousands of
/// entries on a site, and each would ask.
const ROBOTS_UNKNOWN: Duration = Duration::from_secs(60);

/// Twice what every program must read of a robots.txt.
const MOST_ROBOTS: u64 = 1024 * 1024;

/// Hosts that are remembered. Beyond, those that did not fail are forgotten.
const MOST_HOSTS: usize = 4_096;

/// What a server said of a page, so that it need not send it again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validators {
    /// Its version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    /// When it was changed, in the server's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_modified: Option<String>,
}

/// A page, feed or list as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Its address, after redirects.
    pub url: Url,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// The encoding that the server names.
    pub charset: Option<String>,
    /// What to ask with next time.
    pub validators: Validators,
    /// When it came.
    pub received: Timestamp,
}

/// A reader of the web. It is cheap to clone, and clones share their manners: one connection a
/// host, however many sources read from it. Nothing is started before the first page.
#[derive(Clone)]
pub struct Web {
    shared: Arc<Shared>,
}

struct Shared {
    options: Options,
    chance: Mutex<fastrand::Rng>,
    hosts: Mutex<HashMap<String, Arc<Host>>>,
    slots: Slots,
    /// Made with the first page. The lock is held while it is made, so that there is one.
    started: Mutex<Option<Arc<Started>>>,
}

struct Started {
    runtime: Option<Runtime>,
    client: Client,
}

/// What is known of a host.
#[derive(Default)]
struct Host {
    /// Whose turn it is; held from a request to the last byte of its answer.
    turn: tokio::sync::Mutex<Manners>,
    rest: Mutex<Rest>,
}

#[derive(Default)]
struct Manners {
    robots: Option<(Robots, Instant)>,
    /// Until this moment it is not known what the site allows.
    unknown: Option<Instant>,
    /// Before this moment the site wants no other request.
    next: Option<Instant>,
}

impl Web {
    /// A reader with these manners and limits.
    pub fn new(options: Options) -> Self {
        let chance = Mutex::new(fastrand::Rng::with_seed(options.seed));
        let (hosts, slots, started) = (Mutex::default(), Slots::default(), Mutex::default());
        Self { shared: Arc::new(Shared { options, chance, hosts, slots, started }) }
    }

    /// Reads a page; `None` if it is still the one that `known` stands for.
    ///
    /// It blocks for as long as the limits allow, and for as long as others read from that host: it
    /// must not be called where futures are run.
    ///
    /// # Errors
    /// If the page does not come, or must not be asked for.
    pub fn get(&self, url: &Url, known: &Validators) -> Result<Option<Page>, Error> {
        Ok(self.read(url, known, None)?.map(|(page, _)| page))
    }

    /// Reads a document that is held for as long as what it lists is worked on, and the slot that
    /// goes with it. While a few others that are long are held, it waits with one more.
    ///
    /// Nobody may wait for a second slot and hold a first one.
    ///
    /// # Errors
    /// Those of [`get`](Self::get).
    pub fn get_held(&self, url: &Url, known: &Validators) -> Result<Option<(Page, Slot)>, Error> {
        self.read(url, known, Some(&self.shared.slots))
    }

    fn read(
        &self,
        url: &Url,
        known: &Validators,
        slots: Option<&Slots>,
    ) -> Result<Option<(Page, Slot)>, Error> {
        let started = self.started()?;
        let Some(runtime) = &started.runtime else { return Ok(None) };
        let (web, using) = (self.clone(), Arc::clone(&started));
        let (url, known, slots) = (url.clone(), known.clone(), slots.cloned());
        // Not on the thread that waits: an allocator keeps what was freed for each thread that asked for it.
        let following = runtime
            .spawn(async move { web.follow(&using.client, &url, &known, slots.as_ref()).await });
        runtime.block_on(following).unwrap_or_else(|ended| resume_unwind(ended.into_panic()))
    }

    /// How long the host of an address is still left alone.
    pub fn rest(&self, url: &Url) -> Option<Duration> {
        let host = self.host(url);
        let rest = *host.rest.lock().unwrap_or_else(PoisonError::into_inner);
        rest.left(Instant::now())
    }

    /// How long a document is left alone that is asked for at an interval, and could not be taken so many
    /// times in a row.
    pub fn pause(&self, interval: Duration, refusals: u32) -> Duration {
        after_refusals(refusals, interval, self.chance())
    }

    /// What is the time.
    pub fn now(&self) -> Timestamp {
        (self.shared.options.clock)()
    }

    fn chance(&self) -> f64 {
        self.shared.chance.lock().unwrap_or_else(PoisonError::into_inner).f64()
    }

    fn limits(&self) -> &Limits {
        &self.shared.options.limits
    }

    fn started(&self) -> Result<Arc<Started>, Error> {
        let mut started = self.shared.started.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(started) = &*started {
            return Ok(Arc::clone(started));
        }
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("rasid-web")
            .enable_all()
            .build()
            .map_err(|source| Error::Client { source: source.into() })?;
        let client = Client::new(&self.shared.options)?;
        let made = Arc::new(Started { runtime: Some(runtime), client });
        *started = Some(Arc::clone(&made));
        Ok(made)
    }

    /// Follows redirects; each address on the way is checked like the first.
    async fn follow(
        &self,
        client: &Client,
        first: &Url,
        known: &Validators,
        slots: Option<&Slots>,
    ) -> Result<Option<(Page, Slot)>, Error> {
        let mut url = first.clone();
        for _ in 0..=self.limits().redirects {
            let mut got = self.visit(client, &url, known, slots).await?;
            if let (Got::Long, Some(slots)) = (&got, slots) {
                // Neither the host nor its connection waits with us.
                let slot = slots.take().await;
                got = self.visit(client, &url, known, None).await?.with(slot);
            }
            match got {
                Got::Page(page, slot) => return Ok(Some((page, slot))),
                Got::Unchanged | Got::Long => return Ok(None),
                Got::Redirect(to) => url = to,
            }
        }
        Err(Error::Redirects { address: told(first), limit: self.limits().redirects })
    }

    /// Asks for one address, when it is its host's turn.
    async fn visit(
        &self,
        client: &Client,
        url: &Url,
        known: &Validators,
        slots: Option<&Slots>,
    ) -> Result<Got, Error> {
        self.check(url)?;
        let host = self.host(url);
        let mut manners = host.turn.lock().await;
        awake(&host, url)?;
        let pause = self.permitted(client, &host, &mut manners, url).await?;
        if let Some(next) = manners.next {
            tokio::time::sleep_until(next.into()).await;
        }
        let ask = Ask { url, known, most: self.limits().max_bytes, slots };
        let got = self.ask(client, &host, ask).await;
        manners.next = pause.and_then(|pause| Instant::now().checked_add(pause));
        got
    }

    /// Refuses what cannot be asked at all.
    fn check(&self, url: &Url) -> Result<(), Error> {
        let ip = match url.host() {
            Some(Named::Ipv4(v4)) => v4.into(),
            Some(Named::Ipv6(v6)) => v6.into(),
            Some(Named::Domain(name)) if !name.is_empty() => return web_scheme(url),
            _ => return Err(Error::Address { address: told(url) }),
        };
        web_scheme(url)?;
        if self.shared.options.reach.allows(ip) {
            return Ok(());
        }
        let host = url.host_str().unwrap_or_default().to_owned();
        Err(Error::Private { address: told(url), host, ip })
    }

    /// Asks the site's robots.txt, and tells how long a pause it wants.
    async fn permitted(
        &self,
        client: &Client,
        host: &Host,
        manners: &mut Manners,
        url: &Url,
    ) -> Result<Option<Duration>, Error> {
        let now = Instant::now();
        if manners.robots.as_ref().is_none_or(|(_, until)| now >= *until) {
            known_soon(manners, url, now)?;
            let robots = self.robots(client, host, url).await;
            if matches!(robots, Err(Error::RobotsUnknown { .. })) {
                manners.unknown = Instant::now().checked_add(ROBOTS_UNKNOWN);
            }
            manners.robots = Some((robots?, now + ROBOTS_HOLD));
        }
        let Some((robots, _)) = &manners.robots else { return Ok(None) };
        let path =
            url.query().map_or(url.path().to_owned(), |query| format!("{}?{query}", url.path()));
        if robots.is_relative_allowed(&path) {
            Ok(robots.crawl_delay().map(|pause| pause.min(self.limits().longest_pause)))
        } else {
            Err(Error::Robots { address: told(url) })
        }
    }

    /// What a site allows. What is not there forbids nothing; what cannot be had forbids all.
    async fn robots(&self, client: &Client, host: &Host, url: &Url) -> Result<Robots, Error> {
        let unknown =
            |source| Error::RobotsUnknown { address: told(url), source: Box::new(source) };
        let mut at = url.clone();
        at.set_path("/robots.txt");
        at.set_query(None);
        at.set_fragment(None);
        for _ in 0..=self.limits().redirects {
            self.check(&at).map_err(unknown)?;
            let known = Validators::default();
            let ask = Ask { url: &at, known: &known, most: MOST_ROBOTS, slots: None };
            match self.ask(client, host, ask).await {
                Ok(Got::Page(page, _)) => return Ok(Robots::from_bytes(&page.bytes, AGENT)),
                Ok(Got::Redirect(to)) => at = to,
                Ok(Got::Unchanged | Got::Long) => break,
                // That says more than that its robots.txt cannot be had.
                Err(error) if error.is_of_host() || matches!(error, Error::Private { .. }) => {
                    return Err(error.of(url));
                }
                Err(Error::Status { status, .. }) if status.is_client_error() => break,
                Err(error) => return Err(unknown(error)),
            }
        }
        Ok(Robots::from_always(true, AGENT))
    }

    /// Sends a request and takes down whether the host failed.
    async fn ask(&self, client: &Client, host: &Host, ask: Ask<'_>) -> Result<Got, Error> {
        let mut asked = None;
        let got = client.exchange(ask, self.now(), &mut asked).await;
        let mut rest = host.rest.lock().unwrap_or_else(PoisonError::into_inner);
        match &got {
            Err(error) if error.is_of_host() || asked.is_some() => {
                rest.failed(Instant::now(), asked, self.chance());
            }
            _ => rest.recovered(),
        }
        got
    }

    fn host(&self, url: &Url) -> Arc<Host> {
        let mut hosts = self.shared.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        if hosts.len() >= MOST_HOSTS {
            let now = Instant::now();
            hosts.retain(|_, host| {
                let rest = *host.rest.lock().unwrap_or_else(PoisonError::into_inner);
                Arc::strong_count(host) > 1 || rest.left(now).is_some()
            });
        }
        Arc::clone(hosts.entry(url.origin().ascii_serialization()).or_default())
    }
}

impl Default for Web {
    fn default() -> Self {
        Self::new(Options::default())
    }
}

impl fmt::Debug for Web {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Web").field("options", &self.shared.options).finish_non_exhaustive()
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        // The last clone may be dropped where futures are run, and there nobody may wait for threads.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Reads an address of the web.
///
/// # Errors
/// If it is none.
pub fn address(text: &str) -> Result<Url, Error> {
    let wrong = || Error::Address { address: shown(text) };
    let url = Url::parse(text.trim()).map_err(|_unparsed| wrong())?;
    web_scheme(&url).map_err(|_scheme| wrong())?;
    url.host_str().is_some_and(|host| !host.is_empty()).then_some(url).ok_or_else(wrong)
}

/// Refuses to ask a host that is left alone.
fn awake(host: &Host, url: &Url) -> Result<(), Error> {
    let rest = *host.rest.lock().unwrap_or_else(PoisonError::into_inner);
    let left = rest.left(Instant::now());
    left.map_or(Ok(()), |left| Err(Error::Resting { address: told(url), left }))
}

/// Refuses to ask for a robots.txt that could not be had a moment ago.
fn known_soon(manners: &Manners, url: &Url, now: Instant) -> Result<(), Error> {
    let left = manners.unknown.and_then(|until| until.checked_duration_since(now));
    let Some(left) = left.filter(|left| !left.is_zero()) else { return Ok(()) };
    let source = Box::new(Error::Resting { address: told(url), left });
    Err(Error::RobotsUnknown { address: told(url), source })
}

fn web_scheme(url: &Url) -> Result<(), Error> {
    let web = matches!(url.scheme(), "http" | "https");
    web.then_some(()).ok_or_else(|| Error::Address { address: told(url) })
}

/// An address without the name and the password that may stand in it, as anybody may see it.
pub fn public(url: &Url) -> String {
    let mut url = url.clone();
    // They fail for addresses that cannot have any.
    url.set_password(None).ok();
    url.set_username("").ok();
    url.into()
}

/// An address as errors and logs tell it: with nothing that may be a secret.
pub(super) fn told(url: &Url) -> String {
    shown(url.as_str())
}
