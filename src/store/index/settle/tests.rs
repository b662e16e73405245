use std::collections::{BTreeMap, HashSet};

use proptest::prelude::*;

use super::*;
use crate::model::event::{Event, EventId, PROPERTIES};
use crate::model::filter::Filter;
use crate::model::mercator::Cell;
use crate::model::query::{Cursor, EventQuery};
use crate::store::aggregate::By;
use crate::store::changes::Told;
use crate::store::clusters::Zoom;
use crate::store::frames::{Reader, Writer};
use crate::store::index::tests::{ids, queries, row, scan};
use crate::store::index::{Layout, Page};
use crate::store::samples::scattered;

/// What happens: an event comes, perhaps in place of another, or goes.
#[derive(Debug, Clone)]
enum Step {
    Put(Box<Event>),
    Gone(String),
}

/// Steps with few ids, so that many of them meet, in batches.
fn batches() -> impl Strategy<Value = Vec<Vec<Step>>> {
    let cuts = prop::collection::vec((0_usize..30, any::<bool>()), 60);
    (scattered(), cuts, 1_usize..12).prop_map(|(events, marks, most)| {
        let mut batches = Vec::new();
        for (event, (number, goes)) in events.into_iter().zip(marks) {
            let id = format!("e{number}");
            let step = if goes {
                Step::Gone(id)
            } else {
                Step::Put(Box::new(Event { id: EventId(id), ..event }))
            };
            match batches.last_mut() {
                Some(batch) if Vec::len(batch) < most => batch.push(step),
                _ => batches.push(vec![step]),
            }
        }
        batches
    })
}

/// What the index must agree with: the events that live, by their sequence numbers.
#[derive(Default)]
struct Model {
    living: BTreeMap<u64, Event>,
    last: u64,
}

impl Model {
    /// Takes a step, and says what the index is told of it.
    fn take(&mut self, step: &Step) -> Change {
        self.last += 1;
        let sequence = self.last;
        let id = match step {
            Step::Put(event) => &event.id.0,
            Step::Gone(id) => id,
        };
        self.living.retain(|_, event| event.id.0 != *id);
        match step {
            Step::Put(event) => {
                self.living.insert(sequence, (**event).clone());
                Change::Put(row(&Layout::new(PROPERTIES), sequence, event))
            }
            Step::Gone(id) => Change::Gone { sequence, id: id.clone() },
        }
    }

    fn events(&self) -> Vec<Event> {
        self.living.values().cloned().collect()
    }

    /// An index in which nothing ever died.
    fn fresh(&self) -> Arc<Index> {
        let layout = Layout::new(PROPERTIES);
        let rows = self.living.iter().map(|(&at, event)| row(&layout, at, event));
        Index::of(Layout::new(PROPERTIES), rows.collect::<Vec<_>>())
    }
}

/// What is done to an index between two batches, of which nobody should notice anything.
#[derive(Debug, Clone, Copy)]
enum Between {
    Nothing,
    Renewing,
    /// It is written to a file, and read again.
    Restarting,
}

fn between() -> impl Strategy<Value = Between> {
    prop::sample::select(vec![Between::Nothing, Between::Renewing, Between::Restarting])
}

fn written_and_read(index: &Index) -> Index {
    let mut out = Writer::new(Vec::new());
    index.write(&mut out).unwrap();
    let bytes = out.into_inner();
    Index::read(Layout::new(PROPERTIES), &mut Reader::new(&*bytes)).unwrap()
}

/// The states of an index after each batch.
fn states(batches: &[Vec<Step>], between: Between) -> Vec<(Arc<Index>, Vec<Event>)> {
    let mut model = Model::default();
    let mut index = Index::new(Layout::new(PROPERTIES));
    let mut states = vec![(Arc::new(index.clone()), Vec::new())];
    for batch in batches {
        index = index.clone();
        index.append(batch.iter().map(|step| model.take(step)).collect::<Vec<_>>());
        index = match between {
            Between::Nothing => index,
            Between::Renewing => index.renewed(),
            Between::Restarting => written_and_read(&index),
        };
        states.push((Arc::new(index.clone()), model.events()));
    }
    states
}

fn features(page: &Page) -> Vec<String> {
    page.features().collect()
}

/// All pages, one behind the other.
fn walk(index: &Arc<Index>, query: &EventQuery) -> Vec<String> {
    let mut query = query.clone();
    let mut walked = Vec::new();
    loop {
        let page = index.page(&query);
        walked.extend(ids(&page));
        match page.next {
            Some(next) => query.after = next,
            None => return walked,
        }
    }
}

proptest! {
    #[test]
    fn pages_and_counts_are_those_of_the_events_that_live(
        batches in batches(), query in queries(), between in between()
    ) {
        for (index, events) in states(&batches, between) {
            let expected = scan(&events, &query);
            prop_assert_eq!(index.page(&query).matched, expected.len());
            prop_assert_eq!(walk(&index, &query), expected);
            prop_assert_eq!(index.len(), events.len());
            for event in &events {
                prop_assert_eq!(index.get(&event.id.0), Some(event.to_feature().to_string()));
            }
            let mut ids = (0..30).map(|number| format!("e{number}"));
            let lives = |id: &str| events.iter().any(|event| event.id.0 == id);
            let agrees = ids.all(|id| index.get(&id).is_some() == lives(&id));
            prop_assert!(agrees);
        }
    }

    #[test]
    fn an_index_whose_rows_died_answers_as_one_that_never_had_them(
        batches in batches(), query in queries(), between in between(), zoom in 0_u8..14
    ) {
        let mut model = Model::default();
        batches.iter().flatten().for_each(|step| drop(model.take(step)));
        let fresh = model.fresh();
        let (index, _) = states(&batches, between).pop().unwrap();

        prop_assert_eq!(index.generation(), fresh.generation());
        prop_assert_eq!(index.extent(), fresh.extent());
        let by_type = EventQuery { equals: query.equals.clone(), ..EventQuery::default() };
        let by_pass = EventQuery { filter: Some(Filter::Constant(true)), ..by_type.clone() };
        let words = EventQuery { words: vec!["قصف".to_owned()], ..query.clone() };
        for query in [&query, &by_type, &by_pass, &words, &EventQuery::default()] {
            let [one, other] = [&index, &fresh].map(|index| index.page(query));
            prop_assert_eq!((one.matched, features(&one)), (other.matched, features(&other)));
            for by in [&[By::Day][..], &[By::EventType, By::Month], &[By::Actor]] {
                prop_assert_eq!(index.aggregate(query, by), fresh.aggregate(query, by));
            }
            let zoom = Zoom::new(zoom).unwrap();
            prop_assert_eq!(index.clusters(query, zoom), fresh.clusters(query, zoom));
            for tile in [Cell::new(0, 0, 0), Cell::new(2, 1, 2), Cell::new(9, 200, 305)] {
                let tile = tile.unwrap();
                prop_assert_eq!(index.tile(query, tile), fresh.tile(query, tile));
            }
        }
    }

    #[test]
    fn the_sums_that_are_kept_are_those_of_the_events_that_live(
        batches in batches(), zoom in 0_u8..10, between in between()
    ) {
        let (index, _) = states(&batches, between).pop().unwrap();
        let depth = zoom + 2;
        let [mut kept, mut passed] = [(); 2].map(|()| {
            let whole = Cell::new(0, 0, 0).unwrap().window();
            index.sheet(whole, depth).into_iter().collect::<Vec<_>>()
        });
        index.kept().fill(&EventQuery::default(), &mut kept);
        index.visit(&EventQuery::default(), None, |row| {
            let Some(mark) = index.marks().located(row) else { return };
            for sheet in &mut passed {
                sheet.add(row, mark);
            }
        });
        let [kept, passed] = [kept, passed].map(|sheets| {
            sheets.into_iter().flat_map(|sheet| sheet.clusters(&index)).collect::<Vec<_>>()
        });
        prop_assert_eq!(kept, passed);
    }

    #[test]
    fn who_follows_the_changes_knows_what_answers_in_the_end(
        batches in batches(), query in queries(), from in 0_usize..20, most in 1_usize..9
    ) {
        let states = states(&batches, Between::Restarting);
        let from = from.min(states.len() - 1);
        let mut known: HashSet<String> = scan(&states[from].1, &query).into_iter().collect();
        let mut at = states[from].0.last();
        let mut index = Arc::clone(&states[from].0);
        let mut later = states[from..].iter();
        loop {
            let found = index.after(&query, at, most);
            prop_assert!(found.told.len() <= most && found.upto >= at);
            prop_assert!(found.told.windows(2).all(|pair| pair[0].0 < pair[1].0));
            for (sequence, told) in found.told {
                prop_assert!(sequence > at && sequence <= found.upto);
                match told {
                    Told::Put(feature) => {
                        let feature: serde_json::Value = serde_json::from_str(&feature).unwrap();
                        known.insert(feature["id"].as_str().unwrap().to_owned());
                    }
                    Told::Gone(id) => drop(known.remove(&id.0)),
                }
            }
            at = found.upto;
            match (found.more, later.next()) {
                (false, None) => break,
                (_, Some((next, _))) => index = Arc::clone(next),
                (true, None) => {}
            }
        }
        let expected: HashSet<String> =
            scan(&states[states.len() - 1].1, &query).into_iter().collect();
        prop_assert_eq!(known, expected);
        prop_assert_eq!(at, index.last());
    }

    #[test]
    fn who_turns_pages_while_events_change_misses_none_that_stayed(
        batches in batches(), mut query in queries(), from in 1_usize..8, between in between()
    ) {
        let states = states(&batches, between);
        let from = from.min(states.len() - 1);
        let (first, last) = (&states[from], &states[states.len() - 1]);
        let stayed = first.1.iter().filter(|event| last.1.contains(event)).cloned();
        let stayed: Vec<Event> = stayed.collect();
        let mut walked = Vec::new();
        let mut later = states[from..].iter();
        let mut index = &first.0;
        loop {
            let page = index.page(&query);
            walked.extend(ids(&page));
            let Some(next) = page.next else { break };
            query.after = next;
            index = later.next().map_or(&last.0, |(index, _)| index);
        }
        query.after = Cursor::default();
        let expected = scan(&stayed, &query);
        let seen: Vec<_> = walked.iter().filter(|id| expected.contains(id)).cloned().collect();
        prop_assert_eq!(seen, expected);
    }
}

#[test]
fn an_index_most_of_which_died_is_made_anew() {
    let layout = Layout::new(PROPERTIES);
    let article = crate::store::samples::article(1);
    let mut index = Index::new(Layout::new(PROPERTIES));
    let mut event = crate::store::samples::event(&article, 1);
    let most = 2 * RECENT + 2;
    for sequence in 1..=most {
        event.id = EventId("one".to_owned());
        event.evidence.evidence = format!("told {sequence} times");
        index.append([row(&layout, sequence as u64, &event)]);
    }
    assert!(index.rows() <= RECENT + 2, "{}", index.rows());
    assert_eq!((index.len(), index.last()), (1, most as u64));
    assert_eq!(index.get("one"), Some(event.to_feature().to_string()));
    assert!(index.has(Cursor(most as u64 - 1)) && !index.has(Cursor(1)));
    index.append([Change::Gone { sequence: most as u64 + 1, id: "one".to_owned() }]);
    assert_eq!((index.len(), index.generation(), index.extent()), (0, 0, Extent::default()));
}
