//! rasid (راصد, observer): news articles in, evidence-backed conflict events on a map out.
//!
//! The modules below stand in the order that an article goes through them; a module
//! names only those on lower floors (see `docs/ARCHITECTURE.md`).

pub mod acquire;
pub mod app;
pub mod config;
pub mod extract;
pub mod formats;
pub mod geocode;
pub mod merge;
pub mod model;
pub mod pipeline;
pub mod store;
pub mod web;
