//! Coordinates in other reference systems than the one they are stored in.

use serde_json::Value;

use super::error::quoted;
use crate::model::point::{Bbox, LonLat};

/// A reference system that coordinates are asked and given in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Crs {
    /// Longitude, then latitude, in degrees on WGS 84. All is stored in it.
    #[default]
    Crs84,
    /// Latitude, then longitude.
    Epsg4326,
    /// The metres of web maps.
    Epsg3857,
}

/// The radius of the globe of web maps, in metres.
const RADIUS: f64 = 6_378_137.0;

/// Where web maps end: their world is a square.
const NORTHMOST: f64 = 85.051_128_779_806_6;

impl Crs {
    pub(super) const ALL: [Self; 3] = [Self::Crs84, Self::Epsg4326, Self::Epsg3857];

    pub(super) const fn uri(self) -> &'static str {
        match self {
            Self::Crs84 => "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
            Self::Epsg4326 => "http://www.opengis.net/def/crs/EPSG/0/4326",
            Self::Epsg3857 => "http://www.opengis.net/def/crs/EPSG/0/3857",
        }
    }

    /// As the header `Content-Crs` names it.
    pub(super) const fn header(self) -> &'static str {
        match self {
            Self::Crs84 => "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>",
            Self::Epsg4326 => "<http://www.opengis.net/def/crs/EPSG/0/4326>",
            Self::Epsg3857 => "<http://www.opengis.net/def/crs/EPSG/0/3857>",
        }
    }

    pub(super) fn named(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|crs| crs.uri() == text).ok_or_else(|| {
            let there_are = Self::ALL.map(Self::uri).join(", ");
            format!("`{}` is not known: there are {there_are}", quoted(text))
        })
    }

    /// Longitude and latitude in this system.
    fn of(self, lon: f64, lat: f64) -> [f64; 2] {
        match self {
            Self::Crs84 => [lon, lat],
            Self::Epsg4326 => [lat, lon],
            Self::Epsg3857 => {
                let north = lat.clamp(-NORTHMOST, NORTHMOST).to_radians();
                let y = RADIUS * (std::f64::consts::FRAC_PI_4 + north / 2.0).tan().ln();
                // To the millimetre.
                [RADIUS * lon.to_radians(), y].map(|metres| (metres * 1e3).round() / 1e3)
            }
        }
    }

    /// Longitude and latitude of coordinates in this system; `None` off the globe.
    pub(super) fn to_lon_lat(self, first: f64, second: f64) -> Option<LonLat> {
        match self {
            Self::Crs84 => LonLat::new(first, second),
            Self::Epsg4326 => LonLat::new(second, first),
            Self::Epsg3857 => {
                let lon = (first / RADIUS).to_degrees();
                let lat = (second / RADIUS).sinh().atan().to_degrees();
                // The edge of the world, written in millimetres, may lie beyond it.
                let at_edge = lon.abs() > 180.0 && lon.abs() < 180.000_001;
                LonLat::new(if at_edge { lon.clamp(-180.0, 180.0) } else { lon }, lat)
            }
        }
    }

    /// A box by its corners in this system, with or without heights.
    pub(super) fn bbox(self, text: &str) -> Result<Bbox, String> {
        if self == Self::Crs84 {
            return text.parse().map_err(|e| format!("{e}"));
        }
        let numbers: Result<Vec<f64>, _> =
            text.split(',').map(|part| part.trim().parse::<f64>()).collect();
        let numbers = numbers.map_err(|_no_number| "four or six numbers are needed".to_owned())?;
        let corners = match numbers.as_slice() {
            [a, b, c, d] | [a, b, _, c, d, _] => [(*a, *b), (*c, *d)],
            other => return Err(format!("{} numbers given: write four or six", other.len())),
        };
        match corners.map(|(first, second)| self.to_lon_lat(first, second)) {
            [Some(low), Some(high)] => {
                Bbox::new(low.lon(), low.lat(), high.lon(), high.lat()).map_err(|e| format!("{e}"))
            }
            _ => Err(format!("`{}` is not on the globe in {}", quoted(text), self.uri())),
        }
    }

    /// A stored geometry of GeoJSON in this system.
    pub(super) fn geometry(self, stored: &str) -> Option<String> {
        let mut geometry: Value = serde_json::from_str(stored).ok()?;
        if let Some(coordinates) = geometry.get_mut("coordinates") {
            self.turn(coordinates);
        }
        Some(geometry.to_string())
    }

    fn turn(self, coordinates: &mut Value) {
        let Value::Array(parts) = coordinates else { return };
        if let [Value::Number(lon), Value::Number(lat), ..] = parts.as_slice() {
            let numbers = (lon.as_f64().unwrap_or_default(), lat.as_f64().unwrap_or_default());
            *coordinates = self.of(numbers.0, numbers.1).to_vec().into();
        } else {
            for part in parts {
                self.turn(part);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn known_points_lie_where_maps_put_them() {
        // Aleppo, as PROJ gives it.
        for (crs, first, second) in [
            (Crs::Crs84, 37.16, 36.2),
            (Crs::Epsg4326, 36.2, 37.16),
            (Crs::Epsg3857, 4_136_632.278, 4_328_176.075),
        ] {
            assert_eq!(format!("{:?}", crs.of(37.16, 36.2)), format!("{:?}", [first, second]));
        }
        assert!(Crs::Epsg3857.of(0.0, 90.0)[1] <= 20_037_508.343);
        let line = r#"{"type":"LineString","coordinates":[[1.0,2.0],[3.0,4.0]]}"#;
        let turned = r#"{"type":"LineString","coordinates":[[2.0,1.0],[4.0,3.0]]}"#;
        assert_eq!(Crs::Epsg4326.geometry(line).as_deref(), Some(turned));
        assert_eq!(Crs::Epsg3857.geometry("null").as_deref(), Some("null"));
    }

    #[test]
    fn a_box_is_read_in_the_order_of_its_axes() {
        let west_south_east_north: Bbox = "35,32,43,38".parse().unwrap();
        assert_eq!(Crs::Epsg4326.bbox("32,35,38,43"), Ok(west_south_east_north));
        assert_eq!(Crs::Epsg4326.bbox("32,35,0,38,43,9"), Ok(west_south_east_north));
        let world = Crs::Epsg3857.bbox("-20037508.343,-20037508.343,20037508.343,20037508.343");
        assert!(world.unwrap().contains(LonLat::new(180.0, 85.0).unwrap()));
        for (text, told) in [
            ("1,2,3", "3 numbers given: write four or six"),
            ("a,1,2,3", "four or six numbers"),
            ("1e9,0,2e9,1", "is not on the globe in http"),
            ("NaN,0,1,1", "is not on the globe"),
            ("0,5,5,0", "south"),
        ] {
            assert!(Crs::Epsg3857.bbox(text).unwrap_err().contains(told), "{text}");
        }
    }

    proptest! {
        #[test]
        fn there_and_back_is_the_same_place(lon in -180.0..=180.0_f64, lat in -85.0..=85.0_f64) {
            for crs in Crs::ALL {
                let [first, second] = crs.of(lon, lat);
                let back = crs.to_lon_lat(first, second).unwrap();
                prop_assert!((back.lon() - lon).abs() < 1e-7 && (back.lat() - lat).abs() < 1e-7);
            }
        }
    }
}
