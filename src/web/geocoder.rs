//! What names and points mean, as the handlers ask for it.

use std::fmt;
use std::sync::Arc;

use crate::geocode::candidate::Candidate;
use crate::geocode::nearest::nearest;
use crate::geocode::prefix::{Prefixes, fitting_name};
use crate::model::place::{Place, PlaceId, PlaceKind};
use crate::model::point::LonLat;

/// What a phrase means: one place or none, and all that it could mean, best first.
#[derive(Debug, Clone, Default)]
pub struct Meaning {
    pub(super) resolved: Option<PlaceId>,
    pub(super) candidates: Vec<Scored>,
}

/// A place that a phrase may mean, and why.
#[derive(Debug, Clone)]
pub(super) struct Scored {
    pub(super) id: PlaceId,
    /// Where the phrase puts it, which may be beside the place (`5 كم شرق منبج`).
    pub(super) point: LonLat,
    pub(super) score: f64,
    pub(super) reasons: Vec<String>,
}

impl Meaning {
    /// Takes over what the geocoding stage found.
    pub fn new(resolved: Option<&Place>, candidates: Vec<Candidate<'_>>) -> Self {
        let scored = |Candidate { place, point, score, reasons, .. }: Candidate<'_>| Scored {
            id: place.id.clone(),
            point,
            score,
            reasons,
        };
        Self {
            resolved: resolved.map(|place| place.id.clone()),
            candidates: candidates.into_iter().map(scored).collect(),
        }
    }
}

/// What a place that is looked for lies near.
#[derive(Debug, Clone)]
pub(super) struct Known {
    /// A name of it.
    pub(super) name: String,
    /// Where it is, if it can be told.
    pub(super) at: Option<LonLat>,
}

/// In the desert the next town may be that far.
const NEAR_KM: f64 = 150.0;

/// Reads a phrase; the second text names what the place lies near.
type Read = dyn Fn(&str, Option<&str>) -> Meaning + Send + Sync;

/// The places by what people write and where they point. Cheap to clone.
#[derive(Clone)]
pub struct Geocoder(Arc<Parts>);

struct Parts {
    places: Vec<Place>,
    prefixes: Prefixes,
    read: Box<Read>,
}

impl fmt::Debug for Geocoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Geocoder").field("places", &self.0.places.len()).finish_non_exhaustive()
    }
}

impl Geocoder {
    /// Indexes the places. How a phrase is read is the caller's to say: it takes the words of the
    /// extractor, which are not known here.
    pub fn new(
        places: &[Place],
        read: impl Fn(&str, Option<&str>) -> Meaning + Send + Sync + 'static,
    ) -> Self {
        let (places, prefixes) = (places.to_vec(), Prefixes::new(places));
        Self(Arc::new(Parts { places, prefixes, read: Box::new(read) }))
    }

    /// What a phrase means.
    pub(super) fn meaning(&self, phrase: &str, near: Option<&str>) -> Meaning {
        (self.0.read)(phrase, near)
    }

    /// The places with a name that begins so, the best known or nearest first; and that name, and
    /// whether only a later word of it begins so.
    pub(super) fn beginning(
        &self,
        typed: &str,
        near: Option<LonLat>,
        limit: usize,
    ) -> impl Iterator<Item = (&PlaceId, &str, bool)> {
        let found = self.0.prefixes.find(typed, near, limit).into_iter();
        found.filter_map(|index| {
            let place = self.0.places.get(index)?;
            let (name, within) = fitting_name(place, typed)?;
            Some((&place.id, name, within))
        })
    }

    /// The places nearest to a point, with their distance in kilometres.
    pub(super) fn nearest(
        &self,
        at: LonLat,
        limit: usize,
    ) -> impl Iterator<Item = (&PlaceId, f64)> {
        let found = nearest(&self.0.places, at, limit, |_| true);
        found.into_iter().filter_map(|(index, km)| Some((&self.0.places.get(index)?.id, km)))
    }

    /// A name for the surroundings of a point: that of the nearest town, if one is near at all.
    pub(super) fn town_near(&self, at: LonLat) -> Option<&str> {
        let town = |kind| matches!(kind, PlaceKind::City | PlaceKind::Town);
        let (index, km) = nearest(&self.0.places, at, 1, town).pop()?;
        self.0.places.get(index).filter(|_| km <= NEAR_KM).map(name)
    }

    /// The name by which a phrase that means one place is known, and where that is; `None` if no
    /// place bears it.
    pub(super) fn known(&self, phrase: &str) -> Option<Known> {
        let meaning = self.meaning(phrase, None);
        let place = meaning.resolved.and_then(|id| self.0.places.iter().find(|p| p.id == id));
        match place {
            Some(place) => Some(Known { name: name(place).to_owned(), at: Some(place.point) }),
            None if meaning.candidates.is_empty() => None,
            None => Some(Known { name: phrase.to_owned(), at: None }),
        }
    }
}

fn name(place: &Place) -> &str {
    if place.name_ar.is_empty() { &place.name_en } else { &place.name_ar }
}
