//! The gazetteer: all places we know, and which of them bear a name.

use hashbrown::HashMap;

use geo::LineString;

use crate::model::place::{Place, PlaceId, PlaceKind, Renown};
use crate::model::point::LonLat;

use super::border::Borders;
use super::evidence::{is_district_of, km};
use super::keys::keys;
use super::likeness::{Sounds, likeness};
use super::listed::{GazetteerError, GazetteerProblem, Listed};
use super::middle::Middles;
use super::sounds::SoundIndex;
use super::spelling::{self, core, skeleton};

/// All places, with an index over the spellings of their names.
#[derive(Debug, Default)]
pub struct Gazetteer {
    listed: Listed,
    exact: HashMap<String, Vec<Bearer>>,
    /// By [`skeleton`]: the usual other spellings of a name.
    skeletons: HashMap<String, Vec<usize>>,
    /// By [`skeleton`] of their [`core()`]: names with a word that tells them from their neighbours.
    cores: HashMap<String, Vec<usize>>,
    /// By consonants: names in both scripts that may sound like another.
    sounds: SoundIndex,
    /// How the names of each place sound.
    voices: Vec<Vec<Sounds>>,
    /// Every spelling that a text may hold, in order, with the renown of the best known bearer.
    names: Vec<(String, Renown)>,
    /// How far areas reach, by their index.
    reaches: HashMap<usize, f64>,
    middles: Middles,
    borders: Borders,
}

/// How a place bears a name, the surest way first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NameMatch {
    /// It is one of its two main names.
    Primary,
    /// It is listed among its other names.
    Alias,
    /// It is a usual other spelling of one of them.
    Variant,
    /// It is one of them but for a word such as Upper or Great.
    Core,
}

/// A place that bears a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bearer {
    /// Its position in [`Gazetteer::places`].
    pub index: usize,
    /// How it bears the name.
    pub by: NameMatch,
}

fn best(sounds: &Sounds, voices: &[Sounds]) -> f64 {
    voices.iter().map(|own| likeness(sounds, own)).fold(0.0, f64::max)
}

/// Names less alike than that are other names: the shorter they are, the more there are.
fn least_likeness(consonants: usize) -> f64 {
    match consonants {
        0..=4 => 0.95,
        5 => 0.85,
        _ => 0.83,
    }
}

impl Gazetteer {
    /// Reads a GeoJSON `FeatureCollection` of places. Bad features are told and left out.
    ///
    /// # Errors
    /// If the text is not a `FeatureCollection`.
    pub fn from_geojson(text: &str) -> Result<(Self, Vec<GazetteerProblem>), GazetteerError> {
        let (listed, problems) = Listed::from_geojson(text)?;
        Ok((Self::of(listed), problems))
    }

    /// The places of a file, by their names.
    pub fn of(listed: Listed) -> Self {
        let mut gazetteer = Self { listed, ..Self::default() };
        gazetteer.index();
        gazetteer.measure();
        gazetteer
    }

    /// All places, in the order of the file.
    pub fn places(&self) -> &[Place] {
        &self.listed.places
    }

    /// The place with an id.
    pub fn place(&self, id: &PlaceId) -> Option<&Place> {
        self.listed.places.get(*self.listed.by_id.get(id)?)
    }

    /// Every folded name and usual other spelling that a text may hold, each once, in order,
    /// with the renown of the best known place that bears it.
    pub fn names(&self) -> impl Iterator<Item = (&str, Renown)> {
        self.names.iter().map(|(name, renown)| (name.as_str(), *renown))
    }

    fn best_known(&self, places: impl Iterator<Item = usize>) -> Renown {
        let places = places.filter_map(|index| self.listed.places.get(index));
        places.map(Renown::of).max().unwrap_or(Renown::Village)
    }

    /// The places that bear a folded name, each once, in the surest way that it does.
    pub fn named(&self, name: &str) -> Vec<Bearer> {
        let mut bearers = self.exact.get(name).cloned().unwrap_or_default();
        let mut add = |found: Option<&Vec<usize>>, by| {
            for &index in found.into_iter().flatten() {
                if bearers.iter().all(|bearer| bearer.index != index) {
                    bearers.push(Bearer { index, by });
                }
            }
        };
        let spelled = skeleton(name);
        add(self.skeletons.get(&spelled), NameMatch::Variant);
        match core(name) {
            (core, Some(_)) => add(self.skeletons.get(&skeleton(core)), NameMatch::Core),
            (_, None) => add(self.cores.get(&spelled), NameMatch::Core),
        }
        bearers
    }

    /// Whether a place lies at the border of a governorate, or in it.
    pub(super) fn borders(&self, place: &Place, code: &str) -> bool {
        self.borders.reaches(place.point, code)
    }

    /// The middle of where the people of a governorate live.
    pub(super) fn middle(&self, governorate: &Place) -> Option<LonLat> {
        self.middles.get(&governorate.admin1_pcode)
    }

    /// Whether a governorate bears a folded name.
    pub(super) fn names_governorate(&self, name: &str) -> bool {
        let bearers = self.named(name).into_iter().filter(|bearer| bearer.by < NameMatch::Core);
        let mut kinds =
            bearers.filter_map(|bearer| Some(self.listed.places.get(bearer.index)?.kind));
        kinds.any(|kind| kind == PlaceKind::Governorate)
    }

    /// The places with a name that sounds like a folded one or is misspelled in one letter,
    /// and how alike the two are; only those that `may_be` lets through.
    pub(super) fn alike(&self, name: &str, may_be: impl Fn(&Place) -> bool) -> Vec<(&Place, f64)> {
        let sounds = Sounds::of(name);
        let least = least_likeness(sounds.consonants().len());
        let near = self.sounds.near(&sounds).into_iter();
        let near = near
            .filter_map(|index| Some((self.listed.places.get(index)?, self.voices.get(index)?)));
        let near = near.filter(|(place, _)| may_be(place));
        let alike = near.map(|(place, voices)| (place, best(&sounds, voices)));
        alike.filter(|&(_, likeness)| likeness >= least).collect()
    }

    /// How alike a folded name and the names of a place sound.
    pub(super) fn likeness(&self, name: &str, place: &Place) -> f64 {
        let voices = self.listed.by_id.get(&place.id).and_then(|&index| self.voices.get(index));
        voices.map_or(0.0, |voices| best(&Sounds::of(name), voices))
    }

    /// How far from its point most places of an area lie, in kilometres; none for other places.
    pub(super) fn reach(&self, area: &Place) -> Option<f64> {
        self.reaches.get(self.listed.by_id.get(&area.id)?).copied()
    }

    /// The course of a road that is drawn as a line.
    pub(super) fn line(&self, road: &Place) -> Option<&LineString> {
        self.listed.lines.get(self.listed.by_id.get(&road.id)?)
    }

    /// Measures the districts and sub-districts by the places that say they lie in them.
    fn measure(&mut self) {
        self.middles = Middles::of(&self.listed.places);
        self.borders = Borders::of(&self.listed.places);
        for (index, area) in self.listed.places.iter().enumerate() {
            if !matches!(area.kind, PlaceKind::District | PlaceKind::Subdistrict) {
                continue;
            }
            let inside = self.listed.places.iter().filter(|place| is_district_of(area, place));
            let mut far: Vec<f64> = inside.map(|place| km(area.point, place.point)).collect();
            far.sort_by(f64::total_cmp);
            if let Some(reach) = far.get(far.len() * 9 / 10) {
                self.reaches.insert(index, *reach);
            }
        }
    }

    fn index(&mut self) {
        let many = self.listed.places.len() * 3;
        self.exact.reserve(many);
        self.skeletons.reserve(many);
        let mut variants = Vec::with_capacity(many);
        for (index, place) in self.listed.places.iter().enumerate() {
            let known = matches!(place.kind, PlaceKind::City | PlaceKind::Town)
                || place.kind == PlaceKind::Governorate;
            let mut voices = Vec::new();
            for (name, by) in keys(place) {
                let spelled = skeleton(&name);
                let others = spelling::variants(&name, &spelled, known).into_iter();
                variants.extend(others.map(|variant| (variant, spelled.clone())));
                push_new(self.skeletons.entry(spelled).or_default(), index);
                if let (core, Some(_)) = core(&name) {
                    push_new(self.cores.entry(skeleton(core)).or_default(), index);
                }
                let sounds = Sounds::of(&name);
                self.sounds.add(&sounds, index);
                voices.push(sounds);
                let bearers = self.exact.entry(name).or_default();
                if bearers.last().is_none_or(|last| last.index != index) {
                    bearers.push(Bearer { index, by });
                }
            }
            self.voices.push(voices);
        }
        self.sounds.seal();
        self.names = self.renowned(variants);
    }

    /// The names that places have for their own, and the variants that none has, by their skeletons:
    /// a variant is renowned as all places that it may be.
    fn renowned(&self, mut variants: Vec<(String, String)>) -> Vec<(String, Renown)> {
        variants.sort_unstable();
        variants.dedup();
        variants.retain(|(name, _)| !self.exact.contains_key(name));
        let varied = variants.into_iter().map(|(name, skeleton)| {
            let places = self.skeletons.get(&skeleton).into_iter().flatten().copied();
            (name, self.best_known(places))
        });
        let own = self.exact.iter().map(|(name, bearers)| {
            (name.clone(), self.best_known(bearers.iter().map(|bearer| bearer.index)))
        });
        let mut names: Vec<_> = own.chain(varied).collect();
        names.sort_unstable();
        names
    }
}

/// Places come in order, so only the last can be the same.
fn push_new(list: &mut Vec<usize>, index: usize) {
    if list.last() != Some(&index) {
        list.push(index);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geocode::fixture::{gazetteer, place};
    use crate::model::text::key;

    fn bearers(name: &str) -> Vec<(String, NameMatch)> {
        let gazetteer = gazetteer();
        let named = gazetteer.named(&key(name));
        named.iter().map(|b| (gazetteer.places()[b.index].id.0.clone(), b.by)).collect()
    }

    #[test]
    fn an_exact_name_comes_before_a_variant() {
        assert_eq!(bearers("عامودا")[0], ("amuda".to_owned(), NameMatch::Primary));
        assert_eq!(
            bearers("عامودة")[..2],
            [
                ("amuda-hamlet".to_owned(), NameMatch::Primary),
                ("amuda".to_owned(), NameMatch::Variant)
            ]
        );
        assert_eq!(bearers("كوباني")[0], ("kobani".to_owned(), NameMatch::Alias));
        assert_eq!(bearers("Amuda").first().map(|b| b.1), Some(NameMatch::Primary));
        assert!(bearers("لا شيء هنا").is_empty());
    }

    #[test]
    fn every_name_leads_back_to_a_place() {
        let gazetteer = gazetteer();
        let names: Vec<&str> = gazetteer.names().map(|(name, _)| name).collect();
        assert!(names.contains(&"كفر نبل") && names.contains(&"كفرنبل") && names.contains(&"m4"));
        assert!(names.is_sorted() && names.windows(2).all(|pair| pair[0] != pair[1]));
        for name in names {
            let bearers = gazetteer.named(name);
            assert!(bearers.iter().any(|b| b.by <= NameMatch::Variant), "{name}");
        }
    }

    #[test]
    fn a_place_is_found_by_its_id() {
        assert_eq!(place("aleppo").name_ar, "حلب");
        assert!(gazetteer().place(&PlaceId("nowhere".to_owned())).is_none());
    }
}
