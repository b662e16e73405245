use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

const ACLED: &str = include_str!("../../../tests/tables/acled.csv");
const UCDP: &str = include_str!("../../../tests/tables/ucdp.csv");

/// What a file gives, in its order.
fn read_all(file: &[u8], kind: Option<Kind>) -> (Vec<Imported>, Vec<String>, Result<(), Error>) {
    let actor = |name: &str, day: Date| {
        let id = match name {
            "Military Forces of Syria (2000-2024)" | "Military Forces of Syria"
                if day.year() < 2025 =>
            {
                "SYR_REGIME"
            }
            "SDF" | "QSD: Syrian Democratic Forces" => "SDF",
            "Civilians (Syria)" | "Civilians" => "CIV",
            _ => return None,
        };
        Some(ActorId(id.to_owned()))
    };
    let governorate = |name: &str| {
        let known = [("Idleb", "SY07"), ("Idlib", "SY07"), ("Al-Hasakeh", "SY08")];
        let code = known.into_iter().find(|(known, _)| *known == name)?.1;
        let name = if code == "SY07" { "Idlib" } else { "Hasakah" };
        Some((name.to_owned(), code.to_owned()))
    };
    let names = Names { actor: &actor, governorate: &governorate };
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    let ended = read(file, kind, &names, |found| {
        match found {
            Ok(imported) => good.push(imported),
            Err(refused) => bad.push(refused.to_string()),
        }
        Ok(())
    });
    (good, bad, ended)
}

/// The events of a file that is all right.
fn events(file: &str) -> Vec<Value> {
    let (good, bad, ended) = read_all(file.as_bytes(), None);
    assert_eq!((bad, ended.map_err(|e| e.to_string())), (vec![], Ok(())));
    for Imported { article, event } in &good {
        let Evidence { evidence, evidence_start, evidence_end, .. } = &event.evidence;
        let there = article.text.chars().skip(*evidence_start).take(evidence_end - evidence_start);
        assert_eq!(there.collect::<String>(), *evidence);
        assert_eq!(article.id, event.source.article_id);
    }
    good.iter().map(|imported| imported.event.to_feature()).collect()
}

#[test]
fn a_table_of_acled_is_read_by_its_code_book() {
    insta::assert_json_snapshot!(events(ACLED));
}

#[test]
fn a_table_of_ucdp_is_read_by_its_code_book() {
    insta::assert_json_snapshot!(events(UCDP));
}

#[test]
fn older_and_other_exports_are_read_as_well() {
    // Numbers for actor types, days in words, semicolons, capitals, a byte order mark, CRLF.
    let table = "\u{feff}EVENT_ID_CNTY;Event_Date;sub_event_type;inter1;inter2;latitude;longitude;notes\r\n\
                 SYR1;18 July 2022;air/drone strike;8;0;35.1;38.2;\"struck; hard\"\r\n";
    let events = events(table);
    let properties = &events[0]["properties"];
    assert_eq!(properties["sub_event_type"], "Air/drone strike");
    assert_eq!(properties["event_date"], "2022-07-18");
    assert_eq!(properties["inter1"], "External/Other forces");
    assert_eq!((&properties["inter2"], &properties["fatalities"]), (&Value::Null, &Value::Null));
    assert_eq!(properties["evidence"], "struck; hard");
}

#[test]
fn a_row_that_cannot_be_used_is_told_by_its_line() {
    for (file, told) in [
        (
            include_str!("../../../tests/tables/acled-with-faults.csv"),
            &[
                "line 3: it is in `Iraq`, not in Syria",
                "line 4: its sub_event_type `Fisticuffs` is not one of ACLED's",
                "line 5: it has no `notes`",
                "line 6: its `event_date` is `18/07/2022`: write 2022-07-18",
                "line 7: longitude -0.1, latitude 51.5 is not in Syria",
                "line 8: `Armed clash` is not of the event_type `Riots`",
                "line 9: geo precision `7` is not 1, 2 or 3",
            ][..],
        ),
        (
            include_str!("../../../tests/tables/ucdp-with-faults.csv"),
            &[
                "line 3: it is in `Lebanon`, not in Syria",
                "line 4: its `type_of_violence` is not 1, 2 or 3",
                "line 5: it has neither `source_article` nor `where_description`",
                "line 6: it ends (2016-01-01) before it begins (2016-01-04)",
                "line 7: its `best` is `many`, which is not a whole number",
            ],
        ),
        (
            "event_id_cnty,event_date,sub_event_type,latitude,longitude,notes\n\
             SYR1,2022-07-18,Armed clash,35,38\n\
             \n\
             SYR2,2022-07-18,Armed clash,NaN,38,x\n\
             SYR3,2022-07-18,Armed clash,,38,x\n\
             SYR4,2022-07-18,Armed clash,35,38,\"two\nlines\"\n\
             ,2022-07-18,Armed clash,35,38,x\n",
            &[
                "line 2: it has 5 cells, and the head 6",
                "line 4: longitude 38, latitude NaN is not in Syria",
                "line 5: its `latitude` is empty",
                "line 8: its `event_id_cnty` is empty",
            ],
        ),
    ] {
        let (good, bad, ended) = read_all(file.as_bytes(), None);
        assert!(ended.is_ok() && good.len() == 1, "{bad:#?}");
        assert_eq!(bad.len(), told.len(), "{bad:#?}");
        for (bad, told) in bad.iter().zip(told) {
            assert!(bad.starts_with(told), "{bad}");
        }
    }
    // With the other ends of lines the same.
    let head = "event_id_cnty,event_date,sub_event_type,latitude,longitude,notes\r\n";
    let file = format!("{head}\r\n\r\n,,,,,\r\n\"\r\n\",,,,,\r\n,,,,,");
    let lines = read_all(file.as_bytes(), None).1;
    let lines: Vec<&str> = lines.iter().map(|line| line.split(':').next().unwrap()).collect();
    assert_eq!(lines, ["line 4", "line 5", "line 7"]);

    let not_utf8 =
        b"event_id_cnty,event_date,sub_event_type,latitude,longitude,notes\nSYR1,\xff,a,b,c,d\n";
    assert_eq!(read_all(not_utf8, None).1, ["line 2: it is not in UTF-8"]);
}

#[test]
fn a_file_that_is_not_known_is_told_what_is() {
    let events =
        "event_id_cnty,event_date,sub_event_type,latitude,longitude,notes,evidence_start\n";
    for (file, kind, told) in [
        ("", None, "it is empty"),
        ("\u{feff}", None, "it is empty"),
        ("a,b\n1,2\n", None, "a table of ACLED has the column `event_id_cnty`"),
        ("a,b\n1,2\n", Some(Kind::Acled), "it has no column `event_id_cnty`"),
        ("event_id_cnty\n", None, "it has no column `event_date`"),
        ("id,type_of_violence\n", None, "it has no column `date_start`"),
        (events, None, "it is a table of rasid"),
        ("a,b\n", Some(Kind::GeoJson), "it is broken after 0 features: expected value at line 1"),
        ("[1]", None, "it is broken after 0 features: invalid type: sequence"),
        ("{\"type\":\"Topology\"}", None, "its type is `Topology`"),
        (
            "{\"type\":\"FeatureCollection\",\"features\":[{}",
            None,
            "it is broken after 1 features: EOF",
        ),
        ("{\"type\":\"FeatureCollection\",\"features\":7}", None, "expected a list of features"),
    ] {
        let told_of = read_all(file.as_bytes(), kind).2.unwrap_err().to_string();
        assert!(told_of.contains(told), "{file:?}: {told_of}");
    }
}

/// An event of ours, and the same with something changed.
fn ours(change: impl Fn(&mut Value)) -> String {
    let mut feature = events(ACLED).swap_remove(0);
    feature["properties"]["evidence_start"] = 7.into();
    let length = feature["properties"]["evidence"].as_str().unwrap().chars().count();
    feature["properties"]["evidence_end"] = (7 + length).into();
    change(&mut feature);
    feature.to_string()
}

#[test]
fn features_of_ours_are_read_in_every_way_they_are_written() {
    let (one, other) = (ours(|_| {}), ours(|feature| feature["id"] = "other".into()));
    let told: Vec<Value> = [&one, &other].map(|text| serde_json::from_str(text).unwrap()).into();
    for file in [
        format!("{{\"type\":\"FeatureCollection\",\"x\":{{}},\"features\":[{one},\n{other}]}}\n"),
        format!("{{\"features\":[{one},{other}],\"type\":\"FeatureCollection\"}}"),
        format!("\u{1e}{one}\n\u{1e}{other}\n"),
        format!("{one}\n{other}\n"),
        format!(" {one}{other}"),
        format!("{one}{{\"type\":\"FeatureCollection\",\"features\":[{other}]}}"),
    ] {
        assert_eq!(events(&file), told, "{file}");
    }
    assert_eq!(events("{\"type\":\"FeatureCollection\",\"features\":[]}"), Vec::<Value>::new());
}

#[test]
fn a_feature_that_is_none_of_ours_is_told_by_its_number() {
    for (feature, told) in [
        ("{}".to_owned(), "feature 1: it is no event of ours: missing field `type`"),
        ("7".to_owned(), "feature 1: it is no event of ours"),
        (ours(|f| f["type"] = "Place".into()), "feature 1: it is a `Place`"),
        (ours(|f| f["id"] = Value::Null), "feature 1: it has no id"),
        (
            ours(|f| f["geometry"] = json!({"type": "Point", "coordinates": [35, 200]})),
            "not a point on the globe",
        ),
        (
            ours(|f| f["geometry"] = json!({"type": "Polygon", "coordinates": []})),
            "not a point on the globe",
        ),
        (ours(|f| f["properties"] = Value::Null), "invalid type: null"),
        (ours(|f| f["properties"]["event_type"] = "War".into()), "`War`"),
        (ours(|f| f["properties"]["evidence"] = "".into()), "it has no evidence"),
        (
            ours(|f| f["properties"]["evidence"] = "x".into()),
            "its evidence has 1 characters, and cannot stand at 7 to",
        ),
        (ours(|f| f["properties"]["evidence_end"] = u64::MAX.into()), "cannot stand at 7 to"),
        (ours(|f| f["properties"]["confidence"] = 7.into()), "its confidence is 7"),
        (ours(|f| f["properties"]["article_id"] = "".into()), "its article_id is empty"),
        (
            ours(|f| f["properties"]["event_date_end"] = "1999-01-01".into()),
            "it ends (1999-01-01) before",
        ),
    ] {
        let file = format!("{{\"type\":\"FeatureCollection\",\"features\":[{feature}]}}");
        let (good, bad, ended) = read_all(file.as_bytes(), None);
        ended.unwrap();
        assert!(good.is_empty() && bad.len() == 1 && bad[0].contains(told), "{told}: {bad:?}");
    }
    // The others go on; deep nesting ends nothing but its own feature.
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let file = format!("{{\"type\":\"FeatureCollection\",\"features\":[{deep},{}]}}", ours(|_| {}));
    let (good, bad, _) = read_all(file.as_bytes(), None);
    assert_eq!((good.len(), bad.len()), (1, 1));
}

#[test]
fn reading_stops_where_its_reader_wants() {
    let names = Names { actor: &|_, _| None, governorate: &|_| None };
    let feature = ours(|_| {});
    for file in [ACLED.to_owned(), format!("{feature}\n{feature}\n")] {
        let mut seen = 0;
        let ended: Result<(), Error> = read(file.as_bytes(), None, &names, |_| {
            seen += 1;
            Err(Error::Empty)
        });
        assert!(matches!(ended, Err(Error::Empty)) && seen == 1, "{seen}: {ended:?}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_told(bytes: Vec<u8>, kind in 0_usize..4) {
        let kind = [None, Some(Kind::Acled), Some(Kind::Ucdp), Some(Kind::GeoJson)][kind];
        let (good, _, _) = read_all(&bytes, kind);
        prop_assert!(good.is_empty());
    }

    #[test]
    fn any_cells_are_an_event_or_told(cells in prop::collection::vec("\\PC{0,12}", 6), table in 0_usize..2) {
        let head = ["event_id_cnty,event_date,sub_event_type,latitude,longitude,notes",
            "id,date_start,type_of_violence,latitude,longitude,where_prec,best"][table];
        let mut csv = ::csv::Writer::from_writer(format!("{head}\n").into_bytes());
        csv.write_record(cells.iter().map(String::as_str).chain((table == 1).then_some("1"))).unwrap();
        let (good, bad, ended) = read_all(&csv.into_inner().unwrap(), None);
        prop_assert!(ended.is_ok());
        prop_assert_eq!(good.len() + bad.len(), 1);
    }

    #[test]
    fn any_broken_feature_is_an_event_or_told(cut in 0.0..1.0_f64, with in "\\PC{0,3}") {
        let text = ours(|_| {});
        let letters: Vec<char> = text.chars().collect();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place in a short text")]
        let place = (letters.len() as f64 * cut) as usize;
        let broken: String = letters[..place].iter().collect::<String>() + &with + &letters[place..].iter().collect::<String>();
        let (good, bad, ended) = read_all(broken.as_bytes(), Some(Kind::GeoJson));
        prop_assert!(good.len() + bad.len() > 0 || ended.is_err());
    }
}
