//! `rasid gazetteer update`: open sources fetched, read, merged with our own places, and written.

use std::collections::BTreeMap;
use std::fs::{self, File, TryLockError};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::acquire::open_data::{self, Fetched, Limits, Listing, Role, Sources};
use crate::config::Update;
use crate::geocode::area::Areas;
use crate::geocode::listed::Listed;
use crate::geocode::open::changes::Changes;
use crate::geocode::open::geonames::{self, Names};
use crate::geocode::open::locate::{Level, locate};
use crate::geocode::open::merge::merge;
use crate::geocode::open::ocha;
use crate::geocode::open::write::{Credit, geojson};
use crate::geocode::open::{Record, Rows, Skipped, own};

use super::gazetteer::{borders, mark, own_text, unreadable, written};
use super::{counted, say};

/// The list of sources that the program was built with.
const SOURCES: &str = include_str!("../../gazetteer-sources.toml");

/// Rows passed over that are told one by one; of more, only their number.
const MOST_TOLD: usize = 5;

/// Names of the property that holds the code of an area.
const CODES: [&[&str]; 2] =
    [&["pcode", "adm2_pcode", "ADM2_PCODE"], &["pcode", "adm3_pcode", "ADM3_PCODE"]];

/// What an update works with.
#[derive(Debug)]
pub(super) struct Work<'a> {
    /// The places that win over all others, if not those built in.
    pub(super) own: Option<&'a Path>,
    /// The list of sources, if not the one built in.
    pub(super) config: Option<&'a Path>,
    /// Where the sources lie, or come to.
    pub(super) folder: &'a Path,
    /// What fetching one of them may cost; none if all are there already.
    pub(super) fetch: Option<Limits>,
    /// Hears what happens on the way.
    pub(super) tell: fn(&str),
}

/// Open sources merged with our own places.
#[derive(Debug)]
pub(super) struct Merged {
    /// The places.
    pub(super) records: Vec<Record>,
    /// The file that holds them.
    pub(super) text: String,
}

/// Brings in the open sources. Whatever fails, the file that was written before stays as it was.
pub(super) fn update(options: &Update, own_places: Option<&Path>) -> Result<()> {
    let Merged { records, text } = merged(&Work {
        own: own_places,
        config: options.sources_list.as_deref(),
        folder: options.from.as_ref().unwrap_or(&options.cache),
        fetch: options.from.is_none().then(Limits::default),
        tell: say,
    })?;
    let before = fs::read_to_string(&options.output).ok();
    replace(&options.output, &text)?;
    report(options, before.as_deref(), &records)
}

/// Fetches the sources, reads them and merges them.
pub(super) fn merged(work: &Work<'_>) -> Result<Merged> {
    let sources = sources(work.config)?;
    let own_text = own_text(work.own)?;
    let own = own(&own_text).with_context(|| unreadable(work.own))?;
    // Held until the sources are read: they shall not change on the way.
    let _alone = work.fetch.map(|_| alone(work.folder)).transpose()?;
    if let Some(limits) = &work.fetch {
        fetch(&sources, work, limits)?;
    }
    let read = read(&sources, work)?;
    let mut credits = vec![owner(&sources, own.len())];
    credits.extend(read.credits);
    let mut records = merge([vec![own], read.sources].concat());
    locate(&mut records, &read.districts, &read.subdistricts);
    let text = geojson(&records, &credits, &mark(&own_text));
    Ok(Merged { records, text })
}

/// Keeps other updates out of a folder until what it gives is dropped.
fn alone(folder: &Path) -> Result<File> {
    let path = folder.join("lock");
    let unusable = || format!("cannot write `{}`", path.display());
    fs::create_dir_all(folder).with_context(unusable)?;
    let file = File::create(&path).with_context(unusable)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            bail!("another update is at work in `{}`", folder.display())
        }
        Err(TryLockError::Error(error)) => Err(error).with_context(unusable),
    }
}

fn sources(file: Option<&Path>) -> Result<Sources> {
    let name = file.unwrap_or(Path::new("built in")).display();
    let unreadable = || format!("cannot read list of sources `{name}`");
    let text = match file {
        Some(path) => fs::read_to_string(path).with_context(unreadable)?,
        None => SOURCES.to_owned(),
    };
    Sources::parse(&text).with_context(unreadable)
}

/// Fetches each file once, however many sources are in it.
fn fetch(sources: &Sources, work: &Work<'_>, limits: &Limits) -> Result<()> {
    let tell = work.tell;
    let mut files: BTreeMap<&str, (&Listing, Vec<&str>)> = BTreeMap::new();
    for (_, listing) in sources.listings() {
        let (_, members) = files.entry(&listing.file).or_insert_with(|| (listing, Vec::new()));
        members.extend(listing.member.as_deref());
    }
    for (file, (listing, members)) in files {
        let Some(url) = &listing.url else { continue };
        let fetched = open_data::fetch(url, &work.folder.join(file), &members, limits);
        match fetched {
            Ok(Fetched::New) => tell(&format!("{file}: fetched from {url}")),
            Ok(Fetched::Unchanged) => tell(&format!("{file}: the newest is there already")),
            Err(error) => {
                return Err(error).with_context(|| {
                    format!(
                        "cannot fetch {}: see {}, and give another address with --gazetteer-sources, or files with --from",
                        listing.name, listing.page
                    )
                });
            }
        }
    }
    Ok(())
}

/// All that the sources gave, in the order of their weight.
#[derive(Default)]
struct Read {
    sources: Vec<Vec<Record>>,
    districts: Level,
    subdistricts: Level,
    credits: Vec<Credit>,
}

fn read(sources: &Sources, work: &Work<'_>) -> Result<Read> {
    let mut read = Read::default();
    let mut names = Names::default();
    let mut borders = borders()?;
    for (role, listing) in sources.listings() {
        let Some((path, member)) = listing.found_in(work.folder) else {
            missing(listing, work)?;
            continue;
        };
        let text = open_data::text(&path, member)
            .with_context(|| format!("cannot use {}", listing.name))?;
        let rows = match role {
            Role::Names => Names::parse(&text).map(|parsed| {
                let rows = Rows { records: Vec::new(), skipped: parsed.skipped.clone() };
                names = parsed;
                rows
            }),
            Role::Places => geonames::places(&text, &names, &borders),
            Role::Communities => ocha::places(&text),
            Role::Governorates => ocha::boundaries(&text, ocha::Level::Governorate),
            Role::Districts => ocha::boundaries(&text, ocha::Level::District),
            Role::Subdistricts => ocha::boundaries(&text, ocha::Level::Subdistrict),
        };
        let rows = rows.inspect_err(|_| open_data::forget(&path));
        let rows = rows.with_context(|| told_file(listing, &path, member))?;
        tell_skipped(&told_file(listing, &path, member), &rows.skipped, work.tell);
        let of_level = |codes| -> Result<Level> {
            Ok(Level::new(Areas::from_geojson(&text, codes)?, &rows.records))
        };
        match role {
            Role::Governorates => {
                borders = Areas::governorates(&text)
                    .with_context(|| told_file(listing, &path, member))?;
            }
            Role::Districts => read.districts = of_level(CODES[0])?,
            Role::Subdistricts => read.subdistricts = of_level(CODES[1])?,
            _ => {}
        }
        read.credits.push(credit(listing, &path, &rows));
        read.sources.push(rows.records);
    }
    Ok(read)
}

fn told_file(listing: &Listing, path: &Path, member: Option<&str>) -> String {
    let member = member.map_or(String::new(), |member| format!(", {member}"));
    format!("{} (`{}`{member})", listing.name, path.display())
}

/// A source that is not there ends an update, unless it is optional.
fn missing(listing: &Listing, work: &Work<'_>) -> Result<()> {
    let Listing { name, page, file, .. } = listing;
    let folder = work.folder.display();
    if listing.optional {
        (work.tell)(&format!(
            "{name}: left out; it is used if `{file}` lies in `{folder}` (from {page})"
        ));
        return Ok(());
    }
    bail!(
        "there is no `{file}` in `{folder}`: get it from {page}, or take {name} out of the list given with --gazetteer-sources"
    )
}

fn tell_skipped(file: &str, skipped: &[Skipped], tell: fn(&str)) {
    for row in skipped.iter().take(MOST_TOLD) {
        tell(&format!("{file}, line {row}; passed over"));
    }
    if skipped.len() > MOST_TOLD {
        tell(&format!("{file}: {} passed over in all", counted(skipped.len(), "row")));
    }
}

fn credit(listing: &Listing, path: &Path, rows: &Rows) -> Credit {
    Credit {
        name: listing.name.clone(),
        url: listing.url.clone().unwrap_or_else(|| listing.page.clone()),
        licence: listing.licence.clone(),
        attribution: listing.attribution.clone(),
        date: written(path),
        places: rows.records.len(),
        skipped: rows.skipped.len(),
    }
}

fn owner(sources: &Sources, places: usize) -> Credit {
    let own = &sources.own;
    Credit {
        name: own.name.clone(),
        url: own.page.clone(),
        licence: own.licence.clone(),
        attribution: own.attribution.clone(),
        date: None,
        places,
        skipped: 0,
    }
}

/// Writes a file beside the one that it then takes the place of.
pub(super) fn replace(path: &Path, text: &str) -> Result<()> {
    let mut name = path
        .file_name()
        .with_context(|| format!("`{}` is no file name", path.display()))?
        .to_owned();
    name.push(".part");
    let part: PathBuf = path.with_file_name(name);
    let write = || -> io::Result<()> {
        let mut file = File::create(&part)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&part, path)
    };
    write()
        .inspect_err(|_| drop(fs::remove_file(&part)))
        .with_context(|| format!("cannot write `{}`", path.display()))
}

/// Prints what has changed since the file was written before.
fn report(options: &Update, before: Option<&str>, records: &[Record]) -> Result<()> {
    let places =
        |text: &str| Listed::from_geojson(text).ok().map(|(read, _)| read.places().to_vec());
    let old = before.and_then(places).unwrap_or_default();
    // Read as a run will read it.
    let new =
        places(&fs::read_to_string(&options.output)?).context("what was written cannot be read")?;
    let changes = Changes::between(&old, &new);
    let mut out = BufWriter::new(io::stdout().lock());
    for (what, counts) in
        [("added", &changes.added), ("changed", &changes.changed), ("gone", &changes.gone)]
    {
        let all: usize = counts.iter().map(|(_, count)| count).sum();
        writeln!(out, "{all:>7}  {what}")?;
        for (source, count) in counts {
            writeln!(out, "{count:>15}  {source}")?;
        }
    }
    writeln!(out, "{:>7}  as before", changes.same)?;
    out.flush()?;
    let open = records.iter().filter(|record| record.open).count();
    say(&format!(
        "{} written to `{}`, {open} of them from open sources alone; `--gazetteer` uses the file",
        counted(records.len(), "place"),
        options.output.display()
    ));
    Ok(())
}
