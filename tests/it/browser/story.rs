//! The story behind a dot: the panel of one event.

use serde_json::{Value, json};
use tempfile::tempdir;
use thirtyfour::Key;

use super::{ARABIC, Browser, DESKTOP, ENGLISH, PHONE, Words};
use crate::app::{Rasid, file};

impl Browser {
    /// Goes on with the keyboard until the focus is where it should be.
    #[track_caller]
    fn tab_to(&self, css: &str) {
        for _ in 0..60 {
            if self.is(&format!("document.activeElement.matches({})", json!(css))) == true {
                return;
            }
            self.key(Key::Tab);
        }
        panic!("the keyboard does not come to {css}");
    }
}

/// An article of two villages of one name, with a toll.
fn article() -> tempfile::TempDir {
    let folder = tempdir().unwrap();
    let text = "قصفت قوات النظام بالمدفعية بلدة كفرنبل بريف إدلب أمس، ما أدى إلى مقتل 3 مدنيين.\n";
    file(&folder, "a.txt", text);
    let beside = "title = 'قصف كفرنبل'\npublisher = 'منبر'\npublished = '2022-07-18'\nurl = 'https://www.example.org/a'\n";
    file(&folder, "a.toml", beside);
    folder
}

fn the_story_is_told(words: &Words, size: [u32; 2]) {
    let folder = article();
    let browser = Browser::new(Rasid::quick(&[folder.path().to_str().unwrap()]), size);
    let id = browser.server.ids("").remove(0);
    browser.open_map(words, &format!("#event={id}"));
    super::tells_of(&browser, words, &id);

    // The words that made it.
    let event = browser.event(&id);
    assert_eq!(browser.text(".evidence .said-place"), event["properties"]["place_text"]);
    assert_eq!(browser.text(".evidence .said-date"), "أمس");
    assert_eq!(browser.text(".evidence .said-count"), "3");
    // Who said it, where it can be read.
    browser.wait("document.querySelector('.sources li')");
    assert_eq!(browser.text(".sources .headline"), "قصف كفرنبل");
    let link = browser.text(".source-link");
    assert!(link.contains("example.org") && !link.contains("www."), "{link}");
    assert_eq!(
        browser.is("document.querySelector('.source-link').rel"),
        "noopener noreferrer nofollow ugc"
    );
    // Handing it on.
    browser.is("document.querySelector('#share-event').scrollIntoView()");
    browser.is("delete Navigator.prototype.share");
    browser.click("#share-event");
    browser.wait("document.querySelector('.copy-said').textContent.trim() !== ''");
    let files = browser.is("[...document.querySelectorAll('.file')].map((link) => link.href)");
    for address in files.as_array().unwrap() {
        let path = address.as_str().unwrap().replace(&browser.server.url("/"), "/");
        assert_eq!(browser.server.get(&path).status, 200, "{path}");
    }
    assert_eq!(files.as_array().unwrap().len(), 3);
    browser.fits();
}

#[test]
fn the_story_behind_a_dot_is_told_in_arabic() {
    the_story_is_told(&ARABIC, DESKTOP);
}

#[test]
fn the_story_behind_a_dot_is_told_in_english_on_a_phone() {
    the_story_is_told(&ENGLISH, PHONE);
}

#[test]
fn an_event_that_may_be_the_same_is_a_link() {
    let folder = tempdir().unwrap();
    for (name, text) in [
        ("a", "قصفت قوات النظام بالمدفعية بلدة سرمين بريف إدلب أمس، ما أدى إلى مقتل 3 مدنيين.\n"),
        ("b", "مقتل 9 مدنيين جراء قصف مدفعي لقوات النظام على سوق في سرمين بريف إدلب أمس.\n"),
    ] {
        file(&folder, &format!("{name}.txt"), text);
        let beside = format!("publisher = 'منبر {name}'\npublished = '2022-07-18'\n");
        file(&folder, &format!("{name}.toml"), beside);
    }
    let browser = Browser::new(Rasid::quick(&[folder.path().to_str().unwrap()]), PHONE);
    let ids = browser.server.ids("");
    assert_eq!(ids.len(), 2, "their counts contradict each other");
    for (words, town) in [(ARABIC, "سرمين"), (ENGLISH, "Sarmin")] {
        browser.open_map(&words, &format!("#event={}", ids[0]));
        browser.wait("document.querySelector('.likely a')");
        assert!(browser.text(".likely a").contains(town), "{}", browser.text(".likely"));
        browser.fits();
        browser.is("document.querySelector('.likely a').scrollIntoView()");
        browser.click(".likely a");
        browser.wait(&format!("location.hash.includes({})", json!(ids[1])));
        browser.wait("document.querySelector('.likely a')");
    }
}

#[test]
fn why_reports_were_joined_is_said_beside_each() {
    let folder = tempdir().unwrap();
    let first =
        "قصفت قوات النظام بالمدفعية اليوم الأربعاء بلدة سرمين شرقي إدلب، ما أدى إلى مقتل طفل.\n";
    let other = "قتل طفل اليوم الأربعاء بقصف مدفعي لقوات النظام على بلدة سرمين بريف إدلب الشرقي.\n";
    for (name, outlet, text) in
        [("1", "منبر أول", first), ("2", "منبر ثان", other), ("3", "منبر ثالث", first)]
    {
        file(&folder, &format!("{name}.txt"), text);
        let beside = format!(
            "publisher = '{outlet}'\npublished = '2024-03-06T1{name}:00:00+03:00'\nurl = 'https://{name}.example.org/'\n"
        );
        file(&folder, &format!("{name}.toml"), beside);
    }
    let browser = Browser::new(Rasid::quick(&[folder.path().to_str().unwrap()]), PHONE);
    let ids = browser.server.ids("");
    assert_eq!(ids.len(), 1, "one happening");
    for (words, [same, copy, toll]) in [
        (
            ARABIC,
            [
                "الحدث نفسه: المكان نفسه، اليوم نفسه، نوع الحدث نفسه",
                "نسخة عن خبر منبر أول",
                "الحصيلة نفسها",
            ],
        ),
        (
            ENGLISH,
            [
                "The same happening: same place, same day, same kind of event",
                "A copy of the article of منبر أول",
                "same toll",
            ],
        ),
    ] {
        browser.open_map(&words, &format!("#event={}", ids[0]));
        browser.wait("document.querySelectorAll('.sources li').length >= 3");
        assert_eq!(
            browser.count(".sources > li:first-child .why"),
            0,
            "the first was joined to none"
        );
        let said = "[...document.querySelectorAll('.why summary')].map((each) => each.innerText)";
        let said = browser.is(said);
        let said: Vec<&str> = said.as_array().unwrap().iter().filter_map(Value::as_str).collect();
        assert!(said.contains(&same) && said.iter().any(|each| each.contains(copy)), "{said:?}");
        assert_eq!(browser.is("document.querySelector('.why ul').checkVisibility()"), false);
        browser.is(
            "document.querySelectorAll('.why summary').forEach((each) => each.scrollIntoView())",
        );
        browser.click(".sources > li:last-child .why summary");
        browser
            .wait("document.querySelector('.sources > li:last-child .why ul').checkVisibility()");
        let told = browser.text(".sources > li:last-child .why ul");
        assert!(told.contains(toll) && told.contains("منبر أول"), "{told}");
        browser.is_accessible("why reports were joined");
        browser.fits();
    }
}

#[test]
fn the_keyboard_alone_leads_from_the_map_to_a_source() {
    let folder = article();
    let browser = Browser::new(Rasid::quick(&[folder.path().to_str().unwrap()]), DESKTOP);
    for words in [ARABIC, ENGLISH] {
        browser.open_map_anew(&words);
        browser.tab_to("#skip-list");
        browser.key(Key::Enter);
        browser.tab_to("#list .row");
        browser.key(Key::Enter);
        browser.wait("!document.querySelector('#panel').hidden");
        browser.wait("document.querySelector('.source-link')");
        browser.tab_to(".source-link");
        assert_eq!(browser.is("document.activeElement.href"), "https://www.example.org/a");
        browser.key(Key::Escape);
        browser.wait("document.querySelector('#panel').hidden");
        assert_eq!(browser.is("document.activeElement.matches('.row')"), true);
    }
}

#[test]
fn an_article_cannot_turn_the_page_around_or_burst_it() {
    let folder = tempdir().unwrap();
    let long = "ب".repeat(10_000);
    let turned = "\u{202e}\u{2066}";
    let text = format!(
        "قصفت قوات النظام بالمدفعية بلدة كفرنبل {turned} {long} <img src=x onerror=alert(1)> بريف إدلب أمس.\n"
    );
    file(&folder, "a.txt", text);
    let beside = format!(
        "title = '''{turned}{long}'''\npublisher = '''<svg onload=alert(1)>{long}'''\npublished = '2022-07-18'\nurl = 'JavaScript:alert(1)'\n"
    );
    file(&folder, "a.toml", beside);
    for size in [DESKTOP, PHONE] {
        let browser = Browser::new(Rasid::quick(&[folder.path().to_str().unwrap()]), size);
        let id = browser.server.ids("").remove(0);
        for words in [ARABIC, ENGLISH] {
            browser.open_map(&words, &format!("#event={id}"));
            browser.wait("document.querySelector('.sources li')");
            browser.fits();
            let inner = "document.querySelector('#panel').scrollWidth <= document.querySelector('#panel').clientWidth";
            assert_eq!(browser.is(inner), true, "the panel is no wider than its place");
            assert_eq!(browser.count("#panel :is(img, .source-link, .sources svg)"), 0);
            let controls = r"/[\u202a-\u202e\u2066-\u2069]/.test(document.querySelector('#panel').textContent)";
            assert_eq!(browser.is(controls), false);
        }
    }
}
