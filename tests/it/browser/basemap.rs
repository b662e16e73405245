//! What an operator shows under the events: pictures of a server, or the vectors of a file.

use std::f64::consts::PI;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread;

use fast_mvt::{MvtGeometry, MvtTileBuilder};
use geo_types::{Point, line_string, polygon};
use pmtiles::{Compression, PmTilesWriter, TileCoord, TileType};
use serde_json::json;
use tempfile::tempdir;

use super::{ARABIC, Browser, DESKTOP, ENGLISH, PHONE, Words};
use crate::app::{Rasid, SAMPLES, rasid, run};

/// A server of tiles, each the same picture, that remembers what was asked of it.
fn tile_server() -> (String, Arc<Mutex<Vec<String>>>) {
    const PICTURE: &str = "<svg xmlns='http://www.w3.org/2000/svg' width='256' height='256'/>";
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&asked);
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let mut lines = BufReader::new(&stream).lines().map_while(Result::ok);
            let Some(first) = lines.next() else { continue };
            lines.take_while(|line| !line.is_empty()).for_each(drop);
            noted.lock().unwrap().push(first);
            let length = PICTURE.len();
            let head = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: image/svg+xml";
            write!(&stream, "{head}\r\ncontent-length: {length}\r\n\r\n{PICTURE}").ok();
        }
    });
    (address, asked)
}

#[test]
fn tiles_of_an_operator_are_shown_with_their_makers() {
    let (address, asked) = tile_server();
    let folder = tempdir().unwrap();
    let mut command = rasid();
    command.args(["serve", SAMPLES, "--listen", "127.0.0.1:0", "--store"]);
    command.arg(folder.path().join("rasid.gpkg"));
    command.args(["--tiles", &format!("http://{address}/{{z}}/{{x}}/{{y}}.png")]);
    command.args(["--tiles-attribution", "<b>Somebody</b> & others"]);
    let browser = Browser::new(Rasid::start(folder, &mut command), DESKTOP);
    browser.open_map(&ENGLISH, "");
    browser.wait("document.querySelectorAll('.leaflet-tile-loaded').length > 4");
    assert!(browser.text("#credits").contains("<b>Somebody</b> & others"));
    assert_eq!(browser.count(".land"), 0);
    let (complaints, outside) = browser.told();
    assert_eq!(complaints, Vec::<String>::new());
    assert!(
        outside.iter().all(|url| url.starts_with(&format!("http://{address}/"))),
        "{outside:?}"
    );
    assert!(
        asked
            .lock()
            .unwrap()
            .iter()
            .all(|line| line.starts_with("GET /7/") || line.starts_with("GET /6/"))
    );
}

/// Steps of a side of a tile.
const EXTENT: i32 = 4096;

/// The deepest tiles of the file.
const DEEPEST: u8 = 6;

/// West, south, east and north of what the file shows: Syria with much around it.
const BOUNDS: [f64; 4] = [30.0, 28.0, 46.0, 40.0];

/// What such files tell of themselves; attributions are written for web pages.
const METADATA: &str = r#"{
    "attribution": "<b>Somebody</b> &amp; others",
    "vector_layers": [{"id": "earth"}, {"id": "roads"}, {"id": "places"}]
}"#;

/// A town that is nowhere but in the file, in the middle of Syria.
const TOWN: [f64; 2] = [38.5, 34.8];

/// Where a point is at a zoom, in tiles from the upper left of the world.
fn in_tiles([lng, lat]: [f64; 2], zoom: u8) -> [f64; 2] {
    let side = f64::from(1_u32 << zoom);
    let north = lat.to_radians().tan().asinh();
    [(lng + 180.0) / 360.0 * side, (1.0 - north / PI) / 2.0 * side]
}

/// A tile that is land all over, with a road across it, and with the town if that lies in it.
fn tile(town: Option<Point<i32>>) -> Vec<u8> {
    let (least, most) = (-64, EXTENT + 64);
    let land = polygon![(x: least, y: least), (x: most, y: least), (x: most, y: most), (x: least, y: most)];
    let road = line_string![(x: 0, y: 0), (x: EXTENT, y: EXTENT)];
    let earth = MvtTileBuilder::new().layer("earth").unwrap();
    let earth = earth.feature(&MvtGeometry::Polygon(land)).unwrap().end();
    let mut road = earth.layer("roads").unwrap().feature(&MvtGeometry::LineString(road)).unwrap();
    road.tag_string("kind", "highway").unwrap();
    let roads = road.end();
    let Some(town) = town else { return roads.encode() };
    let mut town = roads.layer("places").unwrap().feature(&MvtGeometry::Point(town)).unwrap();
    for (key, value) in [
        ("kind", "locality"),
        ("kind_detail", "city"),
        ("name", "بلدة الاختبار"),
        ("name:ar", "بلدة الاختبار"),
        ("name:en", "Testing Town"),
    ] {
        town.tag_string(key, value).unwrap();
    }
    town.end().encode()
}

/// Writes a file of vector tiles as operators have them.
fn write_map(path: &Path) {
    let [west, south, east, north] = BOUNDS;
    let writer = PmTilesWriter::new(TileType::Mvt)
        .tile_compression(Compression::Gzip)
        .max_zoom(DEEPEST)
        .bounds(west, south, east, north)
        .metadata(METADATA);
    let mut writer = writer.create(File::create(path).unwrap()).unwrap();
    for zoom in 0..=DEEPEST {
        let [left, top] = in_tiles([west, north], zoom).map(f64::floor);
        let [right, bottom] = in_tiles([east, south], zoom).map(f64::floor);
        let town = in_tiles(TOWN, zoom);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small")]
        for (x, y) in (left as u32..=right as u32)
            .flat_map(|x| (top as u32..=bottom as u32).map(move |y| (x, y)))
        {
            let at = [town[0] - f64::from(x), town[1] - f64::from(y)];
            let is_here = at.iter().all(|share| (0.0..1.0).contains(share));
            let [x_at, y_at] = at.map(|share| (share * f64::from(EXTENT)) as i32);
            let bytes = tile(is_here.then(|| Point::new(x_at, y_at)));
            writer.add_tile(TileCoord::new(zoom, x, y).unwrap(), &bytes).unwrap();
        }
    }
    writer.finalize().unwrap();
}

/// The colour in the middle of the tiles that are drawn, as `[red, green, blue, alpha]`.
const COLOUR: &str = "(() => {
    const canvas = document.querySelector('.leaflet-vectors-pane .leaflet-tile-loaded');
    if (!canvas) return [0, 0, 0, 0];
    const { data } = canvas.getContext('2d').getImageData(canvas.width / 2, canvas.height / 4, 1, 1);
    return [...data];
})()";

fn a_file_is_shown(words: &Words, size: [u32; 2], [town, other]: [&str; 2]) {
    let folder = tempdir().unwrap();
    let map = folder.path().join("syria.pmtiles");
    write_map(&map);
    let mut command = rasid();
    command.args(["serve", SAMPLES, "--listen", "127.0.0.1:0", "--store"]);
    command.arg(folder.path().join("rasid.gpkg")).arg("--basemap").arg(&map);
    let browser = Browser::new(Rasid::start(folder, &mut command), size);
    browser.open_map(words, "&theme=light#map=7/34.8/38.5");

    let is_named = |name: &str| {
        format!(
            "[...document.querySelectorAll('.label')].some((each) => each.innerText === {})",
            json!(name)
        )
    };
    browser.wait(&is_named(town));
    // What the file covers it names itself.
    browser.wait(&format!("!({})", is_named(other)));
    let land =
        |is_it: &str| format!("(([red, , , alpha]) => alpha === 255 && red {is_it})({COLOUR})");
    browser.wait(&land("> 200"));
    assert!(browser.text("#credits").contains("Somebody & others"));
    browser.is("document.documentElement.setAttribute('data-theme', 'dark')");
    browser.wait(&land("< 100"));
    browser.fits();
    browser.is_accessible("the map over a file of tiles");

    // Beyond the deepest tiles these are drawn larger.
    browser.open_map(words, "#map=9/34.8/38.5");
    browser.wait(&is_named(town));
    browser.wait(&land("> 0"));
}

#[test]
fn a_file_of_vector_tiles_is_shown_in_arabic() {
    a_file_is_shown(&ARABIC, DESKTOP, ["بلدة الاختبار", "تدمر"]);
}

#[test]
fn a_file_of_vector_tiles_is_shown_in_english_on_a_phone() {
    a_file_is_shown(&ENGLISH, PHONE, ["Testing Town", "Palmyra"]);
}

#[test]
fn a_file_that_is_no_base_map_is_told_at_start() {
    let folder = tempdir().unwrap();
    let store = folder.path().join("rasid.gpkg");
    let serve = |file: &Path| {
        let mut command = rasid();
        command.args(["serve", "--listen", "127.0.0.1:0", "--store"]).arg(&store);
        run(command.arg("--basemap").arg(file))
    };
    let map = folder.path().join("syria.pmtiles");
    serve(&map).refused(1, &["cannot read base map", "syria.pmtiles"]);
    write_map(&map);
    let length = map.metadata().unwrap().len();
    File::options().write(true).open(&map).unwrap().set_len(length / 2).unwrap();
    serve(&map).refused(1, &["cannot use base map", &format!("should have {length} bytes")]);
    serve(&crate::tidy::root("README.md")).refused(1, &["no whole PMTiles file of version 3"]);
    assert!(!store.exists(), "nothing is left behind");
}
