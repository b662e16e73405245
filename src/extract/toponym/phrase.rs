//! A phrase that describes one place, as geocoders are asked: `سد تشرين، منبج، حلب`.

use std::ops::Range;

use super::lead::lead;
use super::names::{Name, Toponyms};
use super::{placed, places};
use crate::extract::Page;
use crate::extract::hit::Sense;
use crate::extract::lexicon::Lexicon;
use crate::model::article::{Article, ArticleId, Lang};
use crate::model::report::Mention;
use crate::model::text::{Text, TokenKind};

/// Reads a phrase that is the description of one place: `سد تشرين، منبج، حلب`.
///
/// The first place is meant; those after it, between commas, contain it. `None` if its head is no known name.
pub fn read_place(phrase: &str, lexicon: &Lexicon, toponyms: &Toponyms) -> Option<Mention> {
    let text = Text::read(phrase);
    let article = Article {
        id: ArticleId(String::new()),
        text: phrase.to_owned(),
        title: None,
        publisher: None,
        url: None,
        published: None,
        lang: Lang::of(phrase),
    };
    let (hits, names) = (lexicon.scan(&text), toponyms.scan(&text));
    let page = Page { article: &article, text: &text, lexicon, hits, names, published: None };
    let head_end = (0..text.tokens.len())
        .find(|&t| matches!(text.word(t), "،" | "," | "-" | "/"))
        .unwrap_or(text.tokens.len());
    let (head, rest) = (0..head_end, head_end..text.tokens.len());
    let mut mention = head_of(&page, &head)?;
    for name in page.names(&rest) {
        if name.key != mention.name && !mention.within.contains(&name.key) {
            mention.within.push(name.key.clone());
        }
    }
    Some(mention)
}

/// The place a head names. Where its words but for kind and direction are no exact name, they are
/// handed on as they stand: the gazetteer may know them in another spelling.
fn head_of(page: &Page<'_>, head: &Range<usize>) -> Option<Mention> {
    let mentions = places(page, head, &[], None);
    let is_place_word = |t: usize| {
        page.hits(head).any(|h| matches!(h.sense, Sense::Place(_)) && h.tokens.contains(&t))
            || matches!(page.word(t), "the" | "of" | "")
    };
    let plain: Vec<usize> =
        head.clone().filter(|&t| page.is(t, TokenKind::Word) && !is_place_word(t)).collect();
    let bare = plain.first()?..plain.last()?;
    let bare = *bare.start..*bare.end + 1;
    let covered =
        page.names(head).any(|n| n.tokens.start <= bare.start && bare.end <= n.tokens.end);
    let whole = bare.len() == plain.len() && bare.len() <= LONGEST_NAME && !covered;
    if let Some(place) = mentions.into_iter().next().filter(|_| !whole) {
        return Some(place.mention);
    }
    let words: Vec<&str> = bare.clone().map(|t| page.word(t)).collect();
    let known = page
        .names(head)
        .find(|n| n.tokens.start <= bare.start && bare.end <= n.tokens.end)
        .cloned();
    let name = known.unwrap_or_else(|| Name {
        tokens: bare,
        prefix: String::new(),
        key: words.join(" "),
        renown: None,
    });
    let lead = lead(page, head, &name);
    placed(page, &name, &lead, name.tokens.end, &[]).map(|place| place.mention)
}

/// A name has at most so many words.
const LONGEST_NAME: usize = 4;
