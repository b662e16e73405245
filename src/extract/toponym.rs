//! Where: the places a sentence names, what the words around them say of them.
//!
//! Only the names come from the gazetteer; which place a name means is not decided here.

use std::collections::{BTreeSet, HashSet};
use std::ops::Range;

use daachorse::{CharwiseDoubleArrayAhoCorasick, CharwiseDoubleArrayAhoCorasickBuilder, MatchKind};

use super::Page;
use super::actor::is_government;
use super::certainty::Shadow;
use super::forms::{Proclitics, behind_lam};
use super::hit::{ActorName, Hit, PlaceWord, Sense};
use super::lexicon::Lexicon;
use super::zone::Zone;
use crate::model::article::{Article, ArticleId, Lang};
use crate::model::place::PlaceKind;
use crate::model::report::{Mention, Relation};
use crate::model::text::{Text, TokenKind, is_arabic};

/// The names of the gazetteer as one automaton.
pub struct Toponyms {
    automaton: Option<CharwiseDoubleArrayAhoCorasick<u32>>,
    names: Vec<String>,
}

impl std::fmt::Debug for Toponyms {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Toponyms").field("names", &self.names.len()).finish_non_exhaustive()
    }
}

/// A name of the gazetteer at its place in the text.
#[derive(Debug, Clone)]
pub(super) struct Name {
    pub(super) tokens: Range<usize>,
    /// The joined letters before it.
    pub(super) prefix: String,
    /// The name, folded.
    pub(super) key: String,
}

impl Toponyms {
    /// Makes the automaton from folded names. Takes some tens of milliseconds for ten thousand places.
    pub fn new<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let names: Vec<String> =
            names.into_iter().collect::<BTreeSet<&str>>().into_iter().map(str::to_owned).collect();
        let mut patterns: Vec<(String, u32)> = Vec::with_capacity(names.len() * 2);
        let mut seen: HashSet<String> = names.iter().cloned().collect();
        for (at, name) in (0_u32..).zip(&names) {
            patterns.push((name.clone(), at));
            if let Some(joined) = behind_lam(name).filter(|joined| seen.insert(joined.clone())) {
                patterns.push((joined, at));
            }
        }
        // The builder refuses an empty set; a gazetteer without names finds none.
        let automaton = CharwiseDoubleArrayAhoCorasickBuilder::new()
            .match_kind(MatchKind::Standard)
            .build_with_values(patterns)
            .ok();
        Self { automaton, names }
    }

    /// Finds every name, the longest where several overlap, in the order of the text.
    pub(super) fn scan(&self, text: &Text) -> Vec<Name> {
        let Some(automaton) = &self.automaton else { return Vec::new() };
        let mut found: Vec<Name> = automaton
            .find_overlapping_iter(&text.folded)
            .filter_map(|hit| self.name(text, hit.start()..hit.end(), hit.value()))
            .collect();
        found.sort_by_key(|n| (n.tokens.start, std::cmp::Reverse((n.tokens.end, n.key.len()))));
        let mut end = 0;
        found.retain(|n| {
            let free = n.tokens.start >= end;
            end = end.max(n.tokens.end);
            free
        });
        found
    }

    fn name(&self, text: &Text, found: Range<usize>, value: u32) -> Option<Name> {
        let first = text.token_at(found.start)?;
        let last = text.token_at(found.end.checked_sub(1)?)?;
        let (start, end) = (text.tokens.get(first)?, text.tokens.get(last)?);
        let prefix = text.folded.get(start.folded.start..found.start)?;
        let arabic = text.folded.get(found.clone())?.chars().any(is_arabic);
        let allowed = if arabic { Proclitics::Name } else { Proclitics::None };
        let whole = end.folded.end == found.end && allowed.allow(prefix);
        // درعاً is a shield, not Daraa.
        if !whole || end.tanwin {
            return None;
        }
        let name = self.names.get(value as usize)?.clone();
        let prefix = if text.folded.get(found)?.starts_with("لل") && !name.starts_with("لل") {
            "ل"
        } else {
            prefix
        };
        Some(Name { tokens: first..last + 1, prefix: prefix.to_owned(), key: name })
    }
}

/// A place named in a clause, with the part it plays.
#[derive(Debug, Clone)]
pub(super) struct Placed {
    pub(super) mention: Mention,
    pub(super) tokens: Range<usize>,
    pub(super) part: PlacePart,
}

/// The part a place plays in an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PlacePart {
    /// It happens there.
    There,
    /// Something is on the way there.
    Towards,
    /// Something comes from it.
    From,
    /// Something passes by it, or stands there and acts elsewhere.
    Passed,
    /// It contains the other places of the clause.
    Context,
    /// The words around hide it: a purpose, a threat, a ground.
    Hidden,
}

/// The words that stand before a name and belong to it.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one word that may stand there, in any combination"
)]
#[derive(Debug, Clone, Default)]
struct Lead {
    start: usize,
    kind: Option<PlaceKind>,
    near: bool,
    countryside: bool,
    direction: bool,
    inside: bool,
    towards: bool,
    from: bool,
    also: bool,
    passed: bool,
    any: bool,
}

/// The places of a clause, in order; containers, aliases and list members are put together.
pub(super) fn places(
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
        if speaker.is_some_and(|s| s.contains(&name.tokens.start)) {
            continue;
        }
        let lead = lead(page, clause, name);
        let (link, end) = link(page, &placed, name, &lead);
        if matches!(link, Link::None) && is_common(page, name, &lead) {
            continue;
        }
        match link {
            Link::Alias => extend(&mut placed, list.clone(), end),
            Link::Container => {
                for place in placed.get_mut(list.clone()).unwrap_or_default() {
                    place.mention.within.push(name.key.clone());
                }
                extend(&mut placed, list.clone(), end);
            }
            Link::Landmark => {
                for place in placed.get_mut(list.clone()).unwrap_or_default() {
                    place.mention.beside.push(name.key.clone());
                }
                extend(&mut placed, list.clone(), end);
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
    settle_spans(page, &mut placed);
    set_context(page, clause, &mut placed);
    placed
}

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

/// A name at the very beginning, before a colon or a dash: where the report was written.
fn is_dateline(page: &Page<'_>, clause: &Range<usize>, place: &Placed) -> bool {
    place.tokens.start <= clause.start + 1
        && (place.tokens.end..(place.tokens.end + 5).min(clause.end))
            .any(|t| matches!(page.word(t), ":" | "–" | "—" | "-"))
}

/// The names of a clause: those of the gazetteer, and those that only a word before them
/// shows to be names (`قرية كذا`). A village that no gazetteer knows must not land on the town behind it.
fn all_names(page: &Page<'_>, clause: &Range<usize>) -> Vec<Name> {
    let mut names: Vec<Name> =
        page.names(clause).filter(|name| !is_hidden_name(page, clause, name)).cloned().collect();
    // `Kafr Amma` is not Kafr: the head of a compound alone is no name.
    names.retain(|name| {
        let head = name.tokens.len() == 1 && is_compound_head(&name.key);
        !(head && name.tokens.end < clause.end && is_plain(page, clause, name.tokens.end))
    });
    for hit in page.hits(clause) {
        let Sense::Place(PlaceWord::Kind(kind)) = hit.sense else { continue };
        let taken = page
            .names(clause)
            .any(|n| n.tokens.start <= hit.tokens.end && hit.tokens.start < n.tokens.end);
        if kind.announces_a_name() && !taken && !hit.is_definite() {
            names.extend(unknown_name(page, clause, hit.tokens.end));
        }
    }
    for hit in page.hits(clause) {
        let announces = matches!(
            hit.sense,
            Sense::Place(PlaceWord::Near | PlaceWord::Direction | PlaceWord::Within | PlaceWord::Side)
        );
        if announces && is_capital(page, clause, hit.tokens.end) {
            names.extend(unknown_name(page, clause, hit.tokens.end));
        }
    }
    names.sort_by_key(|name| (name.tokens.start, std::cmp::Reverse(name.tokens.end)));
    names.dedup_by(|b, a| b.tokens.start < a.tokens.end);
    names
}

/// A Latin word with a capital that neither list nor gazetteer knows: the name of something.
fn is_capital(page: &Page<'_>, clause: &Range<usize>, token: usize) -> bool {
    let capital = page.original(token..token + 1).starts_with(char::is_uppercase);
    token < clause.end && capital && page.word(token).is_ascii() && is_plain(page, clause, token)
}

/// The words of a name that the gazetteer does not have: up to the next word that is known for something else.
fn unknown_name(page: &Page<'_>, clause: &Range<usize>, start: usize) -> Option<Name> {
    let start = (start..clause.end).find(|&t| !page.is(t, TokenKind::Quote))?;
    let latin = is_capital(page, clause, start);
    let goes_on = |&t: &usize| is_plain(page, clause, t) && (!latin || is_capital(page, clause, t));
    let end = start + (start..clause.end.min(start + LONGEST_UNKNOWN)).take_while(goes_on).count();
    // Where nothing known ends the name, it is one word, or two behind the head of a compound.
    let cut = if end == start + LONGEST_UNKNOWN {
        start + 1 + usize::from(is_compound_head(page.word(start)))
    } else {
        end
    };
    let words: Vec<&str> = (start..cut).map(|t| page.word(t)).collect();
    (cut > start).then(|| Name { tokens: start..cut, prefix: String::new(), key: words.join(" ") })
}

/// A word that neither list nor gazetteer knows.
fn is_plain(page: &Page<'_>, clause: &Range<usize>, token: usize) -> bool {
    let known = |h: &Hit| !matches!(h.sense, Sense::Counted(..) | Sense::Number(_));
    page.is(token, TokenKind::Word)
        && page.names(&(token..token + 1)).next().is_none()
        && !page.hits(&(token..(token + 1).min(clause.end))).any(known)
}

/// An unknown name has at most so many words.
const LONGEST_UNKNOWN: usize = 3;

/// First words of names in two parts: `تل كذا`, `كفر كذا`.
fn is_compound_head(word: &str) -> bool {
    matches!(
        word,
        "تل" | "كفر"
            | "خربه"
            | "ابو"
            | "ام"
            | "عين"
            | "دير"
            | "راس"
            | "بيت"
            | "شيخ"
            | "الشيخ"
            | "خان"
            | "باب"
            | "جب"
            | "وادي"
            | "بئر"
            | "بير"
            | "مزرعه"
            | "tell"
            | "tal"
            | "kafr"
            | "deir"
            | "ain"
            | "beit"
            | "abu"
            | "umm"
            | "khan"
            | "khirbet"
    )
}

/// How a name stands to the places before it.
enum Link {
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

fn link(page: &Page<'_>, placed: &[Placed], name: &Name, lead: &Lead) -> (Link, usize) {
    let end = with_words_after(page, name);
    let Some(last) = placed.last() else { return (Link::None, end) };
    let gap = last.tokens.end..lead.start.min(name.tokens.start);
    let between: Vec<&str> = gap.clone().map(|t| page.word(t)).filter(|w| !w.is_empty()).collect();
    if between == ["("] {
        return (Link::Alias, end + usize::from(page.word(end) == ")"));
    }
    let called = |h: &Hit| matches!(h.sense, Sense::Place(PlaceWord::Called));
    if page.hits(&(last.tokens.end..name.tokens.start)).any(called) && gap.len() <= 5 {
        return (Link::Alias, end);
    }
    let touching = between.iter().all(|w| {
        matches!(
            *w,
            "،" | ","
                | "و"
                | "and"
                | ")"
                | "في"
                | "in"
                | "التابعه"
                | "الواقعه"
                | "of"
                | "the"
        )
    });
    let comma = between.iter().any(|w| matches!(*w, "،" | ","));
    let joined = name.prefix == "و"
        || between.iter().any(|w| matches!(*w, "و" | "and"))
        || starts_with_and(page, lead, name);
    let area =
        lead.countryside || matches!(lead.kind, Some(PlaceKind::Governorate | PlaceKind::District));
    let happens_between = page
        .hits(&(last.tokens.end..name.tokens.start))
        .any(|h| matches!(h.sense, Sense::Trigger { .. } | Sense::Opener));
    match () {
        // "in the hills east of Jableh" says where the place before is.
        () if lead.direction
            && !lead.countryside
            && !joined
            && !happens_between
            && last.part == PlacePart::There =>
        {
            (Link::Landmark, end)
        }
        () if lead.also || !touching || lead.passed || lead.towards || lead.from => (Link::None, end),
        () if joined && !lead.any => (Link::Member, end),
        () if joined => (Link::None, end),
        () if lead.direction && !lead.countryside => (Link::Landmark, end),
        () if area || lead.inside || between.iter().any(|w| matches!(*w, "في" | "in" | "of")) => {
            (Link::Container, end)
        }
        () if comma && !lead.any && is_latin(name) => (Link::Container, end),
        () if comma && !lead.any => (Link::Member, end),
        () if name.prefix == "ب" => (Link::Container, end),
        () => (Link::None, end),
    }
}

fn is_latin(name: &Name) -> bool {
    name.key.is_ascii()
}

fn starts_with_and(page: &Page<'_>, lead: &Lead, name: &Name) -> bool {
    (lead.start..name.tokens.start).next().is_some_and(|t| {
        page.hits(&(t..t + 1)).any(|h| h.prefix == "و" && matches!(h.sense, Sense::Place(_)))
    })
}

/// Reads the words before a name, back to the first that does not belong to it.
fn lead(page: &Page<'_>, clause: &Range<usize>, name: &Name) -> Lead {
    let mut lead = Lead { start: name.tokens.start, kind: kind_in(page, name), ..Lead::default() };
    lead.inside = name.prefix.ends_with('ب');
    lead.towards = name.prefix.ends_with('ل');
    lead.any = lead.inside || lead.towards;
    while lead.start > clause.start {
        if page.is(lead.start - 1, TokenKind::Quote) {
            lead.start -= 1;
            continue;
        }
        let Some(hit) = ending_at(page, clause, lead.start) else { break };
        let Sense::Place(word) = hit.sense else { break };
        if !take(&mut lead, word) {
            break;
        }
        lead.start = hit.tokens.start;
        lead.any = true;
        lead.inside |= hit.prefix.ends_with('ب');
        lead.towards |= matches!(hit.prefix.as_str(), "ل" | "ول");
        // A conjunction before the lead ends it.
        if hit.prefix.starts_with('و') {
            break;
        }
    }
    lead
}

/// The kind that is part of the name: `محافظة طرطوس`, "Idlib Governorate".
fn kind_in(page: &Page<'_>, name: &Name) -> Option<PlaceKind> {
    let inside = page.hits(&name.tokens).filter(|h| h.tokens.len() < name.tokens.len());
    inside.into_iter().find_map(|h| match h.sense {
        Sense::Place(PlaceWord::Kind(kind)) if h.tokens.start == name.tokens.start => Some(kind),
        Sense::Place(PlaceWord::KindAfter(kind)) if h.tokens.end == name.tokens.end => Some(kind),
        _ => None,
    })
}

fn ending_at<'p>(page: &'p Page<'_>, clause: &Range<usize>, end: usize) -> Option<&'p Hit> {
    let from = end.saturating_sub(4).max(clause.start);
    let in_trigger = |tokens: &Range<usize>| {
        page.hits(clause).any(|h| {
            matches!(h.sense, Sense::Trigger { .. })
                && h.tokens.start < tokens.start
                && tokens.end <= h.tokens.end
        })
    };
    page.hits(&(from..end))
        .filter(|h| h.tokens.end == end && matches!(h.sense, Sense::Place(_)))
        .find(|h| !in_trigger(&h.tokens))
}

/// Takes a word into the lead; `false` for a word that does not stand before names.
fn take(lead: &mut Lead, word: PlaceWord) -> bool {
    // After a role word nothing further out belongs to the name.
    if lead.towards
        && lead.any
        && matches!(word, PlaceWord::Towards | PlaceWord::Origin | PlaceWord::Via)
    {
        return false;
    }
    match word {
        PlaceWord::Also => {
            lead.towards = false;
            lead.also = true;
        }
        PlaceWord::Kind(kind) => lead.kind = lead.kind.or(Some(kind)),
        PlaceWord::Near => lead.near = true,
        PlaceWord::Direction => lead.direction = true,
        PlaceWord::Side | PlaceWord::Countryside => lead.countryside = true,
        PlaceWord::Within | PlaceWord::Inside => lead.inside = true,
        PlaceWord::Towards => lead.towards = true,
        PlaceWord::Origin => lead.from = true,
        PlaceWord::Via | PlaceWord::Posted => lead.passed = true,
        PlaceWord::KindAfter(_)
        | PlaceWord::CountrysideAfter
        | PlaceWord::Called
        | PlaceWord::Distance => return false,
    }
    true
}

/// The words behind a name that belong to it: `Manbij city`, `ريف حلب الشرقي`.
fn with_words_after(page: &Page<'_>, name: &Name) -> usize {
    let mut end = name.tokens.end;
    while let Some(hit) = after(page, end) {
        end = hit.tokens.end;
    }
    end
}

fn after<'p>(page: &'p Page<'_>, at: usize) -> Option<&'p Hit> {
    let from = page.hits.partition_point(|h| h.tokens.start < at);
    page.hits.get(from..)?.iter().take_while(|h| h.tokens.start == at).find(|h| {
        matches!(h.sense, Sense::Place(PlaceWord::KindAfter(_) | PlaceWord::CountrysideAfter))
            && h.prefix.is_empty()
    })
}

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
    while let Some(hit) = after(page, at) {
        match hit.sense {
            Sense::Place(PlaceWord::KindAfter(after)) => kind = kind.or(Some(after)),
            _ => countryside |= is_latin(name),
        }
        at = hit.tokens.end;
    }
    let relation = match () {
        () if lead.near || lead.direction => Relation::Near,
        () if countryside => Relation::Countryside,
        () if kind == Some(PlaceKind::Governorate) => Relation::Within,
        () => Relation::At,
    };
    let at = name.tokens.start;
    let hidden = shadows
        .iter()
        .any(|s| s.effect.hides_places() && s.cue.end <= at && s.tokens.contains(&at));
    let part = match () {
        () if hidden => PlacePart::Hidden,
        () if lead.passed => PlacePart::Passed,
        () if lead.from => PlacePart::From,
        () if lead.towards => PlacePart::Towards,
        () => PlacePart::There,
    };
    let span = page.text.span(lead.start..end)?;
    let mention = Mention {
        span,
        name: name.key.clone(),
        kind,
        relation,
        within: Vec::new(),
        beside: Vec::new(),
    };
    Some(Placed { mention, tokens: lead.start..end, part })
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

/// Names inside the names of actors and outlets are no places; nor are capitals that stand for governments.
fn is_hidden_name(page: &Page<'_>, clause: &Range<usize>, name: &Name) -> bool {
    page.hits(clause)
        .filter(|h| h.tokens.start <= name.tokens.start && name.tokens.end <= h.tokens.end)
        .any(|h| match h.sense {
            Sense::Mask => true,
            Sense::Actor { name: ActorName::Capital, .. } => is_government(page, clause, h),
            Sense::Actor { name: ActorName::Full, .. } => h.tokens.len() > 1,
            _ => false,
        })
}

/// A name that is also a common word counts only behind a word that announces a place.
fn is_common(page: &Page<'_>, name: &Name, lead: &Lead) -> bool {
    let announced =
        lead.kind.is_some() || lead.near || lead.countryside || lead.direction || lead.inside;
    page.lexicon.common.contains(&name.key) && !announced
}

/// All names of the article's own lines, each once: the company that tells namesakes apart.
pub(super) fn company(page: &Page<'_>, zones: &[Zone]) -> Vec<String> {
    let mut seen = HashSet::new();
    let mut company = Vec::new();
    for zone in zones.iter().filter(|z| z.kind.is_read() || z.kind == super::zone::ZoneKind::Title)
    {
        for name in page.names(&zone.tokens) {
            let counts = !is_hidden_name(page, &zone.tokens, name)
                && !is_common(page, name, &lead(page, &zone.tokens, name));
            if counts && seen.insert(name.key.clone()) {
                company.push(name.key.clone());
            }
        }
    }
    company
}

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
    let name =
        known.unwrap_or_else(|| Name { tokens: bare, prefix: String::new(), key: words.join(" ") });
    let lead = lead(page, head, &name);
    placed(page, &name, &lead, name.tokens.end, &[]).map(|place| place.mention)
}

/// A name has at most so many words.
const LONGEST_NAME: usize = 4;
