use std::sync::Mutex;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use proptest::prelude::*;
use serde_json::json;
use tokio::sync::mpsc;

use super::{Answer, TestSite};
use crate::model::event::EventId;
use crate::store::Inserted;
use crate::web::articles::{Busy, Intake, Outcome, Outcomes};

const TOKEN: &str = "0123456789abcdef";
const ONE: &str = r#"{"id": "a", "text": "قصف على سرمين"}"#;

/// A site whose articles meet with this, each in turn.
fn site(outcomes: Result<Vec<Outcome>, Busy>) -> TestSite {
    let mut app = TestSite::with(0);
    let outcomes = Mutex::new(outcomes);
    let take = move |articles: Vec<_>| -> Result<Outcomes, Busy> {
        let (tell, told) = mpsc::unbounded_channel();
        let mut outcomes = outcomes.lock().unwrap();
        let outcomes = outcomes.as_mut().map_err(|busy| *busy)?;
        // They may become known in any order.
        for at in (0..articles.len().min(outcomes.len())).rev() {
            tell.send((at, outcomes.remove(at))).unwrap();
        }
        Ok(told)
    };
    app.site.intake = Intake::new(TOKEN.parse().unwrap(), take);
    app
}

async fn post(app: &TestSite, headers: &[(&str, &str)], body: &str) -> Answer {
    let mut request = Request::builder().method("POST").uri("/articles").header("host", "x");
    for &(name, value) in headers {
        request = request.header(name, value);
    }
    app.ask(request.body(Body::from(body.to_owned())).unwrap()).await
}

async fn send(app: &TestSite, kind: &str, body: &str) -> Answer {
    post(app, &[("authorization", "Bearer 0123456789abcdef"), ("content-type", kind)], body).await
}

fn new(ids: &[&str]) -> (Inserted, Option<Vec<EventId>>) {
    let ids = ids.iter().map(|id| EventId((*id).to_owned())).collect::<Vec<_>>();
    (Inserted::New { events: ids.len() }, Some(ids))
}

#[tokio::test]
async fn what_became_of_each_article_is_told_in_their_order() {
    let known = (Inserted::AlreadyThere, Some(Vec::new()));
    let untold = (Inserted::New { events: 1 }, None);
    let app = site(Ok(vec![Ok(new(&["e1", "e2"])), Ok(known), Ok(untold)]));
    let [b, c] = ["\"b\"", "\"c\""].map(|id| ONE.replace("\"a\"", id));
    let lines = format!("{ONE}\n{b}\n{c}\n");
    let answer = send(&app, "application/x-ndjson; charset=utf-8", &lines).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(
        answer.json(),
        json!({ "articles": [
            { "id": "a", "became": "new", "events": ["e1", "e2"] },
            { "id": "b", "became": "known", "events": [] },
            { "id": "c", "became": "new", "events": null },
        ] })
    );
}

#[tokio::test]
async fn only_who_shows_the_token_may_hand_in() {
    let app = site(Ok(vec![Ok(new(&[]))]));
    let json = ("content-type", "application/json");
    for shown in ["", "Bearer", "Bearer x", "Basic 0123456789abcdef", "0123456789abcdef"] {
        let answer = post(&app, &[json, ("authorization", shown)], ONE).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{shown}");
        assert_eq!(answer.json()["code"], "unauthorized");
        assert_eq!(answer.header("www-authenticate"), "Bearer realm=\"rasid\"");
    }
    let answer = post(&app, &[json, ("authorization", "bearer  0123456789abcdef")], ONE).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let closed = post(&TestSite::with(0), &[json], ONE).await;
    assert_eq!(
        (closed.status, &closed.json()["code"]),
        (StatusCode::FORBIDDEN, &json!("articles_not_taken"))
    );
}

#[tokio::test]
async fn what_cannot_be_taken_is_refused_with_its_reason() {
    let large = " ".repeat(33 * 1024 * 1024);
    let busy = || Err(Busy);
    let failed = || Ok(vec![Err("no room left".to_owned())]);
    for (outcomes, kind, body, status, code) in [
        (failed(), "text/plain", ONE, 415, "unsupported_media_type"),
        (failed(), "application/json", "{}", 400, "bad_article"),
        (failed(), "application/json", &large, 413, "too_large"),
        (busy(), "application/json", ONE, 503, "queue_full"),
        (failed(), "application/json", ONE, 503, "not_kept"),
        (Ok(Vec::new()), "application/json", ONE, 503, "not_kept"),
    ] {
        let answer = send(&site(outcomes), kind, body).await;
        assert_eq!((answer.status.as_u16(), answer.json()["code"].as_str()), (status, Some(code)));
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert_eq!(answer.header("retry-after"), if status == 503 { "1" } else { "" });
    }
    let read = TestSite::with(0).get("/articles").await;
    assert_eq!((read.status, read.header("allow")), (StatusCode::METHOD_NOT_ALLOWED, "POST"));
    assert!(read.body.contains("use POST"), "{}", read.body);
}

#[tokio::test]
async fn who_waits_is_told_as_soon_as_the_store_takes_nothing() {
    let mut app = TestSite::with(0);
    let (board, waiting) = (app.site.board.clone(), Mutex::new(Vec::new()));
    let take = move |_: Vec<_>| -> Result<Outcomes, Busy> {
        let (tell, told) = mpsc::unbounded_channel();
        // Its turn never comes.
        waiting.lock().unwrap().push(tell);
        board.set_refused(Some("no room left".to_owned()));
        Ok(told)
    };
    app.site.intake = Intake::new(TOKEN.parse().unwrap(), take);
    let answer = send(&app, "application/json", ONE).await;
    assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (503, "1"));
    assert!(answer.body.contains("no room left"), "{}", answer.body);
    let ready = app.get("/health/ready").await;
    assert!(ready.status == 503 && ready.body.contains("no room left"), "{}", ready.body);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_body_is_taken_or_refused(
        body in prop::collection::vec(any::<u8>(), 0..300),
        kind in prop::sample::select(vec!["application/json", "application/x-ndjson"]),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let status = runtime.block_on(async {
            let app = site(Err(Busy));
            let request = Request::post("/articles")
                .header("authorization", "Bearer 0123456789abcdef")
                .header("content-type", kind);
            app.ask(request.body(Body::from(body)).unwrap()).await.status
        });
        prop_assert!([400, 503].contains(&status.as_u16()), "{status}");
    }
}
