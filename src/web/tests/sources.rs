use axum::http::StatusCode;
use serde_json::json;

use super::TestSite;
use crate::model::source::{SourceName, Status, Trouble};
use crate::web::metrics::Metrics;

fn telling() -> TestSite {
    let mut app = TestSite::new();
    app.site.metrics = Metrics::new(|| "rasid_build_info 1\n".to_owned());
    app.site.board.update(&SourceName("https://me:pw@example.org/feed".to_owned()), |state| {
        state.kind = "feed".to_owned();
        state.address = "https://example.org/…".to_owned();
        state.status = Status::Failing;
        state.articles = 3;
        state.failures = 2;
        let at = "2024-02-02T10:00:00Z".parse().unwrap();
        state.last_read = Some(at);
        state.last_error = Some(Trouble { at, told: "<b>timed out</b>".to_owned() });
    });
    app
}

#[tokio::test]
async fn the_sources_are_told_without_their_secrets() {
    let app = telling();
    let answer = app.get("/sources").await;
    let told = answer.json();
    let source = &told["sources"][0];
    assert_eq!(source["name"], "https://example.org/…");
    assert_eq!((&source["kind"], &source["status"]), (&json!("feed"), &json!("failing")));
    assert_eq!((&source["articles"], &source["next_read"]), (&json!(3), &json!(null)));
    assert_eq!(source["failures"], 2);
    assert_eq!(source["last_read"], "2024-02-02T10:00:00Z");
    assert_eq!(source["last_error"]["told"], "<b>timed out</b>");
    let page = app.get("/sources?f=html").await;
    assert!(page.body.contains("&lt;b&gt;timed out"), "{}", page.body);
    assert!(!answer.body.contains("pw") && !page.body.contains("pw"));
}

#[tokio::test]
async fn where_files_lie_on_the_server_is_not_told() {
    let app = TestSite::new();
    for (name, kind) in [("/srv/secret/news", "folder"), ("/srv/secret/a.txt and 3 more", "file")] {
        app.site.board.update(&SourceName(name.to_owned()), |state| {
            state.kind = kind.to_owned();
            state.address = name.to_owned();
        });
    }
    let told = app.get("/sources").await.json();
    let mut names: Vec<_> = told["sources"].as_array().unwrap().iter().collect();
    names.sort_by_key(|source| source["kind"].to_string());
    for (source, name) in names.iter().zip(["a.txt and 3 more", "news"]) {
        assert_eq!((&source["name"], &source["address"]), (&json!(name), &json!(name)));
    }
    let page = app.get("/sources?f=html").await.body;
    assert!(page.contains("<p>2 sources;") && !page.contains("secret"), "{page}");
    let page = telling().get("/sources?f=html").await.body;
    assert!(page.contains("<p>1 source;"), "{page}");
}

#[tokio::test]
async fn what_is_counted_is_told_as_text() {
    let answer = telling().get("/metrics").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    assert_eq!(answer.body, "rasid_build_info 1\n");
}
