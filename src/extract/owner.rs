//! Whose is what was struck: `مقر لـX`, `سيارة عسكرية تابعة لـX`, "a checkpoint of X".

use std::ops::Range;

use super::Page;
use super::fate::is_harm;
use super::forms::pronoun;
use super::hit::{ActorName, Hit, PlaceWord, Sense};
use super::lexicon::{BE, Nature, Phrases, Role, Trigger};
use crate::model::actor::Inter;
use crate::model::taxonomy::SubEventType;
use crate::model::text::TokenKind;

/// So many words of description stand between a thing and its owner (`سيارة عسكرية مصفحة تابعة لـX`).
const DESCRIBED: usize = 3;

/// What an actor's name says is theirs.
pub(super) struct Owned {
    /// Where the words begin that name a thing: a post, a vehicle, a house.
    pub(super) thing: Option<usize>,
    /// Where those begin that name a weapon: `سيارة مفخخة تابعة لـX`, `لغم لـX`.
    pub(super) weapon: Option<usize>,
}

/// Reads what the words before a name, and its own first one, say is theirs.
pub(super) fn owned(page: &Page<'_>, clause: &Range<usize>, hit: &Hit) -> Owned {
    let (before, owned) = owned_before(page, clause, hit);
    let behind = before.get(owned.unwrap_or(0)..).unwrap_or_default();
    let first = page.word(hit.tokens.start);
    // `للميليشيات`, where the article is part of the name.
    let is_owned = owned.is_some() || hit.prefix.ends_with('ل') || first.starts_with("لل");
    // `نقطة عسكرية تركية`: the name begins with the thing.
    let is_post = POSTS.contains(&first.strip_prefix("ال").unwrap_or(first));
    let thing = if is_post {
        Some(hit.tokens.start)
    } else if hit.prefix.contains(['ب', 'و', 'ك', 'ف']) {
        // `استهداف سيارة |بغارة إسرائيلية|`
        None
    } else {
        let described = if is_owned { DESCRIBED } else { 0 };
        let things = behind.iter().take(described + 1).take_while(|&&t| !acts(page, t));
        things.copied().find(|&t| is_thing(page, t))
    };
    Owned { thing, weapon: behind.first().filter(|_| is_owned).and_then(|&t| weapon_to(page, t)) }
}

/// What stands still: unlike a patrol it hardly ever acts by itself.
const POSTS: &[&str] = &["قاعده", "قواعد", "نقطه", "نقاط", "موقع", "مواقع", "حاجز", "معسكر", "مقر"];

/// `قالت X إن مسيرة استهدفت إحدى آلياتها`, `X تعلن إصابة ثلاثة من مقاتليها`: who speaks at one token tells of a thing of
/// theirs behind the verb, or of people of theirs who were harmed, before it.
pub(super) fn tells_of_own(page: &Page<'_>, speaker: usize, verb: &Range<usize>) -> bool {
    let harms = |t: usize| page.hits(&(t.saturating_sub(WHOM)..t)).any(|h| is_harm(page, h));
    let mut before = speaker..verb.start.min(speaker + REACH);
    before.any(|t| is_people_of(page.word(t), &[]) && harms(t)) || names_own_thing(page, verb.end)
}

/// `إصابة |ثلاثة من| مقاتليها`
const WHOM: usize = 3;

/// "targeted one of its vehicles": a thing or people of somebody's who was named before.
fn names_own_thing(page: &Page<'_>, behind: usize) -> bool {
    (behind..behind + REACH).take_while(|&t| page.is(t, TokenKind::Word)).any(|t| {
        let word = page.word(t);
        let english = word == "its" && (t + 1..t + 3).any(|t| is_ours(page, t));
        // `نقطة |لها|`
        let theirs = matches!(word, "لها" | "لهم") && is_thing(page, t.saturating_sub(1));
        // `أمام منزله` is the house of somebody else who is named, `إحدى آلياتها` hardly.
        let thing = word.strip_suffix("ها").is_some_and(|stem| is_own_thing(page, stem));
        english || theirs || thing || is_people_of(word, &[])
    })
}

/// `قالت X إنها قتلت …`, "X said its forces killed …": behind the verb of speech, those who speak are those who act.
pub(super) fn tells_own_deed(page: &Page<'_>, speech: usize) -> bool {
    let near = speech..speech + SAYS_THAT;
    let is_self = |t: usize| match page.word(t) {
        "it" | "they" | "انها" | "انه" | "انهم" | "بانها" | "بانه" | "بانهم" => {
            true
        }
        word => {
            is_people_of(word, &[]) || (matches!(word, "its" | "their") && is_ours(page, t + 1))
        }
    };
    let does = |t: usize| {
        let near = t + 1..t + 1 + SAYS_THAT;
        let is_verb = |h: &&Hit| matches!(h.sense, Sense::Trigger { verb: true, .. });
        let verb = page.hits(&near).find(is_verb).map(|h| near.start..h.tokens.start);
        verb.is_some_and(|mut before| !before.any(|t| BE.contains(&page.word(t))))
    };
    near.take_while(|&t| page.is(t, TokenKind::Word)).find(|&t| is_self(t)).is_some_and(does)
}

/// "has said that its", "forces have killed": so many words, at most.
const SAYS_THAT: usize = 4;

/// `عناصرها`, `جنوده`: people of somebody who was named before.
pub(super) fn is_people_of(word: &str, others: &[&str]) -> bool {
    let mut stems = ["ها", "هم", "ه"].into_iter().filter_map(|own| word.strip_suffix(own));
    stems.any(|stem| PEOPLE.contains(&stem) || others.contains(&stem))
}

const PEOPLE: &[&str] = &["عناصر", "مقاتلي", "جنود", "مسلحي", "قوات", "ضباط", "قياديي"];

/// Words between a verb and the thing of the speaker's, at most.
const REACH: usize = 8;

/// `آليات|ها`, `سيارت|ها`.
fn is_own_thing(page: &Page<'_>, stem: &str) -> bool {
    let things = &page.lexicon.sides.things;
    let bound = stem.strip_suffix('ت').map(|stem| format!("{stem}ه"));
    things.contains(stem) || bound.is_some_and(|bound| things.contains(&bound))
}

fn is_ours(page: &Page<'_>, token: usize) -> bool {
    let word = page.word(token);
    MEN.contains(&word) || page.lexicon.sides.things.contains(word)
}

/// Where the words begin that name a weapon as far as a token.
fn weapon_to(page: &Page<'_>, last: usize) -> Option<usize> {
    let is_weapon = |h: &Hit| role(page, h) == Some(Role::Weapon) || fells(page, h);
    let weapon = right_before(page, last + 1, is_weapon)?;
    (page.word(last + 1) != "في").then_some(weapon.tokens.start)
}

/// The words before an actor, the nearest first, and how many of them say that something is theirs.
fn owned_before(page: &Page<'_>, clause: &Range<usize>, hit: &Hit) -> (Vec<usize>, Option<usize>) {
    let before: Vec<usize> = (clause.start..hit.tokens.start)
        .rev()
        .take_while(|&t| page.is(t, TokenKind::Word) || page.is(t, TokenKind::Quote))
        .filter(|&t| page.is(t, TokenKind::Word) && page.word(t) != "the")
        .take(MOST_BEFORE)
        .collect();
    let phrase = before.iter().rev().map(|&t| page.word(t)).collect::<Vec<_>>().join(" ");
    (before, last_words(&phrase, &page.lexicon.sides.owned))
}

/// `استهداف X المدنيين`, `استهداف X بالمدفعية قرية Y`: with an object of its own behind the name, the verbal
/// noun is what X does; `استهداف X في قرية Y` befalls it. The noun ends where the name's group begins.
pub(super) fn has_object(page: &Page<'_>, group: usize, hit: &Hit) -> bool {
    let is_noun = |h: &Hit| {
        let verb = matches!(h.sense, Sense::Trigger { verb: true, .. });
        !verb && matches!(role(page, h), Some(Role::Act | Role::Assault))
    };
    let end = hit.tokens.end;
    let is_means = |h: &Hit| {
        h.tokens.start == end && matches!(role(page, h), Some(Role::Weapon | Role::Assault))
    };
    let is_armed = page.word(end).starts_with('ب') && page.hits(&(end..end + 1)).any(is_means);
    // `بقذائف المدفعية الثقيلة |قرية`
    let before = if is_armed { end..end + DESCRIBED + 2 } else { end..end + 1 };
    let elsewhere = |t: &usize| !matches!(page.word(*t), "في" | "علي" | "قرب" | "من");
    let does = || {
        right_before(page, group, is_noun).is_some()
            && before.take_while(elsewhere).any(|t| is_object(page, t))
    };
    does() || kills(page, group, hit)
}

/// `قتل مسلحون |ثلاثة أشخاص`: whom a verb of harm befalls stands behind who does it, counted, and joined by nothing;
/// a force by its name (`قتلت قوات X في البلدة شابا`) does it wherever they stand.
fn kills(page: &Page<'_>, group: usize, hit: &Hit) -> bool {
    let end = hit.tokens.end;
    let is_verb = |h: &Hit| {
        matches!(h.sense, Sense::Trigger { verb: true, .. }) && role(page, h) == Some(Role::Harm)
    };
    let Some(verb) = right_before(page, group, is_verb) else { return false };
    let counts =
        |h: &Hit| matches!(h.sense, Sense::Counted(..) | Sense::Number(_)) && h.prefix.is_empty();
    let is_day = |t: &usize| page.hits(&(*t..t + 1)).any(|h| matches!(h.sense, Sense::Date(_)));
    let whom = end + (end..end + WHEN).take_while(is_day).count();
    let counted = page.is(whom, TokenKind::Number) || page.hits(&(whom..whom + 1)).any(counts);
    let is_force = matches!(hit.sense, Sense::Actor { name: ActorName::Full, .. })
        && hit.tokens.start == group
        && matches!(hit.prefix, "" | "ال")
        && begins_a_force(page, group);
    let slays = is_force && page.word(verb.tokens.start).contains("قتل");
    !page.word(end).is_ascii() && (counted || slays)
}

/// Whether a word says that the name it begins is that of a body of men: `قوات`, `الجيش`.
fn begins_a_force(page: &Page<'_>, token: usize) -> bool {
    let word = page.word(token);
    let bare = word.strip_prefix("ال").unwrap_or(word);
    page.lexicon.sides.heads.contains(bare)
}

/// `مساء أمس`: the words of a day between who kills and whom.
const WHEN: usize = 3;

/// Whether people without arms, a place by its kind, or a thing stand here, as what something is done to.
fn is_object(page: &Page<'_>, token: usize) -> bool {
    let is_whom = |h: &Hit| match h.sense {
        Sense::Place(PlaceWord::Kind(_)) => true,
        Sense::Actor { id, .. } => {
            let known = page.lexicon.actors.get(id);
            known.is_some_and(|known| known.actor.inter == Inter::Civilians)
        }
        _ => false,
    };
    let done_to = |h: &Hit| {
        h.tokens.start == token && matches!(h.prefix, "" | "ل" | "ال" | "لل") && is_whom(h)
    };
    // `استهداف X |لمنزلهم|`
    let word = page.word(token);
    let own = word.strip_prefix('ل').and_then(|own| own.strip_suffix(pronoun(own)?));
    page.hits(&(token..token + 1)).any(done_to)
        || own.is_some_and(|stem| is_own_thing(page, stem))
        || (is_thing(page, token) && !word.starts_with(['و', 'ب']))
}

/// What ends where another word begins, if it is such.
pub(super) fn right_before<'p>(
    page: &'p Page<'_>,
    at: usize,
    is_such: impl Fn(&Hit) -> bool,
) -> Option<&'p Hit> {
    page.hits(&(at.saturating_sub(MOST_WEAPON)..at)).find(|h| h.tokens.end == at && is_such(h))
}

pub(super) fn role(page: &Page<'_>, hit: &Hit) -> Option<Role> {
    match hit.sense {
        Sense::Trigger { id, .. } => page.lexicon.triggers.get(id).map(|t| t.role),
        _ => None,
    }
}

/// Whether a word brings down aircraft (`إسقاط مروحية`).
pub(super) fn fells(page: &Page<'_>, hit: &Hit) -> bool {
    let Sense::Trigger { id, .. } = hit.sense else { return false };
    page.lexicon.triggers.get(id).is_some_and(|trigger| trigger.is(Nature::Fells))
}

/// How many words at the end of a text are the longest one of some phrases.
pub(super) fn last_words(text: &str, phrases: &Phrases) -> Option<usize> {
    let phrase = |(end, words)| phrases.contains(end).then_some(words);
    endings(text).zip(1..).filter_map(phrase).last()
}

/// The last word of a text, the last two, and so on.
pub(super) fn endings(text: &str) -> impl Iterator<Item = &str> {
    let starts = text.rmatch_indices(' ').map(|(space, _)| space + 1).chain([0]);
    starts.filter_map(|start| text.get(start..))
}

/// Whether who owns a post or a vehicle is told to act from it.
pub(super) fn acts_from(page: &Page<'_>, clause: &Range<usize>, thing: usize, owner: &Hit) -> bool {
    is_origin(page, clause, thing)
        || takes_there(page, clause, thing)
        || is_manned(page, thing, owner)
}

/// `اعتدى |عناصر| حاجز لـX على شاب`, `حاجز لـX |يطلق النار|`: those who man a post do what the verb right before them
/// or right behind its owner says.
fn is_manned(page: &Page<'_>, thing: usize, owner: &Hit) -> bool {
    let shoots = |h: &Hit| {
        matches!(h.sense, Sense::Trigger { verb: true, .. })
            && h.prefix.is_empty()
            && role(page, h) == Some(Role::Assault)
    };
    if page.hits.at(owner.tokens.end).any(shoots) {
        return true;
    }
    let are_men = |t: usize| matches!(page.word(t), "عناصر" | "عنصر" | "جنود" | "مسلحو" | "مسلحي");
    let Some(men) = thing.checked_sub(1).filter(|&t| are_men(t)) else { return false };
    let acts = |h: &Hit| {
        matches!(h.sense, Sense::Trigger { verb: true, .. })
            && matches!(role(page, h), Some(Role::Act | Role::Assault))
    };
    page.hits.at(men.saturating_sub(1)).any(acts)
}

/// `قصف من مواقع X`, "from positions of X"; `عدد من مواقع X` is a part of them.
fn is_origin(page: &Page<'_>, clause: &Range<usize>, thing: usize) -> bool {
    let Some(from) = thing.checked_sub(1).filter(|&t| t >= clause.start) else { return false };
    let counts =
        |h: &Hit| matches!(h.sense, Sense::Number(_) | Sense::Vague(_) | Sense::Counted(..));
    let before = from.saturating_sub(1).max(clause.start)..thing;
    matches!(page.word(from), "من" | "from") && !page.hits(&before).any(counts)
}

/// `اعتقال شابين |على حاجز| لـX`: who is taken at a post is taken by those whose it is.
fn takes_there(page: &Page<'_>, clause: &Range<usize>, thing: usize) -> bool {
    let is_post = matches!(page.word(thing), "حاجز" | "حواجز" | "نقطه" | "معبر" | "سجن" | "فرع");
    let stands = matches!(page.before(thing, 1), "علي" | "عند" | "في");
    let before = clause.start..thing;
    let deeds = page.hits(&before).filter_map(|h| match h.sense {
        Sense::Trigger { id, .. } => page.lexicon.triggers.get(id),
        _ => None,
    });
    let takes =
        |deed: &Trigger| matches!(deed.sub_event, SubEventType::Arrests | SubEventType::Abduction);
    is_post && stands && deeds.last().is_some_and(takes)
}

/// `belonging to the`, and what is described.
const MOST_BEFORE: usize = 4 + DESCRIBED;

/// Whether a verb or another actor stands here: what is before it describes nothing behind it.
fn acts(page: &Page<'_>, token: usize) -> bool {
    page.hits(&(token..token + 1))
        .any(|h| matches!(h.sense, Sense::Trigger { verb: true, .. } | Sense::Actor { .. }))
}

/// `سيارة`, `حاجزاً`, `بسيارة`; a car that is the bomb is none.
pub(super) fn is_thing(page: &Page<'_>, token: usize) -> bool {
    let word = page.word(token);
    let bare = word.strip_prefix(['و', 'ب', 'ل']).unwrap_or(word);
    let known = [word, bare]
        .into_iter()
        .flat_map(|word| [word, word.strip_suffix('ا').unwrap_or(word)])
        .any(|word| page.lexicon.sides.things.contains(word));
    let is_weapon = |h: &Hit| h.tokens.start == token && role(page, h) == Some(Role::Weapon);
    known && !page.hits(&(token..token + MOST_WEAPON)).any(is_weapon)
}

/// Words of the longest name of a weapon that begins as a thing does.
const MOST_WEAPON: usize = 3;

/// "Fighters of the Nusra Front overran …": their people, right before what they do.
pub(super) fn are_of_them(page: &Page<'_>, before: &[&str], hit: &Hit) -> bool {
    let men = match before {
        [.., men, "of", "the"] | [.., men, "of"] => MEN.contains(men),
        _ => false,
    };
    let is_verb = |h: &Hit| matches!(h.sense, Sense::Trigger { verb: true, .. });
    men && page.hits.at(hit.tokens.end).any(is_verb)
}

/// Those of a party, in English.
pub(super) const MEN: &[&str] = &[
    "forces",
    "troops",
    "fighter",
    "fighters",
    "member",
    "members",
    "soldier",
    "soldiers",
    "commander",
    "commanders",
    "leader",
    "leaders",
    "officer",
    "officers",
];
