//! The governorates with their names and edges, as they are given out.

use geo::{BoundingRect, Intersects, MultiPolygon, Rect};
use geojson::{Feature, FeatureCollection, JsonValue};

use crate::model::point::Bbox;

/// A governorate with its edge.
#[derive(Debug, Clone)]
pub struct Governorate {
    /// Its code, as `SY02`.
    pub pcode: String,
    /// Its English name.
    pub name_en: String,
    /// Its Arabic name.
    pub name_ar: String,
    /// Its geometry as it was read, for answers.
    pub geometry: geojson::Geometry,
    shape: MultiPolygon,
}

/// A layer of governorates that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LayerError {
    /// It is no GeoJSON.
    #[error("the layer is not a GeoJSON FeatureCollection: {0}")]
    Unreadable(#[from] geojson::Error),
    /// A feature lacks what every governorate has.
    #[error("governorate {position} has no {lacks}")]
    Incomplete {
        /// Its position in the layer, from 1.
        position: usize,
        /// What it lacks.
        lacks: &'static str,
    },
}

/// Reads a GeoJSON `FeatureCollection` of polygons with `pcode`, `name_en` and `name_ar`, in the
/// order of their codes.
///
/// # Errors
/// If it is none, or if a feature lacks one of these.
pub fn governorates(text: &str) -> Result<Vec<Governorate>, LayerError> {
    let collection: FeatureCollection = text.parse()?;
    let features = collection.features.into_iter().zip(1..);
    let read = features.map(|(feature, position)| {
        read(feature).map_err(|lacks| LayerError::Incomplete { position, lacks })
    });
    let mut all = read.collect::<Result<Vec<_>, _>>()?;
    all.sort_by(|a, b| a.pcode.cmp(&b.pcode));
    Ok(all)
}

impl Governorate {
    /// Whether it has a point in common with a box.
    pub fn meets(&self, bbox: Bbox) -> bool {
        bbox.rectangles()
            .map(|[west, south, east, north]| Rect::new((west, south), (east, north)))
            .any(|area| self.shape.intersects(&area))
    }

    /// The box around it: west, south, east, north.
    pub fn bounds(&self) -> Option<[f64; 4]> {
        let around = self.shape.bounding_rect()?;
        Some([around.min().x, around.min().y, around.max().x, around.max().y])
    }
}

fn read(feature: Feature) -> Result<Governorate, &'static str> {
    let text = |name: &'static str| {
        feature.property(name).and_then(JsonValue::as_str).map(str::to_owned).ok_or(name)
    };
    let (pcode, name_en, name_ar) = (text("pcode")?, text("name_en")?, text("name_ar")?);
    let geometry = feature.geometry.ok_or("geometry")?;
    let shape = match geo::Geometry::<f64>::try_from(&geometry) {
        Ok(geo::Geometry::Polygon(polygon)) => MultiPolygon::from(polygon),
        Ok(geo::Geometry::MultiPolygon(polygons)) => polygons,
        _ => return Err("polygon"),
    };
    Ok(Governorate { pcode, name_en, name_ar, geometry, shape })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A square with a hole, and a smaller square in the hole.
    const LAYER: &str = r#"{"type":"FeatureCollection","features":[
        {"type":"Feature","properties":{"pcode":"SY03","name_en":"Around","name_ar":"حول"},"geometry":
         {"type":"Polygon","coordinates":[[[36,33],[38,33],[38,35],[36,35],[36,33]],[[36.8,33.8],[36.8,34.2],[37.2,34.2],[37.2,33.8],[36.8,33.8]]]}},
        {"type":"Feature","properties":{"pcode":"SY01","name_en":"Inside","name_ar":"داخل"},"geometry":
         {"type":"MultiPolygon","coordinates":[[[[36.8,33.8],[37.2,33.8],[37.2,34.2],[36.8,34.2],[36.8,33.8]]]]}}]}"#;

    #[test]
    fn a_box_meets_what_it_touches_and_not_the_hole() {
        let all = governorates(LAYER).unwrap();
        for (bbox, meets) in [
            ("36.9,33.9,37.1,34.1", &["SY01"][..]),
            ("36.1,33.1,36.2,33.2", &["SY03"]),
            ("30,30,40,40", &["SY01", "SY03"]),
            ("38,35,39,36", &["SY03"]),
            ("170,30,36.1,40", &["SY03"]),
            ("39,33,40,35", &[]),
        ] {
            let asked = bbox.parse().unwrap();
            let met: Vec<_> =
                all.iter().filter(|one| one.meets(asked)).map(|one| &*one.pcode).collect();
            assert_eq!(met, meets, "{bbox}");
        }
        assert_eq!(all[1].bounds(), Some([36.0, 33.0, 38.0, 35.0]));
    }

    #[test]
    fn a_layer_that_cannot_be_used_says_why() {
        for (text, told) in [
            ("[]", "not a GeoJSON FeatureCollection"),
            (
                r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":null,"geometry":null}]}"#,
                "governorate 1 has no pcode",
            ),
            (
                r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"pcode":"SY01","name_en":"A","name_ar":"ب"},"geometry":{"type":"Point","coordinates":[1,2]}}]}"#,
                "governorate 1 has no polygon",
            ),
        ] {
            let error = governorates(text).unwrap_err().to_string();
            assert!(error.contains(told), "{error}");
        }
    }
}
