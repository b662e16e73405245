//! How far the words reach that say how sure something is: a cue throws a shadow over what it may be said of.

use std::ops::Range;

use super::Page;
use super::fate::is_relative;
use super::hit::{DateWord, Hit, Sense};
use super::lexicon::{Cue, Effect, Reach};
use super::owner::right_before;
use crate::model::taxonomy::SubEventType;
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
                Effect::Topic => {
                    outcome(page, hit, after..end).or_else(|| next_deed(page, hit, after..end))
                }
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

/// `احتجاجاً على نقص المحروقات |وقطعوا الطريق|`: a verb that is joined to the one before the ground, for the ground
/// itself is told by nouns.
fn next_deed(page: &Page<'_>, cue: &Hit, tokens: Range<usize>) -> Option<usize> {
    let is_verb = |h: &&Hit| matches!(h.sense, Sense::Trigger { verb: true, present: false, .. });
    let next = page.hits(&tokens).find(is_verb).filter(|h| h.prefix == "و")?.tokens.start;
    let told = |word: &str| {
        matches!(word, "ان" | "بان" | "انه" | "بانه" | "انها" | "بانها" | "انهم" | "بانهم")
    };
    // Of whom somebody is accused, verbs tell as well.
    let is_open = accuses(page, &cue.tokens) || page.words(&(tokens.start..next)).any(told);
    (!is_open).then_some(next)
}

/// Whether a cue accuses or suspects somebody (`بتهمة`, `يشتبه`).
pub(super) fn accuses(page: &Page<'_>, cue: &Range<usize>) -> bool {
    ["تهم", "شبه", "شتبه"].iter().any(|stem| page.word(cue.start).contains(stem))
}

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
