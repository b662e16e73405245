use serde_json::{Value, json};

use super::geonames::Names;
use super::write::{Credit, geojson};
use super::*;
use crate::geocode::area::Areas;
use crate::geocode::listed::Listed;
use crate::model::place::PlaceKind;
use crate::model::point::LonLat;

/// Two invented governorates, squares of one degree.
const BORDERS: &str = r#"{"type":"FeatureCollection","features":[
    {"type":"Feature","properties":{"pcode":"SY02"},"geometry":{"type":"Polygon",
     "coordinates":[[[36,36],[37,36],[37,37],[36,37],[36,36]]]}},
    {"type":"Feature","properties":{"pcode":"SY11"},"geometry":{"type":"Polygon",
     "coordinates":[[[37,36],[38,36],[38,37],[37,37],[37,36]]]}}]}"#;

/// A row of the dump of a country, invented.
fn row(id: u64, name: &str, lat: &str, lon: &str, code: &str, population: u64) -> String {
    format!(
        "{id}\t{name}\t{name}\t\t{lat}\t{lon}\tP\t{code}\tSY\t\t09\t\t\t\t{population}\t\t400\tAsia/Damascus\t2024-01-01\n"
    )
}

fn geonames(dump: &str, names: &str) -> Result<Rows, SourceError> {
    let names = if names.is_empty() { Names::default() } else { Names::parse(names).unwrap() };
    geonames::places(dump, &names, &Areas::from_geojson(BORDERS, &["pcode"]).unwrap())
}

const HEADER: &str = "adm1_en,adm1_ar,adm1_pcode,adm2_en,adm2_ar,adm2_pcode,adm3_en,adm3_ar,adm3_pcode,name_en,name_ar,pcode,type,lon,lat\n";

/// A row of the table of populated places, invented.
fn community(pcode: &str, name_en: &str, name_ar: &str, lon: f64, lat: f64) -> String {
    format!(
        "Aleppo,حلب,SY02,Upper,العليا,SY0201,Inner,الداخلية,SY020101,{name_en},{name_ar},{pcode},C,{lon},{lat}\n"
    )
}

fn ocha(rows: &[String]) -> Vec<Record> {
    ocha::places(&format!("{HEADER}{}", rows.concat())).unwrap().records
}

#[test]
fn a_dump_gives_places_of_kinds_that_news_name() {
    let dump = [
        row(1, "Ţall Nūr", "36.5", "36.5", "PPLA2", 60_000),
        row(2, "Wādī", "36.5", "36.5", "STM", 0),
        row(3, "Abroad", "33.0", "30.0", "PPL", 0),
        row(4, "Sadd Nūr", "36.4", "37.5", "DAM", 0),
        row(5, "Gone", "36.5", "36.5", "PPLH", 0),
    ];
    let names = "1\t1\tar\tقرية تل نور\t\t\t\t\n2\t1\tar\tت ل نور\t1\t\t\t\n3\t1\ten\tTell Nur\t1\t\t\t\n\
                 4\t1\tlink\thttps://example.org\t\t\t\t\n5\t1\ten\tOld Nur\t\t\t\t1\t1900\t1950\n6\t1\t\tTell Noor\t\t\t\t\n\
                 7\t1\tku\tGirê Nûr\t\t\t\t\n";
    let found = geonames(&dump.concat(), names).unwrap();
    assert_eq!(found.skipped, []);
    let [town, dam] = &found.records[..] else { panic!("{found:#?}") };
    assert_eq!((town.place.id.0.as_str(), town.place.kind), ("gn:1", PlaceKind::City));
    assert_eq!((town.place.name_ar.as_str(), town.place.name_en.as_str()), ("تل نور", "Tell Nur"));
    assert_eq!(town.place.alt_en, ["Tall Nur", "Tell Noor"]);
    assert_eq!(town.place.population, Some(60_000));
    assert_eq!((dam.place.admin1.as_str(), dam.place.name_en.as_str()), ("Raqqa", "Sadd Nur"));
}

#[test]
fn a_bad_row_is_told_with_its_line_and_passed_over() {
    let dump = [
        row(1, "Nūr", "36.5", "36.5", "PPL", 0),
        "2\tShort\t36.5\n".to_owned(),
        row(3, "Nowhere", "north", "36.5", "PPL", 0),
        "x".repeat(3) + &row(4, "Badid", "36.5", "36.5", "PPL", 0),
    ];
    let found = geonames(&dump.concat(), "").unwrap();
    assert_eq!(found.records.len(), 1);
    let told: Vec<String> = found.skipped.iter().map(ToString::to_string).collect();
    assert_eq!(told[0], "2: it has 3 columns, 19 are needed");
    assert!(told[1].starts_with("3: `north`, `36.5` is not a latitude"), "{told:?}");
    assert!(told[2].starts_with("4: `xxx4` is not a GeoNames number"), "{told:?}");

    for (dump, told) in
        [("<html>\n<body>", "none of its 2 rows can be used"), ("", "it has no rows")]
    {
        let error = geonames(dump, "").unwrap_err().to_string();
        assert!(error.contains(told), "{error}");
    }
    let error = Names::parse("<html>").unwrap_err().to_string();
    assert!(error.contains("line 1: it has 1 columns, 8 are needed"), "{error}");
}

#[test]
fn columns_are_found_by_the_names_they_have_had() {
    let old = "ADM1_PCODE,ADM2_EN,ADM3_EN,ADM4_EN,ADM4_AR,ADM4_PCODE,Longitude_x,Latitude_y\n\
               SY02,Upper,Inner,Nur,نور,C1,36.5,36.5\nSY02,Upper,Inner,Short,قصير\nSY99,U,I,Odd,غريب,C3,36.5,36.5\n\
               SY02,Upper,Inner,Lost,ضائع,C4,,\n";
    let found = ocha::places(old).unwrap();
    let [record] = &found.records[..] else { panic!("{found:#?}") };
    assert_eq!((record.place.name_ar.as_str(), record.place.pcode.as_deref()), ("نور", Some("C1")));
    assert_eq!(record.place.admin2.as_deref(), Some("Upper"));
    let told: Vec<String> = found.skipped.iter().map(ToString::to_string).collect();
    assert_eq!(told[0], "3: it has 5 columns, 8 are needed");
    assert_eq!(told[1], "4: `SY99` is no governorate's code");
    assert!(told[2].contains("is not a latitude and a longitude"), "{told:?}");

    for (text, told) in [
        ("", "no column for the P-code: one of adm4_pcode, pcode is needed"),
        ("<!DOCTYPE html>\n<html></html>\n", "and it has <!DOCTYPE html>"),
        (HEADER, "it has no rows"),
    ] {
        let error = ocha::places(text).unwrap_err().to_string();
        assert!(error.contains(told), "{error}");
    }
}

#[test]
fn boundaries_become_areas_with_a_point_inside() {
    let text = r#"{"type":"FeatureCollection","features":[
        {"type":"Feature","properties":{"adm2_pcode":"SY0201","adm2_name":"Upper","adm2_name1":"العليا"},
         "geometry":{"type":"Polygon","coordinates":[[[36,36],[37,36],[37,37],[36,36]]]}},
        {"type":"Feature","properties":{"adm2_name":"No code"},"geometry":null}]}"#;
    let found = ocha::boundaries(text, ocha::Level::District).unwrap();
    let place = &found.records[0].place;
    assert_eq!((place.kind, place.admin1.as_str()), (PlaceKind::District, "Aleppo"));
    assert_eq!(found.skipped[0].to_string(), "2: it has no P-code");
    let error = ocha::boundaries("<html>", ocha::Level::District).unwrap_err().to_string();
    assert!(error.contains("not a GeoJSON FeatureCollection"), "{error}");
}

/// A hand-written village that stands in front of what open sources say.
fn by_hand(name_ar: &str, lon: f64) -> Vec<Record> {
    let feature = json!({ "type": "Feature", "geometry": { "type": "Point", "coordinates": [lon, 36.5] },
        "properties": { "id": "hand:nur", "name_ar": name_ar, "name_en": "Nur", "kind": "town",
            "alt_en": ["Noor"], "admin1": "Aleppo", "source": "hand" } });
    let text = json!({ "type": "FeatureCollection", "features": [feature] }).to_string();
    own(&text).unwrap()
}

fn merged(sources: [Vec<Record>; 3]) -> Vec<(String, Vec<String>)> {
    let records = merge::merge(sources).into_iter();
    let told = |record: Record| {
        let place = record.place;
        (place.id.0, place.alt_ar.into_iter().chain(place.alt_en).collect())
    };
    records.map(told).collect()
}

#[test]
fn one_place_of_three_sources_is_one_and_keeps_the_first_names() {
    let names = "1\t9\tar\tتل النور\t\t\t\t\n2\t9\ten\tTell Nur\t\t\t\t\n";
    let open = ocha(&[
        community("C1", "Nour", "نور", 36.52, 36.5),
        community("C2", "Far", "بعيد", 36.9, 36.9),
    ]);
    let dump =
        [row(9, "Nūr", "36.5", "36.51", "PPL", 700), row(8, "Ba`īd", "36.1", "36.1", "PPL", 0)];
    let dump = geonames(&dump.concat(), names).unwrap().records;
    // `تل النور` is another name: the two are one by their English name only if one has no Arabic name.
    let told = merged([by_hand("نور", 36.5), open, dump]);
    let ids: Vec<&str> = told.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(ids, ["hand:nur", "ocha:C2", "gn:9", "gn:8"]);
    assert_eq!(told[0].1, ["Noor", "Nour"]);
}

#[test]
fn an_english_name_joins_two_arabic_ones_only_at_one_spot() {
    let names = "1\t8\tar\tنوور\t\t\t\t\n2\t9\tar\tنوره\t\t\t\t\n";
    let dump =
        [row(8, "Nur", "36.5", "36.505", "PPL", 0), row(9, "Nur", "36.5", "36.53", "PPL", 0)];
    let dump = geonames(&dump.concat(), names).unwrap().records;
    let told = merged([by_hand("نور", 36.5), Vec::new(), dump]);
    assert_eq!(told[0], ("hand:nur".to_owned(), vec!["نوور".to_owned(), "Noor".to_owned()]));
    assert_eq!(told[1].0, "gn:9");
}

#[test]
fn codes_join_what_names_do_not() {
    let mut first = by_hand("نور", 36.5);
    first[0].geonameid = Some(9);
    first[0].place.pcode = Some("C1".to_owned());
    let open = ocha(&[community("C1", "Anwar", "أنوار", 36.52, 36.5)]);
    let dump = geonames(&row(9, "Munawwar", "36.5", "36.51", "PPL", 700), "").unwrap().records;
    let records = merge::merge([first, open, dump]);
    let [record] = &records[..] else { panic!("{records:#?}") };
    assert_eq!(record.place.alt_ar, ["أنوار"]);
    assert_eq!(record.place.alt_en, ["Noor", "Anwar", "Munawwar"]);
    assert_eq!((record.place.kind, record.place.population), (PlaceKind::Town, Some(700)));
    assert_eq!(
        (record.place.source.as_str(), record.place.admin2.as_deref()),
        ("hand", Some("Upper"))
    );
}

#[test]
fn two_codes_are_two_places_and_distance_parts_namesakes() {
    let open = ocha(&[
        community("C1", "Nur", "نور", 36.50, 36.5),
        community("C2", "Nur", "نور", 36.51, 36.5),
        community("C3", "Nur", "نور", 36.70, 36.5),
    ]);
    let ids: Vec<String> =
        merged([Vec::new(), open, Vec::new()]).into_iter().map(|m| m.0).collect();
    assert_eq!(ids, ["ocha:C1", "ocha:C2", "ocha:C3"]);
}

#[test]
fn a_name_from_an_open_source_does_not_hide_a_town() {
    let names = "1\t9\tar\tصغير\t\t\t\t\n2\t9\tar\tنور\t\t\t\t\n3\t9\tar\tآخر\t\t\t\t\n";
    let dump = geonames(&row(9, "Saghir", "36.1", "36.1", "PPL", 0), names).unwrap().records;
    let told = merged([by_hand("نور", 36.5), Vec::new(), dump]);
    assert_eq!(told[1], ("gn:9".to_owned(), vec!["آخر".to_owned()]));
}

#[test]
fn a_road_keeps_its_course_and_its_point() {
    let road = r#"{"type":"FeatureCollection","features":[{"type":"Feature","geometry":
        {"type":"LineString","coordinates":[[36.0,35.8],[36.5,35.8],[37.5,35.8]]},"properties":
        {"id":"r","name_en":"Longroad","kind":"road","point":[36.2,35.81],"source":"invented"}}]}"#;
    let records = own(road).unwrap();
    let text = geojson(&records, &[], "mark");
    assert_eq!(own(&text).unwrap(), records);
    assert_eq!(Some(records[0].place.point), LonLat::new(36.2, 35.81));
}

#[test]
fn what_is_written_is_read_again_with_its_credits() {
    let open = ocha(&[community("C2", "Far", "بعيد", 36.9, 36.9)]);
    let credit = |name: &str, date: &str| Credit {
        name: name.to_owned(),
        url: "https://example.org/".to_owned(),
        licence: "CC BY 4.0; MIT".to_owned(),
        attribution: name.to_owned(),
        date: Some(date.to_owned()),
        places: 1,
        skipped: 0,
    };
    let records = merge::merge([by_hand("نور", 36.5), open]);
    let credits = [credit("One", "2026-01-02"), credit("Two", "2026-03-04")];
    let text = geojson(&records, &credits, "mark");
    let (listed, problems) = Listed::from_geojson(&text).unwrap();
    assert_eq!((problems.len(), listed.places().len()), (0, 2));
    assert_eq!(listed.imprint().date.as_deref(), Some("2026-03-04"));
    assert_eq!(listed.imprint().licence.as_deref(), Some("CC BY 4.0; MIT"));
    let value: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["attribution"], "One; Two");
    assert_eq!(value["counts"], json!({ "places": 2, "own": 1, "open": 1 }));
    assert_eq!(own(&text).unwrap().len(), 1, "what an update added is no place of ours");
    assert_eq!(text, geojson(&records, &credits, "mark"));
}
