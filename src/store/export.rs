//! A GeoPackage of events alone, to hand on: nothing in it but what every other format has.

use std::fmt::Write as _;
use std::fs::File;
use std::path::Path;

use rusqlite::Connection;
use serde_json::Value;

use super::error::Error;
use super::gpkg;
use super::sqlite::{INSERT_EVENT, MIGRATIONS, cells_of};
use crate::model::event::{PROPERTIES, PropertyType};
use crate::model::point::LonLat;

/// Writes a GeoPackage with one layer `events` into an empty file. It has no spatial index.
pub fn write_geopackage(
    path: &Path,
    features: impl IntoIterator<Item = impl AsRef<str>>,
) -> Result<(), Error> {
    written(path, features).map_err(|error| Error::from_sqlite(path, error))
}

/// The same as a file that is gone once it is closed, to be read from its beginning.
pub fn geopackage_of(features: impl IntoIterator<Item = impl AsRef<str>>) -> Result<File, Error> {
    let folder = std::env::temp_dir();
    let failed = |error| Error::from_io(&folder, error);
    let file = tempfile::Builder::new().suffix(".gpkg").tempfile().map_err(failed)?;
    write_geopackage(file.path(), features)?;
    file.reopen().map_err(failed)
}

fn written(
    path: &Path,
    features: impl IntoIterator<Item = impl AsRef<str>>,
) -> Result<(), rusqlite::Error> {
    let mut connection = Connection::open(path)?;
    // The file is thrown away if it does not get whole.
    connection.pragma_update(None, "journal_mode", "OFF")?;
    let change = connection.transaction()?;
    change.execute_batch(&schema())?;
    let mut insert = change.prepare(&INSERT_EVENT)?;
    let mut bounds: Option<[f64; 4]> = None;
    for text in features {
        let feature: Value = serde_json::from_str(text.as_ref())
            .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
        let at = point(&feature);
        if let Some((x, y)) = at.map(|at| (at.lon(), at.lat())) {
            let [west, south, east, north] = bounds.unwrap_or([x, y, x, y]);
            bounds = Some([west.min(x), south.min(y), east.max(x), north.max(y)]);
        }
        insert.execute(rusqlite::params_from_iter(cells_of(feature, at.map(gpkg::encode))))?;
    }
    drop(insert);
    if let Some(bounds) = bounds {
        let sql = "UPDATE gpkg_contents SET min_x = ?, min_y = ?, max_x = ?, max_y = ?";
        change.execute(sql, bounds)?;
    }
    change.commit()
}

fn point(feature: &Value) -> Option<LonLat> {
    let place = feature.pointer("/geometry/coordinates")?.as_array()?;
    LonLat::new(place.first()?.as_f64()?, place.get(1)?.as_f64()?)
}

/// The standard's own tables, and one of ours.
fn schema() -> String {
    let first = MIGRATIONS.first().copied().unwrap_or_default();
    let (standard, _) =
        first.split_once("-- What is ours alone").expect("a migration never changes");
    let mut sql = format!(
        "{standard}
         CREATE TABLE events (
             fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom POINT, event_id TEXT NOT NULL UNIQUE"
    );
    for (name, kind, _) in PROPERTIES {
        let kind = match kind {
            PropertyType::Text | PropertyType::Enum(_) | PropertyType::List => "TEXT",
            PropertyType::Integer => "INTEGER",
            PropertyType::Real => "REAL",
            PropertyType::Date => "DATE",
        };
        write!(sql, ", {name} {kind}").expect("writing to a text cannot fail");
    }
    sql.push_str(
        ");
         INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id)
             VALUES ('events', 'features', 'events', 'Conflict events with their evidence', 4326);
         INSERT INTO gpkg_geometry_columns VALUES ('events', 'geom', 'POINT', 4326, 0, 0);
         PRAGMA application_id = 1196444487;
         PRAGMA user_version = 10300;",
    );
    sql
}
