//! Vector tiles: what there are, and each of them (OGC API – Tiles; `TileJSON`).

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use form_urlencoded::Serializer;
use serde_json::{Map, Value, json};

use super::Site;
use super::answer::{self, JSON, tag, unless_known};
use super::call::Call;
use super::clusters::{events, only_json, only_json_parameter, own};
use super::collection::Collection;
use super::crs::Crs;
use super::error::{Error, not_found, quoted};
use super::{openapi, query, queryables};
use crate::model::event::{PROPERTIES, PropertyType};
use crate::model::mercator::Cell;
use crate::model::taxonomy::EventType;
use crate::store::tiles::{CLUSTER_FIELDS, CLUSTERS, DEEPEST, EVENTS};

pub(super) const MVT: &str = "application/vnd.mapbox-vector-tile";

/// The one way that the world is cut into tiles.
const SET: &str = "WebMercatorQuad";

const SET_URI: &str = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad";

/// The relation of a list of vector tilesets.
pub(super) const TILESETS: &str = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector";

const PATH: &str = "/collections/events/tiles";

/// `/collections/events/tiles`.
pub(super) async fn tilesets(call: Call) -> Result<Response, Error> {
    query::filters(&call, Collection::Events, &[])?;
    only_json(&call)?;
    let href = with_filters(&call, &format!("{PATH}/{SET}"));
    let tileset = json!({
        "title": Collection::Events.title(),
        "dataType": "vector",
        "crs": Crs::Epsg3857.uri(),
        "tileMatrixSetURI": SET_URI,
        "links": [{ "href": href, "rel": "self", "type": JSON, "title": SET }],
    });
    let links = [own(&call, JSON), events(&call)];
    Ok(answer::json(&call, JSON, &json!({ "tilesets": [tileset], "links": links })))
}

/// `/collections/events/tiles/{tileMatrixSetId}`.
pub(super) async fn tileset(
    State(site): State<Arc<Site>>,
    path: Result<Path<String>, PathRejection>,
    uri: Uri,
    call: Call,
) -> Result<Response, Error> {
    let Path(set) = path.map_err(|_not_utf8| not_found(&uri))?;
    known_set(&set)?;
    query::filters(&call, Collection::Events, &[])?;
    let bounds = site.store.extent().bbox;
    let body = match call.parameter("f") {
        None | Some("json") => metadata(&call, bounds),
        Some("tilejson") => tile_json(&call, bounds),
        Some(asked) => {
            let told = format!("`{}` is not a format: write json or tilejson", quoted(asked));
            return Err(Error::BadParameter { name: "f".to_owned(), told });
        }
    };
    Ok(answer::json(&call, JSON, &body))
}

/// `/collections/events/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}`.
pub(super) async fn tile(
    State(site): State<Arc<Site>>,
    path: Result<Path<[String; 4]>, PathRejection>,
    uri: Uri,
    call: Call,
) -> Result<Response, Error> {
    let Path([set, matrix, row, column]) = path.map_err(|_not_utf8| not_found(&uri))?;
    known_set(&set)?;
    let asked = cell(&matrix, &row, &column)?;
    let query = query::filters(&call, Collection::Events, &[])?;
    only_mvt(&call)?;
    let tag = tag((site.store.generation(), &call.own_url));
    let mut is_empty = false;
    let mut response = unless_known(&call, &tag, MVT, || {
        let tile = site.store.tile(&query, asked);
        is_empty = tile.is_empty();
        tile.into()
    });
    if is_empty {
        *response.status_mut() = StatusCode::NO_CONTENT;
        response.headers_mut().remove(CONTENT_TYPE);
    }
    Ok(response)
}

/// Refuses to answer with a tile in another format.
pub(super) fn only_mvt(call: &Call) -> Result<(), Error> {
    call.parameter("f").filter(|&asked| asked != "mvt").map_or(Ok(()), |asked| {
        let told = format!("`{}` is not a format: write mvt", quoted(asked));
        Err(Error::BadParameter { name: "f".to_owned(), told })
    })
}

fn known_set(set: &str) -> Result<(), Error> {
    if set == SET {
        return Ok(());
    }
    let told = format!("`{}` is not known: there is {SET}", quoted(set));
    Err(Error::UnknownTile { name: "tileMatrixSetId", told })
}

/// The tile that a path names, if there is one.
fn cell(matrix: &str, row: &str, column: &str) -> Result<Cell, Error> {
    let depth = number("tileMatrix", matrix, u32::from(DEEPEST))?;
    let last = (1 << depth) - 1;
    let row = number("tileRow", row, last)?;
    let column = number("tileCol", column, last)?;
    let depth = u8::try_from(depth).unwrap_or(DEEPEST);
    Ok(Cell::new(depth, row, column).expect("each number is below its bound"))
}

pub(super) fn number(name: &'static str, text: &str, most: u32) -> Result<u32, Error> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits {
        let told = format!("`{}` is not a whole number from 0 to {most}", quoted(text));
        return Err(Error::BadParameter { name: name.to_owned(), told });
    }
    text.parse().ok().filter(|&number| number <= most).ok_or_else(|| {
        let told = format!("`{}` is too great: there are 0 to {most}", quoted(text));
        Error::UnknownTile { name, told }
    })
}

/// An address on this site with the filters of the call.
fn with_filters(call: &Call, path: &str) -> String {
    let filters: Vec<_> = call.parameters().filter(|&(name, _)| name != "f").collect();
    if filters.is_empty() {
        return call.url(path);
    }
    call.url(&format!("{path}?{}", Serializer::new(String::new()).extend_pairs(filters).finish()))
}

fn metadata(call: &Call, bounds: Option<[f64; 4]>) -> Value {
    let tile = with_filters(call, &format!("{PATH}/{SET}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}"));
    let mut links = json!([own(call, JSON), events(call)]);
    if let Value::Array(links) = &mut links {
        links.push(json!({
            "href": tile, "rel": "item", "type": MVT, "templated": true, "title": "the tiles",
        }));
        let href = call.url_with("f", "tilejson");
        links.push(json!({
            "href": href, "rel": "alternate", "type": JSON, "title": "TileJSON of the same tiles",
        }));
    }
    let layers = layers().map(|(name, about, properties)| {
        json!({
            "id": name, "description": about, "dataType": "vector", "geometryDimension": 0,
            "propertiesSchema": { "type": "object", "properties": properties },
        })
    });
    let mut body = json!({
        "title": Collection::Events.title(),
        "description": Collection::Events.description(),
        "dataType": "vector",
        "crs": Crs::Epsg3857.uri(),
        "tileMatrixSetURI": SET_URI,
        "layers": layers,
        "links": links,
    });
    if let (Value::Object(body), Some([west, south, east, north])) = (&mut body, bounds) {
        let corners = json!({
            "lowerLeft": [west, south], "upperRight": [east, north], "crs": Crs::Crs84.uri(),
        });
        body.insert("boundingBox".to_owned(), corners);
    }
    body
}

fn tile_json(call: &Call, bounds: Option<[f64; 4]>) -> Value {
    let fields = |properties: &Map<String, Value>| {
        let kind = |schema: &Value| match schema.get("type").and_then(Value::as_str) {
            Some("integer" | "number") => "Number",
            _ => "String",
        };
        let fields = properties.iter().map(|(name, schema)| (name.clone(), kind(schema).into()));
        fields.collect::<Map<String, Value>>()
    };
    let layers = layers().map(|(name, about, properties)| {
        json!({
            "id": name, "description": about, "minzoom": 0, "maxzoom": DEEPEST,
            "fields": fields(&properties),
        })
    });
    json!({
        "tilejson": "3.0.0",
        "name": Collection::Events.title(),
        "description": Collection::Events.description(),
        "scheme": "xyz",
        "tiles": [with_filters(call, &format!("{PATH}/{SET}/{{z}}/{{y}}/{{x}}"))],
        "minzoom": 0,
        "maxzoom": DEEPEST,
        "bounds": bounds.unwrap_or([-180.0, -90.0, 180.0, 90.0]),
        "vector_layers": layers,
    })
}

/// The layers with what they are and the types of their properties.
fn layers() -> [(&'static str, &'static str, Map<String, Value>); 2] {
    let typed = |name: &str, kind: PropertyType| {
        // Tiles know no lists: what one holds is joined.
        let kind = if kind == PropertyType::List { PropertyType::Text } else { kind };
        (name.to_owned(), queryables::type_of(&("", kind, "")).into())
    };
    let mut of_events = Map::from_iter([typed("id", PropertyType::Text)]);
    of_events.extend(PROPERTIES.iter().map(|&(name, kind, _)| typed(name, kind)));
    let mut of_clusters: Map<String, Value> =
        CLUSTER_FIELDS.iter().map(|&(name, kind)| typed(name, kind)).collect();
    of_clusters.extend(EventType::NAMES.iter().map(|name| typed(name, PropertyType::Integer)));
    [
        (EVENTS, "events one by one, where a tile has few or is small", of_events),
        (CLUSTERS, "events that lie close together, counted, in the other tiles", of_clusters),
    ]
}

/// The paths as OpenAPI describes them.
pub(super) fn describe() -> [(String, Value); 3] {
    let filters = || openapi::filters(Collection::Events);
    let segment = |name: &str, schema: Value, example: Value| json!({ "name": name, "in": "path", "required": true, "schema": schema, "example": example });
    let set = || segment("tileMatrixSetId", json!({ "type": "string", "enum": [SET] }), SET.into());
    let whole = |most: u32| json!({ "type": "integer", "minimum": 0, "maximum": most });
    let format = |names: &[&str]| {
        openapi::query("f", "the format", json!({ "type": "string", "enum": names }))
    };
    let object = json!({ JSON: { "schema": { "type": "object" } } });
    let greatest = (1 << DEEPEST) - 1;

    let mut list = filters();
    list.push(only_json_parameter());
    let mut one = vec![set()];
    one.extend(filters());
    one.push(format(&["json", "tilejson"]));
    let mut each = vec![
        set(),
        segment("tileMatrix", whole(DEEPEST.into()), 6.into()),
        segment("tileRow", whole(greatest), 25.into()),
        segment("tileCol", whole(greatest), 38.into()),
    ];
    each.extend(filters());
    each.push(format(&["mvt"]));
    let problems = ["400", "414", "404"];
    let sets = [
        ("", "getEventTilesets", "the tilesets of events", list, &problems[..2]),
        ("/{tileMatrixSetId}", "getEventTileset", "what the tiles hold", one, &problems),
    ];
    let [list, one] = sets.map(|(rest, id, summary, parameters, problems)| {
        let path = openapi::read_as(id, summary, &object, &parameters.into(), problems);
        (format!("{PATH}{rest}"), path)
    });
    let summary = "a vector tile: events, or clusters where they are many; 204 if it holds none";
    let tile = describe_tile("getEventTile", summary, &each.into(), &problems);
    let path = format!("{PATH}/{{tileMatrixSetId}}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}");
    [list, one, (path, tile)]
}

/// A path that answers with a vector tile.
pub(super) fn describe_tile(
    id: &str,
    summary: &str,
    parameters: &Value,
    problems: &[&str],
) -> Value {
    let tile = json!({ MVT: { "schema": { "type": "string", "format": "binary" } } });
    let mut path = openapi::read_as(id, summary, &tile, parameters, problems);
    if let Some(Value::Object(responses)) = path.pointer_mut("/get/responses") {
        responses.insert("204".to_owned(), json!({ "description": "a tile with nothing in it" }));
    }
    path
}
