//! A small invented gazetteer for the tests of this stage.

use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::model::place::{Place, PlaceId};

use super::gazetteer::Gazetteer;

type Row = (&'static str, &'static [&'static str], &'static str, &'static str, f64, f64);

/// Id, names (main Arabic, main English, others), kind, code of the governorate, longitude, latitude.
const PLACES: &[Row] = &[
    ("gov-aleppo", &["حلب", "Aleppo"], "governorate", "SY02", 37.4, 36.15),
    ("gov-raqqa", &["الرقة", "Raqqa"], "governorate", "SY11", 38.9, 36.0),
    ("gov-latakia", &["اللاذقية", "Latakia"], "governorate", "SY06", 36.0, 35.6),
    ("gov-tartus", &["طرطوس", "Tartus"], "governorate", "SY10", 36.1, 34.95),
    ("gov-rural-damascus", &["ريف دمشق", "Rural Damascus"], "governorate", "SY03", 37.4, 33.45),
    ("aleppo", &["حلب", "Aleppo"], "city", "SY02", 37.15, 36.2),
    ("raqqa", &["الرقة", "Raqqa", "Ar-Raqqah"], "city", "SY11", 39.0, 35.95),
    ("latakia", &["اللاذقية", "Latakia"], "city", "SY06", 35.79, 35.52),
    ("tartus", &["طرطوس", "Tartus"], "city", "SY10", 35.88, 34.89),
    ("damascus", &["دمشق", "Damascus"], "city", "SY01", 36.28, 33.52),
    ("bab", &["الباب", "Al-Bab"], "city", "SY02", 37.52, 36.37),
    ("bab-district", &["الباب", "Al-Bab"], "district", "SY02", 37.54, 36.39),
    ("bab-hamlet", &["الباب", "Al-Bab"], "village", "SY11", 38.6, 36.3),
    ("kobani", &["عين العرب", "Ain al-Arab", "كوباني", "Kobani"], "city", "SY02", 38.35, 36.89),
    ("tabqa", &["الطبقة", "Tabqa", "الثورة"], "city", "SY11", 38.55, 35.84),
    ("safyan-raqqa", &["صفيان", "Safyan"], "village", "SY11", 38.53, 35.75),
    ("safyan-aleppo", &["صفيان", "Safyan"], "village", "SY02", 38.0, 36.55),
    ("tineh-latakia", &["عين التينة", "Ain al-Tineh"], "village", "SY06", 36.15, 35.6),
    ("tineh-tartus", &["عين التينة", "Ain al-Tineh"], "village", "SY10", 36.1, 34.95),
    ("sukkari", &["السكري", "Sukkari"], "neighbourhood", "SY02", 37.14, 36.18),
    ("sukkari-village", &["السكري", "Sukkari"], "village", "SY02", 37.9, 36.3),
    ("sirrin", &["صرين", "Sirrin"], "town", "SY02", 38.3, 36.6),
    ("sirrin-airport", &["صرين", "Sirrin"], "airbase", "SY02", 38.27, 36.62),
    ("kafr-nabl", &["كفر نبل", "Kafr Nabl"], "town", "SY07", 36.56, 35.61),
    ("amuda", &["عامودا", "Amuda"], "town", "SY08", 40.93, 37.1),
    ("duma", &["دوما", "Duma"], "city", "SY03", 36.4, 33.57),
    ("jadida-a", &["الجديدة", "Jadida"], "village", "SY02", 37.3, 36.45),
    ("jadida-b", &["الجديدة", "Jadida"], "village", "SY02", 37.9, 35.9),
    ("amuda-hamlet", &["عامودة", "Amudeh"], "village", "SY11", 38.7, 36.2),
    ("afrin", &["عفرين", "Afrin"], "city", "SY02", 36.87, 36.51),
    ("afrin-district", &["منطقة عفرين", "Afrin District"], "district", "SY02", 36.8, 36.56),
    ("far-north", &["البعيدة", "Baida"], "village", "SY11", 38.9, 36.1),
    ("far-east", &["البعيدة", "Baida"], "village", "SY11", 39.9, 35.9),
    ("border-village", &["الحدودية", "Hududiyah"], "village", "SY11", 38.34, 36.62),
    ("ghouta", &["الغوطة", "Al-Ghouta"], "region", "SY03", 36.4, 33.51),
    ("ghouta-hamlet", &["الغوطة", "Ghota"], "village", "SY11", 39.02, 35.9),
    ("m4", &["طريق M4", "M4"], "road", "", 36.9, 35.8),
];

/// The gazetteer of the tests.
pub(super) fn gazetteer() -> &'static Gazetteer {
    static GAZETTEER: LazyLock<Gazetteer> = LazyLock::new(|| {
        let features: Vec<Value> = PLACES.iter().map(feature).collect();
        let text = json!({ "type": "FeatureCollection", "features": features }).to_string();
        let (gazetteer, problems) = Gazetteer::from_geojson(&text).unwrap();
        assert_eq!(problems, []);
        gazetteer
    });
    &GAZETTEER
}

/// One of its places.
pub(super) fn place(id: &str) -> &'static Place {
    gazetteer().place(&PlaceId(id.to_owned())).unwrap()
}

fn feature(row: &Row) -> Value {
    let &(id, names, kind, code, lon, lat) = row;
    let (other_ar, other_en): (Vec<&str>, Vec<&str>) =
        names[2..].iter().partition(|name| !name.is_ascii());
    json!({
        "type": "Feature",
        "geometry": { "type": "Point", "coordinates": [lon, lat] },
        "properties": {
            "id": id, "name_ar": names[0], "name_en": names[1], "alt_ar": other_ar,
            "alt_en": other_en, "kind": kind, "adm1": code, "source": "invented",
        },
    })
}
