//! Which tellings are of one happening: a function of the set of them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::print::COPY;
use super::score::{JOIN, Parts, score, weigh};
use super::telling::Telling;
use crate::model::article::ArticleId;
use crate::model::event::EventId;

/// A telling in its group.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// Its place among the tellings that were given.
    pub at: usize,
    /// Why it belongs there; `None` for the first, which the event is named after.
    pub why: Option<Why>,
}

/// Why a telling was joined to those before it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Why {
    /// How surely it is of the same happening, on average over those that were there.
    pub score: f64,
    /// The one that it is most like.
    pub like: EventId,
    /// In what it is like that one; `None` if a person says that they are one.
    pub parts: Option<Parts>,
    /// The earlier article of the group that its article repeats nearly word for word.
    pub copy_of: Option<ArticleId>,
}

/// Whether one telling may bring another into its group. Tellings that nothing links do not touch
/// each other's groups.
pub fn links(a: &Telling, b: &Telling) -> bool {
    score(a, b).is_ok_and(|parts| parts.total() >= JOIN)
}

/// What a person says of two reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pair {
    /// They tell of one happening.
    One,
    /// They tell of two.
    Two,
}

/// What people said of pairs of reports, by their ids; of each the last word.
#[derive(Debug, Clone, Default)]
pub struct Pairs(BTreeMap<EventId, BTreeMap<EventId, Pair>>);

impl Pairs {
    /// Takes down a word of two reports.
    pub fn say(&mut self, a: &EventId, b: &EventId, pair: Pair) {
        for (one, other) in [(a, b), (b, a)] {
            self.0.entry(one.clone()).or_default().insert(other.clone(), pair);
        }
    }

    /// The reports that are one with a report, whatever they tell.
    pub fn one_with(&self, id: &EventId) -> impl Iterator<Item = &EventId> {
        let all = self.0.get(id).into_iter().flatten();
        all.filter(|(_, pair)| **pair == Pair::One).map(|(other, _)| other)
    }

    fn of(&self, a: &Telling, b: &Telling) -> Option<Pair> {
        self.0.get(&a.event.id)?.get(&b.event.id).copied()
    }
}

/// Joins the tellings of one happening, as [`groups_as_said`] does where nobody said anything.
pub fn groups(tellings: &[&Telling]) -> Vec<Vec<Member>> {
    groups_as_said(tellings, &Pairs::default())
}

/// Joins the tellings of one happening. Within a group the elder comes first, and the groups come in
/// the order of their elders.
///
/// Article by article, in their order: each of its tellings goes to the group that it fits best, no two
/// to the same one, or begins a group. To fit is to be of one happening with all of a group, not with
/// one: so a chain of likenesses does not join what is different at its ends.
///
/// What people said goes before: two tellings that are two are in no group together, and the groups of
/// two that are one are one.
pub fn groups_as_said(tellings: &[&Telling], pairs: &Pairs) -> Vec<Vec<Member>> {
    let mut order: Vec<usize> = (0..tellings.len()).collect();
    let key = |at: &usize| tellings.get(*at).map(|telling| telling.order());
    order.sort_by_key(key);
    let article = |at: &usize| tellings.get(*at).map(|telling| &telling.event.source.article_id);
    let mut groups: Vec<Vec<Member>> = Vec::new();
    for told in order.chunk_by(|a, b| article(a) == article(b)) {
        let mut fits = Vec::new();
        for (nth, &at) in told.iter().enumerate() {
            for (group, members) in groups.iter().enumerate() {
                fits.extend(fit(tellings, at, members, pairs).map(|why| (why, nth, group)));
            }
        }
        // The surest first; of those alike the one told first, to the elder group.
        fits.sort_by(|(a, a_nth, a_group), (b, b_nth, b_group)| {
            b.score.total_cmp(&a.score).then(a_nth.cmp(b_nth)).then(a_group.cmp(b_group))
        });
        let mut left: Vec<Option<usize>> = told.iter().copied().map(Some).collect();
        let mut taken = vec![false; groups.len()];
        for (why, nth, group) in fits {
            let (Some(telling), Some(taken)) = (left.get_mut(nth), taken.get_mut(group)) else {
                continue;
            };
            if let Some(at) = telling.take_if(|_| !*taken)
                && let Some(group) = groups.get_mut(group)
            {
                *taken = true;
                group.push(Member { at, why: Some(why) });
            }
        }
        groups.extend(left.into_iter().flatten().map(|at| vec![Member { at, why: None }]));
    }
    unite(groups, tellings, pairs)
}

/// Makes one group of those that people say are one.
fn unite(mut groups: Vec<Vec<Member>>, tellings: &[&Telling], pairs: &Pairs) -> Vec<Vec<Member>> {
    let said = |a: &Member, b: &Member| pairs.of(tellings.get(a.at)?, tellings.get(b.at)?);
    let has = |group: &[Member], member: &Member, pair: Pair| {
        group.iter().any(|other| said(other, member) == Some(pair))
    };
    // Each step takes members to an elder group, so it ends.
    while let Some((elder, younger)) = (0..groups.len())
        .filter(|_| !pairs.0.is_empty())
        .flat_map(|younger| (0..younger).map(move |elder| (elder, younger)))
        .find(|&(elder, younger)| {
            let (Some(elder), Some(younger)) = (groups.get(elder), groups.get(younger)) else {
                return false;
            };
            let comes = |m: &Member| has(elder, m, Pair::One) && !has(elder, m, Pair::Two);
            younger.iter().any(comes)
        })
    {
        let group = groups.get_mut(younger).map(std::mem::take).unwrap_or_default();
        let Some(elder) = groups.get_mut(elder) else { break };
        let like = elder.first().and_then(|first| tellings.get(first.at));
        let by_person = like.map(|like| Why {
            score: 1.0,
            like: like.event.id.clone(),
            parts: None,
            copy_of: None,
        });
        let (mut left, joined): (Vec<_>, Vec<_>) =
            group.into_iter().partition(|member| has(elder, member, Pair::Two));
        elder.extend(
            joined
                .into_iter()
                .map(|member| Member { why: member.why.or_else(|| by_person.clone()), ..member }),
        );
        elder.sort_by_key(|member| tellings.get(member.at).map(|telling| telling.order()));
        if let Some(first) = left.first_mut() {
            first.why = None;
        }
        if let Some(younger) = groups.get_mut(younger) {
            *younger = left;
        }
        groups.retain(|group| !group.is_empty());
    }
    groups
}

/// Which of what an article told before is what it tells now: for each of the new tellings its old
/// one, no two the same. A count may be another: that is what articles are changed for.
pub fn continued(old: &[&Telling], new: &[&Telling]) -> Vec<Option<usize>> {
    let mut fits = Vec::new();
    for (nth_new, new) in new.iter().enumerate() {
        for (nth_old, old) in old.iter().enumerate() {
            let parts = weigh(old, new).ok().filter(|parts| parts.total() >= JOIN);
            let is_same_id = old.event.id == new.event.id;
            fits.extend(parts.map(|parts| (parts.total(), is_same_id, nth_new, nth_old)));
        }
    }
    fits.sort_by(|a, b| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1)).then((a.2, a.3).cmp(&(b.2, b.3))));
    let mut found = vec![None; new.len()];
    let mut taken = vec![false; old.len()];
    for (.., nth_new, nth_old) in fits {
        if let (Some(slot @ None), Some(taken @ false)) =
            (found.get_mut(nth_new), taken.get_mut(nth_old))
        {
            (*slot, *taken) = (Some(nth_old), true);
        }
    }
    found
}

/// Why a telling fits a group, if it does.
fn fit(tellings: &[&Telling], at: usize, group: &[Member], pairs: &Pairs) -> Option<Why> {
    let own = tellings.get(at)?;
    let (mut sum, mut count) = (0.0, 0.0);
    let mut best: Option<(Parts, &Telling)> = None;
    let mut copy_of = None;
    for member in group {
        let other = tellings.get(member.at)?;
        if pairs.of(own, other) == Some(Pair::Two) {
            return None;
        }
        let parts = score(own, other).ok()?;
        sum += parts.total();
        count += 1.0;
        // A count may contradict the first news if it goes on from later ones.
        if !parts.is_contradicted() && best.is_none_or(|(known, _)| parts.total() > known.total()) {
            best = Some((parts, other));
        }
        if copy_of.is_none() && own.print.likeness(&other.print) >= COPY {
            copy_of = Some(other.event.source.article_id.clone());
        }
    }
    let score = sum / count;
    let (parts, like) = best.filter(|_| score >= JOIN)?;
    Some(Why { score, like: like.event.id.clone(), parts: Some(parts), copy_of })
}
