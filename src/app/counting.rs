//! What the program counts, written for Prometheus.

use anyhow::{Context, Result};
use metrics::{Unit, describe_counter, describe_gauge, describe_histogram, gauge};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder};

use crate::pipeline::EXTRACTOR;
use crate::web::metrics::Metrics;

/// Seconds that divide what takes from a millisecond to some seconds.
const BUCKETS: [f64; 12] = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0];

/// Begins to count.
pub(super) fn begin() -> Result<Metrics> {
    let builder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &BUCKETS)
        .context("no bounds to count between")?;
    let handle = builder.install_recorder().context("cannot count what is done")?;
    describe();
    gauge!("rasid_build_info", "version" => env!("CARGO_PKG_VERSION"), "extractor" => EXTRACTOR)
        .set(1.0);
    let upkeep = handle.clone();
    // What is measured waits to be summed up; if nobody asks, it would wait for ever.
    std::thread::spawn(move || {
        loop {
            std::thread::sleep(std::time::Duration::from_secs(5));
            upkeep.run_upkeep();
        }
    });
    Ok(Metrics::new(move || handle.render()))
}

fn describe() {
    describe_counter!("rasid_articles_total", "articles by source and what became of them");
    describe_counter!("rasid_events_total", "events of new articles by source");
    describe_counter!("rasid_refusals_total", "claims that were found and refused, by reason");
    describe_counter!("rasid_source_errors_total", "what could not be read, by source and kind");
    describe_counter!("rasid_store_errors_total", "commits that failed");
    describe_gauge!(
        "rasid_source_lag_seconds",
        Unit::Seconds,
        "since the last success, or since the latest publication"
    );
    describe_gauge!("rasid_source_status", "1 for what the source is doing, 0 otherwise");
    describe_gauge!("rasid_queue_articles", "articles read and not yet kept");
    describe_gauge!("rasid_store_events", "events of the store");
    describe_gauge!("rasid_store_articles", "articles of the store");
    describe_gauge!("rasid_store_bytes", Unit::Bytes, "size of the store file");
    describe_gauge!("rasid_replica_connected", "1 if the database answered when last asked");
    describe_gauge!("rasid_replica_age_seconds", Unit::Seconds, "since memory was all there was");
    describe_gauge!("rasid_build_info", "1, with what runs");
    describe_histogram!("rasid_extraction_seconds", Unit::Seconds, "reading one article");
    describe_histogram!("rasid_commit_seconds", Unit::Seconds, "one transaction");
    describe_histogram!(
        "rasid_http_request_seconds",
        Unit::Seconds,
        "until an answer begins, by route and status"
    );
}
