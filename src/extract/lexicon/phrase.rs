//! Phrases that other words may part: `عثر صباح أمس على جثة`, "seized a large amount of weapons".

use hashbrown::HashSet;
use std::ops::Range;

use crate::extract::hit::{Hit, Sense};
use crate::model::text::{Text, TokenKind};

/// A phrase that other words may part.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parted {
    /// Its trigger.
    pub(super) id: usize,
    /// Where the other part stands.
    pub(super) order: Order,
}

/// Where the other part of a phrase stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Order {
    /// Behind the verb.
    Rest,
    /// Close behind a noun.
    Next,
    /// It suffers: behind the verb, or before its passive ("weapons were seized").
    Object,
    /// It acts: before the verb, or behind it and "by".
    Subject,
}

/// Joins the verb of a phrase with its rest over the words between.
pub(super) fn join(text: &Text, parted: &[Parted], hits: &mut Vec<Hit>) {
    hits.sort_by_key(|h| h.tokens.start);
    let mut joined = Vec::new();
    for (at, head) in hits.iter().enumerate() {
        let Sense::Head { phrase, present } = head.sense else { continue };
        let Some(&Parted { id, order }) = parted.get(phrase) else { continue };
        if is_joined(text, hits, at, order) {
            let sense = Sense::Trigger { id, present, verb: order != Order::Next };
            joined.push(Hit { sense, ..head.clone() });
        }
    }
    // `تفجير منزله` is not any `تفجير`.
    let longer: HashSet<Range<usize>> = joined.iter().map(|h: &Hit| h.tokens.clone()).collect();
    let is_less = |h: &Hit| {
        matches!(h.sense, Sense::Trigger { .. })
            && !text.word(h.tokens.start).is_ascii()
            && longer.contains(&h.tokens)
    };
    hits.retain(|h| !matches!(h.sense, Sense::Head { .. } | Sense::Tail(_)) && !is_less(h));
    hits.extend(joined);
}

/// Whether the other part of the phrase that a verb opens stands where it must.
fn is_joined(text: &Text, hits: &[Hit], at: usize, order: Order) -> bool {
    let Some(Hit { tokens: verb, sense: Sense::Head { phrase, present }, .. }) = hits.get(at)
    else {
        return false;
    };
    let is_part = |h: &&Hit| h.sense == Sense::Tail(*phrase);
    let reach = match order {
        Order::Rest => WORDS_BETWEEN,
        Order::Next => WORDS_BEHIND_NOUN,
        Order::Object | Order::Subject => WORDS_TO_OBJECT,
    };
    let after = hits
        .iter()
        .skip(at + 1)
        .take_while(|h| h.tokens.start <= verb.end + reach)
        .filter(|h| h.tokens.start >= verb.end)
        .find(is_part)
        .map(|h| verb.end..h.tokens.start)
        .filter(|between| !is_parted(text, hits, between.clone(), order));
    let before = hits
        .iter()
        .take(at)
        .rev()
        .take_while(|h| h.tokens.start + reach >= verb.start)
        .find(is_part)
        .is_some_and(|h| !is_parted(text, hits, h.tokens.end..verb.start, order));
    match order {
        Order::Rest | Order::Next => after.is_some(),
        Order::Object => after.is_some() || (before && !present && is_passive(text, verb)),
        Order::Subject => {
            (before && !undergoes(text, verb))
                || after.is_some_and(|mut between| between.any(|t| text.word(t) == "by"))
        }
    }
}

/// These open what goes on beside what a verb tells: `قصفت المدفعية القرية |بالتزامن مع تحليق طائرات`.
const BESIDE_IT: &[&str] =
    &["بالتزامن", "تزامنا", "وتزامنا", "وسط", "ظل", "تحليق", "يحلق", "تحلق", "حلق", "حلقت"];

/// Whether a phrase ends in these tokens; between English words any comma ends it.
fn is_parted(text: &Text, hits: &[Hit], mut tokens: Range<usize>, order: Order) -> bool {
    tokens.any(|t| {
        ends_phrase(text, hits, t)
            || BESIDE_IT.contains(&text.word(t))
            || (is_english(order) && matches!(text.word(t), "," | "no" | "not"))
    })
}

fn is_english(order: Order) -> bool {
    matches!(order, Order::Object | Order::Subject)
}

/// A mark behind which another verb begins: `قصفت المدينة، فيما حلقت طائرات`.
fn ends_phrase(text: &Text, hits: &[Hit], token: usize) -> bool {
    let begins = |h: &Hit| match h.sense {
        Sense::Opener => true,
        Sense::Trigger { verb, .. } => verb && h.prefix == "و",
        Sense::Head { .. } => h.prefix == "و",
        _ => false,
    };
    let next = || {
        let from = hits.partition_point(|h| h.tokens.start <= token);
        hits.iter().skip(from).take_while(|h| h.tokens.start == token + 1)
    };
    match text.word(token) {
        "." | "؟" | "?" | "!" | "؛" | ";" => true,
        _ if text.tokens.get(token).is_some_and(|t| t.kind == TokenKind::Break) => true,
        "،" | "," => next().any(begins),
        _ => false,
    }
}

/// "Protesters |were attacked|": who is named before it did not do it; "were attacking" is done by them.
fn undergoes(text: &Text, verb: &Range<usize>) -> bool {
    let before = verb.start.checked_sub(1).map_or("", |t| text.word(t));
    BE.contains(&before) && !text.word(verb.start).ends_with("ing")
}

/// "were seized", "seized in", "seized.": nothing follows that it would be done to.
fn is_passive(text: &Text, verb: &Range<usize>) -> bool {
    let before = verb.start.saturating_sub(2)..verb.start;
    let follows = text.word(verb.end);
    before.into_iter().any(|t| BE.contains(&text.word(t)))
        || follows.is_empty()
        || !follows.chars().any(char::is_alphanumeric)
        || BEHIND_PASSIVE.contains(&follows)
}

/// Behind these an English verb befalls whom it is told of.
pub(in crate::extract) const BE: &[&str] =
    &["was", "were", "been", "being", "is", "are", "be", "got"];
const BEHIND_PASSIVE: &[&str] = &[
    "by", "from", "in", "at", "on", "during", "near", "after", "when", "into", "as", "inside",
    "outside", "with", "and", "while", "along", "under", "behind", "between", "across",
];

/// A subject and a time stand between a verb and its object, seldom more.
const WORDS_BETWEEN: usize = 12;

/// `إحراق |عدد من| المنازل`: few words stand between a noun and what is done.
const WORDS_BEHIND_NOUN: usize = 2;

/// Numbers, adjectives and "of" stand between an English verb and its object.
const WORDS_TO_OBJECT: usize = 8;

/// "the attack", "Gunmen attack": the plain form of an English verb is one only close behind somebody who
/// does it, and right behind if it is listed as a noun too. Behind "to" it is a purpose.
pub(super) fn drop_nouns_as_verbs(text: &Text, hits: &mut Vec<Hit>) {
    let is = |hit: &Hit, plain: bool| {
        matches!(hit.sense, Sense::Trigger { present, verb, .. } if present == plain && verb == plain)
            && text.word(hit.tokens.start).is_ascii()
    };
    if !hits.iter().any(|h| is(h, true)) {
        return;
    }
    let nouns: HashSet<Range<usize>> =
        hits.iter().filter(|h| is(h, false)).map(|h| h.tokens.clone()).collect();
    let subjects: HashSet<usize> = hits
        .iter()
        .filter(|h| matches!(h.sense, Sense::Actor { .. } | Sense::Party(_)) || is(h, false))
        .map(|h| h.tokens.end)
        .collect();
    hits.retain(|h| {
        let at = h.tokens.start;
        let before = at.checked_sub(1).map_or("", |t| text.word(t));
        let nearest = if nouns.contains(&h.tokens) { at } else { at.saturating_sub(NAMED_BETWEEN) };
        let has_subject = (nearest..=at).any(|end| subjects.contains(&end));
        let stands = before == "to" || (has_subject && !BEFORE_NOUN.contains(&before));
        !is(h, true) || stands
    });
}

/// "Gunmen in Nawa kill two": so many words between, at most.
const NAMED_BETWEEN: usize = 3;

/// What follows these is no verb.
const BEFORE_NOUN: &[&str] = &[
    "the", "a", "an", "this", "that", "these", "those", "of", "for", "in", "on", "with", "from",
    "by", "no", "any", "each", "every", "his", "her", "their", "its", "our", "your", "my", "under",
    "against", "between", "without", "into", "during", "at", "as", "over",
];
