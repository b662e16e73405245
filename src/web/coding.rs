//! How the body of an answer is coded on its way: what a client takes, and bodies coded as small as
//! can be, for what is made once and sent often.

use async_compression::Level;
use async_compression::tokio::bufread::{BrotliEncoder, GzipEncoder};
use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::http::header::ACCEPT_ENCODING;
use tokio::io::{self, AsyncReadExt as _};
use tokio::runtime::Handle;

/// A coding that browsers take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    /// The smallest.
    Brotli,
    /// The one that everybody takes.
    Gzip,
}

impl Coding {
    const ALL: [Self; 2] = [Self::Brotli, Self::Gzip];

    /// Its name in headers.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    /// The smallest that the client takes; `None` if it wants the body as it is.
    pub(super) fn wanted(headers: &HeaderMap) -> Option<Self> {
        Self::ALL.into_iter().find(|coding| takes(headers, coding.name()))
    }

    /// The bytes in this coding; `None` if that is no smaller. Keeps no other request waiting.
    pub(super) async fn of(self, bytes: Bytes) -> Option<Bytes> {
        let coded = tokio::task::spawn_blocking(move || {
            let coded = Handle::current().block_on(self.code(&bytes)).ok();
            coded.filter(|coded| coded.len() < bytes.len())
        });
        coded.await.ok().flatten().map(Bytes::from)
    }

    async fn code(self, bytes: &[u8]) -> io::Result<Vec<u8>> {
        let mut coded = Vec::new();
        match self {
            Self::Brotli => {
                BrotliEncoder::with_quality(bytes, Level::Best).read_to_end(&mut coded).await?
            }
            Self::Gzip => {
                GzipEncoder::with_quality(bytes, Level::Best).read_to_end(&mut coded).await?
            }
        };
        Ok(coded)
    }
}

/// Whether a client takes a coding, by its name in headers.
pub(super) fn takes(headers: &HeaderMap, coding: &str) -> bool {
    let asked = headers.get_all(ACCEPT_ENCODING).iter();
    let mut offers = asked.filter_map(|value| value.to_str().ok()).flat_map(|v| v.split(','));
    offers.any(|offer| {
        let (name, weight) = offer.split_once(';').unwrap_or((offer, ""));
        let weight = weight.trim().trim_start_matches("q=");
        let is_refused = weight.parse().is_ok_and(|weight: f64| weight <= 0.0);
        name.trim().eq_ignore_ascii_case(coding) && !is_refused
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(asked: &[&'static str]) -> Option<Coding> {
        let mut headers = HeaderMap::new();
        for value in asked {
            headers.append(ACCEPT_ENCODING, axum::http::HeaderValue::from_static(value));
        }
        Coding::wanted(&headers)
    }

    #[test]
    fn the_smallest_coding_that_is_taken_is_chosen() {
        for (asked, chosen) in [
            (&["gzip, deflate, br, zstd"][..], Some(Coding::Brotli)),
            (&["gzip", "br"], Some(Coding::Brotli)),
            (&["GZIP;q=0.5"], Some(Coding::Gzip)),
            (&["br;q=0, gzip"], Some(Coding::Gzip)),
            (&["br; q=0.000"], None),
            (&["identity, brotli"], None),
            (&[], None),
        ] {
            assert_eq!(wanted(asked), chosen, "{asked:?}");
        }
    }

    #[tokio::test]
    async fn what_coding_makes_no_smaller_is_left_as_it_is() {
        let text = Bytes::from("one word after the other ".repeat(40));
        for coding in Coding::ALL {
            assert_eq!(coding.of(Bytes::from_static(b"a")).await, None);
            assert!(coding.of(text.clone()).await.is_some_and(|coded| coded.len() < 100));
        }
    }
}
