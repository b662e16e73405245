//! Coordinates in other reference systems than the one they are stored in.

use geo::{
    BoundingRect as _, Coord, Densify as _, Euclidean, Geometry, Length as _, MapCoords as _,
    MultiPolygon, Rect,
};
use serde_json::Value;

use super::error::quoted;
use super::utm;
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
    /// The metres of maps of Syria: UTM, zone 37 North.
    Epsg32637,
}

/// The radius of the globe of web maps, in metres.
const RADIUS: f64 = 6_378_137.0;

/// Where web maps end: their world is a square.
const NORTHMOST: f64 = 85.051_128_779_806_6;

impl Crs {
    pub(super) const ALL: [Self; 4] =
        [Self::Crs84, Self::Epsg4326, Self::Epsg3857, Self::Epsg32637];

    pub(super) const fn uri(self) -> &'static str {
        match self {
            Self::Crs84 => "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
            Self::Epsg4326 => "http://www.opengis.net/def/crs/EPSG/0/4326",
            Self::Epsg3857 => "http://www.opengis.net/def/crs/EPSG/0/3857",
            Self::Epsg32637 => "http://www.opengis.net/def/crs/EPSG/0/32637",
        }
    }

    /// As the header `Content-Crs` names it.
    pub(super) const fn header(self) -> &'static str {
        match self {
            Self::Crs84 => "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>",
            Self::Epsg4326 => "<http://www.opengis.net/def/crs/EPSG/0/4326>",
            Self::Epsg3857 => "<http://www.opengis.net/def/crs/EPSG/0/3857>",
            Self::Epsg32637 => "<http://www.opengis.net/def/crs/EPSG/0/32637>",
        }
    }

    pub(super) fn named(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|crs| crs.uri() == text).ok_or_else(|| {
            let there_are = Self::ALL.map(Self::uri).join(", ");
            format!("`{}` is not known: there are {there_are}", quoted(text))
        })
    }

    /// Longitude and latitude in this system, metres to the millimetre; `None` where it does not reach.
    fn of(self, lon: f64, lat: f64) -> Option<[f64; 2]> {
        let millimetres = |metres: f64| (metres * 1e3).round() / 1e3;
        match self {
            Self::Crs84 => Some([lon, lat]),
            Self::Epsg4326 => Some([lat, lon]),
            Self::Epsg3857 => {
                let north = lat.clamp(-NORTHMOST, NORTHMOST).to_radians();
                let y = RADIUS * (std::f64::consts::FRAC_PI_4 + north / 2.0).tan().ln();
                Some([RADIUS * lon.to_radians(), y].map(millimetres))
            }
            Self::Epsg32637 => utm::of(lon, lat).map(|metres| metres.map(millimetres)),
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
            Self::Epsg32637 => {
                utm::to_lon_lat(first, second).and_then(|[lon, lat]| LonLat::new(lon, lat))
            }
        }
    }

    /// A box by its corners in this system, with or without heights; where the grid is turned
    /// against that of longitudes, the box around it.
    pub(super) fn bbox(self, text: &str) -> Result<Bbox, String> {
        if self == Self::Crs84 {
            return text.parse().map_err(|e| format!("{e}"));
        }
        let corners = corners(text)?;
        if let Some(outline) = self.outline_of(corners)? {
            let around = outline.bounding_rect().ok_or("a box has corners")?;
            let [low, high] = [around.min(), around.max()];
            return Bbox::new(low.x, low.y, high.x, high.y).map_err(|e| format!("{e}"));
        }
        let [low, high] = corners;
        match [self.to_lon_lat(low.x, low.y), self.to_lon_lat(high.x, high.y)] {
            [Some(low), Some(high)] => {
                Bbox::new(low.lon(), low.lat(), high.lon(), high.lat()).map_err(|e| format!("{e}"))
            }
            _ => Err(self.off_globe(text)),
        }
    }

    /// A box that is none in degrees, as an area in them.
    pub(super) fn outline(self, text: &str) -> Result<Option<Geometry<f64>>, String> {
        if self == Self::Epsg32637 { self.outline_of(corners(text)?) } else { Ok(None) }
    }

    fn outline_of(self, [low, high]: [Coord<f64>; 2]) -> Result<Option<Geometry<f64>>, String> {
        if self != Self::Epsg32637 {
            return Ok(None);
        }
        if low.x > high.x || low.y > high.y {
            return Err("west and south come first, and are smaller than east and north".to_owned());
        }
        self.on_globe(&Geometry::Rect(Rect::new(low, high))).map(Some)
    }

    /// A geometry of this system in degrees.
    pub(super) fn on_globe(self, geometry: &Geometry<f64>) -> Result<Geometry<f64>, String> {
        let turned = |at: Coord<f64>| match self.to_lon_lat(at.x, at.y) {
            Some(point) => Ok(Coord { x: point.lon(), y: point.lat() }),
            None => Err(format!("{}, {} is not on the globe in {}", at.x, at.y, self.uri())),
        };
        if self == Self::Epsg32637 {
            bendable(geometry).try_map_coords(turned)
        } else {
            geometry.try_map_coords(turned)
        }
    }

    fn off_globe(self, text: &str) -> String {
        format!("`{}` is not on the globe in {}", quoted(text), self.uri())
    }

    /// A stored geometry of GeoJSON in this system; null where the system does not reach.
    pub(super) fn geometry(self, stored: &str) -> Option<String> {
        let mut geometry: Value = serde_json::from_str(stored).ok()?;
        let reached = geometry.get_mut("coordinates").map_or(Some(()), |all| self.turn(all));
        Some(if reached.is_some() { geometry.to_string() } else { "null".to_owned() })
    }

    fn turn(self, coordinates: &mut Value) -> Option<()> {
        let Value::Array(parts) = coordinates else { return Some(()) };
        if let [Value::Number(lon), Value::Number(lat), ..] = parts.as_slice() {
            *coordinates = self.of(lon.as_f64()?, lat.as_f64()?)?.to_vec().into();
            return Some(());
        }
        parts.iter_mut().try_for_each(|part| self.turn(part))
    }
}

/// The two corners of a box, without heights.
fn corners(text: &str) -> Result<[Coord<f64>; 2], String> {
    let numbers: Result<Vec<f64>, _> =
        text.split(',').map(|part| part.trim().parse::<f64>()).collect();
    let numbers = numbers.map_err(|_no_number| "four or six numbers are needed".to_owned())?;
    match *numbers.as_slice() {
        [a, b, c, d] | [a, b, _, c, d, _] => Ok([Coord { x: a, y: b }, Coord { x: c, y: d }]),
        ref other => Err(format!("{} numbers given: write four or six", other.len())),
    }
}

/// The same geometry with so many points on its edges that they bend as the grid does: an edge of
/// 1,000 km strays by 20 cm at most. Those of collections are left as they are.
fn bendable(geometry: &Geometry<f64>) -> Geometry<f64> {
    const MOST_POINTS: f64 = 4_096.0;
    let step = |length: f64| Some(length / MOST_POINTS).filter(|step| step.is_normal());
    let of_area = |area: &MultiPolygon| {
        let rings = area.iter().flat_map(|one| one.interiors().iter().chain([one.exterior()]));
        let step = step(rings.map(|ring| Euclidean.length(ring)).sum())?;
        Some(Geometry::MultiPolygon(Euclidean.densify(area, step)))
    };
    let bent = match geometry {
        Geometry::Rect(area) => of_area(&area.to_polygon().into()),
        Geometry::Polygon(area) => of_area(&area.clone().into()),
        Geometry::MultiPolygon(area) => of_area(area),
        Geometry::LineString(line) => {
            step(Euclidean.length(line)).map(|step| Euclidean.densify(line, step).into())
        }
        Geometry::MultiLineString(lines) => {
            step(Euclidean.length(lines)).map(|step| Euclidean.densify(lines, step).into())
        }
        _ => None,
    };
    bent.unwrap_or_else(|| geometry.clone())
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
            (Crs::Epsg32637, 334_576.24, 4_007_700.836),
        ] {
            let found = crs.of(37.16, 36.2).unwrap();
            assert_eq!(format!("{found:?}"), format!("{:?}", [first, second]));
        }
        assert!(Crs::Epsg3857.of(0.0, 90.0).unwrap()[1] <= 20_037_508.343);
        let line = r#"{"type":"LineString","coordinates":[[1.0,2.0],[3.0,4.0]]}"#;
        let turned = r#"{"type":"LineString","coordinates":[[2.0,1.0],[4.0,3.0]]}"#;
        assert_eq!(Crs::Epsg4326.geometry(line).as_deref(), Some(turned));
        assert_eq!(Crs::Epsg3857.geometry("null").as_deref(), Some("null"));
        assert_eq!(Crs::Epsg32637.geometry(line).as_deref(), Some("null"), "far from the zone");
    }

    #[test]
    fn a_box_is_read_in_the_order_of_its_axes() {
        let west_south_east_north: Bbox = "35,32,43,38".parse().unwrap();
        assert_eq!(Crs::Epsg4326.bbox("32,35,38,43"), Ok(west_south_east_north));
        assert_eq!(Crs::Epsg4326.bbox("32,35,0,38,43,9"), Ok(west_south_east_north));
        let turned = Crs::Epsg32637.bbox("334576,4007700,434576,4107700").unwrap();
        for (lon, lat, is) in [(37.16, 36.2, true), (38.2, 37.1, true), (37.1, 36.2, false)] {
            assert_eq!(turned.contains(LonLat::new(lon, lat).unwrap()), is, "{lon} {lat}");
        }
        let world = Crs::Epsg3857.bbox("-20037508.343,-20037508.343,20037508.343,20037508.343");
        assert!(world.unwrap().contains(LonLat::new(180.0, 85.0).unwrap()));
        for text in ["0,0,1e9,1", "3,2,1,4", "a,b,c,d", "0,0,NaN,1"] {
            assert!(Crs::Epsg32637.bbox(text).is_err(), "{text}");
        }
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
        fn any_box_is_read_or_refused(
            numbers in prop::collection::vec(prop_oneof![
                any::<f64>().prop_map(|number| number.to_string()),
                (-1e7..1e7_f64).prop_map(|number| number.to_string()),
                prop::sample::select(vec!["NaN", "inf", "-inf", "1e400", "", " 5 ", "x"])
                    .prop_map(str::to_owned),
            ], 0..8)
        ) {
            for crs in Crs::ALL {
                let text = numbers.join(",");
                let read = crs.bbox(&text).is_ok();
                prop_assert!(!read || [4, 6].contains(&numbers.len()), "{text}");
                prop_assert!(!read || crs.outline(&text).is_ok(), "{text}");
            }
        }

        #[test]
        fn there_and_back_is_the_same_place(lon in -180.0..=180.0_f64, lat in -85.0..=85.0_f64) {
            for crs in Crs::ALL {
                let Some([first, second]) = crs.of(lon, lat) else { continue };
                let back = crs.to_lon_lat(first, second).unwrap();
                prop_assert!((back.lon() - lon).abs() < 1e-7 && (back.lat() - lat).abs() < 1e-7);
            }
        }
    }
}
