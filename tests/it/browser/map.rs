//! The map, its filters, its timeline and its list, in both languages.

use serde_json::{Value, json};
use tempfile::tempdir;
use thirtyfour::prelude::*;

use super::{ARABIC, Browser, DESKTOP, ENGLISH, PHONE, Words, tells_of};
use crate::app::{Rasid, SAMPLES, file, rasid, run, until};

impl Browser {
    fn hash(&self) -> String {
        self.is("decodeURIComponent(location.hash)").as_str().unwrap().to_owned()
    }

    /// Another process reads the samples; gives the number of events once the page has told of some and
    /// the server has all.
    fn ingest_samples(&self) -> usize {
        run(rasid().args(["ingest", SAMPLES, "--store"]).arg(self.server.store())).done();
        self.wait("!document.querySelector('#live').hidden");
        // The server follows what another process writes a second later.
        let store = rusqlite::Connection::open(self.server.store()).unwrap();
        let count = store.query_row("SELECT count(*) FROM events", [], |row| row.get::<_, u32>(0));
        let all = count.unwrap() as usize;
        until("the server to follow", || (self.server.ids("").len() == all).then_some(()));
        all
    }

    fn focused(&self) -> Value {
        self.is("document.activeElement.id || document.activeElement.className")
    }
}

#[test]
fn numbers_beside_filters_are_those_of_the_service_and_stay_true() {
    let browser = Browser::on_samples(DESKTOP);
    for words in [ARABIC, ENGLISH] {
        browser.open_map_anew(&words);
        browser.click("#facet-where summary");
        browser.wait("document.querySelector('#choices-where li')");
        let first = "document.querySelector('#choices-where .count').textContent";
        let aleppo = browser.server.ids("admin1=Aleppo");
        assert_eq!(browser.is(first), aleppo.len().to_string(), "the most frequent comes first");

        browser.click("#choices-where label");
        browser.shows(aleppo.len());
        assert!(browser.hash().contains("in=SY02"));
        let protests = browser.server.ids("admin1=Aleppo&event_type=Protests").len();
        let count = "[...document.querySelectorAll('.type label')]
            .find((each) => each.querySelector('#type-protests'))
            .querySelector('.count').textContent";
        browser.wait(&format!("{count} === '{protests}'"));
        assert!(browser.is(first).as_str().unwrap() == aleppo.len().to_string());
        browser.wait("document.querySelectorAll('#list .row').length > 0");
        let listed = browser
            .is("[...document.querySelectorAll('#list .row')].map((row) => row.dataset.event)");
        for id in listed.as_array().unwrap() {
            assert!(aleppo.contains(&id.as_str().unwrap().to_owned()), "{id}");
        }

        browser.click("#chip-where-0");
        browser.shows(browser.server.ids("").len());
        assert_eq!(browser.count("#chips button"), 0);
    }
}

#[test]
fn a_sub_type_is_left_out_and_brought_back() {
    let browser = Browser::on_samples(DESKTOP);
    for words in [ARABIC, ENGLISH] {
        browser.open_map_anew(&words);
        let all = browser.server.ids("").len();
        browser.click("#branch-explosions");
        browser.wait("document.querySelector('.subs input')");
        let name = browser.text(".subs .type-name");
        let expected =
            if words.lang == "ar" { "قصف" } else { "Shelling/artillery/missile attack" };
        assert!(name.contains(expected), "{name}");
        let of = "sub_event_type=Shelling/artillery/missile%20attack";
        let shelled = browser.server.ids(of).len();
        assert!(shelled > 0);

        browser.click(".subs label");
        browser.shows(all - shelled);
        assert_eq!(browser.is("document.querySelector('#type-explosions').indeterminate"), true);
        browser.is_accessible("a tree of types");
        browser.click(".subs label");
        browser.shows(all);
        assert!(!browser.hash().contains("types"));
    }
}

#[test]
fn the_back_button_undoes_a_filter_and_an_open_event() {
    let browser = Browser::map(&ENGLISH, DESKTOP);
    let all = browser.server.ids("").len();
    let riots = browser.server.ids("event_type=Riots").len();
    for slug in ["battles", "explosions", "civilians", "protests", "strategic"] {
        browser.click(&format!("label[for=type-{slug}]"));
    }
    browser.shows(riots);
    browser.click("#list .row");
    browser.wait("!document.querySelector('#panel').hidden");

    browser.runtime.block_on(browser.window().back()).unwrap();
    browser.wait("document.querySelector('#panel').hidden");
    browser.shows(riots);
    for _ in 0..5 {
        browser.runtime.block_on(browser.window().back()).unwrap();
    }
    browser.shows(all);
    assert_eq!(browser.is("document.querySelector('#type-battles').checked"), true);
    browser.runtime.block_on(browser.window().forward()).unwrap();
    browser.wait("!document.querySelector('#type-battles').checked");
}

#[test]
fn every_filter_of_a_link_is_in_force() {
    let browser = Browser::on_samples(DESKTOP);
    for words in [ARABIC, ENGLISH] {
        browser.open_map_anew(&words);
        let word = "قصف";
        for (hash, search) in [
            ("near=1", "geo_precision=1"),
            ("certainty=reported", "certainty=reported"),
            ("killed=5", "filter=fatalities%20%3E=%205"),
            ("actor=SDF", "actor_ids=SDF"),
            (&*format!("q={word}"), &*format!("q={word}")),
            ("from=2024-01-01&to=2025-01-01", "datetime=2024-01-01/2025-01-01"),
        ] {
            let expected = browser.server.ids(search).len();
            browser.open_map(&words, &format!("#{hash}&map=6/35/38.5"));
            browser.shows(expected);
            assert!(browser.count("#chips .chip") >= 1, "{hash}");
            assert!(browser.count("#filter-reset") == 1, "{hash}");
        }
    }
}

#[test]
fn the_timeline_is_moved_by_keys_and_says_so() {
    let browser = Browser::on_samples(DESKTOP);
    for words in [ARABIC, ENGLISH] {
        browser.open_map_anew(&words);
        let all = browser.server.ids("").len();
        browser.wait("document.querySelector('.bars path')?.getAttribute('d')");
        assert_eq!(browser.is("document.querySelector('#time-from').ariaValueNow"), "0");
        let before = browser.is("document.querySelector('#time-from').ariaValueText");

        browser.press("#time-from", Key::PageUp);
        browser.wait("location.hash.includes('from=')");
        let from = browser.is("new URLSearchParams(location.hash.slice(1)).get('from')");
        let from = from.as_str().unwrap();
        let expected = browser.server.ids(&format!("datetime={from}/..")).len();
        assert!(expected < all);
        browser.shows(expected);
        assert_ne!(browser.is("document.querySelector('#time-from').ariaValueText"), before);
        assert_eq!(browser.count("#chip-dates"), 1);

        browser.click("#preset-all");
        browser.shows(all);
    }
}

#[test]
fn the_timeline_is_moved_by_its_handles() {
    for (words, size) in [(ENGLISH, DESKTOP), (ARABIC, PHONE)] {
        let browser = Browser::map(&words, size);
        browser.wait("document.querySelector('.bars path')?.getAttribute('d')");
        let width = "document.querySelector('#time-plot').clientWidth";
        let half = browser.is(width).as_i64().unwrap() / 2;
        let drag = async {
            let handle = browser.window().find(By::Css("#time-to")).await?;
            let chain = browser.window().action_chain();
            chain.drag_and_drop_element_by_offset(&handle, -half, 0).release().perform().await
        };
        browser.runtime.block_on(drag).unwrap();
        browser.wait("location.hash.includes('to=')");
        let to = browser.is("new URLSearchParams(location.hash.slice(1)).get('to')");
        let to = to.as_str().unwrap();
        let from = browser.is("new URLSearchParams(location.hash.slice(1)).get('from')");
        let from = from.as_str().unwrap();
        browser.shows(browser.server.ids(&format!("datetime={from}/{to}")).len());
        assert!(("2023-06-01".."2025-06-01").contains(&to), "{to}");
    }
}

#[test]
fn days_without_events_are_said_to_be_so_and_the_last_ones_are_offered() {
    let folder = tempdir().unwrap();
    file(&folder, "a.txt", "قصفت قوات النظام بالمدفعية بلدة كفرنبل بريف إدلب أمس.\n");
    file(&folder, "a.toml", "published = '2022-07-18'\n");
    let browser = Browser::new(Rasid::quick(&[folder.path().to_str().unwrap()]), DESKTOP);
    for words in [ARABIC, ENGLISH] {
        browser.open_map_anew(&words);
        browser.click("#preset-7");
        browser.shows(0);
        browser.click("#show-newest");
        browser.shows(1);
        assert!(browser.hash().contains("to=2022-07-17"), "{}", browser.hash());
    }
    // Where years are counted by months, too, the last day is a day.
    let browser = Browser::map(&ENGLISH, DESKTOP);
    browser.click("#preset-7");
    browser.shows(0);
    browser.click("#show-newest");
    browser.wait("document.querySelector('#list-title').dataset.count > 0");
}

#[test]
fn events_are_played_in_their_order() {
    let browser = Browser::map(&ENGLISH, DESKTOP);
    browser.click("#time-play");
    browser.wait("location.hash.includes('from=')");
    let from = "new URLSearchParams(location.hash.slice(1)).get('from')";
    let first = browser.is(from);
    browser.wait(&format!("{from} > {first}"));
    browser.click("#time-play");
    assert_eq!(browser.is("document.querySelector('#time-play').dataset.playing"), "false");
}

/// From opening the page to the sentence behind an event, without a pointer.
fn keys_alone_lead_to_an_event(words: &Words) {
    let browser = Browser::map(words, DESKTOP);
    browser.key(Key::Tab);
    assert_eq!(browser.focused(), "skip-list");
    browser.key(Key::Enter);
    assert_eq!(browser.focused(), "list");
    browser.key(Key::Down);
    browser.key(Key::Down);
    browser.key(Key::Down);
    let id = browser.is("document.activeElement.dataset.event");
    let id = id.as_str().unwrap();
    assert_eq!(
        browser.is("[...document.querySelectorAll('#list .row')].indexOf(document.activeElement)"),
        2
    );
    browser.key(Key::Enter);
    tells_of(&browser, words, id);
    browser.wait("document.activeElement.id === 'panel-title'");
    browser.key(Key::Escape);
    browser.wait("document.querySelector('#panel').hidden");
    assert_eq!(browser.is("document.activeElement.dataset.event"), id);
}

#[test]
fn keys_alone_lead_to_an_event_in_arabic() {
    keys_alone_lead_to_an_event(&ARABIC);
}

#[test]
fn keys_alone_lead_to_an_event_in_english() {
    keys_alone_lead_to_an_event(&ENGLISH);
}

#[test]
fn a_table_is_sorted_by_its_heads() {
    let browser = Browser::on_samples(DESKTOP);
    for words in [ARABIC, ENGLISH] {
        browser.open_map_anew(&words);
        browser.click("#look");
        browser.wait("document.querySelector('#list table .row')");
        browser.is_accessible("a table");
        browser.click("#sort-killed");
        browser.wait("document.querySelector('th[aria-sort=descending] #sort-killed')");
        browser.wait("document.querySelector('#list .cell-number')");
        let most = browser.server.features("sortby=-fatalities").remove(0);
        let most: Value = serde_json::from_str(&most).unwrap();
        let most = most["properties"]["fatalities"].to_string();
        browser.wait(&format!("document.querySelector('.cell-number').textContent === '{most}'"));
        browser.click("#list .row");
        browser.wait("!document.querySelector('#panel').hidden");
    }
}

#[test]
fn a_long_list_is_built_around_what_is_seen() {
    let browser = Browser::map(&ENGLISH, DESKTOP);
    let placed = browser.server.ids("filter=geometry%20IS%20NOT%20NULL").len();
    let scroll = "document.querySelector('#sheet-body').scrollTop = 1e6";
    // The first page comes in two parts: what a screen holds, and the rest.
    browser.wait(&format!(
        "({scroll}) && document.querySelectorAll('#list .page').length === {}",
        placed.div_ceil(50) + 1
    ));
    browser.wait("document.querySelector('#list .page').querySelector('.row') === null");
    assert!(browser.count("#list .row") < u64::try_from(placed).unwrap());
    let last = "[...document.querySelectorAll('#list li')].at(-1)?.ariaPosInSet";
    browser.wait(&format!("{last} === '{placed}'"));
    let top = "document.querySelector('#sheet-body').scrollTop = 0";
    browser.is(top);
    browser.wait("document.querySelector('#list .page').querySelector('.row')");

    // Also where a list comes while the reader is far down.
    browser.is("document.querySelector('#list .page').dataset.old = ''");
    browser.is(scroll);
    browser.wait("document.querySelector('#list .page').querySelector('.row') === null");
    browser.click(".leaflet-control-zoom-in");
    browser.wait("document.querySelector('#list[aria-busy=false] .page:not([data-old])')");
    browser.is(top);
    browser.wait("document.querySelector('#list .page').querySelector('.row')");
}

#[test]
fn a_short_move_draws_no_base_map_and_a_long_one_does() {
    let browser = Browser::on_samples(DESKTOP);
    for (words, unit) in [(ARABIC, "كم"), (ENGLISH, "km")] {
        browser.open_map_anew(&words);
        browser.wait(&format!("document.querySelector('.scale').textContent.endsWith(' {unit}')"));
        browser.wait("document.querySelector('.land-syria')");
        let place = "document.querySelector('.leaflet-map-pane').style.transform";
        let drawn = "document.querySelector('.leaflet-basemap-pane svg').getAttribute('viewBox')";
        let right = |times: usize| {
            browser.is("document.querySelector('#map').focus()");
            for _ in 0..times {
                let (before, hash) = (browser.is(place), browser.is("location.hash"));
                browser.key(Key::Right);
                browser.wait(&format!("{place} !== {before} && location.hash !== {hash}"));
            }
        };
        let before = browser.is(drawn);
        right(1);
        assert_eq!(browser.is(drawn), before);
        right(12);
        assert_ne!(browser.is(drawn), before);
        // What is drawn now reaches beyond all edges of the map.
        let [drawn, seen] = [".leaflet-basemap-pane svg", "#map"].map(|css| {
            browser.is(&format!("document.querySelector('{css}').getBoundingClientRect().right"))
        });
        assert!(drawn.as_f64() > seen.as_f64(), "{drawn} {seen}");
    }
}

/// The symbol of the most events that nothing covers.
const SEVERAL: &str = "[...document.querySelectorAll('.event-marker.several:not(.region)')]
    .filter((each) => {
        const { x, y, width, height } = each.getBoundingClientRect();
        return each.contains(document.elementFromPoint(x + width / 2, y + height / 2));
    }).sort((a, b) => b.dataset.count - a.dataset.count)[0]";

/// Of each symbol, whether the Tab key comes to it, and whether its middle can be clicked.
const SYMBOLS: &str = "[...document.querySelectorAll('.event-marker')].map((each) => {
        const { x, y, width, height } = each.getBoundingClientRect();
        const isFree = ([right, down]) => each.contains(
            document.elementFromPoint(x + width / 2 + right, y + height / 2 + down));
        return {
            isStop: each.tabIndex === 0,
            isSeen: [[0, 0], [11, 0], [-11, 0], [0, 11], [0, -11]].every(isFree),
        };
    })";

/// How near the map is, as its address says.
const ZOOM: &str = "Number(location.hash.match(/map=([\\d.]+)/)?.[1] ?? 0)";

#[test]
fn a_symbol_of_several_events_comes_apart() {
    for (words, size) in [(ARABIC, PHONE), (ENGLISH, DESKTOP)] {
        let browser = Browser::map(&words, size);
        browser.wait(SEVERAL);
        browser.is(&format!("({SEVERAL}).id = 'several'"));
        let before = browser.is(ZOOM);
        browser.click("#several");
        browser.wait(&format!("{ZOOM} > {before}"));
    }
}

#[test]
fn the_tab_key_comes_to_the_symbols_that_can_be_seen_and_to_no_other() {
    let browser = Browser::on_samples(DESKTOP);
    for (words, size) in [(ARABIC, PHONE), (ENGLISH, DESKTOP)] {
        browser.resize(size);
        browser.open_map_anew(&words);
        let feature = browser.server.features("filter=geo_precision=1").remove(0);
        let feature: Value = serde_json::from_str(&feature).unwrap();
        let [lng, lat] = [0, 1].map(|at| feature["geometry"]["coordinates"][at].as_f64().unwrap());
        // So that the first event lies under the button that shows the whole country.
        let offset = |which: &str| {
            let script = format!(
                "(({{ x, y, width, height }}, button) => {which})(
                    document.querySelector('#map').getBoundingClientRect(),
                    document.querySelector('.home-control').getBoundingClientRect())"
            );
            browser.is(&script).as_f64().unwrap() * 360.0 / (256.0 * 1024.0)
        };
        let east = offset("x + width / 2 - button.x - button.width / 2");
        let south = offset("y + height / 2 - button.y - button.height / 2");
        let (lng, lat) = (lng + east, lat - south * lat.to_radians().cos());
        browser.open_map(&words, &format!("#map=10/{lat}/{lng}&near=1"));
        browser.wait(&format!("{SYMBOLS}.some(({{ isStop, isSeen }}) => !isStop && !isSeen)"));
        browser.wait(&format!("{SYMBOLS}.every(({{ isStop, isSeen }}) => !isStop || isSeen)"));
    }
}

#[test]
fn the_first_view_is_of_where_the_events_are_unless_a_link_names_another() {
    for (words, size) in [(ARABIC, PHONE), (ENGLISH, DESKTOP)] {
        let browser = Browser::map(&words, size);
        let country = browser.is(ZOOM).as_f64().unwrap();
        browser.open_map(&words, "#in=SY12");
        browser.wait(&format!("{ZOOM} >= {country} + 1"));
        browser.open_map(&words, "#map=7/35/38&in=SY12");
        assert_eq!(browser.is(ZOOM), 7);
    }
}

#[test]
fn events_at_one_point_are_listed_and_left_again() {
    let browser = Browser::on_samples(DESKTOP);
    for words in [ARABIC, ENGLISH] {
        browser.open_map_anew(&words);
        let features = browser.server.features("filter=geo_precision=1");
        let points: Vec<(Value, Value)> = features
            .iter()
            .map(|feature| {
                let feature: Value = serde_json::from_str(feature).unwrap();
                let at = &feature["geometry"]["coordinates"];
                (at[1].clone(), at[0].clone())
            })
            .collect();
        let often = |at: &(Value, Value)| points.iter().filter(|other| *other == at).count();
        let most = points.iter().max_by_key(|at| often(at)).unwrap();
        assert!(often(most) > 1);
        browser.open_map(&words, &format!("#map=14/{}/{}&near=1", most.0, most.1));
        browser.wait(SEVERAL);
        browser.is(&format!("({SEVERAL}).id = 'several'"));
        browser.press("#several", Key::Enter);
        browser.wait("location.hash.includes('here=')");
        browser
            .wait(&format!("document.querySelectorAll('#list .row').length === {}", often(most)));
        assert_eq!(browser.is("document.activeElement.id"), "list");
        browser.is_accessible("events at one point");
        browser.click("#chip-here");
        browser.wait("!location.hash.includes('here=')");
    }
}

#[test]
fn what_is_only_known_to_a_region_is_no_point_on_the_map() {
    let browser = Browser::on_samples(DESKTOP);
    for words in [ARABIC, ENGLISH] {
        browser.open_map_anew(&words);
        let vague = browser.server.ids("filter=geo_precision=3%20AND%20geometry%20IS%20NOT%20NULL");
        browser.wait("document.querySelector('.event-marker.region')");
        let regions = "[...document.querySelectorAll('.event-marker.region')]
            .reduce((sum, { dataset }) => sum + Number(dataset.count), 0)";
        assert_eq!(browser.is(regions), vague.len());
        let label = browser.is("document.querySelector('.event-marker.region').ariaLabel");
        let expected = if words.lang == "ar" { "محافظة" } else { "governorate" };
        assert!(label.as_str().unwrap().contains(expected), "{label}");

        // Its events are listed, also while another one is open.
        browser.click("#list .row");
        browser.wait("!document.querySelector('#panel').hidden");
        browser.press(".event-marker.region", Key::Enter);
        browser.wait("location.hash.includes('near=3')");
        browser.wait("document.querySelector('#panel').hidden");
        assert_eq!(browser.is("document.activeElement.id"), "list");
        browser.wait("document.querySelectorAll('#list .row').length === 1");
        let id = browser.is("document.querySelector('#list .row').dataset.event");
        assert!(vague.contains(&id.as_str().unwrap().to_owned()), "{id}");
    }
}

#[test]
fn what_is_known_to_no_region_either_is_listed_without_a_place() {
    let folder = tempdir().unwrap();
    file(&folder, "a.txt", "قصفت قوات النظام بالمدفعية بلدة كفرنبل بريف إدلب أمس.\n");
    file(&folder, "b.txt", "قصفت قوات النظام بالمدفعية طريق M4 أمس.\n");
    let browser = Browser::new(Rasid::serve(&[folder.path().to_str().unwrap()]), DESKTOP);
    let road = browser.server.ids("geo_precision=3").remove(0);
    assert_eq!(browser.event(&road)["properties"]["admin1"], Value::Null);
    browser.open_map(&ENGLISH, "");
    assert_eq!(browser.events_on_map(), 1, "a road goes through many regions");
    assert_eq!(browser.text("#tab-unplaced .count"), "1");
    browser.click("#tab-unplaced");
    browser.click(&format!("#list [data-event='{road}']"));
    browser.wait("!document.querySelector('#panel').hidden");
    assert!(browser.text("#panel blockquote").contains("M4"));
}

#[test]
fn new_events_are_announced_and_shown_on_request() {
    for words in [ARABIC, ENGLISH] {
        let (_folder, browser) = Browser::on_one_event(&words);
        browser.shows(1);
        let view = browser.is("location.hash");
        let all = browser.ingest_samples();
        browser.wait(&format!(
            "document.querySelector('#live-status').textContent.replace(/\\D/g, '') === '{}'",
            all - 1
        ));
        assert_eq!(browser.is("location.hash"), view, "the map has not moved");
        browser.is_accessible("new events");
        browser.click("#live");
        browser.shows(all);
        assert_eq!(browser.is("document.querySelector('#live').hidden"), true);
    }
}

#[test]
fn numbers_from_before_something_new_are_not_shown_again() {
    let (_folder, browser) = Browser::on_one_event(&ENGLISH);
    browser.shows(1);
    browser.click("label[for=type-explosions]");
    browser.shows(0);
    let all = browser.ingest_samples();
    browser.click("label[for=type-explosions]");
    browser.shows(all);
}

#[test]
fn everybody_can_use_filters_and_timeline_on_the_narrowest_screen() {
    let browser = Browser::on_samples(PHONE);
    for words in [ARABIC, ENGLISH] {
        browser.open_map_anew(&words);
        let size = json!({ "width": 320, "height": 640, "deviceScaleFactor": 1, "mobile": true });
        let tools = browser.window().cdp();
        let narrow = tools.send_raw("Emulation.setDeviceMetricsOverride", size);
        browser.runtime.block_on(narrow).unwrap();
        browser.open_map(&words, "#actor=SDF&days=3000&near=1&map=6/35/38.5");
        browser.fits();
        browser.is_accessible("a narrow map with a timeline");
        browser.click("#sheet-toggle");
        browser.wait("document.querySelector('#side').dataset.open === 'true'");
        browser.click("#filters > summary");
        for facet in ["actors", "where", "near", "certainty", "toll", "sources"] {
            browser.is(&format!("document.querySelector('#facet-{facet}').open = true"));
            browser.wait(&format!("document.querySelector('#choices-{facet} li')"));
            browser.fits();
            browser.is_accessible(facet);
        }
    }
}
