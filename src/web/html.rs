//! Plain pages for people who look into the API: no script, one stylesheet.

use std::fmt::{self, Write as _};

use serde_json::Value;

use super::call::Call;
use super::collection::Collection;
use super::items::{address, read};
use super::link::Link;
use super::queryables::Purpose;
use super::selection::Selection;
use crate::model::event::PropertyType;
use crate::store::index::{Extent, Page};

/// Text made harmless between tags and in quoted attributes.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                _ => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

/// Text from outside, in its own direction.
fn outside(text: &str) -> String {
    format!("<bdi>{}</bdi>", Escaped(text))
}

fn anchor(href: &str, text: &str) -> String {
    format!("<a href=\"{}\">{}</a>", Escaped(href), Escaped(text))
}

/// A table row of a heading and ready HTML.
fn described(heading: &str, html: &str) -> String {
    format!("<tr><th scope=\"row\">{}</th><td>{html}</td></tr>\n", Escaped(heading))
}

/// A whole page: the way back, the title, ready HTML, and links to its other forms.
fn page(call: &Call, title: &str, body: &str, links: &[Link]) -> String {
    let mut others = String::new();
    for link in links.iter().filter(|link| link.rel != "self") {
        let text = format!("{} ({})", link.title, link.r#type);
        let (rel, href) = (link.rel, Escaped(&link.href));
        let _ =
            writeln!(others, "<li><a rel=\"{rel}\" href=\"{href}\">{}</a></li>", Escaped(&text));
    }
    let way = [("/?f=html", "Map"), ("/collections?f=html", "Collections"), ("/api?f=html", "API")]
        .map(|(path, name)| anchor(&call.url(path), name))
        .join(" · ");
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title} – rasid</title>\n<link rel=\"icon\" href=\"{icon}\" type=\"image/svg+xml\">\n\
         <link rel=\"stylesheet\" href=\"{css}\">\n</head>\n<body>\n\
         <nav>{way}</nav>\n<main tabindex=\"0\">\n<h1>{title}</h1>\n{body}</main>\n\
         <footer><ul>\n{others}</ul></footer>\n</body>\n</html>\n",
        title = Escaped(title),
        icon = Escaped(&call.url("/favicon.svg")),
        css = Escaped(&call.url("/css/ogc.css")),
    )
}

pub(super) fn conformance(call: &Call, classes: &[&str], links: &[Link]) -> String {
    let list = classes.iter().map(|class| {
        format!(
            "<li>{}</li>
",
            Escaped(class)
        )
    });
    let list = list.collect::<Vec<_>>().concat();
    page(call, "Conformance", &format!("<ul>\n{list}</ul>\n"), links)
}

pub(super) fn collections(call: &Call, links: &[Link]) -> String {
    let rows = Collection::ALL.map(|collection| {
        let at = call.url(&format!("/collections/{}?f=html", collection.id()));
        format!(
            "<tr><td>{}</td><td>{}</td></tr>\n",
            anchor(&at, collection.title()),
            Escaped(collection.description())
        )
    });
    page(call, "Collections", &format!("<table>\n{}</table>\n", rows.concat()), links)
}

pub(super) fn collection(
    call: &Call,
    collection: Collection,
    extent: Extent,
    links: &[Link],
) -> String {
    let at = |rest: &str| call.url(&format!("/collections/{}{rest}?f=html", collection.id()));
    let unknown = || "nothing yet".to_owned();
    let area = extent.bbox.map_or_else(unknown, |[west, south, east, north]| {
        format!("{west}, {south} to {east}, {north} (longitude, latitude)")
    });
    let mut rows = described("area", &area);
    if collection.has_days() {
        let days = extent.days.map_or_else(unknown, |(first, last)| format!("{first} to {last}"));
        rows += &described("days", &days);
    }
    let purposes =
        Purpose::ALL.map(|purpose| anchor(&at(&format!("/{}", purpose.name())), purpose.title()));
    let body = format!(
        "<p>{}</p>\n<p>{} · {}</p>\n<table>\n{rows}</table>\n",
        Escaped(collection.description()),
        anchor(&at("/items"), "features"),
        purposes.join(" · "),
    );
    page(call, collection.title(), &body, links)
}

pub(super) fn properties(
    call: &Call,
    collection: Collection,
    purpose: Purpose,
    links: &[Link],
) -> String {
    let mut rows = String::new();
    for &(name, kind, meaning) in purpose.properties(collection) {
        let allowed = match kind {
            PropertyType::Text => "text".to_owned(),
            PropertyType::Enum(names) => names.join(", "),
            PropertyType::List => "a list of texts".to_owned(),
            PropertyType::Integer => "whole number".to_owned(),
            PropertyType::Real => "number".to_owned(),
            PropertyType::Date => "day, YYYY-MM-DD".to_owned(),
        };
        let _ = writeln!(
            rows,
            "<tr><th scope=\"row\"><code>{name}</code></th><td>{}</td><td>{}</td></tr>",
            Escaped(meaning),
            Escaped(&allowed)
        );
    }
    let title = format!("{}: {}", collection.title(), purpose.title());
    page(call, &title, &format!("<table>\n{rows}</table>\n"), links)
}

pub(super) fn items(
    call: &Call,
    collection: Collection,
    answer: &Page,
    selection: &Selection,
    links: &[Link],
) -> String {
    let columns = selection.columns(collection);
    let heads = columns.iter().map(|name| format!("<th scope=\"col\">{name}</th>"));
    let heads = heads.collect::<Vec<_>>().concat();
    let mut rows = String::new();
    for feature in answer.features() {
        let feature = read(&feature);
        let id = feature.get("id").and_then(Value::as_str).unwrap_or_default();
        let at = format!("{}?f=html", address(&call.base, collection, id));
        let property = |name: &&str| feature.get("properties")?.get(*name);
        let cells = columns
            .iter()
            .map(|name| format!("<td>{}</td>", property(name).map(shown).unwrap_or_default()));
        let cells = cells.collect::<Vec<_>>().concat();
        let _ = writeln!(rows, "<tr><td>{}</td>{cells}</tr>", anchor(&at, id));
    }
    let next = links.iter().find(|link| link.rel == "next");
    let next = next.map(|link| format!("<p>{}</p>\n", anchor(&link.href, "next page")));
    let body = format!(
        "<p>{} of {} features</p>\n<table>\n<tr><th scope=\"col\">id</th>{heads}</tr>\n{rows}</table>\n{}",
        answer.len(),
        answer.matched,
        next.unwrap_or_default()
    );
    page(call, collection.title(), &body, links)
}

/// The answer of `/geocode`: places, perhaps behind the governorate that they lie in.
pub(super) fn found(call: &Call, features: &[Value], links: &[Link]) -> String {
    const COLUMNS: [&str; 7] =
        ["match", "score", "distance_km", "name_en", "name_ar", "kind", "admin1"];
    let heads = COLUMNS.map(|name| format!("<th scope=\"col\">{name}</th>")).concat();
    let mut rows = String::new();
    for feature in features {
        let id = feature.get("id").and_then(Value::as_str).unwrap_or_default();
        let property = |name| feature.get("properties")?.get(name);
        let within = property("match").is_some_and(|how| how == "contains");
        let collection = if within { Collection::Governorates } else { Collection::Places };
        let at = format!("{}?f=html", address(&call.base, collection, id));
        let cells = COLUMNS
            .map(|name| format!("<td>{}</td>", property(name).map(shown).unwrap_or_default()));
        let _ = writeln!(rows, "<tr><td>{}</td>{}</tr>", anchor(&at, id), cells.concat());
    }
    let body = format!(
        "<p>{} found</p>\n<table>\n<tr><th scope=\"col\">id</th>{heads}</tr>\n{rows}</table>\n",
        features.len()
    );
    page(call, "Place search", &body, links)
}

/// The answer of `/sources`: how each source fares.
pub(super) fn sources(call: &Call, sources: &[Value], links: &[Link]) -> String {
    const COLUMNS: [(&str, &[&str]); 8] = [
        ("state", &["/status"]),
        ("last, next read", &["/last_read", "/next_read"]),
        ("articles", &["/articles"]),
        ("events", &["/events"]),
        ("not read", &["/failed"]),
        ("failures", &["/failures"]),
        ("kind", &["/kind"]),
        ("last error, last article", &["/last_error/told", "/last_article/title"]),
    ];
    let heads = COLUMNS.map(|(name, _)| format!("<th scope=\"col\">{name}</th>")).concat();
    let mut rows = String::new();
    for source in sources {
        let text = |at| source.pointer(at).and_then(Value::as_str).unwrap_or_default();
        let (name, address) = (text("/name"), text("/address"));
        let name = match address {
            web if web.starts_with("http") => format!(
                "<a rel=\"noopener nofollow\" href=\"{}\">{}</a>",
                Escaped(web),
                outside(name)
            ),
            _ => outside(name),
        };
        let told = |at: &&str| match source.pointer(at) {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(time)) if at.ends_with("_read") => {
                let plain = time.replace('T', " ").replace('Z', "");
                format!("<p><time datetime=\"{}\">{}</time></p>", Escaped(time), Escaped(&plain))
            }
            Some(value) => format!("<p>{}</p>", shown(value)),
        };
        // On a phone each cell has its heading beside it.
        let cells = COLUMNS.map(|(head, at)| {
            let told: Vec<String> = at.iter().map(told).collect();
            format!("<td data-head=\"{head}\">{}</td>", told.concat())
        });
        let _ = writeln!(rows, "<tr><th scope=\"row\">{name}</th>{}</tr>", cells.concat());
    }
    let count = match sources.len() {
        1 => "1 source".to_owned(),
        more => format!("{more} sources"),
    };
    let body = format!(
        "<p>{count}; times are UTC</p>\n<table class=\"sources\">\n<tr><th scope=\"col\">name</th>{heads}</tr>\n\
         {rows}</table>\n"
    );
    page(call, "Sources", &body, links)
}

pub(super) fn item(
    call: &Call,
    collection: Collection,
    id: &str,
    feature: &Value,
    links: &[Link],
) -> String {
    let mut rows = String::new();
    // The corners of an area would fill the page and tell nobody where it is.
    if let Some([Value::Number(lon), Value::Number(lat)]) = coordinates(feature) {
        rows += &described("longitude, latitude", &format!("{lon}, {lat}"));
    }
    for &(name, ..) in collection.properties() {
        let value = feature.get("properties").and_then(|all| all.get(name));
        if let Some(value) = value.filter(|value| !value.is_null()) {
            rows += &described(name, &shown(value));
        }
    }
    page(call, id, &format!("<table>\n{rows}</table>\n"), links)
}

pub(super) fn api(call: &Call, description: &Value, links: &[Link]) -> String {
    let mut body = String::from(
        "<p>Addresses are read with GET where nothing else is said. Errors are problem documents (RFC 9457).</p>\n",
    );
    let paths = description.get("paths").and_then(Value::as_object);
    let operations = paths.into_iter().flatten().flat_map(|(path, methods)| {
        let methods = methods.as_object().into_iter().flatten();
        methods.map(move |(method, operation)| (path, method, operation))
    });
    for (path, method, operation) in operations {
        let summary = operation.get("summary").and_then(Value::as_str);
        let summary = Escaped(summary.unwrap_or_default());
        let method = if method == "get" { String::new() } else { method.to_uppercase() + " " };
        let _ = writeln!(body, "<h2><code>{method}{}</code></h2>\n<p>{summary}</p>", Escaped(path));
        let mut details = |title: &str, rows: String| {
            if !rows.is_empty() {
                let _ = writeln!(
                    body,
                    "<details><summary>{title}</summary>\n<table>\n{rows}</table></details>"
                );
            }
        };
        let parameters = operation.get("parameters").and_then(Value::as_array);
        let parameters = parameters.into_iter().flatten();
        details("parameters", parameters.map(|one| parameter(description, one)).collect());
        let answers = operation.get("responses").and_then(Value::as_object);
        let answers = answers.into_iter().flatten();
        let rows = answers.map(|(status, one)| described(status, &response(description, one)));
        details("answers", rows.collect());
    }
    page(call, "API", &body, links)
}

/// What a reference of the description stands for.
fn resolved<'a>(description: &'a Value, part: &'a Value) -> &'a Value {
    let target = part.get("$ref").and_then(Value::as_str).and_then(|at| at.strip_prefix('#'));
    target.and_then(|at| description.pointer(at)).unwrap_or(part)
}

fn parameter(description: &Value, parameter: &Value) -> String {
    let parameter = resolved(description, parameter);
    let text = |name: &str| parameter.get(name).and_then(Value::as_str).unwrap_or_default();
    let mut meaning = Escaped(text("description")).to_string();
    if let Some(example) = parameter.get("example") {
        let list =
            |items: &Vec<Value>| items.iter().map(Value::to_string).collect::<Vec<_>>().join(",");
        let written = match example {
            Value::String(text) => text.clone(),
            Value::Array(items) => list(items),
            other => other.to_string(),
        };
        let _ = write!(meaning, "; for example <code>{}</code>", Escaped(&written));
    }
    if let Some(Value::Array(names)) = parameter.pointer("/schema/enum") {
        let names = names.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ");
        let _ = write!(meaning, "; one of {}", Escaped(&names));
    }
    described(text("name"), &meaning)
}

fn response(description: &Value, response: &Value) -> String {
    let response = resolved(description, response);
    let told = response.get("description").and_then(Value::as_str).unwrap_or_default();
    let kinds = response.get("content").and_then(Value::as_object);
    let kinds: Vec<String> = kinds
        .into_iter()
        .flatten()
        .map(|(kind, content)| {
            let schema = content.pointer("/schema/$ref").and_then(Value::as_str);
            let schema = schema.and_then(|at| at.rsplit('/').next()).unwrap_or_default();
            format!("<code>{}</code> {}", Escaped(kind), Escaped(schema))
        })
        .collect();
    format!("{}<br>{}", Escaped(told), kinds.join("<br>"))
}

fn coordinates(feature: &Value) -> Option<&[Value]> {
    feature.pointer("/geometry/coordinates")?.as_array().map(Vec::as_slice)
}

/// A value of a feature as HTML; an address becomes a link.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) if text.starts_with("https://") || text.starts_with("http://") => {
            let text = Escaped(text);
            format!("<a rel=\"noopener nofollow\" href=\"{text}\">{text}</a>")
        }
        Value::String(text) => outside(text),
        Value::Array(items) => items.iter().map(shown).collect::<Vec<_>>().join(", "),
        other => outside(&other.to_string()),
    }
}
