//! Who: the two sides of an event, from the words around their names.

use std::ops::Range;

use super::Page;
use super::bearer::actor_of;
use super::certainty::Found;
use super::fate::is_relative;
use super::forms::pronoun;
use super::group::is_no_fighter;
use super::hit::{Hit, Sense, SpeechWord};
use super::lexicon::{Counts, Effect, Phrases, Role};
use super::owner::{
    MEN, Owned, acts_from, are_of_them, endings, fells, has_object, is_thing, owned, right_before,
    role, tells_of_own, tells_own_deed,
};
use super::shadow::Shadow;
use super::speech::takes_position;
use crate::model::actor::{Actor, Inter, Parties};
use crate::model::taxonomy::{EventType, SubEventType};
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
        [] => hit.prefix == "و" || is_glued(page, hit.tokens.start),
        ["و" | "and" | "/"] | ["and", "the"] => true,
        _ => false,
    }
}

/// Whether a mark that is no word of its own joins a token to the one before.
fn is_glued(page: &Page<'_>, token: usize) -> bool {
    let start = page.text.tokens.get(token).map_or(0, |t| t.bytes.start);
    let before = start.checked_sub(1).and_then(|at| page.article.text.as_bytes().get(at));
    matches!(before, Some(b'_' | b'-'))
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

/// Sets the sides of an event.
///
/// Where the words give no part, the first name acts and the second suffers,
/// but for a passive (`تعرضت`) and for English passives before "by".
pub(super) fn parties(
    page: &Page<'_>,
    named: &[Named],
    sub_event: SubEventType,
    by: Found<'_>,
) -> Parties {
    let mut parties = Parties::default();
    let passive = is_passive(page, by) || goes_off(page, sub_event, by);
    let of = |part: Part| named.iter().filter(move |n| n.part == part);
    let armed = |n: &&Named| n.actor.inter.is_armed() || wants_crowd(sub_event, n.actor.inter);
    // Two who agree or fight are the two sides; two who do something to others are one.
    let is_fight = sub_event == SubEventType::ArmedClash && by.trigger.role == Role::Act;
    let facing = sub_event == SubEventType::Agreement || is_fight;
    let mut agents: Vec<&Named> = of(Part::Agent).chain(of(Part::Side)).filter(armed).collect();
    let took = sub_event.event_type() == EventType::Battles;
    let ground = of(Part::Ground).filter(|n| took && n.actor.inter.is_armed());
    let befalls = sub_event.is_violent() && sub_event != SubEventType::Abduction && !is_fight;
    let struck = befalls || sub_event == SubEventType::DisruptedWeaponsUse;
    let (owners, open): (Vec<&Named>, Vec<&Named>) = named
        .iter()
        .filter(|n| matches!(n.part, Part::Open | Part::Owner))
        .partition(|n| n.part == Part::Owner && struck);
    let mut targets: Vec<&Named> = of(Part::Target).chain(owners).collect();
    for open in open {
        let is_first = targets.iter().all(|n| !n.actor.inter.is_armed());
        let suffers = (passive && is_first) || is_object(page, open, sub_event, by);
        // "X clashed with Y": who is named first did it with the other.
        let leads = agents.iter().all(|n| n.part == Part::Side && n.at > open.at);
        if armed(&open) && !suffers && leads {
            agents.insert(0, open);
        } else {
            targets.push(open);
        }
    }
    agents.extend(of(Part::Joined).filter(|_| facing));
    if agents.is_empty() {
        // "Militants attacked government forces, the Russian military said": who tells of violence behind it.
        let is_behind = |n: &Named| page.word(n.at).is_ascii() && n.at >= by.hit.tokens.end;
        let is_own = |n: &Named| tells_of_own(page, n.at, &by.hit.tokens);
        let only_tells = |n: &&Named| sub_event.is_violent() && (is_own(n) || is_behind(n));
        let speaker = of(Part::Speaker).filter(armed).find(|n| !only_tells(n));
        agents.extend(speaker);
    }
    if agents.len() == 1 {
        targets.extend(ground);
    }
    if facing && agents.is_empty() {
        agents.extend(other_fighter(&mut targets));
    }
    if sub_event.is_violent() && targets.is_empty() {
        targets.extend(speakers_own(page, named, &agents, by));
    }
    // Two sides of one clash are both agents until one must be the other side.
    let mut agents = agents.into_iter();
    let first = agents.next();
    let mut others: Vec<&Named> = agents.collect();
    let armed_target = targets.iter().position(|n| n.actor.inter.is_armed());
    let second = match (armed_target, others.is_empty()) {
        (Some(at), _) => Some(targets.remove(at)),
        (None, false) => Some(others.remove(0)),
        (None, true) if targets.is_empty() => None,
        (None, true) => Some(targets.remove(0)),
    };
    parties.actor1 = first.map(|n| n.actor.clone());
    parties.actor2 = second.map(|n| n.actor.clone());
    let with = of(Part::With).chain(of(Part::Joined).filter(|_| !facing));
    parties.assoc_actor_1 = with.chain(others).map(|n| n.actor.clone()).collect();
    parties.assoc_actor_2 = targets.into_iter().map(|n| n.actor.clone()).collect();
    parties
}

/// Who tells that somebody else struck a thing of his own.
fn speakers_own<'n>(
    page: &Page<'_>,
    named: &'n [Named],
    agents: &[&Named],
    by: Found<'_>,
) -> Option<&'n Named> {
    let acts = |n: &&Named| agents.iter().any(|a| a.actor.id == n.actor.id);
    let mut speakers = named.iter().filter(|n| n.part == Part::Speaker && n.actor.inter.is_armed());
    speakers.find(|n| !acts(n) && tells_of_own(page, n.at, &by.hit.tokens))
}

/// `قتل قائد في X خلال المعارك ضد Y`: of a fight the second one named is the other side.
fn other_fighter<'n>(targets: &mut Vec<&'n Named>) -> Option<&'n Named> {
    let fighters = (0..).zip(targets.iter()).filter(|(_, n)| n.actor.inter.is_armed());
    let (second, _) = fighters.into_iter().nth(1)?;
    Some(targets.remove(second))
}

/// "Security forces arrested an ISIS cell", `اغتيال قيادي في X`: behind an English verb, and behind a noun that
/// takes the victim, stands whom it befell.
fn is_object(page: &Page<'_>, named: &Named, sub_event: SubEventType, by: Found<'_>) -> bool {
    let befalls = sub_event.is_violent() || sub_event == SubEventType::Arrests;
    let word = page.word(by.hit.tokens.start);
    // `إلقاء القبض على خلية لـX`
    let is_taken = sub_event == SubEventType::Arrests && !by.verb && !word.is_ascii();
    let is_murder = word.ends_with("اغتيال") || word.ends_with("اغتيل") || word.ends_with("اغتيلت");
    let is_such = (by.verb && word.is_ascii()) || is_murder || is_taken;
    befalls && is_such && named.at >= by.hit.tokens.end
}

/// Crowds are a side of their own events only.
fn wants_crowd(sub_event: SubEventType, inter: Inter) -> bool {
    let is_theirs = matches!(sub_event.event_type(), EventType::Protests | EventType::Riots);
    is_theirs && matches!(inter, Inter::Protesters | Inter::Rioters)
}

/// A bomb that goes off names no author ("a car bomb outside a police station", `مقتل ضابط من X |بعبوة|`): who is
/// named beside it was hit.
fn goes_off(page: &Page<'_>, sub_event: SubEventType, by: Found<'_>) -> bool {
    let word = page.word(by.hit.tokens.start);
    let is_bomb = !by.verb && (word.is_ascii() || by.hit.prefix == "ب");
    sub_event == SubEventType::RemoteExplosive
        && (is_bomb || ["نفجر", "نفجار", "explo", "went"].iter().any(|stem| word.contains(stem)))
}

fn is_passive(page: &Page<'_>, by: Found<'_>) -> bool {
    let at = by.hit.tokens.start;
    let undergoes = (at.saturating_sub(4)..at).any(|t| UNDERGOES.contains(&page.word(t)));
    // `نجا قيادي في X من محاولة اغتيال`
    let survives = (at.saturating_sub(8)..=at).any(|t| SURVIVES.contains(&page.word(t)));
    undergoes || survives
}

const UNDERGOES: &[&str] =
    &["تعرض", "تعرضت", "تعرضوا", "لتعرض", "لتعرضه", "was", "were", "been", "being"];
const SURVIVES: &[&str] = &["نجا", "نجت", "نجوا", "survived"];
