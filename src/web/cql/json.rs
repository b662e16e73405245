//! CQL2 JSON as a tree of calls.

use geo::Geometry;
use serde_json::{Map, Value};

use super::{MOST_DEPTH, Node, day, too_deep};
use crate::web::error::quoted;

pub(super) fn read(filter: &str) -> Result<Node, String> {
    // serde_json itself refuses what stands deeper than 128 brackets.
    let value: Value = serde_json::from_str(filter).map_err(|e| format!("it is not JSON: {e}"))?;
    node(&value, 0)
}

fn node(value: &Value, depth: usize) -> Result<Node, String> {
    if depth > MOST_DEPTH {
        return Err(too_deep());
    }
    match value {
        Value::Null => Err("null is no value: ask with isNull".to_owned()),
        Value::Bool(flag) => Ok(Node::Flag(*flag)),
        Value::Number(number) => Ok(Node::Number(number.as_f64().unwrap_or(f64::NAN))),
        Value::String(text) => Ok(Node::Text(text.clone())),
        Value::Array(items) => nodes(items, depth).map(Node::List),
        Value::Object(object) => from_object(object, depth),
    }
}

fn nodes(items: &[Value], depth: usize) -> Result<Vec<Node>, String> {
    items.iter().map(|item| node(item, depth + 1)).collect()
}

fn from_object(object: &Map<String, Value>, depth: usize) -> Result<Node, String> {
    let text = |key: &str| object.get(key).and_then(Value::as_str);
    let list = |key: &str| object.get(key).and_then(Value::as_array);
    if let (Some(op), Some(args)) = (text("op"), list("args")) {
        Ok(Node::Call(op.to_lowercase(), nodes(args, depth)?))
    } else if let Some(name) = text("property") {
        Ok(Node::Property(name.to_owned()))
    } else if let Some(text) = text("date").or_else(|| text("timestamp")) {
        day(text).map(Node::Day)
    } else if let Some(ends) = list("interval") {
        Ok(Node::Call("interval".to_owned(), nodes(ends, depth)?))
    } else if let Some(numbers) = list("bbox") {
        let numbers: Vec<String> = numbers.iter().map(Value::to_string).collect();
        Ok(Node::Box(numbers.join(",")))
    } else if object.contains_key("type") {
        geometry(Value::Object(object.clone())).map(Node::Geometry)
    } else {
        let given = Value::Object(object.clone()).to_string();
        Err(format!(
            "`{}` is not known: write op and args, property, date, timestamp, interval, bbox or a geometry",
            quoted(&given)
        ))
    }
}

/// A geometry of GeoJSON.
pub(super) fn geometry(value: Value) -> Result<Geometry<f64>, String> {
    let unread = |e: String| format!("the geometry cannot be read: {e}");
    let read: geojson::Geometry =
        serde_json::from_value(value).map_err(|e| unread(e.to_string()))?;
    Geometry::try_from(&read).map_err(|e| unread(e.to_string()))
}
