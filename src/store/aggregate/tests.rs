use std::collections::BTreeSet;

use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::model::actor::ActorId;
use crate::model::event::Event;
use crate::model::filter::Filter;
use crate::model::query::Equals;
use crate::store::index::tests::{loaded, queries, rows};
use crate::store::samples::{article, event, scattered};

fn ways() -> impl Strategy<Value = Vec<By>> {
    prop::sample::subsequence(By::ALL.to_vec(), 1..=2).prop_shuffle()
}

fn sum(groups: &[Group]) -> Tally {
    let mut sum = Tally::default();
    for group in groups {
        sum.join(&group.tally);
    }
    sum
}

proptest! {
    #[test]
    fn groups_and_the_undated_are_all_that_match(
        events in scattered(), query in queries(), by in ways()
    ) {
        let index = loaded(&rows(&events));
        let found = index.aggregate(&query, &by).unwrap();
        prop_assert_eq!(found.total.count, index.page(&query).matched);
        let mut all = sum(&found.groups);
        all.join(&found.undated);
        if by.contains(&By::Actor) {
            prop_assert!(all.count >= found.total.count, "an event counts for each of its actors");
        } else {
            prop_assert_eq!(all, found.total);
        }
        let keys: BTreeSet<_> = found.groups.iter().map(|group| &group.keys).collect();
        prop_assert_eq!(keys.len(), found.groups.len(), "a group stands once");
        prop_assert!(found.groups.iter().all(|group| group.tally.count > 0));
        if !by.iter().any(|by| by.is_time()) {
            prop_assert_eq!(found.undated, Tally::default());
        }
    }

    #[test]
    fn tallies_that_are_kept_are_those_of_a_pass(
        events in scattered(), by in ways(), of in prop::option::of(0..EventType::ALL.len())
    ) {
        let index = loaded(&rows(&events));
        let equals = of.map(|of| Equals {
            property: "event_type".to_owned(),
            value: EventType::NAMES[of].to_owned(),
        });
        let quick = EventQuery { equals: equals.into_iter().collect(), ..EventQuery::default() };
        let slow = EventQuery { filter: Some(Filter::Constant(true)), ..quick.clone() };
        prop_assert_eq!(index.aggregate(&quick, &by), index.aggregate(&slow, &by));
    }

    #[test]
    fn counting_by_two_things_is_counting_by_one_in_parts(events in scattered(), by in ways()) {
        let index = loaded(&rows(&events));
        let query = EventQuery::default();
        let found = index.aggregate(&query, &by).unwrap();
        if by.len() == 2 && !by.contains(&By::Actor) && !by[1].is_time() {
            for whole in index.aggregate(&query, &by[..1]).unwrap().groups {
                let mut parts = found.groups.clone();
                parts.retain(|part| part.keys[0] == whole.keys[0]);
                prop_assert_eq!(sum(&parts), whole.tally);
            }
        }
    }
}

fn found(events: &[Event], by: &[By]) -> Aggregate {
    loaded(&rows(events)).aggregate(&EventQuery::default(), by).unwrap()
}

fn some(days: &[Option<Date>]) -> Vec<Event> {
    let article = article(1);
    let events = days.iter().enumerate().map(|(number, &day)| {
        let mut event = event(&article, number);
        (event.when.event_date, event.when.event_date_end) = (day, None);
        event
    });
    events.collect()
}

#[test]
fn weeks_begin_on_monday_and_months_on_the_first() {
    let sunday = date(2024, 1, 7);
    let events = some(&[Some(sunday), Some(date(2024, 1, 8)), Some(date(2024, 2, 1)), None]);
    for (by, days) in [
        (By::Day, [sunday, date(2024, 1, 8), date(2024, 2, 1)]),
        (By::Week, [date(2024, 1, 1), date(2024, 1, 8), date(2024, 1, 29)]),
    ] {
        let keys: Vec<_> = found(&events, &[by]).groups.into_iter().map(|g| g.keys).collect();
        assert_eq!(keys, days.map(|day| vec![Key::Day(day)]));
    }
    let months = found(&events, &[By::Month]);
    assert_eq!(months.groups[0].keys, [Key::Day(date(2024, 1, 1))]);
    assert_eq!((months.groups[0].tally.count, months.undated.count, months.total.count), (2, 1, 4));
}

#[test]
fn a_toll_that_is_not_known_is_not_zero() {
    let mut events = some(&[None; 4]);
    for event in &mut events {
        event.toll.fatalities = None;
    }
    let tally = found(&events, &[By::EventType]).total;
    assert_eq!((tally.fatalities(), tally.bounds(), tally.fatalities_unknown), (None, None, 4));
    events[0].toll.fatalities = Some(0);
    events[1].toll.fatalities = Some(5);
    events[1].toll.fatalities_high = Some(7);
    // Several: no figure, but not fewer than two.
    events[2].toll.fatalities_low = Some(2);
    let tally = found(&events, &[By::EventType]).total;
    assert_eq!(
        (tally.fatalities(), tally.bounds(), tally.fatalities_unknown),
        (Some(5), Some((7, 7)), 2)
    );
}

#[test]
fn an_actor_is_counted_once_an_event_and_has_its_name() {
    let mut events = some(&[None; 3]);
    let ids = |ids: &[&str]| ids.iter().map(|&id| ActorId(id.to_owned())).collect();
    for event in &mut events {
        event.who.actor_ids = ids(&["SDF", "CIV", "SDF"]);
        event.who.actor2 = Some("Civilians (Syria)".to_owned());
        event.who.assoc_actor_1 = None;
    }
    events[1].who.actor_ids = ids(&["SDF", "CIV"]);
    events[2].who.actor_ids = ids(&[]);
    let found = found(&events, &[By::Actor]);
    let counts: Vec<_> = found.groups.iter().map(|g| (&g.keys[0], g.tally.count)).collect();
    let text = |text: &str| Key::Text(text.into());
    assert_eq!(counts, [(&text("CIV"), 2), (&text("SDF"), 2), (&Key::Unknown, 1)]);
    assert_eq!(found.names["CIV"], "Civilians (Syria)");
    assert_eq!(found.names["SDF"], "QSD: Syrian Democratic Forces");
}

#[test]
fn too_many_groups_are_none() {
    let article = article(1);
    let days = (0..250_i64).map(|n| date(2015, 1, 1).saturating_add(Span::new().days(n)));
    let events: Vec<Event> = days
        .enumerate()
        .map(|(number, day)| {
            let mut event = event(&article, number);
            event.when.event_date = Some(day);
            event.who.actor_ids = (0..=200).map(|n| ActorId(format!("A{n}"))).collect();
            event
        })
        .collect();
    let index = loaded(&rows(&events));
    assert_eq!(index.aggregate(&EventQuery::default(), &[By::Day, By::Actor]), Err(TooMany));
    assert!(index.aggregate(&EventQuery::default(), &[By::Month, By::Actor]).is_ok());
}
