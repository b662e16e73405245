//! The words around the names of places, of which each is looked up alone.

use super::{PlaceFile, set};
use crate::extract::lexicon::Phrases;

/// Folded words around the names of places.
#[derive(Debug)]
pub(in crate::extract) struct AroundNames {
    /// A dash behind them leads from one town to another.
    pub(in crate::extract) roads: Phrases,
    /// They stand between the name of a site and what it lies in.
    pub(in crate::extract) attributes: Phrases,
    /// Behind them, with ل, stands what a place borders on.
    pub(in crate::extract) adjacent: Phrases,
    /// Where the wounded are taken.
    pub(in crate::extract) hospitals: Phrases,
    /// Who reports from the place behind.
    pub(in crate::extract) reporters: Phrases,
    /// Units, which bear numbers.
    pub(in crate::extract) units: Phrases,
    /// They stand before the name of an outlet.
    pub(in crate::extract) press_before: Phrases,
    /// Words for streets and squares.
    pub(in crate::extract) streets: Phrases,
    /// Of what many towns have one is called.
    pub(in crate::extract) any_town: Phrases,
    /// Other countries.
    pub(in crate::extract) abroad: Phrases,
    /// What is of one of them.
    pub(in crate::extract) foreign: Phrases,
    /// The country itself.
    pub(in crate::extract) home: Phrases,
    /// Whose dead are told of, or who buries them.
    pub(in crate::extract) mourned: Phrases,
}

pub(super) fn around(places: &PlaceFile) -> AroundNames {
    AroundNames {
        roads: set(&places.roads.names),
        attributes: set(&places.attributes.names),
        adjacent: set(&places.adjacent.names),
        hospitals: set(&places.hospitals.names),
        reporters: set(&places.reporters.names),
        units: set(&places.units.names),
        press_before: set(&places.press_before.names),
        streets: set(&places.streets.names),
        any_town: set(&places.any_town.names),
        abroad: set(&places.countries.names),
        foreign: set(&places.countries.of),
        home: set(&places.countries.home),
        mourned: set(&places.mourned.names),
    }
}
