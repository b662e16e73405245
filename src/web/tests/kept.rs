use axum::Router;
use axum::body::{Body, Bytes, HttpBody as _};
use axum::http::{HeaderMap, Request};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use super::TestSite;
use crate::store::samples::{article, event};
use crate::web::router;

/// The headers and bytes of an answer, and whether all of it was there from the beginning.
async fn ask(router: &Router, request: &[(&str, &str)], uri: &str) -> (HeaderMap, Bytes, bool) {
    let mut asked = Request::builder().uri(uri).header("host", "example.org");
    for &(name, value) in request {
        asked = asked.header(name, value);
    }
    let response = router.clone().oneshot(asked.body(Body::empty()).unwrap()).await.unwrap();
    let (mut parts, body) = response.into_parts();
    // An answer that is made while it is sent does not tell its length.
    parts.headers.remove("content-length");
    let is_whole = body.size_hint().exact().is_some();
    (parts.headers, body.collect().await.unwrap().to_bytes(), is_whole)
}

const ITEMS: &str = "/collections/events/items?limit=20";

#[tokio::test]
async fn a_compressed_answer_is_kept_until_something_changes() {
    let app = TestSite::new();
    let router = router(app.site.clone());
    let mut before = None;
    for coding in ["gzip", "br", "zstd"] {
        let accepted = [("accept-encoding", coding)];
        let (headers, body, was_kept) = ask(&router, &accepted, ITEMS).await;
        assert!(!was_kept && headers["content-encoding"] == coding, "{headers:?}");
        let again = ask(&router, &accepted, ITEMS).await;
        assert_eq!(again, (headers.clone(), body, true), "the same, and kept");
        let (other, ..) = ask(&router, &accepted, "/collections/events/items?limit=21").await;
        assert_ne!(other["etag"], headers["etag"]);
        before = Some(headers);
    }

    let article = article(2);
    app.site.store.insert(&article, &[event(&article, 2)]).unwrap();
    let (headers, _, was_kept) = ask(&router, &[("accept-encoding", "gzip")], ITEMS).await;
    assert!(!was_kept);
    assert_ne!(headers["etag"], before.unwrap()["etag"]);
}

#[tokio::test]
async fn a_kept_answer_is_for_those_who_ask_alike() {
    let app = TestSite::new();
    let router = router(app.site.clone());
    let gzip = ("accept-encoding", "gzip");
    ask(&router, &[gzip], ITEMS).await;

    let (plain, body, _) = ask(&router, &[], ITEMS).await;
    assert_eq!(ask(&router, &[], ITEMS).await, (plain.clone(), body.clone(), true));
    assert!(!plain.contains_key("content-encoding") && body.starts_with(b"{\"type\":"));
    let (page, ..) = ask(&router, &[gzip, ("accept", "text/html")], ITEMS).await;
    assert_eq!(page["content-type"], "text/html; charset=utf-8");
    let (elsewhere, _, was_kept) =
        ask(&router, &[gzip, ("x-forwarded-host", "b.example")], ITEMS).await;
    assert!(!was_kept && elsewhere["link"].to_str().unwrap().contains("http://b.example/"));

    let known = plain["etag"].to_str().unwrap();
    let (_, body, _) = ask(&router, &[gzip, ("if-none-match", known)], ITEMS).await;
    assert!(body.is_empty(), "not modified");
}

#[tokio::test]
async fn an_answer_that_was_broken_off_is_not_kept() {
    let app = TestSite::new();
    let router = router(app.site.clone());
    let request = || {
        let request = Request::builder().uri(ITEMS).header("accept-encoding", "gzip");
        request.body(Body::empty()).unwrap()
    };
    let broken = router.clone().oneshot(request()).await.unwrap();
    drop(broken);
    let head = Request::builder().method("HEAD").uri(ITEMS).header("accept-encoding", "gzip");
    router.clone().oneshot(head.body(Body::empty()).unwrap()).await.unwrap();
    let (headers, body, was_kept) = ask(&router, &[("accept-encoding", "gzip")], ITEMS).await;
    assert!(!was_kept && headers["content-encoding"] == "gzip" && !body.is_empty());
}
