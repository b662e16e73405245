//! Bytes to text, whatever encoding they came in.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, ISO_8859_6, UTF_8, WINDOWS_1252, WINDOWS_1256};

/// Why bytes are not text, as part of a sentence.
pub(super) type Why = &'static str;

/// Decodes a text; of its bytes only a byte order mark is left out.
///
/// A byte order mark decides. Without one, what is valid UTF-8 is UTF-8,
/// whatever a page declares: pages are often saved in another encoding than
/// they name. Then comes what the page declares, then UTF-8 with a few broken
/// places, then a guess among the encodings that Arabic and English news are
/// written in.
pub(super) fn decode(bytes: &[u8]) -> Result<String, Why> {
    decode_as(bytes, None)
}

/// The same for what a server sent; the encoding that it named goes before the one that the page declares.
pub(super) fn decode_as(bytes: &[u8], named: Option<&str>) -> Result<String, Why> {
    let text = match Encoding::for_bom(bytes) {
        Some((encoding, mark)) => mended(encoding, bytes.get(mark..).unwrap_or_default())?,
        None if bytes.contains(&0) => return Err("it has NUL bytes"),
        None => unmarked(bytes, named)?,
    };
    if is_binary(&text) { Err("it is full of control characters") } else { Ok(text) }
}

fn unmarked(bytes: &[u8], named: Option<&str>) -> Result<String, Why> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(text.to_owned());
    }
    // Some servers name UTF-8 for every page they have; then it is tried last.
    let named = named.and_then(|label| Encoding::for_label_no_replacement(label.as_bytes()));
    let told = named.filter(|encoding| *encoding != UTF_8).into_iter().chain(declared(bytes));
    if let Some(text) = told.into_iter().find_map(|encoding| mended(encoding, bytes).ok()) {
        return Ok(text);
    }
    nearly_utf8(bytes).or_else(|| guessed(bytes)).ok_or("its encoding cannot be told")
}

/// Decodes what says which encoding it is in. A cut-off or broken letter here
/// and there happens to good articles and becomes U+FFFD.
fn mended(encoding: &'static Encoding, bytes: &[u8]) -> Result<String, Why> {
    let (text, had_errors) = encoding.decode_without_bom_handling(bytes);
    if had_errors && broken(&text) * 50 > text.chars().count() {
        return Err("its bytes are not in the encoding that it declares");
    }
    Ok(text.into_owned())
}

fn broken(text: &str) -> usize {
    text.chars().filter(|&c| c == char::REPLACEMENT_CHARACTER).count()
}

/// The encoding that the head of a page names.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    // Browsers look at 1024 bytes; some themes put more than that before their meta tags.
    let head = bytes.get(..bytes.len().min(4096)).unwrap_or_default();
    let head = String::from_utf8_lossy(head).to_lowercase();
    if !head.trim_start().starts_with('<') {
        return None;
    }
    ["charset", "encoding"].iter().find_map(|key| {
        head.split(key).skip(1).find_map(|rest| {
            let value = rest.trim_start().strip_prefix('=')?;
            let value = value.trim_start().trim_start_matches(['"', '\'']);
            let label = value.split(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_');
            Encoding::for_label_no_replacement(label.into_iter().next()?.as_bytes())
        })
    })
}

/// UTF-8 with so few broken places that nothing else is likely.
fn nearly_utf8(bytes: &[u8]) -> Option<String> {
    let (text, _) = UTF_8.decode_without_bom_handling(bytes);
    let wide = text.chars().filter(|c| !c.is_ascii()).count();
    // Single-byte Arabic is next to never valid UTF-8 for even two letters.
    (broken(&text) * 10 <= wide).then(|| text.into_owned())
}

/// How many bytes are enough to guess by.
const ENOUGH: usize = 256 * 1024;

fn guessed(bytes: &[u8]) -> Option<String> {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    // What is ASCII tells nothing, however much of it there is.
    let telling = bytes.iter().skip_while(|byte| byte.is_ascii()).take(ENOUGH);
    detector.feed(&telling.copied().collect::<Vec<_>>(), true);
    // The country tips the scales for a short Arabic text.
    let encoding = detector.guess(Some(b"sy"), Utf8Detection::Deny);
    let (text, had_errors) = encoding.decode_without_bom_handling(bytes);
    let all = text.chars().count();
    let wide = text.chars().filter(|c| !c.is_ascii()).count();
    let known = [WINDOWS_1256, ISO_8859_6, WINDOWS_1252].contains(&encoding);
    // Arabic is mostly letters, while other alphabets and binary data come out
    // as letters and signs in equal parts. English has a few quotation marks
    // and accents, which stand in the same places in Windows-1252 and -1256.
    let letters = text.chars().filter(|c| !c.is_ascii() && c.is_alphabetic()).count();
    let believable = letters * 10 >= wide * 7 || wide * 5 <= all;
    (known && believable && !had_errors).then(|| text.into_owned())
}

fn is_binary(text: &str) -> bool {
    let (mut all, mut control) = (0_usize, 0_usize);
    for c in text.chars() {
        all += 1;
        control +=
            usize::from(c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{b}' | '\u{c}'));
    }
    text.contains('\0') || control * 100 > all
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ARABIC: &str = "قُتل ثلاثة مدنيين بقصف مدفعي على ريف إدلب الجنوبي، وفق مصادر محلية.\r\n";
    const ENGLISH: &str = "Three civilians were killed in “artillery shelling” on southern Idlib.";

    #[track_caller]
    fn check(bytes: &[u8], text: &str) {
        assert_eq!(decode(bytes).as_deref(), Ok(text));
    }

    fn utf16(mark: &[u8], text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        mark.iter().copied().chain(text.encode_utf16().flat_map(bytes)).collect()
    }

    fn cp1256(text: &str) -> Vec<u8> {
        let (bytes, _, unmappable) = WINDOWS_1256.encode(text);
        assert!(!unmappable);
        bytes.into_owned()
    }

    #[test]
    fn utf8_and_utf16_are_read_without_their_mark() {
        for text in [ARABIC, ENGLISH, "a", "\u{200f}قصف\u{200c}\u{a0}\u{640}"] {
            check(text.as_bytes(), text);
            check(format!("\u{feff}{text}").as_bytes(), text);
            check(&utf16(b"\xff\xfe", text, u16::to_le_bytes), text);
            check(&utf16(b"\xfe\xff", text, u16::to_be_bytes), text);
        }
    }

    #[test]
    fn windows_1256_is_guessed_when_it_is_arabic() {
        check(&cp1256(ARABIC), ARABIC);
        check(&cp1256("قصف على إدلب"), "قصف على إدلب");
        let mixed = format!("SDF and HTS: {ARABIC}");
        check(&cp1256(&mixed), &mixed);
        check(&WINDOWS_1252.encode(ENGLISH).0, ENGLISH);
    }

    #[test]
    fn a_page_may_name_its_encoding() {
        let meta = "<meta http-equiv=\"Content-Type\" content=\"text/html; charset=windows-1256\">";
        for head in
            [meta, "<meta charset='Windows-1256' />", "<?xml version=\"1.0\" encoding=\"cp1256\"?>"]
        {
            let page = format!("{head}<p>كلمة</p>");
            check(&cp1256(&page), &page);
        }
        let wrong = "<meta charset=windows-1256><p>كلمة</p>";
        check(wrong.as_bytes(), wrong);
    }

    #[test]
    fn a_server_may_name_the_encoding() {
        assert_eq!(decode_as(&cp1256(ARABIC), Some("windows-1256")).as_deref(), Ok(ARABIC));
        assert_eq!(decode_as(ARABIC.as_bytes(), Some("windows-1256")).as_deref(), Ok(ARABIC));
        assert_eq!(decode_as(&cp1256(ARABIC), Some("utf-8")).as_deref(), Ok(ARABIC));
        assert_eq!(decode_as(&cp1256(ARABIC), Some("nonsense")).as_deref(), Ok(ARABIC));
    }

    #[test]
    fn a_cut_letter_does_not_cost_the_article() {
        let mut bytes = ARABIC.repeat(3).into_bytes();
        bytes.insert(2, 0xff);
        let text = decode(&bytes).unwrap();
        assert!(text.starts_with("ق\u{fffd}") && text.contains("إدلب"), "{text}");
    }

    #[test]
    fn what_is_no_text_is_refused() {
        for (bytes, why) in [
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), "NUL"),
            (b"a\x01\x02\x03b", "control"),
            (b"\xff\xfe\x00\xd8\x00\xd8\x00\xd8", "declares"),
            (
                "a\0b".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>().as_slice(),
                "NUL",
            ),
            (&utf16(b"\xff\xfe", "a\0b", u16::to_le_bytes), "control"),
            (b"\xc3\xe0\xf2\x8d\x90\x81\xd7\xf7\xd7\xf7\x81\x8d", "cannot be told"),
        ] {
            let told = decode(bytes).unwrap_err();
            assert!(told.contains(why), "{bytes:?}: {told}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_text_or_not(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = decode(&bytes);
        }

        #[test]
        fn any_text_without_control_characters_comes_back(text in "[^\\p{Cc}\u{feff}]{1,80}") {
            prop_assert_eq!(decode(text.as_bytes()), Ok(text));
        }
    }
}
