//! The search for a place, with keys and with the pointer.

use serde_json::{Value, json};
use thirtyfour::prelude::*;

use super::{ARABIC, Browser, DESKTOP, ENGLISH, PHONE, Words};

const FIELD: &str = "#place-field";

/// What the search says in its language.
struct Told {
    words: Words,
    typed: &'static str,
    line: [&'static str; 3],
    chosen: &'static str,
    shown: &'static str,
    unknown: &'static str,
}

const TOLD: [Told; 2] = [
    Told {
        words: ARABIC,
        typed: "منبج",
        line: ["منبج", "Manbij", "مدينة، محافظة حلب"],
        chosen: "منبج",
        shown: "تُظهر الخريطة منبج.",
        unknown: "لا نعرف مكاناً اسمه «قققق».",
    },
    Told {
        words: ENGLISH,
        typed: "manbij",
        line: ["Manbij", "منبج", "city, Aleppo governorate"],
        chosen: "Manbij",
        shown: "The map shows Manbij.",
        unknown: "No place called “قققق” is known.",
    },
];

impl Browser {
    /// Writes into the search, all at once, and waits for what it answers.
    #[track_caller]
    fn search(&self, text: &str) {
        let write = async {
            self.window().find(By::Css(FIELD)).await?.focus().await?;
            self.window().cdp().send_raw("Input.insertText", json!({ "text": text })).await
        };
        self.runtime.block_on(write).unwrap();
        self.wait("document.querySelector('#place-status').textContent !== ''");
    }

    fn value(&self) -> Value {
        self.is(&format!("document.querySelector('{FIELD}').value"))
    }

    fn attribute(&self, name: &str) -> Value {
        self.is(&format!("document.querySelector('{FIELD}').getAttribute('{name}')"))
    }

    /// Fails unless the map has come to Manbij, says so, and marks it.
    #[track_caller]
    fn is_at_manbij(&self, told: &Told) {
        self.wait("document.querySelector('.place-mark .place-ring')");
        self.wait("location.hash.includes('map=10/36.5')");
        assert_eq!(self.value(), told.chosen);
        assert_eq!(self.attribute("aria-expanded"), "false");
        assert_eq!(self.text(".place-tooltip"), told.chosen);
        let status = self.is("document.querySelector('#place-status').textContent");
        assert_eq!(status, told.shown);
        let (lat, lng) = (36.53, 37.95);
        let hash = self.is("location.hash");
        let at: Vec<f64> =
            hash.as_str().unwrap().split('/').skip(1).map(|part| part.parse().unwrap()).collect();
        assert!((at[0] - lat).abs() < 0.1 && (at[1] - lng).abs() < 0.1, "{hash}");
    }
}

#[test]
fn a_place_is_found_by_keys_alone() {
    let browser = Browser::on_samples(DESKTOP);
    for told in TOLD {
        browser.open_map_anew(&told.words);
        browser.search(told.typed);
        let line = browser.text(".place-option");
        for part in told.line {
            assert!(line.contains(part), "{line} does not tell {part}");
        }
        assert_eq!(browser.attribute("aria-expanded"), "true");
        assert_eq!(browser.attribute("aria-activedescendant"), Value::Null);

        browser.press(FIELD, Key::Down);
        assert_eq!(browser.attribute("aria-activedescendant"), "place-option-0");
        assert_eq!(browser.count("#place-option-0[role=option][aria-selected=true]"), 1);
        browser.press(FIELD, Key::Up);
        assert_eq!(browser.attribute("aria-activedescendant"), Value::Null);
        browser.press(FIELD, Key::Down);
        browser.press(FIELD, Key::Enter);
        browser.is_at_manbij(&told);
        assert_eq!(browser.is("document.activeElement.id"), "place-field");
        assert_eq!(browser.count(".place-option"), 0);
    }
}

#[test]
fn a_place_is_found_with_a_finger_on_a_phone() {
    let browser = Browser::on_samples(PHONE);
    for told in TOLD {
        browser.open_map_anew(&told.words);
        browser.search(told.typed);
        browser.fits();
        browser.click("#place-option-0");
        browser.is_at_manbij(&told);
        browser.click("#place-clear");
        assert_eq!(browser.value(), "");
        assert_eq!(browser.count(".place-mark"), 0);
        assert_eq!(browser.is("document.activeElement.id"), "place-field");
    }
}

#[test]
fn a_beginning_in_either_script_is_enough_and_enter_takes_the_first() {
    let browser = Browser::map(&ENGLISH, DESKTOP);
    browser.search("منب");
    browser.press(FIELD, Key::Enter);
    browser.is_at_manbij(&TOLD[1]);
    browser.click("#place-clear");

    browser.search("kob");
    let line = browser.text("#place-option-0");
    assert!(line.contains("Kobani"), "the name that was typed is told: {line}");
}

#[test]
fn escape_closes_the_list_then_empties_the_field_and_leaves_the_event_open() {
    let browser = Browser::map(&ENGLISH, DESKTOP);
    browser.click("#list .row");
    browser.wait("!document.querySelector('#panel').hidden");
    browser.search("man");
    browser.press(FIELD, Key::Escape);
    assert_eq!((browser.count(".place-option"), browser.value()), (0, json!("man")));
    browser.press(FIELD, Key::Escape);
    assert_eq!(browser.value(), "");
    assert_eq!(browser.is("document.querySelector('#panel').hidden"), false);
    browser.press(FIELD, Key::Escape);
    browser.wait("document.querySelector('#panel').hidden");
}

#[test]
fn a_place_that_is_not_known_is_said_to_be_so() {
    let browser = Browser::on_samples(DESKTOP);
    for told in TOLD {
        browser.open_map_anew(&told.words);
        browser.search("قققق");
        let message = browser.text("#place-message");
        assert!(message.starts_with(told.unknown), "{message}");
        assert_eq!(browser.attribute("aria-expanded"), "false");
        browser.is_accessible("a search without an answer");
        // What is written is never markup.
        browser.press(FIELD, Key::Escape);
        browser.press(FIELD, Key::Escape);
        browser.search("<img src=x>");
        assert!(browser.text("#place-message").contains("<img src=x>"));
        assert_eq!(browser.count("img"), 0);
    }
}

#[test]
fn everybody_can_search_on_the_narrowest_screen() {
    let browser = Browser::on_samples(PHONE);
    for told in TOLD {
        browser.open_map_anew(&told.words);
        let size = json!({ "width": 320, "height": 640, "deviceScaleFactor": 1, "mobile": true });
        let tools = browser.window().cdp();
        let narrow = tools.send_raw("Emulation.setDeviceMetricsOverride", size);
        browser.runtime.block_on(narrow).unwrap();
        browser.search("عين");
        browser.fits();
        browser.press(FIELD, Key::Down);
        browser.is_accessible("a list of places");
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": "dark" }] });
        browser.runtime.block_on(tools.send_raw("Emulation.setEmulatedMedia", media)).unwrap();
        browser.is_legible("a list of places in the dark");
        browser.press(FIELD, Key::Enter);
        browser.wait("document.querySelector('.place-mark')");
        browser.is_accessible("a place that was found");
    }
}
