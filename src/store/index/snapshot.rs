//! An index as it is, written to a file and read again: many times faster than it is made.
//!
//! Only what came in is written. What is summed up of it is summed up anew, as that costs little.

use std::collections::HashSet;
use std::io::{self, Read, Write};
use std::thread;

use super::change::Ends;
use super::{Index, Layout};
use crate::store::frames::{Broken, Reader, Writer};
use crate::store::growing::Growing;
use crate::store::words::Words;

impl Index {
    /// Writes an index of points.
    pub(in crate::store) fn write(&self, out: &mut Writer<impl Write>) -> io::Result<()> {
        self.words.write(out)?;
        self.pieces.write(out)?;
        self.spots.write(out)?;
        for column in &self.columns {
            column.write(out)?;
        }
        let dead: Vec<usize> = self.dead.since(0).collect();
        out.put(&dead)?;
        self.ends.write(out)?;
        out.put(&self.last)
    }

    /// Reads what was written of an index with the same layout.
    pub(in crate::store) fn read(
        layout: Layout,
        input: &mut Reader<impl Read>,
    ) -> Result<Self, Broken> {
        let mut index = Self::new(layout);
        index.words = Words::read(input)?;
        index.pieces = Growing::read(input)?;
        index.spots = Growing::read(input)?;
        for column in &mut index.columns {
            column.read(input)?;
        }
        for row in input.take::<Vec<usize>>()? {
            if row < index.rows() {
                index.dead.insert(row);
            }
        }
        index.ends = Ends::read(input)?;
        index.last = input.take()?;
        let rows = index.rows();
        let is_whole = index.pieces.len() == rows * index.layout.width()
            && index.columns.iter().all(|column| column.len() == rows);
        if !is_whole {
            return Err(Broken::Damaged);
        }
        index.complete();
        Ok(index)
    }

    /// Makes what follows from what was read.
    fn complete(&mut self) {
        let dead: HashSet<u32> =
            self.dead.since(0).filter_map(|row| self.numbers(row).next()).collect();
        let words = self.words.clone();
        let found = thread::scope(|scope| {
            let finding = scope.spawn(|| words.found_by(|number| !dead.contains(&number)));
            self.sum_up(0);
            finding.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        });
        self.words.find_by(found);
    }
}
