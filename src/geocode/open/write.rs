//! A merged gazetteer as text: GeoJSON, one feature a line, with whom it is owed to.

use serde_json::{Value, json};

use super::Record;

/// A source as it is credited in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credit {
    /// Its name.
    pub name: String,
    /// Where it is published.
    pub url: String,
    /// The terms that it is given under.
    pub licence: String,
    /// Whom to name.
    pub attribution: String,
    /// The day of the version that was read, if it is known.
    pub date: Option<String>,
    /// Places read.
    pub places: usize,
    /// Rows passed over.
    pub skipped: usize,
}

/// Writes the collection, its foreign members first. The same records give the same bytes.
///
/// `base` marks the places that the others were put under, so that it can be told later whether
/// they are still the same.
pub fn geojson(records: &[Record], credits: &[Credit], base: &str) -> String {
    let mut text = "{\"type\":\"FeatureCollection\"".to_owned();
    for (name, value) in members(records, credits, base) {
        text.extend([",\n\"", name, "\":", &value.to_string()]);
    }
    text.push_str(",\n\"features\":[");
    for (at, record) in records.iter().enumerate() {
        text.push_str(if at == 0 { "\n" } else { ",\n" });
        text.push_str(&feature(record).to_string());
    }
    text.push_str("\n]}\n");
    text
}

fn members(records: &[Record], credits: &[Credit], base: &str) -> Vec<(&'static str, Value)> {
    let own = records.iter().filter(|record| !record.open).count();
    let sources: Vec<Value> = credits.iter().map(source).collect();
    let date = credits.iter().filter_map(|credit| credit.date.as_ref()).max();
    vec![
        ("licence", json!(joined(credits.iter().map(|credit| credit.licence.as_str())))),
        ("attribution", json!(joined(credits.iter().map(|credit| credit.attribution.as_str())))),
        ("date", json!(date)),
        ("base", json!(base)),
        ("sources", json!(sources)),
        ("counts", json!({ "places": records.len(), "own": own, "open": records.len() - own })),
    ]
}

fn source(credit: &Credit) -> Value {
    let Credit { name, url, licence, attribution, date, places, skipped } = credit;
    json!({ "name": name, "url": url, "licence": licence, "attribution": attribution,
        "date": date, "places": places, "skipped": skipped })
}

/// Each part of the texts once, in order; parts stand between semicolons.
fn joined<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let mut each: Vec<&str> = Vec::new();
    for part in texts.flat_map(|text| text.split(';')).map(str::trim) {
        if !part.is_empty() && !each.contains(&part) {
            each.push(part);
        }
    }
    each.join("; ")
}

fn feature(record: &Record) -> Value {
    let place = &record.place;
    let mut properties = json!({
        "id": place.id,
        "name_en": place.name_en,
        "name_ar": place.name_ar,
        "alt_ar": place.alt_ar,
        "alt_en": place.alt_en,
        "kind": place.kind,
        "admin1": text_or_null(&place.admin1),
        "admin1_pcode": text_or_null(&place.admin1_pcode),
        "admin2": place.admin2,
        "admin3": place.admin3,
    });
    let mut set = |name: &str, value: Option<Value>| {
        if let (Some(value), Some(members)) = (value, properties.as_object_mut()) {
            members.insert(name.to_owned(), value);
        }
    };
    set("pcode", place.pcode.as_ref().map(|code| json!(code)));
    set("geonameid", record.geonameid.map(|id| json!(id)));
    set("population", place.population.map(|people| json!(people)));
    set("open", record.open.then(|| json!(true)));
    set("source", Some(json!(place.source)));
    let rounded = |lon: f64, lat: f64| [lon, lat].map(|degrees| (degrees * 1e5).round() / 1e5);
    let at = rounded(place.point.lon(), place.point.lat());
    set("point", record.line.as_ref().map(|_| json!(at)));
    let geometry = match &record.line {
        Some(line) => {
            let course: Vec<[f64; 2]> = line.coords().map(|at| rounded(at.x, at.y)).collect();
            json!({ "type": "LineString", "coordinates": course })
        }
        None => json!({ "type": "Point", "coordinates": at }),
    };
    json!({ "type": "Feature", "id": place.id, "properties": properties, "geometry": geometry })
}

fn text_or_null(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}
