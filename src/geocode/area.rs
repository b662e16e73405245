//! The governorates as polygons: in which one a point lies, and how far outside of another.

use geo::{BoundingRect, Closest, ClosestPoint, Contains, Geometry, LineString, Polygon, Rect};
use geojson::{FeatureCollection, JsonValue};

use crate::model::point::LonLat;

use super::evidence::km;
use super::feature::GOVERNORATES;

/// Polygons with the codes of what they bound.
#[derive(Debug, Clone, Default)]
pub struct Areas {
    areas: Vec<Area>,
}

#[derive(Debug, Clone)]
struct Area {
    code: String,
    shape: Geometry<f64>,
    bounds: Option<Rect<f64>>,
}

/// What the polygons of the map leave out or give to others, roughly: the occupied Golan, which they draw
/// outside of Quneitra; the island of Arwad; the steppe of Al-Sab Biyar, which they draw in Homs.
const LEFT_OUT: &[(&str, &[[f64; 2]])] = &[
    (
        "SY14",
        &[
            [35.61, 32.69],
            [35.65, 32.85],
            [35.63, 33.24],
            [35.78, 33.36],
            [35.87, 33.43],
            [35.90, 33.00],
            [35.82, 32.72],
        ],
    ),
    ("SY03", &[[37.40, 33.55], [37.90, 33.55], [37.90, 33.85], [37.40, 33.85]]),
    ("SY10", &[[35.85, 34.85], [35.87, 34.85], [35.87, 34.86], [35.85, 34.86]]),
];

/// A file that holds no polygons of governorates.
#[derive(Debug, thiserror::Error)]
pub enum AreaError {
    /// Not GeoJSON.
    #[error("it is not a GeoJSON FeatureCollection")]
    Unreadable(#[source] Box<geojson::Error>),
    /// A governorate is missing.
    #[error("it has no polygon of {0}: every governorate needs one, with its code as `pcode`")]
    Missing(String),
}

impl Areas {
    /// Reads polygons, each with its code in one of the properties named.
    ///
    /// # Errors
    /// If the text is not GeoJSON.
    pub fn from_geojson(text: &str, code: &[&str]) -> Result<Self, AreaError> {
        let unreadable = |error| AreaError::Unreadable(Box::new(error));
        let collection: FeatureCollection = text.parse().map_err(unreadable)?;
        let areas = collection.features.into_iter().filter_map(|feature| {
            let properties = feature.properties.as_ref()?;
            let code = code.iter().find_map(|name| properties.get(*name))?;
            let code = JsonValue::as_str(code)?.to_owned();
            let shape = Geometry::<f64>::try_from(feature.geometry.as_ref()?).ok()?;
            let bounds = shape.bounding_rect();
            Some(Area { code, shape, bounds })
        });
        Ok(Self { areas: areas.collect() })
    }

    /// The fourteen governorates, with their codes as `pcode`.
    ///
    /// # Errors
    /// If the text is not GeoJSON or lacks one of them.
    pub fn governorates(text: &str) -> Result<Self, AreaError> {
        let areas = Self::from_geojson(text, &["pcode", "adm1_pcode", "ADM1_PCODE"])?;
        let lacks = |code: &str| areas.areas.iter().all(|area| area.code != code);
        if let Some((code, name)) = GOVERNORATES.iter().find(|(code, _)| lacks(code)) {
            return Err(AreaError::Missing(format!("{name} ({code})")));
        }
        Ok(areas)
    }

    /// The governorates as the map of the page draws them, mended where they are known to be wrong.
    ///
    /// # Errors
    /// If the text is not GeoJSON or lacks a governorate.
    pub fn of_the_map(text: &str) -> Result<Self, AreaError> {
        let mended = LEFT_OUT.iter().map(|(code, ring)| Area::of_ring(code, ring));
        // First, because the first that holds a point is asked no further.
        let areas = mended.chain(Self::governorates(text)?.areas);
        Ok(Self { areas: areas.collect() })
    }

    /// The code of the area that a point lies in.
    pub fn holding(&self, at: LonLat) -> Option<&str> {
        let within = |area: &&Area| {
            let point = geo::Point::from(at);
            area.bounds.is_some_and(|bounds| bounds.contains(&point)) && area.shape.contains(&point)
        };
        self.areas.iter().find(within).map(|area| area.code.as_str())
    }

    /// Kilometres from a point to an area; 0 inside it, `None` if there is no such area.
    pub fn km_outside(&self, at: LonLat, code: &str) -> Option<f64> {
        let of_code = self.areas.iter().filter(|area| area.code == code);
        of_code.filter_map(|area| area.km(at)).min_by(f64::total_cmp)
    }

    /// The nearest area and how many kilometres away it is.
    pub fn nearest(&self, at: LonLat) -> Option<(&str, f64)> {
        let far = self.areas.iter().filter_map(|area| Some((area.code.as_str(), area.km(at)?)));
        far.min_by(|a, b| a.1.total_cmp(&b.1))
    }
}

impl Area {
    fn of_ring(code: &str, ring: &[[f64; 2]]) -> Self {
        let ring: LineString<f64> = ring.iter().copied().collect();
        let shape = Geometry::Polygon(Polygon::new(ring, Vec::new()));
        let bounds = shape.bounding_rect();
        Self { code: code.to_owned(), shape, bounds }
    }

    fn km(&self, at: LonLat) -> Option<f64> {
        match self.shape.closest_point(&at.into()) {
            Closest::Intersection(_) => Some(0.0),
            Closest::SinglePoint(point) => Some(km(at, LonLat::new(point.x(), point.y())?)),
            Closest::Indeterminate => None,
        }
    }
}

/// The English name of a governorate by its code.
pub(super) fn name_of(code: &str) -> &str {
    GOVERNORATES.iter().find(|(known, _)| *known == code).map_or(code, |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two squares that share an edge.
    const SQUARES: &str = r#"{"type":"FeatureCollection","features":[
        {"type":"Feature","properties":{"pcode":"SY02"},"geometry":{"type":"Polygon",
         "coordinates":[[[36,36],[37,36],[37,37],[36,37],[36,36]]]}},
        {"type":"Feature","properties":{"pcode":"SY11"},"geometry":{"type":"Polygon",
         "coordinates":[[[37,36],[38,36],[38,37],[37,37],[37,36]]]}}]}"#;

    #[test]
    fn a_point_is_inside_or_so_many_kilometres_outside() {
        let areas = Areas::from_geojson(SQUARES, &["pcode"]).unwrap();
        let at = LonLat::new(36.5, 36.5).unwrap();
        assert_eq!((areas.holding(at), areas.km_outside(at, "SY02")), (Some("SY02"), Some(0.0)));
        let far = areas.km_outside(at, "SY11").unwrap();
        assert!((44.0..46.0).contains(&far), "{far}");
        assert_eq!(areas.km_outside(at, "SY99"), None);
        let (code, far) = areas.nearest(LonLat::new(38.1, 36.5).unwrap()).unwrap();
        assert!(code == "SY11" && (8.0..10.0).contains(&far), "{code} {far}");
    }

    #[test]
    fn what_is_missing_is_named() {
        let told = |text: &str| Areas::governorates(text).unwrap_err().to_string();
        assert!(told(SQUARES).contains("no polygon of Damascus (SY01)"), "{}", told(SQUARES));
        assert!(told("{").contains("not a GeoJSON FeatureCollection"));
    }
}
