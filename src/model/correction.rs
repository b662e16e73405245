//! What a person corrects of an event: some of its properties, and its point.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::event::{Event, PROPERTIES, PropertyType};
use super::place::Place;
use super::point::LonLat;
use super::taxonomy::SubEventType;

/// What cannot be corrected: it says where the event was read, or follows from something else.
const FIXED: [&str; 15] = [
    "event_type",
    "disorder_type",
    "confidence",
    "review",
    "evidence",
    "evidence_start",
    "evidence_end",
    "attribution",
    "article_id",
    "source",
    "source_url",
    "title",
    "published",
    "n_sources",
    "extractor",
];

/// Counts that have a least and a most.
const COUNTS: [(&str, [&str; 2]); 2] = [
    ("fatalities", ["fatalities_low", "fatalities_high"]),
    ("injured", ["injured_low", "injured_high"]),
];

/// Properties with the values that a person gives them, and where the event is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Correction {
    /// Longitude first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    point: Option<[f64; 2]>,
    properties: Map<String, Value>,
}

/// A correction that cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotCorrected {
    /// Nothing is set.
    #[error("`{0}` sets nothing: write NAME=VALUE, and NAME= for what is not known")]
    NoPair(String),
    /// No such property, or none that a person could know better.
    #[error("`{name}` cannot be corrected: allowed are {allowed}")]
    Fixed {
        /// What was given.
        name: String,
        /// What could have been meant.
        allowed: String,
    },
    /// No value of that property.
    #[error("`{name}` cannot be `{value}`: {why}")]
    Value {
        /// The property.
        name: String,
        /// What was given.
        value: String,
        /// What is allowed.
        why: String,
    },
    /// The values do not go together.
    #[error("that makes no event: {0}")]
    NoEvent(String),
}

impl Correction {
    /// Reads pairs as `fatalities=3`. A type follows from its sub-type; where only the best figure of a
    /// count is given, it is the least and the most as well; a list has commas.
    ///
    /// # Errors
    /// If one of them is none.
    pub fn parse(pairs: &[impl AsRef<str>]) -> Result<Self, NotCorrected> {
        let mut correction = Self::default();
        for pair in pairs.iter().map(AsRef::as_ref) {
            let (name, value) =
                pair.split_once('=').ok_or_else(|| NotCorrected::NoPair(pair.to_owned()))?;
            let (name, value) = (name.trim(), value.trim());
            let wrong = |why: String| NotCorrected::Value {
                name: name.to_owned(),
                value: value.to_owned(),
                why,
            };
            if name == "point" {
                correction.point = Some(point(value).map_err(wrong)?);
                continue;
            }
            let known = PROPERTIES.iter().find(|(known, ..)| *known == name);
            let Some(&(_, kind, _)) = known.filter(|_| !FIXED.contains(&name)) else {
                return Err(NotCorrected::Fixed { name: name.to_owned(), allowed: allowed() });
            };
            correction.properties.insert(name.to_owned(), typed(kind, value).map_err(wrong)?);
        }
        correction.complete();
        Ok(correction)
    }

    /// Puts the event at a place.
    pub fn place(&mut self, place: &Place) {
        let known = |text: &String| (!text.is_empty()).then(|| text.clone());
        self.point.get_or_insert([place.point.lon(), place.point.lat()]);
        for (name, value) in [
            ("location", json!(known(&place.name_en).or_else(|| known(&place.name_ar)))),
            ("location_ar", json!(known(&place.name_ar))),
            ("admin1", json!(known(&place.admin1))),
            ("admin2", json!(place.admin2)),
            ("admin3", json!(place.admin3)),
            ("admin1_pcode", json!(known(&place.admin1_pcode))),
            ("place_id", json!(place.id)),
            ("geo_precision", json!(1)),
        ] {
            // What was given by itself goes before.
            self.properties.entry(name).or_insert(value);
        }
    }

    /// Whether it corrects nothing.
    pub fn is_empty(&self) -> bool {
        self.point.is_none() && self.properties.is_empty()
    }

    /// The event as it is corrected.
    ///
    /// # Errors
    /// If that is none any more.
    pub fn apply(&self, event: &Event) -> Result<Event, NotCorrected> {
        let wrong = |why: serde_json::Error| NotCorrected::NoEvent(why.to_string());
        let mut feature = event.to_feature();
        if let Some(Value::Object(properties)) = feature.get_mut("properties") {
            properties.extend(self.properties.clone());
        }
        let mut corrected = Event::from_feature(&feature.to_string()).map_err(wrong)?;
        corrected.point = self.point.and_then(|[lon, lat]| LonLat::new(lon, lat)).or(event.point);
        if corrected.when.days().is_some_and(|(first, last)| last < first) {
            return Err(NotCorrected::NoEvent("it ends before it begins".to_owned()));
        }
        Ok(corrected)
    }

    /// Adds what follows from what is given.
    fn complete(&mut self) {
        let kind = self.properties.get("sub_event_type").and_then(Value::as_str);
        if let Some(kind) = kind.and_then(|kind| kind.parse::<SubEventType>().ok()) {
            self.properties.insert("event_type".to_owned(), json!(kind.event_type()));
            self.properties.insert("disorder_type".to_owned(), json!(kind.disorder_type()));
        }
        for (best, bounds) in COUNTS {
            let Some(count) = self.properties.get(best).cloned() else { continue };
            for bound in bounds {
                self.properties.entry(bound).or_insert_with(|| count.clone());
            }
        }
    }
}

fn allowed() -> String {
    let names = PROPERTIES.iter().map(|(name, ..)| *name).filter(|name| !FIXED.contains(name));
    names.chain(["point"]).collect::<Vec<_>>().join(", ")
}

fn typed(kind: PropertyType, value: &str) -> Result<Value, String> {
    if value.is_empty() {
        let list = kind == PropertyType::List;
        return Ok(if list { json!([]) } else { Value::Null });
    }
    match kind {
        PropertyType::Text => Ok(value.into()),
        PropertyType::Enum(names) if names.contains(&value) => Ok(value.into()),
        PropertyType::Enum(names) => Err(format!("allowed are {}", names.join(", "))),
        PropertyType::List => Ok(value.split(',').map(str::trim).collect()),
        PropertyType::Integer => value
            .parse::<u32>()
            .map(Value::from)
            .map_err(|_none| "a whole number is needed".to_owned()),
        PropertyType::Real => {
            value.parse::<f64>().map(Value::from).map_err(|_none| "a number is needed".to_owned())
        }
        PropertyType::Date => {
            let day = value.parse::<jiff::civil::Date>();
            day.map(|day| day.to_string().into()).map_err(|_none| "write YYYY-MM-DD".to_owned())
        }
    }
}

fn point(value: &str) -> Result<[f64; 2], String> {
    let numbers = value.split_once(',').and_then(|(lon, lat)| {
        let (lon, lat) = (lon.trim().parse().ok()?, lat.trim().parse().ok()?);
        LonLat::new(lon, lat).map(|_is_on_the_globe| [lon, lat])
    });
    numbers.ok_or_else(|| "write longitude,latitude in degrees".to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parsed(pairs: &[&str]) -> Result<Value, String> {
        let correction = Correction::parse(pairs).map_err(|error| error.to_string())?;
        let text = serde_json::to_string(&correction).unwrap();
        assert_eq!(serde_json::from_str::<Correction>(&text).unwrap(), correction);
        Ok(serde_json::from_str(&text).unwrap())
    }

    #[test]
    fn what_follows_from_a_value_is_corrected_with_it() {
        assert_eq!(
            parsed(&["sub_event_type=Air/drone strike", "fatalities = 3", "fatalities_high=5"]),
            Ok(json!({ "properties": {
                "event_type": "Explosions/Remote violence", "sub_event_type": "Air/drone strike",
                "disorder_type": "Political violence",
                "fatalities": 3, "fatalities_low": 3, "fatalities_high": 5,
            } }))
        );
        assert_eq!(
            parsed(&["actor_ids=SDF, ISIS", "actor2=", "point=36.7, 35.9"]),
            Ok(json!({ "point": [36.7, 35.9], "properties": {
                "actor_ids": ["SDF", "ISIS"], "actor2": null,
            } }))
        );
    }

    #[test]
    fn a_wrong_value_is_told_with_what_is_allowed() {
        for (pair, told) in [
            ("fatalities", "`fatalities` sets nothing: write NAME=VALUE"),
            ("fatality=3", "`fatality` cannot be corrected: allowed are sub_event_type, "),
            ("title=x", "`title` cannot be corrected"),
            ("fatalities=-1", "`fatalities` cannot be `-1`: a whole number is needed"),
            ("event_date=monday", "`event_date` cannot be `monday`: write YYYY-MM-DD"),
            ("certainty=maybe", "`certainty` cannot be `maybe`: allowed are asserted, "),
            ("point=360,0", "`point` cannot be `360,0`: write longitude,latitude"),
        ] {
            let wrong = parsed(&[pair]).unwrap_err();
            assert!(wrong.contains(told), "{pair}: {wrong}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_correction_or_told_to_be_none(pairs: Vec<String>) {
            if let Err(error) = Correction::parse(&pairs) {
                prop_assert!(!error.to_string().is_empty());
            }
        }
    }
}
