//! Integration tests, one binary.
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "helpers of tests stop at the first surprise, as the tests do"
)]

mod api;
mod app;
mod bad_input;
mod browser;
mod cases;
mod clients;
mod command_line;
mod database;
mod docs;
mod durable;
mod export;
mod feed_faults;
mod feeds;
mod formats;
mod gazetteer;
mod gis;
mod import;
mod merge;
mod operation;
mod packaging;
mod renewal;
mod review;
mod samples;
mod seed;
mod store_faults;
mod stream;
mod tidy;
mod update;
