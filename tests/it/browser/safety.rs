//! What the page keeps from happening: requests to others, code in what articles say, weight.

use serde_json::json;
use tempfile::tempdir;

use super::{ARABIC, Browser, DESKTOP, ENGLISH, PHONE};
use crate::app::Rasid;

/// Bytes of the first visit, all that is no event, as they are sent.
const FIRST_VISIT: u64 = 300_000;

/// Whether the rules are in force: a page that broke none of them may have had none.
const FORCED: &str = "(() => {
    const made = document.createElement('p');
    made.innerHTML = '<b>markup</b>';
    return made.textContent === '<b>markup</b>' && made.childElementCount === 0;
})()";

#[test]
fn the_first_visit_is_light() {
    let folder = tempdir().unwrap();
    let browser = Browser::new(Rasid::serve(&[folder.path().to_str().unwrap()]), DESKTOP);
    browser.open(&browser.server.url("/?lang=ar"));
    browser.wait("document.querySelector('.label') && document.fonts.status === 'loaded'");
    browser.is("document.fonts.load('600 16px \"IBM Plex Sans Arabic\"', 'aبٮ')");
    let sizes = browser.is(
        "performance.getEntriesByType('navigation').concat(performance.getEntriesByType('resource'))
            .filter(({ name }) => !name.includes('/collections/'))
            .map(({ name, encodedBodySize }) => [new URL(name).pathname, encodedBodySize])",
    );
    let sizes = sizes.as_array().unwrap();
    let total: u64 = sizes.iter().map(|each| each[1].as_u64().unwrap()).sum();
    assert!(total > 100_000 && total <= FIRST_VISIT, "{total} bytes: {sizes:#?}");
}

/// A walk through all that the page can show breaks none of the rules it was sent with; what does
/// would stand in the console, which must be empty at the end.
#[test]
fn the_page_keeps_the_rules_that_it_is_sent_with() {
    for (words, size) in [(ARABIC, DESKTOP), (ENGLISH, PHONE)] {
        let browser = Browser::map(&words, size);
        browser.is("addEventListener('securitypolicyviolation', () => { window.broken = true; })");
        assert_eq!(browser.is(FORCED), true, "text becomes no markup");
        if size == PHONE {
            browser.click("#sheet-toggle");
        }
        browser.click("#list .row");
        browser.wait("!document.querySelector('#panel').hidden");
        browser.click("#panel-back");
        browser.is("document.querySelector('.event-marker[data-event]').click()");
        browser.wait("!document.querySelector('#panel').hidden");
        browser.click("#panel-back");
        browser.is("document.querySelector('#language').click()");
        browser.wait(&format!("document.documentElement.lang !== '{}'", words.lang));
        assert_eq!(browser.is("window.broken ?? null"), json!(null));
    }
}

#[test]
fn the_pages_of_the_service_run_nothing() {
    let browser = Browser::new(Rasid::on_samples(), DESKTOP);
    for path in ["/collections", "/collections/events/items?f=html", "/api?f=html"] {
        browser.open(&browser.server.url(path));
        assert_eq!(browser.count("script"), 0, "{path}");
        assert!(browser.is("document.styleSheets.length").as_u64() > Some(0), "{path}");
    }
}
