//! Why a page did not come.

use std::net::IpAddr;
use std::time::Duration;

use reqwest::StatusCode;

/// A page, feed or list that did not come. The message names its address.
#[derive(Debug, thiserror::Error)]
#[expect(clippy::error_impl_error, reason = "everybody calls it `web::Error`")]
#[non_exhaustive]
pub enum Error {
    /// Not an address that can be asked.
    #[error(
        "`{address}` is not an address of the web: it must begin with https:// or http:// and name a host"
    )]
    Address {
        /// What was given.
        address: String,
    },
    /// The client could not be made.
    #[error("cannot use the network")]
    Client {
        /// What went wrong.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A machine inside this network.
    #[error(
        "`{address}` is not asked: `{host}` is {ip}, which is not a public address (--allow-private-addresses allows it)"
    )]
    Private {
        /// The address.
        address: String,
        /// Its host.
        host: String,
        /// What the host is.
        ip: IpAddr,
    },
    /// The site does not want programs there.
    #[error("`{address}` is not read: the robots.txt of its site closes it to programs")]
    Robots {
        /// The address.
        address: String,
    },
    /// What the site wants cannot be known.
    #[error("`{address}` is not read now: the robots.txt of its site cannot be had")]
    RobotsUnknown {
        /// The address.
        address: String,
        /// Why not.
        #[source]
        source: Box<Error>,
    },
    /// The host failed before and is left alone.
    #[error("`{address}` is not asked for another {} s: its host failed or wants to be left alone", left.as_secs().max(1))]
    Resting {
        /// The address.
        address: String,
        /// How long.
        left: Duration,
    },
    /// No connection.
    #[error("cannot reach `{address}`")]
    Unreachable {
        /// The address.
        address: String,
        /// What went wrong.
        #[source]
        source: reqwest::Error,
    },
    /// A server that cannot show who it is.
    #[error("`{address}` is not read: the certificate of its server cannot be trusted")]
    Certificate {
        /// The address.
        address: String,
        /// What is wrong with it.
        #[source]
        source: rustls::Error,
    },
    /// An answer without a page.
    #[error("`{address}` answers {status}")]
    Status {
        /// The address.
        address: String,
        /// The answer.
        status: StatusCode,
    },
    /// From one to the next.
    #[error("`{address}` redirects more than {limit} times")]
    Redirects {
        /// The first address.
        address: String,
        /// The most that are followed.
        limit: usize,
    },
    /// To nowhere, or from an address that nobody can forge to one that anybody can.
    #[error("`{address}` redirects to `{to}`, which is not followed")]
    Redirect {
        /// The address.
        address: String,
        /// Where to.
        to: String,
    },
    /// Too much before the page.
    #[error("`{address}` sends more headers than are taken")]
    Headers {
        /// The address.
        address: String,
    },
    /// Silence.
    #[error("`{address}` sent nothing for {} s", stall.as_secs_f32())]
    Stalled {
        /// The address.
        address: String,
        /// How long.
        stall: Duration,
    },
    /// Too slow.
    #[error("`{address}` was not read to its end within {} s", total.as_secs_f32())]
    TooSlow {
        /// The address.
        address: String,
        /// How long it may take.
        total: Duration,
    },
    /// Too much, counted after decompression.
    #[error("`{address}` has more than {limit} bytes, the most that is taken")]
    TooLarge {
        /// The address.
        address: String,
        /// The most bytes.
        limit: u64,
    },
    /// Half a page.
    #[error("`{address}` broke off after {got} bytes")]
    BrokeOff {
        /// The address.
        address: String,
        /// Bytes that came.
        got: u64,
        /// What went wrong.
        #[source]
        source: reqwest::Error,
    },
}

impl Error {
    /// Whether it may be otherwise in a while: asking again is worth it.
    pub fn will_pass(&self) -> bool {
        match self {
            Self::Resting { .. }
            | Self::RobotsUnknown { .. }
            | Self::Unreachable { .. }
            | Self::Stalled { .. }
            | Self::TooSlow { .. }
            | Self::BrokeOff { .. }
            | Self::Client { .. } => true,
            Self::Status { status, .. } => {
                status.is_server_error()
                    || matches!(
                        *status,
                        StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT
                    )
            }
            _ => false,
        }
    }

    /// Tells the same of another address.
    pub(super) fn of(mut self, url: &url::Url) -> Self {
        match &mut self {
            Self::Address { address }
            | Self::Private { address, .. }
            | Self::Robots { address }
            | Self::RobotsUnknown { address, .. }
            | Self::Resting { address, .. }
            | Self::Unreachable { address, .. }
            | Self::Certificate { address, .. }
            | Self::Status { address, .. }
            | Self::Redirects { address, .. }
            | Self::Redirect { address, .. }
            | Self::Headers { address }
            | Self::Stalled { address, .. }
            | Self::TooSlow { address, .. }
            | Self::TooLarge { address, .. }
            | Self::BrokeOff { address, .. } => *address = super::told(url),
            Self::Client { .. } => {}
        }
        self
    }

    /// Whether the host is the matter, rather than this one page of it. It is left alone then.
    pub(in crate::acquire) fn is_of_host(&self) -> bool {
        match self {
            Self::Unreachable { .. }
            | Self::Certificate { .. }
            | Self::Stalled { .. }
            | Self::TooSlow { .. }
            | Self::Headers { .. } => true,
            Self::Status { status, .. } => matches!(
                *status,
                StatusCode::TOO_MANY_REQUESTS
                    | StatusCode::BAD_GATEWAY
                    | StatusCode::SERVICE_UNAVAILABLE
                    | StatusCode::GATEWAY_TIMEOUT
            ),
            _ => false,
        }
    }
}
