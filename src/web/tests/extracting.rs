use std::sync::mpsc;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use proptest::prelude::*;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::{Answer, TestSite};
use crate::model::article::Article;
use crate::model::event::Event;
use crate::model::report::{Extraction, Finding};
use crate::model::text::Span;
use crate::store::samples::event;
use crate::web::extract::{Extractor, MOST_BYTES};
use crate::web::router;

/// Finds one event in every article, and one sentence: all of it.
pub(super) fn read(article: &Article) -> (Vec<Event>, Extraction) {
    let span = Span { start: 0, end: article.text.chars().count() };
    let notes = vec!["found".to_owned(), format!("{:?}", article.published)];
    let findings = vec![Finding { span, zone: "lead", notes }];
    (vec![event(article, 1)], Extraction { findings, ..Extraction::default() })
}

fn sent(uri: &str, kind: &str, body: impl Into<Body>) -> Request<Body> {
    let request = Request::post(uri).header("host", "example.org").header("content-type", kind);
    request.body(body.into()).unwrap()
}

async fn send(app: &TestSite, uri: &str, kind: &str, body: impl Into<Body>) -> Answer {
    app.ask(sent(uri, kind, body)).await
}

#[tokio::test]
async fn an_article_is_answered_with_its_events_and_what_was_made_of_each_sentence() {
    let app = TestSite::new();
    let before = app.site.store.count();
    let article = json!({ "text": "قصف على إدلب", "published": "2022-07-18", "more": 1 });
    let answer = send(&app, "/extract", "application/json", article.to_string()).await;
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (StatusCode::OK, "application/geo+json")
    );
    assert_eq!(answer.header("cache-control"), "no-store");
    let told = answer.json();
    assert_eq!(told["type"], "FeatureCollection");
    assert_eq!(told["features"].as_array().unwrap().len(), 1);
    assert_eq!(told["problems"], json!([]));
    let finding = &told["findings"][0];
    assert_eq!((&finding["sentence"], &finding["end"]), (&json!("قصف على إدلب"), &json!(12)));
    assert!(finding["notes"][1].as_str().unwrap().contains("2022-07-18"));
    assert_eq!(app.site.store.count(), before, "nothing is kept");
}

#[tokio::test]
async fn bare_text_takes_the_rest_from_the_address() {
    let app = TestSite::new();
    let kind = "text/plain; charset=utf-8";
    let answer = send(&app, "/extract?published=2022-07-18", kind, "Shelling hit Idlib.").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert!(answer.json()["findings"][0]["notes"][1].as_str().unwrap().contains("2022-07-18"));
}

#[tokio::test]
async fn what_is_no_article_is_refused_in_words() {
    let app = TestSite::new();
    let json = "application/json";
    let long = format!("{{\"text\": \"{}\"}}", "a".repeat(MOST_BYTES));
    for (uri, kind, body, status, code, told) in [
        ("/extract", json, "{}", 400, "bad_article", "missing field `text`"),
        ("/extract", json, r#"{"text": 5}"#, 400, "bad_article", "expected a string"),
        ("/extract", json, r#"{"text": ""}"#, 400, "bad_article", "`text` is empty"),
        ("/extract", json, "[]", 400, "bad_article", "expected a map"),
        ("/extract", json, "{", 400, "bad_article", "EOF"),
        (
            "/extract",
            json,
            r#"{"text": "a", "published": "soon"}"#,
            400,
            "bad_article",
            "YYYY-MM-DD",
        ),
        ("/extract?lang=ar", json, r#"{"text": "a"}"#, 400, "unknown_parameter", "lang"),
        ("/extract", "text/plain", "", 400, "bad_article", "empty"),
        ("/extract?lang=fa", "text/plain", "a", 400, "bad_article", "expected `ar` or `en`"),
        ("/extract?colour=red", "text/plain", "a", 400, "unknown_parameter", "published"),
        ("/extract", "text/html", "<p>a", 415, "unsupported_media_type", "text/plain"),
        ("/extract", "", "a", 415, "unsupported_media_type", "text/plain"),
        ("/extract", json, &long, 413, "too_large", "204800"),
    ] {
        let answer = send(&app, uri, kind, body.to_owned()).await;
        let problem = answer.json();
        let seen = (answer.status.as_u16(), problem["code"].as_str().unwrap());
        assert_eq!(seen, (status, code), "{uri} {kind}");
        assert!(problem["detail"].as_str().unwrap().contains(told), "{problem}");
    }
    let strange = send(&app, "/extract", "text/plain", vec![b'a', 0xff]).await;
    assert_eq!(
        (strange.status, &strange.json()["code"]),
        (StatusCode::BAD_REQUEST, &json!("bad_article"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_while_all_seats_are_taken_is_asked_to_come_again() {
    let mut app = TestSite::new();
    let (begun, begins) = mpsc::channel();
    let (end, ends) = mpsc::channel::<()>();
    let gate = std::sync::Mutex::new((begun, ends));
    app.site.extractor = Extractor::with_seats(1, move |article| {
        let gate = gate.lock().unwrap();
        gate.0.send(()).ok();
        gate.1.recv().ok();
        read(article)
    });
    let router = router(app.site.clone());
    let first = tokio::spawn(router.clone().oneshot(sent("/extract", "text/plain", "a")));
    tokio::task::spawn_blocking(move || begins.recv().unwrap()).await.unwrap();

    let busy = send(&app, "/extract", "text/plain", "b").await;
    assert_eq!((busy.status, busy.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, "1"));
    assert_eq!(busy.json()["code"], "too_busy");

    end.send(()).unwrap();
    assert_eq!(first.await.unwrap().unwrap().status(), StatusCode::OK);
    drop(end);
    assert_eq!(send(&app, "/extract", "text/plain", "c").await.status, StatusCode::OK);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever is sent, there is an answer in words.
    #[test]
    fn anything_that_is_sent_is_answered(
        body in proptest::collection::vec(any::<u8>(), 0..200),
        text in ".{0,60}",
        kind in prop::sample::select(vec!["application/json", "text/plain", "a/b"]),
        wraps in any::<bool>(),
    ) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let body = if wraps {
            json!({ "text": text, "title": text, "published": text }).to_string().into_bytes()
        } else {
            body
        };
        runtime.block_on(async {
            let app = TestSite::with(1);
            let answer = send(&app, "/extract", kind, body).await;
            let told: Value = answer.json();
            assert!(matches!(answer.status.as_u16(), 200 | 400 | 415), "{told}");
            assert!(told["features"].is_array() || told["detail"].is_string(), "{told}");
        });
    }
}
