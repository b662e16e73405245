//! Whether names are written in the one form that all names are.

use crate::model::place::Place;

use super::Finding;

/// Words before the name of a settlement that are no part of it, in Arabic.
const ARABIC_NOUNS: &[&str] = &["مدينة", "بلدة", "قرية", "حي", "ناحية"];

/// The same in English.
const ENGLISH_NOUNS: &[&str] = &["City of", "Town of", "Village of"];

/// Names that do begin with such a word: Baath City was built and named so.
const OFFICIAL: &[&str] = &["مدينة البعث"];

/// Letters of Persian and Sorani that look like Arabic ones or stand for sounds Arabic has not,
/// with the Arabic letter that is meant, if it is one.
const FOREIGN: &[(char, Option<char>)] = &[
    ('\u{6a9}', Some('\u{643}')),
    ('\u{6cc}', Some('\u{64a}')),
    ('\u{6d5}', Some('\u{647}')),
    ('\u{6be}', Some('\u{647}')),
    ('\u{6c1}', Some('\u{647}')),
    ('\u{6ce}', None),
    ('\u{6c6}', None),
    ('\u{695}', None),
    ('\u{6b5}', None),
    ('\u{67e}', None),
    ('\u{686}', None),
    ('\u{698}', None),
    ('\u{6a4}', None),
    ('\u{6af}', None),
];

/// One finding a name that is not written as names are.
pub(super) fn misspelled(place: &Place) -> Vec<Finding> {
    let arabic = std::iter::once(&place.name_ar).chain(&place.alt_ar).map(|name| (name, true));
    let latin = std::iter::once(&place.name_en).chain(&place.alt_en).map(|name| (name, false));
    let mut found = Vec::new();
    for (name, arabic) in arabic.chain(latin).filter(|(name, _)| !name.is_empty()) {
        for what in marks(name).into_iter().chain(arabic.then(|| foreign(name)).flatten()) {
            let right = match plain(name) {
                Some(plain) if plain != *name => format!("`{plain}`"),
                _ => "a name in the letters of its language alone".to_owned(),
            };
            found.push(Finding::of(place, format!("its name `{name}` {what}"), right));
        }
    }
    found.extend(with_noun(place));
    found
}

fn marks(name: &str) -> Vec<String> {
    let mut told = Vec::new();
    for (is, what) in [
        (is_invisible as fn(char) -> bool, "an invisible character"),
        (is_tatweel, "a tatweel"),
        (is_haraka, "a mark of vowels"),
    ] {
        if let Some(c) = name.chars().find(|c| is(*c)) {
            told.push(format!("has {what} (U+{:04X})", u32::from(c)));
        }
    }
    if name.contains("  ") {
        told.push("has two spaces in a row".to_owned());
    }
    told
}

fn foreign(name: &str) -> Option<String> {
    let c = name.chars().find(|c| is_foreign(*c))?;
    Some(format!("has `{c}` (U+{:04X}), which Arabic does not write", u32::from(c)))
}

/// A settlement named with the word for what it is; `kind` says that.
fn with_noun(place: &Place) -> Option<Finding> {
    if !place.kind.is_settlement() {
        return None;
    }
    let arabic = ARABIC_NOUNS.iter().find_map(|noun| rest(&place.name_ar, noun));
    let latin = ENGLISH_NOUNS.iter().find_map(|noun| rest(&place.name_en, noun));
    let (name, rest) = match (arabic, latin) {
        (Some(rest), _) if !OFFICIAL.contains(&place.name_ar.as_str()) => (&place.name_ar, rest),
        (_, Some(rest)) => (&place.name_en, rest),
        _ => return None,
    };
    let what = format!("its name `{name}` begins with the word for what it is");
    Some(Finding::of(place, what, format!("`{rest}`")))
}

/// The name of a settlement without the word for what it is.
pub(in crate::geocode) fn without_noun(name: &str) -> &str {
    if OFFICIAL.contains(&name) {
        return name;
    }
    ARABIC_NOUNS.iter().find_map(|noun| rest(name, noun)).unwrap_or(name)
}

fn rest<'a>(name: &'a str, noun: &str) -> Option<&'a str> {
    name.strip_prefix(noun)?.strip_prefix(' ').map(str::trim).filter(|rest| !rest.is_empty())
}

/// A name without what no name should hold; `None` if it has letters of another language.
pub(in crate::geocode) fn plain(name: &str) -> Option<String> {
    let mut plain = String::with_capacity(name.len());
    for c in name.chars().filter(|c| !is_invisible(*c) && !is_tatweel(*c) && !is_haraka(*c)) {
        match FOREIGN.iter().find(|(foreign, _)| *foreign == c) {
            Some((_, meant)) => plain.push((*meant)?),
            None => plain.push(c),
        }
    }
    let words: Vec<&str> = plain.split_whitespace().collect();
    Some(words.join(" "))
}

fn is_foreign(c: char) -> bool {
    FOREIGN.iter().any(|(foreign, _)| *foreign == c)
}

/// Format and control characters: joiners, marks of direction, the byte order mark.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}')
        || c.is_control()
}

fn is_tatweel(c: char) -> bool {
    c == '\u{640}'
}

/// Short vowels. Shadda stays: it tells letters apart, and some names are known with it.
fn is_haraka(c: char) -> bool {
    matches!(c, '\u{64b}'..='\u{650}' | '\u{652}' | '\u{670}')
}
