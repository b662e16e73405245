//! Who listens to events.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::{STORE, TestSite, article, event, router};
use crate::model::event::Event;
use crate::store::samples;
use crate::web::stream::Streams;

const STREAM: &str = "/collections/events/stream";

/// An open stream, and what came of it and was not looked at.
struct Listener {
    body: Body,
    rest: String,
}

impl Listener {
    async fn new(app: &TestSite, uri: &str, last: Option<u64>) -> Self {
        let mut request = Request::get(uri).header("host", "example.org");
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let request = request.body(Body::empty()).unwrap();
        let response = router(app.site.clone()).oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_eq!(response.headers()["access-control-allow-origin"], "*");
        Self { body: response.into_body(), rest: String::new() }
    }

    /// The lines of the next block; `None` at the end.
    async fn block(&mut self) -> Option<Vec<String>> {
        loop {
            if let Some((block, rest)) = self.rest.split_once("\n\n") {
                let lines = block.lines().map(str::to_owned).collect();
                self.rest = rest.to_owned();
                return Some(lines);
            }
            let data = self.body.frame().await?.unwrap().into_data().unwrap();
            self.rest.push_str(std::str::from_utf8(&data).unwrap());
        }
    }

    /// The id and the feature of the next event; `None` at the end.
    async fn event(&mut self) -> Option<(u64, Value)> {
        let (name, id, data) = self.change().await?;
        assert_eq!(name, "event");
        Some((id, data))
    }

    /// The name, the id and the data of what is told next; `None` at the end.
    async fn change(&mut self) -> Option<(String, u64, Value)> {
        loop {
            let lines = self.block().await?;
            let field = |name: &str| {
                lines.iter().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
            };
            let Some(data) = field("data") else { continue };
            let (name, id) = (field("event")?.to_owned(), field("id")?.parse().unwrap());
            return Some((name, id, serde_json::from_str(data).unwrap()));
        }
    }
}

/// Keeps an article of ten events, and gives their ids.
fn keep(app: &TestSite, number: usize) -> Vec<String> {
    let article = article(number);
    let events: Vec<Event> = (0..10).map(|number| event(&article, number)).collect();
    app.site.store.insert(&article, &events).unwrap();
    events.into_iter().map(|event| event.id.0).collect()
}

#[tokio::test]
async fn events_come_as_they_are_kept_and_go_on_where_they_were_cut() {
    let app = TestSite::new();
    let mut listener = Listener::new(&app, STREAM, None).await;
    let last = app.site.store.last();
    let begin = listener.block().await.unwrap();
    assert!(begin.contains(&format!("id: {last}")) && begin.contains(&"retry: 3000".to_owned()));
    let expected = keep(&app, 7);
    let mut came = Vec::new();
    for _ in 0..4 {
        came.push(listener.event().await.unwrap());
    }
    drop(listener);
    let more = keep(&app, 8);
    let mut listener = Listener::new(&app, STREAM, Some(came[3].0)).await;
    for _ in 0..16 {
        came.push(listener.event().await.unwrap());
    }
    let ids: Vec<&str> = came.iter().map(|(_, feature)| feature["id"].as_str().unwrap()).collect();
    assert_eq!(ids, [expected, more].concat());
    assert!(came.windows(2).all(|pair| pair[0].0 < pair[1].0));
    let stored = app.get("/collections/events/items/a7-3").await.json();
    assert_eq!(came[3].1["properties"], stored["properties"]);
}

#[tokio::test]
async fn only_what_is_asked_for_comes() {
    let app = TestSite::new();
    let uri = format!("{STREAM}?fatalities=3&bbox=36,33,42,38");
    let all = app.get("/collections/events/items?fatalities=3&bbox=36,33,42,38").await.json();
    let mut listener = Listener::new(&app, &uri, Some(0)).await;
    for _ in 0..all["numberMatched"].as_u64().unwrap() {
        let (_, feature) = listener.event().await.unwrap();
        assert_eq!(feature["properties"]["fatalities"], 3);
    }
    keep(&app, 7);
    let (_, feature) = listener.event().await.unwrap();
    assert_eq!(feature["id"], "a7-3");
}

#[tokio::test]
async fn a_replaced_event_comes_again_and_a_removed_one_is_told_as_gone() {
    let app = TestSite::new();
    let path = app.folder.path().join(STORE);
    let last = app.site.store.last();
    let mut all = Listener::new(&app, STREAM, None).await;
    let mut unharmed = Listener::new(&app, &format!("{STREAM}?fatalities=1"), None).await;

    samples::replace(&path, "a1-1");
    samples::remove(&path, "a1-2");
    app.site.store.refresh().unwrap();

    let (name, _, feature) = all.change().await.unwrap();
    assert_eq!((&*name, &feature["id"]), ("event", &"a1-1".into()));
    assert_eq!(feature["properties"]["fatalities"], 3);
    let (name, id, data) = all.change().await.unwrap();
    assert_eq!((&*name, data), ("gone", json!({ "id": "a1-2" })));
    assert_eq!(id, app.site.store.last());
    for gone in ["a1-1", "a1-2"] {
        let (name, id, data) = unharmed.change().await.unwrap();
        assert_eq!((&*name, data), ("gone", json!({ "id": gone })));
        assert!(id > last);
    }
    let answer = app.get("/collections/events/items/a1-2").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_id_that_is_not_ours_is_refused() {
    let app = TestSite::new();
    let last = app.site.store.last();
    for (id, told) in [
        ("51", format!("`51` has not been given yet: the last is {last}")),
        ("-1", "`-1` is no id of ours".to_owned()),
        ("+1", "`+1` is no id of ours".to_owned()),
        ("a1-3", "send the last `id` as it came".to_owned()),
        ("99999999999999999999999", "is no id of ours".to_owned()),
    ] {
        let answer = app.get_with(STREAM, &[("last-event-id", id)]).await;
        let body = answer.json();
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{id}");
        assert_eq!(body["parameter"], "Last-Event-ID");
        assert!(body["detail"].as_str().unwrap().contains(&told), "{body}");
    }
    for query in ["limit=1", "x=1", "f=json", "event_type=War"] {
        let answer = app.get(&format!("{STREAM}?{query}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
    }
}

#[tokio::test]
async fn there_is_room_for_so_many_and_again_when_one_leaves() {
    let mut app = TestSite::new();
    app.site.streams = Streams::of(1);
    let listener = Listener::new(&app, STREAM, None).await;
    let full = app.get(STREAM).await;
    assert_eq!(full.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(
        (&full.json()["code"], full.header("retry-after")),
        (&"too_many_streams".into(), "1")
    );
    drop(listener);
    while app.send("HEAD", STREAM, &[]).await.status != StatusCode::OK {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(start_paused = true)]
async fn silence_is_broken_by_heartbeats_that_tell_the_place() {
    let app = TestSite::new();
    let mut listener = Listener::new(&app, &format!("{STREAM}?fatalities=77"), None).await;
    listener.block().await.unwrap();
    keep(&app, 7);
    let last = format!("id: {}", app.site.store.last());
    // Nothing of it is asked for, but the place moves on.
    while listener.block().await.unwrap() != [last.as_str()] {}
}

#[tokio::test(start_paused = true)]
async fn who_takes_nothing_is_cut_and_can_go_on() {
    let app = TestSite::new();
    for number in 10..40 {
        keep(&app, number);
    }
    let mut listener = Listener::new(&app, STREAM, Some(0)).await;
    tokio::time::sleep(std::time::Duration::from_secs(120)).await;
    let mut came = Vec::new();
    while let Some((id, _)) = listener.event().await {
        came.push(id);
    }
    assert!(!came.is_empty() && came.len() < 100, "{}", came.len());
    let mut listener = Listener::new(&app, STREAM, came.last().copied()).await;
    while came.len() < app.site.store.count() {
        came.push(listener.event().await.unwrap().0);
    }
    assert!(came.windows(2).all(|pair| pair[0] < pair[1]), "none is lost or comes twice");
}

#[tokio::test]
async fn streams_end_with_the_server() {
    let app = TestSite::new();
    let mut listener = Listener::new(&app, STREAM, None).await;
    app.site.streams.close();
    while listener.block().await.is_some() {}
    let mut late = Listener::new(&app, STREAM, None).await;
    while late.block().await.is_some() {}
}
