//! The updated place names that lie beside a store: when a run uses them, how a server renews them.
//!
//! A renewal never touches a run: what it writes is read by the next one.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Error, Result, ensure};

use crate::acquire::open_data::{DownloadError, Limits};
use crate::config::{Renew, Serve};
use crate::geocode::gazetteer::Gazetteer;
use crate::geocode::listed::Listed;
use crate::store::copy::Location;

use super::gazetteer::{built_in_mark, given, listed, places, provenance, read};
use super::say;
use super::update::{Merged, Work, merged, replace};

/// Where an update writes and downloads if nobody says otherwise: in the folder of the default
/// store, so that `rasid gazetteer update` there is what a server uses.
const UPDATED: &str = "gazetteer-open.geojson";
const DOWNLOADS: &str = "gazetteer-sources";

/// Places come and go slowly, and the servers of the sources are not ours.
const FRESH: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// Nobody waits for it, but a bad line shall not be busy for long.
const LIMITS: Limits = Limits {
    stall: Duration::from_secs(10),
    total: Duration::from_secs(5 * 60),
    max_bytes: 64 * 1024 * 1024,
};

/// The place names of a run.
#[derive(Debug)]
pub(super) struct Chosen {
    /// The names.
    pub(super) gazetteer: Gazetteer,
    /// In one line, which ones they are.
    pub(super) told: String,
    /// Whether newer ones are worth asking for.
    due: bool,
}

/// Chooses the names in the file given, else those of the last update beside the store, else those
/// built in.
pub(super) fn choose(file: Option<&Path>, store: &Path) -> Result<Chosen> {
    if file.is_some() {
        let listed = listed(file)?;
        let told = provenance(&listed, file);
        return Ok(Chosen { gazetteer: Gazetteer::of(listed), told, due: false });
    }
    let path = store.with_file_name(UPDATED);
    let refused = match updated(&path) {
        Ok(Some(listed)) => {
            let told = provenance(&listed, Some(&path));
            return Ok(Chosen { gazetteer: Gazetteer::of(listed), told, due: !is_fresh(&path) });
        }
        Ok(None) => String::new(),
        Err(error) => format!("; `{}` is not used: {}", path.display(), one_line(&error)),
    };
    let listed = given(None)?;
    let told = provenance(&listed, None) + &refused;
    Ok(Chosen { gazetteer: Gazetteer::of(listed), told, due: true })
}

/// The file that place names lie beside: the store, or what would be the usual one where that is a database.
pub(super) fn beside(store: &Location) -> &Path {
    match store {
        Location::File(path) => path,
        Location::Server(_) => Path::new("rasid.gpkg"),
    }
}

/// The names that an update wrote, if there are any.
fn updated(path: &Path) -> Result<Option<Listed>> {
    let text = match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        text => text?,
    };
    let listed = read(&text)?;
    // Otherwise a new version of the program would go on with the places of the old one.
    ensure!(
        listed.imprint().base.as_deref() == Some(built_in_mark().as_str()),
        "it was not made from the places built in here"
    );
    Ok(Some(listed))
}

fn is_fresh(path: &Path) -> bool {
    let age = fs::metadata(path).ok().and_then(|file| file.modified().ok()?.elapsed().ok());
    age.is_some_and(|age| age < FRESH)
}

/// What brings the open sources into the file beside a store.
#[derive(Debug)]
pub(super) struct Renewal {
    file: PathBuf,
    downloads: PathBuf,
    sources: Option<PathBuf>,
}

/// What became of a renewal.
enum Renewed {
    Written(usize),
    AsBefore,
}

impl Renewal {
    /// The renewal that a server owes its place names, if it does.
    pub(super) fn wanted(options: &Serve, chosen: &Chosen) -> Option<Self> {
        let wanted = matches!(options.renew, Renew::Auto) && chosen.due;
        wanted.then(|| Self {
            file: beside(&options.store).with_file_name(UPDATED),
            downloads: beside(&options.store).with_file_name(DOWNLOADS),
            sources: options.sources_list.clone(),
        })
    }

    /// Renews on a thread of its own, which ends with the program at the latest, and says in one
    /// line what came of it.
    pub(super) fn begin(self) {
        let thread = thread::Builder::new().name("renewal".to_owned());
        if let Err(error) = thread.spawn(move || say(&self.outcome())) {
            tracing::warn!("cannot update the gazetteer: {error}");
        }
    }

    fn outcome(&self) -> String {
        let file = self.file.display();
        match self.run() {
            Ok(Renewed::Written(number)) => {
                format!(
                    "gazetteer: {} written to `{file}`, used from the next start",
                    places(number)
                )
            }
            Ok(Renewed::AsBefore) => format!("gazetteer: `{file}` is up to date"),
            Err(error) => {
                format!("gazetteer: not updated: {}; the next start tries again", one_line(&error))
            }
        }
    }

    fn run(&self) -> Result<Renewed> {
        let Merged { records, text } = merged(&Work {
            own: None,
            config: self.sources.as_deref(),
            folder: &self.downloads,
            fetch: Some(LIMITS),
            tell: |words| tracing::debug!("{words}"),
        })?;
        // What a run could not read shall not take the place of what it can.
        read(&text).context("what was merged cannot be read")?;
        let before = fs::read_to_string(&self.file).ok();
        // Written even so: its time says when somebody last asked.
        replace(&self.file, &text)?;
        let same = before.is_some_and(|before| before == text);
        Ok(if same { Renewed::AsBefore } else { Renewed::Written(records.len()) })
    }
}

/// What is wrong and its first cause. Of a download, no more than that it failed: how to help is
/// told by `gazetteer update`.
fn one_line(error: &Error) -> String {
    let told = error
        .downcast_ref::<DownloadError>()
        .map_or_else(|| error.to_string(), ToString::to_string);
    let cause = error.root_cause().to_string();
    let told = if told.contains(&cause) { told } else { format!("{told}: {cause}") };
    told.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use tempfile::tempdir;

    use super::*;

    fn serve(store: &Path, renew: Renew) -> Serve {
        Serve {
            reading: crate::config::Reading::default(),
            sources: Vec::new(),
            store: Location::File(store.to_owned()),
            role: crate::config::Role::All,
            listen: ([127, 0, 0, 1], 0).into(),
            base_url: None,
            tiles: None,
            tiles_attribution: None,
            basemap: None,
            published: None,
            feeds: None,
            token: None,
            renew,
            sources_list: None,
        }
    }

    fn file(mark: &str) -> String {
        let place = r#"{"type":"Feature","id":"a","geometry":{"type":"Point","coordinates":[37.5,36.4]},
            "properties":{"name_en":"Invented","kind":"village","admin1":"Aleppo"}}"#;
        format!(r#"{{"type":"FeatureCollection","base":"{mark}","features":[{place}]}}"#)
    }

    #[test]
    fn a_sound_update_beside_the_store_is_used_until_it_is_old() {
        let folder = tempdir().unwrap();
        let (store, path) = (folder.path().join("rasid.gpkg"), folder.path().join(UPDATED));
        let wanted = |renew| {
            let chosen = choose(None, &store).unwrap();
            (
                chosen.gazetteer.places().len(),
                Renewal::wanted(&serve(&store, renew), &chosen).is_some(),
            )
        };
        let built_in = given(None).unwrap().places().len();
        assert_eq!(wanted(Renew::Auto), (built_in, true));
        fs::write(&path, file(&built_in_mark())).unwrap();
        assert_eq!(wanted(Renew::Auto), (1, false), "it is fresh");
        let file = fs::File::options().write(true).open(&path).unwrap();
        let old = file.metadata().unwrap().modified().unwrap() - FRESH;
        file.set_modified(old).unwrap();
        assert_eq!(wanted(Renew::Auto), (1, true));
        assert_eq!(wanted(Renew::Never), (1, false));
    }

    #[test]
    fn a_file_that_no_update_of_this_program_wrote_is_told_and_not_used() {
        let folder = tempdir().unwrap();
        let (store, path) = (folder.path().join("rasid.gpkg"), folder.path().join(UPDATED));
        for (text, words) in [
            (String::new(), "EOF while parsing"),
            (file(&built_in_mark()).trim_end_matches("]}").to_owned(), "not a GeoJSON"),
            (file("0123456789abcdef"), "it was not made from the places built in here"),
        ] {
            fs::write(&path, text).unwrap();
            let chosen = choose(None, &store).unwrap();
            assert!(chosen.due && chosen.told.contains("built in (rasid "), "{}", chosen.told);
            assert!(
                chosen.told.contains("is not used: ") && chosen.told.contains(words),
                "{}",
                chosen.told
            );
            assert_eq!(chosen.told.lines().count(), 1);
        }
    }

    #[test]
    fn a_file_that_is_given_is_used_alone() {
        let folder = tempdir().unwrap();
        let (store, own) = (folder.path().join("rasid.gpkg"), folder.path().join("own.geojson"));
        fs::write(folder.path().join(UPDATED), file(&built_in_mark())).unwrap();
        fs::write(&own, file("")).unwrap();
        let chosen = choose(Some(&own), &store).unwrap();
        assert!(chosen.told.contains("own.geojson"), "{}", chosen.told);
        assert!(Renewal::wanted(&serve(&store, Renew::Auto), &chosen).is_none());
    }
}
