//! Which lines are the article's own: a page carries a ticker, a repeated title,
//! a byline and a footer, and none of them is coded.

use std::ops::Range;

use super::Page;
use super::lexicon::Phrases;
use crate::model::text::{TokenKind, is_arabic, key};

/// A part of an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ZoneKind {
    /// Headlines of other articles.
    Ticker,
    /// The article's headline, once or twice.
    Title,
    /// Who wrote it.
    Byline,
    /// The first paragraph.
    Lead,
    /// The other paragraphs.
    Body,
    /// Labels of the page below the article.
    Footer,
}

impl ZoneKind {
    /// Whether events are read in it.
    ///
    /// The headline says what the body says again with more care.
    pub(super) const fn is_read(self) -> bool {
        matches!(self, Self::Lead | Self::Body)
    }

    /// Its name in explanations.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Ticker => "ticker",
            Self::Title => "title",
            Self::Byline => "byline",
            Self::Lead => "lead",
            Self::Body => "body",
            Self::Footer => "footer",
        }
    }
}

/// A line and what it is.
#[derive(Debug, Clone)]
pub(super) struct Zone {
    pub(super) kind: ZoneKind,
    pub(super) tokens: Range<usize>,
}

/// Tells the lines of an article apart, in order.
pub(super) fn zones(page: &Page<'_>) -> Vec<Zone> {
    let lines = lines(page);
    let mut zones = Vec::with_capacity(lines.len());
    let title = page.article.title.as_deref().map(key);
    let posts: Vec<Post> = lines.iter().map(|line| post(page, line)).collect();
    let lines: Vec<Range<usize>> = posts.iter().map(|post| post.text.clone()).collect();
    let body = (0..lines.len()).find(|&at| is_prose(page, &lines, at)).unwrap_or(0);
    let mut ended = false;
    for (at, (tokens, post)) in lines.iter().zip(&posts).enumerate() {
        zones.extend(post.around(post.line.start..tokens.start, ZoneKind::Byline));
        let kind = if ended || begins(page, tokens, &page.lexicon.footers) {
            // A label alone on its line ends the article; with text behind it, it is one line of the page.
            ended = ended || (at > body && tokens.len() <= LABEL);
            ZoneKind::Footer
        } else if at == 0 && lines.len() > 1 && is_ticker(page, tokens) {
            ZoneKind::Ticker
        } else if lines.len() > 1 && title.as_ref().is_some_and(|t| *t == folded(page, tokens)) {
            ZoneKind::Title
        } else if at < body {
            above_body(page, tokens, &zones)
        } else if at > body && (is_heading(page, at, &lines) || is_cut_off(page, tokens)) {
            ZoneKind::Title
        } else if at == body || !zones.iter().any(|z: &Zone| z.kind.is_read()) {
            ZoneKind::Lead
        } else {
            ZoneKind::Body
        };
        zones.push(Zone { kind, tokens: tokens.clone() });
        zones.extend(post.around(tokens.end..post.line.end, ZoneKind::Footer));
        ended |= post.ends;
    }
    zones.retain(|zone| !zone.tokens.is_empty());
    zones
}

/// A line with what the page of a post wrote around its text.
struct Post {
    line: Range<usize>,
    text: Range<usize>,
    /// Only comments follow.
    ends: bool,
}

impl Post {
    fn around(&self, tokens: Range<usize>, kind: ZoneKind) -> Option<Zone> {
        (self.text != self.line && !tokens.is_empty()).then_some(Zone { kind, tokens })
    }
}

/// Finds the text of a line between the labels of a page.
fn post(page: &Page<'_>, line: &Range<usize>) -> Post {
    let labels = &page.lexicon.labels;
    let is_latin = |&at: &usize| page.word(at).starts_with(|c: char| c.is_ascii_alphabetic());
    let latin: Vec<usize> = line.clone().filter(is_latin).collect();
    let ends = latin.iter().rev().find_map(|&at| label_at(page, line, at, &labels.before_text));
    let start = ends.unwrap_or(line.start);
    let starts = |of: &[Vec<String>]| {
        let mut behind = latin.iter().copied().filter(|&at| at >= start);
        behind.find(|&at| label_at(page, line, at, of).is_some())
    };
    let comments = starts(&labels.comments);
    let end = [comments, starts(&labels.after_text)].into_iter().flatten().min();
    let text = start..end.unwrap_or(line.end);
    Post { line: line.clone(), text, ends: comments.is_some() }
}

/// Where a label that stands at a token ends.
fn label_at(
    page: &Page<'_>,
    line: &Range<usize>,
    at: usize,
    labels: &[Vec<String>],
) -> Option<usize> {
    let stands = |label: &&Vec<String>| {
        at + label.len() <= line.end
            && label.iter().zip(at..).all(|(word, token)| page.word(token) == word)
    };
    labels.iter().find(stands).map(|label| at + label.len())
}

/// Labels below an article have at most so many words.
const LABEL: usize = 6;

fn lines(page: &Page<'_>) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let mut start = 0;
    for (at, token) in page.text.tokens.iter().enumerate() {
        if token.kind == TokenKind::Break {
            lines.push(start..at);
            start = at + 1;
        }
    }
    lines.push(start..page.text.tokens.len());
    lines.retain(|line| line.clone().any(|t| page.is(t, TokenKind::Word)));
    lines
}

fn folded(page: &Page<'_>, tokens: &Range<usize>) -> String {
    let mut folded = String::new();
    page.words(tokens).for_each(|word| join(&mut folded, word));
    folded
}

/// A line of sentences: long, or closed by a full stop. Behind the first line, which may be a
/// headline, less is long.
fn is_prose(page: &Page<'_>, lines: &[Range<usize>], at: usize) -> bool {
    let Some(line) = lines.get(at) else { return false };
    let mut ends = line.clone().rev().filter(|&t| !page.is(t, TokenKind::Quote));
    let (last, before) = (ends.next(), ends.next());
    let is_stop =
        |t: Option<usize>| t.is_some_and(|t| matches!(page.word(t), "." | "!" | "؟" | "?"));
    // The first line of a page that ends in `...` is the text again, cut short.
    let is_cut = at == 0 && is_stop(last) && is_stop(before);
    let words = words(page, line);
    let long = if at == 0 { LONG_HEADLINE } else { LONG_LINE };
    !is_ticker(page, line) && ((is_stop(last) && !is_cut && words > LABEL) || words > long)
}

/// A headline has at most so many words.
const LONG_HEADLINE: usize = 30;

/// A line of more words tells something.
const LONG_LINE: usize = 18;

/// A short line without a stop between paragraphs that have one: the title of a section or of another
/// story. In a list of them it may be longer.
fn is_heading(page: &Page<'_>, at: usize, lines: &[Range<usize>]) -> bool {
    let open = |at: usize, most: usize| {
        let short = |line: &Range<usize>| words(page, line) <= most && !is_closed(page, line);
        lines.get(at).is_some_and(short)
    };
    let before = (1..LINKS).take_while(|far| at.checked_sub(*far).is_some_and(|at| open(at, LINK)));
    let after = (1..LINKS).take_while(|far| open(at + far, LINK));
    let is_link = open(at, LINK) && before.count() + 1 + after.count() >= LINKS;
    (open(at, HEADING) || is_link)
        && lines.iter().filter(|line| is_closed(page, line)).nth(1).is_some()
}

/// Whether a line ends as sentences do.
fn is_closed(page: &Page<'_>, line: &Range<usize>) -> bool {
    let last = line.clone().rev().find(|&t| !page.is(t, TokenKind::Quote));
    last.is_some_and(|t| matches!(page.word(t), "." | "!" | "؟" | "?" | ":" | "…"))
}

/// The beginning of another story: it breaks off (`في الميادين...`).
fn is_cut_off(page: &Page<'_>, line: &Range<usize>) -> bool {
    let mut ends = line.clone().rev();
    let mut mark = || ends.next().map(|t| page.word(t));
    let breaks = matches!((mark(), mark()), (Some("…"), _) | (Some("."), Some(".")));
    breaks && words(page, line) <= LONG_HEADLINE
}

fn words(page: &Page<'_>, line: &Range<usize>) -> usize {
    line.clone().filter(|&t| page.is(t, TokenKind::Word)).count()
}

/// A heading has at most so many words.
const HEADING: usize = 12;

/// So many the title of another story in a list of them.
const LINK: usize = 20;

/// So many lines without a stop are a list of titles.
const LINKS: usize = 3;

fn above_body(page: &Page<'_>, tokens: &Range<usize>, before: &[Zone]) -> ZoneKind {
    if tokens.len() <= 2 * LABEL && begins(page, tokens, &page.lexicon.bylines) {
        return ZoneKind::Byline;
    }
    let first = before.iter().all(|z| z.kind == ZoneKind::Ticker);
    let repeated = before
        .iter()
        .any(|z| z.kind == ZoneKind::Title && folded(page, &z.tokens) == folded(page, tokens));
    if first || repeated || tokens.len() > LABEL { ZoneKind::Title } else { ZoneKind::Byline }
}

/// Whether a line begins with a label of the page.
fn begins(page: &Page<'_>, line: &Range<usize>, labels: &Phrases) -> bool {
    let mut label = String::new();
    page.words(line).take(LABEL).any(|word| {
        join(&mut label, word);
        labels.contains(&label)
    })
}

fn join(words: &mut String, word: &str) {
    if !words.is_empty() {
        words.push(' ');
    }
    words.push_str(word);
}

/// Headlines run together: letters joined where a headline ends, tags in brackets, no full stop.
fn is_ticker(page: &Page<'_>, line: &Range<usize>) -> bool {
    let brackets = line.clone().filter(|&t| page.word(t) == "(").count();
    let tags = || {
        let words = folded(page, line);
        let tags = page.lexicon.media.iter().filter(|tag| tag.contains('('));
        tags.map(|tag| words.matches(tag.as_str()).count()).sum::<usize>()
    };
    (brackets >= RUN_ON && tags() >= RUN_ON) || run_ons(page.original(line.clone())) >= RUN_ON
}

/// So many headlines that run into the next are a ticker.
const RUN_ON: usize = 3;

fn run_ons(line: &str) -> usize {
    let ends = line.match_indices(['ة', ')', '”', '»', 'ى']);
    let behind = ends.map(|(at, end)| line.get(at + end.len()..).unwrap_or_default());
    behind.filter(|rest| rest.starts_with(|c| is_arabic(c) && c.is_alphabetic())).count()
}
