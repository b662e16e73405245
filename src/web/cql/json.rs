//! CQL2 JSON as a tree of calls.

use geo::{BoundingRect as _, CoordsIter as _, Geometry, MultiPolygon, Rect};
use serde_json::{Map, Value};

use super::{MOST_DEPTH, Node, day, too_deep};
use crate::model::point::{Bbox, LonLat};
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
        boxed(&numbers.join(",")).map(Node::Geometry)
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

/// A box by its corners; one across the antimeridian has two parts.
pub(super) fn boxed(corners: &str) -> Result<Geometry<f64>, String> {
    let bbox: Bbox = corners.parse().map_err(|e| format!("bbox: {e}"))?;
    let parts = bbox
        .rectangles()
        .map(|[west, south, east, north]| Rect::new((west, south), (east, north)).to_polygon());
    Ok(Geometry::MultiPolygon(MultiPolygon(parts.collect())))
}

/// A geometry of GeoJSON, not empty and on the globe.
pub(super) fn geometry(value: Value) -> Result<Geometry<f64>, String> {
    let unread = |e: String| format!("the geometry cannot be read: {e}");
    let read: geojson::Geometry =
        serde_json::from_value(value).map_err(|e| unread(e.to_string()))?;
    let geometry = Geometry::<f64>::try_from(&read).map_err(|e| unread(e.to_string()))?;
    if let Some(off) = geometry.coords_iter().find(|at| LonLat::new(at.x, at.y).is_none()) {
        return Err(format!(
            "{}, {} is not on the globe: write longitude −180 to 180, then latitude −90 to 90",
            off.x, off.y
        ));
    }
    if geometry.bounding_rect().is_none() {
        return Err("the geometry has no points".to_owned());
    }
    Ok(geometry)
}
