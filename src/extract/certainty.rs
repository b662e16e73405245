//! What is no event: threats, denials, plans, anniversaries, states, metaphors.
//!
//! A cue throws a shadow over the words in its reach; a trigger in a shadow is
//! refused, and the reason is kept.

use std::ops::Range;

use super::Page;
use super::fate::is_relative;
use super::hit::{DateWord, Hit, PlaceWord, Sense};
use super::lexicon::{BE, Cue, Effect, Nature, Reach, Role, Trigger};
use super::owner::right_before;
use super::toponym::Name;
use crate::model::taxonomy::{EventType, SubEventType};
use crate::model::text::TokenKind;

/// The words that a cue reaches.
#[derive(Debug, Clone)]
pub(super) struct Shadow {
    pub(super) effect: Effect,
    /// The words reached.
    pub(super) tokens: Range<usize>,
    /// The cue itself.
    pub(super) cue: Range<usize>,
}

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

/// The shadows over a clause.
pub(super) fn shadows(
    page: &Page<'_>,
    sentence: &Range<usize>,
    clause: &Range<usize>,
    dates: &[Range<usize>],
) -> Vec<Shadow> {
    let mut shadows: Vec<Shadow> = Vec::new();
    for hit in page.hits(sentence) {
        let Sense::Cue(id) = hit.sense else { continue };
        let Some(&cue) = page.lexicon.cues.get(id).filter(|_| !is_victim(page, hit)) else {
            continue;
        };
        // `قبل يومين` and "May 21" are dates, no cues.
        let since = matches!(page.word(hit.tokens.start), "منذ" | "ومنذ" | "since");
        let is_date = dates.iter().any(|d| {
            let within = d.start <= hit.tokens.start && hit.tokens.end <= d.end;
            // `منذ فجر اليوم` is when.
            within || (since && d.start == hit.tokens.end)
        });
        if let Some(tokens) = reach(page, cue, hit, sentence, clause).filter(|_| !is_date) {
            shadows.push(Shadow { effect: cue.effect, tokens, cue: hit.tokens.clone() });
        }
    }
    shadows.extend(question(page, sentence));
    shadows.extend(possible_verbs(page, clause));
    shadows.extend(future_verbs(page, clause));
    shadows.extend(other_years(page, clause));
    shadows.extend(taken_before(page, clause));
    shadows.extend(many_times(page, clause));
    shadows
}

/// `مقتل |طالب|` is no demand: a word that people are counted by, right behind what befell them.
fn is_victim(page: &Page<'_>, hit: &Hit) -> bool {
    let start = hit.tokens.start;
    let befell = |h: &Hit| matches!(h.sense, Sense::Trigger { .. }) && !h.is_definite();
    let counts = |h: &Hit| matches!(h.sense, Sense::Counted(..)) && h.tokens == hit.tokens;
    page.hits.at(start).any(counts) && right_before(page, start, befell).is_some()
}

fn reach(
    page: &Page<'_>,
    cue: Cue,
    hit: &Hit,
    sentence: &Range<usize>,
    clause: &Range<usize>,
) -> Option<Range<usize>> {
    let inside = clause.start <= hit.tokens.start && hit.tokens.end <= clause.end;
    let after = hit.tokens.end;
    match cue.reach {
        Reach::Sentence => Some(sentence.clone()),
        Reach::Rest => Some(hit.tokens.start..sentence.end),
        _ if !inside => None,
        Reach::Clause => Some(hit.tokens.start..clause.end),
        Reach::Phrase => {
            let end = phrase_end(page, after, clause.end);
            let ends = match cue.effect {
                Effect::Topic => outcome(page, hit, after..end),
                Effect::State => holders_end(page, after..end),
                _ => None,
            };
            Some(hit.tokens.start..ends.unwrap_or(end))
        }
        Reach::Object => {
            let end = phrase_end(page, after, clause.end);
            Some(hit.tokens.start..ground_start(page, after..end).unwrap_or(end))
        }
        Reach::Next => Some(after..(after + 2).min(phrase_end(page, after, clause.end))),
        Reach::Before => Some(hit.tokens.start.saturating_sub(2).max(clause.start)..hit.tokens.end),
    }
}

/// `الباب الخاضعة لسيطرة |الجيش الوطني| انفجار عبوة`: where those end who hold a place.
fn holders_end(page: &Page<'_>, tokens: Range<usize>) -> Option<usize> {
    let mut end = None;
    let is_force = |h: &&Hit| {
        matches!(h.sense, Sense::Actor { id, .. }
            if page.lexicon.actors.get(id).is_some_and(|known| known.actor.inter.is_armed()))
    };
    for hit in page.hits(&tokens).filter(is_force) {
        let last = end.unwrap_or(tokens.start);
        let is_next = hit.tokens.start <= last + BESIDE_HOLDER
            && (end.is_none()
                || hit.prefix == "و"
                || page.words(&(last..hit.tokens.start)).any(|w| w == "و"));
        let longer = end.is_some_and(|end| hit.tokens.start < end && end < hit.tokens.end);
        if is_next || longer {
            end = end.max(Some(hit.tokens.end));
        }
    }
    // A bracket or a quote behind the name belongs to it.
    end.map(|end| (end..tokens.end).find(|&t| !page.word(t).is_empty()).unwrap_or(tokens.end))
}

/// Marks and a word stand between who holds a place and another who does.
const BESIDE_HOLDER: usize = 3;

/// `على خلفية ثأر |أدت إلى مقتل شخص`, `تشييع الشاب |الذي قضى برصاص …`: what it led to, or what they died of, where
/// the ground is no deed that could have led to it.
fn outcome(page: &Page<'_>, cue: &Hit, tokens: Range<usize>) -> Option<usize> {
    let buries = BURIES.iter().any(|stem| page.word(cue.tokens.start).contains(stem));
    let opens = |word: &str| LED_TO.contains(&word) || (buries && is_relative(word));
    let led_to = tokens.clone().find(|&t| opens(page.word(t)))?;
    let is_deed = |h: &Hit| matches!(h.sense, Sense::Trigger { .. });
    (!page.hits(&(tokens.start..led_to)).any(is_deed)).then_some(led_to)
}

const BURIES: &[&str] = &["شيع", "شييع", "جنازه", "دفن", "funeral"];

const LED_TO: &[&str] =
    &["ادي", "ادت", "اسفر", "اسفرت", "خلف", "خلفت", "اوقع", "اوقعت", "leaving", "left"];

/// Where what went before is told: `فشلت في السيطرة … |بعد معارك`.
fn ground_start(page: &Page<'_>, tokens: Range<usize>) -> Option<usize> {
    let ground = |h: &&Hit| {
        matches!(h.sense, Sense::Cue(id)
            if page.lexicon.cues.get(id).is_some_and(|c| c.effect == Effect::Background))
    };
    page.hits(&tokens).find(ground).map(|h| h.tokens.start)
}

/// Who asks whether it happened does not say that it did.
fn question(page: &Page<'_>, sentence: &Range<usize>) -> Option<Shadow> {
    let mut marks = sentence.clone().rev().filter(|&t| !page.is(t, TokenKind::Quote));
    let mark = marks.next().filter(|&t| matches!(page.word(t), "؟" | "?"))?;
    let (tokens, cue) = (sentence.clone(), mark..mark + 1);
    Some(Shadow { effect: Effect::Hypothetical, tokens, cue })
}

/// Where a phrase ends: at a comma, a bracket, the dots that part a headline, or a word that turns the sentence.
fn phrase_end(page: &Page<'_>, from: usize, clause_end: usize) -> usize {
    (from..clause_end)
        .find(|&t| {
            matches!(
                page.word(t),
                "،" | "," | "(" | ")" | ":" | "–" | "—" | "بل" | "لكن" | "ولكن" | "but"
            ) || (page.word(t) == "." && page.word(t + 1) == ".")
        })
        .unwrap_or(clause_end)
}

/// `قد` before a present verb: it may happen. Before a past verb it is asserted.
fn possible_verbs<'p>(
    page: &'p Page<'_>,
    clause: &Range<usize>,
) -> impl Iterator<Item = Shadow> + use<'p> {
    let end = clause.end;
    clause.clone().filter(|&t| matches!(page.word(t), "قد" | "وقد" | "فقد")).filter_map(move |t| {
        let next = t + 1;
        let present = page.word(next).starts_with('ي')
            || page
                .hits(&(next..next + 1))
                .any(|h| matches!(h.sense, Sense::Trigger { present: true, .. }));
        let shadow = Shadow { effect: Effect::Hypothetical, tokens: t..end, cue: t..next };
        (present && next < end).then_some(shadow)
    })
}

/// `ستضرب`, `سيقاتلون`: the future by its prefix, whatever the verb.
fn future_verbs<'p>(
    page: &'p Page<'_>,
    clause: &Range<usize>,
) -> impl Iterator<Item = Shadow> + use<'p> {
    let end = clause.end;
    clause.clone().filter(|&t| is_future(page.word(t))).map(move |t| Shadow {
        effect: Effect::Future,
        tokens: t..end,
        cue: t..t + 1,
    })
}

/// Words that begin like a future verb and are none.
const NO_FUTURE: &[&str] = &[
    "سيار", "سيطر", "سياس", "سياد", "سياق", "سيد", "سين", "سير", "سيل", "سيف", "ستين", "ستون",
    "ستار", "ستر", "سته", "ستا",
];

fn is_future(word: &str) -> bool {
    let verb = word.strip_prefix('و').unwrap_or(word);
    let begins = ["سي", "ست"].iter().any(|future| verb.starts_with(future));
    begins && verb.chars().count() >= 5 && !NO_FUTURE.iter().any(|other| verb.starts_with(other))
}

/// `تفاهمات عام 2019` in an article of another year.
fn other_years<'p>(
    page: &'p Page<'_>,
    clause: &Range<usize>,
) -> impl Iterator<Item = Shadow> + use<'p> {
    let clause = clause.clone();
    clause.clone().filter_map(move |t| {
        let year = year_at(page, t)?;
        let named = matches!(
            page.word(t.checked_sub(1)?),
            "عام" | "العام" | "سنه" | "بين" | "وبين" | "منذ" | "in"
        );
        let this_year = page.published.is_some_and(|day| day.year() == year);
        // "the 2013 chemical attack in Ghouta": of that year is what it was done with as well.
        if matches!(page.word(t.checked_sub(1)?), "the" | "a") && !this_year {
            let is_deed = |h: &&Hit| matches!(h.sense, Sense::Trigger { .. });
            let deed = page.hits(&(t + 1..t + 1 + OF_A_YEAR)).find(is_deed)?.tokens.end;
            let tokens = t..deed.min(phrase_end(page, t + 1, clause.end));
            return Some(Shadow { effect: Effect::Past, tokens, cue: t..t + 1 });
        }
        let year_told = named && !this_year;
        let from = t.saturating_sub(OF_A_YEAR).max(clause.start);
        // `بين 2017 و2020، وصل عدد …`: what a stretch of years opens is a sum over them.
        let is_stretch = (t + 1..t + 3).any(|next| year_at(page, next).is_some());
        let opens_all = is_stretch && matches!(page.word(t - 1), "بين" | "وبين" | "between");
        let to = if opens_all { clause.end } else { phrase_end(page, t + 1, clause.end) };
        year_told.then_some(Shadow { effect: Effect::Past, tokens: from..to, cue: t - 1..t + 1 })
    })
}

/// `أفرجت عن المعتقلين |الذين أوقفوا في احتجاجات|`: of those who are told of now, how they were taken is older.
fn taken_before<'p>(
    page: &'p Page<'_>,
    clause: &Range<usize>,
) -> impl Iterator<Item = Shadow> + use<'p> {
    let end = clause.end;
    let takes = |h: &Hit| match h.sense {
        Sense::Trigger { id, verb: true, .. } => page.lexicon.triggers.get(id).is_some_and(|t| {
            matches!(t.sub_event, SubEventType::Arrests | SubEventType::Abduction)
        }),
        _ => false,
    };
    clause.clone().filter(|&t| is_relative(page.word(t))).filter_map(move |who| {
        let next = who + 1..who + 2;
        let tokens = who..phrase_end(page, who, end);
        let shadow = Shadow { effect: Effect::Background, tokens, cue: who..next.end };
        page.hits(&next).any(takes).then_some(shadow)
    })
}

/// `استهدفت السد أكثر من 8 مرات منذ 8 كانون الثاني`, "struck it many times since May": a sum of many days. Of hours
/// (`ثلاث مرات خلال الليل`) it is one event.
fn many_times(page: &Page<'_>, clause: &Range<usize>) -> Option<Shadow> {
    let times = clause.clone().find(|&t| matches!(page.word(t), "مرات" | "المرات" | "times"))?;
    let is_month = |h: &Hit| matches!(h.sense, Sense::Date(DateWord::Month(_)));
    let names_month = |t: usize| page.hits(&(t + 1..(t + MONTH).min(clause.end))).any(is_month);
    let since = |t: usize| matches!(page.word(t), "منذ" | "ومنذ" | "since") && names_month(t);
    clause.clone().any(since).then(|| Shadow {
        effect: Effect::Past,
        tokens: clause.clone(),
        cue: times..times + 1,
    })
}

/// A day and the two words of a month stand behind "since".
const MONTH: usize = 5;

fn year_at(page: &Page<'_>, token: usize) -> Option<i16> {
    let year: i16 = page.is(token, TokenKind::Number).then(|| page.word(token).parse().ok())??;
    (1920..=2035).contains(&year).then_some(year)
}

/// Words before a year that belong to it.
const OF_A_YEAR: usize = 8;

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
        if trigger.is(Nature::Place) && !is_of_place(page, hit) {
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
    let mut before = before.skip_while(|&t| matches!(page.word(t), "من" | "of" | "the" | "a"));
    before.next().filter(|&t| BROKEN.contains(&page.word(t)))
}

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
