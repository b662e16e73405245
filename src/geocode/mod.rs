//! From reports to events: which place of the gazetteer a name in a text means.
//!
//! Pure: the gazetteer is an argument, and the same article gives the same events.
//! A name is resolved only if the evidence tells its bearers apart. Otherwise the
//! candidates are told, and nothing is put on the map.

pub mod area;
mod border;
pub mod candidate;
pub mod check;
pub mod company;
mod context;
mod evidence;
mod feature;
#[cfg(test)]
mod fixture;
pub mod gazetteer;
pub mod governorate;
mod keys;
mod likeness;
pub mod listed;
pub mod locate;
mod middle;
pub mod nearest;
pub mod open;
mod overlay;
mod parent;
pub mod prefix;
pub mod resolve;
mod road;
mod shift;
mod sounds;
mod spelling;
pub mod stats;
mod summary;
