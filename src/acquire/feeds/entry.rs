//! A feed as a list of entries.

use std::time::SystemTime;

use feed_rs::model::{Entry as Item, Feed as Parsed};
use feed_rs::parser::{Builder, ParseFeedError};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use url::Url;

use super::seen::Mark;
use super::{Kind, sitemap};
use crate::acquire::web::Page;
use crate::acquire::{dates, plain};
use crate::model::article::Published;

/// Entries that are read of one feed or sitemap, the first that it names. Feeds have fifty.
pub(super) const MOST: usize = 2_000;

/// Entries that a feed may have to be parsed at all.
const MOST_PARSED: usize = 20_000;

/// The least characters of a text that is taken for a whole article.
const WHOLE: usize = 600;

/// Nanoseconds that no clock tells, for a day without an hour: the parser of feeds knows instants
/// alone.
const NO_HOUR: i32 = 420_777_013;

/// What an address answers with.
#[derive(Debug)]
pub(super) enum Document {
    /// A feed or a sitemap.
    Entries(Kind, Option<String>, Vec<Entry>),
    /// Addresses of sitemaps, the newest first.
    Index(Vec<Url>),
    /// A page, decoded.
    Page(String),
}

/// One article, as a feed or a sitemap tells of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Entry {
    /// Who it is.
    pub(super) key: Mark,
    /// What changes when it is changed.
    pub(super) mark: Mark,
    /// The page behind it.
    pub(super) link: Option<Url>,
    pub(super) title: Option<String>,
    pub(super) author: Option<String>,
    /// Its text, as HTML.
    pub(super) html: Option<String>,
    /// Whether that was written as its content, not as its summary.
    pub(super) has_content: bool,
    pub(super) published: Option<Published>,
}

/// A feed that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum Unread {
    /// Not what feeds are made of.
    #[error(transparent)]
    Feed(#[from] ParseFeedError),
    /// Nor sitemaps.
    #[error(transparent)]
    Sitemap(#[from] quick_xml::Error),
    /// More than a feed holds, and more memory than it is worth.
    #[error("it has more than {MOST_PARSED} entries")]
    TooMany,
    /// None of all that.
    #[error("it is neither XML, nor JSON, nor HTML")]
    Nothing,
}

/// Reads what an address answers with.
pub(super) fn read(page: &Page, text: String) -> Result<Document, Unread> {
    let start: String = without_declaration(&text).chars().take(2_000).collect();
    let start = start.to_ascii_lowercase();
    match root(&start) {
        "rss" | "feed" | "rdf:rdf" | "rdf" | "{" => feed(page, text),
        "urlset" | "sitemapindex" => Ok(sitemap::read(&page.url, without_declaration(&text))?),
        "html" | "!doctype" | "head" | "body" => Ok(Document::Page(text)),
        _ if start.contains("<html") => Ok(Document::Page(text)),
        "" => Err(Unread::Nothing),
        // Whatever it is, the parser of feeds tells best why it is none.
        _ => feed(page, text),
    }
}

/// What follows the XML declaration: the text is decoded, and what it declares does not hold any more.
fn without_declaration(text: &str) -> &str {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let after = text.strip_prefix("<?xml").and_then(|rest| rest.split_once("?>"));
    after.map_or(text, |(_, rest)| rest.trim_start())
}

/// The name of the first element, `{` for JSON.
fn root(start: &str) -> &str {
    if start.starts_with('{') {
        return "{";
    }
    let mut rest = start;
    while let Some((_, tag)) = rest.split_once('<') {
        let doctype =
            tag.strip_prefix("!doctype").is_some_and(|of| !of.trim_start().starts_with("html"));
        if !doctype && !tag.starts_with(['?', '/']) && !tag.starts_with("!--") {
            let end = tag.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/' | '['));
            return end.and_then(|end| tag.get(..end)).unwrap_or(tag);
        }
        rest = tag;
    }
    ""
}

fn feed(page: &Page, text: String) -> Result<Document, Unread> {
    // A few bytes each, they would become a kilobyte each.
    let items = ["<item", "<entry", "{"].map(|item| text.matches(item).count());
    if items.into_iter().max() > Some(MOST_PARSED) {
        return Err(Unread::TooMany);
    }
    let instant = |text: &str| dates::read(text).and_then(instant).map(Into::into);
    let parser = Builder::new().base_uri(Some(page.url.as_str())).timestamp_parser(instant).build();
    let Parsed { title, entries, .. } = parser.parse(without_declaration(&text).as_bytes())?;
    // The entries have all of it.
    drop(text);
    let entries = entries.into_iter().take(MOST).map(|item| entry(page, item)).collect();
    let title = title.map(|title| plain(&title.content)).filter(|title| !title.is_empty());
    Ok(Document::Entries(Kind::Feed, title, entries))
}

fn entry(page: &Page, item: Item) -> Entry {
    let link = item
        .links
        .iter()
        .find(|link| link.rel.as_deref().is_none_or(|rel| rel == "alternate"))
        .or_else(|| item.links.first())
        .and_then(|link| page.url.join(link.href.trim()).ok())
        .filter(|url| matches!(url.scheme(), "http" | "https"));
    let title = item.title.map(|title| plain(&title.content)).filter(|title| !title.is_empty());
    // Feeds that name nobody give an address of mail, or an empty name.
    let authors = item.authors.iter().filter_map(|person| Some(plain(person.name.as_deref()?)));
    let authors: Vec<String> =
        authors.filter(|name| !name.is_empty() && !name.contains('@')).collect();
    let content = item.content.and_then(|content| content.body);
    let summary = item.summary.map(|summary| summary.content);
    let has_content = content.is_some();
    let html = longer(content, summary).filter(|html| !html.trim().is_empty());
    let first = item.published.and_then(|at| published(at.into()));
    let updated = item.updated.and_then(|at| published(at.into()));
    let changed = updated.map_or(String::new(), |at| at.to_string());
    Entry {
        key: Mark::of(&[&item.id, link.as_ref().map_or("", Url::as_str)]),
        mark: Mark::of(&[&changed, title.as_deref().unwrap_or(""), html.as_deref().unwrap_or("")]),
        link,
        title,
        author: (!authors.is_empty()).then(|| authors.join(", ")),
        html,
        has_content,
        published: first.or(updated),
    }
}

impl Entry {
    /// Whether its text is all of the article. That takes as long as reading it.
    pub(super) fn is_whole(&self) -> bool {
        self.has_content && self.html.as_deref().is_some_and(is_whole)
    }
}

/// A time for the parser, out of which `published` makes it again.
fn instant(published: Published) -> Option<SystemTime> {
    Some(SystemTime::from(match published {
        Published::At(at) => at,
        Published::On(day) => day.at(0, 0, 0, NO_HOUR).to_zoned(TimeZone::UTC).ok()?.timestamp(),
    }))
}

/// A time that went through the parser: a day alone comes out as it went in.
fn published(at: SystemTime) -> Option<Published> {
    let at = Timestamp::try_from(at).ok()?;
    let day = at.to_zoned(TimeZone::UTC).date();
    Some(if at.subsec_nanosecond() == NO_HOUR { Published::On(day) } else { Published::At(at) })
}

fn longer(one: Option<String>, other: Option<String>) -> Option<String> {
    let length = |text: &Option<String>| text.as_ref().map_or(0, String::len);
    if length(&one) >= length(&other) { one } else { other }
}

/// Whether a text is more than the beginning of an article.
fn is_whole(html: &str) -> bool {
    let text = plain(html);
    let end = text.trim_end_matches([']', ')', ' ']);
    text.chars().count() >= WHOLE && !end.ends_with("…") && !end.ends_with("...")
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use proptest::prelude::*;

    use super::*;
    use crate::acquire::web::Validators;

    fn page() -> Page {
        Page {
            url: Url::parse("https://outlet.example/feed").unwrap(),
            bytes: Vec::new(),
            charset: None,
            validators: Validators::default(),
            received: Timestamp::UNIX_EPOCH,
        }
    }

    fn entries(text: &str) -> Vec<Entry> {
        match read(&page(), text.to_owned()).unwrap() {
            Document::Entries(Kind::Feed, _, entries) => entries,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_three_kinds_of_feeds_tell_the_same() {
        let rss = "<?xml version='1.0' encoding='windows-1256'?>\n<!-- x --><rss version='2.0'><channel><title>منبر المثال</title>\
            <item><title>قصف على &lt;b&gt;المثال&lt;/b&gt;</title><link>/a/1</link><guid>7</guid>\
            <pubDate>الجمعة, 3 مايو 2024 14:05:00 +0300</pubDate><description>نص</description></item></channel></rss>";
        let atom = "<feed xmlns='http://www.w3.org/2005/Atom'><title>x</title><id>x</id><updated>2024-05-03T11:05:00Z</updated>\
            <entry><id>7</id><title type='html'>قصف على المثال</title><link href='https://outlet.example/a/1'/>\
            <published>2024-05-03T11:05:00Z</published><updated>2024-05-03T11:05:00Z</updated><summary>نص</summary></entry></feed>";
        let json = r#"{"version":"https://jsonfeed.org/version/1.1","title":"x","items":[{"id":"7","url":"https://outlet.example/a/1",
            "title":"قصف على المثال","content_text":"نص","date_published":"2024-05-03T14:05:00+03:00"}]}"#;
        for text in [rss, atom, json] {
            let entries = entries(text);
            let [entry] = entries.as_slice() else { panic!("{entries:#?}") };
            assert_eq!(
                entry.link.as_ref().unwrap().as_str(),
                "https://outlet.example/a/1",
                "{text}"
            );
            assert_eq!(entry.title.as_deref(), Some("قصف على المثال"), "{text}");
            assert_eq!(entry.published.unwrap().to_string(), "2024-05-03T11:05:00Z", "{text}");
            assert!(entry.html.as_deref().unwrap().contains("نص") && !entry.is_whole(), "{text}");
        }
    }

    #[test]
    fn a_day_without_an_hour_stays_a_day() {
        let rss = |date: &str| {
            format!(
                "<rss version='2.0'><channel><title>x</title><item><guid>7</guid><title>x</title><pubDate>{date}</pubDate></item></channel></rss>"
            )
        };
        let atom = |date: &str| {
            format!(
                "<feed xmlns='http://www.w3.org/2005/Atom'><title>x</title><id>x</id><updated>{date}</updated><entry><id>7</id><title>x</title><updated>{date}</updated></entry></feed>"
            )
        };
        let json = |date: &str| {
            format!(
                r#"{{"version":"https://jsonfeed.org/version/1.1","title":"x","items":[{{"id":"7","content_text":"x","date_published":"{date}"}}]}}"#
            )
        };
        for (date, is) in [
            ("2024-05-03", "2024-05-03"),
            ("الجمعة 3 مايو 2024", "2024-05-03"),
            ("2024-05-03T00:00:00Z", "2024-05-03T00:00:00Z"),
            ("2024-05-03T09:00:00.5+03:00", "2024-05-03T06:00:00.5Z"),
        ] {
            for text in [rss(date), atom(date), json(date)] {
                let published = entries(&text).pop().unwrap().published;
                assert_eq!(published.map(|it| it.to_string()).as_deref(), Some(is), "{text}");
            }
        }
    }

    #[test]
    fn a_title_that_no_parser_may_have_is_none() {
        let deep = "&lt;i&gt;".repeat(200_000);
        let feed = format!(
            "<rss version='2.0'><channel><title>{deep}</title><item><title>{deep}</title><guid>7</guid></item></channel></rss>"
        );
        let Ok(Document::Entries(_, None, entries)) = read(&page(), feed) else { panic!() };
        assert_eq!(entries.first().unwrap().title, None);
    }

    #[test]
    fn a_long_text_without_an_ellipsis_is_whole() {
        let feed = |text: &str| {
            format!(
                "<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel><title>x</title>\
                <item><title>a</title><link>https://outlet.example/1</link><description>نص</description>\
                <content:encoded><![CDATA[<p>{text}</p>]]></content:encoded></item></channel></rss>"
            )
        };
        let long = "قصف على البلدة. ".repeat(50);
        for (text, whole) in
            [(long.clone(), true), (format!("{long} […]"), false), ("نص قصير".to_owned(), false)]
        {
            assert_eq!(entries(&feed(&text)).first().unwrap().is_whole(), whole, "{text}");
        }
    }

    #[test]
    fn an_entry_that_is_changed_has_another_mark_and_the_same_key() {
        let feed = |title: &str| {
            entries(&format!(
                "<rss version='2.0'><channel><title>x</title><item><title>{title}</title><guid>7</guid></item></channel></rss>"
            ))
        };
        let (one, two) = (feed("one").pop().unwrap(), feed("two").pop().unwrap());
        assert_eq!((one.key == two.key, one.mark == two.mark), (true, false));
        assert_eq!(feed("one").pop().unwrap(), one);
    }

    #[test]
    fn entities_of_a_bomb_are_not_expanded() {
        let mut bomb = "<?xml version='1.0'?>\n<!DOCTYPE rss [<!ENTITY a0 'xxxxxxxxxx'>".to_owned();
        for n in 1..12 {
            let inner = format!("&a{};", n - 1).repeat(10);
            write!(bomb, "<!ENTITY a{n} '{inner}'>").unwrap();
        }
        bomb.push_str("]><rss version='2.0'><channel><title>&a11;</title><item><title>&a11;</title><description>&a11;</description></item></channel></rss>");
        let length = match read(&page(), bomb) {
            Ok(Document::Entries(_, title, entries)) => {
                let texts = entries.iter().flat_map(|entry| [&entry.title, &entry.html]);
                texts.chain([&title]).flatten().map(String::len).sum()
            }
            Ok(other) => panic!("{other:?}"),
            Err(_refused) => 0,
        };
        assert!(length < 1_000, "{length}");
    }

    #[test]
    fn a_page_is_told_from_a_feed() {
        for text in [
            "<!DOCTYPE html><p>x",
            "\u{feff} <html>",
            "<?xml version='1.0'?><!DOCTYPE html PUBLIC 'x'><html>",
        ] {
            assert!(matches!(read(&page(), text.to_owned()), Ok(Document::Page(_))), "{text}");
        }
        for text in ["", "نص", "{}", "<a>", "<rss version='2.0'><channel>", "{\"items\": 3}"] {
            assert!(read(&page(), text.to_owned()).is_err(), "{text}");
        }
    }

    /// A feed with an accident in it.
    fn nearly() -> impl Strategy<Value = String> {
        const FEED: &str = "<rss version='2.0'><channel><title>t &amp; &#1602;</title><item><title><![CDATA[<b>x</b>]]></title>\
            <link>https://outlet.example/1</link><pubDate>Fri, 03 May 2024 10:00:00 GMT</pubDate></item></channel></rss>";
        (0..FEED.len(), 0..FEED.len(), "[<>&;/!\\[\\]'\"=a-z0-9ق]{0,6}").prop_map(
            |(from, to, new)| {
                let (from, to) = (from.min(to), from.max(to));
                format!("{}{new}{}", FEED.get(..from).unwrap(), FEED.get(to..).unwrap())
            },
        )
    }

    proptest! {
        #[test]
        fn any_text_is_a_document_or_not(text in "\\PC{0,200}", broken in nearly()) {
            let _ = read(&page(), broken);
            for root in ["", "<rss version='2.0'>", "<feed>", "<urlset>", "<sitemapindex>", "<rdf:RDF>", "{", "<html>"] {
                let _ = read(&page(), format!("{root}{text}"));
            }
        }
    }
}
