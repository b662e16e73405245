//! `rasid backup` and `rasid restore`: a copy of the store, and the way back.

use anyhow::Result;

use super::say;
use crate::config::{Backup, Restore};
use crate::store;

pub(super) fn backup(options: &Backup) -> Result<()> {
    store::backup(&options.store, &options.output)?;
    say(&format!("`{}` holds the store as it was", options.output.display()));
    Ok(())
}

pub(super) fn restore(options: &Restore) -> Result<()> {
    store::restore(&options.file, &options.store, options.force)?;
    say(&format!("`{}` is the store now", options.store.display()));
    Ok(())
}
