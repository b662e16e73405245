//! What lies under the events: the page's own outlines, or an operator's tiles.

use std::str::FromStr;

use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::response::Response;
use serde_json::json;

use super::Site;
use super::answer::{self, JSON};
use super::base::is_host;
use super::call::Call;
use super::clusters;
use super::error::Error;

/// Tiles of a map that an operator has chosen, of 256 pixels in Web Mercator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tiles {
    /// Where they are.
    pub address: TileAddress,
    /// Who made them, as their licence wants it said.
    pub attribution: Option<String>,
}

/// The address of tiles with places for zoom, column and row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TileAddress {
    address: String,
    origin: String,
}

/// An address that tiles cannot be fetched from.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not an address of tiles: write http:// or https://, one host, and {{z}}, {{x}} and {{y}} once each, as https://tile.example.org/{{z}}/{{x}}/{{y}}.png"
)]
pub struct BadTileAddress(String);

impl FromStr for TileAddress {
    type Err = BadTileAddress;

    fn from_str(text: &str) -> Result<Self, BadTileAddress> {
        let bad = || BadTileAddress(text.to_owned());
        let (scheme, rest) = text.split_once("://").ok_or_else(bad)?;
        let (host, path) = rest.split_once('/').ok_or_else(bad)?;
        let once = |place: &str| path.matches(place).count() == 1;
        let plain = |c: char| c.is_ascii_alphanumeric() || "-._~/%{}?=&@:,+".contains(c);
        let fits = ["http", "https"].contains(&scheme)
            && is_host(host)
            && path.chars().all(plain)
            && ["{z}", "{x}", "{y}"].into_iter().all(once)
            && path.matches(['{', '}']).count() == 6;
        if !fits {
            return Err(bad());
        }
        Ok(Self { address: text.to_owned(), origin: format!("{scheme}://{host}") })
    }
}

/// `/basemap`: what the page draws under the events.
pub(super) async fn basemap(State(site): State<Site>, call: Call) -> Result<Response, Error> {
    call.allow(&[])?;
    clusters::only_json(&call)?;
    let body = site.tiles.as_ref().map_or_else(
        || json!({ "tiles": null }),
        |tiles| json!({ "tiles": tiles.address.address, "attribution": tiles.attribution }),
    );
    Ok(answer::json(&call, JSON, &body))
}

/// Lets pages with scripts show pictures from the host of the tiles, and from no other.
pub(super) async fn allow(State(tiles): State<Option<Tiles>>, mut response: Response) -> Response {
    const PICTURES: &str = "img-src 'self'";
    let Some(Tiles { address: TileAddress { origin, .. }, .. }) = tiles else { return response };
    let headers = response.headers_mut();
    let policy = headers.get(CONTENT_SECURITY_POLICY).and_then(|policy| policy.to_str().ok());
    let wider = policy
        .filter(|policy| policy.contains("script-src 'self'"))
        .map(|policy| policy.replace(PICTURES, &format!("{PICTURES} {origin}")))
        .and_then(|policy| HeaderValue::from_str(&policy).ok());
    if let Some(policy) = wider {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_are_on_one_host_and_have_three_numbers() {
        for (text, origin) in [
            ("https://tile.example.org/{z}/{x}/{y}.png", "https://tile.example.org"),
            ("http://[::1]:8080/a/{z}/{y}/{x}?key=b-1", "http://[::1]:8080"),
        ] {
            assert_eq!(
                text.parse::<TileAddress>().map(|tiles| tiles.origin).as_deref(),
                Ok(origin)
            );
        }
        for wrong in [
            "",
            "tile.example.org/{z}/{x}/{y}",
            "ftp://example.org/{z}/{x}/{y}",
            "https://{s}.example.org/{z}/{x}/{y}",
            "https://example.org/{z}/{x}",
            "https://example.org/{z}/{x}/{y}/{y}",
            "https://example.org/{z}/{x}/{y}{r}",
            "https://example.org; script-src *;/{z}/{x}/{y}",
            "https://example.org/{z}/{x}/{y} 'unsafe-inline'",
            "https:///{z}/{x}/{y}",
        ] {
            let told = wrong.parse::<TileAddress>().unwrap_err().to_string();
            assert!(told.contains("{z}/{x}/{y}.png"), "{told}");
        }
    }
}
