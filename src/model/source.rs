//! Where articles come from, by name, how far it has been read, and how it fares.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::article::Published;

/// The name of a source: what the operator calls it, or the address or path that was given.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SourceName(pub String);

impl fmt::Display for SourceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How far a source has been read, in words that only the source understands. It is kept in one
/// transaction with the articles read until there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Position(pub String);

/// What a source is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It has not been read yet.
    #[default]
    New,
    /// It is being read.
    Reading,
    /// It was read, and will be read again if it wants to.
    Idle,
    /// It could not be read the last time; it will be tried again if it wants to.
    Failing,
}

impl Status {
    /// Every one, in the order in which a source meets them.
    pub const ALL: [Self; 4] = [Self::New, Self::Reading, Self::Idle, Self::Failing];

    /// Its name in answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Reading => "reading",
            Self::Idle => "idle",
            Self::Failing => "failing",
        }
    }
}

/// What is known of a source, for those who watch it. Kept as JSON; what an older version did not
/// know of reads as unknown or none.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct State {
    /// What it is: `file`, `folder`, `feed` …
    pub kind: String,
    /// Where it is, without anything secret.
    pub address: String,
    /// What it is doing.
    pub status: Status,
    /// When it was read to its end, in vain or not.
    pub last_read: Option<Timestamp>,
    /// When it was last read to its end with success.
    pub last_success: Option<Timestamp>,
    /// When it will be read again.
    pub next_read: Option<Timestamp>,
    /// The article that came last.
    pub last_article: Option<LastArticle>,
    /// The latest publication of all its articles.
    pub newest: Option<Timestamp>,
    /// Articles that were new.
    pub articles: u64,
    /// Articles that were there already.
    pub known: u64,
    /// Articles that took the place of an earlier form of theirs.
    pub updated: u64,
    /// Events of articles that were new or updated.
    pub events: u64,
    /// Articles that could not be read.
    pub failed: u64,
    /// How often in a row it was read in vain.
    pub failures: u64,
    /// What went wrong last.
    pub last_error: Option<Trouble>,
}

/// An article, as far as it tells how a source fares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastArticle {
    /// Its id.
    pub id: String,
    /// Its headline.
    pub title: Option<String>,
    /// Who wrote it.
    #[serde(default)]
    pub author: Option<String>,
    /// When it was published.
    pub published: Option<Published>,
    /// When it was kept here.
    pub kept: Timestamp,
}

/// Something that went wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// When.
    pub at: Timestamp,
    /// What, in words for the operator.
    pub told: String,
}

/// Words that name a secret in the query of an address.
const SECRETS: [&str; 9] =
    ["token", "key", "auth", "pass", "pwd", "secret", "sig", "session", "credential"];

/// An address as it may be shown: only scheme and host where it holds a user, a password or a
/// parameter that looks like a secret.
///
/// ```
/// use rasid::model::source::shown;
///
/// assert_eq!(shown("https://example.org/feed?page=2"), "https://example.org/feed?page=2");
/// assert_eq!(shown("https://me:pw@example.org/feed"), "https://example.org/…");
/// assert_eq!(shown("https://example.org/feed?api_key=1"), "https://example.org/…");
/// ```
pub fn shown(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else { return address.to_owned() };
    let (authority, path) =
        rest.find(['/', '?', '#']).and_then(|at| rest.split_at_checked(at)).unwrap_or((rest, ""));
    let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
    let query = path.split_once(['?', '#']).map_or("", |(_, query)| query).to_lowercase();
    let secret = query.split(['&', ';']).any(|pair| {
        let name = pair.split('=').next().unwrap_or_default();
        SECRETS.iter().any(|word| name.contains(word))
    });
    if secret || !user.is_empty() { format!("{scheme}://{host}/…") } else { address.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_secret_in_an_address_is_not_shown() {
        for (address, is) in [
            ("samples/a.txt", "samples/a.txt"),
            ("https://example.org", "https://example.org"),
            ("https://example.org/a?keyword=1", "https://example.org/…"),
            ("https://user@example.org:8443/a", "https://example.org:8443/…"),
            ("https://a@b:c@example.org?x=1", "https://example.org/…"),
            ("https://example.org/feed?x=1&ACCESS_TOKEN=2", "https://example.org/…"),
            ("https://example.org/token/x?y=z@w", "https://example.org/token/x?y=z@w"),
        ] {
            assert_eq!(shown(address), is, "{address}");
        }
    }

    #[test]
    fn a_state_of_an_older_version_is_read() {
        let state: State =
            serde_json::from_str(r#"{"kind":"feed","articles":3,"strange":1}"#).unwrap();
        assert_eq!((state.kind.as_str(), state.articles, state.status), ("feed", 3, Status::New));
        let text = serde_json::to_string(&state).unwrap();
        assert_eq!(serde_json::from_str::<State>(&text).unwrap(), state);
    }
}
