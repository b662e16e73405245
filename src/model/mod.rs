//! What the stages hand on: the nouns, and only nouns.
//!
//! Floor 0. Nothing here does I/O or reads a clock, and nothing here knows a stage.

pub mod actor;
pub mod article;
pub mod cause;
pub mod correction;
pub mod event;
pub mod filter;
pub mod hex;
pub mod mercator;
pub mod pattern;
pub mod place;
pub mod point;
pub mod query;
pub mod report;
pub mod source;
pub mod taxonomy;
pub mod text;
pub mod toll;
pub mod when;
