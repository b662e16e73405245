//! An outlet as a source of articles.

use std::collections::{HashSet, VecDeque};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use flate2::read::MultiGzDecoder;
use url::Url;

use super::entry::{self, Document, Entry};
use super::seen::{Seen, mark};
use super::{Feed, Kind, Text};
use crate::acquire::web::{self, Page, Validators};
use crate::acquire::{Error, Meta, Options, Source, article, dates, html, text, words};
use crate::model::article::{Article, Published};
use crate::model::cause::chain;
use crate::model::source::{Position, shown};

/// Sitemaps of an index that are read each time, the newest.
const MOST_SITEMAPS: usize = 5;

/// How often a page that does not come is tried again before the feed has to do.
const MOST_TRIES: u8 = 3;

/// A feed, a sitemap or a page, each of whose articles is read once, and again when it changes.
#[derive(Debug)]
pub struct Outlet {
    feed: Feed,
    options: Options,
    seen: Seen,
}

/// What an outlet has.
pub(super) struct Found {
    pub(super) kind: Kind,
    /// What the feed calls itself.
    pub(super) title: Option<String>,
    pub(super) entries: Vec<Entry>,
    /// The page, where there is but one.
    page: Option<(Page, String)>,
    validators: Validators,
}

impl Outlet {
    /// An outlet of which nothing was read yet. Nothing is asked.
    pub fn new(feed: Feed, options: Options) -> Self {
        Self { feed, options, seen: Seen::default() }
    }

    /// Asks for what there is; `None` if it has not changed.
    pub(super) fn look(&self) -> Result<Option<Found>, Error> {
        let address = &self.feed.address;
        let Some(page) = self.options.web.get(address, &self.seen.validators)? else {
            return Ok(None);
        };
        let validators = page.validators.clone();
        let found = match self.document(&page)? {
            Document::Entries(kind, title, entries) => {
                Found { kind, title, entries, page: None, validators }
            }
            Document::Index(sitemaps) => Found {
                kind: Kind::Sitemap,
                title: None,
                entries: self.of_index(&sitemaps)?,
                page: None,
                // An index may stay the same while its sitemaps change.
                validators: Validators::default(),
            },
            Document::Page(html) => {
                let key = mark(&[page.url.as_str()]);
                let entry = Entry {
                    key,
                    mark: mark(&[&html]),
                    link: Some(page.url.clone()),
                    ..Entry::default()
                };
                let entries = vec![entry];
                Found {
                    kind: Kind::Page,
                    title: None,
                    entries,
                    page: Some((page, html)),
                    validators,
                }
            }
        };
        self.expect(&found)?;
        Ok(Some(found))
    }

    fn document(&self, page: &Page) -> Result<Document, Error> {
        let text = decoded(page, self.options.max_bytes)?;
        entry::read(page, text)
            .map_err(|source| Error::NoFeed { address: web::told(&self.feed.address), source })
    }

    /// Refuses what is not of the kind that was asked for.
    fn expect(&self, found: &Found) -> Result<(), Error> {
        let Some(wanted) = self.feed.kind.filter(|wanted| *wanted != found.kind) else {
            return Ok(());
        };
        let hint = found.page.as_ref().and_then(|(page, html)| announced(page, html));
        Err(Error::Kind {
            address: web::told(&self.feed.address),
            is: found.kind.name(),
            wanted: wanted.name(),
            hint,
        })
    }

    /// The entries of the newest sitemaps of an index. One that does not come costs only its own.
    fn of_index(&self, sitemaps: &[Url]) -> Result<Vec<Entry>, Error> {
        let mut entries = Vec::new();
        let mut failed = Vec::new();
        for sitemap in sitemaps.iter().take(MOST_SITEMAPS) {
            let read = self.options.web.get(sitemap, &Validators::default());
            let read = read.map_err(Error::from).and_then(|page| match page {
                Some(page) => self.document(&page),
                None => Ok(Document::Index(Vec::new())),
            });
            match read {
                Ok(Document::Entries(_, _, more)) => entries.extend(more),
                // An index in an index is allowed to nobody.
                Ok(_) => {}
                Err(error) => failed.push(error),
            }
        }
        entries.truncate(entry::MOST);
        let last = if entries.is_empty() { failed.pop() } else { None };
        for error in &failed {
            tracing::warn!(
                source.name = shown(&self.feed.name.0),
                "a sitemap of its index is left out: {}",
                chain(error)
            );
        }
        last.map_or(Ok(entries), Err)
    }

    /// Reads the article of an entry from its page, or from the feed.
    pub(super) fn read(&self, entry: &Entry, found: &Found) -> Result<Article, Error> {
        if let Some((page, html)) = &found.page {
            return self.on_page(entry, page, html, found);
        }
        let link = entry.link.as_ref().filter(|_| match self.feed.text {
            Text::Auto => !entry.is_whole || self.feed.selectors.text.is_some(),
            Text::Feed => entry.html.is_none(),
            Text::Page => true,
        });
        let Some(link) = link else { return self.in_feed(entry, found) };
        let read = self.options.web.get(link, &Validators::default()).map_err(Error::from);
        read.and_then(|page| {
            // Nothing was asked of it that could be unchanged.
            let page = page.ok_or_else(|| self.no_text())?;
            let html = decoded(&page, self.options.max_bytes)?;
            self.on_page(entry, &page, &html, found)
        })
    }

    fn on_page(
        &self,
        entry: &Entry,
        page: &Page,
        html: &str,
        found: &Found,
    ) -> Result<Article, Error> {
        let path = PathBuf::from(web::told(&page.url));
        let read = html::read_with(&path, html, &self.feed.selectors)?;
        let own = read.meta.url.filter(|url| is_of_site(url, &page.url));
        let meta = Meta { url: own.or_else(|| Some(web::public(&page.url))), ..read.meta };
        // A page tells its zone more often than a feed does, and a feed its headline better.
        let meta = Meta { published: meta.published.or(entry.published), ..meta };
        Ok(self.article(entry, read.text, meta, found))
    }

    /// Makes the article of what the feed itself says.
    pub(super) fn in_feed(&self, entry: &Entry, found: &Found) -> Result<Article, Error> {
        let html = entry.html.as_deref().ok_or_else(|| self.no_text())?;
        let path = web::told(entry.link.as_ref().unwrap_or(&self.feed.address));
        let read = html::read(Path::new(&path), html)?;
        let text = without_trailer(&read.text);
        let url = entry.link.as_ref().map(web::public);
        let meta = Meta { url, published: entry.published, ..Meta::default() };
        Ok(self.article(entry, text, meta, found))
    }

    fn article(&self, entry: &Entry, text: String, meta: Meta, found: &Found) -> Article {
        let known = Meta {
            title: entry.title.clone(),
            publisher: self.feed.publisher.clone(),
            lang: self.feed.language,
            ..Meta::default()
        };
        let named = Meta { publisher: found.title.clone(), ..Meta::default() };
        let meta = known.or(meta).or(named);
        let published = meta.published.and_then(|published| self.believed(published, &meta));
        article(&self.options, text, Meta { published, ..meta })
    }

    /// A time of publication that can be right.
    fn believed(&self, published: Published, meta: &Meta) -> Option<Published> {
        let believed = dates::believed(published, self.options.web.now());
        if believed.is_none() {
            tracing::warn!(
                source.name = shown(&self.feed.name.0),
                article.url = shown(meta.url.as_deref().unwrap_or_default()),
                "published {published}, which is still to come: read without a date"
            );
        }
        believed
    }

    fn no_text(&self) -> Error {
        Error::NoText { address: web::told(&self.feed.address) }
    }
}

impl Source for Outlet {
    fn articles(&mut self) -> Box<dyn Iterator<Item = Result<Article, Error>> + '_> {
        let found = match self.look() {
            Ok(Some(found)) => found,
            Ok(None) => return Box::new(std::iter::empty()),
            Err(error) => return Box::new(std::iter::once(Err(error))),
        };
        let marks = self.seen.marks();
        let is_new = |entry: &&Entry| marks.get(entry.key.as_str()) != Some(&entry.mark.as_str());
        // The oldest first, as they were published.
        let left = found.entries.iter().filter(is_new).cloned().rev().collect();
        Box::new(Reading { outlet: self, found, left, resting: HashSet::new(), all: true })
    }

    fn position(&self) -> Option<Position> {
        self.seen.position()
    }

    fn resume(&mut self, position: &Position) {
        self.seen = Seen::from(position);
    }

    /// As often as the operator wants, but not while its host is left alone.
    fn again(&self) -> Option<Duration> {
        let rest = self.options.web.rest(&self.feed.address).unwrap_or_default();
        Some(self.feed.interval.max(rest))
    }
}

/// The articles of one look at an outlet.
struct Reading<'a> {
    outlet: &'a mut Outlet,
    found: Found,
    left: VecDeque<Entry>,
    /// Hosts that are left alone for now, and whose entries wait for the next time.
    resting: HashSet<String>,
    /// Whether nothing waits.
    all: bool,
}

impl Iterator for Reading<'_> {
    type Item = Result<Article, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        while let Some(entry) = self.left.pop_front() {
            let host = entry.link.as_ref().map(|link| link.origin().ascii_serialization());
            if host.as_ref().is_some_and(|host| self.resting.contains(host)) {
                self.all = false;
                continue;
            }
            let read = self.outlet.read(&entry, &self.found);
            if matches!(read, Err(Error::Web(web::Error::Resting { .. }))) {
                self.resting.extend(host);
            }
            return Some(self.settle(&entry, read));
        }
        self.end();
        None
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, Some(self.left.len()))
    }
}

impl Reading<'_> {
    /// Takes down what became of an entry. What may come later is tried again; what will not is
    /// taken from the feed.
    fn settle(&mut self, entry: &Entry, read: Result<Article, Error>) -> Result<Article, Error> {
        let seen = &mut self.outlet.seen;
        let error = match read {
            Ok(article) => {
                seen.read(&entry.key, &entry.mark);
                return Ok(article);
            }
            Err(error) => error,
        };
        let passes = matches!(&error, Error::Web(error) if error.will_pass());
        let waits = matches!(&error, Error::Web(web::Error::Resting { .. }));
        if waits || (passes && seen.tried(&entry.key) < MOST_TRIES) {
            self.all = false;
            return Err(error);
        }
        seen.read(&entry.key, &entry.mark);
        self.outlet.in_feed(entry, &self.found).map_err(|_less_telling| error)
    }

    fn end(&mut self) {
        let present: HashSet<String> =
            self.found.entries.iter().map(|entry| entry.key.clone()).collect();
        self.outlet.seen.forget(&present);
        // Otherwise the feed would be unchanged, and what waits would never be read.
        let validators = std::mem::take(&mut self.found.validators);
        self.outlet.seen.validators = if self.all { validators } else { Validators::default() };
    }
}

/// What every file packed by gzip begins with.
const PACKED: &[u8] = b"\x1f\x8b";

/// The text of a page, in whatever encoding it came. Sitemaps are often packed as files.
fn decoded(page: &Page, most: u64) -> Result<String, Error> {
    let path = || PathBuf::from(web::told(&page.url));
    let mut unpacked = Vec::new();
    if page.bytes.starts_with(PACKED) {
        MultiGzDecoder::new(page.bytes.as_slice())
            .take(most.saturating_add(1))
            .read_to_end(&mut unpacked)
            .map_err(|source| Error::Unreadable { path: path(), source })?;
        let size = unpacked.len() as u64;
        if size > most {
            return Err(Error::TooLarge { path: path(), size, limit: most });
        }
    }
    let bytes = if unpacked.is_empty() { &page.bytes } else { &unpacked };
    let text = text::decode_as(bytes, page.charset.as_deref())
        .map_err(|why| Error::NotText { path: path(), why })?;
    if text.trim().is_empty() { Err(Error::Empty { path: path() }) } else { Ok(text) }
}

/// Whether an address that a page gives itself is one of its own site. Otherwise any page could
/// pass for another outlet's article.
fn is_of_site(url: &str, page: &Url) -> bool {
    let host = |url: &Url| {
        let host = url.host_str().unwrap_or_default().to_owned();
        let bare =
            ["www.", "m.", "amp.", "mobile."].iter().find_map(|front| host.strip_prefix(front));
        bare.map_or(host.clone(), str::to_owned)
    };
    Url::parse(url).is_ok_and(|url| host(&url) == host(page))
}

/// The feed that a page announces, without the name and the password that it has from the page's
/// address, and without what may be a key of its own.
fn announced(page: &Page, html: &str) -> Option<String> {
    if html::is_tangled(html) {
        return None;
    }
    let document = dom_query::Document::from(html);
    let link = document.select(
        "link[type='application/rss+xml'], link[type='application/atom+xml'], link[type='application/feed+json']",
    );
    let place = link.nodes().first()?.attr("href")?;
    page.url.join(place.trim()).ok().map(|url| shown(&web::public(&url)))
}

/// A text of a feed without the line that says where it appeared first.
fn without_trailer(text: &str) -> String {
    let body = text.rsplit_once("\n\n").filter(|(_, last)| words::begins_with(last, &words::FEEDS));
    body.map_or(text, |(body, _)| body).to_owned()
}
