//! Answers that may take long are made aside: the connections of a thread do not wait for one of them.

use std::panic::resume_unwind;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;

/// Parameters with which features are looked up. With any other all of them may have to be looked at.
const QUICK: &[&str] = &[
    "bbox",
    "bbox-crs",
    "crs",
    "cursor",
    "datetime",
    "f",
    "limit",
    "properties",
    "skipGeometry",
    "zoom",
];

/// Makes an answer on another thread, unless it is quick.
pub(super) async fn make(request: Request, next: Next) -> Response {
    if is_quick(request.uri().query().unwrap_or_default()) {
        return next.run(request).await;
    }
    let runtime = Handle::current();
    let made = spawn_blocking(move || runtime.block_on(next.run(request))).await;
    made.unwrap_or_else(|ended| resume_unwind(ended.into_panic()))
}

fn is_quick(query: &str) -> bool {
    form_urlencoded::parse(query.as_bytes()).all(|(name, _)| QUICK.contains(&&*name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_is_quick_and_a_filter_may_not_be() {
        assert!(["", "limit=5", "bbox=36,35,37,36&limit=100&f=json"].into_iter().all(is_quick));
        assert!(
            !["q=x", "bbox=36,35,37,36&filter=a", "event_type=Riots"].into_iter().any(is_quick)
        );
    }
}
