//! How the web is read: by whom, how far, how long, how much.

use std::hash::{BuildHasher as _, RandomState};
use std::net::IpAddr;
use std::time::Duration;

use jiff::Timestamp;

use super::Reach;

/// How the web is read.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where whoever runs this can be reached, an address of a page or of mail; told to every server.
    pub contact: Option<String>,
    /// Which machines may be asked.
    pub reach: Reach,
    /// How long and how much.
    pub limits: Limits,
    /// Looks names up in place of the system.
    pub lookup: Option<fn(&str) -> Vec<IpAddr>>,
    /// What the times of answers are taken from.
    pub clock: fn() -> Timestamp,
    /// What the chance in waits begins with.
    pub seed: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            contact: None,
            reach: Reach::default(),
            limits: Limits::default(),
            lookup: None,
            clock: system_clock,
            // Another one in each process: many of them must not ask at the same moment.
            seed: RandomState::new().hash_one("rasid"),
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the edge, from where `now` is handed on")]
fn system_clock() -> Timestamp {
    Timestamp::now()
}

/// How long a page may take and how much it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Until there is a connection.
    pub connect: Duration,
    /// Between two pieces.
    pub stall: Duration,
    /// From the request to the last piece.
    pub total: Duration,
    /// The most bytes of a page, after decompression.
    pub max_bytes: u64,
    /// The most redirects in a row.
    pub redirects: usize,
    /// The longest pause between two pages that a site can ask for.
    pub longest_pause: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            stall: Duration::from_secs(20),
            total: Duration::from_secs(60),
            // The greatest pages of news sites have two; sitemaps may have fifty, and are cut up by most.
            max_bytes: 16 * 1024 * 1024,
            redirects: 5,
            longest_pause: Duration::from_secs(10),
        }
    }
}
