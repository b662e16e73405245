//! The pages beside the map, and the page without a network.

use serde_json::json;

use super::{ARABIC, Browser, DESKTOP, ENGLISH, PHONE, Words};
use crate::app::Rasid;

impl Browser {
    /// Opens the map again, under its service worker, and waits until what it asked for is kept.
    pub(super) fn with_kept_answers(&self, words: &Words) {
        self.wait("navigator.serviceWorker.controller");
        self.open_map(words, "");
        // Answers are kept beside the page, which may be done before them.
        self.is("setInterval(async () => {
                const kept = await caches.open('rasid-data').then((cache) => cache.keys());
                const answers = performance.getEntriesByType('resource').filter((each) =>
                    each.name.includes('/collections/events/') && each.responseStatus === 200);
                window.kept = answers.length > 0
                    && answers.every(({ name }) => kept.some(({ url }) => url === name));
            }, 50)");
        self.wait("window.kept");
    }
}

fn try_it(words: &Words, size: [u32; 2], [found, refused]: [&str; 2]) {
    let browser = Browser::new(Rasid::quick(&[]), size);
    browser.open(&browser.server.url(&format!("/try?lang={}", words.lang)));
    browser.wait("document.querySelector('#try-read').textContent");
    assert_eq!(browser.is("document.documentElement.dir"), words.dir);
    browser.is_accessible("the page to try it, empty");

    browser.click("#try-read");
    browser.wait("document.querySelector('#try-said').textContent");
    assert_eq!(browser.is("document.querySelector('#try-result').hidden"), true);

    browser.click("#try-example");
    browser.wait("document.querySelector('.event-marker')");
    assert_eq!(browser.text("#try-said"), found);
    assert_eq!((browser.count("#try-marked mark"), browser.count("#try-events li")), (2, 2));
    // Also what is below the fold.
    let told = browser.is("document.querySelector('#try-refused-list').textContent").to_string();
    assert!(told.contains(refused), "the threat is no event: {told}");
    assert_eq!(browser.count("#try-refused-list [lang=en]"), 0, "{told}");
    let text = browser.is("document.querySelector('#try-text').value");
    let marked =
        browser.is("(() => { const copy = document.querySelector('#try-marked').cloneNode(true);
            for (const each of copy.querySelectorAll('.try-number')) each.remove();
            return copy.textContent; })()");
    assert_eq!(marked, text, "the text is shown as it was sent");
    browser.is_accessible("the page to try it, with events");
    browser.fits();
    assert!(browser.server.ids("").is_empty(), "nothing is kept");
}

#[test]
fn an_article_can_be_tried_in_arabic() {
    try_it(&ARABIC, DESKTOP, ["عُثر على حدثين.", "هو احتمال أو تهديد"]);
}

#[test]
fn an_article_can_be_tried_in_english_on_a_phone() {
    try_it(&ENGLISH, PHONE, ["2 events were found.", "it is only possible, threatened"]);
}

#[test]
fn what_cannot_be_read_is_told_in_the_language_of_the_page() {
    let browser = Browser::new(Rasid::quick(&[]), DESKTOP);
    for (words, [kurdish, refused]) in [
        (ARABIC, ["يبدو النص بالكردية", "لا يستطيع الخادم قراءة هذا خبراً"]),
        (ENGLISH, ["The text looks Kurdish", "The server cannot read this as an article"]),
    ] {
        browser.open(&browser.server.url(&format!("/try?lang={}", words.lang)));
        browser.wait("document.querySelector('#try-read').textContent");
        browser.is("document.querySelector('#try-text').value = 'ە ێ ۆ ڕ ڵ ە ێ ۆ'");
        browser.click("#try-read");
        browser.wait("!document.querySelector('#try-result').hidden");
        let told = browser.text("#try-said");
        assert!(told.contains(kurdish), "{told}");
        assert_eq!(browser.count("#try-said [lang=en]"), 0);

        // The server's own refusal, of an article without a text.
        browser.is("(() => {
            const ask = window.fetch;
            window.fetch = (url, options) => ask(url, { ...options, body: '{}' });
        })()");
        browser.click("#try-read");
        browser.wait(&format!(
            "document.querySelector('#try-said').textContent.includes({})",
            json!(refused)
        ));
        browser.is_accessible("the page to try it, refused");
        browser.told();
    }
}

#[test]
fn of_two_articles_the_last_is_shown() {
    let browser = Browser::new(Rasid::quick(&[]), DESKTOP);
    browser.open(&browser.server.url("/try?lang=en"));
    browser.hold("/extract");
    browser.click("#try-example");
    browser.wait("window.held > 0");
    browser.is("document.querySelector('#try-text').value = ''");
    browser.click("#try-read");
    browser.let_go();
    assert_eq!(browser.is("document.querySelector('#try-result').hidden"), true);
}

#[test]
fn what_is_tried_becomes_no_markup() {
    let browser = Browser::new(Rasid::quick(&[]), DESKTOP);
    browser.open(&browser.server.url("/try?lang=en"));
    let text =
        "Shelling hit <img src=x onerror=alert(1)> Idlib on Monday, killing two people. \u{202e}";
    browser.is(&format!("document.querySelector('#try-text').value = {}", json!(text)));
    browser.click("#try-read");
    browser.wait("!document.querySelector('#try-result').hidden");
    assert_eq!(browser.count("img"), 0);
    assert!(browser.text("#try-marked").contains("onerror"));
}

#[test]
fn the_page_about_the_map_is_there_in_both_languages() {
    for (words, size) in [(ARABIC, DESKTOP), (ENGLISH, PHONE)] {
        let browser = Browser::new(Rasid::on_samples(), size);
        browser.open(&browser.server.url(&format!("/about?lang={}", words.lang)));
        browser.wait("!document.querySelector('#about-figures').hidden");
        let count = browser.server.ids("").len().to_string();
        assert!(browser.text("#about-figures").contains(&count));
        assert_eq!(browser.count("[data-lang]:not([hidden]) h2"), 5);
        assert_eq!(
            browser.is("document.querySelector('[data-lang]:not([hidden])').lang"),
            words.lang
        );
        browser.is_accessible("the page about the map");
        browser.fits();
        browser.click("#language");
        browser.wait(&format!("document.documentElement.lang !== '{}'", words.lang));
    }
}

#[test]
fn light_dark_and_digits_are_the_readers_choice() {
    let browser = Browser::map(&ARABIC, DESKTOP);
    browser.click("#settings summary");
    browser.click("#settings input[value=dark]");
    assert_eq!(browser.is("getComputedStyle(document.documentElement).colorScheme"), "dark");
    browser.click("#settings input[value=arab]");
    browser.wait("/[٠-٩]/.test(document.querySelector('#list-title').textContent)");
    browser.wait("/[٠-٩]/.test(document.querySelector('#list .day').textContent)");
    browser.is_accessible("the menu, in the dark");
    browser.open_map(&ARABIC, "");
    assert_eq!(browser.is("getComputedStyle(document.documentElement).colorScheme"), "dark");
    // What an address asks for holds until something else is chosen.
    browser.open(&browser.server.url("/about?lang=ar&theme=light"));
    browser.wait("document.querySelector('#settings summary')");
    browser.click("#language");
    browser.wait("location.search === '?lang=en&theme=light'");
    browser.click("#settings summary");
    browser.click("#settings input[value=dark]");
    assert_eq!(browser.is("location.search"), "?lang=en");
    browser.open_map(&ARABIC, "");
    browser.wait("/[٠-٩]/.test(document.querySelector('#list-title').textContent)");
}

#[test]
fn who_saves_data_is_sent_no_letters() {
    for words in [ARABIC, ENGLISH] {
        let browser = Browser::new(Rasid::on_samples(), PHONE);
        let saves = "Object.defineProperty(Navigator.prototype, 'connection', { value: { saveData: true } })";
        let source = json!({ "source": saves });
        let tools = browser.window().cdp();
        let told = tools.send_raw("Page.addScriptToEvaluateOnNewDocument", source);
        browser.runtime.block_on(told).unwrap();
        browser.open_map(&words, "");
        browser.wait("document.querySelector('.label')");
        let letters = browser.is(
            "performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.woff2')).length",
        );
        assert_eq!(letters, 0);
        assert_eq!(browser.count("#tool-heat"), 0);
        assert_eq!(browser.count("#tool-charts"), 1);
    }
}

#[test]
fn the_page_works_without_a_network_once_it_was_there() {
    for words in [ARABIC, ENGLISH] {
        let mut browser = Browser::map(&words, DESKTOP);
        browser.with_kept_answers(&words);
        let events = browser.text("#list-title");

        browser.server.vanish();
        browser.open_map(&words, "");
        browser.wait("!document.querySelector('#offline').hidden");
        // The note takes some of the map's height; so does a smaller window, and the list is asked for anew.
        browser.is("void (window.begun = performance.now())");
        browser.resize([DESKTOP[0], DESKTOP[1] - 40]);
        browser.wait(
            "performance.getEntriesByType('resource').some((each) =>
                each.startTime > window.begun && each.name.includes('/items?'))",
        );
        browser.wait("document.querySelector('#list').matches(':not([aria-busy=true]):has(.row)')");
        assert_eq!(browser.text("#list-title"), events);
        // The network is back, but not the server: everything is asked for, and still told as old.
        browser.is("(() => { document.querySelector('#offline').textContent = '';
                dispatchEvent(new Event('online')); })()");
        browser.wait("document.querySelector('#offline').textContent !== ''");
        assert_eq!(browser.text("#list-title"), events);
        browser.is_accessible("the page without a network");
        browser.open("about:blank");
        // The browser tells of what it could not load.
        browser.told();
    }
}

#[test]
fn a_new_version_takes_the_place_of_the_old_one() {
    let browser = Browser::map(&ENGLISH, DESKTOP);
    browser.wait("navigator.serviceWorker.controller");
    browser.is(
        "caches.open('rasid-of-an-old-version').then((cache) => cache.put('x', new Response('x')))",
    );
    browser.is("navigator.serviceWorker.getRegistration().then((each) => each.unregister())");
    browser.open_map(&ENGLISH, "");
    browser.is("setInterval(async () => {
            window.names = (await caches.keys()).filter((name) => name !== 'rasid-data').length;
        }, 50)");
    browser.wait("window.names === 1");
}
