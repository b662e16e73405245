//! `/geocode`: places by what people write, and what lies at a point.

use std::collections::HashSet;
use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use serde_json::{Map, Value, json};

use super::Site;
use super::answer::{self, GEOJSON, HTML};
use super::call::{Call, Format};
use super::collection::Collection;
use super::error::{Error, quoted};
use super::geocoder::{Known, Meaning, Scored};
use super::governorates::GOVERNORATES;
use super::html;
use super::items::read;
use super::link::Link;
use crate::model::place::PlaceId;
use crate::model::point::LonLat;
use crate::model::text::is_arabic;

/// The longest phrase that is read, in characters.
pub(super) const MOST_CHARACTERS: usize = 200;

/// The most features of one answer, and how many are given when nothing is asked.
pub(super) const LIMITS: (usize, usize) = (50, 10);

/// The parameters, `f` apart.
const NAMES: &[&str] = &["q", "point", "near", "lang", "limit"];

/// What is asked.
struct Query {
    asked: Asked,
    lang: Lang,
    limit: usize,
}

enum Asked {
    Name { phrase: String, near: Option<Known> },
    Point(LonLat),
}

/// The language of `label`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lang {
    Ar,
    En,
}

/// The features that answer, and the one that is meant, if one is.
#[derive(Default)]
struct Found {
    resolved: Option<String>,
    features: Vec<Value>,
}

/// `/geocode`.
pub(super) async fn geocode(State(site): State<Arc<Site>>, call: Call) -> Result<Response, Error> {
    let query = parse(&call, &site)?;
    let format = call.format()?;
    let links = Link::own(&call, format, GEOJSON);
    let Found { resolved, features } = find(&site, &query);
    Ok(match format {
        Format::Json => {
            let body = json!({
                "type": "FeatureCollection",
                "resolved": resolved,
                "numberReturned": features.len(),
                "links": links,
                "features": features,
            });
            answer::json(&call, GEOJSON, &body)
        }
        Format::Html => answer::document(&call, HTML, html::found(&call, &features, &links)),
    })
}

fn parse(call: &Call, site: &Site) -> Result<Query, Error> {
    call.allow(NAMES)?;
    let limit = call.parameter("limit").map_or(Ok(LIMITS.1), limit)?;
    let asked = match (call.parameter("q"), call.parameter("point")) {
        (Some(_), Some(_)) => Err(bad("point", "not together with `q`: ask for one of them")),
        (None, None) => {
            Err(bad("q", "is missing: write a name to look for, or a `point` as lon,lat"))
        }
        (None, Some(_)) if call.parameter("near").is_some() => {
            Err(bad("near", "only together with `q`"))
        }
        (None, Some(text)) => point(text).map(Asked::Point),
        (Some(text), None) => {
            let near = call.parameter("near").map(|near| surroundings(near, site));
            Ok(Asked::Name { phrase: phrase("q", text)?.to_owned(), near: near.transpose()? })
        }
    }?;
    let lang = match call.parameter("lang") {
        None => lang_of(&asked),
        Some("ar") => Lang::Ar,
        Some("en") => Lang::En,
        Some(other) => {
            let told = format!("`{}` is not a language of names: write ar or en", quoted(other));
            return Err(bad("lang", &told));
        }
    };
    Ok(Query { asked, lang, limit })
}

fn bad(name: &str, told: &str) -> Error {
    Error::BadParameter { name: name.to_owned(), told: told.to_owned() }
}

fn phrase<'a>(name: &str, text: &'a str) -> Result<&'a str, Error> {
    let text = text.trim();
    let length = text.chars().count();
    if (1..=MOST_CHARACTERS).contains(&length) {
        return Ok(text);
    }
    Err(bad(name, &format!("{length} characters given: write 1 to {MOST_CHARACTERS}")))
}

fn limit(text: &str) -> Result<usize, Error> {
    let (most, _) = LIMITS;
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse().ok().filter(|number| digits && (1..=most).contains(number));
    number.ok_or_else(|| {
        let given = quoted(text);
        bad("limit", &format!("`{given}` is not a limit: write a whole number from 1 to {most}"))
    })
}

fn point(text: &str) -> Result<LonLat, Error> {
    let at = numbers(text).and_then(|[lon, lat]| LonLat::new(lon, lat));
    at.ok_or_else(|| {
        let given = quoted(text);
        let told = format!(
            "`{given}` is not a point: write lon,lat in degrees, longitude (-180 to 180) first, as 37.95,36.53"
        );
        bad("point", &told)
    })
}

fn numbers(text: &str) -> Option<[f64; 2]> {
    let (lon, lat) = text.split_once(',')?;
    Some([lon.trim().parse().ok()?, lat.trim().parse().ok()?])
}

/// What the place lies near; for a point its name is that of the nearest town.
fn surroundings(text: &str, site: &Site) -> Result<Known, Error> {
    let known = if let Some([lon, lat]) = numbers(text) {
        let at = LonLat::new(lon, lat);
        let town = at.and_then(|at| site.geocoder.town_near(at));
        town.map(|town| Known { name: town.to_owned(), at })
    } else {
        site.geocoder.known(phrase("near", text)?)
    };
    known.ok_or_else(|| {
        let given = quoted(text);
        bad(
            "near",
            &format!("`{given}` is no place that is known: write a name, or lon,lat in degrees"),
        )
    })
}

/// Names are given in the script that they were asked in.
fn lang_of(asked: &Asked) -> Lang {
    match asked {
        Asked::Name { phrase, .. } if phrase.chars().any(is_arabic) => Lang::Ar,
        Asked::Name { .. } | Asked::Point(_) => Lang::En,
    }
}

fn find(site: &Site, query: &Query) -> Found {
    let mut found = match &query.asked {
        Asked::Name { phrase, near } => named(site, phrase, near.as_ref(), query.limit),
        Asked::Point(at) => around(site, *at, query.limit),
    };
    for feature in &mut found.features {
        label(feature, query.lang);
    }
    found
}

/// Places of a lower score are little like the phrase: what begins so is rather meant by somebody
/// who is still typing.
const SURE: f64 = 0.45;

/// As many of those that only sound alike have their room, however many begin so.
const ROOM_FOR_UNSURE: usize = 2;

/// What the phrase means, then what begins so, then what sounds alike.
fn named(site: &Site, phrase: &str, near: Option<&Known>, limit: usize) -> Found {
    let name = near.map(|near| near.name.as_str());
    let Meaning { resolved, candidates } = site.geocoder.meaning(phrase, name);
    let seen: HashSet<PlaceId> = candidates.iter().map(|candidate| candidate.id.clone()).collect();
    let (sure, unsure): (Vec<Scored>, Vec<Scored>) =
        candidates.into_iter().partition(|candidate| candidate.score >= SURE);
    let meant = |Scored { id, point, score, reasons }: Scored| {
        let how = if resolved.as_ref() == Some(&id) { "resolved" } else { "candidate" };
        let score = (score * 100.0).round() / 100.0;
        let more = json!({ "score": score, "reasons": reasons, "match": how });
        let mut feature = place(site, &id, more)?;
        let at = json!({ "type": "Point", "coordinates": [point.lon(), point.lat()] });
        feature.as_object_mut()?.insert("geometry".to_owned(), at);
        Some(feature)
    };
    let room = limit.saturating_sub(sure.len() + unsure.len().min(ROOM_FOR_UNSURE));
    // Those that are there already may come first again.
    let near = near.and_then(|near| near.at);
    let beginning = site.geocoder.beginning(phrase, near, limit + seen.len());
    let beginning = beginning.filter(|(id, ..)| !seen.contains(id)).take(room);
    let begins = |(id, name, within): (&PlaceId, &str, bool)| {
        let what = if within { "a later word of its name" } else { "its name" };
        let reasons = [format!("{what} {name} begins with `{phrase}`")];
        let more = json!({ "score": null, "reasons": reasons, "match": "prefix", "matched": name });
        place(site, id, more)
    };
    let features = sure.into_iter().filter_map(meant);
    let features = features.chain(beginning.filter_map(begins));
    let features = features.chain(unsure.into_iter().filter_map(meant)).take(limit).collect();
    Found { resolved: resolved.as_ref().map(|id| id.0.clone()), features }
}

/// The governorate of a point and the places nearest to it; nothing outside Syria.
fn around(site: &Site, at: LonLat, limit: usize) -> Found {
    let Some(governorate) = GOVERNORATES.at(at) else { return Found::default() };
    let pcode = governorate.pcode.clone();
    let within = json!({ "kind": "governorate", "distance_km": 0, "match": "contains" });
    let within = GOVERNORATES.index.get(&pcode).map(|feature| with(&feature, within));
    let near = site.geocoder.nearest(at, limit.saturating_sub(1)).filter_map(|(id, km)| {
        let km = (km * 10.0).round() / 10.0;
        place(site, id, json!({ "distance_km": km, "match": "nearest" }))
    });
    Found { resolved: Some(pcode), features: within.into_iter().chain(near).collect() }
}

fn place(site: &Site, id: &PlaceId, more: Value) -> Option<Value> {
    Collection::Places.feature(site, &id.0).map(|feature| with(&feature, more))
}

/// A stored feature with more properties.
fn with(feature: &str, more: Value) -> Value {
    let mut feature = read(feature);
    if let (Some(properties), Value::Object(more)) = (properties(&mut feature), more) {
        properties.extend(more);
    }
    feature
}

fn properties(feature: &mut Value) -> Option<&mut Map<String, Value>> {
    feature.get_mut("properties")?.as_object_mut()
}

/// Adds the name in the language that was asked for, or in the other if it has none there.
fn label(feature: &mut Value, lang: Lang) {
    let Some(properties) = properties(feature) else { return };
    let order = match lang {
        Lang::Ar => ["name_ar", "name_en"],
        Lang::En => ["name_en", "name_ar"],
    };
    let names = order.iter().filter_map(|name| properties.get(*name)?.as_str());
    let name = names.filter(|name| !name.is_empty()).map(Value::from).next();
    properties.insert("label".to_owned(), name.unwrap_or_default());
}
