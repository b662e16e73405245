//! A file of vector tiles that an operator has chosen (`PMTiles`, version 3), read tile by tile.

use std::fs::File;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io;
use std::os::unix::fs::{FileExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fmt, fs};

use axum::body::Bytes;
use pmtiles::{
    AsyncBackend, AsyncPmTilesReader, BackendResponse, Compression, PmtError, PmtResult, TileCoord,
    TileType,
};
use serde_json::Value;
use tokio::task::spawn_blocking;

use crate::acquire::plain;

/// The layers that the page draws, as Protomaps names them in the third and fourth version of its maps.
pub const LAYERS: [&str; 10] = [
    "earth",
    "landcover",
    "landuse",
    "natural",
    "water",
    "physical_line",
    "physical_point",
    "roads",
    "boundaries",
    "places",
];

/// Bytes of the largest tile or directory that is read: well above the largest of the whole world.
const LONGEST: usize = 16 << 20;

/// Bytes at the beginning that tell where everything is.
const HEAD: usize = 127;

/// Where they tell it: the root, metadata, leaves and tiles, each by its offset and its length.
const SECTIONS: [usize; 4] = [8, 24, 40, 56];

/// A file of vector tiles. Cheap to clone.
#[derive(Clone)]
pub struct Archive(Arc<Opened>);

struct Opened {
    reader: AsyncPmTilesReader<Pieces>,
    attribution: Option<String>,
    version: String,
}

/// Why a file cannot be the base map.
#[derive(Debug, thiserror::Error)]
pub enum BadArchive {
    /// It is not there, or not readable.
    #[error("cannot read base map `{}`", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// It is something else, or broken.
    #[error("cannot use base map `{}`: it is no whole PMTiles file of version 3", path.display())]
    NoPmtiles {
        /// The file.
        path: PathBuf,
        /// Where reading it ended.
        source: PmtError,
    },
    /// The end of it is missing.
    #[error("cannot use base map `{}`: it should have {should} bytes and has {has}", path.display())]
    CutOff {
        /// The file.
        path: PathBuf,
        /// Its length as it tells itself.
        should: u64,
        /// Its length.
        has: u64,
    },
    /// Its tiles are pictures, or vectors in another form.
    #[error(
        "cannot use base map `{}`: its tiles are {kind:?}, only vector tiles (Mvt) are drawn; pictures come from a server of tiles (--tiles)",
        path.display()
    )]
    NoVectors {
        /// The file.
        path: PathBuf,
        /// What its tiles are.
        kind: TileType,
    },
    /// Nothing in it would be drawn.
    #[error(
        "cannot use base map `{}`: it has the layers {has}, and the page draws {}",
        path.display(),
        LAYERS.join(", ")
    )]
    NoLayers {
        /// The file.
        path: PathBuf,
        /// The layers that it has.
        has: String,
    },
}

impl Archive {
    /// Opens a file and makes sure that it is what it should be: all of it but its tiles is read once.
    ///
    /// # Errors
    /// Says what is wrong with the file, which is named.
    pub async fn open(path: &Path) -> Result<Self, BadArchive> {
        let unreadable = |source| BadArchive::Unreadable { path: path.to_owned(), source };
        let no_pmtiles = |source| BadArchive::NoPmtiles { path: path.to_owned(), source };
        // Of a folder the system would only say so once it is read.
        let about = fs::metadata(path).map_err(unreadable)?;
        let pieces = Pieces::of(File::open(path).map_err(unreadable)?, about.len());
        let head = pieces.read(0, HEAD).await.map_err(no_pmtiles)?.bytes;
        let reader = AsyncPmTilesReader::try_from_source(pieces).await.map_err(no_pmtiles)?;
        let should = told_length(&head);
        if should > about.len() {
            return Err(BadArchive::CutOff { path: path.to_owned(), should, has: about.len() });
        }
        let kind = reader.get_header().tile_type;
        if kind != TileType::Mvt {
            return Err(BadArchive::NoVectors { path: path.to_owned(), kind });
        }
        if reader.get_header().tile_compression == Compression::Unknown {
            return Err(no_pmtiles(PmtError::InvalidCompression));
        }
        let told = reader.get_metadata().await.map_err(no_pmtiles)?;
        let told = serde_json::from_str::<Value>(&told).ok().filter(Value::is_object);
        let told = told.ok_or_else(|| no_pmtiles(PmtError::InvalidMetadata))?;
        if let Some(has) = foreign_layers(&told) {
            return Err(BadArchive::NoLayers { path: path.to_owned(), has });
        }
        // It is written for web pages, and shown as text.
        let attribution = told.get("attribution").and_then(Value::as_str).map(plain);
        let attribution = attribution.filter(|text| !text.is_empty());
        let version = version(&head, &about);
        Ok(Self(Arc::new(Opened { reader, attribution, version })))
    }

    /// Who made it, as plain text.
    pub(super) fn attribution(&self) -> Option<&str> {
        self.0.attribution.as_deref()
    }

    /// Changes with the file.
    pub(super) fn version(&self) -> &str {
        &self.0.version
    }

    /// The zooms that it has tiles of.
    pub(super) fn zooms(&self) -> [u8; 2] {
        let header = self.0.reader.get_header();
        [header.min_zoom, header.max_zoom]
    }

    /// West, south, east and north of what it shows.
    pub(super) fn bounds(&self) -> [f64; 4] {
        let header = self.0.reader.get_header();
        [header.min_longitude, header.min_latitude, header.max_longitude, header.max_latitude]
    }

    /// How its tiles are coded; `None` if they are not.
    pub(super) fn coding(&self) -> Option<&'static str> {
        self.0.reader.get_header().tile_compression.content_encoding()
    }

    /// A tile as it is in the file; `None` if there is none.
    pub(super) async fn coded(&self, tile: TileCoord) -> PmtResult<Option<Bytes>> {
        self.0.reader.get_tile(tile).await
    }

    /// A tile that is not coded in any way.
    pub(super) async fn plain(&self, tile: TileCoord) -> PmtResult<Option<Bytes>> {
        self.0.reader.get_tile_decompressed(tile).await
    }
}

impl fmt::Debug for Archive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Archive").field("version", &self.0.version).finish_non_exhaustive()
    }
}

/// A file from which pieces are read, each where it keeps nobody waiting.
struct Pieces {
    file: Arc<File>,
    length: u64,
}

impl Pieces {
    fn of(file: File, length: u64) -> Self {
        Self { file: Arc::new(file), length }
    }
}

impl AsyncBackend for Pieces {
    async fn read(&self, offset: u64, length: usize) -> PmtResult<BackendResponse> {
        // A broken directory may name any length: no more room is made than there are bytes for.
        let left = usize::try_from(self.length.saturating_sub(offset)).unwrap_or(usize::MAX);
        let length = length.min(left);
        if length > LONGEST {
            return Err(PmtError::InvalidEntry);
        }
        let file = Arc::clone(&self.file);
        let read = spawn_blocking(move || {
            let mut bytes = vec![0; length];
            file.read_exact_at(&mut bytes, offset).map(|()| bytes)
        });
        let bytes = read.await.map_err(io::Error::other)??;
        Ok(BackendResponse::new(bytes.into()))
    }
}

/// How long the file is by what its head tells.
fn told_length(head: &[u8]) -> u64 {
    let number = |at: usize| {
        let bytes = head.get(at..at + 8).and_then(|bytes| bytes.try_into().ok());
        bytes.map_or(0, u64::from_le_bytes)
    };
    let end = |at: usize| number(at).saturating_add(number(at + 8));
    SECTIONS.into_iter().map(end).max().unwrap_or_default()
}

/// The layers, if they are told and the page draws none of them.
fn foreign_layers(told: &Value) -> Option<String> {
    let layers = told.get("vector_layers")?.as_array()?;
    let names: Vec<&str> = layers.iter().filter_map(|layer| layer.get("id")?.as_str()).collect();
    let is_foreign = !names.is_empty() && !names.iter().any(|name| LAYERS.contains(name));
    is_foreign.then(|| names.join(", "))
}

fn version(head: &[u8], about: &fs::Metadata) -> String {
    let mut hasher = DefaultHasher::new();
    (head, about.len(), about.mtime(), about.mtime_nsec()).hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

#[cfg(test)]
mod tests;
