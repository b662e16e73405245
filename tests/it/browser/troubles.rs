//! The page when the network or the server fails it.

use serde_json::json;

use super::{ARABIC, Browser, DESKTOP, ENGLISH};
use crate::app::{Rasid, SAMPLES, rasid, run, store_in};

impl Browser {
    /// Slows the network down, or cuts it.
    fn network(&self, offline: bool, latency: u32) {
        let conditions = json!({
            "offline": offline, "latency": latency,
            "downloadThroughput": 50_000, "uploadThroughput": 20_000,
        });
        let tools = self.window().cdp();
        let set = async {
            tools.send_raw("Network.enable", json!({})).await?;
            tools.send_raw("Network.emulateNetworkConditions", conditions).await
        };
        self.runtime.block_on(set).unwrap();
    }
}

#[test]
fn on_a_slow_line_only_the_last_wish_counts() {
    let browser = Browser::map(&ENGLISH, DESKTOP);
    let riots = browser.server.ids("event_type=Riots").len();
    browser.network(false, 300);
    for slug in ["battles", "explosions", "civilians", "protests", "strategic"] {
        browser.click(&format!("label[for=type-{slug}]"));
    }
    let title = "document.querySelector('#list-title').dataset.count";
    browser.wait(&format!("{title} === '{riots}'"));
    let sum = "[...document.querySelectorAll('.event-marker')]
        .reduce((sum, { dataset }) => sum + Number(dataset.count), 0)";
    browser.wait(&format!("{sum} === {riots}"));
    browser.wait(&format!("document.querySelectorAll('#list .row').length === {riots}"));
}

#[test]
fn without_a_network_the_page_says_so_and_goes_on_when_it_is_back() {
    for words in [ARABIC, ENGLISH] {
        let browser = Browser::map(&words, DESKTOP);
        browser.network(true, 0);
        browser.click("label[for=type-battles]");
        browser.wait("!document.querySelector('#no-events').hidden");
        browser.network(false, 0);
        browser.click("#no-events");
        browser.wait("document.querySelector('#no-events').hidden");
        let expected = browser.server.ids("filter=event_type%20%3C%3E%20'Battles'").len();
        let title = "document.querySelector('#list-title').dataset.count";
        browser.wait(&format!("{title} === '{expected}'"));
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
    let address = browser.server.url("").replace("http://", "");
    let server = std::mem::replace(&mut browser.server, Rasid::serve(&[]));
    let folder = server.stop();
    let store = store_in(folder.path());
    let mut command = rasid();
    command.args(["serve", "--listen", &address, "--store"]).arg(&store);
    browser.server = Rasid::start(folder, &mut command);

    // The stream is taken up again where it was cut, and what is new is told.
    let more = tempfile::tempdir().unwrap();
    crate::app::file(&more, "a.txt", "قصفت قوات النظام بالمدفعية بلدة كفرنبل بريف إدلب أمس.\n");
    run(rasid().arg("ingest").arg(more.path()).arg("--store").arg(&store)).done();
    browser.wait("!document.querySelector('#live').hidden");
    browser.click("#live");
    let all = browser.server.ids("").len();
    let title = "document.querySelector('#list-title').dataset.count";
    browser.wait(&format!("{title} === '{all}'"));
    browser.told();
    assert!(all > Rasid::serve(&[SAMPLES]).ids("").len());
}
