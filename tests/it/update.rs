//! `rasid gazetteer update`, from a folder and from a server of this machine.

use std::fs;
use std::io::{BufRead as _, BufReader, Cursor, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::thread::{self, JoinHandle};

use serde_json::{Value, json};
use tempfile::{TempDir, tempdir};
use zip::write::{SimpleFileOptions, ZipWriter};

use crate::app::{Ran, file, rasid, run};

/// Invented places in the form of `GeoNames`' dump.
pub(crate) const DUMP: &str = "\
9000001\tQaryat Rāşid\tQaryat Rasid\t\t36.3000\t37.5000\tP\tPPL\tSY\t\t09\t\t\t\t1200\t\t400\tAsia/Damascus\t2024-01-01
9000002\tSadd Rāşid\tSadd Rasid\t\t36.3100\t37.9000\tS\tDAM\tSY\t\t09\t\t\t\t0\t\t400\tAsia/Damascus\t2024-01-01
9000003\tCut short\t36.3
";

/// Their names in other languages.
pub(crate) const NAMES: &str = "\
1\t9000001\tar\tراصد الجديدة\t1\t\t\t\t\t
2\t9000001\ten\tRasid\t1\t\t\t\t\t
3\t9000001\tckb\tڕاسد\t\t\t\t\t\t
4\t9000002\tar\tسد راصد\t\t\t\t\t\t
";

/// Invented populated places.
const COMMUNITIES: &str = "\
adm1_en,adm1_ar,adm1_pcode,adm2_en,adm2_ar,adm2_pcode,adm3_en,adm3_ar,adm3_pcode,name_en,name_ar,pcode,type,lon,lat
Aleppo,حلب,SY02,Invented,مختلق,SY0299,Inner,داخلي,SY029900,Rased,راصد الجديدة,C99001,C,37.501,36.301
Aleppo,حلب,SY02,Invented,مختلق,SY0299,Inner,داخلي,SY029900,Nowhere,لا مكان,C99002,C,,
";

pub(crate) fn zipped(name: &str, text: &str) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file(name, SimpleFileOptions::default()).unwrap();
    writer.write_all(text.as_bytes()).unwrap();
    writer.finish().unwrap().into_inner()
}

/// A list of three sources, those of `GeoNames` at an address.
pub(crate) fn list(folder: &TempDir, address: Option<&str>) -> PathBuf {
    let owed = "page = 'https://example.org/'\nlicence = 'CC BY 4.0'\nattribution = 'Invented'\n";
    let url = |name: &str| address.map_or(String::new(), |at| format!("url = '{at}/{name}'\n"));
    let text = format!(
        "[own]\nname = 'own'\n{owed}\n\
         [geonames_places]\nname = 'places'\nfile = 'places.zip'\nmember = 'SY.txt'\n{}{owed}\n\
         [geonames_names]\nname = 'names'\nfile = 'names.zip'\nmember = 'SY.txt'\n{}{owed}\n\
         [ocha_places]\nname = 'communities'\nfile = 'communities.csv'\noptional = true\n{owed}",
        url("places.zip"),
        url("names.zip"),
    );
    file(folder, "sources.toml", text)
}

/// A folder with all sources in it.
fn filled(folder: &TempDir) -> PathBuf {
    let from = folder.path().join("from");
    fs::create_dir(&from).unwrap();
    fs::write(from.join("places.zip"), zipped("SY.txt", DUMP)).unwrap();
    fs::write(from.join("names.zip"), zipped("SY.txt", NAMES)).unwrap();
    fs::write(from.join("communities.csv"), COMMUNITIES).unwrap();
    from
}

fn update(folder: &TempDir, config: &Path, args: &[&str]) -> Ran {
    let mut command = rasid();
    command
        .current_dir(folder.path())
        .args(["gazetteer", "update", "--gazetteer-sources"])
        .arg(config);
    run(command.args(args))
}

fn written(folder: &TempDir) -> Value {
    serde_json::from_str(&fs::read_to_string(folder.path().join("gazetteer-open.geojson")).unwrap())
        .unwrap()
}

fn feature<'a>(collection: &'a Value, id: &str) -> &'a Value {
    let features = collection["features"].as_array().unwrap();
    let found = features.iter().find(|feature| feature["id"] == id);
    &found.unwrap_or_else(|| panic!("no {id}"))["properties"]
}

#[test]
fn sources_in_a_folder_are_merged_with_what_is_built_in() {
    let folder = tempdir().unwrap();
    let config = list(&folder, None);
    filled(&folder);
    let first = update(&folder, &config, &["--from", "from"]).done();
    let collection = written(&folder);
    let village = feature(&collection, "ocha:C99001");
    assert_eq!(village["name_ar"], "راصد الجديدة");
    assert_eq!(village["alt_en"], json!(["Rasid", "Qaryat Rasid"]));
    assert_eq!((&village["pcode"], &village["geonameid"]), (&json!("C99001"), &json!(9_000_001)));
    assert_eq!(
        (&village["population"], &village["source"]),
        (&json!(1200), &json!("OCHA; GeoNames"))
    );
    assert_eq!(feature(&collection, "gn:9000002")["kind"], "dam");
    assert_eq!(feature(&collection, "adm1:SY02")["name_ar"], "حلب", "what is built in stays");
    assert_eq!(collection["licence"], "CC BY 4.0");
    assert_eq!(collection["sources"][1]["name"], "communities");
    assert_eq!(collection["sources"][1]["skipped"], 1);
    assert_eq!(collection["counts"]["open"], 2);
    assert!(collection["date"].is_string());
    for words in
        ["communities.csv`), line 3: `", "SY.txt), line 3: it has 3 columns, 19 are needed"]
    {
        let told = first.err.replace("places.zip`, SY.txt", "SY.txt");
        assert!(told.contains(words), "{words}: {}", first.err);
    }

    let again = update(&folder, &config, &["--from", "from"]).done();
    assert!(
        again.out.starts_with("      0  added\n      0  changed\n      0  gone\n"),
        "{again:#?}"
    );
    assert_eq!(written(&folder), collection, "the same sources give the same file");

    fs::remove_file(folder.path().join("from/communities.csv")).unwrap();
    let less = update(&folder, &config, &["--from", "from"]).done();
    assert!(less.out.contains("      1  added\n              1  GeoNames\n"), "{less:#?}");
    assert!(less.out.contains("      1  gone\n              1  OCHA; GeoNames\n"), "{less:#?}");
    assert!(less.err.contains("communities: left out; it is used if `communities.csv` lies in"));

    let output = folder.path().join("gazetteer-open.geojson");
    run(rasid().arg("gazetteer").arg("stats").arg(&output)).done();
    let own = fs::read_to_string(&output).unwrap();
    fs::write(folder.path().join("own.geojson"), own).unwrap();
    let on_top = update(&folder, &config, &["--from", "from", "--gazetteer", "own.geojson"]).done();
    assert!(
        on_top.out.starts_with("      0  added\n      0  changed\n      0  gone\n"),
        "{on_top:#?}"
    );
}

/// Answers requests with what lies under their path, until it has answered as many as it should.
pub(crate) fn serve(answers: Vec<(&'static str, Vec<u8>)>) -> (String, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let serving = thread::spawn(move || {
        for _ in 0..answers.len() {
            let (mut stream, _) = listener.accept().unwrap();
            let lines = BufReader::new(&stream).lines().map(Result::unwrap);
            let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
            let path = head[0].split(' ').nth(1).unwrap();
            let known = answers.iter().find(|(name, _)| *name == path);
            stream.write_all(&known.unwrap_or_else(|| panic!("{path} is asked for")).1).unwrap();
        }
    });
    (address, serving)
}

pub(crate) fn answer(status: &str, length: usize, body: &[u8]) -> Vec<u8> {
    let head =
        format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
    [head.as_bytes(), body].concat()
}

pub(crate) fn whole(body: &[u8]) -> Vec<u8> {
    answer("200 OK", body.len(), body)
}

#[test]
fn sources_are_fetched_and_kept() {
    let folder = tempdir().unwrap();
    let (address, serving) = serve(vec![
        ("/names.zip", whole(&zipped("SY.txt", NAMES))),
        ("/places.zip", whole(&zipped("SY.txt", DUMP))),
    ]);
    let config = list(&folder, Some(&address));
    let ran = update(&folder, &config, &["--cache", "kept"]).done();
    serving.join().unwrap();
    assert!(
        ran.err.contains(&format!("places.zip: fetched from {address}/places.zip")),
        "{ran:#?}"
    );
    assert_eq!(feature(&written(&folder), "gn:9000001")["name_en"], "Rasid");
    for name in ["places.zip", "names.zip"] {
        assert!(folder.path().join("kept").join(name).is_file());
    }
    update(&folder, &config, &["--from", "kept"]).done();
}

#[test]
fn a_bad_download_is_told_and_the_old_file_stays() {
    let zip = zipped("SY.txt", DUMP);
    for (bad, words) in [
        (answer("404 Not Found", 0, b""), "answers 404 Not Found"),
        (answer("200 OK", zip.len() + 10, &zip), "broke off after"),
        (whole(b"<html></html>"), "is not a whole zip archive"),
        (whole(&zip[..zip.len() - 30]), "is not a whole zip archive"),
        (whole(&zipped("SY.txt", "no table")), "none of its 1 rows can be used"),
    ] {
        let folder = tempdir().unwrap();
        let old = file(&folder, "gazetteer-open.geojson", "old");
        let names = ("/names.zip", whole(&zipped("SY.txt", NAMES)));
        let (address, serving) = serve(vec![names, ("/places.zip", bad)]);
        let ran = update(&folder, &list(&folder, Some(&address)), &[]);
        serving.join().unwrap();
        ran.refused(1, &["places", words]);
        assert_eq!(fs::read_to_string(&old).unwrap(), "old");
        assert!(!folder.path().join("gazetteer-sources/places.zip.part").exists());
    }
}

#[test]
fn what_is_missing_or_wrong_is_told_by_name() {
    let folder = tempdir().unwrap();
    let config = list(&folder, None);
    update(&folder, &config, &["--from", "nowhere"]).refused(
        1,
        &["there is no `names.zip` in `nowhere`", "https://example.org/", "--gazetteer-sources"],
    );
    update(&folder, Path::new("missing.toml"), &["--from", "."])
        .refused(1, &["cannot read list of sources `missing.toml`"]);
    let bad = file(&folder, "bad.toml", "[own]\ncolour = 'red'\n");
    update(&folder, &bad, &["--from", "."]).refused(1, &["bad.toml", "unknown field `colour`"]);

    let from = filled(&folder);
    update(&folder, &config, &["--from", "from", "--output", "no/folder.geojson"])
        .refused(1, &["cannot write `no/folder.geojson`"]);
    fs::write(from.join("places.zip"), "half").unwrap();
    update(&folder, &config, &["--from", "from"])
        .refused(1, &["cannot use places", "places.zip` is not a whole zip archive"]);
    fs::remove_file(from.join("places.zip")).unwrap();
    fs::write(from.join("SY.txt"), DUMP).unwrap();
    update(&folder, &config, &["--from", "from"]).done();
}
