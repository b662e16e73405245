//! Open data from the web: which files there are, how they come into a folder, and what is in them.
//!
//! A file in the folder is whole: it is written under another name and renamed at the end. What it
//! means is not decided here.

mod archive;
mod download;
mod list;
#[cfg(test)]
mod tests;

pub use archive::{ContentError, text};
pub use download::{DownloadError, Fetched, Limits, fetch, forget};
pub use list::{ListError, Listing, Owner, Role, Sources};
