//! Files and folders as they are found on disks.

use std::error::Error as _;
use std::fs;

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::model::article::Lang;

const TEXT: &str = "قُتل مدنيان في قصف على بلدة المثال.\r\n";

fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

fn all(path: impl AsRef<Path>) -> Vec<Result<Article, Error>> {
    open(path, &Options::default()).unwrap().articles().collect()
}

/// An error with its cause, as it is logged.
fn told(error: &Error) -> String {
    error.source().map_or(error.to_string(), |source| format!("{error}: {source}"))
}

#[test]
fn a_text_keeps_every_character_and_takes_the_rest_from_its_sidecar() {
    let folder = folder(&[
        ("a.txt", TEXT.as_bytes()),
        (
            "a.toml",
            b"title = 'T'\npublisher = 'P'\npublished = 2022-07-18\nurl = 'https://example.org/1'",
        ),
        ("b.txt", TEXT.as_bytes()),
    ]);
    let articles: Vec<_> = all(folder.path()).into_iter().map(Result::unwrap).collect();
    let [with, without] = articles.as_slice() else { panic!("{articles:#?}") };
    assert_eq!(with.text, TEXT);
    assert_eq!((with.title.as_deref(), with.publisher.as_deref()), (Some("T"), Some("P")));
    assert_eq!(with.published.unwrap().to_string(), "2022-07-18");
    assert_eq!(without.text, TEXT);
    assert_eq!((&without.title, &without.publisher, without.published), (&None, &None, None));
    assert_eq!(without.lang, Lang::Ar);
    assert_ne!(with.id, without.id);
}

#[test]
fn a_sidecar_goes_before_what_a_page_says() {
    let folder = folder(&[
        ("a.html", include_bytes!("html/pages/magazine.html")),
        ("a.toml", b"published = '2022-07-18'\ntitle = 'Corrected'"),
    ]);
    let article = all(folder.path().join("a.html")).pop().unwrap().unwrap();
    assert_eq!(article.published.unwrap().to_string(), "2022-07-18");
    assert_eq!(article.title.as_deref(), Some("Corrected"));
    assert_eq!(article.publisher.as_deref(), Some("وكالة التجربة"), "the page says it");
}

#[test]
fn a_folder_is_read_in_order_and_only_its_articles() {
    let page = b"<p>A page with a text that is long enough.</p>";
    let folder = folder(&[
        ("b/2.HTM", page),
        ("b/1.txt", b"one"),
        ("a.txt", b"two"),
        ("c.xhtml", page),
        ("c.toml", b"title = 'of c'"),
        ("README.md", b"no article"),
        (".hidden.txt", b"no article"),
        (".git/x.txt", b"no article"),
        ("d.json", b"{}"),
    ]);
    let mut source = open(folder.path(), &Options::default()).unwrap();
    let articles = source.articles();
    assert_eq!(articles.size_hint(), (4, Some(4)));
    let first: Vec<_> = articles.map(Result::unwrap).collect();
    let texts: Vec<_> = first.iter().map(|article| article.text.as_str()).collect();
    let page = "A page with a text that is long enough.";
    assert_eq!(texts, ["two", "one", page, page]);
    assert_eq!(first.last().unwrap().title.as_deref(), Some("of c"));
    assert_eq!(source.articles().count(), 0, "they were read");
}

#[test]
fn a_stream_that_begins_with_a_brace_has_an_article_a_line() {
    let lines = "\n{\"id\": \"1\", \"text\": \"a\"}\n{\"id\": \"2\", \"text\": \"b\"}\n";
    let mut reader = Reader::new("standard input", lines.as_bytes(), Options::default());
    let ids: Vec<_> = reader.articles().map(|article| article.unwrap().id.0).collect();
    assert_eq!(ids, ["1", "2"]);
    let text = " [x] {\"id\": 1}";
    let mut reader = Reader::new("standard input", text.as_bytes(), Options::default());
    assert_eq!(reader.articles().next().unwrap().unwrap().text, text);
}

#[test]
fn an_address_is_opened_without_asking_and_a_wrong_one_is_told() {
    let source = open("https://outlet.example/feed", &Options::default()).unwrap();
    assert!(source.again().is_some());
    let told = open("gopher://outlet.example/", &Options::default()).unwrap_err().to_string();
    assert!(told.contains("`gopher://outlet.example/` is not an address of the web"), "{told}");
}

#[test]
fn one_bad_article_does_not_stop_the_others() {
    let folder = folder(&[
        ("1-empty.txt", b" \n"),
        ("2-binary.txt", b"\x7fELF\0\0\0"),
        ("3-sidecar.txt", b"text"),
        ("3-sidecar.toml", b"titel = 'T'"),
        ("4-nothing.html", b"<nav>menu</nav>"),
        ("5-good.txt", TEXT.as_bytes()),
    ]);
    let results = all(folder.path());
    let errors: Vec<_> =
        results.iter().filter_map(|result| result.as_ref().err().map(told)).collect();
    let expected = [
        ("1-empty.txt", "empty"),
        ("2-binary.txt", "UTF-8"),
        ("3-sidecar.toml", "`titel`"),
        ("4-nothing.html", "no article"),
    ];
    assert_eq!(errors.len(), expected.len(), "{errors:#?}");
    for (error, (file, cause)) in errors.iter().zip(expected) {
        assert!(error.contains(file) && error.contains(cause), "{error}");
    }
    assert_eq!(results.last().unwrap().as_ref().unwrap().text, TEXT);
}

#[test]
fn what_is_not_there_is_named() {
    let error = open("no/such/thing", &Options::default()).unwrap_err();
    assert_eq!(error.to_string(), "there is no file or folder `no/such/thing`");
}

#[test]
fn a_file_of_any_name_can_be_given_and_is_known_by_its_text() {
    let folder =
        folder(&[("news", TEXT.as_bytes()), ("saved", include_bytes!("html/pages/unnamed.html"))]);
    let plain = all(folder.path().join("news")).pop().unwrap().unwrap();
    assert_eq!(plain.text, TEXT);
    let page = all(folder.path().join("saved")).pop().unwrap().unwrap();
    assert!(page.text.starts_with("اندلعت"), "{}", page.text);
}

#[test]
fn a_file_over_the_limit_tells_its_size_and_the_limit() {
    let folder = folder(&[("a.txt", b"0123456789")]);
    let options = Options { max_bytes: 9, ..Options::default() };
    let error = open(folder.path(), &options).unwrap().articles().next().unwrap().unwrap_err();
    let error = error.to_string();
    assert!(
        error.contains("a.txt") && error.contains("10 bytes") && error.contains("have 9"),
        "{error}"
    );
}

#[cfg(unix)]
#[test]
fn what_cannot_be_read_is_named_and_passed_over() {
    use std::os::unix::fs::{PermissionsExt, symlink};

    let folder = folder(&[("b/x.txt", b"closed"), ("z.txt", TEXT.as_bytes())]);
    // A link to itself cannot be opened by anybody, root included.
    symlink("a.txt", folder.path().join("a.txt")).unwrap();
    symlink(folder.path(), folder.path().join("c")).unwrap();
    let closed = folder.path().join("b");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
    let for_root = fs::read_dir(&closed).is_ok();

    let results = all(folder.path());
    let refused = open(&closed, &Options::default());
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o700)).unwrap();

    let errors: Vec<_> =
        results.iter().filter_map(|result| result.as_ref().err().map(told)).collect();
    assert_eq!(results.last().unwrap().as_ref().unwrap().text, TEXT);
    assert!(errors.iter().any(|error| error.contains("a.txt")), "{errors:#?}");
    assert!(errors.iter().any(|error| error.contains("loop")), "{errors:#?}");
    if !for_root {
        assert!(errors.iter().any(|error| error.contains("/b`: ")), "{errors:#?}");
        assert!(refused.unwrap_err().to_string().contains("/b`"));
    }
}

#[cfg(unix)]
#[test]
fn one_link_to_itself_is_one_error() {
    let folder = folder(&[]);
    let path = folder.path().join("a.txt");
    std::os::unix::fs::symlink("a.txt", &path).unwrap();
    let error = open(&path, &Options::default()).unwrap_err();
    assert!(error.to_string().starts_with("cannot read `"), "{error}");
}

proptest! {
    #[test]
    fn any_bytes_are_an_article_or_an_error(
        bytes in proptest::collection::vec(any::<u8>(), 0..300),
        page in any::<bool>(),
    ) {
        let start: &[u8] = if page { b"<!doctype html><p>" } else { b"" };
        let bytes = [start, &bytes].concat();
        let mut reader = Reader::new("bytes", bytes.as_slice(), Options::default());
        for article in reader.articles().flatten() {
            prop_assert!(!article.text.trim().is_empty());
        }
    }
}
