//! Which lines are the article's own: a page carries a ticker, a repeated title,
//! a byline and a footer, and none of them is coded.

use std::ops::Range;

use super::Page;
use crate::model::text::{Span, TokenKind, is_arabic, key};

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
    let body = lines.iter().position(|line| is_prose(page, line)).unwrap_or(0);
    let mut ended = false;
    for (at, tokens) in lines.iter().enumerate() {
        let words = folded(page, tokens);
        let kind = if ended || is_footer(page, &words) {
            // A label alone on its line ends the article; with text behind it, it is one line of the page.
            ended = ended || (at > body && tokens.len() <= LABEL);
            ZoneKind::Footer
        } else if at == 0 && lines.len() > 1 && is_ticker(page, tokens) {
            ZoneKind::Ticker
        } else if title.as_deref() == Some(words.as_str()) && lines.len() > 1 {
            ZoneKind::Title
        } else if at < body {
            above_body(page, tokens, &zones, &words)
        } else if at > body && is_heading(page, tokens, &lines) {
            ZoneKind::Title
        } else if at == body || !zones.iter().any(|z: &Zone| z.kind.is_read()) {
            ZoneKind::Lead
        } else {
            ZoneKind::Body
        };
        zones.push(Zone { kind, tokens: tokens.clone() });
    }
    zones
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
    let words: Vec<&str> = tokens.clone().map(|t| page.word(t)).filter(|w| !w.is_empty()).collect();
    words.join(" ")
}

/// A line of sentences: long, or closed by a full stop.
fn is_prose(page: &Page<'_>, line: &Range<usize>) -> bool {
    let ends = line.clone().rev().find(|&t| !page.is(t, TokenKind::Quote));
    let stopped = ends.is_some_and(|t| matches!(page.word(t), "." | "!" | "؟" | "?"));
    let words = line.clone().filter(|&t| page.is(t, TokenKind::Word)).count();
    (stopped && words > LABEL && !is_ticker(page, line)) || (words > 30 && !is_ticker(page, line))
}

/// A short line without a stop between paragraphs that have one: the title of a section or of another story.
fn is_heading(page: &Page<'_>, line: &Range<usize>, lines: &[Range<usize>]) -> bool {
    let stopped = |line: &Range<usize>| {
        let last = line.clone().rev().find(|&t| !page.is(t, TokenKind::Quote));
        last.is_some_and(|t| matches!(page.word(t), "." | "!" | "؟" | "?" | ":" | "…"))
    };
    let words = line.clone().filter(|&t| page.is(t, TokenKind::Word)).count();
    words <= HEADING && !stopped(line) && lines.iter().filter(|l| stopped(l)).count() >= 2
}

/// A heading has at most so many words.
const HEADING: usize = 12;

fn above_body(page: &Page<'_>, tokens: &Range<usize>, before: &[Zone], words: &str) -> ZoneKind {
    let is_byline =
        page.lexicon.bylines.iter().any(|b| words == b || words.starts_with(&format!("{b} ")));
    if is_byline && tokens.len() <= 2 * LABEL {
        return ZoneKind::Byline;
    }
    let first = before.iter().all(|z| z.kind == ZoneKind::Ticker);
    let repeated =
        before.iter().any(|z| z.kind == ZoneKind::Title && folded(page, &z.tokens) == words);
    if first || repeated || tokens.len() > LABEL { ZoneKind::Title } else { ZoneKind::Byline }
}

fn is_footer(page: &Page<'_>, words: &str) -> bool {
    page.lexicon.footers.iter().any(|f| words == f || words.starts_with(&format!("{f} ")))
}

/// Headlines run together: letters joined where a headline ends, tags in brackets, no full stop.
fn is_ticker(page: &Page<'_>, line: &Range<usize>) -> bool {
    let Some(span) = page.text.span(line.clone()) else { return false };
    let tags = page.lexicon.media.iter().filter(|tag| tag.contains('(')).map(|tag| {
        let words = folded(page, line);
        words.matches(tag.as_str()).count()
    });
    run_ons(span, &page.article.text) >= 3 || tags.sum::<usize>() >= 3
}

fn run_ons(line: Span, text: &str) -> usize {
    let letters: Vec<char> = line.of(text).chars().collect();
    letters
        .windows(2)
        .filter(|pair| match pair {
            [a, b] => {
                matches!(a, 'ة' | ')' | '”' | '»' | 'ى') && is_arabic(*b) && b.is_alphabetic()
            }
            _ => false,
        })
        .count()
}
