//! Names of open sources made as names of the gazetteer are, or left out.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::geocode::check::names::{plain, without_noun};
use crate::model::text::key;

/// A name as the gazetteer writes it; `None` if it is broken or of another language.
pub(super) fn clean(name: &str) -> Option<String> {
    let name = plain(name)?;
    let name = name.trim_matches(['-', ',', '،', ' ']);
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    (letters >= 2 && !is_cut(name)).then(|| name.to_owned())
}

/// The same for a settlement, whose name has no word for what it is.
pub(super) fn clean_settlement(name: &str) -> Option<String> {
    clean(without_noun(&plain(name)?))
}

/// Whether most letters are Arabic ones.
pub(super) fn is_arabic(name: &str) -> bool {
    name.chars().any(|c| matches!(c, '\u{621}'..='\u{64a}'))
}

/// Whether all letters are Latin ones.
pub(super) fn is_latin(name: &str) -> bool {
    let latin = |c: char| {
        c < '\u{250}'
            || matches!(c, '\u{1e00}'..='\u{1eff}' | '\u{2b0}'..='\u{36f}' | '\u{2018}' | '\u{2019}')
    };
    name.chars().filter(|c| c.is_alphabetic()).all(latin)
}

/// A romanisation without its dots, bars and hooks (`Ḩimş`), which news do not write.
pub(super) fn undotted(name: &str) -> String {
    let apostrophe =
        |c: char| if matches!(c, '`' | '\u{2018}' | '\u{2019}' | 'ʿ' | 'ʾ') { '\'' } else { c };
    name.nfkd().filter(|c| !is_combining_mark(*c)).map(apostrophe).collect()
}

/// A single Arabic letter apart from its word (`د مشق`) is a slip of whoever typed the name.
fn is_cut(name: &str) -> bool {
    let alone = |word: &str| word.chars().count() == 1 && is_arabic(word);
    name.split(' ').any(alone)
}

/// Adds a name to a list unless it is there, in any spelling that folding makes equal, or is a main name.
pub(super) fn add(list: &mut Vec<String>, main: [&str; 2], name: String) {
    let folded = key(&name);
    let known = main.into_iter().chain(list.iter().map(String::as_str));
    if !folded.is_empty() && known.into_iter().all(|known| key(known) != folded) {
        list.push(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_mended_or_left_out() {
        for (name, cleaned) in [
            ("دمشق", Some("دمشق")),
            ("د مشق", None),
            ("د\u{6ce}رك", None),
            ("عفر\u{6cc}ن", Some("عفرين")),
            (" تل\u{200f}  رفعت ", Some("تل رفعت")),
            ("حـ\u{640}لب", Some("حلب")),
            ("Tall  Rif`at", Some("Tall Rif`at")),
            ("-", None),
            ("", None),
        ] {
            assert_eq!(clean(name).as_deref(), cleaned, "{name}");
        }
        assert_eq!(clean_settlement("قرية الباب").as_deref(), Some("الباب"));
        assert_eq!(clean("قرية الباب").as_deref(), Some("قرية الباب"));
    }

    #[test]
    fn a_romanisation_loses_its_dots() {
        assert_eq!(undotted("Ḩimş, Ma`arrat an Nu‘mān"), "Hims, Ma'arrat an Nu'man");
    }

    #[test]
    fn a_name_is_listed_once() {
        let mut list = vec!["Halab".to_owned()];
        for name in ["ḨALAB", "Aleppo", "Alep"] {
            add(&mut list, ["Aleppo", "حلب"], name.to_owned());
        }
        assert_eq!(list, ["Halab", "Alep"]);
    }
}
