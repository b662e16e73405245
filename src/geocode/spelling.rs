//! Spellings of one place name: those a text may hold, and keys that make them equal.
//!
//! Everything here works on folded keys (`model::text::key`) and knows rules of
//! writing, not names.

/// A first word that is written apart from its name or joined with it (`كفر نبل`, `كفرنبل`).
const COMPOUND_HEADS: &[&str] = &["ابو", "ام", "بيت", "تل", "خان", "دير", "عين", "كفر"];

/// The Arabic article.
const ARTICLE: &str = "ال";

/// The Arabic article in Latin letters, with its assimilated forms.
const LATIN_ARTICLES: &[&str] = &[
    "al", "el", "ul", "il", "ad", "ed", "adh", "an", "en", "ar", "er", "as", "es", "ash", "esh",
    "at", "et", "ath", "eth", "az", "ez", "the",
];

/// Fewest letters that must be left of a name after its article is taken off, so
/// that `الباب` does not make every door (`باب`) a place.
const LEAST_REST: usize = 5;

/// Other spellings of a name that a text is likely to hold.
///
/// `known` says that news name the place often (a town, a governorate): only then are the
/// spellings made that could be common words (`الزيارة`, `زيارة`).
pub(super) fn variants(name: &str, known: bool) -> Vec<String> {
    let mut found =
        if name.is_ascii() { latin_variants(name, known) } else { arabic_variants(name, known) };
    if found.is_empty() {
        return found;
    }
    found.sort_unstable();
    found.dedup();
    // What the look-up could not lead back to the name is no spelling of it.
    let own = skeleton(name);
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
        if !LATIN_ARTICLES.contains(word) {
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

/// The name of an area without the word for its rank (`منطقة عفرين`, `Afrin District`).
pub(super) fn without_admin_word(name: &str) -> Option<&str> {
    ADMIN_WORDS.iter().find_map(|word| {
        let rest = name.strip_prefix(word).or_else(|| name.strip_suffix(word))?;
        (rest.starts_with(' ') || rest.ends_with(' ')).then(|| rest.trim())
    })
}

/// A key that is the same for all usual spellings of a name in one script: articles
/// taken off, words joined, endings and vowels of one class made equal.
pub(super) fn skeleton(name: &str) -> String {
    let words = name.split(' ');
    if name.is_ascii() {
        words.filter(|w| !LATIN_ARTICLES.contains(w)).map(latin_skeleton).collect()
    } else {
        let joined: String = words.map(|w| w.strip_prefix(ARTICLE).unwrap_or(w)).collect();
        arabic_skeleton(&joined)
    }
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
    let mut rest = without_glued_article(word).chars().peekable();
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

/// The consonants of a name in one alphabet for both scripts; `None` if there are too
/// few to mean anything.
pub(super) fn sound(name: &str) -> Option<String> {
    let mut consonants = String::new();
    for word in name.split(' ') {
        if LATIN_ARTICLES.contains(&word) {
            continue;
        }
        if word.is_ascii() {
            latin_sound(without_glued_article(word), &mut consonants);
        } else {
            arabic_sound(word.strip_prefix(ARTICLE).unwrap_or(word), &mut consonants);
        }
    }
    (letters(&consonants) >= LEAST_CONSONANTS).then_some(consonants)
}

/// Three consonants are shared by dozens of villages.
const LEAST_CONSONANTS: usize = 4;

fn arabic_sound(word: &str, consonants: &mut String) {
    let end = word.chars().count().saturating_sub(1);
    for (at, c) in word.chars().enumerate() {
        let class = match c {
            'ا' | 'ع' | 'ء' | 'و' | 'ي' => continue,
            'ه' if at == end => continue,
            'ب' => 'b',
            'ت' | 'ط' | 'ث' => 't',
            'ج' => 'j',
            'ح' | 'ه' => 'h',
            'خ' => 'x',
            'د' | 'ض' | 'ذ' => 'd',
            'ر' => 'r',
            'ز' | 'ظ' => 'z',
            'س' | 'ص' => 's',
            'ش' => 'c',
            'غ' => 'g',
            'ف' => 'f',
            'ق' | 'ك' => 'k',
            'ل' => 'l',
            'م' => 'm',
            'ن' => 'n',
            other => other,
        };
        push_once(consonants, class);
    }
}

fn latin_sound(word: &str, consonants: &mut String) {
    let mut chars = word.chars().peekable();
    while let Some(c) = chars.next() {
        let aspirated = chars.peek() == Some(&'h');
        let class = match (c, aspirated) {
            ('a' | 'e' | 'i' | 'o' | 'u' | 'w' | 'y', _) => continue,
            ('h', _) if chars.peek().is_none() => continue,
            ('s' | 'c', true) => 'c',
            ('k', true) => 'x',
            ('g', true) => 'g',
            ('g', false) => 'j',
            ('q' | 'c', false) => 'k',
            ('p', _) => 'b',
            ('v', _) => 'f',
            (other, _) => other,
        };
        if aspirated && "sckgtd".contains(c) {
            chars.next();
        }
        push_once(consonants, class);
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
        ] {
            assert_ne!(skeleton(&key(a)), skeleton(&key(b)), "{a} and {b}");
        }
    }

    #[test]
    fn a_name_sounds_alike_in_both_scripts() {
        for (a, b) in [
            ("ريف دمشق", "Rif Dimashq"),
            ("خان شيخون", "Khan Sheikhoun"),
            ("القامشلي", "Qamishli"),
            ("كفر زيتا", "Kafr Zita"),
        ] {
            assert_eq!(sound(&key(a)), sound(&key(b)), "{a} and {b}");
        }
        assert_eq!(sound("al hit"), None);
    }

    #[test]
    fn a_short_rest_is_not_made_a_name() {
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
            for variant in variants(&name, known) {
                prop_assert_eq!(skeleton(&variant), skeleton(&name), "{} of {}", variant, name);
            }
        }
    }
}
