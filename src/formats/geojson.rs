//! GeoJSON: one collection (RFC 7946), a text sequence (RFC 8142), or a feature a line.

use std::io::{self, Write};

/// What begins each text of a sequence.
pub const RECORD_SEPARATOR: char = '\u{1e}';

/// Writes one `FeatureCollection`.
pub fn write_collection<'a>(
    out: &mut impl Write,
    features: impl IntoIterator<Item = &'a str>,
) -> io::Result<()> {
    out.write_all(b"{\"type\":\"FeatureCollection\",\"features\":[")?;
    for (at, feature) in features.into_iter().enumerate() {
        out.write_all(if at == 0 { b"\n" } else { b",\n" })?;
        out.write_all(feature.as_bytes())?;
    }
    out.write_all(b"\n]}\n")
}

/// Writes a text sequence: every feature between a record separator and the end of its line.
pub fn write_sequence<'a>(
    out: &mut impl Write,
    features: impl IntoIterator<Item = &'a str>,
) -> io::Result<()> {
    features.into_iter().try_for_each(|feature| writeln!(out, "{RECORD_SEPARATOR}{feature}"))
}

/// Writes a feature a line.
pub fn write_lines<'a>(
    out: &mut impl Write,
    features: impl IntoIterator<Item = &'a str>,
) -> io::Result<()> {
    features.into_iter().try_for_each(|feature| writeln!(out, "{feature}"))
}
