//! An article becomes reports: claims with their evidence, not yet on the map.
//!
//! Pure: text, lexicon and place names come in as arguments, and the same input
//! gives the same bytes. The steps, in the order of the data:
//! [`lexicon`] words found → [`zone`] parts of the article → [`sentence`] clauses →
//! [`shadow`], [`certainty`] what is no event → [`party`], [`kind`] which type → [`actor`], [`toponym`],
//! [`toll`], [`date`] its arguments → [`claim`] one report a clause → [`repeat`] told once.

mod actor;
mod again;
mod bearer;
mod by_token;
mod capital;
mod certainty;
mod claim;
mod date;
mod digest;
mod fate;
mod forms;
mod group;
mod hit;
mod kind;
pub mod lexicon;
mod number;
mod owner;
mod party;
mod phrasebook;
mod repeat;
mod run_on;
mod scene;
mod sentence;
mod shadow;
mod sides;
mod speech;
mod toll;
mod toponym;
mod zone;

pub use lexicon::{Lexicon, LexiconError};
pub use toponym::{Toponyms, read_place};

use crate::model::article::Article;
use crate::model::report::{Extraction, Finding};
use crate::model::text::{Text, TokenKind};
use by_token::ByToken;
use zone::{Zone, ZoneKind};

/// Reads an article. Never fails: what hinders the reading is told in [`Extraction::problems`].
///
/// Linear in the length of the text.
pub fn extract(article: &Article, lexicon: &Lexicon, toponyms: &Toponyms) -> Extraction {
    let (text, names) = run_on::read(&article.text, lexicon, toponyms);
    let mut page = Page {
        article,
        text: &text,
        lexicon,
        hits: ByToken::new(lexicon.scan(&text)),
        names: ByToken::new(names),
        published: article.published.map(crate::model::article::Published::day),
        digest: digest::Digest::default(),
    };
    let zones = zone::zones(&page);
    page.digest = digest::Digest::read(&page, &zones);
    let mut reading = Reading::default();
    for (paragraph, zone) in zones.iter().enumerate() {
        if zone.kind.is_read() {
            reading.read(&page, zone, paragraph);
        } else {
            reading.findings.extend(unread(&page, zone));
        }
    }
    // The headline says again what the body says with more care; alone, it is all there is.
    if reading.draft.is_empty() {
        reading.findings.retain(|finding| finding.zone != ZoneKind::Title.as_str());
        for (paragraph, zone) in zones.iter().enumerate().filter(|(_, z)| z.kind == ZoneKind::Title)
        {
            reading.read(&page, zone, paragraph);
        }
    }
    let Reading { draft, findings, .. } = reading;
    let problems = problems(article, &text);
    Extraction {
        reports: draft.into_reports(),
        company: toponym::company(&page, &zones),
        problems,
        findings,
    }
}

/// What was read of an article so far.
#[derive(Default)]
struct Reading {
    draft: repeat::Draft,
    findings: Vec<Finding>,
    /// Who spoke last: a speaker goes on over paragraphs (`وأضاف`).
    speaker: Option<speech::Speaker>,
}

impl Reading {
    fn read(&mut self, page: &Page<'_>, zone: &Zone, paragraph: usize) {
        for sentence in sentence::sentences(page, zone.tokens.clone()) {
            let setting =
                claim::Setting { zone: zone.kind, paragraph, is_first: self.draft.is_empty() };
            let mut notes = Vec::new();
            let told = claim::read(page, &sentence, setting, &mut self.speaker, &mut notes);
            if let Some(toll) = &told.harm {
                self.draft.harmed(paragraph, toll);
            }
            if told.claims.is_empty() && certainty::says_nobody_hurt(page, &sentence.tokens) {
                self.draft.nobody_hurt(paragraph);
            }
            for claim in told.claims {
                self.draft.add(claim, &mut notes);
            }
            self.draft.name(paragraph, told.places);
            self.findings.extend(finding(page, zone.kind, sentence.tokens, notes));
        }
    }
}

/// An article with everything that was found in it: what the steps read from.
struct Page<'a> {
    article: &'a Article,
    text: &'a Text,
    lexicon: &'a Lexicon,
    /// Lexicon words, by place in the text.
    hits: ByToken<hit::Hit>,
    /// Names of the gazetteer, by place in the text.
    names: ByToken<toponym::Name>,
    published: Option<jiff::civil::Date>,
    /// What its frame says, if it is the digest of a day.
    digest: digest::Digest,
}

impl Page<'_> {
    /// The folded form of a token.
    fn word(&self, token: usize) -> &str {
        self.text.word(token)
    }

    /// The folded form of the token so many before another; nothing where the text begins.
    fn before(&self, token: usize, far: usize) -> &str {
        token.checked_sub(far).map_or("", |before| self.word(before))
    }

    /// The byte of the original right before a token: marks that fold to nothing (`#`, `_`, `-`) are seen only there.
    fn mark_before(&self, token: usize) -> Option<u8> {
        let start = self.text.tokens.get(token)?.bytes.start;
        self.article.text.as_bytes().get(start.checked_sub(1)?).copied()
    }

    fn is_comma(&self, token: usize) -> bool {
        matches!(self.word(token), "،" | ",")
    }

    /// What a word for people counts.
    fn counts(&self, hit: &hit::Hit) -> Option<lexicon::Counts> {
        match hit.sense {
            hit::Sense::Counted(id, _) => self.lexicon.counted.get(id).copied(),
            _ => None,
        }
    }

    /// The folded forms of a range of tokens that have one: all but quotation marks.
    fn words(&self, tokens: &std::ops::Range<usize>) -> impl Iterator<Item = &str> {
        tokens.clone().map(|token| self.word(token)).filter(|word| !word.is_empty())
    }

    fn is(&self, token: usize, kind: TokenKind) -> bool {
        self.text.tokens.get(token).is_some_and(|t| t.kind == kind)
    }

    /// The original words of a range of tokens.
    fn original(&self, tokens: std::ops::Range<usize>) -> &str {
        self.text.original(&self.article.text, tokens)
    }

    /// The hits that lie wholly within a range of tokens.
    fn hits(&self, tokens: &std::ops::Range<usize>) -> impl Iterator<Item = &hit::Hit> {
        self.hits.within(tokens)
    }

    /// The gazetteer names that lie wholly within a range of tokens.
    fn names(&self, tokens: &std::ops::Range<usize>) -> impl Iterator<Item = &toponym::Name> {
        self.names.within(tokens)
    }
}

fn finding(
    page: &Page<'_>,
    zone: ZoneKind,
    tokens: std::ops::Range<usize>,
    notes: Vec<String>,
) -> Option<Finding> {
    let notes =
        if notes.is_empty() { vec!["nothing here names an event".to_owned()] } else { notes };
    Some(Finding { span: page.text.span(tokens)?, zone: zone.as_str(), notes })
}

fn unread(page: &Page<'_>, zone: &Zone) -> Option<Finding> {
    let notes = vec![format!("not read: {} is not the article's own text", zone.kind.as_str())];
    finding(page, zone.kind, zone.tokens.clone(), notes)
}

fn problems(article: &Article, text: &Text) -> Vec<String> {
    let mut problems = Vec::new();
    let words = text.tokens.iter().filter(|t| t.kind == TokenKind::Word).count();
    if words == 0 {
        problems.push("the text has no words: there is nothing to read".to_owned());
    }
    if let Some(letters) = foreign(&article.text) {
        problems.push(format!(
            "the text looks {letters}: only Arabic and English are read, expect gaps"
        ));
    }
    problems
}

/// Tells the languages that share the Arabic script by the letters that only they have.
fn foreign(text: &str) -> Option<&'static str> {
    let (mut arabic, mut kurdish, mut urdu, mut persian) = (0, 0, 0, 0);
    for c in text.chars().filter(|c| !c.is_ascii()) {
        match c {
            'ة' | 'ى' => arabic += 1,
            'ە' | 'ێ' | 'ۆ' | 'ڕ' | 'ڵ' => kurdish += 1,
            'ٹ' | 'ڈ' | 'ڑ' | 'ے' | 'ں' => urdu += 1,
            'پ' | 'چ' | 'ژ' | 'گ' => persian += 1,
            _ => {}
        }
    }
    match () {
        () if kurdish > 5 => Some("Kurdish (Sorani)"),
        () if urdu > 5 => Some("Urdu"),
        () if persian > 10 && arabic == 0 => Some("Persian"),
        () => None,
    }
}

#[cfg(test)]
mod tests;
