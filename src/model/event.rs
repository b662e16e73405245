//! The event: one flat GeoJSON feature, the same in every answer, file and database row.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::actor::{Inter, Who};
use super::article::{ArticleId, Published};
use super::place::Location;
use super::point::LonLat;
use super::report::{Certainty, Evidence};
use super::taxonomy::{DisorderType, EventType, SubEventType, named};
use super::toll::Toll;
use super::when::When;

/// The stable id of an event.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EventId(pub String);

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

named! {
    /// What a person made of the event.
    Review {
        /// Nobody looked yet.
        Machine = "machine",
        /// A person agrees.
        Confirmed = "confirmed",
        /// A person corrected it.
        Corrected = "corrected",
        /// A person says it is wrong.
        Rejected = "rejected",
    }
}

/// What happened, as flat properties; type and disorder follow from the sub-type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "WhatColumns", try_from = "WhatColumns")]
pub struct What {
    /// ACLED's sub-event type.
    pub sub_event_type: SubEventType,
    /// Whether people without arms were the target.
    pub civilian_targeting: bool,
}

#[derive(Serialize, Deserialize)]
struct WhatColumns {
    event_type: EventType,
    sub_event_type: SubEventType,
    disorder_type: DisorderType,
    civilian_targeting: Option<String>,
}

/// The one value ACLED writes in `civilian_targeting`.
const TARGETED: &str = "Civilians targeted";

impl From<What> for WhatColumns {
    fn from(what: What) -> Self {
        Self {
            event_type: what.sub_event_type.event_type(),
            sub_event_type: what.sub_event_type,
            disorder_type: what.sub_event_type.disorder_type(),
            civilian_targeting: what.civilian_targeting.then(|| TARGETED.to_owned()),
        }
    }
}

impl TryFrom<WhatColumns> for What {
    type Error = String;

    fn try_from(columns: WhatColumns) -> Result<Self, String> {
        let sub = columns.sub_event_type;
        if sub.event_type() != columns.event_type {
            return Err(format!("`{sub}` is not of the type `{}`", columns.event_type));
        }
        Ok(Self {
            sub_event_type: sub,
            civilian_targeting: columns.civilian_targeting.as_deref() == Some(TARGETED),
        })
    }
}

/// How far the event can be trusted, as flat properties.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Trust {
    /// How sure the text is.
    pub certainty: Certainty,
    /// How much the coder trusts its own reading, 0 to 1.
    pub confidence: f64,
    /// What a person made of it.
    pub review: Review,
}

/// Where it was read, as flat properties.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Source {
    /// The article.
    pub article_id: ArticleId,
    /// The outlet.
    pub source: Option<String>,
    /// Where the article can be read.
    pub source_url: Option<String>,
    /// The headline.
    pub title: Option<String>,
    /// When the article was published.
    pub published: Option<Published>,
    /// How many outlets tell it; copies of one text count once.
    pub n_sources: u32,
    /// Name and version of the program that read it.
    pub extractor: String,
}

/// One happening at one place, with its evidence.
///
/// Serialises to the flat properties of a feature; [`Event::to_feature`] adds id and geometry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Its stable id.
    #[serde(skip, default = "no_id")]
    pub id: EventId,
    /// Where it is on the map; `None` for a claim whose place is not known.
    #[serde(skip)]
    pub point: Option<LonLat>,
    /// What happened.
    #[serde(flatten)]
    pub what: What,
    /// When.
    #[serde(flatten)]
    pub when: When,
    /// Who took part.
    #[serde(flatten)]
    pub who: Who,
    /// Where.
    #[serde(flatten)]
    pub location: Location,
    /// How bad it was.
    #[serde(flatten)]
    pub toll: Toll,
    /// How sure it is.
    #[serde(flatten)]
    pub trust: Trust,
    /// The quotation.
    #[serde(flatten)]
    pub evidence: Evidence,
    /// The article.
    #[serde(flatten)]
    pub source: Source,
}

fn no_id() -> EventId {
    EventId(String::new())
}

/// Why an event can be written as JSON.
const PLAIN: &str = "an event holds only strings, numbers and lists of strings";

/// A GeoJSON feature around flat properties.
#[derive(Debug, Serialize)]
struct Feature<'a> {
    r#type: &'static str,
    id: &'a EventId,
    geometry: Option<LonLat>,
    properties: &'a Event,
}

impl Event {
    /// The event as a GeoJSON feature (RFC 7946), longitude first.
    pub fn to_feature(&self) -> serde_json::Value {
        serde_json::to_value(self.feature()).expect(PLAIN)
    }

    /// The text of that feature, written at once.
    pub fn to_text(&self) -> String {
        serde_json::to_string(&self.feature()).expect(PLAIN)
    }

    /// That feature, to be written into something larger.
    pub fn feature(&self) -> impl Serialize {
        Feature { r#type: "Feature", id: &self.id, geometry: self.point, properties: self }
    }

    /// The event of a feature that [`Event::to_feature`] made.
    ///
    /// # Errors
    /// If the text is no such feature.
    pub fn from_feature(feature: &str) -> Result<Self, serde_json::Error> {
        #[derive(Deserialize)]
        struct Point {
            coordinates: (f64, f64),
        }
        #[derive(Deserialize)]
        struct Read {
            id: EventId,
            geometry: Option<Point>,
            properties: Event,
        }
        let Read { id, geometry, properties } = serde_json::from_str(feature)?;
        let point = geometry.and_then(|Point { coordinates: (lon, lat) }| LonLat::new(lon, lat));
        Ok(Self { id, point, ..properties })
    }
}

/// How a property is written in a table and in a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PropertyType {
    /// Text.
    Text,
    /// One of a closed list.
    Enum(&'static [&'static str]),
    /// A list of texts.
    List,
    /// A whole number.
    Integer,
    /// A number.
    Real,
    /// A calendar day.
    Date,
}

/// The properties that a group begins with: events mostly have all of a group alike or nothing.
pub const GROUPS: &[&str] = &[
    "event_date",
    "actor1",
    "location",
    "fatalities",
    "certainty",
    "evidence",
    "evidence_start",
    "evidence_end",
    "attribution",
];

/// Every property of an event, in the order of the code book, with what it holds.
pub const PROPERTIES: &[(&str, PropertyType, &str)] = {
    use PropertyType as T;
    &[
        ("event_type", T::Enum(EventType::NAMES), "ACLED event type"),
        ("sub_event_type", T::Enum(SubEventType::NAMES), "ACLED sub-event type"),
        ("disorder_type", T::Enum(DisorderType::NAMES), "ACLED disorder type"),
        ("civilian_targeting", T::Text, "`Civilians targeted`, or null"),
        ("event_date", T::Date, "first day; null if not known"),
        ("event_date_end", T::Date, "last day, if another"),
        ("time_precision", T::Integer, "1 day, 2 week, 3 month or less"),
        ("date_text", T::Text, "the words of the article"),
        ("actor1", T::Text, "the side that acts, in ACLED's manner"),
        ("assoc_actor_1", T::Text, "those with it"),
        ("inter1", T::Enum(Inter::NAMES), "ACLED actor type"),
        ("actor2", T::Text, "the other side"),
        ("assoc_actor_2", T::Text, "those with it"),
        ("inter2", T::Enum(Inter::NAMES), "ACLED actor type"),
        ("actor_ids", T::List, "lexicon ids of all of them"),
        ("location", T::Text, "English name of the place"),
        ("location_ar", T::Text, "Arabic name of the place"),
        ("admin1", T::Text, "governorate"),
        ("admin2", T::Text, "district"),
        ("admin3", T::Text, "sub-district"),
        ("admin1_pcode", T::Text, "code of the governorate"),
        ("place_id", T::Text, "gazetteer id"),
        ("geo_precision", T::Integer, "1 at the place, 2 near it, 3 in the region"),
        ("place_text", T::Text, "the words of the article"),
        ("fatalities", T::Integer, "killed, best figure; null if not known"),
        ("fatalities_low", T::Integer, "killed, least"),
        ("fatalities_high", T::Integer, "killed, most"),
        ("injured", T::Integer, "injured, best figure; null if not known"),
        ("injured_low", T::Integer, "injured, least"),
        ("injured_high", T::Integer, "injured, most"),
        ("personnel", T::Integer, "fighters that moved"),
        ("vehicles", T::Integer, "military vehicles that moved, trucks apart"),
        ("trucks", T::Integer, "trucks that moved"),
        ("certainty", T::Enum(Certainty::NAMES), "asserted, reported or unconfirmed"),
        ("confidence", T::Real, "how much the coder trusts its reading, 0 to 1"),
        ("review", T::Enum(Review::NAMES), "machine, confirmed, corrected or rejected"),
        ("evidence", T::Text, "the sentence, as the article has it"),
        ("evidence_start", T::Integer, "characters of the article before it"),
        ("evidence_end", T::Integer, "characters of the article before what follows it"),
        ("attribution", T::Text, "who is quoted"),
        ("article_id", T::Text, "the article"),
        ("source", T::Text, "publisher"),
        ("source_url", T::Text, "address of the article"),
        ("title", T::Text, "headline"),
        ("published", T::Text, "when the article was published"),
        ("n_sources", T::Integer, "outlets that tell it; copies of one text count once"),
        ("extractor", T::Text, "name and version of the program that read it"),
    ]
};
