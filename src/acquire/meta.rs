//! What is known about a text, and the article the two make.

use sha2::{Digest, Sha256};

use super::Options;
use crate::model::article::{Article, ArticleId, Lang, Published};

/// What is known about a text from somewhere else: its page, its sidecar, its record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Meta {
    /// The headline.
    pub title: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// The outlet.
    pub publisher: Option<String>,
    /// How far the outlet is believed, in percent.
    pub trust: Option<u8>,
    /// The address that the outlet itself gives.
    pub url: Option<String>,
    /// When it was published.
    pub published: Option<Published>,
    /// The language, where somebody said it; otherwise the letters tell.
    pub lang: Option<Lang>,
}

impl Meta {
    /// Fills what is unknown here from `other`.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            title: self.title.or(other.title),
            author: self.author.or(other.author),
            publisher: self.publisher.or(other.publisher),
            trust: self.trust.or(other.trust),
            url: self.url.or(other.url),
            published: self.published.or(other.published),
            lang: self.lang.or(other.lang),
        }
    }
}

/// Makes an article of a text and what is known about it. The text stays as it is.
///
/// Its id depends on the address alone, or on the text alone where there is no
/// address: read twice, it is the same article, whatever file it was in.
pub fn article(options: &Options, text: String, meta: Meta) -> Article {
    Article {
        id: id(meta.url.as_deref(), &text),
        lang: meta.lang.unwrap_or_else(|| Lang::of(&text)),
        text,
        title: meta.title,
        author: meta.author,
        publisher: meta.publisher,
        trust: meta.trust,
        url: meta.url,
        published: meta.published.or(options.published),
    }
}

fn id(url: Option<&str>, text: &str) -> ArticleId {
    let (kind, content) = url.map_or(("text:", text), |url| ("url:", url));
    let hash = Sha256::new().chain_update(kind).chain_update(content).finalize();
    // 64 bits: a million articles collide with a chance of one in forty million.
    let start = hash.iter().take(8).fold(0_u64, |start, byte| start << 8 | u64::from(*byte));
    ArticleId(format!("{start:016x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(text: &str, url: Option<&str>) -> Article {
        let meta = Meta { url: url.map(str::to_owned), ..Meta::default() };
        article(&Options::default(), text.to_owned(), meta)
    }

    #[test]
    fn an_id_is_the_start_of_a_hash_that_anybody_can_compute() {
        // printf 'text:%s' abc | sha256sum
        assert_eq!(made("abc", None).id.0, "4ca8ae4f353a7a77");
    }

    #[test]
    fn an_article_is_known_by_its_address_or_else_by_its_text() {
        let here = Some("https://example.org/1");
        assert_eq!(made("one", here).id, made("one, corrected", here).id);
        assert_eq!(made("one", None).id, made("one", None).id);
        assert_ne!(made("one", None).id, made("two", None).id);
        assert_ne!(made("one", here).id, made("one", Some("https://example.org/2")).id);
        assert_ne!(made("x", None).id, made("", Some("x")).id, "an address is not a text");
    }

    #[test]
    fn the_date_of_the_article_goes_before_the_date_given_for_all() {
        let on = |text| Some(Published::parse(text).unwrap());
        let options = Options { published: on("2022-07-18"), ..Options::default() };
        let dated = Meta { published: on("2021-01-02"), ..Meta::default() };
        assert_eq!(article(&options, "a".to_owned(), dated).published, on("2021-01-02"));
        assert_eq!(article(&options, "a".to_owned(), Meta::default()).published, on("2022-07-18"));
    }
}
