//! A feature as answers and files have it, taken apart into the cells of a table.

use std::borrow::Cow;
use std::fmt;

use geo_types::{Geometry, Point};
use serde::Deserialize;
use serde::de::{Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// A GeoJSON feature. What it can borrow from its text, it does.
#[derive(Debug, Deserialize)]
pub(super) struct Feature<'a> {
    /// Its id.
    #[serde(borrow)]
    pub(super) id: Cow<'a, str>,
    #[serde(borrow)]
    geometry: &'a RawValue,
    #[serde(borrow)]
    properties: Properties<'a>,
}

/// One value of a feature.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell<'a> {
    /// Not known.
    Null,
    /// Text, also a day.
    Text(Cow<'a, str>),
    /// A whole number.
    Integer(i64),
    /// A number.
    Real(f64),
    /// Texts.
    List(Vec<Cow<'a, str>>),
}

/// Values by name, in the order of the text.
#[derive(Debug)]
struct Properties<'a>(Vec<(Cow<'a, str>, Cell<'a>)>);

/// The only geometry that most features have.
#[derive(Deserialize)]
struct OnePoint<'a> {
    r#type: &'a str,
    coordinates: [f64; 2],
}

impl<'a> Feature<'a> {
    /// Reads a feature.
    pub(super) fn read(text: &'a str) -> serde_json::Result<Self> {
        serde_json::from_str(text)
    }

    /// Where it is, if that is known.
    pub(super) fn geometry(&self) -> serde_json::Result<Option<Geometry>> {
        let text = self.geometry.get();
        if text == "null" {
            return Ok(None);
        }
        if let Ok(OnePoint { r#type: "Point", coordinates: [x, y] }) = serde_json::from_str(text) {
            return Ok(Some(Point::new(x, y).into()));
        }
        let geometry: geojson::Geometry = serde_json::from_str(text)?;
        Geometry::try_from(geometry).map(Some).map_err(serde_json::Error::custom)
    }

    /// The value of a property.
    pub(super) fn property(&self, name: &str) -> &Cell<'a> {
        self.cell(0, name)
    }

    /// The value of a property. `place` is where it probably stands, which saves a search.
    pub(super) fn cell(&self, place: usize, name: &str) -> &Cell<'a> {
        let Properties(all) = &self.properties;
        let there = all.get(place).filter(|(known, _)| known == name);
        there.or_else(|| all.iter().find(|(known, _)| known == name)).map_or(&Cell::Null, |p| &p.1)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Properties<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Properties<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the properties of a feature")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
                let mut all = Vec::with_capacity(48);
                while let Some(Borrowed(name)) = map.next_key()? {
                    all.push((name, map.next_value()?));
                }
                Ok(Properties(all))
            }
        }
        from.deserialize_map(Pairs)
    }
}

/// A text, borrowed wherever it holds no escape.
struct Borrowed<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Borrowed<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        match Cell::deserialize(from)? {
            Cell::Text(text) => Ok(Self(text)),
            other => Err(D::Error::custom(format_args!("{other:?} is no text"))),
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Cell<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Cell<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("null, a text, a number or a list of texts")
            }

            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Cell::Null)
            }

            fn visit_bool<E>(self, yes: bool) -> Result<Self::Value, E> {
                Ok(Cell::Integer(yes.into()))
            }

            fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
                Ok(Cell::Integer(number))
            }

            fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Self::Value, E> {
                i64::try_from(number).map(Cell::Integer).map_err(E::custom)
            }

            fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
                Ok(Cell::Real(number))
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Cell::Text(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Cell::Text(Cow::Owned(text.to_owned())))
            }

            fn visit_seq<S: SeqAccess<'de>>(self, mut seq: S) -> Result<Self::Value, S::Error> {
                let mut items = Vec::new();
                while let Some(Borrowed(item)) = seq.next_element()? {
                    items.push(item);
                }
                Ok(Cell::List(items))
            }
        }
        from.deserialize_any(Any)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feature_is_taken_apart() {
        let text = r#"{"type":"Feature","id":"a","geometry":{"type":"Point","coordinates":[36.5,35]},
            "properties":{"n":null,"t":"a\nb","i":3,"r":0.5,"l":["x","y"],"u":-1}}"#;
        let feature = Feature::read(text).unwrap();
        assert_eq!(feature.id, "a");
        assert_eq!(feature.geometry().unwrap(), Some(Point::new(36.5, 35.0).into()));
        let cells = ["n", "t", "i", "r", "l", "u", "none"].map(|name| feature.cell(1, name));
        let list = Cell::List(vec!["x".into(), "y".into()]);
        let told: [&Cell<'_>; 7] = [
            &Cell::Null,
            &Cell::Text("a\nb".into()),
            &Cell::Integer(3),
            &Cell::Real(0.5),
            &list,
            &Cell::Integer(-1),
            &Cell::Null,
        ];
        assert_eq!(cells, told);
    }

    #[test]
    fn what_is_no_feature_is_an_error() {
        for text in ["", "{}", "[]", r#"{"id":"a","geometry":null,"properties":{"a":{}}}"#] {
            Feature::read(text).unwrap_err();
        }
        let line = r#"{"id":"a","geometry":{"type":"Point","coordinates":[]},"properties":{}}"#;
        Feature::read(line).unwrap().geometry().unwrap_err();
    }
}
