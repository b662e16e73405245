//! GeoJSON of ours: a collection, a text sequence, a feature a line, or one feature.

use std::fmt;
use std::io::{self, BufRead, Read};

use serde::Deserialize;
use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::value::RawValue;

use super::{Error, Imported, Refused};
use crate::model::article::{Article, Lang};
use crate::model::event::{Event, EventId};
use crate::model::point::LonLat;
use crate::model::report::Evidence;

/// No article that this program reads is longer, in characters.
const LONGEST: usize = 32 * 1024 * 1024;

/// Reads features one after the other; only one is in memory.
pub(super) fn read<E: From<Error>>(
    file: impl BufRead,
    mut take: impl FnMut(Result<Imported, Refused>) -> Result<(), E>,
) -> Result<(), E> {
    let mut read = 0;
    let mut stopped = None;
    let mut each = |text: &str| {
        read += 1;
        let place = || format!("feature {read}");
        let found = imported(text).map_err(|why| Refused { place: place(), why });
        stopped = take(found).err();
        stopped.is_none()
    };
    let mut json = serde_json::Deserializer::from_reader(WithoutSeparators(file));
    let done = loop {
        match (Document { each: &mut each }).deserialize(&mut json) {
            Ok(None) => {}
            Ok(Some(other)) => break Err(Error::NoFeatures(other)),
            Err(error) => break Err(broken(error)),
        }
        match json.end() {
            Ok(()) => break Ok(()),
            Err(error) if error.is_io() => break Err(broken(error)),
            // Another text follows.
            Err(_) => {}
        }
    };
    match (stopped, done) {
        (Some(stopped), _) => Err(stopped),
        (None, Err(Error::Broken { source, .. })) => Err(Error::Broken { read, source }.into()),
        (None, done) => done.map_err(E::from),
    }
}

fn broken(error: serde_json::Error) -> Error {
    if error.is_io() { Error::Io(error.into()) } else { Error::Broken { read: 0, source: error } }
}

/// The separators of a text sequence read as spaces: within texts JSON does not allow them.
struct WithoutSeparators<R>(R);

impl<R: BufRead> Read for WithoutSeparators<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.0.read(into)?;
        for byte in into.iter_mut().take(count).filter(|byte| **byte == 0x1e) {
            *byte = b' ';
        }
        Ok(count)
    }
}

/// A JSON text that holds features; gives its type if it holds none.
struct Document<'a, F> {
    each: &'a mut F,
}

impl<'de, F: FnMut(&str) -> bool> DeserializeSeed<'de> for Document<'_, F> {
    type Value = Option<String>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de, F: FnMut(&str) -> bool> Visitor<'de> for Document<'_, F> {
    type Value = Option<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a GeoJSON FeatureCollection or Feature")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
        let mut kind = String::new();
        let mut of_feature = Vec::new();
        while let Some(name) = map.next_key::<String>()? {
            match name.as_str() {
                "type" => kind = map.next_value()?,
                "features" => map.next_value_seed(List { each: &mut *self.each })?,
                "id" | "geometry" | "properties" => {
                    let value: Box<RawValue> = map.next_value()?;
                    of_feature.push(format!("\"{name}\":{value}"));
                }
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        match kind.as_str() {
            "FeatureCollection" => Ok(None),
            "Feature" => {
                let text = format!("{{\"type\":\"Feature\",{}}}", of_feature.join(","));
                if (self.each)(&text) { Ok(None) } else { Err(M::Error::custom("stopped")) }
            }
            _ => Ok(Some(kind)),
        }
    }
}

/// The features of a collection.
struct List<'a, F> {
    each: &'a mut F,
}

impl<'de, F: FnMut(&str) -> bool> DeserializeSeed<'de> for List<'_, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_seq(self)
    }
}

impl<'de, F: FnMut(&str) -> bool> Visitor<'de> for List<'_, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of features")
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut list: S) -> Result<(), S::Error> {
        while let Some(feature) = list.next_element::<Box<RawValue>>()? {
            if !(self.each)(feature.get()) {
                return Err(S::Error::custom("stopped"));
            }
        }
        Ok(())
    }
}

#[derive(Deserialize)]
struct Feature<'a> {
    r#type: String,
    id: Option<Id>,
    #[serde(borrow)]
    geometry: Option<Geometry<'a>>,
    #[serde(borrow)]
    properties: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Id {
    Text(String),
    Number(serde_json::Number),
}

#[derive(Deserialize)]
struct Geometry<'a> {
    r#type: String,
    #[serde(borrow)]
    coordinates: Option<&'a RawValue>,
}

/// Makes an event of a feature that this program wrote.
fn imported(text: &str) -> Result<Imported, String> {
    let told = |error: serde_json::Error| format!("it is no event of ours: {error}");
    let Feature { r#type, id, geometry, properties } = serde_json::from_str(text).map_err(told)?;
    if r#type != "Feature" {
        return Err(format!("it is a `{}`, and a Feature is needed", super::table::cut(&r#type)));
    }
    let id = match id {
        Some(Id::Text(id)) if !id.is_empty() => id,
        Some(Id::Number(id)) => id.to_string(),
        _ => return Err("it has no id".to_owned()),
    };
    let of_id = |why: String| format!("(`{}`) {why}", super::table::cut(&id));
    let properties = properties.map_or("null", RawValue::get);
    let mut event: Event = serde_json::from_str(properties).map_err(told).map_err(of_id)?;
    event.point = geometry.map(|geometry| point(&geometry)).transpose().map_err(of_id)?;
    event.id = EventId(id.clone());
    check(&event).map_err(of_id)?;
    Ok(Imported { article: article(&event), event })
}

fn point(geometry: &Geometry<'_>) -> Result<LonLat, String> {
    let numbers: Option<Vec<f64>> =
        geometry.coordinates.and_then(|numbers| serde_json::from_str(numbers.get()).ok());
    let point = match numbers.as_deref() {
        Some([lon, lat] | [lon, lat, _]) if geometry.r#type == "Point" => LonLat::new(*lon, *lat),
        _ => None,
    };
    point.ok_or_else(|| "its geometry is not a point on the globe, longitude first".to_owned())
}

/// What the types alone do not refuse.
fn check(event: &Event) -> Result<(), String> {
    let Evidence { evidence, evidence_start, evidence_end, .. } = &event.evidence;
    let length = evidence.chars().count();
    if evidence.trim().is_empty() {
        return Err("it has no evidence".to_owned());
    }
    if *evidence_end > LONGEST || evidence_start.checked_add(length) != Some(*evidence_end) {
        return Err(format!(
            "its evidence has {length} characters, and cannot stand at {evidence_start} to {evidence_end}"
        ));
    }
    if event.source.article_id.0.is_empty() {
        return Err("its article_id is empty".to_owned());
    }
    if !(0.0..=1.0).contains(&event.trust.confidence) {
        return Err(format!("its confidence is {}: there is 0 to 1", event.trust.confidence));
    }
    match event.when.days() {
        Some((first, last)) if last < first => {
            Err(format!("it ends ({last}) before it begins ({first})"))
        }
        _ => Ok(()),
    }
}

/// As much of the article as the file has: the evidence in its place, and before it empty lines.
fn article(event: &Event) -> Article {
    let Evidence { evidence, evidence_start, .. } = &event.evidence;
    let source = &event.source;
    Article {
        id: source.article_id.clone(),
        text: format!("{}{evidence}", "\n".repeat(*evidence_start)),
        title: source.title.clone(),
        author: None,
        trust: None,
        publisher: source.source.clone(),
        url: source.source_url.clone(),
        published: source.published,
        lang: Lang::of(evidence),
    }
}
