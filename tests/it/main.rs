//! Integration tests, one binary.
#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests stop at the first surprise, as the tests do"
)]

mod docs;
mod samples;
mod tidy;
