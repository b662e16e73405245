//! What lies under the events.

use std::fs::File;
use std::io::Read as _;

use pmtiles::{Compression, PmTilesWriter, TileCoord, TileType};
use serde_json::json;

use super::{Answer, TestSite};
use crate::web::basemap::archive::Archive;
use crate::web::basemap::{Basemap, Tiles};

#[tokio::test]
async fn tiles_of_an_operator_are_told_and_allowed_where_the_map_is() {
    let mut app = TestSite::new();
    let pictures = |answer: &Answer| {
        let policy = answer.header("content-security-policy");
        policy.split("; ").find(|part| part.starts_with("img-src")).unwrap_or_default().to_owned()
    };
    assert_eq!(app.get("/basemap").await.json(), json!({ "tiles": null }));
    let before = pictures(&app.get("/?f=html").await);
    assert!(!before.contains("tile.example.org"), "{before}");

    let url = "https://tile.example.org/{z}/{x}/{y}.png";
    let attribution = Some("© somebody".to_owned());
    let tiles = Tiles { address: url.parse().unwrap(), attribution };
    app.site.basemap = Some(Basemap::Pictures(tiles));
    let told = json!({ "type": "raster", "tiles": url, "attribution": "© somebody" });
    assert_eq!(app.get("/basemap").await.json(), told);
    let map = pictures(&app.get("/?f=html").await);
    assert_eq!(map, before.replace("'self'", "'self' https://tile.example.org"));
    let plain = pictures(&app.get("/collections?f=html").await);
    assert!(!plain.contains("tile.example.org"), "{plain}");
}

#[tokio::test]
async fn tiles_of_a_file_are_given_as_they_are_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("map.pmtiles");
    let writer = PmTilesWriter::new(TileType::Mvt).tile_compression(Compression::Gzip);
    let writer = writer.max_zoom(3).bounds(35.0, 32.0, 43.0, 38.0).metadata("{}");
    let mut writer = writer.create(File::create(&path).unwrap()).unwrap();
    writer.add_tile(TileCoord::new(3, 4, 3).unwrap(), b"a tile").unwrap();
    writer.finalize().unwrap();
    let mut app = TestSite::new();
    assert_eq!(app.get("/basemap/3/4/3").await.status, 404);
    let paths = app.get("/api").await.json()["paths"].clone();
    assert!(paths["/basemap"].is_object() && paths["/basemap/{z}/{x}/{y}"].is_null());
    app.site.basemap = Some(Basemap::Vectors(Archive::open(&path).await.unwrap()));

    let row = app.get("/api").await.json()["paths"]["/basemap/{z}/{x}/{y}"]["get"].clone();
    assert_eq!(row["parameters"][2]["schema"]["maximum"], 7);

    let told = app.get("/basemap").await.json();
    let version = told["version"].as_str().unwrap();
    assert_eq!(told["type"], "vector");
    assert_eq!(told["bounds"], json!([35.0, 32.0, 43.0, 38.0]));
    let address = format!("https://example.org/basemap/{{z}}/{{x}}/{{y}}?v={version}");
    assert_eq!(told["tiles"].as_str().unwrap().replace("http://", "https://"), address);

    let lasting = format!("/basemap/3/4/3?v={version}");
    let coded = app.get_with(&lasting, &[("accept-encoding", "br, gzip")]).await;
    assert_eq!((coded.status.as_u16(), coded.header("content-encoding")), (200, "gzip"));
    assert_eq!(coded.header("content-type"), "application/vnd.mapbox-vector-tile");
    assert!(coded.header("cache-control").contains("immutable"));
    assert!(coded.header("vary").contains("accept-encoding"));
    let mut plain = String::new();
    flate2::read::GzDecoder::new(&coded.bytes[..]).read_to_string(&mut plain).unwrap();
    assert_eq!(plain, "a tile");
    let known = [("accept-encoding", "gzip"), ("if-none-match", coded.header("etag"))];
    assert_eq!(app.get_with(&lasting, &known).await.status, 304);

    let plain = app.get("/basemap/3/4/3").await;
    assert_eq!((plain.body.as_str(), plain.header("content-encoding")), ("a tile", ""));
    assert_eq!(plain.header("cache-control"), "public, max-age=5");
    assert_eq!(app.get("/basemap/3/0/0").await.status, 204);
    for (path, status, said) in [
        ("4/0/0", 404, "there are 0 to 3"),
        ("3/8/0", 404, "there are 0 to 7"),
        ("3/-1/0", 400, "`-1` is not a whole number"),
        ("3/4/3?colour=red", 400, "allowed are v"),
        ("3/4/3?f=png", 400, "write mvt"),
    ] {
        let refused = app.get(&format!("/basemap/{path}")).await;
        assert_eq!(refused.status.as_u16(), status, "{path}");
        assert!(refused.body.contains(said), "{path}: {}", refused.body);
    }
}
