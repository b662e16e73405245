//! How many were killed and injured, and what moved.

use std::ops::Range;

use super::Page;
use super::hit::{Grammar, Hit, Sense};
use super::lexicon::{Counts, Role};
use super::number::{Number, numbers};
use crate::model::taxonomy::SubEventType;
use crate::model::text::TokenKind;
use crate::model::toll::{Count, Toll};

/// What a clause counts.
#[derive(Debug, Clone, Default)]
pub(super) struct Tally {
    pub(super) killed: Count,
    pub(super) injured: Count,
    pub(super) personnel: Count,
    pub(super) vehicles: Count,
    pub(super) trucks: Count,
    /// Whether people without arms were killed or hurt.
    pub(super) harms_civilians: bool,
    /// Whether people with arms were killed or hurt.
    pub(super) harms_fighters: bool,
}

impl Tally {
    /// Whether soldiers or vehicles are counted. Trucks alone may carry flour.
    pub(super) fn has_force(&self) -> bool {
        !(self.personnel.is_unknown() && self.vehicles.is_unknown())
    }

    /// The counts of an event: harm for what is violent, movement for what is not.
    pub(super) fn toll(&self, moves: bool) -> Toll {
        let mut toll = Toll::default();
        toll.kill(self.killed);
        toll.injure(self.injured);
        if moves {
            toll.personnel = self.personnel.best();
            toll.vehicles = self.vehicles.best();
            toll.trucks = self.trucks.best();
        }
        toll
    }
}

/// What the words around a count say became of those counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Unknown,
    Killed,
    Injured,
}

/// Counts the dead, the hurt, soldiers and vehicles of a clause.
pub(super) fn tally(
    page: &Page<'_>,
    clause: &Range<usize>,
    dates: &[Range<usize>],
    speaker: Option<&Range<usize>>,
) -> Tally {
    let together = together(page, clause);
    let mut numbers = countings(page, clause, dates);
    // `وفق ما روى أحد أقارب الضحايا`: the one who speaks is not one of those counted.
    let speaks = |n: &Number| speaker.is_some_and(|s| s.contains(&n.tokens.start));
    numbers.retain(|n| !(speaks(n) && n.count == Count::exactly(1)));
    let mut tally = Tally::default();
    let (mut told, mut counted) = (Vec::new(), Vec::new());
    let mut skip_to = clause.start;
    let mut last_end = None;
    for hit in page.hits(clause) {
        if hit.tokens.start < skip_to {
            continue;
        }
        match hit.sense {
            // "six, among them two children": the two are of the six.
            Sense::Subset => skip_to = subset_end(page, hit.tokens.end, clause.end),
            Sense::Counted(id, grammar) => {
                let Some(&counts) = page.lexicon.counted.get(id) else { continue };
                let of_both = together.iter().any(|t| t.contains(&hit.tokens.start));
                if of_both || (counts == Counts::Others && !is_another(page, hit, grammar)) {
                    continue;
                }
                // A number belongs to the noun next to it, not to the one after that.
                let free = |n: &&Number| last_end.is_none_or(|end| end <= n.tokens.start);
                let free: Vec<&Number> = numbers.iter().filter(free).collect();
                let Some((count, first)) = count_of(page, &free, hit, grammar) else { continue };
                if matches!(counts, Counts::KilledTold | Counts::InjuredTold) {
                    told.push((counts, count));
                } else if last_end.is_some_and(|end| is_same_people(page, hit, first, end)) {
                    let touches = last_end == Some(first);
                    let end = hit.tokens.end;
                    skip_to = if touches { end } else { subset_end(page, end, clause.end) };
                } else {
                    add(page, clause, counts, count, &hit.tokens, &mut tally);
                    counted.push(first);
                    skip_to = hit.tokens.end;
                    last_end = Some(hit.tokens.end);
                }
            }
            _ => {}
        }
    }
    let of_both = |n: &&Number| together.iter().any(|t| t.contains(&n.tokens.start));
    let rest: Vec<&Number> = numbers
        .iter()
        .filter(|n| {
            last_end.is_none_or(|end| end <= n.tokens.start) || !counted.contains(&n.tokens.start)
        })
        .filter(|n| !of_both(n))
        .collect();
    of_actors(page, clause, &rest, &mut tally);
    bare_counts(page, clause, &rest, &mut tally);
    add_told(&told, &mut tally);
    tally
}

/// The numbers that may count people or vehicles: no days, no distances, no money.
fn countings(page: &Page<'_>, clause: &Range<usize>, dates: &[Range<usize>]) -> Vec<Number> {
    let of_date =
        |n: &Number| dates.iter().any(|d| d.start < n.tokens.end && n.tokens.start < d.end);
    let of_unit = |n: &Number| {
        page.hits(&(n.tokens.end..clause.end))
            .take(4)
            .any(|h| h.sense == Sense::Unit && h.tokens.start == n.tokens.end)
    };
    numbers(page, clause).into_iter().filter(|n| !of_date(n) && !of_unit(n)).collect()
}

/// "14 killed and injured": how many of each is not known.
fn together(page: &Page<'_>, clause: &Range<usize>) -> Vec<Range<usize>> {
    page.hits(clause)
        .filter(|h| h.sense == Sense::Together)
        .map(|h| {
            let after = h.tokens.end..(h.tokens.end + 4).min(clause.end);
            let end = after
                .clone()
                .find(|&t| !page.is(t, TokenKind::Word) && !page.is(t, TokenKind::Number));
            h.tokens.start.saturating_sub(3)..end.unwrap_or(after.end)
        })
        .collect()
}

/// `واثنان من هيئة تحرير الشام`: those counted are named by whose they are.
fn of_actors(page: &Page<'_>, clause: &Range<usize>, numbers: &[&Number], tally: &mut Tally) {
    for number in numbers {
        let of = number.tokens.end;
        let next = of + 1..(of + 3).min(clause.end);
        let actor = page
            .hits(&(next.start..clause.end))
            .take(8)
            .any(|h| matches!(h.sense, Sense::Actor { .. }) && next.contains(&h.tokens.start));
        if !(matches!(page.word(of), "من" | "of") && actor) {
            continue;
        }
        match fate(page, clause, number.tokens.clone()) {
            Fate::Killed => tally.killed = sum(tally.killed, number.count),
            Fate::Injured => tally.injured = sum(tally.injured, number.count),
            Fate::Unknown => {}
        }
    }
}

/// "two civilians, a woman and her nephew", `طفلان شقيقان`, `جثة شاب`, "the body of a man":
/// named again, not counted again.
fn is_same_people(page: &Page<'_>, hit: &Hit, first: usize, last_end: usize) -> bool {
    let touches = first == last_end && hit.prefix.is_empty() && !is_joined(page, first);
    let of = first <= last_end + 2 && page.word(last_end) == "of";
    touches || of || (first == last_end + 1 && is_comma(page, last_end))
}

/// `ما أدى إلى مقتله` counts the one told of before, unless he was counted already.
fn add_told(told: &[(Counts, Count)], tally: &mut Tally) {
    for &(counts, count) in told {
        match counts {
            Counts::KilledTold if tally.killed.is_unknown() => tally.killed = count,
            Counts::InjuredTold if tally.injured.is_unknown() => tally.injured = count,
            _ => {}
        }
    }
}

fn subset_end(page: &Page<'_>, from: usize, end: usize) -> usize {
    (from..end)
        .find(|&t| {
            matches!(page.word(t), "،" | "," | ".")
                || page.hits(&(t..t + 1)).any(|h| is_harm(page, h) && h.prefix == "و")
        })
        .unwrap_or(end)
}

/// Whether a word kills or injures; what only destroys harms nobody.
fn is_harm(page: &Page<'_>, hit: &Hit) -> bool {
    let Sense::Trigger { id, .. } = hit.sense else { return false };
    page.lexicon.triggers.get(id).is_some_and(|t| {
        t.role == Role::Harm || (t.role == Role::Act && t.sub_event == SubEventType::Attack)
    })
}

fn is_comma(page: &Page<'_>, token: usize) -> bool {
    matches!(page.word(token), "،" | ",")
}

/// The number that a counted noun carries – in its form, before it, or behind it (`مدنيين اثنين`) –
/// and where the count begins.
fn count_of(
    page: &Page<'_>,
    numbers: &[&Number],
    noun: &Hit,
    grammar: Grammar,
) -> Option<(Count, usize)> {
    let (start, end) = (noun.tokens.start, noun.tokens.end);
    let joined = noun.prefix.starts_with('و');
    let reaches = |n: &&&Number| {
        let next = n.tokens.end == start;
        next || is_in_brackets(page, n, start)
            || (n.tokens.end + 1 == start && may_part(page, n.tokens.end))
    };
    let before = numbers.iter().rev().find(reaches);
    if let Some(number) = before.filter(|_| !joined) {
        return Some((number.count, number.tokens.start));
    }
    // `مدنيين اثنين`, but not `إصابة اثنين آخرين`: there the number is the next noun's.
    let has_noun = |n: &&&Number| {
        let next = n.tokens.end..n.tokens.end + 1;
        page.hits(&next).any(|h| matches!(h.sense, Sense::Counted(..)) && h.prefix.is_empty())
    };
    let after = numbers.iter().find(|n| n.tokens.start == end && n.count == Count::exactly(2));
    let after = after.filter(|n| !has_noun(n));
    let count = match (grammar, after) {
        (_, Some(number)) => number.count,
        (Grammar::One, None) if is_one(page, noun) => Count::exactly(1),
        (Grammar::Two, None) if !noun.is_definite() || is_subject(page, start) => Count::exactly(2),
        _ => return None,
    };
    Some((count, start))
}

/// `(5) شهداء`: a number in brackets right before its noun.
fn is_in_brackets(page: &Page<'_>, number: &Number, noun: usize) -> bool {
    let opens = number.tokens.start.checked_sub(1).is_some_and(|t| page.word(t) == "(");
    opens && number.tokens.end + 1 == noun && page.word(number.tokens.end) == ")"
}

/// An adjective may part a number from its noun ("three local men"); a preposition opens something else,
/// but for `3 من المدنيين`.
fn may_part(page: &Page<'_>, between: usize) -> bool {
    let harms = page.hits(&(between..between + 1)).any(|h| is_harm(page, h));
    !harms && !NEVER_BETWEEN.contains(&page.word(between))
}

const NEVER_BETWEEN: &[&str] = &[
    "في", "علي", "الي", "عن", "بعد", "قبل", "،", ",", ".", "(", ")", ":", "in", "at", "on", "and",
    "near", "by", "to",
];

/// Whether a singular counts one: in Arabic by its form, in English by the article or possessive before it.
fn is_one(page: &Page<'_>, noun: &Hit) -> bool {
    let start = noun.tokens.start;
    if !page.word(start).is_ascii() {
        return !noun.is_definite() || is_subject(page, start);
    }
    let before = (0..=start).rev().take(ADJECTIVES + 1).map(|t| page.word(t));
    // "the body of a man": what is told of it behind makes it one.
    let the = start.checked_sub(1).is_some_and(|t| page.word(t) == "the");
    if the && page.word(noun.tokens.end) == "of" {
        return true;
    }
    // Stops at whatever cannot stand between an article and its noun.
    let mut phrase = before.take_while(|word| {
        !word.is_empty()
            && word.is_ascii()
            && word.chars().all(char::is_alphanumeric)
            && *word != "the"
    });
    phrase.any(|word| matches!(word, "a" | "an" | "one" | "another" | "his" | "her"))
}

/// Adjectives and names between an English article and its noun ("an Islamic State field commander").
const ADJECTIVES: usize = 4;

/// `أصيب الموظف`, `مقتل الشاب`: one who is known from before suffers.
fn is_subject(page: &Page<'_>, noun: usize) -> bool {
    let before = noun.saturating_sub(LONGEST_HARM)..noun;
    page.hits(&before).any(|h| h.tokens.end == noun && is_harm(page, h))
}

/// A phrase of harm has at most so many words (`أودى بحياة`).
const LONGEST_HARM: usize = 3;

/// "wounding another", `وإصابة آخر`, `مدني وآخر`: one more of those who were harmed, not another attack.
fn is_another(page: &Page<'_>, hit: &Hit, grammar: Grammar) -> bool {
    if grammar != Grammar::One {
        return true;
    }
    let ends_at = |at: usize, wanted: &dyn Fn(&Hit) -> bool| {
        at.checked_sub(1).is_some_and(|before| {
            page.hits(&(before.saturating_sub(2)..at)).any(|h| h.tokens.end == at && wanted(h))
        })
    };
    let counted = |h: &Hit| matches!(h.sense, Sense::Counted(..));
    let start = hit.tokens.start;
    let and = start.checked_sub(1).filter(|&t| page.word(t) == "and");
    ends_at(start, &|h| is_harm(page, h))
        || (hit.prefix.starts_with('و') && ends_at(start, &counted))
        || and.is_some_and(|and| ends_at(and, &counted))
}

/// Whether a number or noun is joined to what stands before it (`وثلاثة`).
fn is_joined(page: &Page<'_>, token: usize) -> bool {
    page.hits(&(token..token + 1)).any(|h| {
        matches!(h.sense, Sense::Number(_) | Sense::Vague(_) | Sense::Bound(_))
            && h.prefix.starts_with('و')
    })
}

/// "wounding three", `ومقتل 5`: a number right behind a word of harm, with no noun of its own.
fn bare_counts(page: &Page<'_>, clause: &Range<usize>, numbers: &[&Number], tally: &mut Tally) {
    for number in numbers {
        // `6 بينهم طفلان`: what follows are some of the six.
        let near = number.tokens.end..(number.tokens.end + 2).min(clause.end);
        let is_part = |h: &Hit| h.sense == Sense::Subset && h.tokens.start == near.start;
        let has_noun = !page.hits(&near).any(is_part)
            && page
                .hits(&near)
                .any(|h| matches!(h.sense, Sense::Counted(..) | Sense::Unit | Sense::Date(_)));
        let harm =
            page.hits(&(clause.start..number.tokens.start)).filter(|h| is_harm(page, h)).last();
        let rises = number.tokens.start.checked_sub(1).filter(|&t| is_to(page.word(t)));
        let next =
            |h: &&Hit| h.tokens.end == number.tokens.start || (rises.is_some() && is_toll(page, h));
        let Some(harm) = harm.filter(|h| next(h) && !has_noun) else { continue };
        match fate_of(page.word(harm.tokens.start)) {
            Fate::Injured if tally.injured.is_unknown() => tally.injured = number.count,
            Fate::Killed if tally.killed.is_unknown() => tally.killed = number.count,
            _ => {}
        }
    }
}

/// "the death toll rose to nine", `ارتفعت حصيلة القتلى إلى تسعة`.
fn is_to(word: &str) -> bool {
    matches!(word, "to" | "الي")
}

fn is_toll(page: &Page<'_>, harm: &Hit) -> bool {
    let words = [harm.tokens.start.saturating_sub(1), harm.tokens.end.saturating_sub(1)];
    words.into_iter().any(|t| matches!(page.word(t), "toll" | "حصيله" | "عدد"))
}

fn add(
    page: &Page<'_>,
    clause: &Range<usize>,
    counts: Counts,
    count: Count,
    noun: &Range<usize>,
    tally: &mut Tally,
) {
    let fate = fate(page, clause, noun.clone());
    match (counts, fate) {
        (Counts::Killed, _) => tally.killed = sum(tally.killed, count),
        (Counts::Injured, _) => tally.injured = sum(tally.injured, count),
        (Counts::Civilians | Counts::Fighters | Counts::Others, Fate::Killed) => {
            tally.killed = sum(tally.killed, count);
        }
        (Counts::Civilians | Counts::Fighters | Counts::Others, Fate::Injured) => {
            tally.injured = sum(tally.injured, count);
        }
        (Counts::Fighters, Fate::Unknown) => tally.personnel = sum(tally.personnel, count),
        (Counts::Trucks, _) => tally.trucks = sum(tally.trucks, count),
        (Counts::Vehicles, _) => tally.vehicles = sum(tally.vehicles, count),
        (Counts::Civilians | Counts::Others, Fate::Unknown)
        | (Counts::KilledTold | Counts::InjuredTold, _) => {}
    }
    tally.harms_civilians |= counts == Counts::Civilians && fate != Fate::Unknown;
    tally.harms_fighters |= counts == Counts::Fighters && fate != Fate::Unknown;
}

fn sum(so_far: Count, more: Count) -> Count {
    if so_far.is_unknown() { more } else { so_far.plus(more) }
}

/// The nearest word of killing or injury: before the count, or close behind it.
fn fate(page: &Page<'_>, clause: &Range<usize>, noun: Range<usize>) -> Fate {
    let at = noun.start;
    // "a man was killed and |two others were injured": the passive tells it of its own subject.
    if let Some(verb) = passive_of(page, clause, noun.end) {
        return fate_of(page.word(verb));
    }
    let harm = |tokens: Range<usize>| {
        page.hits(&tokens).filter(|h| is_harm(page, h)).map(|h| h.tokens.start).collect::<Vec<_>>()
    };
    let before = harm(clause.start..at).last().copied().filter(|b| at - b <= REACH_BACK);
    let after = harm(at..clause.end.min(at + REACH_ON)).first().copied();
    before.or(after).map_or(Fate::Unknown, |token| fate_of(page.word(token)))
}

/// The word of harm behind "was" or "were" right behind a noun.
fn passive_of(page: &Page<'_>, clause: &Range<usize>, end: usize) -> Option<usize> {
    let after = end..(end + 4).min(clause.end);
    let be = after
        .clone()
        .take_while(|&t| page.is(t, TokenKind::Word))
        .find(|&t| matches!(page.word(t), "was" | "were" | "been"))?;
    page.hits(&(be + 1..(be + 3).min(clause.end)))
        .find(|h| is_harm(page, h))
        .map(|h| h.tokens.start)
}

/// Words over which killing and injury reach to what they count.
const REACH_BACK: usize = 14;
/// English and headlines count before the verb ("three people were killed").
const REACH_ON: usize = 10;

/// Injury, by the stems of its words; everything else that harms kills.
fn fate_of(word: &str) -> Fate {
    let injury = ["صاب", "صيب", "جرح", "جريح", "جروح", "injur", "wound", "hurt"];
    if injury.iter().any(|stem| word.contains(stem)) { Fate::Injured } else { Fate::Killed }
}
