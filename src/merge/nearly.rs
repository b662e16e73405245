//! Events that look like one, and not enough to be joined.

use serde::Serialize;

use super::score::Parts;
use crate::model::event::EventId;

/// From that score on two events that were not joined may be one all the same: nothing forbids it, and
/// the greater part speaks for it.
pub const NEARLY: f64 = 0.6;

/// An event that may be the same as another.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Nearly {
    /// It.
    #[serde(rename = "id")]
    pub event: EventId,
    /// How surely: of their reports, the two that are most alike.
    pub score: f64,
    /// In what these are alike.
    pub parts: Parts,
}
