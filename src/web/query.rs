//! The parameters of a search, parsed once into what the store understands.

use std::num::ParseIntError;

use jiff::civil::Date;

use super::call::Call;
use super::collection::Collection;
use super::cql::{self, Language};
use super::crs::Crs;
use super::error::{Error, quoted};
use super::selection::Selection;
use crate::model::event::PropertyType;
use crate::model::filter::Filter;
use crate::model::query::{Cursor, Equals, EventQuery, Limit, SortKey};
use crate::store::fulltext;

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
    let datetime = collection.has_days().then_some("datetime");
    let mut names = vec!["bbox"];
    names.extend(datetime);
    names.extend(["limit", "cursor", "q", "sortby", "properties", "skipGeometry"]);
    names.extend(["crs", "bbox-crs"]);
    names.extend(["filter", "filter-lang", "filter-crs"]);
    names.extend(collection.properties().iter().map(|&(name, ..)| name));
    names
}

/// Reads the parameters of a search.
pub(super) fn parse(call: &Call, collection: Collection) -> Result<Search, Error> {
    call.allow(&names(collection))?;
    let language = language(call)?;
    let [bbox_crs, filter_crs] = [crs(call, "bbox-crs")?, crs(call, "filter-crs")?];
    let mut query = EventQuery::default();
    let mut selection = Selection::whole_in(crs(call, "crs")?);
    let mut outline = None;
    for (name, value) in call.parameters() {
        let bad = |told: String| Error::BadParameter { name: name.to_owned(), told };
        match name {
            "f" | "crs" | "bbox-crs" | "filter-crs" | "filter-lang" => {}
            "filter" => {
                let read = cql::parse(language, filter_crs, value, collection);
                query.filter = Some(read.map_err(bad)?);
            }
            "bbox" => {
                query.bbox = Some(bbox_crs.bbox(value).map_err(bad)?);
                outline = cql::outline(bbox_crs, value).map_err(bad)?;
            }
            "datetime" => query.datetime = Some(value.parse().map_err(|e| bad(format!("{e}")))?),
            "q" => query.words = words(value).map_err(bad)?,
            "limit" => query.limit = limit(value).map_err(bad)?,
            "cursor" => query.after = cursor(value).map_err(bad)?,
            "sortby" => query.sort = sort_keys(collection, value).map_err(bad)?,
            "properties" => selection.select(collection, value).map_err(bad)?,
            "skipGeometry" => selection.skip_geometry(value).map_err(bad)?,
            _ => query.equals.push(equals(collection, name, value).map_err(bad)?),
        }
    }
    // A box that is turned against the longitudes is looked up by the one around it.
    query.filter = Filter::both(outline, query.filter);
    query.bbox = query.bbox.or_else(|| query.filter.as_ref().and_then(Filter::bounds));
    Ok(Search { query, selection })
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

/// A cursor as links carry it.
pub(super) fn print_cursor(Cursor(sequence): Cursor) -> String {
    format!("{sequence:x}")
}

fn cursor(text: &str) -> Result<Cursor, String> {
    // Only what `print_cursor` writes: no sign, no leading zero.
    let read = u64::from_str_radix(text, 16).map(Cursor);
    read.ok().filter(|&cursor| cursor != Cursor(0) && print_cursor(cursor) == text).ok_or_else(
        || format!("`{}` is not a page of ours: follow the `next` links as they are", quoted(text)),
    )
}

fn limit(text: &str) -> Result<Limit, String> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let wish = digits.then(|| text.parse().unwrap_or(usize::MAX));
    wish.and_then(Limit::new).ok_or_else(|| {
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
