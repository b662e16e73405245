//! rasid (راصد, observer): news articles in, evidence-backed conflict events on a map out.
//!
//! The modules below stand in the order that an article goes through them.

pub mod model;
pub mod store;
pub mod web;
