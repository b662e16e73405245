//! The address that links begin with.

use std::fmt;
use std::str::FromStr;

use axum::http::HeaderMap;
use axum::http::header::HOST;
use axum::http::request::Parts;
use axum::http::uri::Authority;

/// An absolute address without a final slash, as `https://example.org/rasid`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl(String);

/// An address that links cannot begin with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a base address: write http:// or https://, a host and perhaps a path, as https://example.org/rasid"
)]
pub struct BadBaseUrl(String);

impl FromStr for BaseUrl {
    type Err = BadBaseUrl;

    fn from_str(text: &str) -> Result<Self, BadBaseUrl> {
        let text = text.trim().trim_end_matches('/');
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let (host, path) =
            rest.map(|rest| rest.split_once('/').unwrap_or((rest, ""))).unwrap_or_default();
        let plain = |c: char| c.is_ascii_alphanumeric() || "-._~/%".contains(c);
        if is_host(host) && path.chars().all(plain) {
            Ok(Self(text.to_owned()))
        } else {
            Err(BadBaseUrl(text.to_owned()))
        }
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl BaseUrl {
    /// The address as it is.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// The address that the client used, as far as it and the proxies before us tell.
    ///
    /// The headers are anybody's to write: they are only ever answered to their sender, and
    /// `Vary` keeps caches from giving them to others.
    pub(super) fn of_request(parts: &Parts) -> Self {
        let headers = &parts.headers;
        let scheme = match first(headers, "x-forwarded-proto") {
            Some("https") => "https",
            _ => "http",
        };
        let host = first(headers, "x-forwarded-host")
            .or_else(|| first(headers, HOST.as_str()))
            .or_else(|| parts.uri.authority().map(Authority::as_str))
            .filter(|host| is_host(host))
            .unwrap_or("localhost");
        Self(format!("{scheme}://{host}"))
    }
}

/// The first of the values that a chain of proxies wrote.
fn first<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let value = headers.get(name)?.to_str().ok()?;
    value.split(',').next().map(str::trim).filter(|value| !value.is_empty())
}

pub(super) fn is_host(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._:[]".contains(c);
    !text.is_empty() && text.len() <= 255 && text.chars().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_address_is_absolute_and_has_no_final_slash() {
        for (text, is) in [
            ("https://example.org/", "https://example.org"),
            ("http://[::1]:8080", "http://[::1]:8080"),
            ("https://example.org/maps/syria/", "https://example.org/maps/syria"),
        ] {
            assert_eq!(text.parse::<BaseUrl>().map(|base| base.to_string()).as_deref(), Ok(is));
        }
        for wrong in
            ["", "example.org", "ftp://example.org", "https://", "https://a b", "https://a/?q"]
        {
            let told = wrong.parse::<BaseUrl>().unwrap_err().to_string();
            assert!(told.contains("https://example.org/rasid"), "{told}");
        }
    }
}
