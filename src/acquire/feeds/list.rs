//! The list of outlets, as a TOML file gives it.

use std::collections::HashSet;

use toml::{Table, Value};

use super::{Feed, Kind, Text, duration};
use crate::acquire::html::Selectors;
use crate::acquire::web;
use crate::model::article::Lang;
use crate::model::source::SourceName;

/// What a feed may say of itself.
const KEYS: &str = "name, address, kind, text, language, publisher, trust, interval, selectors";

/// A list that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// Not TOML.
    #[error("it is not TOML")]
    Syntax(#[from] Box<toml::de::Error>),
    /// Something else than feeds.
    #[error("it has `{key}`, which means nothing here: write each feed below a line `[[feed]]`")]
    Stray {
        /// The key.
        key: String,
    },
    /// A list of nothing.
    #[error("it has no feed: write each below a line `[[feed]]`")]
    Empty,
    /// A key that means nothing.
    #[error("{feed} has an unknown key `{key}`: allowed are {allowed}")]
    Key {
        /// The feed, by its name or number.
        feed: String,
        /// The key.
        key: String,
        /// What could have been meant.
        allowed: &'static str,
    },
    /// A key that must be there.
    #[error("{feed} has no `{key}`: it needs one")]
    Missing {
        /// The feed, by its name or number.
        feed: String,
        /// The key.
        key: &'static str,
    },
    /// A value that its key cannot have.
    #[error("`{key}` of {feed} cannot be read: {why}")]
    Value {
        /// The feed, by its name or number.
        feed: String,
        /// The key.
        key: String,
        /// What is wrong and what is allowed.
        why: String,
    },
    /// Two of one name.
    #[error("two feeds are called `{name}`: a feed is known by its name")]
    Twice {
        /// Their name.
        name: String,
    },
}

/// Reads a list of feeds.
///
/// # Errors
/// Names the feed and the key, and says what is allowed.
pub fn parse(text: &str) -> Result<Vec<Feed>, ListError> {
    let table: Table = text.trim_start_matches('\u{feff}').parse().map_err(Box::new)?;
    let mut feeds = Vec::new();
    let mut names = HashSet::new();
    for (key, value) in table {
        let (true, Value::Array(listed)) = (key == "feed", value) else {
            return Err(ListError::Stray { key });
        };
        for (number, value) in (1..).zip(listed) {
            let Value::Table(table) = value else { return Err(ListError::Stray { key }) };
            let feed = feed(number, table)?;
            if !names.insert(feed.name.clone()) {
                return Err(ListError::Twice { name: feed.name.0 });
            }
            feeds.push(feed);
        }
    }
    if feeds.is_empty() { Err(ListError::Empty) } else { Ok(feeds) }
}

fn feed(number: usize, table: Table) -> Result<Feed, ListError> {
    let named = table.get("name").and_then(Value::as_str).map(|name| format!("feed `{name}`"));
    let called = named.unwrap_or_else(|| format!("feed {number} of the list"));
    let missing = |key| ListError::Missing { feed: called.clone(), key };
    let Some(Value::String(address)) = table.get("address") else {
        return Err(missing("address"));
    };
    let wrong = |key: &str, why: String| ListError::Value {
        feed: called.clone(),
        key: key.to_owned(),
        why,
    };
    let address = web::address(address).map_err(|error| wrong("address", error.to_string()))?;
    let mut feed = Feed { name: SourceName(String::new()), ..Feed::at(address) };
    for (key, value) in table {
        let told = |why| wrong(&key, why);
        match key.as_str() {
            "address" => {}
            "name" => feed.name = SourceName(string(value).map_err(told)?),
            "kind" => feed.kind = Some(kind(&string(value).map_err(told)?).map_err(told)?),
            "text" => feed.text = text(&string(value).map_err(told)?).map_err(told)?,
            "language" => feed.language = Some(lang(&string(value).map_err(told)?).map_err(told)?),
            "publisher" => feed.publisher = Some(string(value).map_err(told)?),
            "trust" => feed.trust = trust(&value).map_err(told)?,
            "interval" => {
                feed.interval = duration::parse(&string(value).map_err(told)?).map_err(told)?;
            }
            "selectors" => feed.selectors = selectors(value).map_err(told)?,
            _ => return Err(ListError::Key { feed: called, key, allowed: KEYS }),
        }
    }
    if feed.name.0.is_empty() { Err(missing("name")) } else { Ok(feed) }
}

fn string(value: Value) -> Result<String, String> {
    match value {
        Value::String(text) if text.trim().is_empty() => Err("it is empty".to_owned()),
        Value::String(text) => Ok(text.trim().to_owned()),
        other => Err(format!("it is a TOML {}, not a text in quotes", other.type_str())),
    }
}

fn kind(text: &str) -> Result<Kind, String> {
    [Kind::Feed, Kind::Sitemap, Kind::Page]
        .into_iter()
        .find(|kind| kind.name() == text)
        .ok_or_else(|| format!("`{text}` is none: write feed, sitemap or page"))
}

fn text(text: &str) -> Result<Text, String> {
    match text {
        "auto" => Ok(Text::Auto),
        "feed" => Ok(Text::Feed),
        "page" => Ok(Text::Page),
        other => Err(format!("`{other}` is none: write auto, feed or page")),
    }
}

fn lang(text: &str) -> Result<Lang, String> {
    match text {
        "ar" => Ok(Lang::Ar),
        "en" => Ok(Lang::En),
        other => Err(format!("`{other}` is not a language that is read here: write ar or en")),
    }
}

/// In percent.
fn trust(value: &Value) -> Result<u8, String> {
    let number = match value {
        Value::Float(number) => Some(*number),
        Value::Integer(0) => Some(0.0),
        Value::Integer(1) => Some(1.0),
        _ => None,
    };
    let number = number.filter(|number| (0.0..=1.0).contains(number));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 100")]
    number
        .map(|number| (number * 100.0).round() as u8)
        .ok_or_else(|| format!("`{value}` is not a number from 0 to 1"))
}

fn selectors(value: Value) -> Result<Selectors, String> {
    let Value::Table(table) = value else {
        return Err("write it as { text = \".story\", remove = \".promo\" }".to_owned());
    };
    let mut selectors = Selectors::default();
    for (key, value) in table {
        let place = match key.as_str() {
            "text" => &mut selectors.text,
            "title" => &mut selectors.title,
            "published" => &mut selectors.published,
            "remove" => &mut selectors.remove,
            _ => {
                return Err(format!(
                    "unknown key `{key}`: allowed are text, title, published, remove"
                ));
            }
        };
        let selector = string(value).map_err(|why| format!("`{key}`: {why}"))?;
        if !Selectors::is_one(&selector) {
            return Err(format!("`{key}`: `{selector}` is not a CSS selector"));
        }
        *place = Some(selector);
    }
    Ok(selectors)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::acquire::feeds::INTERVAL;

    const TWO: &str = "\
[[feed]]
name = 'one'
address = 'https://one.example/feed'

[[feed]]
name = 'two'
address = 'https://two.example/sitemap.xml'
kind = 'sitemap'
text = 'page'
language = 'ar'
publisher = 'Two'
trust = 0.8
interval = '15m'
selectors = { text = '.story > p', remove = '.promo, .x' }
";

    #[test]
    fn a_list_is_read_with_all_its_keys() {
        let feeds = parse(TWO).unwrap();
        let [one, two] = feeds.as_slice() else { panic!("{feeds:#?}") };
        assert_eq!((one.name.0.as_str(), one.kind, one.interval), ("one", None, INTERVAL));
        assert_eq!(two.address.as_str(), "https://two.example/sitemap.xml");
        assert_eq!(
            (two.kind, two.text, two.language),
            (Some(Kind::Sitemap), Text::Page, Some(Lang::Ar))
        );
        assert_eq!((two.publisher.as_deref(), two.interval.as_secs()), (Some("Two"), 900));
        assert_eq!(two.trust, 80);
        assert_eq!(two.selectors.text.as_deref(), Some(".story > p"));
    }

    #[test]
    fn the_example_is_a_list() {
        let feeds = parse(include_str!("../../../feeds.example.toml")).unwrap();
        assert!(feeds.len() >= 3);
        for feed in feeds {
            let host = feed.address.host_str().unwrap().to_owned();
            assert!(host.ends_with("example.org"), "{host} is somebody's");
        }
    }

    #[test]
    fn a_wrong_list_names_the_feed_the_key_and_what_is_allowed() {
        let with = |line: &str| format!("{TWO}\n[[feed]]\nname = 'bad'\n{line}\n");
        let addressed = |line: &str| with(&format!("address = 'https://bad.example/'\n{line}"));
        for (list, told) in [
            (String::new(), "it has no feed"),
            ("feeds = 3".to_owned(), "it has `feeds`"),
            ("feed = [3]".to_owned(), "it has `feed`"),
            ("[[feed]\n".to_owned(), "it is not TOML"),
            (with(""), "feed `bad` has no `address`"),
            (
                "[[feed]]\naddress = 'https://a.example'".to_owned(),
                "feed 1 of the list has no `name`",
            ),
            (
                with("address = 'bad.example'"),
                "`address` of feed `bad` cannot be read: `bad.example`",
            ),
            (
                addressed("adress = 'x'"),
                "feed `bad` has an unknown key `adress`: allowed are name, address",
            ),
            (
                addressed("kind = 'rss'"),
                "`kind` of feed `bad` cannot be read: `rss` is none: write feed,",
            ),
            (addressed("text = 'all'"), "write auto, feed or page"),
            (addressed("language = 'fa'"), "write ar or en"),
            (addressed("trust = 1.5"), "`1.5` is not a number from 0 to 1"),
            (addressed("trust = nan"), "is not a number from 0 to 1"),
            (addressed("trust = 'high'"), "is not a number from 0 to 1"),
            (addressed("interval = 5"), "TOML integer"),
            (addressed("interval = '5'"), "write one as 90s, 5m or 1h"),
            (addressed("publisher = ''"), "`publisher` of feed `bad` cannot be read: it is empty"),
            (addressed("selectors = '.x'"), "write it as { text ="),
            (addressed("selectors = { body = '.x' }"), "unknown key `body`: allowed are text,"),
            (addressed("selectors = { text = ':::' }"), "`:::` is not a CSS selector"),
            (
                addressed("[[feed]]\nname = 'bad'\naddress = 'https://x.example/'"),
                "two feeds are called `bad`",
            ),
        ] {
            let error = parse(&list).unwrap_err().to_string();
            assert!(error.contains(told), "{error}\n  lacks {told}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_list_or_not(text in "\\PC{0,200}", value in "[-'\"\\[\\]{}=0-9a-z. ]{0,30}") {
            let _ = parse(&text);
            for key in ["name", "address", "kind", "trust", "interval", "selectors"] {
                let _ = parse(&format!("[[feed]]\nname = 'a'\n{key} = {value}\n"));
                let _ = parse(&format!("[[feed]]\naddress = 'https://a.example/'\n{key} = {value}\n"));
            }
        }
    }
}
