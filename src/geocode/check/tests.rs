use serde_json::{Value, json};

use super::*;

/// One square a governorate, 36–37 and 37–38 degrees east.
const BORDERS: &str = r#"{"type":"FeatureCollection","features":[
    {"type":"Feature","properties":{"pcode":"SY02"},"geometry":{"type":"Polygon",
     "coordinates":[[[36,36],[37,36],[37,37],[36,37],[36,36]]]}},
    {"type":"Feature","properties":{"pcode":"SY11"},"geometry":{"type":"Polygon",
     "coordinates":[[[37,36],[38,36],[38,37],[37,37],[37,36]]]}}]}"#;

/// A village of Aleppo governorate; `other` replaces what it names.
fn village(id: &str, name: &str, lon: f64, lat: f64, other: &Value) -> Value {
    let mut properties =
        json!({ "id": id, "name_ar": name, "name_en": id, "kind": "village", "adm1": "SY02" });
    for (key, value) in other.as_object().into_iter().flatten() {
        properties[key] = value.clone();
    }
    let geometry = json!({ "type": "Point", "coordinates": [lon, lat] });
    json!({ "type": "Feature", "geometry": geometry, "properties": properties })
}

fn collection(features: &[Value]) -> String {
    json!({ "type": "FeatureCollection", "features": features }).to_string()
}

fn findings(features: &[Value]) -> Vec<String> {
    let borders = Areas::from_geojson(BORDERS, &["pcode"]).unwrap();
    let (_, findings) = check(&collection(features), &borders).unwrap();
    findings.iter().map(ToString::to_string).collect()
}

fn none() -> Value {
    json!({})
}

#[test]
fn a_sound_file_gives_no_finding() {
    let road = json!({ "kind": "road", "adm1": "SY11" });
    let found = findings(&[
        village("a", "الباب", 36.5, 36.5, &none()),
        village("b", "الباب", 36.6, 36.5, &json!({ "name_en": "b2" })),
        // 2 km over the border of its governorate: within the tolerance.
        village("c", "صرين", 37.02, 36.5, &none()),
        // A road may lie anywhere in the country.
        village("d", "الطريق", 36.2, 36.2, &road),
    ]);
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn what_the_program_refuses_is_a_finding() {
    let found = findings(&[
        village("a", "الباب", 36.5, 36.5, &none()),
        village("a", "صرين", 36.5, 36.8, &none()),
        village("k", "صفيان", 36.5, 36.2, &json!({ "kind": "castle" })),
    ]);
    assert_eq!(found.len(), 2, "{found:#?}");
    assert!(found[0].starts_with("a (a): its id `a` is taken"), "{found:#?}");
    assert!(found[1].contains("its kind `castle` is not one of"), "{found:#?}");
}

#[test]
fn a_point_outside_its_borders_is_told_with_where_it_lies() {
    let found = findings(&[
        village("abroad", "البعيد", 35.5, 36.5, &none()),
        village("moved", "المنقول", 37.5, 36.5, &none()),
    ]);
    assert!(
        found[0]
            .starts_with("abroad (abroad): its point 35.50000, 36.50000 is 44.7 km outside Syria"),
        "{found:#?}"
    );
    assert!(found[1].contains("km outside Aleppo; Raqqa (SY11), or another point"), "{found:#?}");
    assert_eq!(found.len(), 2);
}

#[test]
fn a_name_that_is_not_clean_is_told_with_the_clean_one() {
    for (name, what, right) in [
        ("ال\u{200f}باب", "an invisible character (U+200F)", "`الباب`"),
        ("الب\u{640}اب", "a tatweel (U+0640)", "`الباب`"),
        ("الب\u{64e}اب", "a mark of vowels (U+064E)", "`الباب`"),
        ("تل  رفعت", "two spaces in a row", "`تل رفعت`"),
        ("عفر\u{6cc}ن", "(U+06CC), which Arabic does not write", "`عفرين`"),
        (
            "د\u{6ce}رك",
            "(U+06CE), which Arabic does not write",
            "the letters of its language alone",
        ),
        ("قرية الباب", "begins with the word for what it is", "`الباب`"),
    ] {
        let found = findings(&[village("a", name, 36.5, 36.5, &none())]);
        let [finding] = &found[..] else { panic!("{name}: {found:#?}") };
        assert!(finding.contains(what) && finding.ends_with(right), "{finding}");
    }
    for (name, other) in
        [("مدينة البعث", none()), ("حي", none()), ("قرية الباب", json!({ "kind": "dam" }))]
    {
        assert_eq!(findings(&[village("a", name, 36.5, 36.5, &other)]), Vec::<String>::new());
    }
    let found = findings(&[village(
        "a",
        "الباب",
        36.5,
        36.5,
        &json!({ "alt_en": ["Al\u{200b}Bab", "City of Bab"] }),
    )]);
    assert_eq!(found.len(), 1, "other names are looked at, too: {found:#?}");
}

#[test]
fn two_places_of_one_name_at_one_spot_are_told_once() {
    let found = findings(&[
        village("a", "الباب", 36.5, 36.5, &none()),
        village("b", "الباب", 36.52, 36.5, &json!({ "name_en": "A" })),
        village("base", "الباب", 36.5, 36.5, &json!({ "kind": "airbase" })),
    ]);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].starts_with("a (a): b (A) has the name"), "{found:#?}");
}

#[test]
fn another_name_shall_not_be_that_of_a_better_known_place() {
    let town = village("town", "الباب", 36.5, 36.5, &json!({ "kind": "town" }));
    let shadow = village("v", "الصغيرة", 36.1, 36.1, &json!({ "alt_ar": ["الباب"] }));
    let found = findings(&[town.clone(), shadow]);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].contains("`الباب` is the name of town (town)"), "{found:#?}");

    let elsewhere = json!({ "alt_ar": ["الباب"], "adm1": "SY11" });
    let district = json!({ "alt_ar": ["الباب"], "kind": "district" });
    for other in [elsewhere, district] {
        let place = village("v", "الصغيرة", 37.0, 36.1, &other);
        assert_eq!(findings(&[town.clone(), place]), Vec::<String>::new());
    }
}

#[test]
fn a_point_far_from_all_of_its_name_in_the_reference_is_told() {
    let read = |features: &[Value]| Listed::from_geojson(&collection(features)).unwrap().0;
    let own = read(&[
        village("near", "الباب", 36.5, 36.5, &none()),
        village("far", "صفيان", 36.5, 36.5, &none()),
        village("alone", "الوحيدة", 36.5, 36.5, &none()),
        village("area", "صفيان", 36.0, 36.0, &json!({ "kind": "district" })),
    ]);
    let reference = read(&[
        village("r1", "الباب", 36.9, 36.5, &json!({ "name_en": "R1" })),
        village("r2", "العين", 36.51, 36.5, &json!({ "name_en": "R2", "alt_ar": ["الباب"] })),
        village("r3", "صفيان", 36.6, 36.5, &json!({ "name_en": "R3" })),
        village("r4", "صفيان", 36.5, 36.5, &json!({ "name_en": "R4", "adm1": "SY11" })),
    ]);
    let compared = compare(&own, &reference);
    assert_eq!((compared.found, compared.unknown), (2, 1));
    let [finding] = &compared.findings[..] else { panic!("{compared:#?}") };
    assert_eq!(
        finding.to_string(),
        "far (far): 8.9 km from the nearest place of its name in the reference; r3 (R3) lies at 36.60000, 36.50000 (lon, lat)"
    );
}
