//! Who: the actors that a clause names, and the part that the words around each give it.

use std::ops::Range;

use super::Page;
use super::bearer::actor_of;
use super::fate::is_relative;
use super::forms::pronoun;
use super::group::is_no_fighter;
use super::hit::{Hit, Sense, SpeechWord};
use super::lexicon::{Counts, Effect, Phrases, Role};
use super::owner::{
    MEN, Owned, acts_from, are_of_them, endings, fells, has_object, is_thing, owned, right_before,
    role, tells_own_deed,
};
use super::shadow::Shadow;
use super::speech::takes_position;
use crate::model::actor::Actor;
use crate::model::taxonomy::SubEventType;
use crate::model::text::TokenKind;

/// An actor named in a clause.
#[derive(Debug, Clone)]
pub(super) struct Named {
    pub(super) actor: Actor,
    pub(super) part: Part,
    /// Its first word.
    pub(super) at: usize,
}

/// The part that the words around a name give it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// It acts: `من قبل X`, `برصاص X`.
    Agent,
    /// It suffers: `على X`, `مقتل عنصر من X`.
    Target,
    /// A thing of theirs is told of: `مقر لـX`. Where it is struck they suffer, otherwise they act.
    Owner,
    /// It is with one of the sides: `لمساندة X`.
    With,
    /// One of two: `بين X وY`.
    Side,
    /// Named in one breath with the one before: `التحالف وقسد`, "the coalition and the SDF".
    Joined,
    /// The other side of the fight that something came of: `بعد معارك مع X`.
    Ground,
    /// It only says so.
    Speaker,
    /// The words do not tell; the order does.
    Open,
}

/// The actors of a clause, each once, in the order of the text.
pub(super) fn actors(
    page: &Page<'_>,
    clause: &Range<usize>,
    shadows: &[Shadow],
    speaker: Option<&Range<usize>>,
) -> Vec<Named> {
    let mut named: Vec<Named> = Vec::new();
    let mut last: Option<(usize, Part)> = None;
    for hit in page.hits(clause) {
        let Some(actor) = actor_of(page, clause, hit) else { continue };
        // Without a date, of those who bore the name one after the other the first.
        let is_again = named.last().is_some_and(|n| n.at == hit.tokens.start);
        if is_again || was_with_them(page, clause, hit) {
            continue;
        }
        let part = part(page, clause, hit, shadows, speaker);
        let Some(mut part) = part else { continue };
        // `مناطق سيطرة X وY`: both hold them, and neither is the other side.
        let may_join = |before| part == Part::Open || (part, before) == (Part::Agent, Part::Agent);
        let after = last.filter(|&(end, before)| may_join(before) && is_joined(page, hit, end));
        if let Some((_, before)) = after {
            let acts = matches!(before, Part::Open | Part::Agent | Part::Joined);
            part = if acts && actor.inter.is_armed() { Part::Joined } else { part };
        }
        // `استهداف |X| وY للمدنيين`: both do it.
        let one_breath = last.is_some_and(|(end, before)| {
            (before, part) == (Part::Target, Part::Agent) && is_joined(page, hit, end)
        });
        if let Some(known) = named.last_mut().filter(|_| one_breath) {
            (known.part, part) = (Part::Agent, Part::Joined);
        }
        last = Some((hit.tokens.end, part));
        match named.iter_mut().find(|n| n.actor.id == actor.id) {
            // A later, clearer word for the same actor; that it also speaks takes nothing away.
            Some(known) if known.part == Part::Speaker => known.part = part,
            // `سيطرت الجبهة الشامية على مقرات فرقة الحمزة`: factions of one name on both sides.
            Some(known) if are_two_factions(page, known, part, hit) => {
                named.push(Named { actor: actor.clone(), part, at: hit.tokens.start });
            }
            Some(known)
                if known.part == Part::Open && !matches!(part, Part::Speaker | Part::Ground) =>
            {
                known.part = part;
            }
            Some(_) => {}
            None => named.push(Named { actor: actor.clone(), part, at: hit.tokens.start }),
        }
    }
    named
}

fn are_two_factions(page: &Page<'_>, known: &Named, part: Part, hit: &Hit) -> bool {
    let is_faction = matches!(hit.sense, Sense::Actor { id, .. }
        if page.lexicon.actors.get(id).is_some_and(|known| known.is_faction));
    let other_name = page.word(known.at) != page.word(hit.tokens.start);
    let suffers = matches!(part, Part::Target | Part::Owner | Part::Ground);
    is_faction
        && !known.actor.id.is_unidentified()
        && known.part == Part::Open
        && suffers
        && other_name
}

/// Those who are told to act, and how many they are, then those of whom the words do not tell it, then those who
/// suffer; who only speaks is none of them.
pub(super) fn doers_first(named: &[Named]) -> (Vec<Actor>, usize) {
    let mut doers: Vec<&Named> = named.iter().filter(|n| n.part != Part::Speaker).collect();
    doers.sort_by_key(|n| match n.part {
        Part::Agent => 0,
        Part::Target => 2,
        _ => 1,
    });
    let acting = doers.iter().filter(|n| n.part == Part::Agent).count();
    (doers.into_iter().map(|n| n.actor.clone()).collect(), acting)
}

fn is_joined(page: &Page<'_>, hit: &Hit, last_end: usize) -> bool {
    let gap: Vec<&str> = page.words(&(last_end..hit.tokens.start)).collect();
    match gap.as_slice() {
        // `PYD_PKK`
        [] => hit.prefix == "و" || matches!(page.mark_before(hit.tokens.start), Some(b'_' | b'-')),
        ["و" | "and" | "/"] | ["and", "the"] => true,
        _ => false,
    }
}

/// Where a name begins with the word before it that says what they are: `|ميليشيا "X"`.
fn headed(page: &Page<'_>, clause: &Range<usize>, start: usize) -> usize {
    let mut before = (clause.start..start).rev().skip_while(|&t| page.is(t, TokenKind::Quote));
    before.next().filter(|&t| page.lexicon.sides.heads.contains(page.word(t))).unwrap_or(start)
}

fn part(
    page: &Page<'_>,
    clause: &Range<usize>,
    hit: &Hit,
    shadows: &[Shadow],
    speaker: Option<&Range<usize>>,
) -> Option<Part> {
    let sides = &page.lexicon.sides;
    let at = headed(page, clause, hit.tokens.start);
    let start = hit.tokens.start;
    let is_over = |s: &&Shadow| s.tokens.contains(&start) && s.cue.start <= start;
    let over: Vec<&Shadow> = shadows.iter().filter(is_over).collect();
    if let Some(state) = over.iter().find(|s| s.effect == Effect::State && s.tokens.len() < WIDE) {
        let is_source =
            comes_from(page, clause, state.cue.start) || is_behind_weapon(page, state.cue.start);
        return is_source.then_some(Part::Agent);
    }
    if takes_position(page, hit) {
        return None;
    }
    let before = words_before(page, clause, at);
    let Owned { thing, weapon } = owned(page, clause, hit);
    let of_weapon = weapon.map_or_else(Vec::new, |weapon| words_before(page, clause, weapon));
    let supports = |words: &[&str]| {
        words.iter().rev().take(3).any(|w| sides.support.contains(w.strip_prefix('و').unwrap_or(w)))
    };
    // `بمساندة X`, `بمساندة مروحية تابعة لـX`
    if supports(&before) || supports(&of_weapon) {
        return Some(Part::With);
    }
    let of_group = words_before(page, clause, group_start(page, clause, at));
    let tails = [&before, &of_group].map(|words| words.join(" "));
    let endings: Vec<&str> = tails.iter().flat_map(|tail| endings(tail)).collect();
    let ends = |phrases: &Phrases| endings.iter().any(|&end| phrases.contains(end));
    if over.iter().any(|s| s.effect.hides_places() || s.effect == Effect::Negated) {
        let only_ground = over.iter().all(|s| s.effect == Effect::Background);
        return (only_ground && ends(&sides.against)).then_some(Part::Ground);
    }
    if let Some(speaker) = speaker.filter(|s| s.contains(&at)) {
        let acts = tells_own_deed(page, speaker.end);
        return Some(if acts { Part::Agent } else { Part::Speaker });
    }
    if gives_martyrs(page, hit) {
        return Some(Part::Target);
    }
    if let Some(thing) = thing {
        let acts = is_behind_agent(page, clause, thing) || acts_from(page, clause, thing, hit);
        return Some(if acts { Part::Agent } else { Part::Owner });
    }
    if let Some(part) = part_in_deed(page, clause, at, hit, weapon.is_some()) {
        return Some(part);
    }
    if ends(&sides.agent) || are_of_them(page, &before, hit) {
        return Some(Part::Agent);
    }
    let joined = hit.prefix == "و" && tails.iter().any(|tail| tail.contains("بين"));
    if ends(&sides.between) || ends(&sides.against) || joined {
        return Some(Part::Side);
    }
    if dies_with(page, clause, hit) {
        return Some(Part::Agent);
    }
    let harmed = suffers(page, clause, at) || is_killed(page, hit) || is_hit(page, hit);
    if ends(&sides.target) || harmed || is_their_post(page, hit) {
        return Some(Part::Target);
    }
    Some(Part::Open)
}

/// What the words of a deed around a name say: whose aircraft was brought down suffers, the others act.
fn part_in_deed(
    page: &Page<'_>,
    clause: &Range<usize>,
    at: usize,
    hit: &Hit,
    is_armed: bool,
) -> Option<Part> {
    let flies = |h: &Hit| role(page, h) == Some(Role::Weapon);
    let is_aircraft = is_noun_before(page, at) && page.hits.at(hit.tokens.start).any(flies);
    let strikes = is_armed || is_deed(page, hit) || names_deed(page, hit) || is_aircraft;
    let is_assault = page.hits.at(hit.tokens.start).any(|h| role(page, h) == Some(Role::Assault));
    if strikes && !is_assault && is_brought_down(page, clause, at) {
        return Some(Part::Target);
    }
    let acts = strikes
        || is_subject(page, clause, at)
        || does_to_whom(page, at)
        || is_who_did(page, hit)
        || has_object(page, group_start(page, clause, at), hit);
    acts.then_some(Part::Agent)
}

/// `أسقطوا مروحية للنظام`, "shot down an army helicopter", `إسقاط مسيرة لقسد`: the aircraft named was hit.
fn is_brought_down(page: &Page<'_>, clause: &Range<usize>, at: usize) -> bool {
    page.hits(clause).any(|h| fells(page, h) || (h.tokens.start < at && disrupts(page, h)))
}

/// "died under torture in an SDF prison": who holds people answers for what befalls them there.
fn dies_with(page: &Page<'_>, clause: &Range<usize>, hit: &Hit) -> bool {
    let harms = |h: &Hit| role(page, h) == Some(Role::Harm);
    let near = hit.tokens.start.saturating_sub(WIDE).max(clause.start)..hit.tokens.start;
    CUSTODY.contains(&page.word(hit.tokens.end))
        && words_before(page, clause, hit.tokens.start).contains(&"in")
        && page.hits(&near).any(harms)
}

const CUSTODY: &[&str] = &["prison", "prisons", "jail", "jails", "custody", "detention"];

/// Whether a word tells that a weapon was kept from working.
fn disrupts(page: &Page<'_>, hit: &Hit) -> bool {
    matches!(hit.sense, Sense::Trigger { id, .. }
        if page.lexicon.triggers.get(id).is_some_and(|t| t.sub_event == SubEventType::DisruptedWeaponsUse))
}

/// `مصدره مناطق سيطرة X`: who holds the place that it came from did it.
fn comes_from(page: &Page<'_>, clause: &Range<usize>, state: usize) -> bool {
    let is_area = |t: &usize| matches!(page.word(*t), "مناطق" | "المناطق" | "منطقه" | "المنطقه");
    let area = state.checked_sub(1).filter(is_area).unwrap_or(state);
    is_behind_agent(page, clause, area) || is_fired_from(page, area)
}

/// `الطيران الحربي التابع لـX`: whose aircraft they are.
fn is_behind_weapon(page: &Page<'_>, at: usize) -> bool {
    right_before(page, at, |h| role(page, h) == Some(Role::Weapon)).is_some()
}

/// `قصف من مناطق سيطرة X`, "shelling from areas under X control".
fn is_fired_from(page: &Page<'_>, area: usize) -> bool {
    let fires = |h: &Hit| matches!(role(page, h), Some(Role::Act | Role::Assault | Role::Weapon));
    let from = area.checked_sub(1).filter(|&t| matches!(page.word(t), "من" | "from"));
    from.is_some_and(|from| right_before(page, from, fires).is_some())
}

fn is_behind_agent(page: &Page<'_>, clause: &Range<usize>, at: usize) -> bool {
    let tail = words_before(page, clause, at).join(" ");
    endings(&tail).any(|end| page.lexicon.sides.agent.contains(end))
}

/// Where the people counted of an actor begin: `على يد |عناصر من X`, "by |two members of X".
fn group_start(page: &Page<'_>, clause: &Range<usize>, at: usize) -> usize {
    let counts = |t: usize| {
        matches!(page.word(t), "من" | "a" | "an" | "the" | "of" | "suspected" | "lone")
            || page.hits(&(t..t + 1)).any(|h| {
                matches!(h.sense, Sense::Counted(..) | Sense::Number(_) | Sense::Vague(_))
                    && h.prefix.is_empty()
            })
    };
    (clause.start..at).rev().take(4).take_while(|&t| counts(t)).last().unwrap_or(at)
}

/// `استهدفت X …`: right behind a verb that opens its clause stands who acts. In `هجوم استهدف X` the
/// attack is the subject.
fn is_subject(page: &Page<'_>, clause: &Range<usize>, at: usize) -> bool {
    let before = |at: usize| (clause.start..at).rev().find(|&t| !page.is(t, TokenKind::Quote));
    let Some(verb) = before(at).filter(|&t| is_targeting(page.word(t))) else { return false };
    page.word(verb).starts_with('و')
        || before(verb).is_none_or(|t| {
            !page.is(t, TokenKind::Word)
                || OPENS_VERB.contains(&page.word(t))
                || page.hits(&(t..verb)).any(|h| {
                    matches!(
                        h.sense,
                        Sense::Opener | Sense::Date(_) | Sense::Speech(SpeechWord::That)
                    )
                })
        })
}

/// `استهداف |الطائرة المسيرة التركية|`: a noun of attack right before.
fn is_noun_before(page: &Page<'_>, at: usize) -> bool {
    let is_attack = |h: &Hit| {
        !matches!(h.sense, Sense::Trigger { verb: true, .. })
            && matches!(role(page, h), Some(Role::Act | Role::Assault))
    };
    right_before(page, at, is_attack).is_some()
}

/// `قتله |نظام الأسد|`: behind a verb that ends with whom it harmed stands who did it.
fn does_to_whom(page: &Page<'_>, at: usize) -> bool {
    let Some(verb) = at.checked_sub(1) else { return false };
    let harms = |h: &Hit| {
        matches!(h.sense, Sense::Trigger { verb: true, .. }) && role(page, h) == Some(Role::Harm)
    };
    pronoun(page.word(verb)).is_some() && page.hits.at(verb).any(harms)
}

/// `قوات X |التي استهدفت| الحي`: of whom a verb of attack tells behind "who".
fn is_who_did(page: &Page<'_>, hit: &Hit) -> bool {
    let who = hit.tokens.end;
    let attacks = |h: &Hit| {
        matches!(h.sense, Sense::Trigger { verb: true, .. })
            && matches!(role(page, h), Some(Role::Act | Role::Assault))
    };
    is_relative(page.word(who)) && page.hits.at(who + 1).any(attacks)
}

/// Behind these a verb has no subject before it.
const OPENS_VERB: &[&str] =
    &["كيف", "حين", "حيث", "عندما", "بعدما", "كما", "قد", "وقد", "اذ", "ان", "لحظه"];

fn is_targeting(word: &str) -> bool {
    let verb = word.strip_prefix('و').unwrap_or(word);
    matches!(verb, "استهدف" | "استهدفت" | "يستهدف" | "تستهدف")
}

/// "ISIS car bomb", "an ISIS attack": weapon and deed are theirs. Arabic has the weapon first; behind a
/// name it is what killed them (`عنصر من X برصاص مجهولين`).
fn names_deed(page: &Page<'_>, hit: &Hit) -> bool {
    let next = hit.tokens.end..hit.tokens.end + 3;
    let is_deed = |h: &Hit| match h.sense {
        Sense::Trigger { id, verb: false, .. } => page.lexicon.triggers.get(id).is_some_and(|t| {
            t.role == Role::Weapon
                || (matches!(t.role, Role::Act | Role::Assault) && t.sub_event.is_violent())
        }),
        _ => false,
    };
    page.word(next.start).is_ascii()
        && page.hits(&next).any(|h| h.tokens.start == next.start && is_deed(h))
}

/// `استهدفت عبوة ناسفة دورية تركية`: the name stands behind the weapon that is the subject of the verb.
fn is_hit(page: &Page<'_>, hit: &Hit) -> bool {
    let start = hit.tokens.start;
    let is_verb = |h: &Hit| matches!(h.sense, Sense::Trigger { verb: true, .. });
    let befalls = |weapon: &Hit| {
        let verb = weapon.tokens.start.checked_sub(1);
        weapon.prefix.is_empty()
            && role(page, weapon) == Some(Role::Weapon)
            && verb.is_some_and(|verb| page.hits(&(verb..verb + 1)).any(is_verb))
    };
    is_thing(page, start) && right_before(page, start, befalls).is_some()
}

/// `قيادياً سابقاً في X`, "a former X fighter": who was one of them once is neither side for them.
fn was_with_them(page: &Page<'_>, clause: &Range<usize>, hit: &Hit) -> bool {
    let among = |t: &usize| matches!(page.word(*t), "في" | "من" | "ضمن" | "لدي" | "صفوف");
    let first = (clause.start..hit.tokens.start).rev().take_while(among).last();
    let is_among = first.is_some() || hit.prefix.ends_with('ب');
    let is_former = |t| matches!(page.word(t), "former" | "ex");
    let is_man = [page.word(hit.tokens.end), page.before(hit.tokens.end, 1)];
    let is_man = is_man.iter().any(|word| MEN.contains(word));
    let before = first.unwrap_or(hit.tokens.start).checked_sub(1);
    before.is_some_and(|t| (is_among && is_no_fighter(page, t)) || (is_man && is_former(t)))
}

/// `بقصف روسي`, `غارة إسرائيلية`, `عدوان إسرائيلي |جوي|`: what is done is named by who does it.
fn is_deed(page: &Page<'_>, hit: &Hit) -> bool {
    let mut hits = page.hits(&hit.tokens).chain(page.hits.at(hit.tokens.start));
    hits.any(|h| matches!(role(page, h), Some(Role::Act | Role::Assault)))
}

/// `قدمت |قوات X| أربعة شهداء`: who has martyrs to give lost them.
fn gives_martyrs(page: &Page<'_>, hit: &Hit) -> bool {
    let start = hit.tokens.start;
    let gives = |t: usize| matches!(page.word(t), "قدم" | "قدمت" | "يقدم" | "تقدم");
    let behind = hit.tokens.end..hit.tokens.end + MARTYRS;
    let is_dead = |h: &Hit| page.counts(h) == Some(Counts::Killed);
    (start.saturating_sub(2)..start).any(gives) && page.hits(&behind).any(is_dead)
}

/// `صباح اليوم أربعة شهداء`: so many words, at most.
const MARTYRS: usize = 7;

/// "at an SDF checkpoint": what belongs to them is where it happened.
fn is_their_post(page: &Page<'_>, hit: &Hit) -> bool {
    let before = page.before(hit.tokens.start, 1);
    let article = matches!(before, "a" | "an" | "the");
    let at = hit.tokens.start.checked_sub(if article { 2 } else { 1 }).map_or("", |t| page.word(t));
    page.lexicon.sides.things.contains(page.word(hit.tokens.end))
        && page.lexicon.sides.at_post.contains(at)
}

/// A shadow over more words than this does not describe one name.
const WIDE: usize = 10;

fn words_before<'p>(page: &'p Page<'_>, clause: &Range<usize>, at: usize) -> Vec<&'p str> {
    page.words(&(at.saturating_sub(4).max(clause.start)..at)).collect()
}

/// "SDF fighter killed in a blast": headlines leave out what makes a passive.
fn is_killed(page: &Page<'_>, hit: &Hit) -> bool {
    let man = usize::from(MEN.contains(&page.word(hit.tokens.end)));
    let passive = |t: &usize| matches!(page.word(*t), "was" | "were" | "been" | "have" | "has");
    let verb = hit.tokens.end + man;
    let verb = verb + (verb..verb + 2).take_while(passive).count();
    // "Gunmen shot dead a shopkeeper" kill; "an officer shot dead near …" was killed.
    let dead = usize::from(page.word(verb) == "shot" && page.word(verb + 1) == "dead");
    KILLED.contains(&page.word(verb)) && BEHIND_KILLED.contains(&page.word(verb + dead + 1))
}

const KILLED: &[&str] = &["killed", "injured", "wounded", "dead", "shot"];
const BEHIND_KILLED: &[&str] =
    &["in", "by", "when", "as", "after", "near", "on", "during", "at", "while", "following"];

/// `مقتل ثلاثة عناصر من X`: the name follows a word of harm with nothing but those counted between.
fn suffers(page: &Page<'_>, clause: &Range<usize>, at: usize) -> bool {
    // `مقتل 77 من الحراس و40 من المدنيين و374 |من| X`
    let reach = if at.checked_sub(1).is_some_and(|t| page.word(t) == "من") { 14 } else { 5 };
    let near = at.saturating_sub(reach).max(clause.start)..at;
    let harms = |h: &&Hit| role(page, h) == Some(Role::Harm) || is_body(page, h);
    let harm = page.hits(&near).filter(harms).last();
    let acts = |h: &Hit| matches!(role(page, h), Some(Role::Act | Role::Assault | Role::Weapon));
    // "killed |when| Turkish forces shelled X": they do the next thing.
    let other = |word: &str| matches!(word, "when" | "as" | "after" | "while" | "once");
    let is_free = |gap: &Range<usize>| !(page.hits(gap).any(acts) || page.words(gap).any(other));
    harm.is_some_and(|h| is_free(&(h.tokens.end..at)))
}

/// `جثث تعود لعناصر من X`
fn is_body(page: &Page<'_>, hit: &Hit) -> bool {
    page.counts(hit) == Some(Counts::KilledTold)
}
