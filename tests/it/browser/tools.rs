//! What opens over the map: charts, density, downloads, sharing; and the map in other pages.

use super::{ARABIC, Browser, DESKTOP, ENGLISH, PHONE, Words};
use crate::app::sorted;

/// Opens the list where it is a sheet, and then one of the tools.
fn open(browser: &Browser, size: [u32; 2], tool: &str) {
    if size == PHONE {
        browser.click("#sheet-toggle");
        browser.wait("document.querySelector('#side').dataset.open === 'true'");
    }
    browser.click(&format!("#tool-{tool}"));
}

fn the_figures_are_those_of_the_service(words: &Words, size: [u32; 2]) {
    let browser = Browser::map(words, size);
    open(&browser, size, "charts");
    browser.wait("document.querySelectorAll('#charts .tally').length === 4");
    let counts = |by: &str| {
        browser.server.get(&format!("/collections/events/aggregate?by={by}")).json()["groups"]
            .as_array()
            .unwrap()
            .iter()
            .map(|group| group["count"].as_u64().unwrap())
            .collect::<Vec<_>>()
    };
    let types = browser
        .is("[...document.querySelectorAll('#charts .chart:nth-of-type(2) tbody tr')]
            .map((row) => Number(row.querySelector('.tally-number').textContent))");
    let types: Vec<u64> =
        types.as_array().unwrap().iter().map(|count| count.as_u64().unwrap()).collect();
    assert_eq!(types, counts("event_type"));
    let columns: f64 = browser
        .is("[...document.querySelectorAll('#charts .chart-column')].length")
        .as_f64()
        .unwrap();
    assert!(columns > 12.0, "months without events have their room");
    assert!(browser.text("#charts").contains(words.protests));
    browser.is_accessible("the charts");
    browser.fits();
    browser.click("#charts .button");
    browser.wait("!document.querySelector('#charts')");
    assert_eq!(browser.is("document.activeElement.id"), "tool-charts");
}

#[test]
fn the_figures_are_those_of_the_service_in_arabic() {
    the_figures_are_those_of_the_service(&ARABIC, DESKTOP);
}

#[test]
fn the_figures_are_those_of_the_service_in_english_on_a_phone() {
    the_figures_are_those_of_the_service(&ENGLISH, PHONE);
}

#[test]
fn density_is_drawn_over_the_map_and_goes_away_again() {
    let browser = Browser::on_samples(DESKTOP);
    for words in [ARABIC, ENGLISH] {
        browser.open_map_anew(&words);
        browser.click("#tool-heat");
        let drawn = "(() => {
            const canvas = document.querySelector('.leaflet-heat-pane canvas');
            // Whoever asks first says how: it may be before the page does.
            const context = canvas?.getContext('2d', { willReadFrequently: true });
            if (!context || canvas.width < 1) return false;
            return context.getImageData(0, 0, canvas.width, canvas.height).data.some((n) => n > 0);
        })()";
        browser.wait(drawn);
        assert_eq!(browser.is("document.querySelector('#tool-heat').ariaPressed"), "true");
        let all = "performance.getEntriesByType('resource')
            .filter(({ name }) => name.includes('/clusters?'))
            .every(({ name }) => name.includes('geo_precision'))";
        assert_eq!(browser.is(all), true, "the point of a region is nowhere");
        browser.is_accessible("density");
        browser.click("#tool-heat");
        browser.wait("!document.querySelector('.leaflet-heat-pane canvas')");
    }
}

#[test]
fn what_is_filtered_is_downloaded_as_a_whole() {
    for (words, size) in [(ARABIC, PHONE), (ENGLISH, DESKTOP)] {
        let browser = Browser::map(&words, size);
        browser.open_map(&words, "#types=protests");
        open(&browser, size, "download");
        browser.wait("document.querySelectorAll('#downloads .file-list a').length === 4");
        let wanted = browser.server.ids("event_type=Protests");
        let address = browser.is("document.querySelector('#download-geojson').href");
        let path = address.as_str().unwrap().replace(&browser.server.url("/"), "/");
        let file = browser.server.get(&path).json();
        let features = file["features"].as_array().unwrap().iter();
        let ids = features.map(|feature| feature["id"].as_str().unwrap().to_owned());
        assert_eq!(sorted(ids), sorted(wanted));
        browser.is_accessible("the downloads");
        browser.fits();
    }
}

#[test]
fn the_map_is_handed_on_as_a_link_and_as_code() {
    for (words, size) in [(ARABIC, DESKTOP), (ENGLISH, PHONE)] {
        let browser = Browser::map(&words, size);
        browser.open_map(&words, "#types=protests");
        browser.is("delete Navigator.prototype.share");
        open(&browser, size, "share");
        browser.wait("document.querySelector('#embed-code')?.value");
        browser.is(
            "(() => { const theme = document.querySelector('#embed-theme'); theme.value = 'dark';
                theme.dispatchEvent(new Event('change')); })()",
        );
        let code = browser.is("document.querySelector('#embed-code').value");
        let code = code.as_str().unwrap();
        assert!(code.starts_with("<iframe src=\"http://127.0.0.1:"), "{code}");
        for part in ["/embed?lang=", "theme=dark", "types=protests", "title=\""] {
            assert!(code.contains(part), "{code}");
        }
        browser.is_accessible("sharing");
        browser.click("#copy-embed");
        browser.wait("document.querySelector('#copy-embed + .copy-said').textContent !== ''");
        browser.press("#share-title", thirtyfour::Key::Escape);
        browser.wait("!document.querySelector('#share')");
    }
}

#[test]
fn the_map_can_be_shown_in_the_pages_of_others() {
    let browser = Browser::on_samples(DESKTOP);
    for words in [ARABIC, ENGLISH] {
        browser.open_map_anew(&words);
        for show in ["map", "list", "still"] {
            browser.open("about:blank");
            let path = format!("/embed?lang={}&show={show}&theme=dark#types=protests", words.lang);
            browser.open(&browser.server.url(&path));
            browser.wait("document.querySelector('.event-marker')");
            assert_eq!(browser.count(".top:not([hidden])"), 1);
            let shown = |css: &str| {
                browser.is(&format!("document.querySelector('{css}').checkVisibility()"))
            };
            assert_eq!(shown(".top"), false, "{show}");
            assert_eq!(shown("#list"), show == "list", "{show}");
            assert_eq!(shown(".leaflet-control-zoom"), show != "still", "{show}");
            assert_eq!(
                browser.is("getComputedStyle(document.documentElement).colorScheme"),
                "dark"
            );
            browser.wait("document.body.dataset.ready && location.hash.includes('map=')");
            let search = browser.is("location.search");
            let asked = format!("?lang={}&show={show}&theme=dark", words.lang);
            assert_eq!(search, asked, "the page is the same when it is loaded again");
            let whole = browser.is("document.querySelector('.embed-link').href");
            let whole = whole.as_str().unwrap();
            assert!(!whole.contains("/embed") && whole.contains("types=protests"), "{whole}");
            // Where the map has found its size, the list is asked for once more.
            browser.wait("!document.querySelector('#list').matches('[aria-busy=true]')");
            browser.is_accessible(&format!("embedded: {show}"));
            browser.fits();
        }
    }
}
