//! The command line: what it prints, line by line and in every format, and what can be replaced.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use tempfile::{TempDir, tempdir};

use crate::app::{
    Rasid, SAMPLE_ARTICLES, SAMPLES, ended, file, program, quick, rasid, run, run_with, until,
};

/// One sentence, one event.
pub(crate) const SHELLING: &str = "قصفت قوات النظام بالمدفعية الثقيلة بلدة كفرنبل بريف إدلب يوم أمس، ما أدى إلى مقتل ثلاثة مدنيين.\n";
/// An article of several events.
pub(crate) const DESERT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/samples/homs-desert.txt");

pub(crate) fn extract(path: &Path) -> Command {
    let mut command = quick();
    command.arg("extract").arg(path);
    command
}

pub(crate) fn ingest(source: &Path, store: &Path) -> Command {
    let mut command = quick();
    command.arg("ingest").arg(source).arg("--store").arg(store);
    command
}

#[test]
fn help_and_version_are_data() {
    let help = run(rasid().arg("--help")).done();
    for command in ["serve", "ingest", "extract", "geocode", "--gazetteer", "--lexicon"] {
        assert!(help.out.contains(command), "{help:#?}");
    }
    let version = run(rasid().arg("--version")).done();
    assert_eq!(version.out, format!("rasid {}\n", env!("CARGO_PKG_VERSION")));
}

// `extract` and `geocode`.

#[test]
fn an_article_on_standard_input_is_extracted() {
    let command = |args: &[&str]| {
        let mut command = rasid();
        command.arg("extract").args(args);
        command
    };
    let dated =
        run_with(&mut command(&["-", "--published", "2022-07-18"]), SHELLING.as_bytes()).done();
    let [event] = &dated.features()[..] else { panic!("{dated:#?}") };
    assert_eq!(event["properties"]["event_date"], "2022-07-17");
    assert_eq!(event["properties"]["fatalities"], 3);
    assert_eq!(dated.err, "");

    let undated = run_with(&mut command(&["-"]), SHELLING.as_bytes()).done();
    let [event] = &undated.features()[..] else { panic!("{undated:#?}") };
    assert_eq!(event["properties"]["event_date"], Value::Null);

    run_with(&mut command(&["-"]), b"").refused(1, &["`standard input` is empty"]);
}

#[test]
fn every_format_tells_the_same_events() {
    let printed = |format: &str| run(extract(Path::new(DESERT)).args(["--format", format])).done();
    let collection = printed("geojson");
    let parsed: geojson::GeoJson = collection.out.parse().unwrap();
    let geojson::GeoJson::FeatureCollection(parsed) = parsed else { panic!("{collection:#?}") };
    let features = collection.features();
    assert!(features.len() > 1 && parsed.features.len() == features.len());

    assert_eq!(printed("geojsonl").lines(), features);

    let text = printed("csv").out;
    let mut table = csv::Reader::from_reader(text.as_bytes());
    let head = table.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = table.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), features.len());
    for (row, feature) in rows.iter().zip(&features) {
        for (name, cell) in head.iter().zip(row) {
            let told = match name {
                "event_id_cnty" => &feature["id"],
                "longitude" => &feature["geometry"]["coordinates"][0],
                "latitude" => &feature["geometry"]["coordinates"][1],
                "notes" => &feature["properties"]["evidence"],
                // Not of the feature; the tests of the format look at them.
                "year" | "iso" | "country" => continue,
                _ => &feature["properties"][name],
            };
            match told {
                Value::Null => assert_eq!(cell, "", "{name}"),
                Value::String(text) => assert_eq!(cell, text, "{name}"),
                Value::Number(number) => assert_eq!(cell, number.to_string(), "{name}"),
                _ => {}
            }
        }
    }

    let table = printed("table").out;
    for feature in &features {
        let evidence = feature["properties"]["evidence"].as_str().unwrap();
        assert!(table.contains(evidence), "{table}");
    }
}

#[test]
fn explain_tells_what_became_of_each_sentence() {
    let text = format!("{SHELLING}\nوهدد المتحدث بأن الجيش سوف يقصف مدينة إدلب.\n");
    let ran = run_with(rasid().args(["extract", "-", "--explain"]), text.as_bytes()).done();
    for sentence in ["كفرنبل", "وهدد المتحدث"] {
        assert!(ran.out.contains(sentence), "{ran:#?}");
    }
}

#[test]
fn a_pipe_that_closes_early_is_no_error() {
    let closes = |args: &[&str], input: &[u8]| {
        use std::io::Write as _;
        let mut child = rasid()
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        child.stdin.take().unwrap().write_all(input).ok();
        let status = ended(&mut child);
        let mut err = String::new();
        std::io::Read::read_to_string(&mut child.stderr.take().unwrap(), &mut err).unwrap();
        assert!(status.success() && err.is_empty(), "{args:?}: {status}: {err}");
    };
    for format in ["geojson", "geojsonl", "csv", "table"] {
        closes(&["extract", SAMPLES, "--format", format], b"");
    }
    closes(&["extract", DESERT, "--explain"], b"");
    closes(&["extract", "--jsonl", "-"], &lines(300).into_bytes());
    closes(&["geocode", "حلب", "إدلب"], b"");
    closes(&["geocode", "--jsonl", "-"], &"{\"id\":1,\"text\":\"حلب\"}\n".repeat(300).into_bytes());
    closes(&["--help"], b"");
}

#[test]
fn what_cannot_be_written_is_an_error() {
    for args in [
        &["extract", DESERT][..],
        &["extract", DESERT, "--format", "csv"],
        &["extract", "--jsonl", "-"],
        &["geocode", "حلب"],
        &["geocode", "--jsonl", "-"],
    ] {
        let mut shell = program("sh");
        shell.args(["-c", "exec \"$@\" > /dev/full", "sh", env!("CARGO_BIN_EXE_rasid")]).args(args);
        run_with(&mut shell, lines(1).as_bytes()).refused(1, &["No space left on device"]);
    }
}

/// So many articles as JSON lines; every seventh tells of an event.
fn lines(number: usize) -> String {
    let mut lines = String::new();
    for n in 0..number {
        let text = if n % 7 == 0 { SHELLING } else { "لا جديد اليوم." };
        let line = json!({ "id": format!("a{n}"), "text": text, "published": "2022-07-18" });
        lines.push_str(&line.to_string());
        lines.push('\n');
    }
    lines
}

#[test]
fn a_thousand_lines_are_answered_in_their_order() {
    let answers =
        run_with(rasid().args(["extract", "--jsonl", "-"]), lines(1_000).as_bytes()).done();
    let answers = answers.lines();
    assert_eq!(answers.len(), 1_000);
    for (n, answer) in answers.iter().enumerate() {
        assert_eq!(answer["id"], format!("a{n}"));
        assert_eq!(
            answer["features"].as_array().unwrap().len(),
            usize::from(n % 7 == 0),
            "{answer}"
        );
        assert_eq!(answer["problems"], json!([]));
    }
}

#[test]
fn a_bad_line_is_answered_in_its_place() {
    let good = lines(1);
    let input = format!(
        "{good}not json\n{}\n\n{good}{}\n{good}",
        json!({ "id": "no text" }),
        json!({ "id": "date", "text": "a", "published": "gestern" })
    );
    let folder = tempdir().unwrap();
    let path = file(&folder, "articles.jsonl", input);

    let answers = run(rasid().args(["extract", "--jsonl"]).arg(path)).done().lines();

    let ids: Vec<&Value> = answers.iter().map(|answer| &answer["id"]).collect();
    assert_eq!(
        ids,
        [&json!("a0"), &Value::Null, &json!("no text"), &json!("a0"), &json!("date"), &json!("a0")]
    );
    for (place, words) in [
        (1, ["line 2", "not an article"]),
        (2, ["line 3", "missing field `text`"]),
        (4, ["line 6", "`gestern` is not a date"]),
    ] {
        let problem = answers[place]["problems"][0].as_str().unwrap();
        assert!(words.iter().all(|word| problem.contains(word)), "{problem}");
        assert_eq!(answers[place]["features"], json!([]));
    }
}

#[test]
fn bytes_that_are_no_text_do_not_end_the_lines() {
    let mut input = b"\xff\xfe\x00\n".to_vec();
    input.extend(lines(1).into_bytes());
    let answers = run_with(rasid().args(["extract", "--jsonl", "-"]), &input).done().lines();
    assert_eq!(answers.len(), 2);
    assert_eq!(answers[1]["id"], "a0");
}

#[test]
fn a_missing_file_of_lines_is_refused_by_name() {
    for command in ["extract", "geocode"] {
        run(rasid().args([command, "--jsonl", "/missing/articles.jsonl"]))
            .refused(1, &["cannot read `/missing/articles.jsonl`"]);
    }
}

#[test]
fn a_name_is_found_with_its_candidates_and_reasons() {
    let found = run(rasid().args(["geocode", "مدينة منبج", "Kobani", "بلاد الواق واق"])).done();
    for words in [
        "مدينة منبج: Manbij (منبج)",
        "Kobani: Ayn al-Arab",
        "بلاد الواق واق: no place of that name is known",
    ] {
        assert!(found.out.contains(words), "{found:#?}");
    }
}

#[test]
fn names_on_lines_are_answered_in_their_order() {
    let input = concat!(
        "{\"id\": 1, \"text\": \"مدينة منبج\"}\n",
        "{\"id\": \"two\", \"text\": \"بلاد الواق واق\"}\n",
        "{\"text\": \"حلب\"}\n",
        "{\"id\": 4, \"text\": \"\"}\n",
    );
    let answers =
        run_with(rasid().args(["geocode", "--jsonl", "-"]), input.as_bytes()).done().lines();
    let ids: Vec<&Value> = answers.iter().map(|answer| &answer["id"]).collect();
    assert_eq!(ids, [&json!(1), &json!("two"), &Value::Null, &json!(4)]);
    let place = &answers[0]["place"];
    assert_eq!(
        (&place["name"], &place["name_ar"], &place["admin1"]),
        (&json!("Manbij"), &json!("منبج"), &json!("Aleppo"))
    );
    for field in ["id", "kind", "lat", "lon", "score"] {
        assert!(!place[field].is_null(), "{place}");
    }
    assert_eq!(answers[0]["candidates"][0], *place);
    assert_eq!((&answers[1]["place"], &answers[1]["candidates"]), (&Value::Null, &json!([])));
    assert!(answers[2]["problems"][0].as_str().unwrap().contains("line 3"));
    assert_eq!(answers[3]["place"], Value::Null);
}

// What is known can be replaced.

/// Two places that are nowhere, and one that is wrong.
fn invented_gazetteer(folder: &TempDir) -> std::path::PathBuf {
    let place = |id: &str, en: &str, ar: &str, coordinates: Value| {
        json!({
            "type": "Feature", "id": id, "geometry": { "type": "Point", "coordinates": coordinates },
            "properties": {
                "id": id, "name_en": en, "name_ar": ar, "alt_ar": [], "alt_en": [], "kind": "town",
                "admin1": "Idlib", "admin1_pcode": "SY07", "admin2": null, "admin3": null, "source": "invented",
            },
        })
    };
    let collection = json!({ "type": "FeatureCollection", "features": [
        place("x:1", "Shamsabad", "شمس آباد", json!([36.5, 35.5])),
        place("x:2", "Qamarabad", "قمر آباد", json!([36.75, 35.75])),
        place("x:3", "Nowhere", "لا مكان", json!([360, 95])),
    ] });
    file(folder, "invented.geojson", collection.to_string())
}

#[test]
fn another_gazetteer_replaces_the_one_built_in() {
    let folder = tempdir().unwrap();
    let gazetteer = invented_gazetteer(&folder);
    let article = file(
        &folder,
        "a.txt",
        "قصفت قوات النظام بالمدفعية مدينة شمس آباد أمس، بعد قصف مدينة منبج.\n",
    );

    let found =
        run(rasid().args(["geocode", "Shamsabad", "منبج", "--gazetteer"]).arg(&gazetteer)).done();
    assert!(found.out.contains("Shamsabad: Shamsabad (شمس آباد)"), "{found:#?}");
    assert!(found.out.contains("منبج: no place of that name is known"), "{found:#?}");
    assert!(found.err.contains("x:3") && found.err.contains("left out"), "{found:#?}");

    let events = run(extract(&article).arg("--gazetteer").arg(&gazetteer)).done().features();
    let placed: Vec<&Value> = events.iter().filter(|event| !event["geometry"].is_null()).collect();
    assert_eq!(placed.len(), 1, "{events:#?}");
    assert_eq!(placed[0]["geometry"]["coordinates"], json!([36.5, 35.5]));
}

#[test]
fn a_gazetteer_that_is_none_is_refused_by_name() {
    let folder = tempdir().unwrap();
    for (name, content) in [
        ("empty.geojson", ""),
        ("point.geojson", "{\"type\":\"Point\",\"coordinates\":[36,35]}"),
        ("text.geojson", "places"),
    ] {
        let path = file(&folder, name, content);
        run(rasid().args(["geocode", "حلب", "--gazetteer"]).arg(path))
            .refused(1, &["cannot read gazetteer", name, "FeatureCollection"]);
    }
    run(rasid().args(["geocode", "حلب", "--gazetteer", "/missing.geojson"]))
        .refused(1, &["cannot read gazetteer `/missing.geojson`"]);
}

fn copied_lexicon(folder: &TempDir) -> std::path::PathBuf {
    let copy = folder.path().join("lexicon");
    fs::create_dir(&copy).unwrap();
    for entry in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/lexicon")).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, copy.join(path.file_name().unwrap())).unwrap();
    }
    copy
}

#[test]
fn a_word_added_to_the_word_lists_shows_its_effect() {
    let folder = tempdir().unwrap();
    let lexicon = copied_lexicon(&folder);
    let article = file(&folder, "a.txt", "زعزقت قوات النظام بلدة كفرنبل بريف إدلب أمس.\n");
    let events = || run(extract(&article).arg("--lexicon").arg(&lexicon)).done().features();
    assert_eq!(events(), Vec::<Value>::new());

    let triggers = fs::read_to_string(lexicon.join("triggers.toml")).unwrap();
    let word = "\n[[trigger]]\nsub_event = \"Shelling/artillery/missile attack\"\nrole = \"act\"\nverbs = [\"زعزق\"]\n";
    fs::write(lexicon.join("triggers.toml"), triggers + word).unwrap();

    let [event] = &events()[..] else { panic!("{:#?}", events()) };
    assert_eq!(event["properties"]["sub_event_type"], "Shelling/artillery/missile attack");
    assert_eq!(event["properties"]["location_ar"], "كفرنبل");
}

#[test]
fn a_broken_word_list_is_refused_by_folder_file_and_line() {
    let folder = tempdir().unwrap();
    let lexicon = copied_lexicon(&folder);
    let whole = fs::read_to_string(lexicon.join("cues.toml")).unwrap();
    let line = whole.lines().count() + 1;
    fs::write(lexicon.join("cues.toml"), format!("{}\nbroken = [", whole.trim_end())).unwrap();
    let ran = run(rasid().args(["geocode", "حلب", "--lexicon"]).arg(&lexicon));
    ran.refused(1, &[lexicon.to_str().unwrap(), "`cues.toml`", &format!("line {line}")]);
    assert_eq!(ran.err.matches("cues.toml").count(), 1, "the cause is told once: {}", ran.err);

    fs::remove_file(lexicon.join("cues.toml")).unwrap();
    run(rasid().args(["geocode", "حلب", "--lexicon"]).arg(&lexicon))
        .refused(1, &["cannot read word list", "lexicon/cues.toml"]);
}

// Settings from the environment.

#[test]
fn every_flag_can_be_set_by_the_environment() {
    let folder = tempdir().unwrap();
    let article = file(&folder, "a.txt", SHELLING);
    let gazetteer = invented_gazetteer(&folder);
    let store = folder.path().join("elsewhere.gpkg");

    let lines =
        run(extract(&article).env("RASID_FORMAT", "geojsonl").env("RASID_PUBLISHED", "2022-07-18"))
            .done();
    assert_eq!(lines.lines()[0]["properties"]["event_date"], "2022-07-17");

    let explained = run(extract(&article).env("RASID_EXPLAIN", "true")).done();
    assert!(!explained.out.starts_with('{'), "{explained:#?}");

    let found =
        run(rasid().args(["geocode", "Shamsabad"]).env("RASID_GAZETTEER", &gazetteer)).done();
    assert!(found.out.contains("شمس آباد"), "{found:#?}");

    run(rasid().args(["geocode", "حلب"]).env("RASID_LEXICON", "/missing"))
        .refused(1, &["/missing/"]);
    run(rasid().args(["extract", "-"]).env("RASID_PUBLISHED", "gestern"))
        .refused(2, &["`gestern` is not a date"]);

    run(rasid().arg("ingest").arg(&article).env("RASID_STORE", &store)).done();
    assert!(store.exists());

    let server = Rasid::start(
        folder,
        rasid()
            .arg("serve")
            .env("RASID_STORE", &store)
            .env("RASID_LISTEN", "127.0.0.1:0")
            .env("RASID_BASE_URL", "https://example.org/map")
            .env("RASID_LOG", "rasid=debug"),
    );
    assert_eq!(server.ids("").len(), 1);
    let landing = server.get("/?f=json").json()["links"].to_string();
    assert!(landing.contains("https://example.org/map/collections"), "{landing}");
}

#[test]
fn a_flag_goes_before_the_environment() {
    let folder = tempdir().unwrap();
    let article = file(&folder, "a.txt", SHELLING);
    let mut command = extract(&article);
    command.args(["--published", "2023-03-03"]).env("RASID_PUBLISHED", "2022-07-18");
    let features = run(&mut command).done().features();
    assert_eq!(features[0]["properties"]["event_date"], "2023-03-02");
}

#[test]
fn what_ingest_adds_is_served_without_a_restart() {
    let server = Rasid::quick(&[]);
    assert_eq!(server.ids(""), Vec::<String>::new());
    let ran = run(&mut ingest(Path::new(SAMPLES), &server.store())).done();
    assert!(ran.err.contains(&format!("{SAMPLE_ARTICLES} articles with")), "{ran:#?}");
    until("all of its events to be served", || {
        let told = format!("with {} events kept", server.ids("").len());
        ran.err.contains(&told).then_some(())
    });
}
