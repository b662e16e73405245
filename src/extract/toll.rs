//! How many were killed and injured, and what moved.

use std::ops::Range;

use super::Page;
use super::hit::{Grammar, Hit, Sense};
use super::lexicon::{Counts, Role};
use super::number::{Number, numbers};
use crate::model::taxonomy::SubEventType;
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
    /// Whether soldiers or vehicles are counted.
    pub(super) fn has_force(&self) -> bool {
        !(self.personnel.is_unknown() && self.vehicles.is_unknown() && self.trucks.is_unknown())
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
pub(super) fn tally(page: &Page<'_>, clause: &Range<usize>, dates: &[Range<usize>]) -> Tally {
    let numbers: Vec<Number> = numbers(page, clause)
        .into_iter()
        .filter(|n| !dates.iter().any(|d| d.start < n.tokens.end && n.tokens.start < d.end))
        .filter(|n| {
            !page
                .hits(&(n.tokens.end..clause.end))
                .take(4)
                .any(|h| h.sense == Sense::Unit && h.tokens.start == n.tokens.end)
        })
        .collect();
    let mut tally = Tally::default();
    let mut skip_to = clause.start;
    let mut last_end = None;
    // "14 killed and injured": how many of each is not known.
    let together: Vec<Range<usize>> = page
        .hits(clause)
        .filter(|h| h.sense == Sense::Together)
        .map(|h| h.tokens.start.saturating_sub(3)..h.tokens.end)
        .collect();
    for hit in page.hits(clause) {
        if hit.tokens.start < skip_to {
            continue;
        }
        match hit.sense {
            // "six, among them two children": the two are of the six.
            Sense::Subset => skip_to = subset_end(page, hit.tokens.end, clause.end),
            Sense::Counted(id, grammar) => {
                let Some(&counts) = page.lexicon.counted.get(id) else { continue };
                if together.iter().any(|t| t.contains(&hit.tokens.start)) {
                    continue;
                }
                let Some((count, first)) = count_of(page, &numbers, hit, grammar) else { continue };
                // "two civilians, a woman and her nephew": named again, not counted again.
                let again = last_end.is_some_and(|end: usize| {
                    // `طفلان شقيقان`, `جثة شاب`: two words for the same people.
                    let touching = first == end && hit.prefix.is_empty();
                    touching || (first == end + 1 && is_comma(page, end))
                });
                if again && last_end == Some(first) {
                    skip_to = hit.tokens.end;
                } else if again {
                    skip_to = subset_end(page, hit.tokens.end, clause.end);
                } else {
                    add(page, clause, counts, count, hit.tokens.start, &mut tally);
                    skip_to = hit.tokens.end;
                    last_end = Some(hit.tokens.end);
                }
            }
            _ => {}
        }
    }
    bare_counts(page, clause, &numbers, &mut tally);
    tally
}

fn subset_end(page: &Page<'_>, from: usize, end: usize) -> usize {
    (from..end)
        .find(|&t| {
            matches!(page.word(t), "،" | "," | ".")
                || page.hits(&(t..t + 1)).any(|h| is_harm(page, h.sense) && h.prefix == "و")
        })
        .unwrap_or(end)
}

fn is_harm(page: &Page<'_>, sense: Sense) -> bool {
    matches!(sense, Sense::Trigger { id, .. }
    if page.lexicon.triggers.get(id).is_some_and(|t| {
        t.role == Role::Harm || (t.role == Role::Act && t.sub_event == SubEventType::Attack)
    }))
}

fn is_comma(page: &Page<'_>, token: usize) -> bool {
    matches!(page.word(token), "،" | ",")
}

/// The number that a counted noun carries – in its form, before it, or behind it (`مدنيين اثنين`) –
/// and where the count begins.
fn count_of(
    page: &Page<'_>,
    numbers: &[Number],
    noun: &Hit,
    grammar: Grammar,
) -> Option<(Count, usize)> {
    let (start, end) = (noun.tokens.start, noun.tokens.end);
    let joined = noun.prefix.starts_with('و');
    let before = numbers.iter().rev().find(|n| n.tokens.end == start || n.tokens.end + 1 == start);
    if let Some(number) = before.filter(|_| !joined) {
        return Some((number.count, number.tokens.start));
    }
    // `مدنيين اثنين`, but not `إصابة اثنين آخرين`: there the number is the next noun's.
    let has_noun = |n: &&Number| {
        let next = n.tokens.end..n.tokens.end + 1;
        page.hits(&next).any(|h| matches!(h.sense, Sense::Counted(..)))
    };
    let after = numbers.iter().find(|n| n.tokens.start == end && n.count == Count::exactly(2));
    let after = after.filter(|n| !has_noun(n));
    let count = match (grammar, after) {
        (_, Some(number)) => number.count,
        (Grammar::One, None) if !noun.is_definite() || is_subject(page, start) => Count::exactly(1),
        (Grammar::Two, None) => Count::exactly(2),
        _ => return None,
    };
    Some((count, start))
}

/// `أصيب الموظف`: one who is known from before suffers.
fn is_subject(page: &Page<'_>, noun: usize) -> bool {
    let verb =
        |h: &Hit| matches!(h.sense, Sense::Trigger { verb: true, .. }) && is_harm(page, h.sense);
    noun.checked_sub(1).is_some_and(|before| page.hits(&(before..noun)).any(verb))
}

/// "wounding three", `ومقتل 5`: a number right behind a word of harm, with no noun of its own.
fn bare_counts(page: &Page<'_>, clause: &Range<usize>, numbers: &[Number], tally: &mut Tally) {
    for number in numbers {
        let has_noun = page
            .hits(&(number.tokens.end..(number.tokens.end + 2).min(clause.end)))
            .any(|h| matches!(h.sense, Sense::Counted(..) | Sense::Unit | Sense::Date(_)));
        let harm = page
            .hits(&(clause.start..number.tokens.start))
            .filter(|h| is_harm(page, h.sense))
            .last();
        let Some(harm) = harm.filter(|h| h.tokens.end == number.tokens.start && !has_noun) else {
            continue;
        };
        match fate_of(page.word(harm.tokens.start)) {
            Fate::Injured if tally.injured.is_unknown() => tally.injured = number.count,
            Fate::Killed if tally.killed.is_unknown() => tally.killed = number.count,
            _ => {}
        }
    }
}

fn add(
    page: &Page<'_>,
    clause: &Range<usize>,
    counts: Counts,
    count: Count,
    at: usize,
    tally: &mut Tally,
) {
    let fate = fate(page, clause, at);
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
        (Counts::Civilians | Counts::Others, Fate::Unknown) => {}
    }
    tally.harms_civilians |= counts == Counts::Civilians && fate != Fate::Unknown;
    tally.harms_fighters |= counts == Counts::Fighters && fate != Fate::Unknown;
}

fn sum(so_far: Count, more: Count) -> Count {
    if so_far.is_unknown() { more } else { so_far.plus(more) }
}

/// The nearest word of killing or injury: before the count, or close behind it.
fn fate(page: &Page<'_>, clause: &Range<usize>, at: usize) -> Fate {
    let harm = |tokens: Range<usize>| {
        page.hits(&tokens)
            .filter(|h| is_harm(page, h.sense))
            .map(|h| h.tokens.start)
            .collect::<Vec<_>>()
    };
    let before = harm(clause.start..at).last().copied().filter(|b| at - b <= REACH_BACK);
    let after = harm(at..clause.end.min(at + REACH_ON)).first().copied();
    before.or(after).map_or(Fate::Unknown, |token| fate_of(page.word(token)))
}

/// Words over which killing and injury reach to what they count.
const REACH_BACK: usize = 14;
/// English and headlines count before the verb ("three people were killed").
const REACH_ON: usize = 7;

/// Injury, by the stems of its words; everything else that harms kills.
fn fate_of(word: &str) -> Fate {
    let injury = ["صاب", "صيب", "جرح", "جريح", "جروح", "injur", "wound", "hurt"];
    if injury.iter().any(|stem| word.contains(stem)) { Fate::Injured } else { Fate::Killed }
}
