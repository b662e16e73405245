//! The little TOML file beside an article that says what its text does not.

use std::fs;
use std::io;
use std::path::Path;

use toml::{Table, Value};

use super::{Error, Meta};
use crate::model::article::{Lang, Published};

const KEYS: &str = "title, author, publisher, published, url, lang";

/// Reads the sidecar of an article: `NAME.toml` beside `NAME.txt` or `NAME.html`.
///
/// No sidecar is nothing known. A wrong one is an error: an article coded
/// under a wrong date is worse than one that is not coded.
pub(super) fn beside(article: &Path) -> Result<Meta, Error> {
    let path = article.with_extension("toml");
    match fs::read_to_string(&path) {
        Ok(text) => parse(&path, &text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Meta::default()),
        Err(source) => Err(Error::Unreadable { path, source }),
    }
}

fn parse(path: &Path, text: &str) -> Result<Meta, Error> {
    let table: Table = text.trim_start_matches('\u{feff}').parse().map_err(|source| {
        Error::SidecarSyntax { path: path.to_owned(), source: Box::new(source) }
    })?;
    let mut meta = Meta::default();
    for (key, value) in table {
        let wrong =
            |source| Error::SidecarValue { path: path.to_owned(), key: key.clone(), source };
        match key.as_str() {
            "title" => meta.title = Some(string(value).map_err(wrong)?),
            "author" => meta.author = Some(string(value).map_err(wrong)?),
            "publisher" => meta.publisher = Some(string(value).map_err(wrong)?),
            "url" => meta.url = Some(string(value).map_err(wrong)?),
            "published" => meta.published = Some(published(value).map_err(wrong)?),
            "lang" => meta.lang = Some(lang(value).map_err(wrong)?),
            _ => return Err(Error::SidecarKey { path: path.to_owned(), key, allowed: KEYS }),
        }
    }
    Ok(meta)
}

type Wrong = Box<dyn std::error::Error + Send + Sync>;

fn string(value: Value) -> Result<String, Wrong> {
    match value {
        Value::String(text) => Ok(text),
        other => Err(format!("it is a TOML {}, not a text in quotes", other.type_str()).into()),
    }
}

fn published(value: Value) -> Result<Published, Wrong> {
    let text = match value {
        // TOML has dates of its own, so both `2022-07-18` and `"2022-07-18"` are natural to write.
        Value::Datetime(date) => date.to_string(),
        other => string(other)?,
    };
    Ok(Published::parse(&text)?)
}

fn lang(value: Value) -> Result<Lang, Wrong> {
    match string(value)?.as_str() {
        "ar" => Ok(Lang::Ar),
        "en" => Ok(Lang::En),
        other => {
            Err(format!("`{other}` is not a language that is read here: write ar or en").into())
        }
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use super::*;

    #[test]
    fn a_sidecar_may_say_all_or_nothing() {
        let all = "title = 'T'\nauthor = 'A'\npublisher = 'P'\nurl = 'https://example.org/1'\npublished = 2022-07-18\nlang = 'en'";
        let meta = parse(Path::new("a.toml"), all).unwrap();
        assert_eq!(meta.title.as_deref(), Some("T"));
        assert_eq!((meta.author.as_deref(), meta.publisher.as_deref()), (Some("A"), Some("P")));
        assert_eq!(meta.url.as_deref(), Some("https://example.org/1"));
        assert_eq!(meta.published.unwrap().to_string(), "2022-07-18");
        assert_eq!(meta.lang, Some(Lang::En));
        assert_eq!(parse(Path::new("a.toml"), "").unwrap(), Meta::default());
    }

    #[test]
    fn a_date_may_be_quoted_and_may_have_a_clock() {
        for (given, read) in [
            ("'2022-07-18'", "2022-07-18"),
            ("2022-07-18T09:30:00+03:00", "2022-07-18T06:30:00Z"),
            ("2022-07-18 09:30:00", "2022-07-18"),
        ] {
            let meta = parse(Path::new("a.toml"), &format!("published = {given}")).unwrap();
            assert_eq!(meta.published.unwrap().to_string(), read);
        }
    }

    #[test]
    fn a_wrong_sidecar_names_the_file_the_key_and_the_cause() {
        for (text, told, cause) in [
            ("titel = 'T'", "unknown key `titel`: allowed are title", ""),
            ("published = 'gestern'", "`published`", "`gestern` is not a date"),
            ("published = 09:30:00", "`published`", "`09:30:00` is not a date"),
            ("published = 2022", "`published`", "TOML integer"),
            ("lang = 'fa'", "`lang`", "`fa`"),
            ("title = ['a']", "`title`", "TOML array"),
            ("title = ", "is not TOML", "line 1"),
        ] {
            let error = parse(Path::new("dir/a.toml"), text).unwrap_err();
            let message = error.to_string();
            assert!(message.contains(told) && message.contains("dir/a.toml"), "{message}");
            let source = error.source().map(ToString::to_string).unwrap_or_default();
            assert!(source.contains(cause), "{text}: {source}");
        }
    }
}
