//! Names as somebody types them: which places bear a name that begins so.

use std::collections::HashSet;

use crate::model::place::{Place, PlaceKind};
use crate::model::point::LonLat;
use crate::model::text::key;

/// The names of all places in the order of the alphabet, for looking up their beginnings.
///
/// Built once. A look-up is two binary searches and a pass over the names between them.
#[derive(Debug, Default)]
pub struct Prefixes {
    names: Vec<Name>,
    /// The places, the most important first.
    ranked: Vec<Ranked>,
}

/// A place as the order of what is found needs it.
#[derive(Debug)]
struct Ranked {
    /// Its position in the list that the index was made of.
    index: usize,
    class: u8,
    point: LonLat,
}

/// A folded name, or the rest of one from a later word on.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Name {
    text: Box<str>,
    /// Position in [`Prefixes::ranked`].
    rank: usize,
    part: Part,
}

/// What of its names a text is, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    /// A main name, with or without its article.
    Main,
    /// Another name.
    Other,
    /// What a name ends with, from its second word on or a later one.
    Rest,
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
    /// A later word of it begins so.
    Within,
}

/// Where a place stands among those found, the first least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Order {
    fit: Fit,
    class: u8,
    /// How far it is, if that was asked: bits of a number that is not negative order as it does.
    far: u64,
    rank: usize,
}

impl Prefixes {
    /// Indexes the names of the places, in both scripts, with and without their articles.
    pub fn new(places: &[Place]) -> Self {
        let mut ranked: Vec<(usize, &Place)> = places.iter().enumerate().collect();
        ranked.sort_by_key(|&(_, place)| importance(place));
        let mut names = Vec::with_capacity(places.len() * 8);
        for (rank, (_, place)) in ranked.iter().enumerate() {
            let forms = forms(place).into_iter();
            names.extend(forms.map(|(text, part)| Name { text: text.into(), rank, part }));
        }
        names.sort_unstable();
        let as_ranked = |(index, place): (usize, &Place)| Ranked {
            index,
            class: class(place.kind),
            point: place.point,
        };
        Self { names, ranked: ranked.into_iter().map(as_ranked).collect() }
    }

    /// The places with a name that begins with what was typed, as their positions in the list that
    /// the index was made of: the best fit first, then by kind, then the nearest if it is told to
    /// what, then by population. At most `limit`.
    ///
    /// A later word of the name may begin so as well. The article may be left out, not put in where
    /// the name has none.
    pub fn find(&self, typed: &str, near: Option<LonLat>, limit: usize) -> Vec<usize> {
        let typed = key(typed);
        if typed.is_empty() {
            return Vec::new();
        }
        let from = self.names.partition_point(|name| *name.text < *typed);
        let mut best = Best { limit, kept: Vec::with_capacity(limit) };
        let far = near.map(nearness);
        for name in self.names.iter().skip(from) {
            let Some(rest) = name.text.strip_prefix(typed.as_str()) else { break };
            let Some(place) = self.ranked.get(name.rank) else { continue };
            let far = far.as_ref().map_or(0, |far| far(place.point).to_bits());
            let fit = Fit::of(rest, name.part);
            best.offer(Order { fit, class: place.class, far, rank: name.rank });
        }
        let ranks = best.kept.into_iter().map(|order| order.rank);
        ranks.filter_map(|rank| Some(self.ranked.get(rank)?.index)).collect()
    }
}

/// What grows with the distance from a point: exact enough for an order inside one country, and
/// cheap enough for every name that begins with an article.
fn nearness(from: LonLat) -> impl Fn(LonLat) -> f64 {
    let narrower = from.lat().to_radians().cos();
    move |to| {
        let (x, y) = ((to.lon() - from.lon()) * narrower, to.lat() - from.lat());
        x * x + y * y
    }
}

impl Fit {
    const fn of(rest: &str, part: Part) -> Self {
        match (part, rest.is_empty()) {
            (Part::Main, true) => Self::WholeMain,
            (Part::Other, true) => Self::WholeOther,
            (Part::Main | Part::Other, false) => Self::Begins,
            (Part::Rest, _) => Self::Within,
        }
    }
}

/// The best of what was offered, each place once, in order.
struct Best {
    limit: usize,
    kept: Vec<Order>,
}

impl Best {
    /// Costs one comparison for all that come too late, and nearly all do.
    fn offer(&mut self, offered: Order) {
        if self.kept.len() >= self.limit && self.kept.last().is_none_or(|last| *last <= offered) {
            return;
        }
        if let Some(at) = self.kept.iter().position(|kept| kept.rank == offered.rank) {
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
    (class(place.kind), u64::MAX - place.population.unwrap_or(0), &place.id.0)
}

const fn class(kind: PlaceKind) -> u8 {
    match kind {
        PlaceKind::Governorate => 0,
        PlaceKind::City => 1,
        PlaceKind::Town => 2,
        PlaceKind::District => 3,
        PlaceKind::Subdistrict => 4,
        _ => 5,
    }
}

/// The name of a place that begins with what was typed, as it is written: the surest one; and
/// whether only a later word of it does.
pub fn fitting_name<'p>(place: &'p Place, typed: &str) -> Option<(&'p str, bool)> {
    let typed = key(typed);
    let begins = |whole: &str| with_and_without_article(whole).any(|form| form.starts_with(&typed));
    let within = |whole: &str| rests(whole).any(begins);
    let by = |fits: &dyn Fn(&str) -> bool| {
        names(place).find(|(name, _)| fits(&key(name))).map(|(name, _)| name)
    };
    let name = by(&begins).map(|name| (name, false));
    name.or_else(|| Some((by(&within)?, true)))
}

/// The names of a place as they are written, and whether they are its main ones.
fn names(place: &Place) -> impl Iterator<Item = (&str, bool)> {
    let main = [&place.name_ar, &place.name_en].into_iter().map(|name| (name.as_str(), true));
    let other = place.alt_ar.iter().chain(&place.alt_en).map(|name| (name.as_str(), false));
    main.chain(other).filter(|(name, _)| !name.is_empty())
}

/// The folded names of a place and what they end with, each once, as the surest part.
fn forms(place: &Place) -> Vec<(String, Part)> {
    let mut forms = Vec::new();
    let mut known = HashSet::new();
    let mut add = |text: &str, part| {
        for form in with_and_without_article(text) {
            if !form.is_empty() && known.insert(form.to_owned()) {
                forms.push((form.to_owned(), part));
            }
        }
    };
    let keys: Vec<(String, bool)> = names(place).map(|(name, main)| (key(name), main)).collect();
    for (whole, main) in &keys {
        add(whole, if *main { Part::Main } else { Part::Other });
    }
    for rest in keys.iter().flat_map(|(whole, _)| rests(whole)) {
        add(rest, Part::Rest);
    }
    forms
}

fn with_and_without_article(name: &str) -> impl Iterator<Item = &str> {
    [Some(name), without_article(name)].into_iter().flatten()
}

/// What a folded name ends with, from each of its later words on.
fn rests(whole: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(whole.split_once(' '), |(_, rest)| rest.split_once(' '))
        .map(|(_, rest)| rest)
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
        let found = Prefixes::new(places).find(typed, None, 50);
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
        let limited = Prefixes::new(gazetteer().places()).find("ا", None, 3);
        assert_eq!(limited.len(), 3);
    }

    #[test]
    fn a_later_word_of_a_name_may_begin_so_but_comes_behind() {
        assert_eq!(found("نبل"), ["kafr-nabl"]);
        assert_eq!(found("العر"), ["kobani"]);
        assert_eq!(found("عر"), ["kobani"], "without its article");
        assert_eq!(found("arab"), ["kobani"]);
        assert_eq!(found("al-ara"), ["kobani"]);
        assert_eq!(found("دمش"), ["damascus", "gov-rural-damascus"]);
        assert_eq!(found("تين"), ["tineh-latakia", "tineh-tartus"]);
        assert_eq!(found("frin"), [""; 0], "a word is begun, not cut");
    }

    #[test]
    fn the_nearest_of_what_fits_as_well_comes_first() {
        let near = |typed: &str, lon, lat| {
            let places = gazetteer().places();
            let found = Prefixes::new(places).find(typed, LonLat::new(lon, lat), 50);
            found.into_iter().map(|index| places[index].id.0.as_str()).collect::<Vec<_>>()
        };
        assert_eq!(near("صفي", 38.0, 36.5), ["safyan-aleppo", "safyan-raqqa"]);
        assert_eq!(near("صفي", 38.5, 35.8), ["safyan-raqqa", "safyan-aleppo"]);
        assert_eq!(near("تين", 36.1, 35.0), ["tineh-tartus", "tineh-latakia"]);
        let cities_first = ["bab", "bab-district", "bab-hamlet"];
        assert_eq!(near("Al-Bab", 38.6, 36.3), cities_first, "a hamlet stays behind its city");
    }

    #[test]
    fn the_name_that_fits_is_told_as_it_is_written() {
        for (id, typed, name) in [
            ("kobani", "kob", Some(("Kobani", false))),
            ("kobani", "عين", Some(("عين العرب", false))),
            ("kobani", "عرب", Some(("عين العرب", true))),
            ("bab", "باب", Some(("الباب", false))),
            ("bab", "al-bab", Some(("Al-Bab", false))),
            ("bab", "babx", None),
        ] {
            let place = crate::geocode::fixture::place(id);
            assert_eq!(fitting_name(place, typed), name, "{typed}");
        }
    }

    /// What places are ordered by, and the position of one.
    type Row<'p> = ((Fit, u8, u64), (u8, u64, &'p str), usize);

    /// All places with a name that begins so, by looking at every one.
    fn scan(places: &[Place], typed: &str, near: Option<LonLat>) -> Vec<usize> {
        let typed = key(typed);
        let mut found: Vec<Row<'_>> = Vec::new();
        for (index, place) in places.iter().enumerate() {
            let fits = forms(place);
            let fits = fits.iter().filter_map(|(form, part)| {
                form.strip_prefix(typed.as_str()).map(|rest| Fit::of(rest, *part))
            });
            let far = near.map_or(0, |near| nearness(near)(place.point).to_bits());
            let kind = class(place.kind);
            found.extend(fits.min().map(|fit| ((fit, kind, far), importance(place), index)));
        }
        found.sort_unstable();
        found.into_iter().map(|(.., index)| index).collect()
    }

    proptest! {
        #[test]
        fn the_index_finds_what_a_scan_finds(
            name in prop::sample::select(gazetteer().names().map(|(name, _)| name).collect::<Vec<_>>()),
            word in 0_usize..3,
            length in 1_usize..8,
            limit in 1_usize..50,
            near in prop::option::of((35.0..43.0, 32.0..38.0)),
        ) {
            let places = gazetteer().places();
            let words: Vec<&str> = name.split(' ').skip(word).collect();
            let typed: String = words.join(" ").chars().take(length).collect();
            let near = near.and_then(|(lon, lat)| LonLat::new(lon, lat));
            let found = Prefixes::new(places).find(&typed, near, limit);
            let mut all = if key(&typed).is_empty() { Vec::new() } else { scan(places, &typed, near) };
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
            let found = Prefixes::new(gazetteer().places()).find(&typed, None, 10);
            prop_assert!(found.len() <= 10);
        }
    }
}
