//! One happening is told several times in one article: lead, details, consequences.
//! It becomes one report.

use super::claim::Claim;
use super::scene::Scope;
use super::zone::ZoneKind;
use crate::model::actor::Actor;
use crate::model::report::{Certainty, Mention, Relation, Report};
use crate::model::taxonomy::{EventType, SubEventType};
use crate::model::toll::{Count, Toll};
use crate::model::when::When;

/// The reports of an article while it is read.
#[derive(Debug, Default)]
pub(super) struct Draft {
    claims: Vec<Claim>,
    /// The places that the article names, with their paragraph, each once in a paragraph.
    named: Vec<(usize, Mention)>,
}

impl Draft {
    /// Adds a claim, or lets it complete an earlier one that it tells again.
    pub(super) fn add(&mut self, mut claim: Claim, notes: &mut Vec<String>) {
        inherit(&self.claims, &mut claim);
        if claim.report.places.is_empty() && claim.scope == Scope::Article {
            claim.report.places = self.above(claim.setting.paragraph);
        }
        // What happened elsewhere is none of what happened at the places of the article.
        let is_elsewhere = |claim: &Claim| claim.scope == Scope::Elsewhere;
        let may_be = |known: &Claim| is_elsewhere(known) || !is_elsewhere(&claim);
        let this = self.claims.last().is_some_and(|last| {
            may_be(last) && (is_this(last, &claim) || is_ground_of(last, &claim))
        });
        let same = if this {
            self.claims.last_mut()
        } else {
            self.claims.iter_mut().rev().find(|known| may_be(known) && is_same(known, &claim))
        };
        if let Some(known) = same {
            notes.push("told before: completes an earlier report".to_owned());
            complete(known, claim);
        } else if claim.again.is_this
            && !claim.again.is_another
            && !claim.report.toll.counts_anybody()
            && !self.claims.is_empty()
        {
            notes.push("told before: `this` points at what the article tells already".to_owned());
        } else {
            inherit_actor(&self.claims, &mut claim);
            self.claims.push(claim);
        }
    }

    /// The sentence after a report says that nobody was hurt in it.
    pub(super) fn nobody_hurt(&mut self, paragraph: usize) {
        let last = self.claims.last_mut().filter(|c| c.setting.paragraph == paragraph);
        if let Some(toll) = last
            .map(|c| &mut c.report.toll)
            .filter(|t| t.fatalities_low.is_none() && t.injured_low.is_none())
        {
            toll.kill(Count::exactly(0));
            toll.injure(Count::exactly(0));
        }
    }

    /// The sentence after a report counts whom it harmed, and names no other cause.
    pub(super) fn harmed(&mut self, paragraph: usize, toll: &Toll) {
        let last = self.claims.last_mut().filter(|c| {
            c.setting.paragraph == paragraph
                && c.report.sub_event_type.is_violent()
                && !c.report.toll.counts_anybody()
        });
        if let Some(known) = last {
            known.report.toll = known.report.toll.retold(toll, false);
        }
    }

    /// Whether nothing was claimed yet.
    pub(super) fn is_empty(&self) -> bool {
        self.claims.is_empty()
    }

    /// The article names places; a sentence that names none goes on at those of its paragraph.
    pub(super) fn name(&mut self, paragraph: usize, places: Vec<Mention>) {
        for place in places {
            let is_known = |(at, known): &(usize, Mention)| *at == paragraph && *known == place;
            if !self.named.iter().rev().take(MOST_NAMED).any(is_known) {
                self.named.push((paragraph, place));
            }
        }
    }

    /// The place that the paragraph named last before.
    fn above(&self, paragraph: usize) -> Vec<Mention> {
        let last = self.named.last().filter(|(at, _)| *at == paragraph);
        last.map(|(_, place)| place.clone()).into_iter().collect()
    }

    /// The only place that the article names.
    fn only(&self) -> Option<Mention> {
        let mut names = self.named.iter().map(|(_, place)| place);
        let first = names.next()?;
        names.all(|other| other.name == first.name).then(|| first.clone())
    }

    /// The reports, in the order of the text.
    pub(super) fn into_reports(mut self) -> Vec<Report> {
        leave_out_sums(&mut self.claims);
        let only = self.only();
        let is_there = |known: &Claim| {
            let names = |only: &Mention| known.report.places.iter().any(|p| p.name == only.name);
            only.as_ref().is_some_and(names)
        };
        let told = |claim: &Claim| (claim.report.when.clone(), claim.report.evidence.clone());
        let there: Vec<_> = self.claims.iter().filter(|c| is_there(c)).map(told).collect();
        // `استهدف مبنى جنوب دمشق في السابع عشر`: what is told of another day, or in the same sentence, was there.
        let is_theirs = |report: &Report| {
            there.iter().any(|(when, evidence)| {
                !same_days(when, &report.when) || *evidence == report.evidence
            })
        };
        let settled = |claim: Claim| {
            let mut report = claim.report;
            if report.places.is_empty()
                && claim.scope != Scope::Elsewhere
                && report.sub_event_type != SubEventType::Agreement
                && !is_theirs(&report)
            {
                let near = |place: Mention| {
                    let relation = place.relation.max(Relation::Near);
                    Mention { relation, ..place }
                };
                report.places.extend(only.clone().map(near));
            }
            report
        };
        self.claims.into_iter().map(settled).collect()
    }
}

/// `قُتل شخصان في ريف درعا بعمليتي اغتيال`, and then each of the two is told of: a sum over a countryside or over no
/// place is what its parts are.
fn leave_out_sums(claims: &mut Vec<Claim>) {
    let is_wide = |claim: &Claim| claim.report.places.iter().all(is_wide_land);
    let killed = |claim: &Claim| claim.report.toll.fatalities.unwrap_or_default();
    let is_sum = |at: usize, sum: &Claim| {
        let is_part = |part: &&Claim| {
            part.report.sub_event_type == sum.report.sub_event_type
                && same_days(&part.report.when, &sum.report.when)
                && !is_wide(part)
                && killed(part) > 0
        };
        if !is_wide(sum) || killed(sum) < 2 {
            return false;
        }
        let parts = claims.iter().skip(at + 1).take(MOST_PARTS).filter(is_part);
        let parts: Vec<u32> = parts.map(killed).collect();
        parts.len() > 1 && parts.iter().sum::<u32>() == killed(sum)
    };
    let sums: Vec<bool> = (0..).zip(claims.iter()).map(|(at, claim)| is_sum(at, claim)).collect();
    let mut sums = sums.into_iter();
    claims.retain(|_| !sums.next().unwrap_or_default());
}

/// So many claims behind a sum may be its parts.
const MOST_PARTS: usize = 20;

fn is_wide_land(place: &Mention) -> bool {
    matches!(place.relation, Relation::Countryside | Relation::Within)
}

/// So many places back a place counts as named already.
const MOST_NAMED: usize = 20;

/// A clause that names no place, day or actor takes them from what was just told.
fn inherit(claims: &[Claim], claim: &mut Claim) {
    let sub_event = claim.report.sub_event_type;
    let before = claims.iter().rev().find(|c| c.setting.paragraph == claim.setting.paragraph);
    if claim.report.places.is_empty()
        && claim.scope == Scope::Article
        && sub_event != SubEventType::Agreement
        && let Some(known) =
            before.or_else(|| claims.first()).filter(|c| !c.report.places.is_empty())
    {
        claim.report.places.clone_from(&known.report.places);
    }
    inherit_day(claims, before, claim);
}

/// Who did it is who did all of the same kind before, unless it is another story.
fn inherit_actor(claims: &[Claim], claim: &mut Claim) {
    let sub_event = claim.report.sub_event_type;
    if claim.report.parties.actor1.is_some() || claim.scope == Scope::Elsewhere {
        return;
    }
    // `توغلت قوة إسرائيلية … |القوة| داهمت منزلين`
    let named = claims.last().filter(|last| {
        claim.again.is_same_force && last.setting.paragraph + 1 >= claim.setting.paragraph
    });
    let force = named.and_then(|last| last.report.parties.actor1.clone());
    if let Some(force) = force.filter(|force| force.inter.is_armed()) {
        claim.report.parties.actor1 = Some(force);
        return;
    }
    let of_kind = claims.iter().rev().filter(|c| c.report.sub_event_type == sub_event);
    let mut doers = of_kind.map(|c| &c.report.parties.actor1).take(MOST_DOERS);
    let Some(last) = doers.next().filter(|doer| **doer != claim.report.parties.actor2) else {
        return;
    };
    if doers.flatten().all(|doer| Some(doer) == last.as_ref()) {
        claim.report.parties.actor1.clone_from(last);
    }
}

/// So many reports back it is looked who did the like.
const MOST_DOERS: usize = 20;

/// `وأسفر هذا القصف عن …`: the one told right before, whatever its type was taken for.
fn is_this(last: &Claim, claim: &Claim) -> bool {
    let (told, again) = (last.report.sub_event_type, claim.report.sub_event_type);
    claim.again.is_this
        && last.setting.paragraph + 1 >= claim.setting.paragraph
        && (told == again || absorbs(told, again))
}

/// `وعقب الانفجار فرضت القوات طوقا`: the ground of what follows is what was told right before.
fn is_ground_of(last: &Claim, claim: &Claim) -> bool {
    let (told, ground) = (last.report.sub_event_type, claim.report.sub_event_type);
    claim.is_ground
        && claim.word.is_told
        && !claim.word.is_placed
        && last.setting.paragraph + 1 >= claim.setting.paragraph
        && ground.is_violent()
        && absorbs(told, ground)
}

/// A word that leaves open with what (`استهدفت`, `قصف`) tells again of the fire by which another sentence
/// names the weapon, at the same place, on the same day, by the same side.
fn is_one_attack(known: &Claim, claim: &Claim) -> bool {
    let is_fire = |c: &Claim| {
        c.word.is_open
            || matches!(
                c.report.sub_event_type,
                SubEventType::AirDroneStrike | SubEventType::Shelling
            )
    };
    let by = |c: &Claim| {
        c.report.parties.actor1.clone().filter(|a| a.inter.is_armed() && !a.id.is_unidentified())
    };
    let other_side = by(known).zip(by(claim)).is_some_and(|(a, b)| a != b);
    (known.word.is_open || claim.word.is_open)
        && is_fire(known)
        && is_fire(claim)
        && !other_side
        && !claim.again.is_another
        && !claim.again.adds
        && known.report.evidence != claim.report.evidence
}

/// A clause without a day goes on with the day told last: in its paragraph, right behind the first, or where
/// the outlet itself tells on. What somebody is quoted with elsewhere may have been any day.
fn inherit_day(claims: &[Claim], before: Option<&Claim>, claim: &mut Claim) {
    let when = &claim.report.when;
    let same_day =
        when.days().is_none() && when.date_text.is_some() && when.time_precision.is_none();
    let undated = when.date_text.is_none() && !claim.is_ground;
    let tells_on = claim.report.certainty == Certainty::Asserted || same_day;
    let details = |last: &&Claim| {
        claim.again.is_undated
            && (last.setting.zone == ZoneKind::Lead || claim.again.is_continued)
            && claim.setting.paragraph == last.setting.paragraph + 1
    };
    let last = claims.last().filter(|last| tells_on || details(last));
    let Some(known) =
        before.or(last).filter(|c| c.report.when.event_date.is_some() && (undated || same_day))
    else {
        return;
    };
    claim.report.when = When {
        date_text: claim.report.when.date_text.take().or(known.report.when.date_text.clone()),
        ..known.report.when.clone()
    };
}

fn is_same(known: &Claim, claim: &Claim) -> bool {
    let (a, b) = (&known.report, &claim.report);
    let same_kind = a.sub_event_type == b.sub_event_type
        || (claim.points_back && absorbs(a.sub_event_type, b.sub_event_type))
        || is_one_attack(known, claim);
    let same_places =
        same_places(&a.places, &b.places) || (claim.points_back && b.places.is_empty());
    same_kind
        && same_days(&a.when, &b.when)
        && same_places
        && !(other_actors(a, b) && !(claim.points_back && is_unclaimed(a)))
        && (claim.points_back
            || !counts_more(&a.toll, &b.toll)
            || is_update(known, claim)
            || is_as_many(known, claim)
            || is_detail(known, claim))
}

/// Whether a later word on the same happening belongs to it: ACLED's earlier type absorbs the later,
/// and what soldiers do after a fight is no event of its own.
fn absorbs(told: SubEventType, again: SubEventType) -> bool {
    let follows = matches!(again, SubEventType::DisruptedWeaponsUse | SubEventType::ChangeToGroup);
    let crowd = |s: SubEventType| matches!(s.event_type(), EventType::Protests | EventType::Riots);
    // Who is taken is not bombed.
    let is_taken = |s: SubEventType| s == SubEventType::Abduction;
    let is_other = is_taken(told) != is_taken(again)
        && ![told, again].iter().any(|s| matches!(s, SubEventType::Attack | SubEventType::Arrests));
    (told.is_violent() && (again.is_violent() || follows) && !is_other)
        || (crowd(told) && crowd(again))
}

/// Whether what is told later makes the same crowd's day another type: it was peaceful until it was met
/// with force or turned violent.
fn is_graver(told: &Report, again: &Report) -> bool {
    let rank = |report: &Report| match report.sub_event_type {
        SubEventType::PeacefulProtest => Some(0),
        SubEventType::ProtestWithIntervention => Some(1),
        SubEventType::ExcessiveForce => Some(2),
        SubEventType::ViolentDemonstration => Some(3),
        _ => None,
    };
    rank(told).zip(rank(again)).is_some_and(|(told, again)| told < again)
}

/// The type, the sides and the words that tell them are the graver report's.
fn raise(told: &mut Report, again: &Report) {
    told.sub_event_type = again.sub_event_type;
    told.civilian_targeting = again.civilian_targeting;
    told.parties.clone_from(&again.parties);
    told.evidence.clone_from(&again.evidence);
}

/// Nobody is named as having done it: who claims it later did.
fn is_unclaimed(report: &Report) -> bool {
    report.parties.actor1.as_ref().is_none_or(|a| a.id.is_unidentified())
}

fn same_days(a: &When, b: &When) -> bool {
    match (a.days(), b.days()) {
        (Some(a), Some(b)) => a.0 <= b.1 && b.0 <= a.1,
        _ => true,
    }
}

fn same_places(a: &[Mention], b: &[Mention]) -> bool {
    let names = |places: &[Mention]| places.iter().map(|p| p.name.clone()).collect::<Vec<_>>();
    let (a, b) = (names(a), names(b));
    b.iter().all(|name| a.contains(name)) && (a.is_empty() == b.is_empty())
}

/// Whether both name armed sides, and none in common: not if one names only who did it, and the other only
/// whom it met.
fn other_actors(a: &Report, b: &Report) -> bool {
    let armed = |actor: &Option<Actor>| {
        actor.clone().filter(|a| a.inter.is_armed() && !a.id.is_unidentified())
    };
    let sides = |r: &Report| (armed(&r.parties.actor1), armed(&r.parties.actor2));
    match (sides(a), sides(b)) {
        ((Some(_), None), (None, Some(_))) | ((None, Some(_)), (Some(_), None)) => false,
        ((a1, a2), (b1, b2)) => {
            let has = |actor: &Actor| [&a1, &a2].into_iter().flatten().any(|known| known == actor);
            let mut later = b1.iter().chain(&b2);
            (a1.is_some() || a2.is_some()) && (b1.is_some() || b2.is_some()) && !later.any(has)
        }
    }
}

/// Whether the second counts what the first does not, or counts it otherwise.
fn counts_more(a: &Toll, b: &Toll) -> bool {
    let more = |a: Option<u32>, b: Option<u32>| b.is_some() && a != b;
    more(a.fatalities, b.fatalities)
        || more(a.injured, b.injured)
        || more(a.personnel, b.personnel)
        || more(a.vehicles, b.vehicles)
        || more(a.trucks, b.trucks)
}

/// Whether another count of the killed is that of the same strike at another hour, or of another who
/// counted: strikes on one place on one day are one unless the text says that there was another.
fn is_update(known: &Claim, claim: &Claim) -> bool {
    let told = &known.report;
    let (Some(a), Some(b)) = (told.toll.fatalities, claim.report.toll.fatalities) else {
        return false;
    };
    let (low, high) = (a.min(b), a.max(b));
    let is_strike = told.sub_event_type.event_type() == EventType::Explosions;
    is_strike
        && !known.again.is_at_other_hours(&claim.again)
        && !claim.again.is_another
        && !claim.again.adds
        && low > 0
        && high <= low.saturating_mul(GROWTH)
}

/// Whether both count as many injured by a strike, and only one of them the killed.
fn is_as_many(known: &Claim, claim: &Claim) -> bool {
    let (told, again) = (&known.report.toll, &claim.report.toll);
    let is_strike = known.report.sub_event_type.event_type() == EventType::Explosions;
    is_strike
        && told.injured.is_some_and(|n| n > 1 && again.injured == Some(n))
        && (told.fatalities.is_none() || again.fatalities.is_none())
        && !known.again.is_at_other_hours(&claim.again)
        && !claim.again.is_another
        && !claim.again.adds
}

/// Whether the next sentence counts whom the one before only told of: `قُتل عناصر بغارة على منبج. وقال …
/// إن سبعة قُتلوا بغارة على منبج`.
fn is_detail(known: &Claim, claim: &Claim) -> bool {
    let (told, again) = (&known.report, &claim.report);
    (known.setting.paragraph == claim.setting.paragraph || claim.again.is_undated)
        && told.evidence != again.evidence
        && told.toll.fatalities.is_none()
        && told.toll.injured.is_none()
        && !known.again.is_at_other_hours(&claim.again)
        && !claim.again.is_another
        && !claim.again.adds
}

/// A toll does not grow by more than so much while an article is written.
const GROWTH: u32 = 3;

/// Fills what the earlier report lacks; what it has, stays.
fn complete(known: &mut Claim, claim: Claim) {
    if is_graver(&known.report, &claim.report) {
        raise(&mut known.report, &claim.report);
    }
    // The sentence that names the weapon decides the type.
    if known.word.is_open && !claim.word.is_open && is_one_attack(known, &claim) {
        known.report.sub_event_type = claim.report.sub_event_type;
        known.report.civilian_targeting |= claim.report.civilian_targeting;
        known.word.is_open = false;
    }
    // `سُمع دوي انفجارات، وقالت مصادر إنها ناجمة عن تفجير ذخائر`
    if claim.again.explains && known.report.evidence == claim.report.evidence {
        known.report.sub_event_type = claim.report.sub_event_type;
        known.report.parties = claim.report.parties.clone();
    }
    let (adds, rises) = (claim.again.adds, claim.again.rises);
    let (a, b) = (&mut known.report, claim.report);
    if a.when.days().is_none() && b.when.days().is_some() {
        a.when = b.when;
    }
    let toll = &mut a.toll;
    *toll = if adds && a.evidence == b.evidence {
        toll.plus(&b.toll)
    } else {
        toll.retold(&b.toll, rises)
    };
    toll.personnel = toll.personnel.or(b.toll.personnel);
    toll.vehicles = toll.vehicles.or(b.toll.vehicles);
    toll.trucks = toll.trucks.or(b.toll.trucks);
    let parties = &mut a.parties;
    if parties.actor1.as_ref().is_none_or(|known| known.id.is_unidentified())
        && b.parties.actor1.is_some()
    {
        // Who is later told to have done it did not suffer it.
        parties.actor2.take_if(|suffers| b.parties.actor1.as_ref() == Some(suffers));
        parties.actor1 = b.parties.actor1;
    }
    if parties.actor2.is_none() && b.parties.actor2 != parties.actor1 {
        parties.actor2 = b.parties.actor2;
    }
    for actor in b.parties.assoc_actor_1 {
        let known_already = parties.all().any(|known| *known == actor);
        if !known_already {
            parties.assoc_actor_1.push(actor);
        }
    }
}
