//! Atom (RFC 4287) with GeoRSS points: events in words, for a newsroom's feed reader.

use std::collections::BTreeMap;
use std::io;

use atom_syndication::extension::Extension;
use atom_syndication::{Category, Entry, FixedDateTime, Link, Person, Text, WriteConfig};
use sha2::{Digest as _, Sha256};

use super::feature::{Cell, Feature};
use super::invalid;

/// What a feed says of itself.
pub struct Feed {
    /// Its title.
    pub title: String,
    /// What it is a feed of: the same text is the same feed, wherever it is read.
    pub of: String,
    /// Addresses with their relations and types.
    pub links: Vec<(&'static str, &'static str, String)>,
    /// The address of an event by its id.
    pub address: Box<dyn Fn(&str) -> String + Send>,
    /// Whether it tells where the events are.
    pub geometry: bool,
}

impl std::fmt::Debug for Feed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Feed").field("of", &self.of).finish_non_exhaustive()
    }
}

const GEORSS: &str = "http://www.georss.org/georss";

/// Where nobody knows when something was published or happened, the feed says so by this.
const NO_TIME: &str = "1970-01-01T00:00:00Z";

/// Writes a feed of events, in the order given.
pub fn write<'a>(feed: &Feed, events: impl IntoIterator<Item = &'a str>) -> io::Result<Vec<u8>> {
    let entries = events.into_iter().map(|text| entry(feed, &Feature::read(text)?));
    let entries: Vec<Entry> = entries.collect::<io::Result<_>>()?;
    let links = feed.links.iter().map(|(rel, kind, href)| link(rel, Some(kind), href));
    let whole = atom_syndication::Feed {
        title: plain(&feed.title),
        id: urn(&feed.of),
        // The newest entry's, so that it stays while they stay.
        updated: entries.iter().map(|entry| entry.updated).max().unwrap_or_else(no_time),
        authors: vec![Person { name: "rasid".to_owned(), ..Person::default() }],
        links: links.collect(),
        namespaces: BTreeMap::from([("georss".to_owned(), GEORSS.to_owned())]),
        lang: Some("en".to_owned()),
        entries,
        ..atom_syndication::Feed::default()
    };
    let config = WriteConfig { indent_size: Some(1), ..WriteConfig::default() };
    whole.write_with_config(Vec::new(), config).map_err(invalid)
}

fn entry(feed: &Feed, event: &Feature<'_>) -> io::Result<Entry> {
    let published = text(event, "published").and_then(instant);
    let happened = text(event, "event_date").and_then(instant);
    let mut links = vec![link("alternate", Some("text/html"), &(feed.address)(&event.id))];
    let source = text(event, "source_url").filter(|address| is_web(address));
    links.extend(source.map(|address| link("via", None, address)));
    let kinds = ["event_type", "sub_event_type"].into_iter().filter_map(|name| text(event, name));
    let category = |term: &str| Category { term: printable(term), ..Category::default() };
    let author = |name: &str| Person { name: printable(name), ..Person::default() };
    let mut entry = Entry {
        title: plain(&title(event)),
        id: urn(&format!("event {}", event.id)),
        // What does not change by itself: the article's day, or else the event's.
        updated: published.or(happened).unwrap_or_else(no_time),
        published,
        authors: text(event, "source").map(author).into_iter().collect(),
        categories: kinds.map(category).collect(),
        links,
        summary: Some(plain(&summary(event))),
        ..Entry::default()
    };
    if let Some(geo_types::Geometry::Point(at)) = event.geometry()?.filter(|_| feed.geometry) {
        let (name, value) = ("georss:point".to_owned(), format!("{} {}", at.y(), at.x()));
        let point = Extension { name, value: Some(value), ..Extension::default() };
        let points = BTreeMap::from([("point".to_owned(), vec![point])]);
        entry.extensions.insert("georss".to_owned(), points);
    }
    Ok(entry)
}

/// `Armed clash near Saraqib, Idlib – 2022-07-17`.
fn title(event: &Feature<'_>) -> String {
    let what = text(event, "sub_event_type").unwrap_or("Event");
    let relation = match number(event, "geo_precision") {
        Some(2) => "near",
        Some(3) => "in the region of",
        _ => "in",
    };
    let place = text(event, "location");
    let area = text(event, "admin1").filter(|area| Some(*area) != place);
    let place = match (place, area) {
        (Some(place), Some(area)) => format!(" {relation} {place}, {area}"),
        (Some(place), None) => format!(" {relation} {place}"),
        (None, Some(area)) => format!(" somewhere in {area}"),
        (None, None) => ", place not known".to_owned(),
    };
    let day = match (text(event, "event_date"), text(event, "event_date_end")) {
        (Some(first), Some(last)) => format!("{first} to {last}"),
        (Some(day), None) => day.to_owned(),
        (None, _) => "day not known".to_owned(),
    };
    format!("{what}{place} – {day}")
}

/// Sides, tolls, doubt, and the sentence with who publishes it.
fn summary(event: &Feature<'_>) -> String {
    let mut parts = Vec::new();
    match (text(event, "actor1"), text(event, "actor2")) {
        (Some(one), Some(other)) => parts.push(format!("{one} and {other}.")),
        (Some(side), None) | (None, Some(side)) => parts.push(format!("{side}.")),
        (None, None) => {}
    }
    let tolls = [toll(event, "fatalities", "killed"), toll(event, "injured", "injured")];
    let tolls: Vec<String> = tolls.into_iter().flatten().collect();
    if !tolls.is_empty() {
        parts.push(format!("{}.", tolls.join(", ")));
    }
    if text(event, "certainty") == Some("unconfirmed") {
        parts.push("Unconfirmed.".to_owned());
    }
    // Marks around it keep the direction of the quotation to itself.
    parts.extend(text(event, "evidence").map(|words| format!("«\u{2068}{words}\u{2069}»")));
    parts.extend(text(event, "source").map(|source| format!("(\u{2068}{source}\u{2069})")));
    parts.join(" ")
}

/// `3 killed (2 to 5)`; nothing if no figure is known.
fn toll(event: &Feature<'_>, name: &str, what: &str) -> Option<String> {
    let best = number(event, name);
    let [low, high] = ["low", "high"].map(|end| number(event, &format!("{name}_{end}")));
    match (best, low, high) {
        (Some(best), Some(low), Some(high)) if low < high => {
            Some(format!("{best} {what} ({low} to {high})"))
        }
        (Some(best), ..) => Some(format!("{best} {what}")),
        (None, Some(low), _) => Some(format!("at least {low} {what}")),
        (None, None, Some(high)) => Some(format!("at most {high} {what}")),
        (None, None, None) => None,
    }
}

fn text<'a>(event: &'a Feature<'_>, name: &str) -> Option<&'a str> {
    match event.property(name) {
        Cell::Text(text) => Some(text),
        _ => None,
    }
}

fn number(event: &Feature<'_>, name: &str) -> Option<i64> {
    match event.property(name) {
        Cell::Integer(number) => Some(*number),
        _ => None,
    }
}

/// An instant, or the midnight that a day begins with.
fn instant(text: &str) -> Option<FixedDateTime> {
    let midnight = || format!("{text}T00:00:00Z").parse();
    text.parse().or_else(|_no_instant| midnight()).ok()
}

fn no_time() -> FixedDateTime {
    instant(NO_TIME).unwrap_or_default()
}

fn is_web(address: &str) -> bool {
    address.starts_with("https://") || address.starts_with("http://")
}

fn link(rel: &str, kind: Option<&str>, href: &str) -> Link {
    Link {
        rel: rel.to_owned(),
        mime_type: kind.map(str::to_owned),
        href: printable(href),
        ..Link::default()
    }
}

fn plain(text: &str) -> Text {
    Text::plain(printable(text))
}

/// A text without the characters that XML cannot hold.
fn printable(text: &str) -> String {
    let is_lost = |c: char| matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    text.replace(is_lost, "\u{fffd}")
}

/// A name that is the same on every server: a UUID of version 8 (RFC 9562), made of the text's hash.
fn urn(of: &str) -> String {
    let hash = Sha256::digest(of);
    let mut bits = hash.iter().take(16).fold(0_u128, |bits, &byte| (bits << 8) | u128::from(byte));
    // Version and variant.
    bits = bits & !(0xf << 76) | (0x8 << 76);
    bits = bits & !(0b11 << 62) | (0b10 << 62);
    let hex = format!("{bits:032x}");
    let (mut name, mut digits) = ("urn:uuid".to_owned(), hex.as_str());
    for (length, before) in [(8, ':'), (4, '-'), (4, '-'), (4, '-'), (12, '-')] {
        let (part, rest) = digits.split_at_checked(length).unwrap_or((digits, ""));
        name.push(before);
        name.push_str(part);
        digits = rest;
    }
    name
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn feed() -> Feed {
        Feed {
            title: "Events & more".to_owned(),
            of: "events".to_owned(),
            links: vec![("self", "application/atom+xml", "http://example.org/?f=atom".to_owned())],
            address: Box::new(|id| format!("http://example.org/{id}?a=1&b=2")),
            geometry: true,
        }
    }

    fn event(id: &str, words: &str) -> String {
        let properties = json!({
            "event_type": "Battles", "sub_event_type": "Armed clash",
            "event_date": "2022-07-17", "event_date_end": null,
            "actor1": "QSD: Syrian Democratic Forces", "actor2": null,
            "location": "Saraqib", "admin1": "Idlib", "geo_precision": 2,
            "fatalities": 3, "fatalities_low": 2, "fatalities_high": 5, "injured_low": 4,
            "certainty": "unconfirmed", "evidence": words, "source": words,
            "source_url": "https://example.org/1?a=1&b=2", "published": "2022-07-18T06:30:00Z",
        });
        let geometry = json!({ "type": "Point", "coordinates": [36.8, 35.86] });
        json!({ "id": id, "geometry": geometry, "properties": properties }).to_string()
    }

    fn read(bytes: &[u8]) -> feed_rs::model::Feed {
        feed_rs::parser::parse(bytes).unwrap()
    }

    #[test]
    fn a_feed_tells_events_in_words() {
        let bytes = write(&feed(), [event("e1", "قصف <b>").as_str()]).unwrap();
        // No file of ours holds characters that turn the direction of text.
        let told = String::from_utf8(bytes).unwrap();
        insta::assert_snapshot!(told.replace('\u{2068}', "[").replace('\u{2069}', "]"));
    }

    #[test]
    fn what_is_not_known_is_said_or_left_out() {
        let bare =
            json!({ "id": "e", "geometry": null, "properties": { "source_url": "javascript:x" } });
        let bytes = write(&feed(), [bare.to_string().as_str()]).unwrap();
        let told = read(&bytes);
        let entry = &told.entries[0];
        assert_eq!(entry.title.as_ref().unwrap().content, "Event, place not known – day not known");
        assert_eq!(entry.updated.unwrap().to_rfc3339(), "1970-01-01T00:00:00+00:00");
        assert_eq!(entry.links.len(), 1);
        assert!(!String::from_utf8(bytes).unwrap().contains("georss:point"));

        let empty = write(&feed(), []).unwrap();
        assert_eq!(read(&empty).entries.len(), 0);
    }

    #[test]
    fn the_same_is_called_the_same_and_no_two_alike() {
        let names =
            ["a", "b", "a"].map(|id| read(&write(&feed(), [event(id, "").as_str()]).unwrap()));
        let [a, b, again] = names.map(|feed| feed.entries[0].id.clone());
        assert!(a == again && a != b && a.starts_with("urn:uuid:"), "{a}");
        assert_eq!((a.len(), a.get(23..24), a.as_bytes()[28]), (45, Some("8"), a.as_bytes()[28]));
        assert!(matches!(a.as_bytes()[28], b'8' | b'9' | b'a' | b'b'), "{a}");
    }

    proptest! {
        #[test]
        fn any_words_make_a_well_formed_feed(id: String, words: String) {
            let bytes = write(&feed(), [event(&id, &words).as_str()]).unwrap();
            let told = read(&bytes);
            prop_assert_eq!(told.entries.len(), 1);
            prop_assert_eq!(told.entries[0].categories.len(), 2);
        }
    }
}
