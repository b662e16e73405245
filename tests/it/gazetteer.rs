//! The commands about place names, as their users have them.

use std::path::Path;

use serde_json::{Value, json};
use tempfile::tempdir;

use crate::app::{Ran, Rasid, file, rasid, run, store_in};
use crate::tidy::root;

fn gazetteer(args: &[&str]) -> Ran {
    run(rasid().arg("gazetteer").args(args))
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A feature as it stands in a gazetteer.
fn place(id: &str, name_ar: &str, lon: f64, lat: f64) -> Value {
    json!({ "type": "Feature", "geometry": { "type": "Point", "coordinates": [lon, lat] },
        "properties": { "id": id, "name_ar": name_ar, "name_en": id, "kind": "village",
            "admin1": "Aleppo", "source": "invented" } })
}

fn collection(features: &[Value]) -> String {
    json!({ "type": "FeatureCollection", "features": features }).to_string()
}

// `check`.

#[test]
fn a_sound_gazetteer_passes_without_a_line() {
    let folder = tempdir().unwrap();
    let sound = collection(&[place("a", "الباب", 37.5, 36.3), place("b", "صرين", 38.2, 36.6)]);
    let path = file(&folder, "sound.geojson", sound);
    let ran = gazetteer(&["check", text(&path)]).done();
    assert_eq!((ran.out.as_str(), ran.err.as_str()), ("", "2 places checked, nothing wrong\n"));
}

#[test]
fn findings_are_lines_and_exit_code_one() {
    let folder = tempdir().unwrap();
    let faulty = collection(&[place("a", "الباب", 37.5, 36.3), place("sea", "البحر", 34.0, 35.0)]);
    let path = file(&folder, "faulty.geojson", faulty);
    let reference = collection(&[place("r", "الباب", 37.6, 36.3)]);
    let reference = file(&folder, "reference.geojson", reference);

    let ran = gazetteer(&["check", text(&path)]);
    assert_eq!(ran.status.code(), Some(1), "{ran:#?}");
    assert_eq!(ran.out.lines().count(), 1, "{ran:#?}");
    assert!(ran.out.starts_with("sea (sea): its point 34.00000, 35.00000 is"), "{ran:#?}");
    assert!(ran.err.contains("2 places checked, 1 finding in the file, 0 against"), "{ran:#?}");

    let ran = gazetteer(&["check", text(&path), "--reference", text(&reference)]);
    assert_eq!(ran.out.lines().count(), 2, "{ran:#?}");
    assert!(ran.out.contains("a (a): 9.0 km from the nearest place of its name"), "{ran:#?}");
    assert!(ran.err.contains("1 place found there under their name"), "{ran:#?}");
}

#[test]
fn what_is_built_in_has_no_fault_that_a_check_finds() {
    let shipped = root("gazetteer.geojson");
    gazetteer(&["check", text(&shipped)]).done();
    let map = root("static/basemap/governorates.geojson");
    let ran = gazetteer(&["check", text(&shipped), "--borders", text(&map)]);
    assert!(ran.out.contains("(Golan Heights)"), "the map is taken as it is: {ran:#?}");
}

#[test]
fn borders_that_are_none_are_refused_by_name() {
    let folder = tempdir().unwrap();
    let places = file(&folder, "places.geojson", collection(&[]));
    for (name, content, told) in [
        ("empty.json", "", "not a GeoJSON FeatureCollection"),
        (
            "few.json",
            r#"{"type":"FeatureCollection","features":[]}"#,
            "no polygon of Damascus (SY01)",
        ),
    ] {
        let borders = file(&folder, name, content);
        let args = ["check", text(&places), "--borders", text(&borders)];
        gazetteer(&args).refused(1, &["cannot use governorates", name, told]);
    }
    gazetteer(&["check", text(&places), "--borders", "missing.json"])
        .refused(1, &["cannot use governorates `missing.json`"]);
}

#[test]
fn what_is_no_gazetteer_is_refused_by_name() {
    let folder = tempdir().unwrap();
    let sound = file(&folder, "sound.geojson", collection(&[]));
    let missing = folder.path().join("missing.geojson");
    for (name, content, told) in [
        ("empty.geojson", "", "is not a GeoJSON FeatureCollection"),
        ("words.geojson", "places", "is not a GeoJSON FeatureCollection"),
        ("one.geojson", r#"{"type":"Feature"}"#, "a `FeatureCollection` of places is needed"),
    ] {
        let bad = file(&folder, name, content);
        gazetteer(&["check", text(&bad)]).refused(1, &["cannot read gazetteer", name, told]);
        gazetteer(&["stats", text(&bad)]).refused(1, &["cannot read gazetteer", name, told]);
        let args = ["check", text(&sound), "--reference", text(&bad)];
        gazetteer(&args).refused(1, &["cannot read gazetteer", name, told]);
    }
    for args in [
        &["check", text(&missing)][..],
        &["stats", text(&missing)],
        &["check", text(&sound), "--reference", text(&missing)],
        &["check", text(folder.path())],
    ] {
        gazetteer(args).refused(1, &["cannot read gazetteer"]);
    }
    gazetteer(&["check"]).refused(2, &["<FILE>"]);
    gazetteer(&["check", ""]).refused(2, &["a value is required for '<FILE>'"]);
}

// `stats`.

#[test]
fn places_are_counted_of_what_a_run_would_use() {
    let built_in = gazetteer(&["stats"]).done();
    let shipped: Value =
        serde_json::from_str(&std::fs::read_to_string(root("gazetteer.geojson")).unwrap()).unwrap();
    let places = shipped["features"].as_array().unwrap().len();
    assert!(built_in.out.starts_with(&format!("{places:>7}  places\n")), "{}", built_in.out);
    assert!(built_in.err.contains("built in (rasid "), "{}", built_in.err);
    for words in ["by kind", "by governorate", "by source", "village", "Aleppo", "airportsdata"] {
        assert!(built_in.out.contains(words), "{words}: {}", built_in.out);
    }

    let folder = tempdir().unwrap();
    let own = file(&folder, "own.geojson", collection(&[place("a", "الباب", 37.5, 36.3)]));
    for args in [&["stats", text(&own)][..], &["--gazetteer", text(&own), "stats"]] {
        let ran = gazetteer(args).done();
        assert!(ran.out.starts_with("      1  places\n"), "{ran:#?}");
        assert!(ran.err.contains("gazetteer: 1 place, from"), "{ran:#?}");
    }
}

// Roads.

#[test]
fn a_road_is_a_region_and_a_town_named_beside_it_is_the_place() {
    for (phrase, place) in [
        ("M4", "M4 motorway"),
        ("طريق حلب اللاذقية", "M4 motorway"),
        ("طريق M4 قرب أريحا", "Ariha"),
        ("الطريق الدولي M5 جنوب معرة النعمان", "Maarat al-Numan"),
        ("M5 highway near Khan Shaykhun", "Khan Shaykhun"),
        ("طريق M4 قرب تل تمر", "Tell Tamr"),
        ("M5", "M5 motorway"),
    ] {
        let ran = run(rasid().args(["geocode", phrase])).done();
        assert!(ran.out.starts_with(&format!("{phrase}: {place} (")), "{phrase}: {}", ran.out);
    }
    let shipped: Value =
        serde_json::from_str(&std::fs::read_to_string(root("gazetteer.geojson")).unwrap()).unwrap();
    let roads = shipped["features"].as_array().unwrap().iter();
    let m4 = roads.clone().find(|road| road["id"] == "hand:m4-motorway").unwrap();
    assert_eq!(m4["geometry"]["type"], "LineString");
    assert!(m4["geometry"]["coordinates"].as_array().unwrap().len() > 10);
}

// What a server says.

#[test]
fn a_server_says_which_place_names_it_uses() {
    let server = Rasid::serve(&[]);
    let told = format!("built in (rasid {}", env!("CARGO_PKG_VERSION"));
    assert!(server.log().contains(&told), "{}", server.log());

    let folder = tempdir().unwrap();
    let mut own: Value =
        serde_json::from_str(&collection(&[place("a", "الباب", 37.5, 36.3)])).unwrap();
    own["licence"] = json!("CC BY 4.0");
    own["date"] = json!("2026-11-20");
    let own = file(&folder, "own.geojson", own.to_string());
    let mut command = rasid();
    command.arg("serve").arg("--gazetteer").arg(&own);
    command.arg("--store").arg(store_in(folder.path())).args(["--listen", "127.0.0.1:0"]);
    let server = Rasid::start(folder, &mut command);
    let log = server.log();
    assert!(log.contains("own.geojson` (of 2026-11-20; CC BY 4.0)"), "{log}");
}
