//! What features can be written in: which is asked for, which is given, and the bodies of those
//! that are neither JSON nor a page.

use std::convert::Infallible;
use std::io;

use axum::body::Body;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_DISPOSITION;
use axum::response::Response;
use futures_util::stream;

use super::answer::{GEOJSON, HTML};
use super::call::Call;
use super::collection::Collection;
use super::crs::Crs;
use super::error::{Error, quoted};
use super::items::address;
use super::landing::TITLE;
use super::link::Link;
use super::selection::Selection;
use crate::formats::atom::Feed;
use crate::formats::{Layer, atom, csv, flatgeobuf, geojson};

/// What features are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Encoding {
    Json,
    Html,
    Sequence,
    Csv,
    FlatGeobuf,
    Atom,
}

const GEOJSON_SEQ: &str = "application/geo+json-seq";
const FLATGEOBUF: &str = "application/flatgeobuf";
const ATOM: &str = "application/atom+xml";

impl Encoding {
    const ALL: [Self; 6] =
        [Self::Json, Self::Html, Self::Sequence, Self::Csv, Self::FlatGeobuf, Self::Atom];

    /// Those that the features of the collection can be had in.
    pub(super) fn of(collection: Collection) -> impl Iterator<Item = Self> {
        // Only events are news.
        let has = move |one: &Self| *one != Self::Atom || collection == Collection::Events;
        Self::ALL.into_iter().filter(has)
    }

    /// The value of `f`.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Html => "html",
            Self::Sequence => "geojsonseq",
            Self::Csv => "csv",
            Self::FlatGeobuf => "flatgeobuf",
            Self::Atom => "atom",
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Self::Json => "JSON",
            Self::Html => "HTML",
            Self::Sequence => "GeoJSON text sequence",
            Self::Csv => "CSV",
            Self::FlatGeobuf => "FlatGeobuf",
            Self::Atom => "Atom feed",
        }
    }

    /// The type, as links name it.
    pub(super) const fn media_type(self) -> &'static str {
        match self {
            Self::Json => GEOJSON,
            Self::Html => "text/html",
            Self::Sequence => GEOJSON_SEQ,
            Self::Csv => "text/csv",
            Self::FlatGeobuf => FLATGEOBUF,
            Self::Atom => ATOM,
        }
    }

    /// The type, as the header `Content-Type` names it.
    pub(super) const fn content_type(self) -> &'static str {
        match self {
            Self::Html => HTML,
            Self::Csv => "text/csv; charset=utf-8; header=present",
            _ => self.media_type(),
        }
    }

    /// The types that ask for it.
    const fn kinds(self) -> &'static [&'static str] {
        match self {
            Self::Json => &["json"],
            Self::Html => &["text/html", "application/xhtml+xml"],
            Self::Sequence => &[GEOJSON_SEQ],
            Self::Csv => &["text/csv"],
            Self::FlatGeobuf => &[FLATGEOBUF],
            Self::Atom => &[ATOM],
        }
    }

    /// The ending of a file that a browser shall keep rather than show.
    pub(super) const fn ending(self) -> Option<&'static str> {
        match self {
            Self::Json | Self::Html | Self::Atom => None,
            Self::Sequence => Some("geojsons"),
            Self::Csv => Some("csv"),
            Self::FlatGeobuf => Some("fgb"),
        }
    }

    /// What to answer in: `f` decides, then `Accept`; JSON where neither does.
    pub(super) fn wanted(call: &Call, collection: Collection) -> Result<Self, Error> {
        let Some(asked) = call.parameter("f") else { return Ok(Self::accepted(call, collection)) };
        // What many clients call it.
        let asked = if asked == "geojson" { "json" } else { asked };
        Self::of(collection).find(|known| known.name() == asked).ok_or_else(|| {
            let names: Vec<_> = Self::of(collection).map(Self::name).collect();
            let told = format!("`{}` is not a format: write {}", quoted(asked), either(&names));
            Error::BadParameter { name: "f".to_owned(), told }
        })
    }

    fn accepted(call: &Call, collection: Collection) -> Self {
        let wishes = Self::of(collection).filter_map(|known| {
            let wish = call.accept.wish(known.kinds())?;
            // Of two that are named alike the page stands first; of those only covered, JSON.
            let first = if wish.is_exact() { Self::Html } else { Self::Json };
            Some((wish, known == first, known))
        });
        let best = wishes.reduce(
            |best, other| {
                if (other.0, other.1) > (best.0, best.1) { other } else { best }
            },
        );
        best.map_or(Self::Json, |(.., known)| known)
    }

    /// Refuses what this encoding cannot tell.
    pub(super) fn allow(self, selection: &Selection) -> Result<(), Error> {
        if self == Self::Atom && selection.chooses_properties() {
            let told = "a feed tells events in words: leave it out or choose another `f`";
            return Err(Error::BadParameter {
                name: "properties".to_owned(),
                told: told.to_owned(),
            });
        }
        let in_degrees = matches!(self, Self::Csv | Self::FlatGeobuf | Self::Atom);
        if in_degrees && selection.crs != Crs::Crs84 {
            let (name, only) = (self.name(), Crs::Crs84.uri());
            let told =
                format!("`f={name}` has longitude and latitude: leave it out or write {only}");
            return Err(Error::BadParameter { name: "crs".to_owned(), told });
        }
        Ok(())
    }

    /// `self`, and `alternate` for the others that can tell the same.
    pub(super) fn links(
        self,
        call: &Call,
        collection: Collection,
        selection: &Selection,
    ) -> Vec<Link> {
        let this = Link::new(call.own_url.clone(), "self", self.media_type(), "this document");
        let stem = call.url_with("f", "");
        let others = Self::of(collection)
            .filter(|&other| other != self && other.allow(selection).is_ok())
            .map(|other| {
                let title = format!("this document as {}", other.title());
                let address = [&stem, other.name()].concat();
                Link::new(address, "alternate", other.media_type(), &title)
            });
        std::iter::once(this).chain(others).collect()
    }

    /// The features as the body of an answer. Only a feed needs to know what was asked and its links.
    pub(super) fn body(
        self,
        (call, collection): (&Call, Collection),
        features: Vec<String>,
        selection: Selection,
        links: &[Link],
    ) -> Body {
        match self {
            Self::Csv => {
                Body::from_stream(stream::iter(rows(selection.layer(collection), features)))
            }
            Self::FlatGeobuf => made_aside(move || {
                let mut file = Vec::new();
                let layer = selection.layer(collection);
                flatgeobuf::write(&mut file, &layer, features.iter().map(|text| &**text))?;
                Ok(file)
            }),
            Self::Atom => {
                let feed = feed(call, collection, &selection, links);
                made_aside(move || atom::write(&feed, features.iter().map(|text| &**text)))
            }
            Self::Sequence | Self::Json | Self::Html => {
                Body::from_stream(stream::iter(sequence(features, selection)))
            }
        }
    }

    /// Names the file that a browser keeps the answer in.
    pub(super) fn name_file(self, mut response: Response, stem: &str) -> Response {
        let Some(ending) = self.ending() else { return response };
        // Ids may hold what files must not.
        let plain = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' };
        let stem: String = stem.chars().map(plain).collect();
        let named = format!("attachment; filename=\"{stem}.{ending}\"");
        if let Ok(named) = HeaderValue::try_from(named) {
            response.headers_mut().insert(CONTENT_DISPOSITION, named);
        }
        response
    }
}

fn feed(call: &Call, collection: Collection, selection: &Selection, links: &[Link]) -> Feed {
    // The pages of a search are one feed, whatever they begin with and are written in.
    let asked =
        call.parameters().filter(|(name, _)| !["f", "limit", "cursor", "offset"].contains(name));
    let asked: String = asked.flat_map(|(name, value)| ["&", name, "=", value]).collect();
    let links = links.iter().filter(|link| ["self", "alternate", "next"].contains(&link.rel));
    let base = call.base.clone();
    Feed {
        title: format!("{} – {TITLE}", collection.title()),
        of: format!("{}{asked}", call.path),
        links: links.map(|link| (link.rel, link.r#type, link.href.clone())).collect(),
        address: Box::new(move |id| format!("{}?f=html", address(&base, collection, id))),
        geometry: !selection.without_geometry(),
    }
}

/// `a, b or c`.
fn either(names: &[&str]) -> String {
    match names {
        [others @ .., before, last] => {
            let others: String = others.iter().flat_map(|name| [*name, ", "]).collect();
            format!("{others}{before} or {last}")
        }
        _ => names.concat(),
    }
}

/// Bytes that are sent at once.
const CHUNK: usize = 64 * 1024;

/// A table, a chunk of its rows at a time.
fn rows(layer: Layer, features: Vec<String>) -> impl Iterator<Item = io::Result<Vec<u8>>> {
    let mut features = features.into_iter().peekable();
    let mut begun = false;
    std::iter::from_fn(move || {
        if begun && features.peek().is_none() {
            return None;
        }
        let mut table = csv::Table::new(Vec::with_capacity(CHUNK), &layer);
        let mut part = || {
            if !begun {
                table.head()?;
                begun = true;
            }
            let mut bytes = 0;
            while let Some(feature) = features.next_if(|_| bytes < CHUNK) {
                bytes += feature.len();
                table.row(&feature)?;
            }
            Ok(())
        };
        let written = part();
        Some(written.and_then(|()| table.end()))
    })
}

/// A text sequence, a chunk of its records at a time.
fn sequence(
    features: Vec<String>,
    selection: Selection,
) -> impl Iterator<Item = Result<String, Infallible>> {
    let mut features = features.into_iter().peekable();
    std::iter::from_fn(move || {
        features.peek()?;
        let mut chunk = String::with_capacity(CHUNK);
        while let Some(feature) = features.next_if(|_| chunk.len() < CHUNK) {
            chunk.push(geojson::RECORD_SEPARATOR);
            chunk.push_str(&selection.of(&feature));
            chunk.push('\n');
        }
        Some(Ok(chunk))
    })
}

/// A body that is made as a whole, where it keeps nobody waiting, and only if it is asked for.
fn made_aside(make: impl FnOnce() -> io::Result<Vec<u8>> + Send + 'static) -> Body {
    Body::from_stream(stream::once(async {
        tokio::task::spawn_blocking(make).await.map_err(io::Error::other)?
    }))
}
