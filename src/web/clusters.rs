//! Events as a map shows them: one by one, or as clusters where there are many.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use jiff::civil::Date;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::Site;
use super::answer::{GEOJSON, JSON, tag, unless_known};
use super::call::Call;
use super::collection::Collection;
use super::error::{Error, quoted};
use super::link::Link;
use super::selection::Selection;
use super::{openapi, query};
use crate::model::event::EventId;
use crate::model::taxonomy::EventType;
use crate::store::clusters::{Cluster, MOST_SINGLE, Shown, Symbols, Zoom};

/// `/collections/events/clusters`.
pub(super) async fn clusters(State(site): State<Arc<Site>>, call: Call) -> Result<Response, Error> {
    let query = query::filters(&call, Collection::Events, &["zoom", "properties"])?;
    let zoom = zoom(&call)?;
    let selection = selection(&call)?;
    only_json(&call)?;
    let tag = tag((site.store.generation(), &call.own_url));
    Ok(unless_known(&call, &tag, GEOJSON, || {
        let mut shown = site.store.clusters(&query, zoom);
        if let Symbols::Features(features) = &mut shown.symbols
            && selection.chooses_properties()
        {
            for feature in features {
                *feature = selection.of(feature).into_owned();
            }
        }
        body(&shown, zoom, &[own(&call, GEOJSON), events(&call)])
    }))
}

fn zoom(call: &Call) -> Result<Zoom, Error> {
    let bad = |told| Error::BadParameter { name: "zoom".to_owned(), told };
    let most = Zoom::MOST;
    let asked = call.parameter("zoom");
    let asked = asked.ok_or_else(|| bad(format!("is missing: write a zoom from 0 to {most}")))?;
    let digits = asked.bytes().all(|byte| byte.is_ascii_digit());
    asked.parse().ok().filter(|_| digits).and_then(Zoom::new).ok_or_else(|| {
        bad(format!("`{}` is not a zoom: write a whole number from 0 to {most}", quoted(asked)))
    })
}

/// What is given of each event that is shown alone; of clusters, all.
fn selection(call: &Call) -> Result<Selection, Error> {
    let mut selection = Selection::default();
    if let Some(asked) = call.parameter("properties") {
        let bad = |told| Error::BadParameter { name: "properties".to_owned(), told };
        selection.select(Collection::Events, asked).map_err(bad)?;
    }
    Ok(selection)
}

/// Refuses any other format: there is no page of it.
pub(super) fn only_json(call: &Call) -> Result<(), Error> {
    match call.parameter("f") {
        None | Some("json") => Ok(()),
        Some(asked) => {
            let told = format!("`{}` is not a format: write json", quoted(asked));
            Err(Error::BadParameter { name: "f".to_owned(), told })
        }
    }
}

/// The link of a document to itself, where it has but one form.
pub(super) fn own(call: &Call, kind: &'static str) -> Link {
    Link::new(call.own_url.clone(), "self", kind, "this document")
}

/// The link to the collection.
pub(super) fn events(call: &Call) -> Link {
    let address = call.url(&format!("/collections/{}", Collection::Events.id()));
    Link::new(address, "collection", JSON, Collection::Events.title())
}

/// What stands before the features.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Head<'a> {
    r#type: &'static str,
    mode: &'static str,
    zoom: u8,
    bbox: [f64; 4],
    number_matched: usize,
    number_returned: usize,
    unlocated: usize,
    links: &'a [Link],
}

fn body(shown: &Shown, asked: Zoom, links: &[Link]) -> Body {
    let (mode, zoom, number_returned) = match &shown.symbols {
        Symbols::Features(features) => ("features", asked, features.len()),
        Symbols::Clusters(zoom, clusters) => ("clusters", *zoom, clusters.len()),
    };
    let head = Head {
        r#type: "FeatureCollection",
        mode,
        zoom: zoom.get(),
        bbox: shown.bbox,
        number_matched: shown.matched,
        number_returned,
        unlocated: shown.unlocated,
        links,
    };
    let mut text = serde_json::to_string(&head).expect("it holds only texts and numbers");
    text.truncate(text.len() - 1);
    text.push_str(",\"features\":[");
    match &shown.symbols {
        Symbols::Features(features) => {
            let separated = features.iter().enumerate();
            for (place, feature) in separated {
                text.push_str(if place > 0 { "," } else { "" });
                text.push_str(feature);
            }
        }
        Symbols::Clusters(_, clusters) => {
            for (place, cluster) in clusters.iter().enumerate() {
                let feature = serde_json::to_string(&feature(cluster));
                text.push_str(if place > 0 { "," } else { "" });
                text.push_str(&feature.expect("a cluster has only text keys"));
            }
        }
    }
    text.push_str("]}");
    text.into()
}

/// A cluster as GeoJSON.
#[derive(Serialize)]
struct Feature<'a> {
    r#type: &'static str,
    id: String,
    geometry: Value,
    properties: Properties<'a>,
}

#[derive(Serialize)]
struct Properties<'a> {
    count: usize,
    region_only: usize,
    event_type: Option<&'static str>,
    event_types: Map<String, Value>,
    fatalities: Option<u64>,
    fatalities_unknown: usize,
    first_date: Option<Date>,
    last_date: Option<Date>,
    bbox: [f64; 4],
    #[serde(skip_serializing_if = "Option::is_none")]
    event_id: Option<&'a EventId>,
}

fn feature(cluster: &Cluster) -> Feature<'_> {
    let cell = cluster.cell;
    let types = EventType::NAMES.iter().zip(cluster.types).filter(|&(_, count)| count > 0);
    Feature {
        r#type: "Feature",
        id: format!("{}/{}/{}", cell.depth(), cell.row(), cell.column()),
        geometry: json!({ "type": "Point", "coordinates": cluster.point }),
        properties: Properties {
            count: cluster.count,
            region_only: cluster.in_region,
            event_type: cluster.dominant().map(EventType::as_str),
            event_types: types.map(|(&name, count)| (name.to_owned(), count.into())).collect(),
            fatalities: cluster.fatalities,
            fatalities_unknown: cluster.fatalities_unknown,
            first_date: cluster.days.map(|days| days.0),
            last_date: cluster.days.map(|days| days.1),
            bbox: cluster.bbox,
            event_id: cluster.event.as_ref(),
        },
    }
}

/// The path as OpenAPI describes it.
pub(super) fn describe() -> (String, Value) {
    let zoom = json!({
        "name": "zoom", "in": "query", "required": true,
        "description": "the zoom of a web map with tiles of 256 pixels",
        "schema": { "type": "integer", "minimum": 0, "maximum": Zoom::MOST },
        "example": 6,
    });
    let mut parameters = vec![zoom];
    parameters.extend(openapi::filters(Collection::Events));
    parameters.push(openapi::properties(Collection::Events));
    parameters.push(only_json_parameter());
    let single = Zoom::SINGLE.get();
    let summary = format!(
        "events as a map shows them: clusters in cells of 64 pixels, or the events themselves if at \
         most {MOST_SINGLE} match in the box, widened to whole cells, or from zoom {single} on"
    );
    let content = json!({ GEOJSON: { "schema": { "type": "object" } } });
    let path = openapi::read_as(
        "getEventClusters",
        &summary,
        &content,
        &parameters.into(),
        &["400", "414"],
    );
    ("/collections/events/clusters".to_owned(), path)
}

/// `f` where there is but one format.
pub(super) fn only_json_parameter() -> Value {
    openapi::query("f", "the format", json!({ "type": "string", "enum": ["json"] }))
}
