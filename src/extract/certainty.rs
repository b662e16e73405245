//! What is no event: threats, denials, plans, anniversaries, states, metaphors.
//!
//! A trigger in the [`shadow`](super::shadow) of a cue is refused, and the reason is kept.

use std::ops::Range;

use super::Page;
use super::hit::{Hit, PlaceWord, Sense};
use super::lexicon::{BE, Effect, Nature, Role, Trigger};
use super::shadow::Shadow;
use super::toponym::Name;
use crate::model::taxonomy::{EventType, SubEventType};

/// A trigger of a clause, with its hit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found<'a> {
    pub(super) hit: &'a Hit,
    pub(super) trigger: Trigger,
    pub(super) present: bool,
    pub(super) verb: bool,
    /// Whether it is joined to what went before: `وقتلت`, `ثم قتلوه`, "and killed".
    pub(super) goes_on: bool,
}

/// How the triggers of a clause stand in the story.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// They go on with it.
    News,
    /// They tell what came before it, on another day.
    Ground,
}

/// The triggers of a clause: those that stand, and the notes on those refused.
pub(super) fn standing<'p>(
    page: &'p Page<'_>,
    clause: &Range<usize>,
    shadows: &mut Vec<Shadow>,
    notes: &mut Vec<String>,
) -> (Vec<Found<'p>>, Standing) {
    let mut standing: Vec<Found<'p>> = Vec::new();
    let mut grounds: Vec<(Found<'p>, String)> = Vec::new();
    for hit in page.hits(clause) {
        let Sense::Trigger { id, present, verb } = hit.sense else { continue };
        let Some(&trigger) = page.lexicon.triggers.get(id) else { continue };
        let is_state = verb && is_hyphened(page, hit);
        if is_state || (trigger.is(Nature::Place) && !is_of_place(page, hit)) {
            continue;
        }
        let before = page.before(hit.tokens.start, 1);
        let goes_on = hit.prefix == "و" || matches!(before, "ثم" | "and" | "then");
        let found = Found { hit, trigger, present, verb, goes_on };
        match refusal(page, &found, shadows) {
            None if goes_along(page, hit) => {
                let with = page.original(hit.tokens.start.saturating_sub(2)..hit.tokens.start);
                grounds.push((found, refused(page, &found, Effect::Background, with)));
            }
            None => standing.push(found),
            Some((Effect::Background, told)) => grounds.push((found, told)),
            Some((_, told)) => notes.push(told),
        }
    }
    // What is told as the ground of something else is an event only if nothing else is.
    // `وجاء الاتفاق بعد اشتباكات`: where the head only points back, the ground is the news.
    let is_news = |f: &Found<'_>| {
        let decides = matches!(f.trigger.role, Role::Act | Role::Assault | Role::Move)
            || (f.trigger.role == Role::Harm && grounds.is_empty());
        decides && (grounds.is_empty() || f.verb || !points_back(page, f.hit))
    };
    if standing.iter().any(is_news) {
        notes.extend(grounds.into_iter().map(|(_, told)| told));
    } else if !grounds.is_empty() {
        standing.retain(|f| matches!(f.trigger.role, Role::Weapon | Role::Harm));
        shadows.retain(|s| s.effect != Effect::Background);
        standing.extend(grounds.into_iter().map(|(found, _)| found));
        standing.sort_by_key(|f| f.hit.tokens.start);
        return (standing, Standing::Ground);
    }
    (standing, Standing::News)
}

/// `تزامناً مع |القصف|`, `بالتزامن مع |الغارات|`: what the noun points at went along with something else.
fn goes_along(page: &Page<'_>, hit: &Hit) -> bool {
    let before = |far: usize| page.before(hit.tokens.start, far);
    hit.is_definite()
        && before(1) == "مع"
        && matches!(
            before(2),
            "تزامنا" | "بالتزامن" | "وبالتزامن" | "وتزامنا" | "ترافقا" | "متزامنا"
        )
}

/// "the Israeli|-occupied| Golan": an adjective of what has been so since long.
fn is_hyphened(page: &Page<'_>, hit: &Hit) -> bool {
    page.mark_before(hit.tokens.start) == Some(b'-')
        && matches!(page.word(hit.tokens.start), "occupied" | "besieged")
}

/// "captured the town of Manbij", `حررت الرقة`, "Manbij was captured": the verb has a place for its object.
fn is_of_place(page: &Page<'_>, hit: &Hit) -> bool {
    let is_name = |name: &Name| {
        let written = page.original(name.tokens.clone());
        !name.key.is_ascii() || written.starts_with(|c: char| c.is_uppercase())
    };
    let between = |t: &usize| BEFORE_NAME.contains(&page.word(*t));
    // `حررت |قوات سوريا الديمقراطية| الطبقة`
    let is_actor = |h: &&Hit| matches!(h.sense, Sense::Actor { .. });
    let actor = page.hits.at(hit.tokens.end).filter(is_actor).map(|h| h.tokens.end).max();
    let end = actor.unwrap_or(hit.tokens.end);
    let object = end + (end..end + MOST_BEFORE_NAME).take_while(between).count();
    let be = hit.tokens.start.checked_sub(1).filter(|&be| BE.contains(&page.word(be)));
    let is_subject = |be: usize| {
        let mut near = (be.saturating_sub(LONGEST_NAME)..be).flat_map(|t| page.names.at(t));
        near.any(|name| name.tokens.end == be && is_name(name))
    };
    page.names.at(object).any(is_name) || be.is_some_and(is_subject)
}

/// What stands between a verb that takes a place and the name of the place.
const BEFORE_NAME: &[&str] = &[
    "the",
    "strategic",
    "key",
    "border",
    "northern",
    "southern",
    "eastern",
    "western",
    "city",
    "town",
    "village",
    "of",
];
const MOST_BEFORE_NAME: usize = 4;
/// Words of the name of a place that was taken.
const LONGEST_NAME: usize = 3;

/// Whether a sentence says that nobody was killed or injured.
pub(super) fn says_nobody_hurt(page: &Page<'_>, sentence: &Range<usize>) -> bool {
    page.hits(sentence).any(|h| {
        matches!(h.sense, Sense::Cue(id)
            if page.lexicon.cues.get(id).is_some_and(|c| c.effect == Effect::Unharmed))
    })
}

/// Whether a noun points at something told before: `القصف`, "the attack".
pub(super) fn points_back(page: &Page<'_>, hit: &Hit) -> bool {
    hit.is_definite()
        || hit.tokens.start.checked_sub(1).is_some_and(|t| matches!(page.word(t), "the" | "that"))
}

/// The note on a trigger that is refused.
fn refused(page: &Page<'_>, found: &Found<'_>, effect: Effect, why: &str) -> String {
    let words = page.original(found.hit.tokens.clone());
    format!("refused {} `{words}`: {} (`{why}`)", found.trigger.sub_event, reason(effect))
}

fn refusal(page: &Page<'_>, found: &Found<'_>, shadows: &[Shadow]) -> Option<(Effect, String)> {
    let words = page.original(found.hit.tokens.clone());
    let told = |effect: Effect, why: &str| (effect, refused(page, found, effect, why));
    if found.present && found.hit.prefix.ends_with('س') {
        return Some(told(Effect::Future, words));
    }
    if let Some(broken) = broken_by(page, found) {
        return Some(told(Effect::State, page.word(broken)));
    }
    let over = |s: &&Shadow| {
        s.effect.refuses()
            && s.tokens.start <= found.hit.tokens.start
            && found.hit.tokens.end <= s.tokens.end
            // It takes place on an anniversary, and is a demand itself ("demonstrators called for").
            && !(is_protest(found)
                && (s.effect == Effect::Anniversary
                    || (s.effect == Effect::Demand
                        && (s.cue == found.hit.tokens
                            || is_occasion(page, found)
                            || found.hit.tokens.start < demanded_from(page, s)))))
            // A cue inside the trigger's own words (`دون قتال`) is part of it; one of the same words
            // (`يسيطر عليها`) is not.
            && !(found.hit.tokens.start <= s.cue.start
                && s.cue.end <= found.hit.tokens.end
                && s.cue.len() < found.hit.tokens.len())
    };
    let strongest = shadows.iter().filter(over).min_by_key(|s| s.effect == Effect::Background)?;
    Some(told(strongest.effect, page.original(strongest.cue.clone())))
}

/// "demanded |during a sit-in| that …", `طالبوا خلال وقفة`: the occasion is not what is demanded.
fn is_occasion(page: &Page<'_>, found: &Found<'_>) -> bool {
    let before = (0..found.hit.tokens.start).rev();
    let mut before = before.map(|t| page.word(t)).skip_while(|word| matches!(*word, "a" | "the"));
    matches!(before.next(), Some("during" | "خلال" | "اثناء"))
}

/// Where in the reach of a demand begins what is demanded: `طالب الأهالي في وقفة بالبلدة |بوقف القصف|`. Before it
/// stand who demands it, where, and on what occasion.
pub(super) fn demanded_from(page: &Page<'_>, demand: &Shadow) -> usize {
    let is_place = |t: usize| {
        page.names.at(t).next().is_some()
            || page.hits.at(t).any(|h| matches!(h.sense, Sense::Place(PlaceWord::Kind(_))))
    };
    let opens = |&t: &usize| {
        let word = page.word(t);
        (word == "الي" || word.starts_with(['ب', 'ل'])) && !is_place(t)
    };
    (demand.cue.end..demand.tokens.end).find(opens).unwrap_or(demand.cue.start)
}

/// `|خرق| وقف إطلاق النار`, "|despite| the ceasefire": what was agreed upon before, and is not kept.
fn broken_by(page: &Page<'_>, found: &Found<'_>) -> Option<usize> {
    let is_agreement = found.trigger.sub_event == SubEventType::Agreement;
    let before = (0..found.hit.tokens.start).rev().filter(|_| is_agreement);
    let passes =
        |word: &str| matches!(word, "من" | "of" | "the" | "a") || OF_BREACH.contains(&word);
    let mut before = before.skip_while(|&t| passes(page.word(t)));
    before.next().filter(|&t| BROKEN.contains(&page.word(t)))
}

/// `خرق |جديد| لوقف إطلاق النار`
const OF_BREACH: &[&str] =
    &["جديد", "جديده", "متكرر", "متكرره", "مستمر", "مستمره", "واضح", "صارخ", "متواصل", "متواصله"];

const BROKEN: &[&str] = &[
    "خرق",
    "خرقا",
    "خرقت",
    "يخرق",
    "تخرق",
    "يخرقون",
    "خروقات",
    "انتهاك",
    "انتهاكا",
    "انتهاكات",
    "انتهك",
    "انتهكت",
    "ينتهك",
    "تنتهك",
    "انهيار",
    "رغم",
    "الرغم",
    "بالرغم",
    "violation",
    "violations",
    "violated",
    "violating",
    "breach",
    "breaches",
    "breached",
    "breaching",
    "broke",
    "despite",
    "spite",
    "collapse",
];

/// "to attack": what the plain form of an English verb says behind "to" is meant, not done.
pub(super) fn is_purpose(page: &Page<'_>, found: &Found<'_>, notes: &mut Vec<String>) -> bool {
    let at = &found.hit.tokens;
    let is_plain = page
        .hits(at)
        .any(|h| h.tokens == *at && matches!(h.sense, Sense::Trigger { present: true, .. }));
    let behind_to = at.start.checked_sub(1).is_some_and(|t| page.word(t) == "to");
    let went_on = at.start.checked_sub(2).is_some_and(|t| GOES_ON.contains(&page.word(t)));
    // `للسيطرة على المدينة` is what a campaign is for.
    let is_gain = matches!(
        found.trigger.sub_event,
        SubEventType::NonStateActorOvertakesTerritory | SubEventType::GovernmentRegainsTerritory
    );
    let is_aim = is_gain && !found.verb && page.word(at.start).starts_with("لل");
    let refused = (is_plain && behind_to && !went_on) || is_aim;
    if refused {
        let words = page.original(at.clone());
        notes.push(format!("refused {} `{words}`: it is a purpose", found.trigger.sub_event));
    }
    refused
}

/// Behind these "to" opens what is done.
const GOES_ON: &[&str] = &[
    "continue",
    "continues",
    "continued",
    "began",
    "begun",
    "begin",
    "start",
    "started",
    "managed",
    "proceeded",
    "went",
    "resorted",
    "forced",
];

fn is_protest(found: &Found<'_>) -> bool {
    found.trigger.sub_event.event_type() == EventType::Protests
}

impl Effect {
    /// Whether a trigger in the shadow is refused.
    pub(super) const fn refuses(self) -> bool {
        !matches!(self, Self::Unconfirmed | Self::Unharmed | Self::Habit | Self::Nothing)
    }

    /// Whether a place in the shadow is not where the event is.
    pub(super) const fn hides_places(self) -> bool {
        matches!(
            self,
            Self::Hypothetical
                | Self::Future
                | Self::Purpose
                | Self::Demand
                | Self::Topic
                | Self::Background
        )
    }
}

const fn reason(effect: Effect) -> &'static str {
    match effect {
        Effect::Negated => "it is denied",
        Effect::Hypothetical => "it is only possible, threatened or feared",
        Effect::Future => "it is planned",
        Effect::Purpose => "it is a purpose",
        Effect::Demand => "it is a demand",
        Effect::Past | Effect::Anniversary => "it is history or a statistic",
        Effect::State => "it describes a state",
        Effect::Topic => "it is what something else is about",
        Effect::Metaphor => "it is a figure of speech",
        Effect::Accident => "it is an accident",
        Effect::Sport => "it is sport or fiction",
        Effect::Opinion => "it is an opinion",
        Effect::Background => "it is the ground of something else",
        Effect::Unconfirmed | Effect::Unharmed | Effect::Habit | Effect::Nothing => "it stands",
    }
}
