//! The collections: what each is called, holds and answers.

use std::sync::Arc;

use super::Site;
use super::error::{Error, quoted};
use super::governorates::{self, GOVERNORATES};
use super::places;
use crate::model::event::PROPERTIES;
use crate::store::index::{Extent, Index, Property};

/// A collection of features.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Collection {
    Events,
    Places,
    Governorates,
}

impl Collection {
    pub(super) const ALL: [Self; 3] = [Self::Events, Self::Places, Self::Governorates];

    pub(super) fn named(id: &str) -> Result<Self, Error> {
        Self::ALL.into_iter().find(|collection| collection.id() == id).ok_or_else(|| {
            let there_are = Self::ALL.map(Self::id).join(", ");
            Error::UnknownCollection { id: quoted(id), there_are }
        })
    }

    pub(super) const fn id(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::Places => "places",
            Self::Governorates => "governorates",
        }
    }

    pub(super) const fn title(self) -> &'static str {
        match self {
            Self::Events => "Events",
            Self::Places => "Places",
            Self::Governorates => "Governorates",
        }
    }

    pub(super) const fn description(self) -> &'static str {
        match self {
            Self::Events => {
                "Conflict events in Syria as news articles tell them, each with the sentence it rests on. \
                 A property that is null is not known."
            }
            Self::Places => "The places of Syria by which events are located.",
            Self::Governorates => {
                "The fourteen governorates of Syria with their edges. Boundaries are approximate and imply no \
                 opinion on the status of any territory."
            }
        }
    }

    /// Whether its features have days; otherwise `datetime` holds for all of them.
    pub(super) const fn has_days(self) -> bool {
        matches!(self, Self::Events)
    }

    /// Whether its features are points; otherwise they are areas.
    pub(super) const fn has_points(self) -> bool {
        matches!(self, Self::Events | Self::Places)
    }

    /// What its geometries are, as JSON Schema names it.
    pub(super) const fn geometry(self) -> &'static str {
        if self.has_points() { "geometry-point" } else { "geometry-polygon" }
    }

    pub(super) const fn properties(self) -> &'static [Property] {
        match self {
            Self::Events => PROPERTIES,
            Self::Places => places::PROPERTIES,
            Self::Governorates => governorates::PROPERTIES,
        }
    }

    /// The properties that a table of many features shows.
    pub(super) const fn summary(self) -> &'static [&'static str] {
        match self {
            Self::Events => &[
                "event_date",
                "sub_event_type",
                "location",
                "location_ar",
                "admin1",
                "actor1",
                "actor2",
                "fatalities",
                "source",
            ],
            Self::Places => &["name_en", "name_ar", "kind", "admin1", "admin2"],
            Self::Governorates => &["name_en", "name_ar", "pcode"],
        }
    }

    pub(super) fn feature(self, site: &Site, id: &str) -> Option<String> {
        self.index(site).get(id)
    }

    pub(super) fn extent(self, site: &Site) -> Extent {
        self.index(site).extent()
    }

    /// The features as they are now.
    pub(super) fn index(self, site: &Site) -> Arc<Index> {
        match self {
            Self::Events => site.store.index(),
            Self::Places => Arc::clone(&site.places.0),
            Self::Governorates => Arc::clone(&GOVERNORATES.index),
        }
    }
}
