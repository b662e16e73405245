//! What several articles tell of one happening becomes one event, within a transaction.
//!
//! The events of a store are a function of the articles in it. A change of an article can touch only
//! what its tellings are linked with, directly or through others: that is told anew, and nothing else.

pub(super) mod said;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use serde_json::Value;

use super::{Difference, Reading, identify, says};
use crate::merge::event::event;
use crate::merge::group::{Member, Pairs, continued, groups_as_said, links};
use crate::merge::telling::{Common, Telling};
use crate::model::article::{Article, ArticleId};
use crate::model::event::{Event, EventId, PROPERTIES, Source};
use crate::model::place::PlaceKind;
use crate::model::source::SourceName;
use crate::pipeline::Knowledge;
use crate::store::draft::{Draft, Identity, Reach};
use crate::store::{Error, Inserted};

/// Articles of an older store that are compared with others beside each batch.
const OLD_ONES: u32 = 64;

/// Articles and reports on their way into the store.
pub(super) struct Joining<'k, 'd, 'c> {
    knowledge: &'k Knowledge,
    store: u64,
    /// The first report that is filed in this transaction. If that fails, another will get its number.
    first_new: Option<i64>,
    draft: &'d mut Draft<'c>,
    /// The reports looked at so far, by their numbers.
    known: HashMap<i64, Arc<Telling>>,
    /// Reports whose groups are to be found anew.
    affected: BTreeSet<i64>,
    /// Events that do not say any more what they did.
    stale: BTreeSet<EventId>,
}

/// A report with the event that it belongs to.
struct Filed {
    number: i64,
    telling: Arc<Telling>,
    event: EventId,
}

impl<'k, 'd, 'c> Joining<'k, 'd, 'c> {
    pub(super) fn new(knowledge: &'k Knowledge, store: u64, draft: &'d mut Draft<'c>) -> Self {
        let (first_new, known, affected, stale) = Default::default();
        Self { knowledge, store, first_new, draft, known, affected, stale }
    }

    /// The transaction.
    pub(super) fn draft(&mut self) -> &mut Draft<'c> {
        self.draft
    }

    /// Compares some of the articles that were kept without a look at others, and says how many.
    pub(super) fn compare_old(&mut self) -> Result<usize, Error> {
        let old = self.draft.uncompared(OLD_ONES)?;
        let count = old.len();
        for (article, events) in old {
            let (identity, common) = identify(&article);
            let extractor = events.first().map(|event| event.source.extractor.as_str());
            self.draft.identify(&article.id, &identity, extractor)?;
            for event in events {
                self.file(event, &common)?;
            }
        }
        Ok(count)
    }

    /// Keeps an article with its events, unless it is there as it is.
    pub(super) fn take(
        &mut self,
        (article, events): &Reading,
        (identity, common): &(Identity, Common),
        source: Option<&SourceName>,
    ) -> Result<Inserted, Error> {
        match self.draft.known(&article.id, identity.address.as_deref())? {
            None => {
                self.draft.put_article(article, Some(identity), events, source)?;
                for event in events {
                    self.stale.insert(event.id.clone());
                    self.file(event.clone(), common)?;
                }
                Ok(Inserted::New { events: events.len() })
            }
            Some(known) if says(&known, || identity.text_hash.clone()) => {
                Ok(Inserted::AlreadyThere)
            }
            Some(known) => {
                let article = Article { id: known.id, ..article.clone() };
                self.replace(&article, events, (identity, common))?;
                Ok(Inserted::Updated { events: events.len() })
            }
        }
    }

    /// Gives an article another text and what is read in it. What it goes on telling keeps its id.
    fn replace(
        &mut self,
        article: &Article,
        events: &[Event],
        (identity, common): (&Identity, &Common),
    ) -> Result<(), Error> {
        let old = self.leave_out(&article.id)?;
        self.draft.replace_article(article, identity, events)?;
        for event in renamed(self.tellings(article, events, common), &old) {
            self.stale.insert(event.id.clone());
            self.file(event, common)?;
        }
        Ok(())
    }

    /// Files what is read now in an article that is kept, and tells what is otherwise than it was.
    pub(super) fn reread(
        &mut self,
        article: &Article,
        events: &[Event],
        (identity, common): &(Identity, Common),
    ) -> Result<Vec<Difference>, Error> {
        let mut old = Vec::new();
        for number in self.draft.reports_of(&article.id)? {
            old.push(self.report(number)?);
        }
        let new = renamed(self.tellings(article, events, common), &old);
        let is_same = |(old, new): (&Arc<Telling>, &Event)| old.event == *new;
        if old.len() == new.len() && old.iter().zip(&new).all(is_same) {
            return Ok(Vec::new());
        }
        self.leave_out(&article.id)?;
        let extractor = new.first().map(|event| event.source.extractor.as_str());
        self.draft.identify(&article.id, identity, extractor)?;
        let differences = differences(&old, &new);
        for event in new {
            self.stale.insert(event.id.clone());
            self.file(event, common)?;
        }
        Ok(differences)
    }

    fn tellings(&self, article: &Article, events: &[Event], common: &Common) -> Vec<Telling> {
        // An article may come under another id than it is kept under.
        let telling = |event: &Event| {
            let Event { id, source, .. } = event.clone();
            let own = id.0.strip_prefix(&source.article_id.0);
            let id = own.map_or_else(|| id.clone(), |own| EventId(format!("{}{own}", article.id)));
            let source = Source { article_id: article.id.clone(), ..source };
            self.telling(Event { id, source, ..event.clone() }, common)
        };
        events.iter().map(telling).collect()
    }

    /// Takes away what an article tells, and gives it.
    pub(super) fn leave_out(&mut self, article: &ArticleId) -> Result<Vec<Arc<Telling>>, Error> {
        let mut left_out = Vec::new();
        for number in self.draft.reports_of(article)? {
            let (telling, event) = (self.report(number)?, self.draft.event_of(number)?);
            self.draft.remove_report(number)?;
            self.known.remove(&number);
            self.affected.remove(&number);
            self.tell_anew(&event)?;
            left_out.push(telling);
        }
        Ok(left_out)
    }

    /// Has an event told anew from its reports.
    pub(super) fn tell_anew(&mut self, event: &EventId) -> Result<(), Error> {
        self.affected.extend(self.draft.members(event)?);
        self.stale.insert(event.clone());
        Ok(())
    }

    fn file(&mut self, told: Event, common: &Common) -> Result<(), Error> {
        let telling = self.telling(told, common);
        let kind = telling.kind.map(PlaceKind::as_str);
        let number = self.draft.put_report(&telling.event, kind, reach(&telling))?;
        self.first_new.get_or_insert(number);
        self.known.insert(number, Arc::new(telling));
        self.affected.insert(number);
        Ok(())
    }

    fn telling(&self, event: Event, common: &Common) -> Telling {
        let place = event.location.place_id.as_ref();
        let kind = place.and_then(|id| self.knowledge.gazetteer.place(id)).map(|place| place.kind);
        Telling::new(event, kind, common.clone(), &self.knowledge.words)
    }

    pub(super) fn report(&mut self, number: i64) -> Result<Arc<Telling>, Error> {
        if let Some(known) = self.known.get(&number) {
            return Ok(Arc::clone(known));
        }
        let key = (self.store, number);
        let telling = if let Some(telling) = self.knowledge.compared.get(&key) {
            telling
        } else {
            let telling = Arc::new(self.knowledge.telling_of(self.draft.report(number)?));
            if self.first_new.is_none_or(|first| number < first) {
                self.knowledge.compared.insert(key, Arc::clone(&telling));
            }
            telling
        };
        self.known.insert(number, Arc::clone(&telling));
        Ok(telling)
    }

    /// Finds the groups of all that is affected, and tells their events.
    pub(super) fn settle(mut self) -> Result<(), Error> {
        let mut told: BTreeMap<EventId, Option<Event>> = BTreeMap::new();
        let pairs = &self.pairs()?;
        while let Some(first) = self.affected.pop_first() {
            let linked = self.linked(first, pairs)?;
            let mut reports = Vec::with_capacity(linked.len());
            for &number in &linked {
                let (telling, event) = (self.report(number)?, self.draft.event_of(number)?);
                reports.push(Filed { number, telling, event });
            }
            for event in reports.iter().map(|filed| &filed.event).collect::<BTreeSet<_>>() {
                self.hold_together(event, &linked)?;
                told.entry(event.clone()).or_default();
            }
            let tellings: Vec<&Telling> = reports.iter().map(|filed| &*filed.telling).collect();
            for group in groups_as_said(&tellings, pairs) {
                self.tell(&group, &reports, &mut told)?;
            }
        }
        self.write(&told)
    }

    /// All reports that a report is linked with, directly or through others.
    fn linked(&mut self, first: i64, pairs: &Pairs) -> Result<BTreeSet<i64>, Error> {
        let mut found = BTreeSet::from([first]);
        let mut next = vec![first];
        while let Some(number) = next.pop() {
            let telling = self.report(number)?;
            let mut others = Vec::new();
            for other in self.draft.near(reach(&telling))? {
                if !found.contains(&other) && links(&telling, &*self.report(other)?) {
                    others.push(other);
                }
            }
            for said in pairs.one_with(&telling.event.id) {
                others.extend(self.draft.number_of(said)?);
            }
            for other in others {
                self.affected.remove(&other);
                if found.insert(other) {
                    next.push(other);
                }
            }
        }
        Ok(found)
    }

    /// Has an event told anew of which some reports are linked with the others no more: another version
    /// of the program weighed them.
    fn hold_together(&mut self, event: &EventId, linked: &BTreeSet<i64>) -> Result<(), Error> {
        let members = self.draft.members(event)?;
        let others: Vec<i64> = members.into_iter().filter(|m| !linked.contains(m)).collect();
        if !others.is_empty() {
            self.stale.insert(event.clone());
            self.affected.extend(others);
        }
        Ok(())
    }

    /// Tells the event of a group, unless it says what it said.
    fn tell(
        &mut self,
        group: &[Member],
        reports: &[Filed],
        told: &mut BTreeMap<EventId, Option<Event>>,
    ) -> Result<(), Error> {
        let members: Vec<&Filed> = group.iter().filter_map(|m| reports.get(m.at)).collect();
        let Some(elder) = members.first() else { return Ok(()) };
        let id = elder.telling.event.id.clone();
        let is_whole = members.iter().all(|filed| filed.event == id)
            && reports.iter().filter(|filed| filed.event == id).count() == members.len();
        if is_whole && !self.stale.contains(&id) {
            told.remove(&id);
            return Ok(());
        }
        let tellings: Vec<&Telling> = members.iter().map(|filed| &*filed.telling).collect();
        let event = event(&tellings).expect("a group has an elder");
        let event = self.reviewed(event, &members)?;
        for (member, filed) in group.iter().zip(&members) {
            let why = member.why.as_ref();
            let why = why.map(|why| serde_json::to_string(why).expect("it is numbers and texts"));
            self.draft.join(filed.number, &id, why.as_deref())?;
        }
        told.insert(id, Some(event));
        Ok(())
    }

    /// Puts the events on the map that say something else than before, and takes the others off.
    fn write(self, told: &BTreeMap<EventId, Option<Event>>) -> Result<(), Error> {
        let gone = told.iter().filter(|(_, event)| event.is_none()).map(|(id, _)| id);
        let orphaned = self.stale.iter().filter(|id| !told.contains_key(id));
        for id in gone.chain(orphaned) {
            self.draft.remove_event(id)?;
        }
        for event in told.values().flatten() {
            self.draft.put_event(event)?;
        }
        Ok(())
    }
}

fn reach(telling: &Telling) -> Reach {
    let crate::merge::telling::Reach { area, days } = telling.reach();
    Reach { area, days }
}

/// What an article tells otherwise than before, but for the name of the program that read it.
fn differences(old: &[Arc<Telling>], new: &[Event]) -> Vec<Difference> {
    let before = |event: &Event| old.iter().find(|telling| telling.event.id == event.id);
    let is_gone = |telling: &&Arc<Telling>| !new.iter().any(|event| event.id == telling.event.id);
    let gone = old.iter().filter(is_gone).map(|telling| Difference::Gone(telling.event.clone()));
    let kept = new.iter().filter_map(|event| {
        let Some(old) = before(event) else { return Some(Difference::Added(event.clone())) };
        let [was, is] = [&old.event, event].map(Event::to_feature);
        let value = |of: &Value, name: &str| of.pointer(&format!("/properties/{name}")).cloned();
        let changed = PROPERTIES.iter().filter(|(name, ..)| *name != "extractor");
        let changed = changed.filter_map(|&(name, ..)| {
            let (was, is) = (value(&was, name)?, value(&is, name)?);
            (was != is).then_some((name, was, is))
        });
        let changed: Vec<_> = changed.collect();
        (!changed.is_empty()).then(|| Difference::Changed(event.clone(), changed))
    });
    kept.chain(gone).collect()
}

/// The events of an article with the ids of those that they continue; no two have one.
fn renamed(new: Vec<Telling>, old: &[Arc<Telling>]) -> Vec<Event> {
    let old: Vec<&Telling> = old.iter().map(|telling| &**telling).collect();
    let continued = continued(&old, &new.iter().collect::<Vec<_>>());
    let kept: Vec<Option<EventId>> = continued
        .iter()
        .map(|at| at.and_then(|at| old.get(at)).map(|telling| telling.event.id.clone()))
        .collect();
    let mut taken: BTreeSet<EventId> = kept.iter().flatten().cloned().collect();
    let named = new.into_iter().zip(kept).map(|(telling, kept)| {
        let id = kept.unwrap_or_else(|| {
            let own = telling.event.id.clone();
            let again = (2..).map(|nth| EventId(format!("{own}-{nth}")));
            let mut free = std::iter::once(own.clone()).chain(again);
            let id = free.find(|id| !taken.contains(id)).unwrap_or(own);
            taken.insert(id.clone());
            id
        });
        Event { id, ..telling.event }
    });
    named.collect()
}
