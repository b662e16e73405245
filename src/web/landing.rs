//! The way in: the map for people, the landing page for programs, and what they may rely on.

use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use serde_json::json;

use super::answer::{self, GEOJSON, HTML, JSON, OPENAPI_JSON};
use super::assets::{self, Page};
use super::call::{Call, Format};
use super::error::Error;
use super::html;
use super::link::Link;

pub(super) const TITLE: &str = "rasid – conflict events in Syria";
pub(super) const DESCRIPTION: &str =
    "Conflict events in Syria, read from news articles, each with the sentence it rests on.";

/// The conformance classes that hold here.
const CLASSES: &[&str] = &[
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/landing-page",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/json",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/html",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html",
    "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables-query-parameters",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/features-filter",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/schemas",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/queryables",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/sortables",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/returnables-and-receivables",
    // The same part by the name under which OGC API – Common has it.
    "http://www.opengis.net/spec/ogcapi-common-3/1.0/conf/schemas",
    "http://www.opengis.net/spec/ogcapi-common-3/1.0/conf/advanced-property-roles",
    "http://www.opengis.net/spec/ogcapi-common-3/1.0/conf/queryables",
    "http://www.opengis.net/spec/ogcapi-common-3/1.0/conf/sortables",
    "http://www.opengis.net/spec/ogcapi-common-3/1.0/conf/returnables-and-receivables",
    "http://www.opengis.net/spec/cql2/1.0/conf/cql2-text",
    "http://www.opengis.net/spec/cql2/1.0/conf/cql2-json",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-cql2",
    "http://www.opengis.net/spec/cql2/1.0/conf/advanced-comparison-operators",
    "http://www.opengis.net/spec/cql2/1.0/conf/case-insensitive-comparison",
    "http://www.opengis.net/spec/cql2/1.0/conf/accent-insensitive-comparison",
    "http://www.opengis.net/spec/cql2/1.0/conf/property-property",
    "http://www.opengis.net/spec/cql2/1.0/conf/arithmetic",
    "http://www.opengis.net/spec/cql2/1.0/conf/array-functions",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions-plus",
    "http://www.opengis.net/spec/cql2/1.0/conf/spatial-functions",
    // The name of a draft, which QGIS looks for.
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-operators",
    "http://www.opengis.net/spec/cql2/1.0/conf/temporal-functions",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tileset",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tilesets-list",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/geodata-tilesets",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/mvt",
    "http://www.opengis.net/spec/tms/2.0/conf/json-tilesetmetadata",
];

/// `/`: the map, whose own parameters are not ours to judge; or the landing page.
pub(super) async fn landing(uri: Uri, headers: HeaderMap, call: Call) -> Result<Response, Error> {
    if call.format()? == Format::Html {
        return assets::page(Page::Map, &uri, &headers);
    }
    call.allow(&[])?;
    let mut links = Link::own(&call, Format::Json, JSON).to_vec();
    let more = [
        ("/api?f=json", "service-desc", OPENAPI_JSON, "the API, as OpenAPI"),
        ("/api?f=html", "service-doc", "text/html", "the API, for people"),
        ("/conformance", "conformance", JSON, "conformance classes"),
        ("/collections", "data", JSON, "collections"),
        ("/sources", "about", JSON, "the sources and how they fare"),
        ("/geocode?q=Aleppo", "search", GEOJSON, "places by name (`q`) or `point`"),
    ];
    links.extend(more.map(|(path, rel, kind, title)| Link::new(call.url(path), rel, kind, title)));
    let body = json!({ "title": TITLE, "description": DESCRIPTION, "links": links });
    Ok(answer::json(&call, JSON, &body))
}

/// `/conformance`.
pub(super) async fn conformance(call: Call) -> Result<Response, Error> {
    call.allow(&[])?;
    let format = call.format()?;
    let links = Link::own(&call, format, JSON);
    Ok(match format {
        Format::Json => {
            let body = json!({ "conformsTo": CLASSES, "links": links });
            answer::json(&call, JSON, &body)
        }
        Format::Html => answer::document(&call, HTML, html::conformance(&call, CLASSES, &links)),
    })
}
