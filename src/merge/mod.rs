//! One happening in several articles becomes one event with several sources.
//!
//! Pure: what articles say is an argument, and the events that they say together are a function of
//! the set of them, whatever order they came in. So joining is undone by leaving an article out.

pub mod address;
pub mod event;
pub mod group;
pub mod nearly;
pub mod print;
pub mod score;
pub mod telling;
mod words;

pub use words::{BadWords, Words};
