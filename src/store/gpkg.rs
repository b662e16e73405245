//! Points as GeoPackage binary: a short header, then well-known binary.
//!
//! <https://www.geopackage.org/spec130/#gpb_format>

use rusqlite::Connection;
use rusqlite::functions::{Context, FunctionFlags};

use crate::model::point::LonLat;

const MAGIC: &[u8; 2] = b"GP";
const VERSION: u8 = 0;
/// No envelope, not empty, numbers in little-endian order.
const PLAIN_LITTLE_ENDIAN: u8 = 1;
const WGS_84: i32 = 4326;
const WKB_LITTLE_ENDIAN: u8 = 1;
const WKB_POINT: u32 = 1;

/// The bytes of a point.
pub(super) fn encode(at: LonLat) -> Vec<u8> {
    let mut blob = Vec::with_capacity(29);
    blob.extend_from_slice(MAGIC);
    blob.extend_from_slice(&[VERSION, PLAIN_LITTLE_ENDIAN]);
    blob.extend_from_slice(&WGS_84.to_le_bytes());
    blob.push(WKB_LITTLE_ENDIAN);
    blob.extend_from_slice(&WKB_POINT.to_le_bytes());
    blob.extend_from_slice(&at.lon().to_le_bytes());
    blob.extend_from_slice(&at.lat().to_le_bytes());
    blob
}

/// The point of a blob; `None` if it holds no point on the globe.
///
/// Reads either byte order and any envelope, since a GIS program may have moved the point.
pub(super) fn decode(blob: &[u8]) -> Option<LonLat> {
    let rest = blob.strip_prefix(MAGIC)?;
    let (&[_version, flags], rest) = rest.split_first_chunk()?;
    let envelope = match (flags >> 1) & 0b111 {
        0 => 0,
        1 => 32,
        2 | 3 => 48,
        4 => 64,
        _ => return None,
    };
    let wkb = rest.get(4 + envelope..)?;
    let (&[order], wkb) = wkb.split_first_chunk()?;
    let (&kind, wkb) = wkb.split_first_chunk()?;
    let (&lon, wkb) = wkb.split_first_chunk()?;
    let (&lat, _) = wkb.split_first_chunk()?;
    let (kind, lon, lat) = if order == WKB_LITTLE_ENDIAN {
        (u32::from_le_bytes(kind), f64::from_le_bytes(lon), f64::from_le_bytes(lat))
    } else {
        (u32::from_be_bytes(kind), f64::from_be_bytes(lon), f64::from_be_bytes(lat))
    };
    // Points with heights and measures are 1001, 2001 and 3001.
    (kind % 1000 == WKB_POINT).then(|| LonLat::new(lon, lat))?
}

/// Teaches SQLite the functions that a spatial index calls on every write.
///
/// We keep no such index in the file, but a GIS program may add one, and its triggers would
/// make our writes fail. <https://www.geopackage.org/spec130/#extension_rtree>
pub(super) fn register_functions(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8
        | FunctionFlags::SQLITE_DETERMINISTIC
        | FunctionFlags::SQLITE_INNOCUOUS;
    let point = |call: &Context<'_>| Ok(call.get_raw(0).as_blob_or_null()?.and_then(decode));
    connection.create_scalar_function("ST_IsEmpty", 1, flags, move |call| {
        point(call).map(|at| at.is_none())
    })?;
    for (name, side) in [
        ("ST_MinX", LonLat::lon as fn(LonLat) -> f64),
        ("ST_MaxX", LonLat::lon),
        ("ST_MinY", LonLat::lat),
        ("ST_MaxY", LonLat::lat),
    ] {
        connection.create_scalar_function(name, 1, flags, move |call| {
            point(call).map(|at| at.map(side))
        })?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_point_moved_by_a_gis_program_is_read() {
        let big_endian_with_envelope = [
            &b"GP\0\x02\0\0\x10\xe6"[..],
            &[0; 32],
            &[0, 0, 0, 0, 1],
            &36.5_f64.to_be_bytes(),
            &34.25_f64.to_be_bytes(),
        ]
        .concat();
        assert_eq!(decode(&big_endian_with_envelope), LonLat::new(36.5, 34.25));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(lon in -180.0..=180.0, lat in -90.0..=90.0) {
            let at = LonLat::new(lon, lat).unwrap();
            prop_assert_eq!(decode(&encode(at)), Some(at));
        }

        #[test]
        fn any_bytes_are_a_point_or_nothing(blob: Vec<u8>) {
            let _ = decode(&blob);
        }
    }
}
