//! Where articles come from, by name, and how far it has been read.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The name of a source: what the operator calls it, or the address or path that was given.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SourceName(pub String);

impl fmt::Display for SourceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How far a source has been read, in words that only the source understands. It is kept in one
/// transaction with the articles read until there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Position(pub String);
