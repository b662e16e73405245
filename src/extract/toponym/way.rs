//! Roads that are named by their ends: `طريق صرين – سد تشرين`, `طريق دمشق حمص`.

use std::ops::Range;

use super::Placed;
use super::link::Link;
use super::names::Name;
use crate::extract::Page;
use crate::model::report::Shift;

/// How a name goes on with a road.
pub(super) enum Way {
    /// It only tells which road is meant: `طريق M4 حلب – اللاذقية`.
    Named,
    /// It is the other end: `طريق صرين – سد تشرين`.
    End,
}

impl Way {
    /// What the name is to the places before it.
    pub(super) const fn link(&self) -> Link {
        match self {
            Self::Named => Link::Alias,
            Self::End => Link::Member,
        }
    }
}

/// Whether a name behind a dash, or behind the number of a road, belongs to the road.
pub(super) fn way(
    page: &Page<'_>,
    clause: &Range<usize>,
    towns: &[Placed],
    name: &Name,
) -> Option<Way> {
    let (first, last) = (towns.first()?, towns.last()?);
    let gap = last.tokens.end..name.tokens.start;
    let is_mark = |t: usize| matches!(page.word(t), "-" | "–" | "—" | "" | "(" | ")");
    let from = first.tokens.start.saturating_sub(ROAD).max(clause.start);
    let is_near = gap.len() <= LONGEST_MARKS && gap.clone().all(is_mark);
    // "the Palmyra–Deir ez-Zor highway"
    let behind = is_road(page, name.tokens.end) && is_dashed(page, &gap);
    if !is_near || !(behind || (from..name.tokens.start).any(|t| is_road(page, t))) {
        return None;
    }
    let is_numbered = first.mention.name.contains(|c: char| c.is_ascii_digit());
    match () {
        () if is_numbered => Some(Way::Named),
        () if is_between(page, first, &gap) && towns.len() == 1 => Some(Way::End),
        () if !is_dashed(page, &gap) => None,
        () if matches!(last.mention.shift, Shift::HalfWay(_)) => Some(Way::Named),
        () if towns.len() == 1 => Some(Way::End),
        () => None,
    }
}

fn is_road(page: &Page<'_>, token: usize) -> bool {
    let (roads, word) = (&page.lexicon.around.roads, page.word(token));
    roads.contains(word)
        || word.strip_prefix(['و', 'ب', 'ل']).is_some_and(|bare| roads.contains(bare))
}

/// `طريق دمشق حمص`: right behind the word for a road stand its two ends.
fn is_between(page: &Page<'_>, first: &Placed, gap: &Range<usize>) -> bool {
    let with_lead = first.tokens.start.saturating_sub(1)..first.tokens.end;
    gap.is_empty() && with_lead.into_iter().any(|t| is_road(page, t))
}

/// Whether a dash stands in a gap. Hyphens are no words of a text, so the original is looked at.
pub(super) fn is_dashed(page: &Page<'_>, gap: &Range<usize>) -> bool {
    let bytes = |t: usize| page.text.tokens.get(t).map(|token| token.bytes.clone());
    let last = gap.start.checked_sub(1).and_then(bytes);
    let between = last.zip(bytes(gap.end)).map(|(last, next)| last.end..next.start);
    let marks = between.and_then(|bytes| page.article.text.get(bytes));
    marks.is_some_and(|marks| marks.contains(['-', '–', '—']))
}

/// The word for a road stands at most so many words before its first town.
const ROAD: usize = 6;

/// A dash, quotes and brackets between two towns.
const LONGEST_MARKS: usize = 4;
