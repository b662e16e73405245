//! Sitemaps, those of news among them: <https://www.sitemaps.org/protocol.html>.

use quick_xml::Reader;
use quick_xml::events::Event;
use url::Url;

use super::Kind;
use super::entry::{Document, Entry, MOST};
use super::seen::Mark;
use crate::acquire::dates;
use crate::model::article::Published;

/// What a sitemap may list.
const MOST_LISTED: usize = 50_000;

/// Deeper than anything that sitemaps hold.
const DEEPEST: usize = 64;

/// What a sitemap says of one address.
#[derive(Debug, Default)]
struct Listed {
    place: String,
    title: String,
    published: String,
    changed: String,
}

/// Reads a sitemap or an index of them. Of entities only XML's own are known; nothing is expanded.
pub(super) fn read(base: &Url, text: &str) -> Result<Document, quick_xml::Error> {
    let mut reader = Reader::from_str(text);
    let mut listed: Vec<Listed> = Vec::new();
    let (mut is_index, mut path) = (false, Vec::new());
    loop {
        match reader.read_event()? {
            Event::Start(start) => {
                let name = start.local_name().as_ref().to_owned();
                is_index |= name == "sitemapindex";
                if matches!(name.as_str(), "url" | "sitemap") {
                    listed.push(Listed::default());
                }
                path.push(name);
            }
            Event::End(_) => {
                path.pop();
            }
            Event::Text(text) => {
                put(&mut listed, &path, &text.xml10_content());
            }
            Event::CData(text) => put(&mut listed, &path, &text.xml10_content()),
            Event::GeneralRef(name) => {
                let resolved = match name.resolve_char_ref()? {
                    Some(c) => c.to_string(),
                    None => predefined(&name.xml10_content()).to_owned(),
                };
                put(&mut listed, &path, &resolved);
            }
            Event::Eof => break,
            _ => {}
        }
        if listed.len() > MOST_LISTED || path.len() > DEEPEST {
            break;
        }
    }
    let mut entries: Vec<(Option<Published>, Entry)> =
        listed.iter().filter_map(|listed| entry(base, listed)).collect();
    // Those of which no time is known come last, in the order of the file.
    entries.sort_by_key(|(time, _)| std::cmp::Reverse(time.map(sortable)));
    entries.truncate(MOST);
    let entries = entries.into_iter().map(|(_, entry)| entry);
    Ok(if is_index {
        Document::Index(entries.filter_map(|entry| entry.link).collect())
    } else {
        Document::Entries(Kind::Sitemap, None, entries.collect())
    })
}

fn predefined(name: &str) -> &'static str {
    match name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        _ => "",
    }
}

fn put(listed: &mut [Listed], path: &[String], text: &str) {
    let Some(last) = listed.last_mut() else { return };
    let parent = path.len().checked_sub(2).and_then(|at| path.get(at)).map(String::as_str);
    let place = match (parent, path.last().map(String::as_str)) {
        (Some("url" | "sitemap"), Some("loc")) => &mut last.place,
        (Some("url" | "sitemap"), Some("lastmod")) => &mut last.changed,
        (Some("news"), Some("title")) => &mut last.title,
        (Some("news"), Some("publication_date")) => &mut last.published,
        _ => return,
    };
    place.push_str(text);
}

fn entry(base: &Url, listed: &Listed) -> Option<(Option<Published>, Entry)> {
    let link = base.join(listed.place.trim()).ok()?;
    if listed.place.trim().is_empty() || !matches!(link.scheme(), "http" | "https") {
        return None;
    }
    let published = dates::read(&listed.published);
    let newest = published.or_else(|| dates::read(&listed.changed));
    let title = listed.title.split_whitespace().collect::<Vec<_>>().join(" ");
    let entry = Entry {
        key: Mark::of(&[link.as_str()]),
        mark: Mark::of(&[listed.changed.trim(), &title]),
        link: Some(link),
        title: (!title.is_empty()).then_some(title),
        // A change is no publication: the page tells.
        published,
        ..Entry::default()
    };
    Some((newest, entry))
}

/// A time as one number: its day, and of that the last moment where no hour is known.
fn sortable(published: Published) -> (jiff::civil::Date, i64) {
    match published {
        Published::At(at) => (published.day(), at.as_second()),
        Published::On(day) => (day, i64::MAX),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base() -> Url {
        Url::parse("https://outlet.example/sitemap.xml").unwrap()
    }

    #[test]
    fn a_sitemap_of_news_gives_the_newest_first() {
        let text = "<urlset xmlns='x' xmlns:news='y'>\
            <url><loc>https://outlet.example/old</loc><lastmod>2024-05-01</lastmod></url>\
            <url><loc>https://outlet.example/none</loc></url>\
            <url><loc> /new?a=1&amp;b=2 </loc><news:news><news:publication><news:name>n</news:name></news:publication>\
            <news:publication_date>2024-05-03T10:00:00+03:00</news:publication_date><news:title><![CDATA[قصف &]]> على &#1602;رية</news:title></news:news>\
            <image:image><image:loc>https://outlet.example/a.jpg</image:loc><image:title>x</image:title></image:image></url>\
            <url><loc>javascript:alert(1)</loc></url><url/></urlset>";
        let Document::Entries(Kind::Sitemap, None, entries) = read(&base(), text).unwrap() else {
            panic!("it is one")
        };
        let links: Vec<_> =
            entries.iter().map(|entry| entry.link.as_ref().unwrap().path()).collect();
        assert_eq!(links, ["/new", "/old", "/none"]);
        let new = entries.first().unwrap();
        assert_eq!(new.link.as_ref().unwrap().query(), Some("a=1&b=2"));
        assert_eq!(new.title.as_deref(), Some("قصف & على قرية"));
        assert_eq!(new.published.unwrap().to_string(), "2024-05-03T07:00:00Z");
        assert_eq!(entries.get(1).unwrap().published, None, "a change is no publication");
    }

    #[test]
    fn an_index_gives_sitemaps_the_newest_first() {
        let text = "<?xml version='1.0'?><sitemapindex><sitemap><loc>https://outlet.example/1.xml</loc><lastmod>2023-01-01</lastmod></sitemap>\
            <sitemap><loc>https://outlet.example/2.xml</loc><lastmod>2024-01-01</lastmod></sitemap></sitemapindex>";
        let Document::Index(maps) = read(&base(), text).unwrap() else { panic!("it is one") };
        let paths: Vec<_> = maps.iter().map(Url::path).collect();
        assert_eq!(paths, ["/2.xml", "/1.xml"]);
    }

    #[test]
    fn entities_of_ones_own_say_nothing() {
        let text = "<!DOCTYPE urlset [<!ENTITY a 'evil'>]><urlset><url><loc>https://outlet.example/&a;</loc></url></urlset>";
        let Document::Entries(_, _, entries) = read(&base(), text).unwrap() else {
            panic!("it is one")
        };
        assert_eq!(entries.first().unwrap().link.as_ref().unwrap().path(), "/");
    }
}
