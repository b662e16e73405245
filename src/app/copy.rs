//! `rasid copy`: the store into another engine, and back.

use std::io::{self, Write as _};

use anyhow::{Result, bail};

use super::{counted, say};
use crate::config::Copy;
use crate::store::copy::{self, Location, Progress};

pub(super) fn run(options: &Copy) -> Result<()> {
    let (from, to) = (&options.from, &options.to);
    if let Location::File(path) = from
        && !path.exists()
    {
        bail!("there is no store `{}`: name one with --from", path.display());
    }
    let copied = copy::copy(from, to, &mut |progress| say(&told(progress)))?;
    let mut out = io::stdout().lock();
    let mut rows = 0;
    for table in &copied {
        rows += table.tally.rows;
        writeln!(out, "{}\t{}\t{}", table.table, table.tally.rows, table.tally.hash)?;
    }
    out.flush()?;
    let rows = counted(usize::try_from(rows)?, "row");
    say(&format!("`{to}` holds the store as it was: {rows}, the same on both sides"));
    Ok(())
}

fn told(progress: Progress) -> String {
    match progress {
        Progress::GoesOn => "going on with what was copied before".to_owned(),
        Progress::Anew => {
            "the store has changed since what was copied before: copying it anew".to_owned()
        }
        Progress::Table { name, behind: None } => format!("copying {name}"),
        Progress::Table { name, behind: Some(last) } => format!("copying {name} behind {last}"),
        Progress::Compares => "comparing both sides".to_owned(),
    }
}
