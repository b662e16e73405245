//! The folded names that a place is found by, out of those that its record gives.

use crate::model::place::{Place, PlaceKind};
use crate::model::text::key;

use super::gazetteer::NameMatch;
use super::spelling::{without_admin_word, without_kind_word};

/// The folded names of a place with their rank, the main ones first.
pub(super) fn keys(place: &Place) -> Vec<(String, NameMatch)> {
    let main = [&place.name_ar, &place.name_en].map(|name| (name, NameMatch::Primary));
    // The governorate of a place is spelled as news spell it; its own feature may not be.
    let as_admin = (place.kind == PlaceKind::Governorate).then_some(&place.admin1);
    let other = place.alt_ar.iter().chain(&place.alt_en).chain(as_admin);
    let named = main.into_iter().chain(other.map(|name| (name, NameMatch::Alias)));
    let mut keys: Vec<(String, NameMatch)> = Vec::new();
    let has_two = place.name_ar.contains('_');
    for (name, by) in named.flat_map(|(name, by)| parts(name, by, has_two)) {
        // Half of the Latin names differ only in marks that folding takes away.
        if is_a_name(&name) && keys.iter().all(|(known, _)| *known != name) {
            keys.push((name, by));
        }
    }
    // `مدينة سد تشرين` is the town of the dam, and found by the name of the dam.
    if place.kind.is_settlement() {
        let bare = keys.iter().filter_map(|(name, _)| without_kind_word(name));
        let bare: Vec<_> = bare.map(|name| (name.to_owned(), NameMatch::Alias)).collect();
        keys.extend(bare);
    }
    if place.kind.is_area() {
        // An area is not the town in it, whatever its register says.
        keys.retain(|(name, _)| !name.starts_with("مدينه "));
        let short = keys.iter().filter_map(|(name, _)| without_admin_word(name));
        let short = short.filter(|name| is_a_name(name));
        let short: Vec<_> = short.map(|name| (name.to_owned(), NameMatch::Alias)).collect();
        keys.extend(short);
    }
    keys
}

/// A name in brackets or after a stroke is another name; what follows a comma is no name
/// of the place, but of what it lies in. A register that joins two names (`المعمورة_المهدوم`,
/// "Mamura - Mahdum") gives the pair and each of them.
fn parts(name: &str, by: NameMatch, has_two: bool) -> Vec<(String, NameMatch)> {
    let name = name.split([',', '،']).next().unwrap_or_default();
    let parts = name.split(['(', ')', '/']).enumerate();
    let mut found: Vec<(String, NameMatch)> =
        parts.map(|(at, part)| (key(part), if at == 0 { by } else { NameMatch::Alias })).collect();
    if has_two {
        let halves = name.split('_').flat_map(|half| half.split(" - "));
        found.extend(halves.map(|half| (key(half), NameMatch::Alias)));
    }
    found
}

fn is_a_name(name: &str) -> bool {
    name.chars().any(char::is_alphabetic)
        && name.chars().filter(|c| c.is_alphanumeric()).take(2).count() == 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geocode::fixture::place;

    #[test]
    fn a_place_of_two_names_is_found_by_both_and_by_the_pair() {
        for (ar, en, found) in [
            (
                "المعمورة_المهدوم",
                "Mamura - Mahdum",
                vec![
                    "المعموره المهدوم",
                    "المعموره",
                    "المهدوم",
                    "mamura mahdum",
                    "mamura",
                    "mahdum",
                ],
            ),
            // Only what stands behind the name tells that the second is what it lies in.
            ("البياضة - جنديرس", "Bayada - Jendris", vec!["البياضه جنديرس", "bayada jendris"]),
            ("طنجرة (المنارة)", "Tanjara", vec!["طنجره", "المناره", "tanjara"]),
        ] {
            let own = Place {
                name_ar: ar.to_owned(),
                name_en: en.to_owned(),
                alt_ar: vec![],
                alt_en: vec![],
                ..place("safyan-raqqa").clone()
            };
            let names: Vec<String> = keys(&own).into_iter().map(|(name, _)| name).collect();
            assert_eq!(names, found, "{ar}");
        }
    }
}
