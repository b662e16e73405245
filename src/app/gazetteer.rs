//! The place names: those of a run, and the commands that check and count them.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use anyhow::{Context, Result, bail};
use sha2::{Digest as _, Sha256};

use crate::config::{self, Check};
use crate::geocode::area::Areas;
use crate::geocode::check;
use crate::geocode::gazetteer::Gazetteer;
use crate::geocode::listed::{Imprint, Listed};
use crate::geocode::stats::Stats;
use crate::model::hex::hex;

use super::{counted, say, update};

/// The place names that the program was built with.
const BUILT_IN: &str = include_str!("../../gazetteer.geojson");

/// The governorates as the map shows them: simplified, so that a check needs a tolerance.
const GOVERNORATES: &str = include_str!("../../static/basemap/governorates.geojson");

/// Runs one of the commands about place names.
pub(super) fn run(command: &config::Gazetteer, knowledge: &config::Knowledge) -> Result<()> {
    match command {
        config::Gazetteer::Check(options) => check(options),
        config::Gazetteer::Stats(options) => {
            let file = options.file.as_deref().or(knowledge.gazetteer.as_deref());
            stats(file)
        }
        config::Gazetteer::Update(options) => {
            update::update(options, knowledge.gazetteer.as_deref())
        }
    }
}

/// The places of a file, or those built in. Bad features go to the log.
pub(super) fn given(file: Option<&Path>) -> Result<Listed> {
    read(&own_text(file)?).with_context(|| unreadable(file))
}

/// The places of a text. Bad features go to the log.
pub(super) fn read(text: &str) -> Result<Listed> {
    let (listed, problems) = Listed::from_geojson(text)?;
    for problem in &problems {
        tracing::warn!("gazetteer: {problem}");
    }
    Ok(listed)
}

/// The places that texts are read with: those of a file answer to our names for them as well.
pub(super) fn listed(file: Option<&Path>) -> Result<Listed> {
    let mut listed = given(file)?;
    if file.is_some() {
        listed.overlay(&given(None)?);
    }
    Ok(listed)
}

/// The gazetteer that texts are read with.
pub(super) fn used(file: Option<&Path>) -> Result<Gazetteer> {
    Ok(Gazetteer::of(listed(file)?))
}

/// In one line, which place names a run uses: how many, from where, of when.
pub(super) fn provenance(listed: &Listed, file: Option<&Path>) -> String {
    let places = places(listed.places().len());
    let from = match file {
        None => {
            let day = listed.imprint().date.as_ref();
            let day = day.map_or(String::new(), |day| format!("; of {day}"));
            format!("built in (rasid {}{day})", env!("CARGO_PKG_VERSION"))
        }
        Some(path) => {
            let Imprint { licence, date, .. } = listed.imprint();
            let day = date.clone().or_else(|| written(path));
            let known = [day.map(|day| format!("of {day}")), licence.clone()];
            let known: Vec<String> = known.into_iter().flatten().collect();
            let known =
                if known.is_empty() { String::new() } else { format!(" ({})", known.join("; ")) };
            format!("from `{}`{known}", path.display())
        }
    };
    format!("gazetteer: {places}, {from}")
}

/// A number of places as people read it.
pub(super) fn places(number: usize) -> String {
    format!("{} {}", grouped(number), if number == 1 { "place" } else { "places" })
}

/// The day on which a file was last written, if the system tells.
pub(super) fn written(path: &Path) -> Option<String> {
    let modified = fs::metadata(path).and_then(|metadata| metadata.modified()).ok()?;
    let at = jiff::Timestamp::try_from(modified).ok()?;
    Some(at.strftime("%Y-%m-%d").to_string())
}

/// A number with commas between its thousands.
fn grouped(n: usize) -> String {
    let digits = n.to_string();
    let mut grouped = String::with_capacity(digits.len() * 2);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

fn text_of(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| unreadable(Some(path)))
}

pub(super) fn unreadable(file: Option<&Path>) -> String {
    let name = file.unwrap_or(Path::new("built in"));
    format!("cannot read gazetteer `{}`", name.display())
}

/// The governorates of the map.
pub(super) fn borders() -> Result<Areas> {
    Areas::of_the_map(GOVERNORATES).context("cannot use the governorates built in")
}

fn borders_of(path: &Path) -> Result<Areas> {
    let unusable = || format!("cannot use governorates `{}`", path.display());
    let text = fs::read_to_string(path).with_context(unusable)?;
    Areas::governorates(&text).with_context(unusable)
}

/// What tells one text of place names from another.
pub(super) fn mark(text: &str) -> String {
    let hash = Sha256::digest(text.as_bytes());
    hex(hash.iter().take(8))
}

/// The mark of the place names built in.
pub(super) fn built_in_mark() -> String {
    mark(BUILT_IN)
}

/// The text of the gazetteer in a file, or of the one built in.
pub(super) fn own_text(file: Option<&Path>) -> Result<String> {
    file.map_or_else(|| Ok(BUILT_IN.to_owned()), text_of)
}

/// Prints the findings; fails if there are any.
fn check(options: &Check) -> Result<()> {
    let path = &options.file;
    // Read first: a reference that is not there shall not be told after a page of findings.
    let reference = options.reference.as_deref().map(|path| given(Some(path))).transpose()?;
    let borders = options.borders.as_deref().map_or_else(borders, borders_of)?;
    let checked = check::check(&text_of(path)?, &borders);
    let (listed, mut findings) = checked.with_context(|| unreadable(Some(path)))?;
    let own = findings.len();
    if let Some(reference) = reference {
        let compared = check::compare(&listed, &reference);
        say(&format!(
            "reference: {} found there under their name and governorate, {} not; {} far from all of the name",
            counted(compared.found, "place"),
            compared.unknown,
            compared.findings.len()
        ));
        findings.extend(compared.findings);
    }
    let mut out = BufWriter::new(io::stdout().lock());
    for finding in &findings {
        writeln!(out, "{finding}")?;
    }
    out.flush()?;
    let places = counted(listed.places().len(), "place");
    if findings.is_empty() {
        say(&format!("{places} checked, nothing wrong"));
        return Ok(());
    }
    let from_reference = findings.len() - own;
    bail!(
        "`{}`: {places} checked, {} in the file, {from_reference} against the reference",
        path.display(),
        counted(own, "finding")
    )
}

/// Prints counts as a table of two columns.
fn stats(file: Option<&Path>) -> Result<()> {
    let listed = given(file)?;
    say(&provenance(&listed, file));
    let stats = Stats::of(listed.places());
    let mut out = BufWriter::new(io::stdout().lock());
    for (name, count) in [
        ("places", stats.places),
        ("with an Arabic name", stats.arabic),
        ("with an English name", stats.english),
        ("other names", stats.other_names),
        ("with a population", stats.populated),
        ("names that several bear", stats.repeated),
    ] {
        writeln!(out, "{count:>7}  {name}")?;
    }
    for (heading, counts) in [
        ("kind", &stats.kinds),
        ("governorate", &stats.governorates),
        ("source", &stats.sources),
        ("name", &stats.most_repeated),
    ] {
        writeln!(out, "\nby {heading}")?;
        for (name, count) in counts {
            writeln!(out, "{count:>7}  {name}")?;
        }
    }
    Ok(out.flush()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        for (n, told) in [(0, "0"), (999, "999"), (1257, "1,257"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(n), told);
        }
    }

    #[test]
    fn the_borders_built_in_are_whole() {
        borders().unwrap();
    }
}
