//! What a page says about its article.

use dom_query::{Document, Selection};
use serde_json::Value;

use super::lines;
use crate::acquire::{Meta, dates};
use crate::model::article::Published;

/// Reads the metadata that search engines and social networks read.
///
/// What is wrong counts as not said. The language that a page declares is not
/// read at all: Arabic sites on an English theme declare English, and the
/// letters of the article do not lie.
pub(super) fn of(document: &Document) -> Meta {
    let linked = linked_data(document);
    let publisher = site_name(document)
        .or_else(|| linked.publisher.clone())
        .or_else(|| site_of_title(document));
    Meta {
        title: title(document, publisher.as_deref()),
        author: author(document, &linked),
        url: address(document, &linked),
        published: published(document, &linked),
        publisher,
        trust: None,
        lang: None,
    }
}

/// What stands between a headline and the name of the site.
const SEPARATORS: [&str; 8] = [" - ", " – ", " — ", " | ", " » ", " :: ", " • ", "|"];

fn title(document: &Document, site: Option<&str>) -> Option<String> {
    let heading = text(&document.select("h1"));
    let social = content(document, "meta[property='og:title'], meta[name='og:title']");
    let named = || text(&document.select("head > title"));
    let title = social.or_else(|| heading.clone()).or_else(named)?;
    Some(without_site(&title, site, heading.as_deref()).to_owned())
}

/// Cuts the name of the site off a title.
///
/// A dash alone proves nothing ("shelling in Idlib - five dead"), so what goes
/// must be the site's name, or what stays must be the heading on the page.
fn without_site<'a>(title: &'a str, site: Option<&str>, heading: Option<&str>) -> &'a str {
    let is = |part: &str, known: Option<&str>| known == Some(part.trim());
    SEPARATORS
        .iter()
        .find_map(|separator| {
            let (head, tail) = title.rsplit_once(separator)?;
            if is(tail, site) || is(head, heading) {
                return Some(head.trim());
            }
            let (head, tail) = title.split_once(separator)?;
            (is(head, site) || is(tail, heading)).then(|| tail.trim())
        })
        .unwrap_or(title)
}

/// What the title of a page says behind its headline.
fn site_of_title(document: &Document) -> Option<String> {
    let heading = text(&document.select("h1"))?;
    let title = text(&document.select("head > title"))?;
    let rest = title.strip_prefix(&heading)?.trim_start();
    let site = SEPARATORS.iter().find_map(|separator| rest.strip_prefix(separator.trim()))?.trim();
    let is_name = !site.is_empty() && site.split(' ').count() <= 5 && !site.contains(['|', ':']);
    is_name.then(|| site.to_owned())
}

fn site_name(document: &Document) -> Option<String> {
    let names = document.select("meta[property='og:site_name'], meta[name='og:site_name']");
    all(&names).find(|name| !name.contains("://"))
}

/// Who wrote it, several joined by commas; an address of a profile is no name.
fn author(document: &Document, linked: &Linked) -> Option<String> {
    let metas = document.select(
        "meta[name=author], meta[property='article:author'], meta[name='parsely-author'], \
         meta[name='DC.creator']",
    );
    let mut told = linked.author.iter().cloned().chain(all(&metas));
    told.find(|name| !name.contains("://") && name.chars().count() <= LONGEST_NAME)
}

/// Longer than the names of three people.
const LONGEST_NAME: usize = 120;

/// The address that the page gives itself.
///
/// Some sites name their front page on every page; such an address would make
/// all their articles one.
fn address(document: &Document, linked: &Linked) -> Option<String> {
    let link = document.select("link[rel=canonical]");
    let canonical = link.iter().find_map(|link| link.attr("href"));
    let social = content(document, "meta[property='og:url'], meta[name='og:url']");
    canonical
        .map(|href| href.trim().to_owned())
        .into_iter()
        .chain(social)
        .chain(linked.url.clone())
        .find(|url| is_article_address(url))
}

fn is_article_address(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    rest.and_then(|rest| rest.split_once('/')).is_some_and(|(host, path)| {
        !host.is_empty() && !path.is_empty() && !url.contains(char::is_whitespace)
    })
}

fn published(document: &Document, linked: &Linked) -> Option<Published> {
    // Bare `<time>` elements also show today's date in the header or the date
    // of a related article, so only those count that can be no other.
    let times = document.select(
        "time[itemprop=datePublished], time[pubdate], time.entry-date, time.published, \
         article:has(h1) header time",
    );
    let metas = document.select(
        "meta[property='article:published_time'], meta[name='article:published_time'], \
         meta[itemprop=datePublished], meta[name=pubdate], meta[name=publishdate], \
         meta[name='parsely-pub-date'], meta[name='DC.date.issued']",
    );
    let linked = linked.published.iter().cloned();
    linked
        .chain(all(&metas))
        .chain(times.iter().filter_map(|time| time.attr("datetime")).map(|time| time.to_string()))
        .find_map(|text| date(&text))
        .or_else(|| below_heading(document))
}

/// Lines below a headline among which its date stands.
const NEAR: usize = 6;

/// The day in a line of its own just below the headline. Above it stands today's.
fn below_heading(document: &Document) -> Option<Published> {
    let heading = text(&document.select("h1"))?;
    let lines = lines::of(&document.body()?);
    let at = lines.iter().rposition(|line| line.text == heading)?;
    lines.iter().skip(at + 1).take(NEAR).find_map(|line| dates::publication(&line.text))
}

/// A date as pages write it: in any form, and of what else begins with a day, the day.
fn date(text: &str) -> Option<Published> {
    let text = text.trim();
    dates::read(text).or_else(|| Published::parse(text.get(..10)?).ok())
}

/// What JSON-LD says.
#[derive(Debug, Default)]
struct Linked {
    published: Option<String>,
    author: Option<String>,
    publisher: Option<String>,
    url: Option<String>,
}

fn linked_data(document: &Document) -> Linked {
    let scripts = document.select("script[type='application/ld+json']");
    let blocks: Vec<Value> = scripts
        .iter()
        .filter_map(|script| serde_json::from_str(script.text().trim()).ok())
        .collect();
    let mut objects = Vec::new();
    for block in &blocks {
        flatten(block, &mut objects);
    }
    let Some(article) = objects.iter().find(|object| is_article(object)) else {
        return Linked::default();
    };
    Linked {
        published: string(article.get("datePublished")),
        url: string(article.get("url")),
        author: article.get("author").and_then(|author| names(author, &objects)),
        publisher: article.get("publisher").and_then(|publisher| name(publisher, &objects)),
    }
}

/// The name of an organisation or a person; Yoast puts it beside the article, not into it, and refers to it.
fn name(organisation: &Value, objects: &[&Value]) -> Option<String> {
    let id = organisation.get("@id");
    let same = objects.iter().filter(|object| id.is_some() && object.get("@id") == id);
    string(organisation.get("name"))
        .or_else(|| same.into_iter().find_map(|object| string(object.get("name"))))
        .or_else(|| string(Some(organisation)))
}

/// The names of one or several people.
fn names(people: &Value, objects: &[&Value]) -> Option<String> {
    let list = people.as_array().map_or(std::slice::from_ref(people), Vec::as_slice);
    let names: Vec<String> = list.iter().filter_map(|person| name(person, objects)).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

fn string(value: Option<&Value>) -> Option<String> {
    value.and_then(Value::as_str).map(clean).filter(|text| !text.is_empty())
}

/// The objects of a block, those in lists and graphs included.
fn flatten<'a>(value: &'a Value, objects: &mut Vec<&'a Value>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| flatten(value, objects)),
        Value::Object(fields) => {
            objects.push(value);
            if let Some(graph) = fields.get("@graph") {
                flatten(graph, objects);
            }
        }
        _ => {}
    }
}

fn is_article(object: &Value) -> bool {
    let named = |kind: &Value| {
        kind.as_str().is_some_and(|kind| kind.ends_with("Article") || kind.ends_with("BlogPosting"))
    };
    match object.get("@type") {
        Some(Value::Array(kinds)) => kinds.iter().any(named),
        Some(kind) => named(kind),
        None => false,
    }
}

fn content(document: &Document, selector: &str) -> Option<String> {
    all(&document.select(selector)).next()
}

/// The `content` of meta elements, without the empty ones.
fn all<'a>(metas: &'a Selection<'_>) -> impl Iterator<Item = String> + 'a {
    metas
        .nodes()
        .iter()
        .filter_map(|meta| meta.attr("content"))
        .map(|content| clean(&content))
        .filter(|content| !content.is_empty())
}

/// The text of the first element that has one.
fn text(elements: &Selection<'_>) -> Option<String> {
    elements.nodes().iter().map(|element| clean(&element.text())).find(|text| !text.is_empty())
}

fn clean(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
