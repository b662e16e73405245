//! The words before and behind a name that belong to it: `قرب قرية X`, "X city".

use std::ops::Range;

use super::names::{Name, belongs};
use crate::extract::Page;
use crate::extract::hit::{ActorName, Hit, PlaceWord, Sense};
use crate::extract::owner::right_before;
use crate::model::place::{PlaceKind, Renown};
use crate::model::report::Shift;
use crate::model::text::TokenKind;

/// The words that stand before a name and belong to it.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one word that may stand there, in any combination"
)]
#[derive(Debug, Clone, Default)]
pub(super) struct Lead {
    pub(super) start: usize,
    pub(super) kind: Option<PlaceKind>,
    pub(super) near: bool,
    pub(super) countryside: bool,
    pub(super) direction: bool,
    pub(super) inside: bool,
    pub(super) towards: bool,
    /// On the way there, and perhaps not yet arrived (`نحو مدينة الباب`).
    pub(super) heading: bool,
    /// Behind ل: where something goes, or what is done to it (`قصف لمدينة دوما`).
    pub(super) object: bool,
    pub(super) from: bool,
    pub(super) also: bool,
    pub(super) passed: bool,
    pub(super) any: bool,
    pub(super) between: bool,
    /// The words that tell a side.
    pub(super) side: Option<Range<usize>>,
}

/// Reads the words before a name, back to the first that does not belong to it.
pub(super) fn lead(page: &Page<'_>, clause: &Range<usize>, name: &Name) -> Lead {
    let mut lead = Lead { start: name.tokens.start, kind: kind_in(page, name), ..Lead::default() };
    lead.inside = name.prefix.ends_with('ب');
    lead.object = name.prefix.ends_with('ل');
    lead.any = lead.inside || lead.object;
    while lead.start > clause.start {
        if page.is(lead.start - 1, TokenKind::Quote) || opens_list(page, clause, lead.start - 1) {
            lead.start -= 1;
            continue;
        }
        let Some(hit) = ending_at(page, clause, lead.start) else { break };
        let Sense::Place(word) = hit.sense else { break };
        if !take(&mut lead, word) {
            break;
        }
        if matches!(word, PlaceWord::Direction | PlaceWord::Side) {
            lead.side = Some(hit.tokens.clone());
        }
        lead.start = hit.tokens.start;
        lead.any = true;
        lead.inside |= hit.prefix.ends_with('ب');
        lead.object |= matches!(hit.prefix, "ل" | "ول");
        // A conjunction before the lead ends it.
        if hit.prefix.starts_with('و') {
            break;
        }
    }
    lead.passed |= lead.inside && is_cared_for(page, clause, lead.start);
    lead.passed |= lies_in(page, lead.start);
    lead.passed |= is_posted(page, clause, lead.start);
    lead
}

/// `المتمركزة في القاعدة العسكرية |بحقل العمر`, `المنتشرة في مناطق |عفرين`: where they stand, and what they do happens
/// elsewhere.
fn is_posted(page: &Page<'_>, clause: &Range<usize>, start: usize) -> bool {
    let is_post = |t: &usize| {
        let word = page.word(*t);
        let bare = word.strip_prefix("ال").unwrap_or(word);
        page.lexicon.sides.things.contains(bare)
            || page.lexicon.around.attributes.contains(word)
            || matches!(bare, "مناطق" | "منطقه")
    };
    let posts = (clause.start..start).rev().take(MOST_POSTS).take_while(is_post).count();
    let posted =
        |h: &Hit| h.tokens.end == start - posts && h.sense == Sense::Place(PlaceWord::Posted);
    posts > 0
        && page.hits(&(start.saturating_sub(LONGEST_LEAD).max(clause.start)..start)).any(posted)
}

/// `نقاطها العسكرية`: so many words for where forces are posted.
const MOST_POSTS: usize = 2;

/// `قرى (|عقيبة، أبين)`: what stands in the bracket is of the kind before it.
fn opens_list(page: &Page<'_>, clause: &Range<usize>, at: usize) -> bool {
    let is_kind = |h: &Hit| matches!(h.sense, Sense::Place(PlaceWord::Kind(_)));
    page.word(at) == "(" && ending_at(page, clause, at).is_some_and(is_kind)
}

/// `نُقلوا إلى مشفى الشفاء بمدينة X`: where the wounded are taken is not where it happened.
fn is_cared_for(page: &Page<'_>, clause: &Range<usize>, start: usize) -> bool {
    let near = start.saturating_sub(HOSPITAL).max(clause.start)..start;
    // `إلى المشافي |جراء تفجير| في جرابلس` tells where it happened.
    let is_deed = |h: &Hit| matches!(h.sense, Sense::Trigger { .. });
    let is_stop = |t: &usize| {
        matches!(page.word(*t), "،" | "," | "." | ":") || page.hits(&(*t..*t + 1)).any(is_deed)
    };
    let goes_to = |t: usize| {
        let word = page.word(t);
        let word_before = |far: usize| page.before(t, far);
        let before =
            if matches!(word_before(1), "the" | "a") { word_before(2) } else { word_before(1) };
        let names = &page.lexicon.around.hospitals;
        (names.contains(word) && matches!(before, "الي" | "احد" | "احدي" | "to"))
            || word.strip_prefix('ل').is_some_and(|bare| names.contains(bare))
    };
    near.rev().take_while(|t| !is_stop(t)).any(goes_to)
}

/// Whether the words before a name tell where the town named before lies: `المدينة الواقعة في …`.
pub(super) fn lies_in(page: &Page<'_>, start: usize) -> bool {
    let before = |far: usize| page.before(start, far);
    belongs(before(1)) && page.lexicon.around.any_town.contains(before(2))
}

/// The name and the kind of a hospital have at most so many words.
const HOSPITAL: usize = 4;

/// The kind that is part of the name: `محافظة طرطوس`, "Idlib Governorate". Valleys, hills and bridges in a name say nothing
/// that the name does not: `وادي الذهب` and `جبل بدرو` are quarters.
fn kind_in(page: &Page<'_>, name: &Name) -> Option<PlaceKind> {
    let inside = page.hits(&name.tokens).filter(|h| h.tokens.len() < name.tokens.len());
    let mut kinds = inside.filter_map(|h| match h.sense {
        Sense::Place(PlaceWord::Kind(kind)) if h.tokens.start == name.tokens.start => Some(kind),
        Sense::Place(PlaceWord::KindAfter(kind)) if h.tokens.end == name.tokens.end => Some(kind),
        _ => None,
    });
    kinds.find(|kind| !matches!(kind, PlaceKind::Region | PlaceKind::Mountain | PlaceKind::Bridge))
}

fn ending_at<'p>(page: &'p Page<'_>, clause: &Range<usize>, end: usize) -> Option<&'p Hit> {
    let from = end.saturating_sub(LONGEST_LEAD).max(clause.start);
    let in_trigger = |tokens: &Range<usize>| {
        page.hits(clause).any(|h| {
            matches!(h.sense, Sense::Trigger { .. })
                && h.tokens.start < tokens.start
                && tokens.end <= h.tokens.end
        })
    };
    page.hits(&(from..end))
        .filter(|h| h.tokens.end == end && matches!(h.sense, Sense::Place(_)))
        // `تحرير |قرية| دابق`
        .find(|h| matches!(h.sense, Sense::Place(PlaceWord::Kind(_))) || !in_trigger(&h.tokens))
}

/// A phrase before a name has at most so many words.
const LONGEST_LEAD: usize = 6;

/// Takes a word into the lead; `false` for a word that does not stand before names.
fn take(lead: &mut Lead, word: PlaceWord) -> bool {
    // After a role word nothing further out belongs to the name.
    if (lead.towards || lead.object)
        && lead.any
        && matches!(
            word,
            PlaceWord::Towards | PlaceWord::Heading | PlaceWord::Origin | PlaceWord::Via
        )
    {
        return false;
    }
    match word {
        PlaceWord::Also => {
            (lead.towards, lead.object) = (false, false);
            lead.also = true;
        }
        // `بلدات ريف إدلب`, `بلدة شرقي دير الزور`: the towns are others than the name behind.
        PlaceWord::Kind(kind) if !(lead.near || lead.countryside || lead.direction) => {
            lead.kind = lead.kind.or(Some(kind));
        }
        PlaceWord::Kind(_) => {}
        PlaceWord::Near => lead.near = true,
        PlaceWord::Between => (lead.near, lead.between) = (true, true),
        PlaceWord::Direction => lead.direction = true,
        PlaceWord::Side | PlaceWord::Countryside => lead.countryside = true,
        PlaceWord::Within | PlaceWord::Inside => lead.inside = true,
        PlaceWord::Towards => lead.towards = true,
        PlaceWord::Heading => (lead.towards, lead.heading) = (true, true),
        PlaceWord::Origin => lead.from = true,
        PlaceWord::Via | PlaceWord::Posted => lead.passed = true,
        PlaceWord::KindAfter(_)
        | PlaceWord::CountrysideAfter
        | PlaceWord::LandAfter
        | PlaceWord::Called
        | PlaceWord::Elsewhere
        | PlaceWord::Distance => return false,
    }
    true
}

/// Where the words put the event from the place: `5 كم شمال شرق منبج`, `ريف حلب الشرقي`.
pub(super) fn shift(page: &Page<'_>, lead: &Lead, behind: Option<&Range<usize>>) -> Shift {
    let Some(side) = lead.side.as_ref().or(behind) else { return Shift::None };
    let Some(bearing) = bearing(page, side) else { return Shift::None };
    Shift::Beyond { bearing, km: kilometres(page, side.start) }
}

/// Degrees from north, clockwise, of words such as `شمال شرقي`, "north-east of".
fn bearing(page: &Page<'_>, words: &Range<usize>) -> Option<u16> {
    let told: String = words.clone().map(|t| page.word(t)).collect();
    let sides = page.lexicon.bearings.iter().filter(|(side, _)| told.contains(side.as_str()));
    let mut degrees: Vec<u16> = sides.map(|&(_, degrees)| degrees).collect();
    degrees.dedup();
    match *degrees.as_slice() {
        [one] => Some(one),
        // North and west meet where the circle closes.
        [0, 270] => Some(315),
        [a, b] if b - a == 90 => Some(a.midpoint(b)),
        _ => None,
    }
}

/// The distance told right before the words for a side.
fn kilometres(page: &Page<'_>, before: usize) -> Option<u16> {
    let unit = before.checked_sub(1)?..before;
    page.hits(&unit).find(|h| matches!(h.sense, Sense::Place(PlaceWord::Distance)))?;
    page.word(before.checked_sub(2)?).parse().ok()
}

/// The words behind a name that belong to it: `Manbij city`, `ريف حلب الشرقي`.
pub(super) fn with_words_after(page: &Page<'_>, name: &Name) -> usize {
    let mut end = name.tokens.end;
    while let Some(hit) = after(page, end) {
        end = hit.tokens.end;
    }
    end
}

pub(super) fn after<'p>(page: &'p Page<'_>, at: usize) -> Option<&'p Hit> {
    page.hits.at(at).find(|h| {
        let Sense::Place(word) = h.sense else { return false };
        let is_behind = matches!(
            word,
            PlaceWord::KindAfter(_) | PlaceWord::CountrysideAfter | PlaceWord::LandAfter
        );
        is_behind && h.prefix.is_empty()
    })
}

/// A name that is also a common word, or that only villages bear, counts only behind a word that
/// announces a place; a Latin one only with its capital.
pub(super) fn is_common(page: &Page<'_>, name: &Name, lead: &Lead) -> bool {
    let latin = name.key.is_ascii();
    let lower = latin && !page.original(name.tokens.clone()).contains(char::is_uppercase);
    // A preposition announces the town (`على الباب`), but not the hamlet (`على الفور`, `قرب منزله`).
    let is_announced = if is_hamlet_word(page, name) {
        lead.kind.is_some() || is_axis(page, name)
    } else {
        lead.inside || is_announced(lead) || stands_at(page, name)
    };
    let is_announced = is_announced || follows_a_place(page, name) || is_struck(page, name);
    lower || (may_be_a_word(page, name) && !is_announced)
}

/// `قصفت قوات النظام |كنصفرة|`: no word that the lists know, right behind who strikes, behind the verb.
fn is_struck(page: &Page<'_>, name: &Name) -> bool {
    let strikes = |h: &Hit| match h.sense {
        Sense::Trigger { id, verb: true, .. } => {
            page.lexicon.triggers.get(id).is_some_and(|t| t.sub_event.is_violent())
        }
        _ => false,
    };
    let is_striker = |h: &Hit| {
        matches!(h.sense, Sense::Actor { name: ActorName::Full, .. })
            && right_before(page, h.tokens.start, strikes).is_some()
    };
    name.prefix.is_empty()
        && page.hits.at(name.tokens.start).next().is_none()
        && right_before(page, name.tokens.start, is_striker).is_some()
}

/// `محور المجدل`: a front is named after the place that it runs by.
fn is_axis(page: &Page<'_>, name: &Name) -> bool {
    let before = page.before(name.tokens.start, 1);
    name.prefix.is_empty() && matches!(before, "محور" | "محوري" | "محاور" | "جبهه" | "جبهات")
}

/// `على حاجز |القطيفة|`: a post or a junction is named after the town it stands by.
fn stands_at(page: &Page<'_>, name: &Name) -> bool {
    let before = page.before(name.tokens.start, 1);
    name.prefix.is_empty()
        && matches!(before, "حاجز" | "مفرق" | "مدخل" | "مداخل" | "تقاطع" | "كراج")
}

/// Whether a name is a common word that only hamlets bear; `في إشارة` is not the town of الأشارة.
pub(super) fn is_hamlet_word(page: &Page<'_>, name: &Name) -> bool {
    let is_hamlet = name.renown == Some(Renown::Village) || name.is_bare;
    is_hamlet && page.lexicon.common.contains(&name.key)
}

/// `ريف دمشق دوما`, `درعا - نوى`: headlines put a town right behind what it lies in, and behind a countryside
/// a village as well, if the lists know no such word (`ريف حلب احرص`).
fn follows_a_place(page: &Page<'_>, name: &Name) -> bool {
    let is_mark = |t: usize| matches!(page.word(t), "-" | "–" | ":");
    let end = name.tokens.start.saturating_sub(1);
    let end = if is_mark(end) { end } else { name.tokens.start };
    let near = end.saturating_sub(3)..end;
    let is_town = name.renown == Some(Renown::Town);
    let is_countryside = |h: &Hit| h.sense == Sense::Place(PlaceWord::Countryside);
    let is_known = |other: &Name| {
        other.tokens.end == end
            && other.renown == Some(Renown::Town)
            && !page.lexicon.common.contains(&other.key)
            && (is_town || right_before(page, other.tokens.start, is_countryside).is_some())
    };
    let is_open = is_town || page.hits.at(name.tokens.start).next().is_none();
    is_open && name.prefix.is_empty() && page.names(&near).any(is_known)
}

/// Whether it may still be a common word, as nothing but a preposition announces it (`بجروح`).
pub(super) fn is_doubtful(page: &Page<'_>, name: &Name, lead: &Lead) -> bool {
    may_be_a_word(page, name) && !is_announced(lead)
}

fn is_announced(lead: &Lead) -> bool {
    lead.kind.is_some() || lead.near || lead.countryside || lead.direction
}

fn may_be_a_word(page: &Page<'_>, name: &Name) -> bool {
    let small =
        !name.key.is_ascii() && name.tokens.len() == 1 && name.renown == Some(Renown::Village);
    small || page.lexicon.common.contains(&name.key)
}
