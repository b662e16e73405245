//! The map page as a reader sees it, in a real browser (Debian's `chromium-headless-shell` and `chromium-driver`).

use std::collections::BTreeSet;
use std::fs;
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tempfile::{TempDir, tempdir};
use thirtyfour::error::WebDriverErrorInner;
use thirtyfour::prelude::*;
use thirtyfour::{ChromeCapabilities, ChromiumLikeCapabilities, LoggingPrefsLogLevel};
use tokio::runtime::Runtime;

use crate::app::{Rasid, file, program, until, write_beside};

mod basemap;
mod beside;
mod map;
mod safety;
mod search;
mod story;
mod tools;
mod troubles;

/// Chromium without the windows, toolbars and services around its pages, which take more of a processor than these.
/// The program itself: who ends the script in the PATH does not end what it started.
const BROWSER: &str = "/usr/lib/chromium/chromium-headless-shell";

const DESKTOP: [u32; 2] = [1280, 800];
const PHONE: [u32; 2] = [390, 844];

/// What a page may do in its language: the words that the tests look for.
struct Words {
    lang: &'static str,
    dir: &'static str,
    name: &'static str,
    banner: &'static str,
    sample: &'static str,
    events: &'static str,
    precision: [&'static str; 3],
    no_place: &'static str,
    protests: &'static str,
}

const ARABIC: Words = Words {
    lang: "ar",
    dir: "rtl",
    name: "راصد",
    banner: "بيانات تجريبية مختلقة للعرض فقط: ليست أخباراً.",
    sample: "حدث تجريبي مختلق للعرض فقط: ليس خبراً.",
    events: "حدث",
    precision: ["في هذا المكان", "قرب هذا المكان", "في مكان ما من هذه المنطقة"],
    no_place: "المكان غير معروف",
    protests: "احتجاجات",
};

const ENGLISH: Words = Words {
    lang: "en",
    dir: "ltr",
    name: "Rasid",
    banner: "Sample data, invented for demonstration: not news.",
    sample: "Sample event, invented for demonstration: not news.",
    events: "events",
    precision: ["At this place", "Near this place", "Somewhere in this region"],
    no_place: "Place not known",
    protests: "Protests",
};

/// A browser before a server of its own. When it goes, nothing may have gone wrong in it.
struct Browser {
    server: Rasid,
    runtime: Runtime,
    window: Option<WebDriver>,
    driver: Child,
}

impl Browser {
    fn new(server: Rasid, size: [u32; 2]) -> Self {
        let mut driver = program("chromedriver")
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect(
                "chromedriver is needed here: install chromium-headless-shell and chromium-driver",
            );
        let said = Arc::new(Mutex::new(String::new()));
        write_beside(driver.stdout.take().unwrap(), Arc::clone(&said));
        let port = until("chromedriver to start", || {
            let said = said.lock().unwrap();
            let (_, rest) = said.split_once("started successfully on port ")?;
            Some(rest.split_once('.')?.0.to_owned())
        });
        let runtime = Runtime::new().unwrap();
        crate::app::offer_tls();
        let client =
            reqwest::Client::builder().no_proxy().timeout(crate::app::PATIENCE).build().unwrap();
        let window = runtime.block_on(
            WebDriver::builder(format!("http://127.0.0.1:{port}"), capabilities(size).unwrap())
                .client(client)
                .connect(),
        );
        let window = Some(window.expect("chromium-headless-shell is needed here"));
        Self { server, runtime, window, driver }
    }

    /// A browser before the samples.
    fn on_samples(size: [u32; 2]) -> Self {
        Self::new(Rasid::on_samples(), size)
    }

    /// Opens the map on the samples and waits until its events are there.
    fn map(words: &Words, size: [u32; 2]) -> Self {
        let browser = Self::on_samples(size);
        browser.open_map(words, "");
        browser
    }

    /// The same on one event that is no sample; the folder of its article is read as long as it is there.
    fn on_one_event(words: &Words) -> (TempDir, Self) {
        let folder = tempdir().unwrap();
        file(&folder, "a.txt", "قصفت قوات النظام بالمدفعية بلدة كفرنبل بريف إدلب أمس.\n");
        let browser = Self::new(Rasid::quick(&[folder.path().to_str().unwrap()]), DESKTOP);
        browser.open_map(words, "");
        // The first view comes near the event, once the map knows that there are no others.
        browser.wait("location.hash.startsWith('#map=9/')");
        (folder, browser)
    }

    fn open_map(&self, words: &Words, hash: &str) {
        // The same address with another hash would not load the page again.
        self.open("about:blank");
        self.open(&self.server.url(&format!("/?lang={}{hash}", words.lang)));
        self.wait("document.body.dataset.ready && document.fonts.status === 'loaded'");
        self.wait("document.querySelector('.event-marker')");
        self.wait("document.querySelector('#list[aria-busy=false] .row')");
    }

    /// Whoever goes down the list sees the rest of its first page.
    fn shows_a_page_of_rows(&self) {
        let down = "document.querySelector('#sheet-body').scrollTop = 1500";
        self.wait(&format!("({down}) && document.querySelectorAll('#list .row').length >= 50"));
    }

    /// Opens the map for somebody who was never there.
    fn open_map_anew(&self, words: &Words) {
        self.open("about:blank");
        let own = json!({ "origin": self.server.url(""), "storageTypes": "all" });
        let tools = self.window().cdp();
        let forgotten = tools.send_raw("Storage.clearDataForOrigin", own);
        self.runtime.block_on(forgotten).unwrap();
        self.open_map(words, "");
    }

    fn open(&self, address: &str) {
        self.runtime.block_on(self.window().goto(address)).unwrap();
    }

    fn resize(&self, [width, height]: [u32; 2]) {
        self.runtime.block_on(self.window().set_window_rect(0, 0, width, height)).unwrap();
    }

    fn window(&self) -> &WebDriver {
        self.window.as_ref().expect("it is there until the end")
    }

    /// What a piece of JavaScript is.
    fn is(&self, script: &str) -> Value {
        let script = format!("return ({script})");
        self.runtime.block_on(self.window().execute(script, Vec::new())).unwrap().json().clone()
    }

    /// The text of the first element, as a reader sees it.
    fn text(&self, css: &str) -> String {
        let text = self.is(&format!("document.querySelector({})?.innerText", json!(css)));
        text.as_str().unwrap_or_else(|| panic!("there is no {css}")).trim().to_owned()
    }

    fn count(&self, css: &str) -> u64 {
        self.is(&format!("document.querySelectorAll({}).length", json!(css))).as_u64().unwrap()
    }

    /// Waits until a condition holds. The page asks itself, which costs a processor far less than to be asked.
    #[track_caller]
    fn wait(&self, condition: &str) {
        let script = format!(
            "const [done] = arguments;
            const ask = () => {{
                try {{
                    if ({condition}) done(null);
                    else setTimeout(ask, 10);
                }} catch (error) {{
                    done(String(error));
                }}
            }};
            ask();"
        );
        until(condition, || {
            let asked = self.window().execute_async(&script, Vec::new());
            match self.runtime.block_on(asked) {
                Ok(told) => {
                    assert_eq!(told.json(), &Value::Null, "{condition}");
                    Some(())
                }
                // It took long, or the page has been left since: asked once more.
                Err(error) => {
                    let again = matches!(
                        error.as_inner(),
                        WebDriverErrorInner::ScriptTimeout(_)
                            | WebDriverErrorInner::JavascriptError(_)
                    );
                    assert!(again, "{condition}: {error}");
                    None
                }
            }
        });
    }

    /// Clicks as a reader does: what is covered cannot be clicked.
    #[track_caller]
    fn click(&self, css: &str) {
        let click = async || self.window().find(By::Css(css)).await?.click().await;
        let clicked = self.runtime.block_on(async {
            let mut clicked = click().await;
            // What is drawn anew just now is found again.
            while let Err(error) = &clicked
                && matches!(error.as_inner(), WebDriverErrorInner::StaleElementReference(_))
            {
                clicked = click().await;
            }
            clicked
        });
        clicked.unwrap();
    }

    #[track_caller]
    fn press(&self, css: &str, key: Key) {
        let press = async { self.window().find(By::Css(css)).await?.send_keys(key).await };
        self.runtime.block_on(press).unwrap();
    }

    /// Presses a key wherever the focus is.
    #[track_caller]
    fn key(&self, key: Key) {
        let press = async { self.window().active_element().await?.send_keys(key).await };
        self.runtime.block_on(press).unwrap();
    }

    /// Waits until the page says that so many events match, and lists them.
    #[track_caller]
    fn shows(&self, count: usize) {
        self.wait(&format!("document.querySelector('#list-title').dataset.count === '{count}'"));
        self.wait("!document.querySelector('#list').matches('[aria-busy=true]')");
    }

    /// Fails if an expert's tool finds anything that keeps somebody from using the page.
    #[track_caller]
    fn is_accessible(&self, what: &str) {
        let tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
        self.axe_finds_nothing(what, &json!({ "type": "tag", "values": tags }));
    }

    /// The same for what light and dark make different.
    #[track_caller]
    fn is_legible(&self, what: &str) {
        self.axe_finds_nothing(what, &json!({ "type": "rule", "values": ["color-contrast"] }));
    }

    #[track_caller]
    fn axe_finds_nothing(&self, what: &str, rules: &Value) {
        const AXE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/node_modules/axe-core/axe.min.js");
        let axe = fs::read_to_string(AXE).expect("axe-core is needed here: run `npm ci`");
        // Half-way through a movement the colours are others.
        self.wait("document.getAnimations().every((each) => each.playState !== 'running')");
        let run = "const [runOnly, done] = arguments;
            axe.run(document, { runOnly }).then(
                ({ violations }) => done(violations.map(({ id, help, nodes }) => ({ id, help,
                    nodes: nodes.map(({ html, failureSummary }) => ({ html, failureSummary })) }))),
                (error) => done([String(error)]));";
        let window = self.window();
        let found = self.runtime.block_on(async {
            window.execute(axe, Vec::new()).await?;
            window.execute_async(run, vec![rules.clone()]).await
        });
        let found = found.unwrap().json().clone();
        assert_eq!(found, json!([]), "{what}: {found:#}");
    }

    /// Fails if the reader would have to scroll sideways.
    #[track_caller]
    fn fits(&self) {
        let [content, screen] = ["document.documentElement.scrollWidth", "window.innerWidth"]
            .map(|script| self.is(script).as_u64().unwrap());
        assert!(content <= screen, "the page is {content} wide on a screen of {screen}");
    }

    /// How many events the symbols on the map stand for.
    fn events_on_map(&self) -> u64 {
        let sum = "[...document.querySelectorAll('.event-marker')]
            .reduce((sum, { dataset }) => sum + Number(dataset.count), 0)";
        self.is(sum).as_u64().unwrap()
    }

    /// The event that a row or the panel stands for, as the service gives it.
    fn event(&self, id: &str) -> Value {
        self.server.get(&format!("/collections/events/items/{id}")).json()
    }

    /// Whatever the browser complained of since it was asked last, and whom it asked for something.
    fn told(&self) -> (Vec<String>, BTreeSet<String>) {
        let (console, network) = self.runtime.block_on(async {
            (self.window().get_log("browser").await, self.window().get_log("performance").await)
        });
        let complaints = console.unwrap().into_iter().filter(|entry| entry.level != "DEBUG");
        let own = self.server.url("/");
        let asked = network.unwrap().into_iter().filter_map(|entry| {
            let message: Value = serde_json::from_str(&entry.message).ok()?;
            let message = &message["message"];
            let sent = message["method"] == "Network.requestWillBeSent";
            let address = message["params"]["request"]["url"].as_str().filter(|_| sent)?;
            let outside = address.starts_with("http") && !address.starts_with(&own);
            outside.then(|| address.to_owned())
        });
        (complaints.map(|entry| entry.message).collect(), asked.collect())
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let told = (!std::thread::panicking()).then(|| self.told());
        if let Some(window) = self.window.take() {
            self.runtime.block_on(window.quit()).ok();
        }
        self.driver.kill().ok();
        self.driver.wait().ok();
        if let Some((complaints, outside)) = told {
            assert_eq!(complaints, Vec::<String>::new(), "the console must be empty");
            assert_eq!(outside, BTreeSet::new(), "nobody else is asked for anything");
        }
    }
}

fn capabilities([width, height]: [u32; 2]) -> WebDriverResult<ChromeCapabilities> {
    let mut chrome = ChromeCapabilities::new();
    chrome.set_binary(BROWSER)?;
    for flag in [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        // Half as many processes to start in each test.
        "--in-process-gpu",
        "--no-zygote",
        "--enable-features=NetworkServiceInProcess2",
        "--no-proxy-server",
        &format!("--window-size={width},{height}"),
    ] {
        chrome.add_arg(flag)?;
    }
    if [width, height] == PHONE {
        let screen = json!({ "width": width, "height": height, "pixelRatio": 2, "mobile": true });
        chrome.add_experimental_option("mobileEmulation", json!({ "deviceMetrics": screen }))?;
    }
    chrome.set_browser_log_level(LoggingPrefsLogLevel::All)?;
    chrome.set_logging_prefs("performance", LoggingPrefsLogLevel::All)?;
    Ok(chrome)
}

/// Fails unless the panel tells everything of an event that a reader needs to judge it.
#[track_caller]
fn tells_of(browser: &Browser, words: &Words, id: &str) {
    let event = browser.event(id);
    let properties = &event["properties"];
    browser.wait("!document.querySelector('#panel').hidden");
    assert_eq!(browser.text("#panel blockquote"), properties["evidence"].as_str().unwrap());
    let panel = browser.text("#panel");
    assert!(panel.contains(properties["source"].as_str().unwrap()), "{panel}");
    if properties["source"] == "rasid sample" {
        assert!(panel.contains(words.sample), "{panel}");
    }
    let place = match properties["geo_precision"].as_u64() {
        Some(level @ 1..=3) => words.precision[usize::try_from(level).unwrap() - 1],
        _ => words.no_place,
    };
    assert!(panel.contains(place), "`{place}` is not said: {panel}");
    assert!(browser.is("location.hash").as_str().unwrap().contains(id), "the link names the event");
}

fn the_events_are_shown(words: &Words, size: [u32; 2]) {
    let browser = Browser::map(words, size);

    assert_eq!(browser.is("document.documentElement.dir"), words.dir);
    assert_eq!(browser.is("document.documentElement.lang"), words.lang);
    assert_eq!(browser.text("h1"), words.name);
    assert_eq!(browser.text("#banner p"), words.banner);
    let features: Vec<Value> = browser
        .server
        .features("")
        .iter()
        .map(|feature| serde_json::from_str(feature).unwrap())
        .collect();
    let title = browser.is("document.querySelector('#list-title').textContent");
    let title = title.as_str().unwrap();
    assert!(title.contains(&features.len().to_string()) && title.contains(words.events), "{title}");
    let placed: Vec<&Value> =
        features.iter().filter(|event| !event["geometry"].is_null()).collect();
    assert_eq!(browser.events_on_map(), u64::try_from(placed.len()).unwrap());
    // On a phone the list is closed at first.
    let is_open = browser.is("document.querySelector('#list').offsetParent !== null") == true;
    if !is_open {
        browser.click("#sheet-toggle");
    }
    browser.shows_a_page_of_rows();
    if !is_open {
        browser.click("#sheet-toggle");
    }
    browser.wait("document.querySelectorAll('.label').length > 5");
    browser.fits();
}

#[test]
fn the_events_are_shown_in_arabic_from_the_right() {
    the_events_are_shown(&ARABIC, DESKTOP);
}

#[test]
fn the_events_are_shown_in_english_from_the_left() {
    the_events_are_shown(&ENGLISH, DESKTOP);
}

#[test]
fn the_events_are_shown_on_a_phone() {
    the_events_are_shown(&ARABIC, PHONE);
}

#[test]
fn a_row_of_the_list_opens_the_event_and_the_way_back_leads_to_it() {
    let browser = Browser::on_samples(DESKTOP);
    for words in [ARABIC, ENGLISH] {
        browser.open_map_anew(&words);
        let id = browser.is("document.querySelectorAll('#list .row')[3].dataset.event");
        let id = id.as_str().unwrap();

        browser.click(&format!("[data-event='{id}']"));
        tells_of(&browser, &words, id);
        assert_eq!(browser.is("document.activeElement.id"), "panel-title");

        browser.click("#panel-back");
        browser.wait("document.querySelector('#panel').hidden");
        assert_eq!(browser.is("document.activeElement.dataset.event"), id);
    }
}

#[test]
fn a_symbol_on_the_map_opens_its_event_by_key_and_escape_closes_it() {
    let browser = Browser::map(&ENGLISH, DESKTOP);
    assert_eq!(browser.count(".event-marker:not(button[aria-label])"), 0);

    browser.press(".event-marker[data-event]", Key::Enter);
    browser.wait("!document.querySelector('#panel').hidden");
    let hash = browser.is("location.hash");
    let (_, id) = hash.as_str().unwrap().split_once("event=").unwrap();
    tells_of(&browser, &ENGLISH, id);

    browser.press("#panel-title", Key::Escape);
    browser.wait("document.querySelector('#panel').hidden");
    assert_eq!(browser.is("document.activeElement.className.includes('event-marker')"), true);
}

#[test]
fn a_symbol_on_the_map_opens_its_event_by_a_click() {
    for size in [DESKTOP, PHONE] {
        let browser = Browser::map(&ARABIC, size);
        // One that no other hides.
        let free = "[...document.querySelectorAll('.event-marker[data-event]')].find((each) => {
            const { x, y, width, height } = each.getBoundingClientRect();
            return each.contains(document.elementFromPoint(x + width / 2, y + height / 2));
        })";
        browser.is(&format!("({free}).id = 'free'"));
        browser.click("#free");
        browser.wait("!document.querySelector('#panel').hidden");
        let hash = browser.is("location.hash");
        let (_, id) = hash.as_str().unwrap().split_once("event=").unwrap();
        tells_of(&browser, &ARABIC, id);
        browser.fits();
    }
}

#[test]
fn a_link_to_an_event_opens_it_and_the_other_language_keeps_it() {
    let browser = Browser::map(&ARABIC, DESKTOP);
    let id = browser.server.ids("source=rasid%20sample").remove(0);
    browser.open_map(&ARABIC, &format!("#event={id}"));
    tells_of(&browser, &ARABIC, &id);

    browser.click("#language");
    browser.wait("document.documentElement.dir === 'ltr'");
    tells_of(&browser, &ENGLISH, &id);
    assert_eq!(browser.text("#banner p"), ENGLISH.banner);
}

#[test]
fn the_filter_leaves_the_events_that_were_asked_for() {
    let browser = Browser::on_samples(DESKTOP);
    for words in [ARABIC, ENGLISH] {
        browser.open_map_anew(&words);
        browser.open_map(&words, "#types=protests");
        let wanted = browser.server.ids("event_type=Protests");
        let title = browser.text("#list-title");
        assert!(title.contains(&wanted.len().to_string()), "{title}");
        let ids = browser
            .is("[...document.querySelectorAll('#list .row')].map((row) => row.dataset.event)");
        for id in ids.as_array().unwrap() {
            assert!(wanted.contains(&id.as_str().unwrap().to_owned()), "{id}");
        }
        assert!(browser.text("#filter-types").contains(words.protests));

        browser.click("#filter-reset");
        browser.shows_a_page_of_rows();
        assert!(!browser.is("location.hash").as_str().unwrap().contains("types"));
    }
}

#[test]
fn what_an_article_says_is_never_markup() {
    let folder = tempdir().unwrap();
    let trap = "<img src=x onerror=\"document.body.className='caught'\">";
    file(
        &folder,
        "a.txt",
        format!("قصفت قوات النظام بالمدفعية بلدة كفرنبل {trap} بريف إدلب أمس.\n"),
    );
    let sidecar = format!(
        "title = '''{trap}'''\npublisher = '''{trap}'''\npublished = '2022-07-18'\nurl = 'javascript:document.body.className=1'\n"
    );
    file(&folder, "a.toml", sidecar);
    let browser = Browser::new(Rasid::quick(&[folder.path().to_str().unwrap()]), DESKTOP);
    let id = browser.server.ids("").remove(0);

    for words in [ARABIC, ENGLISH] {
        browser.open_map(&words, &format!("#event={id}"));
        tells_of(&browser, &words, &id);
        assert_eq!(browser.count("img, #panel a[href^='javascript:']"), 0);
    }
    for path in [
        "/collections/events/items?f=html".to_owned(),
        format!("/collections/events/items/{id}?f=html"),
    ] {
        browser.open(&browser.server.url(&path));
        assert_eq!(browser.count("img, a[href^='javascript:']"), 0, "{path}");
        assert!(browser.text("body").contains("onerror"), "{path}");
    }
    assert_eq!(browser.is("document.body.className"), "");
}

#[test]
fn nothing_is_said_of_samples_where_there_are_none() {
    let (_folder, browser) = Browser::on_one_event(&ENGLISH);
    assert_eq!(browser.is("document.querySelector('#banner').hidden"), true);
}

/// Looks at every state of the page in one language and width.
fn everybody_can_use_the_page(words: &Words, size: [u32; 2]) {
    let browser = Browser::map(words, size);
    in_every_state(&browser, size, |what| browser.is_accessible(what));

    let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": "dark" }] });
    let tools = browser.window().cdp();
    browser.runtime.block_on(tools.send_raw("Emulation.setEmulatedMedia", media)).unwrap();
    browser.open_map(words, "");
    in_every_state(&browser, size, |what| browser.is_legible(&format!("{what} in the dark")));
}

fn in_every_state(browser: &Browser, size: [u32; 2], look: impl Fn(&str)) {
    look("the map");
    if size == PHONE {
        browser.click("#sheet-toggle");
        browser.wait("document.querySelector('#side').dataset.open === 'true'");
        browser.click("#filters > summary");
        look("the list and the filters");
        browser.click("#filters > summary");
    }
    browser.click("#list .row");
    browser.wait("!document.querySelector('#panel').hidden");
    look("an event");
    browser.fits();
    browser.click("#panel-back");
    browser.click("#tab-unplaced");
    look("events without a place");
}

#[test]
fn everybody_can_use_the_arabic_page() {
    everybody_can_use_the_page(&ARABIC, DESKTOP);
}

#[test]
fn everybody_can_use_the_english_page() {
    everybody_can_use_the_page(&ENGLISH, DESKTOP);
}

#[test]
fn everybody_can_use_the_arabic_page_on_a_phone() {
    everybody_can_use_the_page(&ARABIC, PHONE);
}

#[test]
fn everybody_can_use_the_english_page_on_a_phone() {
    everybody_can_use_the_page(&ENGLISH, PHONE);
}

#[test]
fn everybody_can_use_the_pages_of_the_service() {
    for size in [DESKTOP, PHONE] {
        let browser = Browser::new(Rasid::on_samples(), size);
        let id = browser.server.ids("").remove(0);
        for path in [
            "/?f=html".to_owned(),
            "/conformance".to_owned(),
            "/api".to_owned(),
            "/collections".to_owned(),
            "/collections/events".to_owned(),
            "/collections/events/queryables".to_owned(),
            "/collections/events/items".to_owned(),
            format!("/collections/events/items/{id}"),
            "/collections/places/items".to_owned(),
            "/collections/governorates/items/SY02".to_owned(),
            "/geocode?q=Aleppo".to_owned(),
        ] {
            browser.open(&browser.server.url(&path));
            browser.is_accessible(&path);
        }
    }
}
