//! Sentences and clauses: one Arabic sentence may tell of three events.

use std::ops::Range;

use super::Page;
use super::fate::is_harm;
use super::hit::{AgainWord, Hit, Sense, SpeechWord};
use super::lexicon::Role;
use crate::model::text::TokenKind;

/// A sentence and its clauses.
#[derive(Debug, Clone)]
pub(super) struct Sentence {
    pub(super) tokens: Range<usize>,
    pub(super) clauses: Vec<Range<usize>>,
}

/// The sentences of a line, in order.
pub(super) fn sentences(page: &Page<'_>, line: Range<usize>) -> Vec<Sentence> {
    let mut sentences = Vec::new();
    let mut start = line.start;
    for at in line.clone() {
        if ends_sentence(page, at, &line) || at - start >= LONGEST {
            push(page, start..at + 1, &mut sentences);
            start = at + 1;
        }
    }
    push(page, start..line.end, &mut sentences);
    sentences
}

/// Words without a full stop are cut here: what reads a clause looks at all of it for each of its words.
const LONGEST: usize = 600;

fn push(page: &Page<'_>, tokens: Range<usize>, sentences: &mut Vec<Sentence>) {
    // A closing quote after the full stop belongs to the sentence before.
    let mut tokens = tokens;
    while tokens.start < tokens.end
        && page.is(tokens.start, TokenKind::Quote)
        && !sentences.is_empty()
    {
        tokens.start += 1;
    }
    if tokens.clone().any(|t| page.is(t, TokenKind::Word)) {
        let clauses = clauses(page, &tokens);
        sentences.push(Sentence { tokens, clauses });
    }
}

fn ends_sentence(page: &Page<'_>, at: usize, line: &Range<usize>) -> bool {
    match page.word(at) {
        "؟" | "?" | "!" => true,
        "." => {
            let before = page.before(at, 1);
            let after = if at + 1 < line.end { page.word(at + 1) } else { "" };
            // An initial (د. م. U.S.) and an ellipsis do not end a sentence.
            let initial = before.chars().count() == 1 && before.chars().all(char::is_alphabetic);
            let day = page.is(at + 1, TokenKind::Number) && MONTHS.contains(&before);
            !(initial || day || matches!(before, "." | "dr" | "mr" | "st") || after == ".")
        }
        _ => false,
    }
}

/// "Dec. 13"
const MONTHS: &[&str] =
    &["jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec"];

/// Cuts a sentence where another event may begin.
fn clauses(page: &Page<'_>, sentence: &Range<usize>) -> Vec<Range<usize>> {
    let mut cuts: Vec<usize> = Vec::new();
    for hit in page.hits(sentence) {
        if hit.tokens.start > sentence.start && opens_clause(page, hit) {
            cuts.push(hit.tokens.start);
        }
        cuts.extend(main_clause(page, sentence, hit));
        cuts.extend(answer(page, sentence, hit));
    }
    cuts.extend(sentence.clone().filter(|&t| matches!(page.word(t), "؛" | ";")).map(|t| t + 1));
    cuts.sort_unstable();
    cuts.dedup();
    let whole = parts(sentence, &cuts);
    let others = |clause: &Range<usize>| {
        let mut cuts = other_victims(page, clause);
        cuts.extend(along_with(page, clause));
        cuts.sort_unstable();
        cuts
    };
    let clauses = whole.iter().flat_map(|clause| parts(clause, &others(clause)));
    clauses.filter(|c| c.clone().any(|t| page.is(t, TokenKind::Word))).collect()
}

fn parts(whole: &Range<usize>, cuts: &[usize]) -> Vec<Range<usize>> {
    let starts = std::iter::once(whole.start).chain(cuts.iter().copied());
    let ends = cuts.iter().copied().chain(std::iter::once(whole.end));
    starts.zip(ends).map(|(start, end)| start..end).collect()
}

/// Where a clause goes on with other victims, of another attack on another place: `قتل طفل بقصف على سرمين
/// |وقتل آخر بقصف على بنش`.
fn other_victims(page: &Page<'_>, clause: &Range<usize>) -> Vec<usize> {
    let mut cuts = Vec::new();
    let mut start = clause.start;
    for hit in page.hits(clause).filter(|hit| is_harm(page, hit)) {
        let Some(cut) = joined_at(page, hit).filter(|&cut| cut > start) else { continue };
        let before = start..cut;
        let known: Vec<&str> = page.names(&before).map(|name| name.key.as_str()).collect();
        let is_told = page.hits(&before).any(|hit| means(page, hit).is_some());
        if known.is_empty() || !is_told {
            continue;
        }
        let rest = hit.tokens.end..clause.end;
        let Some(attack) = page.hits(&rest).find(|hit| means(page, hit).is_some()) else {
            continue;
        };
        let behind = attack.tokens.end..(attack.tokens.end + PLACE).min(clause.end);
        let is_elsewhere = page.names(&behind).any(|name| !known.contains(&name.key.as_str()));
        if means(page, attack) == Some(Means::Noun) && is_elsewhere {
            cuts.push(cut);
            start = cut;
        }
    }
    cuts
}

/// Where what happened along with it is told, of another place: `انفجار سيارة في X، |تزامناً مع انفجار أخرى في Y`.
fn along_with(page: &Page<'_>, clause: &Range<usize>) -> Vec<usize> {
    let opens = |t: &usize| {
        let comma = t.checked_sub(1).is_some_and(|c| c > clause.start && page.is_comma(c));
        comma && matches!(page.word(*t), "تزامنا" | "بالتزامن") && page.word(*t + 1) == "مع"
    };
    let is_another = |t: &usize| {
        let behind = *t + 2..(*t + 2 + PLACE).min(clause.end);
        let before = clause.start..*t;
        let strikes = page
            .hits
            .at(*t + 2)
            .any(|hit| means(page, hit) == Some(Means::Noun) && !hit.is_definite());
        let known: Vec<&str> = page.names(&before).map(|name| name.key.as_str()).collect();
        strikes
            && !known.is_empty()
            && page.names(&behind).any(|name| !known.contains(&name.key.as_str()))
    };
    clause.clone().filter(opens).filter(is_another).collect()
}

/// A place stands so close behind what struck it.
const PLACE: usize = 8;

/// How a word tells what struck.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Means {
    Noun,
    Verb,
}

fn means(page: &Page<'_>, hit: &Hit) -> Option<Means> {
    let Sense::Trigger { id, verb, .. } = hit.sense else { return None };
    let role = page.lexicon.triggers.get(id)?.role;
    let strikes = matches!(role, Role::Act | Role::Assault | Role::Weapon) && !is_harm(page, hit);
    strikes.then_some(if verb { Means::Verb } else { Means::Noun })
}

/// Where a word of harm is joined to what stands before it: `وقتل`, "and another was killed".
fn joined_at(page: &Page<'_>, harm: &Hit) -> Option<usize> {
    if harm.prefix.starts_with('و') {
        return Some(harm.tokens.start);
    }
    let before = harm.tokens.start.saturating_sub(SUBJECT)..harm.tokens.start;
    before.rev().find(|&token| page.word(token) == "and")
}

/// An English subject has at most so many words, with the "and" before it and the "was" behind it.
const SUBJECT: usize = 6;

/// Where the main clause begins, behind one that an opener begins and that tells of something else:
/// `بينما شهدت حلب اشتباكات، |قصفت …`, "While clashes erupted in Aleppo, |the regime shelled …".
fn main_clause(page: &Page<'_>, sentence: &Range<usize>, hit: &Hit) -> Option<usize> {
    let verb = hit.tokens.start;
    let reach = if page.word(verb).is_ascii() { SUBJECT } else { 1 };
    let mut near = verb.saturating_sub(reach).max(sentence.start)..verb;
    let comma = near.rfind(|&t| page.is_comma(t))?;
    let before = sentence.start..comma;
    let begins = |h: &Hit| h.sense == Sense::Opener && h.tokens.start == sentence.start;
    let is_main = hit.prefix.is_empty()
        && means(page, hit) == Some(Means::Verb)
        && page.hits(&before).any(begins)
        && page.hits(&before).any(|h| means(page, h).is_some());
    is_main.then_some(comma + 1)
}

/// Where a clause begins that tells what was done or suffered by a noun: `، |وردت الفصائل باستهداف …`,
/// `، |وتعرضت قرى لقصف مماثل`.
fn answer(page: &Page<'_>, sentence: &Range<usize>, hit: &Hit) -> Option<usize> {
    let stems: &[&str] = match hit.prefix {
        "ب" => &["ورد", "وردت", "فرد", "فردت"],
        "ل" => &["وتعرض", "وتعرضت"],
        _ => return None,
    };
    let near = hit.tokens.start.saturating_sub(ANSWER).max(sentence.start)..hit.tokens.start;
    let verb = near.rev().find(|&t| stems.contains(&page.word(t)))?;
    let comma = verb.checked_sub(1).filter(|&t| page.is_comma(t));
    let goes_on = page.hits(&(verb..hit.tokens.start)).any(|h| means(page, h).is_some());
    (comma.is_some() && means(page, hit) == Some(Means::Noun) && !goes_on).then_some(verb)
}

/// Between who answers or suffers and with what stand at most so many words.
const ANSWER: usize = 8;

/// Whether what somebody says is told right behind the speaker's name: `|الدفاع المدني إن| …`.
fn is_told(page: &Page<'_>, verb: usize) -> bool {
    let mut near = (verb..verb + SPEAKER).take_while(|&t| page.is(t, TokenKind::Word));
    near.any(|t| page.hits.at(t).any(|h| h.sense == Sense::Speech(SpeechWord::That)))
}

/// A speaker's name, with the word behind it, has most often so many words.
const SPEAKER: usize = 6;

/// An opener, or a happening joined by و after a comma: `، وقصفت قوات …`.
fn opens_clause(page: &Page<'_>, hit: &Hit) -> bool {
    let after_comma = hit.tokens.start.checked_sub(1).is_some_and(|b| page.is_comma(b));
    match hit.sense {
        // `بين X من جهة وY من جهة أخرى` opens nothing.
        // "detained while trying to …" goes on.
        Sense::Opener => {
            let goes_on = page.word(hit.tokens.start) == "while"
                && page.word(hit.tokens.end).ends_with("ing");
            (!page.word(hit.tokens.start).starts_with("من") || after_comma) && !goes_on
        }
        // `أصيب اثنان في X، |وقال المرصد إن تسعة قتلوا بقصف على Y`
        Sense::Speech(SpeechWord::Says) => {
            after_comma && hit.prefix == "و" && is_told(page, hit.tokens.end)
        }
        // `… بغارات على X.. |وارتفاع حصيلة الشهداء| إثر غارات على Y`
        Sense::Again(AgainWord::Rises) => hit.prefix == "و",
        Sense::Trigger { id, verb, .. } => {
            let role = page.lexicon.triggers.get(id).map(|t| t.role);
            // `شنت 3 غارات، واستهدفت |خلالها| …` goes on with them.
            let is_within = ["خلالها", "خلاله"].contains(&page.word(hit.tokens.end));
            after_comma
                && verb
                && hit.prefix == "و"
                && !is_within
                && matches!(role, Some(Role::Act | Role::Assault))
        }
        _ => false,
    }
}
