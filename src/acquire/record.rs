//! One article as one line of JSON.

use serde::{Deserialize, Deserializer, de};

use super::{Meta, Options, article};
use crate::model::article::{Article, ArticleId, Lang, Published};

/// An article as programs hand it over, one JSON object a line.
///
/// Only `id` and `text` are needed; the article keeps that id. Other fields
/// than these are left alone, so that a line may carry what its sender needs.
///
/// ```
/// use rasid::acquire::{Options, Record};
///
/// let line = r#"{"id": "7", "text": "قصف على إدلب", "published": "2022-07-18"}"#;
/// let record: Record = serde_json::from_str(line)?;
/// assert_eq!(record.into_article(&Options::default()).id.0, "7");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Record {
    /// The sender's name for it.
    pub id: ArticleId,
    /// The text; offsets in its events count its characters.
    pub text: String,
    /// The headline.
    #[serde(default)]
    pub title: Option<String>,
    /// When it was published: a day or an RFC 3339 time.
    #[serde(default, deserialize_with = "published")]
    pub published: Option<Published>,
    /// Where it can be read.
    #[serde(default)]
    pub url: Option<String>,
    /// Who wrote it.
    #[serde(default)]
    pub author: Option<String>,
    /// The outlet.
    #[serde(default)]
    pub publisher: Option<String>,
    /// The language, `ar` or `en`; otherwise the letters tell.
    #[serde(default)]
    pub lang: Option<Lang>,
}

impl Record {
    /// The article that the line describes.
    pub fn into_article(self, options: &Options) -> Article {
        let meta = Meta {
            title: self.title,
            author: self.author,
            publisher: self.publisher,
            trust: None,
            url: self.url,
            published: self.published,
            lang: self.lang,
        };
        Article { id: self.id, ..article(options, self.text, meta) }
    }
}

// The date type reads itself from JSON too, but then says no more than that it failed.
fn published<'de, D: Deserializer<'de>>(json: D) -> Result<Option<Published>, D::Error> {
    let text: Option<String> = Option::deserialize(json)?;
    text.map(|text| Published::parse(&text).map_err(de::Error::custom)).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Article, String> {
        serde_json::from_str::<Record>(line)
            .map(|record| record.into_article(&Options::default()))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn a_line_becomes_an_article_with_its_own_id() {
        let article = read(
            r#"{"id": "n-1", "text": "Shelling in Idlib", "title": "T", "url": "https://example.org/1",
                "publisher": "P", "published": "2022-07-18T09:30:00+03:00", "lang": "ar", "gold": 3}"#,
        )
        .unwrap();
        assert_eq!((article.id.0.as_str(), article.lang), ("n-1", Lang::Ar));
        assert_eq!(article.published.unwrap().day().to_string(), "2022-07-18");
        assert_eq!(article.title.as_deref(), Some("T"));
    }

    #[test]
    fn what_a_line_leaves_out_is_unknown() {
        let article = read(r#"{"id": "1", "text": "قصف", "published": null}"#).unwrap();
        assert_eq!((article.published, article.title), (None, None));
        assert_eq!(article.lang, Lang::Ar);
    }

    #[test]
    fn a_wrong_line_says_what_is_wrong() {
        for (line, told) in [
            (r#"{"id": "1"}"#, "missing field `text`"),
            (r#"{"text": "a"}"#, "missing field `id`"),
            (r#"{"id": "1", "text": "a", "published": "gestern"}"#, "`gestern` is not a date"),
            (r#"{"id": "1", "text": "a", "lang": "fa"}"#, "expected `ar` or `en`"),
        ] {
            let error = read(line).unwrap_err();
            assert!(error.contains(told), "{line}: {error}");
        }
    }
}
