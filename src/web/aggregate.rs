//! Events counted, for timelines and charts.

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::Site;
use super::answer::{JSON, tag, unless_known};
use super::call::Call;
use super::clusters::{events, only_json, only_json_parameter, own};
use super::collection::Collection;
use super::error::{Error, quoted};
use super::link::Link;
use super::{openapi, query};
use crate::store::aggregate::{Aggregate, By, Group, Key, MOST_GROUPS, Tally};

/// Events are counted by so many things at once.
const MOST_KEYS: usize = 2;

/// `/collections/events/aggregate`.
pub(super) async fn aggregate(
    State(site): State<Arc<Site>>,
    call: Call,
) -> Result<Response, Error> {
    let query = query::filters(&call, Collection::Events, &["by"])?;
    let by = by(&call)?;
    only_json(&call)?;
    let tag = tag((site.store.generation(), &call.own_url));
    let mut refused = None;
    let response = unless_known(&call, &tag, JSON, || {
        let Ok(found) = site.store.aggregate(&query, &by) else {
            let told = "narrow the search, or count by a longer time or by one thing";
            refused = Some(bad(format!("gives more than {MOST_GROUPS} groups: {told}")));
            return Body::empty();
        };
        let links = [own(&call, JSON), events(&call)];
        let body = Answer::new(&by, &found, &links);
        serde_json::to_string(&body).expect("it has only text keys").into()
    });
    refused.map_or(Ok(response), Err)
}

fn bad(told: String) -> Error {
    Error::BadParameter { name: "by".to_owned(), told }
}

fn by(call: &Call) -> Result<Vec<By>, Error> {
    let known = By::NAMES.join(", ");
    let asked = call.parameter("by");
    let asked = asked.ok_or_else(|| bad(format!("is missing: write one or two of {known}")))?;
    let mut by: Vec<By> = Vec::new();
    for name in asked.split(',').map(str::trim) {
        let read: By = name.parse().map_err(|_unknown| {
            bad(format!("`{}` is not known: write one or two of {known}", quoted(name)))
        })?;
        if by.contains(&read) {
            return Err(bad(format!("`{read}` is given twice")));
        }
        by.push(read);
    }
    if by.len() > MOST_KEYS {
        return Err(bad(format!("{} are given: write one or two of {known}", by.len())));
    }
    Ok(by)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer<'a> {
    by: &'a [By],
    number_matched: usize,
    total: Told,
    #[serde(skip_serializing_if = "Option::is_none")]
    undated: Option<Told>,
    groups: Vec<Row>,
    links: &'a [Link],
}

/// A group: what its events have in common, then how many they are.
#[derive(Serialize)]
struct Row {
    #[serde(flatten)]
    keys: Map<String, Value>,
    #[serde(flatten)]
    told: Told,
}

/// A tally by the names of properties.
#[derive(Serialize)]
struct Told {
    count: usize,
    fatalities: Option<u64>,
    fatalities_low: Option<u64>,
    fatalities_high: Option<u64>,
    fatalities_unknown: usize,
}

impl From<&Tally> for Told {
    fn from(tally: &Tally) -> Self {
        let (low, high) = tally.bounds().unzip();
        Self {
            count: tally.count,
            fatalities: tally.fatalities(),
            fatalities_low: low,
            fatalities_high: high,
            fatalities_unknown: tally.fatalities_unknown,
        }
    }
}

impl<'a> Answer<'a> {
    fn new(by: &'a [By], found: &Aggregate, links: &'a [Link]) -> Self {
        let row = |group: &Group| Row {
            keys: keys(by, group, &found.names),
            told: (&group.tally).into(),
        };
        Self {
            by,
            number_matched: found.total.count,
            total: (&found.total).into(),
            undated: by.iter().any(|by| by.is_time()).then(|| (&found.undated).into()),
            groups: found.groups.iter().map(row).collect(),
            links,
        }
    }
}

fn keys(by: &[By], group: &Group, names: &HashMap<Arc<str>, String>) -> Map<String, Value> {
    let mut keys = Map::new();
    for (&by, key) in by.iter().zip(&group.keys) {
        let value = match key {
            Key::Unknown => Value::Null,
            Key::Day(day) if by == By::Month => day.strftime("%Y-%m").to_string().into(),
            Key::Day(day) => day.to_string().into(),
            Key::Text(text) => text.as_ref().into(),
            &Key::Number(number) => number.into(),
        };
        keys.insert(by.as_str().to_owned(), value);
        if by == By::Actor {
            let name = match key {
                Key::Text(id) => names.get(id).map_or(Value::Null, |name| name.as_str().into()),
                _ => Value::Null,
            };
            keys.insert("actor_name".to_owned(), name);
        }
    }
    keys
}

/// The path as OpenAPI describes it.
pub(super) fn describe() -> (String, Value) {
    let by = json!({
        "name": "by", "in": "query", "required": true, "style": "form", "explode": false,
        "description": "what to count by: time from the earliest, others from the most frequent",
        "schema": {
            "type": "array", "minItems": 1, "maxItems": MOST_KEYS, "uniqueItems": true,
            "items": { "type": "string", "enum": By::NAMES },
        },
        "example": ["month"],
    });
    let mut parameters = vec![by];
    parameters.extend(openapi::filters(Collection::Events));
    parameters.push(only_json_parameter());
    let summary = "events and those killed in them, counted by day, type, actor, governorate, certainty, precision or source";
    let content = json!({ JSON: { "schema": { "type": "object" } } });
    let path = openapi::read_as(
        "getEventAggregate",
        summary,
        &content,
        &parameters.into(),
        &["400", "414"],
    );
    ("/collections/events/aggregate".to_owned(), path)
}
