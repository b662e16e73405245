use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::model::event::Event;
use crate::model::filter::Filter;
use crate::model::point::LonLat;
use crate::model::query::Equals;
use crate::store::index::tests::{loaded, queries, rows};
use crate::store::samples::{article, event};

/// Many events, so that they are not shown one by one.
fn crowd(points: &[(f64, f64)]) -> Arc<Index> {
    let article = article(1);
    let events: Vec<Event> = (0..MOST_SINGLE * 6 / 5)
        .map(|number| {
            let mut event = event(&article, number);
            let (lon, lat) = points[number % points.len()];
            event.point = LonLat::new(lon, lat).filter(|_| number % 11 != 10);
            event
        })
        .collect();
    loaded(&rows(&events))
}

fn clusters(shown: &Shown) -> &[Cluster] {
    match &shown.symbols {
        Symbols::Clusters(_, clusters) => clusters,
        Symbols::Features(features) => panic!("{} features", features.len()),
    }
}

fn points() -> impl Strategy<Value = Vec<(f64, f64)>> {
    let syria = (35.0..43.0, 32.0..38.0);
    let world = (-180.0..=180.0, -90.0..=90.0);
    let edges = prop::sample::select(vec![(180.0, 90.0), (-180.0, -90.0), (0.0, 0.0), (45.0, 0.0)]);
    prop::collection::vec(prop_oneof![6 => syria, 1 => world, 1 => edges], 1..40)
}

fn zooms() -> impl Strategy<Value = Zoom> {
    (0..Zoom::SINGLE.get()).prop_map(|zoom| Zoom::new(zoom).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn every_event_that_matches_is_in_one_cluster(
        points in points(), query in queries(), zoom in zooms()
    ) {
        let index = crowd(&points);
        let shown = index.clusters(&query, zoom);
        let located = |query: &EventQuery| index.page(query).matched - index.count_nowhere(query);
        let [west, south, east, north] = shown.bbox;
        prop_assert!(Bbox::new(west, south, east, north).is_ok());
        match (&shown.symbols, query.bbox) {
            (Symbols::Clusters(_, clusters), _) => {
                prop_assert!(shown.matched > MOST_SINGLE && clusters.len() <= Limit::MOST);
                let sum: usize = clusters.iter().map(|cluster| cluster.count).sum();
                prop_assert_eq!(sum, shown.matched);
            }
            (Symbols::Features(features), _) => {
                prop_assert_eq!(features.len(), shown.matched);
                prop_assert!(shown.matched <= MOST_SINGLE);
            }
        }
        let everywhere = EventQuery { bbox: None, ..query.clone() };
        let whole = index.clusters(&everywhere, zoom);
        prop_assert_eq!(whole.matched, located(&everywhere));
        prop_assert_eq!(whole.unlocated, index.count_nowhere(&everywhere));
        prop_assert_eq!(shown.unlocated, whole.unlocated);
        if let Some(bbox) = query.bbox {
            let within = index.page(&EventQuery { bbox: Some(bbox), ..query }).matched;
            prop_assert!((within..=whole.matched).contains(&shown.matched));
        }
    }

    #[test]
    fn boxes_side_by_side_show_the_same_clusters(
        points in points(), zoom in 0_u8..=8, cut in -170.0..170.0_f64
    ) {
        let zoom = Zoom::new(zoom).unwrap();
        let index = crowd(&points);
        let whole = index.clusters(&EventQuery::default(), zoom);
        let whole = clusters(&whole);
        for bbox in [Bbox::new(-180.0, -90.0, cut, 90.0), Bbox::new(cut, -90.0, 180.0, 90.0)] {
            let query = EventQuery { bbox: bbox.ok(), ..EventQuery::default() };
            if let Symbols::Clusters(_, part) = index.clusters(&query, zoom).symbols {
                prop_assert!(part.iter().all(|cluster| whole.contains(cluster)));
            }
        }
    }

    #[test]
    fn symbols_do_not_overlap_and_stay_with_their_events(points in points(), zoom in zooms()) {
        let index = crowd(&points);
        let shown = index.clusters(&EventQuery::default(), zoom);
        let clusters = clusters(&shown);
        for cluster in clusters {
            let [lon, lat] = cluster.point;
            let at = Mercator::from(LonLat::new(lon, lat).unwrap());
            let start = cluster.cell.window();
            // Half a symbol to each side, less what writing six digits loses.
            let half = cluster.cell.side() * SYMBOL.0 / SYMBOL.1 / 2;
            let around = Window::around(at, at).buffered(half.saturating_sub(1 << 8));
            prop_assert!(around.is_within(start), "{cluster:?}");
            let [west, south, east, north] = cluster.bbox;
            let within = EventQuery {
                bbox: Bbox::new(west.max(-180.0), south, east.min(180.0), north).ok(),
                ..EventQuery::default()
            };
            prop_assert!(index.page(&within).matched >= cluster.count);
            prop_assert_eq!(cluster.types.iter().sum::<usize>(), cluster.count);
            prop_assert!(cluster.dominant().is_some());
            prop_assert_eq!(cluster.event.is_some(), cluster.count == 1);
        }
    }
}

#[test]
fn sums_that_are_kept_are_those_of_a_pass() {
    let index = crowd(&[(36.1, 35.0), (36.2, 35.1), (40.0, 36.0), (180.0, -90.0), (-10.0, 0.0)]);
    let bbox = Bbox::new(36.15, 33.0, 41.0, 37.0).ok();
    let battles = Equals { property: "event_type".to_owned(), value: "Battles".to_owned() };
    let strange = Equals { value: "War".to_owned(), ..battles.clone() };
    for (bbox, equals) in
        [(None, vec![]), (bbox, vec![]), (None, vec![battles]), (bbox, vec![strange])]
    {
        let quick = EventQuery { bbox, equals, ..EventQuery::default() };
        let slow = EventQuery { filter: Some(Filter::Constant(true)), ..quick.clone() };
        for zoom in (0..12).filter_map(Zoom::new) {
            let [quick, slow] = [&quick, &slow].map(|query| index.clusters(query, zoom));

            assert_eq!(quick, slow, "{zoom:?}");
        }
    }
}

#[test]
fn what_is_not_known_of_a_cluster_is_not_zero() {
    let article = article(1);
    let mut events: Vec<Event> = (0..=MOST_SINGLE).map(|n| event(&article, n)).collect();
    for event in &mut events {
        event.point = LonLat::new(36.6, 35.9);
        event.toll.fatalities = None;
        event.when.event_date = None;
    }
    let index = loaded(&rows(&events));
    let shown = index.clusters(&EventQuery::default(), Zoom::new(6).unwrap());
    let [cluster] = clusters(&shown) else { panic!("{shown:?}") };
    assert_eq!((cluster.fatalities, cluster.days), (None, None));
    assert_eq!(cluster.fatalities_unknown, cluster.count);

    events[0].toll.fatalities = Some(0);
    events[1].location.geo_precision = Some(crate::model::place::GeoPrecision::Region);
    let index = loaded(&rows(&events));
    let shown = index.clusters(&EventQuery::default(), Zoom::new(6).unwrap());
    let [cluster] = clusters(&shown) else { panic!("{shown:?}") };
    assert_eq!((cluster.fatalities, cluster.in_region), (Some(0), 1));
}

#[test]
fn far_more_cells_than_a_screen_has_are_joined() {
    let everywhere: Vec<(f64, f64)> = (0..25_000_u32)
        .map(|n| (f64::from(n % 250) * 1.4 - 175.0, f64::from(n / 250) * 1.6 - 80.0))
        .collect();
    let article = article(1);
    let events = everywhere.iter().zip(0..).map(|(&(lon, lat), number)| {
        let mut event = event(&article, number);
        event.point = LonLat::new(lon, lat);
        event
    });
    let index = loaded(&rows(&events.collect::<Vec<_>>()));
    let shown = index.clusters(&EventQuery::default(), Zoom::new(12).unwrap());
    let Symbols::Clusters(zoom, clusters) = &shown.symbols else { panic!("features") };
    assert!(zoom.get() < 12 && clusters.len() <= Limit::MOST, "{zoom:?} {}", clusters.len());
    assert_eq!(clusters.iter().map(|cluster| cluster.count).sum::<usize>(), everywhere.len());
}

#[test]
fn words_that_no_event_has_leave_nothing_to_show() {
    let index = crowd(&[(36.6, 35.9), (40.1, 35.3)]);
    for (word, matched) in
        [("قصف", index.clusters(&EventQuery::default(), zoom(6)).matched), ("زلزال", 0)]
    {
        let query = EventQuery { words: vec![word.to_owned()], ..EventQuery::default() };
        assert_eq!(index.clusters(&query, zoom(6)).matched, matched, "{word}");
    }
}

fn zoom(zoom: u8) -> Zoom {
    Zoom::new(zoom).unwrap()
}
