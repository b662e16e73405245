//! Places of the gazetteer, and where an event ended up.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::point::LonLat;
use super::taxonomy::named;

/// The stable id of a place in the gazetteer, as `gn:170063`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PlaceId(pub String);

impl fmt::Display for PlaceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

named! {
    /// What kind of place it is.
    PlaceKind {
        /// A governorate (first level).
        Governorate = "governorate",
        /// A district (second level).
        District = "district",
        /// A sub-district (third level).
        Subdistrict = "subdistrict",
        /// A city.
        City = "city",
        /// A town.
        Town = "town",
        /// A village or hamlet.
        Village = "village",
        /// A populated place of unknown size.
        PopulatedPlace = "populated_place",
        /// A quarter of a town.
        Neighbourhood = "neighbourhood",
        /// A camp of displaced people.
        Camp = "camp",
        /// A military airfield.
        Airbase = "airbase",
        /// A civil airport.
        Airport = "airport",
        /// A border or internal crossing.
        Crossing = "crossing",
        /// A dam.
        Dam = "dam",
        /// A bridge.
        Bridge = "bridge",
        /// A mine or quarry.
        Mine = "mine",
        /// An oil or gas field.
        Oilfield = "oilfield",
        /// A prison.
        Prison = "prison",
        /// A military base or post.
        Base = "base",
        /// A mountain or hill.
        Mountain = "mountain",
        /// A road.
        Road = "road",
        /// A region without sharp edges.
        Region = "region",
        /// A river, lake or spring.
        Water = "water",
        /// Anything else that has a name.
        Site = "site",
    }
}

impl PlaceKind {
    /// Whether its point only stands for an area, so that an event there is known to the region at best.
    pub const fn is_area(self) -> bool {
        matches!(
            self,
            Self::Governorate
                | Self::District
                | Self::Subdistrict
                | Self::Region
                | Self::Road
                | Self::Mountain
        )
    }

    /// Whether the word for it is followed by a name and hardly by anything else (`قرية`, not `منطقة`).
    pub const fn announces_a_name(self) -> bool {
        matches!(
            self,
            Self::City
                | Self::Town
                | Self::Village
                | Self::Neighbourhood
                | Self::Camp
                | Self::Crossing
        )
    }

    /// Whether people live there under that name.
    pub const fn is_settlement(self) -> bool {
        matches!(
            self,
            Self::City
                | Self::Town
                | Self::Village
                | Self::PopulatedPlace
                | Self::Neighbourhood
                | Self::Camp
        )
    }
}

/// How well known the bearers of a name are.
///
/// A village may be called as a common word is; a text that means it says `قرية` or `في` before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Renown {
    /// Only villages and the like bear it.
    Village,
    /// A town, a district or a place of its own kind bears it.
    Town,
}

impl Renown {
    /// From that many people on a place is known as a town is.
    const TOWN: u64 = 10_000;

    /// The renown of a place.
    pub fn of(place: &Place) -> Self {
        let small = matches!(
            place.kind,
            PlaceKind::Village | PlaceKind::PopulatedPlace | PlaceKind::Neighbourhood
        );
        if small && place.population.is_none_or(|people| people < Self::TOWN) {
            Self::Village
        } else {
            Self::Town
        }
    }
}

/// A place of the gazetteer.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// Its id.
    pub id: PlaceId,
    /// Its English name, as news write it.
    pub name_en: String,
    /// Its Arabic name.
    pub name_ar: String,
    /// Other Arabic spellings and names.
    pub alt_ar: Vec<String>,
    /// Other Latin spellings and names.
    pub alt_en: Vec<String>,
    /// What it is.
    pub kind: PlaceKind,
    /// Its governorate in English.
    pub admin1: String,
    /// The code of its governorate, as `SY02`.
    pub admin1_pcode: String,
    /// Its district in English.
    pub admin2: Option<String>,
    /// Its sub-district in English.
    pub admin3: Option<String>,
    /// Its own code in the register of the United Nations, as `C1689`.
    pub pcode: Option<String>,
    /// How many live there.
    pub population: Option<u64>,
    /// Who says so.
    pub source: String,
    /// Where it is.
    pub point: LonLat,
}

/// ACLED's `geo_precision`, written 1 to 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "u8", try_from = "u8")]
pub enum GeoPrecision {
    /// At the named place.
    Place,
    /// Near the named place.
    Near,
    /// In the region that the point stands for.
    Region,
}

impl From<GeoPrecision> for u8 {
    fn from(precision: GeoPrecision) -> Self {
        precision as Self + 1
    }
}

impl TryFrom<u8> for GeoPrecision {
    type Error = String;

    fn try_from(code: u8) -> Result<Self, String> {
        match code {
            1 => Ok(Self::Place),
            2 => Ok(Self::Near),
            3 => Ok(Self::Region),
            _ => Err(format!("geo precision `{code}` is not 1, 2 or 3")),
        }
    }
}

/// Where an event is, as flat properties. All unknown if the place could not be told.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Location {
    /// English name of the place.
    pub location: Option<String>,
    /// Arabic name of the place.
    pub location_ar: Option<String>,
    /// Governorate.
    pub admin1: Option<String>,
    /// District.
    pub admin2: Option<String>,
    /// Sub-district.
    pub admin3: Option<String>,
    /// Code of the governorate.
    pub admin1_pcode: Option<String>,
    /// Gazetteer id of the place.
    pub place_id: Option<PlaceId>,
    /// How sure the place is.
    pub geo_precision: Option<GeoPrecision>,
    /// The words the text used.
    pub place_text: Option<String>,
}
