//! Where a page begins, as `next` links carry it: a place in one search and in no other.

use sha2::{Digest as _, Sha256};

use super::call::Call;
use super::collection::Collection;
use super::error::quoted;
use crate::model::query::Cursor;

/// Parameters that say how features are given, not which and in what order: they may change from
/// page to page.
const FREE: &[&str] = &["f", "limit", "offset", "cursor", "crs", "properties", "skipGeometry"];

/// Hexadecimal digits of the seal.
const SEAL: usize = 16;

/// A cursor as links carry it.
pub(super) fn print(call: &Call, collection: Collection, cursor: Cursor) -> String {
    format!("{:016x}{:x}", seal(call, collection, cursor), cursor.0)
}

/// Reads a cursor that was printed for the same search.
pub(super) fn parse(call: &Call, collection: Collection, text: &str) -> Result<Cursor, String> {
    let sequence = text.get(SEAL..).and_then(|digits| u64::from_str_radix(digits, 16).ok());
    let cursor = sequence.filter(|&sequence| sequence > 0).map(Cursor);
    cursor.filter(|&cursor| print(call, collection, cursor) == text).ok_or_else(|| {
        format!(
            "`{}` is not a page of this search: follow its `next` links as they are",
            quoted(text)
        )
    })
}

/// A number that hardly two searches have alike for one place. It guards against mistakes, not
/// against anybody: whoever can make one sees nothing that he could not ask for.
fn seal(call: &Call, collection: Collection, cursor: Cursor) -> u64 {
    let mut search: Vec<(&str, &str)> =
        call.parameters().filter(|(name, _)| !FREE.contains(name)).collect();
    search.sort_unstable();
    let mut hash = Sha256::new();
    hash.update(cursor.0.to_le_bytes());
    for text in [collection.id()]
        .into_iter()
        .chain(search.into_iter().flat_map(|(name, value)| [name, value]))
    {
        // With its length, so that no two lists of texts give the same bytes.
        hash.update(text.len().to_le_bytes());
        hash.update(text);
    }
    let first = hash.finalize().first_chunk().copied().unwrap_or_default();
    u64::from_le_bytes(first)
}
