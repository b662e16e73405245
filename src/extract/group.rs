//! The groups of people and vehicles that the nouns of a clause count.

use std::ops::Range;

use super::Page;
use super::fate::{Fate, fate, fate_of, is_harm, is_relative, passive_of};
use super::forms::pronoun;
use super::hit::{AgainWord, Grammar, Hit, Party, Sense};
use super::lexicon::Counts;
use super::number::{Number, definite_at};
use super::owner::right_before;
use crate::model::taxonomy::SubEventType;
use crate::model::text::TokenKind;
use crate::model::toll::Count;

/// People or vehicles that a noun counts.
pub(super) struct Group {
    pub(super) counts: Counts,
    pub(super) count: Count,
    /// The noun.
    pub(super) noun: Range<usize>,
    /// The noun with its number.
    pub(super) at: Range<usize>,
}

/// What the nouns of a clause count, none of it twice, and who is told of that was named before.
pub(super) fn groups(
    page: &Page<'_>,
    clause: &Range<usize>,
    numbers: &[Number],
    together: &[Range<usize>],
) -> (Vec<Group>, Vec<(Counts, Count)>) {
    let (mut groups, mut told) = (Vec::<Group>::new(), Vec::new());
    let mut told_end = None;
    let mut skip_to = clause.start;
    for hit in page.hits(clause) {
        if hit.tokens.start < skip_to {
            continue;
        }
        match hit.sense {
            // "six, among them two children": the two are of the six.
            Sense::Subset => skip_to = subset_end(page, hit.tokens.end, clause.end),
            Sense::Counted(id, grammar) => {
                let Some(counts) = counts_here(page, hit, id) else { continue };
                let of_both = together.iter().any(|t| t.contains(&hit.tokens.start));
                let is_other = counts == Counts::Others && !is_another(page, clause, hit, grammar);
                // `وفاة اثنين |من المصابين|`: some of those who are counted.
                let is_fate = matches!(counts, Counts::Killed | Counts::Injured);
                let are_some = is_fate && die_of_those(page, numbers, hit);
                if of_both || is_other || are_some || counts_nobody(page, hit, counts) {
                    continue;
                }
                // A number belongs to the noun next to it, not to the one after that.
                let last_end = groups.last().map(|group| group.at.end);
                let free = |n: &&Number| last_end.is_none_or(|end| end <= n.tokens.start);
                let free: Vec<&Number> = numbers.iter().filter(free).collect();
                let Some((count, at)) = count_of(page, &free, hit, grammar) else { continue };
                if matches!(counts, Counts::KilledTold | Counts::InjuredTold) {
                    told.push((counts, count));
                    told_end = Some(at.end);
                } else if (!groups.is_empty() && is_one_of_those(page, clause, hit, &at))
                    || last_end.is_some_and(|end| is_same_people(page, hit, at.start, end))
                    || groups.last().is_some_and(|last| {
                        is_same_person(page, last, hit, &at) || shares_number(page, last, hit)
                    })
                {
                    let touches = last_end == Some(at.start);
                    let end = hit.tokens.end;
                    skip_to = if touches { end } else { subset_end(page, end, clause.end) };
                } else {
                    // `مقتله مع مرافقه`, `مقتله وشقيقه`: the one told of and one more.
                    let joins = told_end.is_some_and(|end| joins(page, hit, end));
                    let is_counted =
                        |g: &Group| fate(page, clause, g.noun.clone()) != Fate::Unknown;
                    let is_new = joins && !groups.iter().any(is_counted);
                    if let Some((told, count)) = told.pop_if(|_| is_new) {
                        let counts = as_told(told);
                        groups.push(Group { counts, count, noun: at.clone(), at: at.clone() });
                    }
                    if let Some(name) = named_before(page, hit) {
                        let (counts, count) = (Counts::Others, Count::exactly(1));
                        groups.push(Group { counts, count, noun: name.clone(), at: name });
                    }
                    skip_to = at.end;
                    groups.push(Group { counts, count, noun: hit.tokens.clone(), at });
                }
            }
            _ => {}
        }
    }
    leave_out_parts(page, &mut groups);
    leave_out_outgrown(page, clause, &mut groups);
    told.extend(dies_alone(page, clause));
    told.extend(befalls_him(page, clause));
    (groups, told)
}

/// `وفاة اثنين من |المصابين|`
fn die_of_those(page: &Page<'_>, numbers: &[Number], hurt: &Hit) -> bool {
    let of = hurt.tokens.start.checked_sub(1).filter(|&t| page.word(t) == "من");
    let dies = |n: &Number| right_before(page, n.tokens.start, |h| is_harm(page, h)).is_some();
    of.is_some_and(|of| numbers.iter().any(|n| n.tokens.end == of && dies(n)))
}

/// `وفاة طفلة متأثرة |بإصابتها`: who dies of an injury is not counted as injured.
fn is_died_of(page: &Page<'_>, injury: &Hit) -> bool {
    let before = page.before(injury.tokens.start, 1);
    before.strip_prefix('و').unwrap_or(before).starts_with("متاثر")
}

/// What a noun counts where it stands.
fn counts_here(page: &Page<'_>, hit: &Hit, id: usize) -> Option<Counts> {
    Some(match *page.lexicon.counted.get(id)? {
        _ if is_former(page, hit) => Counts::Civilians,
        Counts::Killed if is_outcome(page, hit) => Counts::KilledTold,
        counts => counts,
    })
}

/// `فأردوه |قتيلاً|`: what became of one who was told of.
fn is_outcome(page: &Page<'_>, hit: &Hit) -> bool {
    let before = page.before(hit.tokens.start, 1);
    let verb = before.strip_prefix(['و', 'ف']).unwrap_or(before);
    verb.starts_with("ارد") && pronoun(verb).is_some()
}

/// `قيادي سابق`, "a former fighter": who was under arms once.
fn is_former(page: &Page<'_>, hit: &Hit) -> bool {
    let behind = page.word(hit.tokens.end);
    let before = page.before(hit.tokens.start, 1);
    FORMER.contains(&behind.strip_prefix("ال").unwrap_or(behind))
        || matches!(before, "former" | "ex")
}

const FORMER: &[&str] = &["سابق", "سابقا", "سابقين", "سابقون", "سابقان"];

/// `قيادي |سابق| في X`, `|موظف| في X`: who is told to be with X by such a word does not fight for it.
pub(super) fn is_no_fighter(page: &Page<'_>, token: usize) -> bool {
    let word = page.word(token);
    let is_unarmed = |h: &Hit| h.sense == Sense::Party(Party::Unarmed);
    FORMER.contains(&word.strip_prefix("ال").unwrap_or(word)) || page.hits.at(token).any(is_unarmed)
}

/// Whether a noun for people counts none who were harmed where it stands.
fn counts_nobody(page: &Page<'_>, hit: &Hit, counts: Counts) -> bool {
    is_in_place_name(page, hit)
        || is_adjective(page, hit, counts)
        || is_no_parent(page, hit)
        || is_shocked(page, hit.tokens.end)
        || (counts == Counts::InjuredTold && is_died_of(page, hit))
}

/// `وتعرض اثنان من أطفالها |لصدمة نفسية|`: what those counted suffered is no wound.
pub(super) fn is_shocked(page: &Page<'_>, behind: usize) -> bool {
    let mut near = (behind..behind + SHOCK).take_while(|&t| page.is(t, TokenKind::Word));
    let shock = near.find(|&t| page.word(t).ends_with("صدمه"));
    // `بصدمة نفسية |وجروح|`
    shock.is_some_and(|shock| !(shock..shock + SHOCK).any(|t| page.word(t).contains("جروح")))
}

/// So many words behind those counted stands what they suffered.
const SHOCK: usize = 4;

/// `هجوم مسلح`: the word for a gunman tells what an attack or a fight was like.
fn is_adjective(page: &Page<'_>, hit: &Hit, counts: Counts) -> bool {
    let tells = |h: &Hit| match h.sense {
        Sense::Trigger { id, verb: false, .. } => {
            page.lexicon.triggers.get(id).is_some_and(|t| t.sub_event == SubEventType::ArmedClash)
        }
        _ => false,
    };
    let around = hit.tokens.start.saturating_sub(1)..hit.tokens.end;
    counts == Counts::Fighters && page.hits(&around).any(|h| h.tokens == around && tells(h))
}

/// `آب` is a month and `أم` is "or", unless somebody has just been killed or hurt (`قتل |أب| وابنه`) or a family is
/// told one by one (`مؤلفة من |أب| و|أم|`).
fn is_no_parent(page: &Page<'_>, hit: &Hit) -> bool {
    let at = hit.tokens.start;
    let word = page.word(at).strip_prefix(hit.prefix).unwrap_or_default();
    let before = |far: usize| page.before(at, far);
    let is_life = before(1) == "بحياه";
    let is_family = before(1) == "من" && matches!(before(2), "مولفه" | "مكونه" | "تتالف" | "تتكون");
    let counted = |h: &Hit| matches!(h.sense, Sense::Counted(..));
    let is_joined = hit.prefix == "و" && right_before(page, at, counted).is_some();
    matches!(word, "اب" | "ام") && !(is_subject(page, at) || is_life || is_family || is_joined)
}

/// `مخيم كفر عمة`: a word for people within the name of a place counts nobody.
fn is_in_place_name(page: &Page<'_>, hit: &Hit) -> bool {
    let at = hit.tokens.start;
    let around = at.saturating_sub(LONGEST_NAME)..hit.tokens.end + LONGEST_NAME;
    page.names(&around).any(|name| name.tokens.len() > 1 && name.tokens.contains(&at))
}

/// What became of those told of.
const fn as_told(counts: Counts) -> Counts {
    match counts {
        Counts::KilledTold => Counts::Killed,
        Counts::InjuredTold => Counts::Injured,
        other => other,
    }
}

/// `استشهاد مدني، قبل أن |ترتفع حصيلة الشهداء| إلى ثلاثة`: a toll that has risen takes the place of the first.
fn leave_out_outgrown(page: &Page<'_>, clause: &Range<usize>, groups: &mut Vec<Group>) {
    let is_growth = |h: &&Hit| h.sense == Sense::Again(AgainWord::Rises);
    let Some(growth) = page.hits(clause).find(is_growth).map(|h| h.tokens.start) else { return };
    let fate = |group: &Group| match group.counts {
        Counts::Killed => Fate::Killed,
        Counts::Injured => Fate::Injured,
        _ => fate(page, clause, group.noun.clone()),
    };
    let is_after = |group: &Group| group.at.start > growth;
    let grown: Vec<Fate> = groups.iter().filter(|g| is_after(g)).map(fate).collect();
    groups.retain(|group| is_after(group) || !grown.contains(&fate(group)));
}

/// `استشهد |الفنان| جمعة إبراهيم`: one whom a verb that has no object names, by whatever title.
fn dies_alone(page: &Page<'_>, clause: &Range<usize>) -> Option<(Counts, Count)> {
    let dies = |h: &&Hit| {
        let word = page.word(h.tokens.start).strip_prefix(h.prefix).unwrap_or_default();
        let who = page.word(h.tokens.end);
        let is_one =
            who.starts_with("ال") && !["ون", "ين", "ات"].iter().any(|many| who.ends_with(many));
        let is_known = |h: &Hit| !matches!(h.sense, Sense::Place(_));
        is_harm(page, h)
            && DIES.contains(&word)
            && is_one
            && page.is(h.tokens.end, TokenKind::Word)
            && !page.hits.at(h.tokens.end).any(is_known)
    };
    page.hits(clause).find(dies).map(|_| (Counts::KilledTold, Count::exactly(1)))
}

/// "opened fire at a trader, killing |him|": one who was told of.
fn befalls_him(page: &Page<'_>, clause: &Range<usize>) -> Option<(Counts, Count)> {
    // "Khaled al-Hariri |was killed|"
    let is_named = |h: &Hit| {
        let be = h.tokens.start.checked_sub(1).filter(|&t| page.word(t) == "was");
        let before = be.map(|be| be.saturating_sub(SUBJECT).max(clause.start)..be);
        before.is_some_and(|mut before| !before.any(|t| MANY.contains(&page.word(t))))
    };
    let is_he = |h: &&Hit| {
        is_harm(page, h) && (matches!(page.word(h.tokens.end), "him" | "her") || is_named(h))
    };
    let harm = page.hits(clause).find(is_he)?;
    let counts = match fate_of(page.word(harm.tokens.start)) {
        Fate::Injured => Counts::InjuredTold,
        _ => Counts::KilledTold,
    };
    Some((counts, Count::exactly(1)))
}

/// The subject of "was" and what describes it have so many words.
const SUBJECT: usize = 8;
/// Of these more than one is killed, or nobody.
const MANY: &[&str] = &[
    "family",
    "group",
    "crew",
    "team",
    "patrol",
    "cell",
    "number",
    "convoy",
    "unit",
    "no",
    "nobody",
    "none",
    "couple",
    "dozen",
    "it",
    "livestock",
];

const DIES: &[&str] = &["استشهد", "استشهدت", "ارتقي", "ارتقت", "توفي", "توفيت", "قضي", "قضت"];

/// "two civilians, a woman and her nephew": behind a comma stand as many as were counted before it,
/// and are the same people.
fn leave_out_parts(page: &Page<'_>, groups: &mut Vec<Group>) {
    let mut at = 0;
    while let Some((whole, rest)) = groups.get(at..).and_then(<[_]>::split_first) {
        let parts = parts(page, whole, rest);
        at += 1;
        groups.drain(at..at + parts);
    }
}

/// How many of the groups behind one are its parts, one by one.
fn parts(page: &Page<'_>, whole: &Group, rest: &[Group]) -> usize {
    let Some(wanted) = whole.count.best().filter(|&n| n > 1) else { return 0 };
    // `ثلاثة أشخاص من عائلة واحدة، رجل وزوجته …`
    let mut near = whole.at.end..=whole.at.end + OF_FAMILY;
    let Some(comma) = near.find(|&t| !page.is(t, TokenKind::Word)) else { return 0 };
    if !page.is_comma(comma) {
        return 0;
    }
    let (mut end, mut sum) = (comma, 0);
    // Between two of them stands "and" with an article, or a comma with one.
    let near = |group: &&Group| {
        let is_near = group.at.start <= end + 2;
        end = group.at.end;
        is_near
    };
    let sums = rest.iter().take_while(near).map(|group| {
        sum += group.count.best().unwrap_or_default();
        sum
    });
    (1..).zip(sums).skip(1).find(|&(_, sum)| sum == wanted).map_or(0, |(parts, _)| parts)
}

/// Words between those who are counted and the comma behind which they are told one by one.
const OF_FAMILY: usize = 3;

/// "two civilians, a woman and her nephew", `طفلان شقيقان`, `جثة شاب`, "the body of a man":
/// named again, not counted again.
fn is_same_people(page: &Page<'_>, hit: &Hit, first: usize, last_end: usize) -> bool {
    let touches = first == last_end && hit.prefix.is_empty() && !is_joined(page, first);
    // `شخص يعتقد أنه |قيادي`
    // "a man said to be |a member|", `ضابط برتبة |عميد|`
    let article = usize::from(matches!(page.before(first, 1), "a" | "an"));
    let opening = [page.before(first, article + 2), page.before(first, article + 1)];
    let is_said = matches!(
        opening,
        [_, "انه" | "انها" | "برتبه"] | ["to", "be"] | ["identified" | "described", "as"]
    );
    let is_he = is_said && (last_end..=last_end + BELIEVED).contains(&first);
    let of = first <= last_end + 2 && page.word(last_end) == "of";
    touches || of || is_he || (first == last_end + 1 && page.is_comma(last_end))
}

/// `5 مدنيين بينهم 3 أطفال، |وأحد الأطفال| جروحه بليغة`: one of those who are told to be among the others.
fn is_one_of_those(page: &Page<'_>, clause: &Range<usize>, hit: &Hit, at: &Range<usize>) -> bool {
    let one = page.word(at.start).strip_prefix('و');
    let before = clause.start..at.start;
    hit.is_definite()
        && matches!(one, Some("احد" | "احدي"))
        && page.hits(&before).any(|h| h.sense == Sense::Subset)
}

/// `يعتقد على نطاق واسع أنه`: so many words between somebody and what he is said to be.
const BELIEVED: usize = 5;

/// `السيدة عزيزة المحمد نازحة من …`: who was told of by name is called something else behind it.
fn is_same_person(page: &Page<'_>, last: &Group, hit: &Hit, at: &Range<usize>) -> bool {
    let is_title = |h: &Hit| h.tokens == last.noun && h.is_definite();
    let name = last.at.end..at.start;
    let is_name = |t: usize| page.is(t, TokenKind::Quote) || may_name(page, t);
    let one = Count::exactly(1);
    // `النقيب محمد هواش |أحد| ضباط …`
    let is_one_of = matches!(page.word(at.start), "احد" | "احدي");
    (1..=LONGEST_NAME).contains(&name.len())
        && last.count == one
        && (*at == hit.tokens || is_one_of)
        && hit.prefix.is_empty()
        && !hit.is_definite()
        && page.hits(&last.noun).any(is_title)
        && name.into_iter().all(is_name)
}

/// `12 متطوعاً |وسائقاً|`: behind such a number both are what it counts. One more would stand as `وسائق`.
fn shares_number(page: &Page<'_>, last: &Group, hit: &Hit) -> bool {
    const FROM: u32 = 11;
    let is_counted = |noun: &Range<usize>| page.word(noun.start).ends_with('ا');
    last.count.low().is_some_and(|low| low >= FROM)
        && last.at.end == hit.tokens.start
        && hit.prefix == "و"
        && is_counted(&last.noun)
        && is_counted(&hit.tokens)
}

/// Whether a word may be of a person's name: none that is known for more than a place.
fn may_name(page: &Page<'_>, token: usize) -> bool {
    let is_known = |h: &Hit| !matches!(h.sense, Sense::Place(_));
    page.is(token, TokenKind::Word) && !page.hits(&(token..token + 1)).any(is_known)
}

/// The name of a person, with quotes around it, has at most so many words.
const LONGEST_NAME: usize = 6;

/// `مقتل |محمود الغنام| وابنه`: who was named alone behind a word of harm, with somebody of his.
fn named_before(page: &Page<'_>, hit: &Hit) -> Option<Range<usize>> {
    let end = hit.tokens.start;
    let is_kin = hit.prefix.starts_with('و') && page.word(end).ends_with(['ه', 'ا', 'م']);
    let before = (end.saturating_sub(LONGEST_NAME)..end).rev();
    let words = before.take_while(|&t| may_name(page, t)).count();
    let start = end.checked_sub(words).filter(|_| is_kin && (1..LONGEST_NAME).contains(&words))?;
    is_subject(page, start).then_some(start..end)
}

/// Whether a counted noun goes with what ends there: `… مع مرافقه`, `… ومرافقه`, "… and his guard".
fn joins(page: &Page<'_>, hit: &Hit, end: usize) -> bool {
    let start = hit.tokens.start;
    let with = start == end + 1 && matches!(page.word(end), "مع" | "and");
    with || (start == end && hit.prefix.starts_with('و'))
}

pub(super) fn subset_end(page: &Page<'_>, from: usize, end: usize) -> usize {
    (from..end)
        .find(|&t| {
            matches!(page.word(t), "،" | "," | ".")
                || page.hits(&(t..t + 1)).any(|h| is_harm(page, h) && h.prefix == "و")
        })
        .unwrap_or(end)
}

/// The number that a counted noun carries – in its form, before it, or behind it (`مدنيين اثنين`) –
/// and where the two stand.
fn count_of(
    page: &Page<'_>,
    numbers: &[&Number],
    noun: &Hit,
    grammar: Grammar,
) -> Option<(Count, Range<usize>)> {
    let (start, end) = (noun.tokens.start, noun.tokens.end);
    let joined = noun.prefix.starts_with('و');
    let reaches = |n: &&&Number| {
        let next = n.tokens.end == start;
        next || is_in_brackets(page, n, start)
            || is_of_the(page, n, start)
            || (n.tokens.end + 1 == start && may_part(page, n.tokens.end))
    };
    let before = numbers.iter().rev().find(reaches);
    if let Some(number) = before.filter(|_| !joined) {
        return Some((number.count, number.tokens.start..end));
    }
    // `مدنيين اثنين`, but not `إصابة اثنين آخرين`: there the number is the next noun's.
    let has_noun = |n: &&&Number| {
        let next = n.tokens.end..n.tokens.end + 1;
        page.hits(&next).any(|h| matches!(h.sense, Sense::Counted(..)) && h.prefix.is_empty())
    };
    let after = numbers.iter().find(|n| n.tokens.start == end && n.count == Count::exactly(2));
    let after = after.filter(|n| !has_noun(n));
    let theirs = definite_at(page, end).filter(|_| grammar == Grammar::Many && !noun.is_definite());
    if let Some(count) = theirs {
        return Some((Count::exactly(count), start..end + 1));
    }
    let count = match (grammar, after) {
        (_, Some(number)) => return Some((number.count, start..number.tokens.end)),
        (Grammar::One, None) if is_one(page, noun) => Count::exactly(1),
        (Grammar::Two, None) if !noun.is_definite() || is_subject(page, start) => Count::exactly(2),
        _ => return None,
    };
    Some((count, start..end))
}

/// "five |of the| passengers"
fn is_of_the(page: &Page<'_>, number: &Number, noun: usize) -> bool {
    let of = number.tokens.end;
    of + 2 == noun && page.word(of) == "of" && page.word(of + 1) == "the"
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
        return !noun.is_definite() || is_subject(page, start) || is_who(page, noun);
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
    let has_article = phrase.any(|word| {
        matches!(word, "a" | "an" | "one" | "another" | "his" | "her" | "its" | "their")
    });
    has_article || is_headline_object(page, start) || is_headline_subject(page, &noun.tokens)
}

/// "|SDF commander| dies of wounds", "Soldier killed": nothing but what describes one stands before the noun.
fn is_headline_subject(page: &Page<'_>, noun: &Range<usize>) -> bool {
    let before = (0..noun.start).rev().take_while(|&t| page.is(t, TokenKind::Word));
    let before: Vec<&str> = before.take(ADJECTIVES + 1).map(|t| page.word(t)).collect();
    let describes = before.iter().all(|word| !OPENS_PHRASE.contains(word));
    let harms = page.hits.at(noun.end).any(|h| is_harm(page, h));
    harms && describes && before.len() <= ADJECTIVES
}

/// "kills |Hezbollah commander|", "wounds son": headlines leave the article out.
fn is_headline_object(page: &Page<'_>, noun: usize) -> bool {
    let harms = |verb: usize| {
        let is_verb = |h: &Hit| {
            let is_told = matches!(h.sense, Sense::Trigger { verb: true, present: false, .. });
            is_told && h.tokens == (verb..verb + 1) && is_harm(page, h)
        };
        page.word(verb).ends_with('s') && page.hits(&(verb..verb + 1)).any(is_verb)
    };
    let near = (noun.saturating_sub(ADJECTIVES)..noun).rev();
    let verb = near.take_while(|&t| page.is(t, TokenKind::Word)).find(|&t| harms(t));
    let named = |verb: usize| {
        let mut between = verb + 1..noun;
        !between.any(|t| OPENS_PHRASE.contains(&page.word(t)))
    };
    verb.is_some_and(named)
}

/// Behind these another phrase begins.
const OPENS_PHRASE: &[&str] =
    &["the", "in", "at", "of", "and", "with", "near", "on", "by", "from", "for", "to", "as"];

/// Adjectives and names between an English article and its noun ("an Islamic State field commander").
pub(super) const ADJECTIVES: usize = 4;

/// `الشاب النازح الذي استشهد`: one who is told of by what became of him.
fn is_who(page: &Page<'_>, noun: &Hit) -> bool {
    let counted = |h: &Hit| matches!(h.sense, Sense::Counted(..));
    let is_adjective = page
        .hits(&(noun.tokens.start.saturating_sub(1)..noun.tokens.start))
        .any(|h| counted(h) && h.is_definite());
    let mut near =
        (noun.tokens.end..noun.tokens.end + WHO).take_while(|&t| page.is(t, TokenKind::Word));
    let who = near.find(|&t| is_relative(page.word(t)));
    let harms = |who: usize| {
        page.hits(&(who + 1..who + 3)).any(|h| h.tokens.start == who + 1 && is_harm(page, h))
    };
    !is_adjective && who.is_some_and(harms)
}

/// Adjectives and a name between one and "who".
const WHO: usize = 5;

/// `أصيب الموظف`, `مقتل الشاب`: one who is known from before suffers.
fn is_subject(page: &Page<'_>, noun: usize) -> bool {
    right_before(page, noun, |h| is_harm(page, h)).is_some()
}

/// "wounding another", "a third was wounded", `وإصابة آخر`, `مدني وآخر`: one more of those who were harmed, not another attack.
fn is_another(page: &Page<'_>, clause: &Range<usize>, hit: &Hit, grammar: Grammar) -> bool {
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
        || passive_of(page, clause, hit.tokens.end).is_some()
}

/// Whether a number or noun is joined to what stands before it (`وثلاثة`, `وأكثر من 30`).
fn is_joined(page: &Page<'_>, token: usize) -> bool {
    page.hits.at(token).any(|h| {
        matches!(h.sense, Sense::Number(_) | Sense::Vague(_) | Sense::Bound(_))
            && h.prefix.starts_with('و')
    })
}
