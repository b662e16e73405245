//! What happens to features one after another: they come, come anew, or go.

use std::io::{self, Read, Write};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::row::Row;
use crate::store::frames::{Broken, Reader, Writer};
use crate::store::growing::Growing;

/// A change on its way into an [`super::Index`].
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// A feature; it replaces the one with its id, if there is one.
    Put(Row),
    /// There is no feature with this id any more; it need not have been there.
    Gone {
        /// The place in the sequence of changes, as rows have one.
        sequence: u64,
        /// The id of the feature.
        id: String,
    },
}

impl Change {
    /// Its place in the sequence of changes.
    pub fn sequence(&self) -> u64 {
        match self {
            Self::Put(row) => row.sequence(),
            Self::Gone { sequence, .. } => *sequence,
        }
    }
}

impl From<Row> for Change {
    fn from(row: Row) -> Self {
        Self::Put(row)
    }
}

/// The end of a feature, or of a state of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) enum End {
    /// The row with the sequence number of the change stands in place of another.
    Replaced,
    /// There is no feature with this id any more.
    Gone(Arc<str>),
}

/// The ends of all features, each with its place in the sequence: who follows the changes is told of them.
#[derive(Debug, Clone, Default)]
pub(super) struct Ends(Growing<(u64, End)>);

impl Ends {
    pub(super) fn push(&mut self, sequence: u64, end: End) {
        self.0.push((sequence, end));
    }

    pub(super) fn write(&self, out: &mut Writer<impl Write>) -> io::Result<()> {
        self.0.write(out)
    }

    pub(super) fn read(input: &mut Reader<impl Read>) -> Result<Self, Broken> {
        Growing::read(input).map(Self)
    }

    /// Those after a sequence number, in order.
    pub(super) fn after(&self, sequence: u64) -> impl Iterator<Item = &(u64, End)> {
        let begin = self.0.partition_point(|&(at, _)| at <= sequence);
        self.0.iter_from(begin)
    }
}
