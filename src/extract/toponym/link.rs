//! How a name stands to the place that was named before it: of one list, around it, another name of it.

use std::ops::Range;

use super::lead::{Lead, lies_in, with_words_after};
use super::names::{Name, belongs};
use super::way::is_dashed;
use super::{PlacePart, Placed};
use crate::extract::Page;
use crate::extract::hit::{Hit, PlaceWord, Sense};
use crate::model::place::PlaceKind;

/// How a name stands to the places before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Link {
    /// It opens a place of its own.
    None,
    /// Another of a list: `مدن الباب ومنبج`.
    Member,
    /// What the places before lie in: `بريف حلب الشرقي`.
    Container,
    /// What they lie near: `جنوب الطبقة`.
    Landmark,
    /// Another name of the one before: `عين العرب (كوباني)`.
    Alias,
}

/// How a name stands to the last place before it, and where its words end.
pub(super) fn link(
    page: &Page<'_>,
    clause: &Range<usize>,
    placed: &[Placed],
    name: &Name,
    lead: &Lead,
) -> (Link, usize) {
    let end = with_words_after(page, name);
    let Some(last) = placed.last() else { return (Link::None, end) };
    let gap = last.tokens.end..lead.start.min(name.tokens.start);
    let between: Vec<&str> = page.words(&gap).collect();
    if between == ["("] {
        return (Link::Alias, end + usize::from(page.word(end) == ")"));
    }
    let called = |h: &Hit| matches!(h.sense, Sense::Place(PlaceWord::Called));
    if page.hits(&(last.tokens.end..name.tokens.start)).any(called) && gap.len() <= 5 {
        return (Link::Alias, end);
    }
    if is_its_kind(page, &gap, lead, name) {
        return (Link::Container, end);
    }
    let joined = name.prefix == "و"
        || between.iter().any(|w| matches!(*w, "و" | "and"))
        || starts_with_and(page, lead, name);
    let gap = Gap {
        comma: between.iter().any(|w| matches!(*w, "،" | ",")),
        between,
        near: gap.len() <= NEAR,
        joined,
    };
    let happens_between = page
        .hits(&(last.tokens.end..name.tokens.start))
        .any(|h| matches!(h.sense, Sense::Trigger { .. } | Sense::Opener));
    let around = if joined { None } else { around(page, last, &gap, lead, happens_between) };
    (around.unwrap_or_else(|| beside(page, clause, last, &gap, name, lead)), end)
}

/// "Midan |neighborhood of| Damascus": the kind is that of the name before it.
fn is_its_kind(page: &Page<'_>, gap: &Range<usize>, lead: &Lead, name: &Name) -> bool {
    let of = name.tokens.start.checked_sub(1).filter(|&t| page.word(t) == "of");
    gap.is_empty() && lead.kind.is_some() && of.is_some_and(|of| lead.start < of)
}

/// What stands between a name and the place before it.
struct Gap<'a> {
    between: Vec<&'a str>,
    comma: bool,
    near: bool,
    joined: bool,
}

/// What the words say that the name is to the place before it: what it lies in, or near.
fn around(
    page: &Page<'_>,
    last: &Placed,
    gap: &Gap<'_>,
    lead: &Lead,
    happens_between: bool,
) -> Option<Link> {
    let empty = gap.between.is_empty();
    let adjacent = || gap.between.iter().any(|w| page.lexicon.around.adjacent.contains(*w));
    let goes = lead.from || lead.towards || lead.object;
    match () {
        // `استهدفت مدينة الباب … في المدينة الواقعة شمال حلب`: the town that was named lies there.
        () if lies_in(page, lead.start) => Some(Link::Container),
        // "in the hills east of Jableh", `قرب سرمين`: where the place before is.
        () if (lead.direction || lead.near)
            && !lead.countryside
            && !happens_between
            && !goes_on_elsewhere(page, gap)
            && (last.part == PlacePart::There || (lead.direction && gap.near)) =>
        {
            Some(Link::Landmark)
        }
        // `سرمين المتاخمة لمدينة إدلب`
        () if lead.object && adjacent() => Some(Link::Landmark),
        // `قرية X الآهلة بالمدنيين بريف تل رفعت`
        () if (lead.countryside && lead.inside && !happens_between && !gap.comma)
            && last.is_known
            && gap.near =>
        {
            Some(Link::Container)
        }
        // `قريتي X وY بالريف الغربي لبلدة تل تمر`
        () if lead.object && empty && ends_with_side(page, last) => Some(Link::Container),
        // `من جسر الشغور إدلب`: what somebody's own town lies in.
        () if last.part == PlacePart::From && empty && !lead.any => Some(Link::Container),
        // Behind a village that no gazetteer has stands what it lies in.
        () if !last.is_known && !happens_between && !goes && gap.near => Some(Link::Container),
        () => None,
    }
}

/// `في مطار الشعيرات |ومواقع| قرب القصير`: other things, near another place.
fn goes_on_elsewhere(page: &Page<'_>, gap: &Gap<'_>) -> bool {
    let is_thing = |word: &&str| {
        let bare = word.strip_prefix('و').unwrap_or_default();
        page.lexicon.sides.things.contains(bare)
    };
    gap.between.iter().any(is_thing)
}

/// What a name is to the place before it by where it stands.
fn beside(
    page: &Page<'_>,
    clause: &Range<usize>,
    last: &Placed,
    gap: &Gap<'_>,
    name: &Name,
    lead: &Lead,
) -> Link {
    let is_attribute = |w: &str| page.lexicon.around.attributes.contains(w);
    let touching = gap.between.iter().all(|w| joins_names(w) || is_attribute(w));
    let area =
        lead.countryside || matches!(lead.kind, Some(PlaceKind::Governorate | PlaceKind::District));
    let inside = lead.inside || gap.between.iter().any(|w| matches!(*w, "في" | "in" | "of"));
    match () {
        // `التابعة لريف عين عيسى` leads nowhere.
        () if touching && gap.between.iter().any(|w| belongs(w)) => Link::Container,
        // `في حي السلام من بلدة سرمين`
        () if lead.from && touching && last.mention.kind == Some(PlaceKind::Neighbourhood) => {
            Link::Container
        }
        () if lead.also || !touching || lead.passed || lead.towards || lead.object || lead.from => {
            Link::None
        }
        () if gap.joined && !lead.any => Link::Member,
        () if !lead.any && is_dashed_list(page, clause, last, name) => Link::Member,
        () if gap.joined => Link::None,
        () if lead.direction && !lead.countryside => Link::Landmark,
        () if area || inside => Link::Container,
        () if gap.comma && !lead.any && is_latin(name) && !goes_on(page, clause, name) => {
            Link::Container
        }
        () if gap.comma && !lead.any => Link::Member,
        () if name.prefix == "ب" => Link::Container,
        () => Link::None,
    }
}

/// `قرى (سان |- منطف| - مجدليا)`: in a bracket dashes part the names of a list.
fn is_dashed_list(page: &Page<'_>, clause: &Range<usize>, last: &Placed, name: &Name) -> bool {
    let gap = last.tokens.end..name.tokens.start;
    let is_bracket = |t: &usize| matches!(page.word(*t), "(" | ")");
    let bracket = (clause.start..name.tokens.start).rev().find(is_bracket);
    gap.is_empty() && is_dashed(page, &gap) && bracket.is_some_and(|t| page.word(t) == "(")
}

/// Whether the words of a place end with a side of a countryside (`… بالريف الغربي`).
fn ends_with_side(page: &Page<'_>, place: &Placed) -> bool {
    let behind = place.tokens.end.saturating_sub(3)..place.tokens.end;
    page.hits(&behind)
        .any(|h| h.tokens.end == place.tokens.end && h.sense == Sense::Place(PlaceWord::LandAfter))
}

/// `بين مدينة الباب وبلدة تادف`: the other end of a road may have its own kind.
pub(super) fn is_second_end(page: &Page<'_>, placed: &[Placed], lead: &Lead) -> bool {
    let Some(last) = placed.last() else { return false };
    let gap = last.tokens.end..lead.start;
    let is_plain = lead.kind.is_some() && !(lead.near || lead.direction || lead.countryside);
    let begins = |t: usize| page.hits(&(t..t + 1)).any(|h| h.prefix.starts_with('و'));
    is_plain && gap.is_empty() && begins(lead.start)
}

/// What may stand between two names that belong together.
fn joins_names(word: &str) -> bool {
    matches!(word, "،" | "," | "و" | "and" | ")" | "في" | "in" | "of" | "the") || belongs(word)
}

/// So many words apart, a name still belongs to the one before.
const NEAR: usize = 5;

/// "Kafr Amma, Kafr Taal and Tadil" is a list; "Salqin, Idlib" is a place and what it lies in.
fn goes_on(page: &Page<'_>, clause: &Range<usize>, name: &Name) -> bool {
    let after = name.tokens.end;
    matches!(page.word(after), "and" | ",")
        && page.names(clause).any(|n| n.tokens.start == after + 1)
}

pub(super) fn is_latin(name: &Name) -> bool {
    name.key.is_ascii()
}

pub(super) fn starts_with_and(page: &Page<'_>, lead: &Lead, name: &Name) -> bool {
    (lead.start..name.tokens.start).next().is_some_and(|t| {
        page.hits(&(t..t + 1)).any(|h| h.prefix == "و" && matches!(h.sense, Sense::Place(_)))
    })
}
