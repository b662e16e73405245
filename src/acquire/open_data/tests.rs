//! Downloads from a server of this machine, which does what the test tells it.

use std::error::Error;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tempfile::tempdir;
use zip::write::{SimpleFileOptions, ZipWriter};

use super::*;

const PATIENT: Limits =
    Limits { stall: Duration::from_secs(30), total: Duration::from_secs(60), max_bytes: 1 << 20 };

/// Answers one request after another with the bytes given, and tells what was asked.
fn serve(answers: Vec<Vec<u8>>) -> (String, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/SY.zip", listener.local_addr().unwrap());
    let asked = thread::spawn(move || {
        let answer = |bytes: Vec<u8>| {
            let (mut stream, _) = listener.accept().unwrap();
            let request = request(&stream);
            stream.write_all(&bytes).unwrap();
            request
        };
        answers.into_iter().map(answer).collect()
    });
    (url, asked)
}

fn request(stream: &TcpStream) -> String {
    let lines = BufReader::new(stream).lines().map(Result::unwrap);
    lines.take_while(|line| !line.is_empty()).collect::<Vec<_>>().join("\n").to_lowercase()
}

fn answer(status: &str, headers: &str, length: usize, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 {status}\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n"
    );
    [head.as_bytes(), body].concat()
}

fn whole(body: &[u8]) -> Vec<u8> {
    answer("200 OK", "", body.len(), body)
}

fn zipped(name: &str, text: &str) -> Vec<u8> {
    let mut writer = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    writer.start_file(name, SimpleFileOptions::default()).unwrap();
    writer.write_all(text.as_bytes()).unwrap();
    writer.finish().unwrap().into_inner()
}

/// An error with its causes.
fn told(error: &dyn Error) -> String {
    let mut told = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        told = format!("{told}: {inner}");
        cause = inner.source();
    }
    told
}

/// What a bad answer is told as. The file that was there before must be as it was.
fn refused(answer: Vec<u8>, limits: &Limits) -> String {
    let folder = tempdir().unwrap();
    let path = folder.path().join("SY.zip");
    fs::write(&path, "before").unwrap();
    let (url, asked) = serve(vec![answer]);
    let error = fetch(&url, &path, &["SY.txt"], limits).unwrap_err();
    asked.join().unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "before");
    let left = fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(left, 1, "nothing is left beside it");
    let told = told(&error);
    assert!(told.contains(&url), "{told}");
    told
}

#[test]
fn a_whole_file_comes_once_and_is_asked_for_with_what_is_known() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("new/SY.zip");
    let body = zipped("SY.txt", "row");
    let headers = "etag: \"one\"\r\nlast-modified: Fri, 20 Nov 2026 08:00:00 GMT\r\n";
    let (url, asked) = serve(vec![
        answer("200 OK", headers, body.len(), &body),
        answer("304 Not Modified", "", 0, b""),
        whole(&zipped("SY.txt", "other")),
    ]);
    let fetch = || fetch(&url, &path, &["SY.txt"], &PATIENT).unwrap();
    assert_eq!(fetch(), Fetched::New);
    assert_eq!(text(&path, Some("SY.txt")).unwrap(), "row");
    let written = jiff::Timestamp::try_from(fs::metadata(&path).unwrap().modified().unwrap());
    assert_eq!(written.unwrap().to_string(), "2026-11-20T08:00:00Z");
    assert_eq!(fetch(), Fetched::Unchanged);
    forget(&path);
    assert_eq!(fetch(), Fetched::New);
    assert_eq!(text(&path, Some("SY.txt")).unwrap(), "other");
    let asked = asked.join().unwrap();
    assert!(!asked[0].contains("if-none-match") && asked[0].contains("user-agent: rasid/"));
    assert!(
        asked[1].contains("if-none-match: \"one\"") && asked[1].contains("if-modified-since: fri")
    );
    assert!(!asked[2].contains("if-none-match"), "what is forgotten is asked for anew");
}

#[test]
fn what_is_not_there_is_told_with_the_answer() {
    assert!(
        refused(answer("404 Not Found", "", 4, b"gone"), &PATIENT)
            .contains("answers 404 Not Found")
    );
    assert!(refused(answer("500 Oops", "", 0, b""), &PATIENT).contains("answers 500"));
}

#[test]
fn a_redirect_is_followed_and_a_circle_is_left() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("SY.zip");
    let to = |place: &str| answer("302 Found", &format!("location: {place}\r\n"), 0, b"");
    let (url, asked) = serve(vec![to("/elsewhere.zip"), whole(&zipped("SY.txt", "row"))]);
    assert_eq!(fetch(&url, &path, &["SY.txt"], &PATIENT).unwrap(), Fetched::New);
    assert!(asked.join().unwrap()[1].starts_with("get /elsewhere.zip"));

    let (url, asked) = serve(vec![to("/SY.zip"); 6]);
    let error = fetch(&url, &path, &[], &PATIENT).unwrap_err();
    assert!(told(&error).contains("it redirects too often"), "{}", told(&error));
    asked.join().unwrap();
}

#[test]
fn half_a_file_is_told_with_how_much_came() {
    let told = refused(answer("200 OK", "", 1000, b"half"), &PATIENT);
    assert!(told.contains("broke off after 4 bytes of 1000"), "{told}");
}

#[test]
fn what_is_no_archive_or_a_broken_one_is_refused() {
    let good = zipped("SY.txt", &"a row of some length\n".repeat(50));
    let half = &good[..good.len() / 2];
    let mut spoiled = good.clone();
    for byte in &mut spoiled[40..50] {
        *byte ^= 0xff;
    }
    for (body, words) in [
        (b"<html>maintenance</html>".to_vec(), "is not a whole zip archive"),
        (half.to_vec(), "is not a whole zip archive"),
        (spoiled, "is broken"),
        (zipped("readme.txt", "row"), "there is no `SY.txt` in"),
        (zipped("readme.txt", "row"), "it holds readme.txt"),
    ] {
        let told = refused(whole(&body), &PATIENT);
        assert!(told.contains("cannot be used") && told.contains(words), "{told}");
    }
}

#[test]
fn more_than_is_taken_is_not_read_to_its_end() {
    let limits = Limits { max_bytes: 10, ..PATIENT };
    let told = refused(whole(&[0; 100]), &limits);
    assert!(told.contains("sends more than 10 bytes"), "{told}");
}

#[test]
fn a_server_that_falls_silent_or_dawdles_is_left() {
    const BEGUN: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nhalf";
    const SHORT: Duration = Duration::from_millis(50);
    let stall = Limits { stall: SHORT, ..PATIENT };
    let total = Limits { total: SHORT, ..PATIENT };
    for (sent, limits, words) in [
        (&b""[..], stall, "sent nothing for 0.05 s"),
        (BEGUN, stall, "sent nothing for 0.05 s"),
        (BEGUN, total, "was not read to its end within 0.05 s"),
    ] {
        let folder = tempdir().unwrap();
        let path = folder.path().join("SY.zip");
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/SY.zip", listener.local_addr().unwrap());
        let silent = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            request(&stream);
            stream.write_all(sent).unwrap();
            // Says nothing more until the other side hangs up.
            stream.read_to_end(&mut Vec::new()).ok();
        });
        let error = fetch(&url, &path, &[], &limits).unwrap_err().to_string();
        assert!(error.contains(&url) && error.contains(words), "{error}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is left");
        silent.join().unwrap();
    }
}

#[test]
fn nobody_who_listens_is_told_with_the_address() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/SY.zip", listener.local_addr().unwrap());
    drop(listener);
    let folder = tempdir().unwrap();
    let error = fetch(&url, &folder.path().join("SY.zip"), &[], &PATIENT).unwrap_err();
    assert!(told(&error).contains(&format!("cannot reach `{url}`")), "{error}");
}

#[test]
fn a_folder_that_cannot_be_made_is_told() {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    let path = folder.path().join("file/SY.zip");
    let error = fetch("http://127.0.0.1:9/", &path, &[], &PATIENT).unwrap_err();
    assert!(error.to_string().contains("cannot write"), "{error}");
}

#[test]
fn the_text_of_a_file_is_utf_8() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("places.csv");
    fs::write(&path, b"a,\xff").unwrap();
    assert!(text(&path, None).unwrap_err().to_string().contains("is not text in UTF-8"));
    let missing = text(Path::new("missing.csv"), None).unwrap_err();
    assert!(missing.to_string().contains("cannot read `missing.csv`"));
}

#[test]
fn the_list_built_in_can_be_used() {
    let sources = Sources::parse(include_str!("../../../gazetteer-sources.toml")).unwrap();
    let roles: Vec<Role> = sources.listings().map(|(role, _)| role).collect();
    assert!(roles.is_sorted() && roles.len() == 6, "{roles:?}");
}

#[test]
fn a_list_that_is_wrong_is_told_with_what_is_wrong() {
    let table = |place: &str, keys: &str| {
        let own = "[own]\nname = 'o'\npage = ''\nlicence = ''\nattribution = ''\n";
        format!("{own}[{place}]\nname = 'n'\npage = ''\nlicence = ''\nattribution = ''\n{keys}\n")
    };
    for (list, words) in [
        (String::new(), "missing field `own`"),
        (
            table("geonames_places", "file = '../a.zip'"),
            "`../a.zip` of `n` is not a plain file name",
        ),
        (table("geonames_places", "file = ''"), "is not a plain file name"),
        (
            table("geonames_places", "file = 'a'\nurl = 'ftp://a'"),
            "`ftp://a` of `n` is not one of the web",
        ),
        (table("geonames_places", "file = 'a'\ncolour = 'red'"), "unknown field `colour`"),
        (table("elsewhere", "file = 'a'"), "unknown field `elsewhere`"),
        (table("geonames_names", "file = 'a'"), "neither `geonames_places` nor `ocha_places`"),
    ] {
        let error = told(&Sources::parse(&list).unwrap_err());
        assert!(error.contains(words), "{error}");
    }
}
