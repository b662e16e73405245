//! What lies under the events: the page's own outlines, an operator's tiles, or a file of vector tiles.

use std::str::FromStr;
use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
    VARY,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use pmtiles::TileCoord;
use serde_json::{Value, json};

use super::Site;
use super::answer::{self, FOREVER, JSON};
use super::base::is_host;
use super::call::Call;
use super::clusters;
use super::coding;
use super::error::{Error, not_found};
use super::kept::AsItIs;
use super::openapi;
use super::tiles::{self, MVT, number, only_mvt};
use archive::Archive;

pub mod archive;

/// The address of a tile of a file, and the parameter that changes with the file.
const TILES: &str = "/basemap/{z}/{x}/{y}";
const VERSION: &str = "v";

/// What an operator has chosen instead of the page's own outlines.
#[derive(Debug, Clone)]
pub enum Basemap {
    /// Pictures, from a server of tiles.
    Pictures(Tiles),
    /// Vectors, from a file.
    Vectors(Archive),
}

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
pub(super) async fn basemap(State(site): State<Arc<Site>>, call: Call) -> Result<Response, Error> {
    call.allow(&[])?;
    clusters::only_json(&call)?;
    let body = match &site.basemap {
        None => json!({ "tiles": null }),
        Some(Basemap::Pictures(Tiles { address, attribution })) => {
            json!({ "type": "raster", "tiles": address.address, "attribution": attribution })
        }
        Some(Basemap::Vectors(archive)) => vectors(&call, archive),
    };
    Ok(answer::json(&call, JSON, &body))
}

fn vectors(call: &Call, archive: &Archive) -> Value {
    let [minzoom, maxzoom] = archive.zooms();
    let version = archive.version();
    json!({
        "type": "vector",
        "tiles": call.url(&format!("{TILES}?{VERSION}={version}")),
        "attribution": archive.attribution(),
        "minzoom": minzoom,
        "maxzoom": maxzoom,
        "bounds": archive.bounds(),
        "version": version,
    })
}

/// The paths that this server has for what lies under the events.
pub(super) fn describe(basemap: Option<&Basemap>) -> Vec<(String, Value)> {
    let schema = json!({ "$ref": "#/components/schemas/Basemap" });
    let content = json!({ JSON: { "schema": schema } });
    let summary = "what the page draws under the events";
    let format = json!([clusters::only_json_parameter()]);
    let choice = openapi::read_as("getBasemap", summary, &content, &format, &["400"]);
    let mut paths = vec![("/basemap".to_owned(), choice)];
    if let Some(Basemap::Vectors(archive)) = basemap {
        paths.push((TILES.to_owned(), describe_tile(archive)));
    }
    paths
}

fn describe_tile(archive: &Archive) -> Value {
    let [_, deepest] = archive.zooms();
    let whole = |name: &str, most: u64| {
        json!({
            "name": name, "in": "path", "required": true,
            "schema": { "type": "integer", "minimum": 0, "maximum": most }, "example": 0,
        })
    };
    let greatest = (1_u64 << deepest.min(pmtiles::MAX_ZOOM)) - 1;
    let version = openapi::query(
        VERSION,
        "the version of the file, as `/basemap` tells it: the tile may then be kept for ever",
        json!({ "type": "string" }),
    );
    let parameters =
        json!([whole("z", deepest.into()), whole("x", greatest), whole("y", greatest), version]);
    let summary = "a vector tile of the operator's base map";
    tiles::describe_tile("getBasemapTile", summary, &parameters, &["400", "404"])
}

/// The shape of `/basemap`.
pub(super) fn schema() -> (String, Value) {
    let text = json!({ "type": "string" });
    let perhaps = json!({ "type": "string", "nullable": true });
    let zoom = json!({ "type": "integer", "minimum": 0, "maximum": pmtiles::MAX_ZOOM });
    let schema = json!({
        "type": "object", "required": ["tiles"],
        "properties": {
            "type": { "type": "string", "enum": ["raster", "vector"] },
            "tiles": { "type": "string", "nullable": true, "description": "the address of tiles, with {z}, {x} and {y}; null where the page draws its own outlines" },
            "attribution": perhaps, "version": text, "minzoom": zoom, "maxzoom": zoom,
            "bounds": { "type": "array", "minItems": 4, "maxItems": 4, "items": { "type": "number" } },
        },
    });
    ("Basemap".to_owned(), schema)
}

/// `/basemap/{z}/{x}/{y}`: a vector tile of the operator's file, coded as it is there where the client
/// takes that.
pub(super) async fn tile(
    State(site): State<Arc<Site>>,
    path: Result<Path<[String; 3]>, PathRejection>,
    uri: Uri,
    headers: HeaderMap,
    call: Call,
) -> Result<Response, Error> {
    let Some(Basemap::Vectors(archive)) = &site.basemap else { return Err(not_found(&uri)) };
    let Path(asked) = path.map_err(|_not_utf8| not_found(&uri))?;
    call.allow(&[VERSION])?;
    only_mvt(&call)?;
    let tile = coordinates(archive, &asked)?;
    let coding = archive.coding().filter(|coding| coding::takes(&headers, coding));
    let tag = answer::tag((archive.version(), &asked, coding));
    // An address that tells the version of the file never means another tile.
    let is_lasting = call.parameter(VERSION) == Some(archive.version());
    let cache = if is_lasting { FOREVER } else { answer::CACHE };
    let common = [(ETAG, &*tag), (CACHE_CONTROL, cache), (VARY, ACCEPT_ENCODING.as_str())];
    if call.if_none_match.as_deref().is_some_and(|known| answer::is_known(known, &tag)) {
        return Ok((StatusCode::NOT_MODIFIED, common).into_response());
    }
    let read = match coding {
        Some(_) => archive.coded(tile).await,
        None => archive.plain(tile).await,
    };
    let Some(bytes) = read.map_err(|error| unreadable(&asked, &error))? else {
        return Ok((StatusCode::NO_CONTENT, common).into_response());
    };
    let mut response = (common, [(CONTENT_TYPE, MVT)], bytes).into_response();
    if let Some(coding) = coding {
        response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static(coding));
        response.extensions_mut().insert(AsItIs);
    }
    Ok(response)
}

/// The tile that a path names, if the file may have it.
fn coordinates(archive: &Archive, [zoom, column, row]: &[String; 3]) -> Result<TileCoord, Error> {
    let [_, deepest] = archive.zooms();
    let zoom = number("z", zoom, u32::from(deepest.min(pmtiles::MAX_ZOOM)))?;
    let last = u32::try_from((1_u64 << zoom) - 1).unwrap_or(u32::MAX);
    let (column, row) = (number("x", column, last)?, number("y", row, last)?);
    let zoom = u8::try_from(zoom).unwrap_or(deepest);
    Ok(TileCoord::new(zoom, column, row).expect("each number is below its bound"))
}

/// The cause is for the log alone.
fn unreadable(tile: &[String; 3], cause: &pmtiles::PmtError) -> Error {
    tracing::error!("cannot read tile {} of the base map: {cause}", tile.join("/"));
    Error::Unreadable
}

/// Lets pages with scripts show pictures from the host of the tiles, and from no other.
pub(super) async fn allow(
    State(basemap): State<Option<Basemap>>,
    mut response: Response,
) -> Response {
    const PICTURES: &str = "img-src 'self'";
    let Some(Basemap::Pictures(Tiles { address: TileAddress { origin, .. }, .. })) = basemap else {
        return response;
    };
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
