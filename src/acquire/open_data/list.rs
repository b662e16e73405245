//! The list of open sources, as a TOML file gives it.

use std::path::{Component, Path, PathBuf};

use serde::Deserialize;

/// What a source is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// OCHA's governorates.
    Governorates,
    /// OCHA's districts.
    Districts,
    /// OCHA's sub-districts.
    Subdistricts,
    /// OCHA's populated places.
    Communities,
    /// `GeoNames`' alternate names.
    Names,
    /// `GeoNames`' places.
    Places,
}

/// The sources of an update.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sources {
    /// Whom the places that win are owed to.
    pub own: Owner,
    ocha_governorates: Option<Listing>,
    ocha_districts: Option<Listing>,
    ocha_subdistricts: Option<Listing>,
    ocha_places: Option<Listing>,
    geonames_names: Option<Listing>,
    geonames_places: Option<Listing>,
}

/// Whom data is owed to.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Owner {
    /// The name of the data.
    pub name: String,
    /// Where people find it.
    pub page: String,
    /// The terms that it is given under.
    pub licence: String,
    /// Whom to name.
    pub attribution: String,
}

/// One source.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listing {
    /// Its name.
    pub name: String,
    /// Where people find it.
    pub page: String,
    /// Where programs find it; without it, it is not fetched.
    pub url: Option<String>,
    /// Its name in the folder.
    pub file: String,
    /// The file in it that is meant, if it is a zip archive.
    pub member: Option<String>,
    /// The terms that it is given under.
    pub licence: String,
    /// Whom to name.
    pub attribution: String,
    /// Whether an update goes on without it.
    #[serde(default)]
    pub optional: bool,
}

/// A list that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// Not TOML, or with keys that mean nothing here.
    #[error("it is not a list of sources")]
    Syntax(#[from] Box<toml::de::Error>),
    /// A file that would lie somewhere else.
    #[error("the file `{file}` of `{name}` is not a plain file name: write it without folders")]
    File {
        /// The source.
        name: String,
        /// What stands there.
        file: String,
    },
    /// An address of another kind.
    #[error(
        "the address `{url}` of `{name}` is not one of the web: it must begin with https:// or http://"
    )]
    Url {
        /// The source.
        name: String,
        /// What stands there.
        url: String,
    },
    /// No places at all.
    #[error("it has neither `geonames_places` nor `ocha_places`: an update needs one of them")]
    NoPlaces,
}

impl Sources {
    /// Reads a list.
    ///
    /// # Errors
    /// Says which key or value is wrong.
    pub fn parse(text: &str) -> Result<Self, ListError> {
        let sources: Self = toml::from_str(text).map_err(Box::new)?;
        for (_, listing) in sources.listings() {
            listing.check()?;
        }
        if sources.geonames_places.is_none() && sources.ocha_places.is_none() {
            return Err(ListError::NoPlaces);
        }
        Ok(sources)
    }

    /// The sources, in the order in which they are read.
    pub fn listings(&self) -> impl Iterator<Item = (Role, &Listing)> {
        let all = [
            (Role::Governorates, &self.ocha_governorates),
            (Role::Districts, &self.ocha_districts),
            (Role::Subdistricts, &self.ocha_subdistricts),
            (Role::Communities, &self.ocha_places),
            (Role::Names, &self.geonames_names),
            (Role::Places, &self.geonames_places),
        ];
        all.into_iter().filter_map(|(role, listing)| Some((role, listing.as_ref()?)))
    }
}

impl Listing {
    /// Where it lies in a folder: under its name, or unpacked.
    pub fn found_in(&self, folder: &Path) -> Option<(PathBuf, Option<&str>)> {
        let whole = folder.join(&self.file);
        if whole.is_file() {
            return Some((whole, self.member.as_deref()));
        }
        let unpacked = folder.join(self.member.as_deref()?);
        unpacked.is_file().then_some((unpacked, None))
    }

    fn check(&self) -> Result<(), ListError> {
        let name = || self.name.clone();
        for file in std::iter::once(&self.file).chain(&self.member) {
            let mut parts = Path::new(file).components();
            let plain = matches!((parts.next(), parts.next()), (Some(Component::Normal(_)), None));
            if !plain {
                return Err(ListError::File { name: name(), file: file.clone() });
            }
        }
        match &self.url {
            Some(url) if !url.starts_with("https://") && !url.starts_with("http://") => {
                Err(ListError::Url { name: name(), url: url.clone() })
            }
            _ => Ok(()),
        }
    }
}
