//! The text in a file, which may be packed.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use zip::ZipArchive;

/// More than any of the sources has unpacked; an archive that claims less and gives more is stopped there.
const MOST_BYTES: u64 = 512 * 1024 * 1024;

/// A file whose text cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum ContentError {
    /// It cannot be read.
    #[error("cannot read `{}`", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// Not an archive, or the half of one.
    #[error("`{}` is not a whole zip archive", path.display())]
    NotZip {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        source: Box<zip::result::ZipError>,
    },
    /// Another archive.
    #[error("there is no `{member}` in `{}`; it holds {holds}", path.display())]
    NoMember {
        /// The archive.
        path: PathBuf,
        /// What was looked for.
        member: String,
        /// What is there.
        holds: String,
    },
    /// Broken inside.
    #[error("`{member}` in `{}` is broken", path.display())]
    Broken {
        /// The archive.
        path: PathBuf,
        /// The file in it.
        member: String,
        /// What is wrong with it.
        #[source]
        source: io::Error,
    },
    /// More than is read.
    #[error("`{}` has more than {MOST_BYTES} bytes: it is not the source that it should be", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// Bytes that are no text.
    #[error("`{}` is not text in UTF-8", path.display())]
    NotText {
        /// The file.
        path: PathBuf,
    },
}

/// The text of a file, or of the member of a zip archive, wherever in the archive it lies.
///
/// # Errors
/// If it cannot be read, is not whole, too large or not UTF-8.
pub fn text(path: &Path, member: Option<&str>) -> Result<String, ContentError> {
    let unreadable = |source| ContentError::Unreadable { path: path.to_owned(), source };
    let file = File::open(path).map_err(unreadable)?;
    let bytes = match member {
        None => limited(file, path)?.map_err(unreadable)?,
        Some(member) => unpacked(file, path, member)?,
    };
    String::from_utf8(bytes).map_err(|_bytes| ContentError::NotText { path: path.to_owned() })
}

fn unpacked(file: File, path: &Path, member: &str) -> Result<Vec<u8>, ContentError> {
    let not_zip = |source| ContentError::NotZip { path: path.to_owned(), source: Box::new(source) };
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(not_zip)?;
    let mut names: Vec<String> =
        archive.file_names().filter_map(Result::ok).map(Cow::into_owned).collect();
    names.sort_unstable();
    let below = format!("/{member}");
    let Some(name) = names.iter().find(|name| *name == member || name.ends_with(&below)) else {
        let holds = if names.is_empty() { "nothing".to_owned() } else { names.join(", ") };
        return Err(ContentError::NoMember {
            path: path.to_owned(),
            member: member.to_owned(),
            holds,
        });
    };
    let packed = archive.by_name(name).map_err(not_zip)?;
    limited(packed, path)?.map_err(|source| ContentError::Broken {
        path: path.to_owned(),
        member: member.to_owned(),
        source,
    })
}

fn limited(from: impl Read, path: &Path) -> Result<io::Result<Vec<u8>>, ContentError> {
    let mut bytes = Vec::new();
    match from.take(MOST_BYTES + 1).read_to_end(&mut bytes) {
        Err(source) => Ok(Err(source)),
        Ok(read) if read as u64 > MOST_BYTES => {
            Err(ContentError::TooLarge { path: path.to_owned() })
        }
        Ok(_) => Ok(Ok(bytes)),
    }
}
