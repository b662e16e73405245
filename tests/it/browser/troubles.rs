//! The page when the network or the server fails it.

use std::path::{Path, PathBuf};

use serde_json::json;
use tempfile::{TempDir, tempdir};
use thirtyfour::Key;

use super::{ARABIC, Browser, DESKTOP, ENGLISH};
use crate::app::{Rasid, file, rasid, run, store_in};

impl Browser {
    /// Slows the network down, or cuts it. What is cut off gets nothing from the service worker either, which would
    /// still have its own network.
    fn network(&self, offline: bool, latency: u32) {
        let conditions = json!({
            "offline": offline, "latency": latency,
            "downloadThroughput": 50_000, "uploadThroughput": 20_000,
        });
        let tools = self.window().cdp();
        let set = async {
            tools.send_raw("Network.enable", json!({})).await?;
            tools.send_raw("Network.setBypassServiceWorker", json!({ "bypass": offline })).await?;
            tools.send_raw("Network.emulateNetworkConditions", conditions).await
        };
        self.runtime.block_on(set).unwrap();
    }

    /// Keeps back the answers of addresses that hold a text, also those that are not wanted
    /// any more, until they are let go.
    pub(super) fn hold(&self, part: &str) {
        let hold = "(() => {
            const ask = (window.ask ??= window.fetch);
            const free = new Promise((letGo) => { window.letGo = letGo; });
            window.held = 0;
            window.gone = 0;
            window.fetch = async (url, options) => {
                if (!String(url).includes(PART)) return ask(url, options);
                const answer = await ask(url, { ...options, signal: undefined });
                const { ok, status } = answer;
                const text = await answer.text();
                window.held += 1;
                await free;
                // By then whoever waited for it has taken it.
                setTimeout(() => { window.gone += 1; });
                return { ok, status, json: async () => JSON.parse(text) };
            };
        })()";
        self.is(&hold.replace("PART", &json!(part).to_string()));
    }

    /// Lets go of what was kept back, and waits until it was taken.
    pub(super) fn let_go(&self) {
        self.is("window.letGo()");
        self.wait("window.gone === window.held");
    }
}

/// A server that went away: its folder and address.
struct Left {
    folder: TempDir,
    address: String,
}

impl Browser {
    /// The server ends; the page stays open.
    fn server_goes(&mut self) -> Left {
        let address = self.server.url("").replace("http://", "");
        let server = std::mem::replace(&mut self.server, Rasid::serve(&[]));
        Left { folder: server.stop(), address }
    }

    /// The server is started again where it was, on what it had; gives its store.
    fn server_comes_back(&mut self, Left { folder, address }: Left) -> PathBuf {
        let store = store_in(folder.path());
        let mut command = rasid();
        command.args(["serve", "--listen", &address, "--store"]).arg(&store);
        self.server = Rasid::start(folder, &mut command);
        store
    }
}

fn one_event_more(store: &Path) {
    let more = tempdir().unwrap();
    file(&more, "a.txt", "قصفت قوات النظام بالمدفعية بلدة كفرنبل بريف إدلب أمس.\n");
    run(rasid().arg("ingest").arg(more.path()).arg("--store").arg(store)).done();
}

#[test]
fn an_event_that_comes_late_is_not_opened() {
    let browser = Browser::map(&ENGLISH, DESKTOP);
    browser.click("#list .row");
    browser.wait("!document.querySelector('#panel').hidden");
    let sentence = browser.text("#panel blockquote");

    // Another one was asked for, and the reader has come back before it was there.
    browser.hold("/collections/events/items/");
    let other = browser.server.ids("event_type=Riots").remove(0);
    assert!(!browser.is("location.hash").as_str().unwrap().contains(&other));
    let open = "location.hash.replace(/event=[^&]*/, `event=OTHER`)".replace("OTHER", &other);
    browser.is(&format!("(() => {{ location.hash = {open}; }})()"));
    browser.wait("window.held > 0");
    browser.runtime.block_on(browser.window().back()).unwrap();
    browser.wait(&format!("!location.hash.includes('{other}')"));
    browser.let_go();
    assert_eq!(browser.text("#panel blockquote"), sentence);

    // Nor is one that was closed before it was there.
    browser.click("#panel-back");
    browser.wait("document.querySelector('#panel').hidden");
    browser.hold("/collections/events/items/");
    browser.click("#list li:nth-child(2) .row");
    browser.wait("window.held > 0");
    browser.press("body", Key::Escape);
    browser.wait("!location.hash.includes('event=')");
    browser.let_go();
    assert_eq!(browser.is("document.querySelector('#panel').hidden"), true);
}

#[test]
fn a_page_that_comes_late_is_not_listed_among_others() {
    let browser = Browser::map(&ENGLISH, DESKTOP);
    browser.hold("cursor=");
    browser.click("#look");
    browser.wait("document.querySelectorAll('#list tr .row').length === 50");
    // Once the map has come to rest, the list is made anew, and its next page is asked for again.
    let scroll = "document.querySelector('#sheet-body').scrollTop = 1e6";
    browser.wait(&format!("({scroll}) && window.held > 0"));
    browser.click("label[for=type-battles]");
    let left = browser.server.ids("filter=event_type%20%3C%3E%20'Battles'").len();
    browser.shows(left);
    let pages = browser.count("#list tbody");
    browser.let_go();
    assert_eq!(browser.count("#list tbody"), pages);
}

#[test]
fn on_a_slow_line_only_the_last_wish_counts() {
    let browser = Browser::map(&ENGLISH, DESKTOP);
    let riots = browser.server.ids("event_type=Riots").len();
    browser.network(false, 300);
    for slug in ["battles", "explosions", "civilians", "protests", "strategic"] {
        browser.click(&format!("label[for=type-{slug}]"));
    }
    browser.shows(riots);
    let sum = "[...document.querySelectorAll('.event-marker')]
        .reduce((sum, { dataset }) => sum + Number(dataset.count), 0)";
    browser.wait(&format!("{sum} === {riots}"));
    browser.wait(&format!("document.querySelectorAll('#list .row').length === {riots}"));
}

#[test]
fn without_a_network_the_page_says_so_and_goes_on_when_it_is_back() {
    let browser = Browser::on_samples(DESKTOP);
    for words in [ARABIC, ENGLISH] {
        browser.open_map_anew(&words);
        browser.wait("navigator.serviceWorker.controller");
        browser.network(true, 0);
        browser.click("label[for=type-battles]");
        browser.wait("!document.querySelector('#no-events').hidden");
        browser.network(false, 0);
        browser.click("#no-events");
        browser.wait("document.querySelector('#no-events').hidden");
        let expected = browser.server.ids("filter=event_type%20%3C%3E%20'Battles'").len();
        browser.shows(expected);
        let (complaints, _) = browser.told();
        // The browser fetches the picture of the page whenever it likes.
        let of_network = ["ERR_INTERNET_DISCONNECTED", "icon from the Manifest"];
        let is_known = |each: &String| of_network.iter().any(|known| each.contains(known));
        assert!(complaints.iter().all(is_known), "{complaints:?}");
    }
}

#[test]
fn a_server_that_comes_back_is_listened_to_again() {
    let mut browser = Browser::map(&ENGLISH, DESKTOP);
    let left = browser.server_goes();
    let store = browser.server_comes_back(left);

    // The stream is taken up again where it was cut, and what is new is told.
    one_event_more(&store);
    browser.wait("!document.querySelector('#live').hidden");
    browser.click("#live");
    let all = browser.server.ids("").len();
    browser.shows(all);
    browser.told();
    assert!(all > Rasid::on_samples().ids("").len());
}

#[test]
fn what_is_old_is_fresh_again_when_the_server_comes_back() {
    for words in [ARABIC, ENGLISH] {
        let mut browser = Browser::map(&words, DESKTOP);
        browser.with_kept_answers(&words);
        let before = browser.server.ids("").len();
        assert_eq!(browser.is("document.querySelector('#offline').hidden"), true);

        // Only the server goes: the device's network stays as it is, so nothing tells the page.
        let left = browser.server_goes();
        browser.resize([DESKTOP[0], DESKTOP[1] - 40]);
        browser.wait("!document.querySelector('#offline').hidden");
        browser.shows(before);
        one_event_more(&store_in(left.folder.path()));
        browser.server_comes_back(left);

        browser.wait("document.querySelector('#offline').hidden");
        browser.shows(before + 1);
        // The browser tells of what it could not load.
        browser.told();
    }
}
