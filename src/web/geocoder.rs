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

    /// The places with a name that begins so, the best known first, and that name.
    pub(super) fn beginning(
        &self,
        typed: &str,
        limit: usize,
    ) -> impl Iterator<Item = (&PlaceId, &str)> {
        let found = self.0.prefixes.find(typed, limit).into_iter();
        found.filter_map(|index| {
            let place = self.0.places.get(index)?;
            Some((&place.id, fitting_name(place, typed)?))
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

    /// The name by which a phrase that means one place is known; `None` if no place bears it.
    pub(super) fn known_name(&self, phrase: &str) -> Option<String> {
        let meaning = self.meaning(phrase, None);
        let place = meaning.resolved.and_then(|id| self.0.places.iter().find(|p| p.id == id));
        match place {
            Some(place) => Some(name(place).to_owned()),
            None if meaning.candidates.is_empty() => None,
            None => Some(phrase.to_owned()),
        }
    }
}

fn name(place: &Place) -> &str {
    if place.name_ar.is_empty() { &place.name_en } else { &place.name_ar }
}
