//! Where: the places a sentence names, what the words around them say of them.
//!
//! Only the names come from the gazetteer; which place a name means is not decided here.

mod lead;
mod link;
mod names;
mod phrase;
mod way;

use hashbrown::HashSet;
use std::ops::Range;

use super::Page;
use super::certainty::demanded_from;
use super::hit::{Hit, PlaceWord, Sense};
use super::lexicon::Effect;
use super::shadow::{Shadow, accuses};
use super::zone::Zone;
use crate::model::place::PlaceKind;
use crate::model::report::{Mention, Relation, Shift};
use lead::{Lead, after, is_common, is_doubtful, is_hamlet_word, lead, shift};
use link::{Link, is_latin, is_second_end, link, starts_with_and};
pub(super) use names::Name;
pub use names::Toponyms;
use names::{all_names, is_no_place};
pub use phrase::read_place;
use way::{Way, way};

/// A place named in a clause, with the part it plays.
#[derive(Debug, Clone)]
pub(in crate::extract) struct Placed {
    pub(in crate::extract) mention: Mention,
    pub(in crate::extract) tokens: Range<usize>,
    pub(in crate::extract) part: PlacePart,
    /// Whether the gazetteer has the name.
    is_known: bool,
}

/// The part a place plays in an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::extract) enum PlacePart {
    /// It happens there.
    There,
    /// Something is on the way there.
    Towards,
    /// Something is on the way there, or it happens to it.
    Object,
    /// Something comes from it.
    From,
    /// Something passes by it, or stands there and acts elsewhere.
    Passed,
    /// It contains the other places of the clause.
    Context,
    /// It is a town of another country.
    Abroad,
    /// The words around hide it: a purpose, a threat, a ground.
    Hidden,
}

/// The places of a clause, in order; containers, aliases and list members are put together.
pub(in crate::extract) fn places(
    page: &Page<'_>,
    clause: &Range<usize>,
    shadows: &[Shadow],
    speaker: Option<&Range<usize>>,
) -> Vec<Placed> {
    let mut placed: Vec<Placed> = Vec::new();
    // Where the last list of places begins, and the words it shares.
    let mut list = 0..0;
    let mut shared = Lead::default();
    for name in &all_names(page, clause) {
        // `بحسب مصادر طبية في القامشلي`: where they speak is not where it happened.
        let lead = lead_behind(page, clause, &placed, name);
        let is_speakers = speaker.is_some_and(|s| s.contains(&name.tokens.start));
        if is_speakers || is_reporters(page, clause, lead.start) {
            continue;
        }
        let way = placed.get(list.clone()).and_then(|of| way(page, clause, of, name));
        shared.between |= matches!(way, Some(Way::End));
        let (link, end) = link(page, clause, &placed, name, &lead);
        let link = way.map_or(link, |way| way.link());
        let opens_road = shared.between && list.len() == 1 && is_second_end(page, &placed, &lead);
        let link = if opens_road { Link::Member } else { link };
        let is_word = match link {
            Link::None => is_common(page, name, &lead),
            // `سرمين ومسجد`: a list goes on with a hamlet of that name only among villages.
            Link::Member => shared.kind.is_none() && is_hamlet_word(page, name),
            _ => false,
        };
        if is_word {
            continue;
        }
        match link {
            Link::Alias | Link::Container | Link::Landmark => {
                if link != Link::Alias
                    && let Some(around) = self::placed(page, name, &lead, end, shadows)
                {
                    for place in placed.get_mut(list.clone()).unwrap_or_default() {
                        put(&mut place.mention, link, &around.mention);
                    }
                }
                extend(&mut placed, list.clone(), end);
            }
            Link::Member if shared.between && list.len() == 1 => {
                for place in placed.get_mut(list.clone()).unwrap_or_default() {
                    place.mention.shift = Shift::HalfWay(name.key.clone());
                    place.mention.beside.push(name.key.clone());
                }
                extend(&mut placed, list.clone(), end);
                shared.between = false;
            }
            Link::Member => {
                let lead =
                    Lead { start: lead.start, kind: lead.kind.or(shared.kind), ..shared.clone() };
                placed.extend(self::placed(page, name, &lead, end, shadows));
                list.end = placed.len();
            }
            Link::None => {
                list = placed.len()..placed.len() + 1;
                placed.extend(self::placed(page, name, &lead, end, shadows));
                list.end = placed.len();
                shared = lead;
            }
        }
    }
    settle(page, clause, &mut placed);
    placed
}

/// What each place is by those beside it.
fn settle(page: &Page<'_>, clause: &Range<usize>, placed: &mut [Placed]) {
    settle_spans(page, placed);
    set_context(page, clause, placed);
    set_quarters(page, placed);
    set_mourned(page, placed);
}

/// The words before a name. `نُقلوا إلى مشافي إدلب |ومشفى باب الهوى|`: what is joined to a place that something
/// passes by is passed by as well.
fn lead_behind(page: &Page<'_>, clause: &Range<usize>, placed: &[Placed], name: &Name) -> Lead {
    let lead = lead(page, clause, name);
    let passed = |last: &Placed| last.part == PlacePart::Passed && last.tokens.end == lead.start;
    let goes_on = placed.last().is_some_and(passed) && starts_with_and(page, &lead, name);
    Lead { passed: lead.passed || goes_on, ..lead }
}

/// `شهدت مدينة حلب انفجاراً |في حي السكري|`: the quarter lies in the town that was named before it.
fn set_quarters(page: &Page<'_>, placed: &mut [Placed]) {
    let is_quarter = |place: &Placed| {
        let joined = page.word(place.tokens.start).starts_with('و');
        let is_urban = |t: usize| page.lexicon.urban.contains(page.word(t));
        let is_part = place.mention.kind == Some(PlaceKind::Neighbourhood)
            || place.tokens.clone().any(is_urban);
        place.part == PlacePart::There && is_part && place.mention.within.is_empty() && !joined
    };
    let is_town = |place: &Placed| {
        let is_kind = matches!(place.mention.kind, None | Some(PlaceKind::City | PlaceKind::Town));
        place.part == PlacePart::There && place.mention.relation == Relation::At && is_kind
    };
    for at in 1..placed.len() {
        let (before, rest) = placed.split_at_mut(at);
        let (Some(town), Some(quarter)) = (before.last_mut(), rest.first_mut()) else { continue };
        if is_town(town) && is_quarter(quarter) {
            town.part = PlacePart::Context;
            quarter.mention.within.push(town.mention.name.clone());
        }
    }
}

/// `شهداء |خان السبل| جراء قصف على كفر جالس`: where the dead are from, if the clause tells where they died.
fn set_mourned(page: &Page<'_>, placed: &mut [Placed]) {
    let is_mourned = |place: &Placed| {
        let before = page.before(place.tokens.start, 1);
        place.part == PlacePart::There && page.lexicon.around.mourned.contains(before)
    };
    let dies_there = |place: &Placed| place.part == PlacePart::There && !is_mourned(place);
    if placed.iter().any(dies_there) {
        for place in placed.iter_mut().filter(|place| is_mourned(place)) {
            place.part = PlacePart::From;
        }
    }
}

/// `قال مراسلنا في درعا`: where the outlet has its people.
fn is_reporters(page: &Page<'_>, clause: &Range<usize>, start: usize) -> bool {
    let before = start.saturating_sub(REPORTER).max(clause.start)..start;
    let is_stop = |t: &usize| matches!(page.word(*t), "،" | "," | ":" | "ان" | "that");
    let mut words = before.clone().rev().take_while(|t| !is_stop(t));
    let is_trigger = |h: &Hit| matches!(h.sense, Sense::Trigger { .. });
    let acts = page.hits(&before).any(is_trigger);
    // `اعتقلت القوات أمس |الناشط| … في مدينة X`: whom it befalls tells nothing.
    let suffers = |t: usize| {
        let phrase = t - (clause.start..t).rev().take_while(|t| !is_stop(t)).count()..t;
        let tells = |h: &&Hit| is_trigger(h) || matches!(h.sense, Sense::Speech(_));
        page.hits(&phrase).filter(tells).last().is_some_and(is_trigger)
    };
    !acts && words.any(|t| page.lexicon.around.reporters.contains(page.word(t)) && !suffers(t))
}

/// The name of an outlet and of a person may stand between a reporter and the place.
const REPORTER: usize = 5;

/// A governorate or a countryside at the head of a clause (`وفي ريف حماة، … بلدة جورين`, `LATAKIA, Syria –`)
/// holds the places that follow; alone, it is where the event is.
fn set_context(page: &Page<'_>, clause: &Range<usize>, placed: &mut [Placed]) {
    let is_specific = |p: &Placed| {
        p.part == PlacePart::There && p.mention.kind.is_some_and(PlaceKind::is_settlement)
    };
    for at in 0..placed.len() {
        let Some((here, after)) = placed.split_at_mut(at).1.split_first_mut() else { continue };
        let wide = here.mention.relation == Relation::Within
            || (here.mention.relation == Relation::Countryside && here.mention.kind.is_none())
            || is_dateline(page, clause, here);
        if here.part != PlacePart::There
            || !wide
            || !after.iter().any(|p| {
                is_specific(p) || (p.part == PlacePart::There && is_dateline(page, clause, here))
            })
        {
            continue;
        }
        here.part = PlacePart::Context;
        for place in after.iter_mut().filter(|p| p.mention.within.is_empty()) {
            place.mention.within.push(here.mention.name.clone());
        }
    }
}

/// A name at the very beginning, before a colon or a dash: where the report was written. An
/// outlet may stand before it (`"نداء بوست"- إدلب- …`).
fn is_dateline(page: &Page<'_>, clause: &Range<usize>, place: &Placed) -> bool {
    let is_mark = |t: usize| matches!(page.word(t), ":" | "–" | "—" | "-");
    let before = (clause.start..place.tokens.start).rev().find(|&t| !page.word(t).is_empty());
    let is_behind_outlet =
        place.tokens.start <= clause.start + DATELINE && before.is_some_and(is_mark);
    (place.tokens.start <= clause.start + 1 || is_behind_outlet)
        && (place.tokens.end..(place.tokens.end + 5).min(clause.end)).any(is_mark)
}

/// A dateline begins at most so many words into its sentence.
const DATELINE: usize = 5;

fn placed(
    page: &Page<'_>,
    name: &Name,
    lead: &Lead,
    end: usize,
    shadows: &[Shadow],
) -> Option<Placed> {
    let mut kind = lead.kind;
    let mut countryside = lead.countryside;
    let mut at = name.tokens.end;
    let mut behind = None;
    while let Some(hit) = after(page, at) {
        if let Sense::Place(PlaceWord::KindAfter(after)) = hit.sense {
            kind = kind.or(Some(after));
        } else {
            countryside |= is_latin(name) || hit.sense == Sense::Place(PlaceWord::LandAfter);
            behind = Some(hit.tokens.clone());
        }
        at = hit.tokens.end;
    }
    // "Mar Elias |Church|" is in the town that is named behind it.
    let ends = [page.before(name.tokens.end, 1), page.word(name.tokens.end)];
    let is_part = name.renown.is_none()
        && is_latin(name)
        && ends.iter().any(|word| page.lexicon.urban.contains(*word));
    kind = kind.or(is_part.then_some(PlaceKind::Neighbourhood));
    // `مدينة القائم |العراقية|`
    let is_foreign = kind.is_some_and(PlaceKind::is_settlement)
        && page.lexicon.around.foreign.contains(page.word(at));
    let relation = match () {
        // `في سماء ريف حمص الشمالي` is over the countryside.
        () if countryside => Relation::Countryside,
        () if lead.near || lead.direction || lead.heading => Relation::Near,
        () if kind == Some(PlaceKind::Governorate) => Relation::Within,
        () => Relation::At,
    };
    let at = name.tokens.start;
    let hides = |s: &Shadow| {
        s.effect.hides_places()
            && s.cue.end <= at
            && s.tokens.contains(&at)
            && !is_open(page, s, lead)
            && !(s.effect == Effect::Demand && at < demanded_from(page, s))
    };
    let hidden = shadows.iter().any(hides);
    let part = match () {
        () if hidden => PlacePart::Hidden,
        () if is_foreign => PlacePart::Abroad,
        () if lead.passed => PlacePart::Passed,
        // `أسعفوا إلى مشفى السويداء`: where the wounded are taken.
        () if lead.towards && page.lexicon.urban.contains(page.word(at)) => PlacePart::Passed,
        () if lead.from => PlacePart::From,
        () if lead.towards => PlacePart::Towards,
        () if lead.object => PlacePart::Object,
        () => PlacePart::There,
    };
    let span = page.text.span(lead.start..end)?;
    let mention = Mention {
        span,
        name: name.key.clone(),
        kind,
        relation,
        within: Vec::new(),
        side: None,
        beside: Vec::new(),
        shift: shift(page, lead, behind.as_ref()),
        is_doubtful: is_doubtful(page, name, lead),
    };
    Some(Placed { mention, tokens: lead.start..end, part, is_known: name.renown.is_some() })
}

/// `أعدم شاباً بتهمة التجسس |في الميادين|`: behind an accusation that names no deed stands where it was done to him.
fn is_open(page: &Page<'_>, shadow: &Shadow, lead: &Lead) -> bool {
    let is_deed = |h: &Hit| matches!(h.sense, Sense::Trigger { .. });
    let between = shadow.cue.end..lead.start;
    accuses(page, &shadow.cue)
        && page.word(lead.start) == "في"
        && !page.hits(&between).any(is_deed)
        && !page.words(&between).any(|word| word.contains("ارتكاب"))
}

/// Puts a place into what it lies in, or beside it.
fn put(place: &mut Mention, link: Link, around: &Mention) {
    let names = if link == Link::Landmark { &mut place.beside } else { &mut place.within };
    names.push(around.name.clone());
    place.side = place.side.take().or_else(|| around.as_side());
}

fn extend(placed: &mut [Placed], list: Range<usize>, end: usize) {
    // The container belongs to the whole list; the words go to its last member.
    if let Some(last) = placed.get_mut(list).and_then(<[Placed]>::last_mut) {
        last.tokens.end = last.tokens.end.max(end);
    }
}

fn settle_spans(page: &Page<'_>, placed: &mut [Placed]) {
    for place in placed {
        if let Some(span) = page.text.span(place.tokens.clone()) {
            place.mention.span = span;
        }
    }
}

/// All names of the article's own lines, each once: the company that tells namesakes apart.
pub(in crate::extract) fn company(page: &Page<'_>, zones: &[Zone]) -> Vec<String> {
    let mut seen = HashSet::new();
    let mut company = Vec::new();
    for zone in
        zones.iter().filter(|z| z.kind.is_read() || z.kind == crate::extract::zone::ZoneKind::Title)
    {
        for name in page.names(&zone.tokens) {
            let lead = lead(page, &zone.tokens, name);
            let counts = !is_no_place(page, &zone.tokens, name)
                && !is_common(page, name, &lead)
                && !is_doubtful(page, name, &lead);
            if counts && seen.insert(name.key.clone()) {
                company.push(name.key.clone());
            }
        }
    }
    company
}
