use axum::http::StatusCode;
use serde_json::Value;

use super::TestSite;

const SCRIPT: &str = "/js/main.js";

#[tokio::test]
async fn a_file_comes_in_the_smallest_coding_under_a_tag_of_its_own() {
    let app = TestSite::new();
    let plain = app.get(SCRIPT).await;
    let mut tags = vec![plain.header("etag").to_owned()];
    let mut sizes = vec![plain.bytes.len()];
    for (asked, coding) in [("gzip", "gzip"), ("gzip, deflate, br, zstd", "br")] {
        let asked = [("accept-encoding", asked)];
        let first = app.get_with(SCRIPT, &asked).await;
        assert_eq!(first.status, StatusCode::OK);
        assert_eq!(first.header("content-encoding"), coding);
        assert_eq!(first.header("vary"), "accept-encoding");
        assert_eq!(first.bytes, app.get_with(SCRIPT, &asked).await.bytes);
        tags.push(first.header("etag").to_owned());
        sizes.push(first.bytes.len());

        let known = [asked[0], ("if-none-match", first.header("etag"))];
        let again = app.get_with(SCRIPT, &known).await;
        assert_eq!((again.status, again.bytes.len()), (StatusCode::NOT_MODIFIED, 0));
        assert_eq!(again.header("etag"), first.header("etag"));
        let other = [asked[0], ("if-none-match", plain.header("etag"))];
        assert_eq!(app.get_with(SCRIPT, &other).await.status, StatusCode::OK);
    }
    assert!(sizes.is_sorted_by(|before, after| before > after), "{sizes:?}");
    tags.dedup();
    assert_eq!(tags.len(), 3, "{tags:?}");
}

#[tokio::test]
async fn fonts_and_pictures_are_left_as_they_are() {
    let app = TestSite::new();
    for (path, kind) in [
        (
            "/vendor/ibm-plex-sans-arabic-5.3.0/ibm-plex-sans-arabic-latin-400-normal.woff2",
            "font/woff2",
        ),
        ("/vendor/leaflet-1.9.4/images/layers.png", "image/png"),
    ] {
        let answer = app.get_with(path, &[("accept-encoding", "br, gzip, zstd")]).await;
        assert_eq!((answer.status, answer.header("content-encoding")), (StatusCode::OK, ""));
        assert_eq!(answer.header("content-type"), kind);
        assert!(answer.header("cache-control").contains("immutable"));
    }
}

#[tokio::test]
async fn only_the_embedded_map_may_be_framed_by_others() {
    let app = TestSite::new();
    for (uri, ancestors) in [
        ("/?f=html", "frame-ancestors 'none'"),
        ("/about", "frame-ancestors 'none'"),
        ("/try", "frame-ancestors 'none'"),
        ("/index.html", "frame-ancestors 'none'"),
        ("/embed?show=still", "frame-ancestors *"),
    ] {
        let page = app.get(uri).await;
        assert_eq!(
            (page.status, page.header("content-type")),
            (StatusCode::OK, "text/html; charset=utf-8")
        );
        let policy = page.header("content-security-policy");
        assert!(
            policy.ends_with(ancestors) && policy.starts_with("default-src 'none'; "),
            "{policy}"
        );
        assert!(policy.contains("trusted-types default; "), "{policy}");
    }
}

#[tokio::test]
async fn the_service_worker_knows_every_file_of_the_page_and_its_version() {
    let app = TestSite::new();
    let worker = app.get("/worker.js").await;
    assert_eq!(worker.header("content-type"), "text/javascript; charset=utf-8");
    assert_eq!(worker.header("cache-control"), "no-cache");
    let (first, code) = worker.body.split_once(";\n").unwrap();
    let shell: Value = serde_json::from_str(first.strip_prefix("const SHELL = ").unwrap()).unwrap();
    assert_eq!(shell["version"].as_str().unwrap().len(), 32);
    assert!(code.contains("addEventListener('fetch'"));
    for file in shell["files"].as_array().unwrap() {
        let answer = app.get(&format!("/{}", file.as_str().unwrap())).await;
        assert_eq!(answer.status, StatusCode::OK, "{file}");
    }
    assert!(shell["files"].as_array().unwrap().contains(&"js/main.js".into()));
}

#[tokio::test]
async fn files_can_only_be_read() {
    let app = TestSite::new();
    assert_eq!(app.send("POST", SCRIPT, &[]).await.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(app.send("HEAD", SCRIPT, &[]).await.status, StatusCode::OK);
    assert_eq!(app.get("/js/../Cargo.toml").await.status, StatusCode::NOT_FOUND);
}
