//! How hashes are written.

use std::fmt::Write as _;

/// Bytes in lower-case hexadecimal.
pub fn hex<'a>(bytes: impl IntoIterator<Item = &'a u8>) -> String {
    bytes.into_iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a text cannot fail");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_has_two_letters() {
        assert_eq!(hex(&[0, 10, 255]), "000aff");
    }
}
