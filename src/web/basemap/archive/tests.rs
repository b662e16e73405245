use std::io::Cursor;

use pmtiles::PmTilesWriter;
use proptest::prelude::*;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use super::*;

const ATTRIBUTION: &str = r#"{
    "attribution": "<a href='https://x.org'>Somebody</a>  &copy; Others",
    "vector_layers": [{"id": "earth"}]
}"#;

/// The byte that tells how tiles are compressed.
const TILE_COMPRESSION: usize = 98;

/// A file of a few tiles, each of them its address as text.
fn bytes(kind: TileType, coding: Compression, metadata: &str) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let writer = PmTilesWriter::new(kind).tile_compression(coding).max_zoom(2);
    let mut writer = writer.metadata(metadata).create(&mut bytes).unwrap();
    for (z, x, y) in tiles().filter(|tile| *tile != (2, 3, 3)) {
        let tile = TileCoord::new(z, x, y).unwrap();
        writer.add_tile(tile, format!("{z}/{x}/{y}").as_bytes()).unwrap();
    }
    writer.finalize().unwrap();
    bytes.into_inner()
}

fn tiles() -> impl Iterator<Item = (u8, u32, u32)> {
    (0..3).flat_map(|z| (0..1 << z).flat_map(move |x| (0..1 << z).map(move |y| (z, x, y))))
}

fn kept(bytes: &[u8]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("map.pmtiles");
    fs::write(&path, bytes).unwrap();
    (folder, path)
}

/// Opens a file that can be used.
async fn opened(bytes: &[u8]) -> Archive {
    let (_folder, path) = kept(bytes);
    Archive::open(&path).await.unwrap()
}

async fn refused(bytes: &[u8], told: &str) {
    let (_folder, path) = kept(bytes);
    let error = Archive::open(&path).await.unwrap_err().to_string();
    assert!(error.contains("map.pmtiles") && error.contains(told), "{error}");
}

#[tokio::test]
async fn every_tile_is_found_coded_and_plain() {
    for (coding, name) in [(Compression::Gzip, Some("gzip")), (Compression::None, None)] {
        let archive = opened(&bytes(TileType::Mvt, coding, ATTRIBUTION)).await;
        assert_eq!(archive.coding(), name);
        assert_eq!(archive.zooms(), [0, 2]);
        for (z, x, y) in tiles() {
            let tile = TileCoord::new(z, x, y).unwrap();
            let plain = archive.plain(tile).await.unwrap();
            let expected = ((z, x, y) != (2, 3, 3)).then(|| Bytes::from(format!("{z}/{x}/{y}")));
            assert_eq!(plain, expected);
            let coded = archive.coded(tile).await.unwrap();
            assert_eq!(coded == plain, name.is_none() || plain.is_none());
        }
    }
}

#[tokio::test]
async fn an_attribution_becomes_plain_text() {
    let archive = opened(&bytes(TileType::Mvt, Compression::Gzip, ATTRIBUTION)).await;
    assert_eq!(archive.attribution(), Some("Somebody © Others"));
    let without = opened(&bytes(TileType::Mvt, Compression::Gzip, "{}")).await;
    assert_eq!(without.attribution(), None);
}

#[tokio::test]
async fn what_cannot_be_drawn_is_refused_with_its_name() {
    let good = bytes(TileType::Mvt, Compression::Gzip, ATTRIBUTION);
    refused(b"", "no whole PMTiles file").await;
    refused(b"PMTiles\x02", "no whole PMTiles file").await;
    refused(b"{\"type\": \"FeatureCollection\"}", "no whole PMTiles file").await;
    refused(&good[..good.len() - 1], &format!("should have {} bytes", good.len())).await;
    refused(&bytes(TileType::Png, Compression::None, "{}"), "its tiles are Png").await;
    let mut uncertain = good.clone();
    uncertain[TILE_COMPRESSION] = 0;
    refused(&uncertain, "no whole PMTiles file").await;
    refused(&bytes(TileType::Mvt, Compression::Gzip, "[]"), "no whole PMTiles file").await;
    let other = r#"{"vector_layers": [{"id": "roofs"}, {"id": "trees"}]}"#;
    refused(&bytes(TileType::Mvt, Compression::Gzip, other), "the layers roofs, trees").await;
    let folder = tempfile::tempdir().unwrap();
    let missing = Archive::open(&folder.path().join("map.pmtiles")).await.unwrap_err();
    assert!(missing.to_string().contains("cannot read base map"), "{missing}");
    assert!(Archive::open(folder.path()).await.is_err());
}

#[tokio::test]
async fn another_file_has_another_version() {
    let [one, other] = ["{}", "{\"name\": \"other\"}"];
    let one = opened(&bytes(TileType::Mvt, Compression::Gzip, one)).await;
    let other = opened(&bytes(TileType::Mvt, Compression::Gzip, other)).await;
    assert_ne!(one.version(), other.version());
}

proptest! {
    /// Whatever a file holds, it is read or refused, and its tiles are given or refused.
    #[test]
    fn a_broken_file_breaks_nothing(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        cut in prop::option::of(any::<prop::sample::Index>()),
        is_plain in any::<bool>(),
    ) {
        let coding = if is_plain { Compression::None } else { Compression::Gzip };
        let mut broken = bytes(TileType::Mvt, coding, ATTRIBUTION);
        // Most of the file is the gap before its metadata: the head and the root are what matters.
        let head = HEAD + 60;
        for (at, byte) in changes {
            broken[at.index(head)] = byte;
        }
        if let Some(cut) = cut {
            broken.truncate(cut.index(broken.len()));
        }
        let (_folder, path) = kept(&broken);
        Runtime::new().unwrap().block_on(async {
            let Ok(archive) = Archive::open(&path).await else { return };
            for (z, x, y) in tiles() {
                let tile = TileCoord::new(z, x, y).unwrap();
                let _ = archive.coded(tile).await;
                let _ = archive.plain(tile).await;
            }
        });
    }
}
