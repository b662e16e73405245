//! What a name of the context means: the places that others may lie in or beside.

use crate::model::place::{Place, PlaceKind};

use super::gazetteer::{Bearer, Gazetteer, NameMatch};
use super::spelling::rank_word;

/// Less alike than that, the name of a district is another one's.
const LEAST_LIKENESS: f64 = 0.82;

/// The places that a name of the context may mean.
///
/// With a word for its rank (`As Suqaylibiyah district`) an area of that rank, in any spelling,
/// because few share a name; else its seat. Without one, governorates and districts in any
/// usual spelling, and others only if no place bears the name more surely.
pub(super) fn areas<'g>(name: &str, gazetteer: &'g Gazetteer) -> Vec<&'g Place> {
    let Some((plain, rank)) = rank_word(name) else {
        let named = unranked(name, gazetteer);
        return if named.is_empty() { alike(name, gazetteer, is_major) } else { named };
    };
    let kinds: &[PlaceKind] = match rank {
        PlaceKind::Governorate => &[PlaceKind::Governorate],
        PlaceKind::Subdistrict => &[PlaceKind::Subdistrict, PlaceKind::District],
        _ => &[PlaceKind::District, PlaceKind::Subdistrict],
    };
    let bearers = bearers(plain, gazetteer);
    // A sub-district mostly bears the name of the district around it: the right rank comes first.
    let ranked = kinds.iter().map(|kind| {
        let of_kind = |place: &Place| place.kind == *kind;
        let named = bearers.iter().map(|&(place, _)| place).filter(|place| of_kind(place));
        let named: Vec<&Place> = named.collect();
        if named.is_empty() { alike(plain, gazetteer, of_kind) } else { named }
    });
    let first = ranked.into_iter().find(|places| !places.is_empty());
    first.unwrap_or_else(|| unranked(plain, gazetteer))
}

/// Places that texts put others in, however they spell them.
fn is_major(place: &Place) -> bool {
    use PlaceKind as K;
    matches!(place.kind, K::Governorate | K::District | K::Subdistrict | K::City | K::Town)
}

/// Those that sound most like the name.
fn alike<'g>(
    name: &str,
    gazetteer: &'g Gazetteer,
    may_be: impl Fn(&Place) -> bool,
) -> Vec<&'g Place> {
    let alike = gazetteer.alike(name, may_be);
    let best = alike.iter().map(|&(_, likeness)| likeness).fold(LEAST_LIKENESS, f64::max);
    alike.into_iter().filter(|&(_, own)| own >= best).map(|(place, _)| place).collect()
}

fn unranked<'g>(name: &str, gazetteer: &'g Gazetteer) -> Vec<&'g Place> {
    let bearers = bearers(name, gazetteer);
    let rank = |by| if by == NameMatch::Alias { NameMatch::Primary } else { by };
    let best = bearers.iter().map(|&(_, by)| rank(by)).min();
    let meant = bearers.into_iter().filter(|&(place, by)| {
        let sure = Some(rank(by)) == best && by < NameMatch::Core;
        let area = match place.kind {
            PlaceKind::Governorate => Some(rank(by)) == best || by < NameMatch::Core,
            PlaceKind::District => by < NameMatch::Core,
            _ => false,
        };
        sure || area
    });
    meant.map(|(place, _)| place).collect()
}

fn bearers<'g>(name: &str, gazetteer: &'g Gazetteer) -> Vec<(&'g Place, NameMatch)> {
    let place = |bearer: Bearer| Some((gazetteer.places().get(bearer.index)?, bearer.by));
    gazetteer.named(name).into_iter().filter_map(place).collect()
}

#[cfg(test)]
mod tests {
    use crate::geocode::fixture::gazetteer;
    use crate::model::text::key;

    use super::*;

    #[test]
    fn a_word_for_the_rank_picks_the_area_among_its_namesakes() {
        for (name, ids) in [
            ("Al-Bab district", vec!["bab-district"]),
            ("منطقة الباب", vec!["bab-district"]),
            ("Aleppo Governorate", vec!["gov-aleppo"]),
            ("Afreen district", vec!["afrin-district"]),
            ("Sirrin district", vec!["sirrin", "sirrin-airport"]),
            ("Nowhere district", vec![]),
            ("Raqqa", vec!["gov-raqqa", "raqqa"]),
        ] {
            let found = areas(&key(name), gazetteer());
            let found: Vec<&str> = found.iter().map(|place| place.id.0.as_str()).collect();
            assert_eq!(found, ids, "{name}");
        }
    }
}
