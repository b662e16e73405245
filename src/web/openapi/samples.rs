//! Examples out of what is there, so that each can be tried as it stands.

use serde_json::{Value, json};

use super::{query, shown};
use crate::model::query::{EventQuery, Limit};
use crate::web::Site;
use crate::web::collection::Collection;
use crate::web::cql::MOST_CHARACTERS;
use crate::web::items::read;
use crate::web::query::MOST_TEXT;

/// The first feature of a collection, if it has any.
pub(super) struct Sample {
    collection: Collection,
    first: Option<Value>,
}

impl Sample {
    pub(super) fn of(collection: Collection, site: &Site) -> Self {
        let limit = Limit::new(1).unwrap_or_default();
        let page = collection.index(site).page(&EventQuery { limit, ..EventQuery::default() });
        Self { collection, first: page.features().next().map(|feature| read(&feature)) }
    }

    /// The parameter that names a feature.
    pub(super) fn id(&self) -> Value {
        let parameter = json!({
            "name": "featureId", "in": "path", "required": true,
            "description": "the `id` of the feature", "schema": { "type": "string", "minLength": 1 },
        });
        match self.first.as_ref().and_then(|feature| feature.get("id")) {
            Some(id) => shown(parameter, id.clone()),
            None => parameter,
        }
    }

    /// The feature; an area has more corners than an example should.
    pub(super) fn feature(&self) -> Option<Value> {
        self.first.clone().filter(|_| self.collection.has_points())
    }

    /// A page of it.
    pub(super) fn page(&self) -> Option<Value> {
        self.feature().map(|feature| {
            json!({
                "type": "FeatureCollection", "timeStamp": "2024-02-02T12:00:00Z",
                "numberMatched": 1, "numberReturned": 1, "links": [], "features": [feature],
            })
        })
    }
}

/// The parameter that filters, with a condition on what this collection has.
pub(super) fn filter(collection: Collection) -> Value {
    let meaning = "a condition in CQL2 on the queryables";
    let schema = json!({ "type": "string", "minLength": 1, "maxLength": MOST_CHARACTERS });
    let example = match collection {
        Collection::Events => "event_type IN ('Battles', 'Riots') AND fatalities > 1",
        Collection::Places => "kind = 'town' AND CASEI(name_en) LIKE CASEI('A%')",
        Collection::Governorates => "S_INTERSECTS(geometry, POINT(36.63 35.93))",
    };
    shown(query("filter", meaning, schema), example)
}

/// The parameter that looks for words.
pub(super) fn words(collection: Collection) -> Value {
    let meaning = "words to look for in names, titles, sentences and other texts: each must begin a word of the feature";
    let schema = json!({ "type": "string", "minLength": 1, "maxLength": MOST_TEXT });
    let example = match collection {
        Collection::Events => "Syria",
        Collection::Places => "منبج",
        Collection::Governorates => "إدلب",
    };
    shown(query("q", meaning, schema), example)
}
