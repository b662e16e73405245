//! Whether an outlet can be read, and what is read there.

use super::outlet::Outlet;
use super::{Feed, Kind};
use crate::acquire::{Error, Options, web};
use crate::model::article::Published;

/// What was read of an outlet.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked {
    /// What is there.
    pub kind: Kind,
    /// How many articles it lists.
    pub entries: usize,
    /// When the newest was published.
    pub newest: Option<Published>,
    /// The headline of the first.
    pub title: Option<String>,
    /// The characters of its text.
    pub characters: usize,
}

/// Reads an outlet and the first of its articles; nothing is kept.
///
/// # Errors
/// If it cannot be read, or has no article that can.
pub fn check(feed: &Feed, options: &Options) -> Result<Checked, Error> {
    let outlet = Outlet::new(feed.clone(), options.clone());
    let empty = || Error::NoEntries { address: web::told(&feed.address) };
    let found = outlet.look()?.ok_or_else(empty)?;
    let first = found.entries.first().ok_or_else(empty)?;
    let article = outlet.read(first, outlet.page_of(first, &found), &found)?;
    let days = found.entries.iter().filter_map(|entry| entry.published);
    Ok(Checked {
        kind: found.kind,
        entries: found.entries.len(),
        newest: days.max_by_key(|published| published.day()).or(article.published),
        title: article.title,
        characters: article.text.chars().count(),
    })
}
