//! The parameters of a search, parsed once into what the store understands.

use std::num::ParseIntError;

use jiff::civil::Date;

use super::call::Call;
use super::collection::Collection;
use super::cql::{self, Language};
use super::crs::Crs;
use super::cursor;
use super::error::{Error, quoted};
use super::selection::Selection;
use crate::model::event::PropertyType;
use crate::model::filter::Filter;
use crate::model::query::{Cursor, Equals, EventQuery, Limit, SortKey};
use crate::store::fulltext;
use crate::store::index::Index;

/// The most properties that features are sorted by.
pub(super) const MOST_KEYS: usize = 8;

/// The longest text that is looked for, in characters, and the most words in it.
pub(super) const MOST_TEXT: usize = 200;
const MOST_WORDS: usize = 16;

/// What is asked for, and what of it is given.
#[derive(Debug)]
pub(super) struct Search {
    pub(super) query: EventQuery,
    pub(super) selection: Selection,
}

/// The names of all parameters that a search of the collection takes, `f` apart.
pub(super) fn names(collection: Collection) -> Vec<&'static str> {
    let mut names = vec!["bbox", "datetime"];
    names.extend(["limit", "offset", "cursor", "q", "sortby", "properties", "skipGeometry"]);
    names.extend(["crs", "bbox-crs"]);
    names.extend(["filter", "filter-lang", "filter-crs"]);
    names.extend(collection.properties().iter().map(|&(name, ..)| name));
    names
}

/// Those of them that only say how an answer is paged and written.
const WRITING: [&str; 7] =
    ["limit", "offset", "cursor", "sortby", "properties", "skipGeometry", "crs"];

/// Reads the filters of a search for a resource that has besides them these parameters of its own.
pub(super) fn filters(
    call: &Call,
    collection: Collection,
    own: &[&'static str],
) -> Result<EventQuery, Error> {
    let filters = names(collection).into_iter().filter(|name| !WRITING.contains(name));
    call.allow(&own.iter().copied().chain(filters).collect::<Vec<_>>())?;
    read(call, collection, own).map(|search| search.query)
}

/// Reads the parameters of a search.
pub(super) fn parse(call: &Call, collection: Collection) -> Result<Search, Error> {
    call.allow(&names(collection))?;
    read(call, collection, &[])
}

fn read(call: &Call, collection: Collection, others: &[&str]) -> Result<Search, Error> {
    let language = language(call)?;
    let [bbox_crs, filter_crs] = [crs(call, "bbox-crs")?, crs(call, "filter-crs")?];
    let mut query = EventQuery::default();
    let mut selection = Selection::whole_in(crs(call, "crs")?);
    let mut outline = None;
    for (name, value) in call.parameters() {
        let bad = |told: String| Error::BadParameter { name: name.to_owned(), told };
        match name {
            name if others.contains(&name) => {}
            "f" | "crs" | "bbox-crs" | "filter-crs" | "filter-lang" => {}
            "filter" => {
                let read = cql::parse(language, filter_crs, value, collection);
                query.filter = Some(read.map_err(bad)?);
            }
            "bbox" => {
                query.bbox = Some(bbox_crs.bbox(value).map_err(bad)?);
                outline = cql::outline(bbox_crs, value).map_err(bad)?;
            }
            "datetime" => {
                let asked = value.parse().map_err(|e| bad(format!("{e}")))?;
                // It holds for features that have no days, as the standard has it.
                query.datetime = Some(asked).filter(|_| collection.has_days());
            }
            "q" => query.words = words(value).map_err(bad)?,
            "limit" => query.limit = limit(value).map_err(bad)?,
            "cursor" => query.after = cursor::parse(call, collection, value).map_err(bad)?,
            "offset" => query.offset = offset(value).map_err(bad)?,
            "sortby" => query.sort = sort_keys(collection, value).map_err(bad)?,
            "properties" => selection.select(collection, value).map_err(bad)?,
            "skipGeometry" => selection.skip_geometry(value).map_err(bad)?,
            _ => query.equals.push(equals(collection, name, value).map_err(bad)?),
        }
    }
    // A box that is turned against the longitudes is looked up by the one around it.
    query.filter = Filter::both(outline, query.filter);
    query.bbox = query.bbox.or_else(|| query.filter.as_ref().and_then(Filter::bounds));
    if call.parameter("cursor").and(call.parameter("offset")).is_some() {
        let told = "it cannot be given together with `cursor`: write one of them".to_owned();
        return Err(Error::BadParameter { name: "offset".to_owned(), told });
    }
    Ok(Search { query, selection })
}

/// Refuses to go on behind a feature that is not there.
pub(super) fn is_reachable(index: &Index, query: &EventQuery) -> Result<(), Error> {
    if query.after == Cursor::default() || index.has(query.after) {
        return Ok(());
    }
    let told = "the feature that the page begins behind is not there: begin anew without it";
    Err(Error::BadParameter { name: "cursor".to_owned(), told: told.to_owned() })
}

/// What the filter is written in.
fn language(call: &Call) -> Result<Language, Error> {
    let Some(asked) = call.parameter("filter-lang") else { return Ok(Language::Text) };
    let found = Language::NAMES.iter().find(|(name, _)| *name == asked);
    found.map(|&(_, language)| language).ok_or_else(|| {
        let names = Language::NAMES.map(|(name, _)| name).join(", ");
        let told = format!("`{}` is not known: write one of {names}", quoted(asked));
        Error::BadParameter { name: "filter-lang".to_owned(), told }
    })
}

/// The reference system that a parameter names.
pub(super) fn crs(call: &Call, name: &str) -> Result<Crs, Error> {
    call.parameter(name)
        .map_or(Ok(Crs::default()), Crs::named)
        .map_err(|told| Error::BadParameter { name: name.to_owned(), told })
}

/// A number in plain digits, however large.
fn whole(text: &str) -> Option<usize> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().unwrap_or(usize::MAX))
}

fn offset(text: &str) -> Result<usize, String> {
    whole(text).ok_or_else(|| {
        format!("`{}` is not a number of features: write a whole number from 0", quoted(text))
    })
}

fn limit(text: &str) -> Result<Limit, String> {
    whole(text).and_then(Limit::new).ok_or_else(|| {
        let most = Limit::MOST;
        format!("`{}` is not a limit: write a whole number from 1 to {most}", quoted(text))
    })
}

/// The properties that features can be sorted by.
pub(super) fn sortables(collection: Collection) -> impl Iterator<Item = &'static str> {
    let single = collection.properties().iter().filter(|(_, kind, _)| *kind != PropertyType::List);
    single.map(|&(name, ..)| name)
}

fn sort_keys(collection: Collection, text: &str) -> Result<Vec<SortKey>, String> {
    let keys: Vec<SortKey> =
        text.split(',').map(|part| sort_key(collection, part)).collect::<Result<_, _>>()?;
    if keys.len() > MOST_KEYS {
        return Err(format!("{} properties given: write at most {MOST_KEYS}", keys.len()));
    }
    Ok(keys)
}

fn sort_key(collection: Collection, text: &str) -> Result<SortKey, String> {
    // A plus that was not encoded arrives as a space.
    let text = text.trim();
    let (name, descending) = match text.strip_prefix('-') {
        Some(name) => (name, true),
        None => (text.strip_prefix('+').unwrap_or(text), false),
    };
    if sortables(collection).any(|known| known == name) {
        return Ok(SortKey { property: name.to_owned(), descending });
    }
    let known = sortables(collection).collect::<Vec<_>>().join(", ");
    Err(format!("`{}` cannot be sorted by: write, with + or - before it, {known}", quoted(name)))
}

/// The words that are looked for.
fn words(text: &str) -> Result<Vec<String>, String> {
    let length = text.chars().count();
    if length > MOST_TEXT {
        return Err(format!("{length} characters given: write at most {MOST_TEXT}"));
    }
    let words = fulltext::words(text);
    match words.len() {
        0 => Err(format!("`{}` has no word to look for", quoted(text))),
        1..=MOST_WORDS => Ok(words),
        count => Err(format!("{count} words given: write at most {MOST_WORDS}")),
    }
}

fn equals(collection: Collection, name: &str, value: &str) -> Result<Equals, String> {
    let property = collection.properties().iter().find(|&&(known, ..)| known == name);
    let given = quoted(value);
    let wrong = match property.map(|&(_, kind, _)| kind) {
        Some(PropertyType::Integer) => {
            let read: Result<i64, ParseIntError> = value.parse();
            read.is_err().then(|| format!("`{given}` is not a whole number"))
        }
        Some(PropertyType::Real) => {
            let read = value.parse().ok().filter(|x: &f64| x.is_finite());
            read.is_none().then(|| format!("`{given}` is not a number"))
        }
        Some(PropertyType::Date) => {
            let read: Result<Date, _> = value.parse();
            read.is_err().then(|| format!("`{given}` is not a day: write YYYY-MM-DD"))
        }
        Some(PropertyType::Enum(names)) => (!names.contains(&value))
            .then(|| format!("`{given}` is not one of: {}", names.join(", "))),
        Some(PropertyType::Text | PropertyType::List) | None => None,
    };
    match wrong {
        Some(told) => Err(told),
        None => Ok(Equals { property: name.to_owned(), value: value.to_owned() }),
    }
}
