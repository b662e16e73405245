//! Numbers in digits and words: `130`, `خمسة وعشرون`, `ما لا يقل عن ثلاثة`.

use std::ops::Range;

use super::Page;
use super::hit::{Bound, Sense};
use crate::model::text::TokenKind;
use crate::model::toll::Count;

/// A number in a text.
#[derive(Debug, Clone)]
pub(super) struct Number {
    /// The tokens it covers, loosening words included.
    pub(super) tokens: Range<usize>,
    /// What it says.
    pub(super) count: Count,
}

/// The numbers of a clause, in order.
pub(super) fn numbers(page: &Page<'_>, clause: &Range<usize>) -> Vec<Number> {
    let mut numbers = Vec::new();
    let mut at = clause.start;
    while at < clause.end {
        if let Some(number) = number(page, at, clause.end) {
            at = number.tokens.end.max(at + 1);
            numbers.push(number);
        } else {
            at += 1;
        }
    }
    numbers
}

/// The number that begins at a token.
pub(super) fn number(page: &Page<'_>, start: usize, end: usize) -> Option<Number> {
    let bound = bound_at(page, start, end);
    let first = bound.as_ref().map_or(start, |(tokens, _)| tokens.end);
    if let Some((tokens, least)) = vague_at(page, first, end) {
        return Some(Number { tokens: start..tokens.end, count: Count::some(least) });
    }
    let (tokens, value) = value_at(page, first, end)?;
    let range = range_to(page, tokens.end, end);
    let count = match (&bound, range.as_ref()) {
        // `ارتفع من 4 إلى 6`: the last figure is the one that holds.
        (None, Some((_, now))) if start.checked_sub(1).is_some_and(|t| is_from(page.word(t))) => {
            Count::exactly(*now)
        }
        (_, Some((_, most))) => Count::between(value, *most),
        (Some((_, Bound::About)), None) => Count::about(value),
        (Some((_, Bound::AtLeast)), None) => Count::at_least(value),
        (None, None) => Count::exactly(value),
    };
    let last = range.map_or(tokens.end, |(tokens, _)| tokens.end);
    Some(Number { tokens: start..last, count })
}

fn bound_at(page: &Page<'_>, at: usize, end: usize) -> Option<(Range<usize>, Bound)> {
    starting(page, at, end).find_map(|hit| match hit.sense {
        Sense::Bound(bound) => Some((hit.tokens.clone(), bound)),
        _ => None,
    })
}

fn vague_at(page: &Page<'_>, at: usize, end: usize) -> Option<(Range<usize>, u32)> {
    starting(page, at, end).find_map(|hit| match hit.sense {
        Sense::Vague(least) => Some((hit.tokens.clone(), least)),
        _ => None,
    })
}

fn starting<'p>(
    page: &'p Page<'_>,
    at: usize,
    end: usize,
) -> impl Iterator<Item = &'p super::hit::Hit> {
    page.hits.at(at).filter(move |h| h.tokens.end <= end)
}

/// Digits, or words joined by و and juxtaposition.
fn value_at(page: &Page<'_>, at: usize, end: usize) -> Option<(Range<usize>, u32)> {
    if page.is(at, TokenKind::Number) {
        return digits_at(page, at, end);
    }
    let (first, mut total) = word_at(page, at, end)?;
    let mut last = first;
    while let Some((tokens, value)) = next_part(page, last.end, end, total) {
        total = combine(total, value)?;
        last = tokens;
    }
    Some((at..last.end, total))
}

fn digits_at(page: &Page<'_>, at: usize, end: usize) -> Option<(Range<usize>, u32)> {
    let value: u32 = page.word(at).parse().ok()?;
    // "5 آلاف", "3 thousand".
    if let Some((tokens, scale)) = word_at(page, at + 1, end).filter(|&(_, scale)| scale >= 1000) {
        return Some((at..tokens.end, value.checked_mul(scale)?));
    }
    Some((at..at + 1, value))
}

/// `أطفالها |الثلاثة|`: how many those are who are known by another.
pub(super) fn definite_at(page: &Page<'_>, at: usize) -> Option<u32> {
    page.hits.at(at).filter(|hit| hit.is_definite()).find_map(|hit| match hit.sense {
        Sense::Number(value) => Some(value),
        _ => None,
    })
}

fn word_at(page: &Page<'_>, at: usize, end: usize) -> Option<(Range<usize>, u32)> {
    starting(page, at, end).filter(|hit| !hit.is_definite()).find_map(|hit| match hit.sense {
        Sense::Number(value) => Some((hit.tokens.clone(), value)),
        // آلاف multiplies what stands before it.
        Sense::Vague(1000) => Some((hit.tokens.clone(), 1000)),
        _ => None,
    })
}

/// The next part of a compound: `خمسة و|عشرون`, `ثلاثة |عشر`, `two |hundred`.
fn next_part(page: &Page<'_>, at: usize, end: usize, so_far: u32) -> Option<(Range<usize>, u32)> {
    let start = if page.word(at) == "and" && so_far >= 100 { at + 1 } else { at };
    let hit = starting(page, start, end)
        .find(|hit| matches!(hit.sense, Sense::Number(_) | Sense::Vague(1000)))?;
    let (tokens, value) = word_at(page, start, end)?;
    let joined = hit.prefix == "و";
    let juxtaposed = hit.prefix.is_empty()
        && (value >= 100
            || (so_far < 10 && value == 10)
            || (so_far >= 20 && so_far.is_multiple_of(10) && value < 10));
    let larger_first = joined && (value < so_far || (so_far < 10 && (20..100).contains(&value)));
    (juxtaposed || larger_first).then_some((tokens, value))
}

fn combine(total: u32, part: u32) -> Option<u32> {
    if part >= 100 && total < part { total.checked_mul(part) } else { total.checked_add(part) }
}

/// `5 إلى 7`, `بين 5 و7`, `5-7`.
fn range_to(page: &Page<'_>, at: usize, end: usize) -> Option<(Range<usize>, u32)> {
    let word = page.word(at);
    if let Some(most) = after_hyphen(page, at) {
        return Some((at..at + 1, most));
    }
    let (from, joined) = match word {
        "الي" | "to" => (at + 1, true),
        // `5–7` is a range; "May 14 – Two people" opens a story.
        "–" | "—" if touches(page, at) => (at + 1, true),
        "و" | "and" => (at + 1, false),
        // `ما بين خمسة وسبعة`
        _ if starting(page, at, end)
            .any(|h| matches!(h.sense, Sense::Number(_)) && h.prefix == "و") =>
        {
            (at, false)
        }
        _ => return None,
    };
    let between = at >= 2 && matches!(page.word(at - 2), "بين" | "between");
    if !joined && !between {
        return None;
    }
    value_at(page, from, end).map(|(tokens, value)| (at..tokens.end, value))
}

fn is_from(word: &str) -> bool {
    matches!(word, "من" | "from")
}

/// The number behind `5-`, where nothing but a hyphen stands between the two.
fn after_hyphen(page: &Page<'_>, at: usize) -> Option<u32> {
    let before = page.text.tokens.get(at.checked_sub(1)?)?;
    let hyphened = page.text.tokens.get(at)?.bytes.start == before.bytes.end + 1;
    let number = |at: usize| page.word(at).parse::<u32>().ok();
    let most = number(at).filter(|_| hyphened && page.is(at, TokenKind::Number))?;
    number(at - 1).filter(|least| *least < most).map(|_| most)
}

/// Whether a mark stands without a space between two numbers.
fn touches(page: &Page<'_>, mark: usize) -> bool {
    let bytes = |at: usize| page.text.tokens.get(at).map(|token| token.bytes.clone());
    let before = mark.checked_sub(1).and_then(bytes);
    match (before, bytes(mark), bytes(mark + 1)) {
        (Some(a), Some(b), Some(c)) => a.end == b.start && b.end == c.start,
        _ => false,
    }
}
