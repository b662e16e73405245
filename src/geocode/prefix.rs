//! Names as somebody types them: which places bear a name that begins so.

use std::collections::HashSet;

use crate::model::place::{Place, PlaceKind};
use crate::model::text::key;

/// The names of all places in the order of the alphabet, for looking up their beginnings.
///
/// Built once. A look-up is two binary searches and a pass over the names between them.
#[derive(Debug, Default)]
pub struct Prefixes {
    names: Vec<Name>,
    /// Positions of the places as they were given, the most important first.
    ranked: Vec<usize>,
}

/// A folded name, or the rest of one behind its article.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Name {
    text: Box<str>,
    /// Position in [`Prefixes::ranked`].
    rank: usize,
    main: bool,
}

/// How well a name answers what was typed, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// It is the whole of a main name.
    WholeMain,
    /// It is the whole of another name.
    WholeOther,
    /// It only begins so. Kobani is another name of a city, and yet rather meant than a hamlet.
    Begins,
}

impl Prefixes {
    /// Indexes the names of the places, in both scripts, with and without their articles.
    pub fn new(places: &[Place]) -> Self {
        let mut ranked: Vec<usize> = (0..places.len()).collect();
        ranked.sort_by_key(|&index| places.get(index).map(importance));
        let mut names = Vec::with_capacity(places.len() * 4);
        for (rank, place) in ranked.iter().filter_map(|&index| places.get(index)).enumerate() {
            names.extend(forms(place).into_iter().map(|(text, main)| Name {
                text: text.into(),
                rank,
                main,
            }));
        }
        names.sort_unstable();
        Self { names, ranked }
    }

    /// The places with a name that begins with what was typed, as their positions in the list that
    /// the index was made of: the best fit first, then by kind, then by population. At most `limit`.
    ///
    /// The article may be left out, not put in where the name has none.
    pub fn find(&self, typed: &str, limit: usize) -> Vec<usize> {
        let typed = key(typed);
        if typed.is_empty() {
            return Vec::new();
        }
        let from = self.names.partition_point(|name| *name.text < *typed);
        let mut best = Best { limit, kept: Vec::with_capacity(limit) };
        for name in self.names.iter().skip(from) {
            let Some(rest) = name.text.strip_prefix(typed.as_str()) else { break };
            best.offer(Fit::of(rest, name.main), name.rank);
        }
        let ranks = best.kept.into_iter().map(|(_, rank)| rank);
        ranks.filter_map(|rank| self.ranked.get(rank).copied()).collect()
    }
}

impl Fit {
    const fn of(rest: &str, main: bool) -> Self {
        match (rest.is_empty(), main) {
            (true, true) => Self::WholeMain,
            (true, false) => Self::WholeOther,
            (false, _) => Self::Begins,
        }
    }
}

/// The best of what was offered, each place once, in order.
struct Best {
    limit: usize,
    kept: Vec<(Fit, usize)>,
}

impl Best {
    /// Costs one comparison for all that come too late, and nearly all do.
    fn offer(&mut self, fit: Fit, rank: usize) {
        let offered = (fit, rank);
        if self.kept.len() >= self.limit && self.kept.last().is_none_or(|last| *last <= offered) {
            return;
        }
        if let Some(at) = self.kept.iter().position(|&(_, kept)| kept == rank) {
            if self.kept.get(at).is_some_and(|kept| *kept <= offered) {
                return;
            }
            self.kept.remove(at);
        }
        let at = self.kept.partition_point(|kept| *kept < offered);
        self.kept.insert(at, offered);
        self.kept.truncate(self.limit);
    }
}

/// What of two places is told first: its kind, then its people, then its id.
fn importance(place: &Place) -> (u8, u64, &str) {
    let kind = match place.kind {
        PlaceKind::Governorate => 0,
        PlaceKind::City => 1,
        PlaceKind::Town => 2,
        PlaceKind::District => 3,
        PlaceKind::Subdistrict => 4,
        _ => 5,
    };
    (kind, u64::MAX - place.population.unwrap_or(0), &place.id.0)
}

/// The name of a place that begins with what was typed, as it is written: the surest one.
pub fn fitting_name<'p>(place: &'p Place, typed: &str) -> Option<&'p str> {
    let typed = key(typed);
    let fits = |whole: &str| {
        [Some(whole), without_article(whole)]
            .into_iter()
            .flatten()
            .any(|form| form.starts_with(&typed))
    };
    names(place).find(|(name, _)| fits(&key(name))).map(|(name, _)| name)
}

/// The names of a place as they are written, and whether they are its main ones.
fn names(place: &Place) -> impl Iterator<Item = (&str, bool)> {
    let main = [&place.name_ar, &place.name_en].into_iter().map(|name| (name.as_str(), true));
    let other = place.alt_ar.iter().chain(&place.alt_en).map(|name| (name.as_str(), false));
    main.chain(other).filter(|(name, _)| !name.is_empty())
}

/// The folded names of a place, each once, and whether it is one of the two main ones.
fn forms(place: &Place) -> Vec<(String, bool)> {
    let mut forms = Vec::new();
    let mut known = HashSet::new();
    for (name, main) in names(place) {
        let whole = key(name);
        let rest = without_article(&whole).map(str::to_owned);
        for form in [Some(whole), rest].into_iter().flatten() {
            if !form.is_empty() && known.insert(form.clone()) {
                forms.push((form, main));
            }
        }
    }
    forms
}

/// The article of Arabic, as it is written there.
const ARTICLE: &str = "ال";

/// The same in Latin letters, where the consonant that follows may colour it.
const LATIN_ARTICLES: &[&str] =
    &["al", "el", "ar", "er", "as", "es", "ash", "esh", "at", "et", "ad", "ed", "an", "en", "az"];

/// Less is left of a word that only begins as the article does.
const LEAST_REST: usize = 2;

fn without_article(name: &str) -> Option<&str> {
    let rest = if name.is_ascii() {
        let (first, rest) = name.split_once(' ')?;
        LATIN_ARTICLES.contains(&first).then_some(rest)?
    } else {
        name.strip_prefix(ARTICLE)?
    };
    (rest.chars().count() >= LEAST_REST).then_some(rest)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::geocode::fixture::gazetteer;

    fn found(typed: &str) -> Vec<&'static str> {
        let places = gazetteer().places();
        let found = Prefixes::new(places).find(typed, 50);
        found.into_iter().map(|index| places[index].id.0.as_str()).collect()
    }

    #[test]
    fn a_name_is_found_by_its_beginning_in_both_scripts_with_and_without_article() {
        for (typed, first) in [
            ("حل", "gov-aleppo"),
            ("alep", "gov-aleppo"),
            ("باب", "bab"),
            ("الباب", "bab"),
            ("البا", "bab"),
            ("al-ba", "bab"),
            ("Al Ba", "bab"),
            ("ba", "bab"),
            ("raqqa", "gov-raqqa"),
            ("ar-raqq", "raqqa"),
            ("كوبا", "kobani"),
            ("KOB", "kobani"),
            ("عين الع", "kobani"),
            ("لاذق", "gov-latakia"),
            ("الثور", "tabqa"),
        ] {
            assert_eq!(found(typed).first(), Some(&first), "{typed}: {:?}", found(typed));
        }
        for nothing in ["", " ", "-", "قققق", "xyz", "leppo", "لب"] {
            assert_eq!(found(nothing), [""; 0], "{nothing}");
        }
    }

    #[test]
    fn whole_names_come_before_beginnings_and_cities_before_villages() {
        assert_eq!(found("Al-Bab"), ["bab", "bab-district", "bab-hamlet"]);
        assert_eq!(found("afrin"), ["afrin", "afrin-district"]);
        assert_eq!(found("amud"), ["amuda", "amuda-hamlet"]);
        assert_eq!(found("عامودة"), ["amuda-hamlet"], "the last letter tells them apart");
        let limited = Prefixes::new(gazetteer().places()).find("ا", 3);
        assert_eq!(limited.len(), 3);
    }

    #[test]
    fn the_name_that_fits_is_told_as_it_is_written() {
        for (id, typed, name) in [
            ("kobani", "kob", Some("Kobani")),
            ("kobani", "عين", Some("عين العرب")),
            ("bab", "باب", Some("الباب")),
            ("bab", "al-bab", Some("Al-Bab")),
            ("bab", "babx", None),
        ] {
            let place = crate::geocode::fixture::place(id);
            assert_eq!(fitting_name(place, typed), name, "{typed}");
        }
    }

    /// All places with a name that begins so, by looking at every one.
    fn scan(places: &[Place], typed: &str) -> Vec<usize> {
        let typed = key(typed);
        let mut found: Vec<(Fit, (u8, u64, &str), usize)> = Vec::new();
        for (index, place) in places.iter().enumerate() {
            let fits = forms(place);
            let fits = fits.iter().filter_map(|(form, main)| {
                form.strip_prefix(typed.as_str()).map(|rest| Fit::of(rest, *main))
            });
            found.extend(fits.min().map(|fit| (fit, importance(place), index)));
        }
        found.sort_unstable();
        found.into_iter().map(|(.., index)| index).collect()
    }

    proptest! {
        #[test]
        fn the_index_finds_what_a_scan_finds(
            name in prop::sample::select(gazetteer().names().map(|(name, _)| name).collect::<Vec<_>>()),
            length in 1_usize..8,
            limit in 1_usize..50,
        ) {
            let places = gazetteer().places();
            let typed: String = name.chars().take(length).collect();
            let found = Prefixes::new(places).find(&typed, limit);
            let mut all = scan(places, &typed);
            all.truncate(limit);
            prop_assert_eq!(&found, &all);
            for index in found {
                let named = forms(&places[index]);
                prop_assert!(fitting_name(&places[index], &typed).is_some());
                prop_assert!(named.iter().any(|(form, _)| form.starts_with(&key(&typed))));
            }
        }

        #[test]
        fn any_text_is_looked_up(typed in "\\PC{0,40}") {
            let found = Prefixes::new(gazetteer().places()).find(&typed, 10);
            prop_assert!(found.len() <= 10);
        }
    }
}
