//! An outlet as a source of articles.

use std::collections::HashSet;
use std::io::Read as _;
use std::mem;
use std::path::{Path, PathBuf};
use std::time::Duration;

use flate2::read::MultiGzDecoder;
use url::Url;

use super::desk;
use super::entry::{self, Document, Entry};
use super::seen::{Mark, Seen};
use super::{Feed, Kind, Text};
use crate::acquire::web::{self, Page, Slot, Validators};
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
    /// How often in a row what it sends could not be taken.
    refusals: u32,
}

/// What an outlet has.
pub(super) struct Found {
    pub(super) kind: Kind,
    /// What the feed calls itself.
    pub(super) title: Option<String>,
    /// The newest first.
    pub(super) entries: Vec<Entry>,
    /// The page, where there is but one.
    page: Option<(Page, String)>,
    validators: Validators,
    /// What lets all this be held.
    slot: Slot,
}

impl Outlet {
    /// An outlet of which nothing was read yet. Nothing is asked.
    pub fn new(feed: Feed, options: Options) -> Self {
        Self { feed, options, seen: Seen::default(), refusals: 0 }
    }

    /// Asks for what there is; `None` if it has not changed.
    pub(super) fn look(&self) -> Result<Option<Found>, Error> {
        let address = &self.feed.address;
        let Some((mut page, slot)) = self.options.web.get_held(address, &self.seen.validators)?
        else {
            return Ok(None);
        };
        let validators = mem::take(&mut page.validators);
        let found = match self.document(&mut page)? {
            Document::Entries(kind, title, entries) => {
                Found { kind, title, entries, page: None, validators, slot }
            }
            Document::Index(sitemaps) => {
                // They take slots of their own.
                drop(slot);
                let entries = self.of_index(&sitemaps)?;
                // An index may stay the same while its sitemaps change.
                let (validators, slot) = (Validators::default(), Slot::default());
                Found { kind: Kind::Sitemap, title: None, entries, page: None, validators, slot }
            }
            Document::Page(html) => {
                let key = Mark::of(&[page.url.as_str()]);
                let (mark, link) = (Mark::of(&[&html]), Some(page.url.clone()));
                let entries = vec![Entry { key, mark, link, ..Entry::default() }];
                let page = Some((page, html));
                Found { kind: Kind::Page, title: None, entries, page, validators, slot }
            }
        };
        self.expect(&found)?;
        Ok(Some(found))
    }

    /// What a page is. Its bytes are given up: as a text they are there once more.
    fn document(&self, page: &mut Page) -> Result<Document, Error> {
        let bytes = mem::take(&mut page.bytes);
        let (page, most) = (page.clone(), self.options.max_bytes);
        let address = web::told(&self.feed.address);
        desk::read(bytes.len(), move || {
            let text = decoded(&page, bytes, most)?;
            entry::read(&page, text).map_err(|source| Error::NoFeed { address, source })
        })
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
            let read = self.options.web.get_held(sitemap, &Validators::default());
            let read = read.map_err(Error::from).and_then(|page| match page {
                Some((mut page, _slot)) => self.document(&mut page),
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

    /// The page that an entry is read from; `None` if there is no need of one.
    pub(super) fn page_of<'a>(&self, entry: &'a Entry, found: &Found) -> Option<&'a Url> {
        entry.link.as_ref().filter(|_| match self.feed.text {
            _ if found.page.is_some() => false,
            Text::Auto => self.feed.selectors.text.is_some() || !entry.is_whole(),
            Text::Feed => entry.html.is_none(),
            Text::Page => true,
        })
    }

    /// Reads the article of an entry from its page, or from what was found.
    pub(super) fn read(
        &self,
        entry: &Entry,
        page: Option<&Url>,
        found: &Found,
    ) -> Result<Article, Error> {
        let Some(link) = page else {
            return match &found.page {
                Some((page, html)) => self.on_page(entry, page, html, found),
                None => self.in_feed(entry, found),
            };
        };
        let read = self.options.web.get(link, &Validators::default()).map_err(Error::from);
        read.and_then(|page| {
            // Nothing was asked of it that could be unchanged.
            let mut page = page.ok_or_else(|| self.no_text())?;
            let bytes = mem::take(&mut page.bytes);
            let html = decoded(&page, bytes, self.options.max_bytes)?;
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
            trust: Some(self.feed.trust),
            lang: self.feed.language,
            ..Meta::default()
        };
        let named = Meta {
            author: entry.author.clone(),
            publisher: found.title.clone(),
            ..Meta::default()
        };
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
        let looked = self.look();
        self.refusals = match &looked {
            Ok(_) => 0,
            Err(error) if is_of_host(error) => self.refusals,
            Err(_) => self.refusals.saturating_add(1),
        };
        let mut found = match looked {
            Ok(Some(found)) => found,
            Ok(None) => return Box::new(std::iter::empty()),
            Err(error) => return Box::new(std::iter::once(Err(error))),
        };
        let present = found.entries.iter().map(|entry| entry.key).collect();
        let marks = self.seen.marks();
        found.entries.retain(|entry| marks.get(&entry.key) != Some(&entry.mark));
        Box::new(Reading { outlet: self, found, present, resting: HashSet::new(), all: true })
    }

    fn position(&self) -> Option<Position> {
        self.seen.position()
    }

    fn resume(&mut self, position: &Position) {
        self.seen = Seen::from(position);
    }

    /// As often as the operator wants, but not while its host is left alone, and less and less often
    /// while what it sends cannot be taken.
    fn again(&self) -> Option<Duration> {
        let web = &self.options.web;
        let rest = web.rest(&self.feed.address).unwrap_or_default();
        Some(web.pause(self.feed.interval, self.refusals).max(rest))
    }
}

/// Whether the host is left alone for this anyway.
fn is_of_host(error: &Error) -> bool {
    match error {
        Error::Web(web::Error::Resting { .. }) => true,
        Error::Web(error) => error.is_of_host(),
        _ => false,
    }
}

/// The articles of one look at an outlet.
struct Reading<'a> {
    outlet: &'a mut Outlet,
    /// What was found; of its entries those that are left.
    found: Found,
    /// All entries that it had.
    present: HashSet<Mark>,
    /// Hosts that are left alone for now, and whose entries wait for the next time.
    resting: HashSet<String>,
    /// Whether nothing waits.
    all: bool,
}

impl Iterator for Reading<'_> {
    type Item = Result<Article, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        // The oldest first, as they were published; what is read need not be held any more.
        while let Some(entry) = self.found.entries.pop() {
            let host = entry.link.as_ref().map(|link| link.origin().ascii_serialization());
            if host.as_ref().is_some_and(|host| self.resting.contains(host)) {
                self.all = false;
                continue;
            }
            let page = self.outlet.page_of(&entry, &self.found);
            if page.is_some() {
                // Pages may take hours, and what the feed says besides is short.
                self.found.slot = Slot::default();
            }
            let read = self.outlet.read(&entry, page, &self.found);
            if matches!(read, Err(Error::Web(web::Error::Resting { .. }))) {
                self.resting.extend(host);
            }
            return Some(self.settle(&entry, read));
        }
        self.end();
        None
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, Some(self.found.entries.len()))
    }
}

impl Reading<'_> {
    /// Takes down what became of an entry. What may come later is tried again; what will not is
    /// taken from the feed.
    fn settle(&mut self, entry: &Entry, read: Result<Article, Error>) -> Result<Article, Error> {
        let seen = &mut self.outlet.seen;
        let error = match read {
            Ok(article) => {
                seen.read(entry.key, entry.mark);
                return Ok(article);
            }
            Err(error) => error,
        };
        let passes = matches!(&error, Error::Web(error) if error.will_pass());
        let waits = matches!(&error, Error::Web(web::Error::Resting { .. }));
        if waits || (passes && seen.tried(entry.key) < MOST_TRIES) {
            self.all = false;
            return Err(error);
        }
        seen.read(entry.key, entry.mark);
        self.outlet.in_feed(entry, &self.found).map_err(|_less_telling| error)
    }

    fn end(&mut self) {
        self.outlet.seen.forget(&self.present);
        // Otherwise the feed would be unchanged, and what waits would never be read.
        let validators = mem::take(&mut self.found.validators);
        self.outlet.seen.validators = if self.all { validators } else { Validators::default() };
    }
}

/// What every file packed by gzip begins with.
const PACKED: &[u8] = b"\x1f\x8b";

/// The text of a page that came as these bytes, in whatever encoding. Sitemaps are often packed as
/// files.
fn decoded(page: &Page, mut bytes: Vec<u8>, most: u64) -> Result<String, Error> {
    let path = || PathBuf::from(web::told(&page.url));
    if bytes.starts_with(PACKED) {
        let mut unpacked = Vec::new();
        MultiGzDecoder::new(bytes.as_slice())
            .take(most.saturating_add(1))
            .read_to_end(&mut unpacked)
            .map_err(|source| Error::Unreadable { path: path(), source })?;
        let size = unpacked.len() as u64;
        if size > most {
            return Err(Error::TooLarge { path: path(), size, limit: most });
        }
        bytes = unpacked;
    }
    let text = text::decode_as(&bytes, page.charset.as_deref())
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
    let document = dom_query::Document::from(&*html::parsable(html)?);
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
