//! `rasid export`: the events of the store as a file of their own.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use anyhow::{Context, Result, bail};
use tempfile::NamedTempFile;

use super::{counted, existing, say};
use crate::config::{Export, ExportFormat};
use crate::formats::{self, Layer};
use crate::model::query::{EventQuery, Limit};
use crate::store::copy::Location;
use crate::store::{self, Store};
use crate::web;

/// Writes the events that are asked for, all or nothing.
pub(super) fn run(options: &Export) -> Result<()> {
    let format = format(options)?;
    let target = Target::of(options)?;
    if target == Target::Stream && !format.is_text() {
        bail!("a file of this format cannot be a stream: name a file with --output");
    }
    let mut query =
        EventQuery { bbox: options.bbox, datetime: options.datetime, ..EventQuery::default() };
    if let Some(text) = &options.filter {
        let read = web::filter(text).map_err(anyhow::Error::msg);
        query.filter = Some(read.with_context(|| format!("cannot use the filter `{text}`"))?);
    }
    let store = existing(&options.store)?;
    let events = all(&store, query);
    let name = options.output.display();
    match target {
        Target::Stream => write(&mut io::stdout().lock(), format, &events),
        Target::Device => fs::OpenOptions::new()
            .write(true)
            .open(&options.output)
            .and_then(|mut device| write(&mut device, format, &events)),
        Target::File => {
            return keep(options, format, &events)
                .map(|()| say(&format!("{} written to `{name}`", counted(events.len(), "event"))));
        }
    }
    .with_context(|| format!("cannot write to `{name}`"))
}

fn format(options: &Export) -> Result<ExportFormat> {
    let told = options.format.or_else(|| ExportFormat::of_file(&options.output));
    told.with_context(|| {
        let name = options.output.display();
        format!("`{name}` does not tell its format: end it in .gpkg, .fgb, .geojson, .geojsons, .geojsonl or .csv, or say it with --format")
    })
}

/// What is written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target {
    /// Standard output.
    Stream,
    /// What is there and is no file, as a pipe: it cannot be replaced.
    Device,
    /// A file that is new, or may be replaced.
    File,
}

impl Target {
    fn of(options: &Export) -> Result<Self> {
        let path = &options.output;
        if path.as_os_str() == "-" || path == Path::new("/dev/stdout") {
            return Ok(Self::Stream);
        }
        let Ok(there) = fs::metadata(path) else { return Ok(Self::File) };
        let name = path.display();
        if there.is_dir() {
            bail!("`{name}` is a folder: name a file with --output");
        }
        if !there.is_file() {
            return Ok(Self::Device);
        }
        let same = |other: &Path| fs::canonicalize(other).ok() == fs::canonicalize(path).ok();
        if let Location::File(store) = &options.store
            && same(store)
        {
            bail!("`{name}` is the store itself: name another file with --output");
        }
        if !options.force {
            bail!("`{name}` is there already: name another file, or take its place with --force");
        }
        Ok(Self::File)
    }
}

/// All events that answer the query, the oldest first: read again in that order they are answered as now.
pub(super) fn all(store: &Store, mut query: EventQuery) -> Vec<String> {
    query.limit = Limit::new(Limit::MOST).unwrap_or_default();
    let mut events = Vec::new();
    loop {
        let page = store.page(&query);
        events.extend(page.features());
        match page.next {
            Some(next) => query.after = next,
            None => break,
        }
    }
    events.reverse();
    events
}

/// Writes beside the file, then takes its place: nobody sees half of one.
fn keep(options: &Export, format: ExportFormat, events: &[String]) -> Result<()> {
    let path = &options.output;
    let failed = || format!("cannot write `{}`", path.display());
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    // As any new file: the umask takes away what it should.
    let mut part = tempfile::Builder::new()
        .prefix(".rasid-")
        .suffix(".part")
        .permissions(fs::Permissions::from_mode(0o666))
        .tempfile_in(folder.unwrap_or(Path::new(".")))
        .with_context(failed)?;
    if format.of_features().is_some() {
        write(&mut part, format, events).with_context(failed)?;
    } else {
        store::write_geopackage(part.path(), events.iter().map(|event| &**event))?;
    }
    part.as_file().sync_all().with_context(failed)?;
    replace(part, path, options.force).with_context(failed)
}

fn replace(part: NamedTempFile, path: &Path, force: bool) -> io::Result<()> {
    // Somebody else may have made the file meanwhile.
    let kept = if force { part.persist(path) } else { part.persist_noclobber(path) };
    kept.map(drop).map_err(|error| error.error)
}

fn write(out: &mut impl Write, format: ExportFormat, events: &[String]) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    if let Some(format) = format.of_features() {
        formats::write(&mut out, format, &Layer::events(), events)?;
    }
    out.flush()
}
