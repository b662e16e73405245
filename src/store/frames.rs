//! Values one behind another in a file, each whole or known to be broken.

use std::io::{self, Read, Write};
use std::mem;

use serde::{Deserialize, Serialize};

/// A file of values that is no such file, or not whole.
#[derive(Debug, thiserror::Error)]
pub(super) enum Broken {
    /// It cannot be read, or ends too early.
    #[error("it cannot be read")]
    Unread(#[from] io::Error),
    /// A value is not what was written.
    #[error("it is damaged")]
    Damaged,
}

/// Writes values, each behind its length and its checksum.
#[derive(Debug)]
pub(super) struct Writer<W> {
    to: W,
    buffer: Vec<u8>,
}

impl<W: Write> Writer<W> {
    pub(super) fn new(to: W) -> Self {
        Self { to, buffer: Vec::new() }
    }

    pub(super) fn put(&mut self, value: &(impl Serialize + ?Sized)) -> io::Result<()> {
        self.buffer.clear();
        postcard::to_io(value, &mut self.buffer).map_err(io::Error::other)?;
        self.to.write_all(&(self.buffer.len() as u64).to_le_bytes())?;
        self.to.write_all(&crc32fast::hash(&self.buffer).to_le_bytes())?;
        self.to.write_all(&self.buffer)
    }

    /// What it wrote to.
    pub(super) fn into_inner(self) -> W {
        self.to
    }
}

/// Reads the values in the order in which they were written.
#[derive(Debug)]
pub(super) struct Reader<R> {
    from: R,
    buffer: Vec<u8>,
}

impl<R: Read> Reader<R> {
    pub(super) fn new(from: R) -> Self {
        Self { from, buffer: Vec::new() }
    }

    pub(super) fn take<'a, T: Deserialize<'a>>(&'a mut self) -> Result<T, Broken> {
        let (mut len, mut checksum) = ([0; size_of::<u64>()], [0; size_of::<u32>()]);
        self.from.read_exact(&mut len)?;
        self.from.read_exact(&mut checksum)?;
        let len = u64::from_le_bytes(len);
        let mut buffer = mem::take(&mut self.buffer);
        buffer.clear();
        // Grows by what is there, whatever the length says.
        let read = self.from.by_ref().take(len).read_to_end(&mut buffer)?;
        self.buffer = buffer;
        if read as u64 != len || crc32fast::hash(&self.buffer) != u32::from_le_bytes(checksum) {
            return Err(Broken::Damaged);
        }
        postcard::from_bytes(&self.buffer).map_err(|_not_that| Broken::Damaged)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(values: &[String]) -> Vec<u8> {
        let mut out = Writer::new(Vec::new());
        for value in values {
            out.put(value).unwrap();
        }
        out.into_inner()
    }

    fn read(bytes: &[u8], count: usize) -> Result<Vec<String>, Broken> {
        let mut input = Reader::new(bytes);
        (0..count).map(|_| input.take()).collect()
    }

    proptest! {
        #[test]
        fn what_was_written_is_read_and_nothing_else_is(
            values in prop::collection::vec(".{0,20}", 1..6),
            at in any::<prop::sample::Index>(),
            flip in 1_u8..,
        ) {
            let whole = written(&values);
            prop_assert_eq!(&read(&whole, values.len()).unwrap(), &values);
            prop_assert!(read(&whole, values.len() + 1).is_err());
            prop_assert!(read(&whole[..at.index(whole.len())], values.len()).is_err());
            let mut damaged = whole;
            let at = at.index(damaged.len());
            damaged[at] ^= flip;
            prop_assert!(read(&damaged, values.len()).is_err());
        }

        #[test]
        fn strange_bytes_are_no_values(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            read(&bytes, 3).unwrap_err();
        }
    }
}
