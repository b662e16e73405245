//! One request and its answer.

use std::error::Error as StdError;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{self, HeaderMap, HeaderName};
use reqwest::redirect::Policy;
use reqwest::{Response, StatusCode};
use url::Url;

use super::address::{NotPublic, Reach};
use super::rest::retry_after;
use super::slots::{LONG, Slot, Slots};
use super::{AGENT, Error, Limits, Options, Page, Validators, told};
use crate::model::source::shown;

/// The most header lines of an answer; news sites send some thirty.
const MOST_HEADERS: usize = 100;

/// What is read here, the best first.
const ACCEPT: &str = "application/atom+xml, application/rss+xml, application/feed+json, \
    text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.5";

/// What is asked for.
#[derive(Clone, Copy)]
pub(super) struct Ask<'a> {
    pub(super) url: &'a Url,
    /// What there is already.
    pub(super) known: &'a Validators,
    /// The most bytes, after decompression.
    pub(super) most: u64,
    /// Where a long answer takes its slot, if it needs one.
    pub(super) slots: Option<&'a Slots>,
}

/// What an address answers.
pub(super) enum Got {
    Page(Page, Slot),
    Unchanged,
    Redirect(Url),
    /// It is long, and there is no slot for it; it was left there.
    Long,
}

impl Got {
    /// The same with another slot.
    pub(super) fn with(self, slot: Slot) -> Self {
        if let Self::Page(page, _) = self { Self::Page(page, slot) } else { self }
    }
}

/// Sends requests to addresses that may be asked.
pub(super) struct Client {
    client: reqwest::Client,
    limits: Limits,
}

impl Client {
    pub(super) fn new(options: &Options) -> Result<Self, Error> {
        // Only the first in a process is taken, and all of ours are the same.
        rustls::crypto::ring::default_provider().install_default().ok();
        let limits = options.limits;
        let client = reqwest::Client::builder()
            .user_agent(user_agent(options.contact.as_deref()))
            .redirect(Policy::none())
            .no_proxy()
            .dns_resolver(Arc::new(Checked {
                reach: options.reach.clone(),
                lookup: options.lookup,
            }))
            .http1_max_headers(MOST_HEADERS)
            .connect_timeout(limits.connect)
            .pool_max_idle_per_host(1)
            .pool_idle_timeout(Duration::from_secs(30))
            .build()
            .map_err(|source| Error::Client { source: source.into() })?;
        Ok(Self { client, limits })
    }

    /// Asks for a page; `asked` becomes how long the server wants to be left alone.
    pub(super) async fn exchange(
        &self,
        ask: Ask<'_>,
        now: Timestamp,
        asked: &mut Option<Duration>,
    ) -> Result<Got, Error> {
        let all = self.receive(ask, now, asked);
        tokio::time::timeout(self.limits.total, all).await.unwrap_or_else(|_late| {
            Err(Error::TooSlow { address: told(ask.url), total: self.limits.total })
        })
    }

    async fn receive(
        &self,
        ask: Ask<'_>,
        now: Timestamp,
        asked: &mut Option<Duration>,
    ) -> Result<Got, Error> {
        let Ask { url, known, .. } = ask;
        let request = self.client.get(url.clone()).headers(conditions(known)).send();
        let answer = tokio::time::timeout(self.limits.stall, request)
            .await
            .map_err(|_late| stalled(url, self.limits.stall))?
            .map_err(|error| unreachable(url, error))?;
        match answer.status() {
            StatusCode::OK => {}
            StatusCode::NOT_MODIFIED => return Ok(Got::Unchanged),
            status if status.is_redirection() => return redirect(url, &answer).map(Got::Redirect),
            status => {
                let wants = text(answer.headers(), &header::RETRY_AFTER);
                *asked = wants.and_then(|wants| retry_after(&wants, now));
                return Err(Error::Status { address: told(url), status });
            }
        }
        let validators = Validators {
            etag: text(answer.headers(), &header::ETAG),
            last_modified: text(answer.headers(), &header::LAST_MODIFIED),
        };
        let charset = text(answer.headers(), &header::CONTENT_TYPE).and_then(|kind| charset(&kind));
        let Some((bytes, slot)) = self.body(ask, answer).await? else { return Ok(Got::Long) };
        let page = Page { url: url.clone(), bytes, charset, validators, received: now };
        Ok(Got::Page(page, slot))
    }

    /// The bytes of an answer, and the slot of a long one; `None` if it is long and none is free.
    async fn body(
        &self,
        Ask { url, most, mut slots, .. }: Ask<'_>,
        mut answer: Response,
    ) -> Result<Option<(Vec<u8>, Slot)>, Error> {
        let too_large = || Error::TooLarge { address: told(url), limit: most };
        // Compressed, it has no length; what it says of one is what comes.
        if answer.content_length().is_some_and(|length| length > most) {
            return Err(too_large());
        }
        let (mut bytes, mut slot) = (Vec::new(), Slot::default());
        loop {
            let chunk = tokio::time::timeout(self.limits.stall, answer.chunk())
                .await
                .map_err(|_late| stalled(url, self.limits.stall))?
                .map_err(|source| {
                    let got = bytes.len() as u64;
                    // The address is told already.
                    Error::BrokeOff { address: told(url), got, source: source.without_url() }
                })?;
            let Some(chunk) = chunk else { return Ok(Some((bytes, slot))) };
            if bytes.len() as u64 + chunk.len() as u64 > most {
                return Err(too_large());
            }
            bytes.extend_from_slice(&chunk);
            if let Some(slots) = slots.take_if(|_| bytes.len() > LONG) {
                let Some(free) = slots.try_take() else { return Ok(None) };
                slot = free;
            }
        }
    }
}

fn user_agent(contact: Option<&str>) -> String {
    let name = format!("{AGENT}/{}", env!("CARGO_PKG_VERSION"));
    contact.map_or(name.clone(), |contact| {
        // A header has no place for other letters.
        let contact: String = contact.chars().filter(char::is_ascii_graphic).collect();
        format!("{name} (+{contact})")
    })
}

fn conditions(known: &Validators) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(header::ACCEPT, header::HeaderValue::from_static(ACCEPT));
    for (name, value) in
        [(header::IF_NONE_MATCH, &known.etag), (header::IF_MODIFIED_SINCE, &known.last_modified)]
    {
        if let Some(value) = value.as_ref().and_then(|value| value.parse().ok()) {
            headers.insert(name, value);
        }
    }
    headers
}

fn redirect(url: &Url, answer: &Response) -> Result<Url, Error> {
    let place = text(answer.headers(), &header::LOCATION).unwrap_or_default();
    let refused = || Error::Redirect { address: told(url), to: shown(&place) };
    let to = url.join(&place).map_err(|_unparsed| refused())?;
    let weaker = url.scheme() == "https" && to.scheme() != "https";
    if place.is_empty() || weaker || !matches!(to.scheme(), "http" | "https") {
        return Err(refused());
    }
    Ok(to)
}

fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

/// The encoding in a `Content-Type`.
fn charset(kind: &str) -> Option<String> {
    kind.split(';').skip(1).find_map(|part| {
        let (name, value) = part.split_once('=')?;
        let value = value.trim().trim_matches(['"', '\'']);
        (name.trim().eq_ignore_ascii_case("charset") && !value.is_empty()).then(|| value.to_owned())
    })
}

fn stalled(url: &Url, stall: Duration) -> Error {
    Error::Stalled { address: told(url), stall }
}

/// Tells why there was no answer.
fn unreachable(url: &Url, source: reqwest::Error) -> Error {
    let address = told(url);
    if let Some(NotPublic { host, address: ip }) = cause::<NotPublic>(&source).cloned() {
        return Error::Private { address, host, ip };
    }
    if let Some(source) = cause::<rustls::Error>(&source).cloned() {
        return Error::Certificate { address, source };
    }
    if cause::<hyper::Error>(&source).is_some_and(hyper::Error::is_parse_too_large) {
        return Error::Headers { address };
    }
    // The address is told already.
    Error::Unreachable { address, source: source.without_url() }
}

/// The cause of that kind behind an error.
fn cause<'a, T: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a T> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<T>() {
            return Some(found);
        }
        // What an I/O error wraps is not its source but itself.
        let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        next = match wrapped {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        };
    }
    None
}

/// Looks names up, and lets only those addresses through that may be connected to.
#[derive(Debug)]
struct Checked {
    reach: Reach,
    lookup: Option<fn(&str) -> Vec<IpAddr>>,
}

impl Resolve for Checked {
    fn resolve(&self, name: Name) -> Resolving {
        let (reach, lookup) = (self.reach.clone(), self.lookup);
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let found: Vec<SocketAddr> = match lookup {
                Some(lookup) => lookup(&host).into_iter().map(|ip| (ip, 0).into()).collect(),
                None => tokio::net::lookup_host((host.as_str(), 0)).await?.collect(),
            };
            let allowed: Vec<SocketAddr> =
                found.iter().copied().filter(|found| reach.allows(found.ip())).collect();
            match found.first() {
                Some(refused) if allowed.is_empty() => {
                    Err(NotPublic { host, address: refused.ip() }.into())
                }
                _ => Ok(Box::new(allowed.into_iter()) as Addrs),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoding_is_found_among_the_parameters_of_a_type() {
        for (kind, named) in [
            ("text/html; charset=windows-1256", Some("windows-1256")),
            ("text/html;Charset=\"UTF-8\"", Some("UTF-8")),
            ("application/xml; x=1; charset='cp1256' ", Some("cp1256")),
            ("text/html", None),
            ("text/html; charset=", None),
        ] {
            assert_eq!(charset(kind).as_deref(), named, "{kind}");
        }
    }

    #[test]
    fn a_server_is_told_who_asks() {
        let version = env!("CARGO_PKG_VERSION");
        assert_eq!(user_agent(None), format!("rasid/{version}"));
        let told = user_agent(Some("https://example.org/\r\nX: عنوان"));
        assert_eq!(told, format!("rasid/{version} (+https://example.org/X:)"));
    }
}
