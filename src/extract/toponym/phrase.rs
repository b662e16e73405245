//! A phrase that describes one place, as geocoders are asked: `سد تشرين، منبج، حلب`.

use std::ops::Range;

use super::lead::lead;
use super::names::{Name, Toponyms, is_compound_head};
use super::{placed, places};
use crate::extract::Page;
use crate::extract::by_token::ByToken;
use crate::extract::digest::Digest;
use crate::extract::hit::{Hit, PlaceWord, Sense};
use crate::extract::lexicon::Lexicon;
use crate::model::article::{Article, ArticleId, Lang};
use crate::model::place::{PlaceKind, Renown};
use crate::model::report::{Mention, Relation, Shift};
use crate::model::text::{Text, TokenKind};

/// Reads a phrase that is the description of one place: `سد تشرين، منبج، حلب`.
///
/// What stands before the first comma is meant, and what stands behind contains it. Where it has
/// two names (`Jubbali/Kupeli`, `كوباني (عين العرب)`), there are two readings, the first one first.
pub fn read_place(phrase: &str, lexicon: &Lexicon, toponyms: &Toponyms) -> Vec<Mention> {
    let text = Text::read(phrase);
    let article = Article {
        id: ArticleId(String::new()),
        text: phrase.to_owned(),
        title: None,
        author: None,
        trust: None,
        publisher: None,
        url: None,
        published: None,
        lang: Lang::of(phrase),
    };
    let hits = ByToken::new(lexicon.scan(&text));
    let names = ByToken::new(toponyms.scan(&text).names);
    let page = Page {
        article: &article,
        text: &text,
        lexicon,
        hits,
        names,
        published: None,
        digest: Digest::default(),
    };
    let (heads, containers): (Vec<Part>, Vec<Part>) =
        parts(&page).into_iter().partition(|part| part.is_head);
    let mut within = Vec::new();
    for part in containers {
        container(&page, &part.tokens, &mut within);
    }
    let heads: Vec<Range<usize>> = heads.into_iter().map(|part| part.tokens).collect();
    let mut readings: Vec<Mention> = joined(&page, &heads).into_iter().collect();
    readings.extend(heads.iter().filter_map(|head| head_of(&page, head)));
    readings.extend(heads.iter().flat_map(|head| halves(&page, head, toponyms)));
    for mention in &mut readings {
        let outer = within.iter().filter(|name| **name != mention.name);
        let outer: Vec<String> = outer.filter(|n| !mention.within.contains(n)).cloned().collect();
        mention.within.extend(outer);
    }
    readings
}

/// A name of which one word stands in brackets: `كسرة شيخ (جمعة)`.
fn joined(page: &Page<'_>, heads: &[Range<usize>]) -> Option<Mention> {
    let [first, .., last] = heads else { return None };
    if !matches!(page.word(first.end), "(" | "[") {
        return None;
    }
    let tokens = first.start..last.end;
    let is_word = |t: &usize| page.is(*t, TokenKind::Word);
    let words: Vec<&str> = tokens.clone().filter(is_word).map(|t| page.word(t)).collect();
    named(page, tokens, words.join(" "), None)
}

/// Two names in a row, as labels put them together: the place and the quarter or village at it
/// (`درعا البلد`, `الأتارب الشيخ علي`, and glued `منبجالمحسنلي`).
fn halves(page: &Page<'_>, head: &Range<usize>, toponyms: &Toponyms) -> Vec<Mention> {
    let is_word = |t: &usize| page.is(*t, TokenKind::Word) && !is_place_word(page, head, *t);
    let words: Vec<&str> =
        head.clone().filter(is_word).flat_map(|t| unglued(page.word(t))).collect();
    let cuts = (1..words.len()).rev().filter_map(|at| words.split_at_checked(at));
    let known = cuts.map(|(outer, inner)| (outer.join(" "), inner.join(" ")));
    // "Tall Zayat" is not Zayat in At Tall.
    let known = known.filter(|(outer, _)| {
        toponyms.renown(outer) == Some(Renown::Town) && !is_compound_head(outer)
    });
    known
        .filter_map(|(outer, inner)| {
            let quarter = toponyms.renown(&inner).is_none().then_some(PlaceKind::Neighbourhood);
            let inner = named(page, head.clone(), inner, quarter)?;
            Some(Mention { within: vec![outer], ..inner })
        })
        .collect()
}

/// A word in which another begins with the article: `منبجالمحسنلي`.
fn unglued(word: &str) -> Vec<&str> {
    let inner = word.match_indices("ال").map(|(at, _)| at).find(|&at| at >= GLUED_BYTES);
    match inner.and_then(|at| word.split_at_checked(at)) {
        Some((first, second)) if second.len() > GLUED_BYTES => vec![first, second],
        _ => vec![word],
    }
}

/// The article inside a shorter word is part of it: three Arabic letters.
const GLUED_BYTES: usize = 6;

fn named(
    page: &Page<'_>,
    tokens: Range<usize>,
    name: String,
    kind: Option<PlaceKind>,
) -> Option<Mention> {
    Some(Mention {
        span: page.text.span(tokens)?,
        name,
        kind,
        relation: Relation::At,
        within: Vec::new(),
        side: None,
        beside: Vec::new(),
        shift: Shift::None,
        is_doubtful: false,
    })
}

/// A stretch of a phrase between its marks.
struct Part {
    tokens: Range<usize>,
    /// Whether it names the place itself, and not what the place lies in.
    is_head: bool,
}

fn parts(page: &Page<'_>) -> Vec<Part> {
    let mut parts = Vec::new();
    let (mut start, mut is_head) = (0, true);
    let count = page.text.tokens.len();
    let has_two_ends =
        page.hits(&(0..count)).any(|h| matches!(h.sense, Sense::Place(PlaceWord::Between)));
    for at in 0..=count {
        let mark = if at == count { "," } else { page.word(at) };
        let another = matches!(mark, "/" | "(" | ")" | "[" | "]")
            || (!has_two_ends && matches!(mark, "and" | "or" | "&" | "و" | "او"));
        if !another && !matches!(mark, "،" | "," | "-" | "–") {
            continue;
        }
        if start < at {
            parts.push(Part { tokens: start..at, is_head });
        }
        // Behind the first comma, what the place lies in begins, and goes on to the end.
        is_head &= parts.is_empty() || another;
        start = at + 1;
    }
    parts
}

/// What the place lies in, as the gazetteer may know it: whole, with the word for its rank, or
/// only the names in it.
fn container(page: &Page<'_>, part: &Range<usize>, within: &mut Vec<String>) {
    let covers = |t: usize, of: &dyn Fn(&Sense) -> bool| {
        page.hits(part).any(|h| of(&h.sense) && h.tokens.contains(&t))
    };
    let is_kind =
        |sense: &Sense| matches!(sense, Sense::Place(PlaceWord::Kind(_) | PlaceWord::KindAfter(_)));
    // `west of Ain Issa` is Ain Issa, and a country is none of its places.
    let is_around = |sense: &Sense| {
        matches!(sense, Sense::Mask) || (matches!(sense, Sense::Place(_)) && !is_kind(sense))
    };
    let words: Vec<usize> = part
        .clone()
        .filter(|&t| !matches!(page.word(t), "" | "the" | "of") && !covers(t, &is_around))
        .collect();
    let plain: Vec<usize> = words.iter().copied().filter(|&t| !covers(t, &is_kind)).collect();
    if plain.is_empty() {
        return;
    }
    let mut names = page.names(part).peekable();
    let is_one_name = plain.len() < words.len()
        || names.peek().is_none()
        || page.names(part).any(|name| plain.iter().all(|t| name.tokens.contains(t)));
    if is_one_name {
        let words: Vec<&str> = words.iter().map(|&t| page.word(t)).collect();
        within.push(words.join(" "));
        return;
    }
    let words: Vec<&str> = plain.iter().map(|&t| page.word(t)).collect();
    within.push(words.join(" "));
    within.extend(names.map(|name| name.key.clone()));
}

fn is_place_word(page: &Page<'_>, part: &Range<usize>, token: usize) -> bool {
    let in_place_word = |h: &&Hit| matches!(h.sense, Sense::Place(_)) && h.tokens.contains(&token);
    page.hits(part).any(|h| in_place_word(&h)) || matches!(page.word(token), "the" | "of" | "")
}

/// The place a head names. Where its words but for kind and direction are no exact name, they are
/// handed on as they stand: the gazetteer may know them in another spelling.
fn head_of(page: &Page<'_>, head: &Range<usize>) -> Option<Mention> {
    let mentions = places(page, head, &[], None);
    let is_urban = |t: &usize| {
        let word = page.word(*t);
        let bare = word.strip_prefix("ال").unwrap_or(word);
        [word, bare].iter().any(|word| page.lexicon.urban.contains(*word))
    };
    let urban = head.clone().any(|t| is_urban(&t));
    let plain: Vec<usize> = head
        .clone()
        .filter(|&t| page.is(t, TokenKind::Word) && !is_place_word(page, head, t) && !is_urban(&t))
        .collect();
    let kind = urban.then_some(PlaceKind::Neighbourhood);
    let (Some(&first), Some(&last)) = (plain.first(), plain.last()) else {
        return nameless(page, head, kind, mentions);
    };
    if let Some(place) = mentions.first().filter(|place| is_computed(&place.mention.shift)) {
        return Some(place.mention.clone());
    }
    // The first words that belong together are the name, and what is named behind them is around it.
    // `حي الميدان |بدمشق|`: a joined "in" opens what is around.
    let is_joined = |t: usize| t > first && page.names.at(t).any(|name| name.prefix == "ب");
    let is_plain = |t: &usize| plain.contains(t) && !is_joined(*t);
    let run = first..(first..=last).take_while(is_plain).last().unwrap_or(first) + 1;
    let (own, mut around): (Vec<super::Placed>, Vec<super::Placed>) =
        mentions.into_iter().partition(|place| place.tokens.start <= run.start);
    // "al Zirba" does not lie in Zirba.
    around.retain(|place| !is_all_but_article(page, &run, &place.tokens));
    let covered = page.names(head).find(|n| n.tokens.start <= run.start && run.end <= n.tokens.end);
    let own = own.into_iter().next().filter(|_| covered.is_some() || run.end <= last);
    let mut mention = if let Some(place) = own {
        place.mention
    } else {
        let words: Vec<&str> = run.clone().map(|t| page.word(t)).collect();
        let unknown =
            || Name { tokens: run, prefix: "", key: words.join(" "), renown: None, is_bare: false };
        let name = covered.cloned().unwrap_or_else(unknown);
        let lead = lead(page, head, &name);
        placed(page, &name, &lead, name.tokens.end, &[])?.mention
    };
    for other in around.into_iter().map(|place| place.mention) {
        mention.side = mention.side.or_else(|| other.as_side());
        let is_beside = other.relation == Relation::Near;
        let names = if is_beside { &mut mention.beside } else { &mut mention.within };
        if other.name != mention.name && !names.contains(&other.name) {
            names.push(other.name);
        }
    }
    // `حي جسر الحج` is a quarter that is named after a bridge.
    let is_quarter = is_urban(&head.start);
    mention.kind = if is_quarter { kind } else { mention.kind.or(kind) };
    Some(mention)
}

/// Whether a name is the whole of another but for its Latin article.
fn is_all_but_article(page: &Page<'_>, whole: &Range<usize>, name: &Range<usize>) -> bool {
    let article = page.word(whole.start);
    let is_article = matches!(article.len(), 2 | 3) && article.starts_with(['a', 'e']);
    is_article && *name == (whole.start + 1..whole.end)
}

/// Whether the point is not that of the place: then the words around the name are no part of it.
fn is_computed(shift: &Shift) -> bool {
    matches!(shift, Shift::Beyond { km: Some(_), .. } | Shift::HalfWay(_))
}

/// A head of nothing but words for kinds: a name that is such a word (`الجسر`), or a part of a
/// town without a name of its own (`وسط، الرقة`).
fn nameless(
    page: &Page<'_>,
    head: &Range<usize>,
    kind: Option<PlaceKind>,
    mentions: Vec<super::Placed>,
) -> Option<Mention> {
    if let Some(place) = mentions.into_iter().next() {
        return Some(place.mention);
    }
    let name =
        Name { tokens: head.clone(), prefix: "", key: String::new(), renown: None, is_bare: false };
    let lead = lead(page, head, &name);
    let place = placed(page, &name, &lead, head.end, &[])?;
    Some(Mention { kind: Some(kind?), ..place.mention })
}

#[cfg(test)]
mod tests {
    use crate::model::place::Renown;
    use crate::model::text::key;

    use super::*;

    /// Reads a phrase with a few names known, and tells each reading in words.
    fn read(phrase: &str) -> Vec<String> {
        let lexicon = Lexicon::embedded();
        let names =
            ["الرقة", "الطبقة", "منبج", "الباب", "حلب", "جنديرس", "تل", "raqqa", "afrin", "manbij"];
        let names: Vec<String> = names.into_iter().map(key).collect();
        let toponyms = Toponyms::new(names.iter().map(|name| (name.as_str(), Renown::Town)));
        let told = |m: Mention| {
            let kind = m.kind.map_or("-", PlaceKind::as_str);
            format!("{} | {kind} | {} | {}", m.name, m.within.join("; "), m.beside.join("; "))
        };
        read_place(phrase, &lexicon, &toponyms).into_iter().map(told).collect()
    }

    #[test]
    fn the_head_is_meant_and_what_is_behind_holds_it() {
        for (phrase, readings) in [
            ("منبج، حلب", vec!["منبج | - | حلب | "]),
            ("صفيان جنوب الطبقة", vec!["صفيان | - |  | الطبقه"]),
            ("حي السكري بحلب", vec!["السكري | neighbourhood | حلب | "]),
            (
                "Akhjla village, Jandares district, Aleppo Governorate",
                vec!["akhjla | village | jandares district; aleppo governorate | "],
            ),
            ("", vec![]),
            ("،،", vec![]),
        ] {
            assert_eq!(read(phrase), readings, "{phrase}");
        }
    }

    #[test]
    fn a_part_of_a_town_is_a_quarter_even_without_a_name() {
        for (phrase, readings) in [
            ("شارع القوتلي، الرقة", vec!["القوتلي | neighbourhood | الرقه | "]),
            ("central, Raqqa", vec![" | neighbourhood | raqqa | "]),
            ("Basrawo mosque in Raqqa", vec!["basrawo | neighbourhood | raqqa | "]),
        ] {
            assert_eq!(read(phrase), readings, "{phrase}");
        }
    }

    #[test]
    fn two_names_for_one_place_are_two_readings() {
        for (phrase, readings) in [
            (
                "Jubbali/Kupeli village, Afrin",
                vec!["jubbali | - | afrin | ", "kupeli | village | afrin | "],
            ),
            ("تل زيات", vec!["تل زيات | - |  | "]),
            ("Hatla and Salihiya", vec!["hatla | - |  | ", "salihiya | - |  | "]),
        ] {
            assert_eq!(read(phrase), readings, "{phrase}");
        }
    }
}
