//! How many were killed and injured, and what moved.

use std::ops::Range;

use super::Page;
use super::fate::{Fate, fate, fate_of, is_harm};
use super::group::{ADJECTIVES, Group, groups, is_shocked, subset_end};
use super::hit::{AgainWord, DateWord, Hit, Sense};
use super::lexicon::Counts;
use super::number::{Number, numbers};
use super::owner::{is_people_of, right_before};
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

    /// Whether people with arms were killed or hurt, and nobody without.
    pub(super) fn harms_fighters_alone(&self) -> bool {
        self.harms_fighters && !self.harms_civilians
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

/// Counts the dead, the hurt, soldiers and vehicles of a clause, but for those who are only what it is about
/// (`احتجاجاً على |مقتل شاب`).
pub(super) fn tally(
    page: &Page<'_>,
    clause: &Range<usize>,
    (dates, about): (&[Range<usize>], &[Range<usize>]),
    speaker: Option<&Range<usize>>,
) -> Tally {
    let together = together(page, clause);
    let mut numbers = countings(page, clause, dates);
    // `وفق ما روى أحد أقارب الضحايا`: the one who speaks is not one of those counted.
    let speaks = |n: &Number| speaker.is_some_and(|s| s.contains(&n.tokens.start));
    let is_about = |at: &Range<usize>| about.iter().any(|about| about.contains(&at.start));
    numbers.retain(|n| !(is_about(&n.tokens) || (speaks(n) && n.count == Count::exactly(1))));
    let (mut groups, told) = groups(page, clause, &numbers, &together);
    groups.retain(|group| !is_about(&group.noun));
    let mut tally = count(page, clause, &groups);
    let is_free = |n: &&Number| {
        let here = |at: &Range<usize>| at.contains(&n.tokens.start);
        !groups.iter().any(|group| here(&group.at)) && !together.iter().any(here)
    };
    let rest: Vec<&Number> = numbers.iter().filter(is_free).collect();
    of_actors(page, clause, &rest, &mut tally);
    bare_counts(page, clause, &rest, &mut tally);
    add_told(&told, &mut tally);
    // `إصابة |مدنيين| بجروح`: how many, nobody says.
    tally.harms_civilians |= page.hits(clause).any(|h| {
        page.counts(h) == Some(Counts::Civilians)
            && !is_about(&h.tokens)
            && right_before(page, h.tokens.start, |h| is_harm(page, h)).is_some()
    });
    one_by_article(page, clause, &mut tally);
    tally
}

/// What the groups come to. Where a headline runs into its lead without a mark, the lead counts again.
fn count(page: &Page<'_>, clause: &Range<usize>, groups: &[Group]) -> Tally {
    let lead = (1..groups.len()).find(|&at| is_lead(page, clause, groups, at));
    let (headline, lead) = groups.split_at(lead.unwrap_or_default());
    let sum_up = |groups: &[Group]| {
        let mut tally = Tally::default();
        for group in groups {
            add(page, clause, group, &mut tally);
        }
        tally
    };
    let (headline, lead) = (sum_up(headline), sum_up(lead));
    let told = |again: Count, first: Count| if again.is_unknown() { first } else { again };
    Tally {
        killed: told(lead.killed, headline.killed),
        injured: told(lead.injured, headline.injured),
        personnel: told(lead.personnel, headline.personnel),
        vehicles: told(lead.vehicles, headline.vehicles),
        trucks: told(lead.trucks, headline.trucks),
        harms_civilians: lead.harms_civilians || headline.harms_civilians,
        harms_fighters: lead.harms_fighters || headline.harms_fighters,
    }
}

/// Whether a group is the first one told again, by a verb that nothing joins to the words before it
/// (`مقتل مدني بقصف على بنش |قُتل مدني …`, `… حلب: |قُتل مدني`), or by a capital within the line.
fn is_lead(page: &Page<'_>, clause: &Range<usize>, groups: &[Group], at: usize) -> bool {
    let (Some(first), Some(group), Some(last)) =
        (groups.first(), groups.get(at), at.checked_sub(1).and_then(|at| groups.get(at)))
    else {
        return false;
    };
    let fate_of = |group: &Group| fate(page, clause, group.noun.clone());
    let is_again = first.counts == group.counts
        && first.count == group.count
        && fate_of(first) != Fate::Unknown
        && fate_of(first) == fate_of(group);
    let between = last.at.end..group.at.start;
    let is_verb = |h: &Hit| {
        matches!(h.sense, Sense::Trigger { verb: true, .. })
            && h.prefix.is_empty()
            && h.tokens.end == group.at.start
            && is_harm(page, h)
    };
    let verb = page.hits(&between).find(|h| is_verb(h)).map(|h| h.tokens.start);
    let capital = || {
        let start = group.at.start;
        let is_capital = page.original(start..start + 1).starts_with(|c: char| c.is_uppercase());
        is_capital.then_some(start)
    };
    let opens = verb.or_else(capital).and_then(|t| t.checked_sub(1));
    let begins = |t: usize| {
        let joins = page.lexicon.joins.contains(page.word(t));
        let is_dateline = page.word(t) == ":";
        t >= last.at.end && ((page.is(t, TokenKind::Word) && !joins) || is_dateline)
    };
    is_again && (opens.is_some_and(begins) || is_outcome(page, group))
}

/// `ما أدى إلى مقتل |ثلاثة أطفال`: what an attack led to, told of several, who hardly are as many others.
fn is_outcome(page: &Page<'_>, group: &Group) -> bool {
    let start = group.at.start;
    let led_to = |h: &Hit| {
        let before = page.before(h.tokens.start, 1);
        h.prefix.is_empty() && matches!(before, "الي" | "عن")
    };
    let harms = right_before(page, start, |h| is_harm(page, h) && led_to(h));
    harms.is_some() && group.count.best().is_some_and(|count| count > 1)
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
    let counts = |n: &Number| {
        !of_date(n) && !of_unit(n) && !is_clock(page, &n.tokens) && !is_the_same(page, &n.tokens)
    };
    numbers(page, clause).into_iter().filter(counts).collect()
}

/// `من عائلة |واحدة|`: behind its noun "one" is "the same".
fn is_the_same(page: &Page<'_>, number: &Range<usize>) -> bool {
    let noun = number.start.checked_sub(1).filter(|&t| page.is(t, TokenKind::Word));
    let is_counted = |t: usize| {
        page.hits(&(t..t + 1)).any(|h| h.sense == Sense::Subset || is_harm(page, h))
            || matches!(page.word(t), "من" | "عن" | "الا" | "سوي")
    };
    // `وأحد الجرحى` is one more.
    let is_one_of =
        page.original(number.clone()).contains('أ') || page.word(number.end).starts_with("ال");
    let is_one = matches!(page.word(number.start), "واحد" | "واحده" | "واحدا") && !is_one_of;
    is_one && number.len() == 1 && noun.is_some_and(|noun| !is_counted(noun))
}

/// `01:16`: hours and minutes count nobody.
fn is_clock(page: &Page<'_>, number: &Range<usize>) -> bool {
    let is_number = |t: usize| page.is(t, TokenKind::Number);
    let before = number.start.checked_sub(2).is_some_and(is_number);
    (before && page.word(number.start - 1) == ":")
        || (page.word(number.end) == ":" && is_number(number.end + 1))
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

/// `واثنان من هيئة تحرير الشام`, `اثنان من المهاجمين`: those counted are named by whose they are.
fn of_actors(page: &Page<'_>, clause: &Range<usize>, numbers: &[&Number], tally: &mut Tally) {
    for number in numbers {
        let of = number.tokens.end;
        let next = of + 1..(of + 3).min(clause.end);
        let actor = page
            .hits(&(next.start..clause.end))
            .take(8)
            .any(|h| matches!(h.sense, Sense::Actor { .. }) && next.contains(&h.tokens.start));
        let who = page.word(of + 1);
        let people = are_people(who) || is_people_of(who, KIN);
        let is_of = matches!(page.word(of), "من" | "of");
        let is_counted = !(tally.killed.is_unknown() && tally.injured.is_unknown());
        let is_part = is_counted && are_of_others(page, clause, &number.tokens);
        // Where nobody else is counted, `وفاة اثنين من |المصابين|` counts two.
        let is_fate = page.hits.at(of + 1).any(|h| {
            matches!(page.counts(h), Some(Counts::Killed | Counts::Injured)) && h.is_definite()
        });
        let is_part = is_part || (is_counted && is_fate);
        if !(is_of && (actor || people)) || is_part || is_shocked(page, of) {
            continue;
        }
        // `قبل أن ترتفع حصيلة القتلى إلى |ثلاثة من عائلة واحدة|`
        let before = clause.start..number.tokens.start;
        let has_grown = page.hits(&before).any(|h| h.sense == Sense::Again(AgainWord::Rises));
        let told = |first: Count| if has_grown { number.count } else { sum(first, number.count) };
        match fate(page, clause, number.tokens.clone()) {
            Fate::Killed => tally.killed = told(tally.killed),
            Fate::Injured => tally.injured = told(tally.injured),
            Fate::Unknown => {}
        }
    }
}

/// `ثمانية أشخاص، بينهم |خمسة| من عائلة`, "11 people, |five| of them children": they were counted already.
fn are_of_others(page: &Page<'_>, clause: &Range<usize>, number: &Range<usize>) -> bool {
    page.hits(clause).filter(|h| h.sense == Sense::Subset).any(|part| {
        let behind = part.tokens.end..subset_end(page, part.tokens.end, clause.end);
        part.tokens.start == number.end || behind.contains(&number.start)
    })
}

/// `ثلاثة من |أولاده|`
const KIN: &[&str] = &[
    "افراد",
    "اولاد",
    "ابناء",
    "اطفال",
    "بنات",
    "اقارب",
    "اشقاء",
    "احفاد",
    "مرافقي",
    "حراس",
    "رفاق",
    "زملاء",
];

/// Whether a definite plural has the form that Arabic keeps for people (`المهاجمين`).
fn are_people(word: &str) -> bool {
    word.starts_with("ال") && word.ends_with("ين") && word.chars().count() > SHORTEST_PLURAL
}

/// `ال`, a root of three letters and `ين`.
const SHORTEST_PLURAL: usize = 6;

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

/// "wounding three", `ومقتل 5`, "five killed in a blast": a number right behind a word of harm, or right before it in
/// English, with no noun of its own.
fn bare_counts(page: &Page<'_>, clause: &Range<usize>, numbers: &[&Number], tally: &mut Tally) {
    for number in numbers {
        // `6 بينهم طفلان`: what follows are some of the six.
        let near = number.tokens.end..(number.tokens.end + 2).min(clause.end);
        // "killing three |and wounding five|": another count.
        let and = near.clone().find(|&t| page.word(t) == "and" || page.is_comma(t));
        let near = near.start..and.unwrap_or(near.end);
        let is_part = |h: &Hit| h.sense == Sense::Subset && h.tokens.start == near.start;
        // `مقتل 3 |وإصابة| 34`: what is joined has a number of its own.
        let counts = |h: &Hit| {
            let is_noun = match h.sense {
                Sense::Counted(..) | Sense::Unit => true,
                // "killed 22 |and|", `جرح 4 |خلال|` only look like words of a date.
                Sense::Date(word) => is_counted_time(word),
                _ => false,
            };
            is_noun && !h.prefix.starts_with('و')
        };
        let has_noun = !page.hits(&near).any(is_part) && page.hits(&near).any(counts);
        let harm =
            page.hits(&(clause.start..number.tokens.start)).filter(|h| is_harm(page, h)).last();
        let rises = number.tokens.start.checked_sub(1).filter(|&t| is_to(page.word(t)));
        let next = |h: &&Hit| {
            let gap = h.tokens.end..number.tokens.start;
            gap.is_empty() || is_family(page, gap) || (rises.is_some() && is_toll(page, h))
        };
        let passive = page.hits(&near).find(|h| {
            h.tokens.start == near.start && page.word(near.start).is_ascii() && is_harm(page, h)
        });
        let Some(harm) = harm.filter(next).or(passive).filter(|_| !has_noun) else { continue };
        match fate_of(page.word(harm.tokens.start)) {
            Fate::Injured if tally.injured.is_unknown() => tally.injured = number.count,
            Fate::Killed if tally.killed.is_unknown() => tally.killed = number.count,
            _ => {}
        }
    }
}

/// What a number of time counts: days, or the day of a month.
const fn is_counted_time(word: DateWord) -> bool {
    matches!(
        word,
        DateWord::Month(_)
            | DateWord::Hijri(_)
            | DateWord::AgoDays
            | DateWord::AgoAfter
            | DateWord::Day
    )
}

/// "killing |a family of| five"
fn is_family(page: &Page<'_>, gap: Range<usize>) -> bool {
    let words: Vec<&str> = page.words(&gap).collect();
    matches!(
        words.as_slice(),
        ["a" | "an" | "the", "family", "of"] | ["a" | "an", "entire" | "whole", "family", "of"]
    )
}

/// "killed a shopkeeper", "wounding a senior financier": whoever it is, the article makes it one; `اغتيل أمين الفرع`:
/// the verb does.
fn one_by_article(page: &Page<'_>, clause: &Range<usize>, tally: &mut Tally) {
    for harm in page.hits(clause).filter(|h| is_harm(page, h)) {
        let article = harm.tokens.end;
        let most = article + 1..(article + 1 + ADJECTIVES).min(clause.end);
        // "a shopkeeper |and wounded three|"
        let end = most.clone().find(|&t| matches!(page.word(t), "and" | ","));
        let phrase = most.start..end.unwrap_or(most.end);
        let is_one = matches!(page.word(article), "a" | "an")
            && !phrase.clone().any(|t| NOT_ONE.contains(&page.word(t)))
            && !SPANS.contains(&page.word(article + 1))
            && !page
                .hits(&phrase)
                .any(|h| matches!(h.sense, Sense::Counted(..) | Sense::Number(_)));
        match fate_of(page.word(harm.tokens.start)) {
            Fate::Killed
                if (is_one || is_murder_of_one(page, harm)) && tally.killed.is_unknown() =>
            {
                tally.killed = Count::exactly(1);
            }
            Fate::Injured if is_one && tally.injured.is_unknown() => {
                tally.injured = Count::exactly(1);
            }
            _ => {}
        }
    }
}

/// `اغتيل أمين الفرع`: the verb is of one, unless those behind it are many.
fn is_murder_of_one(page: &Page<'_>, harm: &Hit) -> bool {
    let (word, whom) = (page.word(harm.tokens.start), page.word(harm.tokens.end));
    let are_many = whom.ends_with("ون")
        || page
            .hits
            .at(harm.tokens.end)
            .any(|h| matches!(h.sense, Sense::Counted(..) | Sense::Vague(_)));
    let is_attempt = page.before(harm.tokens.start, 1).contains("محاول");
    let is_noun = word == "اغتيال"
        && whom.starts_with("ال")
        && !["ين", "ات"].iter().any(|many| whom.ends_with(many));
    // `يغتالون |إمام مسجد|`
    let is_verb =
        matches!(word, "اغتيل" | "واغتيل" | "اغتيلت" | "واغتيلت" | "يغتالون" | "يغتال" | "تغتال");
    (is_verb || (is_noun && !is_attempt)) && !are_many
}

/// Behind "a" these are many, or nobody.
const NOT_ONE: &[&str] = &[
    "number",
    "group",
    "dozen",
    "few",
    "couple",
    "family",
    "crowd",
    "total",
    "handful",
    "lot",
    "score",
    "convoy",
    "patrol",
    "unit",
    "team",
    "further",
    "village",
    "town",
    "house",
    "vehicle",
    "car",
    "checkpoint",
    "position",
    "base",
];

/// "killed a day earlier", "wounded a week ago": that is when, not who.
const SPANS: &[&str] =
    &["hour", "day", "night", "week", "fortnight", "month", "year", "decade", "short", "little"];

/// "the death toll rose to nine", `ارتفعت حصيلة القتلى إلى تسعة`.
fn is_to(word: &str) -> bool {
    matches!(word, "to" | "الي")
}

fn is_toll(page: &Page<'_>, harm: &Hit) -> bool {
    let words = [harm.tokens.start.saturating_sub(1), harm.tokens.end.saturating_sub(1)];
    words.into_iter().any(|t| matches!(page.word(t), "toll" | "حصيله" | "عدد"))
}

fn add(page: &Page<'_>, clause: &Range<usize>, group: &Group, tally: &mut Tally) {
    let &Group { counts, count, .. } = group;
    let fate = fate(page, clause, group.noun.clone());
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
    let are_fighters = counts == Counts::Fighters && fate != Fate::Unknown;
    let are_dead = matches!(counts, Counts::Killed | Counts::Injured);
    tally.harms_fighters |= are_fighters || (are_dead && are_of_fighters(page, group.at.end));
}

/// `13 قتيلاً |من العسكريين|`
fn are_of_fighters(page: &Page<'_>, of: usize) -> bool {
    let is_fighters = |h: &Hit| page.counts(h) == Some(Counts::Fighters);
    page.word(of) == "من" && page.hits(&(of + 1..of + 2)).any(is_fighters)
}

fn sum(so_far: Count, more: Count) -> Count {
    if so_far.is_unknown() { more } else { so_far.plus(more) }
}
