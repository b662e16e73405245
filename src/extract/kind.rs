//! Which of ACLED's types a clause tells: the happening, its weapon, its target.

use std::ops::Range;

use super::Page;
use super::certainty::Found;
use super::hit::{Hit, Party, Sense};
use super::lexicon::{KnownActor, Nature, Role};
use super::party::Seen;
use crate::model::actor::{Actor, Inter};
use crate::model::taxonomy::{EventType, SubEventType, SubEventType as S};

/// What decides the type beside the triggers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sides<'a> {
    /// Actors that the clause names, those first that it tells to act.
    pub(super) actors: &'a [Actor],
    /// How many those are.
    pub(super) acting: usize,
    /// What is known of every actor.
    pub(super) known: &'a [KnownActor],
    /// Who else acts or suffers, in order.
    pub(super) parties: &'a [Seen],
    /// Whether soldiers or vehicles are counted.
    pub(super) force: bool,
    /// Whether people with arms are those who were harmed, and nobody else.
    pub(super) harms_fighters: bool,
    /// Whether something comes down on a place (`صواريخ على دوما`).
    pub(super) is_struck: bool,
    /// What is named that is no conflict, even as what somebody is accused of.
    pub(super) apart: Option<Apart>,
}

/// What is no conflict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Apart {
    /// Goods that are no arms: they explain what the authorities do, and not who is killed over them.
    Contraband,
    /// An accident, a force of nature, common crime, the business of states.
    Mishap,
}

impl Apart {
    /// What a clause names.
    pub(super) fn read(page: &Page<'_>, clause: &Range<usize>) -> Option<Self> {
        let of = |hit: &Hit| {
            let Sense::Trigger { id, .. } = hit.sense else { return None };
            let trigger = page.lexicon.triggers.get(id).filter(|t| t.role == Role::Apart)?;
            Some(match trigger.sub_event {
                S::DisruptedWeaponsUse => Self::Contraband,
                _ => Self::Mishap,
            })
        };
        page.hits(clause).filter_map(of).max()
    }
}

impl<'a> Sides<'a> {
    fn has(self, party: Party) -> bool {
        self.parties.iter().any(|seen| seen.party == party)
    }

    /// Whether anybody with arms is named.
    pub(super) fn is_armed(self) -> bool {
        self.actors.iter().any(is_force) || self.has(Party::State) || self.has(Party::Armed)
    }

    /// Whether two sides with arms are named.
    fn are_two(self) -> bool {
        self.actors.iter().filter(|a| is_force(a)).count() > 1
            || (self.has(Party::State) && self.has(Party::Armed))
    }

    /// Whether a crowd is named right behind this place in the text, with its number before it.
    fn is_crowd(self, behind: usize) -> bool {
        let near = behind..=behind + 2;
        self.parties.iter().any(|seen| seen.party == Party::Crowd && near.contains(&seen.at))
    }

    fn has_civilians(self) -> bool {
        self.has(Party::Unarmed)
            || self.has(Party::Site)
            || self.actors.iter().any(|a| a.inter == Inter::Civilians)
    }

    /// Whether the first of those with arms strikes in Syria from the air, and hardly otherwise.
    fn is_air_power(self) -> bool {
        let first = self.actors.iter().find(|a| is_force(a));
        first.and_then(|a| self.known(a)).is_some_and(|known| known.is_air_power)
    }

    /// Whether somebody with arms is told to have killed others of them.
    fn fells_fighters(self) -> bool {
        let acts = self.actors.iter().take(self.acting).any(is_force);
        acts && self.harms_fighters
    }

    fn known(self, actor: &Actor) -> Option<&'a KnownActor> {
        self.known.iter().find(|known| known.actor.id == actor.id)
    }

    /// Who did what a verb says: behind "by", else the one before the verb, else the first.
    fn agent(self, by: Found<'_>) -> Option<Party> {
        let at = by.hit.tokens.start;
        let acts = |seen: &&Seen| matches!(seen.party, Party::State | Party::Armed | Party::Crowd);
        let passive =
            self.parties.iter().filter(acts).find(|s| s.by && (at..at + BY_WHOM).contains(&s.at));
        let active = || self.parties.iter().filter(acts).find(|s| s.at < at);
        passive.or_else(active).or_else(|| self.parties.iter().find(acts)).map(|seen| seen.party)
    }
}

/// "captured by the …": who did it follows within so many words.
const BY_WHOM: usize = 6;

/// The type a clause tells, and the trigger that tells it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Coded<'a> {
    pub(super) sub_event: SubEventType,
    pub(super) by: Found<'a>,
}

/// Decides the type, or says why there is none.
///
/// Of several happenings the earlier in ACLED's order absorbs the later; a weapon
/// decides an assault; killing alone is an attack only if somebody with arms did it.
pub(super) fn code<'a>(
    triggers: &[Found<'a>],
    sides: Sides<'_>,
) -> Result<Coded<'a>, &'static str> {
    let coded = decide(triggers, sides)?;
    match sides.apart {
        Some(Apart::Contraband) if is_of_authorities(coded) => Err("contraband, and no arms"),
        Some(Apart::Mishap) if is_explained(coded) || is_guessed(coded, triggers) => {
            Err("an accident, a force of nature, common crime or the business of states")
        }
        _ => Ok(coded),
    }
}

/// Whether an accident, a crime or the like named beside it explains it.
fn is_explained(coded: Coded<'_>) -> bool {
    let by_itself = coded.by.trigger.role == Role::Act;
    match coded.sub_event {
        S::RemoteExplosive | S::ChemicalWeapon => true,
        S::Attack | S::ArmedClash => !by_itself,
        _ => is_of_authorities(coded),
    }
}

/// Whether it is what authorities do about other things as well.
fn is_of_authorities(coded: Coded<'_>) -> bool {
    match coded.sub_event {
        S::DisruptedWeaponsUse => coded.by.trigger.is(Nature::Open),
        other => other.event_type() == EventType::StrategicDevelopments,
    }
}

/// "Russia strikes back, expels diplomats": an attack that only its author makes one from the air.
fn is_guessed(coded: Coded<'_>, triggers: &[Found<'_>]) -> bool {
    coded.sub_event == S::AirDroneStrike
        && coded.by.trigger.role == Role::Assault
        && !triggers.iter().any(|f| matches!(f.trigger.role, Role::Weapon | Role::Harm))
}

fn decide<'a>(triggers: &[Found<'a>], sides: Sides<'_>) -> Result<Coded<'a>, &'static str> {
    if let Some(coded) = demonstration(triggers, sides) {
        return Ok(coded);
    }
    if let Some(by) = sole(triggers).or_else(|| exodus(triggers)) {
        return Ok(Coded { sub_event: by.trigger.sub_event, by });
    }
    let is_taken = |by: &Found<'_>| !by.trigger.is(Nature::Place) || taker(*by, sides).is_some();
    let is_act = |by: &Found<'_>| is_taken(by) && !answers_strike(*by, triggers, sides);
    if let Some(by) = strongest(triggers, Role::Act).filter(is_act) {
        let sub_event = refine(by, triggers, sides);
        return Ok(deadly_raid(sub_event, triggers, sides).unwrap_or(Coded { sub_event, by }));
    }
    // `بمساندة مروحية نفذت القوات إنزالاً جوياً استهدف منزلاً`
    let lands = triggers.iter().any(|f| f.trigger.is(Nature::Lands));
    let is_used = |weapon: &Found<'_>| !(lands && weapon.trigger.sub_event == S::AirDroneStrike);
    let weapon = strongest(triggers, Role::Weapon).filter(is_used);
    if let Some(by) = first(triggers, Role::Assault) {
        let sub_event = match weapon {
            Some(weapon) => weapon.trigger.sub_event,
            None if lays_waste(by, triggers) && !sides.is_armed() => S::Shelling,
            // `حصيلة قتلى المواجهات`: where both sides do it, it is a fight.
            None if by.trigger.is(Nature::Mutual) && first(triggers, Role::Harm).is_some() => {
                S::ArmedClash
            }
            None if is_assault_on_civilians(sides) => S::Attack,
            // `استهدف المعتصمين`
            None if sides.has(Party::Crowd) && !sides.are_two() => S::Attack,
            // Who is killed in an attack by nobody knows whom is attacked.
            None if by.trigger.sub_event == S::Attack && sides.is_air_power() => S::AirDroneStrike,
            // `الاستهداف الإسرائيلي لبلدة صيدا`, "Israel struck Hezbollah positions".
            None if by.trigger.is(Nature::Open) && sides.is_air_power() && !lands => {
                S::AirDroneStrike
            }
            None if by.trigger.sub_event == S::Attack => S::Attack,
            None if sides.harms_fighters => S::ArmedClash,
            None if !sides.is_armed() && first(triggers, Role::Harm).is_some() => S::Attack,
            None if !sides.is_armed() => {
                return Err("an assault without a weapon, an actor or a target");
            }
            None => S::ArmedClash,
        };
        return Ok(Coded { sub_event, by });
    }
    if let Some(by) = first(triggers, Role::Harm) {
        return killing(by, triggers, sides);
    }
    left_behind(triggers, weapon, sides)
}

/// What weapons leave behind, flights, and the coming and going of a force.
fn left_behind<'a>(
    triggers: &[Found<'a>],
    weapon: Option<Found<'a>>,
    sides: Sides<'_>,
) -> Result<Coded<'a>, &'static str> {
    if let (Some(_), Some(by)) = (first(triggers, Role::Ruin), weapon) {
        return Ok(Coded { sub_event: by.trigger.sub_event, by });
    }
    // `تدمير دبابة لقوات النظام على محور X`
    let is_fought = sides.are_two() || (sides.force && sides.is_armed());
    if let Some(by) = first(triggers, Role::Ruin).filter(|_| is_fought) {
        return Ok(Coded { sub_event: S::ArmedClash, by });
    }
    let flies = |by: &Found<'_>| by.trigger.sub_event == S::AirDroneStrike;
    if let (Some(by), Some(_)) = (first(triggers, Role::Flight), weapon.filter(flies)) {
        return Ok(Coded { sub_event: by.trigger.sub_event, by });
    }
    if let Some(by) = weapon.filter(|_| sides.is_struck) {
        return Ok(Coded { sub_event: by.trigger.sub_event, by });
    }
    match first(triggers, Role::Move) {
        Some(by) if sides.force || sides.is_armed() || sides.has(Party::Crowd) => {
            Ok(Coded { sub_event: by.trigger.sub_event, by })
        }
        Some(_) => Err("a movement or dealings without a force"),
        None => Err("a weapon alone"),
    }
}

/// What decides alone, where nobody is told to have been killed.
fn sole<'a>(triggers: &[Found<'a>]) -> Option<Found<'a>> {
    let kills = |f: &Found<'_>| f.trigger.role == Role::Harm && f.verb;
    triggers
        .iter()
        .find(|f| f.trigger.is(Nature::Sole))
        .copied()
        .filter(|_| !triggers.iter().any(kills))
}

/// `الدفاعات الجوية تصدت |لعدوان إسرائيلي|`: what was done against a strike is not what happened.
fn answers_strike(by: Found<'_>, triggers: &[Found<'_>], sides: Sides<'_>) -> bool {
    let is_answer =
        matches!(by.trigger.sub_event, S::ArmedClash | S::DisruptedWeaponsUse) && by.verb;
    let is_strike = |f: &Found<'_>| {
        f.trigger.role == Role::Assault
            && f.trigger.is(Nature::Open)
            && !f.verb
            && f.hit.prefix.ends_with('ل')
            && f.hit.tokens.start >= by.hit.tokens.end
    };
    is_answer && sides.is_air_power() && triggers.iter().any(is_strike)
}

/// `الدمار جراء استهداف منازل المدنيين`: what leaves ruins behind and nobody names was no rifle.
fn lays_waste(by: Found<'_>, triggers: &[Found<'_>]) -> bool {
    let is_ruin = |f: &Found<'_>| f.trigger.role == Role::Ruin && !f.verb;
    by.trigger.is(Nature::Open) && triggers.iter().any(is_ruin)
}

/// `نزحت العائلات من القرى نتيجة القصف`: a verb of flight beside nouns that tell what from, and nobody hurt.
fn exodus<'a>(triggers: &[Found<'a>]) -> Option<Found<'a>> {
    let deed = |f: &&Found<'_>| matches!(f.trigger.role, Role::Act | Role::Assault | Role::Harm);
    let mut deeds = triggers.iter().filter(deed);
    let by = *deeds.next().filter(|f| f.verb && f.trigger.sub_event == S::Other)?;
    deeds.all(|f| !f.verb && f.trigger.role != Role::Harm).then_some(by)
}

/// Killing or injury by itself: with what, or who did it to whom, decides.
fn killing<'a>(
    by: Found<'a>,
    triggers: &[Found<'a>],
    sides: Sides<'_>,
) -> Result<Coded<'a>, &'static str> {
    let harm = |of: SubEventType| {
        triggers.iter().any(|f| f.trigger.role == Role::Harm && f.trigger.sub_event == of)
    };
    // `تبنى X |قتل| عنصر من Y`: such a word may be read as either.
    let is_verb = triggers.iter().any(|f| f.trigger.role == Role::Harm && f.verb);
    match strongest(triggers, Role::Weapon) {
        // `مقتل عنصر برصاص مجهولين`: violence against civilians has civilians for its victims.
        Some(by) if by.trigger.sub_event == S::Attack && sides.harms_fighters => {
            Ok(Coded { sub_event: S::ArmedClash, by })
        }
        Some(weapon) => Ok(Coded { sub_event: weapon.trigger.sub_event, by: weapon }),
        None if sides.is_armed() && sides.has_civilians() && !harm(S::ArmedClash) => {
            Ok(Coded { sub_event: S::Attack, by })
        }
        // Soldiers or fighters killed fell in a fight, if no weapon says otherwise.
        None if harm(S::ArmedClash) || (is_verb && (sides.are_two() || sides.fells_fighters())) => {
            Ok(Coded { sub_event: S::ArmedClash, by })
        }
        None => Err("killing or injury without a cause"),
    }
}

/// `داهمت القوة منزلاً وقتلت قيادياً`, `مقتل شاب خلال مداهمة`, "stole sheep from a farmer and killed him": who comes to
/// take somebody or something and kills fights or attacks.
fn deadly_raid<'a>(
    sub_event: SubEventType,
    triggers: &[Found<'a>],
    sides: Sides<'_>,
) -> Option<Coded<'a>> {
    // `مقتل ثلاثة عناصر |بدورية مشتركة|`
    let by_patrol = |f: &Found<'_>| f.trigger.sub_event == S::ChangeToGroup && f.hit.prefix == "ب";
    let takes = |of: SubEventType| matches!(of, S::Arrests | S::Abduction | S::Looting);
    let is_raid = |f: &Found<'_>| takes(f.trigger.sub_event) || by_patrol(f);
    let raid = triggers.iter().position(is_raid);
    let kills = |(at, f): &(usize, &Found<'a>)| {
        let is_noun =
            !f.verb || raid.is_some_and(|raid| triggers.get(raid).is_some_and(|r| !r.verb));
        let first = is_noun && raid.is_some_and(|raid| *at < raid);
        // `تقتل راعياً |وتسرق| قطيعه`
        let steals = |raid: usize| triggers.get(raid).is_some_and(|r| r.verb && r.goes_on);
        let robs = f.verb && raid.is_some_and(|raid| *at < raid && steals(raid));
        f.trigger.role == Role::Harm && (first || robs || (f.verb && f.goes_on))
    };
    let found = triggers.iter().enumerate().find(kills);
    let is_such = takes(sub_event) || triggers.iter().any(by_patrol);
    let (_, &by) = found.filter(|_| is_such)?;
    match () {
        () if sides.are_two() || sides.harms_fighters => {
            Some(Coded { sub_event: S::ArmedClash, by })
        }
        () if sides.is_armed() => Some(Coded { sub_event: S::Attack, by }),
        () => None,
    }
}

/// A demonstration: what its people do makes it a riot, what is done to them an intervention or worse.
fn demonstration<'a>(triggers: &[Found<'a>], sides: Sides<'_>) -> Option<Coded<'a>> {
    let act = |wanted: fn(&Found<'_>) -> bool| {
        triggers.iter().find(|f| f.trigger.role == Role::Act && wanted(f)).copied()
    };
    let of = |sub_event: SubEventType| {
        triggers.iter().find(|f| f.trigger.role == Role::Act && f.trigger.sub_event == sub_event)
    };
    let territory = act(|f| {
        matches!(
            f.trigger.sub_event,
            S::GovernmentRegainsTerritory | S::NonStateActorOvertakesTerritory
        )
    });
    let protest = act(|f| f.trigger.sub_event.event_type() == EventType::Protests);
    let fight =
        of(S::ArmedClash).or_else(|| triggers.iter().find(|f| f.trigger.is(Nature::Mutual)));
    let fight = fight.filter(|_| sides.has(Party::Crowd) && !sides.has(Party::Armed));
    // `أصيب ثلاثة متظاهرين برصاص قوات الأمن`
    let hurts = |f: &&Found<'_>| f.trigger.role == Role::Harm && sides.is_crowd(f.hit.tokens.end);
    let hurt = triggers.iter().find(hurts).filter(|_| sides.is_armed());
    if territory.is_some() || (protest.is_none() && fight.is_none() && hurt.is_none()) {
        return None;
    }
    let coded = |by: &Found<'a>, sub_event| Some(Coded { sub_event, by: *by });
    if let Some(by) = of(S::ViolentDemonstration).or_else(|| of(S::MobViolence)) {
        return coded(by, S::ViolentDemonstration);
    }
    // `فرقت بالرصاص الحي مظاهرة`
    let disperses = of(S::ProtestWithIntervention);
    let shot = |f: &&Found<'_>| f.trigger.role == Role::Weapon && f.trigger.sub_event == S::Attack;
    let shot = triggers.iter().find(shot).filter(|_| disperses.is_some());
    if let Some(by) = of(S::ExcessiveForce).or(hurt).or(shot) {
        return coded(by, S::ExcessiveForce);
    }
    if let Some(by) = fight {
        return coded(by, S::ViolentDemonstration);
    }
    let taken = act(|f| f.verb && f.trigger.sub_event == S::Arrests);
    let protest = protest?;
    match disperses.copied().or(taken) {
        Some(by) => coded(&by, S::ProtestWithIntervention),
        None if of(S::ArmedClash).is_some() => None,
        None => coded(&protest, protest.trigger.sub_event),
    }
}

fn first<'a>(triggers: &[Found<'a>], role: Role) -> Option<Found<'a>> {
    triggers.iter().find(|f| f.trigger.role == role).copied()
}

fn fells(triggers: &[Found<'_>]) -> bool {
    triggers.iter().any(|f| f.trigger.is(Nature::Fells))
}

/// The trigger of a role that stands first in ACLED's order; of equals, the first in the text.
fn strongest<'a>(triggers: &[Found<'a>], role: Role) -> Option<Found<'a>> {
    let is_ruin = first(triggers, Role::Ruin).is_some();
    let of = |wanted| triggers.iter().find(|f| f.trigger.sub_event == wanted);
    // A weapon that was defused or shot down is not used; `دمرت غارات مستودع أسلحة` uses another.
    let strikes = of(S::AirDroneStrike).filter(|f| f.trigger.role == Role::Act && is_ruin);
    // Of open words nobody knows whether they tell of weapons.
    let disrupted = triggers.iter().find(|f| {
        f.trigger.sub_event == S::DisruptedWeaponsUse
            && f.trigger.role == Role::Act
            && !f.trigger.is(Nature::Open)
    });
    // "struck a weapons depot": arms that are struck are no find, and `استهداف رتل` is no movement.
    // Nor are those that blow up ("an explosion at an ammunition depot").
    let blast = of(S::RemoteExplosive).filter(|f| f.trigger.role == Role::Act);
    let is_blown_up = |f: &Found<'_>| blast.is_some_and(|by| is_near(by, f, OBJECT));
    let is_struck = |f: &Found<'_>| {
        let is_find = f.trigger.sub_event == S::DisruptedWeaponsUse;
        let is_thing = is_find || f.trigger.sub_event == S::ChangeToGroup;
        let is_hit = || triggers.iter().any(|by| hits_it(by, f) || befalls_it(by, f));
        is_thing && !f.verb && ((is_find && is_blown_up(f)) || is_hit())
    };
    // `شنت الطائرات عدواناً على محيط المطار |وتصدت لها الدفاعات|`: what was done against a strike is not what happened.
    let blow = first_blow(triggers);
    let is_answer = |f: &Found<'_>| {
        f.trigger.sub_event == S::DisruptedWeaponsUse
            && f.goes_on
            && blow.is_some_and(|blow| blow < f.hit.tokens.start)
    };
    // `اعتقلوا ستة |ثم أطلقوا سراحهم|`
    let is_arrest = |f: &&Found<'_>| matches!(f.trigger.sub_event, S::Arrests | S::Abduction);
    let taken = triggers.iter().find(is_arrest).map(|f| f.hit.tokens.start);
    let is_release = |f: &Found<'_>| {
        f.trigger.sub_event == S::Agreement
            && f.goes_on
            && taken.is_some_and(|taken| taken < f.hit.tokens.start)
    };
    let disrupted = disrupted
        .filter(|f| strikes.is_none() && !fells(triggers) && !is_struck(f) && !is_answer(f));
    if let (Role::Act, Some(found)) = (role, disrupted) {
        return Some(*found);
    }
    let counts =
        |f: &&Found<'_>| f.trigger.role == role && !is_struck(f) && !is_answer(f) && !is_release(f);
    let of_role = triggers.iter().filter(counts);
    of_role.min_by_key(|f| (f.trigger.sub_event, !f.verb)).copied()
}

/// Where the first blow is told that others may answer.
fn first_blow(triggers: &[Found<'_>]) -> Option<usize> {
    let is_blow = |f: &&Found<'_>| match f.trigger.role {
        Role::Act => matches!(f.trigger.sub_event, S::AirDroneStrike | S::Shelling),
        role => role == Role::Assault && f.trigger.is(Nature::Open),
    };
    triggers.iter().filter(|f| !f.present).find(is_blow).map(|f| f.hit.tokens.start)
}

/// Whether an attack stands close before what it may be done to, a noun of it right before.
fn hits_it(by: &Found<'_>, target: &Found<'_>) -> bool {
    by.trigger.role == Role::Assault && is_near(by, target, if by.verb { OBJECT } else { 0 })
}

/// `تعرض رتل عسكري لقوات النظام |لهجوم|`
fn befalls_it(by: &Found<'_>, target: &Found<'_>) -> bool {
    let is_exposed = by.trigger.role == Role::Assault && by.hit.prefix == "ل";
    is_exposed && is_near(target, by, SUBJECT)
}

/// Words between what was exposed to an attack and the attack.
const SUBJECT: usize = 8;

/// Whether at most so many words stand between one and the other behind it.
fn is_near(by: &Found<'_>, behind: &Found<'_>, most: usize) -> bool {
    let end = by.hit.tokens.end;
    (end..=end + most).contains(&behind.hit.tokens.start)
}

/// Words between a verb and its object.
const OBJECT: usize = 3;

/// The generic word yields to the weapon named beside it: `قصف` by warplanes, an `انفجار` of a belt;
/// and to who acts: those who take a place, those who take people.
fn refine(by: Found<'_>, triggers: &[Found<'_>], sides: Sides<'_>) -> SubEventType {
    let names = |wanted: SubEventType| {
        // Aircraft that are brought down strike nothing.
        let counts = wanted != S::AirDroneStrike || !fells(triggers);
        counts
            && triggers
                .iter()
                .any(|f| f.trigger.role == Role::Weapon && f.trigger.sub_event == wanted)
    };
    let tells = |wanted: SubEventType| triggers.iter().any(|f| f.trigger.sub_event == wanted);
    match by.trigger.sub_event {
        S::Shelling | S::AirDroneStrike | S::RemoteExplosive if names(S::ChemicalWeapon) => {
            S::ChemicalWeapon
        }
        S::RemoteExplosive if names(S::SuicideBomb) => S::SuicideBomb,
        // A bomb that was left behind is a mine, whatever dropped it.
        S::RemoteExplosive | S::Grenade if names(S::RemoteExplosive) => S::RemoteExplosive,
        S::Grenade | S::Shelling | S::RemoteExplosive | S::SuicideBomb
            if names(S::AirDroneStrike) =>
        {
            S::AirDroneStrike
        }
        // "The Coalition bombed oil tankers"
        S::RemoteExplosive if by.trigger.is(Nature::Open) && sides.is_air_power() => {
            S::AirDroneStrike
        }
        // `قصف روسي` without a gun or a rocket comes from the air.
        S::Shelling
            if by.trigger.is(Nature::Open)
                && is_bare(by)
                && !names(S::Shelling)
                && sides.is_air_power() =>
        {
            S::AirDroneStrike
        }
        S::RemoteExplosive if tells(S::Grenade) && !names(S::RemoteExplosive) => S::Grenade,
        // `اغتيال X بعبوة ناسفة`: with what somebody was killed decides, unless it was in the hand.
        S::Attack => KILLS_FAR.into_iter().find(|&wanted| names(wanted)).unwrap_or(S::Attack),
        territory @ (S::NonStateActorOvertakesTerritory | S::GovernmentRegainsTerritory) => {
            if tells(S::NonViolentTransfer) {
                return S::NonViolentTransfer;
            }
            taker(by, sides).unwrap_or(territory)
        }
        S::MobViolence if sides.are_two() => S::ArmedClash,
        // `انسحبت من الحي تنفيذاً للاتفاق`: what is done as agreed tells more than the agreement.
        S::Agreement
            if triggers.iter().any(|f| f.verb && f.trigger.sub_event == S::NonViolentTransfer) =>
        {
            S::NonViolentTransfer
        }
        // Villagers or supporters who fight each other are a mob.
        S::ArmedClash if tells(S::MobViolence) && !sides.is_armed() => S::MobViolence,
        // Those who take people without being the authority abduct them.
        S::Arrests if is_taken_by_faction(by, sides) => S::Abduction,
        other => other,
    }
}

/// What kills from afar, as ACLED orders it.
const KILLS_FAR: [SubEventType; 4] =
    [S::AirDroneStrike, S::SuicideBomb, S::RemoteExplosive, S::Grenade];

/// Whether the trigger is one word, without its weapon (`قصف`, and not `قصف مدفعي`).
fn is_bare(by: Found<'_>) -> bool {
    by.hit.tokens.len() == 1
}

/// Whether a state or another took a place, if the clause says who did; foreign armies count as others.
fn taker(by: Found<'_>, sides: Sides<'_>) -> Option<SubEventType> {
    let named = sides.actors.first();
    let is_state = match sides.agent(by) {
        _ if named.is_some_and(is_foreign) => false,
        Some(agent) => agent == Party::State,
        None => named?.inter == Inter::StateForces,
    };
    Some(if is_state { S::GovernmentRegainsTerritory } else { S::NonStateActorOvertakesTerritory })
}

fn is_foreign(actor: &Actor) -> bool {
    actor.inter == Inter::External
}

fn is_taken_by_faction(by: Found<'_>, sides: Sides<'_>) -> bool {
    // `القبض على خلية لـX`: behind a noun stands who is taken.
    let may_take = if by.verb { sides.actors.len() } else { sides.acting };
    let at = by.hit.tokens.start;
    match sides.actors.iter().take(may_take).find(|a| is_force(a)) {
        Some(actor) => sides.known(actor).is_some_and(|known| known.is_faction),
        None if by.verb => sides.agent(by) == Some(Party::Armed),
        None => {
            let is_faction =
                |a: &Actor| sides.known(a).is_some_and(|known| known.is_faction) || !is_force(a);
            sides.actors.iter().all(is_faction)
                && sides.parties.iter().any(|s| s.party == Party::Armed && (s.by || s.at < at))
        }
    }
}

fn is_assault_on_civilians(sides: Sides<'_>) -> bool {
    sides.has_civilians() && !sides.are_two()
}

/// Whether an actor's coming and going is an event.
fn is_force(actor: &Actor) -> bool {
    actor.inter.is_armed()
}

/// Whether ACLED codes people without arms as the other side of this type.
pub(super) const fn can_target_civilians(sub_event: SubEventType) -> bool {
    matches!(sub_event.event_type(), EventType::ViolenceAgainstCivilians | EventType::Explosions)
        || matches!(sub_event, SubEventType::ExcessiveForce | SubEventType::MobViolence)
}
