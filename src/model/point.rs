//! Points and boxes on the globe, longitude first.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

/// A point: finite, longitude −180 to 180, latitude −90 to 90.
///
/// The R-tree orders by these numbers and must never meet a NaN.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LonLat {
    lon: f64,
    lat: f64,
}

impl LonLat {
    /// A point, if both numbers are on the globe.
    pub fn new(lon: f64, lat: f64) -> Option<Self> {
        let on_globe = (-180.0..=180.0).contains(&lon) && (-90.0..=90.0).contains(&lat);
        on_globe.then_some(Self { lon, lat })
    }

    /// Degrees east.
    pub const fn lon(self) -> f64 {
        self.lon
    }

    /// Degrees north.
    pub const fn lat(self) -> f64 {
        self.lat
    }
}

impl From<LonLat> for geo_types::Point<f64> {
    fn from(at: LonLat) -> Self {
        Self::new(at.lon, at.lat)
    }
}

/// A GeoJSON point geometry.
impl Serialize for LonLat {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Point {
            r#type: &'static str,
            coordinates: [f64; 2],
        }
        Point { r#type: "Point", coordinates: [self.lon, self.lat] }.serialize(serializer)
    }
}

/// A box as OGC API asks for it: if west is greater than east, it crosses the antimeridian.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bbox {
    west: f64,
    south: f64,
    east: f64,
    north: f64,
}

impl Bbox {
    /// A box of four numbers on the globe.
    ///
    /// # Errors
    /// Says which number is wrong and what is allowed.
    pub fn new(west: f64, south: f64, east: f64, north: f64) -> Result<Self, BadBbox> {
        for (name, value, most) in [
            ("west", west, 180.0),
            ("south", south, 90.0),
            ("east", east, 180.0),
            ("north", north, 90.0),
        ] {
            if !(-most..=most).contains(&value) {
                return Err(BadBbox::OffTheGlobe { name, value, most });
            }
        }
        if south > north {
            return Err(BadBbox::UpsideDown { south, north });
        }
        Ok(Self { west, south, east, north })
    }

    /// The box as one or two rectangles that do not cross the antimeridian, `[west, south, east, north]` each.
    pub fn rectangles(self) -> impl Iterator<Item = [f64; 4]> {
        let Self { west, south, east, north } = self;
        let (first, second) = if west <= east {
            ([west, south, east, north], None)
        } else {
            ([west, south, 180.0, north], Some([-180.0, south, east, north]))
        };
        std::iter::once(first).chain(second)
    }

    /// Whether a point lies in the box or on its edge.
    pub fn contains(self, at: LonLat) -> bool {
        self.rectangles().any(|[west, south, east, north]| {
            (west..=east).contains(&at.lon) && (south..=north).contains(&at.lat)
        })
    }
}

/// A box that cannot be read.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum BadBbox {
    /// Neither four nor six numbers.
    #[error(
        "{0} numbers given: write four (west,south,east,north) or six (with heights third and sixth)"
    )]
    Count(usize),
    /// A part that is no number.
    #[error("`{0}` is not a number: write decimal degrees, as 36.2,35.8,38.9,37.1")]
    NotANumber(String),
    /// A number out of range.
    #[error("{name} is {value}: allowed is -{most} to {most}")]
    OffTheGlobe {
        /// Which side.
        name: &'static str,
        /// What was given.
        value: f64,
        /// The bound.
        most: f64,
    },
    /// South above north.
    #[error("south ({south}) is greater than north ({north})")]
    UpsideDown {
        /// As given.
        south: f64,
        /// As given.
        north: f64,
    },
}

impl FromStr for Bbox {
    type Err = BadBbox;

    fn from_str(text: &str) -> Result<Self, BadBbox> {
        let numbers = text
            .split(',')
            .map(|part| {
                part.trim()
                    .parse::<f64>()
                    .ok()
                    .ok_or_else(|| BadBbox::NotANumber(part.trim().to_owned()))
            })
            .collect::<Result<Vec<f64>, BadBbox>>()?;
        match numbers[..] {
            [west, south, east, north] | [west, south, _, east, north, _] => {
                Self::new(west, south, east, north)
            }
            _ => Err(BadBbox::Count(numbers.len())),
        }
    }
}

impl fmt::Display for Bbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{},{},{}", self.west, self.south, self.east, self.north)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_bad_box_says_what_is_allowed() {
        for (text, told) in [
            ("1,2,3", "3 numbers given"),
            ("NaN,1,2,3", "west is NaN: allowed is -180 to 180"),
            ("1,2,3,inf", "north is inf: allowed is -90 to 90"),
            ("a,1,2,3", "`a` is not a number"),
            ("", "`` is not a number"),
            ("1,5,2,4", "south (5) is greater than north (4)"),
            ("1,2,3,91", "north is 91"),
        ] {
            let error = text.parse::<Bbox>().unwrap_err().to_string();
            assert!(error.contains(told), "{text}: {error}");
        }
    }

    #[test]
    fn west_beyond_east_crosses_the_antimeridian() {
        let pacific: Bbox = "170,-10,-170,10".parse().unwrap();
        assert!(pacific.contains(LonLat::new(179.0, 0.0).unwrap()));
        assert!(pacific.contains(LonLat::new(-179.0, 0.0).unwrap()));
        assert!(!pacific.contains(LonLat::new(38.0, 0.0).unwrap()));
    }

    proptest! {
        #[test]
        fn any_text_is_a_box_or_an_error(text in "[-0-9.,eaNif ]{0,40}") {
            if let Ok(bbox) = text.parse::<Bbox>() {
                prop_assert_eq!(bbox.to_string().parse::<Bbox>(), Ok(bbox));
            }
        }
    }
}
