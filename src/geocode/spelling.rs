//! Spellings of one place name: those a text may hold, and keys that make them equal.
//!
//! Everything here works on folded keys (`model::text::key`) and knows rules of
//! writing, not names.

use hashbrown::HashMap;
use std::sync::LazyLock;

use crate::model::place::PlaceKind;

/// A first word that is written apart from its name or joined with it (`كفر نبل`, `كفرنبل`).
const COMPOUND_HEADS: &[&str] = &["ابو", "ام", "بيت", "تل", "خان", "دير", "عين", "كفر"];

/// The Arabic article.
const ARTICLE: &str = "ال";

/// The Arabic article in Latin letters, with its assimilated forms.
const LATIN_ARTICLES: &[&str] = &[
    "al", "el", "ul", "il", "ad", "ed", "adh", "an", "en", "ar", "er", "as", "es", "ash", "esh",
    "at", "et", "ath", "eth", "az", "ez", "the",
];

fn is_latin_article(word: &str) -> bool {
    word.len() <= 3 && LATIN_ARTICLES.contains(&word)
}

/// Fewest letters that must be left of a name after its article is taken off, so
/// that `الباب` does not make every door (`باب`) a place.
const LEAST_REST: usize = 5;

/// Other spellings of a name with this [`skeleton`] that a text is likely to hold.
///
/// `known` says that news name the place often (a town, a governorate): only then are the
/// spellings made that could be common words (`الزيارة`, `زيارة`).
pub(super) fn variants(name: &str, own: &str, known: bool) -> Vec<String> {
    let mut found =
        if name.is_ascii() { latin_variants(name, known) } else { arabic_variants(name, known) };
    found.sort_unstable();
    found.dedup();
    // What the look-up could not lead back to the name is no spelling of it.
    found.retain(|variant| variant != name && skeleton(variant) == own);
    found
}

fn arabic_variants(name: &str, known: bool) -> Vec<String> {
    let mut found = Vec::new();
    match name.split_once(' ') {
        Some((head, rest)) if !rest.contains(' ') && !rest.starts_with(ARTICLE) => {
            found.push(format!("{head}{rest}"));
        }
        Some(_) => {}
        None => {
            for head in COMPOUND_HEADS {
                let rest = name.strip_prefix(head).filter(|rest| letters(rest) >= 3);
                found.extend(rest.map(|rest| format!("{head} {rest}")));
            }
        }
    }
    if known {
        found.extend(other_ending(name));
        found.extend(other_article(name));
    }
    found
}

/// A final ه written ا, and the other way round.
fn other_ending(name: &str) -> Option<String> {
    let (rest, end) = match (name.strip_suffix('ه'), name.strip_suffix('ا')) {
        (Some(rest), _) => (rest, 'ا'),
        (_, Some(rest)) => (rest, 'ه'),
        _ => return None,
    };
    (letters(rest.strip_prefix(ARTICLE).unwrap_or(rest)) >= LEAST_REST - 1)
        .then(|| format!("{rest}{end}"))
}

/// With the article if it has none, without if it has one.
fn other_article(name: &str) -> Option<String> {
    match name.strip_prefix(ARTICLE) {
        Some(rest) => (letters(rest) >= LEAST_REST).then(|| rest.to_owned()),
        None if name.contains(' ') || letters(name) < LEAST_REST => None,
        None => Some(format!("{ARTICLE}{name}")),
    }
}

fn latin_variants(name: &str, known: bool) -> Vec<String> {
    let mut found = Vec::new();
    let words: Vec<&str> = name.split(' ').collect();
    for (at, word) in words.iter().enumerate() {
        let Some(next) = words.get(at + 1) else { break };
        if !is_latin_article(word) {
            continue;
        }
        for article in articles_before(next) {
            let before = words.iter().take(at).copied();
            let after = words.iter().skip(at + 1).copied();
            found.push(before.chain([article.as_str()]).chain(after).collect::<Vec<_>>().join(" "));
        }
        found.extend(joined_articles(&words, at));
        if at == 0 && known && letters(next) >= LEAST_REST {
            found.push(words.iter().skip(1).copied().collect::<Vec<_>>().join(" "));
        }
    }
    if known {
        for (a, b) in [("ay", "ei"), ("ei", "ay"), ("ay", "ai"), ("ou", "u"), ("oo", "u")] {
            found.extend(name.contains(a).then(|| name.replace(a, b)));
        }
        found.extend(name.strip_suffix("ah").map(|rest| format!("{rest}a")));
        found.extend(name.ends_with('a').then(|| format!("{name}h")));
        let single = undoubled(name);
        found.push(single);
    }
    found
}

/// The article written as part of its word: `Deir Ezzor`, `Albukamal`.
fn joined_articles(words: &[&str], at: usize) -> Vec<String> {
    let Some((before, [_, word, after @ ..])) = words.split_at_checked(at) else {
        return Vec::new();
    };
    let join = |article: &str| {
        let joined = format!("{article}{word}");
        let all = before.iter().copied().chain([joined.as_str()]).chain(after.iter().copied());
        all.collect::<Vec<_>>().join(" ")
    };
    // `Ashsh…` is not written.
    let forms = articles_before(word).into_iter().filter(|form| form.len() == 2);
    forms.filter(|_| letters(word) >= 3).map(|form| join(&form)).collect()
}

/// The forms of the article before a word: `al`, `el`, and assimilated to its first letter.
fn articles_before(word: &str) -> Vec<String> {
    let mut forms = vec!["al".to_owned(), "el".to_owned()];
    let sun = ["sh", "th", "dh", "d", "n", "r", "s", "t", "z"];
    if let Some(first) = sun.iter().find(|first| word.starts_with(**first)) {
        forms.extend([format!("a{first}"), format!("e{first}")]);
    }
    forms
}

/// Every doubled letter written once.
fn undoubled(word: &str) -> String {
    let mut single = String::with_capacity(word.len());
    for c in word.chars() {
        if !single.ends_with(c) {
            single.push(c);
        }
    }
    single
}

fn letters(word: &str) -> usize {
    word.chars().filter(|&c| c != ' ').count()
}

/// Words that the name of an administrative area begins or ends with.
const ADMIN_WORDS: &[&str] =
    &["محافظه", "منطقه", "ناحيه", "governorate", "province", "district", "subdistrict"];

/// The name of a settlement without the word for its kind, if two words are left: of one alone
/// (`مدينة الشباب`) nobody would know that it is a place.
pub(super) fn without_kind_word(name: &str) -> Option<&str> {
    let words = ["مدينه ", "بلده ", "قريه ", "madinet ", "madinat ", "qaryat "];
    let rest = words.iter().find_map(|word| name.strip_prefix(word))?;
    (plain_words(rest).count() > 1).then_some(rest)
}

/// The name of an area without the word for its rank (`منطقة عفرين`, `Afrin District`).
pub(super) fn without_admin_word(name: &str) -> Option<&str> {
    ADMIN_WORDS.iter().find_map(|word| {
        let rest = name.strip_prefix(word).or_else(|| name.strip_suffix(word))?;
        (rest.starts_with(' ') || rest.ends_with(' ')).then(|| rest.trim())
    })
}

/// The rank that a name of the context is given, and the name without the words for it
/// (`Markaz Idlib district`, `ناحية جنديرس`).
pub(super) fn rank_word(name: &str) -> Option<(&str, PlaceKind)> {
    let (mut plain, mut rank) = (name, None);
    while let Some((rest, kind)) = RANK_WORDS.iter().find_map(|&(word, kind)| {
        let rest = plain.strip_prefix(word).or_else(|| plain.strip_suffix(word))?;
        (rest.starts_with(' ') || rest.ends_with(' ')).then(|| (rest.trim(), kind))
    }) {
        plain = rest;
        rank = rank.or(Some(kind));
    }
    Some((plain, rank?))
}

const RANK_WORDS: &[(&str, PlaceKind)] = &[
    ("محافظه", PlaceKind::Governorate),
    ("governorate", PlaceKind::Governorate),
    ("province", PlaceKind::Governorate),
    ("منطقه", PlaceKind::District),
    ("ناحيه", PlaceKind::Subdistrict),
    ("مركز", PlaceKind::District),
    ("subdistrict", PlaceKind::Subdistrict),
    ("sub district", PlaceKind::Subdistrict),
    ("district", PlaceKind::District),
    ("mintaqat", PlaceKind::District),
    ("markaz", PlaceKind::District),
    ("nahiyat", PlaceKind::Subdistrict),
];

/// A key that is the same for all usual spellings of a name in one script: articles
/// taken off, words joined, endings and vowels of one class made equal, and what tells
/// a village from its neighbour (`شرقية`, Upper) brought to one form.
pub(super) fn skeleton(name: &str) -> String {
    let (core, which) = core(name);
    let mut skeleton = if core.is_ascii() {
        plain_words(core).map(latin_skeleton).collect()
    } else {
        arabic_skeleton(&plain_words(core).collect::<String>())
    };
    skeleton.extend(which.map(|which| format!("+{which}")));
    skeleton
}

/// Words that tell the parts of a village or its namesakes apart, by what they say.
const QUALIFIERS: &[(&str, &[&str])] = &[
    (
        "upper",
        &[
            "فوقاني",
            "فوقانيه",
            "الفوقاني",
            "الفوقانيه",
            "عليا",
            "العليا",
            "upper",
            "fawqani",
            "fawqaniyah",
            "foqani",
        ],
    ),
    (
        "lower",
        &[
            "تحتاني",
            "تحتانيه",
            "التحتاني",
            "التحتانيه",
            "سفلي",
            "السفلي",
            "lower",
            "tahtani",
            "tahtaniyah",
        ],
    ),
    (
        "big",
        &[
            "كبير",
            "كبيره",
            "الكبير",
            "الكبيره",
            "كبري",
            "الكبري",
            "big",
            "great",
            "greater",
            "kabir",
            "kabira",
            "kabirah",
            "kubra",
        ],
    ),
    (
        "small",
        &[
            "صغير",
            "صغيره",
            "الصغير",
            "الصغيره",
            "صغري",
            "الصغري",
            "small",
            "little",
            "lesser",
            "saghir",
            "saghira",
            "saghirah",
            "sughra",
        ],
    ),
    (
        "east",
        &[
            "شرقي",
            "شرقيه",
            "الشرقي",
            "الشرقيه",
            "eastern",
            "east",
            "sharqi",
            "sharqiyah",
            "sharqiya",
            "charqi",
        ],
    ),
    (
        "west",
        &[
            "غربي",
            "غربيه",
            "الغربي",
            "الغربيه",
            "western",
            "west",
            "gharbi",
            "gharbiyah",
            "gharbiya",
        ],
    ),
    (
        "north",
        &[
            "شمالي",
            "شماليه",
            "الشمالي",
            "الشماليه",
            "northern",
            "north",
            "shamali",
            "shamaliyah",
            "shamaliya",
        ],
    ),
    (
        "south",
        &[
            "جنوبي",
            "جنوبيه",
            "الجنوبي",
            "الجنوبيه",
            "قبلي",
            "قبليه",
            "القبلي",
            "southern",
            "south",
            "janubi",
            "janubiyah",
            "qibli",
        ],
    ),
    ("middle", &["وسطي", "وسطاني", "الوسطي", "middle", "wastani"]),
];

/// What each of the [`QUALIFIERS`] says.
static SAYING: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
    let rows = QUALIFIERS.iter();
    rows.flat_map(|(which, words)| words.iter().map(|word| (*word, *which))).collect()
});

/// A name without the word that tells it from its neighbours, and what that word says.
pub(super) fn core(name: &str) -> (&str, Option<&'static str>) {
    let which = |word: &str| SAYING.get(word).copied();
    let last = name.rsplit_once(' ').and_then(|(rest, word)| Some((rest, Some(which(word)?))));
    let first = || name.split_once(' ').and_then(|(word, rest)| Some((rest, Some(which(word)?))));
    // In Arabic the word stands behind the name, in Latin letters on either side.
    let found = last.or_else(|| first().filter(|_| name.is_ascii()));
    let found = found.filter(|(core, _)| !is_latin_article(core));
    let (core, which) = found.unwrap_or((name, None));
    let without_article = core.rsplit_once(' ').filter(|(_, word)| is_latin_article(word));
    (without_article.map_or(core, |(rest, _)| rest), which)
}

/// The words of a name without their articles.
pub(super) fn plain_words(name: &str) -> impl Iterator<Item = &str> {
    let words = name.split(' ').filter(|word| !is_latin_article(word));
    words.flat_map(|word| {
        let (head, rest) = inner_article(word).unwrap_or((word, ""));
        [without_article(head), rest].into_iter().filter(|word| !word.is_empty())
    })
}

fn without_article(word: &str) -> &str {
    if word.is_ascii() {
        return without_glued_article(word);
    }
    word.strip_prefix(ARTICLE).filter(|rest| letters(rest) > 1).unwrap_or(word)
}

/// `ديرالزور` is `دير الزور`.
fn inner_article(word: &str) -> Option<(&str, &str)> {
    COMPOUND_HEADS.iter().find_map(|head| {
        let rest = word.strip_prefix(head)?.strip_prefix(ARTICLE)?;
        (letters(rest) >= 2).then_some((*head, rest))
    })
}

fn arabic_skeleton(joined: &str) -> String {
    // `ابو كمال` and `البوكمال` are one town.
    let joined = joined.strip_prefix("ابو").map_or(joined.to_owned(), |rest| format!("بو{rest}"));
    let mut skeleton: String = joined.chars().filter(|&c| c != 'ء').collect();
    if letters(&skeleton) > 3 && skeleton.ends_with('ه') {
        skeleton.pop();
        skeleton.push('ا');
    }
    skeleton
}

fn latin_skeleton(word: &str) -> String {
    let mut skeleton = String::with_capacity(word.len());
    let mut rest = word.chars().peekable();
    while let Some(c) = rest.next() {
        let next = rest.peek().copied();
        let class = match (c, next) {
            ('a' | 'e', Some('i' | 'y')) => {
                rest.next();
                // In `Mayadin` the y is a consonant, in `Dayr` a part of the vowel.
                if rest.peek().is_some_and(|&after| is_latin_vowel(after)) {
                    push_once(&mut skeleton, 'a');
                    'y'
                } else if skeleton.ends_with('u') {
                    continue;
                } else {
                    'a'
                }
            }
            ('a' | 'e', Some('w')) => continue,
            ('a' | 'e' | 'i' | 'y', _) if skeleton.ends_with(['a', 'u', 'y']) => continue,
            ('a' | 'e' | 'i' | 'y', _) => 'a',
            ('o' | 'u' | 'w', _) => 'u',
            ('c' | 'q', _) => 'k',
            (other, _) => other,
        };
        push_once(&mut skeleton, class);
    }
    if skeleton.ends_with("ah") || skeleton.ends_with("uh") {
        skeleton.pop();
    }
    skeleton
}

fn is_latin_vowel(c: char) -> bool {
    matches!(c, 'a' | 'e' | 'i' | 'o' | 'u')
}

/// `ezzor`, `arraqqah`, `albab` without the article that is written as part of the word.
fn without_glued_article(word: &str) -> &str {
    let mut chars = word.chars();
    match (chars.next(), chars.next(), chars.next()) {
        (Some('a' | 'e'), Some(a), Some(b))
            if a == b && !"aeiou".contains(a) && word.len() >= LEAST_REST =>
        {
            word.get(2..).unwrap_or(word)
        }
        (Some('a' | 'e'), Some('l'), Some(_)) if word.len() >= LEAST_REST => {
            word.get(2..).unwrap_or(word)
        }
        _ => word,
    }
}

fn push_once(consonants: &mut String, class: char) {
    if !consonants.ends_with(class) {
        consonants.push(class);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::model::text::key;

    use super::*;

    #[test]
    fn usual_spellings_of_a_name_have_one_skeleton() {
        for (a, b) in [
            ("كفرنبل", "كفر نبل"),
            ("تلبيسة", "تل بيسة"),
            ("الشدادي", "شدادي"),
            ("عامودا", "عامودة"),
            ("البوكمال", "أبو كمال"),
            ("Deir ez-Zor", "Dayr az Zawr"),
            ("Deir Ezzor", "Deir-ez-Zor"),
            ("Ar-Raqqah", "Raqqa"),
            ("Tell Rifaat", "Tall Rifat"),
            ("Manbij", "Menbej"),
            ("Idlib", "Idleb"),
            ("al-Bab", "El Bab"),
            ("Al-Suwayda", "As-Sweida"),
            ("Salihiyah", "Salihia"),
            ("Hawija", "Howeija"),
            ("ديرالزور", "دير الزور"),
            ("عطشانة شرقية", "عطشانة الشرقية"),
            ("Atshana Sharqiyah", "Eastern Atshana"),
        ] {
            assert_eq!(skeleton(&key(a)), skeleton(&key(b)), "{a} and {b}");
        }
    }

    #[test]
    fn other_names_have_other_skeletons() {
        for (a, b) in [
            ("حماة", "حمص"),
            ("Hama", "Homs"),
            ("درعا", "داريا"),
            ("Daraa", "Duma"),
            ("Mayadin", "Maadan"),
            ("كبش شرقي", "كبش غربي"),
        ] {
            assert_ne!(skeleton(&key(a)), skeleton(&key(b)), "{a} and {b}");
        }
    }

    #[test]
    fn a_short_rest_is_not_made_a_name() {
        let variants = |name, known| variants(name, &skeleton(name), known);
        assert!(variants("الباب", true).iter().all(|v| v != "باب"));
        assert!(variants("السويداء", true).contains(&"سويداء".to_owned()));
        assert!(variants("كفرنبل", false).contains(&"كفر نبل".to_owned()));
    }

    proptest! {
        #[test]
        fn a_variant_has_the_skeleton_of_its_name(
            name in "(al |ash )?[a-z]{2,8}( ez)?( [a-z]{3,8})?|(ال)?[ء-غف-ي]{3,7}( [ء-غف-ي]{2,6})?",
            known: bool,
        ) {
            let name = key(&name);
            for variant in variants(&name, &skeleton(&name), known) {
                prop_assert_eq!(skeleton(&variant), skeleton(&name), "{} of {}", variant, name);
            }
        }
    }
}
