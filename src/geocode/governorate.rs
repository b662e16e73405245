//! The governorates with their names and edges, as they are given out.

use geo::MultiPolygon;
use geojson::{Feature, FeatureCollection, JsonValue};

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
    /// The same for computing.
    pub shape: MultiPolygon,
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
